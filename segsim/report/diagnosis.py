"""The page of one city with the rules of today: where it stands, who lives where, what was and may be."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, cast

from segsim.report import page_figures as pictures
from segsim.report.context import PageContext
from segsim.report.data_notes import city_notes
from segsim.report.geography import city_map
from segsim.report.municipality.districts import (
    DistrictMap,
    district_table,
    draw_districts,
    tabulate_districts,
    write_districts,
)
from segsim.report.municipality.drift import drift_table, tell_movement
from segsim.report.municipality.dwellers import FEWEST_PERSONS, Dwellers, describe_dwellers
from segsim.report.municipality.few_pupils import explain_hidden, leave_out, list_hidden
from segsim.report.municipality.lever_table import lever_table
from segsim.report.municipality.past import Past, describe_past
from segsim.report.municipality.school_tables import FEWEST_IN_SCHOOL, school_table, spread_table
from segsim.report.municipality.standing import describe_standing, municipality_of
from segsim.report.municipality.starting_city import StartingCity, read_starting_city
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
from segsim.report.tables.municipality_tables import list_municipalities, local_state
from segsim.report.tables.shown_measures import GAPS, HIGHLIGHTS, MAPS, SERIES, THEMES, TYPE
from segsim.runs import Runs
from segsim.runs.series import Series
from segsim.scenario import Scenario
from segsim.words.text import Language
from segsim.words.words import Words

ENDS = 5
"""Districts listed at each end of the scale."""

AT_SCHOOL_AND_HOME = THEMES["schools"][:5]
"""Measures of the same children at school and at home."""

NAN = float("nan")
NOTHING = Table([], [])


def diagnosis_page(
    subject: PageContext, city: StartingCity | None, folder: Path
) -> tuple[str, list[pictures.PageFigure]]:
    """Return the page of one city as HTML, and its figures.

    Parameters
    ----------
    subject : PageContext
    city : StartingCity or None
        The first city; None of a board, where nobody has a tenure or a school leaver a merit value.
    folder : Path
        The results folder, where the table of districts goes.
    """
    words, (first, last) = subject.words, subject.years
    hidden = list_hidden(city.leavers) if city else {}
    subject = PageContext(
        subject.baseline,
        (),
        leave_out(subject.runs, hidden),
        subject.geography,
        words,
        subject.notes,
    )
    own = describe_municipality(subject)
    people = describe_residents(subject, city, folder)
    bars, spread = pictures.type_bars(subject), pictures.area_spread(subject)
    maps, _ = pictures.maps(subject)
    series = pictures.series(subject, SERIES)
    gaps = state_table({"gaps": GAPS}, subject, titled=False)
    at_school = state_table({"schools": AT_SCHOOL_AND_HOME}, subject, titled=False)
    shown: dict[str, Any] = {
        "districts_map": people["map"].figures,
        "ends": spread or bars,
        "who": people["who"].figures,
        "schools": at_school.groups,
        "gaps": gaps.groups,
        "history": own["past"].figures,
        "series": maps or series,
        "levers": people["levers"].groups,
        "districts": people["districts"].groups,
    }
    scenario = subject.baseline
    name = subject.label(scenario)
    n = len(subject.seeds)
    command = ["segsim", "run", scenario.name, "--seeds", str(n), "--years", str(last - first)]
    lead = "page.lead_policies" if scenario.policies else "page.lead_diagnosis"
    files = ["runs.parquet", "figures/", "provenance.json"]
    html = render_page(
        "diagnosis.html",
        subject,
        list_sections(subject, shown, is_municipality=own["standing"] is not None),
        title=words("page.title_diagnosis", city=name),
        kicker=f"{words('page.diagnosis')} · {name}",
        lead=words(lead, city=name, first=first, last=last, times=words.count("times", n)),
        facts=head_facts(subject),
        state=state_table(THEMES, subject),
        start=first,
        end=last,
        highlights=highlights(subject),
        bars=bars,
        spread=spread,
        ends=ends_table(subject),
        maps=maps,
        abstract=is_abstract(subject),
        estimated=is_estimated(subject),
        invented=is_invented(subject),
        policy_lines=bool(pictures.policy_starts(subject)),
        gaps=gaps,
        at_school=at_school,
        series=series,
        movement=tell_movement(subject),
        own=own,
        local=local_state(subject) if list_municipalities(subject) else NOTHING,
        people=people,
        few=words("state_of.small", persons=FEWEST_PERSONS, pupils=FEWEST_IN_SCHOOL),
        fewest=FEWEST_PERSONS,
        left_out=[*omissions(subject), *explain_hidden(subject, hidden)],
        data_notes=data_notes(subject),
        measures=measure_definitions(
            subject, [*(s for theme in THEMES.values() for s in theme), *GAPS, *SERIES]
        ),
        reproduction=reproduction(
            subject, folder, command, [*files, "districts.csv"] if people["districts"].groups else files
        ),
    )
    drawn = [*people["map"].figures, *spread, *people["who"].figures, *own["past"].figures]
    return html, [*drawn, *bars, *maps, *series]


def list_sections(subject: PageContext, shown: Mapping[str, Any], is_municipality: bool) -> list[PageSection]:
    """Return the contents: what there is to show, in the order of the page."""
    words = subject.words
    titles = {
        "state": "part.standing" if is_municipality else "head.state",
        "districts_map": "part.district_map",
        "ends": "head.ends",
        "who": "part.who",
        "schools": "part.schools",
        "gaps": "head.gaps",
        "history": "part.history",
        "series": "part.coming",
        "levers": "part.levers",
        "districts": "part.districts",
        "all": "head.all",
        "left_out": "head.left_out",
        "measures": "head.measures",
        "again": "head.again",
    }
    return [PageSection(name, words(title)) for name, title in titles.items() if shown.get(name, True)]


def describe_municipality(subject: PageContext) -> dict[str, Any]:
    """Return what is published of the municipality a city is made from; nothing of any other city."""
    words, start = subject.words, subject.years[0]
    municipality = municipality_of(subject.baseline)
    if municipality is None:
        empty = {"spread": NOTHING, "schools": NOTHING, "drift": NOTHING}
        return {"standing": None, "past": Past([], []), **empty}
    return {
        "standing": describe_standing(municipality, words),
        "past": describe_past(municipality, start, words),
        "spread": spread_table(municipality, start, subject),
        "schools": school_table(municipality, subject),
        "drift": drift_table(subject, municipality),
    }


def describe_residents(subject: PageContext, city: StartingCity | None, folder: Path) -> dict[str, Any]:
    """Return who lives where and what can be done, from the first city; nothing of a board."""
    if city is None:
        no_map, nobody = DistrictMap([], []), Dwellers([], NOTHING)
        return {"map": no_map, "who": nobody, "levers": NOTHING, "districts": NOTHING}
    municipality = municipality_of(subject.baseline)
    table = tabulate_districts(subject, city, municipality.code if municipality else None)
    write_districts(table, folder)
    return {
        "map": draw_districts(table, subject),
        "who": describe_dwellers(subject, city),
        "levers": lever_table(city.reach, subject.words),
        "districts": district_table(table, subject),
    }


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
    shown = subject.select_available([series for theme in themes.values() for series in theme])
    by_chance = any(subject.quantity(series).chance in subject.available_series for series in shown)
    heads = [Head(words("state.measure"), "text"), Head(words("state.start", year=first))]
    heads += [Head(words("state.chance"))] if by_chance else []
    if last > first:
        heads += [Head(words("state.end", year=last)), Head(words("state.change"))]
        heads += [Head(words("state_of.interval"))] if len(subject.seeds) > 1 else []
    groups = []
    for theme, quantities in themes.items():
        available = subject.select_available(quantities)
        rows = [state_row(series, subject, by_chance) for series in available]
        if rows:
            groups.append(RowGroup(words(f"theme.{theme}") if titled else "", rows))
    return Table(heads, groups)


def state_row(series: Series, subject: PageContext, by_chance: bool) -> Row:
    """Return one measure at the start and at the end, and the interval of its change over runs."""
    words, (first, last), about = subject.words, subject.years, subject.quantity(series)
    base, unit = subject.baseline.name, about.unit
    start, end = subject.mean(series, base, first), subject.mean(series, base, last)
    chance = ""
    if about.chance is not None and about.chance in subject.available_series:
        chance = unit.value(words, subject.mean(about.chance, base, first))
    cells = [unit.value(words, start), *([chance] if by_chance else [])]
    if last > first:
        cells += [unit.value(words, end), unit.difference(words, end - start)]
        if len(subject.seeds) > 1:
            cells.append(unit.interval(words, *subject.band(subject.changes(series, base))))
    return Row(about.title, about.over, cells)


def ends_table(subject: PageContext) -> Table:
    """Return the districts at both ends of the scale at the start, as many of each."""
    words, first, base = subject.words, subject.years[0], subject.baseline.name
    of_districts = {name: series._replace(level=TYPE.level) for name, series in MAPS.items()}
    index = subject.by_unit(of_districts["index"], base, first).dropna()
    index = index.sort_values(ascending=False, kind="stable")
    n = min(ENDS, len(index) // 2)
    if n == 0:
        return NOTHING
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


def write_diagnosis(
    runs: Runs, folder: Path, language: Language = "en", *, every_format: bool = False
) -> list[Path]:
    """Write a page for each scenario of some runs; return the paths of the pages.

    Parameters
    ----------
    runs : Runs
        Runs of one scenario or more.
    folder : Path
        Where `report.html`, `districts.csv` and `figures/` go; with several scenarios, a folder of each.
    language : "en" or "sv"
        Language of the pages.
    every_format : bool
        Write each figure as SVG and as PNG.
    """
    frame, words = runs.frame(), Words(language)
    scenarios = [cast(Scenario, point.base) for point in runs.plan.points]
    paths = []
    for scenario in scenarios:
        own = folder if len(scenarios) == 1 else folder / scenario.name
        rows = frame[frame["scenario"] == scenario.name]
        seed, is_board = runs.plan.seeds[0], scenario.city.grid is not None
        city = None if is_board else read_starting_city(scenario, seed, own)
        geography = city.geography if city else city_map(scenario, seed, own)
        subject = PageContext(scenario, (), rows, geography, words, city_notes(scenario, own))
        html, page_figures = diagnosis_page(subject, city, own)
        paths.append(write_page(html, page_figures, own, every_format))
    return paths
