"""A real browser without a window, and a server of the page; without Chromium these tests are skipped."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from browser.driving import CHROMEDRIVER, CHROMIUM, Browser, start_server


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Return the address of a server of the page."""
    pytest.importorskip("nicegui", reason="the page needs the extra teach")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    command = [sys.executable, str(Path(__file__).with_name("serve.py"))]
    process, address = start_server(command, "held", env=environment)
    yield address
    process.terminate()
    process.wait()


def window(width: int, height: int, is_phone: bool = False) -> Browser:
    """Return a window that is closed by whoever opens it."""
    for needed in ("selenium", "axe_core_python"):
        pytest.importorskip(needed, reason=f"the browser tests need {needed}")
    if CHROMIUM is None or CHROMEDRIVER is None:
        pytest.skip("no chromium and chromedriver here (Debian: apt-get install chromium chromium-driver)")
    return Browser(width, height, is_phone)


@pytest.fixture
def browser() -> Iterator[Browser]:
    """Return a window as large as a projector."""
    opened = window(1920, 1080)
    yield opened
    opened.close()


@pytest.fixture
def phone() -> Iterator[Browser]:
    """Return a window as large as a phone."""
    opened = window(390, 844, is_phone=True)
    yield opened
    opened.close()
