"""Serves the page from this machine to this machine, by the classroom's server."""

import threading
from collections.abc import Callable
from pathlib import Path

from segsim.plan.app import make_app
from segsim.plan.draft import Draft
from segsim.plan.session import Session
from segsim.teach.server import serve_app
from segsim.words.text import Language

HOST = "127.0.0.1"
"""No other machine: the page writes files and starts runs."""


def serve_plan(
    draft: Draft | None,
    out: Path,
    port: int,
    language: Language,
    open_browser: bool,
    announce: Callable[[str], None],
) -> None:
    """Serve the page until interrupted.

    Parameters
    ----------
    draft : dict, optional
        Plan that the page opens with.
    out : Path
        Folder for scenario files and results.
    port, language, open_browser, announce
        As for the classroom.

    Raises
    ------
    SegsimError
        If the port cannot be used.
    """
    session = Session(out, draft)
    threading.Thread(target=session.warm, args=(language,), daemon=True).start()
    try:
        serve_app(make_app(session, language, HOST), HOST, port, language, open_browser, announce)
    finally:
        session.close()
