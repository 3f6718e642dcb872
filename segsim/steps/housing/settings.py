"""Rules and preferences of the housing market as its kernels take them."""

from collections.abc import Sequence

import numpy as np

from segsim.kernels.choices.own_functions import compile_rule, refuse_choice
from segsim.kernels.housing.household_search import SearchRates
from segsim.kernels.housing.location_choice import SHAPES, HousingTaste, HousingTerms
from segsim.kernels.housing.own_utility import compile_home_utility, refuse_home_utility
from segsim.rules.choice.home import HousingPreferences
from segsim.rules.housing import HousingRules
from segsim.tables import Array

_AGE_EDGES = np.array([25, 30, 45, 65])  # of the five ages that `search_by_age` is declared for


def housing_taste(preferences: HousingPreferences) -> HousingTaste:
    """Return the tastes as kernels take them."""
    return HousingTaste(
        own_group=preferences.own_group,
        shape=SHAPES[preferences.own_group_shape],
        threshold=preferences.own_group_threshold,
        peak=preferences.own_group_peak,
        at_one=preferences.own_group_at_one,
        income_similarity=preferences.income_similarity,
        affluent_similarity=preferences.affluent_similarity,
        education_similarity=preferences.education_similarity,
        burden=preferences.burden,
        burden_limit=preferences.burden_limit,
        interest=preferences.interest,
        crowding=preferences.crowding,
        spare_room=preferences.spare_room,
        ownership=preferences.ownership,
        quality=preferences.quality,
        distance=preferences.distance,
        distance_cap=preferences.distance_cap,
        staying=preferences.staying,
        bid_spread=preferences.bid_spread,
        bid_bound=preferences.bid_bound,
        own_utility=compile_home_utility(preferences.utility) if preferences.utility else 0,
        own_rule=compile_rule(preferences.rule) if preferences.rule else 0,
    )


def refuse_failures(preferences: HousingPreferences, failures: Array) -> None:
    """Refuse an own utility that has given no number, or a rule that has named nothing there is.

    Raises
    ------
    SegsimError
        With its name.
    """
    if failures[0] and preferences.utility:
        refuse_home_utility(preferences.utility)
    if failures[1] and preferences.rule:
        refuse_choice(preferences.rule)


def housing_terms(rules: HousingRules, local: Sequence[HousingRules] = ()) -> HousingTerms:
    """Return what landlords, banks and sellers ask as kernels take it, landlords by municipality."""
    local = local or (rules,)
    leaves_norm = np.array([own.public_income_rule == "residual" for own in local])
    return HousingTerms(
        # what is left after rent must reach the norm: the rent itself, and the norm by household
        public_income_floor=np.where(leaves_norm, 1.0, [own.public_income_floor for own in local]),
        public_norm=np.where(leaves_norm, [own.norm_after_rent for own in local], 0.0),
        private_income_floor=np.array([own.private_income_floor for own in local], float),
        has_own_queue=np.array([own.public_queue == "municipality" and len(local) > 1 for own in local]),
        private_queue_weight=rules.private_queue_weight,
        private_income_weight=rules.private_income_weight,
        private_penalty_foreign=rules.private_penalty_foreign,
        loan_to_value=rules.loan_to_value,
        loan_to_income=rules.loan_to_income,
        net_share=rules.net_share,
        illegal_price=rules.illegal_price,
    )


def search_rates(preferences: HousingPreferences) -> SearchRates:
    """Return how readily households look for a home."""
    return SearchRates(
        age_edges=_AGE_EDGES,
        by_age=np.array(preferences.search_by_age),
        by_tenure=np.array(preferences.search_by_tenure),
        crowded=preferences.search_crowded,
        rounds=preferences.rounds,
    )
