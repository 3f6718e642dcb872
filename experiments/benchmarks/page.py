"""Pictures the classroom page draws a second in headless Chromium, curves updating.

Everybody wants more like neighbours than can be had, so that the board never comes to rest. Goal: 30 a second
up to 300 x 300 and 20 at 500 x 500.
"""

import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from browser.driving import CHROMIUM, Browser, start_server  # noqa: E402

GOALS = {100: 30, 300: 30, 500: 20}
SECONDS = 8.0


def measure_board(browser: Browser, address: str, side: int) -> tuple[float, float]:
    """Return pictures and steps a second at one size of the board."""
    browser.open(f"{address}?preset=schelling&rows={side}&columns={side}&wanted=0.8&speed=6")
    browser.click("play")
    browser.wait("return segsim.tell.step > 5")
    time.sleep(1)
    first, begun = browser.run("return [segsim.tell.frames, segsim.tell.step]"), time.perf_counter()
    time.sleep(SECONDS)
    last = browser.run("return [segsim.tell.frames, segsim.tell.step]")
    took = time.perf_counter() - begun
    return (last[0] - first[0]) / took, (last[1] - first[1]) / took


def main() -> None:
    """Measure every size and print a line for each."""
    if CHROMIUM is None:
        sys.exit("chromium and chromedriver are needed (Debian: apt-get install chromium chromium-driver)")
    begun = time.perf_counter()
    server, address = start_server([sys.executable, str(ROOT / "tests/browser/serve.py")])
    try:
        print(f"The page answers {time.perf_counter() - begun:.1f} s after the command.")
        browser = Browser(1920, 1080, is_phone=False)
        try:
            browser.open(address)
            print(f"The first board is drawn {time.perf_counter() - begun:.1f} s after the command.")
            time.sleep(20)  # the other scenes are made ready meanwhile
            for side, goal in GOALS.items():
                pictures, steps = measure_board(browser, address, side)
                print(
                    f"{side:>4} x {side}: {pictures:5.1f} pictures a second (goal {goal}), {steps:5.1f} steps"
                )
        finally:
            browser.close()
    finally:
        server.terminate()


if __name__ == "__main__":
    main()
