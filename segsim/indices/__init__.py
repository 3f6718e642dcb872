"""Indices: numbers from counts, pure functions, undefined is NaN.

Counts are tables of units x groups (arrays, nested lists or DataFrames), incomes come with the unit of each
household, grids are rows x cols x groups, school tables zones x schools x groups. Series and DataFrames
that are given together are matched by their labels, and results carry them. Bad input is a `ValueError` that
names the cell, column or label and what to do. Where `segsim.kernels.indices` has a function of the same
name, that one computes and this one says what it means: formula, range, source; it makes a table of what it
is given and refuses bad counts.
"""

# ruff: noqa: I001

# How differently the groups are spread (evenness)
from segsim.indices.evenness import (
    BetweenWithin,
    atkinson,
    atkinson_symmetric,
    atkinson_vs_rest,
    between_within,
    dissimilarity,
    dissimilarity_pairs,
    dissimilarity_vs_rest,
    diversity,
    entropy,
    gini,
    gini_pairs,
    gini_vs_rest,
    local_information_groups,
    local_information_units,
    mutual_information,
    normalised_exposure,
    relative_diversity,
    separation_vs_rest,
    squared_variation,
    theil,
    theil_vs_rest,
)

# Whom people meet (exposure)
from segsim.indices.exposure import (
    contact_without_self,
    exposure,
    exposure_shortfall,
    interaction_with_rest,
    isolation,
    separation_without_self,
)

# What a random allocation would give (chance)
from segsim.indices.chance import (
    adjusted,
    approximate_mutual_information,
    expected_dissimilarity,
    expected_dissimilarity_vs_rest,
    expected_mutual_information,
    expected_relative_diversity,
    expected_separation_without_self,
    expected_theil,
)

# Income over the whole distribution
from segsim.indices.income import (
    class_edges,
    income_classes,
    ordinal_theil,
    ordinal_variance_ratio,
    rank_order_theil,
    rank_order_theil_polynomial,
    rank_order_variance_ratio,
    rank_order_variance_ratio_polynomial,
)

# Who lives near whom (grids)
from segsim.indices.spatial import (
    SpatialIndices,
    expected_morans_i,
    group_shares,
    local_morans_i,
    morans_i,
    morrill,
    nearest_exposure,
    nearest_profile,
    spatial_dissimilarity,
    spatial_exposure,
    spatial_indices,
    spatial_profile,
    spatial_relative_diversity,
    spatial_theil,
    white,
)

# Schools against homes
from segsim.indices.schools import (
    Counterfactual,
    SchoolAndHome,
    between_sd,
    between_share,
    cross_table,
    league_table_error,
    nearest_school,
    residence_counterfactual,
    school_and_home,
    value_added,
)

# What moved segregation, and how areas change
from segsim.indices.change import Change, convergence, decompose_change, persistence, transitions

# The bridge to another package
from segsim.indices.pysal import pysal_frame, to_pysal

# The official Swedish indicators
from segsim.indices.official import (
    INEQUALITY_DEFINITION,
    Reference,
    area_types,
    concentration_at_extremes,
    income_unevenness,
    inequality_index,
    national_reference,
    pair_dissimilarity,
    shares_by_type,
    socioeconomic_index,
)

__all__ = [
    "INEQUALITY_DEFINITION",
    "BetweenWithin",
    "Change",
    "Counterfactual",
    "Reference",
    "SchoolAndHome",
    "SpatialIndices",
    "adjusted",
    "approximate_mutual_information",
    "area_types",
    "atkinson",
    "atkinson_symmetric",
    "atkinson_vs_rest",
    "between_sd",
    "between_share",
    "between_within",
    "class_edges",
    "concentration_at_extremes",
    "contact_without_self",
    "convergence",
    "cross_table",
    "decompose_change",
    "dissimilarity",
    "dissimilarity_pairs",
    "dissimilarity_vs_rest",
    "diversity",
    "entropy",
    "expected_dissimilarity",
    "expected_dissimilarity_vs_rest",
    "expected_morans_i",
    "expected_mutual_information",
    "expected_relative_diversity",
    "expected_separation_without_self",
    "expected_theil",
    "exposure",
    "exposure_shortfall",
    "gini",
    "gini_pairs",
    "gini_vs_rest",
    "group_shares",
    "income_classes",
    "income_unevenness",
    "inequality_index",
    "interaction_with_rest",
    "isolation",
    "league_table_error",
    "local_information_groups",
    "local_information_units",
    "local_morans_i",
    "morans_i",
    "morrill",
    "mutual_information",
    "national_reference",
    "nearest_exposure",
    "nearest_profile",
    "nearest_school",
    "normalised_exposure",
    "ordinal_theil",
    "ordinal_variance_ratio",
    "pair_dissimilarity",
    "persistence",
    "pysal_frame",
    "rank_order_theil",
    "rank_order_theil_polynomial",
    "rank_order_variance_ratio",
    "rank_order_variance_ratio_polynomial",
    "relative_diversity",
    "residence_counterfactual",
    "school_and_home",
    "separation_vs_rest",
    "separation_without_self",
    "shares_by_type",
    "socioeconomic_index",
    "spatial_dissimilarity",
    "spatial_exposure",
    "spatial_indices",
    "spatial_profile",
    "spatial_relative_diversity",
    "spatial_theil",
    "squared_variation",
    "theil",
    "theil_vs_rest",
    "to_pysal",
    "transitions",
    "value_added",
    "white",
]
