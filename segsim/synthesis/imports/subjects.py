"""The tables of Statistics Sweden a city is made from: what they are called, and what their labels become."""

import re
from typing import NamedTuple

from segsim.words.text import Text

_NEUTRAL = (
    r"totalt?|tot|totalt .*|samtliga.*|alla.*|bada konen|man och kvinnor|1 2|man|kvinnor|men|women|antal|"
    r"antal personer|personer|folkmangd.*|befolkning.*|population|number|number of persons|"
    r".*samtliga aldrar|hushall|antal hushall|antal lagenheter|lagenheter|nettoinkomst|alla inkomstslag|"
    r"20 ar|20 ar och aldre"
)
MEN, WOMEN = ("man", "men"), ("kvinnor", "women")
"""Labels of men and of women, when they stand apart."""


class Subject(NamedTuple):
    """One published table.

    Attributes
    ----------
    title : Text
    table : str
        Its name in the database, for areas of 2025, and of 2018 where that is another.
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

    title: Text
    table: str
    columns: dict[str, str]
    whole: str = ""
    needed: bool = True
    only: str = ""
    never: str = r"$^"
    age: str = ""

    def place(self, labels: tuple[str, ...]) -> str | None:
        """Return the column that values under some labels belong to, or None."""
        column = ""
        for label in labels:
            match = next((name for name, like in self.columns.items() if re.fullmatch(like, label)), "")
            if match and not column:
                column = match
            elif match or not (re.fullmatch(_NEUTRAL, label) or (self.age and re.fullmatch(self.age, label))):
                return None
        return column or self.whole or None


def _ages(first: int) -> str:
    return rf"{first} {first + 4}( ar| years)?"


SUBJECTS: tuple[Subject, ...] = (
    Subject(
        Text("residents by background", "boende efter svensk och utländsk bakgrund"),
        "TAB6571 (FolkmDesoBakgrKon, 000005FE)",
        {
            "swedish_background": r"svensk bakgrund|swedish background|inrikes fod.* (en|tva) inrikes.*",
            "foreign_background": r"utlandsk bakgrund|foreign background|utrikes fodda?|inrikes fod.* tva "
            "utrikes.*",
        },
        "pop_bg_total",
    ),
    Subject(
        Text("residents by region of birth", "boende efter födelseregion"),
        "TAB6572 (FolkmDesoLandKon, 000005FB)",
        {
            "born_sweden": r"sverige|fodda? i sverige|sweden|born in sweden",
            "born_europe_exsw": r"(ovriga )?europa.*|(rest of )?europe.*|europa utom sverige",
            "born_rest_world": r"ovriga varlden.*|utanfor europa|varlden utom europa.*|rest of (the "
            ")?world.*|outside europe",
        },
        "pop_total",
    ),
    Subject(
        Text("residents by age", "boende efter ålder"),
        "TAB6574 (FolkmDesoAldKon, 000005FF)",
        {f"age_{n}_{n + 4}": _ages(n) for n in range(0, 25, 5)},
        "pop_age_total",
    ),
    Subject(
        Text("households by kind", "hushåll efter hushållstyp"),
        "TAB6568 (HushallDesoTyp, 000005F8)",
        {
            "hh_couple_children": r"(sammanboende|par|gifta sammanboende) med barn.*|cohabiting with "
            "children.*",
            "hh_couple_nochildren": r"(sammanboende|par|gifta sammanboende) utan barn.*|cohabiting without "
            "children.*",
            "hh_single_children": r"ensamstaende med barn.*|single with children.*",
            "hh_single_nochildren": r"ensamstaende utan barn.*|single without children.*",
            "hh_other": r"ovriga hushall.*|other households.*",
        },
    ),
    Subject(
        Text("dwellings by tenure", "bostäder efter upplåtelseform"),
        "TAB6638, for 2018 areas TAB6258 (BO0104T10N, 000006OC)",
        {
            "dw_rental": r"hyresratt.*|rented.*|rental.*",
            "dw_coop": r"bostadsratt.*|tenant owned.*|cooperative.*",
            "dw_owned": r"aganderatt.*|owner occupied.*",
            "dw_tenure_unknown": r"ovrigt?|ovriga|uppgift saknas|.*okand.*|data missing",
        },
        never=r".*antal personer.*|.*personer efter.*|number of persons.*",
    ),
    Subject(
        Text("residents of 25-64 by education", "boende 25-64 år efter utbildningsnivå"),
        "TAB6534, for 2018 areas TAB5956 (UtbSUNBefDesoRegso, 000005MO)",
        {
            "edu_lower_sec": r"forgymnasial.*|(primary|lower) .*|compulsory.*",
            "edu_upper_sec": r"gymnasial.*|upper secondary.*",
            "edu_post_lt3": r"eftergymnasial.*(mindre|kortare).*|post secondary.*less.*",
            "edu_post_ge3": r"eftergymnasial.*(3 ar eller|minst|langre).*|forskarutbildning.*|post "
            "secondary.*3 years.*",
            "edu_unknown": r"uppgift.*saknas|utbildningsniva saknas|information missing|unknown.*",
        },
        age=r"25 6[45]( ar)?",
        only=r".*utbildning.*|.*educat.*|.*second.*",
    ),
    Subject(
        Text("labour market status at 16-64", "arbetsmarknadsstatus 16-64 år"),
        "TAB6680 (ArRegDesoStatusN, 000007A8)",
        {
            "employed": r"(antal )?sysselsatta|employed|number employed",
            "unemployed": r"(antal )?arbetslosa|unemployed|number unemployed",
            "pop_16_64": r"antal totalt|total number|befolkning 16 64 ar",
        },
        age=r"16 64( ar| years)?",
        only=r".*sysselsatt.*|.*arbets.*|.*employ.*",
    ),
    Subject(
        Text("low and high economic standard", "låg och hög ekonomisk standard"),
        "TAB6685 (Tab4InkDesoRegso, 000006TA)",
        {
            "low_econ_std_pct": r".*lag ekonomisk standard.*|.*low economic standard.*",
            "high_econ_std_pct": r".*hog ekonomisk standard.*|.*high economic standard.*",
        },
    ),
    Subject(
        Text("median net income at 20 and over", "median av nettoinkomst från 20 år"),
        "TAB6683 (Tab2InkDesoRegso, 000005FM)",
        {"net_income_median_tkr": r"median.*"},
        only=r".*netto.*|.*net income.*",
        never=r".*ekonomisk standard.*|.*disponibel.*|.*economic standard.*",
    ),
    Subject(
        Text("official area types", "officiella områdestyper"),
        "TAB6586 (000005QX)",
        {"omradestyp_2022": r"(socioekonomisk )?omradestyp.*|area type.*|typ av omrade.*"},
        needed=False,
        only=r".*omradestyp.*|.*area type.*|.*typ av omrade.*",
    ),
    Subject(
        Text("residents by kind of building", "boende efter hustyp"),
        "TAB6065 (HushallT32Deso, 000005LO)",
        {"pers_special_housing": r"specialbost.*|special housing.*"},
        needed=False,
    ),
)
"""Every table, in the order of the columns of the area table."""
