"""The `later:` section of a scenario: other rules and preferences from a year on."""

from typing import Any

from pydantic import ConfigDict, Field

from segsim.scenario.names.dotted_keys import flatten_values
from segsim.section import Section


class Later(Section):
    """What is otherwise from a year on.

    Until then a run is, to the last digit, that of the same scenario without this. What is read once when a
    run begins, such as the first city, stays as it was.
    """

    model_config = ConfigDict(populate_by_name=True)

    since: int = Field(alias="from", description="First year (or step) under what follows.")
    rules: dict[str, Any] = Field({}, description="Rules that are otherwise from then on.")
    preferences: dict[str, Any] = Field({}, description="Preferences that are otherwise from then on.")

    def list_overrides(self) -> dict[str, Any]:
        """Return what changes, by dotted keys."""
        return flatten_values({"rules": self.rules, "preferences": self.preferences})
