"""Demography keeps the city whole: kernels against plain Python, and claims about a small city."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segsim.groups import SWEDISH_GROUPS, Group
from segsim.kernels.draws import Stream, key_of, uniform, uniforms
from segsim.kernels.host_ring import can_host, choose_on_ring
from segsim.kernels.population.couples import Affinity, Seekers, match_couples
from segsim.kernels.population.events import find_events
from segsim.kernels.population.families import find_heads, list_members, settle_roles
from segsim.kernels.population.newcomers import DonorPool, Shortage, choose_donors, count_bands
from segsim.rules import Preferences, Rules
from segsim.rules.demography import DemographyPreferences, DemographyRules
from segsim.rules.origins import OLDEST, by_age, by_origin, origin_name
from segsim.steps.housing.residence import household_areas
from segsim.steps.population import demography
from segsim.steps.population.composition import count_youth
from segsim.steps.population.demography import mortality
from segsim.steps.population.fertility import fertility, newborn_groups
from segsim.steps.population.leaving import graduates_leave, students_come
from segsim.tables import NONE, Activity, Role, columns
from tests.reference import demography as reference
from tests.small_city import START, moment_of, small_city

QUIET = {
    "own_families": 0.0,
    "fertility": by_origin(0, 0, 0, 0),
    "mortality": (0.0, 0.0),
    "mortality_infant": 0.0,
    "leaving_home": {},
    "seeking_partner": {},
    "separating": {},
    "out_migration": {},
    "out_migration_from_home": {},
    "refugees_per_thousand": 0.0,
    "family_per_thousand": 0.0,
    "labour_per_thousand": 0.0,
}


def only(**preferences):
    """Preferences where nothing happens but what is named."""
    return Preferences(demography=DemographyPreferences(**{**QUIET, **preferences}))


def year_after(tables, seed=1, years=1, **kwargs):
    state = moment_of(tables, seed=seed, **kwargs)
    for year in range(START + 1, START + 1 + years):
        state.year = year
        state.flows.clear()
        demography.step(state)
        check(state)
    return state


def check(state):
    """Every person in one live household with a head; homes, occupants and lodging agree; sums are right."""
    d, h, p = state.tables.dwellings, state.tables.households, state.tables.persons
    people, homes = np.flatnonzero(p.id != NONE), np.flatnonzero(h.id != NONE)
    assert np.unique(p.id[people]).size == people.size
    assert np.unique(h.id[homes]).size == homes.size
    assert (h.id[p.household[people]] != NONE).all()
    size = np.bincount(p.household[people], minlength=h.id.size)
    assert (size[homes] > 0).all()
    assert (h.size[homes] == size[homes]).all()
    adults = np.bincount(p.household[people], p.role[people] == Role.ADULT, h.id.size)
    partners = np.bincount(p.household[people], p.role[people] == Role.PARTNER, h.id.size)
    assert (adults[homes] >= 1).all()
    assert (partners[homes] <= 1).all()
    at_home = homes[h.home[homes] != NONE]
    lodging = homes[h.home[homes] == NONE]
    assert (d.occupant[h.home[at_home]] == at_home).all()
    assert np.unique(h.home[at_home]).size == at_home.size == (d.occupant != NONE).sum()
    assert (h.home[h.lodging_with[lodging]] != NONE).all()
    assert (h.lodging_with[at_home] == NONE).all()
    assert ((d.vacant_since != NONE) == (d.occupant == NONE))[d.id != NONE].all()
    assert (household_areas(state.tables)[homes] != NONE).all()
    assert (h.wealth[homes] >= 0).all()
    for table in (h, p):
        for array, column in zip(table, columns(type(table)).values(), strict=True):
            free = array[table.id == NONE]
            np.testing.assert_array_equal(free, np.full(free.size, column.fill, array.dtype))


def by_id(state):
    """The whole city with rows named by id, so that two orders of rows can be compared."""
    d, h, p, w = (getattr(state.tables, n) for n in ("dwellings", "households", "persons", "workplaces"))
    references = {"household": h, "occupant": h, "lodging_with": h, "home": d, "workplace": w}
    city = []
    for table in (d, h, p):
        rows = np.flatnonzero(table.id != NONE)
        rows = rows[np.argsort(table.id[rows])]
        for name, array in zip(table._fields, table, strict=True):
            values = array[rows]
            if name in references:
                values = np.where(values == NONE, NONE, references[name].id[values])
            city.append((type(table).__name__, name, values))
    return city


# kernels against plain Python

person = st.tuples(st.integers(0, 3), st.integers(0, 60), st.sampled_from([0, 1, 2]))


def people_of(rows):
    return [
        {"id": 7 + 3 * i, "household": h, "birth_year": START - age, "role": role}
        for i, (h, age, role) in enumerate(rows)
    ]


def arrays_of(people, *names):
    dtypes = {"id": np.int64, "household": np.int32, "birth_year": np.int16, "role": np.int8}
    return [np.array([p[name] for p in people], dtypes.get(name)) for name in names]


@settings(max_examples=60)
@given(st.lists(person, min_size=1, max_size=20), st.randoms(use_true_random=False))
def test_find_heads__agrees_with_plain_python(rows, random):
    people = people_of(rows)
    expected = reference.find_heads(people, START)
    random.shuffle(people)
    ids, household, born, role = arrays_of(people, "id", "household", "birth_year", "role")
    head, partner, grown, minors = (np.empty(4, np.int32) for _ in range(4))
    find_heads(ids, household, born, role, head, partner, grown, minors, START)
    for h, (of_head, of_partner, n_grown, n_minors) in expected.items():
        assert (ids[head[h]] if head[h] != NONE else NONE) == of_head
        assert (ids[partner[h]] if partner[h] != NONE else NONE) == of_partner
        assert (grown[h], minors[h]) == (n_grown, n_minors)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(-1, 2), st.integers(-1, 120)), min_size=1, max_size=20))
def test_find_events__agrees_with_plain_python(rows):
    """Three kinds, ages 0 to 99; nothing happens in a free row or to those it does not concern."""
    kind, age = (np.array(c) for c in zip(*rows, strict=True))
    ids = np.arange(len(rows)) * 11
    ids[::5] = NONE
    rates = np.linspace(0, 1, 300).reshape(3, 100)
    happens = np.empty(len(rows), bool)
    find_events(key_of(1), int(Stream.DEATH), START, ids, kind, START - age, rates, happens)
    for i, (k, a) in enumerate(rows):
        rate = rates[k, min(max(a, 0), 99)]
        expected = ids[i] != NONE and k != NONE and uniform(key_of(1), Stream.DEATH, START, ids[i], 0) < rate
        assert happens[i] == expected


@settings(max_examples=60)
@given(st.lists(person, min_size=1, max_size=20), st.randoms(use_true_random=False))
def test_settle_roles__agrees_with_plain_python(rows, random):
    people = people_of(rows)
    roles, orphaned = reference.settle_roles(people, START)
    random.shuffle(people)
    ids, household, born, role = arrays_of(people, "id", "household", "birth_year", "role")
    is_orphaned = np.empty(4, bool)
    settle_roles(ids, household, born, role, START, is_orphaned)
    assert dict(zip(ids.tolist(), role.tolist(), strict=True)) == roles
    assert set(np.flatnonzero(is_orphaned).tolist()) == orphaned


@settings(max_examples=60)
@given(st.lists(person, min_size=1, max_size=20))
def test_list_members__lists_everyone_once_under_their_household(rows):
    ids, household = arrays_of(people_of(rows), "id", "household")
    ids[0] = NONE
    first, member = np.empty(5, np.int64), np.empty(ids.size - 1, np.int32)
    list_members(ids, household, first, member)
    for h in range(4):
        listed = member[first[h] : first[h + 1]]
        assert sorted(listed.tolist()) == [p for p in range(1, ids.size) if household[p] == h]


@given(st.lists(st.tuples(st.integers(NONE, 5), st.integers(0, 2), st.integers(1900, 2030)), max_size=30))
def test_can_host_and_count_bands__agree_with_plain_python(rows):
    household, group, birth_year = (np.array([row[i] for row in rows], np.int64) for i in range(3))
    ids = np.where(household == NONE, NONE, np.arange(household.size))
    persons = [{"household": h, "group": g, "birth_year": b} for h, g, b in rows if h != NONE]
    home = np.array([3, NONE, 0, 1, NONE, 2], np.int32)
    hosts = np.empty(6, bool)
    can_host(household.astype(np.int32), home, hosts)
    assert hosts.tolist() == reference.can_host(persons, home)
    edges, counts = (7, 19, 65), np.empty((3, 4))
    bands = np.searchsorted(edges, np.arange(111), side="right").astype(np.int8)
    count_bands(ids, group.astype(np.int8), birth_year.astype(np.int16), 2025, bands, counts)
    assert counts.tolist() == reference.count_bands(persons, 2025, edges, 3)


@settings(max_examples=60)
@given(
    st.lists(st.floats(0, 0.999), max_size=6, unique=True),
    st.lists(st.floats(0, 0.999), max_size=3, unique=True),
    st.floats(0, 0.999),
    st.integers(-1, 5),
)
def test_choose_on_ring__agrees_with_plain_python(one, two, draw, avoided):
    one, two = sorted(one), sorted(two)
    first = np.array([0, len(one), len(one) + len(two)], np.int64)
    chosen = np.empty(2, np.int64)
    avoids = np.array([avoided if avoided < len(one) else NONE, NONE], np.int64)
    choose_on_ring(first, np.array(one + two), np.array([0, 1]), np.array([draw, draw]), avoids, chosen)
    expected = reference.choose_on_ring(one, draw, avoids[0])
    assert chosen[0] == expected
    expected = reference.choose_on_ring(two, draw, NONE)
    assert chosen[1] == (expected + len(one) if expected != NONE else NONE)


seeker = st.tuples(st.integers(0, 6), st.integers(0, 3), st.integers(0, 3), st.integers(0, 5))


@settings(max_examples=60)
@given(st.lists(seeker, min_size=1, max_size=12), st.lists(seeker, min_size=1, max_size=12))
def test_match_couples__agrees_with_plain_python(her, his):
    key, affinity = key_of(5), Affinity(1.5, 1.0, 0.5, 1.0, 2.0, 5)
    foreign = np.array([False, True, True, True])

    def people(rows, base):
        return [
            {"id": base + 2 * i, "birth_year": 1980 + born, "group": g, "education": e, "household": h}
            for i, (born, g, e, h) in enumerate(rows)
        ]

    def seekers(rows):
        ids, born, household = (
            np.array([p[n] for p in rows], t)
            for n, t in (("id", np.int64), ("birth_year", np.int16), ("household", np.int32))
        )
        group, education = (np.array([p[n] for p in rows], np.int8) for n in ("group", "education"))
        return Seekers(ids, born, group, foreign, education, household)

    women, men = people(her, 1000), people(his, 5000)
    for man in men:
        man["point"] = float(uniforms(key, 1, 1, np.array([man["id"]]), 0)[0])
    expected = reference.match_couples(key, START, affinity, women[::-1], men, foreign)
    men.sort(key=lambda m: (m["birth_year"], m["point"]))
    oldest = men[0]["birth_year"]
    born = np.array([m["birth_year"] - oldest for m in men])
    first = np.concatenate([[0], np.cumsum(np.bincount(born))])
    points, match = np.array([m["point"] for m in men]), np.empty(len(women), np.int64)
    turn = np.arange(len(women))[::-1].copy()
    match_couples(key, START, affinity, seekers(women), seekers(men), turn, points, first, oldest, match)
    found = [(women[w]["id"], men[match[w]]["id"]) for w in turn if match[w] != NONE]
    assert found == expected


donor = st.tuples(
    st.integers(0, 1),
    st.integers(0, 2),
    st.lists(st.tuples(st.integers(0, 1), st.integers(0, 3)), min_size=1, max_size=4),
)
amounts = st.lists(st.lists(st.integers(-2, 4), min_size=2, max_size=2), min_size=2, max_size=2)
needs = st.lists(st.integers(-2, 5), min_size=6, max_size=6)
CELL = [[0, 1, 2, 3], [0, 1, 4, 5]]
MARGINS = [[0, 2], [1, 2], [1, 3]]


@settings(max_examples=80)
@given(
    st.lists(donor, min_size=1, max_size=12),
    amounts,
    needs,
    st.lists(st.integers(-2, 5), min_size=4, max_size=4),
    st.sampled_from([1, 3, 4]),
)
def test_choose_donors__agrees_with_plain_python(donors, quota, need, lacking, times):
    members = [m for *_, of in donors for m in of]
    first = np.concatenate([[0], np.cumsum([len(of) for *_, of in donors])]).astype(np.int64)
    kind = np.empty(len(donors) * times, np.int8)
    pool = DonorPool(
        order=np.arange(len(donors), dtype=np.int32),
        first=first,
        member=np.arange(len(members), dtype=np.int32),
        head_group=np.array([g for g, *_ in donors], np.int8),
        household_type=np.array([t for _, t, _ in donors], np.int8),
        margins=np.array(MARGINS, np.int8),
        group=np.array([g for g, _ in members], np.int8),
        band=np.array([b for _, b in members], np.int8),
    )
    cell = np.array(CELL, np.int16)
    shortage = Shortage(np.array(quota, float), np.array(need, float), cell, np.array(lacking, float))
    choose_donors(pool, shortage, times, kind)
    assert kind.tolist() == reference.choose_donors(donors, CELL, MARGINS, quota, need, lacking, times)


# claims about a small city


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_demography__keeps_the_city_whole_for_ten_years(seed):
    state = year_after(small_city(400, seed), seed, years=10)
    assert state.flows["births"] > 0
    assert state.flows["in_migration"] > 0


def test_demography__does_not_depend_on_the_order_of_rows():
    plain = by_id(year_after(small_city(300), years=4))
    shuffled = by_id(year_after(small_city(300, shuffled=9), years=4))
    for (table, name, values), (_, _, others) in zip(plain, shuffled, strict=True):
        np.testing.assert_array_equal(values, others, err_msg=f"{table}.{name}")


def test_demography__repeats_itself_and_differs_by_seed():
    one, same, other = (by_id(year_after(small_city(200), seed, years=2)) for seed in (1, 1, 2))
    assert all(np.array_equal(a, b) for (_, _, a), (_, _, b) in zip(one, same, strict=True))
    assert one[-1][2].size != other[-1][2].size or any(
        not np.array_equal(a, b) for (_, _, a), (_, _, b) in zip(one, other, strict=True)
    )


def test_demography__where_nothing_happens_only_sums_are_made():
    before = by_id(moment_of(small_city(200)))
    after = by_id(year_after(small_city(200), preferences=only()))
    changing = {"income", "standard", "units", "adults", "children", "education"}
    for (table, name, values), (_, _, others) in zip(before, after, strict=True):
        if name not in changing:
            np.testing.assert_array_equal(values, others, err_msg=f"{table}.{name}")


def test_persons__are_accounted_for():
    tables = small_city(400)
    before = (tables.persons.id != NONE).sum()
    state = year_after(tables)
    flows = state.flows
    after = (state.tables.persons.id != NONE).sum()
    assert (
        after == before + flows["births"] - flows["deaths"] + flows["in_migration"] - flows["out_migration"]
    )


def test_in_migration__holds_the_population():
    state = year_after(small_city(400), years=10)
    assert abs((state.tables.persons.id != NONE).sum() - (small_city(400).persons.id != NONE).sum()) < 12


def test_newcomers__bring_nothing_of_what_policies_did_to_those_they_are_like():
    tables = small_city(600)
    p = tables.persons
    here = set(p.id)
    p.study_push[:], p.setback_until[:], p.is_unfunded[:] = 1.0, START + 9, True
    p = year_after(tables, preferences=only(out_migration={18: 0.1})).tables.persons
    comes = (p.id != NONE) & ~np.isin(p.id, list(here))
    assert comes.sum() > 50
    assert not p.study_push[comes].any()
    assert not p.is_unfunded[comes].any()
    assert (p.setback_until[comes] == NONE).all()


def test_growth__is_what_in_migration_aims_at():
    tables = small_city(400)
    before = (tables.persons.id != NONE).sum()
    state = year_after(tables, preferences=only(growth=0.05))
    assert (state.tables.persons.id != NONE).sum() == pytest.approx(1.05 * before, abs=2)


def test_mortality__gives_the_life_expectancy_of_2022():
    dies = mortality(DemographyPreferences())
    alive = np.cumprod(1 - dies, axis=1)
    women, men = alive.sum(1) + 0.5
    assert women == pytest.approx(84.7, abs=0.3)
    assert men == pytest.approx(81.3, abs=0.3)


def test_deaths__when_everybody_dies_all_homes_fall_vacant():
    wanted = Preferences(demography=DemographyPreferences(**{**QUIET, "mortality": (50.0, 50.0)}))
    state = moment_of(small_city(100), START + 1, preferences=wanted)
    demography.step(state)
    assert (state.tables.persons.id == NONE).all()
    assert (state.tables.households.id == NONE).all()
    assert (state.tables.dwellings.occupant == NONE).all()


def test_widow__heads_the_household_alone():
    tables = small_city(60)
    p = tables.persons
    partner = np.flatnonzero(p.role == Role.PARTNER)[0]
    head = np.flatnonzero((p.household == p.household[partner]) & (p.role == Role.ADULT))[0]
    p.birth_year[head] = START - 119
    ids = p.id[[head, partner]]
    state = year_after(tables, preferences=only())
    p = state.tables.persons
    assert not (p.id == ids[0]).any()
    assert p.role[p.id == ids[1]] == Role.ADULT


def test_orphans__stay_together_with_a_household_of_their_area():
    tables = small_city(300)
    p, h = tables.persons, tables.households
    minors = (p.role == Role.CHILD) & (p.birth_year > START - 15)
    home = np.flatnonzero(np.bincount(p.household[minors], minlength=300) >= 2)
    home = next(x for x in home if h.home[x] != NONE and (p.role[p.household == x] != Role.CHILD).sum() == 1)
    left = np.flatnonzero((p.household == home) & (p.role == Role.ADULT))
    children = p.id[(p.household == home) & (p.role == Role.CHILD)]
    area = household_areas(tables)[home]
    p.birth_year[left] = START - 119
    state = year_after(tables, preferences=only())
    p = state.tables.persons
    new = p.household[np.isin(p.id, children)]
    assert np.unique(new).size == 1
    assert household_areas(state.tables)[new[0]] == area
    assert state.flows["orphaned_homes"] == 1


def test_leaving_home__founds_households_that_lodge_with_the_parents():
    tables = small_city(300)
    p = tables.persons
    grown = p.id[(p.role == Role.CHILD) & (p.birth_year <= START + 1 - 19)]
    home = {i: h for i, h in zip(p.id, p.household, strict=True)}
    wealth = float(tables.households.wealth.sum())
    state = year_after(tables, preferences=only(leaving_home={19: 1.0}))
    p, h = state.tables.persons, state.tables.households
    rows = np.flatnonzero(np.isin(p.id, grown))
    assert grown.size == state.flows["left_home"] > 5
    assert (p.role[rows] == Role.ADULT).all()
    for row in rows:
        lodges, parents = p.household[row], home[p.id[row]]
        assert h.lodging_with[lodges] == (parents if h.home[parents] != NONE else h.lodging_with[parents])
    assert h.wealth[h.id != NONE].sum() == pytest.approx(wealth, rel=1e-5)


def test_separation__one_moves_out_and_the_children_stay():
    tables = small_city(300)
    couples = int((tables.persons.role == Role.PARTNER).sum())
    children = {i: h for i, h in zip(tables.persons.id, tables.persons.household, strict=True)}
    state = year_after(tables, preferences=only(separating={18: 1.0}))
    p = state.tables.persons
    assert state.flows["separations"] == couples
    assert not (p.role == Role.PARTNER).any()
    assert all(children[p.id[c]] == p.household[c] for c in np.flatnonzero(p.role == Role.CHILD))


def test_couples__move_together_and_leave_a_home_vacant():
    tables = small_city(400)
    homes = (tables.dwellings.occupant != NONE).sum()
    state = year_after(tables, preferences=only(seeking_partner={19: 0.5}))
    assert state.flows["couples"] > 10
    assert (state.tables.dwellings.occupant != NONE).sum() < homes


def test_couples__of_one_background_are_likelier_with_a_stronger_taste():
    def share(strength):
        state = year_after(
            small_city(1500),
            preferences=only(
                seeking_partner={19: 0.9}, separating={}, partner_same_group=0.0,
                partner_same_background=strength,
            ),
        )  # fmt: skip
        p = state.tables.persons
        foreign = p.group > 0
        new = np.flatnonzero(
            (p.role == Role.PARTNER)
            & ~np.isin(p.id, small_city(1500).persons.id[small_city(1500).persons.role == Role.PARTNER])
        )
        head = {h: i for i, h in enumerate(p.household) if p.role[i] == Role.ADULT}
        return np.mean([foreign[i] == foreign[head[p.household[i]]] for i in new])

    assert share(5.0) > share(0.0) + 0.2


def test_children__of_one_parent_born_in_sweden_count_as_swedish():
    groups = newborn_groups(moment_of(small_city(20)))
    swedish, second, europe, outside = range(4)
    assert groups[outside, outside] == groups[europe, outside] == second
    assert groups[outside, swedish] == groups[swedish, europe] == swedish
    assert groups[second, europe] == groups[outside, second] == groups[second, second] == swedish


def test_fertility__sums_to_children_per_woman():
    rates = fertility(moment_of(small_city(20)))
    assert rates.sum(1) == pytest.approx([1.45, 1.45, 1.55, 1.95])


def test_newborn__is_known_by_its_mother_and_year():
    state = year_after(small_city(400), preferences=only(fertility=by_origin(9, 9, 9, 9)))
    p = state.tables.persons
    new = np.flatnonzero((p.id != NONE) & (p.birth_year == START + 1))
    assert new.size == state.flows["births"] > 20
    assert (p.activity[new] == Activity.CHILD).all()
    assert (p.school[new] == NONE).all()
    assert (p.start_area[new] == NONE).all()


def test_refugees__a_number_by_rule_arrives_beside_the_ordinary_replacement():
    rules = Rules(demography=DemographyRules(refugees=40))
    state = year_after(small_city(400), preferences=only(), rules=rules)
    p = state.tables.persons
    new = (p.id != NONE) & (p.arrived == START + 1)
    assert state.flows["in_migration.refugee"] == pytest.approx(40, abs=6)
    assert new.sum() == state.flows["in_migration.refugee"]
    assert np.isin(p.group[new], [2, 3]).all()
    assert (p.workplace[new] == NONE).all()


@pytest.mark.parametrize(("share", "alike"), [(1.0, True), (0.0, False)])
def test_own_housing__lets_refugees_lodge_with_their_own_group(share, alike):
    rules = Rules(demography=DemographyRules(refugees=60, own_housing_share=share))
    state = year_after(small_city(400), preferences=only(), rules=rules)
    h = state.tables.households
    new = np.flatnonzero((h.id != NONE) & (h.arrived == START + 1))
    same = h.group[new] == h.group[h.lodging_with[new]]
    assert same.all() == alike


def test_assignment__equal_spreads_refugees_evenly_over_areas():
    def spread(assigned_to):
        tables = small_city(400)
        d = tables.dwellings
        d.cell[: d.id.size - 60] = 0  # nearly everyone lives in the first area
        rules = Rules(demography=DemographyRules(refugees=90, own_housing_share=0.0, assigned_to=assigned_to))
        state = year_after(tables, preferences=only(), rules=rules)
        h = state.tables.households
        new = (h.id != NONE) & (h.arrived == START + 1)
        return np.bincount(household_areas(state.tables)[new], minlength=4).max() / new.sum()

    assert spread("equal") < 0.5 < spread("population")


def test_income_leak__takes_away_the_well_off():
    def standard_of_leavers(slope):
        tables = small_city(800)
        before = dict(zip(tables.households.id, moment_of(tables).tables.households.standard, strict=True))
        state = year_after(
            tables, preferences=only(out_migration={18: 0.06}, out_migration_income=slope, growth=-0.1)
        )
        stays = set(state.tables.households.id)
        return np.mean([s for i, s in before.items() if i not in stays])

    assert standard_of_leavers(1.0) > standard_of_leavers(0.0) * 1.05


def test_out_migration__one_household_more_changes_nothing_for_the_others():
    tables = small_city(300)
    full = year_after(tables, preferences=only(out_migration={18: 0.05}, growth=-0.1, hold_composition=False))
    tables = small_city(300)
    p, h, d = tables.persons, tables.households, tables.dwellings
    gone = next(x for x in np.flatnonzero(h.home != NONE) if not (h.lodging_with == x).any())
    missing = set(p.id[p.household == gone])
    d.occupant[h.home[gone]], d.vacant_since[h.home[gone]] = NONE, START
    for row in np.flatnonzero(p.household == gone):
        for array, column in zip(p, columns(type(p)).values(), strict=True):
            array[row] = column.fill
    for array, column in zip(h, columns(type(h)).values(), strict=True):
        array[gone] = column.fill
    less = year_after(tables, preferences=only(out_migration={18: 0.05}, growth=-0.1, hold_composition=False))
    assert set(full.tables.persons.id) - missing == set(less.tables.persons.id) - missing


def town_of_students(n_young, n_grown):
    """A city whose grown people are of 22 and 32 years, so many of each."""
    tables = small_city(1500)
    p = tables.persons
    grown = np.flatnonzero((p.role != Role.CHILD) & (p.id != NONE))
    p.birth_year[p.id != NONE] = START - 50
    p.birth_year[grown[:n_young]] = START - 22
    p.birth_year[grown[n_young : n_young + n_grown]] = START - 32
    return moment_of(tables)


@pytest.mark.parametrize(("n_young", "n_grown", "youth"), [(450, 200, 1.6), (200, 200, 1.0), (1200, 10, 4.0)])
def test_students__are_as_many_times_too_many_as_beyond_a_fourth_more(n_young, n_grown, youth):
    """(450 + 50) / (200 + 50) / 1.25 = 1.6; fifty are added to both for hamlets."""
    assert count_youth(town_of_students(n_young, n_grown), START) == pytest.approx(youth)


def test_students__come_when_studies_begin_and_as_many_leave_when_they_end():
    """1.6 times as many come at 19 to 22; at 24 to 31 so many leave besides that one of 1.6 stays."""
    state = town_of_students(450, 200)
    rates = np.full((1, OLDEST + 1), 0.1)
    rates[:, :18] = 0.0
    come, leave = students_come(state, rates)[0], (graduates_leave(state, rates) - rates)[0]
    assert come[[17, 18, 19, 22, 23]] == pytest.approx([0.0, 0.1, 0.16, 0.16, 0.1])
    assert (leave[[17, 23, 32]] == 0).all()
    assert np.exp(-leave.sum()) == pytest.approx(1 / 1.6)
    assert (graduates_leave(state, np.zeros_like(rates)) == 0).all()  # where nobody leaves, they do not


# parameters


def test_by_age__holds_a_value_until_the_next_age():
    rates = by_age({18: 0.1, 30: 0.2})
    assert (rates[17], rates[18], rates[29], rates[30], rates[99]) == (0, 0.1, 0.1, 0.2, 0.2)


def test_by_origin__a_group_named_goes_before_its_origin():
    names = Group(name="syria", background="foreign", born="outside_europe")
    assert origin_name(names) == "outside_europe"
    values = by_origin(1, 2, 3, 4).model_copy(update={"groups": {"syria": 9.0}})
    assert values.per_group((*SWEDISH_GROUPS, names)).tolist() == [1, 2, 3, 4, 9]
