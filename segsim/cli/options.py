"""The options commands share, and what is made of them."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Annotated, Any

import typer

from segsim.errors import ResultsError, ScenarioError, tell_reason
from segsim.own.permission import permit_own_code
from segsim.words.text import Text

if TYPE_CHECKING:
    from segsim.scenario import Scenario


class Language(StrEnum):
    """Languages of reports."""

    en = "en"
    sv = "sv"


LANGUAGE = "segsim.language"
"""Where a command notes the language it was asked for, so that its errors are told in it."""


def find_language(context: Any) -> str:
    """Return the language a command was asked for, "" if it came to none."""
    return str(context.meta.get(LANGUAGE, ""))


def note_language(context: typer.Context, language: Language) -> Language:
    """Note the language of a command."""
    context.meta[LANGUAGE] = language.value
    return language


Scenarios = Annotated[
    list[str], typer.Argument(help="Scenario files, or names of scenarios (segsim list scenarios).")
]
RunScenarios = Annotated[
    list[str] | None,
    typer.Argument(
        help="Scenario files, names of scenarios (segsim list scenarios), or municipalities of Sweden; "
        "stockholm,solna is one region."
    ),
]
County = Annotated[
    str | None,
    typer.Option("--county", help="A county of Sweden as one region, by code or name, such as 01."),
]
Seeds = Annotated[
    int, typer.Option("--seeds", min=1, max=1_000_000, help="Runs per scenario; 20 or more for intervals.")
]
SeedCount = Annotated[
    int | None,
    typer.Option(
        "--seeds",
        min=1,
        max=1_000_000,
        show_default="20",
        help="Runs per scenario; 20 or more for intervals.",
    ),
]
Seed = Annotated[
    list[int] | None,
    typer.Option(
        "--seed",
        min=0,
        max=2**63 - 1,
        help="This seed alone, in the place of --seeds; again for more, as --seed 3 --seed 8.",
    ),
]
Years = Annotated[
    int | None, typer.Option("--years", help="Years to simulate, in the place of the scenario's own.")
]
Jobs = Annotated[
    int | None, typer.Option("--jobs", min=1, max=10_000, help="Runs at a time; all cores if not given.")
]
Out = Annotated[
    Path | None, typer.Option("--out", help="Folder for the results; results/SCENARIO if not given.")
]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="A value in the place of the file's, such as preferences.housing.own_group=2.",
    ),
]
Folder = Annotated[Path, typer.Argument(help="Results folder of run, compare or sweep.")]
Until = Annotated[
    str | None,
    typer.Option(
        "--until", metavar="MEASURE:WIDTH", help="Add seeds until a measure is this precise, such as D:0.005."
    ),
]
Primary = Annotated[
    list[str] | None,
    typer.Option(
        "--primary", metavar="SERIES", help="What the conclusion rests on, such as D/background/area."
    ),
]
Tipping = Annotated[
    str | None,
    typer.Option(
        "--tipping",
        metavar="MEASURE:THRESHOLD",
        help="Report in how many runs a measure ends above a threshold, such as D:0.45.",
    ),
]
Tongue = Annotated[
    Language,
    typer.Option(
        "--language",
        help="Language of the report and of what is told, errors included.",
        callback=note_language,
        is_eager=True,
    ),
]
ErrorTongue = Annotated[
    Language,
    typer.Option("--language", help="Language of errors.", callback=note_language, is_eager=True),
]


def allow_own_code(context: typer.Context, is_allowed: bool) -> bool:
    """Let own parts be run by a command that is asked to."""
    if is_allowed:
        context.with_resource(permit_own_code(True))
    return is_allowed


OwnCode = Annotated[
    bool,
    typer.Option(
        "--allow-own-code",
        help="Run code that a scenario or results folder brings along; only what you have looked at.",
        callback=allow_own_code,
        is_eager=True,
    ),
]
Cluster = Annotated[
    str | None, typer.Option("--cluster", help="Address of a Dask scheduler, such as tcp://host:8786.")
]


def load_recipes(names: Sequence[str], years: int | None, override: Sequence[str] | None) -> "list[Scenario]":
    """Return the scenarios, each with the overrides of the command line."""
    from segsim.scenario import load_scenario

    overrides = {**parse_overrides(override), **({} if years is None else {"years": years})}
    return [load_scenario(name, overrides) for name in names]


def choose_seeds(count: int | None, named: list[int] | None) -> int | list[int]:
    """Return the seeds that are named, or how many there are to be; refuse both."""
    if count is not None and named:
        raise ScenarioError(
            "--seeds and --seed are both given; give --seeds for their number, or --seed for each one",
            "--seeds och --seed är båda givna; ange --seeds för deras antal, eller --seed för vart och ett",
        )
    return named or count or 20


def add_county(names: Sequence[str] | None, county: str | None) -> list[str]:
    """Return the scenarios to run, with a county among them if one is given; refuse nothing at all."""
    from segsim.sweden.municipalities import find_county, simplify_name

    chosen = list(names or ())
    if county is not None:
        try:
            chosen.append(simplify_name(find_county(county).name, "_"))
        except ScenarioError as error:
            raise ScenarioError(f"--county: {error}", f"--county: {error:sv}") from error
    if not chosen:
        raise ScenarioError(
            "name a scenario, or a municipality such as landskrona; segsim list shows them",
            "ange ett scenario, eller en kommun såsom landskrona; segsim list visar dem",
        )
    return chosen


def parse_overrides(written: Sequence[str] | None) -> dict[str, Any]:
    """Return the values of `--set KEY=VALUE`."""
    from segsim.scenario import read_value

    overrides = {}
    for text in written or ():
        key, equals, value = text.partition("=")
        if not (key.strip() and equals):
            raise ScenarioError(
                f'--set "{text}": must be written KEY=VALUE, such as years=5',
                f'--set "{text}": ska skrivas NYCKEL=VÄRDE, såsom years=5',
            )
        overrides[key.strip()] = read_value(value, f"--set {key.strip()}")
    return overrides


def check_folder(out: Path | None, recipes: "Sequence[Scenario]") -> Path:
    """Return the folder for results, known to be writable; it is made when there is something to keep."""
    folder = out or Path("results") / "-".join(recipe.name for recipe in recipes)[:100]
    try:
        there = find_existing(folder)
        if not there.is_dir():
            what = Text("is a file", "är en fil")
            if there != folder:
                what = Text(f"lies below {there}, which is a file", f"ligger under {there}, som är en fil")
            raise ResultsError(
                f"{folder}: {what}; name a folder with --out", f"{folder}: {what:sv}; ange en mapp med --out"
            )
        with TemporaryFile(dir=there):
            pass
    except OSError as error:
        reason = tell_reason(error)
        raise ResultsError(
            f"{folder}: cannot be written to ({reason}); name another folder with --out",
            f"{folder}: går inte att skriva till ({reason:sv}); ange en annan mapp med --out",
        ) from error
    return folder


def find_existing(path: Path) -> Path:
    """Return a path, or the nearest above it that exists; refuse links that lead nowhere."""
    for place in (path, *path.absolute().parents):
        if place.is_symlink() and not place.exists():
            raise ResultsError(
                f"{place}: is a link that leads nowhere; remove it, or name a folder with --out",
                f"{place}: är en länk som inte leder någonstans; ta bort den, eller ange en mapp med --out",
            )
        if place.exists():
            return place
    return Path(path.anchor or ".")
