"""What was mended in the data of a city, kept with the results so that a page can be made again."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from segsim.runs.store.store import explain_kept_file, write_whole
from segsim.scenario import Scenario

if TYPE_CHECKING:
    from segsim.synthesis.notes import Note

NOTES = "notes.json"


def city_notes(scenario: Scenario, folder: Path) -> "tuple[Note, ...]":
    """Return what was mended in the input of a city, or could not be met.

    Parameters
    ----------
    scenario : Scenario
        The city, or a scenario of it.
    folder : Path
        Results folder: read from there if it holds notes, else kept there.
    """
    from segsim.synthesis import collect_notes
    from segsim.synthesis.notes import Note

    path = folder / NOTES
    if path.exists():
        with explain_kept_file(path):
            return tuple(Note(**note) for note in json.loads(path.read_text("utf-8")))
    notes = collect_notes(scenario)
    write_whole(path, json.dumps([asdict(note) for note in notes], ensure_ascii=False, indent=1).encode())
    return notes
