"""What a person does in a year, and how that changes."""

import numpy as np

from segsim.steps.moment import Moment
from segsim.tables import NONE, Activity, Array, Persons

LABOUR_FORCE = (Activity.EMPLOYED, Activity.UNEMPLOYED)


def become(moment: Moment, rows: Array, activity: Activity) -> None:
    """Let persons begin another activity; what they leave ends, a job included."""
    persons = moment.tables.persons
    persons.activity[rows] = activity
    persons.active_since[rows] = moment.year
    persons.workplace[rows] = NONE


def doing(persons: Persons, *activities: Activity) -> Array:
    """Return, per person row, whether it is one of these activities (bool; False for free rows)."""
    return np.asarray(np.isin(persons.activity, activities) & (persons.id != NONE))
