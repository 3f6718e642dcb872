"""What every section of a scenario is: frozen, documented, refusing unknown keys."""

from collections.abc import Iterator
from typing import Annotated, Any, get_args

from pydantic import BaseModel, ConfigDict, Field

from segsim.errors import BilingualError

SHARE = "share"
"""Marks the type of a share, which pages write in per cent."""

Share = Annotated[float, Field(ge=0, le=1), SHARE]
"""A part of a whole, from 0 to 1."""


Title = Annotated[str, Field(max_length=200)]
"""What something is called, on one line of a page."""


AreaRows = Annotated[
    tuple[int, ...], Field(description="Rows of the areas it holds in, counted from 0; policies write them.")
]
"""Areas that an amended rule holds in."""


class Section(BaseModel):
    """A frozen set of named parameters, each with a range, a unit and a source in its description."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        arbitrary_types_allowed=True,
        allow_inf_nan=False,
        validate_default=True,
    )

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """Yield what is other than by default, so that a section is shown as it was written."""
        for name, value in super().__repr_args__():
            field = type(self).model_fields.get(name or "")
            if field is None or field.is_required() or value != field.default:
                yield name, value


class RefusedValueError(BilingualError, ValueError):
    """A value that a section refuses.

    Parameters
    ----------
    text, swedish : str
        Why, and what to do.
    keys : tuple of str or int
        Lead to the value from what was checked, if that holds several.
    """

    def __init__(self, text: str, swedish: str, keys: tuple[str | int, ...] = ()) -> None:
        super().__init__(text, swedish)
        self.keys = keys


def setting(en: str, sv: str, default: Any = ..., **limits: Any) -> Any:
    """Declare a parameter whose meaning is given in English and Swedish.

    Parameters
    ----------
    en, sv : str
        What it means, with its unit.
    default : optional
        Its value when none is given; without it one must be given.
    **limits
        Whatever else pydantic's `Field` takes, such as `ge=0`.
    """
    return Field(default, description=en, json_schema_extra={"sv": sv}, **limits)


def holds_share(section: type[Section], name: str) -> bool:
    """Tell whether a parameter of a section is a share, or a list or mapping of shares."""
    field = section.model_fields[name]
    return SHARE in field.metadata or _holds_mark(field.annotation)


def _holds_mark(annotation: Any) -> bool:
    """Tell whether a type is marked as a share somewhere inside."""
    return annotation == SHARE or any(_holds_mark(part) for part in get_args(annotation))
