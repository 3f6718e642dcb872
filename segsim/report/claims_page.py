"""The page of claims: each with its answer, the tests that decide it, and what the answer rests on."""

import math
from functools import partial
from pathlib import Path
from typing import NamedTuple

from segsim import figures
from segsim.comparison.claims import ClaimAnswer, ClaimStudy, JudgedTest
from segsim.report.comparison_page import FEW_SEEDS, in_language
from segsim.report.context import PageContext
from segsim.report.data_notes import city_notes
from segsim.report.geography import city_map
from segsim.report.labels import Quantity
from segsim.report.page import (
    Head,
    PageSection,
    Row,
    RowGroup,
    Table,
    data_notes,
    head_facts,
    measure_definitions,
    omissions,
    render_page,
    reproduction,
    write_page,
)
from segsim.report.page_figures import PageFigure, svg_figure
from segsim.report.tables.policy_accounts import policy_line, programme_line
from segsim.report.tables.policy_cards import PolicyCard, policy_card
from segsim.runs.series import Series
from segsim.scenario import Scenario
from segsim.scenario.experiment.claim import ClaimTest
from segsim.words.text import Language
from segsim.words.words import Words

SPANS = {
    "rises": ((1.0, math.inf),),
    "falls": ((-math.inf, -1.0),),
    "moves": ((-math.inf, -1.0), (1.0, math.inf)),
    "stays": ((-1.0, 1.0),),
    "does_not_rise": ((-math.inf, 1.0),),
    "does_not_fall": ((-1.0, math.inf),),
}
"""Where on its axis a test is met, in smallest effects of interest."""

SIGNS = {"yes": "✓", "no": "✗", "not_settled": "?"}
"""A sign beside each answer, so that no reader depends on colour."""


class ClaimScenario(NamedTuple):
    """A scenario of a claim: what it is called, what it is, its policies and what each comes to."""

    label: str
    summary: str
    summary_language: str
    policies: list[tuple[PolicyCard, str]]
    programme: str


class ClaimSection(NamedTuple):
    """One claim as the page tells of it."""

    id: str
    claim: str
    answer: str
    sign: str
    word: str
    source: str
    rests_on: str
    rule: str
    table: Table
    picture: PageFigure
    scenarios: list[ClaimScenario]
    notes: list[str]


def claims_page(study: ClaimStudy, subject: PageContext, folder: Path) -> tuple[str, list[PageFigure]]:
    """Return the page of some claims as HTML, and its figures."""
    words, (first, last) = subject.words, subject.years
    claims = [claim_section(answer, study, subject) for answer in study.answers]
    city, n, n_seeds = subject.label(subject.baseline), len(claims), len(subject.seeds)
    ids = ["answers", *(claim.id for claim in claims), "rule", "left_out", "measures", "again"]
    titles = {claim.id: claim.claim for claim in claims}
    sections = [PageSection(name, titles.get(name) or words(f"head.{name}")) for name in ids]
    level = words.number(100 * study.answers[0].level, 2)
    n_tests = sum(len(claim.deciding) for claim in study.claims)
    files = ["claims.csv", "claims.json", "runs.parquet", "figures/", "provenance.json"]
    command = ["segsim", "claims", subject.baseline.name, "--seeds", str(n_seeds)]
    html = render_page(
        "claims.html",
        subject,
        sections,
        title=words("claims.title_one" if n == 1 else "claims.title", n=n, city=city),
        kicker=f"{words('claims.kicker')} · {city}",
        lead=words("claims.lead", city=city, first=first, last=last, times=words.count("times", n_seeds)),
        facts=head_facts(subject),
        claims=claims,
        interval=words("claims.interval", n=n_tests, level=level),
        warnings=list_warnings(subject),
        left_out=omissions(subject),
        data_notes=data_notes(subject),
        measures=measure_definitions(subject, quantities(study)),
        reproduction=reproduction(subject, folder, command, files),
    )
    return html, [claim.picture for claim in claims]


def quantities(study: ClaimStudy) -> list[Series]:
    """Return every quantity the tests are about."""
    return [test.series._replace(unit="") for answer in study.answers for test in answer.tests]


def list_warnings(subject: PageContext) -> list[str]:
    """Return reasons for caution about all answers."""
    words, n = subject.words, len(subject.seeds)
    return [words("sure.one")] if n == 1 else [words("sure.few", n=n)] if n < FEW_SEEDS else []


def claim_section(answer: ClaimAnswer, study: ClaimStudy, subject: PageContext) -> ClaimSection:
    """Return what the page tells of one claim."""
    words, claim = subject.words, answer.claim
    names = [study.plan.names[claim.name, key] for key in claim.scenarios]
    scenarios = [scenario for scenario in study.plan.scenarios if scenario.name in names]
    text = partial(claim.text, language=words.language)
    return ClaimSection(
        id=claim.name,
        claim=text("claim"),
        answer=answer.answer,
        sign=SIGNS[answer.answer],
        word=words(f"claims.answer.{answer.answer}"),
        source=text("source"),
        rests_on=text("rests_on"),
        rule=words(f"claims.needs_{claim.needs}") if len(claim.deciding) > 1 else "",
        table=tests_table(answer, study, subject),
        picture=claim_picture(answer, subject),
        scenarios=[describe_scenario(scenario, subject) for scenario in scenarios],
        notes=claim_notes(answer, subject),
    )


def describe_scenario(scenario: Scenario, subject: PageContext) -> ClaimScenario:
    """Return what the page tells of a scenario: its policies, each with cost, reach and evidence."""
    words = subject.words
    summary, language = in_language(scenario.summary_sv, scenario.summary, words)
    policies = [
        (policy_card(policy, words), policy_line(policy, scenario, subject)) for policy in scenario.policies
    ]
    paid = programme_line(scenario, subject) if scenario.programme is not None else ""
    return ClaimScenario(subject.names[scenario.name], summary, language, policies, paid)


def tests_table(answer: ClaimAnswer, study: ClaimStudy, subject: PageContext) -> Table:
    """Return the tests of a claim: what was found, what was needed, and what that comes to."""
    words = subject.words
    heads = [Head(words("claims.test"), "text"), Head(words("claims.found"))]
    heads += [Head(words(f"claims.{key}"), "text") for key in ("needed", "met")]
    rows = [test_row(answer, test, study, subject) for test in answer.tests]
    return Table(heads, [RowGroup("", rows)])


def test_row(answer: ClaimAnswer, judged: JudgedTest, study: ClaimStudy, subject: PageContext) -> Row:
    """Return one test of a claim as a row."""
    words, about, test = subject.words, describe_quantity(judged, subject), judged.test
    numbers = about.unit.difference(words, judged.estimate, sign=True)
    if judged.n > 1:
        span = about.unit.interval(words, *judged.interval)
        numbers = words("claims.estimate", estimate=numbers, interval=span)
    needed = words("claims.expect.shown")
    if test.by is not None:
        by = about.unit.difference(words, test.by, sign=False)
        needed = words(f"claims.expect.{test.expect}", by=by)
    cells = [numbers, needed, words(f"claims.answer.{judged.answer}")]
    return Row(test.title(words.language), contrast_text(answer, test, study, subject), cells)


def describe_quantity(judged: JudgedTest, subject: PageContext) -> Quantity:
    """Return how the quantity of a test is written: with a decimal more per million SEK, which is little."""
    about = subject.quantity(judged.series._replace(unit=""))
    if judged.test.per_msek is None:
        return about
    unit = about.unit._replace(difference_decimals=about.unit.difference_decimals + 1)
    return about._replace(unit=unit)


def contrast_text(answer: ClaimAnswer, test: ClaimTest, study: ClaimStudy, subject: PageContext) -> str:
    """Return in words what is compared with what, and when."""
    words, years = subject.words, study.plan.years_of(test)
    when = str(years[0]) if len(years) == 1 else f"{years[0]}–{years[-1]}"
    if not test.contrast:
        return words("claims.since_start", year=when, start=subject.years[0])
    parts: list[str] = []
    for key, weight in test.contrast.items():
        label = subject.names[study.plan.names[answer.claim.name, key]]
        size = "" if abs(weight) == 1 else f"{words.number(abs(weight))} × "
        sign = "− " if weight < 0 else "+ " if parts else ""
        parts.append(f"{sign}{size}{label}")
    against = words("claims.against_baseline") if len(parts) == 1 else ""
    return f"{' '.join(parts)}{against}, {when}"


def claim_picture(answer: ClaimAnswer, subject: PageContext) -> PageFigure:
    """Return the figure of a claim."""
    words = subject.words
    rows = []
    for judged in answer.tests:
        about, test = describe_quantity(judged, subject), judged.test
        factor = about.unit.factor
        unit = about.unit.difference_axis(words)
        if test.per_msek is not None:
            unit = words("claims.per_msek", unit=unit, n=words.number(test.per_msek))
        by = factor * (test.by or 0.0)
        spans = [(by * first, by * last) for first, last in SPANS.get(test.expect, ())]
        interval = (factor * judged.interval[0], factor * judged.interval[1])
        title = test.title(words.language)
        rows.append(
            figures.DrawnTest(title, unit, factor * judged.values, factor * judged.estimate, interval, spans)
        )
    figure = figures.claim_tests(rows, yes=words("claims.answer.yes").lower(), number=words.number)
    alt = words("claims.alt", claim=answer.claim.text("claim", words.language))
    return svg_figure(f"claim_{answer.claim.name}", alt, figure)


def claim_notes(answer: ClaimAnswer, subject: PageContext) -> list[str]:
    """Return why tests could not be judged, or are as plain as they are."""
    words = subject.words
    by_reason: dict[str, list[str]] = {}
    for judged in answer.tests:
        if judged.reason and judged.reason != "one_run":
            by_reason.setdefault(judged.reason, []).append(judged.test.title(words.language))
    return [words(f"claims.reason.{reason}", tests="; ".join(titles)) for reason, titles in by_reason.items()]


def write_claims(study: ClaimStudy, folder: Path, language: Language = "en") -> Path:
    """Write the page of some claims; return its path.

    Parameters
    ----------
    study : ClaimStudy
        The claims and their answers.
    folder : Path
        Where `report.html` and `figures/` go.
    language : "en" or "sv"
        Language of the page.
    """
    geography = city_map(study.baseline, study.runs.plan.seeds[0], folder)
    notes = city_notes(study.baseline, folder)
    subject = PageContext(
        study.baseline, study.plan.scenarios, study.frame, geography, Words(language), notes
    )
    html, pictures = claims_page(study, subject, folder)
    return write_page(html, pictures, folder)
