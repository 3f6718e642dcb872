"""What people of an abstract board want of those around them, at home and at school."""

from math import inf
from typing import Literal, Self

from pydantic import Field, model_validator

from segsim.own import OwnPart
from segsim.rules.choice.own_function import OwnUtility
from segsim.rules.choice.points import WORST, Points, refuse_wrong_points
from segsim.section import RefusedValueError, Section

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
            raise RefusedValueError(
                f"low ({self.low:g}) is above high ({self.high:g})",
                f"low ({self.low:g}) är över high ({self.high:g})",
            )
        return self


class Utility(Section):
    """What the share of like people around is worth; below 0 it is worse than nothing.

    Shapes with names are worth at most 1; a table of points or an own function as much as it says.
    """

    shape: Literal["threshold", "linear", "single_peaked", "stairs", "points", "own"] = Field(
        "threshold",
        description="threshold: 1 from `threshold` upwards, else `below`; linear: the share itself; "
        "single_peaked: `at_none` at 0, 1 at `peak`, `at_all` at 1, straight between (a peak with unlike "
        "flanks is asymmetric; at_all 1 is a plateau); stairs: the share rounded down to 1/steps; points: "
        "straight between the `points`; own: the `function`.",
    )
    threshold: float = Field(
        0.5, ge=0, le=MOST, description="Share wanted, 0 to 1; with demand count, the number wanted."
    )
    below: float = Field(0.0, ge=-WORST, le=1, description="Utility below the threshold.")
    rounding: Literal["up", "nearest"] = Field(
        "up",
        description="How the threshold becomes a number of like people among so many: rounded up, so that "
        "the share is met; or to the nearest, a half upwards (Schelling 1971).",
    )
    peak: float = Field(0.5, ge=0, le=1, description="Share liked best (f, x0 in the literature).")
    at_all: float = Field(
        0.0, ge=-WORST, le=1, description="Utility when all are alike (M in the literature)."
    )
    at_none: float = Field(0.0, ge=-WORST, le=1, description="Utility when none is alike.")
    past_peak: float | None = Field(
        None,
        ge=-WORST,
        le=1,
        description="Utility just past the peak of single_peaked, where it falls off a cliff and goes on "
        "straight to at_all; none is no cliff.",
    )
    steps: int = Field(10, ge=1, le=1000, description="Steps of the stairs.")
    points: Points = Field(
        (),
        max_length=1000,
        description="Of shape points: pairs of a share, rising from 0 to 1, and what it is worth. Two at one "
        "share are a step: the first holds there, the second from there on. With demand count, of numbers.",
    )
    function: OwnUtility = Field(
        None,
        description="Of shape own: a function of like households around, all of them, and the squares there "
        "are, by module and name (`tastes.wish`).",
    )
    demand: Literal["occupied", "places", "count"] = Field(
        "occupied",
        description="What the like are measured against: those who live around; all squares around, so "
        "that a vacancy counts against; or nothing, their number itself (shapes threshold and points). A "
        "function is told all three; with occupied, it is not asked where nobody lives around.",
    )
    if_empty: float = Field(
        1.0,
        ge=-WORST,
        le=1,
        description="Utility where nobody lives around; with demand occupied only. Below all others it makes "
        "an empty neighbourhood the worst.",
    )
    weight: float = Field(1.0, ge=0, le=1000, description="Weight in the sum over traits.")
    individual: Individual | None = Field(
        None, description="How the threshold (or the peak) differs between households; none if it does not."
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.demand == "count" and self.shape not in ("threshold", "points"):
            raise RefusedValueError(
                "demand count goes with shapes threshold and points only; choose occupied or places",
                "demand count hör bara ihop med shape threshold och points; välj occupied eller places",
            )
        if self.rounding == "nearest" and (self.shape != "threshold" or self.demand == "count"):
            raise RefusedValueError(
                "rounding nearest goes with shape threshold of a share; write rounding: up too, if it is "
                "inherited",
                "rounding nearest hör ihop med shape threshold för en andel; skriv även rounding: up, om det "
                "är ärvt",
            )
        if self.past_peak is not None and (self.shape != "single_peaked" or self.peak == 1):
            raise RefusedValueError(
                "past_peak goes with shape single_peaked and a peak below 1",
                "past_peak hör ihop med shape single_peaked och en peak under 1",
            )
        if self.demand != "count" and self.threshold > 1:
            raise RefusedValueError(
                f"threshold is a share from 0 to 1, found {self.threshold:g}; for a number of like "
                "households write demand: count",
                f"threshold är en andel från 0 till 1, här står {self.threshold:g}; skriv demand: count för "
                "ett antal likadana hushåll",
            )
        if self.individual is not None and self.shape not in ("threshold", "single_peaked"):
            raise RefusedValueError(
                f"shape {self.shape} has no threshold or peak that could differ by household",
                f"shape {self.shape} har ingen tröskel eller topp som kunde skilja mellan hushåll",
            )
        if self.individual is not None and self.demand == "count":
            raise RefusedValueError(
                "individual thresholds are shares; they do not go with demand count",
                "individuella trösklar är andelar; de går inte ihop med demand count",
            )
        return self

    @model_validator(mode="after")
    def _has_what_its_shape_takes(self) -> Self:
        for shape, key, given in (("points", "points", self.points), ("own", "function", self.function)):
            if (self.shape == shape) != bool(given):
                raise RefusedValueError(
                    f"{key} and shape {shape} go together; give both, or neither",
                    f"{key} och shape {shape} hör ihop; ange båda, eller ingen av dem",
                )
        if not self.points:
            return self
        refuse_wrong_points(self.points, ends_at_one=self.demand != "count")
        return self

    @property
    def lowest(self) -> float:
        """The least it can be worth; of an own function nobody knows."""
        of_shape = {
            "points": tuple(y for _, y in self.points),
            "own": (-inf,),
            "threshold": (self.below,),
            "single_peaked": (self.at_none, self.at_all, 1.0 if self.past_peak is None else self.past_peak),
        }
        return min(self.if_empty, *of_shape.get(self.shape, (0.0,)))


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
            raise RefusedValueError(
                "a taste has either utility or traits, one of the two",
                "en smak har antingen utility eller traits, en av de två",
            )
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

    def list_utilities(self) -> list[Utility]:
        """Return every utility that somebody may have."""
        utilities = [self.utility]
        for taste in self.tastes.values():
            utilities += [taste.utility] if taste.utility else list(taste.traits.values())
        return utilities

    def list_functions(self) -> list[OwnPart]:
        """Return the own functions it asks."""
        return [u.function for u in self.list_utilities() if u.function is not None]

    @model_validator(mode="after")
    def _traits_known(self) -> Self:
        for name, taste in self.tastes.items():
            for trait in taste.traits:
                if trait != "group" and trait not in self.traits:
                    known = ", ".join(["group", *self.traits])
                    raise RefusedValueError(
                        f'taste "{name}" looks at "{trait}", which is no trait; there is {known}',
                        f'smaken "{name}" ser till "{trait}", som inte är någon egenskap; det finns {known}',
                    )
        for trait, categories in self.traits.items():
            if trait == "group":
                raise RefusedValueError(
                    'the trait "group" is always there and cannot be defined',
                    'egenskapen "group" finns alltid och kan inte definieras',
                )
            placed = [group for groups in categories.values() for group in groups]
            if twice := sorted({group for group in placed if placed.count(group) > 1}):
                raise RefusedValueError(
                    f'trait {trait}: group "{twice[0]}" is in two categories',
                    f'egenskapen {trait}: gruppen "{twice[0]}" finns i två kategorier',
                )
        return self

    @model_validator(mode="after")
    def _shares_leave_room(self) -> Self:
        groups = {group for taste in self.tastes.values() for group in taste.groups} | {"every other group"}
        for group in sorted(groups):
            mine = [t for t in self.tastes.values() if not t.groups or group in t.groups]
            total = sum(t.share or 0.0 for t in mine)
            open_ended = [t for t in mine if t.share is None]
            if total > 1 + 1e-9:
                raise RefusedValueError(
                    f"tastes of {group}: their shares sum to {total:g}, more than 1",
                    f"smaker för {group}: deras andelar summerar till {total:g}, mer än 1",
                )
            if len(open_ended) > 1:
                raise RefusedValueError(
                    f"tastes of {group}: only one of them may be without a share (the rest)",
                    f"smaker för {group}: bara en av dem får sakna andel (resten)",
                )
        return self
