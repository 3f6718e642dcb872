"""What is said on the teacher's terminal of messages that cannot be followed: a line for each kind, once."""

import logging
import traceback
from pathlib import Path

from segsim.errors import escape_breaks
from segsim.words.text import Language
from segsim.words.words import Words

LOGGERS = ("nicegui", "asyncio", "engineio.server", "socketio.server", "uvicorn.error")
"""Who writes to the terminal while the page is served."""


class Complaints(logging.Filter):
    """Turns tracebacks into a line that names their place, and lets each place in the code speak once.

    Anybody can send any number of messages that no page of ours sends, and what they say.

    Parameters
    ----------
    language : {"en", "sv"}
        Of the lines.
    """

    def __init__(self, language: Language) -> None:
        super().__init__()
        self.words, self.said = Words(language, "classroom"), set[tuple[str, int]]()

    def filter(self, record: logging.LogRecord) -> bool:
        """Make a record one line; tell whether it is to be written."""
        place, text = (record.pathname, record.lineno), record.getMessage()
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            frames = traceback.extract_tb(error.__traceback__)
            place = (frames[-1].filename, frames[-1].lineno or 0) if frames else place
            kind, file = type(error).__name__, Path(place[0]).name
            text = self.words("door.not_followed", kind=kind, file=file, line=place[1])
        is_new = place not in self.said
        self.said.add(place)
        record.msg, record.args = escape_breaks(text).replace("\n", " "), ()
        record.exc_info = record.exc_text = record.stack_info = None
        return is_new


def shorten_complaints(language: Language) -> None:
    """Let whoever writes to the terminal while the page is served be brief."""
    complaints = Complaints(language)
    for name in LOGGERS:
        logging.getLogger(name).addFilter(complaints)
