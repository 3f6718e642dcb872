"""What a person does in a year, and how that changes."""

import numpy as np

from segsim.state import CityState
from segsim.tables import NONE, Activity, Array, Persons


def set_activity(state: CityState, rows: Array, activity: Activity) -> None:
    """Let persons begin another activity; what they leave ends, a job included."""
    persons = state.tables.persons
    persons.activity[rows] = activity
    persons.active_since[rows] = state.year
    persons.workplace[rows] = NONE


def has_activity(persons: Persons, *activities: Activity) -> Array:
    """Return, per person row, whether this is what they do (bool; False for free rows)."""
    does = np.zeros(persons.id.size, bool)
    for activity in activities:
        does |= persons.activity == activity
    return does
