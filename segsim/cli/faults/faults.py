"""What goes wrong in a command becomes one message and an exit code, never a traceback."""

import errno
import logging
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

import typer

from segsim.cli.faults.signals import StopSignal, stop_on_signals
from segsim.cli.faults.usage import describe_usage_error, find_written_language, is_usage_error
from segsim.cli.help import BilingualGroup
from segsim.cli.options import LANGUAGE, find_language
from segsim.errors import BilingualError, tell_reason
from segsim.own.permission import permit_own_code
from segsim.words.text import Text


class Commands(BilingualGroup):
    """The commands; what goes wrong in one becomes one message and an exit code, never a traceback."""

    def parse_args(self, ctx: Any, args: list[str]) -> Any:
        """Take the command line apart; its language is known before anything else in it is."""
        self.arguments = list(args)
        if language := find_written_language(args):
            ctx.meta[LANGUAGE] = language
        try:
            return super().parse_args(ctx, args)
        except Exception as error:
            if not is_usage_error(error):
                raise
            raise self._report_usage(error, ctx) from error

    def _report_usage(self, error: Exception, ctx: Any) -> typer.Exit:
        """Print what is wrong with the command line, and return the exit that follows."""
        return report_error(error, describe_usage_error(error, self.arguments), 2, find_language(ctx))

    def invoke(self, ctx: Any) -> Any:
        """Run a command. Exit codes: 2 for what the user can mend, 130 interrupted, 1 a fault of segsim."""
        try:
            with stop_on_signals(), tell_warnings(ctx), permit_own_code(False):
                result = super().invoke(ctx)
                sys.stdout.flush()
                return result
        except KeyboardInterrupt as error:
            raise report_error(error, *describe_interruption(error), find_language(ctx)) from error
        except BrokenPipeError as error:
            silence_output()
            raise typer.Exit(0) from error
        except Exception as error:
            if is_usage_error(error):
                raise self._report_usage(error, ctx) from error
            if type(error).__module__.startswith(("click", "typer")):
                raise
            if is_about_output(error):
                silence_output()
            raise report_error(error, *describe_error(error), find_language(ctx)) from error


_GOES_ON = Text(
    "finished runs are kept; the same command (a sweep with --resume) goes on",
    "färdiga körningar är kvar; samma kommando (sweep med --resume) fortsätter",
)
INTERRUPTED = Text(f"interrupted; {_GOES_ON}", f"avbrutet; {_GOES_ON:sv}"), 130
_CANNOT_PRINT = (errno.ENOSPC, errno.EIO, errno.EFBIG, errno.EDQUOT)


def describe_interruption(error: KeyboardInterrupt) -> tuple[Text, int]:
    """Return what to tell of an interruption, from the keyboard or by a signal, and the exit code."""
    if isinstance(error, StopSignal):
        name = error.signal.name
        return Text(f"stopped by {name}; {_GOES_ON}", f"stoppat av {name}; {_GOES_ON:sv}"), 128 + error.signal
    return INTERRUPTED


def describe_error(error: Exception) -> tuple[Text, int]:
    """Return what to tell of an error, and the exit code.

    An error of a library about a value it was given, such as NumPy's ValueError, is a fault of segsim, which
    should have refused the value.
    """
    if "KeyboardInterrupt" in str(error):  # a library in the middle of something may wrap it
        return INTERRUPTED
    match error:
        case BilingualError():
            return Text(f"{error}", f"{error:sv}"), 2
        case ImportError() if not str(error.name).startswith("segsim"):
            return Text(
                f"a library is missing ({error}); install segsim with the extra it belongs to",
                f"ett bibliotek saknas ({error.name}); installera segsim med det tillägg som det hör till",
            ), 2
        case OSError():
            return describe_file_error(error), 2
        case MemoryError():
            return Text(
                "memory is short; use fewer --jobs or a smaller city",
                "minnet räcker inte; använd färre --jobs eller en mindre stad",
            ), 2
    fault = f"{type(error).__name__}: {error}"
    return Text(
        f"a fault of segsim: {fault}; SEGSIM_TRACEBACK=1 shows where",
        f"ett fel i segsim: {fault}; SEGSIM_TRACEBACK=1 visar var",
    ), 1


def describe_file_error(error: OSError) -> Text:
    """Return what to tell of an error of the file system, with the file it is about."""
    reason = tell_reason(error)
    if error.filename:
        return Text(f"{error.filename}: {reason}", f"{error.filename}: {reason:sv}")
    if is_about_output(error):
        return Text(
            f"what is printed cannot be written ({reason})", f"utskriften går inte att skriva ({reason:sv})"
        )
    return reason


def is_about_output(error: Exception) -> bool:
    """Tell whether an error is about what is printed: files are written elsewhere, by their names."""
    return isinstance(error, OSError) and not error.filename and error.errno in _CANNOT_PRINT


def silence_output() -> None:
    """Let what is still to be printed go nowhere, so that Python does not fail again when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def report_error(error: BaseException, text: Text, code: int, language: str) -> typer.Exit:
    """Print what went wrong, and return the exit that follows."""
    if os.environ.get("SEGSIM_TRACEBACK"):
        raise error
    for line in format(text, language).splitlines():
        print_aside(line)
    return typer.Exit(code)


def print_aside(line: str) -> None:
    """Print a line beside the output; after a hang-up there is no terminal to print it on."""
    try:
        print(f"segsim: {line}", file=sys.stderr, flush=True)
    except OSError:
        return


@contextmanager
def tell_warnings(ctx: Any) -> Iterator[None]:
    """Tell segsim's own warnings in one line each, and leave out what libraries say of their caches."""
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    show = warnings.showwarning

    def tell(
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        if isinstance(message, BilingualError):
            print_aside(format(message, find_language(ctx)))
        else:
            show(message, category, filename, lineno, file, line)

    with warnings.catch_warnings():
        warnings.showwarning = tell
        yield
