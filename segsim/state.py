"""What a step is handed: the city, the law and the year, and where it notes what happened."""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from segsim.flows import Flows
from segsim.groups import Group
from segsim.kernels.work.wages import PAY_POINTS
from segsim.rules import Preferences, Rules
from segsim.rules.housing import HousingRules
from segsim.rules.schools import Admission
from segsim.tables import Array, Education, Tables


class Economy(NamedTuple):
    """What is the place's own, as differences from the nation; all zero where nothing is known.

    The start year tells them (`steps/work/place_economy.py`), and they stay: no policy reads or moves them.
    """

    participation: Array
    """float64 (groups, sexes, educations): log odds of being in the labour force above the nation's."""
    attainment: Array
    """float64 (educations - 1,): log odds above the nation's of reaching each further education."""
    losses: Array
    """float64 (groups,): log risk of losing a job above the nation's."""
    studies: float
    """Log odds above the nation's that a student on the way to a further education does not work beside."""
    pay: Array
    """float64 (educations, PAY_POINTS): log pay above the nation's, at ranks from -PAY_REACH to PAY_REACH."""


NATIONAL = Economy(
    np.zeros((1, 1, 1)),
    np.zeros(len(Education) - 1),
    np.zeros(1),
    0.0,
    np.zeros((len(Education), PAY_POINTS)),
)
"""A place like the nation."""


@dataclass(frozen=True)
class Anchors:
    """What the city was when the run began, which later years are held against or reckoned from.

    Attributes
    ----------
    persons : float (groups, age bands)
    households : float (types,)
    dwellings : float
        Homes that are lived in or on the market.
    to_let : float (tenures,)
        Share of each tenure on the market when those who lodge have found a home.
    jobs_near : float (areas,)
        How many times jobs near an area double those near the average one.
    youth : float
        Persons of the age of students over those of the age after, as far as beyond what is common, at least
        1: so many times as many come at the one age as elsewhere, and leave by the other.
    births : float (2,)
        How many times the births of the nation's schedule the place has, of Swedish and foreign background.
    leaving_home : float
        How many times the nation's rates grown children leave home.
    """

    persons: Array
    households: Array
    dwellings: float
    to_let: Array
    jobs_near: Array
    youth: float
    births: Array
    leaving_home: float


@dataclass
class CityState:
    """One year of one city, as every step sees it.

    A step reads and writes `tables`, reads `rules` and `preferences`, keys every draw with `key` and `year`,
    and notes what happened in `flows` (by the names that `segsim.flows` declares) and in `dead` (the ids of
    those who died this year). `economy` is the place's own, as the start year tells it. `anchors` is settled
    once, when the run begins; `households_aim` is how many households there are to be this year, over those
    at the start, which ordinary building follows; `households_peak` is the highest aim so far.
    """

    year: int
    key: np.uint64
    tables: Tables
    rules: Rules
    preferences: Preferences
    groups: tuple[Group, ...]
    area_names: tuple[str, ...]
    district_names: tuple[str, ...]
    start_year: int
    economy: Economy = NATIONAL
    school_names: tuple[str, ...] = ()  # of the start state, by id
    planned_schools: dict[int, str] = field(default_factory=dict)  # by id; another later one goes by its id
    municipality_codes: tuple[str, ...] = ("",)
    municipality_names: tuple[str, ...] = ("",)
    flows: Flows = field(default_factory=Flows)
    local_flows: dict[str, Array] = field(default_factory=dict)  # the same by municipality
    anchors: Anchors | None = None
    households_aim: float = 1.0
    households_peak: float = 1.0
    dead: Array = field(default_factory=lambda: np.empty(0, np.int64))

    def name_school(self, key: int) -> str:
        """Return what a school is called: as at the start, as in the plan that opens it, else by its id."""
        if 0 <= key < len(self.school_names):
            return self.school_names[key]
        return self.planned_schools.get(key, f"school {key}")

    @property
    def housing_rules(self) -> tuple[HousingRules, ...]:
        """The rules of housing in each municipality."""
        return tuple(self.rules.housing_in(code) for code in self.municipality_codes)

    @property
    def admissions(self) -> tuple[Admission, ...]:
        """The rules of admission to school in each municipality."""
        return tuple(self.rules.admission_in(code) for code in self.municipality_codes)
