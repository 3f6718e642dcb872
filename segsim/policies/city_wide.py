"""A policy for the whole city, which puts rules in the place of those there are."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from pydantic import ValidationError, model_validator

from segsim.policies.amending import find_rule, replace_rule, section_type
from segsim.policies.policy import Policy
from segsim.policies.profile import CityProfile
from segsim.rules import Rules
from segsim.section import RefusedValueError, Section
from segsim.words.text import Text


class CityWide(Policy):
    """A policy for the whole city, or whole municipalities of a region, which puts rules in place of theirs.

    It declares which section it sets (`SETS`); every setting that is given takes the place of the rule of
    the same name there, and the rest stays as the city has it.
    """

    SETS: ClassVar[str]
    """The section of the rules, such as `schools.admission`."""

    @model_validator(mode="after")
    def _holds_everywhere(self) -> Self:
        if not (self.areas.all or self.areas.whole_municipalities) or self.compliance != 1:
            raise RefusedValueError(
                "holds for the whole city; remove areas and compliance, or give whole municipalities of a "
                "region",
                "gäller hela staden; ta bort areas och compliance, eller ange hela kommuner i en region",
            )
        if self.phase_in_years > 1 or self.budget_msek is not None:
            raise RefusedValueError(
                "holds or does not hold, never in part; remove phase_in_years and budget_msek",
                "gäller eller gäller inte, aldrig till en del; ta bort phase_in_years och budget_msek",
            )
        return self

    def changes(self) -> dict[str, Any]:
        """Return the rules the policy changes."""
        names = section_type(self.SETS).model_fields
        return {name: new for name in names if (new := getattr(self, name, None)) is not None}

    def replacements(self) -> dict[str, tuple[str, Any]]:
        """Return what `changes` puts in the place of the city's rules."""
        places = [f" in {code}" for code in self.areas.municipalities] or [""]
        return {
            f"{self.SETS}.{name}{place}": (name if name in type(self).model_fields else "", rule)
            for name, rule in self.changes().items()
            for place in places
        }

    def check(self, rules: Rules) -> None:
        """Refuse settings that do not go together with those the city keeps."""
        for section in self.find_sections(rules).values():
            try:
                type(section).model_validate(section.model_dump() | self.changes())
            except ValidationError as error:
                details = error.errors()[0]
                cause = details.get("ctx", {}).get("error")
                message = Text(details["msg"], "går inte ihop med stadens regler")
                if isinstance(cause, RefusedValueError):
                    message = Text(f"{cause}", f"{cause:sv}")
                raise RefusedValueError(f"{message}", f"{message:sv}") from error

    def amend(self, rules: Rules, profile: CityProfile) -> Rules:
        """Return the rules with what is given in the place of the city's."""
        if not self.share_in_effect(profile):
            return rules
        return self.replace(rules, self.changes())

    def find_sections(self, rules: Rules) -> dict[str, Section]:
        """Return the section it sets as it is now, by municipality; of the whole city under no code."""
        if self.areas.all:
            return {"": find_rule(rules, self.SETS)}
        find = rules.housing_in if self.SETS == "housing" else rules.admission_in
        return {code: find(code) for code in self.areas.municipalities}

    def replace(self, rules: Rules, changes: Mapping[str, Any]) -> Rules:
        """Return the rules with some others in the section it sets, everywhere or in its municipalities."""
        if self.areas.all:
            return replace_rule(rules, self.SETS, find_rule(rules, self.SETS).model_copy(update=changes))
        for code in self.areas.municipalities:
            rules = rules.set_locally(code, self.SETS.rpartition(".")[2], changes)
        return rules
