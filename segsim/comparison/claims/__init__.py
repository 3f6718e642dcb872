"""Claims put to a city: their scenarios run once with shared seeds, and each claim answered from the runs."""

from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from pathlib import Path

from segsim.comparison.claims.answers import ClaimAnswer, JudgedTest, answer_claims
from segsim.comparison.claims.plan import ClaimPlan, plan_claims
from segsim.comparison.claims.tables import write_tables
from segsim.errors import ScenarioError
from segsim.runs import Runs, list_seeds, make_runs, plan_scenarios
from segsim.runs.execution.execution import Execution, Kind, Watcher
from segsim.runs.requested import RequestedQuantity, quantity_inspector
from segsim.scenario import Scenario
from segsim.scenario.experiment.claim import Claim
from segsim.scenario.experiment.claim_loading import find_claims, load_city, load_claims

__all__ = ["ClaimAnswer", "ClaimStudy", "JudgedTest", "run_claims"]


class ClaimStudy:
    """Claims, the runs they are judged by, and their answers.

    Attributes
    ----------
    plan : ClaimPlan
        The claims and their scenarios.
    runs : Runs
        The runs on disk.
    answers : tuple of ClaimAnswer
        One per claim, in the order of the plan.
    """

    def __init__(self, plan: ClaimPlan, runs: Runs) -> None:
        self.plan, self.runs = plan, runs
        self.frame = runs.frame()
        self.answers = answer_claims(plan, self.frame, runs.plan.seeds)

    @property
    def baseline(self) -> Scenario:
        """The city as it is."""
        return self.plan.baseline

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims, in their order."""
        return self.plan.claims


def run_claims(
    city: str = "sodertalje",
    claims: Sequence[str] = (),
    seeds: int | Iterable[int] = 20,
    years: int | None = None,
    *,
    executor: Kind | Executor | None = None,
    jobs: int | None = None,
    cluster: str | None = None,
    out: str | Path | None = None,
    progress: Watcher | None = None,
) -> ClaimStudy:
    """Put claims to a city: run every scenario they need once, and answer each.

    Parameters
    ----------
    city : str
        A city by name, code or file, without policies.
    claims : sequence of str
        Claims by name, file or folder; all there are unless given.
    seeds : int or iterable of int
        The seeds, or how many.
    years : int, optional
        Simulated years; the default is the longest of the scenarios' own.
    executor, jobs, cluster, out, progress
        As in `segsim.runs.run`; runs that `out` holds are not made again. It also gets `claims.csv` and
        `claims.json`.

    Raises
    ------
    ScenarioError
        With everything that is wrong in the claim files, or, after the first run, if nothing measures what a
        test names.
    """
    base = load_city(city)
    plan = plan_claims(base, load_claims(find_claims(claims), city), years)
    recipes = [plan.baseline, *plan.scenarios]
    execution = Execution(executor, jobs, cluster, out, progress)
    inspect = quantity_inspector(list_requested(plan))
    runs = make_runs(plan_scenarios(recipes, list_seeds(seeds), None), execution, inspect=inspect)
    study = ClaimStudy(plan, runs)
    if out is not None:
        write_tables(study.answers, runs)
    return study


def list_requested(plan: ClaimPlan) -> list[RequestedQuantity]:
    """Return what the tests will ask the runs for, with the lines that ask; refuse years that are not run."""
    requested = []
    for claim in plan.claims:
        for i, test in enumerate(claim.tests):
            years = plan.years_of(test)
            where = claim.where("tests", i, "measure")
            if not years and test.years is not None:
                raise ScenarioError(
                    f"{claim.where('tests', i, 'years')}: tests[{i}].years: begin {test.years[0]} years "
                    f"after the start, but {plan.baseline.years} are run; give --years",
                    f"{claim.where('tests', i, 'years')}: tests[{i}].years: börjar {test.years[0]} år efter "
                    f"starten, men {plan.baseline.years} år körs; ange --years",
                )
            if not test.place:
                requested.append(RequestedQuantity(test.measure, years[-1], f"{where}: tests[{i}].measure: "))
    return requested
