"""What may be decided about work, and what people prefer there."""

from segsim.section import Section


class WorkRules(Section):
    """What a council, a parliament or a provider may decide about work."""


class WorkPreferences(Section):
    """What they may not decide about work: how people and nature behave."""
