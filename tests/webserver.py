"""A server of raw bytes on loopback: each path has an answer, sent piece by piece as it is written.

`webs` starts some, and ends them; `tried` is what comes of an address there.
"""

from __future__ import annotations

import socket
import socketserver
import ssl
import struct
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from stickergen.content.link import Address
from stickergen.problem import Place, worded
from stickergen.website import mark, reach
from stickergen.website.reach import Reached

HOST = "hs.example.com"
KEFU = Address(f"https://{HOST}/kefu", "kefu")
PLACE = Place("campaign.yaml", 18, 9)

Answer = bytes | Callable[[], Iterable[bytes]]


def page(page_id: str) -> bytes:
    return f'<!doctype html><meta name="{mark.NAME}" content="{page_id}">'.encode()


def answer(body: bytes = b"", status: str = "200 OK", /, **headers: str) -> bytes:
    """A whole answer; header names with underscores."""
    fields = {"Content_Type": "text/html; charset=utf-8", "Content_Length": str(len(body))}
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in (fields | headers).items()]
    head = "\r\n".join([f"HTTP/1.1 {status}", "Connection: close", *lines])
    return head.encode("latin-1") + b"\r\n\r\n" + body


def redirect(location: str, **headers: str) -> bytes:
    return answer(b"", "302 Found", Location=location, **headers)


GOOD = answer(page("kefu"))


class Web(socketserver.ThreadingTCPServer):
    """Answers by path; counts connections and keeps the head of each request."""

    daemon_threads = False
    request_queue_size = 64

    def __init__(self, answers: dict[str, Answer], tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.answers, self.tls = answers, tls
        self.heads: list[str] = []
        self.connections = 0
        self.over = threading.Event()
        self.lock = threading.Lock()
        self._thread = threading.Thread(target=self.serve_forever, args=[0.02])

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def origin(self) -> str:
        return f"{'https' if self.tls else 'http'}://localhost:{self.port}"

    @property
    def paths(self) -> list[str]:
        return [head.split()[1] for head in self.heads]

    def __enter__(self) -> Web:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.over.set()
        self.shutdown()
        self._thread.join()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up are what these tests are about."""


class _Talk(socketserver.BaseRequestHandler):
    server: Web

    def handle(self) -> None:
        web = self.server
        with web.lock:
            web.connections += 1
        try:
            self.request.settimeout(5)
            if web.tls:
                self.request = web.tls.wrap_socket(self.request, server_side=True)
            self._talk()
        finally:
            self.request.close()

    def _talk(self) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            if not (received := self.request.recv(4096)):
                return
            head += received
        self.server.heads.append(head.decode())
        found = self.server.answers.get(head.split()[1].decode(), answer(b"", "404 Not Found"))
        for piece in [found] if isinstance(found, bytes) else found():
            if piece is RESET:
                self.request.setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
                )
                return
            self.request.sendall(piece)


RESET = b"(reset)"
"""Stands for breaking the connection off."""


@contextmanager
def webs() -> Iterator[Callable[..., Web]]:
    """Starts servers: `web({"/kefu": GOOD})`."""
    with ExitStack() as servers:

        def start(answers: dict[str, Answer], tls: ssl.SSLContext | None = None) -> Web:
            return servers.enter_context(Web(answers, tls))

        yield start


Start = Callable[..., Web]


def tried(at: Web | str, address: Address = KEFU, hosts: Iterable[str] = (HOST,)) -> Reached:
    """What comes of one address at a server's origin."""
    origin = at if isinstance(at, str) else at.origin
    (one,) = reach.reach([address], hosts, at=origin)
    return one


def is_clean(one: Reached) -> bool:
    """Whether all that is told of it may stand on a terminal."""
    wordings = [worded(problem, "zh") for problem in reach.problems([one], PLACE)]
    return all(text.isprintable() for w in wordings for text in (w.sentence, w.hint, one.url))
