"""Which curves a lesson shows: by scene, by exercise, and of the household that is followed."""

from segsim.teach.scenes.images import BLUE
from segsim.teach.scenes.settings import Settings

GREY, RUST, PINE, VIOLET = "#59636e", "#B4540A", "#00795A", "#7A3E9D"

Line = tuple[str, str, bool]
"""Reading, colour, and whether it is dashed: what is only compared with."""

Chart = tuple[str, str, tuple[float, float], tuple[Line, ...]]
"""Title, how numbers are written, the range shown at least, and the lines."""

CHARTS: dict[str, tuple[Chart, ...]] = {
    "board": (
        ("own_share", "percent", (0, 1), (("own_share", BLUE, False), ("own_share_chance", GREY, True))),
        ("D", "number", (0, 1), (("D", RUST, False), ("D_chance", GREY, True))),
        ("satisfied", "percent", (0, 1), (("satisfied", PINE, False),)),
    ),
    "schools": (
        (
            "own_share_school",
            "percent",
            (0, 1),
            (("own_share", BLUE, False), ("own_share_chance", GREY, True)),
        ),
        (
            "D_school",
            "number",
            (0, 1),
            (("D", RUST, False), ("D_homes", PINE, False), ("D_chance", GREY, True)),
        ),
        ("nearest", "percent", (0, 1), (("nearest", PINE, False),)),
    ),
    "league": (
        ("means", "number", (0, 1), (("mean_a", BLUE, False), ("mean_b", RUST, False))),
        ("added", "number", (-0.05, 0.05), (("added_a", BLUE, False), ("added_b", RUST, False))),
    ),
    "city": (
        ("own_share_city", "percent", (0, 1), (("own_share", BLUE, False), ("own_share_chance", GREY, True))),
        (
            "D_city",
            "number",
            (0, 1),
            (
                ("D", RUST, False),
                ("D_whole", VIOLET, False),
                ("D_schools", PINE, False),
                ("D_chance", GREY, True),
            ),
        ),
        ("moved", "percent", (0, 0.2), (("moved", PINE, False),)),
    ),
    "admission": (),
}
"""Charts by scene, those of exercises excepted."""


def compare_with_today(key: str, form: str, span: tuple[float, float], colour: str) -> Chart:
    """Return the chart of a quantity with what is decided, and dashed as today."""
    return key, form, span, ((key, colour, False), (f"{key}_today", GREY, True))


EXERCISE_CHARTS: dict[str, tuple[Chart, ...]] = {
    "wish_or_rule": (
        compare_with_today("D_homes", "number", (0, 1), RUST),
        ("difference", "number", (-0.05, 0.05), (("D_homes_difference", RUST, False),)),
        compare_with_today("D_incomes", "number", (0, 1), PINE),
    ),
    "build_or_sell": (
        compare_with_today("D_homes", "number", (0, 1), RUST),
        ("difference", "number", (-0.05, 0.05), (("D_homes_difference", RUST, False),)),
        compare_with_today("D_tenure", "number", (0, 1), VIOLET),
        compare_with_today("queue_years", "tenths", (0, 10), BLUE),
    ),
    "home_or_choice": (
        (
            "D_schools",
            "number",
            (0, 1),
            (("D_schools", RUST, False), ("D_nearest", PINE, False), ("D_schools_today", GREY, True)),
        ),
        ("difference", "number", (-0.05, 0.05), (("D_schools_difference", RUST, False),)),
        compare_with_today("ses_between", "percent", (0, 0.2), VIOLET),
    ),
    "place_or_people": (
        (
            "employed",
            "percent",
            (0.5, 0.8),
            (
                ("people", BLUE, False),
                ("people_today", BLUE, True),
                ("place", RUST, False),
                ("place_today", RUST, True),
            ),
        ),
        (
            "difference_points",
            "points",
            (-0.02, 0.02),
            (("people_difference", BLUE, False), ("place_difference", RUST, False)),
        ),
        compare_with_today("stayed", "percent", (0, 1), PINE),
    ),
}
"""Charts by exercise; the quantity that is guessed comes first, then its difference."""

LIFE_CHARTS: tuple[Chart, ...] = (
    ("life_foreign", "percent", (0, 1), (("life_foreign", BLUE, False), ("life_foreign_today", GREY, True))),
    (
        "life_standard",
        "whole",
        (0, 400),
        (("life_standard", RUST, False), ("life_standard_today", GREY, True)),
    ),
)
"""Charts of the household that is followed, in the left city and dashed in the right one."""


def list_charts(settings: Settings) -> tuple[Chart, ...]:
    """Return the charts of a lesson."""
    charts = EXERCISE_CHARTS[settings.preset] if settings.scene == "policy" else CHARTS[settings.scene]
    return charts + (LIFE_CHARTS if settings.household else ())
