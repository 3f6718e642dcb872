"""What may happen during a year and be counted: every flow declared once, with unit and meaning in two languages.

A flow becomes the measure `flow`, under its name. A name with a dot belongs to a family ("moves.cooperative").
"""

# ruff: noqa: E501

from collections.abc import Iterator, MutableMapping
from typing import NamedTuple

from segsim.words.text import Text


class Flow(NamedTuple):
    """One declared flow of a year.

    Attributes
    ----------
    name : str
    unit : str
        One of the units of the catalogue of measures.
    definition : Text
        What is counted.
    """

    name: str
    unit: str
    definition: Text


_BY_TENURE = (
    ("public_rental", "public rental", "hyresrätt i allmännyttan"),
    ("private_rental", "private rental", "privat hyresrätt"),
    ("cooperative", "cooperative", "bostadsrätt"),
    ("owner_occupied", "owner-occupied", "äganderätt"),
)
_BY_REASON = (
    ("domestic", "the rest of the country", "övriga landet"),
    ("labour", "abroad, for work", "utlandet för arbete"),
    ("family", "abroad, to family", "utlandet som anhöriga"),
    ("refugee", "abroad, as refugees", "utlandet som flyktingar"),
)
_BY_EDUCATION = (
    ("upper_secondary", "upper secondary", "gymnasial"),
    ("short_post_secondary", "short post-secondary", "kort eftergymnasial"),
    ("long_post_secondary", "long post-secondary", "lång eftergymnasial"),
)

_DECLARED = (
    # people
    Flow("births", "persons", Text("Children born.", "Födda.")),
    Flow("deaths", "persons", Text("Residents who died.", "Döda.")),
    Flow("in_migration", "persons", Text("Persons who moved to the city.", "Inflyttade till kommunen.")),
    *(
        Flow(f"in_migration.{key}", "persons", Text(f"Persons who moved in from {en}.", f"Inflyttade från {sv}."))
        for key, en, sv in _BY_REASON
    ),
    Flow("newcomers.deterred", "households", Text(
        "Refugee households with lodging of their own that a listing kept from an area.",
        "Flyktinghushåll med eget boende som avstod från ett utpekat område.",
    )),
    Flow("out_migration", "persons", Text("Persons who left the city.", "Utflyttade från kommunen.")),
    Flow("growth.working_age", "share", Text(
        "Growth of the population of working age since the year before.",
        "Ökning av befolkningen i arbetsför ålder sedan året före.",
    )),
    Flow("growth.school_age", "share", Text(
        "Growth of the number of children of school age since the year before.",
        "Ökning av antalet barn i skolåldern sedan året före.",
    )),
    Flow("growth.households", "share", Text(
        "Growth of the number of households that ordinary building follows, of those at the start.",
        "Ökning av antalet hushåll som det vanliga byggandet följer, av dem vid starten.",
    )),
    Flow("left_home", "persons", Text("Grown children who left their parents.", "Vuxna barn som flyttade hemifrån.")),
    Flow("couples", "number", Text("Couples formed.", "Par som flyttade ihop.")),
    Flow("separations", "number", Text("Couples separated.", "Par som separerade.")),
    Flow("orphaned_homes", "households", Text(
        "Households in which only children were left; others took them in.",
        "Hushåll där bara barn fanns kvar; de togs om hand av andra.",
    )),
    # housing
    Flow("vacancies_at_start", "dwellings", Text(
        "Dwellings vacant when the year's market opened.",
        "Lediga bostäder när årets bostadsmarknad öppnade.",
    )),
    Flow("allowances.households", "households", Text(
        "Crowded families with a housing allowance.", "Trångbodda familjer med bostadsbidrag.",
    )),
    Flow("allowances.msek", "MSEK", Text("Housing allowances paid.", "Utbetalda bostadsbidrag.")),
    Flow("moves.persons", "persons", Text(
        "Persons who moved within or into a dwelling of the city.",
        "Personer som flyttade inom kommunen eller till en bostad i den.",
    )),
    *(
        Flow(f"moves.{key}", "households", Text(f"Moves into {en} dwellings.", f"Inflyttningar i {sv}."))
        for key, en, sv in _BY_TENURE
    ),
    *(
        Flow(f"left.{key}", "households", Text(f"Moves out of {en} dwellings.", f"Utflyttningar ur {sv}."))
        for key, en, sv in _BY_TENURE
    ),
    Flow("queue.years", "years", Text(
        "Years in the queue, added up over the lettings through it.",
        "Köår, summerade över uthyrningarna genom kön.",
    )),
    Flow("queue.lettings", "households", Text("Lettings through the queue.", "Uthyrningar genom kön.")),
    Flow("lettings.outside_queue", "households", Text(
        "Rental contracts bought outside the queue, against the law.",
        "Hyreskontrakt köpta vid sidan av kön, olagligt.",
    )),
    Flow("contract_control.recovered", "dwellings", Text(
        "Rentals let outside the queue that control returned to it.",
        "Hyresbostäder uthyrda vid sidan av kön som kontroll återförde till den.",
    )),
    Flow("contract_control.lost_roof", "households", Text(
        "Households that lost their home or lodging by contract control.",
        "Hushåll som miste bostad eller inneboende genom kontraktskontroll.",
    )),
    Flow("contract_control.lost_roof_persons", "persons", Text(
        "Persons in households that lost their home or lodging by contract control.",
        "Personer i hushåll som miste bostad eller inneboende genom kontraktskontroll.",
    )),
    Flow("chains.moves", "households", Text("Moves in the year's vacancy chains.", "Flyttningar i årets flyttkedjor.")),
    Flow("chains.number", "number", Text("Vacancy chains of a move or more.", "Flyttkedjor med minst en flyttning.")),
    Flow("demolished", "dwellings", Text("Dwellings demolished.", "Rivna bostäder.")),
    Flow("converted", "dwellings", Text("Dwellings whose tenure was changed.", "Bostäder som bytte upplåtelseform.")),
    *(
        Flow(f"built.{key}", "dwellings", Text(f"New {en} dwellings.", f"Nybyggda bostäder, {sv}."))
        for key, en, sv in _BY_TENURE
    ),
    Flow("plan_bound", "dwellings", Text(
        "New dwellings whose tenure a detailed plan binds.",
        "Nybyggda bostäder vars upplåtelseform är bunden i detaljplan.",
    )),
    # work
    Flow("jobs.cut", "persons", Text("Persons whose job went with the workplace's.", "Anställda vars arbetsplats drog ned.")),
    Flow("jobs.lost", "persons", Text("Persons who lost their job otherwise.", "Anställda som miste arbetet av annat skäl.")),
    Flow("jobs.vacant_before", "number", Text("Jobs vacant before the hiring.", "Lediga jobb före anställningarna.")),
    Flow("jobs.seekers", "persons", Text("Persons who sought a job.", "Arbetssökande.")),
    Flow("jobs.hired", "persons", Text("Persons hired.", "Anställda under året.")),
    Flow("jobs.hired_through_contacts", "persons", Text(
        "Persons hired where someone they know works.",
        "Anställda där någon de känner arbetar.",
    )),
    Flow("jobs.moved_up", "persons", Text(
        "Persons who left a job below their education for one of its level.",
        "Anställda som bytte från ett jobb som kräver mindre än deras utbildning till ett på deras nivå.",
    )),
    Flow("programmes.participants", "persons", Text(
        "Persons who began an employment programme.",
        "Personer som började i en insats för arbete.",
    )),
    Flow("programmes.followed", "persons", Text(
        "Persons who began an employment programme this year or in the three years before.",
        "Personer som började i en insats för arbete under året eller de tre åren före.",
    )),
    Flow("programmes.in_work", "persons", Text("Of them, those in work.", "Av dem, de som har arbete.")),
    Flow("programmes.helped", "persons", Text(
        "Participants hired thanks to the programme.",
        "Deltagare som fick arbete tack vare insatsen.",
    )),
    Flow("programmes.displaced", "persons", Text(
        "Persons who would have been hired this year, had no participant been helped.",
        "Personer som skulle ha anställts under året om ingen deltagare fått hjälp.",
    )),
    # schools
    *(
        Flow(f"preschool.{key}_{group}", "persons", Text(f"{en} of {group} background.", f"{sv} med {bakgrund} bakgrund."))
        for key, en, sv in (
            ("children", "Children of 3–5", "Barn 3–5 år"),
            ("enrolled", "Children of 3–5 in preschool", "Barn 3–5 år i förskola"),
        )
        for group, bakgrund in (("swedish", "svensk"), ("foreign", "utländsk"))
    ),
    *(
        Flow(f"preschool.{key}_{level}", "persons", Text(
            f"{en} whose parents have {education} education.", f"{sv} vars föräldrar har {utbildning} utbildning.",
        ))
        for key, en, sv in (
            ("children", "Children of 3–5", "Barn 3–5 år"),
            ("enrolled", "Children of 3–5 in preschool", "Barn 3–5 år i förskola"),
        )
        for level, education, utbildning in (("lower_secondary", "lower secondary", "förgymnasial"), *_BY_EDUCATION)
    ),
    Flow("preschool.added", "persons", Text(
        "Children in preschool thanks to a support.",
        "Barn i förskola tack vare en åtgärd.",
    )),
    Flow("schools.opened", "number", Text("Schools opened.", "Nya skolor.")),
    Flow("schools.closed", "number", Text("Schools closed.", "Nedlagda skolor.")),
    Flow("schools.kept_open", "number", Text(
        "Schools a policy would close that stay, as the last municipal one with a grade.",
        "Skolor som skulle läggas ned genom en åtgärd men blir kvar, som den sista kommunala med en årskurs.",
    )),
    Flow("schools.displaced", "persons", Text(
        "Pupils whose school a policy closed.",
        "Elever vars skola lades ned genom en åtgärd.",
    )),
    Flow("schools.left_for_independent", "persons", Text(
        "Of the displaced, those who left for an independent school.",
        "Av de elever vars skola lades ned, de som lämnade för en fristående skola.",
    )),
    Flow("schools.saved_msek", "MSEK", Text(
        "Money of closed schools that did not follow their pupils.",
        "Pengar i nedlagda skolor som inte följde eleverna.",
    )),
    Flow("schools.areas_redrawn", "number", Text(
        "Areas given to another school than the nearest by a redraw of catchments, lower and upper grades apart.",
        "Områden som när upptagningsområden ritades om fick en annan skola än den närmaste, låg- och mellanstadiet "
        "och högstadiet var för sig.",
    )),
    Flow("alignment.areas", "number", Text(
        "Areas with homes completed last year, where schools follow plans.",
        "Områden där bostäder blev färdiga i fjol, där skolorna följer planerna.",
    )),
    Flow("alignment.seats", "number", Text(
        "Seats per grade added at their schools for the children expected.",
        "Platser per årskurs som lades till i deras skolor för de barn som väntas.",
    )),
    Flow("alignment.no_seats", "number", Text(
        "Conflict: of these areas, those whose municipal school has fewer seats than pupils in its catchment.",
        "Konflikt: de av dessa områden vars kommunala skola har färre platser än elever i upptagningsområdet.",
    )),
    Flow("alignment.uneven", "number", Text(
        "Conflict: of these areas, those whose school differs by more than a standard deviation from other municipal "
        "schools in the parents' education.",
        "Konflikt: de av dessa områden vars skola skiljer sig med mer än en standardavvikelse från andra kommunala "
        "skolor i föräldrarnas utbildning.",
    )),
    Flow("schools.finished", "persons", Text("Pupils who finished grade 9.", "Elever som gick ut årskurs 9.")),
    Flow("schools.applicants", "persons", Text("Pupils without a school who got one.", "Elever utan skola som fick en.")),
    Flow("schools.choosers_active", "persons", Text("Of the applicants, those who chose.", "Av de sökande, de som valde.")),
    Flow("schools.switched", "persons", Text("Pupils who changed to a school they listed.", "Elever som bytte till en vald skola.")),
    Flow("schools.placed_elsewhere", "persons", Text(
        "Applicants placed in a school they had not listed.",
        "Sökande som placerades i en skola de inte valt.",
    )),
    Flow("schools.given_back_late", "number", Text(
        "Seats given back after the last round of offers, where schools admit each for itself.",
        "Platser som lämnades tillbaka efter sista omgången, där skolor antar var för sig.",
    )),
    Flow("schools.seats_added", "number", Text("Seats added for want of room.", "Platser som lades till där de inte räckte.")),
    Flow("schools.top3_share", "share", Text(
        "Of those who chose, the share who got one of their first three schools.",
        "Andel av dem som valde som fick något av sina tre första val.",
    )),
    Flow("schools.supports_msek", "MSEK", Text("Cost of supports to schools.", "Kostnad för riktat stöd till skolor.")),
    *(
        Flow(f"graduates.{key}", "persons", Text(f"Persons who reached {en} education.", f"Personer som nådde {sv} utbildning."))
        for key, en, sv in _BY_EDUCATION
    ),
    # crime
    Flow("reentry.clients", "persons", Text("Clients of re-entry groups.", "Klienter i inslussgrupper.")),
    Flow("reentry.relapses", "persons", Text(
        "Clients of re-entry groups expected to relapse into crime.",
        "Klienter i inslussgrupper som väntas återfalla i brott.",
    )),
    # an abstract board, where a year is a step
    Flow("turns", "number", Text("Turns in which households could move.", "Drag då hushåll kunde flytta.")),
    Flow("moves", "households", Text("Households that moved.", "Hushåll som flyttade.")),
    Flow("school_turns", "number", Text("Turns in which pupils could change school.", "Drag då elever kunde byta skola.")),
    Flow("school_moves", "persons", Text("Pupils who changed school.", "Elever som bytte skola.")),
)  # fmt: skip

FLOWS: dict[str, Flow] = {flow.name: flow for flow in _DECLARED}
"""Every flow by name."""


class Flows(MutableMapping[str, float]):
    """How much of each declared flow a year has had so far; what has not been noted is 0.

    Raises
    ------
    ValueError
        When an undeclared name is written, read or looked for.
    """

    def __init__(self) -> None:
        self._amounts: dict[str, float] = {}

    def __getitem__(self, name: str) -> float:
        _refuse_undeclared(name)
        return self._amounts.get(name, 0.0)

    def __setitem__(self, name: str, amount: float) -> None:
        _refuse_undeclared(name)
        self._amounts[name] = amount

    def __delitem__(self, name: str) -> None:
        del self._amounts[name]

    def __contains__(self, name: object) -> bool:
        _refuse_undeclared(name)
        return name in self._amounts

    def __iter__(self) -> Iterator[str]:
        return iter(self._amounts)

    def __len__(self) -> int:
        return len(self._amounts)


def _refuse_undeclared(name: object) -> None:
    """Refuse a name that is no flow's: a slip would otherwise read as nothing having happened."""
    if name not in FLOWS:
        raise ValueError(
            f'"{name}" is no flow; declare it in segsim/flows.py, with its unit and two languages'
        )
