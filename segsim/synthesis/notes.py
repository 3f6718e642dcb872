"""What had to be mended in the input of a city, or could not be met, in the words of both languages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from segsim.words.numbers import write_number
from segsim.words.text import Language, Text

Fact = str | int | float


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
                name: value + int(before.facts[name]) if isinstance(value, int) else value
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
        "{schools} schools have no coordinates; they stand where pupils live.",
        "{schools} skolor saknar koordinater; de läggs där eleverna bor.",
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
        "name of, near their postcode or in their town, often a kilometre or two from the true place.",
        "Registret anger inga koordinater för {schools} skolor; de ligger i stadsdelen de har namn efter, "
        "vid sitt postnummer eller i sin ort, ofta en eller två kilometer från rätt plats.",
    ),
    "contradiction": Text(
        "segregation.{figure} is {stated} in the figures and {made} over the areas made from them; the "
        "figures contradict each other.",
        "segregation.{figure} är {stated} i uppgifterna men {made} över de områden som skapats av dem; "
        "uppgifterna motsäger varandra.",
    ),
}
"""Every kind of note in English and in Swedish."""
