"""What the policies of a plan come to before it is run: whom they reach, what they cost, who decides."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from segsim.policies import Account, CityProfile, Policy
from segsim.policies.manual import evidence_strength
from segsim.report.tables.policy_cards import period, policy_title, scope
from segsim.scenario import Scenario
from segsim.words.words import Words


def describe_plan(scenario: Scenario, profile: CityProfile | None, words: Words) -> dict[str, Any]:
    """Return what each policy comes to, and what is known of the sum, as the page shows it.

    Parameters
    ----------
    scenario : Scenario
    profile : CityProfile, optional
        The city at its start; without it costs and numbers reached are not told.
    words : Words
    """
    policies, totals = [], []
    for policy in scenario.policies:
        accounts = list_accounts(policy, scenario, profile) if profile is not None else []
        costs = [one.cost for one in accounts]
        decider = words(f"decider.{policy.decider}")
        policies.append(
            {
                "title": policy_title(policy, words),
                "when": period(policy, words),
                "where": scope(policy.areas, words),
                "cost": write_cost(costs, words) if profile is not None else "",
                "reached": write_reached(policy, accounts, words),
                "decider": decider,
                "law": words("brief.needs_law") if policy.needs_law else "",
                "evidence": evidence_strength(policy.EVIDENCE, words),
            }
        )
        totals.append(sum(costs) if costs else math.nan)
    return {
        "policies": policies,
        "total": write_total(totals, scenario, words) if profile is not None else "",
        "deciders": words.join(list(dict.fromkeys(p["decider"] for p in policies))),
    }


def list_accounts(policy: Policy, scenario: Scenario, profile: CityProfile) -> list[Account]:
    """Return what a policy comes to in each year it is carried out, reckoned on the city at its start.

    A run reckons on the city as it is when the policy begins.
    """
    first = scenario.start + 1
    began = policy.first_year(first)
    seen = [replace(profile, year=year, began=began) for year in range(began, first + scenario.years)]
    return [one for one in map(policy.account, seen) if one.carried_out > 0]


def write_cost(costs: Sequence[float], words: Words) -> str:
    """Return the cost of a policy by the year, and of all years."""
    if not costs:
        return words("plan.cost.none")
    if any(math.isnan(cost) for cost in costs):
        return words("plan.cost.unknown")
    low, high = (words.number(end, 1) for end in (min(costs), max(costs)))
    a_year = low if low == high else words("unit.range", low=low, high=high)
    return words("plan.cost.known", year=a_year, total=words.number(sum(costs), 1), n=len(costs))


def write_reached(policy: Policy, accounts: Sequence[Account], words: Words) -> str:
    """Return whom a policy reaches, in the words of the report; nothing where that is not known."""
    numbers = [one.reached for one in accounts if not math.isnan(one.reached)]
    if policy.REACHES is None or not numbers:
        return ""
    if max(numbers) == 0:
        return words("reached.nobody")
    in_part = min(one.carried_out for one in accounts) < 1 - 1e-9
    if in_part or type(policy).count_reached is not Policy.count_reached:
        low, high = (words.number(end, 0) for end in (min(n for n in numbers if n), max(numbers)))
        number = low if low == high else words("unit.range", low=low, high=high)
        return words(f"reached_a_year.{policy.REACHES}", number=number)
    return words(f"reached.{policy.REACHES}", number=words.number(numbers[0], 0))


def write_total(totals: Sequence[float], scenario: Scenario, words: Words) -> str:
    """Return the cost of all policies, and how many of them have none that is known."""
    known = [total for total in totals if not math.isnan(total)]
    unknown = len(totals) - len(known)
    if not known:
        return words("plan.cost.total_unknown") if totals else ""
    values = {"total": words.number(sum(known), 1), "n": scenario.years, "unknown": unknown}
    return words("plan.cost.total_at_least" if unknown else "plan.cost.total", **values)
