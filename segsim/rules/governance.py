"""How well a municipality carries out what it decides, and how long it holds on to it."""

from pydantic import Field

from segsim.section import Section, Share


class GovernanceRules(Section):
    """What is used of the money there is, and what outlasts an election."""

    used_share: Share = Field(
        1.0,
        description="Share of budgets of municipal policies and of the programme that is used (C).",
    )
    continuation: Share = Field(
        1.0,
        description="Chance that a municipal policy, or the programme, outlasts an election (C).",
    )
    first_election: int = Field(
        2026, ge=1800, le=3000, description="An election year; there is one every `election_every` years."
    )
    election_every: int = Field(4, ge=1, le=50, description="Years between elections.")

    def is_election(self, year: int) -> bool:
        """Tell whether a year has an election."""
        return (year - self.first_election) % self.election_every == 0
