"""The numbers by which the kernels of a board know the names that its settings are written with."""

from enum import IntEnum
from typing import get_args

from segsim.kernels.board.conduct import ActivationOrder, CandidateSource, Destination, Rule
from segsim.kernels.board.layout import SelfCounting
from segsim.kernels.board.school_choice import NearnessForm
from segsim.kernels.board.utility import Demand
from segsim.kernels.choices.preference_shapes import PreferenceShape
from segsim.rules.board.activation import Activation
from segsim.rules.board.neighbourhood import Neighbourhood
from segsim.rules.board.relocation import Candidates, Decision
from segsim.rules.board.school_choice import SchoolDistance
from segsim.rules.board.tastes import Utility
from segsim.section import Section


def number_names(section: type[Section], field: str, enum: type[IntEnum]) -> dict[str, int]:
    """Return the kernels' number of each name that a setting may have.

    The setting holds the one list of names. One that the kernels lack is a KeyError here, when the file is
    imported, and not in the middle of somebody's run.
    """
    names = get_args(section.model_fields[field].annotation)
    return {name: int(enum[name.upper()]) for name in names}


ACTIVATIONS = number_names(Activation, "households", ActivationOrder)
SOURCES = number_names(Candidates, "squares", CandidateSource)
RULES = number_names(Decision, "kind", Rule)
DESTINATIONS = number_names(Decision, "destination", Destination)
SELF_COUNTING = number_names(Neighbourhood, "counts_self", SelfCounting)
SHAPES = number_names(Utility, "shape", PreferenceShape)
DEMANDS = number_names(Utility, "demand", Demand)
NEARNESS_FORMS = number_names(SchoolDistance, "form", NearnessForm)
