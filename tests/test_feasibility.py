"""What cannot be true of a city, or contradicts itself, is told in one sentence before anything is run."""

from dataclasses import replace

import pytest

from segsim.cli.checking import check_scenario
from segsim.cli.options import Language
from segsim.comparison.levels.newton import hold_levels
from segsim.comparison.levels.tastes import HOLDS
from segsim.errors import DataError, ScenarioError
from segsim.rules.housing import Construction
from segsim.runs import Execution
from segsim.runs.sweeps.sweep import read_experiment
from segsim.scenario import load_scenario
from segsim.scenario.export.writing import yaml_text
from segsim.scenario.reading import read_document
from segsim.synthesis import build_initial_city, collect_notes
from segsim.synthesis.areas.area_table import STOCK
from tests.test_data_doors import read

TOWN = "tests/scenarios/town.yaml"
NOBODY = {"public_rental": 0.0, "private_rental": 0.0, "cooperative": 0.0, "owner_occupied": 0.0}
FOLLOWS = "preferences.demography.population_follows"


def town(**overrides):
    return load_scenario(TOWN, {key.replace("__", "."): value for key, value in overrides.items()})


def refusal(overrides):
    """Return what is said of a town with other values, when it is loaded or else when its city is made."""
    with pytest.raises(ScenarioError) as told:
        build_initial_city(load_scenario(TOWN, overrides), 1)
    assert len(str(told.value).splitlines()) == 1
    return str(told.value)


# more households than dwellings and lodgers can hold, and figures that cannot be true together


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ({"dwellings": 257}, "9.84 per dwelling; at least 0.17 and at most 1.25"),
        ({"dwellings": 25760}, "0.0982 per dwelling"),
        ({"population": 60_000}, "23.7 per household; at least 1 and at most 6"),
        ({"households": 5}, "1200 per household"),
        ({"income.low_standard": 0.9, "income.high_standard": 0.9}, "sum to 1.8; at most 1"),
        ({"income.p10_of_areas": 400.0}, "must rise in this order"),
        ({"work.unemployed": 1.0}, "the labour force is larger than the residents"),
        ({"income.low_standard": 1.2}, "out of range; it must be at most 1"),
    ],
)
def test_figures__that_contradict_each_other_are_refused(figures, words):
    assert words in refusal({f"city.figures.{key}": value for key, value in figures.items()})


def test_table__with_more_households_than_can_lodge_is_refused_by_row_or_in_all(tmp_path):
    def crowd(rows, divisor):
        def change(frame):
            for name in STOCK:
                numbers = frame[name].astype(float)
                numbers.iloc[rows] = (numbers.iloc[rows] / divisor).round()
                frame[name] = numbers.map("{:g}".format)
            return frame

        return change

    with pytest.raises(
        DataError, match=r"row 3.*households in .* dwellings, more than can lodge there"
    ) as told:
        read(tmp_path, crowd([1], 20))
    assert "fler än som kan vara inneboende" in f"{told.value:sv}"
    with pytest.raises(
        DataError, match="dwellings in all, more than can lodge with others; see that"
    ) as told:
        read(tmp_path, crowd(slice(None), 2))
    assert "fler än som kan vara inneboende" in f"{told.value:sv}"


# homes off the market and to let


def test_off_market__more_than_stand_empty_is_refused_with_what_can_be():
    said = refusal({"city.housing.not_on_market": {**NOBODY, "cooperative": 0.9}})
    assert "city.housing.not_on_market" in said
    assert "have no household; the shares can be public_rental" in said


@pytest.mark.parametrize("key", ["to_let", "not_on_market"])
def test_shares__beyond_what_stands_empty_of_a_tenure_are_noted_in_both_languages(key):
    recipe = town(**{f"city__housing__{key}": {**NOBODY, "owner_occupied": 0.03}})
    (note,) = (note for note in collect_notes(recipe) if note.kind == "too_few_empty")
    assert f"{key}.owner_occupied is 0.03, but only" in note.text("en")
    assert f"{key}.owner_occupied är 0,03, men bara" in note.text("sv")
    assert note in build_initial_city(recipe, 1).notes


# growth, and homes for those who come


@pytest.mark.parametrize(
    ("demography", "words"),
    [
        ({2030: {"population": 6.5}}, "from 6000 in 2022 to 6.5 in 2030 is -57% a year"),
        (
            {2025: {"population": 6100}, 2026: {"population": 61000}},
            "forecast.2026.population: from 6100 in 2025",
        ),
        ({2023: {"households": 6000}}, "forecast.2023.households: from 2530 in 2022"),
        ({2024: {"foreign_background": 0.9}}, "forecast.2024.foreign_background: from "),
        ({2021: {"population": 6000}}, "ends in 2021, and the city begins at the end of 2022"),
    ],
)
def test_forecast__that_the_city_cannot_reach_is_refused(demography, words):
    assert words in refusal({FOLLOWS: "forecast", "preferences.demography.forecast": demography})


def test_forecast__in_thousands_is_fine_where_its_own_start_is_too():
    path = {2022: {"population": 6.0}, 2025: {"population": 6.2}}
    collect_notes(town(**{FOLLOWS: "forecast", "preferences__demography__forecast": path}))


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ({"domestic": 100, "out": 5000}, "5000 leave a year of 6000 residents; write at most 30%"),
        ({"domestic": 5000, "out": 100}, "4900 more than leave, to 6000 residents"),
    ],
)
def test_migration__that_empties_or_floods_a_city_is_refused(figures, words):
    assert words in refusal({FOLLOWS: "migration", "preferences.demography.migration": {2023: figures}})


def test_no_building__for_households_that_cannot_all_lodge_is_refused():
    said = refusal(
        {"preferences.demography.growth": 0.08, "rules.housing.construction.share_of_stock": 0.0, "years": 10}
    )
    assert "households cannot live even as lodgers; leave it out" in said


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("mortality", (-1.0, 1e-5)),
        ("out_migration", {18: 2.0}),
        ("out_migration_tenure", (-1.0, 1.0, 1.0, 1.0, 1.0)),
        ("fertility_by_children", (-1.0,)),
    ],
)
def test_rates__outside_their_range_are_refused(key, value):
    assert "out of range; it must be at" in refusal({f"preferences.demography.{key}": value})


def test_forecast__of_more_households_than_residents_is_refused():
    one = {2023: {"population": 2600, "households": 2700}}
    assert "more households (2700) than residents (2600)" in refusal(
        {FOLLOWS: "forecast", "preferences.demography.forecast": one}
    )


def test_growth__in_a_year_without_demography_is_refused():
    said = refusal({"preferences.demography.growth": 0.01, "steps": ("work", "housing")})
    assert "leaves out demography, without which growth does nothing" in said


@pytest.mark.parametrize(
    ("text", "english", "swedish"),
    [
        (
            "population_follows: housing",
            "both stay as they are; set rules",
            "båda förblir som de är; ange rules",
        ),
        ("growth: 0.005", "is 0 and no policy builds", "är 0 och ingen åtgärd bygger"),
    ],
)
def test_check__says_in_both_languages_where_nothing_is_built(text, english, swedish, tmp_path):
    share = "" if "housing" in text else "rules: {housing: {construction: {share_of_stock: 0}}}\n"
    path = tmp_path / "mine.yaml"
    path.write_text(
        f"start: 2022\ncity: {{municipality: norsjo}}\n{share}preferences: {{demography: {{{text}}}}}\n"
    )
    assert english in check_scenario(str(path), None, Language.en)
    assert swedish in check_scenario(str(path), None, Language.sv)
    assert Construction().share_of_stock is None


def test_forecast__written_as_yaml_keeps_its_years_as_numbers(tmp_path):
    (tmp_path / "a.yaml").write_text(yaml_text({"forecast": {2030: {"population": 5}}}))
    assert read_document(tmp_path / "a.yaml").values == {"forecast": {2030: {"population": 5}}}


# calibration


def experiment(tmp_path, *targets):
    lines = "".join(
        f"  - {{name: {n}, measure: D, grouping: background, level: area, {t}}}\n" for n, t in targets
    )
    path = tmp_path / "e.yaml"
    path.write_text(
        "summary: x\nscenario: sodertalje\nfactors: {preferences.housing.own_group: {from: 2, to: 6}}\n"
        f"design: {{latin_hypercube: {{points: 5}}}}\nseeds: 2\nyears: 2\ntargets:\n{lines}"
    )
    return path


def test_targets__that_no_value_can_meet_are_refused_by_line(tmp_path):
    one, other = "value: 0.41, tolerance: 0.01", "value: 0.30, tolerance: 0.01"
    with pytest.raises(
        ScenarioError, match=r"e\.yaml:9: targets\[1\]\.value: 0.3 and 0.41 of one cannot both"
    ):
        read_experiment(experiment(tmp_path, ("one", one), ("other", other)))
    read_experiment(experiment(tmp_path, ("one", one), ("other", other.replace("0.01", "0.03"))))
    read_experiment(experiment(tmp_path, ("one", one), ("other", f"{other}, use: check")))


def test_target__outside_the_range_of_its_measure_is_refused_by_line(tmp_path):
    with pytest.raises(
        ScenarioError, match=r"e\.yaml:8: targets\[0\]\.value: 41 is out of range; D is at most 1"
    ):
        read_experiment(experiment(tmp_path, ("one", "value: 41, tolerance: 1")))


@pytest.mark.parametrize(
    ("recipe", "words"),
    [
        (("schelling", {}), "is a board, which has no level to keep"),
        ((TOWN, {"steps": ("demography", "housing")}), "leave out work, without which preferences.work"),
        ((TOWN, {"preferences.housing.own_group": 12.0}), "12 is not within 0 to 9, where calibration looks"),
    ],
)
def test_calibration__that_cannot_work_is_refused_before_the_runs(recipe, words):
    with pytest.raises(ScenarioError, match=words):
        hold_levels(load_scenario(*recipe), (1,), 5, Execution("serial"))


@pytest.mark.parametrize(
    ("holds", "words"),
    [
        (
            (HOLDS[0], replace(HOLDS[1], series=HOLDS[0].series, level=0.3)),
            "as at the start and 0.3; keep one",
        ),
        ((HOLDS[0], replace(HOLDS[0], series=HOLDS[1].series)), "one taste holds one figure"),
        ((replace(HOLDS[0], lowest=9.0),), "lowest must be under highest"),
    ],
)
def test_holds__that_contradict_each_other_are_refused(holds, words):
    with pytest.raises(ValueError, match=words):
        hold_levels(load_scenario(TOWN), (1,), 5, Execution("serial"), holds)
