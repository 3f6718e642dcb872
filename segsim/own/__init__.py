"""A researcher's own parts, such as a policy: their source, what they need, and leave to run them."""

from segsim.own.measures import OwnIndex, OwnMeasure, index, measure
from segsim.own.part import OwnPart, capture_part, find_origin, find_part
from segsim.own.permission import permit_own_code

__all__ = [
    "OwnIndex",
    "OwnMeasure",
    "OwnPart",
    "capture_part",
    "find_origin",
    "find_part",
    "index",
    "measure",
    "permit_own_code",
]
