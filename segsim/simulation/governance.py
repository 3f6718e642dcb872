"""How a municipality carries out its policies: what they get to spend by year, and which end at elections."""

from collections.abc import Iterable, Mapping
from zlib import crc32

import numpy as np

from segsim.kernels.draws import Stream, uniforms
from segsim.policies import Policy
from segsim.policies.implementation import amount_in
from segsim.rules.governance import GovernanceRules

Spending = dict[str, dict[int, float]]
"""What policies get, by name and year, million SEK; those left out have their budgets as they are."""
_LONG_AGO = 1800


def is_governance(policy: Policy) -> bool:
    """Tell whether a policy is one that says how the others are carried out."""
    return getattr(policy, "SETS", "") == "governance"


def add_payments(spending: Spending, payments: Mapping[str, float], year: int) -> None:
    """Note what a programme pays its policies in a year."""
    for name, amount in payments.items():
        spending.setdefault(name, {})[year] = amount


def use_budgets(spending: Spending, policies: Iterable[Policy], law: GovernanceRules, year: int) -> None:
    """Note what municipal policies can use in a year of budgets of their own, once not all can be used."""
    for policy in policies:
        budget = policy.budget_msek
        is_limited = law.used_share != 1 or policy.name in spending
        if budget is None or policy.programme or not _is_municipal(policy) or not is_limited:
            continue
        # the whole of it until then
        until_now = dict(budget) if isinstance(budget, dict) else {_LONG_AGO: budget}
        own = spending.setdefault(policy.name, until_now)
        own[year] = law.used_share * amount_in(budget, year)


def fund(policies: Iterable[Policy], spending: Spending) -> tuple[Policy, ...]:
    """Return the policies with what is noted for them as their budgets."""
    return tuple(
        policy.model_copy(update={"budget_msek": dict(spending[policy.name])})
        if policy.name in spending
        else policy
        for policy in policies
    )


def end_at_election(
    policies: Iterable[Policy], law: GovernanceRules, key: np.uint64, year: int
) -> tuple[Policy, ...]:
    """Return the policies; in an election year those it is drawn against end with the year."""
    if law.continuation == 1 or not law.is_election(year):
        return tuple(policies)
    return tuple(
        policy.model_copy(update={"until": year})
        if _is_municipal(policy) and _would_go_on(policy, year) and not _is_kept(policy, law, key, year)
        else policy
        for policy in policies
    )


def _is_municipal(policy: Policy) -> bool:
    """Tell whether the municipality carries a policy out: it decides it, or has it in its programme."""
    return not is_governance(policy) and (policy.DECIDED_BY == "municipality" or bool(policy.programme))


def _would_go_on(policy: Policy, year: int) -> bool:
    """Tell whether a policy is carried out in a year and not in its last."""
    has_begun = policy.since is None or policy.since <= year
    return has_begun and (policy.until is None or policy.until > year)


def _is_kept(policy: Policy, law: GovernanceRules, key: np.uint64, year: int) -> bool:
    """Tell whether a policy outlasts an election; those of a programme share its fate."""
    name = f"programme {policy.programme}" if policy.programme else policy.name
    who = np.array([crc32(name.encode())], np.int64)
    return bool(uniforms(key, Stream.ELECTION, year, who, 0)[0] < law.continuation)
