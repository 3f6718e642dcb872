"""The texts of a language by key: files per language for reports, for the classroom page and for plans."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from segsim.words.numbers import write_number, write_percent
from segsim.words.text import LANGUAGES, Language

Subject = Literal["report", "classroom", "plan"]
"""What there are texts for."""

TEXT_FILES: dict[Subject, tuple[str, ...]] = {
    "report": ("report", "diagnosis"),
    "classroom": ("classroom", "lessons"),
    "plan": ("report", "diagnosis", "plan"),
}
"""The files that hold the texts of a subject, each in every language."""


@cache
def read_texts(name: str) -> dict[str, Any]:
    """Return the texts of a file by dotted key, such as those of "report_en"."""
    text = (files("segsim.words") / "texts" / f"{name}.toml").read_text("utf-8")
    return dict(_leaves(tomllib.loads(text)))


def _leaves(table: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every text of a table under its dotted key."""
    for key, value in table.items():
        inner = f"{path}.{key}" if path else key
        if isinstance(value, Mapping):
            yield from _leaves(value, inner)
        else:
            yield inner, value


class Words:
    """The texts and numbers of one language.

    Parameters
    ----------
    language : "en" or "sv"
        The language.
    subject : "report", "classroom" or "plan"
        What the texts are for.

    Raises
    ------
    ValueError
        If there are no texts in the language.
    """

    def __init__(self, language: Language = "en", subject: Subject = "report") -> None:
        if language not in LANGUAGES:
            raise ValueError(f'no {subject} in "{language}"; the languages are {", ".join(LANGUAGES)}')
        self.language = language
        self._texts = {
            key: text
            for name in TEXT_FILES[subject]
            for key, text in read_texts(f"{name}_{language}").items()
        }

    def __call__(self, key: str, **values: Any) -> str:
        """Return the text at a dotted key with values put in."""
        text: str = self._texts[key]
        return text.format(**values) if values else text

    def has(self, key: str) -> bool:
        """Tell whether there is a text at a key."""
        return key in self._texts

    def texts(self, key: str) -> list[str]:
        """Return the list of texts at a dotted key."""
        return list(self._texts[key])

    def number(self, value: float, decimals: int | None = None, sign: bool = False) -> str:
        """Return a number as the language writes it; see `write_number`."""
        return write_number(value, decimals, sign=sign, language=self.language)

    def percent(self, share: float) -> str:
        """Return a share in whole percent as the language writes it."""
        return write_percent(share, self.language)

    def count(self, noun: str, n: int) -> str:
        """Return a number of "times", "runs" or "seeds"; one has words of its own."""
        one = {"times": "once", "runs": "one_run", "seeds": "one_seed"}[noun]
        return self(f"word.{one}") if n == 1 else self(f"word.{noun}", n=n)

    def join(self, items: list[str]) -> str:
        """Join items as a sentence does."""
        if len(items) < 2:
            return "".join(items)
        return f"{', '.join(items[:-1])} {self('word.and')} {items[-1]}"
