"""Makes the kernels ready for the page in another process, so that compiling never holds up the server."""

import subprocess
import sys
import threading

from segsim.teach.scenes.lessons import PRESETS
from segsim.teach.scenes.settings import Scene

STEPS = 2


class Warmth:
    """Knows which scenes can be played at once; until `start` is called all can."""

    def __init__(self) -> None:
        self._waiting: set[str] = set()
        self._other: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Make every scene ready, one after another, out of the way."""
        self._waiting = {settings.scene for settings in PRESETS.values()}
        threading.Thread(target=self._follow, daemon=True, name="warming").start()

    def stop(self) -> None:
        """End the other process, if it is still at it."""
        if self._other is not None:
            self._other.terminate()

    def is_ready(self, scene: Scene) -> bool:
        """Tell whether a scene can be played."""
        return scene not in self._waiting

    def _follow(self) -> None:
        """Run the other process; when it is over, however that came, nobody waits any more."""
        command = [sys.executable, "-m", "segsim.teach.warm_up"]
        try:
            with subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
            ) as self._other:
                for line in self._other.stdout or ():
                    self._waiting.discard(line.strip())
        except OSError:
            pass
        self._waiting = set()


def warm() -> None:
    """Play every lesson a little, and write the name of each scene when it is ready."""
    from segsim.teach.scenes.scenes import make_world

    left = [settings.scene for settings in PRESETS.values()]
    for settings in PRESETS.values():
        left.remove(settings.scene)
        if settings.scene != "admission":
            world = make_world(settings)
            for _ in range(STEPS):
                world.step()
            world.read()
        if settings.scene not in left:
            sys.stdout.write(f"{settings.scene}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    warm()
