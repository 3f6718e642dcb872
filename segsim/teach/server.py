"""The server of the page: one process, bound to this machine unless told otherwise, every file its own."""

import asyncio
import contextlib
import socket
import webbrowser
from collections.abc import Callable
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Request, WebSocket, WebSocketDisconnect
from nicegui import app as nicegui_app
from nicegui import ui

from segsim.errors import SegsimError
from segsim.teach.page.page import Page
from segsim.teach.page.player import Player
from segsim.teach.scenes.lessons import PRESETS
from segsim.teach.scenes.settings import parse_link, read_language
from segsim.teach.warm_up import Warmth
from segsim.words.text import Language

ASSETS = Path(__file__).with_name("assets")
GONE = 4404
"""Code of a closed stream whose page the server does not know."""


class Lessons:
    """The lessons of all clients, by the client's id; a client that leaves takes its lesson along."""

    def __init__(self) -> None:
        self.players: dict[str, Player] = {}
        self.streams: set[WebSocket] = set()
        self.warmth = Warmth()

    def open(self, client_id: str, player: Player) -> None:
        """Keep the lesson of a client."""
        self.players[client_id] = player

    def close(self, client_id: str) -> None:
        """Let go of the lesson of a client."""
        self.players.pop(client_id, None)


def make_app(default: Language = "en") -> FastAPI:
    """Return the application: the page at `/`, and the stream that draws it at `/stream/CLIENT`."""
    app, lessons = FastAPI(docs_url=None, redoc_url=None, openapi_url=None), Lessons()
    app.state.lessons = lessons
    nicegui_app.add_static_files("/lesson", ASSETS, max_cache_age=0)

    @app.websocket("/stream/{client_id}")
    async def stream(link: WebSocket, client_id: str) -> None:
        await draw(link, lessons, client_id)

    @ui.page("/", title="segsim")
    def page(request: Request) -> None:
        query = dict(request.query_params)
        settings, problems = parse_link(query, PRESETS)
        client, player = ui.context.client, Player(settings, lessons.warmth)
        shown = Page(player, read_language(query, default), f"/stream/{client.id}")
        lessons.open(client.id, player)

        def leave() -> None:
            lessons.close(client.id)
            shown.close()

        client.on_delete(leave)
        ui.add_head_html(
            '<link rel="stylesheet" href="/lesson/style.css"><script src="/lesson/drawing.js"></script>'
        )
        shown.build(problems)

    ui.run_with(app, title="segsim", favicon="🏘️", show_welcome_message=False, reconnect_timeout=4.0)
    return app


async def draw(link: WebSocket, lessons: Lessons, client_id: str) -> None:
    """Send a client what is to be drawn until it leaves."""
    await link.accept()
    player = lessons.players.get(client_id)
    if player is None:
        await link.close(GONE)
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


def serve(
    host: str,
    port: int,
    language: Language,
    open_browser: bool,
    announce: Callable[[str], None],
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
        Called once with the address.

    Raises
    ------
    SegsimError
        If the address cannot be used.
    """
    refuse_taken(host, port)
    app = make_app(language)
    shown = "127.0.0.1" if host in ("0.0.0.0", "::", "") else host
    address = f"http://[{shown}]:{port}/" if ":" in shown else f"http://{shown}:{port}/"

    @nicegui_app.on_startup
    def begin() -> None:
        announce(address)
        app.state.lessons.warmth.start()
        if open_browser:
            webbrowser.open(address)

    try:
        with contextlib.suppress(KeyboardInterrupt):
            uvicorn.run(app, host=host, port=port, log_level="warning", ws_per_message_deflate=False)
    finally:
        app.state.lessons.warmth.stop()


def refuse_taken(host: str, port: int) -> None:
    """Raise where the address cannot be listened to."""
    try:
        addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        with socket.socket(addresses[0][0], socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(addresses[0][4])
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise SegsimError(f"{host}:{port}: {reason}; choose another with --port or --host") from error
