"""A real browser without a window, driven as a teacher would."""

import json
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Sequence

from patience import PATIENCE, free_port, wait_until

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
CHROMEDRIVER = shutil.which("chromedriver")


def await_answer(address: str, server: subprocess.Popen) -> None:
    """Wait until a server answers."""

    def answers() -> bool:
        assert server.poll() is None, "the server ended"
        try:
            return bool(urllib.request.urlopen(address, timeout=PATIENCE).read())
        except OSError:
            return False

    wait_until(answers)


def start_server(command: Sequence[str], path: str = "", **more) -> tuple[subprocess.Popen, str]:
    """Start a server at a free port, the last word of its command; return it and its address."""
    for _ in range(10):  # another program may take the port meanwhile
        port = free_port()
        server, address = subprocess.Popen([*command, str(port)], **more), f"http://127.0.0.1:{port}/"
        try:
            await_answer(address + path, server)
        except AssertionError:
            if server.poll() is None:
                server.kill()
                raise
        else:
            return server, address
    raise AssertionError(f"{command[1]} ends at every port")


class Browser:
    """One browser window, driven as a teacher would."""

    def __init__(self, width: int, height: int, is_phone: bool) -> None:
        from selenium import webdriver

        options = webdriver.ChromeOptions()
        options.binary_location = str(CHROMIUM)
        self.folder = tempfile.mkdtemp(prefix="segsim-chromium-")
        for argument in (
            "--headless=new",
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-gpu",
            "--disable-background-networking",
            "--hide-scrollbars",
            f"--user-data-dir={self.folder}",
            f"--window-size={width},{height}",
        ):
            options.add_argument(argument)
        if is_phone:
            metrics = {"width": width, "height": height, "pixelRatio": 2}
            options.add_experimental_option("mobileEmulation", {"deviceMetrics": metrics})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        service = webdriver.ChromeService(str(CHROMEDRIVER))
        self.driver = webdriver.Chrome(options=options, service=service)
        self.driver.set_page_load_timeout(PATIENCE)

    def close(self) -> None:
        self.driver.quit()
        shutil.rmtree(self.folder, ignore_errors=True)

    def open(self, address: str) -> None:
        self.driver.get(address)
        self.wait("return !!document.querySelector('[data-key=play]')")
        if "preset=admission" not in address:
            self.wait("return window.segsim && segsim.tell.frames > 0")

    def run(self, script: str, *arguments):
        return self.driver.execute_script(script, *arguments)

    def wait(self, script: str) -> None:
        wait_until(lambda: self.run(script))

    def click(self, key: str) -> None:
        self.driver.find_element("css selector", f"[data-key={key}]").click()

    def keys(self, *keys: str) -> None:
        from selenium.webdriver.common.action_chains import ActionChains

        ActionChains(self.driver).send_keys(*keys).perform()

    def slider(self, name: str):
        """Return the part of a slider that takes the focus and the arrow keys."""
        return self.driver.find_element("css selector", f"[data-setting={name}] [tabindex='0']")

    def choose(self, setting: str, text: str) -> None:
        """Choose from a menu by what it says."""
        field = f"[data-setting={setting}]"
        self.run(
            "arguments[0].scrollIntoView({block: 'center'})", self.driver.find_element("css selector", field)
        )
        self.driver.find_element("css selector", field).find_element(
            "xpath", "./ancestor-or-self::label"
        ).click()
        self.wait(
            "return [...document.querySelectorAll('.q-menu .q-item')]"
            f".some(e => e.textContent.trim() === {json.dumps(text)})"
        )
        self.run(
            "[...document.querySelectorAll('.q-menu .q-item')]"
            f".find(e => e.textContent.trim() === {json.dumps(text)}).click()"
        )

    def text(self, selector: str) -> str:
        return str(self.run("return document.querySelector(arguments[0]).textContent", selector))

    def query(self) -> str:
        return str(self.run("return location.search"))

    def complaints(self) -> list[str]:
        """Return warnings and errors of the console since the last call."""
        return [
            entry["message"]
            for entry in self.driver.get_log("browser")
            if entry["level"] in ("WARNING", "SEVERE")
        ]

    def faults(self, selector: str = "") -> list[str]:
        """Return what axe-core finds hard to use without sight or mouse, moderate or worse.

        Of a part of the page alone if one is named: what lies behind a dialog is not there to be used.
        """
        from axe_core_python.selenium import Axe

        faults: list[str] = []
        for pause in (0.0, 1.0, 3.0):  # what is still being built, or fades in, is looked at again
            time.sleep(pause)
            seen = Axe().run(self.driver, selector or None, {"resultTypes": ["violations"]})["violations"]
            faults = [
                f"{fault['impact']} {fault['id']}: {node['html'][:160]}"
                for fault in seen
                if fault["impact"] != "minor"
                for node in fault["nodes"]
            ]
            if not faults:
                break
        return faults

    def outside(self) -> set[str]:
        """Return addresses off this machine that were asked for since the last call."""
        found = set()
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] in ("Network.requestWillBeSent", "Network.webSocketCreated"):
                url = message["params"].get("url") or message["params"]["request"]["url"]
                if url.split(":")[0] in ("http", "https", "ws", "wss") and "//127.0.0.1:" not in url:
                    found.add(url)
        return found
