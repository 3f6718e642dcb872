"""Tables of Statistics Sweden as its database exports them, written from the facts that come with segsim.

Labels and titles are those of the tables themselves (Swedish). A layout says which variables stand in rows
and which in headers; `LAYOUTS` holds those the database and its API write, with what surrounds them.
"""

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pandas as pd

SEXES = {"Kon": ("kön", ("män", "kvinnor", "totalt"))}
MEN, WOMEN, HIDDEN = "män", "kvinnor", ".."


class ScbTable(NamedTuple):
    """One table: its number and title, its variables with their labels, and which label is which column."""

    number: str
    title: str
    variables: dict[str, tuple[str, tuple[str, ...]]]
    contents: tuple[str, ...]
    columns: dict[str, str]

    @property
    def axes(self) -> list[tuple[str, str, tuple[str, ...]]]:
        """Code, name and labels of every variable but region and year, contents last."""
        axes = [(code, *pair) for code, pair in self.variables.items()]
        return [*axes, ("ContentsCode", "tabellinnehåll", self.contents)]

    def value(self, row: "pd.Series[Any]", labels: tuple[str, ...]) -> float | str:
        """Return what stands under some labels; 7 under those that are no column of ours."""
        column = next((self.columns[label] for label in labels if label in self.columns), None)
        other = {"sammanräknad förvärvsinkomst", "15-74 år", "20-64 år", "0-19 år", "65+ år", "25-29 år"}
        if column is None or other & set(labels):
            return 7
        value = row[column]
        if value != value:
            return HIDDEN
        if MEN in labels or WOMEN in labels:
            if column.endswith(("pct", "tkr")):
                return float(value) + (1 if MEN in labels else -1)
            return int(value // 2 if MEN in labels else value - value // 2)
        return float(value) if value % 1 else int(value)


AGES = tuple(f"{n}-{n + 4} år" for n in range(0, 30, 5))
TABLES = (
    ScbTable(
        "TAB6571",
        "Folkmängden per region efter utländsk/svensk bakgrund och kön",
        {
            "UtlBakgrund": ("utländsk/svensk bakgrund", ("utländsk bakgrund", "svensk bakgrund", "totalt")),
            **SEXES,
        },
        ("Folkmängd",),
        {
            "utländsk bakgrund": "foreign_background",
            "svensk bakgrund": "swedish_background",
            "totalt": "pop_bg_total",
        },
    ),
    ScbTable(
        "TAB6572",
        "Folkmängden per region efter födelseregion och kön",
        {
            "Fodelseregion": (
                "födelseregion",
                ("Sverige", "Europa utom Sverige", "övriga världen inkl. uppgift saknas", "totalt"),
            ),
            **SEXES,
        },
        ("Antal",),
        {
            "Sverige": "born_sweden",
            "Europa utom Sverige": "born_europe_exsw",
            "övriga världen inkl. uppgift saknas": "born_rest_world",
            "totalt": "pop_total",
        },
    ),
    ScbTable(
        "TAB6574",
        "Folkmängden per region efter ålder och kön",
        {"Alder": ("ålder", (*AGES, "totalt")), **SEXES},
        ("Antal",),
        {label: f"age_{n}_{n + 4}" for n, label in zip(range(0, 25, 5), AGES, strict=False)},
    ),
    ScbTable(
        "TAB6568",
        "Antal hushåll per region efter hushållstyp",
        {
            "Hushallstyp": (
                "hushållstyp",
                (
                    "sammanboende med barn",
                    "sammanboende utan barn",
                    "ensamstående med barn",
                    "ensamstående utan barn",
                    "övriga hushåll",
                    "totalt antal hushåll",
                ),
            )
        },
        ("Antal hushåll",),
        {
            "sammanboende med barn": "hh_couple_children",
            "sammanboende utan barn": "hh_couple_nochildren",
            "ensamstående med barn": "hh_single_children",
            "ensamstående utan barn": "hh_single_nochildren",
            "övriga hushåll": "hh_other",
        },
    ),
    ScbTable(
        "TAB6638",
        "Antal lägenheter efter region (DeSO/RegSO 2025) och upplåtelseform",
        {
            "Upplatelseform": (
                "upplåtelseform",
                ("hyresrätt", "bostadsrätt", "äganderätt", "uppgift saknas"),
            )
        },
        ("Antal lägenheter",),
        {
            "hyresrätt": "dw_rental",
            "bostadsrätt": "dw_coop",
            "äganderätt": "dw_owned",
            "uppgift saknas": "dw_tenure_unknown",
        },
    ),
    ScbTable(
        "TAB6534",
        "Befolkning 25-65 år efter region och utbildningsnivå",
        {
            "UtbildningsNiva": (
                "utbildningsnivå",
                (
                    "förgymnasial utbildning",
                    "gymnasial utbildning",
                    "eftergymnasial utbildning, mindre än 3 år",
                    "eftergymnasial utbildning, 3 år eller mer",
                    "uppgift om utbildningsnivå saknas",
                ),
            )
        },
        ("Befolkning",),
        {
            "förgymnasial utbildning": "edu_lower_sec",
            "gymnasial utbildning": "edu_upper_sec",
            "eftergymnasial utbildning, mindre än 3 år": "edu_post_lt3",
            "eftergymnasial utbildning, 3 år eller mer": "edu_post_ge3",
            "uppgift om utbildningsnivå saknas": "edu_unknown",
        },
    ),
    ScbTable(
        "TAB6680",
        "Arbetsmarknadsstatus efter bostadens belägenhet, region (DeSO/RegSO), kön och ålder",
        {**SEXES, "Alder": ("ålder", ("15-74 år", "16-64 år", "20-64 år"))},
        (
            "antal sysselsatta",
            "antal arbetslösa",
            "antal sysselsatta och arbetslösa (arbetskraften)",
            "antal personer utanför arbetskraften",
            "antal totalt",
        ),
        {"antal sysselsatta": "employed", "antal arbetslösa": "unemployed", "antal totalt": "pop_16_64"},
    ),
    ScbTable(
        "TAB6685",
        "Låg respektive hög ekonomisk standard efter region och ålder",
        {"Alder": ("ålder", ("totalt ålder", "0-19 år", "65+ år"))},
        ("Låg ekonomisk standard, procent", "Hög ekonomisk standard, procent", "Antal personer totalt"),
        {
            "Låg ekonomisk standard, procent": "low_econ_std_pct",
            "Hög ekonomisk standard, procent": "high_econ_std_pct",
        },
    ),
    ScbTable(
        "TAB6679",
        "Andel av befolkningen per inkomstklass efter region, inkomstslag och kön",
        {
            "InkomstTyp": ("inkomstslag", ("sammanräknad förvärvsinkomst", "nettoinkomst")),
            **SEXES,
        },
        (
            "Kvartil 1, procent",
            "Medianvärde, tkr",
            "Medelvärde, tkr",
            "Antal personer totalt",
        ),
        {"Medianvärde, tkr": "net_income_median_tkr"},
    ),
    ScbTable(
        "TAB6065",
        "Antal personer efter region och hustyp",
        {
            "Hustyp": (
                "hustyp",
                ("småhus", "flerbostadshus", "övriga hus", "specialbostäder", "uppgift saknas", "totalt"),
            )
        },
        ("Antal personer",),
        {"specialbostäder": "pers_special_housing"},
    ),
)
"""The tables a city is made from, but the area types, which are of districts."""

TYPES = ScbTable(
    "TAB6586",
    "Socioekonomiskt index och områdestyp efter region (RegSO)",
    {},
    (
        "Andelen med ekonomiskt bistånd och/eller långtidsarbetslösa",
        "Andelen med förgymnasial utbildning",
        "Andelen personer med låg ekonomisk standard (oavsett ålder)",
        "Områdestyp",
        "Socioekonomiskt index",
    ),
    {"Områdestyp": "omradestyp_2022"},
)


class Extract(NamedTuple):
    """A table, the rows of facts it is of by what their region is called and its years."""

    table: ScbTable
    rows: Mapping[str, "pd.Series[Any]"]
    years: tuple[str, ...] = ("2022",)

    def cell(self, region: str, labels: tuple[str, ...], year: str) -> float | str:
        """Return a value; those of years before ours are 5 less."""
        value = self.table.value(self.rows[region], labels)
        return value if year == self.years[-1] or isinstance(value, str) else max(value - 5, 0)

    def combinations(self) -> Iterator[tuple[str, ...]]:
        """Yield every combination of labels, contents last."""
        yield from product(*(labels for _, _, labels in self.table.axes))

    @property
    def full_title(self) -> str:
        """The title as above a table: its variables, and the years."""
        return f"{self.table.title}. År {self.years[0]} - {self.years[-1]}"


FOOTNOTES = (
    "",
    "Värden för små grupper är störda, därför summerar delar inte alltid till 100 procent.",
    "Senast uppdaterad:",
    "20250225 08:00",
    "Källa:",
    "SCB",
    "Kontaktperson:",
    "Statistikservice, +46 010-479 50 00",
    "Måttenhet:",
    "antal",
    "Referenstid:",
    "31 december 2022",
    "Databas:",
    "Statistikdatabasen",
    "Intern referenskod:",
    "000007Y4",
)


def swedish(value: float | str) -> str:
    """Write a value with a decimal comma."""
    return (
        value if isinstance(value, str) else f"{value:g}".replace(".", ",") if value % 1 else f"{value:.0f}"
    )


def write_rows_csv(path: Path, one: Extract) -> None:
    """Categories in rows, contents and years in columns; semicolons, cp1252, decimal comma, a title."""
    axes = one.table.axes
    with path.open("w", encoding="cp1252", newline="") as file:
        writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_NONNUMERIC)
        writer.writerows([[one.full_title], []])
        heads = list(product(one.table.contents, one.years))
        writer.writerow(["region", *(name for _, name, _ in axes[:-1]), *(" ".join(head) for head in heads)])
        stubs = list(product(*(labels for _, _, labels in axes[:-1])))
        for stub in stubs:
            writer.writerow(["00 Riket", *stub, *("123456" for _ in heads)])
        for region in one.rows:
            for stub in stubs:
                cells = [swedish(one.cell(region, (*stub, content), year)) for content, year in heads]
                writer.writerow([region, *stub, *cells])


def write_pivoted_csv(path: Path, one: Extract) -> None:
    """Everything but the region in columns, labels joined by spaces; commas, UTF-8 with a mark, no title."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        heads = list(product(one.combinations(), one.years))
        writer.writerow(["region", *(" ".join((*labels, year)) for labels, year in heads)])
        writer.writerow(["1282 Landskrona", *(99 for _ in heads)])
        for region in one.rows:
            writer.writerow([region, *(one.cell(region, labels, year) for labels, year in heads)])


def write_long_csv(path: Path, one: Extract) -> None:
    """One row per value, contents and years in rows, the value under the title of the table."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        title = one.table.title.split(" efter ")[0].split(" per ")[0]
        writer.writerow(["region", *(name for _, name, _ in one.table.axes), "år", title])
        for region in one.rows:
            for labels in one.combinations():
                writer.writerows(
                    [region, *labels, year, one.cell(region, labels, year)] for year in one.years
                )


def write_rows_workbook(path: Path, one: Extract) -> None:
    """Code and name and categories in rows, each at its first row alone; contents and years in headers."""
    axes, book = one.table.axes, openpyxl.Workbook()
    sheet = book.active
    sheet.append([one.full_title])
    sheet.append([])
    gap: list[str | None] = [None] * (1 + len(axes))
    heads = list(product(one.table.contents, one.years))
    first = [c if y == one.years[0] else None for c, y in heads]
    sheet.append([*gap, *first])
    sheet.append([*gap, *(year for _, year in heads)])
    stubs = list(product(*(labels for _, _, labels in axes[:-1])))
    for region in one.rows:
        before: tuple[str | None, ...] = (None,) * len(axes)
        for stub in stubs:
            code = region.split(" ")[0]
            shown = [
                label if label != last or stub[:i] != before[:i] else None
                for i, (label, last) in enumerate(zip(stub, before, strict=False))
            ]
            values = [one.cell(region, (*stub, content), year) for content, year in heads]
            names = [code, region] if stub == stubs[0] else [None, None]
            sheet.append([*names, *shown, *values])
            before = stub
    write_tail(sheet)
    book.save(path)


def write_pivoted_workbook(path: Path, one: Extract) -> None:
    """A row of headers for every variable, labels at the first of their columns alone."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([one.full_title])
    sheet.append([])
    heads = [(*labels[-1:], *labels[:-1], year) for labels, year in product(one.combinations(), one.years)]
    heads.sort(key=lambda head: one.table.contents.index(head[0]))
    for level in range(len(heads[0])):
        cells = [head[level] for head in heads]
        new = [i == 0 or heads[i][: level + 1] != heads[i - 1][: level + 1] for i in range(len(heads))]
        sheet.append([None, *(cell if is_new else None for cell, is_new in zip(cells, new, strict=True))])
    for region in one.rows:
        values = [one.cell(region, (*head[1:-1], head[0]), head[-1]) for head in heads]
        sheet.append([region, *values])
    write_tail(sheet)
    book.save(path)


def write_turned_workbook(path: Path, one: Extract) -> None:
    """Regions in the headers, everything else in rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([one.full_title])
    sheet.append([])
    sheet.append([*[None] * (len(one.table.axes) + 1), *one.rows])
    for labels, year in product(one.combinations(), one.years):
        sheet.append([*labels, year, *(one.cell(region, labels, year) for region in one.rows)])
    write_tail(sheet)
    book.save(path)


def write_tail(sheet: Any) -> None:
    """Write the footnotes below a table."""
    for line in FOOTNOTES:
        sheet.append([line])


def json_stat(one: Extract) -> dict[str, Any]:
    """Return the answer of the API in JSON-stat 2."""
    dimensions = [("Region", "region", tuple(one.rows)), *one.table.axes, ("Tid", "år", one.years)]

    def category(code: str, labels: tuple[str, ...]) -> dict[str, Any]:
        codes = [label.split(" ")[0] if code == "Region" else f"{n}" for n, label in enumerate(labels)]
        codes = list(labels) if code == "Tid" else codes
        return {
            "index": {c: i for i, c in enumerate(codes)},
            "label": {c: label.split("_")[0] for c, label in zip(codes, labels, strict=True)},
        }

    return {
        "version": "2.0",
        "class": "dataset",
        "label": one.full_title,
        "source": "SCB",
        "updated": "2025-02-25T07:00:00Z",
        "id": [code for code, _, _ in dimensions],
        "size": [len(labels) for _, _, labels in dimensions],
        "role": {"time": ["Tid"], "geo": ["Region"], "metric": ["ContentsCode"]},
        "dimension": {
            code: {"label": name, "category": category(code, labels)} for code, name, labels in dimensions
        },
        "value": [
            None if (value := one.cell(region, labels, year)) == HIDDEN else value
            for region in one.rows
            for labels in one.combinations()
            for year in one.years
        ],
    }


def write_json(path: Path, one: Extract) -> None:
    """The answer of the API."""
    path.write_text(json.dumps(json_stat(one), ensure_ascii=False), "utf-8")


LAYOUTS: dict[str, tuple[str, Callable[[Path, Extract], None]]] = {
    "categories in rows": (".csv", write_rows_csv),
    "all in columns": (".csv", write_pivoted_csv),
    "one row per value": (".csv", write_long_csv),
    "workbook with rows": (".xlsx", write_rows_workbook),
    "workbook with headers": (".xlsx", write_pivoted_workbook),
    "regions in headers": (".xlsx", write_turned_workbook),
    "JSON-stat": (".json", write_json),
}
"""How a table may be exported: the ending of the file, and what writes it."""
