"""The server of the classroom page: whom it lets in, how many, and what it says of odd messages."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import pytest

pytest.importorskip("nicegui", reason="the page needs the extra teach")
connect = pytest.importorskip("websockets.sync.client").connect

from websockets.exceptions import ConnectionClosed  # noqa: E402

from segsim.errors import SegsimError  # noqa: E402
from segsim.teach.page.controls import apply_changes  # noqa: E402
from segsim.teach.scenes.lessons import PRESETS  # noqa: E402
from segsim.teach.server import listen_at  # noqa: E402
from tests.patience import PATIENCE, free_port  # noqa: E402

SOCKET = "/_nicegui_ws/socket.io/?EIO=4&transport=websocket"
POLLING = "/_nicegui_ws/socket.io/?EIO=4&transport=polling"


class Server:
    """A server in another process, and what it has written."""

    def __init__(self, folder: Path, *options: str, host: str = "127.0.0.1", **environment: str) -> None:
        self.errors, self.line = folder / "errors.txt", ""
        command = [sys.executable, "-c", "from segsim.cli import main; main()", "teach"]
        command += ["--host", host, *(options or ("--no-browser",)), "--port"]
        variables = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
        for _ in range(10):  # another program may take the port meanwhile
            self.port = free_port()
            with self.errors.open("w") as errors:
                self.process = subprocess.Popen(
                    [*command, str(self.port)],
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    text=True,
                    env=variables | environment,
                )
            assert self.process.stdout is not None
            self.line = self.process.stdout.readline()
            if self.line or "already in use" not in self.errors.read_text("utf-8"):
                break

    def ask(self, path: str, host: str | None = None, method: str = "GET", **headers: str) -> int:
        """Return the status of the answer to a request."""
        return self.fetch(path, host, method, **headers)[0]

    def fetch(
        self, path: str, host: str | None = None, method: str = "GET", **headers: str
    ) -> tuple[int, str]:
        """Return status and text of the answer to a request."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        link.putrequest(method, path, skip_host=True)
        link.putheader("Host", f"127.0.0.1:{self.port}" if host is None else host)
        for name, value in headers.items():
            link.putheader(name.replace("_", "-"), value)
        link.endheaders()
        answer = link.getresponse()
        text = "" if answer.status == 101 else answer.read().decode("utf-8", "replace")
        link.close()
        return answer.status, text

    def ask_for_socket(self, path: str, host: str | None = None, **headers: str) -> int:
        """Return the status of the answer to one who asks for a web socket."""
        upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec_WebSocket_Version": "13"}
        return self.ask(path, host, **upgrade, Sec_WebSocket_Key="dGhlIHNhbXBsZSBub25jZQ==", **headers)

    def open_page(self) -> str:
        """Open a page as a script would, without a browser's answer; return the client's id."""
        status, text = self.fetch("/")
        assert status == 200
        answer = re.search(r"""['\"]client_id['\"]: ?['\"]([0-9a-f-]{36})""", text)
        assert answer
        return answer[1]

    def connect(self, path: str):
        """Return a web socket."""
        return connect(f"ws://127.0.0.1:{self.port}{path}", open_timeout=PATIENCE, close_timeout=1)

    @contextmanager
    def greeted(self, client: str) -> Iterator:
        """Yield the socket of a page whose browser has answered."""
        with self.connect(f"{SOCKET}&client_id={client}") as link:
            link.recv(PATIENCE)
            link.send("40")
            link.recv(PATIENCE)
            greeting = {"client_id": client, "tab_id": "tab", "document_id": "one", "next_message_id": 0}
            link.send("420" + json.dumps(["handshake", greeting]))
            while not str(link.recv(PATIENCE)).startswith("430"):
                pass
            threading.Thread(target=answer_pings, args=(link,), daemon=True).start()
            yield link

    def close(self) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.wait(PATIENCE)
        self.process.stdout.close()


def answer_pings(link) -> None:
    """Tell the server until the end that the browser is there."""
    with suppress(ConnectionClosed):
        for message in link:
            if message == "2":
                link.send("3")


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    opened = Server(tmp_path_factory.mktemp("server"))
    yield opened
    opened.close()


# who is let in


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost:{port}", "LOCALHOST", "[::1]:{port}", "localhost:9999"]
)
def test_own_address__is_let_in(server, host):
    host = host.format(port=server.port)
    assert server.ask("/", host) == 200
    assert server.ask("/lesson/drawing.js", host) == 200
    assert server.ask_for_socket(SOCKET, host, Origin=f"http://{host}") == 101


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:{port}",
        "localhost.evil.example",
        "127.0.0.1@evil.example",
        "10.0.0.7",
        "",
        "[",
    ],
)
def test_foreign_address__is_refused_everywhere(server, host):
    host = host.format(port=server.port)
    for path in ("/", "/lesson/drawing.js", POLLING, "/nothing"):
        assert server.ask(path, host) == 421
    for path in (SOCKET, "/stream/x"):
        assert server.ask_for_socket(path, host) == 403


def test_foreign_address__is_told_what_to_do(server):
    text = server.fetch("/", "klassrum.skola.example")[1]
    assert "This page has no address klassrum.skola.example." in text
    assert "--host klassrum.skola.example" in text


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "http://127.0.0.1:1", "http://evil.example@127.0.0.1", "http://["],
)
def test_other_page__reaches_no_socket(server, origin):
    for path in (SOCKET, "/stream/x"):
        assert server.ask_for_socket(path, Origin=origin) == 403
    assert server.ask(POLLING, Origin=origin) == 403
    assert server.ask(POLLING, method="POST", Origin=origin) == 403


def test_what_there_is_not__makes_no_page(server):
    assert server.fetch("/nothing/here") == (404, "not found")


# the address is told when it can be reached


@pytest.fixture(scope="module")
def seen(tmp_path_factory) -> Path:
    """Return the file in which the browser of the wide server notes how it was answered."""
    return tmp_path_factory.mktemp("seen") / "seen.txt"


@pytest.fixture(scope="module")
def wide(seen) -> Iterator[Server]:
    """Return a server that listens at every address, opens a browser and has room for three pages."""
    fetch = seen.with_name("fetch.py")
    fetch.write_text(
        "import sys, urllib.request\n"
        "text = str(urllib.request.urlopen(sys.argv[1], timeout=60).status)\n"
        f"open({str(seen)!r}, 'w').write(text)\n",
        "utf-8",
    )
    options = ("--browser", "--pages", "3", "--language", "sv")
    opened = Server(seen.parent, *options, host="0.0.0.0", BROWSER=f"{sys.executable} {fetch} %s")
    yield opened
    opened.close()


def test_address__is_told_and_opened_when_it_can_be_reached(wide, seen):
    assert f"http://127.0.0.1:{wide.port}/ " in wide.line
    assert wide.ask("/lesson/drawing.js") == 200
    while not seen.exists() or not seen.read_text():
        assert wide.process.poll() is None
    assert seen.read_text() == "200"


def test_every_address_of_the_machine__is_its_own(wide):
    for host in ("192.168.4.20", "10.1.2.3:80", "[fe80::1]", socket.gethostname()):
        assert wide.ask("/lesson/drawing.js", host) == 200
    for host in ("evil.example", "192.168.4.20.evil.example", "192.168.4"):
        assert wide.ask("/lesson/drawing.js", host) == 421


@pytest.mark.parametrize(
    ("host", "reason"),
    [("127.0.0.1", "address already in use"), ("203.0.113.1", "cannot assign"), ("a..b", "label")],
)
def test_address_that_cannot_be_had__is_one_message(server, host, reason):
    with pytest.raises(SegsimError, match=f"^{host}:{server.port}: .*{reason}") as refused:
        listen_at(host, server.port)
    assert str(refused.value).endswith("; choose another with --port or --host")


# how many


def test_full_house__says_so_and_serves_those_who_are_in(wide):
    with wide.greeted(wide.open_page()):
        answers = [wide.fetch("/")]
        while answers[-1][0] != 503 and len(answers) < 50:
            answers.append(wide.fetch("/"))
        assert answers[-1][1].startswith("3 sidor är öppna")
        assert wide.ask("/lesson/drawing.js") == 200


def test_page_whose_browser_never_answers__is_given_no_lesson(server):
    client = server.open_page()
    for _ in range(3):
        with server.connect(f"/stream/{client}") as stream, pytest.raises(ConnectionClosed) as closed:
            stream.recv(PATIENCE)
        assert closed.value.rcvd.code == 1013
    with server.greeted(client), server.connect(f"/stream/{client}") as stream:
        assert isinstance(stream.recv(PATIENCE), bytes)
    with server.connect("/stream/nobody") as stream, pytest.raises(ConnectionClosed) as closed:
        stream.recv(PATIENCE)
    assert closed.value.rcvd.code == 4404


# what no page sends

ODD = (
    [],
    {},
    None,
    3,
    "text",
    [[]],
    {"client_id": []},
    {"client_id": "nobody"},
    {"client_id": "CLIENT"},
    {"client_id": "CLIENT", "id": 4},
    {"client_id": "CLIENT", "id": "four", "listener_id": 7, "args": 8},
    {"client_id": "CLIENT", "id": 4, "listener_id": "none", "args": ["{"]},
    {"client_id": "CLIENT", "next_message_id": "soon"},
    {"client_id": "CLIENT", "level": "loud", "message": "x"},
    {"client_id": "CLIENT", "level": "error", "message": "\x1b[31mred\nTraceback (most recent call last)"},
    {"client_id": "CLIENT", "request_id": {}},
)
EVENTS = ("event", "handshake", "ack", "log", "javascript_response", "connect", "disconnect", "nothing")
RAW = (
    "4",
    "42",
    "42[",
    "42{}",
    "421",
    "43",
    "49",
    "451-[]",
    "9",
    "",
    "4x",
    "42" + "[" * 4000,
    "40/admin,",
    "44",
)


def test_odd_messages__leave_one_plain_line_a_kind_and_the_page_alive(server):
    client = server.open_page()
    for _ in range(2):
        with server.greeted(client) as link:
            for name in EVENTS:
                for odd in ODD:
                    link.send("42" + json.dumps([name, odd]).replace("CLIENT", client))
            link.send("42" + json.dumps(["event"]))
        for raw in RAW:
            with server.connect(SOCKET) as link:
                link.recv(PATIENCE)
                link.send("40")
                link.send(raw)
                link.send(b"\xff\xfe")
                link.send("40")
        assert server.ask(POLLING + "&sid=" + quote("\x1b[31m")) == 400
    client = server.open_page()
    with server.greeted(client), server.connect(f"/stream/{client}") as stream:
        assert isinstance(stream.recv(PATIENCE), bytes)
    said = server.errors.read_text("utf-8")
    assert "Traceback" not in said.replace("red Traceback", "")
    assert "\x1b" not in said
    lines = said.splitlines()
    assert len(lines) == len(set(lines))
    assert len(lines) < 40
    assert all(len(line) < 200 for line in lines)
    assert any("could not be followed (KeyError, nicegui.py line" in line for line in lines)


@pytest.mark.parametrize(
    ("key", "value"),
    [("schools", 10**9), ("beta", float("nan")), ("rule", "none"), ("wanted", "0,5"), ("speed", 9)],
)
def test_setting_no_control_offers__changes_nothing(key, value):
    before = PRESETS["schools"]
    assert apply_changes(before, {key: value}) == before
    assert apply_changes(before, {"schools": 9}).schools == 9
