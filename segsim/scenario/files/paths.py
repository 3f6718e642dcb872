"""Files by the names people write; a name that no system allows is a file that is not there."""

from pathlib import Path


def expand_path(name: str, folder: Path) -> Path:
    """Return the path that a name means, from a folder; `~` is the home of whoever runs this."""
    try:
        return folder / Path(name).expanduser()
    except RuntimeError:  # the home of somebody unknown
        return folder / name


def is_file(path: Path) -> bool:
    """Tell whether a file is there."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def is_folder(path: Path) -> bool:
    """Tell whether a folder is there."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False
