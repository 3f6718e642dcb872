"""What a policy comes to before any effect: what it changes, whom it touches, what it costs, who decides."""

from typing import NamedTuple

from segsim.comparison import Comparison
from segsim.flows import FLOWS
from segsim.policies import Policy
from segsim.report.context import PageContext
from segsim.report.page import Fact
from segsim.report.tables.difference_tables import MeasureVerdict
from segsim.report.tables.policy_accounts import cost_amount, mean_by_year, reach_parts
from segsim.report.tables.policy_cards import period, policy_title, scope
from segsim.report.tables.shown_measures import POPULATION
from segsim.runs.series import Series
from segsim.scenario import Scenario
from segsim.tables import TENURES

COUNTED = {"persons", "households", "dwellings", "number"}
"""Units of the flows that tell what a policy itself did."""

STILL = {"equivalent", "unclear", "identical"}
"""Verdicts of nothing that could be seen."""

LITTLE = 0.05
"""Share of all dwellings below which a policy on homes is told to touch few."""


class StockChange(NamedTuple):
    """How a policy changes the dwellings of a city, by the year that is judged.

    Attributes
    ----------
    changed : float
        Dwellings of another tenure than without it, or built because of it.
    total : float
        All dwellings with the policy.
    parts : dict of str to float
        By tenure how many more there are, or fewer; those alone whose interval leaves out zero.
    """

    changed: float
    total: float
    parts: dict[str, float]


def brief_facts(scenario: Scenario, comparison: Comparison, subject: PageContext) -> list[Fact]:
    """Return what stands above the effects of a scenario; several policies stand in a table of their own."""
    words = subject.words
    if not scenario.policies:
        return []
    facts = [Fact(words("brief.touched"), " ".join(describe_reach(scenario, comparison, subject)))]
    if len(scenario.policies) == 1:
        policy = scenario.policies[0]
        what = f"{policy_title(policy, words)}, {period(policy, words)}"
        facts = [
            Fact(words("brief.what"), what),
            Fact(words("brief.where"), scope(policy.areas, words)),
            *facts,
            Fact(words("brief.costs"), cost_amount(policy, scenario, subject)),
            Fact(words("brief.decides"), decider_text(policy, subject)),
        ]
    return [fact for fact in facts if fact.value]


def decider_text(policy: Policy, subject: PageContext) -> str:
    """Return who decides a policy, and that it cannot be decided today where that is so."""
    words = subject.words
    decider = words(f"decider.{policy.decider}")
    return f"{decider}. {words('brief.needs_law')}" if policy.needs_law else decider


def describe_reach(scenario: Scenario, comparison: Comparison, subject: PageContext) -> list[str]:
    """Return whom a scenario's policies reach of how many, what they did, and what came of the dwellings."""
    lines = []
    if len(scenario.policies) == 1:
        policy = scenario.policies[0]
        lines += [*reach_parts(policy, scenario, subject), *share_parts(policy, scenario, subject)]
    return [*lines, *done_lines(scenario, subject), *stock_lines(scenario, comparison, subject)]


def share_parts(policy: Policy, scenario: Scenario, subject: PageContext) -> list[str]:
    """Return which part of all those it reaches are, where what is reached can be set beside a whole."""
    words = subject.words
    reached = mean_by_year(subject, "policy_reached", policy.name, scenario.name)
    if reached.empty or reached.max() == 0:
        return []
    year, number = int(reached.index[0]), float(reached.max())
    if policy.REACHES == "dwellings":
        total = count_dwellings(subject, scenario.name, year)
    elif policy.REACHES in ("persons", "near", "participants"):
        total = subject.mean(POPULATION, scenario.name, year)
    else:
        return []
    if not total > 0 or number > total:
        return []
    kind = "dwellings" if policy.REACHES == "dwellings" else "persons"
    share = write_share(number / total, subject)
    return [words(f"brief.of_all_{kind}", share=share, total=words.number(total, 0))]


def count_dwellings(subject: PageContext, scenario: str, year: int) -> float:
    """Return the dwellings of a city in a year, mean over seeds; NaN if they were not measured."""
    return sum(subject.mean(tenure_series(name), scenario, year) for name in TENURES)


def tenure_series(name: str) -> Series:
    """Return the number of dwellings of a tenure."""
    return Series("dwellings", f"tenure.{name}", "municipality")


def write_share(share: float, subject: PageContext) -> str:
    """Return a share in per cent, small ones with a decimal."""
    return f"{subject.words.number(100 * share, 0 if share >= 0.1 else 1)}\u00a0%"


def done_lines(scenario: Scenario, subject: PageContext) -> list[str]:
    """Return what is counted in the years of a scenario and never in its baseline, a year."""
    words, lines = subject.words, []
    for flow in FLOWS.values():
        series = Series("flow", flow.name, "municipality")
        if flow.unit not in COUNTED or series not in subject.available_series:
            continue
        without = subject.rows(series, subject.baseline.name)["value"]
        a_year = mean_by_year(subject, "flow", flow.name, scenario.name)
        acting = a_year[a_year > 0]
        if without.fillna(0.0).any() or acting.empty:
            continue
        what = flow.definition.in_language(words.language).rstrip(".")
        number = words.number(acting.mean(), 0 if acting.mean() >= 10 else 1)
        lines.append(words("brief.done", what=what, number=number, total=words.number(acting.sum(), 0)))
    return lines


def stock_lines(scenario: Scenario, comparison: Comparison, subject: PageContext) -> list[str]:
    """Return how the dwellings differ from those without the policies, of how many."""
    words, change = subject.words, find_stock_change(scenario, comparison, subject)
    if change is None:
        return []
    parts = [
        f"{words(f'value.{name}')} {words.number(number, 0, sign=True)}"
        for name, number in change.parts.items()
    ]
    return [
        words(
            "brief.stock",
            year=comparison.horizon,
            number=words.number(change.changed, 0),
            total=words.number(change.total, 0),
            share=write_share(change.changed / change.total, subject),
            parts=", ".join(parts),
        )
    ]


def find_stock_change(scenario: Scenario, comparison: Comparison, subject: PageContext) -> StockChange | None:
    """Return how the dwellings differ at the horizon; None where no tenure surely has more or fewer."""
    table = comparison.differences
    table = table[(table["scenario"] == scenario.name) & (table["year"] == comparison.horizon)]
    rows = table[(table["measure"] == "dwellings") & (table["unit"] == "")].to_dict("records")
    by_tenure = {row["grouping"]: row for row in rows}
    parts = {}
    for name in TENURES:
        row = by_tenure.get(f"tenure.{name}")
        if (
            row is not None
            and abs(row["difference"]) >= 1
            and (row["n"] == 1 or row["lower"] * row["upper"] > 0)
        ):
            parts[name] = float(row["difference"])
    total = count_dwellings(subject, scenario.name, comparison.horizon)
    if not parts or not total > 0:
        return None
    more, fewer = sum(x for x in parts.values() if x > 0), -sum(x for x in parts.values() if x < 0)
    return StockChange(max(more, fewer), total, parts)


def explain_stillness(
    scenario: Scenario, comparison: Comparison, subject: PageContext, verdicts: list[MeasureVerdict]
) -> str:
    """Return why nothing could be seen of a scenario; empty where something could, or no cause is known."""
    words = subject.words
    if not scenario.policies or not verdicts or any(one.verdict.kind not in STILL for one in verdicts):
        return ""
    if all(one.verdict.kind == "identical" for one in verdicts) and all(
        policy.EVIDENCE.grade == "none" for policy in scenario.policies
    ):
        return words("brief.why_no_effect")
    change = find_stock_change(scenario, comparison, subject)
    if change is not None and change.changed / change.total < LITTLE:
        return words(
            "brief.why_few",
            number=words.number(change.changed, 0),
            total=words.number(change.total, 0),
            share=write_share(change.changed / change.total, subject),
        )
    return words("brief.why_no_effect") if any(p.EVIDENCE.grade == "none" for p in scenario.policies) else ""


def sureness_line(scenario: Scenario, comparison: Comparison, subject: PageContext) -> str:
    """Return over how many runs a scenario is judged, and how large an effect had to be to be seen."""
    words, table = subject.words, comparison.judged
    rows = table[(table["scenario"] == scenario.name) & (table["n"] > 1)].to_dict("records")
    parts = []
    for row in rows:
        about = subject.quantity(Series(row["measure"], row["grouping"], row["level"], row["unit"]))
        size = about.unit.difference(words, row["detectable"], sign=False)
        if row["detectable"] == row["detectable"]:
            parts.append(f"{about.title} ({about.over}) {size}")
    seeds = words("brief.pairs", n=len(comparison.seeds))
    return f"{seeds} {words('brief.detectable', items=words.join(parts))}" if parts else seeds
