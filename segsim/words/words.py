"""The texts of a language: one catalogue per language, and how numbers are written in it."""

import math
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from segsim.words.text import LANGUAGES, Language

_DECIMAL = {"en": ".", "sv": ","}
_THOUSANDS = {"en": ",", "sv": "\N{NARROW NO-BREAK SPACE}"}
_MINUS = "\N{MINUS SIGN}"
_NO_VALUE = "\N{EN DASH}"


@cache
def catalogue(name: str) -> dict[str, Any]:
    """Return a catalogue of the package, such as "en" or "policies_sv"."""
    return tomllib.loads((files("segsim.words") / "texts" / f"{name}.toml").read_text("utf-8"))


def leaves(table: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every text of a catalogue under its dotted key."""
    for key, value in table.items():
        inner = f"{path}.{key}" if path else key
        if isinstance(value, Mapping):
            yield from leaves(value, inner)
        else:
            yield inner, value


class Words:
    """The texts and numbers of one language.

    Parameters
    ----------
    language : "en" or "sv"
        The language.

    Raises
    ------
    ValueError
        If there is no catalogue for the language.
    """

    def __init__(self, language: Language = "en") -> None:
        if language not in LANGUAGES:
            raise ValueError(f'no report in "{language}"; the languages are {", ".join(LANGUAGES)}')
        self.language = language
        self._texts = dict(leaves(catalogue(language)))

    def __call__(self, key: str, **values: Any) -> str:
        """Return the text at a dotted key with values put in."""
        text: str = self._texts[key]
        return text.format(**values) if values else text

    def has(self, key: str) -> bool:
        """Tell whether there is a text at a key."""
        return key in self._texts

    def several(self, key: str) -> list[str]:
        """Return the list of texts at a dotted key."""
        return list(self._texts[key])

    def number(self, value: float, decimals: int | None = None, sign: bool = False) -> str:
        """Write a number.

        Parameters
        ----------
        value : float
            The number; NaN becomes a dash.
        decimals : int, optional
            Decimals to write; without it as many as the number needs.
        sign : bool
            Whether to write a plus.
        """
        if not math.isfinite(value):
            return _NO_VALUE
        text = f"{abs(value):,.{decimals}f}" if decimals is not None else _shortest(abs(value))
        whole, _, rest = text.partition(".")
        whole = whole.replace(",", _THOUSANDS[self.language])
        shown = whole + (_DECIMAL[self.language] + rest if rest else "")
        is_zero = not any(digit in text for digit in "123456789")
        if value < 0 and not is_zero:
            return _MINUS + shown
        return "+" + shown if sign and not is_zero else shown

    def counted(self, noun: str, n: int) -> str:
        """Return a number of "times", "runs" or "seeds"; one has words of its own."""
        one = {"times": "once", "runs": "one_run", "seeds": "one_seed"}[noun]
        return self(f"word.{one}") if n == 1 else self(f"word.{noun}", n=n)

    def listed(self, items: list[str]) -> str:
        """Join items as a sentence does."""
        if len(items) < 2:
            return "".join(items)
        return f"{', '.join(items[:-1])} {self('word.and')} {items[-1]}"


def _shortest(value: float) -> str:
    """Return a number with thousands and no more decimals than it needs, six at most."""
    text = f"{value:,.6f}".rstrip("0").rstrip(".")
    return text or "0"
