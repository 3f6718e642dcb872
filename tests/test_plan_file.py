"""Named plans from a table beside the scenario, in the columns planners use, wrong ones refused by row."""

from pathlib import Path

import pytest

from segsim.errors import ScenarioError
from segsim.policies.housing.named_plans import NamedPlan, NamedPlans
from segsim.scenario import CityPlaces, Scenario, check_names, load_scenario
from test_lever_input import BEFORE, refuse, write

PLANS = "  - named_plans:\n      plans: plans.csv\n"


def planned(folder: Path, table: str | bytes, policies: str = PLANS) -> Scenario:
    """Return the scenario of a table of plans."""
    content = table if isinstance(table, bytes) else table.encode()
    (folder / "plans.csv").write_bytes(content)
    return load_scenario(write(folder, BEFORE + policies))


PLACES = CityPlaces(("Norr", "Söder"), ("Stad", "Stad"))


def read_plans(scenario: Scenario) -> tuple[NamedPlan, ...]:
    policy = scenario.policies[0]
    assert isinstance(policy, NamedPlans)
    return policy.plans


SWEDISH = (
    "Detaljplaner 2023\n"
    "Projekt;Område;År;Antal bostäder;Upplåtelseform;1 rok;2 rok;3 rok;4 rok;5+ rok\n"
    "Kvarnen;Norr;2025;1 200;hyresrätt;0;600;600;0;0\n"
    "Ängen;alla;2026;40;Äganderätt;0;0;0;10;30\n"
)
ENGLISH = (
    "plan,area,year,dwellings,tenure,sizes\n"
    'Mill,Norr,2025,100,cooperative,"1: 25, 2: 75"\nHill,Söder,2025,50,public rental,2-4\n'
    "Brook,Söder,2026,50,br,\n"
)


def test_table_of_plans__is_read_as_the_same_list_would_be(tmp_path: Path) -> None:
    mill, hill, brook = read_plans(planned(tmp_path, ENGLISH))
    assert (mill.name, mill.areas.names, mill.year, mill.dwellings) == ("Mill", ("Norr",), 2025, 100)
    assert mill.rooms == (0.25, 0.75, 0, 0, 0)
    assert hill.tenure_shares.public_rental == 1.0
    assert hill.rooms == pytest.approx((0, 1 / 3, 1 / 3, 1 / 3, 0))
    assert brook.tenure_shares.cooperative == 1.0
    assert brook.rooms is None
    listed = (
        "  - named_plans:\n      plans:\n"
        "        - {name: Brook, areas: [Söder], year: 2026, dwellings: 50, "
        "tenure_shares: {cooperative: 1.0}}\n"
    )
    assert read_plans(load_scenario(write(tmp_path, BEFORE + listed))) == (brook,)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_table_of_plans__is_read_in_swedish_as_spreadsheets_save_it(encoding: str, tmp_path: Path) -> None:
    raised = "  - named_plans:\n      plans: plans.csv\n      most_per_year: 2000\n"
    mill, meadow = read_plans(planned(tmp_path, SWEDISH.encode(encoding), raised))
    assert (mill.name, mill.dwellings, mill.rooms) == ("Kvarnen", 1200, (0, 0.5, 0.5, 0, 0))
    assert (mill.tenure_shares.public_rental, mill.tenure_shares.private_rental) == (0.5, 0.5)
    assert meadow.areas.all
    assert meadow.tenure_shares.owner_occupied == 1.0
    assert meadow.rooms == (0, 0, 0, 0.25, 0.75)


def test_table_of_plans__decides_the_results_by_its_content(tmp_path: Path) -> None:
    first = planned(tmp_path, ENGLISH)
    second = planned(tmp_path, ENGLISH.replace("100,", "101,"))
    assert first.content_hash != second.content_hash
    kept = Scenario.model_validate_json(first.model_dump_json(by_alias=True))
    assert kept.content_hash == first.content_hash
    (tmp_path / "plans.csv").unlink()
    assert first.override({"years": 5}).years == 5


def test_table_of_plans__may_stand_in_a_programme(tmp_path: Path) -> None:
    (tmp_path / "plans.csv").write_text(ENGLISH, "utf-8")
    head = "extends: town\nprogramme:\n  from: 2023\n  until: 2025\n  msek: 5\n  policies:\n"
    path = write(tmp_path, f"{head}    - named_plans: {{plans: plans.csv, cost_msek: 1}}\n")
    assert (
        "plans.csv:4: programme.policies[0].named_plans.plans[2].year: 2026 is after the programme ends"
        in (refuse(path))
    )
    path.write_text(path.read_text("utf-8").replace("2025", "2026"), "utf-8")
    assert len(read_plans(load_scenario(path))) == 3


TABLES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "no_year": (ENGLISH.replace("year", "finished"), "plans.csv:1", ("no column year or år",)),
    "no_area": ("plan,year\nA,2025\n", "wrong.yaml:4", ("no header row", "area or areas")),
    "half_a_dwelling": (ENGLISH.replace("100,", "0.5,"), "plans.csv:2", ('row 2: column "dwellings"',)),
    "no_number": (ENGLISH.replace("2026", "soon"), "plans.csv:4", ('row 4: column "year"', "not a number")),
    "no_dwellings": (ENGLISH.replace("50,br", "..,br"), "plans.csv:4", ("whole number; write digits",)),
    "unknown_tenure": (
        ENGLISH.replace(",br,", ",bostadsret,"),
        "plans.csv:4",
        ('there is no tenure "bostadsret"; did you mean "bostadsrätt"?', "a row for each"),
    ),
    "no_sizes": (ENGLISH.replace("2-4", "many"), "plans.csv:3", ('"many" is no list of sizes', '"2-4"')),
    "no_name_of_an_area": (
        ENGLISH.replace("Brook,Söder", "Brook,.."),
        "plans.csv:4",
        ('row 4: column "area"', "or all"),
    ),
    "the_same_row_twice": (
        ENGLISH + "Brook,Söder,2026,50,br,\n",
        "plans.csv:5",
        ("the same as row 4", "names of their own"),
    ),
    "sizes_of_fewer": (
        ENGLISH.replace("2: 75", "2: 65"),
        "plans.csv:2",
        ("sizes are of 90 dwellings, and the row has 100",),
    ),
    "sizes_of_more": (
        SWEDISH.replace(";0;0\n", ";0;9\n"),
        "plans.csv:3",
        ("1209 dwellings, and the row has 1200",),
    ),
    "below_nothing": (ENGLISH.replace(",50,br", ",-50,br"), "plans.csv:4", ("at least 0",)),
    "too_many_in_a_year": (
        ENGLISH.replace("Söder,2025,50", "Söder,2025,950"),
        "plans.csv:3",
        ("those for 2025 hold 1050 dwellings", "raise most_per_year"),
    ),
    "in_the_past": (ENGLISH.replace("2026", "2021"), "plans.csv:4", ("2021 is not after the start", "2022")),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_table_of_plans_written_wrong__is_refused_by_its_row(name: str, tmp_path: Path) -> None:
    table, place, words = TABLES[name]
    with pytest.raises(ScenarioError) as error:
        planned(tmp_path, table)
    assert f"{place}: " in str(error.value)
    for word in words:
        assert word in str(error.value)


def test_table_of_plans_that_is_not_there__is_refused_where_it_is_named(tmp_path: Path) -> None:
    message = refuse(write(tmp_path, BEFORE + PLANS))
    assert 'wrong.yaml:4: plans: there is no file "plans.csv"' in message
    assert "or list the plans here" in message


def test_plans_for_more_than_an_area_can_hold__are_refused_by_their_row(tmp_path: Path) -> None:
    capacity = "  - named_plans:\n      plans: plans.csv\n      most_in_area: {Söder: 80}\n"
    with pytest.raises(ScenarioError, match=r"plans.csv:4: .*those of Söder hold 100 .* can hold 80"):
        check_names(planned(tmp_path, ENGLISH, capacity), PLACES)
    with pytest.raises(ScenarioError, match=r'there is no area "Sodder" in the city; did you mean "Söder"'):
        check_names(planned(tmp_path, ENGLISH, capacity.replace("Söder", "Sodder")), PLACES)
    with pytest.raises(ScenarioError, match=r'plans.csv:2: .*there is no area "Norr" in the city'):
        check_names(planned(tmp_path, ENGLISH), CityPlaces(("Nora", "Söder"), ()))


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("size", None),
        ("sizs", 'unknown column "sizs"; did you mean "sizes"?'),
        ("nam", 'unknown column "nam"; did you mean "name"'),
        ("byggherre", 'unknown column "byggherre"; remove it, or call it comment'),
        ("6 raok", 'unknown column "6 raok"'),
        ("Kommentar", None),
        ("Anmärkning", None),
    ],
)
def test_table_of_plans__has_no_column_that_nothing_reads(
    column: str, expected: str | None, tmp_path: Path
) -> None:
    table = f"area,year,dwellings,tenure,{column}\nNorr,2025,100,cooperative,3\n"
    if expected is None:
        assert planned(tmp_path, table).policies
        return
    with pytest.raises(ScenarioError) as caught:
        planned(tmp_path, table)
    assert expected in str(caught.value)
    assert "plans.csv:1" in str(caught.value)
    assert f'okänd kolumn "{column}"' in f"{caught.value:sv}"
