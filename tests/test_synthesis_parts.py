"""The parts of synthesis: rounding, exact chance, families, projection, rasters and the preset's figures."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtri

from segsim.groups import SWEDISH_GROUPS, Group
from segsim.kernels.proportional_fitting import fit_margins
from segsim.kernels.sampling import inclusion_probabilities, sum_pairwise
from segsim.kernels.schools.nearest_open import find_nearest_open
from segsim.national import INDEX_MEAN_2022, INDEX_SD_2022
from segsim.scenario import load_scenario
from segsim.synthesis.apportionment import (
    apportion,
    apportion_table,
    assign_classes,
    sample_rows,
)
from segsim.synthesis.areas.area_table import EUROPE, OUTSIDE, SECOND, SWEDISH, settle_counts
from segsim.synthesis.areas.preset import build_preset_table
from segsim.synthesis.areas.share_curves import find_root, stretch_logistic, unevenness
from segsim.synthesis.areas.socioeconomic_index import assign_index
from segsim.synthesis.maps.boundaries import squares_inside
from segsim.synthesis.maps.projection import find_projection
from segsim.synthesis.people.families import build_block
from segsim.synthesis.people.incomes import _quantile
from segsim.synthesis.people.origins import assign_groups, assign_origins, fitting_groups
from segsim.synthesis.places.homes import split_rental
from segsim.synthesis.places.layout import CELL, arrange_in_disc, count_cells
from segsim.tables import Role
from tests.reference import sampling as plain


@given(st.lists(st.integers(0, 5), min_size=1, max_size=7), st.integers(0, 500))
def test_rounded__is_what_the_plain_twin_rounds(weights, total):
    assert apportion(np.array(weights), total).tolist() == plain.apportion(weights, total)


@settings(max_examples=100)
@given(st.lists(st.floats(0, 100), min_size=1, max_size=12), st.integers(0, 500))
def test_rounded__sums_and_stays_within_one(weights, total):
    whole = apportion(np.array(weights), total)
    assert whole.sum() == total
    exact = (
        np.array(weights) * total / sum(weights)
        if sum(weights) > 0
        else np.full(len(weights), total / len(weights))
    )
    assert (np.abs(whole - exact) < 1 + 1e-6).all()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 8), st.integers(1, 6))
def test_rounded_table__meets_both_margins(seed, n, m):
    rng = np.random.default_rng(seed)
    table = rng.integers(0, 50, (n, m))
    whole = apportion_table(rng.random((n, m)), table.sum(1), table.sum(0))
    assert (whole >= 0).all()
    assert (whole.sum(1) == table.sum(1)).all()
    assert (whole.sum(0) == table.sum(0)).all()


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 60), st.floats(0, 1))
def test_chosen__takes_exactly_n(seed, size, part):
    rng = np.random.default_rng(seed)
    weights, n = rng.exponential(1, size) ** 3, round(part * size)
    assert sample_rows(weights, n, rng).sum() == n
    if 0 < n < size:
        p = inclusion_probabilities(weights, n)
        assert p.sum() == pytest.approx(n)
        assert p.max() <= 1 + 1e-9


def test_sums_by_halves__are_those_of_numpy():
    rng = np.random.default_rng(4)
    for n in (0, 1, 7, 8, 9, 127, 128, 129, 1000, 12_345):
        values = rng.random(n) ** 3
        assert sum_pairwise(values) == values.sum()


def test_nearest_open_school__is_the_first_of_the_nearest_with_a_seat():
    rng = np.random.default_rng(2)
    far, cell = rng.integers(0, 5, (30, 9)) * 100.0, rng.integers(0, 30, 200)
    schools = np.array([1, 2, 5, 8])
    best, way = np.empty(200, np.int64), np.empty(200)
    find_nearest_open(far, cell, schools, best, way)
    assert (best == schools[far[cell][:, schools].argmin(1)]).all()
    assert (way == far[cell][:, schools].min(1)).all()


def test_chosen__follows_the_weights():
    rng = np.random.default_rng(1)
    weights = np.array([1.0, 2.0, 3.0, 4.0])
    share = np.mean([sample_rows(weights, 1, rng) for _ in range(8000)], axis=0)
    assert share == pytest.approx(weights / 10, abs=0.02)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 80), st.integers(2, 5))
def test_allotted__meets_every_quota(seed, n, classes):
    rng = np.random.default_rng(seed)
    quotas = np.bincount(rng.integers(0, classes, n), minlength=classes)
    out = assign_classes(rng.random((n, classes)), quotas, rng)
    assert (np.bincount(out, minlength=classes) == quotas).all()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 80), st.integers(2, 5))
def test_allotted__is_what_the_plain_twin_draws(seed, n, classes):
    rng = np.random.default_rng(seed)
    quotas = np.bincount(rng.integers(0, classes, n), minlength=classes)
    weights = rng.exponential(1, (n, classes)) ** 2
    out = assign_classes(weights, quotas, np.random.default_rng(seed))
    assert out.tolist() == plain.draw_classes(weights, quotas, np.random.default_rng(seed)).tolist()


def test_allotted__follows_the_weights_where_the_quotas_let_it():
    rng = np.random.default_rng(2)
    weights = np.tile([[9.0, 1.0], [1.0, 9.0]], (500, 1))
    out = assign_classes(weights, np.array([500, 500]), rng)
    assert (out[::2] == 0).mean() == pytest.approx(0.9, abs=0.03)


areas = st.tuples(
    st.lists(st.integers(0, 40), min_size=5, max_size=5).filter(sum),
    st.lists(st.integers(0, 30), min_size=5, max_size=5),
    st.integers(0, 120),
    st.integers(0, 80),
)


@settings(max_examples=150, deadline=None)
@given(areas, st.integers(0, 1000))
def test_people_of__meets_any_possible_counts(area, seed):
    households, young, middle, old = area
    persons = sum(young) + middle + old
    if persons < sum(households):
        return
    block = build_block(np.array(households), np.array(young), middle, old, np.random.default_rng(seed))
    assert np.bincount(block.kind, minlength=5).tolist() == households
    assert block.age.size == persons
    assert np.bincount(block.household, minlength=sum(households)).min() >= 1
    assert [int(((block.age // 5) == k).sum()) for k in range(5)] == young
    assert int(((block.age >= 25) & (block.age < 65)).sum()) == middle
    assert int((block.age >= 65).sum()) == old


def test_people_of__families_look_like_families():
    block = build_block(
        np.array([240, 190, 80, 390, 100]),
        np.array([140, 145, 150, 148, 133]),
        1280,
        380,
        np.random.default_rng(3),
    )
    first = np.searchsorted(block.household, np.arange(block.kind.size))
    size = np.bincount(block.household)
    assert size[block.kind == 0].mean() == pytest.approx(4.0, abs=0.3)
    assert (size[block.kind == 1] == 2).all()
    assert (size[block.kind == 3] == 1).all()
    child = np.flatnonzero((block.role == Role.CHILD) & (block.kind[block.household] != 4))
    gap = block.age[first[block.household[child]]] - block.age[child]
    assert (gap >= 15).all()
    assert 25 <= np.median(gap) <= 35
    assert np.isin(block.household, block.household[block.age >= 18]).mean() > 0.99


def test_people_of__other_households_are_parents_with_grown_children_or_kin():
    n_couples = n_young_children = n_young = 0
    for seed in range(6):
        block = build_block(
            np.array([240, 190, 80, 390, 400]),
            np.array([140, 145, 150, 180, 260]),
            1900,
            480,
            np.random.default_rng(seed),
        )
        is_other, is_child = block.kind[block.household] == 4, block.role == Role.CHILD
        oldest = np.zeros(block.kind.size, np.int64)
        np.maximum.at(oldest, block.household, block.age)
        grown = is_other & is_child & (block.age >= 18)
        assert (block.age[grown] <= 34).all()
        assert (oldest[block.household[grown]] - block.age[grown] >= 17).all()
        n_couples += (is_other & (block.role == Role.PARTNER)).sum()
        young = is_other & (block.age >= 18) & (block.age < 25) & (block.role != Role.PARTNER)
        n_young, n_young_children = n_young + young.sum(), n_young_children + (young & is_child).sum()
    assert n_couples == pytest.approx(0.75 * 6 * 400, rel=0.04)  # an SD is .012 of it
    assert n_young_children > n_young / 2


def test_origins_of__exact_and_clustered_in_households():
    rng = np.random.default_rng(4)
    block = build_block(np.array([60, 50, 20, 100, 25]), np.array([36, 37, 38, 37, 34]), 330, 98, rng)
    quotas = apportion(np.array([0.42, 0.15, 0.15, 0.28]), block.age.size)
    origin = assign_origins(block, quotas, rng)
    assert (np.bincount(origin, minlength=4) == quotas).all()
    partner = np.flatnonzero(block.role == Role.PARTNER)
    same = (origin[partner] == origin[partner - 1]).mean()
    assert same > 0.6
    foreign = origin > 0
    share = np.bincount(block.household, weights=foreign) / np.bincount(block.household)
    assert ((share == 0) | (share == 1))[np.bincount(block.household) > 1].mean() > 0.6


def test_groups_of__several_groups_of_one_class_share_by_household():
    groups = (*SWEDISH_GROUPS, Group(name="finland", background="foreign", born="europe"))
    classes = np.array([EUROPE] * 6 + [SWEDISH, SECOND, OUTSIDE])
    household = np.array([0, 0, 1, 1, 2, 2, 3, 3, 3])
    luck = np.array([0.1, 0.5, 0.9, 0.0])
    out = assign_groups(classes, household, groups, {"europe": 0.4, "finland": 0.6}, luck)
    assert out.tolist() == [2, 2, 4, 4, 4, 4, 0, 1, 3]


def test_fitting_groups__falls_back_to_the_background():
    groups = (Group(name="majority"), Group(name="minority", background="foreign", born="outside_europe"))
    assert [fitting_groups(k, groups) for k in (SWEDISH, SECOND, EUROPE, OUTSIDE)] == [[0], [1], [1], [1]]


def test_find_projection__meets_the_control_points_of_sweref():
    """On the central meridian north is .9996 times the length of the meridian arc; at 60 degrees on GRS 80
    that arc is 6 654 072.8 m (Bowring's series), and a degree of longitude there is 55 800 m."""
    projection = find_projection(shapely.get_coordinates(shapely.box(15.0, 60.0, 16.0, 60.1)))
    east, north = projection.transform(np.array([15.0, 16.0]), np.array([60.0, 60.0]))
    assert east[0] == pytest.approx(500_000, abs=1e-6)
    assert north[0] == pytest.approx(6_654_072.8 * 0.9996, abs=1.0)
    assert east[1] - east[0] == pytest.approx(55_800 * 0.9996, rel=1e-3)


def test_find_projection__places_outside_sweden_get_their_own_meridian():
    projection = find_projection(shapely.get_coordinates(shapely.box(10.0, 53.0, 10.4, 53.1)))
    assert projection.transform(10.2, 53.0)[0] == pytest.approx(0, abs=1e-6)


def inside(rings, x, y):
    """Tell by the even-odd rule, edge by edge, whether a point lies inside."""
    crossings = 0
    for ring in rings:
        for (x0, y0), (x1, y1) in zip(ring, np.roll(ring, -1, axis=0), strict=True):
            if (y0 < y) != (y1 < y) and x >= x0 + (y - y0) / (y1 - y0) * (x1 - x0):
                crossings += 1
    return crossings % 2 == 1


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(3, 9))
def test_squares_inside__agrees_with_counting_edges(seed, corners):
    rng = np.random.default_rng(seed)
    angle = np.sort(rng.uniform(0, 2 * np.pi, corners))
    rays = np.column_stack((np.cos(angle), np.sin(angle)))
    hole = rng.uniform(50, 250, (corners, 1)) * rays
    polygon = shapely.make_valid(shapely.Polygon(hole + rng.uniform(100, 600, (corners, 1)) * rays, [hole]))
    rings = [shapely.get_coordinates(ring)[:-1] for ring in shapely.get_rings(shapely.get_parts(polygon))]
    column, row = squares_inside(polygon)
    centres = [(c, r) for c in range(-10, 10) for r in range(-10, 10)]
    expected = {(c, r) for c, r in centres if inside(rings, (c + 0.5) * CELL, (r + 0.5) * CELL)}
    assert set(zip(column.tolist(), row.tolist(), strict=True)) == expected


def test_squares_inside__a_centre_on_a_shared_edge_belongs_to_both():
    west, east = shapely.box(0, 0, 250, 100), shapely.box(250, 0, 500, 100)
    assert [squares_inside(half)[0].tolist() for half in (west, east)] == [[0, 1, 2], [2, 3, 4]]


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.floats(0.1, 0.9), st.floats(0.05, 0.6))
def test_stretched__holds_mean_and_dissimilarity(seed, mean, uneven):
    rng = np.random.default_rng(seed)
    z, persons = rng.normal(0, 1, 40), rng.uniform(500, 3000, 40)
    share = stretch_logistic(z, persons, mean, uneven)
    assert np.average(share, weights=persons) == pytest.approx(mean, abs=1e-6)
    assert unevenness(share * persons, (1 - share) * persons) == pytest.approx(uneven, abs=0.002)


def test_split_rental__meets_the_areas_and_the_city():
    dwellings = np.array([[100, 50, 20], [300, 0, 0], [0, 80, 40]])
    split = split_rental(dwellings, 0.55)
    assert (split[:, :2].sum(1) == dwellings[:, 0]).all()
    assert (split[:, 2:] == dwellings[:, 1:]).all()
    assert split[:, 0].sum() == 220


def test_abstract_layout__every_area_is_one_block_and_dense_areas_lie_within():
    counts = settle_counts(build_preset_table(load_scenario("invented_city").city.figures))
    cells = arrange_in_disc(counts).cells
    assert np.unique(cells.id).size == cells.id.size
    needed = count_cells(counts)
    assert (np.bincount(cells.area) == needed.sum(1)).all()
    from_centre = np.hypot(cells.x - cells.x.mean(), cells.y - cells.y.mean())
    mean = np.bincount(cells.area, weights=from_centre) / needed.sum(1)
    density = counts.dwellings.sum(1) / needed.sum(1)
    assert np.corrcoef(density, mean)[0, 1] < -0.35
    spread = np.hypot(*(_spread(cells.area, v.astype(float)) for v in (cells.x, cells.y)))
    compact = CELL * np.sqrt(needed.sum(1) / (2 * np.pi))
    assert np.median(spread / compact) < 1.4


def _spread(area, values):
    """Return the standard deviation of some values within each area."""
    n = np.bincount(area)
    mean = np.bincount(area, weights=values) / n
    return np.sqrt(np.bincount(area, weights=(values - mean[area]) ** 2) / n)


def test_find_root__finds_a_change_of_sign_or_the_better_end():
    assert find_root(lambda x: x**3 - 2, 0, 4) == pytest.approx(2 ** (1 / 3), abs=1e-8)
    assert find_root(lambda x: x + 1, 0, 4) == 0
    assert find_root(lambda x: 9 - x, 0, 4) == 4


@given(st.lists(st.integers(0, 30), min_size=5, max_size=5).filter(lambda n: sum(n) >= 5))
def test_index_of_areas__falls_and_stays_inside_the_types(areas_by_type):
    """Every type with areas, in any numbers: districts in order, each within the limits of its type."""
    kinds = np.repeat(np.arange(5), areas_by_type)
    figures = load_scenario("invented_city").city.figures
    index = assign_index(figures, kinds, np.arange(kinds.size), np.full(kinds.size, 1500))
    limits = INDEX_MEAN_2022 + INDEX_SD_2022 * np.array([3.2, 2.0, 1.0, 0.0, -1.0, -1.6])
    assert (np.diff(index) <= 1e-9).all()
    assert ((index < limits[kinds]) & (index > limits[kinds + 1])).all()


def test_fit_margins__leaves_empty_rows_and_columns_empty():
    table = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]])
    fitted = fit_margins(table, np.array([2e8, 0.0, 3e8]), np.array([3e8, 0.0, 2e8]), 1e-9, 500)
    assert fitted.sum(axis=1) == pytest.approx([2e8, 0, 3e8])
    assert fitted.sum(axis=0) == pytest.approx([3e8, 0, 2e8])
    assert (fitted[1] == 0).all()
    assert (fitted[:, 1] == 0).all()


@given(st.floats(0.002, 0.6), st.floats(0.002, 0.3), st.floats(120, 600), st.integers(2, 400))
def test_quantiles_of_standard__rise_with_the_rank(low, high, middle, n):
    u = (np.arange(n) + 0.5) / n
    shapes = np.array([low]), np.array([high]), np.array([middle])
    value = _quantile(ndtri(u), np.zeros(n, np.int64), shapes, (174.0, 580.0))
    assert (np.diff(value) >= -1e-9).all()
