"""The initial city: published figures or a table of areas, made into tables of persons, homes and schools."""

from segsim.synthesis.initial_city import InitialCity, build_initial_city, collect_notes
from segsim.synthesis.sources import load_source

__all__ = ["InitialCity", "build_initial_city", "collect_notes", "load_source"]
