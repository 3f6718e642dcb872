"""A page printed to a PDF, by a browser without a window."""

import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from segsim.errors import SegsimError
from segsim.runs.store.store import explain_write_errors

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
    "microsoft-edge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)
"""Browsers that can print a page without showing it, by command or place."""

_WAIT = 120  # seconds; a page is printed in two


def find_browser() -> str | None:
    """Return a browser that can print; None if there is none that is known."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def print_page(page: Path) -> Path:
    """Print a page to a PDF beside it; return its path.

    Raises
    ------
    SegsimError
        If there is no browser to print with, or it did not.
    """
    browser, target = find_browser(), page.with_suffix(".pdf")
    if browser is None:
        raise SegsimError(
            f"no browser to print with; install Chromium or Chrome, or open {page} and print it to a file",
            "det finns ingen webbläsare att skriva ut med; installera Chromium eller Chrome, eller öppna "
            f"{page} och skriv ut den till en fil",
        )
    with tempfile.TemporaryDirectory(prefix="segsim-print-") as profile:
        options = ["--headless", "--disable-gpu", "--no-first-run", f"--user-data-dir={profile}"]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            options.append("--no-sandbox")  # a browser refuses to run as root within one
        made = Path(profile) / "page.pdf"
        options += ["--no-pdf-header-footer", f"--print-to-pdf={made}", page.resolve().as_uri()]
        with suppress(OSError, subprocess.TimeoutExpired):  # told below, as every other failure to print is
            subprocess.run([browser, *options], capture_output=True, timeout=_WAIT, check=False)
        if not made.exists() or made.stat().st_size == 0:
            raise SegsimError(
                f"{browser} did not print {page}; open it and print it to a file",
                f"{browser} skrev inte ut {page}; öppna den och skriv ut den till en fil",
            )
        with explain_write_errors(target):
            shutil.copyfile(made, target)
    return target
