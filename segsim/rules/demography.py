"""What may be decided about who comes and where newcomers are received, and how people live and move."""

from typing import Annotated, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from segsim.rules.origins import ByOrigin, SharesByAge, by_origin
from segsim.section import AreaRows, RefusedValueError, Section, Share

Factor = Annotated[float, Field(ge=0, le=100)]
"""A rate, or what one is multiplied by."""

Spread = Literal["population", "equal", "need"]
"""How assigned refugees are spread: by households, the same number everywhere, or where few of foreign
background live."""


class OwnHousingLimit(Section):
    """A limit to refugees' lodging of their own choice (EBO): how many find one, and where it costs them."""

    areas: tuple[int, ...] = Field(description="Listed areas, where living means losing the daily allowance.")
    own_housing_share: Share = Field(description="Share of refugee households with lodging of their own.")
    deterrence: Share = Field(description="Share of those who would lodge in a listed area and do not.")
    strength: Share = Field(1.0, description="How much of the limit is carried out.")


class Reception(Section):
    """Areas that receive assigned refugees, and how they are spread over them."""

    areas: AreaRows
    spread: Spread = Field(
        description="By households, the same number everywhere, or where few of foreign background live."
    )
    strength: Share = Field(1.0, description="Share of the assigned that are received so.")


class DemographyRules(Section):
    """What a council or a parliament may decide about demography."""

    refugees: float | None = Field(
        None,
        ge=0,
        le=100_000,
        description="Refugees who settle in the city, persons a year; none means the ordinary number, "
        "`refugees_per_thousand` of the preferences.",
    )
    own_housing_share: Share = Field(
        0.5,
        description="Share of refugee households that find their own lodging (EBO), with a household of "
        "their own group; the others are assigned. About 51 % in 2019 (B, Migrationsverket).",
    )
    assigned_to: Spread = Field(
        "population",
        description="Where assigned refugees are received: in proportion to each area's households, the "
        "same number in every area, or in proportion to its residents of Swedish background "
        "(Bosättningslagen 2016:38 leaves it to the municipality).",
    )
    own_housing_limits: tuple[OwnHousingLimit, ...] = ()
    receptions: tuple[Reception, ...] = ()
    secondary_moves: tuple[Share, Share] | None = Field(
        None,
        description="Yearly probability that an assigned refugee household leaves the municipality in its "
        "first year, and in the three years after; none means as others of their age who lodge.",
    )
    assignment_earnings: float = Field(
        0.0,
        ge=-1,
        le=1,
        description="What assignment adds to refugees' log wages; 0, since two studies differ in sign "
        "(none).",
    )


class Forecast(Section):
    """What a forecast says of the end of a year; of residents and households one moves the other alike."""

    population: float | None = Field(None, gt=0, le=20_000_000, description="Residents.")
    households: float | None = Field(None, gt=0, le=20_000_000, description="Households.")
    foreign_background: float | None = Field(
        None,
        gt=0,
        lt=1,
        description="Share of the residents of foreign background; at all ages its odds change alike. As at "
        "the start if nothing is said.",
    )

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.population is None and self.households is None and self.foreign_background is None:
            raise RefusedValueError(
                "a year of a forecast needs population, households, foreign_background, or several",
                "ett år i en prognos kräver population, households, foreign_background eller flera av dem",
            )
        if self.population is not None and self.households is not None and self.households > self.population:
            raise RefusedValueError(
                f"there are more households ({self.households:g}) than residents ({self.population:g}); "
                "correct one of them",
                f"det finns fler hushåll ({self.households:g}) än boende ({self.population:g}); rätta det "
                "ena",
            )
        return self


class MigrationFigures(Section):
    """Persons who move in and out in a year; what is not given is as it would have been."""

    domestic: float = Field(ge=0, le=1_000_000, description="In from the rest of the country.")
    labour: float | None = Field(None, ge=0, le=1_000_000, description="In from abroad for work.")
    family: float | None = Field(None, ge=0, le=1_000_000, description="In from abroad to family.")
    refugees: float | None = Field(None, ge=0, le=1_000_000, description="In from abroad as refugees.")
    out: float | None = Field(None, ge=0, le=1_000_000, description="Out of the municipality.")


class DemographyPreferences(Section):
    """What nobody decides: births, deaths, households, and who moves in and out."""

    own_families: Share = Field(
        1.0,
        description="How far births and the age at which children leave home are the place's own, as its "
        "first city has small children and grown ones at home (1), or the nation's schedules (0).",
    )
    # births and deaths
    fertility: ByOrigin = Field(
        by_origin(1.45, 1.45, 1.55, 1.95),
        description="Children per woman at the year's rates, by origin. Sweden 1.52 in 2022 (B, Statistics "
        "Sweden); its split by origin is assumed (C).",
    )
    fertility_age: float = Field(
        31.0, ge=18, le=45, description="Mean age at birth, years (B, Statistics Sweden 2022, about 31)."
    )
    fertility_age_sd: float = Field(5.3, ge=0.5, le=15, description="Its standard deviation, years (C).")
    fertility_alone: float = Field(
        0.4, ge=0, le=5, description="Birth rate of a woman without a partner relative to the schedule (C)."
    )
    fertility_paired: float = Field(
        1.9, ge=0, le=5, description="Birth rate of a woman with a partner relative to the schedule (C)."
    )
    fertility_by_children: tuple[float, ...] = Field(
        (1.02, 1.4, 0.28, 0.15),
        min_length=1,
        description="Further factor by children under 18 at home (0, 1, 2, 3 or more): two-child norm (C).",
    )
    boys: Share = Field(0.514, description="Share of boys among newborn (B, 106 per 100 girls).")
    mortality: tuple[Factor, Factor] = Field(
        (7.4e-6, 1.39e-5),
        description="Yearly death rate of women and men extrapolated to age 0 (Gompertz level). With the "
        "slopes below life expectancy is 84.7 and 81.3 years, as in 2022 (B; the fit is assumed).",
    )
    mortality_slope: tuple[Share, Share] = Field(
        (0.1067, 0.103), description="Rise of log mortality per year of age, women and men (C)."
    )
    mortality_infant: float = Field(
        0.002,
        ge=0,
        le=1,
        description="Extra probability of dying in the first year of life (B, about 2 in 1 000).",
    )
    # households
    leaving_home: SharesByAge = Field(
        {19: 0.06, 20: 0.10, 21: 0.14, 22: 0.18, 23: 0.21, 24: 0.25, 26: 0.30},
        description="Yearly probability that a grown child forms an own household, from an age on; with "
        "`out_migration_from_home` half have left by the end of the year in which they turn 22, and as many "
        "live at home as in the first city (C).",
    )
    parental_help: Share = Field(
        0.05, description="Share of the parents' savings that a leaving child takes along (C)."
    )
    seeking_partner: SharesByAge = Field(
        {19: 0.06, 21: 0.16, 24: 0.26, 28: 0.16, 32: 0.12, 40: 0.06, 50: 0.03, 65: 0.01, 80: 0.0},
        description="Yearly probability that a grown person without a partner is ready to have one (C).",
    )
    partner_candidates: int = Field(12, ge=1, le=100, description="Persons met by each who seeks (C).")
    partner_same_group: float = Field(
        1.5, ge=-10, le=10, description="Log odds for a partner of the same group against another (C)."
    )
    partner_same_background: float = Field(
        1.5, ge=-10, le=10, description="Further log odds for a partner of the same background (C)."
    )
    partner_same_education: float = Field(
        0.8, ge=-10, le=10, description="Log odds for a partner of the same education against another (C)."
    )
    partner_age_gap: float = Field(
        2.3, ge=-20, le=20, description="Mean of his age less hers in new couples, years (C)."
    )
    partner_age_gap_sd: float = Field(4.0, gt=0, le=20, description="Its standard deviation, years (C).")
    separating: SharesByAge = Field(
        {18: 0.06, 25: 0.045, 35: 0.027, 45: 0.012, 50: 0.006, 60: 0.002, 70: 0.001},
        description="Yearly probability that a couple parts, by age of the head; 1.5 % on average (C).",
    )
    father_moves_out: float = Field(
        0.75,
        ge=0,
        le=1,
        description="Probability that he moves out when a couple with children parts; else .5 (C).",
    )
    # migration
    out_migration: SharesByAge = Field(
        {18: 0.095, 25: 0.092, 30: 0.05, 45: 0.024, 65: 0.013},
        description="Yearly probability that a household leaves the municipality, by age of the head: a "
        "third of the move rates by age (B: a third of moves cross the border; the age curve of moves is C).",
    )
    out_migration_from_home: SharesByAge = Field(
        {19: 0.04},
        description="Yearly probability that a grown child at home leaves for another municipality (C).",
    )
    out_migration_tenure: tuple[Factor, Factor, Factor, Factor, Factor] = Field(
        (1.2, 1.2, 1.2, 0.48, 1.5),
        description="Multiplier of out-migration by present tenure: public rental, private rental, "
        "cooperative, owner-occupied, lodging. Small houses change hands at 2-3 % a year, rental and "
        "cooperative homes at 10 % (B, Hyresgästföreningen 2025); the split is set to that, the level so "
        "that 4 to 5 % of the residents of a middling municipality move in in a year (C).",
    )
    out_migration_income: float = Field(
        0.0,
        ge=-5,
        le=5,
        description="Rise of log out-migration per standard deviation of log economic standard: the leak of "
        "area projects. Its size is not known for whole municipalities: 0 (none); set it to explore.",
    )
    population_follows: Literal["start", "forecast", "housing", "migration"] = Field(
        "start",
        description="What the number of residents and households follows. start: both stay as they were when "
        "the run began, plus `growth`; new dwellings then empty others. forecast: the years of `forecast`. "
        "housing: newcomers fill the dwellings that are added, as many a dwelling as at the start. "
        "migration: so many move in and out as `migration` says.",
    )
    growth: float = Field(
        0.0,
        ge=-0.1,
        le=0.1,
        description="Yearly growth of residents and households that in-migration aims at, reckoned from the "
        "start; 0 holds them (C). For `population_follows: start` only.",
    )
    forecast: dict[int, Forecast] = Field(
        {},
        description="Residents, households and the share of foreign background at the end of named years, "
        "such as {2027: {population: 104000}, 2032: {population: 107500, foreign_background: 0.31}}; years "
        "between are interpolated, the last holds on.",
    )
    migration: dict[int, MigrationFigures] = Field(
        {},
        description="Persons a year who move in, by kind, and out, from a year on until the next one named.",
    )
    hold_composition: bool = Field(
        True,
        description="Whether newcomers and leavers are such that households by type, size and age of the "
        "head, either background, and in each those under 30 by age, keep the proportions of the start, "
        "last year's error made good, and groups, and ages over 30, those of a year ago; otherwise "
        "newcomers are a plain sample of households that move (C).",
    )
    refugees_per_thousand: float = Field(
        6.0,
        ge=0,
        le=1000,
        description="Refugees a year per 1 000 residents born abroad, persons (C). With the two below 35: "
        "some 90 000 born abroad came in 2022 and in 2023 to a country of 2.2 million born abroad.",
    )
    family_per_thousand: float = Field(
        13.0,
        ge=0,
        le=1000,
        description="Family migrants a year per 1 000 residents born abroad, persons (C).",
    )
    labour_per_thousand: float = Field(
        16.0,
        ge=0,
        le=1000,
        description="Labour migrants a year per 1 000 residents born abroad, persons (C).",
    )
    refugee_origins: ByOrigin = Field(
        by_origin(0, 0, 0.15, 0.85),
        description="Weights of origins among refugees; groups of an origin share it (C).",
    )
    family_origins: ByOrigin = Field(
        by_origin(0, 0, 0.25, 0.75), description="Weights of origins among family migrants (C)."
    )
    labour_origins: ByOrigin = Field(
        by_origin(0, 0, 0.6, 0.4), description="Weights of origins among labour migrants (C)."
    )

    @field_validator("fertility", "refugee_origins", "family_origins", "labour_origins")
    @classmethod
    def _refuse_below_nothing(cls, numbers: ByOrigin, info: ValidationInfo) -> ByOrigin:
        by_key: dict[tuple[str, ...], float] = {
            (key,): number for key, number in numbers.model_dump(exclude={"groups"}).items()
        }
        by_key |= {("groups", name): number for name, number in numbers.groups.items()}
        for keys, number in by_key.items():
            if number < 0:
                raise RefusedValueError(
                    f"{number:g} is out of range; it must be at least 0",
                    f"{number:g} är utanför gränserna; det ska vara minst 0",
                    keys,
                )
        if info.field_name != "fertility" and not any(by_key.values()):
            raise RefusedValueError(
                "all weights are 0, so that nobody can come; give one origin more",
                "alla vikter är 0, så ingen kan komma; ge ett ursprung mer",
            )
        return numbers

    @field_validator("fertility_by_children")
    @classmethod
    def _refuse_negative(cls, factors: tuple[float, ...]) -> tuple[float, ...]:
        for i, factor in enumerate(factors):
            if factor < 0:
                raise RefusedValueError(
                    f"{factor:g} is out of range; it must be at least 0",
                    f"{factor:g} är utanför gränserna; det ska vara minst 0",
                    (i,),
                )
        return factors

    @model_validator(mode="after")
    def _follows_one_thing(self) -> Self:
        follows = self.population_follows
        for name in ("forecast", "migration"):
            if follows == name and not getattr(self, name):
                raise RefusedValueError(
                    f"population_follows: {name} needs the years of `{name}`",
                    f"population_follows: {name} kräver åren under `{name}`",
                )
            if follows != name and getattr(self, name):
                raise RefusedValueError(
                    f"`{name}` is given, and the population follows {follows}; leave `{name}` out, or write "
                    f"population_follows: {name}",
                    f"`{name}` är angiven, men befolkningen följer {follows}; utelämna `{name}`, eller "
                    f"skriv population_follows: {name}",
                )
        if self.growth and follows != "start":
            raise RefusedValueError(
                f"growth is given, and the population follows {follows}; leave growth out, or write "
                "population_follows: start",
                f"growth är angiven, men befolkningen följer {follows}; utelämna growth, eller skriv "
                "population_follows: start",
            )
        return self
