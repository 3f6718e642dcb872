"""Where compiled kernels are kept; without numba, so that what starts workers need not load it."""

import atexit
import os
import shutil
import tempfile
import warnings
from functools import cache
from pathlib import Path

from segsim.errors import BilingualError

_KERNELS = Path(__file__).resolve().parent


class UncachedWarning(BilingualError, UserWarning):  # noqa: N818 (a warning, told as errors are)
    """Compiled kernels can be kept nowhere, so that every start compiles them anew."""


def find_cache(beside: Path) -> Path | None:
    """Return the folder for the compiled kernels of some modules; None if there is no place at all.

    That is `NUMBA_CACHE_DIR` if it is set, else beside the modules if one may write there, else in the user's
    cache folder. Where none can be written (a read-only container, a user without a home) a folder is made
    for this process and those it starts, and a warning says so.
    """
    named, user = os.environ.get("NUMBA_CACHE_DIR"), _user_cache()
    if named and _can_write(Path(named)):
        return Path(named)
    if os.access(beside, os.W_OK):
        return beside / "__pycache__"
    if user is not None and _can_write(user):
        return user
    return _temporary_cache()


def share_cache() -> None:
    """Settle where kernels are kept before other processes start, so that they keep theirs in one place."""
    find_cache(_KERNELS)


def _user_cache() -> Path | None:
    """Return the user's cache folder, None of a user without a home."""
    try:
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "segsim"
    except RuntimeError:
        return None


@cache
def _can_write(folder: Path) -> bool:
    """Tell whether a folder is there, or can be made, and can be written to."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


@cache
def _temporary_cache() -> Path | None:
    """Return a folder that is removed when this process ends, known to those it starts; say so once."""
    warning = UncachedWarning(
        f"compiled code can be kept neither in {_KERNELS} nor in the home folder: this command compiles it "
        "anew, which takes minutes; set NUMBA_CACHE_DIR to a folder that can be written",
        f"kompilerad kod kan sparas varken i {_KERNELS} eller i hemmappen: kommandot kompilerar den på nytt, "
        "vilket tar minuter; sätt NUMBA_CACHE_DIR till en mapp som går att skriva till",
    )
    warnings.warn(warning, stacklevel=2)
    try:
        folder = Path(tempfile.mkdtemp(prefix="segsim-kernels-"))
    except OSError:
        return None
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["NUMBA_CACHE_DIR"] = str(folder)
    return folder
