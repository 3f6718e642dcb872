"""What can go wrong for a user, each with one clear sentence, and how such a sentence names what is near."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

_BREAKS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""What would break a line, steer a terminal or cannot be written, all but the line feed between messages."""


class SegsimError(Exception):
    r"""Base of every error segsim raises for something its user can mend.

    What the user wrote stands in messages; what would break their lines is told as its code, such as \u2028.
    """

    def __init__(self, text: str) -> None:
        super().__init__(escape_breaks(text))


class ScenarioError(SegsimError):
    """A scenario or experiment file is wrong; the message names file, line, key and remedy."""


class DataError(SegsimError):
    """An input table, boundary file or school file is wrong; the message names file, row and remedy.

    Parameters
    ----------
    text, swedish : str
        The message in English, and in Swedish for those who read that.
    """

    def __init__(self, text: str, swedish: str = "") -> None:
        super().__init__(text)
        self.swedish = escape_breaks(swedish or text)


def escape_breaks(text: str) -> str:
    r"""Return a text with its control characters and line separators, line feeds apart, as codes.

    Examples
    --------
    >>> escape_breaks("a\u2028b")
    'a\\u2028b'
    """
    return _BREAKS.sub(lambda match: repr(match.group())[1:-1], text)


def tell_error(error: SegsimError, language: str) -> str:
    """Return the message of an error in English ("en") or, where it has one, in Swedish ("sv")."""
    return error.swedish if language == "sv" and isinstance(error, DataError) else str(error)


class ResultsError(SegsimError):
    """A results folder cannot be read or written; the message names the file and the remedy."""


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """Return `; did you mean "..."?` with the known word nearest to the one written, or nothing.

    Examples
    --------
    >>> did_you_mean("yaers", ["years", "start"])
    '; did you mean "years"?'
    """
    known = list(known)
    begins = [name for name in known if re.match(rf"{re.escape(str(word))}\b", name, re.IGNORECASE)]
    if begins and str(word).strip():
        more = f" or {len(begins) - 1} more that begin so" if len(begins) > 1 else ""
        return f'; did you mean "{begins[0]}"{more}?'
    near = find_nearest(word, known)
    return f'; did you mean "{near}"?' if near else ""


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


def list_names(names: Iterable[str], most: int = 40) -> str:
    """Write names as a list with commas, cut when it is long."""
    names = list(names)
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
