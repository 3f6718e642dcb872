"""The command that lists what there is."""

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated

import typer

from segsim.cli.checking import build_example_city
from segsim.cli.options import Language, note_language
from segsim.cli.showing import console_table, show, show_markdown
from segsim.errors import ScenarioError


class ListTopic(StrEnum):
    """What can be listed."""

    scenarios = "scenarios"
    policies = "policies"
    measures = "measures"
    areas = "areas"
    municipalities = "municipalities"
    schema = "schema"


def list_(
    what: Annotated[ListTopic, typer.Argument(help="What to list.")],
    name: Annotated[
        str,
        typer.Argument(
            help="A scenario, for areas; one of the policies, for all about it; part of a municipality's or "
            "county's name, or of a code."
        ),
    ] = "",
    markdown: Annotated[bool, typer.Option("--markdown", help="All about policies, as Markdown.")] = False,
    language: Annotated[
        Language,
        typer.Option("--language", help="Language of the policies.", callback=note_language, is_eager=True),
    ] = Language.en,
    decided_by: Annotated[
        str, typer.Option("--decided-by", help="Only policies that this body decides, such as municipality.")
    ] = "",
) -> None:
    """List scenarios, policies, measures, municipalities, a scenario's areas, or the schema of files."""
    if what is ListTopic.policies:
        return list_policies(name, markdown, language, decided_by)
    if markdown or decided_by or language != Language.en:
        raise ScenarioError(
            "--markdown, --language and --decided-by go with segsim list policies",
            "--markdown, --language och --decided-by hör till segsim list policies",
        )
    if what is ListTopic.areas:
        return list_areas(name)
    if what is ListTopic.municipalities:
        return list_municipalities(name)
    if name:
        raise ScenarioError(
            f'segsim list {what} lists them all; leave out "{name}"',
            f'segsim list {what} visar alla; utelämna "{name}"',
        )
    of_all: dict[ListTopic, Callable[[], None]] = {
        ListTopic.scenarios: list_scenarios,
        ListTopic.measures: list_measures,
        ListTopic.schema: list_schema,
    }
    of_all[what]()


def list_scenarios() -> None:
    """Print the scenarios that can be called by name."""
    from segsim.scenario import load_scenario, scenario_files

    table = console_table("scenario", "extends", "what it is", spaced=True)
    for stem, path in sorted(scenario_files().items()):
        try:
            scenario = load_scenario(path)
            table.add_row(stem, scenario.extends, scenario.summary or scenario.label_en)
        except ScenarioError as error:
            table.add_row(stem, "", f"[red]broken: {str(error).splitlines()[0]}[/red]")
    show(table)


def list_policies(name: str, markdown: bool, language: Language, decided_by: str = "") -> None:
    """Print all policies or those of one decider, everything about one, or the manual as Markdown."""
    from segsim.errors import did_you_mean
    from segsim.policies import POLICIES
    from segsim.policies.manual import manual_entry, policy_manual
    from segsim.words.words import Words

    words = Words(language.value)
    if name and name not in POLICIES:
        raise ScenarioError(
            f'there is no policy "{name}"; known: {", ".join(POLICIES)}{did_you_mean(name, POLICIES)}',
            f'det finns ingen åtgärd "{name}"; det finns '
            f"{', '.join(POLICIES)}{did_you_mean(name, POLICIES):sv}",
        )
    deciders = sorted({lever.DECIDED_BY for lever in POLICIES.values()})
    if decided_by and (name or decided_by not in deciders):
        if name:
            raise ScenarioError(
                f'leave out "{name}" or --decided-by', f'utelämna "{name}" eller --decided-by'
            )
        near, known = did_you_mean(decided_by, deciders), ", ".join(deciders)
        raise ScenarioError(
            f'no policy is decided by "{decided_by}"; known: {known}{near}',
            f'ingen åtgärd beslutas av "{decided_by}"; det finns {known}{near:sv}',
        )
    levers = {kind: p for kind, p in POLICIES.items() if decided_by in ("", p.DECIDED_BY)}
    text = manual_entry(POLICIES[name], words) if name else policy_manual(words, levers.values())
    if markdown:
        return print(text)
    if name:
        return show_markdown(text)
    heads = ("levers.lever", "brief.decides", "levers.evidence", "compared.mechanism")
    table = console_table(*map(words, heads), spaced=True)
    for kind, lever in levers.items():
        title, mechanism = (text.in_language(words.language) for text in (lever.TITLE, lever.MECHANISM))
        decider, grade = words(f"decider.{lever.DECIDED_BY}"), words(f"evidence.{lever.EVIDENCE.grade}")
        table.add_row(f"{title}\n{kind}", decider, grade, mechanism)
    show(table)
    print("All about one: segsim list policies NAME")


def list_measures() -> None:
    """Print all measures and flows with units, systems of units and definitions in English and Swedish."""
    from segsim.catalogue import MEASURES
    from segsim.flows import FLOWS

    table = console_table("measure", "unit", "given for", "definition", spaced=True)
    for measure in MEASURES.values():
        table.add_row(measure.name, measure.unit, ", ".join(measure.levels), "\n".join(measure.definition))
    for flow in FLOWS.values():
        levels = ", ".join(MEASURES["flow"].levels)
        table.add_row(f"flow {flow.name}", flow.unit, levels, "\n".join(flow.definition))
    show(table)


def list_areas(name: str) -> None:
    """Print the areas and districts of a scenario's city."""
    from segsim.scenario import load_scenario

    if not name:
        raise ScenarioError(
            "areas of which scenario? segsim list areas SCENARIO",
            "områden i vilket scenario? segsim list areas SCENARIO",
        )
    first = build_example_city(load_scenario(name))
    table = console_table("area", "district")
    for area, district in zip(first.area_names, first.tables.areas.district, strict=True):
        table.add_row(area, first.district_names[district])
    show(table)


def list_municipalities(text: str) -> None:
    """Print the municipalities that come with segsim, or those whose name, code or county holds a text."""
    from segsim.sweden.municipalities import search_municipalities

    types = [f"type {kind}, %" for kind in range(1, 6)]
    table = console_table("municipality", "code", "county", "persons", "D", *types)
    for row in search_municipalities(text):
        shares = [f"{100 * share:.0f}" for share in row.types]
        table.add_row(row.name, row.code, row.county, f"{row.persons}", f"{row.D:.2f}", *shares)
    show(table)
    print(
        "31 December 2022. D: dissimilarity of foreign and Swedish background over areas; type: residents in "
        "areas of each official type. Run one: segsim run NAME"
    )


def list_schema() -> None:
    """Print the JSON schema of scenario files."""
    import json

    from segsim.scenario.export.editor_schema import scenario_schema

    print(json.dumps(scenario_schema(), indent=2, ensure_ascii=False))
