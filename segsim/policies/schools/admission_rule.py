"""Admission rule: who gets a seat at which school."""

from segsim.policies.city_wide import CityWide
from segsim.policies.evidence import Decider, Evidence
from segsim.rules.schools import MajorityTrait, Mechanism, Priority, TieBreaking
from segsim.section import Share, setting
from segsim.words.text import Text

_NOT_MUNICIPAL: tuple[Priority, ...] = ("queue_time", "first_come", "attainment")
"""Priorities by which the law lets no municipal school refuse a wish."""


class AdmissionRule(CityWide):
    """Change how seats are given; what is left out stays as the city has it."""

    TITLE = Text("Admission rule", "Antagningsregel")
    MECHANISM = Text(
        en="Applications meet seats by another mechanism, priority, lottery share or quota, so that other "
        "pupils meet in the schools families ask for.",
        sv="Ansökningar och platser möts genom en annan mekanism, prioritet, lottandel eller kvot, så att "
        "andra elever möts i de skolor familjerna söker.",
    )
    EVIDENCE = Evidence(
        Text(
            en="Against proximity (between-school share of the variance in socio-economic status 18.5 %), "
            "the share was 8.5 per cent lower with a lottery (about 16.9 %) and 20 per cent lower with "
            "affirmative action (about 14.8 %); about 90 % got one of their top three choices under all "
            "(estimated preferences, Swedish data).",
            sv="Jämfört med närhet (andelen av variansen i socioekonomisk status som ligger mellan skolor: "
            "18,5 %) blev andelen med lottning 8,5 procent lägre (från 18,5 till omkring 16,9 %) och med "
            "kvotering 20 procent lägre (till omkring 14,8 %); omkring 90 % fick någon av sina tre högst "
            "rankade skolor i alla systemen (skattade preferenser, svenska data).",
        ),
        "moderate",
        ("Kessel and Olme 2018",),
    )
    DECIDED_BY = "municipality"
    LEGAL = Text(
        en="A municipal school may refuse a wish only for another child's claim to a school near home "
        "(Education Act 9:15, 10:30; HFD 2015 ref. 50 asks for relative proximity). Independent schools use "
        "queue time and siblings; binding them to a common system or a quota, or closing seats to pupils of "
        "a majority, needs a new law (SOU 2020:28, mostly rejected). That admission by attainment, or by "
        "queue at a municipal school, needs one too is assumed.",
        sv="En kommunal skola får neka ett önskemål bara för ett annat barns rätt till en skola nära hemmet "
        "(9 kap. 15 § och 10 kap. 30 § skollagen; HFD 2015 ref. 50 förordar relativ närhet). Fristående "
        "skolor använder kötid och syskonförtur; att binda dem till ett gemensamt system eller en kvot, "
        "eller att stänga platser för majoritetens elever, kräver ny lag (SOU 2020:28, till största delen "
        "avvisad). Att antagning efter studieresultat, eller efter kötid till en kommunal skola, också "
        "kräver det är ett antagande.",
    )
    REACHES = "pupils"
    CHOICES = {
        "deferred_acceptance": Text("deferred acceptance", "uppskjuten antagning (deferred acceptance)"),
        "immediate_acceptance": Text("immediate acceptance", "omedelbar antagning (immediate acceptance)"),
        "serial_dictatorship": Text("serial dictatorship", "turordning (serial dictatorship)"),
        "top_trading_cycles": Text("top trading cycles", "byteskedjor (top trading cycles)"),
        "catchment": Text("catchment area", "upptagningsområde"),
        "proximity": Text("proximity", "närhet"),
        "relative_proximity": Text("relative proximity", "relativ närhet"),
        "queue_time": Text("queue time", "kötid"),
        "lottery": Text("lottery", "lottning"),
        "first_come": Text("first come, first served", "först till kvarn"),
        "attainment": Text("attainment", "studieresultat"),
        "multiple": Text("each school draws its own lots", "varje skola lottar för sig"),
        "single": Text("one lot counts at all schools", "samma lott gäller vid alla skolor"),
        "education": Text("parents with post-secondary education", "föräldrar med eftergymnasial utbildning"),
        "background": Text("Swedish background", "svensk bakgrund"),
    }
    NEUTRAL = {}
    EXAMPLE = {"lottery_share": 1.0, "common_system": True, "mandatory_choice": True}
    SETS = "schools.admission"

    mechanism: Mechanism | None = setting(
        "How applications meet seats.", "Hur ansökningar och platser möts.", None
    )
    municipal_priority: Priority | None = setting(
        "Who comes first at a municipal school.", "Vem som kommer först till en kommunal skola.", None
    )
    independent_priority: Priority | None = setting(
        "Who comes first at an independent school.", "Vem som kommer först till en fristående skola.", None
    )
    sibling: bool | None = setting(
        "Siblings of pupils come before all others.", "Syskon till elever går före alla andra.", None
    )
    lottery_share: Share | None = setting(
        "Share of the free seats drawn by lot.", "Andel av de lediga platserna som lottas.", None
    )
    ses_quota: bool | None = setting(
        "Reserve seats for every level of parental education, as its share of applicants.",
        "Platser reserveras för varje nivå av föräldrars utbildning, efter dess andel av de sökande.",
        None,
    )
    quota_tolerance: Share | None = setting(
        "How much smaller than its share of applicants a level's reserve is.",
        "Hur långt under nivåns andel av de sökande de reserverade platserna ligger.",
        None,
    )
    majority_quota: Share | None = setting(
        "Most of the free seats of a school and grade that pupils of the majority may get; seats closed to "
        "them may stay empty.",
        "Största andel av de lediga platserna i en skola och årskurs som majoritetens elever får; platser "
        "som stängs för dem kan bli tomma.",
        None,
    )
    majority: MajorityTrait | None = setting(
        "Who the majority of that quota is.", "Vilka som är majoritet i den kvoten.", None
    )
    tie_breaking: TieBreaking | None = setting(
        "Whether each school draws lots of its own or one lot counts at all schools.",
        "Om varje skola lottar för sig eller samma lott gäller vid alla skolor.",
        None,
    )
    common_system: bool | None = setting(
        "Independent schools follow the same priority, lottery and quotas.",
        "Fristående skolor följer samma prioritet, lottning och kvoter.",
        None,
    )
    offer_rounds: int | None = setting(
        "Rounds of offers where the municipality and every independent school admit each for itself; 0 is "
        "one place to apply for all (how many rounds there are is an assumption).",
        "Antal omgångar erbjudanden där kommunen och varje fristående skola antar var för sig; 0 är en "
        "gemensam ansökan för alla (hur många omgångar det är, är ett antagande).",
        None,
        ge=0,
        le=20,
    )
    mandatory_choice: bool | None = setting(
        "Every guardian ranks schools.", "Alla vårdnadshavare rangordnar skolor.", None
    )
    active_share: tuple[Share, Share, Share, Share] | None = setting(
        "Share of guardians who choose actively, by parental education.",
        "Andel vårdnadshavare som väljer aktivt, efter föräldrarnas utbildning.",
        None,
    )
    transport_km: float | None = setting(
        "Kilometres to school that free transport makes unfelt.",
        "Så många kilometer till skolan som fri skolskjuts gör att familjen inte märker av.",
        None,
        ge=0,
        le=100,
    )

    @property
    def decider(self) -> Decider:
        """Who decides: the providers how independent schools admit, if that is all; else the municipality."""
        settings = set(self.changes())
        return "provider" if settings == {"independent_priority"} else self.DECIDED_BY

    @property
    def needs_law(self) -> bool:
        """Whether anybody is refused a wish on a ground that the law does not know today."""
        binds = bool(self.common_system or self.ses_quota)
        closes = self.majority_quota is not None and self.majority_quota < 1
        orders = self.municipal_priority in _NOT_MUNICIPAL or self.independent_priority == "attainment"
        return binds or closes or orders
