"""How far a policy gets in a year: what it costs a unit, money by the year, building up and fading."""

import math
from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator, Field

from segsim.section import RefusedValueError
from segsim.words.text import Text


class UnitCost(NamedTuple):
    """What one of something costs, and who says so; a cost that nobody knows has none of these."""

    ksek: float
    """Thousand SEK, more than 0."""
    per: Text
    """What it buys, such as a participant or a leader's year."""
    year: int
    """The year whose prices it is in."""
    source: str | Text


class Account(NamedTuple):
    """What a policy came to in a year."""

    policy: str
    """Its name in the scenario."""
    cost: float
    """Million SEK spent."""
    reached: float
    carried_out: float
    """Share of it carried out."""


def read_amounts(value: Any) -> Any:
    """Return an amount, or amounts by year, as a scenario file writes them; refuse what is neither."""
    if isinstance(value, Mapping):
        if not value:
            raise RefusedValueError(
                "names no year; write an amount, or `year: amount` lines",
                "nämner inget år; skriv ett belopp, eller rader `år: belopp`",
            )
        return {read_year(year): read_amount(amount) for year, amount in value.items()}
    return value if value is None else read_amount(value)


def read_year(year: Any) -> int:
    """Return the year an amount is for."""
    if not str(year).isdigit() or not 1800 <= int(year) <= 3000:
        raise RefusedValueError(
            f'"{year}" is not a year; amounts by year are lines such as `2026: 1.5`',
            f'"{year}" är inget år; belopp per år är rader såsom `2026: 1.5`',
        )
    return int(year)


def read_amount(amount: Any) -> float:
    """Return an amount of money, which may be nothing but never less."""
    if isinstance(amount, bool) or not isinstance(amount, int | float) or not math.isfinite(amount):
        raise RefusedValueError(
            f"{amount!r} is not an amount in million SEK; write a number, or numbers by year",
            f"{amount!r} är inget belopp i miljoner kronor; skriv ett tal, eller tal per år",
        )
    if amount < 0:
        raise RefusedValueError(
            f"{amount:g} is out of range; an amount of money must be at least 0",
            f"{amount:g} är utanför gränserna; ett penningbelopp ska vara minst 0",
        )
    return float(amount)


Million = Annotated[float, Field(ge=0)]
Amounts = Annotated[Million | dict[int, Million], BeforeValidator(read_amounts)]
"""Million SEK a year: one number for every year, or numbers by year, each valid until the next."""


def amount_in(amounts: float | Mapping[int, float], year: int) -> float:
    """Return the amount of a year: that of the latest year named; nothing before the first.

    Examples
    --------
    >>> [amount_in({2024: 10.0, 2026: 20.0}, year) for year in (2023, 2024, 2025, 2026, 2030)]
    [0.0, 10.0, 10.0, 20.0, 20.0]
    """
    if not isinstance(amounts, Mapping):
        return amounts
    latest = max((named for named in amounts if named <= year), default=None)
    return 0.0 if latest is None else amounts[latest]


def share_built_up(years: int, phase_in: int) -> float:
    """Return the share carried out in the so manieth year, the first being 1, of a build-up in equal steps.

    Examples
    --------
    >>> [share_built_up(year, 4) for year in (1, 2, 4, 9)]
    [0.25, 0.5, 1.0, 1.0]
    """
    return min(1.0, years / max(phase_in, 1))


def share_left(years: int, decay: int) -> float:
    """Return the share of an effect left so many years after its last year; none once `decay` have passed.

    Examples
    --------
    >>> [share_left(years, 3) for years in (1, 2, 3, 4)]
    [0.75, 0.5, 0.25, 0.0]
    """
    return max(0.0, 1 - years / (decay + 1))


def limit_by_money(planned: float, full_cost: float, usable: float) -> float:
    """Return the share that some money can pay, at most what is planned; a cost not known limits nothing."""
    return usable / full_cost if planned * full_cost > usable else planned
