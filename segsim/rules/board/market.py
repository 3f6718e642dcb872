"""What homes of a board cost, and what status and quality are worth beside likeness."""

from typing import Self

from pydantic import Field, model_validator

from segsim.section import RefusedValueError, Section


class HomePrice(Section):
    """The price of a home: a sum of these, as things stand when somebody looks.

    Status, wealth and quality lie between 0 and 1. Where nobody lives around, the means are those of all.
    """

    base: float = Field(0.0, ge=-1000, le=1000, description="Of any home.")
    occupied: float = Field(
        0.0, ge=-1000, le=1000, description="Per share of the homes around that somebody else lives in."
    )
    status: float = Field(0.0, ge=-1000, le=1000, description="Per unit of the mean status of those around.")
    wealth: float = Field(0.0, ge=-1000, le=1000, description="Per unit of the mean wealth of those around.")
    quality: float = Field(0.0, ge=-1000, le=1000, description="Per unit of the home's own quality.")


class HomeWorth(Section):
    """What is added to the utility of likeness."""

    price: float = Field(0.0, ge=-1000, le=1000, description="Utility lost per unit of price.")
    status: float = Field(0.0, ge=-1000, le=1000, description="Per unit of the mean status of those around.")
    quality: float = Field(0.0, ge=-1000, le=1000, description="Per unit of the home's own quality.")


class BoardMarket(Section):
    """A market of homes on a board: each has a price, which may follow who lives around."""

    price: HomePrice = HomePrice()
    worth: HomeWorth = HomeWorth()
    must_afford: bool = Field(
        False,
        description="Whether a home that costs more than a household's wealth is worse than any other, its "
        "own home included; the less it lacks, the better.",
    )

    @model_validator(mode="after")
    def _matters(self) -> Self:
        if not self.must_afford and self.worth == HomeWorth():
            raise RefusedValueError(
                "a market that nobody minds: give worth, or must_afford: true",
                "en marknad som ingen bryr sig om: ange worth, eller must_afford: true",
            )
        return self

    @property
    def asks_of_others(self) -> bool:
        """Whether it goes by numbers that households have only with `city.grid.status`."""
        price, worth = self.price, self.worth
        parts = (price.status, price.wealth, price.quality, worth.status, worth.quality)
        return self.must_afford or any(parts)
