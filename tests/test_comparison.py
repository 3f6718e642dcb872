"""Comparing scenarios: inference by hand and against other implementations, families, stopping."""

import itertools
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import quick_model
from reference import differences as reference
from segsim import load_scenario
from segsim.comparison import common_baseline, compare, equalise_years, load_scenarios
from segsim.comparison.inference import (
    bootstrap_interval,
    minimum_detectable_effect,
    sign_flip_p,
    t_interval,
    tost_p,
)
from segsim.comparison.multiple import (
    benjamini_hochberg,
    holm,
    sign_flip_max_t,
)
from segsim.comparison.paired_differences import tabulate_differences
from segsim.comparison.stationarity import judge_stationarity, mser5
from segsim.comparison.tipping import mcnemar_p, parse_thresholds, share_above, tipping, wilson_interval
from segsim.errors import ScenarioError, SegsimError
from segsim.runs.series import Series, find_series
from segsim.runs.sweeps.stopping import Precision, half_widths, is_precise, parse_precision

HERE = Path(__file__).parent
VECTORS = json.loads((HERE / "fixtures" / "inference_cases.json").read_text())
CLOSE = {"rtol": 1e-9, "atol": 1e-12}
NAMES = {"ids": lambda case: case["id"] if isinstance(case, dict) and "id" in case else None}


def one_line(baseline, scenario):
    """Return the line of one quantity in a table of differences."""
    return tabulate_differences(np.array([baseline], float), np.array([scenario], float)).iloc[0]


class TestPaired:
    @pytest.mark.parametrize("case", VECTORS["paired"], **NAMES)
    def test_differences__agree_with_statsmodels_and_scipy(self, case):
        b, s, ref = np.array(case["baseline"]), np.array(case["scenario"]), case["ref"]
        line = one_line(b, s)
        for column, name in (
            ("difference", "mean_diff"),
            ("sd", "sd_diff"),
            ("p", "p_t"),
            ("correlation", "corr"),
            ("variance_reduction", "variance_reduction_factor"),
        ):
            assert np.allclose(line[column], ref[name], **CLOSE), column
        assert np.allclose([line["lower"], line["upper"]], ref["ci95_t"], **CLOSE)
        assert tost_p(s - b, 0.01) == pytest.approx(ref["tost_p_margin_0.01"], rel=1e-9)
        if "signflip_exact_p_two_sided" in ref:
            assert sign_flip_p(s - b) == pytest.approx(ref["signflip_exact_p_two_sided"], rel=1e-9)

    def test_identical_runs__give_zero_and_one_not_nan(self):
        line = one_line([0.4, 0.5, 0.6], [0.4, 0.5, 0.6])
        assert (line["difference"], line["lower"], line["upper"], line["p"]) == (0.0, 0.0, 0.0, 1.0)
        assert line["identical"]
        d = np.zeros(20)
        assert bootstrap_interval(d) == (0.0, 0.0)
        assert (sign_flip_p(d), tost_p(d, 0.01)) == (1.0, 0.0)

    def test_same_difference_in_every_seed__is_certain(self):
        line = one_line([1.0, 2.0, 4.0], [1.5, 2.5, 4.5])
        assert (line["lower"], line["upper"], line["p"]) == (0.5, 0.5, 0.0)
        assert line["variance_reduction"] == np.inf
        assert tost_p(np.full(3, 0.5), 0.4) == 1.0

    def test_one_seed__has_no_interval(self):
        assert one_line([0.4], [0.5])[["lower", "upper", "p", "sd"]].isna().all()

    def test_undefined_values__are_left_out_and_counted(self):
        line = one_line([1, np.nan, 2, 3.0], [2, 1, np.nan, 5.0])
        assert (line["n"], line["undefined"], line["difference"]) == (2, 2, 1.5)

    @given(st.lists(st.floats(-1, 1), min_size=2, max_size=9), st.integers(0, 10**6))
    def test_differences__agree_with_the_reference(self, values, seed):
        b = np.random.default_rng(seed).normal(0, 1, len(values))
        s = b + np.array(values)
        expected, line = reference.paired_difference(b.tolist(), s.tolist()), one_line(b, s)
        assert np.allclose(
            (expected.lower, expected.upper), (line["lower"], line["upper"]), rtol=1e-7, atol=1e-9
        )
        assert expected.p == pytest.approx(line["p"], rel=1e-6, abs=1e-9)
        assert (expected.n, expected.undefined) == (line["n"], line["undefined"])
        assert expected.identical == line["identical"]

    def test_t_interval__holds_the_truth_95_times_in_100(self):
        draws = np.random.default_rng(4).normal(0.3, 1, (4000, 10))
        inside = [low <= 0.3 <= high for low, high in map(t_interval, draws)]
        assert np.mean(inside) == pytest.approx(0.95, abs=0.012)

    def test_studentised_bootstrap__has_no_end_where_resamples_of_one_value_reach_the_tail(self):
        low, high = bootstrap_interval(np.array([0.1] * 19 + [0.4]))
        assert 0.09 < low < 0.1
        assert high == np.inf
        assert np.isnan(bootstrap_interval(np.array([0.1, 0.3]))).all()
        assert np.isfinite(bootstrap_interval(np.random.default_rng(1).normal(size=20))).all()

    def test_studentised_bootstrap__keeps_its_coverage_when_a_fifth_of_the_runs_tip(self):
        chance = np.random.default_rng(5)
        held = 0
        for _ in range(200):
            low, high = bootstrap_interval(np.where(chance.random(20) < 0.2, 0.3, 0.0), resamples=999)
            held += low <= 0.06 <= high
        assert held / 200 >= 0.94

    def test_studentised_bootstrap__keeps_its_coverage_for_skewed_outcomes(self):
        chance = np.random.default_rng(5)
        truth = np.exp(0.75**2 / 2)
        draws = chance.lognormal(0, 0.75, (400, 10))
        inside = np.mean(
            [low <= truth <= high for low, high in (bootstrap_interval(d, resamples=499) for d in draws)]
        )
        assert inside > 0.90  # .93 in 600 replications; percentile intervals hold .83

    def test_sign_flips_of_two_seeds__by_hand(self):
        assert sign_flip_p(np.array([1.0, 3.0])) == 0.5  # of means 2, 1, -1, -2 two are as far out as 2

    def test_many_seeds__sign_flips_agree_with_the_exact_ones(self):
        d = np.random.default_rng(1).normal(0.4, 1, 16)
        exact = sign_flip_p(d)
        sampled = np.mean([sign_flip_p(np.append(d, 0.0), seed=k) for k in range(5)])
        assert sampled == pytest.approx(exact, abs=0.02)

    def test_detectable_effect__is_found_with_the_power_it_names(self):
        effect = minimum_detectable_effect(1.0, 20)
        draws = np.random.default_rng(6).normal(effect, 1, (4000, 20))
        p = stats.ttest_1samp(draws, 0, axis=1).pvalue
        assert np.mean(p < 0.01) == pytest.approx(0.95, abs=0.012)


class TestMany:
    @pytest.mark.parametrize("case", VECTORS["multiple"])
    def test_adjusted_p__agrees_with_statsmodels(self, case):
        p = np.array(case["p"])
        for method, name in ((holm, "holm"), (benjamini_hochberg, "bh")):
            assert np.allclose(method(p), case[name], **CLOSE), name

    def test_undefined_p__stays_undefined_and_does_not_count(self):
        assert np.allclose(holm(np.array([0.01, np.nan, 0.04])), [0.02, np.nan, 0.04], equal_nan=True)
        assert holm(np.array([])).size == 0
        with pytest.raises(ValueError, match="between 0 and 1"):
            holm(np.array([1.2]))

    def test_max_t__by_enumeration(self):
        d = np.random.default_rng(2).normal([0.8, 0.1], 1, (6, 2))
        signs = np.array(list(itertools.product([-1, 1], repeat=6)))
        t = np.array([np.abs(stats.ttest_1samp(s[:, None] * d, 0).statistic) for s in signs])
        found = np.abs(stats.ttest_1samp(d, 0).statistic)
        expected = [(t.max(axis=1) >= f - 1e-9).mean() for f in found]
        assert sign_flip_max_t(d) == pytest.approx(expected)

    def test_max_t__of_one_column_is_the_plain_test(self):
        d = np.random.default_rng(3).normal(0.5, 1, 9)
        assert sign_flip_max_t(d[:, None])[0] == pytest.approx(sign_flip_p(d))

    def test_max_t__is_sharper_than_holm_for_the_same_index_twice(self):
        d = np.random.default_rng(7).normal(0.6, 1, 12)
        twice = sign_flip_max_t(np.column_stack([d, d]))
        assert twice[0] == pytest.approx(sign_flip_p(d))
        assert holm(np.array([sign_flip_p(d)] * 2))[0] > twice[0]

    def test_max_t__holds_the_family_error(self):
        chance = np.random.default_rng(8)
        smallest = [sign_flip_max_t(chance.normal(0, 1, (10, 4))).min() for _ in range(400)]
        assert np.mean(np.array(smallest) <= 0.05) == pytest.approx(0.05, abs=0.03)

    def test_max_t__one_undefined_column_costs_the_others_nothing(self):
        d = np.random.default_rng(3).normal(1, 0.5, (20, 1))
        beside = np.column_stack([d, np.full(20, np.nan)])
        assert sign_flip_max_t(beside)[0] == sign_flip_max_t(d)[0]
        assert np.isnan(sign_flip_max_t(beside)[1])
        beside[:5, 1] = 0.01, -0.01, 0.02, -0.01, 0.0
        assert sign_flip_max_t(beside)[0] < 0.001

    def test_max_t__of_a_constant_is_never_below_its_exact_smallest(self):
        for value in np.linspace(0.01, 1, 100):
            assert sign_flip_max_t(np.full((7, 1), value))[0] == 2 / 2**7

    def test_max_t__zeros_and_undefined_seeds(self):
        d = np.column_stack([np.zeros(8), np.arange(8.0) + 1])
        assert sign_flip_max_t(d)[0] == 1.0
        d[3, 1] = np.nan
        assert sign_flip_max_t(d)[1] == pytest.approx(2 / 2**7)
        assert np.isnan(sign_flip_max_t(np.full((5, 2), np.nan))).all()


class TestTipping:
    def test_wilson__as_published(self):
        # Newcombe 1998, table I: 81/263 and 0/20
        assert wilson_interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
        assert wilson_interval(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
        assert np.isnan(wilson_interval(0, 0)).all()

    def test_mcnemar__is_the_sign_test_of_changes(self):
        assert mcnemar_p(1, 9) == pytest.approx(stats.binomtest(1, 10).pvalue)
        assert mcnemar_p(0, 0) == 1.0

    def test_thresholds__are_read_or_refused(self):
        assert parse_thresholds("D:0.45, D/background/area:-1") == {"D": 0.45, "D/background/area": -1.0}
        for wrong in ("D", "D:", "D=0.4", ":1", "D:inf"):
            with pytest.raises(SegsimError, match="MEASURE:THRESHOLD"):
                parse_thresholds(wrong)

    def test_share_above__leaves_out_undefined_runs(self):
        found = share_above(np.array([0.5, 0.6, 0.4, np.nan]), 0.5)
        assert (found["n"], found["undefined"], found["share"]) == (3, 1, pytest.approx(1 / 3))
        assert (found["lower"], found["upper"]) == wilson_interval(1, 3)

    def test_tipping__refuses_values_of_different_seeds(self):
        with pytest.raises(ValueError, match="one value per seed"):
            tipping(np.zeros(3), np.zeros(4), 0.5)

    def test_tipping__counts_paired_changes(self):
        found = tipping(np.array([0.1, 0.9, 0.1, np.nan]), np.array([0.9, 0.9, 0.1, 0.9]), 0.5)
        assert (found.n, found.undefined, found.only_scenario, found.only_baseline) == (3, 1, 1, 0)
        assert (found.baseline_share, found.scenario_share) == (pytest.approx(1 / 3), pytest.approx(2 / 3))


class TestSettling:
    def test_mser5__drops_the_warm_up(self):
        chance = np.random.default_rng(9)
        series = np.concatenate([np.linspace(5, 0, 30), np.zeros(170)]) + chance.normal(0, 0.3, 200)
        assert 20 <= mser5(series) <= 40
        with pytest.raises(ValueError, match="more than 25"):
            mser5(np.zeros(20))

    @pytest.mark.parametrize("n", [40, 50, 60, 70, 80])
    def test_steady_fall__is_not_settled_however_long_the_series(self, n):
        fall = -0.005 * np.arange(n)[:, None] + np.random.default_rng(2).normal(0, 0.002, (n, 10))
        assert judge_stationarity(fall, 5, 0.02)[0] is False

    def test_flat_series__is_settled_and_a_trend_is_not(self):
        noise = np.random.default_rng(10).normal(0, 0.01, (11, 20))
        trend = np.linspace(0, 1, 11)[:, None]
        assert judge_stationarity(noise, 5, 0.02)[0] is True
        found, drift = judge_stationarity(noise + trend, 5, 0.02)
        assert found is False
        assert drift == pytest.approx(0.5, abs=0.02)
        assert judge_stationarity(noise[:8], 5, 0.02)[0] is pd.NA

    def test_long_series__uses_mser5(self):
        noise = np.random.default_rng(11).normal(0, 0.01, (100, 5))
        assert judge_stationarity(noise, 5, 0.001)[0] is True
        assert judge_stationarity(noise + np.linspace(0, 1, 100)[:, None], 5, 0.001)[0] is False


class TestStopping:
    def test_half_widths__are_those_of_the_t_interval(self):
        d = np.random.default_rng(12).normal(3, 1, 30)
        d[4] = np.nan
        expected = [np.nan] + [(t_interval(d[:n])[1] - t_interval(d[:n])[0]) / 2 for n in range(2, 31)]
        assert np.allclose(half_widths(d), expected, equal_nan=True)

    def test_rule__looks_ahead(self):
        rule = Precision((("D", 1.0),), first=4, batch=2, look_ahead=3, cap=20)
        assert not is_precise(np.zeros(5), 1.0, rule)
        assert is_precise(np.zeros(6), 1.0, rule)
        assert not is_precise(np.array([0, 0, 0, 0, 0, 99.0]), 1.0, rule)
        assert list(rule.numbers()) == [4, 6, 8, 10, 12, 14, 16, 18, 20]

    def test_usual_rule__is_20_seeds_then_tens_to_200(self):
        numbers = list(parse_precision("D:0.005").numbers())
        assert (numbers[:3], numbers[-1]) == ([20, 30, 40], 200)

    def test_rule__keeps_the_error_it_promises(self):
        rule = Precision((("D", 0.5),), cap=400)
        errors = []
        for k in range(300):
            d = np.random.default_rng(k).normal(0, 1.3, 400)
            n = next((n for n in rule.numbers() if is_precise(d[:n], 0.5, rule)), rule.cap)
            errors.append(abs(d[:n].mean()))
        assert np.mean(np.array(errors) <= 0.5) > 0.94

    def test_undefined_seeds__are_no_looks(self):
        rule = Precision((("D", 1.0),), first=4, look_ahead=2)
        nan = np.nan
        assert not is_precise(np.array([0.1, 0.2, nan, nan, nan, nan, nan, nan]), 1.0, rule)
        assert is_precise(np.array([0.1, nan, 0.2, nan, 0.1, 0.2, 0.1]), 1.0, rule)

    def test_text__names_measures_and_half_widths(self):
        assert parse_precision("D:0.005, H/background/area:0.01").half_widths == (
            ("D", 0.005),
            ("H/background/area", 0.01),
        )
        with pytest.raises(SegsimError, match="MEASURE:HALF-WIDTH"):
            parse_precision("D")


@pytest.fixture(scope="module")
def town():
    return load_scenario(HERE / "scenarios" / "town.yaml")


@pytest.fixture
def policy(tmp_path):
    """A scenario with one policy, which moves quick_model's D by exactly -.01."""

    def write(name="policy", policies="  - new_construction: {dwellings_per_year: 10}\n"):
        path = tmp_path / f"{name}.yaml"
        path.write_text(f"extends: {HERE / 'scenarios' / 'town.yaml'}\npolicies:\n{policies}")
        return path

    return write


def quick(scenarios, seeds=8, years=10, model=quick_model.rows, **options):
    return compare(scenarios, seeds, years, executor="serial", model=model, **options)


def rows_every_other_year(scenario, seed, years):
    rows = quick_model.rows(scenario, seed, years)
    return rows[(rows["year"] - scenario.start) % 2 == 0]


def rows_without_h(scenario, seed, years):
    rows = quick_model.rows(scenario, seed, years)
    return rows.assign(value=rows["value"].where(rows["measure"] != "H"))


D = Series("D", "background", "area", "")


def test_named_series__an_empty_grouping_may_be_left_out():
    known = (D, Series("merit_mean", "", "municipality", ""), Series("merit_mean", "", "school", "A"))
    assert find_series("merit_mean/municipality", known) == [known[1]]
    assert find_series("D/background", known) == [D]


class TestCompare:
    def test_compare__pairs_seeds_and_finds_the_effect(self, policy):
        found = quick(policy())
        assert (found.baseline.name, [s.name for s in found.scenarios]) == ("town", ["policy"])
        assert np.allclose(found.per_seed("policy", D), -0.01)
        line = found.judged.iloc[0]
        assert line["difference"] == pytest.approx(-0.01)
        assert line["lower"] == pytest.approx(line["upper"])
        assert line["correlation"] == pytest.approx(1.0)
        assert line["variance_reduction"] > 1e6
        assert line["verdict"] == "negligible"  # certain, but within the margin of .02
        assert quick(policy(), margins={"D": 0.005}).judged.iloc[0]["verdict"] == "different"

    def test_differences__has_one_line_per_year_and_quantity(self, policy):
        table = quick(policy()).differences
        assert len(table) == 11 * 4
        assert table["p"].notna().sum() == 4  # at the horizon only
        horizon = table[table["year"] == table["year"].max()]
        families = dict(
            zip(zip(horizon["measure"], horizon["unit"], strict=True), horizon["family"], strict=True)
        )
        assert families == {
            ("D", ""): "primary",
            ("D", "Area 1"): "units",
            ("H", ""): "exploratory",
            ("H", "Area 1"): "units",
        }
        assert horizon["p_adjusted"].notna().all()
        assert (table.loc[table["year"] < table["year"].max(), "family"] == "").all()

    def test_averages__are_over_the_last_window(self, policy):
        found = quick(policy())
        frame = found.runs
        last = frame[
            (frame["year"] > frame["year"].max() - 5) & (frame["measure"] == "D") & (frame["unit"] == "")
        ]
        line = found.averages[(found.averages["measure"] == "D") & (found.averages["unit"] == "")].iloc[0]
        assert line["baseline_mean"] == pytest.approx(last[last["scenario"] == "town"]["value"].mean())

    def test_several_scenarios__are_one_family(self, policy):
        two = "  - new_construction: {dwellings_per_year: 10}\n  - low_performing_school_support:\n"
        found = quick([policy("one"), policy("both", two)])
        assert list(found.judged["scenario"]) == ["one", "both"]
        assert found.judged["p_adjusted"].between(0, 0.05).all()

    def test_primary__can_be_declared(self, policy):
        found = quick(policy(), primary=("H",))
        assert found.primary == (Series("H", "background", "area", ""),)
        with pytest.raises(SegsimError, match=r'nothing called "G" was measured; the measures are D, H'):
            quick(policy(), primary=("G",))

    @pytest.mark.parametrize(
        "asked", [{"primary": ("G",)}, {"until": "G:0.1"}, {"thresholds": {"D/income": 0.4}}]
    )
    def test_unmeasured_names__are_refused_at_the_first_run(self, policy, tmp_path, asked):
        with pytest.raises(ScenarioError, match="nothing called"):
            quick(policy(), out=tmp_path / "r", **asked)
        assert len(list((tmp_path / "r" / "runs").rglob("*.parquet"))) == 1

    def test_averages__of_a_quantity_measured_in_some_years_are_over_them(self, policy):
        found = quick(policy(), model=rows_every_other_year)
        last = found.runs[(found.runs["measure"] == "D") & (found.runs["unit"] == "")]
        last = last[last["year"] > found.horizon - 5]
        assert 1 < last["year"].nunique() < 5
        line = found.averages[(found.averages["measure"] == "D") & (found.averages["unit"] == "")].iloc[0]
        means = last.groupby("scenario")["value"].mean()
        assert line["baseline_mean"] == pytest.approx(means["town"])
        assert line["scenario_mean"] == pytest.approx(means[line["scenario"]])

    def test_margins__are_beside_the_usual_ones_and_refused_when_nothing_measures_them(self, policy):
        found = quick(policy(), margins={"H/background": 0.005})
        assert found.margins == {"D": 0.02, "H": 0.01, "H/background/area": 0.005}
        assert found.margin(Series("H", "background", "area", "")) == 0.005
        with pytest.raises(ScenarioError, match="nothing called"):
            quick(policy(), margins={"D/background/skool": 0.1})

    def test_index_that_is_undefined__does_not_silence_the_others(self, policy):
        found = quick(policy(), primary=("D", "H"), model=rows_without_h)
        verdicts = dict(zip(found.judged["measure"], found.judged["verdict"], strict=True))
        assert verdicts == {"D": "negligible", "H": "undefined"}

    def test_one_seed__is_no_verdict(self, policy):
        assert set(quick(policy(), seeds=1).judged["verdict"]) == {"one_run"}

    def test_thresholds__give_shares_of_runs_by_hand(self, policy, tmp_path):
        found = quick(policy(), out=tmp_path / "r", thresholds={"D": 0.2})
        frame = found.runs[(found.runs["year"] == found.horizon) & (found.runs["measure"] == "D")]
        above = frame[frame["unit"] == ""].assign(above=lambda f: f["value"] > 0.2)
        share = above.groupby("scenario")["above"].mean()
        (line,) = found.tipped.to_dict("records")
        assert line["baseline_share"] == share["town"]
        assert line["scenario_share"] == share[line["scenario"]]
        assert line["only_baseline"] - line["only_scenario"] == round(
            len(found.seeds) * (share["town"] - share[line["scenario"]])
        )
        kept = pd.read_csv(tmp_path / "r" / "tipping.csv")
        assert kept["baseline_share"].tolist() == [share["town"]]

    def test_until__adds_seeds(self, policy):
        assert len(quick(policy(), until="D:0.005", years=1).seeds) == 30

    def test_tables__are_written_beside_the_runs(self, policy, tmp_path):
        quick(policy(), out=tmp_path / "r")
        written = {path.name for path in (tmp_path / "r").iterdir()}
        assert {"runs.parquet", "differences.csv", "judged.csv", "provenance.json"} <= written
        table = pd.read_csv(tmp_path / "r" / "differences.csv")
        assert {"scenario", "difference", "lower", "upper", "n", "undefined"} <= set(table)

    def test_city_itself__cannot_be_compared(self, town):
        with pytest.raises(ScenarioError, match="is a city itself"):
            quick(town)

    def test_scenarios_of_two_cities__are_refused(self, policy, tmp_path):
        other = tmp_path / "village.yaml"
        text = (HERE / "scenarios" / "town.yaml").read_text()
        other.write_text(text.replace("population: 6000", "population: 6001"))
        child = tmp_path / "child.yaml"
        child.write_text("extends: village.yaml\npolicies: [low_performing_school_support]\n")
        with pytest.raises(ScenarioError, match="one city at a time"):
            quick([policy(), child])

    def test_horizon_outside_the_run__is_refused(self, policy):
        with pytest.raises(SegsimError, match="is not simulated"):
            quick(policy(), horizon=1900)


def test_scenarios_of_different_length__run_as_long_as_the_longest(tmp_path):
    """One file asks for 4 years, the other for the town's own 3; with years given, that holds for both."""
    paths = [tmp_path / "short.yaml", tmp_path / "long.yaml"]
    for path, years in zip(paths, ("", "years: 4\n"), strict=True):
        policy = "policies:\n  - new_construction: {dwellings_per_year: 4}\n"
        path.write_text(f"extends: {HERE / 'scenarios' / 'town.yaml'}\n{years}{policy}")
    scenarios = load_scenarios(paths)
    assert [s.years for s in equalise_years(scenarios, None)] == [4, 4]
    assert common_baseline(equalise_years(scenarios, None)).years == 4
    assert [s.years for s in equalise_years(scenarios, 2)] == [2, 2]
