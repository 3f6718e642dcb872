"""The decorators kernels wear."""

import hashlib
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

from segsim.kernels.cache import find_cache

_PACKAGE = Path(__file__).resolve().parents[1]
_IMPORT = re.compile(r"^from segsim\.([\w.]+) import", re.MULTILINE)

Function = TypeVar("Function", bound=Callable[..., Any])
"""A compiled kernel has the type of the function it was made of, so that its callers are checked."""


def kernel(function: Function) -> Function:
    """Compile without the interpreter lock, and keep the machine code for the next process."""
    return _compile(function)


def lean(function: Function) -> Function:
    """Compile a kernel that makes no arrays, without counting references to those it is given.

    Counting costs more than the work of a kernel that is called for every household of a board.
    """
    return _compile(function, _nrt=False)


def part(function: Function) -> Function:
    """Compile a lean kernel that only other kernels call; without a way in from Python it compiles faster."""
    return _compile(function, _nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True)


def _compile(function: Function, **options: bool) -> Function:
    """Compile and keep a function; what is divided by zero is infinite or NaN, as in NumPy, and never raises.

    numba looks only at the file of a kernel to see whether kept code is stale, not at the kernels it calls.
    So the code is kept in a folder named by the contents of the kernel's module and of every segsim module
    that it imports, directly or not.
    """
    # numba has no types and reads the folder from a setting of the whole process, put back afterwards
    settings, njit = cast(Any, numba.config), cast(Any, numba.njit)
    before, folder = settings.CACHE_DIR, cache_folder(Path(function.__code__.co_filename))
    settings.CACHE_DIR = str(folder or before)
    try:
        keep = folder is not None
        return cast(Function, njit(cache=keep, nogil=True, error_model="numpy", **options)(function))
    finally:
        settings.CACHE_DIR = before


def cache_folder(module: Path) -> Path | None:
    """Return where the compiled kernels of a module are kept; None if there is no place to keep them."""
    root = find_cache(module.parent)
    return root / f"{module.stem}-{fingerprint(module)}" if root else None


@cache
def fingerprint(module: Path) -> str:
    """Return a hash of the contents of a module and of the segsim modules it imports, directly or not."""
    digest = hashlib.sha256()
    for path in sorted(_reachable(module)):  # in one order on every machine
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _reachable(module: Path) -> set[Path]:
    """Return a module and the segsim modules it imports, directly or not."""
    reached, waiting = set(), [module]
    while waiting:
        path = waiting.pop()
        if path in reached or not path.is_file():
            continue
        reached.add(path)
        waiting += [_file_of(name) for name in _IMPORT.findall(path.read_text(encoding="utf-8"))]
    return reached


def _file_of(name: str) -> Path:
    """Return the file of `segsim.<name>`."""
    path = _PACKAGE.joinpath(*name.split("."))
    return path.with_suffix(".py") if path.with_suffix(".py").is_file() else path / "__init__.py"
