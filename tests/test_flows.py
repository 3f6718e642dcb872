"""Flows: declared once, refused otherwise."""

from pathlib import Path

import pytest

from segsim.flows import FLOWS, Flows
from segsim.report.units import UNITS

ROOT = Path(__file__).parents[1] / "segsim"
SOURCES = "".join(
    path.read_text("utf-8") for room in ("steps", "simulation") for path in (ROOT / room).rglob("*.py")
)


def test_flow__never_noted_is_zero_and_not_there():
    flows = Flows()
    assert flows["births"] == 0.0
    assert "births" not in flows
    flows["births"] += 2
    flows["births"] += 1
    assert dict(flows) == {"births": 3.0}


@pytest.mark.parametrize("use", [
    lambda flows: flows["brths"],
    lambda flows: flows.__setitem__("brths", 1.0),
    lambda flows: flows.get("brths"),
    lambda flows: "brths" in flows,
    lambda flows: flows.update({"brths": 1.0}),
])  # fmt: skip
def test_undeclared_flow__is_refused(use):
    with pytest.raises(ValueError, match='"brths" is no flow; declare it in'):
        use(Flows())


@pytest.mark.parametrize("flow", FLOWS.values(), ids=FLOWS)
def test_flow__has_a_unit_two_languages_and_somebody_who_notes_it(flow):
    assert flow.unit in UNITS
    assert all(text.endswith(".") for text in flow.definition)
    assert flow.definition.en != flow.definition.sv
    family = flow.name.rsplit(".", 1)[0]
    assert f'"{flow.name}"' in SOURCES or f'"{family}.{{' in SOURCES
