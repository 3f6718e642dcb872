"""Parts of a scenario: some of its policies, as a claim asks for them or as one body decides them."""

from collections.abc import Callable, Iterable

from segsim.errors import ScenarioError, did_you_mean, list_names
from segsim.policies import Policy
from segsim.scenario.schema import Scenario
from segsim.words.text import LANGUAGES, Text
from segsim.words.words import Words

UNTOLD = {"summary": "", "summary_sv": "", "rationale": "", "rationale_sv": ""}
"""Texts of a scenario that tell of the whole and not of a part."""


def keep_policies(scenario: Scenario, is_kept: Callable[[Policy], bool]) -> Scenario:
    """Return a scenario with some of its policies, its purse only if it still pays for one of them."""
    kept = tuple(policy for policy in scenario.policies if is_kept(policy))
    if any(policy.programme and policy.knows_cost(policy.model_dump()) for policy in kept):
        return scenario.model_copy(update={"policies": kept})
    unpaid = tuple(policy.model_copy(update={"programme": ""}) for policy in kept)
    return scenario.model_copy(update={"policies": unpaid, "programme": None})


def choose_policies(scenario: Scenario, only: Iterable[str], without: Iterable[str]) -> Scenario:
    """Return a scenario with only some of its policies, by kind or name, or without some.

    Raises
    ------
    ScenarioError
        If it has no such policy.
    """
    only, without = set(only), set(without)
    known = {word for policy in scenario.policies for word in (policy.name, policy.kind)}
    if unknown := sorted((only | without) - known):
        names = [policy.name for policy in scenario.policies]
        raise ScenarioError(
            f'{scenario.name} has no policy "{unknown[0]}"; there is {list_names(names)}'
            f"{did_you_mean(unknown[0], names)}",
            f'{scenario.name} har ingen åtgärd "{unknown[0]}"; det finns '
            f"{list_names(names):sv}{did_you_mean(unknown[0], names):sv}",
        )

    def is_kept(policy: Policy) -> bool:
        words = {policy.name, policy.kind}
        return bool(not only or words & only) and not words & without

    return keep_policies(scenario, is_kept)


def separate_policies(scenario: Scenario) -> list[Scenario]:
    """Return a scenario with each of its policies alone; nothing of one that has a single policy.

    Alone, a policy of a programme has the whole purse, of which it gets no more than it costs.
    """
    if len(scenario.policies) < 2:
        return []
    return [name_alone(choose_policies(scenario, [p.name], []), scenario.name) for p in scenario.policies]


def name_alone(part: Scenario, whole: str) -> Scenario:
    """Return a scenario of one policy under a name of its own: what it is of, and which."""
    policy = part.policies[0]
    named = f" ({policy.name})" if policy.name != policy.kind else ""
    labels = {"label_en": f"{policy.TITLE.en}{named} alone", "label_sv": f"Enbart: {policy.TITLE.sv}{named}"}
    return part.model_copy(update={"name": f"{whole}_{policy.name}", **UNTOLD, **labels})


def keep_decided_by(scenario: Scenario, decider: str) -> Scenario:
    """Return a scenario with the policies that one body can decide within today's law, so named.

    Raises
    ------
    ScenarioError
        If there is none.
    """
    part = keep_policies(scenario, lambda policy: policy.decider == decider and not policy.needs_law)
    if not part.policies:
        law = {True: Text(" (needs a law)", " (kräver en lag)"), False: Text("", "")}
        bodies = sorted({(policy.decider, policy.needs_law) for policy in scenario.policies})
        deciders = list_names(f"{body}{law[needs]}" for body, needs in bodies)
        beslutare = list_names(f"{body}{law[needs]:sv}" for body, needs in bodies)
        raise ScenarioError(
            f'{scenario.name} has no policy that "{decider}" decides within today\'s law; its policies are '
            f"decided by {deciders}",
            f'{scenario.name} har ingen åtgärd som "{decider}" beslutar om inom dagens lag; dess åtgärder '
            f"beslutas av {beslutare:sv}",
        )
    body = {language: Words(language)(f"decider.{decider}") for language in LANGUAGES}
    label_en, label_sv = scenario.label_en or scenario.name, scenario.label_sv or scenario.name
    labels = {
        "label_en": f"{label_en}: only what {body['en']} decides",
        "label_sv": f"{label_sv}: bara det som {body['sv']} beslutar",
    }
    return part.model_copy(update={"name": f"{scenario.name}_{decider}", **UNTOLD, **labels})
