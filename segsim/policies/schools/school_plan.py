"""School plan: schools by name that open, close, move or get other seats, each in its year."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Literal, Self

import numpy as np
from pydantic import Field, model_validator

from segsim.policies.amending import add_provision
from segsim.policies.evidence import Decider, Evidence
from segsim.policies.policy import Keys, Policy
from segsim.policies.profile import CityProfile
from segsim.policies.scope import Scope
from segsim.rules import Rules
from segsim.rules.school_plans import Change, ProviderName, SchoolChange
from segsim.section import RefusedValueError, Section, Title, setting
from segsim.words.text import Text

NEEDS: dict[Change, tuple[str, ...]] = {
    "open": ("areas", "first_grade", "last_grade", "seats"),
    "close": (),
    "move": ("areas",),
    "resize": ("seats",),
}
"""What a line must say of each kind of change; a school that opens may have a provider besides."""


class PlannedChange(Section):
    """One line of a school plan: what happens to which school in the summer of which year."""

    year: int = Field(ge=1800, le=3000, description="Year in whose summer it happens.")
    school: Title = Field(min_length=1, description="Name of the school; a new one if it opens.")
    change: Change = Field(description="What happens: open, close, move or resize.")
    areas: Scope | None = Field(
        None, description="Where it opens or moves to: where most children of these areas live."
    )
    provider: ProviderName | None = Field(None, description="Who runs it, if it opens.")
    first_grade: Literal[0, 7] | None = Field(None, description="Lowest grade taught, if it opens.")
    last_grade: Literal[6, 9] | None = Field(None, description="Highest grade taught, if it opens.")
    seats: int | None = Field(None, ge=1, le=1000, description="Seats per grade from this year on.")

    @model_validator(mode="after")
    def _says_what_it_needs(self) -> Self:
        needs = NEEDS[self.change]
        for name in ("areas", "provider", "first_grade", "last_grade", "seats"):
            is_given = getattr(self, name) is not None
            if name in needs and not is_given:
                raise RefusedValueError(
                    f'"{self.school}" is to {self.change}, and {name} is missing; give it',
                    f'"{self.school}" har change: {self.change}, och {name} saknas; ange det',
                    (name,),
                )
            if is_given and name not in needs and (name, self.change) != ("provider", "open"):
                raise RefusedValueError(
                    f"a school that is to {self.change} takes no {name}; remove it",
                    f"en rad med change: {self.change} tar inget {name}; ta bort det",
                    (name,),
                )
        if self.change == "open" and (self.first_grade, self.last_grade) == (7, 6):
            raise RefusedValueError(
                "first_grade 7 is above last_grade 6; write 0 and 6, 7 and 9, or 0 and 9",
                "first_grade 7 är över last_grade 6; skriv 0 och 6, 7 och 9, eller 0 och 9",
                ("first_grade",),
            )
        return self


class SchoolPlan(Policy):
    """Open, close, move and resize schools by name, each in its year."""

    TITLE = Text("School plan by year", "Skolplan år för år")
    MECHANISM = Text(
        en="In the summer of each line's year, schools open where most children of its areas live, close, "
        "move, or get other seats, which then stay. What opens comes before what closes, so that a school "
        "may take another's place. Pupils of a closed school seek a seat in the autumn, and the other "
        "municipal schools get seats for them; those of a school that moves stay unless they look for "
        "another. Seats are never fewer than the pupils taught. The last municipal school with a grade "
        "stays, and a line for a school that has closed by itself does nothing.",
        sv="På sommaren varje rads år öppnar skolor där flest barn i radens områden bor, läggs ned, flyttar "
        "eller får ett annat antal platser, som sedan gäller. Det som öppnar kommer före det som läggs ned, "
        "så att en skola kan ta en annans plats. Eleverna i en nedlagd skola söker plats på hösten, och de "
        "andra kommunala skolorna får platser för dem; eleverna i en skola som flyttar går kvar om de inte "
        "söker en annan. Platserna blir aldrig färre än eleverna. Den sista kommunala skolan med en årskurs "
        "blir kvar, och en rad för en skola som redan lagts ned gör ingenting.",
    )
    EVIDENCE = Evidence(
        Text(
            en="No measured effect of a plan as such was found; closures have some of their own. What "
            "follows is the families' choices and the ordinary admission in the model. A hindcast with the "
            "schools that opened and closed 2012-2023 is in the documentation.",
            sv="Ingen uppmätt effekt av en plan i sig har hittats; för nedläggningar finns det. "
            "Det som följer är familjernas val och den vanliga antagningen i modellen. Åren 2012–2023 med de "
            "skolor som öppnade och lades ned finns i dokumentationen.",
        ),
        "none",
        (),
    )
    DECIDED_BY = "municipality"
    LEGAL = Text(
        en="The council decides on municipal schools. Lines for independent schools are what is known or "
        "assumed of them; their providers decide, and the state approves new ones.",
        sv="Kommunen beslutar om de kommunala skolorna. Rader för fristående skolor är det som är känt eller "
        "antas om dem; huvudmännen beslutar, och staten godkänner nya.",
    )
    REACHES = "pupils"
    CHOICES = {
        "year": Text("year", "år"),
        "school": Text("school", "skola"),
        "change": Text("change", "ändring"),
        "areas": Text("areas", "områden"),
        "provider": Text("provider", "huvudman"),
        "first_grade": Text("first grade", "första årskurs"),
        "last_grade": Text("last grade", "sista årskurs"),
        "seats": Text("seats", "platser"),
        "open": Text("open", "öppnar"),
        "close": Text("close", "läggs ned"),
        "move": Text("move", "flyttar"),
        "resize": Text("resize", "ändrar platser"),
        "municipal": Text("municipal", "kommunal"),
        "independent": Text("independent", "fristående"),
    }
    ADDS = "schools.changes"
    NEUTRAL = {"changes": []}
    EXAMPLE = {
        "changes": [
            {
                "year": year,
                "school": f"New school of {year}",
                "change": "open",
                "areas": "all",
                "first_grade": 0,
                "last_grade": 9,
                "seats": 40,
            }
            for year in (2023, 2027)
        ]
    }

    changes: tuple[PlannedChange, ...] = setting(
        en="The lines, each with year, school and change (open, close, move, resize); with areas for one "
        "that opens or moves, `first_grade` (0 or 7), `last_grade` (6 or 9), seats per grade and, unless "
        "municipal, provider for one that opens, and seats for one that is resized; or the name of a table "
        "beside the scenario with columns year, school, change, area, grades, seats and provider.",
        sv="Raderna, var och en med år, skola och change (open, close, move, resize); med områden för en som "
        "öppnar eller flyttar, `first_grade` (0 eller 7), `last_grade` (6 eller 9), platser per årskurs "
        "(seats) och, om den inte är kommunal, provider för en som öppnar, och seats för en som ändrar "
        "platser; eller namnet på en tabell bredvid scenariot med kolumnerna år, skola, ändring, område, "
        "årskurser, platser och huvudman.",
    )

    @model_validator(mode="after")
    def _follow_in_time(self) -> Self:
        last: dict[str, tuple[PlannedChange, set[tuple[int, str]]]] = {}
        for i in sorted(range(len(self.changes)), key=lambda i: self._order(i)):
            line = self.changes[i]
            before, seen = last.get(line.school, (None, set()))
            if (line.year, line.change) in seen:
                why = Text(
                    f"is to {line.change} twice in {line.year}; keep one line",
                    f"har change: {line.change} två gånger år {line.year}; behåll en rad",
                )
            elif before is not None and before.change == "close":
                why = Text(
                    f"closes in {before.year}; remove this line, or give a new school another name",
                    f"läggs ned {before.year}; ta bort raden, eller ge en ny skola ett annat namn",
                )
            elif before is not None and line.change == "open":
                why = Text(
                    f"opens in {line.year}, but is there in {before.year} already; correct a year, or give "
                    "the new school another name",
                    f"öppnar {line.year} men finns redan {before.year}; rätta ett år, eller ge den nya "
                    "skolan ett annat namn",
                )
            else:
                last[line.school] = (line, seen | {(line.year, line.change)})
                continue
            raise RefusedValueError(
                f'"{line.school}" {why}', f'"{line.school}" {why:sv}', ("changes", i, "school")
            )
        return self

    def _order(self, i: int) -> tuple[int, int, int]:
        """Return what orders a line in time: within a year what opens comes first and what closes last."""
        line = self.changes[i]
        return line.year, ("open", "move", "resize", "close").index(line.change), i

    @property
    def decider(self) -> Decider:
        """Who decides: the providers of what is all of independent schools to open, else the municipality."""
        opening = self.opening
        independent = {name for name, line in opening.items() if line.provider == "independent"}
        theirs = bool(self.changes) and all(line.school in independent for line in self.changes)
        return "provider" if theirs else self.DECIDED_BY

    @property
    def opening(self) -> dict[str, PlannedChange]:
        """The lines of the schools that open, by name."""
        return {line.school: line for line in self.changes if line.change == "open"}

    def scopes_of_parts(self) -> Iterator[tuple[Keys, Scope]]:
        """Yield the way to the areas of each line that has some."""
        for i, line in enumerate(self.changes):
            if line.areas is not None:
                yield ("changes", i, "areas"), line.areas

    def amend(self, rules: Rules, profile: CityProfile) -> Rules:
        """Return the rules with the changes of the year, to schools in the areas where the policy acts."""
        due = self._due(profile)
        # a part of a plan is some of its lines, those written first
        for line in due[: round(self.share_in_effect(profile) * len(due))]:
            change = SchoolChange(
                school=self._key(line.school, profile),
                change=line.change,
                areas=self._rows(line, profile),
                provider=line.provider or "municipal",
                **{name: getattr(line, name) for name in NEEDS[line.change] if name != "areas"},
            )
            rules = add_provision(rules, self.ADDS, change)
        return rules

    def count_reached(self, profile: CityProfile) -> float:
        """Return the pupils of the schools that the year's lines change, and the seats of those that open."""
        pupils = dict(zip(profile.schools.id.tolist(), profile.schools.pupils.tolist(), strict=True))
        reached = {}
        for line in self._due(profile):
            key = self._key(line.school, profile)
            if line.change == "open":
                reached[key] = len(range(line.first_grade or 0, (line.last_grade or 0) + 1)) * (
                    line.seats or 0
                )
            else:
                reached.setdefault(key, pupils.get(key, 0))
        return float(sum(reached.values()))

    def _due(self, profile: CityProfile) -> list[PlannedChange]:
        """Return the lines of the profile's year that concern schools where the policy acts."""
        year = profile.year - self.lag_years
        return [line for line in self.changes if line.year == year and self._acts_on(line, profile)]

    def _acts_on(self, line: PlannedChange, profile: CityProfile) -> bool:
        """Tell whether a line is for a school that there is, or will be, where the policy acts."""
        if line.areas is not None:
            return bool(self._rows(line, profile))
        if line.school in self.opening:
            return self._acts_on(self.opening[line.school], profile)
        schools = profile.schools
        if line.school not in schools.names:
            return False
        return bool(np.isin(schools.area[schools.names.index(line.school)], self.areas.rows(profile)))

    def _rows(self, line: PlannedChange, profile: CityProfile) -> tuple[int, ...]:
        """Return the areas of a line in which the policy acts."""
        if line.areas is None:
            return ()
        return tuple(np.intersect1d(line.areas.rows(profile), self.areas.rows(profile)).tolist())

    def _key(self, school: str, profile: CityProfile) -> int:
        """Return the id of a school."""
        if school in self.opening or school not in profile.schools.names:
            return identify_planned(school)
        return int(profile.schools.id[profile.schools.names.index(school)])


def identify_planned(school: str) -> int:
    """Return the id of a school that a plan opens: made of its name, so that every line means the same."""
    digest = hashlib.blake2b(school.encode(), digest_size=8, person=b"school").digest()
    return int.from_bytes(digest, "big") >> 1


def list_planned_schools(policies: Iterable[Policy]) -> dict[int, str]:
    """Return the names of the schools that some policies open by name, by id."""
    plans = (policy for policy in policies if isinstance(policy, SchoolPlan))
    return {identify_planned(school): school for plan in plans for school in plan.opening}
