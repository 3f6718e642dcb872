"""Each municipality of a region and the whole, change beside change: what leaves one turns up in another."""

from segsim.comparison import Comparison
from segsim.report.context import PageContext
from segsim.report.page import Head, Row, RowGroup, Table
from segsim.report.tables.difference_tables import row_series
from segsim.runs.series import Series
from segsim.scenario import Scenario

SHOWN = (
    Series("population", "background.foreign", "municipality"),
    Series("population", "background.swedish", "municipality"),
    Series("net_moves", "background.foreign", "municipality"),
    Series("net_moves", "background.swedish", "municipality"),
    Series("share", "background.foreign", "municipality"),
    Series("share", "income.low", "municipality"),
    Series("D", "background", "area"),
    Series("D", "background", "school"),
    Series("inequality_index", "", "area"),
    Series("queue_years", "", "municipality"),
    Series("merit_mean", "", "municipality"),
)
"""What is shown of each municipality and of the whole."""
BETWEEN = (Series("D", "background", "municipality"), Series("H", "background", "municipality"))
"""How unlike the municipalities are; of the whole only."""


def list_municipalities(subject: PageContext) -> list[str]:
    """Return the municipalities of a region that were measured, in alphabetical order; none of one alone."""
    runs = subject.runs
    units = runs.loc[(runs["measure"] == "net_moves") & (runs["unit"] != ""), "unit"]
    return sorted(str(unit) for unit in units.unique())


def title_group(series: Series, subject: PageContext) -> str:
    """Return what the rows of a measure are headed by: its title, and over what it is if not the whole."""
    about = subject.quantity(series)
    if series in BETWEEN:
        return f"{about.title} ({subject.words('municipalities.between')})"
    return about.title if series.level == "municipality" else f"{about.title} ({about.over})"


def local_state(subject: PageContext) -> Table:
    """Return each municipality and the whole at the start and at the end, measure by measure."""
    words, (first, last), base = subject.words, subject.years, subject.baseline.name
    names = list_municipalities(subject)
    keys = {"state.start": first, "state.end": last, "state.change": last}
    heads = [Head(words("municipalities.municipality"), "text")]
    heads += [Head(words(key, year=year)) for key, year in keys.items()]
    groups = []
    for series in (*SHOWN, *BETWEEN) if names else ():
        about, rows = subject.quantity(series), []
        for unit in ("",) if series in BETWEEN else (*names, ""):
            start, end = (subject.mean(series._replace(unit=unit), base, year) for year in (first, last))
            cells = [about.unit.value(words, start), about.unit.value(words, end)]
            cells.append(about.unit.difference(words, end - start))
            rows.append(Row(unit or words("municipalities.whole"), "", cells))
        groups.append(RowGroup(title_group(series, subject), rows))
    return Table(heads, groups)


def local_differences(scenario: Scenario, comparison: Comparison, subject: PageContext) -> Table:
    """Return what a scenario changes in each municipality beside what it changes in the whole."""
    words, names, table = subject.words, list_municipalities(subject), comparison.differences
    table = table[(table["scenario"] == scenario.name) & (table["year"] == comparison.horizon)]
    table = table[table["measure"].isin({series.measure for series in (*SHOWN, *BETWEEN)})]
    rows = {row_series(row): row for row in table.to_dict("records")} if names else {}
    keys = ["baseline", "scenario", "difference", "interval"]
    heads = [Head(words("municipalities.municipality"), "text")]
    heads += [Head(words(f"differences.{key}")) for key in keys]
    groups = []
    for series in (*SHOWN, *BETWEEN):
        about, lines = subject.quantity(series), []
        for unit in ("",) if series in BETWEEN else (*names, ""):
            row = rows.get(series._replace(unit=unit))
            if row is not None:
                cells = [about.unit.value(words, row[f"{which}_mean"]) for which in ("baseline", "scenario")]
                cells.append(about.unit.difference(words, row["difference"]))
                cells.append(about.unit.interval(words, row["lower"], row["upper"]))
                lines.append(Row(unit or words("municipalities.whole"), "", cells))
        if lines:
            groups.append(RowGroup(title_group(series, subject), lines))
    return Table(heads, groups)
