"""City in Mesa's own page, in a real browser."""

import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from browser.driving import start_server

PICTURE = "document.querySelector('img[src^=\"data:image/png\"]')"


@pytest.fixture
def page() -> Iterator[str]:
    """Return the address of a page of Mesa's that shows a City."""
    for name in ("solara.server", "altair"):
        if importlib.util.find_spec(name.split(".")[0]) is None:
            pytest.skip("Mesa's page needs the extra solara")
    file = Path(__file__).with_name("mesa_page.py")
    command = [sys.executable, "-m", "solara", "run", str(file), "--no-open", "--production", "--port"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process, address = start_server(command, **quiet)
    yield address
    process.terminate()
    process.wait()


def test_city__is_drawn_steps_and_starts_again_in_mesas_page(page, browser):
    browser.driver.get(page)
    browser.wait(f"return !!{PICTURE} && {PICTURE}.naturalWidth > 100")
    seen = browser.run(f"return {PICTURE}.src")
    press = (
        "[...document.querySelectorAll('button')]"
        ".find(b => b.textContent.trim().toLowerCase() === '{}').click()"
    )
    browser.run(press.format("step"))
    browser.wait(f"return {PICTURE}.src !== {seen!r}")
    browser.run(press.format("reset"))
    browser.wait(f"return {PICTURE}.src === {seen!r}")
    assert browser.outside() == set()
