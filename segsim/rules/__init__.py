"""Rules: all that a council or a parliament may decide. Preferences: all that they may not."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field, field_validator

from segsim.errors import ScenarioError
from segsim.rules.choice.home import HousingPreferences
from segsim.rules.demography import DemographyPreferences, DemographyRules
from segsim.rules.governance import GovernanceRules
from segsim.rules.housing import HousingRules
from segsim.rules.local import LocalRules, settings_given
from segsim.rules.neighbourhood import NeighbourhoodPreferences, NeighbourhoodRules
from segsim.rules.schools import Admission, SchoolsPreferences, SchoolsRules
from segsim.rules.work import WorkPreferences, WorkRules
from segsim.section import RefusedValueError, Section
from segsim.sweden.municipalities import find_municipality


class Rules(Section):
    """The law of one year, after every policy in force has amended it."""

    demography: DemographyRules = DemographyRules()
    work: WorkRules = WorkRules()
    schools: SchoolsRules = SchoolsRules()
    housing: HousingRules = HousingRules()
    neighbourhood: NeighbourhoodRules = NeighbourhoodRules()
    governance: GovernanceRules = GovernanceRules()
    municipalities: dict[str, LocalRules] = Field(
        {}, description="What holds in single municipalities of a region, by their names or codes."
    )

    @field_validator("municipalities", mode="before")
    @classmethod
    def _find_municipalities(cls, rules: Any) -> Any:
        """Return the rules by the codes of the municipalities."""
        if not isinstance(rules, dict):
            return rules
        codes = []
        for name in rules:
            try:
                codes.append(find_municipality(str(name)).code)
            except ScenarioError as error:
                raise RefusedValueError(f"{error}", f"{error:sv}") from error
        if twice := [name for name, code in zip(rules, codes, strict=True) if codes.count(code) > 1]:
            raise RefusedValueError(
                f'"{twice[0]}" and "{twice[1]}" are the same municipality; keep one',
                f'"{twice[0]}" och "{twice[1]}" är samma kommun; behåll en',
            )
        return dict(zip(codes, rules.values(), strict=True))

    def housing_in(self, code: str) -> HousingRules:
        """Return the rules of housing in a municipality."""
        local = self.municipalities.get(code)
        return (
            self.housing if local is None else self.housing.model_copy(update=settings_given(local.housing))
        )

    def admission_in(self, code: str) -> Admission:
        """Return the rules of admission in a municipality."""
        local, everywhere = self.municipalities.get(code), self.schools.admission
        return everywhere if local is None else everywhere.model_copy(update=settings_given(local.admission))

    def set_locally(self, code: str, part: str, changes: Mapping[str, Any]) -> "Rules":
        """Return the rules with some others in one municipality, of `housing` or of `admission`."""
        local = self.municipalities.get(code, LocalRules())
        section = getattr(local, part).model_copy(update=changes)
        local = local.model_copy(update={part: section})
        return self.model_copy(update={"municipalities": {**self.municipalities, code: local}})


class Preferences(Section):
    """How people choose and how nature runs; no policy amends these."""

    demography: DemographyPreferences = DemographyPreferences()
    work: WorkPreferences = WorkPreferences()
    schools: SchoolsPreferences = SchoolsPreferences()
    housing: HousingPreferences = HousingPreferences()
    neighbourhood: NeighbourhoodPreferences = NeighbourhoodPreferences()


__all__ = ["Preferences", "Rules", "Section"]
