"""What one key of an experiment may be: a list of values, or a range."""

import math
from typing import Any, Self

from pydantic import Field, model_validator

from segsim.section import Section

Value = Any


class Factor(Section):
    """What one key may be: a list of values, or a range.

    A range needs `steps` where a design asks for values (grid, one_at_a_time) and is taken as a continuum by
    latin_hypercube, sobol and morris.
    """

    values: tuple[Value, ...] = Field((), description="The values to try.")
    low: float | None = Field(None, alias="from", description="Lower end of a range.")
    high: float | None = Field(None, alias="to", description="Upper end of a range.")
    steps: int | None = Field(
        None, ge=2, le=100_000, description="Number of evenly spaced values in a range."
    )
    log: bool = Field(False, description="Space a range evenly in its logarithm.")
    whole: bool = Field(False, description="Round to whole numbers.")

    @model_validator(mode="before")
    @classmethod
    def _read_values(cls, value: Any) -> Any:
        if value is not None and not isinstance(value, tuple | list | dict):
            raise ValueError(f"is one value, {value}; write a list such as [0.1, 0.2], or from and to")
        return {"values": value} if isinstance(value, tuple | list) else value

    @model_validator(mode="after")
    def _check_values(self) -> Self:
        if self.values:
            if self.low is not None or self.high is not None:
                raise ValueError("has both values and a range; keep one of them")
            if len({_write_plain(value) for value in self.values}) < len(self.values):
                raise ValueError("names a value twice; remove one")
            return self
        if self.low is None or self.high is None:
            raise ValueError("is empty; write a list such as [0.1, 0.2], or from and to")
        if not self.low < self.high:
            raise ValueError(f"the range from {self.low:g} to {self.high:g} is empty; from must be below to")
        if self.whole and math.ceil(self.low) >= math.floor(self.high):
            raise ValueError(f"there are not two whole numbers from {self.low:g} to {self.high:g}")
        if self.log and self.low <= 0:
            raise ValueError(f"a logarithmic range must begin above 0, not at {self.low:g}")
        return self

    @property
    def is_range(self) -> bool:
        """Tell whether this is a range and not a list of values."""
        return not self.values

    def levels(self) -> tuple[Value, ...]:
        """Return the values of a list, or the evenly spaced ones of a range."""
        if not self.is_range:
            return self.values
        steps = self.steps or 2
        values = [self._between(i / (steps - 1)) for i in range(steps)]
        return tuple(dict.fromkeys([round(value) for value in values] if self.whole else values))

    def at(self, share: float) -> Value:
        """Return the value a share (0 to 1) of the way through.

        A list, and the whole numbers of a range, are cut into equal parts, so that each is as likely.
        """
        if not self.is_range:
            return self.values[_part(share, len(self.values))]
        if not self.whole:
            return self._between(share)
        low, high = math.ceil(self.low or 0), math.floor(self.high or 0)
        if self.log:
            return min(int(math.exp(math.log(low) + share * math.log((high + 1) / low)) + 1e-9), high)
        return low + _part(share, high - low + 1)

    def falls_on(self, levels: int) -> bool:
        """Tell whether so many evenly spaced levels of a range are all values it can have."""
        if not self.whole:
            return True
        return not self.log and (math.floor(self.high or 0) - math.ceil(self.low or 0)) % (levels - 1) == 0

    def position(self, share: float) -> float:
        """Return a number that orders what `at` returns: the place in a list, or the value in a range."""
        return float(self.at(share)) if self.is_range else float(_part(share, len(self.values)))

    def _between(self, share: float) -> float:
        """Return the point a share of the way through a range, its ends exactly."""
        if share <= 0 or share >= 1:
            return float((self.low if share <= 0 else self.high) or 0)
        low, high = self._ends()
        value = low + share * (high - low)
        return min(max(math.exp(value) if self.log else value, float(self.low or 0)), float(self.high or 0))

    def _ends(self) -> tuple[float, float]:
        """Return both ends, in logarithms if the range is logarithmic."""
        low, high = float(self.low or 0), float(self.high or 0)
        return (math.log(low), math.log(high)) if self.log else (low, high)


def _part(share: float, parts: int) -> int:
    """Return in which of some equal parts a share lies."""
    return min(int(share * parts), parts - 1)


def _write_plain(value: Value) -> str:
    """Write a value so that 1 and 1.0, which are the same to a scenario, look the same."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return repr(float(value)) if is_number else repr(value)
