"""What comes with segsim and can be called by name: scenarios and claims."""

from docs.site.markdown import code, read_opening, table
from segsim.scenario import load_scenario, scenario_files


def write_shipped() -> str:
    """Return the page in Markdown."""
    rows = []
    for stem, path in sorted(scenario_files().items()):
        scenario = load_scenario(path)
        link = f"[{code(stem)}](../../scenarios/{path.name})"
        rows.append((link, code(scenario.extends), scenario.summary or scenario.label_en))
    return "\n\n".join([read_opening("shipped"), table(("Scenario", "Extends", "What it is"), rows), ""])
