"""What goes wrong in a command becomes one message and an exit code, never a traceback."""

import os
import sys
from typing import Any

import typer
from typer.core import TyperGroup

from segsim.errors import SegsimError


class Commands(TyperGroup):
    """The commands; what goes wrong in one becomes one message and an exit code, never a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command. Exit codes: 2 for what the user can mend, 130 interrupted, 1 a fault of segsim."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as error:
            raise report_error(error, *INTERRUPTED) from error
        except BrokenPipeError as error:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from error
        except Exception as error:
            if type(error).__module__.startswith(("click", "typer")):
                raise
            raise report_error(error, *describe_error(error)) from error


INTERRUPTED = "interrupted; finished runs are kept; the same command (a sweep with --resume) goes on", 130


def describe_error(error: Exception) -> tuple[str, int]:
    """Return what to tell of an error, and the exit code."""
    if "KeyboardInterrupt" in str(error):  # a library in the middle of something may wrap it
        return INTERRUPTED
    match error:
        case SegsimError() | ValueError():
            return str(error), 2
        case ImportError() if not str(error.name).startswith("segsim"):
            return f"a library is missing ({error}); install segsim with the extra it belongs to", 2
        case OSError():
            return f"{error.filename or 'a file'}: {(error.strerror or str(error)).lower()}", 2
        case MemoryError():
            return "memory is short; use fewer --jobs or a smaller city", 2
    return f"a fault of segsim: {type(error).__name__}: {error}; SEGSIM_TRACEBACK=1 shows where", 1


def report_error(error: BaseException, text: str, code: int) -> typer.Exit:
    """Print what went wrong, and return the exit that follows."""
    if os.environ.get("SEGSIM_TRACEBACK"):
        raise error
    for line in text.splitlines():
        print(f"segsim: {line}", file=sys.stderr)
    return typer.Exit(code)
