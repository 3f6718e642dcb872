"""The codes of Sweden's areas (DeSO), districts (RegSO) and municipalities, as they stand in tables."""

import re
from typing import NamedTuple

_CODE = re.compile(
    r"(?<![^\W_])(?P<municipality>\d{2,4})(?P<rest>[ABC]\d{4}|R\d{3})"
    r"(?:[ _-]?(?:DeSO|RegSO)[ _-]?(?P<year>\d{4}))?(?!\w)",
    re.IGNORECASE | re.ASCII,
)
NEW_SINCE = 2024
"""The first year of Statistics Sweden's tables whose areas are those of 2025."""


class AreaCode(NamedTuple):
    """The code of an area or district.

    `year` is that of the division, 2018 or 2020 against 2025, or 0 where the code does not say.
    """

    code: str
    year: int

    @property
    def municipality(self) -> str:
        """Code of the municipality."""
        return self.code[:4]

    @property
    def is_district(self) -> bool:
        """Whether it is a district (RegSO) and no area (DeSO)."""
        return self.code[4] == "R"


def parse_area_code(text: str) -> AreaCode | None:
    """Return the code in a text, whatever stands beside it, or None.

    Examples
    --------
    >>> parse_area_code("181a0010_DeSO2025")
    AreaCode(code='0181A0010', year=2025)
    >>> parse_area_code("Södertälje (0181R001)").code
    '0181R001'
    """
    match = _CODE.search(text)
    if match is None:
        return None
    code = match["municipality"].zfill(4) + match["rest"].upper()
    return AreaCode(code, int(match["year"] or 0))


def parse_area_name(text: str) -> str:
    """Return what stands beside the code in a text: the name in parentheses, or all of it.

    Examples
    --------
    >>> parse_area_name("0114R001 Upplands Väsby (Bollstanäs)")
    'Bollstanäs'
    """
    rest = _CODE.sub(" ", text).replace("()", " ")
    inner = re.search(r"\(([^()]+)\)\s*$", rest)
    return (inner[1] if inner else rest).strip(" -,:;()")


def pad_municipality(text: str) -> str:
    """Return the code of a municipality with the zeros a spreadsheet took away; other texts as they are.

    Examples
    --------
    >>> pad_municipality("181.0")
    '0181'
    """
    plain = re.sub(r"\.0+$", "", text.strip())
    match = re.match(r"(\d{2,4})(?!\d)", plain)
    return (
        match[1].zfill(4)
        if match and (plain == match[1] or not plain[match.end() :][:1].isalnum())
        else plain
    )
