"""The classroom page without a browser: settings and links, lessons, worlds, texts, admission, many seeds."""

import asyncio
import itertools
import json
import struct
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from segsim.errors import ScenarioError
from segsim.scenario import load_scenario
from segsim.tables import NONE, Tenure
from segsim.teach.many_seeds import Spread
from segsim.teach.page.charts import write_reading
from segsim.teach.page.player import Player
from segsim.teach.scenes import admission
from segsim.teach.scenes.cities import CityWorld, find_town
from segsim.teach.scenes.class_choice import ClassChoice
from segsim.teach.scenes.exercises import EXERCISES, FREE, YEARS
from segsim.teach.scenes.images import PEOPLE, CityImage, encode_png
from segsim.teach.scenes.lessons import PRESETS
from segsim.teach.scenes.scenario_from_settings import (
    SCENARIO_SCENES,
    STAGES,
    city_values,
    scenario_from_settings,
    scenario_yaml,
)
from segsim.teach.scenes.scenes import MOVED, UNSATISFIED, BoardWorld, LeagueWorld, SchoolsWorld, make_world
from segsim.teach.scenes.settings import (
    DECISIONS,
    LIMITS,
    Choice,
    Number,
    Settings,
    parse_link,
    read_language,
    rebalance,
    write_link,
)
from segsim.words.words import Words

KIND = 7  # who lives on a square, without marks
SMALL = Settings(preset="schelling", rows=20, columns=20)


def query_of(link: str) -> dict[str, str]:
    return dict(part.split("=") for part in link.removeprefix("?").split("&"))


# texts


def test_texts__name_every_choice_and_lesson():
    words = Words("en", "classroom")
    for key, limit in LIMITS.items():
        if isinstance(limit, Choice) and key not in ("torus", "list_1", "list_2", "list_3"):
            assert all(words.has(f"{key}.{word}") for word in limit.words)
    for name in PRESETS:
        assert all(words.has(f"preset.{name}.{part}") for part in ("title", "summary", "task"))
    for name, decisions in DECISIONS.items():
        assert all(words.has(f"{part}.{name}") for part in ("question", "research"))
        assert all(words.has(f"{part}.{word}") for word in decisions for part in ("decision", "why"))


# links


@pytest.mark.parametrize("preset", PRESETS)
def test_link__brings_the_lesson_back(preset):
    settings, problems = parse_link(query_of(write_link(PRESETS[preset], PRESETS, "sv")), PRESETS)
    assert (settings, problems) == (PRESETS[preset], [])


def test_link__brings_changed_settings_back():
    changed = PRESETS["beta_debate"].with_(beta=7.5, shares=(60, 30, 10), density=0.61, seed=77, rows=80)
    assert parse_link(query_of(write_link(changed, PRESETS, "en")), PRESETS) == (changed, [])


@pytest.mark.parametrize(
    "query",
    [
        {"preset": "nonsense"},
        {"wanted": "1.5"},
        {"wanted": "nan"},
        {"wanted": "inf"},
        {"rows": "12.5"},
        {"rows": "100000000"},
        {"shares": "50-60"},
        {"shares": "100-0"},
        {"shares": "²5-75"},
        {"rule": "<script>"},
        {"seed": "1e400"},
        {"scene": "city"},
        {"whatever": "1"},
        {"": ""},
        {"list_1": "112"},
    ],
)
def test_malformed_link__keeps_the_lesson_and_names_the_key(query):
    settings, problems = parse_link(query, PRESETS)
    assert settings == next(iter(PRESETS.values()))
    assert problems == [next(iter(query))]


@given(
    st.dictionaries(
        st.sampled_from([*LIMITS, "preset", "language", "x"]),
        st.one_of(st.text(max_size=30), st.floats().map(str), st.integers(-5, 600).map(str)),
        max_size=8,
    )
)
@hypothesis_settings(max_examples=200, deadline=None)
def test_any_link__gives_settings_within_limits(query):
    settings, _ = parse_link(query, PRESETS)
    assert settings.preset in PRESETS
    assert sum(settings.shares) == 100
    for key, limit in LIMITS.items():
        value = getattr(settings, key)
        if isinstance(limit, Number):
            assert limit.low <= value <= limit.high
        elif isinstance(limit, Choice):
            assert value in limit.words
    read_language(query, "en")


@given(
    st.sampled_from([name for name in PRESETS if PRESETS[name].scene in ("board", "schools")]),
    st.sampled_from(["threshold", "linear", "single_peaked", "stairs"]),
    st.sampled_from(["threshold", "best_response", "logit"]),
    st.sampled_from(["nearest", "one", "some", "all"]),
    st.integers(1, 10),
    st.integers(10, 40),
    st.integers(10, 40),
    st.sampled_from(["yes", "no"]),
    st.sampled_from([0.2, 0.5, 0.99]),
)
@hypothesis_settings(max_examples=60, deadline=None)
def test_any_settings__make_a_scenario_and_a_file_that_says_the_same(
    name, utility, rule, seen, radius, rows, columns, torus, density
):
    settings = PRESETS[name].with_(
        utility=utility,
        rule=rule,
        candidates=seen,
        radius=radius,
        rows=rows,
        columns=columns,
        torus=torus,
        density=density,
    )
    shown = scenario_from_settings(settings, 100)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "shown.yaml"
        file.write_text(scenario_yaml(settings), "utf-8")
        read = load_scenario(file)
    for key in ("city", "groups", "steps", "rules", "preferences", "years"):
        assert getattr(read, key) == getattr(shown, key), key


# scenario files


@pytest.mark.parametrize("name", [name for name in PRESETS if PRESETS[name].scene in SCENARIO_SCENES])
def test_scenario_file__says_what_is_on_screen(name, tmp_path):
    file = tmp_path / f"{name}.yaml"
    file.write_text(scenario_yaml(PRESETS[name]), "utf-8")
    read, shown = load_scenario(file), scenario_from_settings(PRESETS[name], 100)
    for key in ("city", "groups", "steps", "rules", "preferences", "policies"):
        assert getattr(read, key) == getattr(shown, key), key
    assert read.summary_sv == Words("sv", "classroom")(f"preset.{name}.summary")


def test_scenario_file__is_refused_for_examples_of_one_rule():
    with pytest.raises(ValueError, match="no scenario"):
        scenario_yaml(PRESETS["admission"])


def test_map_of_a_town__leaves_out_the_outermost_places():
    sheet = np.zeros((200, 300), np.uint8)
    sheet[90:110, 140:160] = 1
    sheet[0, 0] = sheet[199, 299] = 1
    rows, columns = find_town(sheet)
    assert (rows.start, rows.stop, columns.start, columns.stop) == (88, 111, 138, 161)


def test_last_stage_of_the_city__is_the_city_itself():
    assert {key for stage in STAGES for key in stage} == set(FREE)
    assert not city_values(PRESETS["whole_city"].with_(stage=4)).keys() & FREE.keys()
    whole = scenario_from_settings(PRESETS["whole_city"].with_(stage=4))
    city = load_scenario(PRESETS["whole_city"].town)
    own_group = city.preferences.housing.own_group
    assert PRESETS["whole_city"].own_group == own_group
    assert (whole.rules, whole.preferences) == (city.rules, city.preferences)


# settings


@given(st.lists(st.integers(1, 50), min_size=2, max_size=4), st.integers(0, 3), st.integers(-5, 120))
def test_rebalanced__sums_to_100_and_empties_no_group(weights, group, share):
    total = sum(weights)
    shares = [max(1, 100 * w // total) for w in weights]
    shares[shares.index(max(shares))] += 100 - sum(shares)
    found = rebalance(tuple(shares), group % len(shares), share)
    assert sum(found) == 100
    assert min(found) >= 1


def test_settings__are_made_to_fit_each_other():
    assert SMALL.with_(rule="logit").candidates == "some"
    assert SMALL.with_(radius=10).radius == 9
    assert SMALL.with_(rows=500, columns=500, rule="logit", candidates="all").candidates == "some"


# worlds


@pytest.mark.parametrize("name", [name for name in PRESETS if PRESETS[name].scene != "admission"])
def test_world__moves_and_is_read(name):
    world = make_world(PRESETS[name])
    before = world.picture().copy()
    for _ in range(2):
        world.step()
    assert world.step_number == 2
    assert world.picture().shape == before.shape or name == "league_tables"
    assert all(np.isfinite(value) for value in world.read().values())


@pytest.mark.parametrize("name", EXERCISES)
def test_exercise__begins_with_two_cities_alike(name):
    assert tuple(EXERCISES[name].decisions) == DECISIONS[name]
    reading = make_world(PRESETS[name].with_(town="town")).read()
    differences = [value for key, value in reading.items() if key.endswith("_difference")]
    assert all(value == 0 or np.isnan(value) for value in differences)  # nobody has queued yet
    assert {f"{quantity.key}_today" for quantity in EXERCISES[name].quantities} <= reading.keys()


def test_exercise__is_answered_by_the_model_when_the_years_are_over():
    settings = PRESETS["wish_or_rule"].with_(town="town", decision="neither")
    world = make_world(settings)
    for year in range(YEARS):
        assert (world.step_number, world.settled) == (year, False)
        world.step()
    assert world.settled
    reading = world.read()
    assert reading["D_homes"] < reading["D_homes_today"]
    assert reading["D_homes_difference"] == reading["D_homes"] - reading["D_homes_today"]
    assert world.change(settings.with_(map="tenure"))
    assert not world.change(settings.with_(decision="no_wish"))


def test_household__is_the_same_in_both_cities_and_is_told_where_it_lives():
    ended = 0
    for number in (1, 50, 99):
        world = CityWorld(PRESETS["whole_city"].with_(town="town", household=number))
        first = [life.events[0] for life in world.lives()]
        assert first[0] == first[1]
        for _ in range(5):
            world.step()
        for life, shown, city in zip(world._lives, world.lives(), (world.city, world.other), strict=True):
            at_home = [event for event in shown.events if event.what in ("lives", "moves", "changes_tenure")]
            tables, row = city.tables, life._row
            if not life.is_here(city):
                ended += 1
                assert shown.events[-1].what == "left"
                assert shown.places == []
            elif (home := tables.households.home[row]) != NONE:
                area = tables.cells.area[tables.dwellings.cell[home]]
                district = city.state.district_names[tables.areas.district[area]]
                assert at_home[-1].names == (district, Tenure(tables.dwellings.tenure[home]).name.lower())
    assert ended < 6


def test_board__goes_on_with_other_wishes():
    world = BoardWorld(SMALL)
    for _ in range(30):
        world.step()
    assert world.settled
    people = world.picture() & KIND
    assert world.change(SMALL.with_(wanted=0.6))
    np.testing.assert_array_equal(world.picture() & KIND, people)
    assert world.read()["satisfied"] < 1
    world.step()
    assert (world.picture() & KIND != people).any()


def test_board__marks_who_is_unsatisfied_and_who_has_just_moved():
    world = BoardWorld(SMALL.with_(torus="no", wanted=0.5))
    before = world.picture() & KIND
    world.step()
    marked = world.picture()
    kinds, is_unsatisfied = (marked & KIND).astype(int), (marked & UNSATISFIED) > 0
    for row, column in zip(*np.nonzero(kinds), strict=True):  # half of the neighbours alike is enough
        near = kinds[max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2]
        people, alike = np.count_nonzero(near) - 1, np.count_nonzero(near == kinds[row, column]) - 1
        assert is_unsatisfied[row, column] == (people > 0 and alike / people < 0.5)
    came = (marked & MOVED) > 0
    assert came[(before == 0) & (kinds > 0)].all()  # somebody came where nobody lived
    assert not came[kinds == 0].any()


def test_board__is_made_anew_for_other_groups():
    assert not BoardWorld(SMALL).change(SMALL.with_(shares=(40, 60)))


def test_board__reads_what_can_be_counted_by_hand():
    world = BoardWorld(replace(SMALL, rows=10, columns=10, torus="yes", density=0.8))
    board = (world.picture() & KIND).astype(int)
    own = []
    for row, column in zip(*np.nonzero(board), strict=True):
        around = [
            board[(row + i) % 10, (column + j) % 10]
            for i, j in itertools.product((-1, 0, 1), repeat=2)
            if (i, j) != (0, 0)
        ]
        near = [kind for kind in around if kind]
        if near:
            own.append(np.mean([kind == board[row, column] for kind in near]))
    assert world.read()["own_share"] == pytest.approx(np.mean(own))
    assert world.counts().sum() == np.count_nonzero(board)


def test_tolerance_paradox__separates_though_all_like_a_mix_best():
    world = make_world(PRESETS["tolerance_paradox"])
    for _ in range(10):
        world.step()
    reading = world.read()
    assert reading["own_share"] > 0.65
    assert reading["satisfied"] < 0.5


@pytest.mark.parametrize(("at_all", "stays"), [(0.5, True), (0.0, False)])
def test_wish_for_a_mix__is_what_undoes_a_separate_start_and_not_tolerance(at_all, stays):
    world = make_world(PRESETS["wish_for_a_mix"].with_(at_all=at_all))
    before = world.read()["D"]
    for _ in range(40):
        world.step()
    after = world.read()
    assert world.settled
    assert after["satisfied"] == 1
    assert (after["D"] == before) if stays else (after["D"] < 1.2 * after["D_chance"])


def test_nearness__tempers_school_segregation__stoica_flache_2014():
    found = []
    for weight in (1.0, 0.2):
        world = SchoolsWorld(PRESETS["schools"].with_(composition_weight=weight))
        for _ in range(60):
            world.step()
        found.append(world.read()["D"])
    assert found[1] < 0.7 * found[0]


def league(**changes) -> list[dict[str, float]]:
    world = LeagueWorld(PRESETS["league_tables"].with_(**changes))
    readings = []
    for step in range(260):
        world.step()
        if step >= 60:
            readings.append(world.read())
    return readings


@pytest.mark.parametrize(("impact", "expected"), [(-0.5, 0.3214), (-0.25, 0.3958)])
def test_league_table__of_harmful_schools__kinkead(impact, expected):
    readings = league(sorting=0.0, impact_a=impact, impact_b=impact)
    means = [reading[key] for reading in readings for key in ("mean_a", "mean_b")]
    assert np.mean(means) == pytest.approx(expected, abs=0.006)


def test_league_table__of_equal_schools_misleads__kinkead():
    readings = league(sorting=0.5)
    high = np.mean([max(r["mean_a"], r["mean_b"]) for r in readings])
    low = np.mean([min(r["mean_a"], r["mean_b"]) for r in readings])
    assert (high, low) == (pytest.approx(0.625, abs=0.01), pytest.approx(0.375, abs=0.01))
    assert all(r["added_a"] == r["added_b"] == 0 for r in readings)


# admission


def test_textbook_example__abdulkadiroglu_sonmez_2003():
    wishes = admission.WISHES
    assert admission.outcome("deferred", wishes) == (0, 1, 2)
    assert admission.outcome("trading", wishes) == (1, 0, 2)
    assert admission.outcome("immediate", wishes) == (1, 2, 0)


def test_lying__pays_under_boston_and_never_under_the_others():
    assert admission.gains("immediate", admission.WISHES) == [admission.Gain(1, 1, (1, 0, 2))]
    for mechanism in ("deferred", "trading"):
        assert admission.gains(mechanism, admission.WISHES) == []
    assert admission.envies("deferred", admission.WISHES) == []


@pytest.mark.parametrize("mechanism", ["immediate", "deferred", "trading"])
def test_rounds__end_as_the_kernel_says(mechanism):
    for lists in itertools.product(admission.ALL_LISTS, repeat=3):
        seats: dict[int, int] = {}
        for event in admission.rounds(mechanism, lists):
            if event.what in ("keeps", "holds", "cycle"):
                seats[event.school] = event.pupil
        got = {pupil: school for school, pupil in seats.items()}
        assert tuple(got[p] for p in range(3)) == admission.outcome(mechanism, lists)


def play_class(wishes: list[tuple[int, ...]]) -> ClassChoice:
    choice = ClassChoice("1234")
    for i, listed in enumerate(wishes):
        assert choice.welcome(f"client {i}", f"pupil {i}")
        choice.ask(f"client {i}", listed)
    return choice


def test_class__gets_as_many_seats_as_lists_and_every_pupil_one():
    choice = play_class([(0, 1, 2)] * 4 + [(2, 1, 0)])
    choice.admit("deferred")
    assert choice.seats() == [2, 2, 1]
    assert np.bincount(list(choice.places.values()), minlength=3).tolist() == [2, 2, 1]
    assert choice.places["client 4"] == 2  # the only one who asks for it first
    assert {choice.places["client 0"], choice.places["client 3"]} == {0}  # who live near it
    assert choice.find_gainers() == []
    choice.ask("client 1", (1, 0, 2))
    assert choice.places == {}


def test_class__can_gain_by_another_list_under_boston_alone():
    # 0 lives near A and gets it; 1 lives near B, asks for A first, and finds B given to 2, who asked first
    choice = play_class([(0, 1, 2), (0, 1, 2), (1, 0, 2)])
    places, gainers = {}, {}
    for rule in ("immediate", "deferred", "trading"):
        choice.admit(rule)
        places[rule], gainers[rule] = list(choice.places.values()), choice.find_gainers()
    assert places == {"immediate": [0, 2, 1], "deferred": [0, 1, 2], "trading": [0, 1, 2]}
    assert gainers == {"immediate": ["client 1"], "deferred": [], "trading": []}


def test_class__lets_in_nobody_without_a_name_or_list_that_cannot_be():
    choice = ClassChoice("1234")
    assert not choice.welcome("a", "  ")
    assert choice.welcome("a", "x" * 99)
    assert choice.names["a"] == "x" * 20
    choice.ask("a", (0, 0, 1))
    choice.ask("b", (0, 1, 2))
    assert choice.lists == {}
    choice.leave("a")
    assert choice.names == {}


# playing


def opened(message: bytes) -> tuple[dict, np.ndarray]:
    size = struct.unpack("<I", message[:4])[0]
    header = json.loads(message[4 : 4 + size])
    picture = np.frombuffer(message[4 + size :], np.uint8)
    return header, picture.reshape(header["rows"], header["columns"])


def test_player__shows_steps_and_follows_settings():
    async def play() -> list[dict]:
        player = Player(replace(SMALL, speed=6))
        headers = [opened(await player.next_message() or b"")[0]]
        player.play(True)
        for _ in range(5):
            player.note_drawn()
            headers.append(opened(await player.next_message() or b"")[0])
        player.change(SMALL.with_(shares=(70, 30)))
        player.note_drawn()
        headers.append(opened(await player.next_message() or b"")[0])
        player.close()
        assert await player.next_message() is None
        assert player.world is None
        return headers

    headers = asyncio.run(play())
    assert [h["new"] for h in headers] == [True, *[False] * 5, True]
    assert [h["step"] for h in headers][:6] == sorted(h["step"] for h in headers[:6])
    assert headers[0]["step"] == headers[-1]["step"] == 0


def test_player__waits_for_the_client_to_draw():
    async def play() -> None:
        player = Player(replace(SMALL, wanted=0.9, speed=6))
        player.play(True)
        for _ in range(2):
            await player.next_message()
        assert player._wait() is None  # until something happens, however long that takes
        player.note_drawn()
        assert player._wait() is not None
        assert await player.next_message()

    asyncio.run(play())


def test_player__tells_what_cannot_be_and_keeps_the_board(monkeypatch):
    def refuse(settings: Settings) -> None:
        raise ScenarioError("the board is too small\nand more", "brädet är för litet\noch mer")

    async def play() -> None:
        player = Player(SMALL)
        await player.next_message()
        monkeypatch.setattr("segsim.teach.page.player.make_world", refuse)
        player.change(SMALL.with_(seed=5))
        player.note_drawn()
        header, picture = opened(await player.next_message() or b"")
        assert header["problem"] == "the board is too small"
        assert picture.shape == (20, 20)

    asyncio.run(play())


def test_values__are_written_as_their_curve_has_them():
    words = Words("sv", "classroom")
    forms = ("number", "percent", "points", "tenths", "whole")
    told = [write_reading(0.1234, form, words) for form in forms]
    assert told == ["0,12", "12\N{NO-BREAK SPACE}%", "12,3", "0,1", "0"]


def test_many_seeds__differ_and_can_be_stopped():
    found: list[int] = []

    async def run(stop_after: int) -> Spread:
        def note(readings):
            found.append(len(readings))
            if len(readings) == stop_after:
                spread.stop()

        spread = Spread(SMALL, note)
        await spread.run()
        return spread

    spread = asyncio.run(run(4))
    assert found == [1, 2, 3, 4]
    assert len({reading["D"] for reading in spread.readings}) > 1


def test_assets__ask_nobody_else():
    folder = Path(__file__).parents[1] / "segsim" / "teach" / "assets"
    for file in folder.iterdir():
        text = file.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")  # the name of a format
        assert "http://" not in text
        assert "https://" not in text


def test_png__is_read_back_as_it_was_drawn(tmp_path):
    matplotlib = pytest.importorskip("matplotlib.image")
    squares = np.array([[0, 1, 2], [2, 1, 0]], np.uint8)
    file = tmp_path / "board.png"
    file.write_bytes(encode_png(CityImage(squares, PEOPLE), scale=4))
    read = matplotlib.imread(file)
    assert read.shape[:2] == (8, 12)
    for kind in range(3):
        colour = [int(PEOPLE[kind][i : i + 2], 16) / 255 for i in (1, 3, 5)]
        row, column = np.argwhere(squares == kind)[0]
        np.testing.assert_allclose(read[4 * row + 2, 4 * column + 2, :3], colour, atol=1e-6)
