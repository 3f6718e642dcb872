"""The designs of experiments as their files write them."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator

from segsim.policies import tag_with_kind
from segsim.scenario.experiment.factor import Value
from segsim.section import RefusedValueError, Section


class GridDesign(Section):
    """Every combination of the factors' values."""

    kind: Literal["grid"] = "grid"


class ListedDesign(Section):
    """The points written down one by one."""

    kind: Literal["list"] = "list"
    points: tuple[dict[str, Value], ...] = Field(min_length=1, description="Keys and values of each point.")


class OneFactorAtATime(Section):
    """The scenario as it is, then each value of each factor alone."""

    kind: Literal["one_at_a_time"] = "one_at_a_time"


class LatinHypercube(Section):
    """Points that cover every factor evenly (McKay, Beckman and Conover 1979)."""

    kind: Literal["latin_hypercube"] = "latin_hypercube"
    points: int = Field(ge=2, le=1_000_000, description="Number of points.")
    seed: int = Field(1, ge=0, description="Seed of the design.")


class Sobol(Section):
    """Saltelli's sample for Sobol indices: n (k + 2) points, or n (2 k + 2) with second order."""

    kind: Literal["sobol"] = "sobol"
    n: int = Field(ge=2, le=1_048_576, description="Base sample, a power of 2.")
    second_order: bool = Field(False, description="Estimate interactions of two factors too.")
    seed: int = Field(1, ge=0, description="Seed of the design.")

    @field_validator("n")
    @classmethod
    def _check_power_of_two(cls, n: int) -> int:
        if n & (n - 1):
            raise RefusedValueError(
                f"n {n} is not a power of 2; use {1 << (n.bit_length() - 1)} or {1 << n.bit_length()}",
                f"n {n} är ingen potens av 2; använd {1 << (n.bit_length() - 1)} eller {1 << n.bit_length()}",
            )
        return n


class Morris(Section):
    """Morris' elementary effects: trajectories x (k + 1) points."""

    kind: Literal["morris"] = "morris"
    trajectories: int = Field(ge=2, le=100_000, description="Number of trajectories, 10 to 50 usually.")
    levels: int = Field(4, ge=2, le=100, description="Levels of the grid, an even number.")
    seed: int = Field(1, ge=0, description="Seed of the design.")

    @field_validator("levels")
    @classmethod
    def _check_even(cls, levels: int) -> int:
        if levels % 2:
            raise RefusedValueError(
                f"levels {levels} is odd; an even number makes every level equally likely",
                f"levels {levels} är udda; ett jämnt tal gör alla nivåer lika troliga",
            )
        return levels


class Factorial(Section):
    """Policies switched on and off in all combinations, or in a regular fraction of them."""

    kind: Literal["factorial"] = "factorial"
    resolution: Literal[3, 4, 5] | None = Field(
        None,
        description="Smallest fraction of this resolution: 3 keeps main effects apart from each other, "
        "4 also from interactions of two, 5 also those from each other. Empty runs all combinations.",
    )


def _tag_design(item: Any) -> Any:
    """Turn `grid` and `{sobol: {n: 64}}` into `{kind: ...}`."""
    try:
        return tag_with_kind(item)
    except RefusedValueError as error:
        english = f"{error}".replace("a policy", "a design")
        raise RefusedValueError(english, f"{error:sv}".replace("en åtgärd", "en design")) from error


AnyDesign = Annotated[
    Annotated[
        GridDesign | ListedDesign | OneFactorAtATime | LatinHypercube | Sobol | Morris | Factorial,
        Field(discriminator="kind"),
    ],
    BeforeValidator(_tag_design),
]
