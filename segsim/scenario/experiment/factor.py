"""What a factor of an experiment may be: a list of values or a range, of one key or of several at once."""

import math
from collections.abc import Sequence
from typing import Any, Self

from pydantic import Field, model_validator

from segsim.section import RefusedValueError, Section

Value = Any


class Factor(Section):
    """What one key may be: a list of values, or a range; or a list of what several keys are together.

    A range needs `steps` where a design asks for values (grid, one_at_a_time) and is taken as a continuum by
    latin_hypercube, sobol and morris.
    """

    values: tuple[Value, ...] = Field((), description="The values to try.")
    together: tuple[dict[str, Value], ...] = Field(
        (), description="In place of values: what several keys are at once, key by key, each time."
    )
    rest: str = Field(
        "", description="Key that takes what is left of 1, so that two shares go on to sum to 1."
    )
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
            raise RefusedValueError(
                f"is one value, {value}; write a list such as [0.1, 0.2], or from and to",
                f"är ett enda värde, {value}; skriv en lista såsom [0.1, 0.2], eller from och to",
            )
        return {"values": value} if isinstance(value, tuple | list) else value

    @model_validator(mode="after")
    def _check_values(self) -> Self:
        if self.values and self.together:
            raise RefusedValueError(
                "has both values and together; keep one of them",
                "har både values och together; behåll en av dem",
            )
        if self.together:
            self._check_together()
        if self.choices:
            if self.low is not None or self.high is not None:
                raise RefusedValueError(
                    "has both values and a range; keep one of them",
                    "har både values och ett intervall; behåll en av dem",
                )
            if len({_write_plain(value) for value in self.choices}) < len(self.choices):
                raise RefusedValueError(
                    "names a value twice; remove one", "nämner ett värde två gånger; ta bort det ena"
                )
            self._check_rest(self.values)
            return self
        if self.low is None or self.high is None:
            raise RefusedValueError(
                "is empty; write a list such as [0.1, 0.2], or from and to",
                "är tom; skriv en lista såsom [0.1, 0.2], eller from och to",
            )
        if not self.low < self.high:
            raise RefusedValueError(
                f"the range from {self.low:g} to {self.high:g} is empty; from must be below to",
                f"intervallet från {self.low:g} till {self.high:g} är tomt; from ska vara under to",
            )
        if self.whole and math.ceil(self.low) >= math.floor(self.high):
            raise RefusedValueError(
                f"there are not two whole numbers from {self.low:g} to {self.high:g}",
                f"det finns inte två heltal från {self.low:g} till {self.high:g}",
            )
        if self.log and self.low <= 0:
            raise RefusedValueError(
                f"a logarithmic range must begin above 0, not at {self.low:g}",
                f"ett logaritmiskt intervall ska börja över 0, inte vid {self.low:g}",
            )
        self._check_rest((self.low, self.high))
        return self

    def _check_together(self) -> None:
        """Refuse sets of keys that do not say the same of each."""
        if self.rest:
            raise RefusedValueError(
                "has both together and rest; write the rest into each line of together",
                "har både together och rest; skriv resten på varje rad i together",
            )
        keys = set(self.together[0])
        if not keys:
            raise RefusedValueError(
                "gives no keys; write those that it sets, such as {city.grid.shares.stars: 0.5, ...}",
                "anger inga nycklar; skriv dem som den sätter, såsom {city.grid.shares.stars: 0.5, ...}",
                ("together", 0),
            )
        for i, values in enumerate(self.together):
            if set(values) != keys:
                raise RefusedValueError(
                    f"every line must give the same keys as the first, {', '.join(sorted(keys))}",
                    f"varje rad ska ha samma nycklar som den första, {', '.join(sorted(keys))}",
                    ("together", i),
                )

    def _check_rest(self, values: Sequence[Value]) -> None:
        """Refuse shares that leave no share."""
        for value in values if self.rest else ():
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
                raise RefusedValueError(
                    f"{value} leaves no share for {self.rest}; give shares from 0 to 1",
                    f"{value} lämnar ingen andel till {self.rest}; ange andelar från 0 till 1",
                )

    @property
    def is_range(self) -> bool:
        """Tell whether this is a range and not a list of values."""
        return not self.choices

    @property
    def choices(self) -> tuple[Value, ...]:
        """The values of a list, or the mappings from keys to values of `together`; none of a range."""
        return self.values or self.together

    @property
    def n_levels(self) -> int:
        """Number of values, or of steps in a range; 0 of a range without steps."""
        return len(self.choices) or self.steps or 0

    def list_keys(self, name: str) -> tuple[str, ...]:
        """Return the keys of the scenario that it sets, its own name being one unless it has `together`."""
        if self.together:
            return tuple(self.together[0])
        return (name, self.rest) if self.rest else (name,)

    def set_keys(self, name: str, value: Value) -> dict[str, Value]:
        """Return what each key is at one of its values."""
        if self.together:
            return dict(value)
        return {name: value, self.rest: 1 - value} if self.rest else {name: value}

    def levels(self) -> tuple[Value, ...]:
        """Return the values of a list, or the evenly spaced ones of a range."""
        if not self.is_range:
            return self.choices
        steps = self.steps or 2
        values = [self._between(i / (steps - 1)) for i in range(steps)]
        return tuple(dict.fromkeys([round(value) for value in values] if self.whole else values))

    def at(self, share: float) -> Value:
        """Return the value a share (0 to 1) of the way through.

        A list, and the whole numbers of a range, are cut into equal parts, so that each is as likely.
        """
        if not self.is_range:
            return self.choices[_part(share, len(self.choices))]
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
        return float(self.at(share)) if self.is_range else float(_part(share, len(self.choices)))

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
