"""Figures: a frame in, a figure out; the only home of matplotlib."""

from matplotlib.figure import Figure

from segsim.figures.claims import DrawnTest, claim_tests
from segsim.figures.differences import DifferenceGroup, differences
from segsim.figures.dwellers import tenure_bars
from segsim.figures.history import history
from segsim.figures.joint import joint
from segsim.figures.maps import Geography, Panel, share_maps, type_maps
from segsim.figures.named_maps import type_map_with_names
from segsim.figures.series import series
from segsim.figures.style import SCENARIOS, TYPES, colours, png, save, svg
from segsim.figures.sweeps import front, influence
from segsim.figures.types import area_spread, type_shares

__all__ = [
    "SCENARIOS",
    "TYPES",
    "DifferenceGroup",
    "DrawnTest",
    "Figure",
    "Geography",
    "Panel",
    "area_spread",
    "claim_tests",
    "colours",
    "differences",
    "front",
    "history",
    "influence",
    "joint",
    "png",
    "save",
    "series",
    "share_maps",
    "svg",
    "tenure_bars",
    "type_map_with_names",
    "type_maps",
    "type_shares",
]
