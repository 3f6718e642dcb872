"""The classroom page in a real browser: a lesson, links, languages, sizes, clients that come and go."""

import csv
import json
import signal
import subprocess
import sys
import urllib.request
from collections import Counter
from xml.etree import ElementTree

import pytest

from browser.driving import start_server
from patience import PATIENCE, wait_until

LESSONS = ("schelling", "tolerance_paradox", "schools", "admission", "league_tables")


def test_a_lesson__played_by_a_teacher(server, browser):
    browser.open(server)
    assert browser.text("#step") == "Step 0"
    browser.click("play")
    browser.wait("return segsim.tell.step > 3")
    browser.wait("return segsim.tell.settled")
    assert float(browser.text("#value-0-0").rstrip("%")) > 65
    slider = browser.slider("wanted")
    for _ in range(3):
        slider.send_keys("\ue00f")  # page up
    browser.wait("return location.search.includes('wanted=')")
    browser.choose("lesson", "A majority and a minority")
    browser.wait("return location.search.includes('preset=unequal_groups')")
    browser.wait("return document.querySelector('#step').textContent === 'Step 0'")
    browser.click("step")
    browser.wait("return segsim.tell.step === 1")
    browser.click("reset")
    browser.wait("return segsim.tell.step === 0")
    assert browser.complaints() == []
    assert browser.outside() == set()


def test_link__brings_the_same_board_back(server, browser):
    browser.open(f"{server}?preset=schelling&rows=30&columns=30&wanted=0.6&shares=70-30&seed=7&language=sv")
    before = browser.run("return document.getElementById('board').toDataURL()")
    assert browser.text("h1") == "Segregation i klassrummet"
    browser.driver.refresh()
    browser.wait("return window.segsim && segsim.tell.frames > 0")
    assert browser.run("return document.getElementById('board').toDataURL()") == before
    assert "shares=70-30" in browser.query()
    assert browser.complaints() == []


def test_language__changes_while_the_board_goes_on(server, browser):
    browser.open(f"{server}?preset=beta_debate")
    browser.click("play")
    browser.wait("return segsim.tell.step > 2")
    browser.click("language")
    browser.wait("return document.documentElement.lang === 'sv'")
    browser.wait("return document.querySelector('h1').textContent === 'Segregation i klassrummet'")
    step = browser.run("return segsim.tell.step")
    browser.wait(f"return segsim.tell.step > {step}")
    assert "language=sv" in browser.query()
    assert browser.complaints() == []


def test_keys__play_step_and_change_the_language(server, browser):
    browser.open(server)
    browser.keys("s")
    browser.wait("return segsim.tell.step === 1")
    browser.keys(" ")
    browser.wait("return segsim.tell.playing")
    browser.keys(" ")
    browser.wait("return !segsim.tell.playing")
    browser.keys("r")
    browser.wait("return segsim.tell.step === 0")
    browser.keys("l")
    browser.wait("return document.documentElement.lang === 'sv'")
    browser.keys("5")
    browser.wait("return location.search.includes('preset=vacancy')")
    browser.click("keys")
    browser.wait("return !!document.querySelector('[role=dialog] h2')")
    assert browser.faults("[role=dialog]") == []


def test_play__tells_the_truth_of_a_board_at_rest(server, browser):
    browser.open(f"{server}?rows=20&columns=20")
    browser.click("play")
    browser.wait("return segsim.tell.settled")
    browser.wait("return document.querySelector('[data-key=play]').textContent.includes('Play')")
    assert "settled" in browser.text("#spoken")
    step = browser.run("return segsim.tell.step")
    browser.slider("wanted").send_keys("\ue00f")  # who wants more is at rest no longer
    browser.wait(f"return segsim.tell.step > {step}")


def test_slider__speaks_in_words_and_units(server, browser):
    browser.open(server)
    browser.wait("return !!document.querySelector('[data-setting=radius] [role=slider]')")
    names = ("wanted", "radius", "speed")
    told = {name: browser.slider(name).get_attribute("aria-valuetext") for name in names}
    assert told == {"wanted": "34%", "radius": "1 square away", "speed": "Speed: 4 steps a second"}
    radius = browser.slider("radius")
    radius.send_keys("\ue014")
    wait_until(lambda: radius.get_attribute("aria-valuetext") == "2 squares away")
    assert radius.get_attribute("aria-valuenow") == "2"


def test_focus__stays_where_it_was_when_all_is_shown_anew(server, browser):
    browser.open(server)
    browser.click("language")
    browser.wait("return document.documentElement.lang === 'sv'")
    browser.wait("return !!document.activeElement.closest('[data-key=language]')")
    assert browser.complaints() == []


def test_back__goes_to_the_lesson_before(server, browser):
    browser.open(f"{server}?preset=schelling&rows=30&columns=30")
    browser.choose("lesson", "A majority and a minority")
    browser.wait("return location.search.includes('preset=unequal_groups')")
    browser.driver.back()
    browser.wait("return location.search.includes('rows=30')")
    browser.wait("return window.segsim && segsim.tell.frames > 0")
    assert browser.text("h2") != ""


def test_exercise__is_guessed_before_it_is_seen(server, browser):
    browser.open(f"{server}?preset=wish_or_rule&speed=6")
    assert browser.run("return document.querySelector('[data-key=play]').disabled")
    browser.run("document.querySelectorAll('[data-setting=guess] .q-radio')[1].click()")
    browser.wait("return !document.querySelector('[data-key=play]').disabled")
    browser.click("follow")
    browser.wait("return document.querySelectorAll('#life p').length > 1")
    browser.click("play")
    browser.wait("return !document.getElementById('answer').hidden")
    assert browser.run("return segsim.tell.step") == 10
    assert "You guessed: about the same." in browser.text("#verdict")
    assert browser.faults() == []
    browser.choose("decision", "Neither wish nor rules")
    browser.wait("return document.querySelector('[data-key=play]').disabled")
    assert browser.run("return document.getElementById('answer').hidden")
    assert browser.complaints() == []


def test_curves_and_board__are_saved_as_they_are(server, browser):
    browser.open(f"{server}?preset=schelling_1971&language=sv")
    browser.click("step")
    browser.wait("return segsim.tell.step === 1 && document.querySelector('#value-2-0').textContent !== '–'")
    saved = browser.driver.execute_async_script(
        "const end = arguments[0], all = {};"
        "(async () => { for (const what of ['curves', 'board']) for (const kind of ['csv', 'svg', 'png'])"
        " all[`${what}.${kind}`] = kind === 'png' ? (await segsimSaving.make(what, kind)).size"
        " : await (await segsimSaving.make(what, kind)).text(); end(all); })()"
    )
    lines = list(csv.reader(saved["curves.csv"].splitlines()))
    assert lines[0][:2] == ["steg", "Grannar ur den egna gruppen: nu"]
    assert [row[0] for row in lines[1:]] == ["0", "1"]
    shown = browser.text("#value-1-0").replace(",", ".")
    assert f"{float(lines[-1][lines[0].index('Olikhetsindex D, över block av rutor: D')]):.2f}" == shown
    board = list(csv.reader(saved["board.csv"].splitlines()))
    assert (len(board), len(board[0])) == (13, 16)
    assert Counter(name for row in board for name in row) == {"blå": 69, "orange": 69, "": 70}
    for what in ("curves", "board"):
        assert ElementTree.fromstring(saved[f"{what}.svg"]).tag.endswith("svg")
        assert saved[f"{what}.png"] > 1000
    browser.click("save-curves-png")
    assert browser.complaints() == []
    assert browser.outside() == set()


def test_class__chooses_schools_on_pages_of_its_own(server, browser):
    browser.open(f"{server}?preset=admission")
    browser.click("class-open")
    browser.wait("return !!document.getElementById('class-code')")
    code, teacher = browser.text("#class-code"), browser.driver.current_window_handle
    browser.driver.switch_to.new_window("tab")
    browser.driver.get(f"{server}join?language=sv&code=12345")
    browser.wait("return !!document.querySelector('[data-key=join]')")
    browser.click("join")
    browser.wait("return document.querySelector('[role=alert]').textContent.includes('ingen öppen klass')")
    assert browser.faults() == []
    browser.driver.get(f"{server}join?language=sv&code={code}")
    browser.wait("return !!document.querySelector('[data-key=name]')")
    browser.driver.find_element("css selector", "[data-key=name]").send_keys("Ida <b>")
    browser.click("join")
    browser.wait("return !!document.querySelector('[data-key=send]')")
    assert "Ida <b>, du bor nära skola A" in browser.text(".pupil")
    browser.click("send")
    pupil = browser.driver.current_window_handle
    browser.driver.switch_to.window(teacher)
    browser.wait("return document.getElementById('class-sent').textContent === '1 of 1 have sent a list'")
    browser.click("class-admit")
    browser.wait("return !!document.getElementById('class-results')")
    assert browser.faults() == []
    browser.driver.switch_to.window(pupil)
    browser.wait("return !!document.getElementById('got')")
    assert browser.text("#got") == "Du fick skola A: ditt förstahandsval."
    assert browser.faults() == []
    browser.driver.close()
    browser.driver.switch_to.window(teacher)
    assert browser.complaints() == []


def test_task__is_seen_without_scrolling_on_a_phone(server, phone):
    phone.open(server)
    bottom = phone.run("return document.querySelector('.task').getBoundingClientRect().bottom")
    assert bottom <= phone.run("return window.innerHeight")


def test_focus__can_be_seen_and_everything_has_a_name(server, browser):
    browser.open(server)
    browser.keys("\ue004")
    assert browser.run(
        "return getComputedStyle(document.activeElement).outlineStyle !== 'none' "
        "|| !!document.querySelector('.q-field--focused')"
    )
    nameless = browser.run(
        "return [...document.querySelectorAll('button, [role=slider], [role=combobox], canvas, input')]"
        ".filter(e => !e.closest('[aria-hidden=true], [role=img][aria-label] > *') && e.offsetParent)"
        ".filter(e => !(e.textContent.trim() || e.getAttribute('aria-label')"
        " || e.getAttribute('aria-labelledby') || (e.labels && e.labels.length)))"
        ".map(e => e.outerHTML.slice(0, 120))"
    )
    assert nameless == []


@pytest.mark.parametrize(
    "query",
    ["?preset=%00", "?rows=1e9&wanted=cat", "?shares=1-2-3-4-5-6", "?%ff=%fe&&&==", "?seed=" + "9" * 3000],
)
def test_malformed_link__is_told_kindly_and_the_lesson_shown(server, browser, query):
    browser.open(server + query)
    browser.wait("return !document.getElementById('notice').hidden")
    assert "could not be read" in browser.text("#notice")
    browser.click("step")
    browser.wait("return segsim.tell.step === 1")
    assert browser.text("#notice") != ""
    assert browser.complaints() == []


def test_many_seeds__show_their_spread(server, browser):
    browser.open(f"{server}?preset=schelling&rows=20&columns=20")
    browser.click("many")
    browser.wait("return [...document.querySelectorAll('.state')].some(e => /30 \\/ 30/.test(e.textContent))")
    shown = browser.run(
        "const frame = document.querySelector('.spread [role=img]');"
        "return getElement(frame).chart.getOption().series.map(s => s.data.length)"
    )
    assert shown == [30, 1] * 3
    assert browser.complaints() == []


@pytest.mark.parametrize("language", ["en", "sv"])
@pytest.mark.parametrize("size", ["projector", "phone"])
def test_every_lesson__fits_the_screen_and_is_for_everybody(server, request, language, size):
    window = request.getfixturevalue("browser" if size == "projector" else "phone")
    for lesson in LESSONS:
        window.open(f"{server}?preset={lesson}&language={language}")
        wide = window.run("return [document.documentElement.scrollWidth, window.innerWidth]")
        assert wide[0] <= wide[1], f"{lesson} is wider than the screen"
        if size == "projector" and lesson != "admission":
            low = window.run(
                "return document.querySelector('[data-key=play]').getBoundingClientRect().bottom"
            )
            assert low <= window.run("return window.innerHeight"), f"{lesson}: play is below the screen"
        if (size, language) in (("projector", "en"), ("phone", "sv")):
            assert window.faults() == [], lesson
    assert window.complaints() == []
    assert window.outside() == set()


def held(server: str) -> dict[str, int]:
    return dict(json.loads(urllib.request.urlopen(f"{server}held", timeout=PATIENCE).read()))


def test_clients__that_come_play_and_leave_are_let_go_of(server, browser):
    browser.driver.get("about:blank")
    await_none(server)
    threads = held(server)["threads"]
    for _ in range(2):
        for _ in range(5):
            browser.driver.switch_to.new_window("tab")
            browser.open(f"{server}?preset=beta_debate&speed=6")
            browser.click("play")
            browser.click("many")
        assert held(server)["players"] >= 5
        for handle in browser.driver.window_handles[1:]:
            browser.driver.switch_to.window(handle)
            browser.driver.close()
        browser.driver.switch_to.window(browser.driver.window_handles[0])
        await_none(server)
    assert held(server)["threads"] <= threads + 8


def await_none(server: str) -> None:
    """Wait until the server holds nothing of any client."""

    def holds_nothing() -> bool:
        now = held(server)
        return not (now["players"] or now["streams"] or now["worlds"] or now["clients"])

    wait_until(holds_nothing)


def test_teach__serves_this_machine_alone_and_refuses_a_taken_port(server):
    port = server.rsplit(":", 1)[1].strip("/")
    command = [sys.executable, "-c", "from segsim.cli import main; main()", "teach", "--no-browser", "--port"]
    taken = subprocess.run([*command, port], capture_output=True, text=True)
    assert taken.returncode == 2
    assert "already in use; choose another with --port" in taken.stderr
    process, address = start_server(command, stdout=subprocess.PIPE, text=True)
    with process:
        assert process.stdout is not None
        line = process.stdout.readline()
        process.send_signal(signal.SIGINT)
    assert address in line
