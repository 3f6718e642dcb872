"""What can go wrong for a user, each with one clear sentence, and how such a sentence names what is near."""

import errno
import re
from collections.abc import Iterable
from difflib import get_close_matches
from numbers import Integral

from segsim.words.text import Text

_BREAKS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""What would break a line, steer a terminal or cannot be written, all but the line feed between messages."""


class BilingualError(Exception):
    r"""An error told in English and in Swedish: `f"{error}"` and `f"{error:sv}"`.

    What the user wrote stands in messages; what would break their lines is told as its code, such as \u2028.

    Parameters
    ----------
    text, swedish : str
        The message in each language, of as many lines.
    """

    def __init__(self, text: str, swedish: str) -> None:
        super().__init__(escape_breaks(text), escape_breaks(swedish))

    def __str__(self) -> str:
        return str(self.args[0])

    def __format__(self, language: str) -> str:
        """Return the message in English, or in Swedish for "sv"."""
        return str(self.args[1 if language == "sv" else 0])

    @property
    def lines(self) -> list[Text]:
        """The message line by line."""
        pairs = zip(f"{self}".splitlines(), f"{self:sv}".splitlines(), strict=True)
        return [Text(*pair) for pair in pairs]


class SegsimError(BilingualError):
    """Base of every error segsim raises for something its user can mend."""


class ScenarioError(SegsimError):
    """A scenario or experiment file is wrong; the message names file, line, key and remedy."""


class DataError(SegsimError):
    """An input table, boundary file or school file is wrong; the message names file, row and remedy."""


class ArgumentError(SegsimError, ValueError):
    """What is asked for cannot be, such as no seed at all; the message says what can."""


class ResultsError(SegsimError):
    """A results folder cannot be read or written; the message names the file and the remedy."""


def check_whole_number(name: str, value: object, least: int, most: int | None = None) -> int:
    """Return a whole number that a caller gives; refuse (ArgumentError) all else, True and 1.5 included.

    Examples
    --------
    >>> check_whole_number("seed", 3, 0)
    3
    """
    if isinstance(value, Integral) and not isinstance(value, bool):
        number = int(value)
        if least <= number and (most is None or number <= most):
            return number
    limits = Text(f"from {least} to {most}", f"från {least} till {most}")
    if most is None:
        limits = Text(f"of at least {least}", f"som är minst {least}")
    raise ArgumentError(
        f"{name} is {value!r}; it must be a whole number {limits}",
        f"{name} är {value!r}; det ska vara ett heltal {limits:sv}",
    )


def escape_breaks(text: str) -> str:
    r"""Return a text with its control characters and line separators, line feeds apart, as codes.

    Examples
    --------
    >>> escape_breaks("a\u2028b")
    'a\\u2028b'
    """
    return _BREAKS.sub(lambda match: repr(match.group())[1:-1], text)


_REASONS = {
    errno.ENOENT: "filen eller mappen finns inte",
    errno.EACCES: "behörighet saknas",
    errno.EPERM: "det är inte tillåtet",
    errno.EISDIR: "är en mapp",
    errno.ENOTDIR: "en del av sökvägen är ingen mapp",
    errno.ENOSPC: "disken är full",
    errno.EROFS: "filsystemet är skrivskyddat",
    errno.ENAMETOOLONG: "namnet är för långt",
    errno.ELOOP: "länkarna går i cirkel",
    errno.EADDRINUSE: "adressen används redan",
    errno.EADDRNOTAVAIL: "adressen finns inte på den här datorn",
}
"""What the system says in English, in Swedish."""


def tell_reason(error: OSError | ValueError) -> Text:
    """Return why the system refuses a file, folder or address, or a library what is in it."""
    if not isinstance(error, OSError):
        return Text(str(error), f'"{error}"')
    text = (error.strerror or str(error)).partition(" (while")[0].lower()
    if error.errno is None:  # from a library, in its own words
        return Text(text, f'"{text}"')
    return Text(text, _REASONS.get(error.errno, f"fel {error.errno} från systemet"))


def did_you_mean(word: object, known: Iterable[str]) -> Text:
    """Return `; did you mean "..."?` with the known word nearest to the one written, or nothing.

    Examples
    --------
    >>> did_you_mean("yaers", ["years", "start"]).en
    '; did you mean "years"?'
    """
    known = list(known)
    begins = [name for name in known if re.match(rf"{re.escape(str(word))}(\b|_)", name, re.IGNORECASE)]
    if begins and str(word).strip():
        n = len(begins) - 1
        more = Text(f" or {n} more that begin so", f" eller {n} till som börjar så") if n else Text("", "")
        return Text(f'; did you mean "{begins[0]}"{more}?', f'; menades "{begins[0]}"{more:sv}?')
    near = find_nearest(word, known)
    return suggest_word(near) if near else Text("", "")


def suggest_word(near: str) -> Text:
    """Return `; did you mean "..."?` with a word."""
    return Text(f'; did you mean "{near}"?', f'; menades "{near}"?')


def find_nearest(word: object, known: Iterable[str], likeness: float = 0.6) -> str | None:
    """Return the known name most like a word, as a whole or in one of its parts, or None.

    Parameters
    ----------
    word : object
        What was written.
    known : iterable of str
        What could have been written.
    likeness : float
        Least likeness of whole names, 0-1. A part must be more like the word, .75, since parts are short.
    """
    known = list(known)
    whole = {name.lower(): name for name in known}
    parts = {part.lower(): name for name in known for part in re.split(r"[^\w]+", name) if len(part) > 3}
    for names, cutoff in ((whole, likeness), (parts, 0.75)):
        if close := get_close_matches(str(word).lower(), names, n=1, cutoff=cutoff):
            return names[close[0]]
    return None


def list_names(names: Iterable[str], most: int = 40) -> Text:
    """Write names as a list with commas, cut when it is long; "none" where there is none."""
    names = list(names)
    if not names:
        return Text("none", "inga")
    n, listed = len(names) - most, ", ".join(names[:most])
    return Text(f"{listed} and {n} more", f"{listed} och {n} till") if n > 0 else Text(listed, listed)
