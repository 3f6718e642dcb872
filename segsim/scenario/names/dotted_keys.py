"""Values by dotted keys, such as `preferences.housing.own_group`, and as nested mappings."""

from collections.abc import Mapping
from typing import Any


def flatten_values(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return the values of nested mappings by dotted keys."""
    flat: dict[str, Any] = {}
    for key, value in values.items():
        is_nested = isinstance(value, Mapping)
        flat |= flatten_values(value, f"{prefix}{key}.") if is_nested else {f"{prefix}{key}": value}
    return flat


def nest_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values by dotted keys as nested mappings."""
    nested: dict[str, Any] = {}
    for key, value in values.items():
        *way, last = key.split(".")
        holder = nested
        for step in way:
            holder = holder.setdefault(step, {})
        holder[last] = value
    return nested
