"""The planner's page in a real browser: from municipality to report by keyboard, sizes, languages."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from browser.driving import start_server

COMMAND = "from segsim.cli import main; main()"
TAB, ENTER, DOWN, PAGE_UP, HOME, CONTROL = "\ue004", "\ue007", "\ue015", "\ue00e", "\ue011", "\ue009"


@pytest.fixture(scope="module")
def planner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Return the address of a server of the page, and the folder it writes to."""
    pytest.importorskip("nicegui", reason="the page needs the extra teach")
    out = tmp_path_factory.mktemp("plans")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    command = [sys.executable, "-c", COMMAND, "plan", "--no-browser", "--out", str(out), "--port"]
    process, address = start_server(command, env=environment)
    yield address, out
    process.terminate()
    process.wait()


def show(window, address: str) -> None:
    window.driver.get(address)
    window.wait("return 'ready' in document.getElementById('page').dataset")


def tab_to(window, selector: str) -> None:
    """Press the tab key until an element has the focus."""
    for _ in range(200):
        if window.run("return document.activeElement.matches(arguments[0])", selector):
            return
        window.keys(TAB)
    raise AssertionError(f"the tab key never comes to {selector}")


def write_anew(window, text: str) -> None:
    """Write a text in the place of what the field with the focus holds."""
    from selenium.webdriver.common.action_chains import ActionChains

    ActionChains(window.driver).key_down(CONTROL).send_keys("a").key_up(CONTROL).send_keys(text).perform()


def test_plan__from_municipality_to_report_by_keyboard_alone(planner, browser):
    address, out = planner
    show(browser, address)
    tab_to(browser, "[data-key=other-city]")
    browser.keys("A small town")
    browser.wait("return !document.getElementById('policies').hidden")
    tab_to(browser, "[data-key=policy]")
    browser.keys("Tenure conversion")
    browser.wait("return !document.querySelector('[data-key=add]').disabled")
    tab_to(browser, "[data-key=add]")
    browser.keys(ENTER)
    browser.wait("return document.activeElement.textContent === 'Tenure conversion'")
    tab_to(browser, "[data-setting=share_per_year] input[type=range]")
    before = browser.run("return document.activeElement.value")
    browser.keys(PAGE_UP)
    assert browser.run("return document.activeElement.value") != before
    tab_to(browser, "[data-key=plan-name]")
    browser.keys("Sold by keyboard")
    tab_to(browser, "[data-key=years]")
    browser.keys(HOME)  # one year
    browser.wait("return document.querySelector('[data-key=deciders]')?.textContent === 'the landlord'")
    tab_to(browser, "[data-key=seeds]")
    write_anew(browser, "1")
    tab_to(browser, "[data-key=run]")
    browser.keys(ENTER)
    browser.wait("return !document.getElementById('report').hidden")
    assert browser.run("return document.querySelector('progress').max") == 2
    assert browser.text("#run-state") == "The report is ready."
    written = (out / "sold_by_keyboard.yaml").read_text("utf-8")
    assert "extends: town" in written
    assert "years: 1\n" in written
    tab_to(browser, "[data-key=open-report]")
    browser.driver.get(browser.run("return document.activeElement.href"))
    assert "Sold by keyboard" in browser.text("h1")
    assert browser.faults() == []
    assert browser.complaints() == []
    assert browser.outside() == set()


def test_municipality__is_chosen_from_what_matches(planner, browser):
    show(browser, f"{planner[0]}?language=sv")
    tab_to(browser, "[data-key=city]")
    browser.keys("malmo")
    browser.keys(DOWN, ENTER)
    browser.wait("return document.querySelector('#standing h3')?.textContent === 'Malmö (1280)'")
    assert browser.run("return document.querySelectorAll('#standing .map path').length") > 20
    write_anew(browser, "Malmöö")
    browser.keys(ENTER)
    browser.wait("return !!document.querySelector('#choose .problem:not([hidden])')")
    assert 'menades "Malmö"' in browser.text("#choose .problem")
    assert browser.faults() == []


@pytest.mark.parametrize("size", ["projector", "phone"])
def test_page__fits_the_screen_and_names_everything(planner, request, size):
    window = request.getfixturevalue("browser" if size == "projector" else "phone")
    show(window, f"{planner[0]}?language=sv")
    window.run("document.querySelector('[data-key=city]').value = 'landskrona'")
    window.run("document.querySelector('#choose button.main').click()")
    window.wait("return !document.getElementById('policies').hidden")
    for kind in ("named_plans", "admission_rule", "school_closure"):
        window.run(
            "const s = document.querySelector('[data-key=policy]'); s.value = arguments[0];"
            "s.dispatchEvent(new Event('change')); document.querySelector('[data-key=add]').click()",
            kind,
        )
    for areas in ("conditions", "chosen"):
        window.run(f"document.querySelectorAll('[value={areas}]').forEach((radio) => radio.click())")
        if size == "projector":
            window.run("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
            assert window.faults() == []
    for language in ("sv", "en"):  # what was put together outlives the change of language
        show(window, f"{planner[0]}?language={language}")
        window.wait("return document.querySelectorAll('.policy').length === 3")
        wide = window.run("return [document.documentElement.scrollWidth, window.innerWidth]")
        assert wide[0] <= wide[1]
        nameless = window.run(
            "return [...document.querySelectorAll('button, input, select, progress')]"
            ".filter(e => e.offsetParent && !e.closest('[aria-hidden=true]'))"
            ".filter(e => !(e.textContent.trim() || e.getAttribute('aria-label') || e.labels?.length))"
            ".map(e => e.outerHTML.slice(0, 120))"
        )
        assert nameless == []
    assert window.complaints() == []
