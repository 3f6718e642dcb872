"""How pupils of an abstract board choose a school, one at a time or in rounds."""

from typing import Literal, Self

from pydantic import Field, model_validator

from segsim.own import OwnPart
from segsim.rules.board.activation import Activation
from segsim.rules.board.tastes import MOST, Likeness
from segsim.rules.choice.own_function import OwnRule, refuse_lone_function
from segsim.rules.choice.points import WORST
from segsim.section import RefusedValueError, Section


class SchoolDistance(Section):
    """How the way to school counts beside who goes there."""

    form: Literal["none", "cobb_douglas", "linear"] = Field(
        "none",
        description="none: who goes there alone; cobb_douglas: V^w x N^(1-w) (Sage and Flache 2021); "
        "linear: w V + (1-w) N (Michailidis et al. 2024), with V the composition's utility, N nearness.",
    )
    composition_weight: float = Field(1.0, ge=0, le=1, description="w: weight of who goes there.")
    nearness: Literal["of_longest", "min_max"] = Field(
        "of_longest",
        description="N: (longest - d) / longest with the longest distance the board allows; or 1 at the "
        "household's nearest school and 0 at its furthest.",
    )


class ConsideredSchools(Section):
    """Which schools a household looks at."""

    share: float = Field(
        1.0, gt=0, le=1, description="Share of all schools, the nearest first, rounded down (at least 1)."
    )


class Seats(Section):
    """How many pupils a school takes."""

    kind: Literal["unlimited", "times_nearest", "times_mean"] = Field(
        "unlimited",
        description="unlimited; times_nearest: `factor` times the pupils that live nearest, rounded; "
        "times_mean: fewer than `factor` times the mean number of pupils.",
    )
    factor: float = Field(1.25, gt=0, le=1e6, description="Seats per pupil expected.")


class Reconsideration(Likeness):
    """Households reconsider the school one after another, or all in a round.

    Every household has one pupil, who starts in the nearest school. Defaults are assumed (C).
    """

    composition: Literal["live", "last_step"] = Field(
        "live",
        description="Whether a household sees who goes to a school just then, or at the last step's end.",
    )
    counts_self: bool = Field(
        True, description="Live composition: whether a pupil counts itself in the school it goes to."
    )
    new_households: bool = Field(
        False,
        description="Whether every step begins with new households, groups and homes drawn anew (years).",
    )
    activation: Activation = Activation()
    considered: ConsideredSchools = ConsideredSchools()
    distance: SchoolDistance = SchoolDistance()
    seats: Seats = Seats()
    rule: Literal["threshold", "best_response", "logit", "own"] = Field(
        "logit",
        description="threshold: those under satisfied_at take the school of highest utility with a seat "
        "left; best_response: everyone does; logit: with probability in proportion to exp(beta x utility); "
        "own: as the `function` says.",
    )
    function: OwnRule = Field(
        None,
        description="Of rule own: a function of the utilities of the schools considered that have a seat, "
        "the utility of staying and a draw on [0, 1), by module and name; it returns the place of one of the "
        "first, or -1 to stay.",
    )
    beta: float = Field(1.0, ge=0, le=1e6, description="Logit scale, 1 / utility.")
    satisfied_at: float = Field(
        1.0, ge=-WORST, le=1000, description="Utility from which a household keeps the nearest school."
    )
    satisfied_sd: float = Field(
        0.0, ge=0, le=10, description="Standard deviation over households and steps of satisfied_at (normal)."
    )
    admission: Literal["in_turn", "lottery", "serial_dictatorship"] = Field(
        "in_turn",
        description="in_turn: whoever acts takes a seat at once; lottery: those who want to change list the "
        "schools they consider, and place after place on the lists schools draw lots (ruloweb); "
        "serial_dictatorship: all seats are given anew, in random order.",
    )
    after_housing: bool = Field(
        False, description="Whether schooling waits until the housing step's last_step is over."
    )
    steps: int | None = Field(
        None, ge=0, le=MOST, description="Steps of reconsideration, from its first; none is to the end."
    )

    def list_functions(self) -> list[OwnPart]:
        """Return the own functions it asks."""
        return [*super().list_functions(), *([self.function] if self.function else [])]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.distance.form == "cobb_douglas" and min(u.lowest for u in self.list_utilities()) < 0:
            raise RefusedValueError(
                "cobb_douglas takes powers of utilities, so that none may be below 0 or of a function of "
                "one's own",
                "cobb_douglas tar potenser av nyttor, så ingen får vara under 0 eller ha en egen funktion",
            )
        refuse_lone_function(self.rule, self.function)
        if self.admission != "in_turn" and self.rule in ("logit", "own"):
            raise RefusedValueError(
                f"admission {self.admission} needs ranked lists: rule best_response or threshold",
                f"admission {self.admission} kräver rangordnade listor: rule best_response eller threshold",
            )
        if self.admission != "in_turn" and self.composition == "live":
            raise RefusedValueError(
                f"admission {self.admission} goes with composition last_step",
                f"admission {self.admission} hör ihop med composition last_step",
            )
        if self.admission == "lottery" and self.rule != "threshold":
            raise RefusedValueError(
                "admission lottery is for those who want to change: rule threshold",
                "admission lottery är för dem som vill byta: rule threshold",
            )
        if self.activation.households not in ("all_in_order", "random_with_replacement"):
            raise RefusedValueError(
                "schooling takes activation all_in_order or random_with_replacement",
                "schooling tar activation all_in_order eller random_with_replacement",
            )
        return self
