"""The state of a town made by hand: Swedish groups, and rules and preferences as they are unless given."""

from segsim.groups import SWEDISH_GROUPS
from segsim.kernels.draws import key_of
from segsim.rules import Preferences, Rules
from segsim.state import CityState


def make_state(tables, area_names, year, *, start_year=None, seed=1, rules=None, preferences=None):
    """Return the state of a town of one district."""
    return CityState(
        year=year,
        key=key_of(seed),
        tables=tables,
        rules=rules or Rules(),
        preferences=preferences or Preferences(),
        groups=SWEDISH_GROUPS,
        area_names=area_names,
        district_names=("All",),
        start_year=year if start_year is None else start_year,
    )
