"""What can be done and who decides: every lever, what it reaches here, and what is known of its effect."""

from collections.abc import Mapping

from segsim.policies import LEVERS, Policy
from segsim.report.page import Head, Row, RowGroup, Table
from segsim.words.words import Words

DECIDERS = ("municipality", "landlord", "provider", "region", "state")
"""Who decides, in the order of the table."""


def lever_table(reach: Mapping[str, float], words: Words) -> Table:
    """Return every lever by who decides on it, with how many it reaches in a city."""
    heads = [
        Head(words("levers.lever"), "text"),
        Head(words("levers.reaches"), "text"),
        Head(words("levers.here")),
        Head(words("levers.evidence"), "text"),
    ]
    groups = []
    for decider in DECIDERS:
        rows = [lever_row(lever, reach, words) for lever in LEVERS if decider == lever.DECIDED_BY]
        if rows:
            groups.append(RowGroup(words("levers.decided_by", decider=words(f"decider.{decider}")), rows))
    return Table(heads, groups)


def lever_row(lever: type[Policy], reach: Mapping[str, float], words: Words) -> Row:
    """Return one lever."""
    what = words(f"levers.of.{lever.REACHES}") if lever.REACHES else words("levers.of.nobody")
    here = reach.get(lever.KIND)
    number = words.number(here, 0) if here is not None else words("levers.as_set") if lever.REACHES else ""
    title = lever.TITLE.in_language(words.language)
    told = lever.MECHANISM.in_language(words.language)
    if lever(**lever.EXAMPLE).needs_law:
        told = f"{told} {words('brief.needs_law')}"
    evidence = lever.EVIDENCE
    grade = words("evidence.near_zero") if evidence.near_zero else words(f"evidence.{evidence.grade}")
    return Row(title, told, [what, number, grade])
