"""A site served on this machine, for looking while it is written; browsers follow each change.

Comes in: a maker of the site's files by their path in its folder, the path that the folder stands
for (empty, or `/fz`), what to watch. Goes out: pages on a loopback address, each with or without a
slash at its end. All files are held in memory: a request never reaches the disk. Times are in
seconds.
Sources: RFC 9110 (HTTP), RFC 6761 (localhost), the HTML standard, 9.2 (server-sent events).
Limits: HTTP/1.0, GET and HEAD only. A browser opens six connections to a host, and each tab holds
one: the seventh tab waits. A base path that changes takes a new server.
"""

from __future__ import annotations

import hashlib
import os
import socket
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path, PurePosixPath
from socketserver import TCPServer
from threading import Condition, Event, Lock, Thread
from types import TracebackType
from typing import Any, Self, cast
from urllib.parse import unquote

from stickergen.problem import InputError, MissingError, Problem
from stickergen.website.site import INDEX, NOT_FOUND

HOST = "127.0.0.1"
"""The address that is bound: nobody else on the network can ask."""

NAMES = (HOST, "localhost")
"""Hosts that a browser may ask for. Any other is a page elsewhere whose name was bent to this
machine (DNS rebinding)."""

POLL_S = 0.5
"""Between two looks at the watched files. Tuned: shorter than the way from editor to browser."""

BEAT_S = 15.0
"""Between two comments on a silent stream: so that one whose browser is gone is noticed (HTML
standard, 9.2.7)."""

RETRY_MS = 500
"""After which a browser asks again for a stream that broke off. Tuned: pages are back as soon as
the server is."""

PATIENCE_S = 10.0
"""How long a browser may take over its request. Tuned: it is on the same machine."""

EVENTS = "/.reload"
"""Where changes are told; no address of a campaign begins with a dot."""

HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
"""Of every answer."""

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/vnd.microsoft.icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".xml": "application/xml",
}
"""What a file is, by the end of its name. Not from the system's list: Windows lets programs change
that one."""

RELOAD_SCRIPT = """\
(() => {
  let [seen] = performance.getEntriesByType("navigation").flatMap(
    (page) => page.serverTiming.map((one) => one.description));
  const listen = () => {
    const events = new EventSource("EVENTS");
    events.onmessage = ({ data }) => {
      if (seen && seen !== data) location.reload();
      seen = data;
    };
    events.onerror = () => {
      if (events.readyState === EventSource.CLOSED) setTimeout(listen, 1000);
    };
  };
  listen();
})();
""".replace("EVENTS", EVENTS)
"""For pages that are made to be looked at: loads the page anew when the site has changed, also
when it did so before the page could listen, or while the server was away. The one header of its own
answer that a script can read is Server-Timing (W3C Server Timing, 3): it tells the page's state."""

Files = Mapping[str, bytes]
Stamps = dict[str, tuple[int, int]]


class LocalServer:
    """Serves what `make` makes, from entering it until leaving it.

    `told` hears after each change what is wrong now, or of nothing; while something is, the last
    good pages stay. InputError if the first pages cannot be made, or the port is taken; port 0 is
    any free one.
    """

    def __init__(
        self,
        make: Callable[[], Files],
        base_path: str = "",
        *,
        port: int = 0,
        watched: Sequence[Path] = (),
        told: Callable[[Sequence[Problem]], None] = lambda problems: None,
    ) -> None:
        assert not base_path or (base_path.startswith("/") and not base_path.endswith("/"))
        self._make, self._watched, self._told = make, tuple(watched), told
        self._stamps = _stamps(self._watched)
        self._base_path = base_path
        self._shelf = _Shelf(make(), base_path)
        self._http = _bound(port, self._shelf)
        self._left = Event()
        self._accepting = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.1})

    @property
    def origin(self) -> str:
        """Scheme, host and port: what stands before the path of every page."""
        return f"http://{HOST}:{self._http.server_port}"

    @property
    def url(self) -> str:
        """The address of the overview."""
        return f"{self.origin}{self._base_path}/"

    def __enter__(self) -> Self:
        self._accepting.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._left.set()
        self._shelf.close()
        self._http.shutdown()
        self._accepting.join()
        self._http.server_close()

    def watch(self) -> None:
        """Look again and again until interrupted.

        In the caller's thread: Ctrl+C comes there, and a wait without end would keep it waiting on
        Windows.
        """
        while not self._left.wait(POLL_S):
            self.look()

    def look(self) -> bool:
        """Make the pages anew if a watched file changed, came or went; whether one did."""
        stamps = _stamps(self._watched)
        if stamps == self._stamps:
            return False
        self._stamps = stamps
        problems: Sequence[Problem] = ()
        try:
            self._shelf.renew(self._make())
        except InputError as error:
            problems = error.problems
        except MissingError as error:
            problems = [error.problem]
        self._told(problems)
        return True


@dataclass(frozen=True, slots=True)
class _State:
    """The site at a moment: the name of the file at each path, and a digest of no other site."""

    files: Files
    names: Mapping[str, str]
    digest: str

    @classmethod
    def of(cls, files: Files, base_path: str) -> _State:
        names = {}
        digest = hashlib.sha256()
        for name, content in sorted(files.items()):
            path = f"{base_path}/{name}"
            names[path] = name
            if path.endswith(f"/{INDEX}"):
                folder = path.removesuffix(INDEX)
                names[folder] = names[folder.removesuffix("/")] = name
            digest.update(f"{len(name)} {len(content)} {name}".encode() + content)
        return cls(files, names, digest.hexdigest()[:16])


class _Shelf:
    """The state of the site now; all threads look at it, some wait for another."""

    def __init__(self, files: Files, base_path: str) -> None:
        self._base_path = base_path
        self.state = _State.of(files, base_path)
        self._changed = Condition()
        self._closed = False

    def renew(self, files: Files) -> None:
        """Other files from now on; who waits for a change hears of it."""
        with self._changed:
            self.state = _State.of(files, self._base_path)
            self._changed.notify_all()

    def close(self) -> None:
        """Let everybody go who waits for a change."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def changes(self) -> Iterator[str | None]:
        """The digest now and after each change, or None after a long silence, until closed."""
        last = None
        while not self._closed:
            digest = self.state.digest
            yield None if digest == last else digest
            self._await_other(digest)
            last = digest

    def _await_other(self, digest: str) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self.state.digest != digest, BEAT_S)


class _Server(ThreadingHTTPServer):
    """A thread for each connection; all of them end with the server."""

    daemon_threads = False
    request_queue_size = 64
    allow_reuse_address = os.name != "nt"
    """Windows would let two servers share the port, and requests fall to either."""

    def __init__(self, port: int, shelf: _Shelf) -> None:
        self.shelf = shelf
        self._open: set[socket.socket] = set()
        self._lock = Lock()
        super().__init__((HOST, port), _Handler)

    def server_bind(self) -> None:
        """Bind without asking a name server who this machine is, as HTTPServer does."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def close_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        super().close_request(request)

    def server_close(self) -> None:
        """Break off what is still open, then wait for its threads."""
        with self._lock:
            for request in self._open:
                with suppress(OSError):
                    request.shutdown(socket.SHUT_RDWR)
        super().server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that hangs up is no fault; all else is a programmer's mistake and is seen."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    timeout = PATIENCE_S
    server_version = "stickergen"
    sys_version = ""

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def end_headers(self) -> None:
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the terminal is for the problems of the content."""

    def _answer(self) -> None:
        if _host_name(self.headers.get("Host", "")) not in NAMES:
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
            return
        path = unquote(self.path.partition("?")[0], errors="replace")
        shelf = cast(_Server, self.server).shelf
        if path == EVENTS:
            self._tell(shelf)
            return
        state = shelf.state
        status = HTTPStatus.OK if path in state.names else HTTPStatus.NOT_FOUND
        name = state.names.get(path, NOT_FOUND)
        content = state.files.get(name, b"")
        headers = {
            "Content-Type": TYPES.get(PurePosixPath(name).suffix, "application/octet-stream"),
            "Content-Length": str(len(content)),
            "Server-Timing": f'site;desc="{state.digest}"',
        }
        self._begin(status, headers)
        if self.command != "HEAD":
            self.wfile.write(content)

    def _tell(self, shelf: _Shelf) -> None:
        """The digest of the site now, and again whenever it changes, as events."""
        self._begin(HTTPStatus.OK, {"Content-Type": "text/event-stream"})
        if self.command == "HEAD":
            return
        self.wfile.write(f"retry: {RETRY_MS}\n\n".encode())
        for digest in shelf.changes():
            self.wfile.write(f"data: {digest}\n\n".encode() if digest else b":\n\n")

    def _begin(self, status: HTTPStatus, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()


def _bound(port: int, shelf: _Shelf) -> _Server:
    """A server that holds this port, not yet serving; a Problem names a port that is free."""
    try:
        return _Server(port, shelf)
    except OSError as error:
        with socket.create_server((HOST, 0)) as other:
            free = other.getsockname()[1]
        raise InputError([Problem("port-busy", None, {"port": port, "free": free})]) from error


def _host_name(header: str) -> str:
    """The name in a Host header, without its port."""
    return header.partition(":")[0].lower()


def _stamps(watched: Sequence[Path]) -> Stamps:
    """When each watched file was last written, and its size; of folders, every file inside."""
    found: Stamps = {}
    for path in watched:
        inside = [os.path.join(top, name) for top, _, names in os.walk(path) for name in names]
        for file in inside or [str(path)]:
            with suppress(OSError):  # a file that is not there, or is gone again
                status = os.stat(file)
                found[file] = (status.st_mtime_ns, status.st_size)
    return found
