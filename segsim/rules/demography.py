"""What may be decided about demography, and what people prefer there."""

from segsim.rules.base import Section


class DemographyRules(Section):
    """What a council, a parliament or a provider may decide about demography."""


class DemographyPreferences(Section):
    """What they may not decide about demography: how people and nature behave."""
