"""Characters that nobody sees, and those with which a spreadsheet takes a text for a formula."""

import re

_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Control characters but for tabs and line ends, and marks that turn the direction of what follows."""
_FORMULA = re.compile(r"[=+\-@\t\r]")
"""How a text begins that a spreadsheet reckons out (OWASP, CSV injection)."""
_GUARD = "'"


def find_hidden(text: str) -> str:
    r"""Return the code of the first hidden character in a text, or nothing.

    Examples
    --------
    >>> find_hidden("Norr\u202edliv")
    'U+202E'
    """
    match = _HIDDEN.search(text)
    return f"U+{ord(match.group()):04X}" if match else ""


def drop_hidden(text: str) -> str:
    """Return a text without hidden characters."""
    return _HIDDEN.sub("", text)


def guard_formula(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: with an apostrophe before it if need be.

    Numbers stay as they are.

    Examples
    --------
    >>> guard_formula("=1+1"), guard_formula("-0.5"), guard_formula("Norr")
    ("'=1+1", '-0.5', 'Norr')
    """
    return text if not _FORMULA.match(text) or _is_number(text) else _GUARD + text


def free_formula(text: str) -> str:
    """Return a text as it was before `guard_formula`."""
    return text[1:] if text.startswith(_GUARD) and _FORMULA.match(text[1:]) else text


def _is_number(text: str) -> bool:
    """Tell whether a text is a number, and so no formula."""
    try:
        float(text)
    except ValueError:
        return False
    return True
