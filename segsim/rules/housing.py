"""What may be decided about housing, and what people prefer there."""

from segsim.rules.base import Section


class HousingRules(Section):
    """What a council, a parliament or a provider may decide about housing."""


class HousingPreferences(Section):
    """What they may not decide about housing: how people and nature behave."""
