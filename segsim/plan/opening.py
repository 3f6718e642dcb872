"""The plan a page opens with: of a municipality, or of a scenario file."""

from pathlib import Path

from segsim.plan.draft import Draft, read_draft
from segsim.plan.session import find_city, refuse_foreign
from segsim.scenario import load_scenario
from segsim.scenario.loading import find_scenario, is_path
from segsim.scenario.reading import read_text


def open_plan(start: str) -> Draft:
    """Return the plan of a scenario file, or an empty one of a municipality.

    Raises
    ------
    ScenarioError
        If there is no such file or municipality, with what is near.
    """
    path = find_scenario(start, None, "")
    if not path.suffix or not load_scenario(start).extends:
        name, scenario = find_city(start)
        return {"extends": name, "label_en": "", "label_sv": "", "years": scenario.years, "policies": []}
    draft = read_draft(read_text(path, start), path)
    refuse_foreign(draft, path)
    if is_path(draft["extends"]):  # it is named from where the file lies
        draft["extends"] = str((path.resolve().parent / Path(draft["extends"]).expanduser()).resolve())
    return draft
