"""Carrying out a plan: hand runs to an executor, store what comes back, do again what was lost."""

import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import dataclass, field
from itertools import islice
from statistics import fmean

from segsim.errors import ResultsError, SegsimError
from segsim.runs.execution.compiled import is_warm, note_warm
from segsim.runs.execution.crew import Crew
from segsim.runs.execution.execution import Progress, Watcher, ignore_progress
from segsim.runs.execution.job import Job, Outcome
from segsim.runs.model import city_rows
from segsim.runs.plan import Plan
from segsim.runs.provenance import code_hash
from segsim.runs.store.store import Store

MOST_LOSSES = 10
"""A run whose worker died this often is given up: it probably needs more memory than there is."""

MOST_FAILURES = 10
"""After this many failed runs no more are begun: the experiment itself is probably wrong."""

MOST_TOGETHER = 32
"""Most runs of one call, so that what comes back at once stays small."""


@dataclass
class Work:
    """One plan being carried out.

    Parameters
    ----------
    plan : Plan
        What to run.
    store : Store
        Where the files go; only this process writes them, workers send bytes.
    crew : Crew
        Who runs.
    stored : set of str
        Keys that need no run.
    watcher : callable
        Told after every run.
    inspect : callable
        Looks at the bytes of the first run that is made, and raises an error if the rest would be in vain.
    """

    plan: Plan
    store: Store
    crew: Crew
    stored: set[str]
    watcher: Watcher = ignore_progress
    inspect: Callable[[bytes], None] | None = None
    running: dict[Future[list[Outcome]], list[Job]] = field(default_factory=dict)
    again: deque[Job] = field(default_factory=deque)
    pace: deque[float] = field(default_factory=lambda: deque(maxlen=8))
    losses: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[Job, Outcome]] = field(default_factory=list)

    def carry_out(self) -> None:
        """Run everything that is not stored.

        Raises
        ------
        ResultsError
            If runs failed, or a file could not be written. What was stored stays.
        """
        self.start = time.perf_counter()
        self.total = len(self.plan)
        known = self.plan.run_keys() if self.stored else ()
        self.reused = self.done = sum(key in self.stored for key in known)
        self.left = self.total - self.reused
        self.report_progress("")
        waiting = (job for job in self.plan.jobs() if job.key not in self.stored)
        if self.crew.shared_cache and self.plan.model is city_rows and not is_warm():
            self.hand_out(waiting, 1)
            self.collect()
        while self.hand_out(waiting, self.crew.window):
            self.collect()
        self.report_failures()

    def hand_out(self, waiting: Iterator[Job], window: int) -> bool:
        """Fill the window; tell whether anything is running."""
        while len(self.running) < window and len(self.failures) < MOST_FAILURES:
            jobs = self.take_next_jobs(waiting)
            if not jobs:
                break
            self.running[self.crew.executor.submit(self.crew.carry_out, jobs)] = jobs
        return bool(self.running)

    def take_next_jobs(self, waiting: Iterator[Job]) -> list[Job]:
        """Take the runs of the next call, several if they are short and enough are left for every worker."""
        if self.again:
            return [self.again.popleft()]
        short = int(self.crew.worthwhile / fmean(self.pace)) if self.pace else 1
        jobs = list(islice(waiting, max(1, min(short, MOST_TOGETHER, self.left // self.crew.window))))
        self.left -= len(jobs)
        return jobs

    def collect(self) -> None:
        """Wait until at least one call is finished, and store its runs."""
        finished, _ = wait(self.running, return_when=FIRST_COMPLETED)
        for future in finished:
            jobs = self.running.pop(future)
            try:
                outcomes = future.result()
            except self.crew.lost as error:
                self.requeue(jobs, error)
            except CancelledError as error:
                raise ResultsError(
                    "the cluster's scheduler is gone; run the same command again (a sweep with --resume)",
                    "klustrets schemaläggare är borta; kör samma kommando igen (sweep med --resume)",
                ) from error
            else:
                for job, outcome in zip(jobs, outcomes, strict=True):
                    self.keep(job, outcome)

    def requeue(self, jobs: list[Job], error: BaseException) -> None:
        """Put runs whose worker died back in line, each in a call of its own, or give up.

        Only a run that was alone can be blamed for the death.
        """
        if len(jobs) == 1:
            (job,) = jobs
            self.losses[job.key] += 1
            if self.losses[job.key] >= MOST_LOSSES:
                raise ResultsError(
                    f"{job.name}, seed {job.seed}: {MOST_LOSSES} workers died while making this run "
                    f"({error}); probably memory is short: use fewer --jobs",
                    f"{job.name}, frö {job.seed}: {MOST_LOSSES} arbetare dog under denna körning ({error}); "
                    "minnet är troligen för litet: använd färre --jobs",
                ) from error
        self.again.extend(jobs)

    def keep(self, job: Job, outcome: Outcome) -> None:
        """Store a finished run."""
        self.pace.append(outcome.seconds)
        if outcome.code != code_hash():
            raise SegsimError(
                f"a worker runs another version of segsim ({outcome.code}, here {code_hash()}); "
                "install the same one everywhere",
                f"en arbetare kör en annan version av segsim ({outcome.code}, här {code_hash()}); "
                "installera samma överallt",
            )
        if outcome.failure:
            self.failures.append((job, outcome))
            return
        self.store.put(outcome.key, outcome.data)
        self.done += 1
        if self.done == self.reused + 1:
            self.inspect_first_run(outcome.data)
        self.report_progress(f"{job.name}, seed {job.seed}")

    def inspect_first_run(self, data: bytes) -> None:
        """Learn what the first run tells of all."""
        if self.plan.model is city_rows and not self.crew.elsewhere:
            note_warm()
        if self.inspect is not None:
            self.inspect(data)

    def report_progress(self, latest: str) -> None:
        """Tell the watcher how far the work is."""
        self.watcher(Progress(self.done, self.total, self.reused, time.perf_counter() - self.start, latest))

    def report_failures(self) -> None:
        """Raise one error for all runs that failed."""
        if not self.failures:
            return
        job, outcome = self.failures[0]
        more = f" (and {len(self.failures) - 1} more runs)" if len(self.failures) > 1 else ""
        error = ResultsError(
            f"{job.name}, seed {job.seed}{more}: the run failed: {outcome.failure}",
            f"{job.name}, frö {job.seed}{more}: körningen misslyckades: {outcome.failure}",
        )
        error.add_note(outcome.details)
        raise error
