"""The words of the page in both languages, and numbers as they are written there."""

from segsim.teach.scenes.settings import Language
from segsim.teach.texts_en import ENGLISH
from segsim.teach.texts_sv import SWEDISH

TEXTS: dict[Language, dict[str, str]] = {"en": ENGLISH, "sv": SWEDISH}
"""Texts by language and key; both languages have the same keys."""


def texts_in(language: Language) -> dict[str, str]:
    """Return the texts of a language."""
    return TEXTS[language]


def number_in(language: Language, value: float, decimals: int) -> str:
    """Return a number as the language writes it."""
    text = f"{value:.{decimals}f}".replace("-", "−")
    return text.replace(".", ",") if language == "sv" else text


def percent_in(language: Language, share: float) -> str:
    """Return a share in percent as the language writes it."""
    return f"{100 * share:.0f}\N{NO-BREAK SPACE}%" if language == "sv" else f"{100 * share:.0f}%"
