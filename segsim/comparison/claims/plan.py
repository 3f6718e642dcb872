"""Which scenarios some claims need: each once, whichever claims share it, all measuring the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from segsim.catalogue import GROUPINGS
from segsim.policies import unique_names
from segsim.scenario import FollowedPlace, MeasureChoice, Scenario, policy_places
from segsim.scenario.experiment.claim import Claim, ClaimTest

ACCOUNTS = ("policy_cost", "policy_reached", "policy_carried_out", "population")
"""Measures every claim needs, to tell what its scenarios cost and whom they reach."""

PROGRAMME_ACCOUNTS = ("programme_purse", "programme_cost", "programme_reached")


@dataclass(frozen=True)
class ClaimPlan:
    """Claims with the scenarios they share.

    Attributes
    ----------
    baseline : Scenario
        The city, measured as the claims ask.
    scenarios : tuple of Scenario
        What is compared with it, each once.
    claims : tuple of Claim
    names : dict
        By claim and the claim's own name of a scenario: the scenario's name in the runs.
    """

    baseline: Scenario
    scenarios: tuple[Scenario, ...]
    claims: tuple[Claim, ...]
    names: dict[tuple[str, str], str]

    def scenario(self, claim: Claim, key: str) -> Scenario:
        """Return the scenario a claim has a name for."""
        name = self.names[claim.name, key]
        return next(scenario for scenario in self.scenarios if scenario.name == name)

    def years_of(self, test: ClaimTest) -> list[int]:
        """Return the years a test is about: those it names that are run, else the last."""
        start, last = self.baseline.start, self.baseline.start + self.baseline.years
        if test.years is None:
            return [last]
        return [year for year in range(start + test.years[0], start + test.years[1] + 1) if year <= last]


def plan_claims(base: Scenario, claims: Sequence[Claim], years: int | None = None) -> ClaimPlan:
    """Return what has to be run for some claims.

    Parameters
    ----------
    base : Scenario
        The city.
    claims : sequence of Claim
        Put to that city.
    years : int, optional
        Simulated years; the default is the longest of the scenarios' own, the city's if there are none.
    """
    alternatives = [(claim.name, key, s) for claim in claims for key, s in claim.alternatives.items()]
    by_content: dict[str, Scenario] = {}
    for _, _, scenario in alternatives:
        by_content.setdefault(scenario.content_hash, scenario)
    names = unique_names([base.name, *(scenario.name for scenario in by_content.values())])[1:]
    named = dict(zip(by_content, names, strict=True))
    of_claim = {(claim, key): named[scenario.content_hash] for claim, key, scenario in alternatives}
    length = max((s.years for *_, s in alternatives), default=base.years) if years is None else years
    measures = choose_measures(base.measures, claims)
    places = find_places(claims, of_claim, base.start)
    same = {"years": length, "measures": measures.model_copy(update={"follow": (*measures.follow, *places)})}
    scenarios = [
        scenario.model_copy(update={**same, "name": named[content]})
        for content, scenario in by_content.items()
    ]
    return ClaimPlan(base.model_copy(update=same), tuple(scenarios), tuple(claims), of_claim)


def choose_measures(choice: MeasureChoice, claims: Sequence[Claim]) -> MeasureChoice:
    """Return a choice with what the tests ask for and no more, so that runs are short."""
    asked = [test.measure.split("/") for claim in claims for test in claim.tests]
    names = dict.fromkeys([*(parts[0] for parts in asked), *ACCOUNTS, *PROGRAMME_ACCOUNTS])
    groupings = [parts[1].split(".")[0] for parts in asked if len(parts) > 1]
    crossings = dict.fromkeys(name for name in groupings if "*" in name)
    kept = (*GROUPINGS, *crossings) if crossings else ()
    return choice.model_copy(update={"names": tuple(names), "groupings": kept, "levels": ()})


def find_places(
    claims: Sequence[Claim], names: dict[tuple[str, str], str], start: int
) -> tuple[FollowedPlace, ...]:
    """Return the places the tests ask for, each called as the scenario whose areas they are."""
    places: dict[str, FollowedPlace] = {}
    for claim in claims:
        for key in dict.fromkeys(test.place for test in claim.tests if test.place):
            first, _ = policy_places(claim.alternatives[key].policies, start)[0]
            name = names[claim.name, key]
            places[name] = first.model_copy(update={"name": name})
    return tuple(places.values())
