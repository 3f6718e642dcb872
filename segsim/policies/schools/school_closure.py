"""School closure: municipal schools close and their pupils are spread over the city's other schools."""

from collections.abc import Sequence

import numpy as np
from pydantic import ValidationInfo, field_validator

from segsim.policies.amending import replace_rule
from segsim.policies.evidence import Evidence
from segsim.policies.policy import Policy
from segsim.policies.profile import CityProfile, SchoolProfiles
from segsim.rules import Rules
from segsim.rules.school_plans import ClosurePlan
from segsim.section import RefusedValueError, Share, setting
from segsim.tables import Array, Provider
from segsim.words.text import Text


class SchoolClosure(Policy):
    """Close municipal schools and spread their pupils over the others."""

    TITLE = Text("School closure with spread of pupils", "Skolnedläggning med spridning av elever")
    MECHANISM = Text(
        en="The schools close in the summer of the first year, for good. Their pupils seek a seat in the "
        "autumn by the ordinary admission, where the receiving schools have more seats, so that other pupils "
        "meet. Some may leave for independent schools instead. The last municipal school with a grade stays. "
        "The money for the pupils follows them, unless it is saved.",
        sv="Skolorna läggs ned sommaren det första året, för gott. Eleverna söker plats på hösten genom den "
        "vanliga antagningen, där de mottagande skolorna har fler platser, så att andra elever möts. Några "
        "kan i stället lämna för fristående skolor. Den sista kommunala skolan med en årskurs blir kvar. "
        "Pengarna för eleverna följer dem om de inte sparas.",
    )
    EVIDENCE = Evidence(
        Text(
            en="All closures of public lower-secondary schools 2000-2012: no effect on achievement, for the "
            "displaced and for later cohorts; slightly better schools were reached. Pupils already at "
            "the receiving schools were unaffected (2000-2016). Two Danish studies of forced moves find "
            "negative effects, a third of merged schools one that fades. In Nyköping the share of "
            "foreign background rose from 18 to 37-40 % in 7 to 8 years as pupils left for independent "
            "schools; the arrivals of 2015 play in.",
            sv="Alla nedläggningar av kommunala högstadieskolor 2000–2012: ingen effekt på resultaten, "
            "varken för dem som flyttades eller för senare årskullar; något bättre skolor nåddes. De som "
            "redan gick i de mottagande skolorna påverkades inte (2000–2016). Två danska studier av "
            "tvingande flytt finner negativa effekter, en tredje av sammanslagna skolor en som klingar "
            "av. I Nyköping steg andelen med utländsk bakgrund från 18 till 37–40 % på 7–8 år när elever "
            "lämnade för fristående skolor; de många som kom 2015 spelar in.",
        ),
        "strong",
        (
            "Larsson Taghizadeh 2020, doi 10.1016/j.labeco.2020.101910",
            "Larsson Taghizadeh 2020, doi 10.1016/j.econedurev.2020.102020",
            "Damm, Mattana, Nielsen and Rouland 2021, Journal of Urban Economics 126:103358",
        ),
        near_zero=True,
    )
    DECIDED_BY = "municipality"
    LEGAL = Text(
        en="An independent school may admit by queue time and siblings. That the council decides which "
        "municipal schools there are is assumed.",
        sv="En fristående skola får ta in efter kötid och syskon. Att kommunfullmäktige beslutar vilka "
        "kommunala skolor som ska finnas är ett antagande.",
    )
    REACHES = "pupils"
    NEUTRAL = {"lowest_merit": 0}
    EXAMPLE = {"lowest_merit": 1}
    ADDS = "schools.closures"

    schools: tuple[str, ...] = setting(
        "Schools that close, by name; independent schools cannot be closed by the council.",
        "Skolor som läggs ned, efter namn; kommunen kan inte lägga ned fristående skolor.",
        (),
    )
    lowest_merit: int = setting(
        "Besides, so many municipal schools of the areas close, those of lowest merit value.",
        "Därutöver läggs så många av områdenas kommunala skolor ned, de med lägst meritvärde.",
        0,
        ge=0,
        le=1000,
    )
    receivers: tuple[str, ...] = setting(
        "Schools that get the seats, by name; empty: all other municipal schools, equally.",
        "Skolor som får platserna, efter namn; tomt: alla andra kommunala skolor, lika många var.",
        (),
    )
    transport_km: float = setting(
        "Kilometres to school that free transport makes unfelt, for all pupils of the city.",
        "Så många kilometer till skolan som fri skolskjuts gör att familjen inte märker av, för alla elever "
        "i kommunen.",
        0.0,
        ge=0,
        le=100,
    )
    achievement_effect_sd: float = setting(
        "What the move does to the results of those displaced while it disrupts, SD; 0 is measured in "
        "Sweden, -.1 to 0 to explore (C).",
        "Vad flytten gör med resultaten för dem som flyttas så länge den stör, SD; 0 är uppmätt i Sverige, "
        "-0,1 till 0 att utforska (antagande).",
        0.0,
        ge=-1,
        le=1,
    )
    disruption_years: int = setting(
        "School years from the move in which it does that: results of those who leave grade 9 within them, "
        "after which it is gone (C; 10 is the rest of school).",
        "Antal läsår efter flytten som den stör: det påverkar resultaten för dem som går ut årskurs 9 inom "
        "den tiden och är sedan borta (antagande; 10 är resten av skoltiden).",
        1,
        ge=0,
        le=10,
    )
    resources_follow_pupil: bool = setting(
        "Whether the money for those displaced, 112 200 SEK a year each (B, 2018, without transport), goes "
        "to the municipal schools that receive them. If not, it is saved, and these have fewer teachers and "
        "less money per pupil (as in Denmark).",
        "Om pengarna för dem som flyttas, 112 200 kronor var per år (2018, utan skolskjuts), går till de "
        "kommunala skolor som tar emot dem. Annars sparas de, och dessa får färre lärare och mindre pengar "
        "per elev (som i Danmark).",
        default=True,
    )
    exit_to_independent: tuple[Share, Share, Share, Share] = setting(
        "Share of those displaced who leave for the nearest independent school, by parental education (C; "
        "Nyköping is the case to fear).",
        "Andel av dem som flyttas som lämnar för närmaste fristående skola, efter föräldrarnas utbildning "
        "(antagande; Nyköping är det avskräckande fallet).",
        (0.0, 0.0, 0.0, 0.0),
    )

    @field_validator("schools", "receivers")
    @classmethod
    def _name_each_once(cls, names: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if twice := [name for name in names if names.count(name) > 1]:
            raise RefusedValueError(
                f'"{twice[0]}" is named twice; name each school once',
                f'"{twice[0]}" nämns två gånger; nämn varje skola en gång',
            )
        closed = info.data.get("schools", ()) if info.field_name == "receivers" else ()
        if both := [name for name in names if name in closed]:
            raise RefusedValueError(
                f'"{both[0]}" closes, and cannot receive pupils; name other receivers',
                f'"{both[0]}" stängs och kan inte ta emot elever; nämn andra mottagare',
            )
        return names

    def amend(self, rules: Rules, profile: CityProfile) -> Rules:
        """Return the rules with the closure, and with free transport if it is given."""
        amended = super().amend(rules, profile)
        if amended is rules or self.transport_km <= rules.schools.admission.transport_km:
            return amended
        for code in self.areas.whole_municipalities:
            amended = amended.set_locally(code, "admission", {"transport_km": self.transport_km})
        if self.areas.whole_municipalities:
            return amended
        return replace_rule(amended, "schools.admission.transport_km", self.transport_km)

    def provision(self, areas: tuple[int, ...], profile: CityProfile) -> ClosurePlan | None:
        """Return the closure as the rules of schools know it; None where no school closes."""
        share, chosen = self.share_in_effect(profile), self.choose_schools(profile)
        # a part of the schools is some of them, those named first
        closed = chosen[: round(share * chosen.size)]
        if not closed.size:
            return None
        receivers = find_schools(self.receivers, profile.schools)
        return ClosurePlan(
            schools=tuple(profile.schools.id[closed].tolist()),
            receivers=tuple(profile.schools.id[receivers].tolist()),
            achievement=self.achievement_effect_sd,
            disruption_years=self.disruption_years,
            resources_follow_pupil=self.resources_follow_pupil,
            exit_to_independent=self.exit_to_independent,
        )

    def choose_schools(self, profile: CityProfile) -> Array:
        """Return the schools that close, as numbers in the profile: those named, then the lowest."""
        schools = profile.schools
        named = find_schools(self.schools, schools)
        may_close = (schools.provider == Provider.MUNICIPAL) & np.isin(schools.area, self.areas.rows(profile))
        may_close &= np.isfinite(schools.published_merit)
        may_close[named] = False
        line = np.flatnonzero(may_close)
        lowest = line[np.argsort(schools.published_merit[line], kind="stable")][: self.lowest_merit]
        return np.concatenate([named, lowest]).astype(np.int64)

    def count_reached(self, profile: CityProfile) -> float:
        """Return how many pupils the schools had when the policy began; none where there is no area."""
        pupils = profile.schools.pupils[self.choose_schools(profile)].sum()
        return float(pupils) * bool(self.areas.rows(profile).size)


def find_schools(names: Sequence[str], schools: SchoolProfiles) -> Array:
    """Return the numbers of schools by name; one that has closed since the start has none."""
    return np.array([schools.names.index(name) for name in names if name in schools.names], np.int64)
