"""What residents do, and what they earn or earned at first."""

import numpy as np

from segsim.ages import SHORT_STUDIES_END_AGE, STUDIES_END_AGE, UPPER_SECONDARY_LEAVING_AGE
from segsim.rules.work import WorkPreferences
from segsim.synthesis.apportionment import assign_classes
from segsim.synthesis.areas.area_table import AreaCounts, sort_by_area
from segsim.synthesis.people.age_curves import interpolate_ages
from segsim.tables import NONE, Activity, Array, Sex

_WORK_BY_AGE = (
    [16, 18, 19, 20, 23, 26, 30, 48, 56, 58, 60, 62, 64],
    [0.02, 0.03, 3.6, 4.0, 5.0, 8.6, 9.2, 9.2, 7.2, 5.2, 3.7, 2.6, 1.9],
)
"""Odds of employment against being outside the labour force and no student, by age: from 19 on shaped as
those of taking part (`participation_age`), so that who is outside by age stays as it is (C)."""
_WORK_BY_ORIGIN = np.array([[1.0, 1.1], [0.85, 0.95], [0.60, 0.90], [0.40, 0.70]])
"""Factor on these odds by class of origin and sex (woman, man); near 81, 71 and 65 % employed among native,
foreign-born men and foreign-born women of 16-64 in the country (C)."""
_WORK_BY_EDUCATION = np.array([0.45, 1.0, 1.1, 1.5])
"""Factor on these odds by education (C)."""
_IDLE_BY_AGE = (
    [19, 24, 28, 37, 48, 53, 57, 60, 64],
    [1.2, 0.88, 0.82, 0.6, 0.5, 0.45, 0.37, 0.25, 0.18],
)
"""The same of unemployment, by age, such that unemployment by age stays as it is (C)."""
_IDLE_BY_ORIGIN = np.array([1.0, 1.4, 2.0, 3.2])
"""Factor on the odds of unemployment against being outside, by class of origin (C)."""
_IDLE_BY_EDUCATION = np.array([1.06, 1.0, 1.05, 0.88])
"""Factor on these odds by education (C)."""
_YEARS_TO_WORK, _NEW_LACK, _NEW_IDLE = 3.5, 0.92, 3.0
"""Odds of employment just after arrival lack so much, and those of unemployment exceed so much; both fade
over these years, so that half of the new work after about three (C; refugees and families after 4 to 5,
B)."""
_LATE_WORK = 0.4
"""Share of residents of 65-66 who work (C)."""
_STUDENT_BY_AGE = ([16, 18, 19, 25, 30, 40], [1.0, 1.0, 0.7, 0.3, 0.12, 0.03])
"""Share of students among those outside the labour force, by age but at 20 to 24 (C)."""
_STUDENT_IN_YOUTH = np.array([[0.25, 0.7, 0.7, 0.7], [0.25, 0.15, 0.75, 0.75]])
"""The same at 20 and 21, and at 22 to 24, by education: whoever is on the way to a long one has a short one
at 22, as the work step has it (C)."""

_WAGE_SPREAD = 0.36
"""Spread of log wages about the typical by which households are ranked within their area (C, such that those
of couples without children are no longer raised more than others' to meet an area's figures)."""


def assign_activities(
    area: Array,
    age: Array,
    sex: Array,
    origin: Array,
    education: Array,
    stay: Array,
    counts: AreaCounts,
    rng: np.random.Generator,
) -> Array:
    """Return each person's Activity; employed and unemployed of 16-64 are exact per area.

    `stay` is years in the country, NONE for those born in it.
    """
    out = np.full(age.size, Activity.CHILD, np.int8)
    out[(age >= 6) & (age < 16)] = Activity.PUPIL
    out[age >= 65] = Activity.RETIRED
    late = np.flatnonzero((age >= 65) & (age <= 66))
    out[late[rng.random(late.size) < _LATE_WORK]] = Activity.EMPLOYED
    level = np.maximum(education, 0)
    odds = interpolate_ages(age, *_WORK_BY_AGE) * _WORK_BY_ORIGIN[origin, sex] * _WORK_BY_EDUCATION[level]
    idle = interpolate_ages(age, *_IDLE_BY_AGE) * _IDLE_BY_ORIGIN[origin] * _IDLE_BY_EDUCATION[level]
    idle *= np.where(age < 19, 0.02, 1.0)
    newness = np.where(stay == NONE, 0.0, np.exp(-stay / _YEARS_TO_WORK))
    odds = odds * (1 - _NEW_LACK * newness)
    idle = idle * (1 + _NEW_IDLE * newness)
    student = interpolate_ages(age, *_STUDENT_BY_AGE)
    youth = (age >= 20) & (age < STUDIES_END_AGE)
    student[youth] = _STUDENT_IN_YOUTH[(age[youth] >= SHORT_STUDIES_END_AGE).astype(int), level[youth]]
    # of the young whose studies bind them, all outside are students, and the odds are against those
    outside = np.where(age < UPPER_SECONDARY_LEAVING_AGE, 1.0, 1.0 / np.maximum(1.0 - student, 1e-9))
    weights = np.column_stack([odds, idle, outside])
    study = rng.random(age.size) < student
    order, ends = sort_by_area(area, counts.n)
    for a in range(counts.n):
        rows = order[ends[a] : ends[a + 1]]
        rows = rows[(age[rows] >= 16) & (age[rows] < 65)]
        employed = min(int(counts.employed[a]), rows.size)
        unemployed = min(int(counts.unemployed[a]), rows.size - employed)
        state = assign_classes(
            weights[rows], np.array([employed, unemployed, rows.size - employed - unemployed]), rng
        )
        out[rows] = np.select([state == 0, state == 1, study[rows]], [3, 4, 2], Activity.OUTSIDE)
    return out


def draw_first_wages(
    age: Array, sex: Array, education: Array, work: WorkPreferences, rng: np.random.Generator
) -> Array:
    """Return first wages or latest wages, tkr a year: the wages of the work step, with less noise."""
    level = np.maximum(education, 0)
    years = np.clip(age - np.array(work.study_ends)[level], 0, 40)
    log = np.log(work.wage_base) + np.array(work.wage_return)[level]
    log += work.wage_experience * years + work.wage_experience_squared * years**2
    log += np.where(sex == Sex.WOMAN, work.wage_women, 0.0) + rng.normal(0, _WAGE_SPREAD, age.size)
    return np.where(age >= 16, np.exp(log), 0.0).astype(np.float32)
