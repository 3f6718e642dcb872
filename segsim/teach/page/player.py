"""One client's lesson: its world, whether it plays, and the messages that draw it."""

import asyncio
import json
import math
import struct
import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from segsim.errors import SegsimError
from segsim.teach.scenes.scenes import make_world
from segsim.teach.scenes.settings import SPEEDS, Settings
from segsim.teach.scenes.world import Reading, World
from segsim.teach.warm_up import Warmth

READING_SHARE = 0.25
"""Share of the time that reading the curves may take while the board plays fast."""

LONGEST_UNREAD = 0.4
"""Time after which the curves are read in any case, s."""

WARMING_LOOK = 0.1
"""Time between looks whether the kernels are ready, s."""

IN_FLIGHT = 2
"""Pictures sent and not yet drawn, at most."""


class Player:
    """Plays the lesson of one client.

    The page changes `settings`, `play`, `step_once` and `remake` at any time; the world is touched by
    `advance` alone, one call at a time, so no lock is held while the page waits.

    Parameters
    ----------
    settings : Settings
        What the lesson begins with.
    warmth : Warmth, optional
        Tells when the lesson can be played without compiling anything.
    """

    def __init__(self, settings: Settings, warmth: Warmth | None = None) -> None:
        self.settings, self.warmth = settings, warmth or Warmth()
        self.is_playing, self.is_closed = False, False
        self.on_rest: Callable[[], None] = lambda: None  # called when a board that played has come to rest
        self._came_to_rest = False
        self.world: World | None = None
        self._asked, self._steps, self._remake = settings, 0, True
        self._credit, self._due = IN_FLIGHT, 0.0
        self._wake = asyncio.Event()
        self._busy = threading.Lock()
        self._reading: Reading = {}
        self._read_at, self._reading_took = 0.0, 0.0
        self._is_dirty = True

    def change(self, settings: Settings) -> None:
        """Take other settings; the board goes on if it can, also one that came to rest while it played."""
        self.settings = settings
        if self._came_to_rest:
            self.is_playing, self._due, self._came_to_rest = True, 0.0, False
        self._is_dirty = True
        self._wake.set()

    def play(self, on: bool) -> None:
        """Begin or cease to play; a board at rest does not begin."""
        self.is_playing, self._due = on and not self._is_at_rest, 0.0
        self._came_to_rest = False
        self._is_dirty = True
        self._wake.set()

    def step_once(self) -> None:
        """Pause and take one step."""
        self.is_playing, self._came_to_rest = False, False
        self._steps = min(self._steps + 1, 20)
        self._wake.set()

    def remake(self) -> None:
        """Start again."""
        self._remake, self._came_to_rest = True, False
        self._wake.set()

    def note_drawn(self) -> None:
        """Note that the client has drawn a picture."""
        self._credit = min(self._credit + 1, IN_FLIGHT)
        self._wake.set()

    def begin(self) -> None:
        """Note that a client is there to draw, and needs the whole picture."""
        self._credit, self._is_dirty = IN_FLIGHT, True
        self._wake.set()

    def close(self) -> None:
        """Let go of the world; the client has left."""
        self.is_closed, self.is_playing, self.world = True, False, None
        self._wake.set()

    async def next_message(self) -> bytes | None:
        """Wait until there is something to draw and return it; None when the client has left."""
        while not self.is_closed:
            self._wake.clear()
            wait = self._wait()
            if not self.warmth.is_ready(self.settings.scene):
                await asyncio.sleep(WARMING_LOOK)
                continue
            if wait is not None and wait <= 0:
                message = await asyncio.to_thread(self.advance)
                if self.is_closed:
                    break
                self._rest()
                self._credit -= 1
                return message
            try:
                await asyncio.wait_for(self._wake.wait(), wait)
            except TimeoutError:
                continue
        self.world = None
        return None

    @property
    def _is_at_rest(self) -> bool:
        """Whether nobody on the board will move again."""
        return self.world is not None and self.world.settled and not self._remake

    def _rest(self) -> None:
        """Cease to play where nobody will move again, and say so."""
        if self.is_playing and self._is_at_rest and not self._is_dirty:
            self.is_playing, self._came_to_rest = False, True
            self.on_rest()

    def _wait(self) -> float | None:
        """Return for how long nothing is to be done, s; None is until something happens."""
        if self._credit <= 0 or self.settings.scene == "admission":
            return None
        if self._remake or self._steps or self._is_dirty:
            return 0.0
        if self.is_playing and not (self.world is not None and self.world.settled):
            return self._due - time.monotonic()
        return None

    def advance(self) -> bytes:
        """Do what is due (make, change, step) and return the message that draws it."""
        with self._busy:
            problem = ""
            is_new = self._remake or self.world is None
            try:
                is_new = self._prepare()
                self._take_step(is_new)
            except SegsimError as error:
                problem = str(error).splitlines()[0]
            return self._message(is_new, problem)

    def _prepare(self) -> bool:
        """Make the world or let it follow the settings; return whether it is a new one."""
        settings, remake = self.settings, self._remake
        self._remake = self._is_dirty = False
        world = self.world
        if world is None or remake:
            self._renew(settings)
            return True
        if settings != self._asked:
            self._asked = settings
            if not world.change(settings):
                self._renew(settings)
                return True
            self._read_at = 0.0
        return False

    def _renew(self, settings: Settings) -> None:
        """Make a new world."""
        self._asked = settings
        self.world = make_world(settings)
        self._read_at, self._due, self._steps = 0.0, 0.0, 0

    def _take_step(self, is_new: bool) -> None:
        """Take a step if one is asked for or due."""
        now, world = time.monotonic(), self.world
        if world is None or is_new:
            return
        if self._steps or (self.is_playing and now >= self._due and not world.settled):
            pace = SPEEDS[self.settings.speed]
            self._due = max(self._due, now - 0.1) + (1 / pace if pace else 0.0) if self._due else now
            self._steps = max(self._steps - 1, 0)
            world.step()

    def _message(self, is_new: bool, problem: str) -> bytes:
        """Return length and JSON of the header, then the picture."""
        world = self.world
        header: dict[str, Any] = {"new": is_new, "problem": problem, "rows": 0, "columns": 0}
        header["preset"] = self._asked.preset
        picture = np.zeros((0, 0), np.uint8)
        if world is not None:
            is_read = self._read(world)
            picture = world.picture()
            header |= {
                "rows": picture.shape[0],
                "columns": picture.shape[1],
                "step": world.step_number,
                "settled": world.settled,
                "reading": self._reading if is_read else None,
                "marks": world.marks(),
                "lives": world.lives(),
            }
        header["playing"] = self.is_playing and not self._is_at_rest
        text = json.dumps(header, allow_nan=False).encode()
        return struct.pack("<I", len(text)) + text + picture.tobytes()

    def _read(self, world: World) -> bool:
        """Read the curves, unless that would take too much of the time while the board plays."""
        now = time.perf_counter()
        is_racing = self.is_playing and not world.settled and not self._is_dirty
        pause = min(self._reading_took / READING_SHARE, LONGEST_UNREAD)
        if is_racing and now < self._read_at + pause:
            return False
        values = world.read()
        self._reading = {key: round(value, 5) for key, value in values.items() if math.isfinite(value)}
        self._read_at = time.perf_counter()
        self._reading_took = self._read_at - now
        return True
