"""Tables fetched from Statistics Sweden's database: answers in the form of its API, without a network."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import product

import pandas as pd
import pytest
from typer.testing import CliRunner

from scb_exports import HIDDEN, TABLES, TYPES, Extract, json_stat
from segsim.cli import app
from segsim.errors import DataError
from segsim.sweden.facts import read_area_rows
from segsim.sweden.municipalities import find_municipality
from segsim.synthesis.areas.area_table import COUNTS, RATES
from segsim.synthesis.imports import fetching
from segsim.synthesis.imports.fetching import fetch_tables, open_database
from segsim.synthesis.imports.writing import import_folder

CODE = "1282"
FACTS = read_area_rows([CODE]).set_index("deso")
LANDSKRONA = find_municipality(CODE)
YEARS = ("2023", "2024")


def answer(table):
    """Return all of a table: areas of both divisions, districts, the country and another municipality."""
    areas = FACTS if table is not TYPES else FACTS.drop_duplicates("regso_code").set_index("regso_code")
    division = "_DeSO2025" if table is not TYPES else "_RegSO2025"
    rows = {f"{code}{division}": row for code, row in areas.iterrows()}
    rows |= {str(code): row for code, row in areas.iterrows()}
    rows |= {"00": areas.iloc[0], "1282": areas.iloc[0], "1281A0010_DeSO2025": areas.iloc[0]}
    return json_stat(Extract(table, rows, YEARS))


ANSWERS = {table.number: answer(table) for table in (*TABLES, TYPES)}


class Recorded:
    """A database that answers from what is recorded, as pxwebpy hands it on."""

    def __init__(self, answers=ANSWERS):
        self.answers = answers
        self.asked = []

    def get_table_variables(self, table_id):
        if table_id not in self.answers:
            raise OSError("Error 404: Not Found")
        return self.answers[table_id]["dimension"]

    def get_table_data(self, table_id, value_codes, *, show):
        assert show == "code_value"
        self.asked.append((table_id, value_codes))
        return unpack(select(self.answers[table_id], value_codes))


def select(content, chosen):
    """Return a dataset with some values of each variable alone."""
    names = content["id"]
    codes = {name: list(content["dimension"][name]["category"]["index"]) for name in names}
    cells = dict(zip(product(*codes.values()), content["value"], strict=True))
    dimension = {
        name: {
            "label": content["dimension"][name]["label"],
            "category": {
                "index": {code: i for i, code in enumerate(chosen[name])},
                "label": {c: content["dimension"][name]["category"]["label"][c] for c in chosen[name]},
            },
        }
        for name in names
    }
    sizes = [len(chosen[name]) for name in names]
    values = [cells[key] for key in product(*(chosen[name] for name in names))]
    return {**content, "size": sizes, "dimension": dimension, "value": values}


def unpack(content):
    about = [content["dimension"][name] for name in content["id"]]
    labels = [[f"{c}: {text}" for c, text in one["category"]["label"].items()] for one in about]
    names = [one["label"] for one in about]
    return [
        {**dict(zip(names, key, strict=True)), "value": value}
        for key, value in zip(product(*labels), content["value"], strict=True)
    ]


def test_fetched_tables__make_the_city_they_are_of(tmp_path):
    fetched = fetch_tables(tmp_path / "scb", LANDSKRONA, Recorded())
    assert {one.year for one in fetched} == {2024}
    made = import_folder(tmp_path / "scb", LANDSKRONA, tmp_path / "own.yaml")
    assert (made.assembly.year, made.assembly.division, made.assembly.missing) == (2024, 2025, ())
    assert list(made.assembly.table.index) == list(FACTS.index)
    for name in (*COUNTS, *RATES):
        pd.testing.assert_series_equal(
            made.assembly.table[name], FACTS[name].astype(float), check_names=False
        )
    assert made.written is not None


def test_only_one_municipality_and_year__is_asked_for(tmp_path):
    database = Recorded()
    fetch_tables(tmp_path, LANDSKRONA, database)
    for number, selection in database.asked:
        assert selection["Tid"] == ["2024"]
        kind = "_RegSO2025" if number == TYPES.number else "_DeSO2025"
        assert all(code.startswith(CODE) and code.endswith(kind) for code in selection["Region"])


def test_years_up_to_2023__have_areas_of_2018_and_tables_of_their_own(tmp_path):
    answers = ANSWERS | {"TAB6258": ANSWERS["TAB6638"], "TAB5956": ANSWERS["TAB6534"]}
    database = Recorded(answers)
    fetched = {one.subject.key: one for one in fetch_tables(tmp_path, LANDSKRONA, database, 2023)}
    assert fetched["tenure"].number == "TAB6258"
    assert fetched["education"].number == "TAB5956"
    assert all("_" not in code for _, selection in database.asked for code in selection["Region"])


def test_files_that_are_there__are_kept(tmp_path):
    fetch_tables(tmp_path, LANDSKRONA, Recorded())
    again = Recorded()
    fetch_tables(tmp_path, LANDSKRONA, again)
    assert again.asked == []


def test_a_table_under_another_number__is_fetched_when_it_is_told(tmp_path):
    answers = {("TAB9999" if number == "TAB6679" else number): one for number, one in ANSWERS.items()}
    with pytest.raises(DataError, match=r"TAB6679 \(median net income .*404.*--table income=TAB\.\.\."):
        fetch_tables(tmp_path, LANDSKRONA, Recorded(answers))
    fetch_tables(tmp_path, LANDSKRONA, Recorded(answers), numbers={"income": "TAB9999"})
    assert (tmp_path / "TAB9999_1282_2024.csv").exists()
    with pytest.raises(
        DataError, match='there is no table "wages" to give a number for; there are background'
    ):
        fetch_tables(tmp_path, LANDSKRONA, Recorded(), numbers={"wages": "TAB1"})


def test_a_table_without_the_municipality__is_told(tmp_path):
    with pytest.raises(DataError, match=r"TAB6571 .*no areas of Lund in 2023"):
        fetch_tables(
            tmp_path,
            find_municipality("lund"),
            Recorded(),
            2023,
            {"tenure": "TAB6638", "education": "TAB6534"},
        )


def test_the_command__fetches_and_imports(tmp_path, monkeypatch):
    monkeypatch.setattr(fetching, "open_database", Recorded)
    call = ["import", str(tmp_path / "scb"), "--municipality", CODE, "--out", str(tmp_path / "own.yaml")]
    result = CliRunner().invoke(app, [*call, "--from-scb", "--fill"])
    assert result.exit_code == 0, result.output
    assert "TAB6679_1282_2024.csv: median net income at 20 and over (TAB6679) 2024" in result.stdout
    result = CliRunner().invoke(app, [*call, "--from-scb", "--table", "income"])
    assert result.exit_code == 2
    assert "write which table and its number, such as income=TAB6679" in result.stderr


def test_without_its_package__says_what_to_install(monkeypatch):
    def refuse(name):
        raise ImportError(name)

    monkeypatch.setattr(fetching, "import_module", refuse)
    with pytest.raises(DataError, match=r"pip install 'segsim\[scb\]'"):
        open_database()


class Answers(BaseHTTPRequestHandler):
    """The database as its API answers, for pxwebpy on this machine."""

    def log_message(self, *_):
        pass

    def do_GET(self):
        path = self.path.split("?")[0]
        if path == "/config":
            limits = {"maxDataCells": 150000, "maxCallsPerTimeWindow": 30, "timeWindow": 10}
            self.reply({"apiVersion": "2.3.2", "defaultLanguage": "sv", **limits})
        elif path == "/tables":
            self.reply({"page": {"totalElements": 11}})
        else:
            self.reply(ANSWERS.get(path.split("/")[2]))

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        chosen = {one["variableCode"]: one["valueCodes"] for one in asked["selection"]}
        self.reply(select(ANSWERS[self.path.split("/")[2]], chosen))

    def reply(self, content):
        self.send_response(200 if content else 404)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(content or {"title": "Not Found"}).encode())


@pytest.fixture
def address():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_pxwebpy__hands_on_what_the_database_answers(tmp_path, address):
    pytest.importorskip("pxweb")
    fetch_tables(tmp_path / "scb", LANDSKRONA, open_database(address))
    made = import_folder(tmp_path / "scb", LANDSKRONA, tmp_path / "own.yaml")
    assert made.assembly.missing == ()
    assert made.assembly.table["foreign_background"].tolist() == FACTS["foreign_background"].tolist()
    with pytest.raises(DataError, match="404"):
        fetch_tables(tmp_path / "x", LANDSKRONA, open_database(address), numbers={"income": "TAB1"})
    with pytest.raises(DataError, match="does not answer"):
        open_database("http://127.0.0.1:9")


def test_hidden_values__stay_hidden(tmp_path):
    content = ANSWERS["TAB6679"]
    answers = ANSWERS | {"TAB6679": {**content, "value": [None] * len(content["value"])}}
    fetch_tables(tmp_path, LANDSKRONA, Recorded(answers))
    text = (tmp_path / "TAB6679_1282_2024.csv").read_text()
    assert text.count(f",{HIDDEN}\n") == len(text.splitlines()) - 1


def test_table_without_values__is_refused_and_leaves_no_file_that_would_be_kept(tmp_path):
    class Silent(Recorded):
        def get_table_data(self, table_id, value_codes, *, show):
            return []

    with pytest.raises(DataError, match=r"TAB\d+ .* could not be fetched: no values for Landskrona in 2024"):
        fetch_tables(tmp_path, LANDSKRONA, Silent())
    assert list(tmp_path.iterdir()) == []
