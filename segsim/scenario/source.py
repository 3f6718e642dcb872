"""The `city:` section of a scenario: a municipality by name, published figures, or tables of areas."""

from typing import Any, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from segsim.errors import ScenarioError
from segsim.national import MERIT_MEAN_2024
from segsim.scenario.board.grid import Grid
from segsim.scenario.files.data_files import DataFile
from segsim.scenario.published_figures import Figures
from segsim.section import RefusedValueError, Section, Share
from segsim.sweden.municipalities import find_county, find_municipality
from segsim.words.text import Text

CITY_SOURCES = ("grid", "figures", "areas", "municipality", "municipalities", "county")
"""The keys of which a city has one: where it comes from. Beside `areas`, `municipality` chooses rows."""


def _write_code(value: Any, digits: int) -> Any:
    """Return a code written without quotes, which YAML takes for a number, as its digits; others as is."""
    return f"{value:0{digits}d}" if isinstance(value, int) and not isinstance(value, bool) else value


class VacancyShares(Section):
    """A share of the dwellings of each tenure."""

    public_rental: Share = Field(description="Of the dwellings let by the public landlord.")
    private_rental: Share = Field(description="Of the dwellings let by private landlords.")
    cooperative: Share = Field(description="Of the dwellings in housing cooperatives (bostadsrätt).")
    owner_occupied: Share = Field(description="Of the dwellings whose dweller owns the house (äganderätt).")

    def as_tuple(self) -> tuple[float, ...]:
        """Return the shares in the order of `Tenure`."""
        return self.public_rental, self.private_rental, self.cooperative, self.owner_occupied


TO_LET = {
    "shortage": (0.005, 0.005, 0.01, 0.01),
    "balance": (0.015, 0.015, 0.015, 0.015),
    "surplus": (0.03, 0.03, 0.02, 0.02),
}
"""Shares to let or for sale at the start by the state of the market, tenures in the order of `Tenure`. Of
public rentals .8 % were to let in 2013 (B, Statistics Sweden; no figure by municipality is published); the
rest is assumed (C)."""


class HousingMarket(Section):
    """Level of rents, prices and queues in the city's region, and what stands empty."""

    market: Literal["shortage", "balance", "surplus"] = Field(
        "balance",
        description="State of the housing market, as municipalities report it to Boverket; it sets `to_let`.",
    )
    to_let: VacancyShares | None = Field(
        None,
        description="Share of each tenure to let or for sale at the start, once those who lodge for want of "
        "a dwelling in their area have found one; none means by `market`. What stands empty beyond it is not "
        "on the market.",
    )
    not_on_market: VacancyShares | None = Field(
        None,
        description="Share of each tenure that stands empty and is not on the market: second homes, homes "
        "awaiting renovation or demolition, between leases. None means what `to_let` leaves of the dwellings "
        "without a household.",
    )

    public_share_of_rental: Share = Field(0.5, description="Public landlords' share of rental dwellings (C).")
    rent: float = Field(117.0, gt=0, description="Monthly rent per m2, SEK (B, Statistics Sweden 2024).")
    cooperative_price: float = Field(30.0, gt=0, description="Price of cooperative flats per m2, tkr (C).")
    owned_price: float = Field(32.0, gt=0, description="Price of owned homes per m2, tkr (C).")
    cooperative_fee: float = Field(0.75, gt=0, description="Yearly cooperative fee per m2, tkr (C).")
    owned_cost: float = Field(0.45, gt=0, description="Yearly running cost of an owned home per m2, tkr (C).")
    larger_flats: float | None = Field(
        None,
        ge=-2,
        le=2,
        description="By how much the log frequency of flats rises per room beside the nation's: .2 takes "
        "about 5 points off the share of their residents who are crowded. None means what gives a "
        "municipality of Sweden the share that Statistics Sweden counted in 2022, and 0 elsewhere.",
    )
    price_slope: float = Field(
        1.1, ge=0, le=5, description="Elasticity of an area's prices to its median net income (C)."
    )
    rent_slope: float = Field(
        0.15,
        ge=0,
        le=5,
        description="Elasticity of an area's rents to its median net income; rents are set by "
        "utility value, so it is small (C).",
    )
    queue_years: float = Field(
        6.5,
        ge=0,
        description="Mean years of registration of those who get a rental (B, Göteborg 2022-23: 6.5; "
        "Stockholm 2023: 9.0).",
    )

    @model_validator(mode="after")
    def _say_it_once(self) -> Self:
        if self.to_let is not None and self.not_on_market is not None:
            raise RefusedValueError(
                "to_let and not_on_market are both given; how many dwellings have no household is known, so "
                "that one of the two follows from the other: leave one out",
                "to_let och not_on_market är båda angivna; hur många bostäder som saknar hushåll är känt, "
                "så den ena följer av den andra: utelämna en",
            )
        return self

    def share_to_let(self) -> tuple[float, ...]:
        """Return the share of each tenure to let or for sale at the start, in the order of `Tenure`."""
        return TO_LET[self.market] if self.to_let is None else self.to_let.as_tuple()


class Schooling(Section):
    """The city's compulsory schools, where no file lists them."""

    grade_9_schools: int | None = Field(
        None,
        ge=1,
        le=1000,
        description="Schools with grade 9; none means one per 600 pupils of grades 0-9 (C).",
    )
    independent_share: Share = Field(
        0.21, description="Independent schools' share of grade-9 pupils (A, national)."
    )
    municipal_size: int = Field(
        259, ge=10, le=5000, description="Mean pupils of a municipal school (B, 2021)."
    )
    spare_seats: Share = Field(0.12, description="Seats above pupils, as a share of pupils (C).")
    merit_mean: float = Field(
        MERIT_MEAN_2024, ge=0, le=340, description="Mean merit value of grade 9 (A, national 2024/25)."
    )
    merit_spread: float = Field(
        25.3,
        ge=0,
        le=170,
        description="SD of merit values between schools, pupil-weighted (A, national 2024/25).",
    )


class Jobs(Section):
    """The jobs residents hold at the start."""

    commuter_share: Share = Field(
        0.3,
        description="Share of employed residents whose job is outside the city; those jobs stand at the "
        "centre, from where trains and buses leave (C).",
    )
    vacant_share: Share = Field(0.01, description="Unfilled jobs over filled ones at the year's end (C).")
    centre_share: Share = Field(0.45, description="Share of the jobs within the city at its centre (C).")
    sites: int = Field(40, ge=1, le=10_000, description="Places of work outside the centre (C).")


class CitySource(Section):
    """Where the first city comes from: a grid, published figures, a table, or a municipality by name."""

    grid: Grid | None = Field(None, description="An abstract board of squares, for the one-at-a-time mode.")
    figures: Figures | None = None
    areas: DataFile | None = Field(
        None, description="Table with one row per area, in the columns of open DeSO data."
    )
    municipality: str | None = Field(
        None,
        description='Name or code of a municipality of Sweden, such as landskrona or "1282", whose areas, '
        "map and schools come with segsim; with areas, the one whose rows of that table to take.",
    )
    municipalities: tuple[str, ...] | None = Field(
        None,
        description="Names or codes of municipalities that make one region: one market for homes and jobs, "
        "public queues and admission to school by municipality.",
    )
    county: str | None = Field(
        None,
        description='Name or code of a county of Sweden, such as "01", whose municipalities make one region.',
    )
    boundaries: DataFile | None = Field(None, description="Polygons of the areas, GeoJSON or GeoPackage.")
    schools: DataFile | None = Field(None, description="Table with one row per school unit with grade 9.")
    school_coordinates: DataFile | None = Field(
        None, description="Table of school units' latitude and longitude."
    )
    group_shares: dict[str, Share] = Field(
        {}, description="How origin groups of the same background and birthplace share their residents."
    )
    housing: HousingMarket = HousingMarket()
    schooling: Schooling = Schooling()
    jobs: Jobs = Jobs()
    seed: int | None = Field(
        None,
        ge=0,
        lt=2**63,
        description="Seed of the first city, if it is to be the same in all runs; none makes one for each "
        "seed of a run. The spread over runs of one city is what happens in the years alone.",
    )
    national_median_standard: float = Field(
        290.0,
        gt=0,
        description="National median of economic standard, tkr a year. It was 262 in 2019 (B, "
        "Folkhälsomyndigheten); moved to 2022 by the growth of wages (C).",
    )

    @field_validator("municipality", mode="before")
    @classmethod
    def _find_municipality(cls, value: Any, info: ValidationInfo) -> Any:
        """Return the code of a municipality that comes with segsim; one of a table is left as it is."""
        value = _write_code(value, 4)
        if not isinstance(value, str) or info.data.get("areas", "") is not None:
            return value
        try:
            return find_municipality(value).code
        except ScenarioError as error:
            raise RefusedValueError(f"{error}", f"{error:sv}") from error

    @field_validator("municipalities", mode="before")
    @classmethod
    def _find_municipalities(cls, values: Any) -> Any:
        """Return the codes of a region's municipalities in their order, whatever the order written."""
        if isinstance(values, str):
            values = values.split(",")
        values = (
            tuple(_write_code(value, 4) for value in values) if isinstance(values, tuple | list) else values
        )
        if not isinstance(values, tuple) or not all(isinstance(value, str) for value in values):
            return values
        if not values:
            raise RefusedValueError(
                "names no municipality; list at least two, such as [stockholm, solna]",
                "nämner ingen kommun; ange minst två, såsom [stockholm, solna]",
            )
        written: list[str] = []
        for i, value in enumerate(values):
            try:
                municipality = find_municipality(value)
            except ScenarioError as error:
                raise RefusedValueError(f"{error}", f"{error:sv}", (i,)) from error
            if municipality.code in written:
                name = f"{municipality.name} ({municipality.code})"
                raise RefusedValueError(
                    f"{name} is there twice; keep it once",
                    f"{name} står två gånger; behåll den en gång",
                    (i,),
                )
            written.append(municipality.code)
        return tuple(sorted(written))

    @field_validator("county", mode="before")
    @classmethod
    def _find_county(cls, value: Any) -> Any:
        """Return the code of a county."""
        value = _write_code(value, 2)
        if not isinstance(value, str):
            return value
        try:
            return find_county(value).code
        except ScenarioError as error:
            raise RefusedValueError(f"{error}", f"{error:sv}") from error

    def choose_seed(self, run_seed: int) -> int:
        """Return the seed of the first city of a run."""
        return run_seed if self.seed is None else self.seed

    @property
    def source(self) -> str:
        """The key the city comes from, one of `CITY_SOURCES`."""
        return next(name for name in CITY_SOURCES if getattr(self, name) is not None)

    @property
    def national_codes(self) -> tuple[str, ...]:
        """Codes of the municipalities whose facts come with segsim, if the city is made from them."""
        if self.county is not None:
            return find_county(self.county).municipalities
        if self.municipalities is not None:
            return self.municipalities
        return (self.municipality,) if self.municipality is not None and self.areas is None else ()

    @property
    def has_map(self) -> bool:
        """Whether the areas lie where they do in reality."""
        return self.boundaries is not None or bool(self.national_codes)

    @model_validator(mode="after")
    def _check_source(self) -> Self:
        sources = [name for name in CITY_SOURCES if getattr(self, name) is not None]
        if sources == ["areas", "municipality"]:
            sources = ["areas"]
        if len(sources) != 1:
            more = Text("", "")
            if "areas" in sources:
                more = Text(
                    "; a table of your own is of one municipality, which municipality chooses",
                    "; en egen tabell gäller en kommun, som municipality väljer",
                )
            elif {"municipality", "municipalities"} <= set(sources):
                more = Text(
                    "; add the one to the list of the others", "; lägg till den ena i listan över de andra"
                )
            raise RefusedValueError(
                f"a city comes from exactly one of {', '.join(CITY_SOURCES)}; "
                f"found {' and '.join(sources) or 'none'}{more}",
                f"en stad kommer från exakt en av {', '.join(CITY_SOURCES)}; här står "
                f"{' och '.join(sources) or 'ingen'}{more:sv}",
            )
        if len(self.national_codes) > 1 and self.schools is not None:
            raise RefusedValueError(
                "a table of school units is of one municipality; a region has those that come with segsim; "
                "remove schools",
                "en tabell med skolenheter är för en kommun; en region har dem som följer med segsim; ta "
                "bort schools",
                ("schools",),
            )
        return self
