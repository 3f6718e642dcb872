"""Modules of one's own: where their text is, which others they need, and making them again."""

import ast
import hashlib
import linecache
import sys
import sysconfig
import traceback
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from segsim.errors import SegsimError
from segsim.own.slicing import EVERYTHING, list_imports, replace_nodes, slice_module

_PREFIX = "_segsim_own_"
MAIN = "__main__"


def gather_modules(module: str, name: str, text: str, folder: Path | None) -> dict[str, str]:
    """Return what a name of a module needs: the statements of that module and of the own ones it imports.

    Parameters
    ----------
    module, name : str
        The module, by the name it is imported under, and what is wanted of it.
    text : str
        All of the module.
    folder : Path or None
        Where modules of one's own are looked for before the path.
    """
    texts, needed = {module: text}, {module: {name}}
    while True:
        slices = {own: slice_text(own, texts[own], names) for own, names in needed.items()}
        before = {own: set(names) for own, names in needed.items()}
        for own, part in slices.items():
            for imported, names in list_own_imports(own, part, folder):
                if imported not in texts:
                    texts[imported] = read_module(imported, folder)
                needed.setdefault(imported, set()).update(names)
        if needed == before:
            return slices


def slice_text(module: str, text: str, names: Iterable[str]) -> str:
    """Return the statements of a module that some names need."""
    try:
        return slice_module(text, names)
    except SyntaxError as error:
        raise SegsimError(
            f"{module}:{error.lineno}: is not Python: {error.msg}",
            f"{module}:{error.lineno}: är inte Python: {error.msg}",
        ) from error


def list_own_imports(module: str, text: str, folder: Path | None) -> Iterator[tuple[str, set[str]]]:
    """Yield the modules of one's own that a text imports, and the names it takes of each."""
    for node in list_imports(text):
        if isinstance(node, ast.ImportFrom):
            if node.level:
                raise SegsimError(
                    f"{module}:{node.lineno}: imports by a relative name, which is not followed; write the "
                    "name in full",
                    f"{module}:{node.lineno}: importerar med ett relativt namn, som inte följs; skriv hela "
                    "namnet",
                )
            names = {alias.name for alias in node.names}
            inner = {name for name in names if find_module(f"{node.module}.{name}", folder)}
            for name in inner:
                yield f"{node.module}.{name}", {EVERYTHING}
            if names - inner and find_module(str(node.module), folder):
                yield str(node.module), {EVERYTHING} if "*" in names else names - inner
            continue
        for alias in node.names:
            if not find_module(alias.name, folder):
                continue
            if "." in alias.name and alias.asname is None:
                raise SegsimError(
                    f"{module}:{node.lineno}: write `from {alias.name} import` and what is needed of it",
                    f"{module}:{node.lineno}: skriv `from {alias.name} import` och det som behövs ur den",
                )
            yield alias.name, {EVERYTHING}


def find_module(name: str, folder: Path | None) -> Path | None:
    """Return the file of a module of one's own; None for what comes with Python, segsim or a library."""
    if name.split(".")[0] in {*sys.stdlib_module_names, "segsim"}:
        return None
    for place in [*([folder] if folder else []), *map(Path, sys.path)]:
        path = place.joinpath(*name.split("."))
        for file in (path.with_suffix(".py") if path.name else path, path / "__init__.py"):
            if file.is_file():
                return None if is_of_library(file) else file
    return None


def is_of_library(file: Path) -> bool:
    """Tell whether a file belongs to Python or to something installed."""
    standard = Path(sysconfig.get_path("stdlib")).resolve()
    where = file.resolve()
    return bool({"site-packages", "dist-packages"} & set(where.parts)) or standard in where.parents


def read_module(name: str, folder: Path | None) -> str:
    """Return the text of a module of one's own."""
    file = find_module(name, folder)
    if file is None:
        wanted, here = f"{name.replace('.', '/')}.py", f" {folder}" if folder else ""
        raise SegsimError(
            f"there is no {wanted}{here and ' in'}{here}, nor on the path",
            f"det finns ingen {wanted}{here and ' i'}{here}, och inte heller på sökvägen",
        )
    return file.read_text("utf-8")


def digest_modules(modules: Mapping[str, str]) -> str:
    """Return a hash of some modules; line ends do not count."""
    digest = hashlib.sha256()
    for name, text in sorted(modules.items()):
        digest.update(f"{name}\n{text.replace(chr(13), '')}\n".encode())
    return digest.hexdigest()[:32]


def rebuild_module(modules: Mapping[str, str], name: str) -> ModuleType:
    """Return one of some modules made from their texts, the same one each time.

    It goes by a name of its own among Python's modules, so that it is in nobody's way.
    """
    prefix = f"{_PREFIX}{digest_modules(modules)}_"
    return _rebuild(prefix, modules, name, ())


def _rebuild(prefix: str, modules: Mapping[str, str], name: str, above: tuple[str, ...]) -> ModuleType:
    """Make a module, and before it those it imports."""
    known = _rename(prefix, name)
    if known in sys.modules:
        return sys.modules[known]
    if name in above:
        raise SegsimError(
            f"{' and '.join(above)} import one another; put what both need in a third module",
            f"{' och '.join(above)} importerar varandra; lägg det båda behöver i en tredje modul",
        )
    changed = []
    for node in list_imports(modules[name]):
        if new := _redirect(prefix, modules, node):
            changed.append((node, new))
            for other in _list_targets(node):
                if other in modules:
                    _rebuild(prefix, modules, other, (*above, name))
    text = replace_nodes(modules[name], changed) if changed else modules[name]
    return _run(known, name, text)


def _rename(prefix: str, name: str) -> str:
    """Return what a module is called among Python's modules."""
    return prefix + name.replace(".", "_")


def _list_targets(node: ast.Import | ast.ImportFrom) -> list[str]:
    """Return the modules that an import may name."""
    names = [alias.name for alias in node.names]
    if isinstance(node, ast.Import):
        return names
    return [str(node.module), *(f"{node.module}.{name}" for name in names)]


def _redirect(prefix: str, modules: Mapping[str, str], node: ast.Import | ast.ImportFrom) -> str:
    """Return an import of one's own modules written with their names among Python's; "" for any other."""
    if not modules.keys() & set(_list_targets(node)):
        return ""
    above = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
    whole, others = [], []
    for alias in node.names:
        if above + alias.name in modules:
            as_name = alias.asname or alias.name
            whole.append(ast.alias(_rename(prefix, above + alias.name), as_name))
        else:
            others.append(alias)
    lines: list[ast.stmt] = [ast.Import(whole)] if whole else []
    if others and isinstance(node, ast.ImportFrom):
        module = str(node.module)
        lines.append(ast.ImportFrom(_rename(prefix, module) if module in modules else module, others, 0))
    elif others:
        lines.append(ast.Import(others))
    return "; ".join(ast.unparse(line) for line in lines)


def _run(known: str, name: str, text: str) -> ModuleType:
    """Run the text of a module."""
    file = f"<{name} of one's own, {known.removeprefix(_PREFIX)[:8]}>"
    module = ModuleType(known)
    module.__file__ = None
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)  # for tracebacks
    sys.modules[known] = module
    try:
        exec(compile(text, file, "exec"), module.__dict__)
    except Exception as error:  # whatever is wrong in it is its author's to mend
        del sys.modules[known]
        lines = [
            frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file
        ]
        written = linecache.getline(file, lines[-1] or 0).strip() if lines else ""
        at = (f" at `{written}`", f" vid `{written}`") if written else ("", "")
        told = str(error) if isinstance(error, SegsimError) else f"{type(error).__name__}: {error}"
        raise SegsimError(
            f"{name}.py: cannot be run{at[0]}: {told}", f"{name}.py: går inte att köra{at[1]}: {told}"
        ) from error
    return module


def find_text(thing: Any) -> tuple[str, Path | None]:
    """Return the text of the module a class or function was made in, and the folder beside which others lie.

    Raises
    ------
    SegsimError
        If it was typed in where nothing keeps it.
    """
    module = sys.modules.get(thing.__module__)
    cells = getattr(module, "In", None)
    if thing.__module__ == MAIN and isinstance(cells, list):  # a notebook keeps its cells
        return "\n".join(cell for cell in cells if _is_python(cell)), Path.cwd()
    file = getattr(module, "__file__", None)
    if file is None or not Path(file).is_file():
        name = thing.__qualname__
        raise SegsimError(
            f"{name}: its source cannot be read; write it in a file or a notebook",
            f"{name}: källkoden går inte att läsa; skriv den i en fil eller en notebook",
        )
    return Path(file).read_text("utf-8"), Path(file).resolve().parent


def _is_python(text: str) -> bool:
    """Tell whether a cell is Python."""
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True
