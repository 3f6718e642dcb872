"""A text in English and Swedish, for texts that live beside what they describe."""

from typing import Literal, NamedTuple, get_args

Language = Literal["en", "sv"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


class Text(NamedTuple):
    """One text in both languages.

    Attributes
    ----------
    en, sv : str
        The text in English and in Swedish.
    """

    en: str
    sv: str

    def in_language(self, language: Language) -> str:
        """Return the text in a language."""
        return self.sv if language == "sv" else self.en
