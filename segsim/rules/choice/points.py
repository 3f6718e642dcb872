"""A table of points: what a share, or a number, is worth, on straight lines between them."""

from itertools import pairwise

from segsim.section import RefusedValueError

WORST = 1000.0
"""What is worth something is worth no less than this below 0."""

Points = tuple[tuple[float, float], ...]
"""Pairs of a share and what it is worth; two at one share are a step."""


def refuse_wrong_points(points: Points, ends_at_one: bool) -> None:
    """Refuse a table that does not rise from 0, to 1 if it is one of shares, or is worth too much."""
    at, values = [x for x, _ in points], [y for _, y in points]
    rises = all(a <= b for a, b in pairwise(at)) and all(a < b for a, b in zip(at, at[2:], strict=False))
    ends = len(at) > 1 and at[0] == 0 and (not ends_at_one or at[-1] == 1)
    if not rises or not ends:
        raise RefusedValueError(
            "points must rise from a share of 0 to a share of 1 (with demand count, from 0), at most two "
            "at one share, such as [[0, 0], [0.5, 1], [1, 0.6]]",
            "points ska stiga från andelen 0 till andelen 1 (med demand count, från 0), högst två vid "
            "samma andel, såsom [[0, 0], [0.5, 1], [1, 0.6]]",
        )
    if max(map(abs, values)) > WORST:
        raise RefusedValueError(
            f"points are worth {-WORST:g} to {WORST:g}", f"points är värda {-WORST:g} till {WORST:g}"
        )
