"""What policies come to: whom they reach, what they cost, and what a unit of effect costs."""

import math
from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from segsim.comparison import Comparison
from segsim.policies import Policy
from segsim.report.context import PageContext
from segsim.report.tables.difference_tables import row_series
from segsim.report.tables.policy_cards import PolicyCard, policy_card, policy_title
from segsim.report.tables.verdicts import Facts, verdict_kind
from segsim.report.units import UnitFormat
from segsim.runs.series import Series
from segsim.scenario import Scenario
from segsim.words.words import Words

STEPS = {"index": 0.01, "share": 0.01, "nats": 0.01}
"""How much of a unit of effect the cost is given for; of all other units one."""

SURE = {"falls", "rises", "falls_little", "rises_little"}
"""Verdicts with an effect to divide a cost by."""


class BundleRow(NamedTuple):
    """One policy of several: what it reaches and costs, and what a unit of its effect costs."""

    card: PolicyCard
    reach: str
    cost: str
    unit_cost: list[str]


def bundle_rows(scenario: Scenario, comparison: Comparison, subject: PageContext) -> list[BundleRow]:
    """Return what each of several policies comes to; nothing of a scenario with one."""
    if len(scenario.policies) < 2:
        return []
    return [
        BundleRow(
            policy_card(policy, subject.words),
            " ".join(reach_parts(policy, scenario, subject)),
            cost_text(policy, scenario, subject),
            unit_costs_alone(policy, scenario, comparison, subject),
        )
        for policy in scenario.policies
    ]


def unit_costs_alone(
    policy: Policy, scenario: Scenario, comparison: Comparison, subject: PageContext
) -> list[str]:
    """Return what a unit of effect of a policy costs where it was run alone too; else that it was not."""
    alone = find_alone(policy, scenario, subject)
    return [subject.words("brief.not_alone")] if alone is None else effect_lines(alone, comparison, subject)


def find_alone(policy: Policy, scenario: Scenario, subject: PageContext) -> Scenario | None:
    """Return the scenario in which a policy of another scenario was run by itself; None if it was not."""
    name = f"{scenario.name}_{policy.name}"
    return next((s for s in subject.scenarios if s.name == name and len(s.policies) == 1), None)


def account_lines(scenario: Scenario, comparison: Comparison, subject: PageContext) -> list[str]:
    """Return what the programme does, and what effects cost."""
    lines = []
    if scenario.programme is not None:
        lines.append(programme_line(scenario, subject))
    lines += [*saving_lines(scenario, subject), *conflict_lines(scenario, subject)]
    return [*lines, *effect_lines(scenario, comparison, subject)]


def saving_lines(scenario: Scenario, subject: PageContext) -> list[str]:
    """Return the money of closed schools that did not follow their pupils, where there is such."""
    saved = mean_by_year(subject, "flow", "schools.saved_msek", scenario.name)
    if saved.empty:
        return []
    words = subject.words
    return [words("brief.saved", total=words.number(saved.sum(), 1), range=span(saved, words, 1))]


def conflict_lines(scenario: Scenario, subject: PageContext) -> list[str]:
    """Return in how many of the areas with new homes plans and schools pull apart, where that is counted."""
    totals = []
    for flow in ("areas", "no_seats", "uneven"):
        rows = subject.rows(Series("flow", f"alignment.{flow}", "municipality"), scenario.name)
        totals.append(float(rows.groupby("year")["value"].mean().sum()))
    areas, no_seats, uneven = totals
    if areas == 0:
        return []
    shares = {"no_seats": no_seats, "uneven": uneven}
    words = subject.words
    numbers = {name: words.number(100 * total / areas, 0) for name, total in shares.items()}
    return [words("brief.conflicts", n=words.number(areas, 0), **numbers)]


def mean_by_year(subject: PageContext, measure: str, name: str, scenario: str) -> pd.Series:
    """Return the mean over seeds of a measure of a policy or programme by year, years without it left out."""
    rows = subject.rows(Series(measure, name, "municipality"), scenario)
    return rows.groupby("year")["value"].mean().dropna()


def span(amounts: pd.Series, words: Words, decimals: int) -> str:
    """Return the lowest and highest of some amounts, once where they are written alike."""
    low, high = (words.number(float(end), decimals) for end in (amounts.min(), amounts.max()))
    return low if low == high else words("unit.range", low=low, high=high)


def policy_line(policy: Policy, scenario: Scenario, subject: PageContext) -> str:
    """Return what a policy costs and whom it reaches, as far as known."""
    title = f"{policy_title(policy, subject.words)}."
    return " ".join([title, cost_text(policy, scenario, subject), *reach_parts(policy, scenario, subject)])


def cost_text(policy: Policy, scenario: Scenario, subject: PageContext) -> str:
    """Return what a policy costs, as far as known, as a sentence."""
    return subject.words("brief.cost_of", amount=cost_amount(policy, scenario, subject))


def cost_amount(policy: Policy, scenario: Scenario, subject: PageContext) -> str:
    """Return what a policy costs, as far as known."""
    words = subject.words
    cost = mean_by_year(subject, "policy_cost", policy.name, scenario.name)
    if not (len(cost) and cost.sum() > 0):
        return words("brief.cost_unknown")
    total = words.number(cost.sum(), 0 if cost.sum() >= 10 else 1)
    return words("brief.cost", cost=total, range=span(cost[cost > 0], words, 1))


def reach_parts(policy: Policy, scenario: Scenario, subject: PageContext) -> list[str]:
    """Return whom a policy reaches and, where that is not all of it, how much is carried out."""
    words = subject.words
    reached = mean_by_year(subject, "policy_reached", policy.name, scenario.name)
    shares = mean_by_year(subject, "policy_carried_out", policy.name, scenario.name)
    acting = shares[shares > 0]
    in_part = bool(len(acting)) and acting.min() < 1 - 1e-9
    parts = []
    if len(reached) and policy.REACHES:
        if reached.max() == 0:
            parts.append(words("reached.nobody"))
        elif in_part or type(policy).count_reached is not Policy.count_reached:
            number = span(reached[reached > 0], words, 0)
            parts.append(words(f"reached_a_year.{policy.REACHES}", number=number))
        else:
            parts.append(words(f"reached.{policy.REACHES}", number=words.number(float(reached.iloc[0]), 0)))
    if in_part:
        parts.append(words("brief.carried_out", range=span(100 * acting, words, 0)))
    return parts


def programme_line(scenario: Scenario, subject: PageContext) -> str:
    """Return what a programme spent of its purse, where, and what is carried out beside it."""
    words, programme = subject.words, scenario.programme
    assert programme is not None
    spent, purse, reached = (
        mean_by_year(subject, f"programme_{what}", programme.name, scenario.name)
        for what in ("cost", "purse", "reached")
    )
    number = words.number(float(reached.iloc[0]), 0) if len(reached) else words.number(0.0, 0)
    line = words(
        "brief.programme",
        name=programme.name,
        spent=words.number(spent.sum(), 1),
        purse=words.number(purse.sum(), 1),
        number=number,
    )
    free = [p for p in find_unpriced(scenario, subject) if p.programme]
    titles = words.join([policy_title(policy, words) for policy in free])
    return f"{line} {words('brief.beside_purse', items=titles)}" if free else line


def find_unpriced(scenario: Scenario, subject: PageContext) -> list[Policy]:
    """Return the policies whose cost is not known in some year in which they are carried out."""
    return [p for p in scenario.policies if not is_priced(p, scenario, subject)]


def is_priced(policy: Policy, scenario: Scenario, subject: PageContext) -> bool:
    """Tell whether the cost of a policy is known in every year of it."""
    rows = subject.rows(Series("policy_cost", policy.name, "municipality"), scenario.name)
    return len(rows) > 0 and not rows["value"].isna().any()


def effect_lines(scenario: Scenario, comparison: Comparison, subject: PageContext) -> list[str]:
    """Return what a unit of effect on each main measure costs, or why that cannot be said."""
    words = subject.words
    if not scenario.policies:
        return []
    cost = sum(
        mean_by_year(subject, "policy_cost", policy.name, scenario.name).loc[: comparison.horizon].sum()
        for policy in scenario.policies
    )
    free = words.join([policy_title(policy, words) for policy in find_unpriced(scenario, subject)])
    if cost == 0:
        return [words("brief.unit_unknown", items=free)] if free else []
    table = comparison.judged
    rows = table[table["scenario"] == scenario.name].to_dict("records")
    lines = [effect_line(row, float(cost), subject) for row in rows]
    if lines and len(scenario.policies) > 1 and find_alone(scenario.policies[0], scenario, subject) is None:
        lines.append(words("brief.unit_together"))
    if lines and free:
        lines.append(words("brief.unit_at_least", items=free))
    return lines


def effect_line(row: Facts, cost: float, subject: PageContext) -> str:
    """Return what a unit of effect on one measure costs, with its interval."""
    words, about = subject.words, subject.quantity(row_series(row))
    title = f"{about.title} ({about.over})" if about.over else about.title
    if verdict_kind(row) not in SURE or row["lower"] * row["upper"] <= 0:
        return words("brief.unit_not_settled", measure=title)
    low, middle, high = price_effect(row, cost, about.unit)
    return words(
        "brief.unit_cost",
        measure=title,
        unit=about.unit.difference(words, step_of(about.unit), sign=False),
        cost=words.number(middle, 1),
        low=words.number(low, 1),
        high=words.number(high, 1),
    )


def step_of(unit: UnitFormat) -> float:
    """Return how much of a unit a cost is given for."""
    return STEPS.get(unit.name, 1.0)


def price_effect(row: Mapping[object, float], cost: float, unit: UnitFormat) -> tuple[float, float, float]:
    """Return the cost of a step of effect: at the far end of its interval, at its mean and at the near end.

    Examples
    --------
    >>> price_effect({"difference": -0.02, "lower": -0.04, "upper": -0.01}, 8.0, UnitFormat("index"))
    (2.0, 4.0, 8.0)
    """
    ends = sorted((abs(row["lower"]), abs(row["upper"])), reverse=True)
    far, near = (cost * step_of(unit) / end if end else math.inf for end in ends)
    return far, cost * step_of(unit) / abs(row["difference"]), near
