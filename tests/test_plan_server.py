"""The planner's page without a browser: what its server answers, the files it writes, and whom it refuses."""

import asyncio
import json
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("nicegui", reason="the page needs the extra teach")
httpx = pytest.importorskip("httpx")

from typer.testing import CliRunner  # noqa: E402

from segsim.cli import app  # noqa: E402
from segsim.errors import ScenarioError, SegsimError  # noqa: E402
from segsim.plan.app import LARGEST, make_app  # noqa: E402
from segsim.plan.draft import check_draft, name_draft, read_draft, write_draft  # noqa: E402
from segsim.plan.form import list_policy_forms  # noqa: E402
from segsim.plan.opening import open_plan  # noqa: E402
from segsim.plan.session import Session  # noqa: E402
from segsim.policies import LEVERS, Policy  # noqa: E402
from segsim.scenario import load_scenario, scenario_files  # noqa: E402
from segsim.scenario.loading import load_text  # noqa: E402
from segsim.sweden.municipalities import list_municipalities  # noqa: E402
from segsim.words.words import Words  # noqa: E402
from tests.patience import PATIENCE  # noqa: E402

SOLD = {
    "extends": "town",
    "label_en": "Sold",
    "label_sv": "Sålt",
    "years": 1,
    "policies": [{"tenure_conversion": {"share_per_year": 0.2}}],
}
POLICY_FILES = [name for name in scenario_files() if load_scenario(name).policies]


class Client:
    """Asks the application as a browser on this machine would, without a socket."""

    def __init__(self, app: Any) -> None:
        self.app = app

    def get(self, path: str, **more: Any):
        return self.request("GET", path, **more)

    def post(self, path: str, **more: Any):
        return self.request("POST", path, **more)

    def request(self, method: str, path: str, **more: Any):
        async def ask():
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8090") as client:
                return await client.request(method, path, **more)

        return asyncio.run(ask())


class Page:
    """What a page of ours would send, and what it is answered."""

    def __init__(self, out: Path) -> None:
        self.session = Session(out)
        self.client = Client(make_app(self.session))

    def ask(self, action: str, message: object = None, language: str = "en") -> dict:
        return self.client.post(f"/api/{action}?language={language}", json=message or {}).json()

    def ask_until(self, action: str, message: dict, key: str, *values: object) -> dict:
        """Ask until a key of the answer has one of some values."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            told = self.ask(action, message)
            if told[key] in values:
                return told
            time.sleep(0.1)
        raise AssertionError(told)


@pytest.fixture
def page(tmp_path) -> Iterator[Page]:
    opened = Page(tmp_path / "results")
    yield opened
    opened.session.close()


# what there is


def test_start__has_every_municipality_policy_and_text(page):
    for language in ("en", "sv"):
        start = page.ask("start", language=language)
        assert {m["code"] for m in start["municipalities"]} == {m.code for m in list_municipalities()}
        assert [form["kind"] for form in start["policies"]] == [lever.KIND for lever in LEVERS]
        assert start["texts"]["plan.title"] == Words(language, "plan")("plan.title")
        assert {"town", "growing_sodertalje"} <= {city["name"] for city in start["cities"]}


@pytest.mark.parametrize("language", ["en", "sv"])
def test_form__has_every_setting_of_every_policy_with_a_label(language):
    forms = {form["kind"]: form for form in list_policy_forms(Words(language, "plan"))}
    for lever in LEVERS:
        form = forms[lever.KIND]
        fields = form["fields"] + form["more"]
        own = {
            field.alias or name
            for name, field in lever.model_fields.items()
            if name not in Policy.model_fields
        }
        assert own == {field["key"] for field in form["fields"]}
        assert {"from", "until", "name", "cost_msek"} <= {field["key"] for field in form["more"]}
        assert all(field["label"] and "`" not in field["label"] for field in fields)
        names = [choice["label"] for field in fields for choice in field.get("choices", ())]
        assert not any("_" in str(name) for name in names)
        sliders = [field["slider"] for field in fields if field.get("slider")]
        assert all(slider["min"] < slider["max"] and slider["step"] > 0 for slider in sliders)


@pytest.mark.parametrize("lever", LEVERS, ids=lambda lever: lever.KIND)
def test_form__begins_with_an_example_the_checker_takes(lever, tmp_path):
    draft = SOLD | {"policies": [{lever.KIND: json.loads(json.dumps(lever.EXAMPLE))}]}
    checked = check_draft(draft, tmp_path / "x.yaml", "en")
    assert checked.problems == []
    assert checked.scenario.policies[0].kind == lever.KIND


def test_municipality__is_told_with_its_standing_and_map(page):
    told = page.ask("city", {"name": "Landskrona kommun"}, "sv")
    assert (told["name"], told["code"]) == ("landskrona", "1282")
    assert told["standing"]["headlines"][0]["value"] == "0,394"
    districts = told["map"]["districts"]
    assert len(districts) == 18
    assert sum(district["residents"] for district in districts) == 47_004
    assert all(district["path"].startswith("M") and district["path"].endswith("Z") for district in districts)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("1280", "malmo"),
        ("1282", "landskrona"),
        ("0643", "0643"),
        ("Malmö", "malmo"),
        ("upplands bro", "upplands_bro"),
        ("town", "town"),
    ],
)
def test_city__is_what_a_scenario_can_extend(page, text, name):
    assert page.ask("city", {"name": text})["name"] == name
    assert load_text(write_draft({"extends": name}), Path("x.yaml")).extends == name


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("landskroan", 'did you mean "landskrona"'),
        ("habo", '"0305" for Håbo or "0643" for Habo'),
        ("", "choose a municipality"),
        ("mixed_tenure", "is no city as it is"),
        ("schelling", "is no city as it is"),
    ],
)
def test_text_that_is_no_municipality__is_told_what_is_near(page, text, told):
    answer = page.client.post("/api/city", json={"name": text})
    assert answer.status_code == 422
    assert told.lower() in answer.json()["problem"].lower()


# the plan


def test_check__puts_each_message_beside_its_field(page):
    draft = SOLD | {
        "years": -2,
        "policies": [
            {"new_construction": {"dwellings_per_year": 10, "tenure_shares": {"cooperative": 0.5}}},
            {"tenure_conversion": {"share_per_year": 2, "areas": {"types": [9]}}},
            {"school_closure": {"wrong": 1}},
            {"no_such_policy": {}},
        ],
    }
    told = {tuple(one["keys"]): one["text"] for one in page.ask("check", {"draft": draft})["problems"]}
    assert set(told) == {
        ("years",),
        ("policies", 0, "new_construction", "tenure_shares"),
        ("policies", 1, "tenure_conversion", "share_per_year"),
        ("policies", 1, "tenure_conversion", "areas", "types"),
        ("policies", 2, "school_closure"),
        ("policies", 3),
    }
    assert "must be at most 1" in told["policies", 1, "tenure_conversion", "share_per_year"]


def test_check__says_what_segsim_check_says(page, tmp_path):
    draft = SOLD | {
        "policies": [{"tenure_conversion": {"share_per_year": 2}}, {"rent_setting": {"regime": "x"}}]
    }
    for language, form in (("en", ""), ("sv", "sv")):
        told = page.ask("check", {"draft": draft}, language)
        path = tmp_path / "sold.yaml"
        path.write_text(told["yaml"], "utf-8")
        with pytest.raises(ScenarioError) as refused:
            load_scenario(path)
        lines = format(refused.value, form).splitlines()
        assert len(lines) == len(told["problems"]) == 2
        assert all(line.endswith(one["text"]) for line, one in zip(lines, told["problems"], strict=True))


def test_city_of_a_plan__gives_costs_reach_places_and_remarks(page):
    subsidy = {"new_build_subsidy": {"dwellings_per_year": 10, "from": 2024}}
    draft = SOLD | {"years": 3, "policies": [subsidy, *SOLD["policies"]]}
    first = page.ask("check", {"draft": draft})
    assert first["problems"] == []
    assert first["plan"]["deciders"] == "the state and the landlord"
    told = page.ask_until("check", {"draft": draft}, "ready", True)
    cost, unknown = (policy["cost"] for policy in told["plan"]["policies"])
    assert cost == "3.3 million SEK a year, 6.6 in 2 years"  # 10 dwellings at 329 thousand, 2024 and 2025
    assert unknown == "not known, and none is given"
    assert told["plan"]["total"] == "6.6 million SEK in 3 years, and the cost of 1 more that is not known"
    places = page.ask("places", {"name": "town"})
    assert len(places["districts"]) == 4
    assert sum(district["residents"] for district in places["districts"]) == pytest.approx(6000, abs=60)
    nowhere = {"tenure_conversion": {"share_per_year": 0.1, "areas": {"districts": ["District 1"]}}}
    told = page.ask("check", {"draft": draft | {"policies": [nowhere]}})
    assert told["problems"][0]["keys"] == ["policies", 0, "tenure_conversion", "areas"]
    assert 'no district "District 1"' in told["problems"][0]["text"]
    early = {"tenure_conversion": {"share_per_year": 0.1, "from": 2030}}
    told = page.ask("check", {"draft": draft | {"policies": [early]}})
    assert "begins in 2030, after the last year, 2025" in told["remarks"][0]


@pytest.mark.parametrize("name", POLICY_FILES)
def test_every_shipped_plan__means_the_same_once_read_and_written(name):
    path = scenario_files()[name]
    draft = json.loads(json.dumps(read_draft(path.read_text("utf-8"), path)))
    assert load_text(write_draft(draft), path).content_hash == load_scenario(path).content_hash


def test_what_a_file_takes_away__is_taken_away_again_when_written():
    text = "extends: growing_sodertalje\nrules: null\npolicies:\n  - school_transport\n  - allocation:\n"
    draft = json.loads(json.dumps(read_draft(text, Path("x.yaml"))))
    assert draft["policies"] == [{"school_transport": {}}, {"allocation": {}}]
    assert "rules: null\n" in write_draft(draft)


def test_save_and_load__bring_the_same_plan_back(page):
    saved = Path(page.ask("save", {"draft": SOLD})["saved"])
    assert saved.name == "sold.yaml"
    loaded = page.ask("load", {"name": saved.name, "text": saved.read_text("utf-8")})
    assert loaded == {"draft": SOLD}
    assert load_scenario(saved).policies[0].share_per_year == 0.2


def test_save__asks_before_it_replaces_a_file_from_elsewhere(page):
    path = page.session.out / "sold.yaml"
    path.parent.mkdir()
    path.write_text("mine\n", "utf-8")
    assert page.ask("save", {"draft": SOLD}) == {"exists": str(path)}
    assert page.ask("run", {"kind": "compare", "seeds": 1, "draft": SOLD}) == {"exists": str(path)}
    assert path.read_text("utf-8") == "mine\n"
    assert page.ask("save", {"draft": SOLD, "replace": True}) == {"saved": str(path)}
    assert page.ask("save", {"draft": SOLD | {"years": 2}}) == {"saved": str(path)}


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Fler hyresrätter i Åkarp", "fler_hyresratter_i_akarp"),
        ("../../etc/passwd", "etc_passwd"),
        ("town", "town_plan"),
        ("0180", "0180_plan"),
        ("计划", "plan"),
        ("x" * 500, "x" * 60),
    ],
)
def test_name_of_a_plan__is_a_plain_file_name_and_no_city(title, name):
    assert name_draft({"extends": "town", "label_en": title}) == name


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("city: {municipality: malmo}", "extends no city"),
        ("- a\n- b\n", "must be"),
        ("extends: [", "YAML"),
        ("extends: town\npolicies: !!python/object/apply:os.system {}", "tag"),
        ("extends: town\npolicies: {}\n", "must be a list"),
    ],
)
def test_file_that_is_no_plan__is_refused_in_one_sentence(page, text, told):
    problem = page.ask("load", {"name": "x.yaml", "text": text})["problem"]
    assert told in problem
    assert "\n" not in problem


# runs


def test_run__writes_the_file_and_the_report_of_segsim_compare(page):
    begun = page.ask("run", {"kind": "compare", "seeds": 1, "draft": SOLD}, "sv")
    assert begun["state"] == "running"
    again = page.client.post("/api/run", json={"kind": "compare", "seeds": 1, "draft": SOLD})
    assert "under way" in again.json()["problem"]
    told = page.ask_until("progress", {}, "state", "done", "failed")
    assert (told["state"], told["problem"]) == ("done", "")
    assert (told["done"], told["total"]) == (2, 2)
    report = page.client.get(told["link"])
    assert "Sålt" in report.text
    assert "default-src 'none'" in report.headers["content-security-policy"]
    folder = page.session.out / "sold"
    assert (folder / "differences.csv").exists()
    for name in ("../sold.yaml", "%2e%2e/sold.yaml", "..%2fsold.yaml", "/etc/passwd", "nothing.html", "%00"):
        assert page.client.get(f"/report/{name}").status_code == 404


def test_run_called_off__ends_and_lets_another_begin(page):
    page.ask("run", {"kind": "diagnose", "seeds": 200, "city": "town"})
    assert page.ask("cancel")["state"] == "cancelled"
    assert page.session.runner._process.wait(PATIENCE) != 0
    assert page.ask("progress")["state"] == "cancelled"
    assert page.ask("run", {"kind": "diagnose", "seeds": 1, "city": "town"})["state"] == "running"
    page.ask("cancel")


def test_run_without_a_policy__is_refused(page):
    assert (
        "no policy yet"
        in page.ask("run", {"kind": "compare", "seeds": 1, "draft": SOLD | {"policies": []}})["problem"]
    )


# whom it refuses

FOREIGN = ({"host": "evil.example"}, {"origin": "http://evil.example"}, {"origin": "null"})


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_foreign_page__is_refused_everywhere(page, headers):
    assert page.client.get("/", headers=headers).status_code in (403, 421)
    for action in ("start", "save", "run"):
        answer = page.client.post(f"/api/{action}", json={"draft": SOLD}, headers=headers)
        assert answer.status_code in (403, 421)
    assert not page.session.out.exists()


BROKEN = (
    b"",
    b"{",
    b"[]",
    b"3",
    b"null",
    b'{"draft": NaN}',
    b"[" * 100_000,
    b'{"draft": {}}',
    b'{"draft": {"extends": 3}}',
    b'{"draft": [], "name": 4, "seeds": "many"}',
    b'{"name": null, "text": {}, "seeds": 1e9, "kind": []}',
    b"\xff\xfe",
)


@pytest.mark.parametrize("body", BROKEN, ids=lambda body: repr(body[:30]))
def test_broken_message__is_answered_in_one_sentence(page, body):
    for action in ("city", "places", "check", "save", "load", "run"):
        answer = page.client.post(
            f"/api/{action}", content=body, headers={"content-type": "application/json"}
        )
        assert answer.status_code in (400, 422), (action, answer.text)
        assert set(answer.json()) == {"problem"}
    assert not page.session.out.exists()


ODD_PLANS = (
    {"extends": "town", "policies": 3},
    {"extends": "town", "policies": [3, None, [], {"a": 1, "b": 2}]},
    {"extends": "town", "years": {"a": {"b": [None]}}},
    {"extends": "town", "label_en": "\u2028\x00\ud800", "policies": []},
    {"extends": "town", "extra": {"": {"": ""}}},
    {"extends": "", "policies": []},
    {"extends": "../../../etc/passwd"},
    {"extends": "x" * 1000},
    {"extends": "town", "label_en": {"a": 1}},
    {"extends": "town", "years": 1e308},
)


@pytest.mark.parametrize("draft", ODD_PLANS, ids=lambda draft: str(draft)[:40])
def test_odd_plan__is_told_what_is_wrong(page, draft):
    answer = page.client.post(
        "/api/check", content=json.dumps({"draft": draft}), headers={"content-type": "application/json"}
    )
    told = answer.json()
    assert answer.status_code in (200, 422)
    assert told.get("problem") or told["problems"] or draft.get("policies") == []


def test_address_of_another_name__is_told_that_it_serves_this_machine_alone(page):
    told = page.client.get("/", headers={"host": "plan.example"})
    assert told.status_code == 421
    assert "this machine alone" in told.text
    assert "--host" not in told.text


def test_fault_within__is_told_as_one_and_not_as_silence(page, monkeypatch):
    monkeypatch.setattr("segsim.plan.session.check_draft", lambda *_: 1 / 0)
    answer = page.client.post("/api/check?language=sv", json={"draft": SOLD})
    assert answer.status_code == 500
    assert "ett fel i segsim: ZeroDivisionError" in answer.json()["problem"]


def test_message_of_another_kind_or_too_large__is_refused(page):
    assert page.client.post("/api/save", content=b"draft=1").status_code == 415
    large = b'{"text": "' + b"x" * LARGEST + b'"}'
    assert (
        page.client.post("/api/load", content=large, headers={"content-type": "application/json"}).status_code
        == 413
    )
    assert page.client.post("/api/nothing", json={}).status_code == 404
    assert page.client.get("/api/start").status_code == 405
    assert page.client.get("/nothing").status_code == 404


def test_page__asks_nothing_of_other_machines(page):
    answer = page.client.get("/?language=sv")
    assert '<html lang="sv"' in answer.text
    assert "Planera mot segregation" in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    folder = Path(sys.modules["segsim.plan.app"].__file__).with_name("assets")
    for file in (*folder.glob("*.js"), *folder.glob("*.css"), *folder.glob("*.html")):
        text = file.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "http" not in text.replace("https", "http") or "://" not in text, file.name


# the command line


def test_opening__takes_a_municipality_or_a_file(tmp_path):
    assert open_plan("Malmö")["extends"] == "malmo"
    (tmp_path / "here.yaml").write_text(
        "extends: sub/city.yaml\npolicies: [{school_transport: {transport_km: 3}}]\n"
    )
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "city.yaml").write_text(scenario_files()["town"].read_text("utf-8"), "utf-8")
    draft = open_plan(str(tmp_path / "here.yaml"))
    assert draft["extends"] == str(tmp_path / "sub" / "city.yaml")
    assert check_draft(draft, tmp_path / "elsewhere" / "x.yaml", "en").problems == []


@pytest.mark.parametrize("start", ["landskroan", "no/such/file.yaml", "schelling"])
def test_opening__refuses_what_is_no_city(start):
    with pytest.raises(SegsimError) as refused:
        open_plan(start)
    assert "\n" not in str(refused.value)


def test_command__tells_of_a_taken_port_and_a_folder_that_is_none_in_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        for options, told in (
            (["--port", port], "already in use; choose another with --port"),
            (["--out", str(tmp_path / "file")], "is a file"),
            (["landskroan"], "did you mean"),
        ):
            done = CliRunner().invoke(app, ["plan", "--no-browser", *options])
            assert done.exit_code == 2
            assert told in done.stderr
            assert len(done.stderr.splitlines()) == 1
