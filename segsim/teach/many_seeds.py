"""Many seeds of what is on screen: how much chance there is in what the class saw."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

from segsim.teach.scenes.exercises import YEARS
from segsim.teach.scenes.scenes import make_world
from segsim.teach.scenes.settings import Settings
from segsim.teach.scenes.world import Reading

SEEDS = {"board": 30, "schools": 30, "league": 30, "city": 4, "policy": 8}
"""Runs by scene; none where chance plays no part."""

STEPS = {"board": 50, "schools": 50, "league": 50, "city": 5, "policy": YEARS}
"""Steps of each run, fewer if it settles."""

_workers = ThreadPoolExecutor(1, thread_name_prefix="spread")


class Spread:
    """Runs the same settings with many seeds behind the scenes; clients take turns, run by run.

    Parameters
    ----------
    settings : Settings
        What is on screen.
    on_readings : callable
        Called with the readings so far after each run.
    """

    def __init__(self, settings: Settings, on_readings: Callable[[list[Reading]], None]) -> None:
        self.settings, self._on_readings = settings, on_readings
        self.readings: list[Reading] = []
        self.is_over = False

    @property
    def total(self) -> int:
        """Runs in all."""
        return SEEDS.get(self.settings.scene, 0)

    async def run(self) -> None:
        """Run seed after seed until all are done or `stop` is called."""
        for seed in range(1, self.total + 1):
            if self.is_over:
                return
            future: Future[Reading] = _workers.submit(self._one, seed)
            reading = await asyncio.wrap_future(future)
            if self.is_over:
                return
            self.readings.append(reading)
            self._on_readings(self.readings)
        self.is_over = True

    def stop(self) -> None:
        """Run no more; the run under way ends at its next step."""
        self.is_over = True

    def _one(self, seed: int) -> Reading:
        """Return how one run ends."""
        world = make_world(replace(self.settings, seed=seed))
        for _ in range(STEPS[self.settings.scene]):
            if self.is_over or world.settled:
                break
            world.step()
        return world.read()
