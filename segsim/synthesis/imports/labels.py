"""What stands above or beside a value: labels taken apart where an export joins several in one cell."""

import re
from functools import cache

MEN, WOMEN = ("man", "men"), ("kvinnor", "women")
"""Labels of men and of women, when they stand apart."""
BOTH = ("totalt", "total", "totalt kon", "man och kvinnor", "men and women", "bada konen", "1 2")
"""Labels of men and women together."""
_PIECES = (
    "totalt alder|totalt kon|totalt|total|tot|samtliga aldrar|all ages|bada konen|man och kvinnor|"
    "men and women|man|kvinnor|men|women|1 2|antal personer totalt|antal personer|antal hushall|"
    "antal lagenheter|antal|personer|hushall|lagenheter|folkmangden|folkmangd|befolkning|population|"
    "number of persons|number of households|number of dwellings|number|"
    "nettoinkomst|net income|20 ar och aldre|20 ar"
)
"""Labels in plain letters that say nothing of which column a value is of."""
_NEUTRAL = re.compile(
    rf"{_PIECES}|totalt .*|samtliga.*|alla.*|folkmangd.*|befolkning.*|.*samtliga aldrar|alla inkomstslag"
)


def is_neutral(label: str) -> bool:
    """Tell whether a label says nothing of which column a value is of."""
    return _NEUTRAL.fullmatch(label) is not None


@cache
def split_label(label: str, columns: tuple[str, ...], age: str = "") -> tuple[str, ...]:
    """Return the labels that stand in one cell.

    A comma-separated export writes all headers of a column after each other.

    Parameters
    ----------
    label : str
        In plain letters.
    columns : tuple of str
        Patterns of the labels that are columns.
    age : str
        Pattern of ages that count, or nothing.

    Examples
    --------
    >>> split_label("europa utom sverige man antal", ("sverige", "europa.*"))
    ('europa utom sverige', 'man', 'antal')
    """
    piece = f"(?:{age}|{_PIECES})" if age else f"(?:{_PIECES})"
    words = label.split(" ")
    for size in (*range(1, len(words) + 1), 0):  # few words first: patterns of columns are open at the end
        for start in range(len(words) - size + 1):
            around = " ".join(words[:start]), " ".join(words[start + size :])
            middle = " ".join(words[start : start + size])
            if any(text and not re.fullmatch(rf"{piece}(?: {piece})*", text) for text in around):
                continue
            if not size or any(re.fullmatch(like, middle) for like in columns):
                before, after = (_list_pieces(text, piece) for text in around)
                return (*before, *([middle] if size else []), *after)
    return (label,)


def _list_pieces(text: str, piece: str) -> list[str]:
    """Return the neutral labels that a text is made of."""
    return re.findall(rf"{piece}(?= |$)", text) if text else []
