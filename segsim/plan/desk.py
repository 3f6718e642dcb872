"""The city of a plan, made in another process so that the page never waits for it."""

import threading
from concurrent.futures import Future
from typing import NamedTuple

from segsim.errors import SegsimError
from segsim.policies import CityProfile
from segsim.runs.execution.workers import Processes
from segsim.scenario import CityPlaces, Scenario, list_places
from segsim.synthesis.notes import Note


class DescribedCity(NamedTuple):
    """A city at its start as policies see it, what its places are called, and what was mended in its data."""

    profile: CityProfile
    places: CityPlaces
    notes: tuple[Note, ...]


def describe_city(scenario: Scenario) -> DescribedCity:
    """Return the first city of a scenario."""
    from segsim.simulation import Simulation
    from segsim.synthesis import build_initial_city, collect_notes

    first = build_initial_city(scenario, seed=1)
    names = first.area_names, first.district_names, first.school_names
    places = list_places(first.tables, *names, first.municipality_codes)
    return DescribedCity(Simulation(scenario, seed=1).describe(), places, collect_notes(scenario))


class CityDesk:
    """Describes the city that is looked at; another city lets go of the one before."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._key = ""
        self._worker: Processes | None = None
        self._future: Future[DescribedCity] | None = None

    def ask(self, scenario: Scenario) -> DescribedCity | None:
        """Return a city if it has been described; else begin, and return None.

        Raises
        ------
        SegsimError
            If the city cannot be made.
        """
        city = scenario.baseline()
        with self._lock:
            if city.content_hash != self._key or self._future is None:
                self._close()
                self._worker, self._key = Processes(1), city.content_hash
                self._future = self._worker.submit(describe_city, city)
            future = self._future
        if not future.done():
            return None
        error = future.exception()
        if error is not None:
            if isinstance(error, SegsimError):
                raise error
            raise SegsimError(
                f"the city cannot be made ({type(error).__name__}: {error})",
                f"staden går inte att skapa ({type(error).__name__}: {error})",
            ) from error
        return future.result()

    def close(self) -> None:
        """End the other process."""
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._worker is not None:
            self._worker.kill()
            self._worker.shutdown(wait=False, cancel_futures=True)
        self._worker = self._future = None
        self._key = ""
