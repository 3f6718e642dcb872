"""What is around a command: nowhere to keep compiled code, signals, full disks, odd folders."""

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from segsim import cli
from segsim.cli import running
from segsim.errors import ArgumentError
from tests.fuzzing import find_english


def call(*words: str) -> Result:
    """Call the command line and return exit code and output."""
    return CliRunner().invoke(cli.app, list(words))


# Nowhere to keep compiled code -----------------------------------------------------------------------------


READ_ONLY = """
import errno, os, sys
writable = sys.argv.pop(1)
def may_write(path):
    return str(path).startswith("/dev/") or bool(writable) and str(path).startswith(writable)
def guard(act, writes):
    def guarded(path, *rest, **more):
        if writes(*rest) and not may_write(path):
            raise OSError(errno.EROFS, "Read-only file system", str(path))
        return act(path, *rest, **more)
    return guarded
os.mkdir = guard(os.mkdir, lambda *rest: True)
os.open = guard(os.open, lambda flags, *rest: flags & (os.O_CREAT | os.O_WRONLY | os.O_RDWR))
access = os.access
os.access = lambda path, mode, **more: access(path, mode, **more) and (not mode & os.W_OK or may_write(path))
"""
"""What a disk that is read-only answers, but for one folder; modes of files would not stop root."""


def start_on_read_only_disk(
    code: str, *words: str, writable: Path | str, **more: str
) -> "subprocess.CompletedProcess[str]":
    """Run code in a Python that can write in one folder only."""
    kept = ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME", "MPLCONFIGDIR", "TMPDIR")
    environment = {name: value for name, value in os.environ.items() if name not in kept}
    environment |= {"HOME": "/nowhere", "TMPDIR": str(writable) or "/nowhere", **more}
    command = [sys.executable, "-B", "-c", READ_ONLY + code, str(writable), *words]
    return subprocess.run(command, capture_output=True, text=True, env=environment)


COMPILE = (
    "import os\n"
    "import numpy as np\n"
    "from segsim.kernels.draws import Stream, uniform\n"
    "print(uniform(np.uint64(1), Stream.TASTE, 2, 3, 4))\n"
    "print(sum(len(files) for _, _, files in os.walk(os.environ.get('NUMBA_CACHE_DIR', '/nowhere'))))\n"
)


@pytest.mark.parametrize(
    ("language", "fine", "first", "remedy"),
    [
        ("en", ": fine", "compiled code can be kept neither in", "set NUMBA_CACHE_DIR"),
        ("sv", ": i sin ordning", "kompilerad kod kan sparas varken i", "sätt NUMBA_CACHE_DIR"),
    ],
)
def test_nowhere_to_keep_compiled_code__a_check_works_with_one_note(
    language: str, fine: str, first: str, remedy: str, tmp_path: Path
) -> None:
    code = "from segsim.cli import main; main()"
    ended = start_on_read_only_disk(code, "check", "schelling", "--language", language, writable=tmp_path)
    assert (ended.returncode, fine in ended.stdout) == (0, True), ended.stderr
    [note] = ended.stderr.splitlines()
    assert first in note
    assert remedy in note


def test_nowhere_to_keep_compiled_code__a_folder_of_the_moment_is_used_and_removed(tmp_path: Path) -> None:
    ended = start_on_read_only_disk(COMPILE, writable=tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert int(ended.stdout.split()[-1]) > 0
    assert not list(tmp_path.iterdir())


def test_nowhere_at_all__kernels_compile_without_being_kept() -> None:
    ended = start_on_read_only_disk(COMPILE, writable="")
    assert ended.returncode == 0, ended.stderr
    assert int(ended.stdout.split()[-1]) == 0


@pytest.mark.parametrize("variable", ["NUMBA_CACHE_DIR", "XDG_CACHE_HOME"])
def test_a_folder_that_is_named__keeps_compiled_code_without_a_note(tmp_path: Path, variable: str) -> None:
    ended = start_on_read_only_disk(COMPILE, writable=tmp_path, **{variable: str(tmp_path / "kept")})
    assert (ended.returncode, ended.stderr) == (0, "")
    assert list((tmp_path / "kept").rglob("*.nbc"))


# Whose fault an error is -----------------------------------------------------------------------------------

MISHAPS = {
    "a library's complaint": (
        ValueError("cannot convert float NaN to integer"),
        1,
        "a fault of segsim: Value",
    ),
    "its own complaint": (ArgumentError("no seeds", "inga frön"), 2, "segsim: no seeds"),
    "a text that is no text": (
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid"),
        1,
        "a fault of segsim: UnicodeDecodeError",
    ),
    "arithmetic": (OverflowError("too large"), 1, "a fault of segsim: OverflowError: too large"),
    "depth": (RecursionError("deep"), 1, "a fault of segsim: RecursionError: deep"),
    "a file": (FileNotFoundError(errno.ENOENT, "No such file", "x.csv"), 2, "x.csv: no such file"),
    "memory": (MemoryError(), 2, "memory is short"),
}


@pytest.mark.parametrize("kind", MISHAPS)
def test_mishap__is_told_as_whose_it_is(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    error, code, message = MISHAPS[kind]

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(running, "load_recipes", fail)
    result = call("run", "sodertalje")
    assert result.exit_code == code
    assert message in result.stderr
    assert ("SEGSIM_TRACEBACK=1" in result.stderr) == (code == 1)
    swedish = call("run", "sodertalje", "--language", "sv")
    assert swedish.exit_code == code
    assert ("ett fel i segsim: " in swedish.stderr) == (code == 1)
    assert not find_english(swedish.stderr.replace(str(error), "") if code == 1 else swedish.stderr)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["run", "sodertalje", "--seed", "3", "--seed", "3"], "a seed is given twice"),
        (["compare", "mixed_tenure", "--until", "D:0"], "does not say how precise"),
        (["run", "sodertalje", "--years", "-3"], "it must be at least 0"),
        (["compare", "sodertalje"], "is a city itself"),
    ],
)
def test_what_cannot_be_asked_for__is_the_users_to_mend(
    words: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = call(*words)
    assert result.exit_code == 2, result.stderr
    assert message in result.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_output_that_cannot_be_written__is_told_once() -> None:
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-m", "segsim", "--version"]
        ended = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
    assert ended.returncode == 2
    assert ended.stderr == "segsim: what is printed cannot be written (no space left on device)\n"


# Signals ---------------------------------------------------------------------------------------------------

SELF = (
    "import os, signal, sys\n"
    "from segsim.cli import main, running\n"
    "def load(*_):\n"
    "    os.kill(os.getpid(), getattr(signal, sys.argv.pop()))\n"
    "running.load_recipes = load\n"
)


@pytest.mark.parametrize(
    ("name", "language", "told"),
    [
        ("SIGTERM", "en", "stopped by SIGTERM; finished runs are kept"),
        ("SIGHUP", "sv", "stoppat av SIGHUP; färdiga körningar är kvar"),
    ],
)
def test_signal__ends_a_command_with_a_message(name: str, language: str, told: str) -> None:
    code = f"import signal; signal.signal(signal.{name}, signal.SIG_DFL)\n{SELF}main()\n"
    command = [sys.executable, "-c", code, "run", "sodertalje", "--language", language, name]
    ended = subprocess.run(command, capture_output=True, text=True)
    assert ended.returncode == 128 + getattr(signal, name), ended.stderr
    assert ended.stderr.startswith(f"segsim: {told}")
    assert "Traceback" not in ended.stderr


def test_signal_that_is_ignored__stays_ignored() -> None:
    """As under nohup: the command goes on after a hang-up, here to the error of what was loaded."""
    code = f"import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n{SELF}main()\n"
    command = [sys.executable, "-c", code, "run", "sodertalje", "SIGHUP"]
    ended = subprocess.run(command, capture_output=True, text=True)
    assert "stopped by" not in ended.stderr
    assert ended.returncode == 1


# Folders ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["dangling", "loop", "file", "below a file"])
def test_folder_that_cannot_be__is_refused_before_the_runs(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    out = tmp_path / "out"
    if kind == "dangling":
        out.symlink_to(tmp_path / "gone" / "deep")
    elif kind == "loop":
        out.symlink_to(out)
    else:
        out.write_text("")
        out = out / "below" if kind == "below a file" else out
    result = call("run", "schelling", "--seeds", "1", "--out", str(out))
    assert result.exit_code == 2
    assert f"{out}: " in result.stderr
    assert "--out" in result.stderr
