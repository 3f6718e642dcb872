"""The one-at-a-time mode: the switches on which the classic models of segregation differ."""

from typing import Literal, Self

from pydantic import Field, model_validator

from segsim.section import Section

MOST = 100_000_000  # larger whole numbers are slips of the hand


class Individual(Section):
    """How the threshold or peak of a taste differs between households.

    Each household keeps its own value for good. With `exact` the values lie evenly over the distribution, in
    order of household; without, each household draws its own.
    """

    distribution: Literal["uniform", "normal", "linear_tolerance"] = Field(
        "uniform",
        description="uniform from low to high; normal with mean and sd, cut at 0 and 1; linear_tolerance is "
        "Schelling's schedule (1971, p. 167): the n-th most tolerant of N bears a ratio of others to own of "
        "R0 (1 - n/N), so its threshold is 1 / (1 + R0 (1 - n/N)).",
    )
    low: float = Field(0.0, ge=0, le=1, description="Lowest value of the uniform distribution, share.")
    high: float = Field(1.0, ge=0, le=1, description="Highest value of the uniform distribution, share.")
    mean: float = Field(0.5, ge=0, le=1, description="Mean of the normal distribution, share.")
    sd: float = Field(0.1, ge=0, le=1, description="Standard deviation of the normal distribution, share.")
    most_tolerant: float = Field(
        2.0, gt=0, le=1000, description="R0: ratio of others to own that the most tolerant household bears."
    )
    exact: bool = Field(False, description="Spread the values evenly instead of drawing them.")

    @model_validator(mode="after")
    def _low_below_high(self) -> Self:
        if self.low > self.high:
            raise ValueError(f"low ({self.low:g}) is above high ({self.high:g})")
        return self


class Utility(Section):
    """What the share of like people around is worth, from 0 to 1."""

    shape: Literal["threshold", "linear", "single_peaked", "stairs"] = Field(
        "threshold",
        description="threshold: 1 from `threshold` upwards, else `below`; linear: the share itself; "
        "single_peaked: `at_none` at 0, 1 at `peak`, `at_all` at 1, straight between (a peak with unlike "
        "flanks is asymmetric; at_all 1 is a plateau); stairs: the share rounded down to 1/steps.",
    )
    threshold: float = Field(
        0.5, ge=0, le=MOST, description="Share wanted, 0 to 1; with demand count, the number wanted."
    )
    below: float = Field(0.0, ge=0, le=1, description="Utility below the threshold.")
    rounding: Literal["up", "nearest"] = Field(
        "up",
        description="How the threshold becomes a number of like people among so many: rounded up, so that "
        "the share is met; or to the nearest, a half upwards (Schelling 1971).",
    )
    peak: float = Field(0.5, ge=0, le=1, description="Share liked best (f, x0 in the literature).")
    at_all: float = Field(0.0, ge=0, le=1, description="Utility when all are alike (M in the literature).")
    at_none: float = Field(0.0, ge=0, le=1, description="Utility when none is alike.")
    steps: int = Field(10, ge=1, le=1000, description="Steps of the stairs.")
    demand: Literal["occupied", "places", "count"] = Field(
        "occupied",
        description="What the like are measured against: those who live around; all squares around, so "
        "that a vacancy counts against; or nothing, their number itself (only with shape threshold).",
    )
    if_empty: float = Field(
        1.0, ge=0, le=1, description="Utility where nobody lives around; with demand occupied only."
    )
    weight: float = Field(1.0, ge=0, le=1000, description="Weight in the sum over traits.")
    individual: Individual | None = Field(
        None, description="How the threshold (or the peak) differs between households; none if it does not."
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.demand == "count" and self.shape != "threshold":
            raise ValueError("demand count goes with shape threshold only; choose occupied or places")
        if self.rounding == "nearest" and (self.shape != "threshold" or self.demand == "count"):
            raise ValueError("rounding goes with shape threshold of a share")
        if self.demand != "count" and self.threshold > 1:
            raise ValueError(
                f"threshold is a share from 0 to 1, found {self.threshold:g}; for a number of like "
                "households write demand: count"
            )
        if self.individual is not None and self.shape not in ("threshold", "single_peaked"):
            raise ValueError(f"shape {self.shape} has no threshold or peak that could differ by household")
        if self.individual is not None and self.demand == "count":
            raise ValueError("individual thresholds are shares; they do not go with demand count")
        return self


class Taste(Section):
    """What some households want: a utility over one trait, or a weighted sum over several."""

    groups: tuple[str, ...] = Field((), description="Groups whose households may have it; empty is all.")
    share: float | None = Field(
        None,
        ge=0,
        le=1,
        description="Share of those households that have it, drawn for each; none is what others leave.",
    )
    utility: Utility | None = Field(None, description="Utility of the share of the own group.")
    traits: dict[str, Utility] = Field({}, description="Utility by trait, added up with their weights.")

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if (self.utility is None) == (not self.traits):
            raise ValueError("a taste has either utility or traits, one of the two")
        return self


Traits = dict[str, dict[str, tuple[str, ...]]]


class Likeness(Section):
    """What people want of those around them; housing and schools share it."""

    utility: Utility = Field(Utility(), description="What everyone wants, unless `tastes` says otherwise.")
    tastes: dict[str, Taste] = Field(
        {}, description="Tastes by name, for groups, for shares of households, or over several traits."
    )
    traits: Traits = Field(
        {},
        description="What counts as alike besides the group itself (the trait `group`): by trait, categories "
        "and the groups in each. Households with two traits are groups of their crossing.",
    )

    @model_validator(mode="after")
    def _traits_known(self) -> Self:
        for name, taste in self.tastes.items():
            for trait in taste.traits:
                if trait != "group" and trait not in self.traits:
                    known = ", ".join(["group", *self.traits])
                    raise ValueError(
                        f'taste "{name}" looks at "{trait}", which is no trait; there is {known}'
                    )
        for trait, categories in self.traits.items():
            if trait == "group":
                raise ValueError('the trait "group" is always there and cannot be defined')
            placed = [group for groups in categories.values() for group in groups]
            if twice := sorted({group for group in placed if placed.count(group) > 1}):
                raise ValueError(f'trait {trait}: group "{twice[0]}" is in two categories')
        return self

    @model_validator(mode="after")
    def _shares_leave_room(self) -> Self:
        groups = {group for taste in self.tastes.values() for group in taste.groups} | {"every other group"}
        for group in sorted(groups):
            mine = [t for t in self.tastes.values() if not t.groups or group in t.groups]
            total = sum(t.share or 0.0 for t in mine)
            open_ended = [t for t in mine if t.share is None]
            if total > 1 + 1e-9:
                raise ValueError(f"tastes of {group}: their shares sum to {total:g}, more than 1")
            if len(open_ended) > 1:
                raise ValueError(f"tastes of {group}: only one of them may be without a share (the rest)")
        return self


class Neighbourhood(Section):
    """Whom a household counts as its neighbours."""

    shape: Literal["moore", "von_neumann", "euclidean", "box", "areas"] = Field(
        "moore",
        description="moore: squares up to `radius` away along rows and columns; von_neumann: up to `radius` "
        "steps; euclidean: within `radius` as the crow flies; box: `height` x `width` squares around the "
        "household; areas: everyone in the same block of the grid. On a line: `radius` places either way.",
    )
    radius: float = Field(1.0, ge=1, le=1000, description="Radius, squares (whole except for euclidean).")
    height: int = Field(3, ge=1, le=2001, description="Rows of the box, odd.")
    width: int = Field(3, ge=1, le=2001, description="Columns of the box, odd.")
    counts_self: Literal["never", "always", "at_home"] = Field(
        "never",
        description="Whether a household counts itself among its neighbours: never; always, at home and at "
        "every square it considers; at_home: it counts whoever lives around now, so itself at home and where "
        "its home is in view.",
    )
    neighbour_weight: float = Field(
        0.0, ge=0, le=1, description="With shape areas: weight of those who live in adjacent areas."
    )

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.shape in ("moore", "von_neumann") and self.radius != int(self.radius):
            raise ValueError(f"radius must be whole for shape {self.shape}, found {self.radius:g}")
        if self.shape == "box" and (self.height % 2 == 0 or self.width % 2 == 0):
            raise ValueError(f"a box around a household has odd sides, found {self.height} x {self.width}")
        if self.neighbour_weight and self.shape != "areas":
            raise ValueError("neighbour_weight goes with shape areas only")
        return self

    @property
    def reach(self) -> tuple[int, int]:
        """Rows and columns the neighbourhood reaches from its middle; 0, 0 for areas."""
        if self.shape == "areas":
            return 0, 0
        if self.shape == "box":
            return self.height // 2, self.width // 2
        return int(self.radius), int(self.radius)


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


class Candidates(Section):
    """Where a household looks."""

    squares: Literal["random_vacancies", "all_vacancies", "nearest_satisfactory", "local_jump", "swap"] = (
        Field(
            "random_vacancies",
            description="random_vacancies: `number` of them; all_vacancies; nearest_satisfactory: the "
            "vacancy that satisfies fewest steps along rows and columns away, ties evenly; local_jump: "
            "random jumps up to `reach` squares long, each from where the last ended, to the first vacancy "
            "(NetLogo); swap: the homes of `number` random households of other groups, to swap with. "
            "On a line: all places between two households (all_vacancies), `number` of them, or the "
            "nearest that satisfies.",
        )
    )
    number: int = Field(1, ge=1, le=MOST, description="How many are seen.")
    distinct: bool = Field(True, description="Whether no vacancy is seen twice.")
    staying: bool = Field(
        True, description="Whether the present home is among the candidates (best response and logit)."
    )
    reach: float = Field(10.0, gt=0, le=10_000, description="Longest local jump, squares.")


class Decision(Section):
    """How a household decides."""

    kind: Literal["threshold", "best_response", "logit"] = Field(
        "threshold",
        description="threshold: the unsatisfied move, as `destination` says; best_response: to the candidate "
        "of highest utility, ties evenly; logit: to a candidate with probability in proportion to "
        "exp(beta x utility).",
    )
    satisfied_at: float = Field(
        1.0, ge=0, le=1000, description="Utility from which a household is satisfied."
    )
    destination: Literal["any_vacancy", "first_satisfactory", "random_satisfactory"] = Field(
        "first_satisfactory",
        description="Threshold rule: any candidate, the first seen that satisfies, or a random one of those.",
    )
    if_none: Literal["stay", "any_vacancy"] = Field(
        "stay", description="Threshold rule: what a household does that sees nothing satisfactory."
    )
    only_unsatisfied: bool = Field(
        False,
        description="Best response and logit: whether only the unsatisfied look (threshold: always).",
    )
    beta: float = Field(1.0, ge=0, le=1e6, description="Logit scale, 1 / utility; 0 is chance alone.")
    ties_with_home: bool = Field(
        False,
        description="Best response: whether home takes part in a tie like any candidate; if not, a household "
        "moves for a gain only.",
    )
    minimum_improvement: float = Field(
        0.0,
        ge=0,
        le=1000,
        description="Best response and logit: utility by which staying is better than its surroundings "
        "(the cost of moving).",
    )
    restless: float = Field(
        0.0, ge=0, le=1, description="Probability that a satisfied household moves too when its turn comes."
    )
    restless_goes: Literal["anywhere", "as_others"] = Field(
        "anywhere",
        description="Where it then goes: to a random one of the vacancies seen, or to the one the rule "
        "names.",
    )
    altruism: float = Field(
        0.0,
        ge=0,
        le=1,
        description="Logit and best response: weight of the change in everybody else's utility (Grauwin et "
        "al. 2009: 0 selfish, 1 for the common good).",
    )


class OneAtATime(Likeness):
    """Households act one after another and see at once what the one before did.

    Defaults are assumed (C); each classic scenario sets its own and says what its paper did.
    """

    neighbourhood: Neighbourhood = Neighbourhood()
    activation: Activation = Activation()
    candidates: Candidates = Candidates()
    rule: Decision = Decision()
    first_step: int = Field(1, ge=1, le=MOST, description="First step in which households move.")
    last_step: int | None = Field(
        None, ge=0, le=MOST, description="Last step in which households move; none is the end, 0 is never."
    )
    stop: Literal["never", "all_satisfied", "nobody_moved"] = Field(
        "never", description="When the run is over before its years are."
    )
    measure_every: int = Field(
        0,
        ge=0,
        le=MOST,
        description="Steps between measurements; 0 measures at the start, at the end and when somebody asks, "
        "so that a step costs nothing else.",
    )

    @model_validator(mode="after")
    def _rule_fits_candidates(self) -> Self:
        rule, seen = self.rule, self.candidates.squares
        if seen == "nearest_satisfactory" and rule.kind != "threshold":
            raise ValueError("candidates nearest_satisfactory go with rule threshold only")
        if rule.altruism and rule.kind == "threshold":
            raise ValueError(
                "altruism goes with rule logit or best_response; threshold looks at oneself only"
            )
        if rule.altruism and seen == "swap":
            raise ValueError("altruism does not go with candidates swap")
        if rule.restless and self.activation.households in ("unsatisfied_only", "unsatisfied_at_start"):
            raise ValueError("restless households are satisfied, but activation takes only the unsatisfied")
        if rule.restless and rule.kind != "threshold" and not rule.only_unsatisfied:
            raise ValueError("restless goes with only_unsatisfied: true, else everyone looks anyway")
        return self


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
    rule: Literal["threshold", "best_response", "logit"] = Field(
        "logit",
        description="threshold: those under satisfied_at take the school of highest utility with a seat "
        "left; best_response: everyone does; logit: with probability in proportion to exp(beta x utility).",
    )
    beta: float = Field(1.0, ge=0, le=1e6, description="Logit scale, 1 / utility.")
    satisfied_at: float = Field(
        1.0, ge=0, le=1000, description="Utility from which a household keeps the nearest school."
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

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.admission != "in_turn" and self.rule == "logit":
            raise ValueError(
                f"admission {self.admission} needs ranked lists: rule best_response or threshold"
            )
        if self.admission != "in_turn" and self.composition == "live":
            raise ValueError(f"admission {self.admission} goes with composition last_step")
        if self.admission == "lottery" and self.rule != "threshold":
            raise ValueError("admission lottery is for those who want to change: rule threshold")
        if self.activation.households not in ("all_in_order", "random_with_replacement"):
            raise ValueError("schooling takes activation all_in_order or random_with_replacement")
        return self
