"""What may be decided about work, and what people prefer there."""

from segsim.rules.incomes import IncomeRules
from segsim.section import Section


class WorkRules(Section):
    """What a council, a parliament or a provider may decide about work."""

    incomes: IncomeRules = IncomeRules()


class WorkPreferences(Section):
    """What they may not decide about work: how people and nature behave."""
