"""Whether an abstract board, its groups and the one-at-a-time mode fit together."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from pydantic import BaseModel

from segsim.errors import SegsimError
from segsim.groups import Group
from segsim.kernels.choices.own_functions import compile_rule, compile_utility
from segsim.kernels.housing.own_utility import compile_home_utility
from segsim.own import OwnPart
from segsim.rules import Preferences, Rules
from segsim.rules.board.relocation import OneAtATime
from segsim.rules.board.tastes import Likeness
from segsim.scenario.board.grid import Grid
from segsim.scenario.messages import note_problem
from segsim.scenario.names.group_names import Flaw, find_unknown_groups, unknown_group
from segsim.scenario.reading import Keys, Origin, Problem
from segsim.scenario.source import CitySource
from segsim.words.text import Text

_STEPS = ("housing", "schools")
"""The steps of a year that a board can have."""

MOST_KINDS = 120
MOST_PAIRS = 50_000_000  # of squares that have several dwellings and are neighbours, which are listed
MOST_YEARS = 200
FIRST_YEAR = 1900


class BoardScenario(Protocol):
    """What is asked of a scenario here; the scenario itself is checked by this file and stands above it."""

    @property
    def city(self) -> CitySource:
        """Where the first city comes from."""
        ...

    @property
    def groups(self) -> tuple[Group, ...]:
        """Groups of households."""
        ...

    @property
    def start(self) -> int:
        """Year of the start state."""
        ...

    @property
    def years(self) -> int:
        """Years or steps to run."""
        ...

    @property
    def steps(self) -> Sequence[str]:
        """Parts of the year to run."""
        ...

    @property
    def rules(self) -> Rules:
        """What may be decided."""
        ...

    @property
    def preferences(self) -> Preferences:
        """What people want."""
        ...

    @property
    def policies(self) -> Sequence[object]:
        """Policies to try."""
        ...

    def find_cause(self, keys: Keys, text: Text) -> Origin:
        """Return the file and line of what is wrong with a value."""
        ...


def find_board_problems(scenario: BoardScenario) -> list[Problem]:
    """Return everything about a grid and the one-at-a-time mode that does not fit, each with its line."""
    return [note_problem(scenario.find_cause(keys, text), keys, text) for keys, text in flaws(scenario)]


def flaws(scenario: BoardScenario) -> Iterator[Flaw]:
    """Yield what does not fit and the key where it was written."""
    grid = scenario.city.grid
    housing = scenario.preferences.housing.one_at_a_time
    schools = scenario.preferences.schools.one_at_a_time
    names = [group.name for group in scenario.groups]
    moves = "housing" in scenario.steps and housing is not None
    yield from find_unknown_groups(scenario.city, scenario.rules, scenario.preferences, names)
    if grid is None:
        for section, mode in (("housing", housing), ("schools", schools)):
            if mode is not None and section in scenario.steps:
                yield (
                    ("preferences", section, "one_at_a_time"),
                    Text("goes with city.grid only", "hör bara ihop med city.grid"),
                )
        yield from function_flaws(scenario.preferences.housing.list_functions(), ("preferences", "housing"))
        if scenario.years > MOST_YEARS:
            yield (
                ("years",),
                Text(
                    f"at most {MOST_YEARS} years are simulated, found {scenario.years}",
                    f"högst {MOST_YEARS} år simuleras, här står {scenario.years}",
                ),
            )
        if scenario.start < FIRST_YEAR:
            yield (
                ("start",),
                Text(
                    f"a city begins in {FIRST_YEAR} or later, found {scenario.start}",
                    f"en stad börjar {FIRST_YEAR} eller senare, här står {scenario.start}",
                ),
            )
        return
    if scenario.policies:
        yield (
            ("policies",),
            Text(
                "act on the years of a city; an abstract grid has none, so remove them",
                "verkar på en stads år; ett abstrakt bräde har inga, så ta bort dem",
            ),
        )
    yield from idle_settings(scenario.rules, type(scenario.rules)(), ("rules",))
    yield from idle_settings(scenario.preferences, type(scenario.preferences)(), ("preferences",))
    yield from grid_flaws(grid, names)
    yield from step_flaws(scenario)
    if moves and housing is not None:
        yield from likeness_flaws(housing, names, ("preferences", "housing", "one_at_a_time"))
        yield from neighbourhood_flaws(grid, housing)
    if "schools" in scenario.steps and schools is not None:
        keys: Keys = ("preferences", "schools", "one_at_a_time")
        yield from likeness_flaws(schools, names, keys)
        if grid.schools is None:
            yield (
                keys,
                Text(
                    "there are no schools on the grid; give city.grid.schools",
                    "det finns inga skolor på brädet; ange city.grid.schools",
                ),
            )
        if schools.new_households and grid.placement != "anywhere":
            yield (
                (*keys, "new_households"),
                Text(
                    "are drawn on a plane; give city.grid.placement: anywhere",
                    "dras på ett plan; ange city.grid.placement: anywhere",
                ),
            )
        if schools.new_households and moves:
            yield (
                (*keys, "new_households"),
                Text(
                    "does not go with a housing step; leave one of them out",
                    "går inte ihop med steget housing; utelämna ett av dem",
                ),
            )
        if schools.after_housing and not (housing and housing.last_step is not None):
            yield (
                (*keys, "after_housing"),
                Text(
                    "needs preferences.housing.one_at_a_time.last_step",
                    "kräver preferences.housing.one_at_a_time.last_step",
                ),
            )


def idle_settings(section: BaseModel, usual: BaseModel, keys: Keys) -> Iterator[Flaw]:
    """Yield what is set otherwise than usual and no board reads."""
    for name, field in type(section).model_fields.items():
        value, other, here = getattr(section, name), getattr(usual, name), (*keys, field.alias or name)
        if name == "one_at_a_time" or value == other:
            continue
        if isinstance(value, BaseModel) and isinstance(other, type(value)):
            yield from idle_settings(value, other, here)
        else:
            yield (
                here,
                Text(
                    "does nothing on a grid, where people go by one_at_a_time of preferences.housing and "
                    "preferences.schools; remove it",
                    "gör ingenting på ett bräde, där alla följer one_at_a_time i preferences.housing och "
                    "preferences.schools; ta bort det",
                ),
            )


def step_flaws(scenario: BoardScenario) -> Iterator[Flaw]:
    """Yield steps that a city of squares cannot have."""
    others = [step for step in scenario.steps if step not in _STEPS]
    if others:
        only = [step for step in _STEPS if getattr(scenario.preferences, step).one_at_a_time] or ["housing"]
        listed, cure = ", ".join(others), f"steps: [{', '.join(only)}]"
        yield (
            ("steps",),
            Text(
                f"a grid has housing and schools only, not {listed}; write {cure}",
                f"ett bräde har bara housing och schools, inte {listed}; skriv {cure}",
            ),
        )
        return
    for step in scenario.steps:
        if getattr(scenario.preferences, step).one_at_a_time is None:
            yield (
                ("steps",),
                Text(
                    f"on a grid {step} is one at a time; give preferences.{step}.one_at_a_time",
                    f"på ett bräde är {step} one_at_a_time; ange preferences.{step}.one_at_a_time",
                ),
            )


def grid_flaws(grid: Grid, names: Sequence[str]) -> Iterator[Flaw]:
    """Yield names that are no group's, and too many groups."""
    if len(names) > MOST_KINDS:
        yield (
            ("groups",),
            Text(
                f"a grid holds at most {MOST_KINDS} groups, found {len(names)}",
                f"ett bräde rymmer högst {MOST_KINDS} grupper, här står {len(names)}",
            ),
        )
    for key in ("shares", "numbers", "block_shares"):
        for name in getattr(grid, key):
            yield from unknown_group(name, names, ("city", "grid", key, name))
    for sign, name in grid.signs.items():
        yield from unknown_group(name, names, ("city", "grid", "signs", sign))
    for name in grid.status.above if grid.status else ():
        yield from unknown_group(name, names, ("city", "grid", "status", "above", name))
    for i, reserved in enumerate(grid.reserved):
        for name in reserved.groups:
            yield from unknown_group(name, names, ("city", "grid", "reserved", i, "groups"))


def likeness_flaws(likeness: Likeness, names: Sequence[str], keys: Keys) -> Iterator[Flaw]:
    """Yield tastes and traits that name no group, or leave a group out."""
    for taste, what in likeness.tastes.items():
        for name in what.groups:
            yield from unknown_group(name, names, (*keys, "tastes", taste, "groups"))
    yield from function_flaws(likeness.list_functions(), keys)
    for trait, categories in likeness.traits.items():
        placed = [name for members in categories.values() for name in members]
        for name in placed:
            yield from unknown_group(name, names, (*keys, "traits", trait))
        if missing := [name for name in names if name not in placed]:
            yield (
                (*keys, "traits", trait),
                Text(
                    f'group "{missing[0]}" is in no category of {trait}',
                    f'gruppen "{missing[0]}" finns inte i någon kategori för {trait}',
                ),
            )


def function_flaws(functions: Sequence[OwnPart], keys: Keys) -> Iterator[Flaw]:
    """Yield own functions that cannot be compiled, or give what they must not."""
    compiles = {"utility": compile_utility, "home_utility": compile_home_utility, "rule": compile_rule}
    for function in functions:
        try:
            compiles[function.role](function)
        except SegsimError as error:
            yield keys, Text(f"{error}", f"{error:sv}")


def neighbourhood_flaws(grid: Grid, mode: OneAtATime) -> Iterator[Flaw]:
    """Yield what of the neighbourhood or of the moves does not fit the board."""
    base: Keys = ("preferences", "housing", "one_at_a_time")
    here: Keys = (*base, "neighbourhood")
    rows, columns = mode.neighbourhood.reach
    rows = 0 if grid.rows == 1 else rows
    by_area = mode.neighbourhood.shape == "areas"
    if grid.placement == "anywhere":
        yield (
            base,
            Text(
                "nobody relocates on a plane (placement anywhere); leave out the housing step",
                "ingen flyttar på ett plan (placement anywhere); utelämna steget housing",
            ),
        )
    elif grid.elsewhere is not None and not by_area:
        yield (
            here,
            Text("city.grid.elsewhere goes with shape areas", "city.grid.elsewhere hör ihop med shape areas"),
        )
    elif grid.elsewhere is not None and mode.neighbourhood.neighbour_weight:
        yield (
            here,
            Text(
                "neighbour_weight does not go with city.grid.elsewhere",
                "neighbour_weight går inte ihop med city.grid.elsewhere",
            ),
        )
    elif grid.is_line and (by_area or mode.neighbourhood.shape == "box"):
        yield (
            here,
            Text(
                "on a line the neighbourhood is moore with a radius",
                "på en linje är grannskapet moore med en radius",
            ),
        )
    elif grid.is_line and columns >= grid.columns / (2 if grid.torus else 1):
        yield (
            here,
            Text(
                f"radius {columns} is larger than the line of {grid.columns} places",
                f"radius {columns} är större än linjen med {grid.columns} platser",
            ),
        )
    elif not grid.is_line and grid.torus and (2 * rows + 1 > grid.rows or 2 * columns + 1 > grid.columns):
        yield (
            here,
            Text(
                f"radius {max(rows, columns)} is larger than a board of {grid.rows} x "
                f"{grid.columns} holds: on a torus it meets itself; lower the radius or enlarge the board",
                f"radius {max(rows, columns)} är större än ett bräde på {grid.rows} x {grid.columns} rymmer: "
                "på en torus möter den sig själv; minska radien eller förstora brädet",
            ),
        )
    elif max(rows, columns) > max(grid.rows, grid.columns):
        yield (
            here,
            Text(
                f"radius {max(rows, columns)} is larger than the board of {grid.rows} x {grid.columns}",
                f"radius {max(rows, columns)} är större än brädet på {grid.rows} x {grid.columns}",
            ),
        )
    elif (
        grid.dwellings_per_square > 1
        and grid.rows * grid.columns * (2 * rows + 1) * (2 * columns + 1) > MOST_PAIRS
    ):
        yield (
            here,
            Text(
                f"a neighbourhood of {2 * rows + 1} x {2 * columns + 1} squares is too large for "
                f"{grid.rows} x {grid.columns} squares of several dwellings; have a smaller radius or fewer "
                "squares with more dwellings_per_square",
                f"ett grannskap på {2 * rows + 1} x {2 * columns + 1} rutor är för stort för "
                f"{grid.rows} x {grid.columns} rutor med flera bostäder; ha en mindre radie eller färre "
                "rutor med högre dwellings_per_square",
            ),
        )
    if mode.market is not None and mode.market.asks_of_others and grid.status is None:
        yield (
            (*base, "market"),
            Text(
                "goes by status, wealth or quality; give city.grid.status",
                "går efter status, förmögenhet eller kvalitet; ange city.grid.status",
            ),
        )
    if grid.is_line and mode.market is not None:
        yield (*base, "market"), Text("is not for a line", "är inte för en linje")
    if grid.is_line and mode.rule.altruism:
        yield (*base, "rule", "altruism"), Text("is not for a line", "är inte för en linje")
    if grid.is_line and mode.candidates.squares in ("local_jump", "swap"):
        yield (
            (*base, "candidates", "squares"),
            Text(
                f"{mode.candidates.squares} is not for a line without vacancies",
                f"{mode.candidates.squares} är inte för en linje utan lediga platser",
            ),
        )
    if grid.is_line and grid.reserved:
        yield ("city", "grid", "reserved"), Text("is not for a line", "är inte för en linje")
