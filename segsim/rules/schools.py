"""What may be decided about schools, and what people prefer there."""

from segsim.rules.base import Section


class SchoolsRules(Section):
    """What a council, a parliament or a provider may decide about schools."""


class SchoolsPreferences(Section):
    """What they may not decide about schools: how people and nature behave."""
