"""What every section of a scenario is: frozen, documented, refusing unknown keys."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0, le=1)]
"""A part of a whole, 0 to 1."""


class Section(BaseModel):
    """A frozen set of named parameters, each with a range, a unit and a source in its description."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        arbitrary_types_allowed=True,
        allow_inf_nan=False,
        validate_default=True,
    )
