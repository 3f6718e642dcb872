"""Worker processes that may die at any moment: each lost run is known, and the process is replaced.

`concurrent.futures.ProcessPoolExecutor` breaks as a whole when one worker is killed, leaves its workers
behind when the main process is, and imports the caller's main module again. These workers do none of that:
each is a fresh interpreter at the end of two pipes.
"""

import io
import json
import os
import pickle
import queue
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import suppress
from typing import Any, NamedTuple

from segsim.errors import ResultsError
from segsim.kernels.cache import share_cache

_HEADER = struct.Struct("<Q")
_START = (
    "import sys, json; sys.path[:] = json.loads(sys.argv[1]); "
    "from segsim.runs.execution.workers import serve; serve()"
)
_ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMBA_NUM_THREADS": "1",
}


class WorkerLostError(Exception):
    """A worker process ended in the middle of a run."""


class _Task(NamedTuple):
    future: Future[Any]
    call: tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]


class Processes(Executor):
    """An executor over worker processes of this machine.

    Parameters
    ----------
    size : int
        Number of worker processes.
    """

    def __init__(self, size: int) -> None:
        self._tasks: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._stopped = False
        share_cache()
        self._workers = [_Worker(self._tasks) for _ in range(size)]

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Schedule a call; its future raises `WorkerLostError` if the process dies under it."""
        if self._stopped:
            raise RuntimeError("cannot schedule new futures after shutdown")
        future: Future[Any] = Future()
        self._tasks.put(_Task(future, (fn, args, kwargs)))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the workers after what they do now and, without `cancel_futures`, after what is scheduled."""
        self._stopped = True
        if cancel_futures:
            self._cancel_waiting()
        for _ in self._workers:
            self._tasks.put(None)
        if wait:
            for worker in self._workers:
                worker.thread.join()

    def kill(self) -> None:
        """End the workers in the middle of whatever they do; their runs are lost."""
        for worker in self._workers:
            worker.kill()

    def pids(self) -> list[int]:
        """Return the process ids of the workers that have started."""
        processes = [worker.process for worker in self._workers]
        return [process.popen.pid for process in processes if process is not None]

    def _cancel_waiting(self) -> None:
        """Cancel every call no worker has taken."""
        while True:
            try:
                task = self._tasks.get_nowait()
            except queue.Empty:
                return
            if task is not None:
                task.future.cancel()


class _Worker:
    """The thread that feeds one process, and replaces it when it dies."""

    def __init__(self, tasks: "queue.SimpleQueue[_Task | None]") -> None:
        self.tasks = tasks
        self.process: _Interpreter | None = None
        self.killed = False
        self.thread = threading.Thread(target=self.hand_over_calls, name="segsim worker", daemon=True)
        self.thread.start()

    def hand_over_calls(self) -> None:
        """Hand calls to the process, one at a time, until told to end."""
        while (task := self.tasks.get()) is not None:
            if not task.future.set_running_or_notify_cancel():
                continue
            try:
                good, result = self.ask(pickle.dumps(task.call))
            except Exception as error:  # whatever stops a call must reach its future
                good, result = False, error
            if good:
                task.future.set_result(result)
            else:
                task.future.set_exception(result)
        if self.process is not None:
            self.process.end()

    def ask(self, call: bytes) -> tuple[bool, Any]:
        """Have the process carry out one call; return whether it went well, and the result or the error."""
        try:
            if self.process is None:
                self.process = _Interpreter()
            if self.killed:
                self.process.popen.kill()
            self.process.wait_until_ready()
            answer: tuple[bool, Any] = pickle.loads(self.process.ask(call))
        except (OSError, EOFError) as error:
            raise self.end_lost_process() from error
        return answer

    def end_lost_process(self) -> Exception:
        """End the process and forget it; return how it ended."""
        process, self.process = self.process, None
        if process is None:
            return ResultsError(
                f"{sys.executable}: no worker process can be started from it",
                f"{sys.executable}: ingen arbetsprocess kan startas från den",
            )
        process.popen.kill()
        code = process.end()
        if code > 0 and not process.is_ready:
            return ResultsError(
                f"a worker process could not start (exit code {code}); see its message above",
                f"en arbetsprocess kunde inte starta (kod {code}); se dess meddelande ovan",
            )
        return WorkerLostError(f"worker process {process.popen.pid} ended with code {code}")

    def kill(self) -> None:
        """End the process at once."""
        self.killed = True
        process = self.process
        if process is not None:
            process.popen.kill()


class _Interpreter:
    """A fresh Python at the end of two pipes."""

    def __init__(self) -> None:
        command = [sys.executable, "-c", _START, json.dumps(sys.path)]
        environment = {**os.environ, **_ONE_THREAD}
        self.popen = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
        self.is_ready = False

    def wait_until_ready(self) -> None:
        """Wait until it has imported what it needs."""
        if not self.is_ready:
            receive(self.popen.stdout)
            self.is_ready = True

    def ask(self, call: bytes) -> bytes:
        """Send a call and wait for the answer."""
        send(self.popen.stdin, call)
        return receive(self.popen.stdout)

    def end(self) -> int:
        """Close the pipes, upon which it leaves; return its exit code."""
        for pipe in (self.popen.stdin, self.popen.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()
        return self.popen.wait()


def send(pipe: Any, data: bytes) -> None:
    """Write one message: its length, then its bytes."""
    pipe.write(_HEADER.pack(len(data)))
    pipe.write(data)
    pipe.flush()


def receive(pipe: Any) -> bytes:
    """Read one message; raise EOFError if the other end is gone."""
    header = pipe.read(_HEADER.size)
    if len(header) < _HEADER.size:
        raise EOFError
    (size,) = _HEADER.unpack(header)
    data: bytes = pipe.read(size)
    if len(data) < size:
        raise EOFError
    return data


def serve() -> None:
    """Work as a worker process: read calls, write results, leave when the input ends."""
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl-C is for the main process, which then ends the workers
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints must not end up among the results
    calls: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(os.fdopen(os.dup(0), "rb"), calls), daemon=True).start()
    send(answers, b"ready")
    while True:
        send(answers, _answer(calls.get()))


def _listen(pipe: io.BufferedReader, calls: "queue.SimpleQueue[bytes]") -> None:
    """Take in calls; when the main process is gone, however it went, leave in the middle of whatever runs."""
    try:
        while True:
            calls.put(receive(pipe))
    except (EOFError, OSError):
        os._exit(0)


def _answer(call: bytes) -> bytes:
    """Carry out a call and return its result, or its error, in a form that can be sent."""
    try:
        function, args, kwargs = pickle.loads(call)
        return pickle.dumps((True, function(*args, **kwargs)))
    except BaseException as error:  # the main process decides what an error means
        try:
            return pickle.dumps((False, error))
        except Exception:  # an error that cannot be sent as it is
            return pickle.dumps((False, RuntimeError(f"{type(error).__name__}: {error}")))
