"""What may be decided about schools (admission, grants, providers), and how pupils learn."""

from typing import Literal, Self

from pydantic import Field, model_validator

from segsim.national import MERIT_MEAN_2024
from segsim.rules.board.school_choice import Reconsideration
from segsim.rules.preschool import PreschoolEffort, PreschoolPreferences
from segsim.rules.school_choice import SchoolChoice
from segsim.rules.school_plans import (
    ClosurePlan,
    OpeningPlan,
    QualityProgramme,
    RedrawTerms,
    SchoolChange,
    SeatPlan,
)
from segsim.section import RefusedValueError, Section, Share, setting

Mechanism = Literal[
    "deferred_acceptance", "immediate_acceptance", "serial_dictatorship", "top_trading_cycles", "catchment"
]
Priority = Literal["proximity", "relative_proximity", "queue_time", "lottery", "first_come", "attainment"]
MajorityTrait = Literal["education", "background"]
TieBreaking = Literal["multiple", "single"]


class Admission(Section):
    """How seats are given in the autumn; the neutral setting is today's law."""

    mechanism: Mechanism = Field(
        "deferred_acceptance",
        description="How applications meet seats. catchment: municipal schools admit by distance and nobody "
        "chooses among them; independent schools may still be chosen.",
    )
    municipal_priority: Priority = Field(
        "relative_proximity",
        description="Who comes first at a municipal school: the nearest, those who would lose most distance "
        "elsewhere (HFD 2015:50, B), who queued longest, a lottery, who applied first this year, or those of "
        "highest attainment so far.",
    )
    independent_priority: Priority = Field(
        "queue_time", description="Who comes first at an independent school (the law allows queue time, B)."
    )
    sibling: bool = Field(True, description="Siblings of pupils come before all others.")
    lottery_share: Share = Field(
        0.0, description="Share of the free seats of each school and grade that are drawn by lot."
    )
    tie_breaking: TieBreaking = Field(
        "multiple",
        description="Whether each school draws lots of its own (multiple) or one lot counts at all (single).",
    )
    ses_quota: bool = Field(
        False,
        description="Reserve seats for every level of parental education, as its share of applicants less "
        "quota_tolerance (soft: others may fill what a level leaves).",
    )
    quota_tolerance: Share = Field(
        0.1,
        description="How much smaller than its share a level's reserve is, as a part of it (C).",
    )
    majority_quota: Share = Field(
        1.0,
        description="Most of the free seats of each school and grade that pupils of the majority may get, as "
        "a share of them; 1 binds nobody. It is hard (Kojima 2012): seats it closes to them go to others who "
        "ask or stay empty. Whom it leaves without a seat is placed as near as quotas allow, and beyond them "
        "only where no other seat is left.",
    )
    majority: MajorityTrait = Field(
        "education",
        description="Who the majority is: pupils of parents with post-secondary education, or of Swedish "
        "background.",
    )
    common_system: bool = Field(
        False,
        description="Independent schools admit by the municipal priority, lottery and quotas; otherwise "
        "those bind municipal schools only.",
    )
    offer_rounds: int = Field(
        0,
        ge=0,
        le=20,
        description="Rounds of offers where the municipality and every independent school admit each for "
        "itself: who gets several keeps the best and gives the others back, and they are offered again in "
        "the next round; what is given back after the last stays empty unless someone has no seat at all. "
        "0: all schools answer one list together, as with one common place to apply.",
    )
    mandatory_choice: bool = Field(False, description="Every guardian ranks schools; nobody goes by default.")
    active_share: tuple[Share, Share, Share, Share] = Field(
        (0.4, 0.5, 0.6, 0.7),
        description="Share of guardians who choose actively, by parental education from lower secondary to "
        "long post-secondary; the others get the default school of the home (C).",
    )
    transport_km: float = Field(
        0.0, ge=0, le=100, description="Kilometres of the way to school that free transport makes unfelt."
    )

    @model_validator(mode="after")
    def _can_offer(self) -> Self:
        if self.offer_rounds and (self.common_system or self.mechanism == "top_trading_cycles"):
            which = "common_system: true" if self.common_system else "mechanism: top_trading_cycles"
            raise RefusedValueError(
                f"offer_rounds is for schools that admit each for itself and does not go with {which}; take "
                "one of them away",
                f"offer_rounds gäller skolor som antar var för sig och går inte ihop med {which}; ta bort en "
                "av dem",
            )
        return self

    @model_validator(mode="after")
    def _can_reserve(self) -> Self:
        if (self.ses_quota or self.majority_quota < 1) and self.mechanism == "top_trading_cycles":
            raise RefusedValueError(
                "top_trading_cycles keeps neither reserves nor quotas; use another mechanism, or ses_quota: "
                "false and majority_quota: 1",
                "top_trading_cycles håller varken reserverade platser eller kvoter; använd ett annat "
                "förfarande, eller ses_quota: false och majority_quota: 1",
            )
        if self.ses_quota and self.majority_quota < 1 and self.majority == "background":
            raise RefusedValueError(
                "ses_quota reserves by education and does not go with a majority quota by background; use "
                "one of them, or majority: education",
                "ses_quota reserverar efter utbildning och går inte ihop med en kvot efter bakgrund; använd "
                "en av dem, eller majority: education",
            )
        return self


class SupportTerms(Section):
    """How extra money is shared among the schools in greatest need, and what it does there."""

    share_of_schools: Share = setting(
        en="Share of these schools that get it (C).",
        sv="Andel av skolorna som får stödet (antagande).",
        default=0.25,
    )
    criterion: Literal["merit", "need"] = setting(
        en="Lowest published merit value first, or lowest mean parental education first.",
        sv="Vilka som kommer först: lägst publicerat meritvärde eller lägst utbildning hos föräldrarna.",
        default="merit",
    )
    sek_per_pupil: float = setting(
        en="SEK a year and pupil at the first school; it falls in equal steps towards 0 after the last that "
        "gets it (C).",
        sv="Kronor per elev och år i den första skolan; beloppet sjunker i lika steg mot 0 efter den sista "
        "som får stöd (antagande).",
        default=8000.0,
        ge=0,
        le=200_000,
    )
    teacher_density_gain: float = setting(
        en="Relative gain in teachers per pupil for 8 000 SEK; more teachers were hired (B, IFAU 2025), size "
        "assumed (C).",
        sv="Relativ ökning av lärare per elev för 8 000 kronor; fler lärare anställdes (IFAU 2025), "
        "storleken är ett antagande.",
        default=0.05,
        ge=-0.5,
        le=2,
    )
    merit_effect_points_per_1000sek: float = setting(
        en="Merit points in grade 9 per 1 000 SEK a year for a pupil who had the support in all ten grades. "
        "0: no effect on national tests (B, strong, IFAU 2025); 0.3 is an upper value to explore.",
        sv="Meritpoäng i årskurs 9 per 1 000 kronor om året för en elev som haft stödet i alla tio "
        "årskurser. 0: ingen effekt på nationella prov (IFAU 2025); 0,3 är ett övre värde att utforska.",
        default=0.0,
        ge=-5,
        le=5,
    )
    eligibility_effect_pp: float = setting(
        en="Percentage points more pupils who become eligible for upper secondary at a school with 8 000 "
        "SEK: those just below the limit reach it (B, IFAU 2025: 0 to 1.5).",
        sv="Procentenheter fler elever som blir behöriga till gymnasiet i en skola med 8 000 kronor: de som "
        "ligger strax under gränsen når den (IFAU 2025: 0 till 1,5).",
        default=0.5,
        ge=-10,
        le=10,
    )
    teacher_quality_penalty: bool = setting(
        en="The added teachers are less experienced (B, IFAU 2025), so that the support works only through "
        "the effects given here; otherwise it also counts as ordinary resources.",
        sv="De nya lärarna är mindre erfarna (IFAU 2025), så att stödet verkar bara genom effekterna som "
        "anges här; annars räknas det också som vanliga resurser.",
        default=True,
    )


class SchoolSupport(SupportTerms):
    """Extra money for the schools in greatest need, within chosen areas."""

    areas: tuple[int, ...] | None = Field(None, description="Areas whose schools may get it; none means all.")


class IndependentSchools(Section):
    """How independent schools open, grow, shrink and close; the defaults keep their number level."""

    opening_rate: float = Field(
        0.2, ge=0, le=100, description="New schools a year per 100 schools of any provider (C)."
    )
    opening_seats: int = Field(25, ge=1, le=1000, description="Seats per grade of a new school (C).")
    opening_areas: tuple[int, ...] | None = Field(
        None, description="Areas where they open; none means anywhere, in proportion to the pupils there."
    )
    share_limit: Share = Field(
        1.0, description="Independent schools' highest share of all seats; at it none opens or grows."
    )
    growth: float = Field(
        0.005, ge=0, le=1, description="Seats added a year, as a share, when the first grade is full (C)."
    )
    shrinkage: float = Field(
        0.02,
        ge=0,
        le=1,
        description="Seats closed a year, as a share, when under `low_fill` of the first grade is taken (C).",
    )
    low_fill: Share = Field(0.7, description="Share of the first grade taken below which seats close (C).")
    closing_fill: Share = Field(
        0.25, description="Share of the first grade taken below which a school may close (C)."
    )
    closing_rate: Share = Field(0.2, description="Chance a year that such a school closes (C).")
    spare_seats: Share = Field(
        0.08,
        description="Empty seats of independent schools at the start, as a share of their pupils: they fill "
        "up, since more guardians want them than they have seats (C).",
    )


class SchoolsRules(Section):
    """What a council, a parliament or a provider may decide about schools."""

    admission: Admission = Admission()
    supports: tuple[SchoolSupport, ...] = ()
    preschool_efforts: tuple[PreschoolEffort, ...] = ()
    quality_programmes: tuple[QualityProgramme, ...] = ()
    closures: tuple[ClosurePlan, ...] = ()
    catchments: tuple[RedrawTerms, ...] = ()
    seat_plans: tuple[SeatPlan, ...] = ()
    openings: tuple[OpeningPlan, ...] = Field((), description="What opens this year; empty in other years.")
    changes: tuple[SchoolChange, ...] = Field(
        (), description="Schools that open, close, move or are resized this year; empty in other years."
    )
    smallest_municipal: int = Field(
        0,
        ge=0,
        le=5000,
        description="Fewest pupils of a municipal school: in the summer those with fewer close, but the last "
        "one with a grade; 0 closes none.",
    )
    municipal_seats_follow: Share = Field(
        1.0,
        description="How far the seats of municipal schools follow the number of children of 6 to 15 from "
        "year to year; 0: they stay (Education Act 2010:800, 10:24; the same at every school, C).",
    )
    independent: IndependentSchools = IndependentSchools()
    base_grant: float = Field(
        112.2,
        gt=0,
        le=1000,
        description="What a pupil costs a year without transport, kSEK (B, 2018, Skolverket by the press); "
        "it matters only where money does not follow pupils of a closed school.",
    )
    need_grant: float = Field(
        4.0,
        ge=0,
        le=100,
        description="Ordinary grant, kSEK a year and pupil, per SD of mean parental education by which a "
        "school lies below the city (0 above it). Size assumed (C).",
    )
    need_teachers: float = Field(
        0.05,
        ge=0,
        le=2,
        description="Relative gain in teachers per pupil for `reference_grant` of ordinary grant (C).",
    )
    teacher_density: float = Field(
        8.3,
        gt=0,
        le=50,
        description="Teachers per 100 pupils on the base grant (C; about 12 pupils a teacher).",
    )


class Achievement(Section):
    """What a pupil's achievement is made of, in SD between pupils unless it says points.

    latent = ability * a + home * (e - home_mean) - boys * (boy - 0.5) - newcomer * (came lately) + school;
    merit value = merit_mean + points_per_sd * (latent + exam * noise), within 0 to 340.
    """

    merit_mean: float = Field(
        MERIT_MEAN_2024,
        ge=0,
        le=340,
        description="Merit value of the reference pupil, from which studies after grade 9 are reckoned too "
        "(A, national mean of 2024/25).",
    )
    points_per_sd: float = Field(
        67.0, ge=1, le=200, description="SD of merit values between pupils (C, 65 to 70)."
    )
    ability: float = Field(0.75, ge=0, le=2, description="Weight of ability (C, from points_per_sd).")
    exam: float = Field(0.52, ge=0, le=2, description="Weight of chance in the final grades (C).")
    home: float = Field(
        0.4,
        ge=0,
        le=2,
        description="Per level of parental education; 68 to 91 points lie between lower and post-secondary "
        "(B, Skolverket 2016/17).",
    )
    home_mean: float = Field(
        1.6, ge=0, le=3, description="Parental education of the reference pupil, from 0 to 3 (C)."
    )
    boys: float = Field(
        0.4,
        ge=0,
        le=2,
        description="Boys' disadvantage; about 27 points (C; B ecological: 35, SALSA 2015/16).",
    )
    newcomer: float = Field(
        0.8,
        ge=0,
        le=5,
        description="Disadvantage of pupils who came to the country in the last `newcomer_years` (B "
        "ecological: 84 points, SALSA 2015/16; weakened, C).",
    )
    newcomer_years: int = Field(
        4, ge=0, le=20, description="Years for which a pupil counts as newly arrived (B, Skolverket's SALSA)."
    )
    peers: float = Field(
        0.1, ge=-1, le=1, description="Over ten years, per SD of the schoolmates' mean (C, range 0 to 0.2)."
    )
    resources: float = Field(
        0.0,
        ge=-0.5,
        le=0.5,
        description="Over ten years, per `reference_grant` (B, strong: about 0, IFAU 2025; up to 0.03).",
    )
    reference_grant: float = Field(
        8.0,
        ge=0.1,
        le=200,
        description="The grant whose effects are given, here and in the gains of teachers and eligibility "
        "of the rules, kSEK a year and pupil (B, the size of the Swedish school equity grant).",
    )
    place: float = Field(
        0.03,
        ge=-0.5,
        le=0.5,
        description="Over ten years, per SD between areas of the parental education of the area's pupils (B: "
        "0.9 percentile ranks per SD of educated neighbours of the same origin, Åslund and others 2011).",
    )
    eligible_merit: float = Field(
        158.0,
        ge=0,
        le=340,
        description="Merit value from which a pupil counts as eligible for upper secondary (C, chosen to "
        "give 85 %; B, 85.2 % in 2023).",
    )


class SchoolQuality(Section):
    """How true quality, a school's yearly gain, differs and drifts."""

    spread: float = Field(
        0.012, ge=0, le=1, description="SD between schools of the yearly gain, SD a year (C, from T10)."
    )
    persistence: Share = Field(0.97, description="Share of last year's deviation that remains (C).")
    teacher_sorting: float = Field(
        0.003,
        ge=-1,
        le=1,
        description="Yearly gain towards which a school drifts per SD between schools of its mean parental "
        "education, since experienced teachers prefer it (C).",
    )
    fewest_published: int = Field(
        10,
        ge=1,
        le=1000,
        description="Fewest pupils in grade 9 for a mean merit value to be published (B, Skolverket).",
    )


class SchoolsPreferences(Section):
    """How guardians choose, how pupils learn and how schools drift; no policy amends these."""

    one_at_a_time: Reconsideration | None = Field(
        None, description="School choice one at a time on an abstract grid; none is the yearly admission."
    )
    preschool: PreschoolPreferences = PreschoolPreferences()
    choice: SchoolChoice = SchoolChoice()
    achievement: Achievement = Achievement()
    quality: SchoolQuality = SchoolQuality()
