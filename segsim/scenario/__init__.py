"""Scenario files: read, laid over the city they extend, and checked into a frozen Scenario."""

from segsim.scenario.area_names import check_names, names_places
from segsim.scenario.loading import load_scenario, scenario_files
from segsim.scenario.measures import FollowedPlace, MeasureChoice, policy_places
from segsim.scenario.places import CityPlaces, list_places
from segsim.scenario.reading import read_document, read_value
from segsim.scenario.schema import STEPS, Scenario
from segsim.scenario.source import CitySource

__all__ = [
    "STEPS",
    "CityPlaces",
    "CitySource",
    "FollowedPlace",
    "MeasureChoice",
    "Scenario",
    "check_names",
    "list_places",
    "load_scenario",
    "names_places",
    "policy_places",
    "read_document",
    "read_value",
    "scenario_files",
]
