"""What an installed segsim holds: the facts on Sweden, the scenarios, and nothing too large."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BUILD = """
import sys, tomllib
from setuptools import Distribution
asked = tomllib.load(open("pyproject.toml", "rb"))["tool"]["setuptools"]
names = {key.replace("-", "_"): asked[key] for key in ("packages", "package-dir", "package-data")}
build = Distribution({"name": "segsim", "script_name": "setup.py", **names}).get_command_obj("build_py")
build.ensure_finalized()
build.build_lib = sys.argv[1]
build.run()
"""
USE = """
import segsim
from segsim.scenario import load_scenario
from segsim.sweden import facts
from segsim.sweden.municipalities import list_municipalities
from segsim.synthesis.sources import load_ground, load_source
assert "wheel" in segsim.__file__, segsim.__file__
assert len(list_municipalities()) == 290
city = load_scenario("sodertalje").city
source = load_source(city)
assert source.counts.n == 51 and load_ground(city, source.counts) is not None
print(facts.FACTS)
"""


def run_python(code: str, *arguments: str, cwd: Path) -> str:
    """Run code in a Python of its own, which finds modules in a folder alone."""
    command = [sys.executable, "-W", "ignore", "-c", code, *arguments]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with what a wheel is built from."""
    folder = tmp_path_factory.mktemp("built") / "wheel"
    run_python(BUILD, str(folder), cwd=ROOT)
    return folder


def test_wheel__holds_the_facts_and_is_small(wheel: Path) -> None:
    built = {str(file.relative_to(wheel)): file.stat().st_size for file in wheel.rglob("*") if file.is_file()}
    sources = [*(ROOT / "segsim" / "sweden").rglob("*.parquet"), ROOT / "segsim" / "sweden" / "PROVENANCE.md"]
    assert {str(file.relative_to(ROOT)) for file in sources} <= set(built)
    scenarios = (ROOT / "scenarios").rglob("*.yaml")
    assert {f"segsim/{file.relative_to(ROOT)}" for file in scenarios} <= set(built)
    assert sum(size for name, size in built.items() if name.endswith(".parquet")) < 8e6


def test_installed__makes_a_municipality_from_its_facts_alone(wheel: Path) -> None:
    assert run_python(USE, cwd=wheel).strip().startswith(str(wheel))
