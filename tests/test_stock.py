"""The stock of dwellings: who builds what where, and what plans, conversions and demolitions change."""

import numpy as np
import pytest

from segsim.rules import Rules
from segsim.rules.housing import (
    Construction,
    Conversion,
    ExtraConstruction,
    HousingRules,
    RoomsOfNewDwellings,
    TenurePlan,
    TenureShares,
)
from segsim.steps.housing import stock
from segsim.tables import (
    NONE,
    Areas,
    Cells,
    Dwellings,
    Households,
    Persons,
    Schools,
    Tables,
    Tenure,
    Workplaces,
    build_table,
    empty_table,
    live,
)
from tests.states import make_state

YEAR = 2030


def two_areas(**housing):
    """Area 0: 1000 public rentals; area 1: 1000 owned homes. Nobody can be short of rows: none is free."""
    areas = build_table(Areas, 2, id=[0, 1], x=[0, 1000])
    cells = build_table(Cells, 4, id=np.arange(4), area=[0, 0, 1, 1], x=[0, 100, 1000, 1100])
    tenure = np.repeat([Tenure.PUBLIC_RENTAL, Tenure.OWNER_OCCUPIED], 1000)
    dwellings = build_table(
        Dwellings,
        2000,
        id=np.arange(2000),
        cell=np.repeat([0, 2], 1000),
        tenure=tenure,
        rooms=3,
        fee=np.where(tenure == 0, 90.0, 60.0),
        price=np.where(tenure == 0, 0.0, 3000.0),
        built=1970,
        occupant=np.arange(2000),
    )
    households = build_table(Households, 2000, id=np.arange(2000), home=np.arange(2000), wealth=100.0)
    tables = Tables(
        areas,
        cells,
        dwellings,
        households,
        empty_table(Persons, 0),
        empty_table(Schools, 0),
        empty_table(Workplaces, 0),
    )
    rules = Rules(housing=HousingRules(**housing))
    return make_state(tables, ("rented", "owned"), YEAR, start_year=2022, rules=rules)


def built(state):
    """Tenure and area of what was completed this year."""
    dwellings = state.tables.dwellings
    rows = live(dwellings)[dwellings.built[live(dwellings)] == YEAR]
    return dwellings.tenure[rows], state.tables.cells.area[dwellings.cell[rows]]


def test_ordinary_building__keeps_the_mix_and_meets_the_pace():
    state = two_areas(construction=Construction(share_of_stock=0.01))
    stock.step(state)
    tenure, area = built(state)
    assert np.bincount(area).tolist() == [10, 10]
    assert (tenure == np.where(area == 0, Tenure.PUBLIC_RENTAL, Tenure.OWNER_OCCUPIED)).all()
    dwellings = state.tables.dwellings
    new = live(dwellings)[dwellings.built[live(dwellings)] == YEAR]
    assert (dwellings.occupant[new] == NONE).all()
    assert np.unique(dwellings.id[live(dwellings)]).size == 2020


def test_new_rentals__cost_what_the_rules_say_over_the_stock():
    state = two_areas(construction=Construction(share_of_stock=0.01), new_rent_ratio=1.5)
    stock.step(state)
    dwellings = state.tables.dwellings
    new = live(dwellings)[dwellings.built[live(dwellings)] == YEAR]
    rentals = new[dwellings.tenure[new] == Tenure.PUBLIC_RENTAL]
    assert dwellings.fee[rentals] / dwellings.rooms[rentals] == pytest.approx(30 * 1.5)
    owned = new[dwellings.tenure[new] == Tenure.OWNER_OCCUPIED]
    assert dwellings.price[owned] / dwellings.rooms[owned] == pytest.approx(1000, rel=1e-3)


def test_plan__binds_its_share_in_its_areas_only():
    """100 homes in each area; half of those in area 1 become public rental, within 5 standard errors."""
    plan = TenurePlan(areas=(1,), shares={"public_rental": 0.5})
    state = two_areas(construction=Construction(share_of_stock=0.1), plans=(plan,))
    stock.step(state)
    tenure, area = built(state)
    assert (tenure[area == 0] == Tenure.PUBLIC_RENTAL).all()
    assert (tenure[area == 1] == Tenure.PUBLIC_RENTAL).mean() == pytest.approx(0.5, abs=0.25)


@pytest.mark.parametrize(
    "plan",
    [
        TenurePlan(areas=(1,), shares={}),
        TenurePlan(areas=(1,), shares={"public_rental": 0.5}, binding_share=0),
        TenurePlan(areas=(), shares={"public_rental": 0.5}),
    ],
)
def test_neutral_plan__builds_the_same_homes(plan):
    plain, planned = two_areas(), two_areas(plans=(plan,))
    stock.step(plain)
    stock.step(planned)
    for left, right in zip(plain.tables.dwellings, planned.tables.dwellings, strict=True):
        assert np.array_equal(left, right)


def test_extra_construction__adds_beside_the_ordinary_homes():
    """The ordinary homes keep their ids, tenures and places; 30 more stand in area 0."""
    shares = TenureShares(cooperative=1.0)
    plain = two_areas(construction=Construction(share_of_stock=0.01))
    more = two_areas(
        construction=Construction(share_of_stock=0.01),
        extra_construction=(ExtraConstruction(areas=(0,), dwellings_per_year=30, tenure_shares=shares),),
    )
    stock.step(plain)
    stock.step(more)
    ids = set(plain.tables.dwellings.id.tolist())
    added = [row for row in live(more.tables.dwellings) if more.tables.dwellings.id[row] not in ids]
    assert len(added) == 30
    assert (more.tables.dwellings.tenure[added] == Tenure.COOPERATIVE).all()
    assert (more.tables.cells.area[more.tables.dwellings.cell[added]] == 0).all()


def test_extra_construction_in_place_of_ordinary__moves_homes_and_adds_none():
    """Of 2000 homes 2 % are 40 a year, 20 in each area; 30 in area 0 leave 5 ordinary ones in each."""
    more = ExtraConstruction(
        areas=(0,),
        dwellings_per_year=30,
        tenure_shares=TenureShares(cooperative=1.0),
        replaces_ordinary=True,
    )
    state = two_areas(construction=Construction(share_of_stock=0.02), extra_construction=(more,))
    stock.step(state)
    tenure, area = built(state)
    assert [(area == 0).sum(), (area == 1).sum()] == [35, 5]
    assert (tenure[area == 0] == Tenure.COOPERATIVE).sum() == 30


def test_extra_construction_beyond_the_ordinary__is_built_above_it():
    more = ExtraConstruction(
        areas=(0,),
        dwellings_per_year=60,
        tenure_shares=TenureShares(cooperative=1.0),
        replaces_ordinary=True,
    )
    state = two_areas(construction=Construction(share_of_stock=0.02), extra_construction=(more, more))
    stock.step(state)
    assert built(state)[1].tolist() == [0] * 120


def test_conversion__needs_an_empty_home_or_a_household_that_can_pay():
    """Owned homes turned cooperative cost 3 x 1000 tkr; 15 % down is 450, and everyone has 100 but one."""
    conversion = Conversion(
        areas=(1,), origin="owner_occupied", destination="cooperative", share_per_year=1.0
    )
    state = two_areas(construction=Construction(share_of_stock=0), conversions=(conversion,))
    state.tables.dwellings.tenure[0] = Tenure.COOPERATIVE
    state.tables.dwellings.price[0] = 3000.0
    state.tables.households.wealth[1500] = 451.0
    state.tables.dwellings.occupant[1700] = NONE
    state.tables.dwellings.vacant_since[1700] = YEAR - 1
    stock.step(state)
    changed = np.flatnonzero(state.tables.dwellings.tenure[1000:] == Tenure.COOPERATIVE) + 1000
    assert changed.tolist() == [1500, 1700]


def test_new_dwellings__have_the_rooms_that_rules_say():
    rooms = RoomsOfNewDwellings(owner_occupied=(0, 0, 0, 0, 1), cooperative=(0, 1, 0, 0, 0))
    owned = TenureShares(owner_occupied=0.5, cooperative=0.5)
    state = two_areas(construction=Construction(share_of_stock=0.05, tenure_shares=owned, rooms=rooms))
    stock.step(state)
    new = np.flatnonzero(state.tables.dwellings.built == YEAR)
    tenure, rooms_of_new = state.tables.dwellings.tenure[new], state.tables.dwellings.rooms[new]
    assert (rooms_of_new == np.where(tenure == Tenure.OWNER_OCCUPIED, 5, 2)).all()
    assert len(set(tenure)) == 2


def test_rooms_of_new_dwellings__sum_to_one_for_every_tenure():
    with pytest.raises(ValueError, match="those of cooperative sum"):
        RoomsOfNewDwellings(cooperative=(0.5, 0.4, 0, 0, 0))


def test_demolition__takes_only_what_has_stood_empty_over_two_years():
    state = two_areas(construction=Construction(share_of_stock=0), demolition_share=1.0)
    dwellings = state.tables.dwellings
    dwellings.occupant[:3] = NONE
    dwellings.vacant_since[:3] = [YEAR - 1, YEAR - 2, YEAR - 3]
    stock.step(state)
    assert dwellings.id[:3].tolist() == [0, 1, NONE]
    assert live(dwellings).size == 1999
