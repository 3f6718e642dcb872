"""Rules: all that a council or a parliament may decide. Preferences: all that they may not."""

from segsim.rules.demography import DemographyPreferences, DemographyRules
from segsim.rules.housing import HousingPreferences, HousingRules
from segsim.rules.neighbourhood import NeighbourhoodPreferences, NeighbourhoodRules
from segsim.rules.schools import SchoolsPreferences, SchoolsRules
from segsim.rules.work import WorkPreferences, WorkRules
from segsim.section import Section


class Rules(Section):
    """The law of one year, after every policy in force has amended it."""

    demography: DemographyRules = DemographyRules()
    work: WorkRules = WorkRules()
    schools: SchoolsRules = SchoolsRules()
    housing: HousingRules = HousingRules()
    neighbourhood: NeighbourhoodRules = NeighbourhoodRules()


class Preferences(Section):
    """How people choose and how nature runs; no policy amends these."""

    demography: DemographyPreferences = DemographyPreferences()
    work: WorkPreferences = WorkPreferences()
    schools: SchoolsPreferences = SchoolsPreferences()
    housing: HousingPreferences = HousingPreferences()
    neighbourhood: NeighbourhoodPreferences = NeighbourhoodPreferences()


__all__ = ["Preferences", "Rules", "Section"]
