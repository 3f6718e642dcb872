"""Figures: what is drawn, in which colours, and that the same frame gives the same bytes."""

import xml.etree.ElementTree as ET

import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb

from segsim import figures
from segsim.figures.maps import cell_side, raster
from segsim.figures.style import count_decimals
from segsim.words.words import Words
from tests import made_up

NAMES = {"town": "Baseline", "mixed": "Mixed tenure", "lottery": "Seats by lottery"}
LABELS = ["1 great", "2 some", "3 mixed", "4 good", "5 very good"]


ROWS = made_up.city_rows()


def of(measure: str) -> pd.DataFrame:
    return ROWS[(ROWS["measure"] == measure) & (ROWS["level"] == "area")]


def line(**more: object) -> figures.Figure:
    options = {"baseline": "town", "names": NAMES, "title": "D", "unit": "index, over areas"} | more
    return figures.series(of("D"), **options)


def drawn_texts(figure: figures.Figure) -> str:
    return " ".join("".join(element.itertext()) for element in ET.fromstring(figures.svg(figure)).iter())


def luminance(colour: str) -> float:
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return float(np.dot([0.2126, 0.7152, 0.0722], parts))


def test_series__draws_each_scenario_with_its_mean_and_says_which_is_which() -> None:
    figure = line()
    axes = figure.axes[0]
    by_label = {str(drawn.get_label()): drawn for drawn in axes.lines}
    mean = of("D").query("scenario == 'mixed'").groupby("year")["value"].mean()
    np.testing.assert_allclose(by_label["Mixed tenure"].get_ydata(), mean)
    assert by_label["Baseline"].get_linestyle() == "--"
    assert {text.get_text() for text in figure.legends[0].get_texts()} == set(NAMES.values())


def test_series__writes_chance_at_the_edge_instead_of_stretching_the_axis() -> None:
    figure = line(chance=of("D_expected"), chance_label="by chance alone:")
    assert figure.axes[0].get_ylim()[0] > 0.3
    assert "by chance alone: 0.014 ↓" in drawn_texts(figure)


def test_series__of_an_undefined_measure_is_an_empty_figure_and_no_error() -> None:
    rows = of("D").assign(value=np.nan)
    assert figures.svg(figures.series(rows, baseline="town", names=NAMES, title="D", unit="index"))


def test_series__of_one_seed_without_change_keeps_an_axis() -> None:
    rows = of("D").query("seed == 1").assign(value=0.4)
    figure = figures.series(rows, baseline="town", names=NAMES, title="D", unit="index")
    low, high = figure.axes[0].get_ylim()
    assert high - low > 0.005


def test_svg__is_the_same_for_the_same_frame_whatever_the_readers_settings() -> None:
    first = figures.svg(line())
    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "black", "svg.hashsalt": "other"}):
        assert figures.svg(line()) == first
    assert "<?xml" not in first
    assert "<metadata" not in first


def test_ticks__are_written_in_the_readers_language_with_equal_decimals() -> None:
    texts = drawn_texts(line(number=Words("sv").number))
    assert "0,400" in texts or "0,40" in texts
    assert "0.4" not in texts


@pytest.mark.parametrize(("step", "decimals"), [(0.5, 1), (0.25, 2), (2.5, 1), (10.0, 0), (0.003, 3)])
def test_count_decimals__tells_ticks_apart(step: float, decimals: int) -> None:
    assert count_decimals(step) == decimals


def test_raster__puts_each_area_on_its_cells_and_leaves_the_rest_empty() -> None:
    cells = pd.DataFrame({"x": [50.0, 150.0, 50.0], "y": [50.0, 50.0, 150.0], "area": ["a", "b", "a"]})
    grid, extent = raster(cells, pd.Series({"a": 1.0, "b": 2.0}))
    np.testing.assert_array_equal(grid, [[1, 2], [1, np.nan]])
    assert extent == (0.0, 200.0, 0.0, 200.0)
    assert cell_side(cells) == 100.0


def test_share_maps__show_all_panels_on_one_scale_and_the_change_around_zero() -> None:
    geography = figures.Geography(made_up.cells())
    before, after = made_up.area_values(), made_up.area_values(0.02)
    panels = [figures.Panel("Start", before), figures.Panel("End", after)]
    change = figures.Panel("Difference", after - before)
    figure = figures.share_maps(geography, panels, change, title="Share", unit="%", change_unit="points")
    maps = [axes for axes in figure.axes if axes.images]
    assert [axes.get_title(loc="left") for axes in maps] == ["Start", "End", "Difference"]
    scales = [axes for axes in figure.axes if not axes.images]
    low, high = scales[-1].get_xlim()
    assert low == pytest.approx(-high)
    assert figures.png(figure, 40)[:4] == b"\x89PNG"


def test_share_maps__colour_areas_without_a_value_grey_and_say_so() -> None:
    geography = figures.Geography(made_up.cells())
    values = made_up.area_values()
    values["Area 8"] = np.nan
    figure = figures.share_maps(
        geography, [figures.Panel("Start", values)], title="Share", unit="%", missing="no residents"
    )
    assert "no residents" in drawn_texts(figure)


def test_share_maps__draw_boundaries_where_there_are_any() -> None:
    cells = made_up.cells()
    outline = pd.DataFrame({"area": "Area 8", "ring": 0, "x": [0.0, 900.0, 900.0], "y": [0.0, 0.0, 900.0]})
    figure = figures.share_maps(
        figures.Geography(cells, outline),
        [figures.Panel("Start", made_up.area_values())],
        title="S",
        unit="%",
    )
    assert len(figure.axes[0].collections) == 2


def test_type_shares__write_every_share_large_enough_and_fill_the_bar() -> None:
    figure = figures.type_shares(made_up.type_frame(), title="T", unit="%", labels=LABELS)
    bars = figure.axes[0].patches
    widths = np.array([bar.get_width() for bar in bars]).reshape(5, 3).T
    np.testing.assert_allclose(widths, 100 * made_up.type_frame().to_numpy())
    assert [text.get_text() for text in figure.axes[0].texts].count("16") == 1


def test_differences__show_zero_and_every_seed() -> None:
    dots = pd.DataFrame({"scenario": "mixed", "row": "D", "difference": [-0.01, -0.02, -0.015]})
    ends = {"difference": [-0.015], "lower": [-0.02], "upper": [-0.01]}
    intervals = pd.DataFrame({"scenario": "mixed", "row": "D"} | ends)
    names = {name: NAMES[name] for name in ("town", "mixed")}
    figure = figures.differences(
        intervals, dots, [figures.DifferenceGroup("index", ["D"])], baseline="town", names=names, title="T"
    )
    axes = figure.axes[0]
    low, high = axes.get_xlim()
    assert low < -0.02
    assert high > 0
    seeds, mean = (drawn for drawn in axes.lines if len(drawn.get_xdata()) in (3, 1))
    assert list(seeds.get_xdata()) == [-0.01, -0.02, -0.015]
    assert list(mean.get_xdata()) == [-0.015]
    assert [segment[:, 0].tolist() for segment in axes.collections[0].get_segments()] == [[-0.02, -0.01]]


def test_area_types__look_alike_at_both_ends() -> None:
    """Types 1-2 and 4-5 must weigh the same: equally dark, pair by pair."""
    light = [luminance(colour) for colour in figures.TYPES]
    assert max(light) == light[2]
    assert 0.3 < (light[0] + 0.05) / (light[4] + 0.05) < 3.5


def test_scenario_colours__stand_out_from_white() -> None:
    for colour in figures.SCENARIOS[:4]:
        assert (1.05) / (luminance(colour) + 0.05) > 3


def test_save__writes_what_the_ending_says(tmp_path) -> None:
    assert figures.save(line(), tmp_path / "a" / "d.svg").read_text("utf-8").startswith("<svg")
    assert figures.save(line(), tmp_path / "d.png").read_bytes()[:4] == b"\x89PNG"
