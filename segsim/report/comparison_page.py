"""The page of a comparison: what was compared, what changed, how sure that is, what the model leaves out."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, cast

import pandas as pd

from segsim.comparison import Comparison
from segsim.report import page_figures as pictures
from segsim.report.context import PageContext
from segsim.report.data_notes import city_notes
from segsim.report.geography import city_map
from segsim.report.municipality.districts import DistrictMap, draw_districts, write_districts
from segsim.report.municipality.dwellers import FEWEST_PERSONS
from segsim.report.municipality.standing import municipality_of
from segsim.report.municipality.starting_city import StartingCity, read_starting_city
from segsim.report.page import (
    Fact,
    PageSection,
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
from segsim.report.tables.difference_tables import (
    MeasureVerdict,
    difference_table,
    exploratory_verdicts,
    place_table,
    primary_verdicts,
    sure_table,
    tipping_table,
)
from segsim.report.tables.district_tables import compare_districts, district_difference_table
from segsim.report.tables.municipality_tables import local_differences
from segsim.report.tables.policy_accounts import BundleRow, account_lines, bundle_rows
from segsim.report.tables.policy_brief import brief_facts, explain_stillness, sureness_line
from segsim.report.tables.policy_cards import PolicyCard, policy_card, policy_title
from segsim.report.tables.shown_measures import (
    DRAWN_DIFFERENCES,
    SERIES,
    THEMES,
    TYPE,
)
from segsim.report.tables.workbook import write_workbook
from segsim.runs.series import Series
from segsim.scenario import Scenario
from segsim.scenario.policies.remarks import find_building_remarks
from segsim.words.text import Language
from segsim.words.words import Words

FEW_SEEDS = 20
"""Below this number of seeds intervals miss more often than they say."""


class ScenarioSection(NamedTuple):
    """One scenario as the page tells of it; texts without a translation say their language."""

    label: str
    colour: str
    summary: str
    summary_language: str
    rationale: str
    policies: list[PolicyCard]
    verdicts: list[MeasureVerdict]
    exploratory: list[MeasureVerdict]
    bundle: list[BundleRow]
    facts: list[Fact]
    stillness: str
    sureness: str
    costs: list[str]
    other_keys: list[str]
    left_out_steps: str
    table: Table
    places: Table
    municipalities: Table
    districts: Table
    sure: Table
    tipping: Table


def comparison_page(
    comparison: Comparison, subject: PageContext, folder: Path, districts: pd.DataFrame
) -> tuple[str, list[pictures.PageFigure]]:
    """Return the page of a comparison as HTML, and its figures."""
    words, (first, last) = subject.words, subject.years
    shown = [series for theme in THEMES.values() for series in theme]
    primary = list(comparison.primary)
    lines = list(dict.fromkeys([*primary, *SERIES]))
    types = pictures.type_bars(subject)
    maps, same_maps = pictures.maps(subject)
    series = pictures.series(subject, lines)
    differences = pictures.difference_picture(subject, comparison, [*primary, *DRAWN_DIFFERENCES])
    scenarios = [scenario_section(scenario, comparison, subject, districts) for scenario in subject.scenarios]
    named = draw_named_districts(districts, subject)
    if len(scenarios) == 1:
        title = words("page.title_one", scenario=scenarios[0].label)
    else:
        title = words("page.title_many", n=len(scenarios))
    city = subject.label(subject.baseline)
    times = words.count("times", len(subject.seeds))
    has_places = any(scenario.places.groups for scenario in scenarios)
    is_region = any(scenario.municipalities.groups for scenario in scenarios)
    contents = {
        "ends": types,
        "maps": maps,
        "series": series,
        "places": has_places,
        "municipalities": is_region,
        "districts_map": named.figures,
        "districts": len(districts),
    }
    titles = {"districts_map": words("part.district_map"), "districts": words("part.districts")}
    ids = [
        "brief",
        "compared",
        "ends",
        "districts_map",
        "maps",
        "series",
        "differences",
        "districts",
        "municipalities",
        "places",
        "sure",
        "left_out",
        "measures",
        "again",
    ]
    sections = [
        PageSection(name, titles.get(name) or words(f"head.{name}", year=comparison.horizon))
        for name in ids
        if contents.get(name, True)
    ]
    command = ["segsim", "compare", *(s.name for s in subject.scenarios), *command_options(comparison)]
    files = ["runs.parquet", "differences.csv", "judged.csv", "figures/", "provenance.json"]
    files += ["districts.csv"] if len(districts) else []
    html = render_page(
        "report.html",
        subject,
        sections,
        title=title,
        kicker=f"{words('page.report')} · {city}",
        lead=words("page.lead", city=city, first=first, last=last, times=times),
        facts=head_facts(subject),
        horizon=comparison.horizon,
        scenarios=scenarios,
        types=types,
        named=named,
        districts=bool(len(districts)),
        fewest=FEWEST_PERSONS,
        maps=maps,
        same_maps=same_maps,
        abstract=is_abstract(subject),
        estimated=is_estimated(subject),
        invented=is_invented(subject),
        policy_lines=bool(pictures.policy_starts(subject)),
        series=series,
        differences=differences,
        places=has_places,
        municipalities=is_region,
        tips=bool(comparison.thresholds),
        baseline_moves=tell_baseline(subject, primary),
        cautions=[
            *policies_not_yet_begun(subject, comparison.horizon),
            *building_remarks(subject),
        ],
        warnings=warnings(subject, comparison),
        left_out=omissions(subject),
        data_notes=data_notes(subject),
        measures=measure_definitions(subject, [*primary, *shown, *SERIES]),
        reproduction=reproduction(subject, folder, command, files),
    )
    return html, [*types, *named.figures, *maps, *series, *differences]


def draw_named_districts(districts: pd.DataFrame, subject: PageContext) -> DistrictMap:
    """Return the map of districts at the start with their names; nothing where there are none."""
    if districts.empty:
        return DistrictMap([], [])
    return draw_districts(districts.drop_duplicates("district"), subject)


def scenario_section(
    scenario: Scenario, comparison: Comparison, subject: PageContext, districts: pd.DataFrame
) -> ScenarioSection:
    """Return what the page tells of one scenario."""
    words = subject.words
    summary, summary_language = in_language(scenario.summary_sv, scenario.summary, words)
    verdicts = primary_verdicts(scenario, comparison, subject)
    left = [words(f"step.{name}") for name in subject.baseline.steps if name not in scenario.steps]
    return ScenarioSection(
        label=subject.names[scenario.name],
        colour=subject.colours[scenario.name],
        summary=summary,
        summary_language=summary_language,
        rationale=scenario.rationale if words.language == "en" else scenario.rationale_sv,
        policies=[policy_card(policy, words) for policy in scenario.policies],
        verdicts=verdicts,
        exploratory=exploratory_verdicts(scenario, comparison, subject),
        bundle=bundle_rows(scenario, comparison, subject),
        facts=brief_facts(scenario, comparison, subject),
        stillness=explain_stillness(scenario, comparison, subject, verdicts),
        sureness=sureness_line(scenario, comparison, subject),
        costs=account_lines(scenario, comparison, subject),
        other_keys=other_keys(scenario, subject.baseline),
        left_out_steps=words("compared.steps_left_out", steps=words.join(left)) if left else "",
        table=difference_table(scenario, comparison, subject),
        places=place_table(scenario, comparison, subject),
        municipalities=local_differences(scenario, comparison, subject),
        districts=district_difference_table(districts, scenario, subject)
        if len(districts)
        else Table([], []),
        sure=sure_table(scenario, comparison, subject),
        tipping=tipping_table(scenario, comparison, subject),
    )


def tell_baseline(subject: PageContext, primary: Sequence[Series]) -> str:
    """Return how far the figures judged move in the baseline: the model's own movement, no effect."""
    words, (first, last) = subject.words, subject.years
    moves = []
    for series in primary:
        start, end = subject.ends(series, subject.baseline.name)
        if start.size and last > first:
            about = subject.quantity(series)
            change = about.unit.difference(words, float((end - start).mean()))
            moves.append(words("brief.moves", title=about.title, over=about.over, change=change))
    return words("brief.baseline_moves", moves=words.join(moves), n=last - first) if moves else ""


def in_language(swedish: str, english: str, words: Words) -> tuple[str, str]:
    """Return the text in the page's language if there is one, else the other, and which it is."""
    texts = {"sv": swedish, "en": english}
    other = "en" if words.language == "sv" else "sv"
    own = texts[words.language]
    return (own, words.language) if own or not texts[other] else (texts[other], other)


def other_keys(scenario: Scenario, baseline: Scenario) -> list[str]:
    """Return the keys in which a scenario differs from its baseline, policies and words apart."""
    mine, theirs = (
        s.model_dump(include={"rules", "preferences", "steps", "groups"}) for s in (scenario, baseline)
    )
    return list(differing_keys(mine, theirs))


def differing_keys(mine: Any, theirs: Any, path: str = "") -> Sequence[str]:
    """Return the dotted keys at which two nested values differ."""
    if isinstance(mine, dict) and isinstance(theirs, dict):
        keys = dict.fromkeys([*mine, *theirs])
        inner = [differing_keys(mine.get(k), theirs.get(k), f"{path}.{k}" if path else str(k)) for k in keys]
        return [key for keys_within in inner for key in keys_within]
    return [] if mine == theirs else [path]


def warnings(subject: PageContext, comparison: Comparison) -> list[str]:
    """Return reasons for caution about the whole comparison."""
    words, n = subject.words, len(subject.seeds)
    reasons = []
    if n == 1:
        reasons.append(words("sure.one"))
    elif n < FEW_SEEDS:
        reasons.append(words("sure.few", n=n))
    if (comparison.judged["settled"] == False).any():  # noqa: E712  the column may hold NA
        reasons.append(words("sure.not_settled"))
    for miss in comparison.missed:
        reached, goal = words.number(miss.half_width, 4), words.number(miss.wanted, 4)
        label = subject.names[miss.scenario]
        reasons.append(words("sure.imprecise", scenario=label, n=n, reached=reached, wanted=goal))
    return reasons


def policies_not_yet_begun(subject: PageContext, year: int) -> list[str]:
    """Say which policies begin only after the year that is judged, so that their runs show nothing."""
    words = subject.words
    policies = [policy for scenario in subject.scenarios for policy in scenario.policies]
    begun = [(policy_title(policy, words), policy.since or year) for policy in policies]
    return [
        words("brief.late", policy=title, since=str(since), year=str(year))
        for title, since in dict.fromkeys(begun)
        if since > year
    ]


def building_remarks(subject: PageContext) -> list[str]:
    """Say which policies have nothing to act on, or move the market by homes that nobody fills."""
    remarks = [remark for scenario in subject.scenarios for remark in find_building_remarks(scenario)]
    texts = dict.fromkeys(remark.in_language(subject.words.language) for remark in remarks)
    return [f"{text}." for text in texts]


def command_options(comparison: Comparison) -> list[str]:
    """Return the options of the command that makes a comparison again."""
    seeds = comparison.seeds
    n = str(len(seeds))
    return ["--seeds", n, "--years", str(comparison.source.plan.years)]


def write_comparison(
    comparison: Comparison, folder: Path, language: Language = "en", *, every_format: bool = False
) -> Path:
    """Write the page of a comparison; return its path.

    Parameters
    ----------
    comparison : Comparison
        What was compared.
    folder : Path
        Where `report.html` and `figures/` go.
    language : "en" or "sv"
        Language of the page.
    every_format : bool
        Write each figure as SVG and as PNG.
    """
    baseline = cast(Scenario, comparison.baseline)
    scenarios = tuple(cast(Scenario, scenario) for scenario in comparison.scenarios)
    seed, is_board = comparison.seeds[0], baseline.city.grid is not None
    city = None if is_board else read_starting_city(baseline, seed, folder)
    geography = city.geography if city else city_map(baseline, seed, folder)
    notes = city_notes(baseline, folder)
    subject = PageContext(baseline, scenarios, comparison.runs, geography, Words(language), notes)
    districts = list_districts(comparison, subject, city)
    if len(districts):
        write_districts(districts, folder)
    html, page_figures = comparison_page(comparison, subject, folder, districts)
    write_workbook(comparison, subject, folder, districts)
    return write_page(html, page_figures, folder, every_format)


def list_districts(comparison: Comparison, subject: PageContext, city: StartingCity | None) -> pd.DataFrame:
    """Return the districts by scenario; empty where there are none or nothing was measured of them."""
    measured = (comparison.differences["level"] == TYPE.level) & (comparison.differences["unit"] != "")
    if city is None or not measured.any():
        return pd.DataFrame()
    municipality = municipality_of(subject.baseline)
    return compare_districts(comparison, subject, city, municipality.code if municipality else None)
