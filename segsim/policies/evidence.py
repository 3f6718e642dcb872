"""What is known of a policy, how well, and by whom it is said; and who decides it."""

from typing import Literal, NamedTuple

from segsim.words.text import Language, Text

Grade = Literal["strong", "moderate", "weak", "none", "own"]
"""How well something is known; "own" is what a researcher who tries a policy of his or her own claims."""
Decider = Literal["municipality", "region", "state", "landlord", "provider"]


class Evidence(NamedTuple):
    """What is known about the effect of a policy."""

    effect: Text
    grade: Grade
    sources: tuple[str | Text, ...]
    """A source whose name differs between the languages is a Text."""
    near_zero: bool = False
    """Whether what is known so well is that there is next to no effect."""

    def source_names(self, language: Language) -> tuple[str, ...]:
        """Return the sources, authorities by their names in the language."""
        joined = " och " if language == "sv" else " and "
        return tuple(
            source.in_language(language) if isinstance(source, Text) else source.replace(" and ", joined)
            for source in self.sources
        )
