"""What holds of the rules under every lever: nothing outside its years, sums over areas, cost by share."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from segsim.policies import LEVERS, CityWide, Policy, amend_rules
from segsim.rules import Rules
from segsim.section import Section
from test_policies import CITY, RULES

TOWN = replace(
    CITY,
    shares={**CITY.shares, "private_rental": np.full(6, 0.1)},
    refugees=10.0,
    own_housing_share=0.5,
    unlawful_lets=np.full(6, 3),
)
"""The town of the tests of policies, with what some levers count by."""

BEGAN, LAST = 2027, 2028
ONE_NUMBER = ("independent_school_share",)
"""Levers of a number for the whole city: two of them with areas of their own are refused."""

BINDING = {"tenure_in_detailed_plans": {"permanence_years": 0}}
"""Without these a plan that has ended would still keep what was built under it from being converted."""


def read(lever: type[Policy], **settings: Any) -> Policy:
    """Return a lever as its example has it, with other settings."""
    return lever.model_validate({**lever.EXAMPLE, "kind": lever.KIND, **settings})


def rules_in(year: int, *policies: Policy) -> Rules:
    """Return the rules of a year under some policies that began in 2027."""
    return amend_rules(policies, RULES, {BEGAN: TOWN}, year, BEGAN)


def provisions(rules: Section, way: str = "") -> Iterator[tuple[str, Section]]:
    """Yield everything that is listed somewhere in some rules, and where."""
    for name, part in rules:
        here = f"{way}.{name}"
        if isinstance(part, Section):
            yield from provisions(part, here)
        elif isinstance(part, tuple):
            yield from ((here, item) for item in part if isinstance(item, Section))


@pytest.mark.parametrize("lever", LEVERS, ids=lambda lever: lever.KIND)
@pytest.mark.parametrize("lag", [0, 2])
def test_every_lever__changes_rules_in_its_years_and_in_no_other(lever: type[Policy], lag: int) -> None:
    one = read(lever, **{"from": BEGAN, "until": LAST, "lag_years": lag}, **BINDING.get(lever.KIND, {}))
    changed = [year for year in range(BEGAN - 2, LAST + lag + 4) if rules_in(year, one) != RULES]
    allowed = range(BEGAN + lag, LAST + lag + 1)
    assert changed
    assert set(changed) <= set(allowed)
    assert changed[0] == BEGAN + lag


@pytest.mark.parametrize("lever", [lever for lever in LEVERS if lever.FADES], ids=lambda lever: lever.KIND)
def test_every_fading_lever__is_gone_after_its_years_of_decay(lever: type[Policy]) -> None:
    one = read(lever, **{"from": BEGAN, "until": LAST, "decay_after_end": 2})
    assert [rules_in(year, one) != RULES for year in range(LAST, LAST + 5)] == [
        True,
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    "lever", [lever for lever in LEVERS if not issubclass(lever, CityWide)], ids=lambda lever: lever.KIND
)
def test_every_lever__adds_up_over_areas(lever: type[Policy]) -> None:
    if lever.KIND in ONE_NUMBER:
        return
    first, second = (read(lever, name=area, areas=[area]) for area in ("A1", "A2"))
    year = BEGAN
    apart = [*provisions(rules_in(year, first)), *provisions(rules_in(year, second))]
    assert sorted(map(str, provisions(rules_in(year, first, second)))) == sorted(map(str, apart))


@pytest.mark.parametrize("lever", LEVERS, ids=lambda lever: lever.KIND)
def test_every_lever__spends_and_reaches_in_its_years_alone(lever: type[Policy]) -> None:
    one = read(lever, **{"from": BEGAN, "until": LAST, "lag_years": 2})
    for year in (BEGAN - 1, LAST + 1, LAST + 2):
        account = one.account(replace(TOWN, year=year))
        assert (account.cost, account.reached, account.carried_out) == (0.0, 0.0, 0.0)
    assert one.account(replace(TOWN, year=BEGAN)).carried_out == 1.0


@pytest.mark.parametrize(
    "lever", [lever for lever in LEVERS if not issubclass(lever, CityWide)], ids=lambda lever: lever.KIND
)
def test_every_lever__costs_and_reaches_in_proportion_to_what_is_carried_out(lever: type[Policy]) -> None:
    whole, half = read(lever, unit_cost_ksek=10.0), read(lever, unit_cost_ksek=10.0, compliance=0.5)
    for amount in ("cost", "reach"):
        expected = 0.5 * getattr(whole, amount)(TOWN)
        assert getattr(half, amount)(TOWN) == pytest.approx(expected, nan_ok=True)
    reached = whole.reach(TOWN)
    assert whole.cost(TOWN) == pytest.approx(10.0 * reached / 1000, nan_ok=True)
