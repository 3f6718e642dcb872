"""The economy of the place: how far its participation, studies and pay are from the nation's."""

from typing import NamedTuple

import numpy as np

from segsim.tables import Array, Education

PAY_REACH = 4.0
"""SDs of rank within an education, up and down, that a pay scale is written for; beyond it is drawn on."""
PAY_POINTS = 65


class Economy(NamedTuple):
    """What is the place's own, as differences from the nation; all zero where nothing is known.

    The start year tells them (`steps/work/place_economy.py`), and they stay: no policy reads or moves them.
    """

    participation: Array
    """float64 (groups, sexes, educations): log odds of being in the labour force above the nation's."""
    studies: float
    """Log odds above the nation's that a student on the way to a further education does not work beside."""
    pay: Array
    """float64 (educations, PAY_POINTS): log pay above the nation's, at ranks from -PAY_REACH to PAY_REACH."""


NATIONAL = Economy(np.zeros((1, 1, 1)), 0.0, np.zeros((len(Education), PAY_POINTS)))
"""A place like the nation."""


def pay_ranks() -> Array:
    """Return the ranks that a pay scale is written for, in SDs of a normal distribution."""
    return np.linspace(-PAY_REACH, PAY_REACH, PAY_POINTS)
