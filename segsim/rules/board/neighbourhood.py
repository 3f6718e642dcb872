"""Whom a household of an abstract board counts as its neighbours."""

from typing import Literal, Self

from pydantic import Field, model_validator

from segsim.section import RefusedValueError, Section


class Neighbourhood(Section):
    """Whom a household counts as its neighbours."""

    shape: Literal["moore", "von_neumann", "euclidean", "box", "areas"] = Field(
        "moore",
        description="moore: squares up to `radius` away along rows and columns; von_neumann: up to `radius` "
        "steps; euclidean: within `radius` as the crow flies; box: `height` x `width` squares around the "
        "household; areas: everyone in the same block of the grid. On a line: `radius` places either way.",
    )
    radius: float = Field(1.0, ge=1, le=1000, description="Radius, squares (whole except for euclidean).")
    height: int = Field(3, ge=1, le=2001, description="Rows of the box, odd.")
    width: int = Field(3, ge=1, le=2001, description="Columns of the box, odd.")
    counts_self: Literal["never", "always", "at_home"] = Field(
        "never",
        description="Whether a household counts itself among its neighbours: never; always, at home and at "
        "every square it considers; at_home: it counts whoever lives around now, so itself at home and where "
        "its home is in view.",
    )
    neighbour_weight: float = Field(
        0.0, ge=0, le=1, description="With shape areas: weight of those who live in adjacent areas."
    )

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.shape in ("moore", "von_neumann") and self.radius != int(self.radius):
            raise RefusedValueError(
                f"radius must be whole for shape {self.shape}, found {self.radius:g}",
                f"radius ska vara ett heltal med shape {self.shape}, här står {self.radius:g}",
            )
        if self.shape == "box" and (self.height % 2 == 0 or self.width % 2 == 0):
            raise RefusedValueError(
                f"a box around a household has odd sides, found {self.height} x {self.width}",
                f"en ruta runt ett hushåll har udda sidor, här står {self.height} x {self.width}",
            )
        if self.neighbour_weight and self.shape != "areas":
            raise RefusedValueError(
                "neighbour_weight goes with shape areas only",
                "neighbour_weight hör bara ihop med shape areas",
            )
        return self

    @property
    def reach(self) -> tuple[int, int]:
        """Rows and columns the neighbourhood reaches from its middle; 0, 0 for areas."""
        if self.shape == "areas":
            return 0, 0
        if self.shape == "box":
            return self.height // 2, self.width // 2
        return int(self.radius), int(self.radius)
