"""The yearly measures: counted right, declared, kept as asked for, and exact where they say so."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference import measures as plain
from segsim import indices
from segsim.catalogue import CATEGORIES, MEASURES
from segsim.errors import ScenarioError
from segsim.groups import is_foreign
from segsim.kernels.counting import tally_pupils
from segsim.measures import HEADLINES, Measurer, find_undeclared
from segsim.measures.city_profile import describe_city
from segsim.measures.schools import between_share, count_pupils, sd_of_units
from segsim.measures.snapshot import take_snapshot
from segsim.policies import Account, NewConstruction
from segsim.scenario import CityPlaces, MeasureChoice, check_names, load_scenario, policy_places
from segsim.tables import NONE, TENURES, Activity, Schools, build_table, release, with_free_rows
from small_city import START, moment_of, small_city

MEDIAN = 250.0


def with_schools(tables, seed=5):
    """Give the small city three schools and its pupils a seat and a merit value."""
    rng = np.random.default_rng(seed)
    tables.schools = build_table(
        Schools, 3, id=np.arange(3), cell=np.array([0, 20, 35]), first_grade=np.array([0, 0, 7]),
        last_grade=np.array([6, 9, 9]), published_merit=np.array([np.nan, 230, 210]),
    )  # fmt: skip
    persons = tables.persons
    age = START - persons.birth_year
    pupils = np.flatnonzero((persons.id != NONE) & (age >= 6) & (age <= 15))
    order = pupils[np.argsort(persons.id[pupils])]
    persons.school[order] = rng.integers(0, 3, pupils.size)
    return tables


def measured(tables, choice=None, years=1, **changes):
    """Return the rows of a small city measured for some years."""
    state = moment_of(tables)
    measurer = Measurer(choice or MeasureChoice(**changes), state, MEDIAN)
    for _ in range(years):
        measurer.measure(state)
        state.year += 1
    return measurer.frame()


def value(frame, measure, grouping="", level="municipality", unit="", year=START):
    """Return the one value of a quantity."""
    found = frame[
        (frame.year == year) & (frame.measure == measure) & (frame.grouping == grouping)
        & (frame.level == level) & (frame.unit == unit)
    ]  # fmt: skip
    assert len(found) == 1, (measure, grouping, level, unit, len(found))
    return float(found.value.iloc[0])


@settings(max_examples=8)
@given(st.integers(0, 10_000))
def test_counts__agree_with_counting_one_by_one(seed):
    tables = with_schools(small_city(60, seed, shuffled=seed))
    state = moment_of(tables)
    snap, foreign = take_snapshot(state, MEDIAN), is_foreign(state.groups)
    people = plain.residents(tables, START, foreign, MEDIAN)
    n_groups = len(state.groups)
    assert snap.counts.group.tolist() == plain.counted(people, "area", 4, "group", n_groups)
    assert snap.counts.income.tolist() == plain.counted(people, "area", 4, "income", 3)
    assert snap.counts.tenure.tolist() == plain.counted(people, "area", 4, "tenure", 4)
    assert snap.counts.cell.tolist() == plain.counted(people, "cell", 36, "foreign", 2)
    educated = plain.counted(
        people, "area", 4, "education", 4, lambda x: 25 <= x["age"] <= 64 and x["education"] >= 0
    )
    assert snap.counts.education.tolist() == educated
    crowded = [sum(x["crowded"] for x in people if x["group"] == g) for g in range(n_groups)]
    assert snap.counts.crowded.tolist() == crowded
    for kind, chosen in enumerate(
        (
            lambda x: True,
            lambda x: x["education"] == 0,
            lambda x: x["unemployed"],
            lambda x: x["employed"],
        )
    ):
        for g in range(n_groups):
            for sex in range(2):
                mine = [x for x in people if 20 <= x["age"] <= 64 and x["group"] == g and x["sex"] == sex]
                wanted = [sum(x["area"] == a and bool(chosen(x)) for x in mine) for a in range(4)]
                assert snap.counts.work[:, g, sex, kind].tolist() == wanted


@settings(max_examples=8)
@given(st.integers(0, 10_000))
def test_pupils__agree_with_counting_one_by_one(seed):
    tables = with_schools(small_city(60, seed, shuffled=seed))
    state = moment_of(tables)
    snap = take_snapshot(state, MEDIAN)
    people = [x for x in plain.residents(tables, START, is_foreign(state.groups), MEDIAN) if x["school"] >= 0]
    nearest = np.array([[0] * 18 + [1] * 18, [2] * 36], np.int32)
    joint, by_area, by_nearest, schools = (np.zeros(shape) for shape in ((4, 3, 4), (4, 4), (3, 4), (3, 4)))
    tally_pupils(START, tables.persons, snap.homes, nearest, joint, by_area, by_nearest, schools)
    assert (joint.sum(axis=1) == by_area).all()
    assert joint.sum(axis=0).tolist() == plain.counted(people, "school", 3, "group", 4)
    assert joint.sum(axis=1).tolist() == plain.counted(people, "area", 4, "group", 4)
    for person in people:
        person["nearest"] = int(nearest[int(person["age"] >= 13), person["cell"]])
    assert by_nearest.tolist() == plain.counted(people, "nearest", 3, "group", 4)
    for s in range(3):
        known = [x["parents"] for x in people if x["school"] == s and x["parents"] >= 0]
        older = sum(x["school"] == s and x["age"] >= 13 for x in people)
        assert schools[s].tolist() == [older, len(known), sum(known), sum(k * k for k in known)]


@pytest.mark.parametrize("grouping", ["background", "origin", "education", "income", "tenure"])
def test_groupings__counted_fast_and_in_general_are_the_same(grouping):
    snap = take_snapshot(moment_of(small_city(shuffled=3)), MEDIAN)
    general = snap.by_place(grouping, snap.person_area, snap.n_areas)
    assert snap.by_area(grouping).tolist() == general.tolist()


def test_crossing__has_every_pair_of_categories_and_adds_up():
    snap = take_snapshot(moment_of(small_city()), MEDIAN)
    assert snap.categories("background*income")[:2] == ("swedish*low", "swedish*middle")
    table = snap.by_area("background*income")
    assert table.reshape(4, 2, 3).sum(axis=2).tolist() == snap.by_area("background").tolist()
    assert table.reshape(4, 2, 3).sum(axis=1).tolist() == snap.by_area("income").tolist()


def test_rows__are_declared_and_each_quantity_comes_once():
    frame = measured(with_schools(small_city()), years=2)
    assert find_undeclared(frame) == []
    assert not frame.duplicated(["year", "measure", "grouping", "level", "unit"]).any()
    assert list(frame.columns) == ["year", "measure", "grouping", "level", "unit", "value"]


def test_catalogue__says_what_every_measure_is_in_both_languages():
    for name, measure in MEASURES.items():
        assert all(text.endswith((".", "...")) for text in measure.definition), name
        assert measure.unit, name
        assert not measure.chance or measure.chance in MEASURES, name


def test_chance__stands_beside_every_d_h_and_v():
    frame = measured(with_schools(small_city()))
    for name in ("D", "H", "V", "D_home", "H_home", "V_home"):
        have = frame[frame.measure == name][["grouping", "level"]]
        beside = frame[frame.measure == f"{name}_expected"][["grouping", "level"]]
        assert have.to_numpy().tolist() == beside.to_numpy().tolist()
        assert len(have) > 0


def test_spread__is_the_index_of_the_counts():
    tables = with_schools(small_city())
    frame, snap = measured(tables), take_snapshot(moment_of(tables), MEDIAN)
    by_area = snap.by_area("origin")
    assert value(frame, "D", "origin", "area") == indices.dissimilarity(by_area)
    assert value(frame, "H", "origin", "area") == pytest.approx(indices.theil(by_area))
    assert value(frame, "D_expected", "origin", "area") == indices.expected_dissimilarity(by_area)
    assert value(frame, "D", "origin.swedish", "area") == indices.dissimilarity_vs_rest(by_area)[0]
    assert value(frame, "D", "origin.swedish-europe", "area") == indices.dissimilarity_pairs(by_area)[1]
    assert value(frame, "isolation", "origin.europe", "area") == indices.isolation(by_area)[2]
    assert value(frame, "exposure", "origin.swedish-europe", "area") == indices.exposure(by_area)[0, 2]
    assert frame[(frame.measure == "D") & (frame.level == "district")].empty  # one district is not uneven
    joint = count_pupils(snap, np.full((2, 36), 1, np.int32)).joint
    assert value(frame, "D", "origin", "school") == indices.dissimilarity(joint.sum(axis=0))
    assert value(frame, "D_home", "origin", "area") == indices.dissimilarity(joint.sum(axis=1))
    excess = value(frame, "D", "origin", "school") - value(frame, "D_home", "origin", "area")
    assert value(frame, "excess_D", "origin", "school") == pytest.approx(excess)


def test_local_information__weighted_by_residents_is_m():
    frame = measured(small_city(), groupings=("origin",))
    local = frame[(frame.measure == "local_M") & (frame.grouping == "origin") & (frame.level == "area")]
    people = frame[(frame.measure == "population") & (frame.level == "area")]
    assert local.unit.tolist() == people.unit.tolist()
    weighted = np.average(local.value, weights=people.value)
    assert value(frame, "M", "origin", "area") == pytest.approx(weighted)


def test_teacher_density__of_the_city_is_the_mean_over_pupils():
    tables = with_schools(small_city())
    tables.schools.teacher_density[:] = (8, 9, 12)
    frame = measured(tables)
    taught = tables.persons.school[tables.persons.school != NONE]
    by_hand = sum((8, 9, 12)[school] for school in taught) / taught.size
    assert value(frame, "teacher_density") == pytest.approx(by_hand)
    assert value(frame, "teacher_density", level="school", unit="school 2") == 12


def test_schools__that_closed_have_no_rows():
    tables = with_schools(small_city())
    tables.schools.id[1] = NONE
    tables.persons.school[tables.persons.school == 1] = 0
    frame = measured(tables, MeasureChoice(names=("pupils",), levels=("school",)))
    assert frame.unit.tolist() == ["school 0", "school 2"]


def test_inequality_index__is_100_d_of_low_and_high_standard():
    frame = measured(small_city())
    assert value(frame, "inequality_index", "", "area") == pytest.approx(
        100 * value(frame, "D", "income.low-high", "area")
    )


def test_income_rank__over_20_classes_is_near_the_exact_one():
    frame = measured(small_city())
    rank, exact = value(frame, "HR", "", "area"), value(frame, "HR_exact", "", "area")
    assert abs(rank - exact) < 0.01


def test_moran__is_that_of_the_share_on_the_grid():
    tables = small_city()
    counts = take_snapshot(moment_of(tables), MEDIAN).counts.cell.reshape(6, 6, 2)
    wanted = indices.morans_i(indices.group_shares(counts, 1))
    assert value(measured(tables), "moran_I", "background.foreign", "cell") == pytest.approx(wanted)


def test_index_and_types__by_hand():
    tables = small_city()
    snap = take_snapshot(moment_of(tables), MEDIAN)
    work, residents = snap.counts.work.sum(axis=(1, 2)), snap.residents
    parts = snap.counts.income[:, 0] / residents, work[:, 1] / work[:, 0], work[:, 2] / work[:, 0]
    index = 100 * sum(parts) / 3
    frame = measured(tables, index_mean=float(index.mean()), index_sd=float(index.std()))
    found = frame[(frame.measure == "socioeconomic_index") & (frame.level == "area")]
    assert found.value.to_numpy() == pytest.approx(index)
    types = frame[(frame.measure == "area_type") & (frame.level == "area")].set_index("unit").value
    assert (
        types.tolist()
        == indices.area_types((index - index.mean()) / index.std(), indices.Reference(0, 1)).tolist()
    )
    shares = [value(frame, f"area_type_{t}", "", "area") for t in range(1, 6)]
    assert sum(shares) == pytest.approx(1)
    assert value(frame, "index_sd", "", "area") == pytest.approx(index.std())


def test_types__follow_the_nation_when_its_data_are_given():
    choice = MeasureChoice(annual_national=({"year": START + 1, "mean": 90.0, "sd": 1.0},))
    frame = measured(small_city(), choice, years=2)
    types = frame[(frame.measure == "area_type") & (frame.level == "area")]
    assert (types[types.year == START].value < 5).all()
    assert (types[types.year == START + 1].value == 5).all()
    assert value(frame, "type_persistence", "", "area", year=START + 1) == 0
    assert choice.reference(START) == (9.40, 5.70)


def test_merit__means_gaps_and_spread_by_hand():
    tables = with_schools(small_city())
    persons = tables.persons
    persons.merit[:] = NONE
    young = np.flatnonzero(persons.id != NONE)[:4]
    persons.birth_year[young] = START - 16
    persons.merit[young] = [300, 200, 100, 240]
    persons.parent_education[young] = [3, 2, 0, 1]
    persons.group[young] = [0, 2, 3, 0]
    frame = measured(tables)
    assert value(frame, "merit_mean") == 210
    assert value(frame, "merit_sd") == pytest.approx(np.std([300, 200, 100, 240]))
    assert value(frame, "merit_gap", "education") == 150
    assert value(frame, "merit_gap", "background") == 120
    assert sd_of_units(np.array([np.nan, 230.0, 210.0]), np.array([5.0, 1.0, 3.0])) == pytest.approx(
        np.sqrt(75)
    )


def test_between_share__from_sums_is_that_of_the_values():
    values, units = np.array([0, 1, 3, 3, 2, 0.0]), np.array([0, 0, 1, 1, 2, 2])
    n, total, squares = (np.bincount(units, w) for w in (np.ones(6), values, values**2))
    assert between_share(n, total, squares) == pytest.approx(indices.between_share(values, units))
    assert np.isnan(between_share(np.zeros(2), np.zeros(2), np.zeros(2)))


def test_employment__by_origin_and_sex_and_the_gap():
    tables = small_city()
    frame, persons = measured(tables), tables.persons
    age = START - persons.birth_year
    mine = (persons.id != NONE) & (age >= 20) & (age <= 64) & (persons.group == 2) & (persons.sex == 0)
    rate = (persons.activity[mine] == Activity.EMPLOYED).mean()
    assert value(frame, "employed", "origin*sex.europe*woman") == pytest.approx(rate)
    gap = value(frame, "employed", "background.swedish") - value(frame, "employed", "background.foreign")
    assert value(frame, "employment_gap", "background") == pytest.approx(100 * gap)


def test_tenures__stock_vacancies_and_prices_by_hand():
    tables = small_city(40)
    dwellings = tables.dwellings
    dwellings.price[:] = np.arange(dwellings.id.size)
    dwellings.fee[:] = 60
    frame = measured(tables)
    owned = dwellings.tenure == 3
    assert value(frame, "dwellings", "tenure.owner_occupied") == owned.sum()
    assert value(frame, "vacant", "tenure.owner_occupied") == pytest.approx(
        (dwellings.occupant[owned] == NONE).mean()
    )
    assert value(frame, "price", "tenure.owner_occupied") == pytest.approx(dwellings.price[owned].mean())
    assert value(frame, "fee", "tenure.public_rental") == 60


def test_income_classes__of_households_are_those_of_the_index():
    tables = small_city(90, shuffled=2)
    snap = take_snapshot(moment_of(tables), MEDIAN)
    settled = snap.homes.area >= 0
    values = tables.households.standard[settled]
    table, _ = indices.cross_table(snap.homes.area[settled], indices.income_classes(values, 20))
    assert value(measured(tables), "HR", "", "area") == pytest.approx(indices.ordinal_theil(table))


def test_flows_and_budget__become_rows():
    state = moment_of(small_city())
    state.flows.update({"births": 7.0, "queue.years": 30.0, "queue.lettings": 4.0, "moves.cooperative": 9.0})
    measurer = Measurer(MeasureChoice(), state, MEDIAN)
    measurer.measure(state, [Account("new_construction", 12.5, 300, 0.5)])
    frame = measurer.frame()
    assert value(frame, "flow", "births") == 7
    assert value(frame, "queue_years") == 7.5
    assert value(frame, "moves", "tenure.cooperative") == 9
    assert value(frame, "policy_cost", "new_construction") == 12.5
    assert value(frame, "policy_reached", "new_construction") == 300
    assert value(frame, "policy_carried_out", "new_construction") == 0.5


def test_rows__do_not_depend_on_the_order_of_rows():
    same = [measured(with_schools(small_city(seed=4, shuffled=s))) for s in (None, 1, 2)]
    for other in same[1:]:
        pd.testing.assert_frame_equal(same[0], other, rtol=1e-12)


def test_choice__keeps_what_is_asked_for():
    tables = with_schools(small_city())
    frame = measured(tables, names=("D", "isolation"), groupings=("background", "background*education"))
    assert set(frame.measure) == {"D", "isolation"}
    assert set(frame.grouping.str.split(".").str[0]) == {"background", "background*education"}
    assert set(measured(tables, levels=("school",)).level) == {"school"}
    cells = measured(tables, names=("D",), levels=("cell",))
    assert set(cells.level) == {"cell"}
    assert value(cells, "D", "background", "cell") > value(measured(tables), "D", "background", "area")


def test_profiles__come_every_so_many_years():
    frame = measured(small_city(), profiles_every=2, years=4)
    assert set(frame[frame.measure == "HR_exact"].year) == {START, START + 2}
    assert {"isolation_nearest_8", "H_spatial_4"} <= set(frame.measure)
    assert "HR_exact" not in set(measured(small_city(), profiles_every=0).measure)


def test_a_grouping_the_city_does_not_tell_apart__gives_no_rows():
    tables = small_city()
    tables.dwellings.tenure[:] = 0
    tables.persons.group[tables.persons.id != NONE] = 0
    frame = measured(tables)
    roots = set(frame[frame.measure == "D"].grouping.str.split(".").str[0])
    assert roots == {"education", "income"}


def test_headlines__are_this_years_values_even_if_not_kept():
    state = moment_of(with_schools(small_city()))
    measurer = Measurer(MeasureChoice(names=("population",)), state, MEDIAN)
    measurer.measure(state)
    assert measurer.headline("population") == (state.tables.persons.id != NONE).sum()
    assert 0 < measurer.headline("D") < 1
    for name, (measure, _, level) in HEADLINES.items():
        assert level in MEASURES[measure].levels, name
        assert isinstance(measurer.headline(name), float)
    assert set(measurer.frame().measure) == {"population"}


def test_a_year_of_an_empty_city__is_undefined_not_an_error():
    tables = small_city(20)
    release(tables.persons, np.arange(tables.persons.id.size))
    release(tables.households, np.arange(tables.households.id.size))
    tables.dwellings.occupant[:] = NONE
    frame = measured(tables)
    assert value(frame, "population") == 0
    assert np.isnan(value(frame, "employed"))
    assert frame[frame.measure == "area_type"].value.isna().all()


@pytest.mark.parametrize(
    ("key", "wrong", "says"),
    [
        ("names", ("Dd",), 'no measure "Dd"'),
        ("groupings", ("orgin",), 'did you mean "origin"'),
        ("groupings", ("origin*origin",), "two different"),
        ("levels", ("areas",), 'did you mean "area"'),
        ("index_sd", 0, "must be more than 0"),
    ],
)
def test_a_wrong_choice__is_one_clear_error(key, wrong, says):
    with pytest.raises(ScenarioError, match=says):
        load_scenario("sodertalje", {f"measures.{key}": wrong})


# people and place


def shake(state, rng):
    """Let a year happen to the small city: births, deaths, moves away, in, and between homes."""
    tables = state.tables
    state.year += 1
    alive = np.flatnonzero(tables.persons.id != NONE)
    dies = rng.choice(alive, 6, replace=False)
    state.dead = tables.persons.id[dies]
    release(tables.persons, dies)
    alive = np.flatnonzero(tables.persons.id != NONE)
    release(tables.persons, rng.choice(alive, 6, replace=False))
    alive = np.flatnonzero(tables.persons.id != NONE)
    tables.persons, rows = with_free_rows(tables.persons, 14)
    for column, old in zip(tables.persons, tables.persons, strict=True):
        column[rows] = old[rng.choice(alive, rows.size)]
    tables.persons.id[rows] = rng.integers(1, 2**60, rows.size)
    tables.persons.birth_year[rows[:7]] = state.year
    homes = tables.households.home
    settled = np.flatnonzero((tables.households.id != NONE) & (homes != NONE))
    a, b = rng.choice(settled, (2, 20), replace=False) if settled.size >= 40 else (settled[:0], settled[:0])
    homes[a], homes[b] = homes[b].copy(), homes[a].copy()
    tables.dwellings.occupant[homes[a]], tables.dwellings.occupant[homes[b]] = a, b
    working = np.flatnonzero(tables.persons.activity == Activity.EMPLOYED)
    tables.persons.activity[rng.choice(working, 9)] = Activity.UNEMPLOYED
    tables.households.standard[settled] *= rng.uniform(0.7, 1.4, settled.size).astype(np.float32)


@settings(max_examples=10)
@given(st.integers(0, 10_000))
def test_place__its_change_is_exactly_the_sum_of_its_parts(seed):
    rng = np.random.default_rng(seed)
    state = moment_of(small_city(150, seed))
    choice = MeasureChoice(follow=({"name": "north", "areas": ("Norr", "Öster")},))
    measurer = Measurer(choice, state, MEDIAN)
    measurer.measure(state)
    for _ in range(4):
        shake(state, rng)
        measurer.measure(state)
    frame = measurer.frame()
    parts = ("stayers", "in_movers", "out_movers", "births", "deaths")
    for year in range(START, START + 5):
        for indicator in ("employed", "low_income", "population"):
            change = value(frame, "place_change", indicator, "area", "north", year)
            sum_of_parts = sum(
                value(frame, f"change_by_{p}", indicator, "area", "north", year) for p in parts
            )
            assert sum_of_parts == pytest.approx(change, abs=1e-12)
            first = value(frame, "place", indicator, "area", "north", START)
            assert value(frame, "place", indicator, "area", "north", year) - first == pytest.approx(change)


def test_people__are_followed_wherever_they_go():
    tables = small_city()
    state = moment_of(tables)
    measurer = Measurer(MeasureChoice(follow=({"name": "north", "areas": ("Norr",)},)), state, MEDIAN)
    measurer.measure(state)
    north = np.flatnonzero(take_snapshot(state, MEDIAN).person_area == 0)
    grown = north[
        (START - tables.persons.birth_year[north] >= 20) & (START - tables.persons.birth_year[north] <= 60)
    ]
    tables.cells.area[tables.cells.area == 0] = 1  # everybody moves at once
    without = tables.persons.activity[grown] != Activity.EMPLOYED
    tables.persons.activity[grown] = Activity.EMPLOYED
    state.year += 1
    measurer.measure(state)
    frame = measurer.frame()
    assert without.any()
    assert value(frame, "gainers_left", "employed", "area", "north", START + 1) == 1
    assert value(frame, "people", "population", "area", "north", START + 1) == north.size
    assert value(frame, "people_stayed", "", "area", "north", START + 1) == 0
    assert value(frame, "people", "employed", "area", "north", START + 1) > 0.9
    assert value(frame, "place", "population", "area", "north", START + 1) == 0
    assert value(frame, "change_by_out_movers", "population", "area", "north", START + 1) == -north.size


def test_place__may_begin_later_and_be_given_by_the_caller():
    state = moment_of(small_city())
    choice = MeasureChoice(follow=({"name": "later", "areas": ("All",), "from": START + 1},))
    measurer = Measurer(choice, state, MEDIAN)
    measurer.measure(state)
    measurer.follow("by hand", np.array([1]), state)
    state.year += 1
    measurer.measure(state)
    frame = measurer.frame()
    assert set(frame[frame.measure == "people"].year) == {START + 1}
    assert set(frame[frame.measure == "people"].unit) == {"later", "by hand"}


def test_place__may_be_chosen_as_policies_choose_theirs():
    state = moment_of(small_city())
    choice = MeasureChoice(follow=({"name": "weak", "areas": {"weakest": 0.01}},))
    measurer = Measurer(choice, state, MEDIAN)
    measurer.measure(state)
    frame = measurer.frame()
    index = frame[(frame.measure == "socioeconomic_index") & (frame.level == "area")].set_index("unit").value
    residents = frame[(frame.measure == "population") & (frame.level == "area")].set_index("unit").value
    assert value(frame, "place", "population", "area", "weak") == residents[index.idxmax()]


def test_place__that_does_not_exist_is_named():
    wrong = {"measures.follow": ({"name": "x", "areas": ("Nord",)},)}
    scenario = load_scenario("sodertalje", wrong)
    with pytest.raises(ScenarioError, match=r'measures.follow\[0\].areas: there is no area "Nord".*"Norr"'):
        check_names(scenario, CityPlaces(("Norr", "Söder"), ("All", "All")))


def test_places_of_policies__begin_the_year_before_and_come_once():
    here, there = {"names": ("Norr",)}, {"types": (4, 5)}
    policies = [
        NewConstruction.model_validate({"dwellings_per_year": 9, "areas": areas, "from": year})
        for areas, year in ((here, 2025), (here, 2025), (there, 2025), ("all", 2025), (here, None))
    ]
    places = policy_places(policies, 2022)
    assert [(place.name, place.since, len(sharing)) for place, sharing in places] == [
        ("new_construction", 2024, 2), ("new_construction_2", 2024, 1), ("new_construction_3", 2022, 1)
    ]  # fmt: skip


def test_baseline__follows_the_places_of_the_policies_it_is_compared_with():
    scenario = load_scenario("new_construction")
    places = [place for place, _ in policy_places(scenario.policies, scenario.start)]
    watched = scenario.follow(tuple(places))
    assert watched.baseline().measures.follow == watched.measures.follow
    assert [p.name for p in watched.follow(watched.measures.follow).measures.follow] == [
        p.name for p in watched.measures.follow
    ]


def test_what_a_policy_sees__is_the_city_as_it_is():
    tables = with_schools(small_city())
    state = moment_of(tables)
    profile = describe_city(state, MEDIAN, MeasureChoice().reference(START))
    assert profile.year == START + 1
    assert profile.residents.sum() == (tables.persons.id != NONE).sum()
    assert profile.dwellings.sum() == (tables.dwellings.id != NONE).sum()
    assert sum(profile.shares[tenure] for tenure in TENURES) == pytest.approx(np.ones(4))
    assert profile.schools.pupils.sum() == (tables.persons.school != NONE).sum()
    assert len(set(profile.types.tolist())) == 1  # one district


def test_categories__of_the_catalogue_are_those_of_the_tables():
    snap = take_snapshot(moment_of(small_city(20)), MEDIAN)
    for grouping, names in CATEGORIES.items():
        assert snap.by_area(grouping).shape[1] == len(names)
