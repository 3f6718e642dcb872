"""The page of one city with the rules of today: its state, both ends of the scale, gaps, the way it goes."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, cast

from segsim.report import page_figures as pictures
from segsim.report.context import PageContext
from segsim.report.data_notes import city_notes
from segsim.report.geography import city_map
from segsim.report.page import (
    Head,
    PageSection,
    Row,
    RowGroup,
    Table,
    data_notes,
    head_facts,
    is_abstract,
    is_estimated,
    is_invented,
    measure_definitions,
    omissions,
    render_page,
    reproduction,
    write_page,
)
from segsim.report.tables.shown_measures import GAPS, HIGHLIGHTS, MAPS, SERIES, THEMES, TYPE
from segsim.runs import Runs
from segsim.runs.series import Series
from segsim.scenario import Scenario
from segsim.words.text import Language
from segsim.words.words import Words

ENDS = 5
"""Districts listed at each end of the scale."""

NAN = float("nan")


def diagnosis_page(subject: PageContext, folder: Path) -> tuple[str, list[pictures.PageFigure]]:
    """Return the page of one city as HTML, and its figures."""
    words, (first, last) = subject.words, subject.years
    types = [*pictures.type_bars(subject), *pictures.area_spread(subject)]
    maps, _ = pictures.maps(subject)
    series = pictures.series(subject, SERIES)
    gaps = state_table({"gaps": GAPS}, subject, titled=False)
    shown = {"ends": types, "maps": maps, "gaps": gaps.groups, "series": series}
    ids = ["state", "maps", "ends", "gaps", "series", "all", "left_out", "measures", "again"]
    titles = {name: {"series": "drift", "maps": "map"}.get(name, name) for name in ids}
    sections = [PageSection(name, words(f"head.{titles[name]}")) for name in ids if shown.get(name, True)]
    scenario = subject.baseline
    city = subject.label(scenario)
    n = len(subject.seeds)
    command = ["segsim", "run", scenario.name, "--seeds", str(n), "--years", str(last - first)]
    lead = "page.lead_policies" if scenario.policies else "page.lead_diagnosis"
    html = render_page(
        "diagnosis.html",
        subject,
        sections,
        title=words("page.title_diagnosis", city=city),
        kicker=f"{words('page.diagnosis')} · {city}",
        lead=words(lead, city=city, first=first, last=last, times=words.count("times", n)),
        facts=head_facts(subject),
        state=state_table(THEMES, subject),
        start=first,
        highlights=highlights(subject),
        types=types,
        ends=ends_table(subject),
        maps=maps,
        abstract=is_abstract(subject),
        estimated=is_estimated(subject),
        invented=is_invented(subject),
        policy_lines=bool(pictures.policy_starts(subject)),
        gaps=gaps,
        series=series,
        left_out=omissions(subject),
        data_notes=data_notes(subject),
        measures=measure_definitions(
            subject, [*(s for theme in THEMES.values() for s in theme), *GAPS, *SERIES]
        ),
        reproduction=reproduction(subject, folder, command, ["runs.parquet", "figures/", "provenance.json"]),
    )
    return html, [*types, *maps, *series]


class Highlight(NamedTuple):
    """One measure of the state, large."""

    title: str
    over: str
    value: str
    chance: str


def highlights(subject: PageContext) -> list[Highlight]:
    """Return the few measures that say most of the state at the start."""
    words, first, base = subject.words, subject.years[0], subject.baseline.name
    large = []
    for series in subject.select_available(HIGHLIGHTS):
        about, value = subject.quantity(series), subject.mean(series, base, first)
        chance = ""
        if about.chance in subject.available_series:
            expected = about.unit.value(words, subject.mean(about.chance, base, first))
            chance = f"{words('word.chance')} {expected}"
        if value == value:
            large.append(Highlight(about.title, about.over, about.unit.value(words, value), chance))
    return large


def state_table(themes: Mapping[str, Sequence[Series]], subject: PageContext, titled: bool = True) -> Table:
    """Return measures at the start and at the end, by theme, each beside what chance alone would give."""
    words, (first, last) = subject.words, subject.years
    heads = [
        Head(words("state.measure"), "text"),
        Head(words("state.start", year=first)),
        Head(words("state.chance")),
    ]
    if last > first:
        heads += [Head(words("state.end", year=last)), Head(words("state.change"))]
    groups = []
    for theme, quantities in themes.items():
        rows = [state_row(series, subject) for series in subject.select_available(quantities)]
        if rows:
            groups.append(RowGroup(words(f"theme.{theme}") if titled else "", rows))
    return Table(heads, groups)


def state_row(series: Series, subject: PageContext) -> Row:
    """Return one measure at the start and at the end."""
    words, (first, last), about = subject.words, subject.years, subject.quantity(series)
    base, unit = subject.baseline.name, about.unit
    start, end = subject.mean(series, base, first), subject.mean(series, base, last)
    chance = ""
    if about.chance is not None and about.chance in subject.available_series:
        chance = unit.value(words, subject.mean(about.chance, base, first))
    cells = [unit.value(words, start), chance]
    if last > first:
        cells += [unit.value(words, end), unit.difference(words, end - start)]
    return Row(about.title, about.over, cells)


def ends_table(subject: PageContext) -> Table:
    """Return the districts at both ends of the scale at the start, as many of each."""
    words, first, base = subject.words, subject.years[0], subject.baseline.name
    of_districts = {name: series._replace(level=TYPE.level) for name, series in MAPS.items()}
    index = subject.by_unit(of_districts["index"], base, first).dropna()
    index = index.sort_values(ascending=False, kind="stable")
    n = min(ENDS, len(index) // 2)
    if n == 0:
        return Table([], [])
    kinds = subject.most_frequent(TYPE, base, first)
    columns = {
        name: subject.quantity(series).unit.factor * subject.by_unit(series, base, first)
        for name, series in of_districts.items()
    }
    heads = [Head(words("state.district"), "text"), Head(words("state.type"))]
    heads += [Head(f"{words(f'maps.{name}')}, {words(f'maps.unit.{name}')}") for name in columns]

    def row(district: str) -> Row:
        cells = [words.number(values.get(district, NAN), 1) for values in columns.values()]
        return Row(district, "", [words.number(kinds.get(district, NAN), 0), *cells])

    ends = {"greatest": index.index[:n], "best": index.index[-n:]}
    groups = [
        RowGroup(words(f"state.{name}"), [row(d) for d in districts]) for name, districts in ends.items()
    ]
    return Table(heads, groups)


def write_diagnosis(runs: Runs, folder: Path, language: Language = "en") -> list[Path]:
    """Write a page for each scenario of some runs; return the paths of the pages.

    Parameters
    ----------
    runs : Runs
        Runs of one scenario or more.
    folder : Path
        Where `report.html` and `figures/` go; with several scenarios, a folder of each.
    language : "en" or "sv"
        Language of the pages.
    """
    frame, words = runs.frame(), Words(language)
    scenarios = [cast(Scenario, point.base) for point in runs.plan.points]
    paths = []
    for scenario in scenarios:
        own = folder if len(scenarios) == 1 else folder / scenario.name
        rows = frame[frame["scenario"] == scenario.name]
        geography = city_map(scenario, runs.plan.seeds[0], own)
        subject = PageContext(scenario, (), rows, geography, words, city_notes(scenario, own))
        html, page_figures = diagnosis_page(subject, own)
        paths.append(write_page(html, page_figures, own))
    return paths
