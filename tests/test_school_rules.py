"""Rules of admission and choice beyond the usual: quotas, lots, first come, attainment, best, heuristics."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segsim.errors import DataError, ScenarioError
from segsim.rules.schools import Admission
from segsim.scenario import load_scenario
from segsim.steps.schools import school_year
from segsim.steps.schools.achievement import origin_achievement
from segsim.steps.schools.enrolment import exact_means, list_pupils, school_order
from segsim.synthesis.files.school_file import read_schools
from segsim.tables import Provider, live
from tests.school_town import run_years, school_town, seven_schools, town_moment
from tests.test_schools import assert_whole, composition

EDUCATED = 2
ONE_SYSTEM = {"common_system": True, "mandatory_choice": True, "sibling": False}


def settle(seats, families, years=0, **settings):
    """Return a town whose schools are filled, after some years."""
    state = town_moment(school_town(families, schools=seven_schools(seats)), **settings)
    school_year.settle(state)
    return run_years(state, school_year.step, years)


def pupils_of(state, grades=range(10)):
    """Return the pupils of some grades, and how many schools there are."""
    order = school_order(state)
    roll = list_pupils(state, order)
    return roll.select(np.isin(roll.grade, list(grades))), order


@pytest.mark.parametrize(
    "neutral",
    [
        {"admission": {"majority_quota": 1.0, "majority": "background"}},
        {"admission": {"tie_breaking": "single"}},
        {"preferences": {"choice": {"rule": "logit", "threshold": 0.9, "noticeable": 1.0}}},
        {"preferences": {"choice": {"education_weights": {"lower_secondary": {}}}}},
        {"preferences": {"choice": {"information_noise": (0, 0, 0, 0)}}},
        {"preferences": {"choice": {"weights": {"education": 0.0, "provider": 0.0, "sibling": 0.0}}}},
    ],
    ids=str,
)
def test_neutral_settings__equal_the_baseline(neutral):
    assert composition(settle(15, 200, 2)) == composition(settle(15, 200, 2, **neutral))


@pytest.mark.parametrize("majority", ["education", "background"])
def test_majority_quota__is_kept_by_every_school_where_seats_suffice(majority):
    quota = {"majority_quota": 0.5, "majority": majority, **ONE_SYSTEM}
    state = settle(12, 700, admission=quota)
    assert_whole(state)
    roll, _ = pupils_of(state, range(7))
    is_major = roll.education >= EDUCATED if majority == "education" else roll.kind == 0
    at = roll.school[is_major] * 10 + roll.grade[is_major]
    assert np.bincount(at).max() <= 6
    free, _ = pupils_of(settle(12, 700, admission=ONE_SYSTEM), range(7))
    is_major = free.education >= EDUCATED if majority == "education" else free.kind == 0
    assert np.bincount(free.school[is_major] * 10 + free.grade[is_major]).max() > 6


def test_majority_quota__of_nothing_still_seats_everybody():
    state = settle(12, 600, 2, admission={"majority_quota": 0.0, **ONE_SYSTEM})
    assert_whole(state)


def test_majority_quota__binds_independent_schools_in_a_common_system_only():
    def educated(common):
        admission = {"majority_quota": 0.2, "mandatory_choice": True, "common_system": common}
        state = settle(20, 700, admission=admission)
        roll, order = pupils_of(state, range(7))
        is_independent = state.tables.schools.provider[order] == Provider.INDEPENDENT
        return (is_independent[roll.school] & (roll.education >= EDUCATED)).sum()

    assert educated(True) < 0.7 * educated(False)


def settle_where_one_is_famous(seats, admission, **choice):
    """Return a town where school 10 has far the highest merit value, its pupils and who goes there."""
    town = school_town(900, schools=seven_schools(seats))
    town.schools.published_merit[:] = np.nan
    town.schools.published_merit[[0, 1, 2, 3]] = (200.0, 300.0, 210.0, 205.0)
    choice |= {"weights": {"merit": 3.0, "composition": 0.0, "distance": 0.1}, "nearest": 8}
    state = town_moment(town, admission=admission | ONE_SYSTEM, preferences={"choice": choice})
    school_year.settle(state)
    roll, order = pupils_of(state, range(7))
    return state, roll, state.tables.schools.id[order][roll.school] == 10


def test_attainment__lets_the_able_into_the_school_many_want():
    def lead(priority):
        state, roll, is_there = settle_where_one_is_famous(9, {"municipal_priority": priority})
        attainment = origin_achievement(state, roll)
        return attainment[is_there].mean() - attainment.mean()

    assert lead("attainment") > 0.8
    assert abs(lead("lottery")) < 0.3


def test_first_come__favours_those_who_apply_early():
    def educated(priority):
        admission = {"municipal_priority": priority, **ONE_SYSTEM}
        choice = {"queue_education": 5.0, "nearest": 8, "weights": {"distance": 0.0, "composition": 4.0}}
        state = settle(9, 900, admission=admission, preferences={"choice": choice})
        roll, order = pupils_of(state, range(7))
        means = exact_means(roll.school, roll.education, order.size)[roll.school]
        return means.var() / roll.education.var()

    assert educated("first_come") > 1.2 * educated("lottery")


def test_heuristic__without_composition_and_merit_takes_the_nearest_as_best_does():
    weights = {"composition": 0.0, "merit": 0.0}
    found = [
        composition(
            settle(500, 300, admission=ONE_SYSTEM, preferences={"choice": {"rule": rule, "weights": weights}})
        )
        for rule in ("best", "heuristic")
    ]
    assert found[0] == found[1]
    taste = {"choice": {"rule": "logit", "weights": weights}}
    assert found[0] != composition(settle(500, 300, admission=ONE_SYSTEM, preferences=taste))


def test_threshold__content_with_any_school_takes_the_nearest():
    def km(choice):
        state = settle(500, 300, admission=ONE_SYSTEM, preferences={"choice": choice})
        roll, order = pupils_of(state, range(7))
        x = state.tables.cells.x
        return np.abs(x[roll.cell] - x[state.tables.schools.cell[order]][roll.school]).mean()

    strong = {"composition": 20.0}
    content, demanding = (
        km({"rule": "threshold", "threshold": t, "weights": strong, "nearest": 8}) for t in (0.0, 0.9)
    )
    assert content < 0.8 * demanding


@pytest.mark.parametrize(
    ("weights", "measure"),
    [({"provider": 3.0}, "independent"), ({"sibling": 6.0}, "together"), ({"education": 8.0}, "sorted")],
    ids=str,
)
def test_weight__draws_families_to_what_it_is_for(weights, measure):
    def found(own):
        state = settle(60, 900, 3, admission=ONE_SYSTEM, preferences={"choice": {"weights": own}})
        roll, order = pupils_of(state, range(4))
        if measure == "independent":
            return (state.tables.schools.provider[order][roll.school] == Provider.INDEPENDENT).mean()
        if measure == "sorted":
            means = exact_means(roll.school, roll.education >= EDUCATED, order.size)[roll.school]
            return means.var()
        everyone, _ = pupils_of(state, range(7))
        _, first, size = np.unique(everyone.household, return_index=True, return_counts=True)
        pairs = np.isin(everyone.household, everyone.household[first[size == 2]])
        by_family = np.flatnonzero(pairs)[np.argsort(everyone.household[pairs], kind="stable")]
        school = everyone.school[by_family].reshape(-1, 2)
        return (school[:, 0] == school[:, 1]).mean()

    assert found(weights) > found({}) + {"independent": 0.01, "together": 0.05, "sorted": 0.002}[measure]


def test_weights_by_education__are_those_of_these_guardians_alone():
    educated = {"short_post_secondary": {"distance": 30.0}, "long_post_secondary": {"distance": 30.0}}
    state = settle(500, 900, admission=ONE_SYSTEM, preferences={"choice": {"education_weights": educated}})
    roll, order = pupils_of(state, range(7))
    x = state.tables.cells.x
    km = np.abs(x[roll.cell] - x[state.tables.schools.cell[order]][roll.school])
    is_educated = roll.education >= EDUCATED
    usual = settle(500, 900, admission=ONE_SYSTEM)
    before, _ = pupils_of(usual, range(7))
    km_before = np.abs(x[before.cell] - x[usual.tables.schools.cell[order]][before.school])
    assert km[is_educated].mean() < 0.85 * km_before[is_educated].mean()
    assert km[~is_educated].mean() > 0.95 * km_before[~is_educated].mean()


def test_noise__makes_published_merit_matter_less():
    _, _, knowing = settle_where_one_is_famous(500, {})
    _, _, wondering = settle_where_one_is_famous(500, {}, information_noise=(5.0,) * 4)
    assert wondering.mean() < knowing.mean() - 0.2


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"mechanism": "top_trading_cycles", "majority_quota": 0.5}, "keeps neither reserves nor quotas"),
        ({"ses_quota": True, "majority_quota": 0.5, "majority": "background"}, "reserves by education"),
    ],
)
def test_admission__refuses_what_does_not_go_together(settings, message):
    with pytest.raises(ValueError, match=message):
        Admission(**settings)


@pytest.mark.parametrize(
    ("lines", "line", "remedy"),
    [
        ("rules:\n  schools:\n    admission:\n      majority_quota: 1.5\n", 5, "1"),
        ("rules:\n  schools:\n    admission:\n      mechanism: magic\n", 5, "deferred_acceptance"),
        ("preferences:\n  schools:\n    choice:\n      rule: clever\n", 5, "heuristic"),
        (
            "preferences:\n  schools:\n    choice:\n      education_weights: {phd: {merit: 1}}\n",
            5,
            "long_post_secondary",
        ),
    ],
)
def test_scenario__refuses_a_bad_setting_with_its_line(tmp_path, lines, line, remedy):
    path = tmp_path / "bad.yaml"
    path.write_text("extends: growing_sodertalje\n" + lines)
    with pytest.raises(ScenarioError) as error:
        load_scenario(path)
    assert f"bad.yaml:{line}" in str(error.value)
    assert remedy in str(error.value)


def test_school_table__without_a_school_for_grade_9_is_refused(tmp_path):
    path = tmp_path / "schools.csv"
    head = "school_unit_code,school,municipality_code,provider_type,n_pupils_g9,n_f\n"
    path.write_text(head + "1,A,0181,Kommunal,0,20\n2,B,0181,Kommunal,0,30\n")
    with pytest.raises(DataError) as error:
        read_schools(path, None, "0181")
    assert "schools.csv: no school of the municipality has pupils in grade 9" in str(error.value)
    assert "leave city.schools out" in str(error.value)
    path.write_text(head + "1,A,0181,Kommunal,0,20\n2,B,0181,Kommunal,,30\n")
    assert len(read_schools(path, None, "0181")[0].codes) == 2


@settings(max_examples=12, deadline=None)
@given(st.data())
def test_no_pupil_is_ever_lost__whatever_the_rules_and_the_schools(data):
    """Seats may be none, quotas may close all of them, and schools may close: every child has a school."""
    draw = data.draw
    admission = {
        "mechanism": draw(st.sampled_from(Admission.model_fields["mechanism"].annotation.__args__)),
        "municipal_priority": draw(
            st.sampled_from(Admission.model_fields["municipal_priority"].annotation.__args__)
        ),
        "lottery_share": draw(st.sampled_from([0.0, 0.4, 1.0])),
        "tie_breaking": draw(st.sampled_from(["single", "multiple"])),
        "majority": draw(st.sampled_from(["education", "background"])),
        "common_system": draw(st.booleans()),
        "mandatory_choice": draw(st.booleans()),
    }
    if admission["mechanism"] != "top_trading_cycles":
        admission["majority_quota"] = draw(st.sampled_from([0.0, 0.3, 1.0]))
        admission["ses_quota"] = admission["majority"] == "education" and draw(st.booleans())
    choice = {"rule": draw(st.sampled_from(["logit", "best", "threshold", "heuristic"]))}
    seats = draw(st.sampled_from([0, 1, 6, 40]))
    closing = {"closing_fill": 1.0, "closing_rate": draw(st.sampled_from([0.0, 1.0])), "opening_rate": 20.0}
    seed = draw(st.integers(0, 1000))
    state = town_moment(
        school_town(150, seed=seed, schools=seven_schools(seats)),
        seed=seed,
        admission=admission,
        rules={"independent": closing},
        preferences={"choice": choice},
    )
    school_year.settle(state)
    children = len(composition(state))
    assert_whole(state)
    for _ in range(3):
        run_years(state, school_year.step, 1)
        assert_whole(state)
        age = state.year - state.tables.persons.birth_year[live(state.tables.persons)]
        children = ((age >= 6) & (age <= 15)).sum()
        assert len(composition(state)) == children
