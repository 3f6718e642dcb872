"""Where results come from: the model's own code, the versions beneath it, and the machine of the day."""

import hashlib
import json
import platform
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

SCHEMA = 2
"""Version of the layout of a results folder and of the columns of a run's file."""

_ROOT = Path(__file__).resolve().parents[1]
MODEL_PARTS = (
    "ages.py",
    "catalogue.py",
    "flows.py",
    "groups.py",
    "indices",
    "kernels",
    "measures",
    "national.py",
    "own",
    "policies",
    "rules",
    "section.py",
    "scenario",
    "simulation",
    "state.py",
    "steps",
    "sweden",
    "synthesis",
    "tables.py",
)
"""What can change a result, and therefore makes another version of the model."""

_LIBRARIES = ("segsim", "mesa", "numba", "numpy", "pandas", "pyarrow", "scipy")


def canonical(value: Any) -> str:
    """Return JSON that is the same for equal values: keys sorted, no spaces."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def short_hash(text: str) -> str:
    """Return the first 128 bits of the SHA-256 of a text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@cache
def code_hash() -> str:
    """Return a hash of the source code that can change a result; line ends do not count."""
    digest = hashlib.sha256()
    for path in sorted(file for part in MODEL_PARTS for file in _sources(_ROOT / part)):
        digest.update(path.relative_to(_ROOT).as_posix().encode())
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:16]


def _sources(part: Path) -> list[Path]:
    """Return the Python files of a module or package."""
    return list(part.rglob("*.py")) if part.is_dir() else [part] if part.exists() else []


@cache
def find_commit() -> str:
    """Return the commit the sources are of, with a + if they were changed since; "" if that is not known."""
    git = shutil.which("git")
    if git is None:
        return ""
    in_package = [git, "-C", str(_ROOT)]
    known = subprocess.run([*in_package, "ls-files", "--error-unmatch", "__init__.py"], capture_output=True)
    if known.returncode:  # installed, or in somebody else's repository
        return ""
    head = subprocess.run([*in_package, "rev-parse", "HEAD"], capture_output=True, text=True)
    changed = subprocess.run([*in_package, "status", "--porcelain", "."], capture_output=True, text=True)
    return head.stdout.strip() + ("+" if changed.stdout.strip() else "")


@cache
def versions() -> dict[str, str]:
    """Return the versions of Python and of the libraries that numbers depend on."""
    known = {"python": platform.python_version()}
    for library in _LIBRARIES:
        try:
            known[library] = version(library)
        except PackageNotFoundError:
            known[library] = "unknown"
    return known


def describe_today(**facts: Any) -> dict[str, Any]:
    """Return a record of when, where and how results were made; never part of what is compared."""
    return {
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": platform.node(),
        "system": platform.platform(),
        "command": sys.argv,
        "versions": versions(),
        "code": code_hash(),
        "commit": find_commit(),
        "schema": SCHEMA,
        **facts,
    }
