"""What is on screen: every setting of the page, read from a link and written to one."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, NamedTuple
from urllib.parse import urlencode

from segsim.sweden.tastes import read_tastes
from segsim.words.text import LANGUAGES, Language

Scene = Literal["board", "schools", "admission", "league", "city", "policy"]
MOST_GROUPS = 4
MOST_LOOKS = 20_000_000  # households times vacancies that a step may look at before it is slow to watch


class Number(NamedTuple):
    """A number of the page, its least and largest value and its step."""

    low: float
    high: float
    step: float


class Choice(NamedTuple):
    """A choice of the page among words."""

    words: tuple[str, ...]


class Shares(NamedTuple):
    """Shares of the groups, whole percent, written as 50-30-20."""


DECISIONS: dict[str, tuple[str, ...]] = {
    "build_or_sell": (
        "rentals_sold",
        "more_homes",
        "rentals_beside_owned",
        "tenure_in_plans",
        "queue_by_need",
        "queue_by_lot",
    ),
    "home_or_choice": ("everybody_chooses", "lottery", "quota", "redrawn_catchments"),
    "wish_or_rule": ("no_wish", "no_rules", "neither"),
    "place_or_people": ("three_years", "all_years"),
}
"""What may be decided in each exercise on the city, by the name of its lesson."""

LIMITS: dict[str, Number | Choice | Shares] = {
    "rows": Number(10, 500, 1),
    "columns": Number(10, 500, 1),
    "density": Number(0.2, 0.99, 0.01),
    "shares": Shares(),
    "torus": Choice(("no", "yes")),
    "start": Choice(("random", "sorted")),
    "utility": Choice(("threshold", "linear", "single_peaked", "stairs")),
    "wanted": Number(0.0, 1.0, 0.01),
    "at_all": Number(0.0, 1.0, 0.05),
    "content": Number(0.05, 1.0, 0.05),
    "radius": Number(1, 10, 1),
    "rule": Choice(("threshold", "best_response", "logit")),
    "beta": Number(0.0, 100.0, 0.5),
    "candidates": Choice(("nearest", "one", "some", "all")),
    "schools": Number(2, 60, 1),
    "composition_weight": Number(0.0, 1.0, 0.05),
    "home_steps": Number(0, 60, 1),
    "mechanism": Choice(("immediate", "deferred", "trading")),
    "list_1": Choice(("123", "132", "213", "231", "312", "321")),
    "list_2": Choice(("123", "132", "213", "231", "312", "321")),
    "list_3": Choice(("123", "132", "213", "231", "312", "321")),
    "impact_a": Number(-0.5, 0.5, 0.05),
    "impact_b": Number(-0.5, 0.5, 0.05),
    "sorting": Number(0.0, 1.0, 0.05),
    "town": Choice(("borlange", "sodertalje")),
    "stage": Number(0, 4, 1),
    "own_group": Number(0.0, 8.0, 0.1),
    "decision": Choice(tuple(word for words in DECISIONS.values() for word in words)),
    "amount": Number(0.1, 1.0, 0.1),
    "map": Choice(("background", "tenure")),
    "household": Number(0, 99, 1),
    "speed": Number(0, 6, 1),
    "seed": Number(1, 9999, 1),
}
"""What each setting may be."""

SPEEDS: tuple[float, ...] = (1, 2, 4, 8, 15, 30, 0)
"""Steps a second at each speed; 0 is as fast as they can be drawn."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that decides what is on screen but the language and what has happened so far."""

    preset: str
    scene: Scene = "board"
    rows: int = 50
    columns: int = 50
    density: float = 0.9
    shares: tuple[int, ...] = (50, 50)
    torus: str = "yes"
    start: str = "random"
    utility: str = "threshold"
    wanted: float = 0.5
    at_all: float = 0.5
    content: float = 0.8
    radius: int = 1
    rule: str = "threshold"
    beta: float = 10.0
    candidates: str = "one"
    schools: int = 16
    composition_weight: float = 0.5
    home_steps: int = 0
    mechanism: str = "immediate"
    list_1: str = "213"
    list_2: str = "123"
    list_3: str = "123"
    impact_a: float = 0.0
    impact_b: float = 0.0
    sorting: float = 0.5
    town: str = "borlange"
    stage: int = 0
    own_group: float = read_tastes("2081")["preferences.housing.own_group"]  # Borlänge's
    decision: str = "rentals_sold"
    amount: float = 1.0
    map: str = "background"
    household: int = 0
    speed: int = 2
    seed: int = 1

    @property
    def n_households(self) -> int:
        """Households on the board."""
        return self.rows * self.columns - round((1 - self.density) * self.rows * self.columns)

    def with_(self, **changes: Any) -> "Settings":
        """Return other settings, made to fit each other."""
        return fit_settings(replace(self, **changes))


def fit_settings(settings: Settings) -> Settings:
    """Return the nearest settings that go together.

    An exercise has decisions of its own. Only the unsatisfied can look for the nearest place that satisfies;
    on a torus a neighbourhood must not meet itself; looking at every vacancy is for boards on which a step
    can be watched.
    """
    changes: dict[str, Any] = {}
    if settings.rule != "threshold" and settings.candidates in ("nearest", "one"):
        changes["candidates"] = "some"
    n = settings.n_households
    if settings.candidates == "all" and n * (settings.rows * settings.columns - n) > MOST_LOOKS:
        changes["candidates"] = "some"
    if settings.scene == "policy" and settings.decision not in DECISIONS[settings.preset]:
        changes["decision"] = DECISIONS[settings.preset][0]
    if settings.scene in ("board", "schools"):
        changes["radius"] = min(settings.radius, (min(settings.rows, settings.columns) - 1) // 2)
    return replace(settings, **changes) if changes else settings


def parse_link(query: Mapping[str, str], presets: Mapping[str, Settings]) -> tuple[Settings, list[str]]:
    """Return the settings a link asks for, and the keys that could not be understood.

    Parameters
    ----------
    query : mapping of str to str
        The query of the address; anything at all.
    presets : mapping of str to Settings
        The first is shown where the link names none.

    Returns
    -------
    settings : Settings
        Of the preset, changed as the link says; what it says wrongly stays as the preset has it.
    problems : list of str
        Keys with values that cannot be.
    """
    problems: list[str] = []
    preset = query.get("preset", "")
    if preset and preset not in presets:
        problems.append("preset")
    settings = presets.get(preset) or next(iter(presets.values()))
    changes: dict[str, Any] = {}
    for key, text in query.items():
        if key in ("preset", "language"):
            continue
        value = parse_value(key, text) if key in LIMITS else None
        if value is None:
            problems.append(key[:40])
        else:
            changes[key] = value
    return fit_settings(replace(settings, **changes)), problems


def parse_value(key: str, text: str) -> Any:
    """Return the value of a setting written as text, None if it cannot be."""
    limit = LIMITS[key]
    if isinstance(limit, Choice):
        return text if text in limit.words else None
    if isinstance(limit, Shares):
        return parse_shares(text)
    try:
        number = float(text) if len(text) <= 20 else float("nan")
    except ValueError:
        return None
    if not limit.low <= number <= limit.high:
        return None
    return int(number) if limit.step == 1 and number == int(number) else None if limit.step == 1 else number


def parse_shares(text: str) -> tuple[int, ...] | None:
    """Return shares written as 50-30-20, None if they are none."""
    parts = text.split("-")
    if not 2 <= len(parts) <= MOST_GROUPS or not all(part.isdecimal() and len(part) <= 3 for part in parts):
        return None
    shares = tuple(int(part) for part in parts)
    return shares if sum(shares) == 100 and min(shares) > 0 else None


def write_link(settings: Settings, presets: Mapping[str, Settings], language: str) -> str:
    """Return the query that brings these settings back: the preset and what differs from it."""
    preset = presets[settings.preset]
    query = {"preset": settings.preset}
    for field in fields(settings):
        value = getattr(settings, field.name)
        if field.name in LIMITS and value != getattr(preset, field.name):
            query[field.name] = write_value(value)
    return "?" + urlencode(query | {"language": language})


def write_value(value: Any) -> str:
    """Return a value as a link has it."""
    if isinstance(value, tuple):
        return "-".join(str(part) for part in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def rebalance(shares: tuple[int, ...], group: int, share: int) -> tuple[int, ...]:
    """Return shares of 100 % with one of them set, the others in the proportions they had, none under 1."""
    others = [i for i in range(len(shares)) if i != group]
    share = min(max(share, 1), 100 - len(others))
    left, rest = 100 - share, sum(shares[i] for i in others)
    balanced = list(shares)
    balanced[group] = share
    for i in others:
        balanced[i] = max(1, round(left * shares[i] / rest))
    largest = max(others, key=lambda i: balanced[i])
    balanced[largest] += 100 - sum(balanced)
    return tuple(balanced)


def read_language(query: Mapping[str, str], default: Language) -> Language:
    """Return the language a link asks for."""
    asked = query.get("language", default)
    return asked if asked in LANGUAGES else default
