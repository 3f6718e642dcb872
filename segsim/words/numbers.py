"""How numbers are written in each language; the only place where they are."""

import math

from segsim.words.text import Language

_DECIMAL = {"en": ".", "sv": ","}
_THOUSANDS = {"en": ",", "sv": "\N{NARROW NO-BREAK SPACE}"}
_PERCENT = {"en": "%", "sv": "\N{NO-BREAK SPACE}%"}
_MINUS = "\N{MINUS SIGN}"
_NO_VALUE = "\N{EN DASH}"


def write_number(
    value: float, decimals: int | None = None, *, sign: bool = False, language: Language = "en"
) -> str:
    """Return a number as a language writes it.

    Parameters
    ----------
    value : float
        The number; NaN becomes a dash.
    decimals : int, optional
        Decimals to write; without it as many as the number needs, six at most.
    sign : bool
        Whether to write a plus.
    language : "en" or "sv"
        The language.
    """
    if not math.isfinite(value):
        return _NO_VALUE
    text = f"{abs(value):,.{decimals}f}" if decimals is not None else _shortest(abs(value))
    whole, _, rest = text.partition(".")
    whole = whole.replace(",", _THOUSANDS[language])
    shown = whole + (_DECIMAL[language] + rest if rest else "")
    is_zero = not any(digit in text for digit in "123456789")
    if value < 0 and not is_zero:
        return _MINUS + shown
    return "+" + shown if sign and not is_zero else shown


def write_percent(share: float, language: Language = "en") -> str:
    """Return a share in whole percent as a language writes it; Swedish puts a space before the sign."""
    return write_number(100 * share, 0, language=language) + _PERCENT[language]


def _shortest(value: float) -> str:
    """Return a number with thousands and no more decimals than it needs, six at most."""
    text = f"{value:,.6f}".rstrip("0").rstrip(".")
    return text or "0"
