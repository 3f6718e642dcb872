"""Published figures of a municipality, from which its areas are made, and whether they agree."""

from typing import Self

from pydantic import Field, model_validator

from segsim.section import RefusedValueError, Section, Share
from segsim.words.text import Text

_MOST_PERSONS, _MOST_LODGING, _MOST_SPARE = 6.0, 1.25, 6.0
"""Residents per household, households per dwelling and dwellings per household that no municipality has; in
2022 they were at most 2.6, 1.06 and 1.44."""


def _refuse_wrong_sum(shares: Section) -> None:
    """Refuse shares that do not sum to 1; published shares are rounded, so half a percent is let through."""
    total = sum(getattr(shares, name) for name in type(shares).model_fields)
    if abs(total - 1) > 0.005:
        raise RefusedValueError(
            f"the shares must sum to 1; they sum to {total:.3f}",
            f"andelarna ska summera till 1; de summerar till {total:.3f}",
        )


class DwellingShares(Section):
    """Dwellings by tenure, as shares of the stock of known tenure."""

    rental: Share = Field(description="Dwellings let by public or private landlords.")
    cooperative: Share = Field(description="Dwellings in housing cooperatives (bostadsrätt).")
    owner_occupied: Share = Field(description="Dwellings whose dweller owns the house (äganderätt).")

    @model_validator(mode="after")
    def _check_sum(self) -> Self:
        _refuse_wrong_sum(self)
        return self


class HouseholdShares(Section):
    """Households by type, as shares of all; children are 0 to 24 and live with a parent."""

    couple_with_children: Share = Field(description="Couples with children at home.")
    couple: Share = Field(description="Couples without children at home.")
    single_with_children: Share = Field(description="Single adults with children at home.")
    single: Share = Field(description="Persons who live alone.")
    other: Share = Field(description="All other households.")

    @model_validator(mode="after")
    def _check_sum(self) -> Self:
        _refuse_wrong_sum(self)
        return self


class AgeShares(Section):
    """Residents by age, as shares of all; what these leave is 65 or over."""

    age_0_4: Share = Field(description="Residents of 0 to 4 years.")
    age_5_9: Share = Field(description="Residents of 5 to 9 years.")
    age_10_14: Share = Field(description="Residents of 10 to 14 years.")
    age_15_19: Share = Field(description="Residents of 15 to 19 years.")
    age_20_24: Share = Field(description="Residents of 20 to 24 years.")
    age_25_64: float = Field(ge=0.05, le=1, description="Residents of 25 to 64 years.")

    @model_validator(mode="after")
    def _check_sum(self) -> Self:
        total = sum(getattr(self, name) for name in type(self).model_fields)
        if total > 1:
            raise RefusedValueError(
                f"the shares must sum to 1 at most; they sum to {total:.3f}",
                f"andelarna ska summera till högst 1; de summerar till {total:.3f}",
            )
        return self


class OriginShares(Section):
    """Residents by origin, as shares of all; foreign background is born abroad, or both parents were."""

    foreign_background: Share = Field(description="Born abroad, or in Sweden of two parents born abroad.")
    born_in_europe: Share = Field(description="Born in Europe outside Sweden.")
    born_outside_europe: Share = Field(description="Born outside Europe.")

    @model_validator(mode="after")
    def _check_parts(self) -> Self:
        if self.born_in_europe + self.born_outside_europe > self.foreign_background + 1e-9:
            raise RefusedValueError(
                "born_in_europe and born_outside_europe are part of foreign_background, and exceed it",
                "born_in_europe och born_outside_europe är delar av foreign_background, och överstiger den",
            )
        return self


class EducationShares(Section):
    """Residents of 25-64 by highest education; what these leave is unknown."""

    lower_secondary: Share = Field(description="Compulsory school at most.")
    upper_secondary: Share = Field(description="Upper secondary school.")
    short_post_secondary: Share = Field(description="Less than three years after upper secondary school.")
    long_post_secondary: Share = Field(description="Three years or more after upper secondary school.")

    @model_validator(mode="after")
    def _check_sum(self) -> Self:
        total = sum(getattr(self, name) for name in type(self).model_fields)
        if total > 1.005:
            raise RefusedValueError(
                f"the shares must sum to 1 at most; they sum to {total:.3f}",
                f"andelarna ska summera till högst 1; de summerar till {total:.3f}",
            )
        return self


class WorkShares(Section):
    """Register employment of residents of 16-64."""

    employed: Share = Field(description="Employed, as a share of residents of 16-64.")
    unemployed: Share = Field(
        description="Unemployed, as a share of the labour force (employed + unemployed)."
    )

    @model_validator(mode="after")
    def _fit_in_residents(self) -> Self:
        if self.employed > 1 - self.unemployed + 1e-9:
            raise RefusedValueError(
                f"with {self.employed:g} of residents employed and {self.unemployed:g} of the labour force "
                "unemployed, the labour force is larger than the residents; write 1 - unemployed at most",
                f"med {self.employed:g} av de boende sysselsatta och {self.unemployed:g} av arbetskraften "
                "arbetslös är arbetskraften större än de boende; skriv högst 1 - unemployed",
            )
        return self


class IncomeFigures(Section):
    """Incomes of residents."""

    low_standard: Share = Field(
        description="Residents with an economic standard under 60 % of the national median."
    )
    high_standard: Share = Field(
        description="Residents with an economic standard of twice the national median."
    )
    median_of_areas: float = Field(
        gt=0, description="Median over areas of the median net income at 20 and over, tkr a year."
    )
    p10_of_areas: float = Field(gt=0, description="Tenth percentile over areas of the same, tkr a year.")
    p90_of_areas: float = Field(gt=0, description="Ninetieth percentile over areas of the same, tkr a year.")

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if self.low_standard + self.high_standard > 1:
            total = self.low_standard + self.high_standard
            raise RefusedValueError(
                f"low_standard and high_standard are of different residents, and sum to {total:g}; at most 1",
                f"low_standard och high_standard gäller olika boende, och summerar till {total:g}; högst 1",
            )
        if not self.p10_of_areas <= self.median_of_areas <= self.p90_of_areas:
            raise RefusedValueError(
                f"p10_of_areas {self.p10_of_areas:g}, median_of_areas {self.median_of_areas:g} and "
                f"p90_of_areas {self.p90_of_areas:g} must rise in this order",
                f"p10_of_areas {self.p10_of_areas:g}, median_of_areas {self.median_of_areas:g} och "
                f"p90_of_areas {self.p90_of_areas:g} ska stiga i denna ordning",
            )
        return self


class SegregationFigures(Section):
    """How unevenly residents and dwellings spread over the areas."""

    foreign_background: Share = Field(description="D of foreign against Swedish background over areas.")
    born_outside_europe: Share = Field(
        description="D of born outside Europe against born in Sweden over areas."
    )
    born_in_europe: Share = Field(
        description="D of born in the rest of Europe against born in Sweden over areas."
    )
    low_standard: Share = Field(description="D of low economic standard against the rest over areas.")
    high_standard: Share = Field(description="D of high economic standard against the rest over areas.")
    low_high: Share = Field(description="D of low against high economic standard over areas.")
    rental: Share = Field(description="D of rental dwellings against other dwellings over areas.")
    tenure_origin: float = Field(
        ge=-1, le=1, description="Correlation over areas of rental share and foreign-background share."
    )
    tenure_index: float = Field(
        ge=-1,
        le=1,
        description="Correlation over areas of rental share and the index of socio-economic conditions.",
    )
    area_types: tuple[Share, Share, Share, Share, Share] = Field(
        description="Share of residents in districts of official area type 1, 2, 3, 4, 5."
    )


class Figures(Section):
    """Published figures of a municipality, from which its areas are made."""

    population: int = Field(gt=0, le=20_000_000, description="Residents.")
    households: int = Field(gt=0, le=20_000_000, description="Households.")
    dwellings: int = Field(gt=0, le=20_000_000, description="Dwellings of known tenure.")
    areas: int = Field(ge=2, le=10_000, description="Units of measurement, like DeSO.")
    districts: int = Field(ge=1, le=10_000, description="Districts, like RegSO, that hold the areas.")
    tenure: DwellingShares
    household_types: HouseholdShares
    ages: AgeShares
    origin: OriginShares
    education: EducationShares
    work: WorkShares
    income: IncomeFigures
    segregation: SegregationFigures

    @model_validator(mode="after")
    def _check_consistency(self) -> Self:
        if self.districts > self.areas:
            raise RefusedValueError(
                "there are more districts than areas", "det finns fler stadsdelar än områden"
            )
        young = self.ages.age_0_4 + self.ages.age_5_9 + self.ages.age_10_14 + self.ages.age_15_19
        if self.households > (1 - young) * self.population:
            raise RefusedValueError(
                "there are more households than residents of 20 or over",
                "det finns fler hushåll än boende som är 20 år eller äldre",
            )
        if self.population < 10 * self.areas:
            raise RefusedValueError(
                "there are fewer than 10 residents per area", "det finns färre än 10 boende per område"
            )
        self._check_homes()
        return self

    def _check_homes(self) -> None:
        """Refuse residents whom the households cannot hold, and households whom the dwellings cannot."""
        one_home, homes = Text("household", "hushåll"), Text("households", "hushåll")
        one_dwelling, dwellings = Text("dwelling", "bostad"), Text("dwellings", "bostäder")
        persons, spare = Text("residents", "boende"), 1.0 / _MOST_SPARE
        for key, n, of, m, units, unit, least, most in (
            ("population", self.population, persons, self.households, homes, one_home, 1.0, _MOST_PERSONS),
            (
                "households",
                self.households,
                homes,
                self.dwellings,
                dwellings,
                one_dwelling,
                spare,
                _MOST_LODGING,
            ),
        ):
            if not least <= n / m <= most:
                each = f"{float(f'{n / m:.3g}'):g}"
                raise RefusedValueError(
                    f"{n} {of} in {m} {units} are {each} per {unit}; at least {least:.2g} and at most "
                    f"{most:g} can be; correct one of the two",
                    f"{n} {of:sv} i {m} {units:sv} är {each} per {unit:sv}; minst {least:.2g} och högst "
                    f"{most:g} är möjligt; rätta det ena av de två",
                    (key,),
                )
