"""The README's picture of the classroom page: `python experiments/classroom_picture.py` writes it."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from browser.driving import CHROMIUM, Browser, start_server  # noqa: E402

PICTURE = ROOT / "docs" / "pictures" / "teach.png"
BOARD = "?preset=schelling&rows=100&columns=100&wanted=0.5"
STEPS = 6


def main() -> None:
    """Let a class's board run for some steps in headless Chromium, and keep what is seen."""
    if CHROMIUM is None:
        print("no chromium and chromedriver: the picture of the classroom page is left as it is")
        return
    server, address = start_server([sys.executable, str(ROOT / "tests/browser/serve.py")], "held")
    try:
        browser = Browser(1280, 800, is_phone=False)
        try:
            browser.open(address + BOARD)
            browser.click("play")
            browser.wait(f"return segsim.tell.step >= {STEPS}")
            browser.click("play")
            PICTURE.write_bytes(browser.driver.get_screenshot_as_png())
        finally:
            browser.close()
    finally:
        server.terminate()
    print(PICTURE.relative_to(ROOT))


if __name__ == "__main__":
    main()
