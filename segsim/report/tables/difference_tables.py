"""What a page says of differences: verdicts on the main measures, tables by theme, places, how sure it is."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from segsim.comparison import Comparison
from segsim.report.context import PageContext
from segsim.report.page import Head, Row, RowGroup, Table
from segsim.report.tables.policy_cards import policy_title
from segsim.report.tables.shown_measures import PLACE_INDICATORS, PLACE_MEASURES, THEMES
from segsim.report.tables.verdicts import Facts, Verdict, verdict, verdict_kind
from segsim.runs.series import Series
from segsim.scenario import Scenario, policy_places
from segsim.words.words import Words

MOST_GAIN = 1e6
"""Pairs that agree to the last digit would give endless gains; above this none is written."""

LEAST_P = 0.001

MOST_EXPLORED = 4
"""Measures beside the main ones that stand in the brief."""


class MeasureVerdict(NamedTuple):
    """A main measure with its verdict."""

    title: str
    over: str
    verdict: Verdict


def primary_verdicts(
    scenario: Scenario, comparison: Comparison, subject: PageContext
) -> list[MeasureVerdict]:
    """Return the main measures of a scenario with their verdicts."""
    table = comparison.judged
    judged = []
    for row in table[table["scenario"] == scenario.name].to_dict("records"):
        about = subject.quantity(row_series(row))
        judged.append(MeasureVerdict(about.title, about.over, verdict(row, about.unit, subject.words)))
    return judged


def exploratory_verdicts(
    scenario: Scenario, comparison: Comparison, subject: PageContext
) -> list[MeasureVerdict]:
    """Return the measures beside the main ones that changed most clearly, in SD of the differences.

    Numbers of dwellings are left out: they are what a policy on housing does, not what comes of it.
    """
    table = comparison.differences
    table = table[(table["scenario"] == scenario.name) & (table["family"] == "exploratory")]
    shown = {series for theme in THEMES.values() for series in theme if series.measure != "dwellings"}
    rows = [row for row in table.to_dict("records") if row_series(row) in shown]
    clear = [row for row in rows if verdict_kind(row) in ("falls", "rises")]
    clear.sort(key=lambda row: abs(row["difference"]) / row["sd"] if row["sd"] > 0 else np.inf, reverse=True)
    judged = []
    for row in clear[:MOST_EXPLORED]:
        about = subject.quantity(row_series(row))
        judged.append(MeasureVerdict(about.title, about.over, verdict(row, about.unit, subject.words)))
    return judged


def row_series(row: Facts) -> Series:
    """Return the quantity a row is about."""
    return Series(row["measure"], row["grouping"], row["level"], row["unit"])


def difference_table(scenario: Scenario, comparison: Comparison, subject: PageContext) -> Table:
    """Return the differences of one scenario at the horizon: the main measures, then themes."""
    words = subject.words
    table = comparison.differences
    table = table[(table["scenario"] == scenario.name) & (table["year"] == comparison.horizon)]
    rows = {row_series(row): row for row in table[table["unit"] == ""].to_dict("records")}
    judged = comparison.judged
    rows |= {row_series(row): row for row in judged[judged["scenario"] == scenario.name].to_dict("records")}
    groups = {words("differences.primary"): list(comparison.primary)}
    for theme, quantities in THEMES.items():
        groups[words(f"theme.{theme}")] = [s for s in quantities if s not in comparison.primary]
    keys = ["baseline", "scenario", "chance", "difference", "interval"]
    heads = [Head(words("differences.measure"), "text"), *(Head(words(f"differences.{key}")) for key in keys)]
    heads.append(Head(words("differences.verdict"), "text"))
    row_groups = [
        RowGroup(title, [difference_row(rows[s], rows, subject) for s in quantities if s in rows])
        for title, quantities in groups.items()
    ]
    return Table(heads, [group for group in row_groups if group.rows])


def difference_row(row: Facts, rows: Mapping[Series, Facts], subject: PageContext) -> Row:
    """Return one row of a table of differences."""
    words, about = subject.words, subject.quantity(row_series(row))
    unit, conclusion = about.unit, verdict(row, about.unit, subject.words)
    chance = rows.get(about.chance) if about.chance else None
    cells = [
        unit.value(words, row["baseline_mean"]),
        unit.value(words, row["scenario_mean"]),
        unit.value(words, chance["baseline_mean"]) if chance else "",
        unit.difference(words, row["difference"]),
        unit.interval(words, row["lower"], row["upper"]),
        f"{conclusion.sign} {conclusion.short}",
    ]
    return Row(about.title, about.over, cells)


def place_table(scenario: Scenario, comparison: Comparison, subject: PageContext) -> Table:
    """Return what happened to the scenario's places, and to the people who lived there at first."""
    words, table = subject.words, comparison.differences
    table = table[(table["scenario"] == scenario.name) & (table["year"] == comparison.horizon)]
    table = table[table["measure"].isin(PLACE_MEASURES) & (table["n"] > 0)]
    own, others = titles_of_places(scenario, subject)
    table = table[~table["unit"].isin(others)]
    rows = {(row["unit"], row["grouping"], row["measure"]): row for row in table.to_dict("records")}
    keys = ["baseline", "scenario", "difference", "interval"]
    heads = [Head(words("differences.measure"), "text"), *(Head(words(f"differences.{key}")) for key in keys)]
    groups = []
    for place in dict.fromkeys(table["unit"]):
        for indicator in PLACE_INDICATORS:
            # what is of no indicator stands above the first
            of = ("", indicator) if indicator == PLACE_INDICATORS[0] else (indicator,)
            lines = [rows[key] for m in PLACE_MEASURES for g in of if (key := (place, g, m)) in rows]
            name = own.get(place, place)
            title = words("places.group", place=name, indicator=words(f"category.{indicator}"))
            groups.append(RowGroup(title, [place_row(row, subject) for row in lines]))
    return Table(heads, [group for group in groups if group.rows])


def titles_of_places(scenario: Scenario, subject: PageContext) -> tuple[dict[str, str], set[str]]:
    """Return what the places of a scenario's policies are called, and which are of other scenarios only."""
    words = subject.words
    policies = [policy for one in subject.scenarios for policy in one.policies]
    own, others = {}, set()
    for place, sharing in policy_places(policies, subject.scenarios[0].start):
        mine = [policy for policy in sharing if policy in scenario.policies]
        if mine:
            own[place.name] = words("places.of_policy", policy=policy_title(mine[0], words))
        else:
            others.add(place.name)
    return own, others


def place_row(row: Facts, subject: PageContext) -> Row:
    """Return one row about a place; its changes are written as differences."""
    words, about = subject.words, subject.quantity(row_series(row))
    write = about.unit.difference if "change" in row["measure"] else about.unit.value
    cells = [write(words, row["baseline_mean"]), write(words, row["scenario_mean"])]
    cells += [
        about.unit.difference(words, row["difference"]),
        about.unit.interval(words, row["lower"], row["upper"]),
    ]
    return Row(about.name, "", cells)


def sure_table(scenario: Scenario, comparison: Comparison, subject: PageContext) -> Table:
    """Return how sure the main measures of a scenario are."""
    words = subject.words
    keys = ["seeds", "sd", "correlation", "reduction", "p", "detectable", "settled"]
    heads = [Head(words("differences.measure"), "text"), *(Head(words(f"sure.{key}")) for key in keys)]
    judged = comparison.judged
    rows = [sure_row(row, subject) for row in judged[judged["scenario"] == scenario.name].to_dict("records")]
    return Table(heads, [RowGroup("", rows)] if rows else [])


def sure_row(row: Facts, subject: PageContext) -> Row:
    """Return one row of how sure a difference is."""
    words, about = subject.words, subject.quantity(row_series(row))
    settled = row["settled"]
    cells = [
        words.number(row["n"], 0),
        about.unit.difference(words, row["sd"], sign=False),
        words.number(row["correlation"], 2),
        gain(row["variance_reduction"], words),
        p_value(row["p_adjusted"], words),
        about.unit.difference(words, row["detectable"], sign=False),
        words("word.unknown") if pd.isna(settled) else words("word.yes" if settled else "word.no"),
    ]
    return Row(about.title, about.over, cells)


def tipping_table(scenario: Scenario, comparison: Comparison, subject: PageContext) -> Table:
    """Return in how many runs the measures that may tip end above their thresholds."""
    words = subject.words
    keys = ["threshold", "baseline", "scenario", "only_baseline", "only_scenario", "p"]
    heads = [Head(words("differences.measure"), "text"), *(Head(words(f"tipping.{key}")) for key in keys)]
    table = comparison.tipped
    lines = table[table["scenario"] == scenario.name].to_dict("records") if len(table) else []
    return Table(heads, [RowGroup("", [tipping_row(line, subject) for line in lines])] if lines else [])


def tipping_row(row: Facts, subject: PageContext) -> Row:
    """Return one row of what may tip; shares of runs stand with their intervals."""
    words, about = subject.words, subject.quantity(row_series(row))
    cells = [about.unit.value(words, row["threshold"])]
    for which in ("baseline", "scenario"):
        share, lower, upper = (100 * row[f"{which}_{part}"] for part in ("share", "lower", "upper"))
        span = words("unit.range", low=words.number(lower, 0), high=words.number(upper, 0))
        cells.append(words("tipping.share", share=words.number(share, 0), interval=span))
    cells += [words.number(row[f"only_{which}"], 0) for which in ("baseline", "scenario")]
    return Row(about.title, about.over, [*cells, p_value(row["p_mcnemar"], words)])


def gain(reduction: float, words: Words) -> str:
    """Return how many times fewer seeds pairing needs; a dash where all seeds agree to the last digit."""
    if not reduction < MOST_GAIN:
        return words.number(float("nan"))
    return words("sure.reduction_value", x=words.number(reduction, 1))


def p_value(p: float, words: Words) -> str:
    """Write a p value; very small ones only as being below a limit."""
    return f"< {words.number(LEAST_P)}" if p < LEAST_P else words.number(p, 3)
