"""A programme: several policies in one place and period, paid from one purse."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
from pydantic import field_validator

from segsim.national import RESIDENTS_IN_NEED_2022
from segsim.policies.implementation import Amounts, amount_in
from segsim.policies.period import Period
from segsim.policies.policy import Policy
from segsim.policies.profile import CityProfile
from segsim.policies.scope import Scope
from segsim.section import RefusedValueError, Share, setting

Rule = Literal["need", "equal", "application"]


Acting = tuple[Policy, CityProfile]
"""A policy in force and the city when it began, with the year it is now."""


class ProgrammeAccount(NamedTuple):
    """What a programme came to in a year."""

    programme: str
    purse: float
    """Million SEK there were."""
    cost: float
    """Million SEK spent, by policies whose cost is known."""
    reached: float
    """Residents its areas had when it began."""


class Programme(Period):
    """A named bundle of policies, one purse and a rule for dividing it; its policies stand among the others.

    What it pays for are policies of the scenario that bear its name (`programme`). In each year the purse is
    divided among those whose cost is known, none of which gets more than the year's plan costs; what they
    leave is not spent. A policy of unknown cost is carried out beside the purse.
    """

    name: str = setting(
        "What the programme is called in tables.",
        "Vad programmet heter i tabeller.",
        "programme",
        min_length=1,
        max_length=200,
    )
    areas: Scope = setting(
        "Where all its policies act: `all`, a list of names, or conditions.",
        "Var alla dess åtgärder gäller: `all`, en lista med namn, eller villkor.",
        Scope(all=True),
    )
    msek: Amounts = setting(
        "The purse, million SEK a year, or by year (each amount holds until the next).",
        "Kassan, miljoner kronor per år eller år för år (varje belopp gäller till nästa).",
    )
    nationwide: bool = setting(
        "The purse is the nation's, and the municipality gets its share of it by need: that of residents in "
        "areas of types 1 and 2 when the programme begins, of all such residents in the country.",
        "Kassan är hela landets, och kommunen får sin del efter behov: av alla i landet som bor i områden av "
        "typ 1 och 2, andelen som bor i kommunen när programmet börjar.",
        False,
    )
    absorption: Share = setting(
        "Share of the purse that can be put to use (assumed 1).",
        "Andel av kassan som hinner användas (antagande: 1).",
        1.0,
    )
    rule: Rule = setting(
        "How the purse is divided: need, in proportion to what each policy costs, so that all get equally "
        "far; equal, the same to each; application, in the order they are written, as long as it lasts.",
        "Hur kassan delas: need, i proportion till vad varje åtgärd kostar, så att alla når lika långt; "
        "equal, lika mycket till var och en; application, i den ordning de står, så länge pengarna räcker.",
        "need",
    )
    policies: tuple[Any, ...] = setting(
        "The policies it pays for; those that name no years of their own have the programme's.",
        "Åtgärderna den betalar; de som inte har egna år har programmets.",
        (),
    )

    @field_validator("policies")
    @classmethod
    def _stand_among_the_others(cls, policies: tuple[Any, ...]) -> tuple[Any, ...]:
        if policies:
            raise RefusedValueError(
                "can only be written in the file itself; override policies by their names",
                "kan bara skrivas i själva filen; ändra åtgärderna med deras namn",
            )
        return policies

    def holds(self, policy: Policy) -> bool:
        """Tell whether a policy acts where the programme does and no longer than it."""
        begins = self.since is None or (policy.since is not None and policy.since >= self.since)
        ends = self.until is None or (policy.until is not None and policy.until <= self.until)
        return begins and ends and policy.areas == self.areas

    def purse(self, profile: CityProfile) -> float:
        """Return the money of the purse in the profile's year, million SEK."""
        year = profile.year
        is_open = (self.since is None or year >= self.since) and (self.until is None or year <= self.until)
        share = share_by_need(profile) if self.nationwide else 1.0
        return share * amount_in(self.msek, year) if is_open else 0.0

    def pay(self, acting: Sequence[Acting]) -> dict[str, float]:
        """Return what each of its policies in force gets in the year, by name; only those of known cost."""
        mine = self.choose_own(acting)
        costs = {policy.name: policy.cost(profile) for policy, profile in mine}
        known = {name: cost for name, cost in costs.items() if not math.isnan(cost)}
        return divide(self.rule, known, self.absorption * self.purse(find_first(mine)) if mine else 0.0)

    def account(self, acting: Sequence[Acting]) -> ProgrammeAccount | None:
        """Return what the programme comes to in the year; None when none of its policies is in force."""
        mine = self.choose_own(acting)
        if not mine:
            return None
        began = find_first(mine)
        costs = [policy.cost(profile) for policy, profile in mine]
        return ProgrammeAccount(
            self.name,
            purse=self.purse(began),
            cost=sum(cost for cost in costs if not math.isnan(cost)),
            reached=float(began.residents[self.areas.rows(began)].sum()),
        )

    def choose_own(self, acting: Sequence[Acting]) -> list[Acting]:
        """Return those of some policies that belong to the programme."""
        return [(policy, profile) for policy, profile in acting if policy.programme == self.name]


def find_first(acting: Sequence[Acting]) -> CityProfile:
    """Return the city when the first of some policies began."""
    return min((profile for _, profile in acting), key=lambda profile: profile.began)


def share_by_need(profile: CityProfile) -> float:
    """Return the city's share of all in the country who live in areas of types 1 and 2."""
    in_need = profile.residents[np.isin(profile.types, (1, 2))].sum()
    return min(float(in_need) / RESIDENTS_IN_NEED_2022, 1.0)


def divide(rule: Rule, needs: Mapping[str, float], money: float) -> dict[str, float]:
    """Divide money among needs, none of which gets more than it needs.

    Examples
    --------
    >>> divide("need", {"a": 1.0, "b": 3.0}, 2.0)
    {'a': 0.5, 'b': 1.5}
    >>> divide("equal", {"a": 0.5, "b": 3.0}, 2.0)
    {'a': 0.5, 'b': 1.5}
    >>> divide("application", {"a": 1.0, "b": 3.0}, 2.0)
    {'a': 1.0, 'b': 1.0}
    """
    if rule == "need":
        total = sum(needs.values())
        share = 1.0 if total <= money else money / total
        return {name: share * need for name, need in needs.items()}
    parts: dict[str, float] = {}
    order = sorted(needs, key=needs.__getitem__) if rule == "equal" else list(needs)
    for i, name in enumerate(order):
        offer = (money - sum(parts.values())) / (len(order) - i if rule == "equal" else 1)
        parts[name] = min(needs[name], max(offer, 0.0))
    return {name: parts[name] for name in needs}
