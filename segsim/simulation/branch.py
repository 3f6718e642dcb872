"""A branch: a simulation goes on from where it is under other rules or preferences."""

import re
from collections.abc import Mapping
from typing import Any

from segsim.errors import ScenarioError
from segsim.scenario import Scenario
from segsim.scenario.later import Later
from segsim.scenario.names.dotted_keys import nest_values


def plan_branch(recipe: Scenario, year: int, changes: Mapping[str, Any]) -> Scenario:
    """Return a scenario that is another until a year, and goes on after it with some values changed.

    Parameters
    ----------
    recipe : Scenario
        What is followed until then.
    year : int
        The last year of the old.
    changes : mapping
        Values by dotted keys, such as `{"preferences.housing.own_group": 2.0}`.

    Raises
    ------
    ScenarioError
        If something else than rules and preferences is changed, or a value is wrong.
    """
    if wrong := [key for key in changes if not re.match(r"(rules|preferences)\.", str(key))]:
        raise ScenarioError(
            f"{wrong[0]}: a branch changes what is under rules and preferences, by dotted keys; policies "
            "have their years",
            f"{wrong[0]}: en gren ändrar det som står under rules och preferences, med punkter i nyckeln; "
            "åtgärder har sina år",
        )
    later = Later.model_validate({"from": year + 1, **nest_values(changes)})
    kept = tuple(stage for stage in recipe.later if stage.since <= year)
    return recipe.model_copy(update={"later": (*kept, later)})
