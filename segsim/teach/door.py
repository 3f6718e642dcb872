"""Who is let in to the page: by which address, from which page, and how many at once."""

import ipaddress
import socket
from urllib.parse import urlsplit

from nicegui import Client
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from segsim.words.text import Language
from segsim.words.words import Words

PAGES = 200
"""Pages open at once, unless told otherwise; one takes 3 MB."""

GREETING = 15.0
"""Time a browser has to answer with a socket before others may take its place, s."""

EVERYWHERE = ("", "0.0.0.0", "::")
"""Addresses that stand for every address of the machine."""


class Door:
    """Refuses who comes by a foreign name, from a foreign page, or when the house is full.

    A page of another site can make a browser ask for any address: by a name of its own that it lets point
    here (then the host is foreign), or by a socket, which browsers open across sites (then the origin is).
    Every address of the machine may be named if it listens on all, since a foreign name is no number.
    Starlette's own check knows no such rule, and answers sockets with a traceback in older versions.

    Parameters
    ----------
    app : ASGI application
        What is behind the door.
    host : str
        Where the server listens.
    pages : int
        Pages that may be open at once.
    language : {"en", "sv"}
        Of what is answered.
    may_widen : bool
        Whether it can be started so that other addresses lead to it.
    """

    def __init__(
        self, app: ASGIApp, host: str, pages: int, language: Language, may_widen: bool = True
    ) -> None:
        self.app, self.pages, self.words = app, pages, Words(language, "classroom")
        self.foreign = "door.foreign_host" if may_widen else "door.this_machine"
        self.is_everywhere = host in EVERYWHERE
        names = {"localhost", "127.0.0.1", "::1", host.lower()}
        if self.is_everywhere:
            name = socket.gethostname().lower()
            names |= {name, f"{name}.local"}
        self.names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request or socket pass, or answer why not."""
        answer = self._refuse(scope) if scope["type"] in ("http", "websocket") else None
        if answer is None:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await WebSocketClose(1008)(scope, receive, send)
        else:
            await answer(scope, receive, send)

    def _refuse(self, scope: Scope) -> PlainTextResponse | None:
        """Return the answer to one who may not come in, None to all others."""
        headers = Headers(scope=scope)
        host, origin = headers.get("host", ""), headers.get("origin")
        if not self._knows(host):
            return PlainTextResponse(self.words(self.foreign, host=read_name(host)), 421)
        if origin is not None and read_netloc(origin) != host.lower():
            return PlainTextResponse(self.words("door.foreign_page"), 403)
        if scope["path"] in ("/", "/join") and self._is_full():
            return PlainTextResponse(self.words("door.full", n=self.pages), 503, {"retry-after": "60"})
        return None

    def _knows(self, host: str) -> bool:
        """Tell whether a host, with its port or without, is one of this server's."""
        name = read_name(host)
        return name in self.names or (self.is_everywhere and is_number(name))

    def _is_full(self) -> bool:
        """Tell whether no more pages can be opened, once those are gone whose browser never answered."""
        if len(Client.instances) >= self.pages:
            Client.prune_instances(client_age_threshold=GREETING)
        return len(Client.instances) >= self.pages


def read_name(host: str) -> str:
    """Return the name or number of a host without its port, "" if it is none."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def read_netloc(origin: str) -> str:
    """Return host and port of an origin, "" if it has none."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def is_number(name: str) -> bool:
    """Tell whether a host is given as an address in numbers."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
