"""Whose turn it is on an abstract board."""

from typing import Literal

from pydantic import Field

from segsim.rules.board.tastes import MOST
from segsim.section import Section


class Activation(Section):
    """Whose turn it is."""

    households: Literal[
        "all_in_order",
        "random_with_replacement",
        "unsatisfied_only",
        "one_of_each_group",
        "unsatisfied_at_start",
    ] = Field(
        "all_in_order",
        description="all_in_order: each household once a step, in `order`; random_with_replacement: a random "
        "household at each turn; unsatisfied_only: a random one among those unsatisfied just then; "
        "one_of_each_group: a random household of each group in turn; unsatisfied_at_start: each of those "
        "unsatisfied when the step began, once, in `order`.",
    )
    number: int | None = Field(
        None, ge=1, le=MOST, description="Turns in a step; none means as many as there are households."
    )
    order: Literal["random", "reading", "centre_outward"] = Field(
        "random",
        description="Order of turns where a step goes through a list: at random anew each step, row by "
        "row, or from the middle of the board outwards.",
    )
    recheck: bool = Field(
        False,
        description="With unsatisfied_at_start: whether a household that has become satisfied before its "
        "turn stays.",
    )
