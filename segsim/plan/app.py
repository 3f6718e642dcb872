"""The application of the page: what it asks the server for, and what it is answered."""

import json
import logging
import secrets
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any, NoReturn

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.staticfiles import StaticFiles

from segsim.errors import SegsimError
from segsim.plan.session import MessageError, Session
from segsim.teach.door import PAGES, Door
from segsim.teach.scenes.settings import read_language
from segsim.words.text import Language
from segsim.words.words import Words

ASSETS = Path(__file__).with_name("assets")
LARGEST = 2_000_000
"""Bytes of a message at most; a scenario file holds half as many."""

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
REPORT_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src 'self' data:; "
    "font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
"""What a browser lets the page and a report do: nothing beyond this machine; a report asks for nothing."""

Act = Callable[[Session, dict[str, Any], Language], Any]


def make_app(session: Session, default: Language = "en", host: str = "127.0.0.1") -> FastAPI:
    """Return the application of the page.

    Parameters
    ----------
    session : Session
        What is planned, and where results go.
    default : {"en", "sv"}
        Language of pages whose link names none.
    host : str
        Where it is served; who comes by another name, or from another page, is refused.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.state.session, app.state.token = session, secrets.token_hex(8)
    app.add_middleware(Door, host=host, pages=PAGES, language=default, may_widen=False)
    app.mount("/assets", StaticFiles(directory=ASSETS), name="assets")

    @app.get("/")
    def page(request: Request) -> Response:
        language = read_language(dict(request.query_params), default)
        html = write_page(Words(language, "plan"), app.state.token)
        return Response(html, media_type="text/html", headers=guard(PAGE_POLICY))

    @app.get("/favicon.ico")
    def icon() -> Response:
        return Response(status_code=204)

    @app.get("/report/{name:path}")
    def report(name: str) -> Response:
        path = session.find_report_file(name)
        if path is None:
            return PlainTextResponse("not found", 404)
        return FileResponse(path, headers=guard(REPORT_POLICY))

    @app.post("/api/{action}")
    async def act(request: Request, action: str) -> Response:
        language = read_language(dict(request.query_params), default)
        return await answer(session, action, request, language)

    return app


def guard(policy: str) -> dict[str, str]:
    """Return the headers that hold a page to a policy."""
    return {
        "content-security-policy": policy,
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cache-control": "no-store",
    }


def write_page(words: Words, token: str) -> str:
    """Return the page as it is before its scripts have run."""
    html = (ASSETS / "page.html").read_text("utf-8")
    texts = {"language": words.language, "token": token}
    for key in ("title", "lead", "needs_script"):
        texts[key] = words(f"plan.{key}")
    for key, text in texts.items():
        html = html.replace(f"[[{key}]]", escape(text))
    return html


async def answer(session: Session, action: str, request: Request, language: Language) -> Response:
    """Answer one message of the page; one that cannot be followed gets one clear answer."""
    words = Words(language, "plan")
    known: dict[str, Act] = {
        "start": Session.describe_start,
        "city": Session.describe_city,
        "places": Session.describe_places,
        "check": Session.check,
        "save": Session.save,
        "load": Session.load,
        "run": Session.run,
        "progress": Session.describe_progress,
        "cancel": Session.cancel,
    }
    if action not in known:
        return refuse(words("plan.message.unknown", action=action[:40]), 404)
    if request.headers.get("content-type", "").split(";")[0].strip() != "application/json":
        return refuse(words("plan.message.kind"), 415)
    body = await read_body(request)
    if body is None:
        return refuse(words("plan.message.large"), 413)
    try:
        message = json.loads(body, parse_constant=refuse_constant)
        if not isinstance(message, dict):
            raise TypeError
    except (ValueError, TypeError, RecursionError):
        return refuse(words("plan.message.broken"), 400)
    try:
        told = await run_in_threadpool(known[action], session, message, language)
    except SegsimError as error:
        return refuse(format(error, language), 422)
    except MessageError as error:
        return refuse(words(f"plan.message.{error.kind}"), 400)
    except Exception as error:
        logging.getLogger("uvicorn.error").exception("%s", action)
        return refuse(words("plan.run.fault", kind=f"{type(error).__name__}: {error}"[:300]), 500)
    return JSONResponse(told, headers={"cache-control": "no-store"})


async def read_body(request: Request) -> bytes | None:
    """Return the body of a message; None of one that is too large, which is not read to its end."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            return None
    return bytes(body)


def refuse_constant(name: str) -> NoReturn:
    """Refuse the numbers that JSON does not have."""
    raise ValueError(name)


def refuse(text: str, status: int) -> JSONResponse:
    """Return why a message is not followed."""
    return JSONResponse({"problem": text}, status, headers={"cache-control": "no-store"})
