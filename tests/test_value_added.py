"""Merit values corrected for the intake: a regression done by hand, and what it is good for."""

import numpy as np
import pytest

from segsim import indices
from segsim.steps.schools import school_year
from segsim.tables import Schools, build_table
from tests.school_town import run_years, school_town, seven_schools, town_moment


def test_value_added__is_the_residual_of_weighted_least_squares():
    rng = np.random.default_rng(1)
    intake, pupils = rng.normal(size=(400, 3)), rng.integers(10, 100, 400)
    true = rng.normal(0, 5, 400)
    results = 220 + intake @ [30.0, -10.0, 5.0] + true
    added = indices.value_added(results, intake, pupils)
    columns = np.column_stack([np.ones(400), intake])
    weights = np.diag(pupils.astype(float))
    fitted = columns @ np.linalg.solve(columns.T @ weights @ columns, columns.T @ weights @ results)
    assert added == pytest.approx(results - fitted)
    assert np.average(added, weights=pupils) == pytest.approx(0, abs=1e-9)
    # neither the level of the results nor a gain that follows the intake is added value
    assert indices.value_added(results + 7 + 3 * intake[:, 0], intake, pupils) == pytest.approx(added)
    assert np.corrcoef(added, true)[0, 1] > 0.95


def test_value_added__is_unknown_where_something_is_or_too_few_schools_are():
    results, intake = [200.0, np.nan, 230.0, 210.0, 220.0], np.arange(5.0)[:, None]
    added = indices.value_added(results, intake, [10, 10, 10, 0, 10])
    assert np.isnan(added).tolist() == [False, True, False, True, False]
    assert np.isnan(indices.value_added(results[:3], intake[:3], [1, 1, 1])).all()
    with pytest.raises(ValueError, match="intake must be units x properties"):
        indices.value_added([1.0, 2.0], [1.0, 2.0], [1, 1])


def test_league_table_error__counts_pairs_told_wrongly():
    true = [1.0, 2.0, 3.0, 4.0]
    assert indices.league_table_error(true, true) == 0
    assert indices.league_table_error(true[::-1], true) == 1
    assert indices.league_table_error([1, 1, 1, 1], true) == 0.5
    assert indices.league_table_error([1, 2, 4, 3], true) == pytest.approx(1 / 6)
    assert np.isnan(indices.league_table_error([1, 2], [5, 5]))
    with pytest.raises(ValueError, match="shown holds 2 units, true 1"):
        indices.league_table_error([1, 2], [5])


def sixteen_schools():
    """Return schools along the road, with seats for all near by."""
    cells = np.arange(1, 40, 2)[:16] + 2
    return build_table(
        Schools, 16, id=np.arange(16) * 10, cell=cells, first_grade=0, last_grade=9, capacity=60, quality=0.0
    )


def test_town__corrected_merit_tells_good_schools_from_wealthy_intakes():
    errors = []
    for seed in range(4):
        town = school_town(6000, seed=seed, schools=sixteen_schools(), slope=2.5)
        taste = {"quality": {"spread": 0.02}, "achievement": {"peers": 0.0, "place": 0.0}}
        state = town_moment(town, seed=seed, preferences=taste)
        school_year.settle(state)
        run_years(state, school_year.step, 1)
        schools = state.tables.schools
        true = schools.quality * (schools.last_grade - schools.first_grade + 1.0)
        errors.append(
            [
                indices.league_table_error(shown, true)
                for shown in (schools.published_merit, schools.value_added)
            ]
        )
    published, corrected = np.mean(errors, axis=0)
    assert corrected < published


def test_town__of_few_schools_corrects_nothing():
    state = town_moment(school_town(1500, schools=seven_schools(60)))
    school_year.settle(state)
    run_years(state, school_year.step, 1)
    assert np.isfinite(state.tables.schools.published_merit).sum() >= 4
    assert np.isnan(state.tables.schools.value_added).all()
