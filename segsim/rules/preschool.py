"""Preschool: who is enrolled as things are, and what may be decided to enrol more."""

import numpy as np
from pydantic import Field
from scipy.special import expit, logit

from segsim.groups import Group
from segsim.section import AreaRows, Section, Share
from segsim.tables import EDUCATIONS, Array, EducationName

PRESCHOOL_AGES = (3, 5)
"""Ages of those who may be enrolled in the three years before school, both included."""

FULL_EFFECT_AGE = 5
"""Age at which a free place was tried with results at 16: the last year before school."""

MEAN_EDUCATION = 1.5
"""Middle of the levels of parents' education, from 0 to 3."""


class PreschoolEffort(Section):
    """Free places and active recruiting for children of foreign background in chosen areas."""

    areas: AreaRows
    highest_education: EducationName = Field(
        "long_post_secondary", description="Highest education of the parents of those it is for."
    )
    enrol_effect_rel: float = Field(ge=0, description="Relative rise of enrolment at 3-5.")
    girls_sd: float = Field(ge=-1, le=1, description="Rise of school achievement of all eligible girls, SD.")
    boys_sd: float = Field(ge=-1, le=1, description="Rise of school achievement of all eligible boys, SD.")
    study_years: float = Field(
        0.0, ge=0, le=5, description="Years of education more, results included, of who has a place by it."
    )


class PreschoolPreferences(Section):
    """Who is enrolled as things are."""

    swedish: Share = Field(
        0.958, description="Enrolled of children of Swedish background at 4-5, 2019 (A, Statistics Sweden)."
    )
    foreign: Share = Field(
        0.902, description="Enrolled of children of foreign background at 4-5, 2019 (A, Statistics Sweden)."
    )
    foreign_growth: float = Field(
        0.014,
        ge=0,
        le=0.1,
        description="Yearly rise of the latter (A, 2017-2019), until it is that of Swedish background (C).",
    )
    three: Share = Field(0.94, description="Enrolled at 3, born in the country (C).")
    three_abroad: Share = Field(0.72, description="Enrolled at 3, born abroad (B).")
    education: float = Field(
        0.0,
        ge=-5,
        le=5,
        description="Rise of the log odds of being enrolled per level of the parents' education above 1.5 "
        "(C; no Swedish figure by parents' education is known, and 0 is none).",
    )

    def list_chances(self, year: int, groups: tuple[Group, ...]) -> Array:
        """Return the share enrolled by group, age from 3 to 5 and parents' education."""
        first, last = PRESCHOOL_AGES
        table = np.array(
            [
                [
                    self.enrolment(year, age, group.background == "foreign", group.born != "sweden")
                    for age in range(first, last + 1)
                ]
                for group in groups
            ]
        )
        shares = np.repeat(table[:, :, None], len(EDUCATIONS), axis=2)
        if self.education:
            shares = expit(logit(shares) + self.education * (np.arange(len(EDUCATIONS)) - MEAN_EDUCATION))
        return np.asarray(shares)

    def enrolment(self, year: int, age: int, is_foreign: bool, is_abroad: bool) -> float:
        """Return the share enrolled at an age from 3 to 5, whatever the parents' education.

        Examples
        --------
        >>> round(PreschoolPreferences().enrolment(2021, 4, True, False), 3)
        0.93
        """
        if age < PRESCHOOL_AGES[0] + 1:
            return self.three_abroad if is_abroad else self.three
        grown = self.foreign + self.foreign_growth * max(year - 2019, 0)
        return min(grown, max(self.swedish, self.foreign)) if is_foreign else self.swedish
