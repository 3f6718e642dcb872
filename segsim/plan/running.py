"""The one run there may be at a time: begun, watched, and called off."""

import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from segsim.errors import SegsimError
from segsim.words.text import Language

State = Literal["idle", "running", "writing", "done", "failed", "cancelled"]
END_WITHIN = 10.0
"""Time a run has to end once called off, s."""


@dataclass(frozen=True)
class PlanJob:
    """What is to be run: a scenario file beside its city, or a city as it is; and where results go."""

    kind: Literal["compare", "diagnose"]
    source: str
    seeds: int
    folder: Path
    language: Language


class Runner:
    """Carries out one job at a time in another process, and knows how far it has come."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self.job: PlanJob | None = None
        self.state: State = "idle"
        self.done, self.total = 0, 0
        self.left: float | None = None
        self.problem, self.report = "", ""

    @property
    def is_busy(self) -> bool:
        """Whether something is being run."""
        return self.state in ("running", "writing")

    def start(self, job: PlanJob) -> None:
        """Begin a job; refuse (SegsimError) a second one."""
        with self._lock:
            if self.is_busy:
                raise SegsimError(
                    "a run is under way; wait for it, or cancel it",
                    "en körning pågår; vänta på den eller avbryt den",
                )
            self.job, self.state = job, "running"
            self.done, self.total, self.left = 0, 0, None
            self.problem = self.report = ""
            self._process = subprocess.Popen(
                [sys.executable, "-m", "segsim.plan.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
            )
            threading.Thread(target=self._follow, args=(self._process, job), daemon=True).start()

    def cancel(self) -> None:
        """Call off what is being run; runs that are stored stay, and are not made again."""
        with self._lock:
            process = self._process
            if not self.is_busy or process is None:
                return
            self.state = "cancelled"
        process.terminate()
        try:
            process.wait(END_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()

    def describe(self) -> dict[str, Any]:
        """Return how far it has come, as the page shows it."""
        return {
            "state": self.state,
            "kind": self.job.kind if self.job else "",
            "done": self.done,
            "total": self.total,
            "left": self.left,
            "problem": self.problem,
            "report": self.report,
            "folder": str(self.job.folder) if self.job else "",
        }

    def _follow(self, process: "subprocess.Popen[str]", job: PlanJob) -> None:
        """Hand over the job, and take in what is told of it until the process ends."""
        assert process.stdin is not None
        assert process.stdout is not None
        words = {"kind": job.kind, "source": job.source, "seeds": job.seeds}
        with process:
            process.stdin.write(
                json.dumps({**words, "folder": str(job.folder), "language": job.language}) + "\n"
            )
            process.stdin.flush()
            for line in process.stdout:
                self._take(line, process)
        with self._lock:
            if self.is_busy and self._process is process:
                self.state = "failed"

    def _take(self, line: str, process: "subprocess.Popen[str]") -> None:
        """Take in one line; what is none of ours, or of a run called off, says nothing."""
        try:
            told = json.loads(line)
        except ValueError:
            return
        with self._lock:
            if not self.is_busy or self._process is not process or not isinstance(told, dict):
                return
            self.done, self.total = told.get("done", self.done), told.get("total", self.total)
            self.left = told.get("left")
            if told.get("writing"):
                self.state = "writing"
            if "problem" in told:
                self.problem, self.state = told["problem"], "failed"
            if "report" in told:
                self.report, self.state = told["report"], "done"
