"""From counts per area to households and persons."""

from typing import NamedTuple

import numpy as np

from segsim.rules.work import WorkPreferences
from segsim.synthesis.areas.area_table import EUROPE, OUTSIDE, AreaCounts
from segsim.synthesis.people.age_curves import interpolate_ages
from segsim.synthesis.people.education import assign_educations, draw_parent_educations
from segsim.synthesis.people.families import build_block
from segsim.synthesis.people.origins import assign_origins
from segsim.synthesis.people.work import assign_activities, draw_first_wages
from segsim.tables import NONE, Activity, Array


class People(NamedTuple):
    """Everyone in the city: households by area, then persons by household."""

    household_area: Array
    kind: Array
    household: Array
    age: Array
    sex: Array
    role: Array
    origin: Array
    education: Array
    parent_education: Array
    activity: Array
    wage: Array
    stay: Array

    @property
    def area(self) -> Array:
        """Area of each person."""
        return np.asarray(self.household_area[self.household])


def build_people(counts: AreaCounts, work: WorkPreferences, rng: np.random.Generator) -> People:
    """Make the households and persons of every area."""
    blocks = [
        build_block(counts.households[a], counts.young[a], int(counts.middle[a]), int(counts.old[a]), rng)
        for a in range(counts.n)
    ]
    sizes = np.array([block.kind.size for block in blocks])
    starts = np.cumsum(sizes) - sizes
    area = np.repeat(np.arange(counts.n), sizes)
    household = np.concatenate([block.household + start for block, start in zip(blocks, starts, strict=True)])
    age, sex, role = (np.concatenate([getattr(b, name) for b in blocks]) for name in ("age", "sex", "role"))
    origin = np.concatenate([assign_origins(b, counts.origin[a], rng) for a, b in enumerate(blocks)])
    where = area[household]
    education = assign_educations(where, age, origin, household, counts, rng)
    stay = draw_stays(age, (origin == EUROPE) | (origin == OUTSIDE), rng)
    activity = assign_activities(where, age, sex, origin, education, stay, counts, rng)
    return People(
        household_area=area,
        kind=np.concatenate([block.kind for block in blocks]),
        household=household,
        age=age,
        sex=sex,
        role=role,
        origin=origin,
        education=education,
        parent_education=draw_parent_educations(education, household, role, age, rng),
        activity=activity,
        wage=np.where(has_not_worked(activity, stay), 0.0, draw_first_wages(age, sex, education, work, rng)),
        stay=stay,
    )


_RECENT = ([0, 18, 25, 35, 45, 65, 80], [0.75, 0.43, 0.43, 0.36, 0.24, 0.12, 0.1])
"""Share of residents born abroad who came within ten years, by age: as many as there are when 3.5 % come a
year and some leave again (C)."""
_LATELY = 1.16
"""Of these 55 % came within five years, since fewer of them have left again."""


def draw_stays(age: Array, born_abroad: Array, rng: np.random.Generator) -> Array:
    """Return how many years each person has been in the country; NONE if born in it.

    The recent came within ten years, somewhat more of them lately. The others' age at arrival is
    triangular from 0 to 60 with its mode at 24; where that would be within ten years, it was evenly over the
    ten before (C).
    """
    at = np.minimum(rng.triangular(0, 24, 60, age.size), age * rng.beta(2.0, 1.6, age.size) + 0.5)
    long = age - np.floor(at).astype(np.int64)
    long = np.where(long < 10, 10 + np.floor(rng.random(age.size) * 10).astype(np.int64), long)
    is_recent = rng.random(age.size) < interpolate_ages(age, *_RECENT)
    lately = np.floor(rng.random(age.size) ** _LATELY * 10).astype(np.int64)
    stay = np.where(is_recent, lately, long)
    return np.where(born_abroad, np.minimum(stay, age), NONE)


def has_not_worked(activity: Array, stay: Array) -> Array:
    """Tell who came less than six years ago and does not work: they have no former wage (C)."""
    idle = (activity == Activity.UNEMPLOYED) | (activity == Activity.OUTSIDE)
    return np.asarray(idle & (stay != NONE) & (stay < 6))


def arrival_years(stay: Array, born_abroad: Array, year: int) -> Array:
    """Return the year each person came to the country; NONE if born in it."""
    return np.where(born_abroad, year - np.maximum(stay, 0), NONE)


def draw_active_since(activity: Array, age: Array, year: int, rng: np.random.Generator) -> Array:
    """Return the year each person's present activity began.

    Children began when born, pupils at 6, the retired at 65; jobs have lasted about 7 years, unemployment
    1.5, study 2 and being outside the labour force 6 (C), never from before 16.
    """
    mean = np.array([1.0, 1.0, 2.0, 7.0, 1.5, 6.0, 1.0])[activity]
    lasted = np.minimum(np.floor(rng.exponential(mean)).astype(np.int64), np.maximum(age - 16, 0))
    lasted = np.select([activity == 0, activity == 1, activity == 6], [age, age - 6, age - 65], lasted)
    return year - lasted
