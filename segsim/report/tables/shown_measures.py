"""Which of the many measures a page shows, and where; all others are in the tables beside it."""

from segsim.runs.series import Series
from segsim.tables import TENURES


def _city(measure: str, grouping: str = "") -> Series:
    """Return a quantity of the whole municipality."""
    return Series(measure, grouping, "municipality")


SERIES = (
    Series("D", "background", "area"),
    Series("isolation", "background.foreign", "area"),
    Series("HR", "", "area"),
    Series("inequality_index", "", "area"),
    Series("index_sd", "", "district"),
    Series("D", "background", "school"),
    Series("excess_D", "background", "school"),
    Series("merit_sd_between", "", "school"),
    _city("merit_gap", "education"),
    _city("employment_gap", "background"),
    _city("crowded"),
    _city("queue_years"),
)
"""Quantities drawn over the years, beside the main measures."""

THEMES: dict[str, tuple[Series, ...]] = {
    "residence": (
        Series("D", "background", "area"),
        Series("D", "background", "district"),
        Series("H", "background", "area"),
        Series("V", "background", "area"),
        Series("H", "origin", "area"),
        Series("isolation", "background.foreign", "area"),
        Series("isolation", "background.swedish", "area"),
        Series("D", "tenure", "area"),
        Series("D", "education", "area"),
        Series("moran_I", "background.foreign", "cell"),
    ),
    "income": (
        Series("inequality_index", "", "area"),
        Series("HR", "", "area"),
        Series("D", "income", "area"),
        Series("index_sd", "", "district"),
        *(Series(f"area_type_{kind}", "", "district") for kind in range(1, 6)),
        _city("share", "income.low"),
        _city("share", "income.high"),
        _city("standard_median"),
    ),
    "schools": (
        Series("D", "background", "school"),
        Series("D_home", "background", "area"),
        Series("excess_D", "background", "school"),
        Series("H", "background", "school"),
        Series("residence_share", "background", "school"),
        Series("ses_between", "", "school"),
        Series("merit_sd_between", "", "school"),
        _city("merit_mean"),
        _city("merit_gap", "education"),
        _city("merit_gap", "background"),
        _city("eligible"),
        _city("teacher_density"),
    ),
    "work": (
        _city("employed"),
        _city("employed", "background.swedish"),
        _city("employed", "background.foreign"),
        _city("employment_gap", "background"),
        _city("employment_gap", "sex"),
        _city("unemployed"),
    ),
    "housing": (
        _city("crowded"),
        _city("crowded", "background.swedish"),
        _city("crowded", "background.foreign"),
        _city("lodging"),
        _city("queue_years"),
        _city("move_rate"),
        _city("chain_length"),
        *(_city("dwellings", f"tenure.{name}") for name in TENURES),
        _city("price", "tenure.cooperative"),
        _city("price", "tenure.owner_occupied"),
    ),
    "people": (
        _city("population"),
        _city("share", "background.foreign"),
    ),
}
"""Quantities of the tables, by theme."""

DRAWN_DIFFERENCES = (
    Series("D", "background", "area"),
    Series("H", "background", "area"),
    Series("isolation", "background.foreign", "area"),
    Series("HR", "", "area"),
    Series("D", "background", "school"),
    Series("excess_D", "background", "school"),
    Series("inequality_index", "", "area"),
    _city("share", "income.low"),
    _city("crowded"),
    _city("employed"),
    Series("merit_sd_between", "", "school"),
    _city("merit_gap", "education"),
    _city("employment_gap", "background"),
)
"""Quantities whose differences are drawn, beside the main measures."""

HIGHLIGHTS = (
    Series("D", "background", "area"),
    Series("inequality_index", "", "area"),
    Series("isolation", "background.foreign", "area"),
    Series("D", "tenure", "area"),
    Series("D", "background", "school"),
    Series("merit_sd_between", "", "school"),
    _city("employment_gap", "background"),
    _city("crowded"),
)
"""Measures that say most of the state of a municipality."""

PLACE_MEASURES = (
    "people",
    "people_stayed",
    "gainers_left",
    "place",
    "place_change",
    "change_by_stayers",
    "change_by_in_movers",
    "change_by_out_movers",
    "change_by_births",
    "change_by_deaths",
)
"""What is told of a place that is followed, and of the people who lived there at first."""

PLACE_INDICATORS = ("employed", "low_income")

GAPS = (
    _city("employed", "background*sex.swedish*man"),
    _city("employed", "background*sex.swedish*woman"),
    _city("employed", "background*sex.foreign*man"),
    _city("employed", "background*sex.foreign*woman"),
    _city("employment_gap", "background"),
    _city("employment_gap", "sex"),
    _city("merit_gap", "education"),
    _city("merit_gap", "background"),
    _city("crowded", "background.swedish"),
    _city("crowded", "background.foreign"),
)
"""Gaps in life chances between groups."""

MAPS = {
    "foreign_background": Series("share", "background.foreign", "area"),
    "index": Series("socioeconomic_index", "", "area"),
    "rental": Series("share", "tenure.rental", "area"),
}
"""Quantities painted on the map, area by area."""

TYPE = Series("area_type", "", "district")
"""The official type: that of the district (RegSO)."""

TYPE_SHARES = tuple(Series(f"area_type_{kind}", "", "district") for kind in range(1, 6))

POPULATION = _city("population")

UNIT_MEASURES = (
    *MAPS.values(),
    TYPE,
    Series("population", "", "area"),
    Series("share", "income.low", "area"),
    Series("employed", "", "area"),
    Series("merit_mean", "", "school"),
    Series("pupils", "", "school"),
)
"""Quantities of single areas, districts and schools that the workbook holds; differences.csv has all."""
