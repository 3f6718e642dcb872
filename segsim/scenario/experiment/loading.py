"""From the file of an experiment to an Experiment, checked against the scenario it varies."""

from pathlib import Path

from segsim.errors import ScenarioError
from segsim.scenario.experiment.checks import (
    find_design_problems,
    find_key_problems,
    find_size_problems,
    strip_origin,
)
from segsim.scenario.experiment.experiment import Experiment
from segsim.scenario.loading import find_scenario, load_scenario
from segsim.scenario.messages import validate_document
from segsim.scenario.names.own_parts import adopt_policies
from segsim.scenario.reading import Document, Problem, read_document, refuse
from segsim.scenario.schema import Scenario


def load_experiment(path: str | Path) -> Experiment:
    """Read an experiment file and check it against the scenario it varies.

    Parameters
    ----------
    path : str or Path
        A YAML file, usually in `experiments/`.

    Raises
    ------
    ScenarioError
        With everything that is wrong, each with file, line, key and remedy, before anything is run.
    """
    path = Path(path)
    document = read_document(path)
    if "name" in document.values:
        where = document.origin(("name",))
        raise ScenarioError(
            f'{where}: unknown key "name"; an experiment is named by its file',
            f'{where}: okänd nyckel "name"; ett experiment har namn efter sin fil',
        )
    document.values["name"] = path.stem
    parts = list(adopt_policies(document, path.resolve().parent))
    experiment = validate_document(Experiment, document)
    experiment._document = document
    experiment._base = _load_base(experiment, document, path).add_own(parts=parts)
    refuse([*find_design_problems(experiment, document), *find_size_problems(experiment, document)])
    if experiment.years is not None:  # the scenario's own, so that what is run has one hash
        experiment._base = experiment.base.override({"years": experiment.years})
    refuse(list(find_key_problems(experiment, document)))
    return experiment


def _load_base(experiment: Experiment, document: Document, path: Path) -> Scenario:
    """Load the base scenario, looked for beside the experiment too."""
    where = f"{document.origin(('scenario',))}: scenario: "
    base = load_scenario(find_scenario(experiment.scenario, path.resolve().parent, where))
    if experiment.measures:
        cost = ("policy_cost",) if experiment.design.kind == "factorial" else ()
        names = tuple(dict.fromkeys(experiment.measures + cost))
        try:
            base = base.override({"measures.names": names})
        except ScenarioError as error:
            texts = [strip_origin(line) for line in error.lines]
            refuse([Problem(document.origin(("measures",)), text) for text in texts])
    return base
