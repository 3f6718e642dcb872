"""The baseline is calm: five years without policy leave Södertälje's people and work near where they began.

The start is calibrated to published figures of 31 December 2022; what is asked here is that the year's
processes keep it. The tolerances are those of the model's specification: population .5 % a year, shares 1.5
percentage points in five years.
"""

import numpy as np
import pytest

from segsim.scenario import load_scenario
from segsim.simulation.initial_state import draw_initial_state
from segsim.steps.housing import market
from segsim.steps.population import demography
from segsim.steps.schools import school_year
from segsim.steps.work import labour_market
from segsim.tables import NONE, Activity, Sex
from tests.consistency import find_inconsistencies

YEARS = 5


def described(state):
    """Shares that should stay: groups, ages, work, income and households."""
    p, h = state.tables.persons, state.tables.households
    people, age = p.id != NONE, state.year - p.birth_year
    working_age = people & (age >= 16) & (age < 65)
    prime = people & (age >= 25) & (age < 65)
    employed, idle = p.activity == Activity.EMPLOYED, p.activity == Activity.UNEMPLOYED
    low = h.standard[p.household] < 0.6 * 280.0
    found = {
        "employed": employed[working_age].mean(),
        "unemployed": idle[working_age].sum() / (employed | idle)[working_age].sum(),
        "low standard": low[people].mean(),
        "children": (age[people] < 18).mean(),
        "old": (age[people] >= 65).mean(),
        "couples": 2 * ((p.role == 1) & people).sum() / people.sum(),
    }
    for g, group in enumerate(state.groups):
        found[group.name] = (p.group[people] == g).mean()
        for sex in Sex:
            found[f"employed {group.name} {sex.name}"] = employed[
                prime & (p.group == g) & (p.sex == sex)
            ].mean()
    return people.sum(), (h.id != NONE).sum(), found


@pytest.fixture(scope="module")
def before_and_after():
    scenario = load_scenario("sodertalje")
    state = draw_initial_state(scenario, 1)
    before = described(state)
    for year in range(scenario.start + 1, scenario.start + 1 + YEARS):
        state.year = year
        state.flows.clear()
        for step in (demography, labour_market, school_year, market):
            step.step(state)
        assert find_inconsistencies(state.tables) == []
    return before, described(state)


def test_population__drifts_less_than_half_a_percent_a_year(before_and_after):
    (people, households, _), (people_after, households_after, _) = before_and_after
    assert abs(people_after / people - 1) < 0.005 * YEARS
    assert abs(households_after / households - 1) < 0.01 * YEARS


@pytest.mark.parametrize(
    ("name", "tolerance"),
    [
        ("employed", 0.015),
        ("unemployed", 0.015),
        ("low standard", 0.015),
        ("children", 0.01),
        ("old", 0.015),
        ("couples", 0.02),
        ("swedish", 0.01),
        ("second_generation", 0.015),
        ("europe", 0.01),
        ("outside_europe", 0.01),
    ],
)
def test_shares__stay(before_and_after, name, tolerance):
    (_, _, before), (_, _, after) = before_and_after
    assert after[name] == pytest.approx(before[name], abs=tolerance)


def test_employment_by_origin_and_sex__stays(before_and_after):
    (_, _, before), (_, _, after) = before_and_after
    gaps = [abs(after[name] - before[name]) for name in before if name.startswith("employed ")]
    assert np.max(gaps) < 0.04
