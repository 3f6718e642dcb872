"""The measures and yearly flows, from the catalogue."""

from docs.site.markdown import code, read_opening, table
from segsim.catalogue import CATEGORIES, GROUPINGS, INDICATORS, MEASURES
from segsim.flows import FLOWS

_CATEGORIES = "; ".join(f"{code(name)}: {', '.join(values)}" for name, values in CATEGORIES.items())
HEADS = ("Name", "Unit", "Given for", "By chance", "Definition", "På svenska")


def write_measures() -> str:
    """Return the page in Markdown."""
    measures = [
        (
            code(measure.name),
            measure.unit,
            ", ".join(measure.levels),
            code(measure.chance),
            measure.definition.en,
            measure.definition.sv,
        )
        for measure in MEASURES.values()
    ]
    flows = [(code(flow.name), flow.unit, flow.definition.en, flow.definition.sv) for flow in FLOWS.values()]
    return "\n\n".join(
        [
            read_opening("measures").format(
                groupings=", ".join(map(code, GROUPINGS)),
                categories=_CATEGORIES,
                indicators=", ".join(map(code, INDICATORS)),
            ),
            "## States and indices",
            table(HEADS, measures),
            "## Flows of the year",
            "Each is the measure `flow`, under its name as grouping.",
            table(("Name", "Unit", "Definition", "På svenska"), flows),
            "",
        ]
    )
