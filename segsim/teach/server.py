"""The server of the page: one process, bound to this machine unless told otherwise, every file its own."""

import asyncio
import contextlib
import socket
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Request, WebSocket, WebSocketDisconnect
from nicegui import app as nicegui_app
from nicegui import ui
from starlette.responses import PlainTextResponse, Response

from segsim.errors import SegsimError, tell_reason
from segsim.teach.complaints import shorten_complaints
from segsim.teach.door import EVERYWHERE, PAGES, Door
from segsim.teach.page.class_view import PupilPage
from segsim.teach.page.page import Page
from segsim.teach.page.player import Player
from segsim.teach.scenes.class_choice import ClassChoice
from segsim.teach.scenes.lessons import PRESETS
from segsim.teach.scenes.settings import parse_link, read_language
from segsim.teach.warm_up import Warmth
from segsim.words.text import Language, Text
from segsim.words.words import Words

ASSETS = Path(__file__).with_name("assets")
GONE, EARLY = 4404, 1013
"""Codes of a closed stream: the server does not know the page; its browser has not answered yet."""

CONNECTIONS = 8
"""Connections of a page at most: two sockets, and six for its files."""


class Lessons:
    """The lessons of all clients, by the client's id; a client that leaves takes its lesson along."""

    def __init__(self) -> None:
        self.players: dict[str, Player] = {}
        self.greeted: set[str] = set()
        self.streams: set[WebSocket] = set()
        self.classes: dict[str, ClassChoice] = {}
        self.warmth = Warmth()

    def open(self, client_id: str, player: Player) -> None:
        """Keep the lesson of a client."""
        self.players[client_id] = player

    def greet(self, client_id: str) -> None:
        """Note that a browser has answered, so that its lesson may be played."""
        self.greeted.add(client_id)

    def close(self, client_id: str) -> None:
        """Let go of the lesson of a client."""
        self.players.pop(client_id, None)
        self.greeted.discard(client_id)


def make_app(default: Language = "en", host: str = "127.0.0.1", pages: int = PAGES) -> FastAPI:
    """Return the application: the page at `/`, and the stream that draws it at `/stream/CLIENT`.

    Parameters
    ----------
    default : {"en", "sv"}
        Language of pages whose link names none.
    host : str
        Where it is served; who comes by another name is refused.
    pages : int
        Pages that may be open at once.
    """
    app, lessons = FastAPI(docs_url=None, redoc_url=None, openapi_url=None), Lessons()
    app.state.lessons = lessons
    app.add_middleware(Door, host=host, pages=pages, language=default)
    nicegui_app.add_exception_handler(404, answer_unknown)  # NiceGUI's own makes a page of each
    nicegui_app.add_static_files("/lesson", ASSETS, max_cache_age=0)

    @app.websocket("/stream/{client_id}")
    async def stream(link: WebSocket, client_id: str) -> None:
        await draw(link, lessons, client_id)

    @ui.page("/", title="segsim")
    def page(request: Request) -> None:
        query = dict(request.query_params)
        settings, problems = parse_link(query, PRESETS)
        client, player = ui.context.client, Player(settings, lessons.warmth)
        shown = Page(player, read_language(query, default), f"/stream/{client.id}", lessons.classes)
        lessons.open(client.id, player)

        def leave() -> None:
            lessons.close(client.id)
            shown.close()

        client.on_connect(lambda: lessons.greet(client.id))
        client.on_delete(leave)
        ui.add_head_html(
            '<link rel="stylesheet" href="/lesson/style.css">'
            '<script src="/lesson/drawing.js"></script><script src="/lesson/lesson.js"></script>'
            '<script src="/lesson/saving.js"></script>'
        )
        shown.build(problems)

    @ui.page("/join", title="segsim")
    def join(request: Request) -> None:
        query, client = dict(request.query_params), ui.context.client
        words = Words(read_language(query, default), "classroom")
        ui.add_head_html('<link rel="stylesheet" href="/lesson/style.css">')
        ui.run_javascript(f"document.documentElement.lang = {words.language!r}")
        pupil = PupilPage(client.id, words, lessons.classes, query.get("code", ""))
        client.on_delete(pupil.leave)

    ui.run_with(app, title="segsim", favicon="🏘️", show_welcome_message=False, reconnect_timeout=4.0)
    return app


def answer_unknown(request: Request, error: Exception) -> Response:
    """Answer one who asks for what there is not."""
    return PlainTextResponse("not found", 404)


async def draw(link: WebSocket, lessons: Lessons, client_id: str) -> None:
    """Send a client what is to be drawn until it leaves."""
    await link.accept()
    player = lessons.players.get(client_id)
    if player is None or client_id not in lessons.greeted:
        await link.close(GONE if player is None else EARLY)
        return
    player.begin()
    lessons.streams.add(link)
    listener = asyncio.create_task(listen(link, player))
    try:
        while not listener.done():
            sending = asyncio.create_task(player.next_message())
            await asyncio.wait({sending, listener}, return_when=asyncio.FIRST_COMPLETED)
            if not sending.done():
                sending.cancel()
                break
            message = sending.result()
            if message is None:
                break
            await link.send_bytes(message)
    except (WebSocketDisconnect, RuntimeError, OSError):
        pass
    finally:
        listener.cancel()
        lessons.streams.discard(link)
        with contextlib.suppress(WebSocketDisconnect, RuntimeError, OSError):
            await link.close()


async def listen(link: WebSocket, player: Player) -> None:
    """Hear from a client that it has drawn a picture, until it leaves."""
    with contextlib.suppress(WebSocketDisconnect, RuntimeError, KeyError):
        while True:
            await link.receive_text()
            player.note_drawn()


class Server(uvicorn.Server):
    """A server that tells when it can be reached.

    Parameters
    ----------
    config : uvicorn.Config
    on_open : callable
        Called once connections are accepted.
    """

    def __init__(self, config: uvicorn.Config, on_open: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_open = on_open

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to accept connections, and say so."""
        await super().startup(sockets)
        self._on_open()


def serve(
    host: str,
    port: int,
    language: Language,
    open_browser: bool,
    announce: Callable[[str], None],
    pages: int = PAGES,
) -> None:
    """Serve the page until interrupted.

    Parameters
    ----------
    host, port : str and int
        Where to listen; 127.0.0.1 is this machine alone.
    language : {"en", "sv"}
        Of pages whose link names none.
    open_browser : bool
        Whether to open the page in a browser here.
    announce : callable
        Called once with the address, when it can be reached.
    pages : int
        Pages that may be open at once.

    Raises
    ------
    SegsimError
        If the address cannot be used.
    """
    app = make_app(language, host, pages)
    warmth = app.state.lessons.warmth

    def begin(address: str) -> None:
        announce(address)
        warmth.start()

    try:
        serve_app(app, host, port, language, open_browser, begin, pages)
    finally:
        warmth.stop()


def serve_app(
    app: FastAPI,
    host: str,
    port: int,
    language: Language,
    open_browser: bool,
    announce: Callable[[str], None],
    pages: int = PAGES,
) -> None:
    """Serve an application until interrupted; see `serve`.

    Raises
    ------
    SegsimError
        If the address cannot be used.
    """
    sockets = listen_at(host, port)
    shorten_complaints(language)
    shown = "127.0.0.1" if host in EVERYWHERE else host
    address = f"http://[{shown}]:{port}/" if ":" in shown else f"http://{shown}:{port}/"

    def begin() -> None:
        announce(address)
        if open_browser:
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    config = uvicorn.Config(
        app, log_level="warning", ws_per_message_deflate=False, limit_concurrency=CONNECTIONS * pages
    )
    with contextlib.suppress(KeyboardInterrupt):
        Server(config, begin).run(sockets)


def listen_at(host: str, port: int) -> list[socket.socket]:
    """Return sockets that listen at every address of a host; refuse a host or port that cannot be had."""
    sockets: list[socket.socket] = []
    try:
        for family, *_, address in socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        ):
            sockets.append(socket.create_server(address, family=family, backlog=2048))
    except (OSError, UnicodeError) as error:
        for opened in sockets:
            opened.close()
        name = Text(str(error).lower(), "är inget namn på en dator")
        reason = tell_reason(error) if isinstance(error, OSError) else name
        raise SegsimError(
            f"{host}:{port}: {reason}; choose another with --port or --host",
            f"{host}:{port}: {reason:sv}; välj en annan med --port eller --host",
        ) from error
    return sockets
