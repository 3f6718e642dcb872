"""What the page asks for, carried out: cities described, plans checked, saved, loaded and run."""

from functools import cache
from pathlib import Path
from typing import Any

from segsim.errors import ResultsError, ScenarioError, SegsimError, escape_breaks, tell_reason
from segsim.plan.city import describe_facts, describe_places
from segsim.plan.desk import CityDesk
from segsim.plan.draft import Draft, check_draft, name_draft, read_draft, write_draft
from segsim.plan.estimates import describe_plan
from segsim.plan.form import list_policy_forms
from segsim.plan.running import PlanJob, Runner
from segsim.scenario import Scenario, load_scenario, scenario_files
from segsim.scenario.loading import SUFFIXES, find_scenario, is_path
from segsim.scenario.reading import MAX_BYTES
from segsim.sweden.municipalities import (
    Municipality,
    list_municipalities,
    match_municipalities,
    search_municipalities,
)
from segsim.words.text import Language
from segsim.words.words import Words, read_texts

MOST_SEEDS, LONGEST_PATH = 200, 4096
Message = dict[str, Any]
"""What the page sends: a JSON object, nothing of which is trusted."""


class MessageError(Exception):
    """A message that no page of ours sends.

    Parameters
    ----------
    kind : str
        What is wrong with it: "broken" or "large".
    """

    def __init__(self, kind: str = "broken") -> None:
        super().__init__(kind)
        self.kind = kind


class Session:
    """One planner's work on this machine.

    Parameters
    ----------
    out : Path
        Folder for scenario files and results.
    draft : dict, optional
        Plan that the page opens with.
    """

    def __init__(self, out: Path, draft: Draft | None = None) -> None:
        self.out, self.draft = out, draft
        self.desk, self.runner = CityDesk(), Runner()
        self._own_files: set[Path] = set()

    def warm(self, language: Language) -> None:
        """Read what every page begins with, so that the first need not wait for it."""
        list_other_cities(language)
        describe_facts(*find_city("1282"), Words(language, "plan"))

    def close(self) -> None:
        """End what is under way."""
        self.runner.cancel()
        self.desk.close()

    # what there is

    def describe_start(self, message: Message, language: Language) -> Message:
        """Return what the page needs to begin: texts, municipalities, policies, and the plan to open."""
        words = Words(language, "plan")
        return {
            "texts": read_texts(f"plan_{language}"),
            "municipalities": [
                {"name": m.name, "code": m.code, "county": m.county, "persons": m.persons}
                for m in list_municipalities()
            ],
            "cities": list_other_cities(language),
            "policies": list_policy_forms(words),
            "draft": self.draft,
            "folder": str(self.out),
            "most_seeds": MOST_SEEDS,
        }

    def describe_city(self, message: Message, language: Language) -> Message:
        """Return what is known at once of the city that a text means; refuse what means none."""
        name, scenario = find_city(take_text(message, "name"))
        return describe_facts(name, scenario, Words(language, "plan"))

    def describe_places(self, message: Message, language: Language) -> Message:
        """Return the places of a city and notes on it once it is made; until then that it is not."""
        _, scenario = find_city(take_text(message, "name"))
        city = self.desk.ask(scenario)
        return (
            {"ready": False}
            if city is None
            else {"ready": True, **describe_places(city, Words(language, "plan"))}
        )

    # the plan

    def check(self, message: Message, language: Language) -> Message:
        """Return what the checker says of a plan, field by field, and what its policies come to."""
        draft = take_draft(message)
        name = name_draft(draft)
        path, words = self.out / f"{name}.yaml", Words(language, "plan")
        checked = check_draft(draft, path, language)
        city = self.desk.ask(checked.scenario) if checked.scenario is not None else None
        if city is not None:
            checked = check_draft(draft, path, language, city.places, city.profile)
        scenario, profile = checked.scenario, city.profile if city is not None else None
        return {
            "name": name,
            "yaml": write_draft(draft),
            "problems": [{"keys": list(keys), "text": text} for keys, text in checked.problems],
            "remarks": checked.remarks,
            "ready": city is not None,
            "plan": describe_plan(scenario, profile, words) if scenario is not None else None,
        }

    def load(self, message: Message, language: Language) -> Message:
        """Return the plan of a scenario file's text, whatever is wrong in it still in it."""
        text, name = take_text(message, "text"), take_text(message, "name")[:100]
        path = self.out / (Path(name.replace("\\", "/")).name or "plan.yaml")
        draft = read_draft(text, path)
        refuse_foreign(draft, path)
        return {"draft": draft}

    def save(self, message: Message, language: Language) -> Message:
        """Write the scenario file of a plan; ask before one takes the place of a file from elsewhere."""
        draft = take_draft(message)
        path = self.out / f"{name_draft(draft)}.yaml"
        text = write_draft(draft)
        if not message.get("replace") and self._is_of_others(path, text):
            return {"exists": str(path)}
        self._write(path, text)
        return {"saved": str(path)}

    def _is_of_others(self, path: Path, text: str) -> bool:
        """Tell whether a file is there that says something else and was not written from this page."""
        if path in self._own_files or not path.exists():
            return False
        try:
            return path.read_text("utf-8") != text
        except (OSError, UnicodeDecodeError):
            return True

    def _write(self, path: Path, text: str) -> None:
        """Write a file whole."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            half = path.with_name(f".{path.name}.part")
            half.write_text(text, "utf-8")
            half.replace(path)
        except OSError as error:
            reason = tell_reason(error)
            raise ResultsError(
                f"{path}: cannot be written ({reason}); start segsim plan with another --out",
                f"{path}: går inte att skriva ({reason:sv}); starta segsim plan med en annan --out",
            ) from error
        self._own_files.add(path)

    # runs

    def run(self, message: Message, language: Language) -> Message:
        """Begin to run a plan beside its city, or a city as it is; its file is written first."""
        seeds = message.get("seeds")
        if isinstance(seeds, bool) or not isinstance(seeds, int) or not 1 <= seeds <= MOST_SEEDS:
            raise MessageError
        if message.get("kind") == "diagnose":
            name, scenario = find_city(take_text(message, "city"))
            folder = self.out / f"{scenario.name}_diagnosis"
            self.runner.start(PlanJob("diagnose", name, seeds, folder, language))
            return self.runner.describe()
        draft = take_draft(message)
        if not draft.get("policies") and "programme" not in draft:
            raise ScenarioError(
                "the plan has no policy yet; add one, so that there is something to compare",
                "planen har ingen åtgärd än; lägg till en, så att det finns något att jämföra",
            )
        saved = self.save(message, language)
        if "exists" in saved:
            return saved
        name = name_draft(draft)
        self.runner.start(PlanJob("compare", saved["saved"], seeds, self.out / name, language))
        return self.runner.describe()

    def describe_progress(self, message: Message, language: Language) -> Message:
        """Return how far the run has come."""
        return self.runner.describe() | {"link": self._link_report()}

    def cancel(self, message: Message, language: Language) -> Message:
        """Call off the run."""
        self.runner.cancel()
        return self.runner.describe()

    def _link_report(self) -> str:
        """Return the address of the report of the latest run on this server, "" if there is none."""
        job = self.runner.job
        return f"/report/{Path(self.runner.report).name}" if self.runner.report and job else ""

    def find_report_file(self, name: str) -> Path | None:
        """Return a file of the report's folder; None of what is not there or lies elsewhere."""
        job = self.runner.job
        if job is None or "\x00" in name:
            return None
        folder = job.folder.resolve()
        path = (folder / name).resolve()
        return path if path.is_relative_to(folder) and path.is_file() else None


@cache
def list_other_cities(language: Language) -> list[Message]:
    """Return the cities that have a scenario file: small ones to try things on, and those that grow."""
    cities = []
    for name in sorted(scenario_files()):
        try:
            scenario = load_scenario(name)
        except SegsimError:
            continue
        if not scenario.extends and scenario.city.grid is None:
            label = (scenario.label_sv if language == "sv" else scenario.label_en) or name
            cities.append({"name": name, "label": label})
    return cities


def find_city(text: str) -> tuple[str, Scenario]:
    """Return what a scenario extends to be of the city that a text means, and that city.

    Raises
    ------
    ScenarioError
        If it means none, with what is near; or if it extends another.
    """
    text = text.strip()
    if not text:
        raise ScenarioError(
            "choose a municipality: write its name or code",
            "välj en kommun: skriv dess namn eller kod",
        )
    matches = match_municipalities(text)
    try:
        path = find_scenario(write_name(matches[0]) if len(matches) == 1 else text, None, "")
    except ScenarioError:
        near = () if len(text) < 3 or is_path(text) else search_municipalities(text)
        if len(near) != 1:
            raise
        path = find_scenario(write_name(near[0]), None, "")
    is_file = path.suffix in SUFFIXES
    scenario = load_scenario(path)
    if scenario.extends or scenario.city.grid is not None:
        raise ScenarioError(
            f"{text} is no city as it is; choose a municipality",
            f"{text} är ingen stad som den är; välj en kommun",
        )
    is_known = is_file and scenario_files().get(path.stem) == path
    return (path.stem if is_known else str(path.resolve() if is_file else path)), scenario


def write_name(municipality: Municipality) -> str:
    """Return the name by which a scenario extends a municipality; its code where the name is shared."""
    is_alone = len(match_municipalities(municipality.key)) == 1
    return municipality.key if is_alone else municipality.code


def refuse_foreign(draft: Draft, path: Path) -> None:
    """Refuse a file that is no plan: a city itself, or one that brings code along."""
    if not isinstance(draft.get("extends"), str):
        raise ScenarioError(
            f"{path.name}: extends no city, so it is a city itself or an experiment; choose a plan's file",
            f"{path.name}: utgår inte från någon stad, och är alltså själv en stad eller ett experiment; "
            "välj filen för en plan",
        )
    if not isinstance(draft.get("policies", []), list):
        raise ScenarioError(
            f"{path.name}: policies must be a list; mend the file in a text editor",
            f"{path.name}: policies ska vara en lista; rätta filen i en textredigerare",
        )


def take_text(message: Message, key: str) -> str:
    """Return a text of a message."""
    text = message.get(key)
    if not isinstance(text, str):
        raise MessageError
    if len(text) > MAX_BYTES:
        raise MessageError("large")
    return escape_breaks(text) if key == "name" else text


def take_draft(message: Message) -> Draft:
    """Return the plan of a message."""
    draft = message.get("draft")
    city = draft.get("extends") if isinstance(draft, dict) else None
    if not isinstance(draft, dict) or not isinstance(city, str) or len(city) > LONGEST_PATH:
        raise MessageError
    return draft
