"""Independent schools' share: how many open, where, and up to which share of all seats."""

from typing import Any

from segsim.policies.amending import replace_rule
from segsim.policies.evidence import Evidence
from segsim.policies.policy import Policy
from segsim.policies.profile import CityProfile
from segsim.rules import Rules
from segsim.section import Share, setting
from segsim.words.text import Text

_LIMITS = ("share_limit", "opening_rate")
"""Settings that take the place of the rules of the same names."""


class IndependentSchoolShare(Policy):
    """Let more or fewer independent schools open, in chosen areas, up to a share of all seats."""

    TITLE = Text("Independent schools' share", "Fristående skolors andel")
    MECHANISM = Text(
        en="Independent schools open where and as often as allowed, and grow until their share of seats is "
        "at the limit. Families may choose them beyond where they live, by queue time, so that pupils sort "
        "further than homes do.",
        sv="Fristående skolor etableras där och så ofta som det tillåts och växer tills deras andel av "
        "platserna når gränsen. Familjer kan välja dem oberoende av var de bor, med kötid, så att elever "
        "sorteras mer än bostäder gör.",
    )
    EVIDENCE = Evidence(
        Text(
            en="Independent schools account for about 18 per cent of the increase in school segregation by "
            "origin 1993-2009; residence is the dominant factor. The increase due to choice is "
            "relatively small after 15 years. A higher share raised average results, mostly by "
            "competition, after about ten years; that is not in the model.",
            sv="Fristående skolor förklarar omkring 18 procent av ökningen i skolsegregation efter ursprung "
            "1993–2009; boendet är den dominerande faktorn. Ökningen på grund av skolval är ganska liten "
            "efter 15 år. En högre andel höjde genomsnittsresultaten, mest genom konkurrens, efter "
            "omkring tio år; det finns inte i modellen.",
        ),
        "strong",
        (
            "Böhlmark, Holmlund and Lindahl 2015 (IFAU 2015:5)",
            "Böhlmark, Holmlund and Lindahl 2016, doi 10.1007/s00148-016-0595-y",
            "Böhlmark and Lindahl 2015, doi 10.1111/ecca.12130",
        ),
    )
    DECIDED_BY = "state"
    LEGAL = Text(
        en="That the state approves independent schools and a limit to their share needs a new law is "
        "assumed.",
        sv="Att staten godkänner fristående skolor och att en gräns för deras andel kräver ny lag är "
        "antaganden.",
    )
    REACHES = "pupils"
    NEUTRAL = {}
    EXAMPLE = {"opening_rate": 10.0}

    share_limit: Share | None = setting(
        "Independent schools' highest share of all seats; at it none opens or grows. Empty: no change.",
        "Fristående skolors högsta andel av alla platser; vid den öppnar eller växer ingen. Tomt: ingen "
        "ändring.",
        None,
    )
    opening_rate: float | None = setting(
        "New schools a year per 100 schools of any provider. Empty: no change.",
        "Nya skolor per år och 100 skolor oavsett huvudman. Tomt: ingen ändring.",
        None,
        ge=0,
        le=100,
    )

    @property
    def needs_law(self) -> bool:
        """Whether their share is limited, which no authority may do today."""
        return self.share_limit is not None

    def replacements(self) -> dict[str, tuple[str, Any]]:
        """Return what holds for independent schools of the whole city, and where they open."""
        given = {name: (name, getattr(self, name)) for name in _LIMITS if getattr(self, name) is not None}
        where = {} if self.areas.all else {"opening_areas": ("areas", self.areas)}
        return {f"schools.independent.{name}": rule for name, rule in (given | where).items()}

    def amend(self, rules: Rules, profile: CityProfile) -> Rules:
        """Return the rules as far from the city's as the policy gets; schools open in the areas only."""
        areas, share = tuple(self.areas.rows(profile).tolist()), self.share_in_effect(profile)
        if not areas or not share:
            return rules
        independent, changed = rules.schools.independent, {}
        for name in _LIMITS:
            was, new = getattr(independent, name), getattr(self, name)
            if new is not None:
                changed[name] = new if share == 1 else was + share * (new - was)
        if not self.areas.all:
            changed["opening_areas"] = areas
        return replace_rule(rules, "schools.independent", independent.model_copy(update=changed))
