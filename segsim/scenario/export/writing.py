"""Values written as YAML that the reader takes back."""

import io
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.representer import RoundTripRepresenter

from segsim.scenario.reading import Unset


class Representer(RoundTripRepresenter):
    """Writes plain values, and `null` for what a file takes away from the one it extends."""


Representer.add_representer(
    Unset, lambda writer, _: writer.represent_scalar("tag:yaml.org,2002:null", "null")
)


def yaml_text(values: Mapping[str, Any]) -> str:
    """Return mappings, lists and plain values as a YAML file, in the order given.

    Examples
    --------
    >>> print(yaml_text({"city": {"rows": 13}, "steps": ("housing",)}), end="")
    city:
      rows: 13
    steps:
      - housing
    """
    writer = YAML(typ="rt")
    writer.Representer = Representer
    writer.width = 4096
    writer.default_flow_style = False
    writer.indent(mapping=2, sequence=4, offset=2)
    sink = io.StringIO()
    writer.dump(to_builtins(values), sink)
    return sink.getvalue()


def to_builtins(value: Any) -> Any:
    """Return a value with dicts for mappings and lists for tuples."""
    if isinstance(value, Mapping):
        # years are keys too, and must stay numbers
        return {key if isinstance(key, int) else str(key): to_builtins(inner) for key, inner in value.items()}
    return [to_builtins(inner) for inner in value] if isinstance(value, tuple | list) else value
