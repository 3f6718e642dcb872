"""Who may import what: the map of the house, held by reading imports.

Every library has one home, and every layer may import only the layers below it (its own siblings included
where they are one package).
"""

import ast
import re
import sys
import tomllib
from collections import Counter
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / "segsim").rglob("*.py"))

HOMES = {
    "numba": ("kernels",),
    "ruamel": ("scenario/reading.py", "scenario/files/yaml_text.py", "scenario/export/writing.py"),
    "mesa": ("city.py", "views.py", "teach"),
    "matplotlib": ("figures",),
    "typer": ("cli",),
    "rich": ("cli",),
    "jinja2": ("report",),
    "dask": ("runs/execution/cluster.py",),
    "distributed": ("runs/execution/cluster.py",),
    "SALib": ("runs",),
    "nicegui": ("teach",),
    "solara": ("teach",),
    "segregation": ("indices",),
    "pyarrow": ("runs", "comparison", "report", "sweden"),
    "xarray": ("runs/store/folder.py",),
    "openpyxl": ("report", "scenario/files/grids.py"),
    "pxweb": ("synthesis/imports/fetching.py",),
    "pyproj": ("synthesis/maps/projection.py",),
    "shapely": ("synthesis/maps",),
    "pydantic": ("section.py", "rules", "scenario", "policies", "groups.py"),
}
"""Library: the files and packages of segsim that may import it."""

LAYERS = (
    ("__main__",),
    ("cli",),
    ("plan",),
    ("report", "teach"),
    ("figures", "comparison"),
    ("runs",),
    ("city",),
    ("views", "simulation"),
    ("steps", "synthesis", "measures"),
    ("state",),
    ("scenario",),
    ("policies", "indices", "matching"),
    ("kernels",),
    ("rules",),
    ("groups", "own"),
    ("catalogue", "flows"),
    ("tables", "section", "ages", "national", "sweden"),
    ("errors",),
    ("words",),
)
"""Top to bottom; a part imports only what lies below it."""

GENERATORS = ("synthesis",)
"""Parts that may use a NumPy random generator; all other chance is keyed."""


def part_of(path: Path) -> str:
    """Return the part of segsim a file belongs to."""
    return path.relative_to(ROOT / "segsim").parts[0].removesuffix(".py")


def imports(path: Path) -> list[tuple[str, int]]:
    """Return every module a file imports, wherever in the file, and the line."""
    names = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names += [(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: imports are absolute"
            names += [(f"{node.module}.{alias.name}", node.lineno) for alias in node.names]
    return names


def level_of(part: str) -> int:
    """Return how high in the house a part lives; 0 is the top."""
    return next(i for i, layer in enumerate(LAYERS) if part in layer)


def locate(path: Path, line: int, text: str) -> str:
    return f"{path.relative_to(ROOT)}:{line}: {text}"


@pytest.mark.parametrize("library", HOMES)
def test_library__is_imported_in_its_home_only(library: str) -> None:
    homes = [ROOT / "segsim" / home for home in HOMES[library]]
    strays = [
        locate(path, line, f"imports {name}")
        for path in FILES
        for name, line in imports(path)
        if name.split(".")[0] == library and not any(path == home or home in path.parents for home in homes)
    ]
    assert not strays, "\n".join(strays)


def test_layers__import_downwards_only() -> None:
    strays = []
    for path in FILES:
        part = part_of(path)
        if part == "__init__":
            continue
        for name, line in imports(path):
            root, *rest = name.split(".")
            if root != "segsim" or not rest or rest[0] == "__version__":
                continue
            other = rest[0]
            if other != part and level_of(other) <= level_of(part):
                strays.append(locate(path, line, f"{part} imports {other}, which is not below it"))
    assert not strays, "\n".join(strays)


def test_architecture__draws_the_same_layers() -> None:
    drawing = (ROOT / "ARCHITECTURE.md").read_text("utf-8").split("top may import below:")[1]
    block = drawing.strip().split("\n\n")[0]
    drawn = [set(layer.replace(",", " ").split()) for layer in block.split("|")]
    assert drawn == [set(layer) for layer in LAYERS]


def test_every_part__has_its_layer() -> None:
    parts = {part_of(path) for path in FILES} - {"__init__"}
    assert parts <= {part for layer in LAYERS for part in layer}


def test_every_library__is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = [name for extra in project["optional-dependencies"].values() for name in extra]
    declared = {
        name.split(">")[0].split("[")[0].split("<")[0] for name in (*project["dependencies"], *extras)
    }
    known = {name.lower().replace("-", "_") for name in declared} | {"ruamel", "segsim"}
    used = {name.split(".")[0] for path in FILES for name, _ in imports(path)}
    assert {name for name in used - set(sys.stdlib_module_names) if name.lower() not in known} == set()


@pytest.mark.parametrize("extra", [None, "dev", "docs"])
def test_every_dependency__is_pinned(extra: str | None) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = list(project["dependencies"]) + (project["optional-dependencies"][extra] if extra else [])
    pins = (ROOT / "requirements" / f"{extra or 'run'}.txt").read_text("utf-8")
    pinned = {line.split("==")[0] for line in pins.splitlines() if "==" in line and line[0].isalnum()}
    names = {re.split(r"[\[<>=;]", name)[0].strip().lower().replace(".", "-") for name in asked}
    assert names - pinned - {"segsim"} == set(), "run `make pins`"
    assert "://" not in pins


def test_every_package__is_built_into_the_wheel() -> None:
    listed = set(tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"])
    packages = {".".join(path.parent.relative_to(ROOT).parts) for path in FILES}
    assert packages <= listed, packages - listed


def test_printing__in_the_command_line_only() -> None:
    strays = [
        locate(path, node.lineno, "prints")
        for path in FILES
        if part_of(path) != "cli"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert not strays, "\n".join(strays)


def test_generators_of_numpy__in_synthesis_only() -> None:
    strays = []
    for path in FILES:
        if part_of(path) in GENERATORS:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in (
                "default_rng",
                "Generator",
                "RandomState",
                "seed",
            ):
                owner = node.value
                if isinstance(owner, ast.Attribute) and owner.attr == "random":
                    strays.append(locate(path, node.lineno, f"uses np.random.{node.attr}"))
    assert not strays, "\n".join(strays)


def definitions(kind: type[ast.AST] | tuple[type[ast.AST], ...]) -> list[tuple[Path, Any]]:
    """Return every node of a kind in the package, with its file."""
    return [
        (path, node)
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, kind)
    ]


def test_class_names__stand_for_one_thing() -> None:
    counts = Counter(node.name for _, node in definitions(ast.ClassDef))
    assert [name for name, n in counts.items() if n > 1] == []


PARTICIPLE = re.compile(
    r"_?([a-z]+ed|made|told|found|drawn|meant|known|shown|said|laid|kept|lost|held|begun|taken|written|given)(_.*)?"
)
TERMS = re.compile(r"_?(expected_|adjusted|deferred_|normalised_|squared_|rounded_threshold|judged|tipped).*")
"""Names of the field that begin so, such as an expected dissimilarity or deferred acceptance."""


def test_functions__are_not_named_by_a_participle() -> None:
    strays = [
        locate(path, node.lineno, node.name)
        for path, node in definitions((ast.FunctionDef, ast.AsyncFunctionDef))
        if PARTICIPLE.fullmatch(node.name) and not TERMS.fullmatch(node.name)
    ]
    assert not strays, "begin with an imperative verb, or name the thing:\n" + "\n".join(strays)


def test_variables__are_not_called_found() -> None:
    strays = [
        locate(path, node.lineno, node.id)
        for path, node in definitions(ast.Name)
        if node.id == "found" and isinstance(node.ctx, ast.Store)
    ]
    assert not strays, "say what was found:\n" + "\n".join(strays)


def test_folders__hold_a_dozen_files_at_most() -> None:
    counts = Counter(path.parent for path in FILES if path.name != "__init__.py")
    assert [str(folder) for folder, n in counts.items() if n > 12] == []


def test_imports__run_in_no_circle() -> None:
    names = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in FILES
    }
    graph: dict[str, set[str]] = {}
    for path in FILES:
        here = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        targets = [name if name in names else name.rpartition(".")[0] for name, _ in imports(path)]
        graph[here] = {name for name in targets if name in names and name != here}
    list(TopologicalSorter(graph).static_order())  # raises CycleError, which names the circle


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_file__opens_with_what_lives_there_and_fits_in_a_sitting(path: Path) -> None:
    text = path.read_text("utf-8")
    assert ast.get_docstring(ast.parse(text)), "say in one sentence what lives here"
    assert text.count("\n") <= 500, "split the file"
