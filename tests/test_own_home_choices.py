"""Utilities and choice rules of one's own in a city: as segsim's where they say the same."""

import numpy as np
import pytest

from reference import housing as reference
from segsim import City, load_scenario
from segsim.errors import ScenarioError, SegsimError
from segsim.kernels.draws import Stream, uniform
from segsim.kernels.housing.location_choice import rank_candidates
from segsim.own import capture_part
from segsim.rules.choice.home import HousingPreferences
from segsim.steps.housing.settings import housing_taste
from tests.test_housing_kernels import WHEN, small_market

HOUSING = "preferences.housing."
SHARES = ((0.0, 0.0), (0.3, 1.0), (0.3, 0.5), (1.0, 0.8))


def as_segsim_has_it(seeker, offer):
    return offer.utility


def as_segsim_has_it_term_by_term(seeker, offer):
    """Distance, quality, education and room, which `segsim_terms` leaves of segsim's own."""
    needed = 1 if seeker.size <= 1 else 1 + (seeker.size + 1) // 2
    spare = offer.rooms - needed
    value = -0.12 * min(offer.distance, 10.0) + 0.3 * offer.quality - 1.5 * max(0, -spare)
    return value - 0.15 * max(0, spare - 1) - 2.0 * abs(seeker.education - offer.education)


def of_the_poor(seeker, offer):
    return np.log(seeker.income - 250.0)


def of_text(seeker, offer):
    return "much"


def of_one(seeker):
    return 1.0


def by_chance(values, staying, chance):
    return int(chance * (len(values) + 1)) - 1


def beyond_three(values, staying, chance):
    return len(values) if len(values) > 3 else -1


@pytest.fixture(scope="module")
def town():
    return load_scenario("town", {"years": 2})


def rows_of(scenario, **changes):
    city = City(scenario.override({HOUSING + key: value for key, value in changes.items()}), seed=4)
    city.run()
    return city.rows()


def test_own_utility__that_says_the_same_gives_the_same_city(town):
    assert rows_of(town, utility=as_segsim_has_it).equals(rows_of(town))


def test_seeker_and_offer__hold_what_segsim_goes_by(town):
    """With the other weights 0, its terms written out from what the function is shown give the same city."""
    none = ("own_group", "income_similarity", "burden", "ownership", "safety", "service", "school")
    bare = town.override({HOUSING + name: 0.0 for name in none})
    assert rows_of(bare, utility=as_segsim_has_it_term_by_term).equals(rows_of(bare))


def test_points__are_the_shapes_they_draw(town):
    """A slope; and the peak at .5 with .6 at one."""
    straight = {"own_group_shape": "points", "own_group_points": ((0, 0), (1, 1))}
    assert rows_of(town, **straight).equals(rows_of(town))
    peaked = {"own_group_shape": "points", "own_group_points": ((0, 0), (0.5, 1), (1, 0.6))}
    assert rows_of(town, **peaked)["value"].to_numpy() == pytest.approx(
        rows_of(town, own_group_shape="single_peaked")["value"].to_numpy(), nan_ok=True
    )


def test_points__without_their_shape_are_refused(town):
    with pytest.raises(ScenarioError, match="own_group_points and own_group_shape points go together"):
        town.override({HOUSING + "own_group_points": SHARES})
    with pytest.raises(ScenarioError, match="must rise from a share of 0 to a share of 1"):
        town.override({HOUSING + "own_group_points": ((0, 0),), HOUSING + "own_group_shape": "points"})


@pytest.mark.parametrize("seed", range(5))
def test_own_rule__ranks_as_it_would_if_asked_in_plain_python(seed):
    """It is asked of what is left, in the order seen, with a draw for each place of the list."""
    _, terms, movers, present, vacant, ring = small_market(seed)
    preferences = HousingPreferences(staying=0.5, rule=capture_part("rule", by_chance))
    taste, k = housing_taste(preferences), 5
    ranked, score, failures = np.empty((9, k), np.int32), np.zeros((9, k)), np.zeros(2, np.int64)
    rank_candidates(WHEN, taste, terms, movers, present, vacant, ring, ranked, score, failures)
    assert not failures.any()
    listed = 0
    for m in range(9):
        mover = reference.record(movers[m])
        left = reference.available_vacancies(WHEN, terms, movers, vacant, ring, k, m)
        expected = []
        for place in range(len(left)):
            drawn = uniform(WHEN.key, Stream.OWN_RULE, WHEN.stamp, mover["id"], place)
            at = by_chance([0.0] * len(left), 0.0, drawn)
            if at < 0:
                break
            expected.append(left.pop(at))
        assert [v for v in ranked[m] if v >= 0] == expected
        listed += len(expected)
    assert listed > 5


@pytest.mark.parametrize(
    ("key", "function", "reason"),
    [
        ("utility", of_text, "of_text: must return a number whatever"),
        ("utility", of_one, "of_one: must be a function of seeker, offer"),
        ("utility", "nothing.here", r"there is no nothing\.py"),
        ("utility", 3, "3 is no function; name it by module and function"),
        ("rule", of_one, "of_one: must be a function of values, staying, chance"),
    ],
)
def test_what_is_no_such_function__is_refused_before_anything_runs(town, key, function, reason):
    with pytest.raises(ScenarioError, match=reason):
        town.override({HOUSING + key: function})


@pytest.mark.parametrize(
    ("key", "function", "reason"),
    [
        ("utility", of_the_poor, "of_the_poor: gives no number"),
        ("rule", beyond_three, "beyond_three: must return a whole number"),
    ],
)
def test_function_that_fails_on_the_way__stops_the_run_with_its_name(town, key, function, reason):
    with pytest.raises(SegsimError, match=reason):
        rows_of(town, **{key: function})
