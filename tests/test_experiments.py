"""Every example experiment is right, and small enough to be meant."""

from pathlib import Path

import pytest

from segsim.runs.sweeps.designs import plan_points, sample_design
from segsim.scenario.experiment.loading import load_experiment

EXPERIMENTS = sorted((Path(__file__).parents[1] / "experiments").glob("*.yaml"))


@pytest.mark.parametrize("path", EXPERIMENTS, ids=lambda path: path.stem)
def test_example_experiment__loads_and_has_points(path):
    experiment = load_experiment(path)
    if experiment.design.kind in {"sobol", "morris"}:
        pytest.importorskip("SALib")
    found = plan_points(experiment, sample_design(experiment))
    assert experiment.summary
    assert experiment.primary
    assert 2 <= len(found) * experiment.n_seeds <= 5000
