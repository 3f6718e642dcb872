"""New school: municipal schools open in chosen areas."""

from typing import Literal, Self

import numpy as np
from pydantic import model_validator

from segsim.ages import SCHOOL_AGES
from segsim.policies.evidence import Evidence
from segsim.policies.policy import Policy
from segsim.policies.profile import CityProfile
from segsim.rules.school_plans import OpeningPlan
from segsim.section import RefusedValueError, setting
from segsim.tables import Array
from segsim.words.text import Text


class NewSchool(Policy):
    """Open municipal schools in the areas with most children."""

    TITLE = Text("New municipal school", "Ny kommunal skola")
    MECHANISM = Text(
        en="Schools open in the summer, where most children of the areas live, and stay when the policy has "
        "ended. Those who start school or look for another may choose them, and for those who live near they "
        "are the nearest; who meets whom changes by where the school stands.",
        sv="Skolor öppnar på sommaren, där flest av områdenas barn bor, och blir kvar när åtgärden är slut. "
        "De som börjar skolan eller söker en annan kan välja dem, och för dem som bor nära är de den "
        "närmaste skolan; vilka som möts beror på var skolan ligger.",
    )
    EVIDENCE = Evidence(
        Text(
            en="No measured effect of a new school on results or segregation was found. Its quality is that "
            "of an average school, give or take chance; who goes there is the model's own choice.",
            sv="Ingen uppmätt effekt av en ny skola på resultat eller segregation har hittats. Skolan är "
            "lika bra som en genomsnittlig, bortsett från slumpen; vilka som går där är modellens eget val.",
        ),
        "none",
        (),
    )
    DECIDED_BY = "municipality"
    REACHES = "seats"
    NEUTRAL = {"schools": 0}
    EXAMPLE = {"schools": 1}
    ADDS = "schools.openings"

    schools: int = setting(
        "Schools that open, one in each of the chosen areas with most children of school age.",
        "Antal skolor, en i vart och ett av de valda områden som har flest barn i skolåldern.",
        1,
        ge=0,
        le=1000,
    )
    seats: int = setting(
        "Seats per grade of each (C).", "Platser per årskurs i var och en (antagande).", 25, ge=1, le=1000
    )
    first_grade: Literal[0, 7] = setting("Lowest grade taught.", "Lägsta årskurs.", 0)
    last_grade: Literal[6, 9] = setting("Highest grade taught.", "Högsta årskurs.", 9)

    @model_validator(mode="after")
    def _teaches_something(self) -> Self:
        if self.first_grade > self.last_grade:
            raise RefusedValueError(
                "first_grade 7 is above last_grade 6; write 0 and 6, 7 and 9, or 0 and 9",
                "first_grade 7 är över last_grade 6; skriv 0 och 6, 7 och 9, eller 0 och 9",
            )
        return self

    def provision(self, areas: tuple[int, ...], profile: CityProfile) -> OpeningPlan | None:
        """Return the schools that open in the profile's year; None where none does."""
        placed = self.place_schools(profile)
        before = self.share_in_effect(profile.seen_in(profile.year - 1))
        opened, due = (round(share * placed.size) for share in (before, self.share_in_effect(profile)))
        # only what is due above last year's: a school opens once
        new = placed[opened:due] if profile.year > profile.began else placed[:due]
        if not new.size:
            return None
        return OpeningPlan(
            areas=tuple(new.tolist()),
            first_grade=self.first_grade,
            last_grade=self.last_grade,
            seats=self.seats,
        )

    def place_schools(self, profile: CityProfile) -> Array:
        """Return the areas that get a school, that with most children first."""
        areas = self.areas.rows(profile)
        children = profile.ages[areas, SCHOOL_AGES[0] : SCHOOL_AGES[1] + 1].sum(axis=1)
        return np.asarray(areas[np.argsort(-children, kind="stable")][: self.schools])

    def count_reached(self, profile: CityProfile) -> float:
        """Return how many pupils the new schools have seats for."""
        grades = self.last_grade - self.first_grade + 1
        return float(self.place_schools(profile).size * self.seats * grades)
