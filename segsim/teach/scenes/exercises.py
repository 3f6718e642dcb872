"""Exercises on the city: what may be decided, what is guessed before it is seen, what is then looked at.

An exercise is two cities from one start and one seed: one goes on as today, in the other something is
decided. Nothing of how it ends stands here; the model tells.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from segsim.teach.scenes.settings import Settings

Values = dict[str, Any]
Decide = Callable[[Settings], Values]
"""From how much of it there is to what it changes in the scenario, by dotted key."""

YEARS = 10
"""Years from the decision to the answer."""

FOLLOWED = "followed"
"""What the place is called whose people are followed."""

FREE: Values = {
    "rules.housing.public_allocation": "lottery",
    "rules.housing.public_income_floor": 0.0,
    "rules.housing.private_income_floor": 0.0,
    "rules.housing.private_queue_weight": 0.0,
    "rules.housing.private_income_weight": 0.0,
    "rules.housing.illegal_share_public": 0.0,
    "rules.housing.illegal_share_private": 0.0,
    "rules.housing.loan_to_value": 1.0,
    "rules.housing.loan_to_income": 20.0,
    "preferences.housing.burden": 0.0,
    "preferences.housing.ownership": 0.0,
    "preferences.housing.income_similarity": 0.0,
    "preferences.housing.education_similarity": 0.0,
}
"""A city without tenure: everybody may have any home, whatever it costs, and only likeness counts."""

WEAKEST, STRONGEST = 0.2, 0.4
"""Residents of the weakest areas that are meant, and of those with the best conditions."""

GROWING: Values = {
    "rules.housing.construction.share_of_stock": 0.0055,  # A, housing starts in Sweden 2023-24
    "preferences.demography.population_follows": "housing",
}
"""What a city needs for plans to act on: homes are built, and newcomers fill them."""


class CurveMeasure(NamedTuple):
    """A measure of the city that curves show: its name in readings, and where it stands among the rows."""

    key: str
    measure: str
    grouping: str
    level: str
    unit: str = ""


class Exercise(NamedTuple):
    """One question put to the city.

    Attributes
    ----------
    decisions : mapping of str to callable
        What may be decided, by the word of the setting.
    scaled : frozenset of str
        Decisions of which there may be more or less.
    quantities : tuple of CurveMeasure
        What is read of both cities.
    asked, by : str, float
        Key of the measure whose change is guessed, and the smallest difference that is called one; about
        twice the standard deviation of differences over seeds.
    """

    decisions: Mapping[str, Decide]
    scaled: frozenset[str]
    quantities: tuple[CurveMeasure, ...]
    asked: str
    by: float


def put_policy(kind: str, **settings: Any) -> Values:
    """Return a policy from the year after the start as the scenario takes it."""
    return {"policies": [{kind: {"from": 2023, **settings}}]}


def put_project(settings: Settings, **period: int) -> Values:
    """Return a programme for foreign-born women without work in the weakest areas."""
    return put_policy(
        "employment_foreign_born_women",
        level="intensive",
        participants_per_1000=round(1000 * settings.amount),
        highest_education="long_post_secondary",
        areas={"weakest": WEAKEST},
        **period,
    )


D_HOMES = CurveMeasure("D_homes", "D", "background", "area")

BUILD_OR_SELL = Exercise(
    decisions={
        "rentals_sold": lambda s: put_policy("tenure_conversion", share_per_year=0.1 * s.amount),
        "more_homes": lambda s: put_policy("new_construction", share_of_stock=0.02 * s.amount),
        "rentals_beside_owned": lambda s: put_policy(
            "new_construction",
            share_of_stock=0.02 * s.amount,
            areas={"strongest": STRONGEST},
            tenure_shares={"public_rental": 1.0},
        ),
        "tenure_in_plans": lambda s: put_policy(
            "tenure_in_detailed_plans", areas={"strongest": STRONGEST}, shares={"public_rental": s.amount}
        ),
        "queue_by_need": lambda s: put_policy("allocation", public_allocation="need"),
        "queue_by_lot": lambda s: put_policy("allocation", public_allocation="lottery"),
    },
    scaled=frozenset({"more_homes", "rentals_beside_owned", "tenure_in_plans", "rentals_sold"}),
    quantities=(
        D_HOMES,
        CurveMeasure("D_tenure", "D", "tenure", "area"),
        CurveMeasure("queue_years", "queue_years", "", "municipality"),
    ),
    asked="D_homes",
    by=0.02,
)

HOME_OR_CHOICE = Exercise(
    decisions={
        "everybody_chooses": lambda s: put_policy("admission_rule", mandatory_choice=True),
        "lottery": lambda s: put_policy("admission_rule", lottery_share=s.amount, common_system=True),
        "quota": lambda s: put_policy(
            "admission_rule", ses_quota=True, quota_tolerance=0.1, common_system=True
        ),
        "redrawn_catchments": lambda s: put_policy("catchment_redraw", trait="background"),
    },
    scaled=frozenset({"lottery"}),
    quantities=(
        CurveMeasure("D_schools", "D", "background", "school"),
        CurveMeasure("D_nearest", "D_nearest", "background", "school"),
        CurveMeasure("ses_between", "ses_between", "", "school"),
        D_HOMES,
    ),
    asked="D_schools",
    by=0.03,
)

WISH_OR_RULE = Exercise(
    decisions={
        "no_wish": lambda s: {"preferences.housing.own_group": s.own_group * (1 - s.amount)},
        "no_rules": lambda s: dict(FREE),
        "neither": lambda s: FREE | {"preferences.housing.own_group": 0.0},
    },
    scaled=frozenset({"no_wish"}),
    quantities=(D_HOMES, CurveMeasure("D_incomes", "D", "income.low", "area")),
    asked="D_homes",
    by=0.02,
)

PLACE_OR_PEOPLE = Exercise(
    decisions={
        "three_years": lambda s: put_project(s, until=2025),
        "all_years": lambda s: put_project(s),
    },
    scaled=frozenset({"three_years", "all_years"}),
    quantities=(
        CurveMeasure("people", "people", "employed", "area", FOLLOWED),
        CurveMeasure("place", "place", "employed", "area", FOLLOWED),
        CurveMeasure("stayed", "people_stayed", "", "area", FOLLOWED),
    ),
    asked="place",
    by=0.01,
)

EXERCISES: dict[str, Exercise] = {
    "build_or_sell": BUILD_OR_SELL,
    "home_or_choice": HOME_OR_CHOICE,
    "wish_or_rule": WISH_OR_RULE,
    "place_or_people": PLACE_OR_PEOPLE,
}
"""Exercises by the name of their lesson."""


def exercise_values(settings: Settings, is_decided: bool) -> Values:
    """Return what an exercise changes in its city, by dotted key, with what is decided or without it."""
    exercise = EXERCISES[settings.preset]
    measures = {
        "names": sorted({quantity.measure for quantity in exercise.quantities}),
        "profiles_every": 0,
        "follow": [{"name": FOLLOWED, "areas": {"weakest": WEAKEST}}],
    }
    decided = exercise.decisions[settings.decision](settings) if is_decided else {}
    return GROWING | {"preferences.housing.own_group": settings.own_group, "measures": measures} | decided
