"""What may be decided about safety and services in an area, and how they answer to who lives there."""

from pydantic import Field

from segsim.section import AreaRows, Section, Share


class AreaSupport(Section):
    """Yearly effort of one policy in chosen areas."""

    areas: AreaRows
    safety: float = Field(
        0.0,
        description="Felt safety that the effort adds in the long run, SD; 0 unless the user supplies it.",
    )
    service: float = Field(
        0.0, description="Service level while it lasts, SD; 0 unless the user supplies it."
    )
    achievement: float = Field(
        0.0,
        ge=-1,
        le=1,
        description="What it adds to the results of grade 9 of those who live there, SD between pupils; 0 "
        "unless the user supplies it.",
    )
    employment: float = Field(
        0.0,
        ge=-0.5,
        le=0.5,
        description="What it adds to the share in work of the labour force there, in a steady state, through "
        "news of jobs; 0 unless the user supplies it.",
    )
    office_km: float = Field(
        0.0, ge=0, le=100, description="How far each area's service office reaches, km; 0 means no office."
    )
    listed_price: float = Field(
        0.0,
        ge=-0.5,
        le=0,
        description="Share that owned and cooperative homes come to lose in price while the police list the "
        "areas; of several the largest loss holds. 0 where nothing is listed.",
    )
    crime_price: float = Field(
        0.0,
        ge=-0.5,
        le=0.5,
        description="Share by which owned and cooperative homes come to gain in price as crime falls; "
        "several add up.",
    )


class ReentrySupport(Section):
    """Support to people who come back to chosen areas from prison."""

    areas: AreaRows
    clients_per_year: float = Field(ge=0, description="Clients a year in the areas together.")
    base_recidivism: Share = Field(description="Share who relapse into crime without support.")
    relative_risk: float = Field(1.0, ge=0, description="Relapses with support over those without.")
    safety_per_relapse: float = Field(
        0.0,
        ge=0,
        description="Felt safety in the long run, SD, for each relapse fewer a year per 1 000 residents; 0 "
        "unless the user supplies it.",
    )


class NeighbourhoodRules(Section):
    """What a council, the police or an agency may decide about an area."""

    supports: tuple[AreaSupport, ...] = ()
    reentry_groups: tuple[ReentrySupport, ...] = ()
    crime_price_pace: float = Field(
        0.01,
        gt=0,
        le=0.5,
        description="Largest part of what a listing or less crime does to prices that shows in a year, and "
        "goes back in a year when it ends, log points (C; that of listing was found within six years, B).",
    )


class NeighbourhoodPreferences(Section):
    """How safety answers to employment and idle youth."""

    persistence: Share = Field(0.8, description="Share of last year's safety that lasts (C).")
    employment_effect: float = Field(
        1.0,
        ge=-10,
        le=10,
        description="SD of safety, in the long run, per unit of the area's share employed at 20-64 (C).",
    )
    idle_youth_effect: float = Field(
        -1.0,
        ge=-10,
        le=10,
        description="SD of safety, in the long run, per unit of the area's share of "
        "16-24-year-olds neither working nor studying (C).",
    )
