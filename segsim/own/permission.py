"""Whether code that scenarios and results bring along may be run: from the command line only if asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from segsim.errors import SegsimError

_IS_PERMITTED = ContextVar("own code", default=True)


@contextmanager
def permit_own_code(is_permitted: bool) -> Iterator[None]:
    """Let own parts be run, or not, for a while."""
    token = _IS_PERMITTED.set(is_permitted)
    try:
        yield
    finally:
        _IS_PERMITTED.reset(token)


def require_permission(path: str) -> None:
    """Refuse to run an own part where that was not asked for.

    Raises
    ------
    SegsimError
        With what allows it.
    """
    if not _IS_PERMITTED.get():
        raise SegsimError(
            f"{path} is code that does not come with segsim; look at it, then add --allow-own-code to run it",
            f"{path} är kod som inte följer med segsim; granska den, och lägg till --allow-own-code för att "
            "köra den",
        )
