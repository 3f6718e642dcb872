"""How large the flats of a municipality are, beside those of the nation."""

from functools import cache

from segsim.sweden.facts import FACTS, read_facts


@cache
def _list_rooms() -> dict[str, float]:
    """Return `larger_flats` of every municipality, by code."""
    if not (FACTS / "rooms.parquet").exists():
        return {}
    table = read_facts("rooms")
    return dict(zip(table["code"].to_pylist(), table["larger_flats"].to_pylist(), strict=True))


def read_larger_flats(code: str) -> float:
    """Return by how much the log frequency of flats rises per room beside the nation's; 0 where unknown.

    It is such that as many residents of flats are crowded in the first city as Statistics Sweden counts.
    """
    return _list_rooms().get(code, 0.0)
