"""A function of one's own as a setting: named in a file, given in Python, or kept as its source."""

from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator

from segsim.errors import SegsimError
from segsim.own import OwnPart, capture_part, find_part
from segsim.own.part import Role
from segsim.section import RefusedValueError


def _read(role: Role, value: Any) -> Any:
    """Return the source of a function, whichever way it is given."""
    if value is None or isinstance(value, OwnPart | dict):
        return value
    if isinstance(value, str) and "." in value:
        folder = getattr(value, "folder", Path())  # a text of a scenario file knows where that is
        return _tell(lambda: find_part(role, value, folder))
    if callable(value):
        return _tell(lambda: capture_part(role, value))
    raise RefusedValueError(
        f"{value!r} is no function; name it by module and function, such as tastes.wish, or give it in "
        "Python",
        f"{value!r} är ingen funktion; nämn den med modul och funktion, såsom tastes.wish, eller ange den i "
        "Python",
    )


def _tell(find: Any) -> Any:
    """Return what is found, or refuse it as a setting."""
    try:
        return find()
    except SegsimError as error:
        raise RefusedValueError(f"{error}", f"{error:sv}") from error


def refuse_lone_function(kind: str, function: OwnPart | None) -> None:
    """Refuse a function without the kind of rule that asks it, and the kind without a function."""
    if (kind == "own") != (function is not None):
        raise RefusedValueError(
            "function and the rule own go together; give both, or neither",
            "function och regeln own hör ihop; ange båda, eller ingen av dem",
        )


OwnUtility = Annotated[OwnPart | None, BeforeValidator(lambda value: _read("utility", value))]
"""A function of like households around, all of them, and the squares (or seats) there are."""

OwnHomeUtility = Annotated[OwnPart | None, BeforeValidator(lambda value: _read("home_utility", value))]
"""A function of a household that seeks a home and of a home, as a `Seeker` and an `Offer`."""

OwnRule = Annotated[OwnPart | None, BeforeValidator(lambda value: _read("rule", value))]
"""A function of the utilities of what is seen, that of staying, and a draw on [0, 1)."""
