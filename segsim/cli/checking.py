"""The command that checks scenario files, and says what is to be noted of them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from segsim.cli.options import Language, OwnCode, Scenarios, Set, Tongue, load_recipes
from segsim.errors import DataError, ScenarioError, list_names
from segsim.words.text import Text

if TYPE_CHECKING:
    from segsim.scenario import Scenario
    from segsim.synthesis import InitialCity

_MOST_TOLD = 50
"""Notes on one scenario that are told: an imported city has some fifteen."""


def check(
    scenarios: Scenarios, override: Set = None, language: Tongue = Language.en, own_code: OwnCode = False
) -> None:
    """Check scenario files, everything that is wrong at once, without running them."""
    faults: list[Text] = []
    for name in scenarios:
        try:
            print(check_scenario(name, override, language))
        except (ScenarioError, DataError) as error:
            faults += error.lines
    if faults:
        raise ScenarioError(*("\n".join(texts) for texts in zip(*faults, strict=True)))


def check_scenario(name: str, override: Sequence[str] | None, language: Language = Language.en) -> str:
    """Check one scenario, its areas and measures included, and say what it is and what is to be noted."""
    from segsim.scenario import check_names, list_places, names_places
    from segsim.scenario.policies.remarks import find_remarks
    from segsim.simulation import Simulation
    from segsim.synthesis import collect_notes

    scenario = load_recipes([name], None, override)[0]
    remarks = [note.text(language.value) for note in collect_notes(scenario)]
    if scenario.city.areas or names_places(scenario):
        first = build_example_city(scenario)
        names = first.area_names, first.district_names, first.school_names
        check_names(scenario, list_places(first.tables, *names, first.municipality_codes))
    words = (
        Text("years", "år"),
        Text("extends", "utgår från"),
        Text("fine", "i sin ordning"),
        Text("note", "obs"),
    )
    years, extends, fine, note = (word.in_language(language.value) for word in words)
    about = [f"{scenario.start} + {scenario.years} {years}"]
    if scenario.extends:
        about.insert(0, f"{extends} {scenario.extends}")
    if scenario.policies:
        about.append(format(list_names([policy.name for policy in scenario.policies], 20), language.value))
    findings = find_remarks(scenario, lambda: Simulation(scenario, seed=1).describe())
    remarks += [finding.in_language(language.value) for finding in findings]
    if more := len(remarks[_MOST_TOLD:]):
        last = Text(f"and {more} more; see to these first", f"och {more} till; se till dessa först")
        remarks[_MOST_TOLD:] = [last.in_language(language.value)]
    return f"\n  {note}: ".join([f"{scenario.origin(()).file}: {fine} ({', '.join(about)})", *remarks])


def build_example_city(scenario: "Scenario") -> "InitialCity":
    """Return the first city of a scenario, which reads its data files and names its areas."""
    from segsim.synthesis import build_initial_city

    return build_initial_city(scenario, seed=1)
