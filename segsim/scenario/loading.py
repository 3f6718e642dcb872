"""From the name of a scenario to a Scenario: find the file, read it, lay it over its parent, check it."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from segsim.errors import ScenarioError, did_you_mean, find_nearest, list_names, suggest_word
from segsim.scenario.files.paths import expand_path, is_file, is_folder
from segsim.scenario.merging import (
    check_overrides,
    copy_document,
    exclude_policies,
    merge_documents,
    shift_years,
)
from segsim.scenario.messages import discard_unset, quote_text
from segsim.scenario.names.own_parts import adopt_own_parts, join_parts
from segsim.scenario.reading import UNSET, Document, Origin, parse_document, read_document, show_path
from segsim.scenario.schema import Scenario, validate_scenario
from segsim.scenario.tastes import add_tastes
from segsim.sweden.municipalities import (
    find_county,
    find_municipality,
    list_municipalities,
    match_municipalities,
    simplify_name,
)
from segsim.words.text import Text

SUFFIXES = (".yaml", ".yml")
FACTS_YEAR = 2022
"""A municipality by name begins on 31 December of this year, the day of the facts that come with segsim."""
NEARLY = 0.75
"""How like a municipality's name must be to be suggested; with fewer letters alike there are too many."""


def load_scenario(
    scenario: str | Path, overrides: Mapping[str, Any] | None = None, city: str | Path | None = None
) -> Scenario:
    """Read a scenario.

    Parameters
    ----------
    scenario : str or Path
        A file, the name of one in `scenarios/` of the current directory or among those of segsim, or the
        name or code of a municipality of Sweden, such as landskrona; of several, stockholm,solna; or a
        county, stockholms_lan.
    overrides : mapping of str to value, optional
        Values that take the place of the file's, by their dotted keys, such as
        `{"preferences.housing.own_group": 2.0, "policies.new_construction.dwellings_per_year": 100}`.
        They go into the baseline too, except those of policies.
    city : str or Path, optional
        A city to lay the scenario over, in the place of the one it extends; if that starts in another year,
        the years of the scenario move with it.

    Returns
    -------
    Scenario
        Frozen and checked.

    Raises
    ------
    ScenarioError
        With everything that is wrong at once, each with file, line, key and remedy.
    """
    path = find_scenario(str(scenario), None, "")
    overrides = check_overrides(overrides or {})
    return complete_scenario(read_scenario(path), path, overrides, city)


def load_text(text: str, path: Path) -> Scenario:
    """Return the scenario that a text says, as `load_scenario` would from the file of a path."""
    document = parse_document(text, path)
    adopt_own_parts(document, path.resolve().parent)
    return complete_scenario(document, path, {}, None)


def complete_scenario(
    child: Document, path: Path, overrides: Mapping[str, Any], city: str | Path | None
) -> Scenario:
    """Return the checked scenario of a document laid over the city it extends, or over another one."""
    if child.values.get("extends") in (None, UNSET):
        return build_scenario(child, path, overrides, None)
    parent_path, parent = read_parent(child, path)
    start = parent.values.get("start", FACTS_YEAR)
    if city is not None:
        parent_path, parent = read_city(city)
    baseline = build_scenario(copy_document(parent), parent_path, exclude_policies(overrides), None)
    if isinstance(start, int) and city is not None:
        child.values |= {
            key: shift_years(child.values[key], baseline.start - start)
            for key in ("policies", "programme", "later")
            if key in child.values
        }
    merged = merge_documents(parent, child)
    join_parts(merged, parent)
    return build_scenario(merged, path, overrides, baseline)


def build_scenario(
    document: Document, path: Path, overrides: Mapping[str, Any], parent: Scenario | None
) -> Scenario:
    """Return the checked scenario of a document."""
    if "name" in document.values:
        where = document.origin(("name",))
        raise ScenarioError(
            f'{where}: unknown key "name"; a scenario is named by its file; did you mean "label_en"?',
            f'{where}: okänd nyckel "name"; ett scenario har namn efter sin fil; menades "label_sv"?',
        )
    discard_unset(Scenario, document)
    return validate_scenario(add_tastes(document), path.stem, overrides, parent)


def read_parent(child: Document, path: Path) -> tuple[Path, Document]:
    """Return the file a document extends, and what it says."""
    where = child.origin(("extends",))
    name = child.values["extends"]
    if isinstance(name, int) and not isinstance(name, bool):  # YAML reads the code of a municipality so
        name = child.values["extends"] = f"{name:04d}"
    if not isinstance(name, str) or not name.strip():
        raise ScenarioError(
            f"{where}: extends: must be the name of one scenario, its file, or a municipality",
            f"{where}: extends: ska vara namnet på ett scenario, dess fil, eller en kommun",
        )
    parent_path = find_scenario(name, path.resolve().parent, f"{where}: extends: ")
    if parent_path.resolve() == path.resolve():
        raise ScenarioError(
            f"{where}: extends: a scenario cannot extend itself; name another, or rename this file",
            f"{where}: extends: ett scenario kan inte utgå från sig självt; ange ett annat, eller byt namn "
            "på filen",
        )
    parent = read_extended(parent_path, f"{where}: extends: ")
    grandparent = parent.values.get("extends")
    if isinstance(grandparent, str) and grandparent:
        raise ScenarioError(
            f"{where}: extends: {explain_chain(path, name, parent_path, grandparent)}",
            f"{where}: extends: {explain_chain(path, name, parent_path, grandparent):sv}",
        )
    return parent_path, parent


def read_extended(path: Path, where: str) -> Document:
    """Read what a scenario extends; of a file that cannot be read, say who names it."""
    try:
        return read_scenario(path)
    except ScenarioError as error:
        if not isinstance(error.__cause__, OSError):
            raise
        raise ScenarioError(f"{where}{error}", f"{where}{error:sv}") from error


def read_city(city: str | Path) -> tuple[Path, Document]:
    """Return the file of a city that a scenario is laid over, and what it says."""
    path = find_scenario(str(city), None, "")
    document = read_scenario(path)
    if document.values.get("extends") not in (None, UNSET):
        where = document.origin(("extends",))
        raise ScenarioError(
            f"{where}: extends another city; a scenario is laid over a city as it is",
            f"{where}: utgår från en annan stad; ett scenario läggs över en stad som den är",
        )
    return path, document


def explain_chain(path: Path, name: str, parent_path: Path, grandparent: str) -> Text:
    """Say why a parent that extends something itself is refused."""
    back = any(
        candidate.resolve() == path.resolve()
        for candidate in list_paths(grandparent, parent_path.resolve().parent)
    )
    if back:
        return Text(
            f'"{name}" extends this scenario in turn, a circle; remove one of the two',
            f'"{name}" utgår i sin tur från detta scenario, en cirkel; ta bort en av de två',
        )
    return Text(
        f'"{name}" itself extends "{grandparent}"; a scenario extends one city, never a chain: '
        f'extend "{grandparent}"',
        f'"{name}" utgår själv från "{grandparent}"; ett scenario utgår från en stad, aldrig från en kedja: '
        f'utgå från "{grandparent}"',
    )


def list_folders(beside: Path | None) -> list[Path]:
    """Return the folders in which a name is looked up, in order."""
    package = Path(__file__).resolve().parents[1]
    known = [beside, Path.cwd() / "scenarios", package.parent / "scenarios", package / "scenarios"]
    return [folder for folder in known if folder is not None and folder.is_dir()]


def list_paths(name: str, beside: Path | None) -> Iterator[Path]:
    """Yield where a scenario may be, nearest first."""
    if is_path(name):
        path = expand_path(name, beside or Path())
        yield path
        if path.name:
            yield from (path.with_name(f"{path.name}{suffix}") for suffix in SUFFIXES)
        return
    for folder in list_folders(beside):
        for suffix in SUFFIXES:
            yield folder / f"{name}{suffix}"


def is_path(name: str) -> bool:
    """Tell whether a scenario is named by where its file is."""
    return name.endswith(SUFFIXES) or "/" in name or "\\" in name


def read_scenario(path: Path) -> Document:
    """Read the file of a scenario, or write the document of a municipality or region, which have none."""
    if is_path(str(path)):
        document = read_document(path)
        adopt_own_parts(document, path.resolve().parent)
        return document
    if is_region(path.name):
        return describe_region(path.name)
    return describe_municipality(path.name)


def describe_municipality(name: str) -> Document:
    """Return the scenario of a municipality as it is."""
    municipality = find_municipality(name)
    values = {
        "label_en": municipality.name,
        "label_sv": municipality.name,
        "summary": f"{municipality.name} as it was at the end of 2022: its areas, districts and schools.",
        "summary_sv": f"{municipality.name} vid slutet av 2022: kommunens områden, stadsdelar och skolor.",
        "start": FACTS_YEAR,
        "city": {"municipality": municipality.code},
    }
    return Document(values, {(): Origin(f"{municipality.full_name} ({municipality.code})", 0)})


def is_region(name: str) -> bool:
    """Tell whether a name means several municipalities: with commas between them, or a county."""
    return "," in name or simplify_name(name).endswith("lan")


def describe_region(name: str) -> Document:
    """Return the scenario of several municipalities, or of a county, as they are."""
    if "," in name:
        members = tuple(find_municipality(part) for part in name.split(","))
        label = ", ".join(m.name for m in members)
        source: dict[str, object] = {"municipalities": tuple(m.code for m in members)}
    else:
        county = find_county(name)
        label, source = county.name, {"county": county.code}
    values = {
        "label_en": label,
        "label_sv": label,
        "summary": f"{label} as one region, as it was at the end of 2022.",
        "summary_sv": f"{label} som en region, som den var vid slutet av 2022.",
        "start": FACTS_YEAR,
        "city": source,
    }
    return Document(values, {(): Origin(label, 0)})


def name_region(name: str, where: str) -> Path:
    """Return the bare name of a region, or say what in it is wrong."""
    try:
        if "," not in name:
            return Path(simplify_name(find_county(name).name, "_"))
        return Path(",".join(name_municipality(part, "", {}).name for part in name.split(",")))
    except ScenarioError as error:
        raise ScenarioError(f"{where}{error}", f"{where}{error:sv}") from error


def find_scenario(name: str, beside: Path | None, where: str) -> Path:
    """Return the file of a scenario by path or name, or say where it was looked for and what is near.

    A municipality of Sweden that no file is named after is returned as a bare name or code; so is a region.
    """
    for path in list_paths(name, beside):
        if is_file(path):
            return path
        if is_folder(path):
            raise ScenarioError(
                f"{where}{show_path(path)} is a folder; name a scenario file in it",
                f"{where}{show_path(path)} är en mapp; ange en scenariofil i den",
            )
    known = scenario_files(beside)
    if is_path(name):
        near = suggest_file(name, beside, known)
        raise ScenarioError(
            f"{where}there is no scenario file {quote_text(name)}{near}",
            f"{where}det finns ingen scenariofil {quote_text(name)}{near:sv}",
        )
    if match_municipalities(name):
        return name_municipality(name, where, known)
    if is_region(name) and not find_nearest(name, known, NEARLY):
        return name_region(name, where)
    if name.strip().isdecimal():
        return name_municipality(name, where, known)
    near = did_you_mean(name, known) or suggest_municipality(name)
    names = list_names(sorted(known))
    near = near or Text(f"; known: {names}", f"; det finns {names:sv}")
    raise ScenarioError(
        f"{where}there is no scenario {quote_text(name)}{near}",
        f"{where}det finns inget scenario {quote_text(name)}{near:sv}",
    )


def name_municipality(name: str, where: str, known: Mapping[str, Path]) -> Path:
    """Return the file named after a municipality, else its bare name.

    It is the code if that was asked for, or if the name without marks is another municipality's too.
    """
    try:
        municipality = find_municipality(name)
    except ScenarioError as error:
        raise ScenarioError(f"{where}{error}", f"{where}{error:sv}") from error
    if name.strip().isdigit() or len(match_municipalities(municipality.key)) > 1:
        return Path(municipality.code)
    return known.get(municipality.key, Path(municipality.key))


def suggest_municipality(name: str) -> Text:
    """Return the municipality whose name is very like one that names no scenario."""
    names = {municipality.key: municipality for municipality in list_municipalities()}
    near = find_nearest(simplify_name(name, "_"), names, NEARLY)
    return suggest_word(near) if near else Text("", "")


def suggest_file(name: str, beside: Path | None, known: Iterable[str]) -> Text:
    """Return where a file was looked for, and which file there, or which scenario by name, is meant."""
    path = expand_path(name, beside or Path()).absolute()
    if not is_folder(path.parent):
        folder = quote_text(str(path.parent))
        return Text(f"; there is no folder {folder} either", f"; det finns inte heller någon mapp {folder}")
    files = [file.stem for suffix in SUFFIXES for file in path.parent.glob(f"*{suffix}")]
    near = did_you_mean(path.stem, [path.stem] if path.stem in known else files)
    if len(path.name) > 60:
        return near
    return Text(f" (looked for {path}){near}", f" (sökte {path}){near:sv}")


def scenario_files(beside: Path | None = None) -> dict[str, Path]:
    """Return the scenarios that can be called by name, and their files."""
    files: dict[str, Path] = {}
    for folder in list_folders(beside):
        for suffix in SUFFIXES:
            for path in sorted(folder.glob(f"*{suffix}")):
                files.setdefault(path.stem, path)
    return files
