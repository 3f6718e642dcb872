"""What every section of a scenario is: frozen, documented, refusing unknown keys."""

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A frozen set of named parameters, each with a range, a unit and a source in its description."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        arbitrary_types_allowed=True,
        allow_inf_nan=False,
        validate_default=True,
    )
