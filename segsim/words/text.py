"""A text in English and Swedish, for texts that live beside what they describe."""

from typing import Literal, NamedTuple, get_args

Language = Literal["en", "sv"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


class Text(NamedTuple):
    """One text in both languages.

    Within another text it is put in either language: `f"{text}"` is English, `f"{text:sv}"` Swedish.

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

    def __format__(self, language: str) -> str:
        """Return the text in English, or in Swedish for "sv"."""
        return self.sv if language == "sv" else self.en

    def __bool__(self) -> bool:
        """Tell whether it says anything."""
        return bool(self.en)
