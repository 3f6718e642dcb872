"""From what is on screen to a scenario, and to the file that `segsim run` takes."""

from typing import Any

from segsim.scenario import Scenario, load_scenario
from segsim.scenario.export.writing import yaml_text
from segsim.scenario.names.dotted_keys import nest_values
from segsim.teach.scenes.exercises import FREE, YEARS, exercise_values
from segsim.teach.scenes.settings import Settings
from segsim.words.words import Words

GROUPS = ("blue", "orange", "green", "purple")
"""What the groups of a board are called: by their colours on screen."""

MEASURES = {
    "names": ("D", "D_expected", "D_adjusted", "H", "V", "isolation", "exposure"),
    "groupings": ("origin",),
}
SOME = 20
STEPS_OF_FILE = 100
YEARS_OF_FILE = 20
ENDLESS = 10_000_000

SCENARIO_SCENES = ("board", "schools", "city", "policy")
"""Scenes that are scenarios; the others are examples of a single rule."""

STAGES: tuple[tuple[str, ...], ...] = (
    (),
    (
        "rules.housing.public_income_floor",
        "rules.housing.private_income_floor",
        "rules.housing.private_income_weight",
        "preferences.housing.burden",
    ),
    ("rules.housing.loan_to_value", "rules.housing.loan_to_income", "preferences.housing.ownership"),
    (
        "rules.housing.public_allocation",
        "rules.housing.private_queue_weight",
        "rules.housing.illegal_share_public",
        "rules.housing.illegal_share_private",
    ),
    ("preferences.housing.income_similarity", "preferences.housing.education_similarity"),
)
"""What each stage gives back to the city: landlords' demands, mortgages, queues, tastes for income."""


def scenario_from_settings(settings: Settings, years: int = ENDLESS) -> Scenario:
    """Return the scenario on screen.

    Raises
    ------
    ScenarioError
        If it cannot be, such as a neighbourhood larger than the board.
    """
    if settings.scene == "policy":
        return load_scenario(settings.town, exercise_values(settings, True) | {"years": YEARS})
    if settings.scene == "city":
        return load_scenario(settings.town, city_values(settings) | {"years": min(years, YEARS_OF_FILE)})
    return load_scenario("schelling", board_values(settings) | {"years": years})


def board_values(settings: Settings) -> dict[str, Any]:
    """Return the scenario of a board, by top-level key."""
    names = GROUPS[: len(settings.shares)]
    grid: dict[str, Any] = {
        "rows": settings.rows,
        "columns": settings.columns,
        "torus": settings.torus == "yes",
        "placement": settings.start,
        "vacancy": round(1 - settings.density, 4),
        "shares": {name: share / 100 for name, share in zip(names, settings.shares, strict=True)},
        "blocks": {"height": block_side(settings.rows), "width": block_side(settings.columns)},
    }
    in_schools = settings.scene == "schools"
    preferences: dict[str, Any] = {"housing": {"one_at_a_time": homes_mode(settings)}}
    if in_schools:
        grid["schools"] = {"number": settings.schools, "placement": "random"}
        preferences["schools"] = {"one_at_a_time": schools_mode(settings)}
    return {
        "city": {"grid": grid},
        "groups": tuple({"name": name} for name in names),
        "start": 0,
        "steps": ("schools", "housing") if in_schools else ("housing",),
        "preferences": preferences,
        "measures": MEASURES | {"levels": ("area", "school") if in_schools else ("area",)},
    }


def block_side(squares: int) -> int:
    """Return the side of the blocks over which D is taken: about ten blocks along a side of the board."""
    return max(3, round(squares / 10))


def homes_mode(settings: Settings) -> dict[str, Any]:
    """Return how households choose homes."""
    rule: dict[str, Any] = {"kind": settings.rule, "satisfied_at": contentment_level(settings)}
    if settings.rule == "logit":
        rule["beta"] = settings.beta
    if settings.rule == "threshold":
        rule["destination"] = {"one": "any_vacancy", "nearest": "first_satisfactory"}.get(
            settings.candidates, "random_satisfactory"
        )
    mode: dict[str, Any] = {
        "neighbourhood": {"shape": "moore", "radius": settings.radius},
        "utility": utility_values(settings),
        "activation": activation_values(settings),
        "candidates": candidates_values(settings),
        "rule": rule,
        "stop": stop_condition(settings),
    }
    if settings.scene == "schools":
        mode["last_step"] = settings.home_steps
    return mode


def contentment_level(settings: Settings) -> float:
    """Return the utility from which a household is satisfied: all of it where utility is yes or no."""
    return 1.0 if settings.utility == "threshold" else settings.content


def utility_values(settings: Settings) -> dict[str, Any]:
    """Return what the share of like neighbours is worth."""
    values: dict[str, Any] = {"shape": settings.utility}
    if settings.utility == "threshold":
        values["threshold"] = settings.wanted
    elif settings.utility == "single_peaked":
        values |= {"peak": settings.wanted, "at_all": settings.at_all}
    elif settings.utility == "linear":
        values["if_empty"] = 0.5
    return values


def activation_values(settings: Settings) -> dict[str, Any]:
    """Return whose turn it is."""
    if settings.rule == "threshold":
        recheck = settings.candidates != "one"
        return {"households": "unsatisfied_at_start", "order": "random", "recheck": recheck}
    chooses = "random_with_replacement" if settings.rule == "logit" else "all_in_order"
    return {"households": chooses, "order": "random"}


def candidates_values(settings: Settings) -> dict[str, Any]:
    """Return where a household looks."""
    if settings.candidates == "nearest":
        return {"squares": "nearest_satisfactory"}
    if settings.candidates == "all":
        return {"squares": "all_vacancies", "staying": True}
    number = 1 if settings.candidates == "one" else SOME
    return {"squares": "random_vacancies", "number": number, "distinct": False, "staying": True}


def stop_condition(settings: Settings) -> str:
    """Return when the run is over: where nobody will ever move again, never where chance may still act."""
    if settings.rule != "threshold" or settings.scene == "schools":
        return "never"
    return "all_satisfied" if settings.candidates == "some" else "nobody_moved"


def schools_mode(settings: Settings) -> dict[str, Any]:
    """Return how households reconsider the school: by who goes there and how near it is (Cobb-Douglas)."""
    return {
        "after_housing": True,
        "composition": "live",
        "counts_self": True,
        "utility": utility_values(settings),
        "activation": {
            "households": "all_in_order",
            "order": "random",
            "number": max(1, settings.n_households // 10),
        },
        "distance": {
            "form": "cobb_douglas",
            "composition_weight": settings.composition_weight,
            "nearness": "of_longest",
        },
        "seats": {"kind": "times_mean", "factor": 2.1},
        "rule": "logit",
        "beta": settings.beta,
    }


def city_values(settings: Settings) -> dict[str, Any]:
    """Return what a stage takes from the city, by dotted key."""
    given_back = {key for stage in STAGES[: settings.stage + 1] for key in stage}
    values = {key: value for key, value in FREE.items() if key not in given_back}
    return values | {
        "preferences.housing.own_group": settings.own_group,
        "measures.names": ("D", "D_expected", "H", "isolation"),
        "measures.groupings": ("background",),
        "measures.levels": ("area", "school"),
        "measures.profiles_every": 0,
    }


def scenario_yaml(settings: Settings) -> str:
    """Return the file of what is on screen, which `segsim run` takes.

    Raises
    ------
    ValueError
        If what is on screen is no scenario.
    """
    if settings.scene not in SCENARIO_SCENES:
        raise ValueError(f"{settings.preset} is no scenario")
    english, swedish = Words("en", "classroom"), Words("sv", "classroom")
    name = f"preset.{settings.preset}"
    values: dict[str, Any] = {
        "label_en": english(f"{name}.title"),
        "label_sv": swedish(f"{name}.title"),
        "summary": english(f"{name}.summary"),
        "summary_sv": swedish(f"{name}.summary"),
    }
    if settings.scene == "policy":
        values = {"extends": settings.town} | values | nest_values(exercise_values(settings, True))
        return yaml_text(values | {"years": YEARS})
    if settings.scene == "city":
        values = {"extends": settings.town} | values | nest_values(city_values(settings))
        return yaml_text(values | {"years": YEARS_OF_FILE})
    return yaml_text(values | board_values(settings) | {"years": STEPS_OF_FILE})
