"""School choice agrees with its plain twin; the school year keeps and does what the rules say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segsim.errors import ScenarioError
from segsim.kernels.draws import key_of
from segsim.kernels.schools.campus import Campus, list_nearby
from segsim.kernels.schools.priorities import rank_applicants
from segsim.kernels.schools.school_choice import count_asked, list_schools
from segsim.kernels.schools.school_utility import Applicants, ChoiceTaste
from segsim.kernels.schools.siblings import Siblings
from segsim.rules.schools import Admission, SchoolSupport
from segsim.steps.schools import school_year
from segsim.steps.schools.enrolment import count_enrolment, list_pupils, school_order
from segsim.steps.schools.funding import school_grants
from segsim.steps.schools.school_supply import change_supply
from segsim.tables import NONE, Activity, Provider, live
from tests.reference import schools as plain
from tests.school_town import run_years, school_town, seven_schools, town_moment

QUIET = {"opening_rate": 0.0, "growth": 0.0, "shrinkage": 0.0, "closing_rate": 0.0}


@st.composite
def choices_of_school(draw):
    """A few guardians and schools on a plane, with tastes of every form."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    n, m = draw(st.integers(1, 6)), draw(st.integers(1, 8))
    first = rng.choice([0, 7], m)
    campus = Campus(
        id=rng.permutation(100)[:m].astype(np.int64),
        x=rng.uniform(0, 9000, m),
        y=rng.uniform(0, 9000, m),
        is_independent=rng.random(m) < 0.3,
        first_grade=first.astype(np.int8),
        last_grade=np.where(first == 7, 9, rng.choice([6, 9], m)).astype(np.int8),
        share=rng.random((m, 2)),
        educated=np.stack([1 - (educated := rng.random(m)), educated], axis=1),
        merit=rng.normal(size=m),
        appeal=rng.normal(0, draw(st.sampled_from([0.0, 2.0])), (m, 2, 4)),
        rule=rng.integers(0, 6, m).astype(np.int8),
        municipality=np.zeros(m, np.int16),
    )
    applicants = Applicants(
        id=rng.permutation(1000)[:n].astype(np.int64),
        cell=np.arange(n, dtype=np.int32),
        x=rng.uniform(0, 9000, n),
        y=rng.uniform(0, 9000, n),
        grade=rng.integers(0, 10, n).astype(np.int8),
        kind=rng.integers(0, 2, n).astype(np.int8),
        education=rng.integers(0, 4, n).astype(np.int8),
        is_active=rng.random(n) < 0.6,
        current=np.where(rng.random(n) < 0.3, rng.integers(0, m, n), NONE).astype(np.int32),
        catchment=np.where(
            rng.random(n) < 0.5, rng.choice(np.append(np.flatnonzero(~campus.is_independent), NONE), n), NONE
        ).astype(np.int32),
        queue_years=rng.uniform(0, 6, n),
        attainment=rng.normal(size=n),
        weights=rng.uniform(0, 3, (n, 7)) * rng.integers(0, 2, (n, 7)),
        municipality=np.zeros(n, np.int16),
    )
    taste = ChoiceTaste(
        scale=draw(st.sampled_from([0.0, 1.0, 12.0])),
        peak=draw(st.sampled_from([0.5, 0.8, 1.0])),
        value_at_one=draw(st.sampled_from([0.0, 0.6, 1.0])),
        is_cobb_douglas=draw(st.booleans()),
        is_sigmoid=draw(st.booleans()),
        sigmoid_km=2.0,
        sigmoid_width=0.5,
        far_km=6.0,
        nearest=draw(st.integers(1, 4)),
        independent_km=draw(st.sampled_from([0.0, 4.0])),
        inertia=1.0,
        queue_education=0.3,
        transport_km=draw(st.sampled_from([0.0, 2.0])),
        is_catchment=draw(st.booleans()),
        appeal_km=draw(st.sampled_from([0.0, 1.25])),
        rule=draw(st.integers(0, 3)),
        threshold=draw(st.sampled_from([0.0, 0.5, 0.9])),
        noticeable=draw(st.sampled_from([0.01, 0.1, 1.0])),
        has_one_lot=draw(st.booleans()),
    )
    return applicants, campus, taste, draw(st.integers(1, 5)), rng.random((n, m)) < 0.2


def families_of(has_sibling, own):
    """Return one family per applicant: its siblings' schools, and its own if it has one."""
    attended = [
        np.flatnonzero(row).tolist() + [s] * (s != NONE)
        for row, s in zip(has_sibling, own.tolist(), strict=True)
    ]
    start = np.cumsum([0, *map(len, attended)])
    return Siblings(
        start, np.array([s for schools in attended for s in schools], np.int32), np.arange(own.size), own
    )


@given(choices_of_school())
def test_lists_and_priorities__equal_their_plain_twins(drawn):
    applicants, campus, taste, k, has_sibling = drawn
    key, n = key_of(5), applicants.id.size
    choices, reference = np.empty((n, k), np.int32), np.empty((n, 2))
    asked = np.ones(n, np.bool_)
    nearby = list_nearby(
        applicants.x, applicants.y, asked, campus, taste.independent_km, *count_asked(taste.nearest, k)
    )
    siblings = families_of(has_sibling, applicants.current)
    list_schools(key, applicants, campus, taste, nearby, siblings, choices, reference)
    out = np.zeros((n, k, 2))
    rank_applicants(key, 2030, applicants, campus, taste, choices, reference, siblings, out)
    for i in range(n):
        mine = plain.list_schools(key, applicants, campus, taste, has_sibling, i, k)
        assert choices[i].tolist() == mine + [NONE] * (k - len(mine))
        for j, s in enumerate(mine):
            expected = plain.priority(key, 2030, applicants, campus, taste, has_sibling[i, s], i, s)
            assert tuple(out[i, j]) == pytest.approx(expected, rel=1e-12)


def composition(state):
    """Return school, grade and child id of every pupil, by school id."""
    order = school_order(state)
    roll = list_pupils(state, order)
    ids = state.tables.schools.id[order]
    return sorted(zip(roll.id.tolist(), ids[roll.school].tolist(), strict=True))


def assert_whole(state):
    """Every child of 6 to 15 has a seat in a school with the grade, and no school is over its seats."""
    tables, order = state.tables, school_order(state)
    roll = list_pupils(state, order)
    assert (roll.school != NONE).all()
    grade_taught = (tables.schools.first_grade[order][roll.school] <= roll.grade) & (
        roll.grade <= tables.schools.last_grade[order][roll.school]
    )
    assert grade_taught.all()
    assert (count_enrolment(roll, order.size).max(axis=1) <= tables.schools.capacity[order]).all()
    assert (tables.persons.activity[roll.rows] == Activity.PUPIL).all()
    others = np.setdiff1d(live(tables.persons), roll.rows)
    assert (tables.persons.school[others] == NONE).all()
    assert not (tables.persons.activity[others] == Activity.PUPIL).any()


EVERY_RULE = [
    *({"mechanism": m} for m in Admission.model_fields["mechanism"].annotation.__args__),
    *(
        {"municipal_priority": p, "independent_priority": p}
        for p in Admission.model_fields["municipal_priority"].annotation.__args__
    ),
    {"majority_quota": 0.4, "common_system": True},
    {"majority_quota": 0.0, "majority": "background"},
    {"majority_quota": 0.3, "ses_quota": True, "lottery_share": 0.5, "tie_breaking": "single"},
    {"lottery_share": 0.5, "common_system": True},
    {"ses_quota": True, "mandatory_choice": True, "sibling": False},
    {"ses_quota": True, "mechanism": "serial_dictatorship"},
    {"ses_quota": True, "mechanism": "immediate_acceptance", "transport_km": 2.0},
]


@pytest.mark.parametrize("admission", EVERY_RULE, ids=str)
def test_year__seats_every_child_under_every_rule(admission):
    state = town_moment(school_town(300), admission=admission)
    school_year.settle(state)
    assert_whole(state)
    run_years(state, school_year.step, 2)
    assert_whole(state)
    assert state.flows["schools.applicants"] > 0


def test_year__does_not_see_the_order_of_rows():
    found = []
    for shuffled in (None, 1, 2):
        state = town_moment(
            school_town(300, shuffled=shuffled), rules={"independent": {"opening_rate": 20.0}}
        )
        school_year.settle(state)
        run_years(state, school_year.step, 3)
        persons = state.tables.persons
        rows = live(persons)[np.argsort(persons.id[live(persons)])]
        flows = {name: value for name, value in state.flows.items() if "merit" not in name}
        found.append(
            (composition(state), persons.merit[rows].tolist(), persons.achievement[rows].tolist(), flows)
        )
    assert found[0] == found[1] == found[2]


def test_year__short_of_seats_stretches_municipal_schools_and_counts_the_seats():
    state = town_moment(school_town(300, schools=seven_schools(seats=1)), rules={"independent": QUIET})
    school_year.settle(state)
    before = state.tables.schools.capacity[:8].copy()
    run_years(state, school_year.step, 1)
    assert_whole(state)
    added = state.tables.schools.capacity[:8] - before
    assert added.min() >= 0
    assert added[7] == 0  # the independent school
    assert state.flows["schools.seats_added"] == added.sum()


def test_year__without_schools_does_nothing():
    tables = school_town(50)
    tables.schools.id[:] = NONE
    state = town_moment(tables)
    school_year.settle(state)
    school_year.step(state)
    assert not state.flows


def test_spring__grade_9_leaves_with_a_merit_value_and_the_school_publishes_its_mean():
    state = town_moment(school_town(900, schools=seven_schools(60)), rules={"independent": QUIET})
    school_year.settle(state)
    persons, table = state.tables.persons, state.tables.schools
    leaving = np.flatnonzero((persons.birth_year == 2023 - 16) & (persons.school != NONE))
    school = persons.school[leaving].copy()
    run_years(state, school_year.step, 1)
    merit = persons.merit[leaving]
    assert ((merit >= 0) & (merit <= 340)).all()
    assert (persons.activity[leaving] == Activity.STUDENT).all()
    for s in live(table):
        if (school == s).sum() >= 10:
            assert table.published_merit[s] == pytest.approx(merit[school == s].mean())
        else:
            assert np.isnan(table.published_merit[s])
    assert state.flows["schools.finished"] == leaving.size


def test_spring__composition_is_that_of_last_years_pupils():
    state = town_moment(school_town(200), rules={"independent": QUIET})
    school_year.settle(state)
    persons, table = state.tables.persons, state.tables.schools
    school, foreign = persons.school.copy(), persons.group == 1
    run_years(state, school_year.step, 1)
    with_pupils = np.unique(school[school != NONE])
    assert with_pupils.size > 5
    for s in with_pupils:
        assert table.own_share[s] == pytest.approx(foreign[school == s].mean())
        assert table.ses[s] == pytest.approx(persons.parent_education[school == s].mean())


def gains(preferences, rules=None, quality=None):
    """Return the gain in achievement of a year by pupil, with the pupils' rows and schools."""
    state = town_moment(
        school_town(300), preferences=preferences, rules={"independent": QUIET, **(rules or {})}
    )
    school_year.settle(state)
    persons = state.tables.persons
    state.tables.schools.quality[:8] = 0.0 if quality is None else quality
    rows = np.flatnonzero(persons.school != NONE)
    before, school = persons.achievement[rows].copy(), persons.school[rows].copy()
    run_years(state, school_year.step, 1)
    return state, rows, school, persons.achievement[rows] - before


NO_EFFECTS = {"peers": 0.0, "place": 0.0, "resources": 0.0}


def test_learning__adds_the_schools_quality():
    quality = np.linspace(-0.05, 0.05, 8)
    _, _, school, gain = gains({"achievement": NO_EFFECTS}, quality=quality)
    assert gain == pytest.approx(quality[school], abs=1e-6)


def test_learning__peers_lift_by_their_mean_oneself_left_out():
    only_peers = {"peers": 1.0, "ability": 1.0, "exam": 0.0, "home": 0.0, "boys": 0.0, "newcomer": 0.0}
    state, rows, school, gain = gains({"achievement": {**NO_EFFECTS, **only_peers}})
    level = state.tables.persons.ability[rows].astype(float)
    level += state.tables.persons.achievement[rows] - gain
    for i in range(0, rows.size, 17):
        mates = np.setdiff1d(np.flatnonzero(school == school[i]), [i])
        assert gain[i] == pytest.approx((level[mates].mean() - level.mean()) / 10, abs=1e-5)


def test_learning__place_lifts_by_the_areas_homes_and_sums_to_nothing():
    _, _, _, gain = gains({"achievement": {**NO_EFFECTS, "place": 0.5}})
    assert gain.mean() == pytest.approx(0, abs=1e-6)
    assert gain.std() == pytest.approx(0.05, rel=1e-4)


def test_support__falls_in_equal_steps_over_the_schools_in_greatest_need():
    support = SchoolSupport(share_of_schools=0.5, criterion="need", sek_per_pupil=8000)
    state = town_moment(school_town(300), rules={"supports": (support,), "independent": QUIET})
    school_year.settle(state)
    order = school_order(state)
    ses = state.tables.schools.ses[order].copy()
    given = school_grants(state, order).supports
    assert given[np.argsort(ses)].tolist() == [8, 6, 4, 2, 0, 0, 0, 0]


def test_support__by_default_hires_teachers_and_leaves_results_alone():
    support = SchoolSupport(share_of_schools=1.0, criterion="need", eligibility_effect_pp=0.0)
    without, _, _, gain = gains({})
    state, _, _, supported = gains({}, rules={"supports": (support,)})
    table, other = state.tables.schools, without.tables.schools
    assert (table.teacher_density[:8] > other.teacher_density[:8]).all()
    assert (supported == gain).all()
    assert (state.tables.persons.merit == without.tables.persons.merit).all()
    assert state.flows["schools.supports_msek"] > 0


def test_support__with_an_effect_gives_a_tenth_of_it_a_year():
    support = SchoolSupport(
        share_of_schools=1.0, criterion="need", merit_effect_points_per_1000sek=0.3, areas=(0, 1, 2, 3)
    )
    _, _, _, gain = gains({"achievement": NO_EFFECTS})
    state, _, _, supported = gains({"achievement": NO_EFFECTS}, rules={"supports": (support,)})
    need = school_grants(state, school_order(state))
    assert (supported - gain).max() == pytest.approx(0.3 * 8 / 67 / 10, rel=1e-4)
    assert need.supports.max() == 8


def test_support__outside_its_areas_gives_nothing():
    support = SchoolSupport(share_of_schools=1.0, criterion="need", areas=(3,))
    state = town_moment(school_town(300), rules={"supports": (support,)})
    school_year.settle(state)
    order = school_order(state)
    area = state.tables.cells.area[state.tables.schools.cell[order]]
    given = school_grants(state, order).supports
    assert (given[area != 3] == 0).all()
    assert (given[area == 3] > 0).all()


def test_support__lifts_pupils_just_below_the_limit_of_eligibility():
    support = SchoolSupport(share_of_schools=1.0, criterion="need", eligibility_effect_pp=10.0)
    results = {}
    for name, supports in (("without", ()), ("with", (support,))):
        state = town_moment(school_town(2000), rules={"supports": supports, "independent": QUIET})
        school_year.settle(state)
        state.rules = state.rules.model_copy(
            update={"schools": state.rules.schools.model_copy(update={"supports": supports})}
        )
        persons = state.tables.persons
        leaving = np.flatnonzero((persons.birth_year == 2023 - 16) & (persons.school != NONE))
        run_years(state, school_year.step, 1)
        results[name] = persons.merit[leaving]
    changed = results["with"] != results["without"]
    assert 0 < changed.sum() < 0.2 * changed.size
    assert (results["with"][changed] == 158).all()
    assert (results["without"][changed] < 158).all()


def test_catchment__sends_every_child_to_the_nearest_municipal_school_with_a_seat():
    state = town_moment(
        school_town(300, schools=seven_schools(500)),
        admission={"mechanism": "catchment", "active_share": (0, 0, 0, 0)},
        preferences={"choice": {"reconsider_at_7": 0.0}},
    )
    state.tables.households.moved[:] = 1990  # all entered school from where they live
    school_year.settle(state)
    tables, order = state.tables, school_order(state)
    roll = list_pupils(state, order)
    young = roll.select(roll.grade < 7)
    x = tables.cells.x[tables.schools.cell[order]]
    allowed = (tables.schools.provider[order] == Provider.MUNICIPAL) & (
        tables.schools.first_grade[order] == 0
    )
    km = np.where(allowed, np.abs(tables.cells.x[young.cell][:, None] - x), np.inf)
    assert (km[np.arange(young.rows.size), young.school] == km.min(axis=1)).all()


def test_settle__children_who_moved_may_go_to_school_near_a_former_home():
    def km(moved):
        state = town_moment(
            school_town(400, schools=seven_schools(500)), admission={"mechanism": "catchment"}
        )
        state.tables.households.moved[:] = moved
        school_year.settle(state)
        order = school_order(state)
        roll = list_pupils(state, order)
        x = state.tables.cells.x[state.tables.schools.cell[order]]
        return np.abs(state.tables.cells.x[roll.cell] - x[roll.school]).mean()

    assert km(2022) > km(1990)


def test_sibling__comes_first_where_seats_are_few():
    def together(sibling):
        town = school_town(2000, schools=seven_schools(28))
        admission = {"sibling": sibling, "municipal_priority": "lottery", "common_system": True}
        state = town_moment(town, admission=admission)
        school_year.settle(state)
        run_years(state, school_year.step, 4)
        roll = list_pupils(state, school_order(state))
        _, first, size = np.unique(roll.household, return_index=True, return_counts=True)
        second = np.flatnonzero(np.isin(roll.household, roll.household[first[size == 2]]))
        second = second[np.argsort(roll.household[second], kind="stable")].reshape(-1, 2)
        return (roll.school[second[:, 0]] == roll.school[second[:, 1]]).mean()

    assert together(True) > together(False) + 0.02


def test_transport__makes_guardians_choose_farther_schools():
    def km(transport_km):
        state = town_moment(
            school_town(400, schools=seven_schools(60)),
            admission={"transport_km": transport_km, "mandatory_choice": True},
        )
        school_year.settle(state)
        order = school_order(state)
        roll = list_pupils(state, order)
        x = state.tables.cells.x[state.tables.schools.cell[order]]
        return np.abs(state.tables.cells.x[roll.cell] - x[roll.school]).mean()

    assert km(5.0) > 1.3 * km(0.0)


@pytest.mark.parametrize(("follow", "growth"), [(1.0, 0.2), (0.5, 0.2), (0.0, 0.2), (1.0, 0.0), (1.0, -0.5)])
def test_municipal_seats__follow_the_children_and_are_never_fewer_than_the_pupils(follow, growth):
    quiet = {"independent": QUIET, "municipal_seats_follow": follow}
    state = town_moment(school_town(300), rules=quiet)
    school_year.settle(state)
    order = school_order(state)
    schools = state.tables.schools
    before = schools.capacity[order].astype(float)
    taken = count_enrolment(list_pupils(state, order), order.size)
    state.local_flows["growth.school_age"] = np.array([growth])
    change_supply(state, order, taken)
    is_municipal = schools.provider[order] == Provider.MUNICIPAL
    after, wanted = schools.capacity[order], before * (1 + follow * growth)
    assert after[~is_municipal].tolist() == before[~is_municipal].tolist()
    # rounded by chance, and no class is sent home
    least = np.maximum(np.floor(wanted), taken.max(axis=1) if follow * growth else 0)
    most = np.maximum(np.ceil(wanted), taken.max(axis=1) if follow * growth else 0)
    assert ((least <= after) & (after <= most))[is_municipal].all()


def test_independent_schools__open_close_and_keep_a_limit():
    tables = school_town(300)
    state = town_moment(
        tables, rules={"independent": {**QUIET, "opening_rate": 100.0, "opening_areas": (2,)}}
    )
    school_year.settle(state)
    run_years(state, school_year.step, 1)
    table = state.tables.schools
    new = np.setdiff1d(live(table), np.arange(8))
    assert state.flows["schools.opened"] == new.size == 8
    assert (table.provider[new] == Provider.INDEPENDENT).all()
    assert (state.tables.cells.area[table.cell[new]] == 2).all()
    assert_whole(state)
    limits = {"opening_rate": 100.0, "share_limit": 0.1, "closing_fill": 1.0, "closing_rate": 1.0}
    independent = state.rules.schools.independent.model_copy(update=limits)
    rules = state.rules.schools.model_copy(update={"independent": independent})
    state.rules = state.rules.model_copy(update={"schools": rules})
    run_years(state, school_year.step, 1)
    assert "schools.opened" not in state.flows
    assert state.flows["schools.closed"] > 0
    assert_whole(state)


def test_admission__refuses_reserves_with_top_trading_cycles():
    with pytest.raises(ValueError, match="top_trading_cycles keeps neither reserves nor quotas"):
        Admission(mechanism="top_trading_cycles", ses_quota=True)


def test_weights__of_an_unknown_group_are_refused():
    state = town_moment(school_town(50), preferences={"choice": {"group_weights": {"martians": {}}}})
    with pytest.raises(ScenarioError, match='there is no group "martians"; the groups are swedish'):
        school_year.settle(state)


@pytest.mark.parametrize("setting", [{"lottery_share": 0.0}, {"transport_km": 0.0}, {}], ids=str)
def test_admission__neutral_settings_equal_the_baseline(setting):
    runs = []
    for admission in ({}, setting):
        state = town_moment(school_town(200), admission=admission)
        school_year.settle(state)
        runs.append(composition(run_years(state, school_year.step, 2)))
    assert runs[0] == runs[1]


@settings(max_examples=5)
@given(st.integers(0, 10_000))
def test_settle__needs_only_a_table_of_schools(seed):
    state = town_moment(school_town(150, seed=seed), seed=seed)
    school_year.settle(state)
    assert_whole(state)
    persons = state.tables.persons
    age = 2022 - persons.birth_year
    assert (persons.merit[(age >= 16) & (age <= 19)] != NONE).all()
    assert (persons.merit[(age >= 0) & (age < 16)] == NONE).all()
