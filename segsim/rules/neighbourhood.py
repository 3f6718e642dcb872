"""What may be decided about neighbourhood, and what people prefer there."""

from segsim.rules.base import Section


class NeighbourhoodRules(Section):
    """What a council, a parliament or a provider may decide about neighbourhood."""


class NeighbourhoodPreferences(Section):
    """What they may not decide about neighbourhood: how people and nature behave."""
