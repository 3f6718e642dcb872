"""What had to be mended in the input of a city, or could not be met, in the words of both languages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from segsim.words.numbers import write_number
from segsim.words.text import Language, Text

Fact = str | int | float | Text


@dataclass(frozen=True)
class Note:
    """One thing that was mended, left out or not met.

    Attributes
    ----------
    kind : str
        Key of its sentence.
    facts : mapping
        What the sentence names: whole numbers, numbers of three digits, texts.
    """

    kind: str
    facts: Mapping[str, Fact] = field(default_factory=dict)

    def text(self, language: Language = "en") -> str:
        """Return the sentence in English ("en") or Swedish ("sv")."""
        facts = {name: _write_fact(fact, language) for name, fact in self.facts.items()}
        return SENTENCES[self.kind].in_language(language).format(**facts)

    def __str__(self) -> str:
        return self.text()


def _write_fact(fact: Fact, language: Language) -> str:
    """Write a fact, numbers as the language does: whole ones, or three digits of them."""
    if isinstance(fact, Text):
        return fact.in_language(language)
    if isinstance(fact, float):
        return write_number(float(f"{fact:.3g}") if abs(fact) < 100 else round(fact), language=language)
    return write_number(fact, language=language) if isinstance(fact, int) else fact


def sum_up(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Return the notes with those of one kind that only count something added into one.

    Examples
    --------
    >>> [dict(note.facts) for note in sum_up([Note("no_coordinates", {"schools": n}) for n in (1, 2)])]
    [{'schools': 3}]
    """
    out: dict[object, Note] = {}
    for note in notes:
        counts = note.kind in _COUNTS
        key = note.kind if counts else (note.kind, *note.facts.items())
        before = out.get(key)
        if counts and before is not None:
            facts = {
                name: value + int(str(before.facts[name])) if isinstance(value, int) else value
                for name, value in note.facts.items()
            }
            note = Note(note.kind, facts)
        out[key] = note
    return tuple(out.values())


_COUNTS = (
    "unknown_tenure",
    "no_dwelling",
    "special_housing",
    "hidden_pupils",
    "no_coordinates",
    "rough_places",
    "no_merit",
)
"""Kinds of notes whose whole numbers count something in one municipality, to be summed over a region's."""

SENTENCES = {
    "missing_residents": Text(
        "{column} is missing in {areas}; {other} was used.",
        "{column} saknas för {areas}; {other} användes.",
    ),
    "missing_small": Text(
        "{column} is missing in {areas}; 0 was used, since only small counts are hidden.",
        "{column} saknas för {areas}; 0 användes, eftersom bara små antal döljs.",
    ),
    "missing_part": Text(
        "{column} is missing in {areas}; what the other parts leave of the residents was used.",
        "{column} saknas för {areas}; det som de andra delarna lämnar av de boende användes.",
    ),
    "missing_share": Text(
        "{column} is missing in {areas}; the municipality's share, {share}, was used.",
        "{column} saknas för {areas}; kommunens andel, {share}, användes.",
    ),
    "missing_rate": Text(
        "{column} is missing in {areas}; the municipality's mean, {mean}, was used.",
        "{column} saknas för {areas}; kommunens medelvärde, {mean}, användes.",
    ),
    "parts_off": Text(
        "{columns} do not sum to pop_total in {areas} areas, by {most} at most; they were scaled to it.",
        "{columns} summerar inte till pop_total i {areas} områden, som mest {most} fel; de räknades om till "
        "det.",
    ),
    "shares_to_percent": Text(
        "{column} was given as shares and is read as per cent.",
        "{column} var angiven som andelar och läses som procent.",
    ),
    "kronor_to_thousands": Text(
        "{column} was given in kronor and is read as thousands of kronor.",
        "{column} var angiven i kronor och läses som tusental kronor.",
    ),
    "thousands": Text(
        "{values} counts have a point or comma before three digits; it is read as setting thousands apart, "
        "since counts have no decimals.",
        "{values} antal har punkt eller komma före tre siffror; det läses som tusentalsavgränsare, eftersom "
        "antal saknar decimaler.",
    ),
    "total_rows": Text(
        "Rows that are no areas were left out: {rows} (row).",
        "Rader som inte är områden utelämnades: {rows} (rad).",
    ),
    "district_rows": Text(
        "Rows of districts (RegSO) among the areas (DeSO) were left out: {rows} (row).",
        "Rader för stadsdelar (RegSO) bland områdena (DeSO) utelämnades: {rows} (rad).",
    ),
    "sum_row": Text(
        "A row with as many residents as all others together was taken for their sum and left out: {rows} "
        "(row).",
        "En rad med lika många boende som alla andra tillsammans togs för deras summa och utelämnades: "
        "{rows} (rad).",
    ),
    "other_division": Text(
        "{rows} rows of the division of {division}, without figures, were left out.",
        "{rows} rader i indelningen från {division}, utan uppgifter, utelämnades.",
    ),
    "unknown_column": Text(
        'The column "{column}" of {file} is not known and was not used; did you mean "{near}"?',
        'Kolumnen "{column}" i {file} är okänd och användes inte; menades "{near}"?',
    ),
    "unused_columns": Text(
        "Columns of {file} that are not used: {columns}.",
        "Kolumner i {file} som inte används: {columns}.",
    ),
    "beyond_sweden": Text(
        "{column} is {share} per resident; in Sweden's municipalities it is {low} to {high}. See that the "
        "column holds what its name says.",
        "{column} är {share} per boende; i Sveriges kommuner är det {low} till {high}. Se efter att kolumnen "
        "innehåller vad namnet säger.",
    ),
    "shipped_districts": Text(
        "The table names no districts; those of the {areas} areas that come with segsim were used.",
        "Tabellen anger inga stadsdelar; de {areas} områdenas stadsdelar som följer med segsim användes.",
    ),
    "types_of_another_year": Text(
        "The official area types are those of {year}; the index at the start is put inside the limits of "
        "2022 for them.",
        "De officiella områdestyperna är från {year}; indexet vid starten läggs inom 2022 års gränser för "
        "dem.",
    ),
    "filled_columns": Text(
        "Taken from the facts of 2022, by residents now against then, since no table gave them: {columns}.",
        "Hämtat från uppgifterna för 2022, efter boende nu mot då, eftersom ingen tabell gav dem: {columns}.",
    ),
    "filled_schools": Text(
        "No file lists schools; the {schools} of 2024/25 that come with segsim were taken.",
        "Ingen fil listar skolor; de {schools} från 2024/25 som följer med segsim togs.",
    ),
    "filled_places": Text(
        "{schools} schools have coordinates of those that come with segsim.",
        "{schools} skolor har koordinater ur dem som följer med segsim.",
    ),
    "table_of_another_year": Text(
        "{file} is of {year}, another year than the city begins.",
        "{file} är från {year}, ett annat år än staden börjar.",
    ),
    "table_of_other_areas": Text(
        "{file} was not used: its codes are of the division of {division}, those of most tables are not. "
        "Export all tables of one year: those up to 2023 have the areas of 2018, later ones those of 2025.",
        "{file} användes inte: dess koder hör till indelningen från {division}, de flesta tabellers gör det "
        "inte. Ta ut alla tabeller för ett år: till och med 2023 har de områdena från 2018, därefter de från "
        "2025.",
    ),
    "table_of_districts": Text(
        "{file} was not used: it is of districts (RegSO), other tables are of areas (DeSO). Export it for "
        "the areas.",
        "{file} användes inte: den är för stadsdelar (RegSO), andra tabeller är för områden (DeSO). Ta ut "
        "den för områdena.",
    ),
    "areas_without_values": Text(
        "{table} has no values for {n} areas ({areas}), which other tables have. Export it for all areas "
        "of the municipality, or see below what was put in their place.",
        "{table} saknar värden för {n} områden ({areas}), som andra tabeller har. Ta ut den för alla "
        "områden i kommunen, eller se nedan vad som sattes i stället.",
    ),
    "table_unused": Text(
        "{file} was not used, since another file gives the same.",
        "{file} användes inte, eftersom en annan fil ger detsamma.",
    ),
    "empty_areas": Text(
        "Areas without a single person were left out, as codes of the other division: {areas}.",
        "Områden utan en enda person utelämnades, som koder i den andra indelningen: {areas}.",
    ),
    "schools_outside": Text(
        "Schools that lie more than {km} km outside the boundaries: {schools}. Check their coordinates, "
        "and that the boundaries are of the municipality.",
        "Skolor som ligger mer än {km} km utanför gränserna: {schools}. Kontrollera deras koordinater, och "
        "att gränserna är kommunens.",
    ),
    "no_outlines": Text(
        "No file holds the boundaries of the areas, so the map is invented. Put the areas (DeSO "
        "{division}) of Statistics Sweden's open geodata in the folder, as GeoJSON or GeoPackage; --fill "
        "gives estimated ones of 2018.",
        "Ingen fil innehåller områdenas gränser, så kartan är påhittad. Lägg områdena (DeSO {division}) ur "
        "SCB:s öppna geodata i mappen, som GeoJSON eller GeoPackage; --fill ger uppskattade från 2018.",
    ),
    "outlines_lacking": Text(
        "The map lacks {n} areas ({areas}) and was not used; take the map of the same division as the "
        "tables.",
        "Kartan saknar {n} områden ({areas}) och användes inte; ta kartan med samma indelning som "
        "tabellerna.",
    ),
    "outlines_of_others": Text(
        "The map holds codes such as {code}, the tables such as {area}; it was used for names alone.",
        "Kartan har koder såsom {code}, tabellerna såsom {area}; den användes bara för namn.",
    ),
    "unknown_tenure": Text(
        "{dwellings} dwellings of unknown tenure are left out of the stock.",
        "{dwellings} bostäder med okänd upplåtelseform ingår inte i beståndet.",
    ),
    "no_dwelling": Text(
        "{households} households in {areas} areas have no dwelling there; they begin as lodgers of others in "
        "the area.",
        "{households} hushåll i {areas} områden har ingen egen bostad där; de börjar som inneboende hos "
        "andra i området.",
    ),
    "special_housing": Text(
        "{residents} residents of special housing live in ordinary households here.",
        "{residents} boende i specialbostäder ingår här i vanliga hushåll.",
    ),
    "official_type": Text(
        "{district} is of official type {type}; low standard, lower secondary education and unemployment "
        "were scaled by {factor} there, so that the index here says the same.",
        "{district} har officiell områdestyp {type}; låg ekonomisk standard, förgymnasial utbildning och "
        "arbetslöshet räknades om med faktorn {factor} där, så att indexet här ger samma typ.",
    ),
    "hidden_pupils": Text(
        "{schools} schools do not show their grade-9 pupils; {assumed} were assumed.",
        "{schools} skolor redovisar inte sina elever i årskurs 9; {assumed} antogs.",
    ),
    "no_coordinates": Text(
        "{schools} schools have no coordinates; they stand where pupils live, which makes their pupils more "
        "like those around them than they may be.",
        "{schools} skolor saknar koordinater; de läggs där eleverna bor, vilket gör eleverna mer lika dem "
        "omkring än de kanske är.",
    ),
    "no_merit": Text(
        "{schools} schools show no merit value; theirs are made from who goes there, with the "
        "national mean and spread.",
        "{schools} skolor redovisar inget meritvärde; deras skapas efter vilka elever de har, med "
        "rikets medelvärde och spridning.",
    ),
    "no_providers": Text(
        "The table does not say who runs the schools (provider_type); all {schools} are taken as municipal.",
        "Tabellen säger inte vem som driver skolorna (provider_type); alla {schools} tas som kommunala.",
    ),
    "unknown_providers": Text(
        "{schools} schools have a kind of provider that is not known, {words}; they are taken as municipal. "
        "Write Kommunal or Enskild.",
        "{schools} skolor har en okänd typ av huvudman, {words}; de tas som kommunala. Skriv Kommunal eller "
        "Enskild.",
    ),
    "zero_coordinates": Text(
        "{schools} schools have the coordinates 0, 0; they are taken as missing.",
        "{schools} skolor har koordinaterna 0, 0; de tas som saknade.",
    ),
    "swapped_places": Text(
        "Latitude and longitude of {schools} schools were exchanged; they were turned.",
        "Latitud och longitud för {schools} skolor var omkastade; de byttes tillbaka.",
    ),
    "metric_places": Text(
        "The coordinates of {schools} schools are metres in SWEREF 99 TM; they were made longitude and "
        "latitude.",
        "Koordinaterna för {schools} skolor är meter i SWEREF 99 TM; de räknades om till longitud och "
        "latitud.",
    ),
    "impossible_places": Text(
        "{schools} schools have coordinates that are no place on earth; they are taken as missing.",
        "{schools} skolor har koordinater som inte finns på jorden; de tas som saknade.",
    ),
    "far_schools": Text(
        "Schools more than {km} km from every home are placed where pupils live, since their coordinates "
        "must be wrong: {schools}.",
        "Skolor mer än {km} km från alla bostäder läggs där elever bor, eftersom deras koordinater måste "
        "vara fel: {schools}.",
    ),
    "coordinates_unused": Text(
        "The coordinates of {schools} schools are not used, since the city has no boundaries.",
        "Koordinaterna för {schools} skolor används inte, eftersom staden saknar gränser.",
    ),
    "swapped_outlines": Text(
        "{file} has north before east; it was turned.",
        "{file} har norr före öst; den vändes.",
    ),
    "declared_metres": Text(
        "{file} says that it is in {system}, and holds degrees; they were read as longitude and latitude.",
        "{file} säger sig vara i {system}, och innehåller grader; de lästes som longitud och latitud.",
    ),
    "declared_degrees": Text(
        "{file} says that it is in {system}, and holds metres; they were read as SWEREF 99 TM.",
        "{file} säger sig vara i {system}, och innehåller meter; de lästes som SWEREF 99 TM.",
    ),
    "reprojected": Text(
        "{file} is in {system}; it was made longitude and latitude.",
        "{file} är i {system}; den räknades om till longitud och latitud.",
    ),
    "invented_map": Text(
        "No boundaries are given: where areas lie is invented. What depends on it (neighbouring areas, the "
        "nearest school, how much of school segregation homes explain) says nothing of the real "
        "municipality.",
        "Inga gränser är givna: var områdena ligger är påhittat. Det som beror på läget (grannområden, "
        "närmaste skola, hur mycket av skolsegregationen bostäderna förklarar) säger inget om den verkliga "
        "kommunen.",
    ),
    "invented_areas": Text(
        "Only totals are given: the {areas} areas and their districts, and who lives in which, are invented.",
        "Bara siffror för helheten är givna: de {areas} områdena och deras stadsdelar, och vem som bor i "
        "vilket, är påhittade.",
    ),
    "invented_schools": Text(
        "No schools are given: their number, size, provider, place and merit values are invented from "
        "national figures, and with them how pupils divide over schools.",
        "Inga skolor är givna: deras antal, storlek, huvudman, läge och meritvärden är påhittade efter "
        "nationella uppgifter, och därmed hur eleverna fördelar sig över skolor.",
    ),
    "places_unmatched": Text(
        "{file} has coordinates of {units} school units, none of which is among the schools; check the "
        "codes.",
        "{file} har koordinater för {units} skolenheter, men ingen av dem finns bland skolorna; kontrollera "
        "koderna.",
    ),
    "shipped_facts": Text(
        "The {areas} areas, their residents and homes are Statistics Sweden's of 31 December 2022; schools "
        "are Skolverket's, with grade 9 of 2024/25 and the others of 2023/24.",
        "De {areas} områdena, deras boende och bostäder är SCB:s från den 31 december 2022; skolor är "
        "Skolverkets, med årskurs 9 från 2024/25 och övriga från 2023/24.",
    ),
    "estimated_borders": Text(
        "The borders of the districts (RegSO) are real, simplified; those of the {areas} areas (DeSO) within "
        "them are estimated from one point per area.",
        "Stadsdelarnas gränser (RegSO) är verkliga, förenklade; gränserna för de {areas} områdena (DeSO) "
        "inom dem är uppskattade från en punkt per område.",
    ),
    "estimated_points": Text(
        "{points} of those points are estimates themselves.",
        "{points} av dessa punkter är själva uppskattade.",
    ),
    "rough_places": Text(
        "The register gives no coordinates of {schools} schools; they stand in the district they bear the "
        "name of, or where pupils like theirs live near their postcode or town, often a kilometre or two "
        "from the true place.",
        "Registret anger inga koordinater för {schools} skolor; de ligger i stadsdelen de har namn efter, "
        "eller där elever som deras bor nära sitt postnummer eller sin ort, ofta en eller två kilometer "
        "från rätt plats.",
    ),
    "too_few_empty": Text(
        "city.housing.{key} is {asked}, but only {empty} of those {dwellings} dwellings have no household: "
        "all of these count.",
        "city.housing.{key} är {asked}, men bara {empty} av de {dwellings} bostäderna saknar hushåll: alla "
        "dessa räknas.",
    ),
    "contradiction": Text(
        "segregation.{figure} is {stated} in the figures and {made} over the areas made from them; the "
        "figures contradict each other.",
        "segregation.{figure} är {stated} i uppgifterna men {made} över de områden som skapats av dem; "
        "uppgifterna motsäger varandra.",
    ),
}
"""Every kind of note in English and in Swedish."""
