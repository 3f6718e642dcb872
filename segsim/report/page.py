"""A page: what a comparison and a diagnosis share, put into a template as one file that needs no other."""

import json
import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from segsim.report.context import PageContext
from segsim.report.page_figures import PageFigure
from segsim.report.tables.shown_measures import POPULATION
from segsim.runs.provenance import versions
from segsim.runs.publishing.citation import cite
from segsim.runs.series import Series
from segsim.runs.store.store import write_whole


class Fact(NamedTuple):
    """One line of the head of a page."""

    label: str
    value: str


class PageSection(NamedTuple):
    """One entry of the contents."""

    id: str
    title: str


class Head(NamedTuple):
    """The head of a column: its text, and "number" or "text" for how its cells stand."""

    text: str
    kind: str = "number"


class Row(NamedTuple):
    """One row of a table: its title, what stands beneath it, and its cells."""

    title: str
    under: str
    cells: list[str]


class RowGroup(NamedTuple):
    """Rows under one heading; an empty title writes none."""

    title: str
    rows: list[Row]


class Table(NamedTuple):
    """A table of a page."""

    heads: list[Head]
    groups: list[RowGroup]


class Reproduction(NamedTuple):
    """What is needed to make the results again."""

    command: str
    seeds: str
    versions: str
    cite: str
    scenarios: list[dict[str, str]]
    files: list[tuple[str, str]]


@cache
def templates() -> Environment:
    """Return the templates of the package."""
    loader = PackageLoader("segsim.report", "pages")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["keys"] = mark_keys
    return environment


def mark_keys(text: str) -> Markup:
    """Return a text as HTML, with the keys of scenario files that stand in backticks set as code."""
    return Markup(re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(text))))


def render_page(template: str, subject: PageContext, sections: Sequence[PageSection], **content: Any) -> str:
    """Return a page as HTML.

    Parameters
    ----------
    template : str
        File of the template.
    subject : Subject
        What the page is about.
    sections : sequence of Section
        The contents.
    **content
        What the template asks for.
    """
    environment = templates()
    style = Markup((files("segsim.report") / "pages" / "style.css").read_text("utf-8"))
    return environment.get_template(template).render(
        t=subject.words,
        language=subject.words.language,
        version=version("segsim"),
        style=style,
        sections=sections,
        n=len(subject.seeds),
        runs=subject.words.count("runs", len(subject.seeds)),
        **content,
    )


def write_page(html: str, pictures: Iterable[PageFigure], folder: Path, every_format: bool = False) -> Path:
    """Write a page and its figures, as SVG and PNG both if asked; return the path of the page."""
    for picture in pictures:
        picture.save(folder / "figures", every_format)
    path = folder / "report.html"
    write_whole(path, html.encode())
    return path


def head_facts(subject: PageContext) -> list[Fact]:
    """Return the lines of the head."""
    words, (first, last) = subject.words, subject.years
    seeds, scenarios = words.count("seeds", len(subject.seeds)), len(subject.names)
    runs = words("fact.runs_value", seeds=seeds, scenarios=scenarios) if scenarios > 1 else seeds
    residents = subject.mean(POPULATION, subject.baseline.name, first)
    n_areas = subject.geography.cells["area"].nunique()
    lines = [
        Fact(words("fact.years"), f"{first + 1}–{last}" if last > first + 1 else str(last)),
        Fact(words("fact.runs"), runs),
        Fact(words("fact.residents"), words.number(residents, 0)),
        Fact(words("fact.areas"), words.number(n_areas)),
        Fact(words("fact.source"), words(f"fact.from_{subject.baseline.city.source}")),
    ]
    return [fact for fact in lines if any(c.isalnum() for c in fact.value)]


def is_abstract(subject: PageContext) -> bool:
    """Tell whether the map is made for the purpose and shows no real place."""
    return not subject.baseline.city.has_map and subject.baseline.city.grid is None


def is_estimated(subject: PageContext) -> bool:
    """Tell whether borders within the districts of the map are estimates."""
    return subject.baseline.city.boundaries is None and bool(subject.baseline.city.national_codes)


def is_invented(subject: PageContext) -> bool:
    """Tell whether the areas were made from totals and are no real ones."""
    return subject.baseline.city.figures is not None


def measure_definitions(subject: PageContext, shown: Sequence[Series]) -> list[dict[str, str]]:
    """Return the definitions of the measures a page shows, each once with its systems of units."""
    by_measure: dict[str, dict[str, str]] = {}
    for series in subject.select_available(shown):
        about = subject.quantity(series)
        entry = {"title": about.name, "over": about.over, "definition": about.definition}
        first = by_measure.setdefault(series.measure, entry)
        if about.over not in first["over"]:
            first["over"] += f", {about.over}"
    return list(by_measure.values())


def omissions(subject: PageContext) -> list[str]:
    """Return what the model leaves out, and what this city leaves out of it."""
    words = subject.words
    kept = subject.baseline.steps
    missing = [
        words(f"step.{name}")
        for name in ("demography", "work", "schools", "housing", "neighbourhood")
        if name not in kept
    ]
    items = words.texts("left_out.items")
    if subject.baseline.city.grid is None and "demography" in kept:
        items.insert(0, describe_population(subject))
    if missing:
        items.insert(0, words("compared.steps_left_out", steps=words.join(missing)))
    return [*items, words("left_out.single_area")]


def describe_population(subject: PageContext) -> str:
    """Return what the population follows, and what that means for what is built."""
    preferences = subject.baseline.preferences.demography
    follows: str = preferences.population_follows
    if preferences.growth:
        follows = "grows"
    growth = subject.words.number(100.0 * preferences.growth)
    return subject.words(f"left_out.population.{follows}", growth=growth)


def data_notes(subject: PageContext) -> list[str]:
    """Return what was mended in the city's data, or could not be met."""
    return [note.text(subject.words.language) for note in subject.notes]


def run_versions(about: Mapping[str, Any] | None) -> dict[str, str]:
    """Return the versions the runs of a record were made with, the hash of the model's code last."""
    return {**about["versions"], "model": about["code"]} if about else versions()


def find_record(folder: Path) -> dict[str, Any] | None:
    """Return the record of a results folder; None if it has none that can be read."""
    try:
        about: dict[str, Any] = json.loads((folder / "provenance.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return about


def read_command(folder: Path) -> list[str]:
    """Return the command that made the runs of a results folder; empty if they came from no command line."""
    try:
        program, *rest = json.loads((folder / "provenance.json").read_text("utf-8"))["command"]
    except (OSError, ValueError):
        return []
    is_ours = "segsim" in (Path(program).stem, Path(program).parent.name)
    return ["segsim", *rest] if is_ours and rest else []


def reproduction(
    subject: PageContext, folder: Path, command: Sequence[str], names: Sequence[str]
) -> Reproduction:
    """Return what is needed to make the results again; `command` where they came from no command line."""
    words = subject.words
    labels, about = {"baseline": words("word.baseline")}, find_record(folder)
    everyone = [subject.baseline, *subject.scenarios]
    scenarios = [
        {
            "label": labels["baseline"] if s is subject.baseline else subject.label(s),
            "name": s.name,
            "hash": s.content_hash,
        }
        for s in everyone
    ]
    return Reproduction(
        command=shlex.join(read_command(folder) or command),
        seeds=seeds_text(subject),
        versions=", ".join(f"{name} {number}" for name, number in run_versions(about).items()),
        cite=cite(about).in_language(words.language),
        scenarios=scenarios,
        files=[(name, words(f"again.file_{name.split('.')[0].rstrip('/')}")) for name in names],
    )


def seeds_text(subject: PageContext) -> str:
    """Return the seeds, as a range where they are one."""
    seeds = subject.seeds
    if len(seeds) > 2 and seeds == list(range(seeds[0], seeds[-1] + 1)):
        return f"{seeds[0]}–{seeds[-1]}"
    return subject.words.join([str(seed) for seed in seeds])
