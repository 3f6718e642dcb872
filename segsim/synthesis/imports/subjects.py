"""The tables of Statistics Sweden a city is made from: what they are called, and what their labels become."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from segsim.synthesis.imports.labels import is_neutral, split_label
from segsim.words.text import Text


class Subject(NamedTuple):
    """One published table.

    Attributes
    ----------
    key : str
        What the command calls it.
    title : Text
    number : str
        Its number in the database, for areas of 2025.
    older : str
        Its number for areas of 2018, where that is another.
    codes : str
        What the database called it in names of files.
    columns : dict of str to str
        What a label in plain letters must match to become a column of the area table.
    whole : str
        The column that totals become, or nothing.
    needed : bool
        Whether the city needs it.
    only, never : str
        What some label or the title must match, and what neither may.
    age : str
        The only ages that count, or nothing for all together.
    """

    key: str
    title: Text
    number: str
    codes: str
    columns: dict[str, str]
    whole: str = ""
    older: str = ""
    needed: bool = True
    only: str = ""
    never: str = r"(?!)"
    age: str = ""

    @property
    def table(self) -> Text:
        """Its names in the database."""
        older = (f", up to 2023 {self.older}", f", till 2023 {self.older}") if self.older else ("", "")
        return Text(*(f"{self.number}{one} ({self.codes})" for one in older))

    def split(self, labels: tuple[str, ...]) -> tuple[str, ...]:
        """Return labels with those that stand in one cell taken apart."""
        patterns = tuple(self.columns.values())
        return tuple(part for label in labels for part in split_label(label, patterns, self.age))

    def name_column(self, label: str) -> str:
        """Return the column a label alone means, or nothing."""
        return next((name for name, like in self.columns.items() if re.fullmatch(like, label)), "")

    def may_be(self, words: Iterable[str]) -> bool:
        """Tell whether labels and title allow it to be this table."""
        words = list(words)
        return not any(re.fullmatch(self.never, word) for word in words) and (
            not self.only or any(re.fullmatch(self.only, word) for word in words)
        )

    def find_columns(self, labels: Iterable[str]) -> set[str]:
        """Return the columns that are named in some labels, among other words too."""
        labels = list(labels)
        within = {name: re.compile(rf"(?:^| )(?:{like})") for name, like in self.columns.items()}
        return {name for name, like in within.items() if any(map(like.search, labels))}

    def list_strangers(self, labels: tuple[str, ...]) -> list[str]:
        """Return the labels under which no value is one of a column."""
        return [
            label
            for label in labels
            if not self.name_column(label)
            and not is_neutral(label)
            and not (self.age and re.fullmatch(self.age, label))
        ]

    def place(self, labels: tuple[str, ...]) -> str | None:
        """Return the column that values under some labels, taken apart, belong to, or None."""
        columns = [column for label in labels if (column := self.name_column(label))]
        if len(columns) > 1 or self.list_strangers(labels):
            return None
        return columns[0] if columns else self.whole or None


def _ages(first: int) -> str:
    return rf"{first} {first + 4}( ar| years)?"


SUBJECTS: tuple[Subject, ...] = (
    Subject(
        "background",
        Text("residents by background", "boende efter svensk och utländsk bakgrund"),
        "TAB6571",
        "FolkmDesoBakgrKon, 000005FE",
        {
            "swedish_background": r"svensk bakgrund|swedish background|inrikes fod.* (en|tva) inrikes.*",
            "foreign_background": r"utlandsk bakgrund|foreign background|utrikes fodda?|inrikes fod.* tva "
            "utrikes.*",
        },
        "pop_bg_total",
    ),
    Subject(
        "birth",
        Text("residents by region of birth", "boende efter födelseregion"),
        "TAB6572",
        "FolkmDesoLandKon, 000005FB",
        {
            "born_sweden": r"sverige|fodda? i sverige|sweden|born in sweden",
            "born_europe_exsw": r"(ovriga )?europa.*|(rest of )?europe.*|europa utom sverige",
            "born_rest_world": r"ovriga varlden.*|utanfor europa|varlden utom europa.*|rest of (the "
            ")?world.*|outside europe",
        },
        "pop_total",
        never=r".*medborgar.*|.*citizen.*",
    ),
    Subject(
        "age",
        Text("residents by age", "boende efter ålder"),
        "TAB6574",
        "FolkmDesoAldKon, 000005FF",
        {f"age_{n}_{n + 4}": _ages(n) for n in range(0, 25, 5)},
        "pop_age_total",
    ),
    Subject(
        "households",
        Text("households by kind", "hushåll efter hushållstyp"),
        "TAB6568",
        "HushallDesoTyp, 000005F8",
        {
            "hh_couple_children": r"(sammanboende|par|gifta sammanboende) med barn.*|(cohabiting|couples?).* "
            "with children.*",
            "hh_couple_nochildren": r"(sammanboende|par|gifta sammanboende) utan barn.*|(cohabiting|couples?)"
            ".* without children.*",
            "hh_single_children": r"ensamstaende med barn.*|single.* with children.*",
            "hh_single_nochildren": r"ensamstaende utan barn.*|single.* without children.*",
            "hh_other": r"ovriga hushall.*|other households.*",
        },
    ),
    Subject(
        "tenure",
        Text("dwellings by tenure", "bostäder efter upplåtelseform"),
        "TAB6638",
        "BO0104T01N2, BO0104T10N, 000006OC",
        {
            "dw_rental": r"hyresratt.*|rented.*|rental.*",
            "dw_coop": r"bostadsratt.*|tenant owned.*|cooperative.*",
            "dw_owned": r"aganderatt.*|owner occupied.*",
            "dw_tenure_unknown": r"ovrigt?|ovriga|uppgift saknas|.*okand.*|data missing",
        },
        older="TAB6258",
        never=r".*antal personer.*|.*personer efter.*|.*number of persons.*",
    ),
    Subject(
        "education",
        Text("residents of 25-64 by education", "boende 25-64 år efter utbildningsnivå"),
        "TAB6534",
        "UtbSUNBefDesoRegsoN, UtbSUNBefDesoRegso, 000005MO",
        {
            "edu_lower_sec": r"forgymnasial.*|(primary|lower) .*|compulsory.*",
            "edu_upper_sec": r"gymnasial.*|upper secondary.*",
            "edu_post_lt3": r"eftergymnasial.*(mindre|kortare).*|post secondary.*less.*",
            "edu_post_ge3": r"eftergymnasial.*(3 ar eller|minst|langre).*|forskarutbildning.*|post "
            "secondary.*3 years.*",
            "edu_unknown": r"uppgift.*saknas|utbildningsniva saknas|.*missing|unknown.*",
        },
        older="TAB5956",
        age=r"25 6[45](?: ar| years)?",
        only=r".*utbildning.*|.*educat.*|.*second.*",
    ),
    Subject(
        "labour",
        Text("labour market status at 16-64", "arbetsmarknadsstatus 16-64 år"),
        "TAB6680",
        "ArRegDesoStatusN, 000007A8",
        {
            "employed": r"(antal )?sysselsatta|(number of |number )?employed( persons)?",
            "unemployed": r"(antal )?arbetslosa|(number of |number )?unemployed( persons)?",
            "pop_16_64": r"antal totalt|total number|befolkning 16 64 ar",
        },
        age=r"16 64(?: ar| years)?",
        only=r".*sysselsatt.*|.*arbets.*|.*employ.*",
    ),
    Subject(
        "standard",
        Text("low and high economic standard", "låg och hög ekonomisk standard"),
        "TAB6685",
        "Tab4InkDesoRegso, 000006TA",
        {
            "low_econ_std_pct": r"lag ekonomisk standard.*|low economic standard.*|at risk of poverty.*",
            "high_econ_std_pct": r"hog ekonomisk standard.*|high economic standard.*",
        },
        never=r"omradestyp.*|area type.*",
    ),
    Subject(
        "income",
        Text("median net income at 20 and over", "median av nettoinkomst från 20 år"),
        "TAB6679",
        "Tab1InkDesoRegso, 000005FM",
        {"net_income_median_tkr": r"median.*"},
        only=r".*netto.*|.*net income.*",
        never=r".*ekonomisk standard.*|.*disponibel.*|.*economic standard.*",
    ),
    Subject(
        "types",
        Text("official area types", "officiella områdestyper"),
        "TAB6586",
        "000005QX",
        {"omradestyp_2022": r"(socioekonomisk )?omradestyp.*|area type.*|typ av omrade.*"},
        needed=False,
        only=r".*omradestyp.*|.*area type.*|.*typ av omrade.*",
    ),
    Subject(
        "buildings",
        Text("residents by kind of building", "boende efter hustyp"),
        "TAB6065",
        "HushallT32Deso, 000005LO",
        {"pers_special_housing": r"specialbost.*|special housing.*"},
        needed=False,
    ),
)
"""Every table, in the order of the columns of the area table."""
