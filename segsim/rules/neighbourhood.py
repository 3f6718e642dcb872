"""What may be decided about safety and services in an area, and how they answer to who lives there."""

from pydantic import Field

from segsim.section import Section, Share


class AreaSupport(Section):
    """Yearly effort of one policy in chosen areas."""

    areas: tuple[int, ...]
    safety: float = Field(
        0.0,
        description="Felt safety that the effort adds in the long run, SD; 0 unless the user supplies it.",
    )
    service: float = Field(
        0.0, description="Service level while it lasts, SD; 0 unless the user supplies it."
    )


class NeighbourhoodRules(Section):
    """What a council, the police or an agency may decide about an area."""

    supports: tuple[AreaSupport, ...] = ()


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
