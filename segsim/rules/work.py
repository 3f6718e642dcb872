"""What may be decided about work (demand, taxes, transfers), and how people study, seek, hire and earn."""

from typing import Annotated

from pydantic import Field

from segsim.rules.incomes import IncomeRules
from segsim.rules.origins import Ages, ByOrigin, by_origin
from segsim.section import AreaRows, Section, Share
from segsim.tables import EducationName

Factors = tuple[
    Annotated[float, Field(ge=0)], Annotated[float, Field(ge=0)],
    Annotated[float, Field(ge=0)], Annotated[float, Field(ge=0)],
]  # fmt: skip
"""One factor per Education, lowest first."""

LogWage = Annotated[float, Field(ge=-3, le=3)]
"""A difference in log wage; 3 is twenty times the pay."""


class EmploymentProgramme(Section):
    """A programme for women born abroad without work, and what it does for their chance of a job."""

    areas: AreaRows
    participants_per_1000: float = Field(ge=0, le=1000, description="Participants a year per 1 000 eligible.")
    highest_education: EducationName = Field("long_post_secondary", description="Highest education taken in.")
    gain_pp: float = Field(
        0.0, ge=0, le=100, description="Percentage points more of the participants in work, on a small scale."
    )
    scale_up_factor: Share = Field(
        1.0, description="What is left of the gain when all eligible in the city take part."
    )


class WorkRules(Section):
    """What a council or a parliament may decide about work."""

    incomes: IncomeRules = IncomeRules()
    programmes: tuple[EmploymentProgramme, ...] = ()
    job_growth: float = Field(
        0.0,
        ge=-0.2,
        le=0.2,
        description="Yearly growth of jobs beyond that of residents of working age, at every workplace (C).",
    )


class WorkPreferences(Section):
    """What nobody decides: ability to study, the will to work, search, hiring and wages."""

    own_economy: Share = Field(
        1.0,
        description="How far participation, attainment, studies, risks of losing a job and pay are the "
        "place's own, as its first city tells them; at 0 they are the nation's, where every place drifts.",
    )
    pay_below: float = Field(
        0.65,
        gt=0,
        le=3,
        description="Factor on distances in log pay below the middle, as the first city tells them, in what "
        "pay drifts to (C, calibrated so that the share of low economic standard holds for 20 years: "
        "partners, children and jobs mix more than in a first city).",
    )
    pay_above: float = Field(
        1.35,
        gt=0,
        le=3,
        description="The same above the middle, for the share of high economic standard (C).",
    )
    # studies
    merit_to_attainment: float = Field(
        1.3,
        ge=0,
        le=10,
        description="Rise of the log odds of each further education per SD of merit value (C).",
    )
    parents_to_attainment: float = Field(
        0.35,
        ge=0,
        le=10,
        description="Further rise per level of the parents' education, at the same merit value: children of "
        "parents with long education begin higher studies about three times as often as of parents with "
        "lower secondary (C, after UKÄ's descriptions), most of it through merit values.",
    )
    attainment_limits: tuple[float, float, float] = Field(
        (-2.1, 0.35, 1.1),
        description="Latent attainment from which upper secondary, short and long post-secondary education "
        "are reached, logits: 87, 43 and 28 % of an average cohort (C, near attainment at 30 in Sweden).",
    )
    study_ends: Factors = Field(
        (19, 19, 22, 25), description="Age at which each education is finished, years (C)."
    )
    parents_mean: float = Field(
        1.5, ge=0, le=3, description="Parents' education of the average cohort, levels from 0 to 3 (C)."
    )
    merit_per_parents: float = Field(
        28.0,
        ge=0,
        le=340,
        description="Rise of the merit value that a level of the parents' education lets expect of who has "
        "none of their own, points (C, near the 68 to 91 points between lower and post-secondary).",
    )
    study_dropout: Share = Field(
        1 / 3,
        description="Share a year of students over 19, on the way to nothing beyond upper secondary, who "
        "leave their studies for work (C).",
    )
    studies_only: Share = Field(
        0.45,
        description="Share of those on their way to post-secondary education who do not work beside (C).",
    )
    # taking part
    participation_age: Ages = Field(
        {
            19: 5.0,
            20: 5.8,
            23: 7.0,
            26: 10.0,
            30: 12.0,
            56: 9.0,
            58: 7.0,
            60: 5.0,
            61: 4.2,
            62: 3.6,
            63: 3.0,
            64: 2.6,
        },
        description="Odds of being in the labour force by age, men of Swedish background with upper "
        "secondary education, students apart (C; at 25-44 91 % of women and 92 % of men of Swedish "
        "background take part).",
    )
    participation_women: ByOrigin = Field(
        by_origin(0.9, 0.8, 0.65, 0.42), description="Factor on these odds, women (B in order, C in size)."
    )
    participation_men: ByOrigin = Field(
        by_origin(1.0, 0.9, 0.85, 0.65), description="Factor on these odds, men (B in order, C in size)."
    )
    participation_education: Factors = Field(
        (0.5, 1.0, 1.05, 1.3), description="Factor on these odds by education (C)."
    )
    participation_level: float = Field(
        1.0, gt=0, le=10, description="Factor on these odds for the whole city, set by calibration (C)."
    )
    participation_turnover: float = Field(
        0.12,
        ge=0,
        le=1,
        description="Yearly rate at which people reconsider whether to take part; the share outside moves "
        "towards its odds at this rate (C).",
    )
    working_at_65: Share = Field(
        0.6, description="Share of the employed who work on from 65 until they turn 67 (C)."
    )
    # jobs
    job_loss: float = Field(
        0.045,
        ge=0,
        le=1,
        description="Yearly probability of losing one's job, upper secondary education (C).",
    )
    job_loss_education: Factors = Field(
        (1.5, 1.0, 0.7, 0.5),
        description="Factor on it by education (C, such that unemployment by education stays as it is).",
    )
    job_loss_origin: ByOrigin = Field(
        by_origin(0.62, 0.66, 0.75, 1.12),
        description="Factor on it by origin (C, such that unemployment by origin stays as it is for ten "
        "years in nine municipalities).",
    )
    job_loss_ability: float = Field(
        0.5,
        ge=0,
        le=3,
        description="Fall of the log risk of losing one's job per SD of ability (C, see wage_ability).",
    )
    job_loss_young: float = Field(1.6, ge=0, le=10, description="Factor on it under 25 (C).")
    job_mobility: Share = Field(
        0.3,
        description="Share a year of those employed below their education who take a vacant job of its "
        "level, while there are any (C).",
    )
    hear_directly: float = Field(
        0.041,
        ge=0,
        le=1,
        description="Monthly probability that anyone hears of a vacancy: Calvó-Armengol and Jackson's a, .10 "
        "in their example; about the median of those with which 124 municipalities keep their employment, "
        "each of which has its own (C; see MODEL.md).",
    )
    contacts: int = Field(
        4, ge=0, le=100, description="Persons of one's own group and area one shares news of jobs with (C)."
    )
    applications: int = Field(5, ge=1, le=50, description="Most vacancies one applies to in a year (C).")
    skill_reach: float = Field(
        0.45,
        ge=0,
        le=1,
        description="Frequency of vacancies heard of, per step between own and asked skill (C).",
    )
    wage_weight: float = Field(
        3.0, ge=0, le=100, description="Utility of a log point of wage to a seeker, in units of taste (C)."
    )
    commute_cost: float = Field(
        0.05, ge=0, le=10, description="Disutility of a km to work to a seeker, in units of taste (C)."
    )
    underqualified: float = Field(
        1.5, ge=0, le=100, description="Loss of score per step of skill that an applicant lacks (C)."
    )
    ability_weight: float = Field(
        0.8, ge=0, le=100, description="Score per SD of ability at equal education (C, see wage_ability)."
    )
    duration_cost: float = Field(
        0.35, ge=0, le=100, description="Loss of score per year without work, up to `duration_cap` (C)."
    )
    duration_cap: int = Field(
        5, ge=0, le=50, description="Years without work beyond which employers see no difference (C)."
    )
    referral_bonus: float = Field(
        0.5, ge=0, le=100, description="Gain of score when a contact brought the news (C)."
    )
    penalty_women: ByOrigin = Field(
        by_origin(0.0, 0.3, 0.4, 1.35),
        description="Loss of score by origin, women: discrimination, and what education abroad is not "
        "credited with. Applications with foreign names get about half the answers in Swedish field "
        "experiments (.7 in this unit); the sizes are such that employment by origin and sex stays as it "
        "is for ten years in nine municipalities (C).",
    )
    penalty_men: ByOrigin = Field(
        by_origin(0.0, 0.3, 0.05, 0.15), description="Loss of score by origin, men (C, likewise)."
    )
    integration_start: float = Field(
        0.03,
        ge=0,
        le=1,
        description="News of jobs that reach someone just arrived in the country as refugee or family, "
        "relative to others, until the first job (C).",
    )
    integration_years: float = Field(
        7.0,
        gt=0,
        le=50,
        description="Years in which the lack shrinks to a third; median time from arrival to employment is 4 "
        "to 5 years (B, Entreprenörskapsforum 2020), which this is set for (C).",
    )
    employment_prior: float = Field(
        5.0,
        gt=0,
        le=1000,
        description="Persons employed as all the city are, by which the rate of every area and group leans "
        "on the city's: without them a group of two would be all or nothing (C).",
    )
    # wages
    wage_base: float = Field(
        345.0,
        ge=10,
        le=10_000,
        description="Wage without experience, men with upper secondary education, tkr a year (C).",
    )
    wage_return: tuple[LogWage, LogWage, LogWage, LogWage] = Field(
        (-0.10, 0.0, 0.12, 0.32), description="Log wage by education (C, compressed as Swedish wages are)."
    )
    wage_experience: float = Field(0.024, ge=0, le=1, description="Log wage per year of experience (C).")
    wage_experience_squared: float = Field(-0.0004, le=0, description="And per year squared (C).")
    wage_women: float = Field(
        -0.10, ge=-1, le=1, description="Log wage of women at equal merits (B, about 10 %)."
    )
    wage_ability: float = Field(
        0.20,
        ge=0,
        le=1,
        description="Log wage per SD of ability at equal education and experience, lasting (C, set with "
        "job_loss_ability so that areas keep their differences in income; see MODEL.md).",
    )
    wage_spread: float = Field(
        0.22,
        ge=0,
        le=2,
        description="SD of log wages at equal education, experience and ability, hours included (C).",
    )
    wage_household: float = Field(
        0.6,
        ge=0,
        lt=1,
        description="Correlation, among the earners of a household, of what ability does not explain of "
        "their ranks in pay (C: as in first cities, whose areas' incomes ask for it; without it the incomes "
        "of households even out and both tails melt).",
    )
    wage_persistence: Share = Field(
        0.995,
        description="Share of one's distance from the typical wage that is left a year later (C).",
    )
    wage_memory: Share = Field(
        0.45,
        description="Share of the former distance from the typical wage that someone hired has again (C, "
        "calibrated on a level share of low economic standard).",
    )
    # place effects
    local_jobs: float = Field(
        0.029,
        ge=0,
        le=1,
        description="Rise of the employment rate when jobs near home become twice as many as at the start: "
        "2.9 percentage points (B, refugee placement). 0 switches it off.",
    )
    local_jobs_km: float = Field(
        5.0, ge=0.1, le=1000, description="Distance over which jobs near home fade (C)."
    )
    enclave_earnings: float = Field(
        0.13,
        ge=-1,
        le=1,
        description="Rise of log wage per SD of the own group's share in the area, for people born abroad "
        "with lower secondary education (B, strong: Edin, Fredriksson and Åslund 2003). 0 switches it off.",
    )
    area_employment: float = Field(
        0.2,
        ge=-10,
        le=10,
        description="Rise of the log rate of hearing of vacancies per unit of the area's employment rate "
        "above the city's, beside what passes through contacts (C, small). 0 switches it off.",
    )
