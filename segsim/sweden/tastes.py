"""The tastes that keep a municipality as it was at the end of 2022 when nothing is done."""

from functools import cache

from segsim.sweden.facts import FACTS, read_facts


@cache
def _list_tastes() -> dict[str, dict[str, float]]:
    """Return the tastes of every municipality that has been calibrated, by code and scenario key."""
    if not (FACTS / "tastes.parquet").exists():
        return {}
    out: dict[str, dict[str, float]] = {}
    for row in read_facts("tastes").to_pylist():
        out.setdefault(row["code"], {})[row["key"]] = row["value"]
    return out


def read_tastes(code: str) -> dict[str, float]:
    """Return the calibrated tastes of a municipality by scenario key; empty if it has none."""
    return dict(_list_tastes().get(code, {}))
