"""What goes wrong in a command becomes one message and an exit code, never a traceback."""

import os
import sys
from typing import Any

import typer
from typer.core import TyperGroup

from segsim.cli.options import LANGUAGE
from segsim.errors import BilingualError, tell_reason
from segsim.words.text import Text


class Commands(TyperGroup):
    """The commands; what goes wrong in one becomes one message and an exit code, never a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command. Exit codes: 2 for what the user can mend, 130 interrupted, 1 a fault of segsim."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as error:
            raise report_error(error, *INTERRUPTED, ctx.meta.get(LANGUAGE, "")) from error
        except BrokenPipeError as error:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from error
        except Exception as error:
            if type(error).__module__.startswith(("click", "typer")):
                raise
            raise report_error(error, *describe_error(error), ctx.meta.get(LANGUAGE, "")) from error


INTERRUPTED = (
    Text(
        "interrupted; finished runs are kept; the same command (a sweep with --resume) goes on",
        "avbrutet; färdiga körningar är kvar; samma kommando (sweep med --resume) fortsätter",
    ),
    130,
)


def describe_error(error: Exception) -> tuple[Text, int]:
    """Return what to tell of an error, and the exit code."""
    if "KeyboardInterrupt" in str(error):  # a library in the middle of something may wrap it
        return INTERRUPTED
    match error:
        case BilingualError():
            return Text(f"{error}", f"{error:sv}"), 2
        case ValueError():
            return Text(str(error), str(error)), 2
        case ImportError() if not str(error.name).startswith("segsim"):
            return Text(
                f"a library is missing ({error}); install segsim with the extra it belongs to",
                f"ett bibliotek saknas ({error.name}); installera segsim med det tillägg som det hör till",
            ), 2
        case OSError():
            reason, file = tell_reason(error), error.filename
            return Text(f"{file or 'a file'}: {reason}", f"{file or 'en fil'}: {reason:sv}"), 2
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


def report_error(error: BaseException, text: Text, code: int, language: str) -> typer.Exit:
    """Print what went wrong, and return the exit that follows."""
    if os.environ.get("SEGSIM_TRACEBACK"):
        raise error
    for line in format(text, language).splitlines():
        print(f"segsim: {line}", file=sys.stderr)
    return typer.Exit(code)
