"""Tables written as delimited text; the one place where they are."""

import re
from typing import TYPE_CHECKING, Any

from segsim.words.characters import guard_formula

if TYPE_CHECKING:
    import pandas as pd


def write_csv(
    table: "pd.DataFrame", *, index_label: str | None = None, missing: str = "", digits: int | None = None
) -> bytes:
    """Return a table as the bytes of a CSV file.

    A text that a spreadsheet would take for a formula has an apostrophe before it, which `read_text_table`
    takes away again.

    Parameters
    ----------
    table : DataFrame
    index_label : str, optional
        Heading of the index; without it the index is left out.
    missing : str
        What stands for a missing value.
    digits : int, optional
        Significant digits of numbers; all unless given.
    """
    table = table.reset_index(names=index_label) if index_label else table
    table = table.copy()
    for name in table:
        if table[name].dtype.kind not in "biuf":  # no numbers or truth values
            table[name] = table[name].map(_guard)
    table = table.rename(columns=_guard)
    number_format = f"%.{digits}g" if digits else None
    text: str = table.to_csv(index=False, na_rep=missing, float_format=number_format, lineterminator="\n")
    return text.encode()


def _guard(value: Any) -> Any:
    """Guard a text and put it on one line, since a lone carriage return would end the row; leave all else."""
    return re.sub(r"[\r\n]+", " ", guard_formula(value)) if isinstance(value, str) else value
