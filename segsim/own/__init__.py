"""A researcher's own parts, such as a policy: their source, and what they need."""

from segsim.own.measures import OwnIndex, OwnMeasure, index, measure
from segsim.own.part import OwnPart, capture_part, find_origin, find_part

__all__ = [
    "OwnIndex",
    "OwnMeasure",
    "OwnPart",
    "capture_part",
    "find_origin",
    "find_part",
    "index",
    "measure",
]
