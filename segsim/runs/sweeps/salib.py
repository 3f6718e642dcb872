"""Samples and indices of global sensitivity by SALib, of factors from 0 to 1; the only home of SALib."""

from collections.abc import Sequence
from typing import Any

from segsim.errors import SegsimError
from segsim.tables import Array

SCALE_SEED = 1  # SALib bootstraps its intervals; the same values must give the same intervals


def salib_problem(names: Sequence[str]) -> dict[str, Any]:
    """Return factors as SALib wants them: all from 0 to 1, be they lists, ranges or logarithms."""
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def sobol_sample(names: Sequence[str], n: int, second_order: bool, seed: int) -> Array:
    """Return Saltelli's sample: points by factors."""
    try:
        from SALib.sample import sobol
    except ImportError as error:
        raise missing_library() from error
    points: Array = sobol.sample(salib_problem(names), n, calc_second_order=second_order, seed=seed)
    return points


def morris_sample(names: Sequence[str], trajectories: int, levels: int, seed: int) -> Array:
    """Return Morris' trajectories: points by factors."""
    try:
        from SALib.sample import morris
    except ImportError as error:
        raise missing_library() from error
    points: Array = morris.sample(salib_problem(names), trajectories, num_levels=levels, seed=seed)
    return points


def sobol_indices(names: Sequence[str], values: Array, second_order: bool) -> dict[str, Array]:
    """Return S1, ST (and S2) of the values of a Saltelli sample, each with its 95 % half-width `_conf`."""
    from SALib.analyze import sobol

    options = {"calc_second_order": second_order, "conf_level": 0.95, "seed": SCALE_SEED}
    return dict(sobol.analyze(salib_problem(names), values, **options))


def morris_indices(names: Sequence[str], shares: Array, values: Array, levels: int) -> dict[str, Array]:
    """Return mu, mu_star (with its 95 % half-width) and sigma of the elementary effects."""
    from SALib.analyze import morris

    options = {"num_levels": levels, "conf_level": 0.95, "seed": SCALE_SEED}
    return dict(morris.analyze(salib_problem(names), shares, values, **options))


def missing_library() -> SegsimError:
    """Return the error of a missing library."""
    return SegsimError(
        'sobol and morris designs need SALib: pip install "segsim[sensitivity]"',
        'designerna sobol och morris behöver SALib: pip install "segsim[sensitivity]"',
    )
