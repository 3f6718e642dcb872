"""The pages of reference, written from what the program itself knows."""

from collections.abc import Callable
from pathlib import Path

from docs.site.command_page import write_commands
from docs.site.measure_page import write_measures
from docs.site.policy_page import write_policies
from docs.site.scenario_page import write_scenario_keys
from docs.site.shipped_page import write_shipped

PAGES: dict[str, Callable[[], str]] = {
    "scenario": write_scenario_keys,
    "policies": write_policies,
    "policies_in_swedish": lambda: write_policies("sv"),
    "measures": write_measures,
    "commands": write_commands,
    "shipped": write_shipped,
}
"""Name of each page, and what writes it in Markdown."""


def write_reference(folder: Path) -> None:
    """Write every page that is not already as it should be, and delete those there are none of any longer."""
    folder.mkdir(exist_ok=True)
    for name, write in PAGES.items():
        page, text = folder / f"{name}.md", write()
        if not page.exists() or page.read_text("utf-8") != text:
            page.write_text(text, "utf-8")
    for page in folder.glob("*.md"):
        if page.stem not in PAGES:
            page.unlink()
