"""The catalogue of measures: what a year's rows are called, their units and definitions in two languages.

A row's `grouping` is the name of a grouping ("background"), of one category in it ("background.foreign"), or
of two ("origin.swedish-europe"); crossings are written with a star ("background*education"). Its `level` is
the system of units the value belongs to, its `unit` the name of the one unit it is about, "" for the city. In a
region of several municipalities a unit may be one of these: D at level area of the unit Solna is over Solna's areas.
"""

# ruff: noqa: E501

from typing import Literal, NamedTuple

from segsim.tables import TENURES
from segsim.words.text import Text

GROUPINGS = ("background", "origin", "education", "income", "tenure")
"""What people can be grouped by; two of them joined with a star are a crossing."""

CATEGORIES = {
    "background": ("swedish", "foreign"),
    "education": ("lower_secondary", "upper_secondary", "short_post_secondary", "long_post_secondary"),
    "income": ("low", "middle", "high"),
    "tenure": TENURES,
}
"""Categories of each grouping; those of origin are the scenario's groups. Education is that of 25-64 only;
income is the household's economic standard, low under 60 % of the national median and high from 200 %."""

PROFILE_SIZES = (8, 25, 100, 400, 1600)
"""Neighbourhoods of the k nearest persons, persons."""

PROFILE_BANDWIDTHS = (2.5, 4.0, 8.0, 16.0)
"""Bandwidths of the spatial indices, cells."""

INDICATORS = ("employed", "low_income", "population")
"""What is followed for people and place: employed of those 20-64, low economic standard of all, how many."""


class Measure(NamedTuple):
    """One declared measure.

    Attributes
    ----------
    name : str
    unit : str
        "index" (0 to 1), "share" (0 to 1), "percent", "points", "tkr", "years", ...
    levels : tuple of str
        The systems of units it can be given for.
    definition : Text
        What it is.
    chance : str
        Measure that holds what a random allocation would give, "" if there is none.
    place : str
        What its values rest on beside who lives in which area: where "homes" lie, where "schools" lie too, or "".
    """

    name: str
    unit: str
    levels: tuple[str, ...]
    definition: Text
    chance: str = ""
    place: Literal["", "homes", "schools"] = ""


CITY = ("municipality",)
HOMES = ("area", "district", "cell")
SPREAD = (*HOMES, "school", "municipality")
UNITS = ("municipality", "district", "area")
PLACES = ("area", "district")

_DECLARED = (
    # how the groups are spread over the units
    Measure("D", "index", SPREAD, Text(
        "Dissimilarity: the share of either of two groups that would have to change unit to be spread alike; "
        "with several groups its generalisation.",
        "Olikhetsindex: andelen av endera av två grupper som skulle behöva byta område eller skola för att grupperna "
        "ska bli lika spridda; för flera grupper generaliserat.",
    ), "D_expected"),
    Measure("D_expected", "index", SPREAD, Text(
        "Dissimilarity that a random allocation to units of the same sizes gives, exactly.",
        "Olikhetsindex vid slumpmässig fördelning över lika stora områden, exakt.",
    )),
    Measure("D_adjusted", "index", SPREAD, Text(
        "Dissimilarity with chance taken away: 1 complete separation, 0 what chance gives, -1 perfectly even.",
        "Olikhetsindex rensat från slump: 1 fullständig uppdelning, 0 det slumpen ger, -1 helt jämnt.",
    )),
    Measure("H", "index", SPREAD, Text(
        "Theil's information index: how much knowing the unit tells of the group, 0 nothing to 1 everything.",
        "Theils informationsindex: hur mycket området säger om gruppen, 0 ingenting till 1 allt.",
    ), "H_expected"),
    Measure("H_expected", "index", SPREAD, Text(
        "Theil's index that a random allocation to units of the same sizes gives, exactly.",
        "Theils index vid slumpmässig fördelning över lika stora områden, exakt.",
    )),
    Measure("H_adjusted", "index", SPREAD, Text(
        "Theil's index with chance taken away, as for D_adjusted.",
        "Theils index rensat från slump, som D_adjusted.",
    )),
    Measure("V", "index", SPREAD, Text(
        "Eta squared, the separation index: isolation beyond the group's size; relative diversity R for several "
        "groups.",
        "Eta², separationsindex: isolering utöver vad gruppens storlek ger; för flera grupper relativ diversitet R.",
    ), "V_expected"),
    Measure("V_expected", "index", SPREAD, Text(
        "Eta squared that a random allocation gives: (units - 1) / (people - 1).",
        "Eta² vid slumpmässig fördelning: (områden - 1) / (personer - 1).",
    )),
    Measure("V_adjusted", "index", SPREAD, Text(
        "Eta squared with chance taken away, as for D_adjusted.",
        "Eta² rensat från slump, som D_adjusted.",
    )),
    Measure("M", "nats", SPREAD, Text(
        "Mutual information of unit and group.",
        "Ömsesidig information mellan område och grupp.",
    )),
    Measure("local_M", "nats", PLACES, Text(
        "How far the composition of one area or district is from the city's; weighted by residents it adds up to M.",
        "Hur mycket ett områdes sammansättning avviker från kommunens; viktat med invånarna summerar det till M.",
    )),
    Measure("isolation", "index", SPREAD, Text(
        "Mean share of the own group in its members' units; rises when a group grows, unlike evenness.",
        "Isoleringsindex: gruppens genomsnittliga andel i medlemmarnas områden; ökar när gruppen växer.",
    )),
    Measure("exposure", "index", (*SPREAD, "neighbourhood"), Text(
        "Mean share of the second group in the units of the first group's members; over neighbourhoods of a board among "
        "the neighbours of those who have any.",
        "Exponeringsindex: den andra gruppens genomsnittliga andel i den förstas områden; över omgivningar på ett bräde "
        "bland grannarna till dem som har några.",
    )),
    # boards
    Measure("like_neighbours", "share", ("neighbourhood",), Text(
        "Mean share of like households among the neighbours, as the board's neighbourhood has them and oneself left out, "
        "of all households with neighbours or of one group's.",
        "Genomsnittlig andel lika hushåll bland grannarna i den omgivning brädet anger, det egna hushållet oräknat, för "
        "alla hushåll med grannar eller för en grupps.",
    )),
    Measure("unsatisfied", "share", CITY, Text(
        "Households of a board, or of one group, whose utility at home is below what satisfies them.",
        "Andel av brädets hushåll, eller av en grupps, vars nytta hemma är lägre än vad de nöjer sig med.",
    )),
    Measure("clusters", "number", CITY, Text(
        "Clusters on a board: squares of one group that hang together by their sides.",
        "Antal kluster på ett bräde: rutor med samma grupp som hänger ihop sida vid sida.",
    )),
    Measure("cluster_mean", "households", CITY, Text(
        "Mean size of the clusters, households.",
        "Klustrens genomsnittliga storlek, hushåll.",
    )),
    Measure("cluster_largest", "households", CITY, Text(
        "Size of the largest cluster, households.",
        "Det största klustrets storlek, hushåll.",
    )),
    # incomes, cells and neighbours
    Measure("HR", "index", PLACES, Text(
        "Rank-order income segregation of households over 20 classes of equal size; no poverty line.",
        "Hushållens inkomstsegregation efter rangordning i 20 lika stora klasser; utan fattigdomsgräns.",
    )),
    Measure("HR_exact", "index", PLACES, Text(
        "Rank-order income segregation of households over every income.",
        "Hushållens inkomstsegregation efter rangordning, varje inkomst för sig.",
    )),
    Measure("moran_I", "index", ("cell",), Text(
        "Moran's I of the group's share over populated grid cells and their eight neighbours: about 1 large "
        "clusters, 0 no pattern.",
        "Morans I för gruppens andel över befolkade rutor och deras åtta grannar: nära 1 stora kluster, 0 inget "
        "mönster.",
    ), "moran_I_expected", "homes"),
    Measure("moran_I_expected", "index", ("cell",), Text(
        "Moran's I expected without pattern, -1 / (cells - 1).",
        "Förväntat Morans I utan mönster, -1 / (rutor - 1).",
    ), place="homes"),
    *(
        Measure(
            f"isolation_nearest_{k}", "index", ("cell",),
            Text(
                f"Mean share of the own group among a member's {k} nearest persons, oneself left out, on the grid.",
                f"Gruppens genomsnittliga andel bland en medlems {k} närmaste personer, den egna personen oräknad.",
            ),
            place="homes",
        )
        for k in PROFILE_SIZES
    ),
    *(
        Measure(
            f"{name}_spatial_{b:g}", "index", ("cell",),
            Text(
                f"Spatial {what} of local environments within {b:g} cells (biweight).",
                f"Rumsligt {vad} för omgivningar inom {b:g} rutor.",
            ),
            place="homes",
        )
        for name, what, vad in (("H", "information index", "informationsindex"), ("D", "dissimilarity", "olikhetsindex"))
        for b in PROFILE_BANDWIDTHS
    ),
    # official indicators
    Measure("inequality_index", "percent", PLACES, Text(
        "Ojämlikhetsindex: D between people of low (under 60 % of the national median economic standard) and high "
        "(from 200 %), x 100.",
        "Ojämlikhetsindex: D mellan personer med låg (under 60 % av rikets mediannivå) och hög (minst 200 %) "
        "ekonomisk standard, x 100.",
    )),
    Measure("socioeconomic_index", "percent", UNITS, Text(
        "Mean of three shares: low economic standard; at most lower secondary education at 20–64; unemployed at "
        "20–64 (stands for long unemployment or assistance). 0 best to 100.",
        "Medelvärde av tre andelar: låg ekonomisk standard; högst förgymnasial utbildning 20–64 år; arbetslösa "
        "20–64 år (i stället för långtidsarbetslöshet och bistånd). 0 bäst till 100.",
    )),
    Measure("area_type", "type", PLACES, Text(
        "Type 1 (large socio-economic challenges) to 5 (very good conditions), cut at the nation's mean and SD of "
        "the index; official for districts (RegSO), beside it for areas (DeSO-typ).",
        "Områdestyp 1 (stora socioekonomiska utmaningar) till 5 (mycket goda förutsättningar), delad vid rikets "
        "medelvärde och standardavvikelse; officiell för RegSO, därtill DeSO-typ.",
    )),
    *(
        Measure(
            f"area_type_{t}", "share", PLACES,
            Text(
                f"Share of residents in areas or districts of type {t}.",
                f"Andel invånare i områden av typ {t}.",
            ),
        )
        for t in range(1, 6)
    ),
    Measure("type_persistence", "share", PLACES, Text(
        "Share of areas or districts that have the same type as the year before.",
        "Andel av områdena som har samma typ som året före.",
    )),
    Measure("type_transition", "share", PLACES, Text(
        "Share of the areas of the first type that have the second a year later.",
        "Andel av områdena av den första typen som ett år senare är av den andra.",
    )),
    Measure("index_sd", "points", PLACES, Text(
        "SD of the socio-economic index between areas or districts: falls as they grow alike.",
        "Standardavvikelse i socioekonomiskt index mellan områden: minskar när områdena blir mer lika varandra.",
    )),
    # schools
    Measure("D_home", "index", PLACES, Text(
        "Dissimilarity of the pupils' homes: the same children as school D.",
        "Olikhetsindex för elevernas bostadsområden: samma barn som i skolornas D.",
    ), "D_home_expected"),
    Measure("D_home_expected", "index", PLACES, Text(
        "D_home that a random allocation gives.",
        "D_home vid slumpmässig fördelning.",
    )),
    Measure("H_home", "index", PLACES, Text(
        "Theil's index of the pupils' homes.",
        "Theils index för elevernas bostadsområden.",
    ), "H_home_expected"),
    Measure("H_home_expected", "index", PLACES, Text(
        "H_home that a random allocation gives.",
        "H_home vid slumpmässig fördelning.",
    )),
    Measure("V_home", "index", PLACES, Text(
        "Eta squared of the pupils' homes.",
        "Eta² för elevernas bostadsområden.",
    ), "V_home_expected"),
    Measure("V_home_expected", "index", PLACES, Text(
        "V_home that a random allocation gives.",
        "V_home vid slumpmässig fördelning.",
    )),
    Measure("M_home", "nats", PLACES, Text(
        "Mutual information of area and group among pupils.",
        "Ömsesidig information mellan elevernas bostadsområde och grupp.",
    )),
    *(
        Measure(
            f"excess_{name}", "nats" if name == "M" else "index", ("school",),
            Text(
                f"{name} of schools less {name} of the same children's areas.",
                f"{name} för skolor minus {name} för samma barns bostadsområden.",
            ),
            place="schools",
        )
        for name in "DHVM"
    ),
    Measure("M_school_given_home", "nats", ("school",), Text(
        "Sorting into schools beyond what areas explain.",
        "Skolsortering utöver det bostadsområdet förklarar.",
    ), place="schools"),
    Measure("M_home_given_school", "nats", ("school",), Text(
        "Residential segregation undone within schools.",
        "Boendesegregation som upphävs inom skolorna.",
    ), place="schools"),
    Measure("D_nearest", "index", ("school",), Text(
        "School dissimilarity if every child went to the nearest school with its grade.",
        "Skolornas olikhetsindex om alla gick i närmaste skola med den egna årskursen.",
    ), place="schools"),
    Measure("residence_share", "share", ("school",), Text(
        "D_nearest over school D: how much of school segregation homes explain.",
        "D om alla gick i närmaste skola, delat med skolornas D: hur mycket av skolsegregationen som boendet förklarar.",
    ), place="schools"),
    Measure("pupils", "persons", (*CITY, "school"), Text("Pupils in grades 0 to 9.", "Elever i årskurs F–9.")),
    Measure("teacher_density", "teachers", (*CITY, "school"), Text(
        "Teachers per 100 pupils; of the city the mean over pupils.",
        "Lärare per 100 elever; för kommunen ett genomsnitt över eleverna.",
    )),
    Measure("merit_mean", "points", (*CITY, "school"), Text(
        "Mean merit value of grade 9 (0 to 340); for a school as published.",
        "Genomsnittligt meritvärde i årskurs 9 (0–340); för en skola det senast publicerade.",
    )),
    Measure("merit_sd", "points", CITY, Text(
        "SD of merit values between pupils.",
        "Standardavvikelse i meritvärde mellan elever.",
    )),
    Measure("merit_sd_between", "points", ("school",), Text(
        "SD of published merit values between schools, weighted by pupils of grades 7–9.",
        "Standardavvikelse i publicerat meritvärde mellan skolor, viktad med antalet elever i årskurs 7–9.",
    )),
    Measure("merit_gap", "points", CITY, Text(
        "Mean merit value: post-secondary less lower secondary parents (education); Swedish less foreign "
        "background (background).",
        "Skillnad i genomsnittligt meritvärde: elever vars föräldrar har eftergymnasial minus förgymnasial "
        "utbildning; eller svensk minus utländsk bakgrund.",
    )),
    Measure("eligible", "share", CITY, Text(
        "Share of grade 9 eligible for upper secondary school.",
        "Andel av eleverna i årskurs 9 som är behöriga till gymnasiet.",
    )),
    Measure("value_added", "points", ("school",), Text(
        "Published merit value of a school above what the education of its pupils' parents, its share of boys "
        "and of newcomers lead to expect, by the city's own schools (as SALSA); of ten schools or more.",
        "En skolas publicerade meritvärde över det som föräldrarnas utbildning, andelen pojkar och andelen "
        "nyanlända ger anledning att vänta, efter kommunens egna skolor (som i SALSA); minst tio skolor.",
    )),
    Measure("league_error", "share", ("school",), Text(
        "Share of pairs of schools that published merit values put in another order than what the schools give "
        "their pupils; one half if the table tells nothing.",
        "Andel av alla par av skolor som de publicerade meritvärdena ordnar annorlunda än det skolorna ger sina "
        "elever; hälften om tabellen inte säger något.",
    )),
    Measure("league_error_corrected", "share", ("school",), Text(
        "The same for merit values corrected for the intake (`value_added`).",
        "Detsamma för meritvärden med hänsyn till elevernas bakgrund (`value_added`).",
    )),
    Measure("ses_between", "share", ("school",), Text(
        "Share of the variance of parental education that lies between schools.",
        "Andel av variansen i föräldrars utbildning som ligger mellan skolor.",
    )),
    # work and income
    Measure("employed", "share", UNITS, Text(
        "Employed of residents 20–64.",
        "Andel sysselsatta av invånare 20–64 år.",
    )),
    Measure("employment_gap", "points", CITY, Text(
        "Employed at 20–64, Swedish less foreign background (or men less women), percentage points.",
        "Skillnad i andel sysselsatta 20–64 år, svensk minus utländsk bakgrund (eller män minus kvinnor), procentenheter.",
    )),
    Measure("unemployed", "share", UNITS, Text(
        "Unemployed of residents 20–64.",
        "Andel arbetslösa av invånare 20–64 år.",
    )),
    Measure("standard_median", "tkr", CITY, Text(
        "Median economic standard of households: disposable income per consumption unit, per year.",
        "Hushållens ekonomiska standard, median: disponibel inkomst per konsumtionsenhet och år.",
    )),
    # housing
    Measure("crowded", "share", CITY, Text(
        "Persons in homes with more than two persons per room, kitchen and living room not counted (norm 2); one "
        "person is never crowded.",
        "Andel trångbodda enligt norm 2: fler än två personer per rum, kök och vardagsrum oräknade; den som bor "
        "ensam är aldrig trångbodd.",
    )),
    Measure("lodging", "share", CITY, Text(
        "Persons in households that lodge with another.",
        "Andel personer i hushåll som är inneboende hos ett annat.",
    )),
    Measure("queue_years", "years", CITY, Text(
        "Mean time in the queue of those who got a rental dwelling through it this year.",
        "Genomsnittlig kötid för dem som fick hyresrätt genom kön under året.",
    )),
    Measure("queue_years_lodging", "years", CITY, Text(
        "Mean time in the queue of households that lodge.",
        "Genomsnittlig kötid för inneboende hushåll.",
    )),
    Measure("moves", "households", CITY, Text("Moves into dwellings by tenure.", "Inflyttningar efter upplåtelseform.")),
    Measure("turnover", "share", CITY, Text(
        "Moves into dwellings over occupied dwellings, by tenure.",
        "Inflyttningar per bebodd bostad, efter upplåtelseform.",
    )),
    Measure("move_rate", "share", CITY, Text(
        "Persons who moved within or into a dwelling of the city, of residents.",
        "Andel av invånarna som under året flyttat inom kommunen eller till den.",
    )),
    Measure("chain_length", "moves", CITY, Text(
        "Mean number of moves that follow one vacancy.",
        "Genomsnittligt antal flyttningar per ledig bostad.",
    )),
    Measure("dwellings", "dwellings", CITY, Text("Dwellings by tenure.", "Bostäder efter upplåtelseform.")),
    Measure("vacant", "share", CITY, Text(
        "Dwellings to let or for sale, as a share of all, by tenure; those not on the market are apart.",
        "Andel bostäder lediga att hyra eller köpa, efter upplåtelseform; de som inte är ute på marknaden räknas för sig.",
    )),
    Measure("off_market", "share", CITY, Text(
        "Empty dwellings that are not on the market, as a share of all, by tenure: second homes, awaiting works.",
        "Andel tomma bostäder som inte är ute på marknaden, efter upplåtelseform: fritidsboende, väntar på ombyggnad.",
    )),
    Measure("price", "tkr", CITY, Text(
        "Mean price of cooperative and owned dwellings.",
        "Genomsnittligt pris på bostadsrätter och äganderätter.",
    )),
    Measure("fee", "tkr", CITY, Text(
        "Mean yearly rent, fee or running cost, by tenure.",
        "Genomsnittlig hyra, avgift eller driftskostnad per år, efter upplåtelseform.",
    )),
    # people
    Measure("population", "persons", UNITS, Text("Residents.", "Invånare.")),
    Measure("households", "households", CITY, Text("Households.", "Hushåll.")),
    Measure("moved_in", "persons", CITY, Text(
        "Persons who moved into the municipality from another of the region this year.",
        "Personer som under året flyttade in till kommunen från en annan i regionen.",
    )),
    Measure("moved_out", "persons", CITY, Text(
        "Persons who moved from the municipality to another of the region this year.",
        "Personer som under året flyttade från kommunen till en annan i regionen.",
    )),
    Measure("net_moves", "persons", CITY, Text(
        "Persons who moved in from other municipalities of the region less those who moved to them.",
        "Inflyttade från andra kommuner i regionen minus utflyttade till dem.",
    )),
    Measure("share", "share", (*UNITS, "school"), Text(
        "Share of residents (of pupils, for a school) in the category.",
        "Andel av invånarna (av eleverna, för en skola) i kategorin.",
    )),
    Measure("safety", "SD", ("area",), Text(
        "Felt safety; 0 is the city's mean at the start.",
        "Upplevd trygghet; 0 är kommunens medelvärde vid start.",
    )),
    Measure("service", "SD", ("area",), Text(
        "Service level; 0 is the city's mean at the start.",
        "Servicenivå; 0 är kommunens medelvärde vid start.",
    ), place="homes"),
    Measure("near_office", "share", CITY, Text(
        "Residents within reach of a service office that a policy opened.",
        "Andel invånare som har ett servicekontor inom räckhåll, av dem som en åtgärd har öppnat.",
    ), place="homes"),
    Measure("flow", "number", CITY, Text(
        "What happened during the year, by the names of the flows.",
        "Vad som hände under året, efter flödenas namn.",
    )),
    # policies
    Measure("policy_cost", "MSEK", CITY, Text("Cost of a policy this year.", "Åtgärdens kostnad under året.")),
    Measure("policy_reached", "persons", CITY, Text("Persons a policy reaches this year.", "Personer som åtgärden når.")),
    Measure("policy_carried_out", "share", CITY, Text(
        "Share of a policy carried out this year: time, compliance and money together.",
        "Andel av åtgärden som genomförs under året: tid, genomförande och pengar sammantaget.",
    )),
    Measure("programme_purse", "MSEK", CITY, Text(
        "Money in the programme's purse this year.", "Pengar i programmets kassa under året.",
    )),
    Measure("programme_cost", "MSEK", CITY, Text(
        "What the programme's policies of known cost spent this year; never more than the purse.",
        "Vad programmets åtgärder med känd kostnad använde under året; aldrig mer än kassan.",
    )),
    Measure("programme_reached", "persons", CITY, Text(
        "Residents of the programme's areas when it began.",
        "Invånare i programmets områden när det började.",
    )),
    # people and place
    Measure("people", "share", ("area",), Text(
        "Those who lived in the followed place at its start, wherever they live now in the city.",
        "De som bodde på den följda platsen från början, var i kommunen de än bor nu.",
    )),
    Measure("people_stayed", "share", ("area",), Text(
        "Of those who lived in the place at its start: still there.",
        "Andel som bor kvar av dem som bodde där från början.",
    )),
    Measure("gainers_left", "share", ("area",), Text(
        "Of those who lived in the place at its start without work, at 20–64, and have work now: living elsewhere in the city.",
        "Av dem som bodde på platsen från början utan arbete, 20–64 år, och nu har arbete: andelen som bor någon annanstans "
        "i kommunen.",
    )),
    Measure("place", "share", ("area",), Text("Those who live in the followed place now.", "De som bor på platsen nu.")),
    Measure("place_change", "share", ("area",), Text(
        "Change of the place since its start; the parts below add up to it.",
        "Platsens förändring sedan starten; delarna nedan summerar till den.",
    )),
    *(
        Measure(f"change_by_{part}", "share", ("area",), Text(
            f"Part of the place's change due to {part.replace('_', '-')}.",
            f"Del av platsens förändring som beror på {sv}.",
        ))
        for part, sv in (
            ("stayers", "dem som bott kvar"), ("in_movers", "inflyttade"), ("out_movers", "utflyttade"),
            ("births", "födda"), ("deaths", "avlidna"),
        )
    ),
)  # fmt: skip

MEASURES: dict[str, Measure] = {measure.name: measure for measure in _DECLARED}
"""Every measure by name."""


def split_grouping(grouping: str) -> tuple[str, ...]:
    """Return the groupings a crossing is made of; a plain grouping alone."""
    return tuple(grouping.split("*"))
