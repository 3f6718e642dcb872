"""What is allowed in a scenario and yet to be noted: out of time, twice, or without building."""

from collections.abc import Callable, Iterator
from itertools import combinations

from segsim.policies.housing.named_plans import NamedPlans
from segsim.policies.housing.new_construction import NewConstruction
from segsim.policies.housing.tenure_in_detailed_plans import TenureInDetailedPlans
from segsim.policies.profile import CityProfile
from segsim.scenario.schema import Scenario
from segsim.words.text import Text


def find_remarks(scenario: Scenario, describe: Callable[[], CityProfile]) -> Iterator[Text]:
    """Say all that is to be noted of a scenario.

    Parameters
    ----------
    scenario : Scenario
    describe : callable
        Returns the city as it is at the start; called only if a policy has conditions.
    """
    yield from find_policies_out_of_time(scenario)
    yield from find_idle_changes(scenario)
    yield from find_overlapping_policies(scenario)
    yield from find_policies_without_areas(scenario, describe)
    yield from find_idle_building(scenario)
    yield from find_building_remarks(scenario)


def find_policies_out_of_time(scenario: Scenario) -> Iterator[Text]:
    """Say which policies begin before or after the years that are simulated."""
    first, last = scenario.start + 1, scenario.start + scenario.years
    for policy in scenario.policies:
        if policy.since is not None and policy.since > last:
            yield Text(
                f"{policy.name} begins in {policy.since}, after the last year, {last}; it does nothing",
                f"{policy.name} börjar {policy.since}, efter det sista året, {last}; den gör ingenting",
            )
        elif policy.since is not None and policy.since < first:
            yield Text(
                f"{policy.name} is from {policy.since}; the first simulated year is {first}",
                f"{policy.name} gäller från {policy.since}; det första simulerade året är {first}",
            )
        if policy.until is not None and policy.until < first:
            yield Text(
                f"{policy.name} ends in {policy.until}, before the first simulated year, {first}",
                f"{policy.name} slutar {policy.until}, före det första simulerade året, {first}",
            )


def find_idle_changes(scenario: Scenario) -> Iterator[Text]:
    """Say which changes under `later` are empty or too late, and whether the years have no steps."""
    last = scenario.start + scenario.years
    for i, later in enumerate(scenario.later):
        if later.since > last:
            yield Text(
                f"later[{i}] is from {later.since}, after the last year, {last}; it does nothing",
                f"later[{i}] gäller från {later.since}, efter det sista året, {last}; det gör ingenting",
            )
        if not later.list_overrides():
            yield Text(
                f"later[{i}] has neither rules nor preferences; it changes nothing",
                f"later[{i}] har varken rules eller preferences; det ändrar ingenting",
            )
    if scenario.years and not scenario.steps:
        yield Text(
            "steps is empty: nothing happens in the years; leave the key out for all steps",
            "steps är tom: ingenting händer under åren; utelämna nyckeln för alla steg",
        )


def find_overlapping_policies(scenario: Scenario) -> Iterator[Text]:
    """Say which policies stand twice, or more often, for years and areas they may share."""
    for kind in dict.fromkeys(policy.kind for policy in scenario.policies):
        alike = [policy for policy in scenario.policies if policy.kind == kind]
        if any(one.overlaps(other) for one, other in combinations(alike, 2)):
            yield Text(
                f"{kind} stands {len(alike)} times, some in the same years; where several act, the order "
                "written counts",
                f"{kind} står {len(alike)} gånger, delvis för samma år; där flera verkar gäller ordningen de "
                "skrivits i",
            )


def find_policies_without_areas(scenario: Scenario, describe: Callable[[], CityProfile]) -> Iterator[Text]:
    """Say which policies have conditions that no area of the city meets at the start."""
    conditional = [policy for policy in scenario.policies if not policy.areas.all]
    if not conditional:
        return
    profile = describe()
    for policy in conditional:
        if not policy.areas.rows(profile).size:
            yield Text(
                f"{policy.name} reaches nobody: no area meets its conditions at the start",
                f"{policy.name} når ingen: inget område uppfyller dess villkor vid starten",
            )


def find_idle_building(scenario: Scenario) -> Iterator[Text]:
    """Say where nothing is built though people follow homes, or homes are to follow people."""
    if scenario.city.grid is not None or scenario.policies:
        return
    demography, share = scenario.preferences.demography, scenario.rules.housing.construction.share_of_stock
    if demography.population_follows == "housing" and not share:
        yield Text(
            "the population follows housing and building follows households, so that both stay as they are; "
            "set rules.housing.construction.share_of_stock, or add a policy that builds",
            "befolkningen följer bostäderna och byggandet följer hushållen, så att båda förblir som de är; "
            "ange rules.housing.construction.share_of_stock, eller lägg till en åtgärd som bygger",
        )
    elif share == 0 and (demography.growth > 0 or demography.population_follows in ("forecast", "migration")):
        yield Text(
            "rules.housing.construction.share_of_stock is 0 and no policy builds, while the population "
            "changes; those who find no home lodge with others",
            "rules.housing.construction.share_of_stock är 0 och ingen åtgärd bygger, medan befolkningen "
            "ändras; de som inte finner en bostad blir inneboende",
        )


def find_building_remarks(scenario: Scenario) -> Iterator[Text]:
    """Say which policies need ordinary building where there is none, and which build homes nobody fills."""
    if scenario.city.grid is not None:
        return
    demography, share = scenario.preferences.demography, scenario.rules.housing.construction.share_of_stock
    is_held = demography.population_follows == "start" and not demography.growth
    builds_nothing = share == 0 or (share is None and is_held)
    for policy in scenario.policies:
        own_name = "" if policy.name == policy.kind else f" ({policy.name})"
        title = Text(f"{policy.TITLE.en}{own_name}", f"{policy.TITLE.sv}{own_name}")
        is_replacing = isinstance(policy, NewConstruction) and policy.replaces_ordinary
        is_plan = isinstance(policy, TenureInDetailedPlans) and not policy.min_dwellings_per_year
        if builds_nothing and (is_plan or is_replacing):
            yield Text(
                f"{title.en}: the ordinary new dwellings it acts on are not built here; extend a city "
                "that grows, as growing_sodertalje does: rules.housing.construction.share_of_stock, and "
                "preferences.demography.population_follows: housing",
                f"{title.sv}: de vanliga nya bostäder som åtgärden verkar på byggs inte här; utgå från en "
                "kommun som växer, så som growing_sodertalje gör: rules.housing.construction.share_of_stock, "
                "och preferences.demography.population_follows: housing",
            )
        elif is_held and (policy.ADDS == "housing.extra_construction" or isinstance(policy, NamedPlans)):
            yield Text(
                f"{title.en}: the population is held, so that what it builds empties other homes and moves "
                "the whole market; for homes that bring newcomers set "
                "preferences.demography.population_follows: housing in the city",
                f"{title.sv}: befolkningen hålls, så att det som byggs tömmer andra hem och rubbar hela "
                "bostadsmarknaden; ange preferences.demography.population_follows: housing i kommunens fil "
                "för hem som drar till sig inflyttade",
            )
