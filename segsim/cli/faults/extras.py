"""Commands that need libraries which are not installed with every segsim."""

from collections.abc import Iterator
from contextlib import contextmanager

from segsim.errors import SegsimError
from segsim.words.text import Text


@contextmanager
def refuse_without_extra(extra: str, what: Text) -> Iterator[None]:
    """Say of imports that fail which extra `what` needs; a fault of segsim's own goes on as it is."""
    try:
        yield
    except ImportError as error:
        if (error.name or "").startswith("segsim"):
            raise
        raise SegsimError(
            f'{what} needs more: pip install "segsim[{extra}]"',
            f'{what:sv} behöver mer: pip install "segsim[{extra}]"',
        ) from error
