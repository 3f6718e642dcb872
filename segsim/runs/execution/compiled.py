"""Whether the kernels are compiled already, so that many workers need not all compile them at once."""

import os
from importlib.metadata import version
from pathlib import Path

from segsim.runs.provenance import short_hash

_KERNELS = Path(__file__).resolve().parents[2] / "kernels"


def is_warm() -> bool:
    """Tell whether a run of the present kernels has finished on this machine."""
    return _stamp().exists()


def note_warm() -> None:
    """Remember that a run has finished; where that cannot be written, it is found out again next time."""
    try:
        _stamp().parent.mkdir(parents=True, exist_ok=True)
        _stamp().touch()
    except OSError:
        return


def _stamp() -> Path:
    """Return the file beside the compiled kernels whose name fits only these sources and versions."""
    sources = [
        (path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in sorted(_KERNELS.rglob("*.py"))
    ]
    folder = Path(os.environ.get("NUMBA_CACHE_DIR") or _KERNELS / "__pycache__")
    return folder / f"warm-{short_hash(repr((sources, version('numba'), version('llvmlite'))))[:16]}"
