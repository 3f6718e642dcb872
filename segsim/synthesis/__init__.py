"""The first city: published figures or a table of areas, turned into tables of persons, homes and schools."""

from segsim.synthesis.initial_city import FirstCity, first_city
from segsim.synthesis.sources import source_of

__all__ = ["FirstCity", "first_city", "source_of"]
