"""What may be decided about homes: stock, plans, allocation, rents."""

from typing import Literal, Self

import numpy as np
from pydantic import Field, model_validator

from segsim.section import AreaRows, RefusedValueError, Section, Share
from segsim.tables import TENURES, Array, TenureName


class TenureShares(Section):
    """How new dwellings divide over the four tenures; the shares sum to 1."""

    public_rental: Share = Field(0.0, description="Dwellings let by the public landlord.")
    private_rental: Share = Field(0.0, description="Dwellings let by private landlords.")
    cooperative: Share = Field(0.0, description="Dwellings in housing cooperatives (bostadsrätt).")
    owner_occupied: Share = Field(0.0, description="Dwellings whose dweller owns the house (äganderätt).")

    @model_validator(mode="after")
    def _sum_to_one(self) -> Self:
        total = sum(self.as_tuple())
        if abs(total - 1.0) > 1e-6:
            raise RefusedValueError(
                f"tenure shares must sum to 1, they sum to {total:g}",
                f"upplåtelseformernas andelar ska summera till 1, de summerar till {total:g}",
            )
        return self

    def as_tuple(self) -> tuple[float, ...]:
        """Return the shares in the order of `Tenure`."""
        return tuple(getattr(self, tenure) for tenure in TENURES)


RoomShares = tuple[Share, Share, Share, Share, Share]
"""Shares of dwellings of 1, 2, 3, 4 and 5 rooms, kitchen and bathroom apart."""


class RoomsOfNewDwellings(Section):
    """How many rooms new dwellings have, by tenure; the shares of a tenure sum to 1."""

    public_rental: RoomShares = Field(
        (0.2, 0.4, 0.3, 0.1, 0.0), description="Those let by the public landlord."
    )
    private_rental: RoomShares = Field(
        (0.2, 0.4, 0.3, 0.1, 0.0), description="Those let by private landlords."
    )
    cooperative: RoomShares = Field(
        (0.15, 0.35, 0.35, 0.15, 0.0), description="Those in housing cooperatives (bostadsrätt)."
    )
    owner_occupied: RoomShares = Field(
        (0.0, 0.0, 0.1, 0.3, 0.6), description="Those whose dweller owns the house (äganderätt)."
    )

    @model_validator(mode="after")
    def _sum_to_one(self) -> Self:
        for tenure in TENURES:
            total = sum(getattr(self, tenure))
            if abs(total - 1.0) > 1e-6:
                raise RefusedValueError(
                    f"shares of rooms must sum to 1, those of {tenure} sum to {total:g}",
                    f"andelarna av antal rum ska summera till 1, de för {tenure} summerar till {total:g}",
                )
        return self

    def by_tenure(self) -> Array:
        """Return the shares of 1 to 5 rooms (tenures x rooms, in the order of `Tenure`)."""
        return np.array([getattr(self, tenure) for tenure in TENURES])


class Construction(Section):
    """Ordinary completions, spread over the areas in proportion to their dwellings."""

    share_of_stock: float | None = Field(
        None,
        ge=0,
        le=0.1,
        description="Dwellings completed a year as a share of the stock; 0 builds only what policies add. "
        "None: building follows households, so that as many are completed as the growth of "
        "households needs, and demolished homes are replaced while no more stand empty than at the start. "
        "Housing starts 2023-24 were 0.55 % of the stock a year (A, from Statistics Sweden).",
    )
    tenure_shares: TenureShares | None = Field(
        None,
        description="Tenures of new dwellings; none means each area's own tenure mix, so that ordinary "
        "building does not change the mix (C).",
    )
    rooms: RoomsOfNewDwellings = Field(
        RoomsOfNewDwellings(),
        description="Shares of 1, 2, 3, 4 and 5 rooms among all new dwellings, by tenure (C).",
    )


class ExtraConstruction(Section):
    """Dwellings a policy adds in chosen areas, above the ordinary completions or in their place."""

    areas: AreaRows
    dwellings_per_year: float = Field(ge=0, description="Dwellings completed a year.")
    tenure_shares: TenureShares
    replaces_ordinary: bool = Field(
        False,
        description="Whether ordinary completions of the municipality are as many fewer, as far as there are "
        "such.",
    )
    rent_ratio: float | None = Field(
        None,
        ge=0.5,
        le=5,
        description="Rent of these dwellings over that of the stock; none means as other new ones.",
    )
    rooms: RoomsOfNewDwellings | None = Field(
        None, description="Rooms of these dwellings; none means as other new ones."
    )


class HousingAllowance(Section):
    """Money a year to crowded families with low incomes in chosen areas, counted as income in the market."""

    areas: AreaRows
    ksek_per_year: float = Field(ge=0, description="What a family is paid, tkr a year.")
    highest_income: float = Field(
        300.0, ge=0, description="Highest household income with which it is paid, tkr a year (C)."
    )


class TenurePlan(Section):
    """Tenure shares that bind part of the new dwellings of chosen areas."""

    areas: AreaRows
    shares: dict[TenureName, float] = Field(
        description="Share of the bound dwellings that must have each named tenure; what the named tenures "
        "leave is built as it would have been."
    )
    binding_share: Share = Field(1.0, description="Share of the new dwellings there that the plan can bind.")
    min_dwellings_per_year: float = Field(
        0.0,
        ge=0,
        description="Dwellings a year built in the areas together even if the ordinary pace is lower.",
    )
    first_year: int = Field(0, description="First year whose completions the plan covers.")
    last_year: int = Field(3000, description="Last year whose completions the plan covers.")
    permanence_years: int = Field(
        0, ge=0, le=200, description="Years a covered dwelling of a named tenure may not be converted."
    )


class Conversion(Section):
    """A yearly share of one tenure's dwellings in chosen areas that changes tenure."""

    areas: AreaRows
    origin: TenureName = Field(description="Tenure the dwellings have.")
    destination: TenureName = Field(description="Tenure they get.")
    share_per_year: Share = Field(description="Of the dwellings of that tenure in the areas, a year.")


class ContractInspection(Section):
    """Search for rental contracts let outside the queue in chosen areas, and their end."""

    areas: AreaRows
    detect_rate: Share = Field(description="Yearly probability that an unlawful contract is detected.")
    contested_share: Share = Field(0.0, description="Share of the detected that go to the tribunal.")
    delay_years: int = Field(0, ge=0, le=20, description="Years until a contested contract ends.")
    first_year: int = Field(0, description="First year of the control; no older case is under way.")


Allocation = Literal["queue", "lottery", "need"]
IncomeRule = Literal["multiple", "residual"]
PublicQueue = Literal["municipality", "region"]


class HousingRules(Section):
    """What a council, a parliament or a landlord may decide about homes."""

    construction: Construction = Construction()
    extra_construction: tuple[ExtraConstruction, ...] = ()
    allowances: tuple[HousingAllowance, ...] = ()
    plans: tuple[TenurePlan, ...] = ()
    conversions: tuple[Conversion, ...] = ()
    contract_controls: tuple[ContractInspection, ...] = ()
    demolition_share: Share = Field(
        0.05,
        description="Yearly probability that a dwelling to let or for sale for over two years is demolished "
        "(C).",
    )
    public_queue: PublicQueue = Field(
        "municipality",
        description="Who stands in a public landlord's queue in a region of several municipalities: those "
        "who live in its own (C), or in any of the region, as at Bostadsförmedlingen in Stockholm (B).",
    )
    public_allocation: Allocation = Field(
        "queue", description="Who gets a public rental: longest registration, a lottery, or the most crowded."
    )
    public_lottery_share: Share = Field(
        0.0, description="Share of public lettings that are drawn by lot whatever the allocation."
    )
    public_need_share: Share = Field(
        0.0, description="Share of public lettings that go to the most crowded whatever the allocation."
    )
    local_priority: Share = Field(
        0.0, description="Share of public lettings where residents of the area come first."
    )
    public_income_floor: float = Field(
        1.5,
        ge=0,
        description="Household income over rent that the public landlord asks for (C; 1.5 to 3 occur).",
    )
    public_income_rule: IncomeRule = Field(
        "multiple",
        description="What the public landlord asks: an income of so many rents (`public_income_floor`), or "
        "that a norm is left after rent (`norm_after_rent`; Telge Bostäder asks so).",
    )
    norm_after_rent: float = Field(
        60.0,
        ge=0,
        le=1000,
        description="What must be left after rent per consumption unit, tkr a year, under the residual "
        "rule (C, near the norm of social assistance).",
    )
    private_income_floor: float = Field(
        2.0, ge=0, description="Household income over rent that private landlords ask for (C; 2 to 3 occur)."
    )
    private_queue_weight: float = Field(
        0.1, ge=0, description="What a year in the queue adds to a private landlord's score (C)."
    )
    private_income_weight: float = Field(
        0.5, ge=0, description="What a doubling of income over rent adds to a private landlord's score (C)."
    )
    private_penalty_foreign: float = Field(
        0.0,
        ge=0,
        le=5,
        description="What foreign background takes from a private landlord's score; 0 unless "
        "set, the size in the Swedish market is not measured by lettings (none).",
    )
    loan_to_value: float = Field(
        0.85,
        ge=0,
        le=1,
        description="Largest mortgage as a share of the price (B, Finansinspektionen 2010; C later).",
    )
    loan_to_income: float = Field(
        4.5,
        ge=0,
        le=20,
        description="Largest mortgage in years of gross income, taken here as disposable "
        "income over `net_share` (C; the stricter amortisation rule starts at 4.5).",
    )
    net_share: float = Field(
        0.75,
        gt=0,
        le=1,
        description="Disposable income as a share of gross income, on which banks reckon loans (C).",
    )
    illegal_share_public: Share = Field(
        0.06,
        description="Public lettings that pass outside the queue for money (B, Sveriges Allmännytta 2021).",
    )
    illegal_share_private: Share = Field(
        0.04,
        description="Private lettings that pass outside the queue for money (B, Fastighetsägarna 2024).",
    )
    illegal_price: float = Field(
        125.0, ge=0, description="Price of an illegal contract, tkr (B, Södertälje 2016: 100-150)."
    )
    rent_growth: float = Field(0.0, ge=-0.2, le=0.5, description="Real yearly growth of regulated rents (C).")
    new_rent_ratio: float = Field(
        1.66,
        ge=0.5,
        le=5,
        description="Rent of a new dwelling over that of the stock "
        "(B, Statistics Sweden 2024: 2 326 against 1 404 SEK per m2 and year).",
    )

    @model_validator(mode="after")
    def _shares_of_lettings(self) -> Self:
        total = self.public_lottery_share + self.public_need_share
        if total > 1 + 1e-9:
            raise RefusedValueError(
                f"public_lottery_share and public_need_share sum to {total:g}; together they may be at most "
                "1",
                f"public_lottery_share och public_need_share summerar till {total:g}; tillsammans får de "
                "vara högst 1",
            )
        return self
