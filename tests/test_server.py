"""A site on this machine: what is served and what is not, and how browsers hear of changes.

Real sockets on loopback; requests are written by hand where a client would mend them.
"""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickergen.problem import InputError, Place, Problem, worded
from stickergen.website import server
from stickergen.website.server import HEADERS, LocalServer

SITE: dict[str, bytes] = {
    "index.html": b"overview",
    "kefu/index.html": "客服".encode(),
    "kefu/j01/index.html": "客服".encode(),
    "kefu/card.png": b"\x89PNG",
    "404.html": b"nothing here",
    "robots.txt": b"User-agent: *",
    "sitemap.xml": b"<urlset/>",
    "font.bin": b"?",
}


@dataclass
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes


def asked(at: LocalServer, target: str, *, method: str = "GET", host: str | None = None) -> Reply:
    """What a request of exactly this target gets."""
    port = urlsplit(at.url).port
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.putrequest(method, target, skip_host=True)
        if host != "":
            connection.putheader("Host", host or f"127.0.0.1:{port}")
        connection.endheaders()
        response = connection.getresponse()
        return Reply(response.status, dict(response.getheaders()), response.read())
    finally:
        connection.close()


@pytest.fixture(scope="module")
def plain() -> Iterator[LocalServer]:
    with LocalServer(lambda: SITE) as running:
        yield running


@pytest.fixture(scope="module")
def mounted() -> Iterator[LocalServer]:
    with LocalServer(lambda: SITE, "/fz") as running:
        yield running


# --- what is served ---


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("/", "index.html"),
        ("/kefu", "kefu/index.html"),
        ("/kefu/", "kefu/index.html"),
        ("/kefu/j01", "kefu/j01/index.html"),
        ("/kefu/j01/", "kefu/j01/index.html"),
        ("/kefu/index.html", "kefu/index.html"),
        ("/kefu?0012-3456*", "kefu/index.html"),
        ("/kefu/?a=/touzi", "kefu/index.html"),
        ("/k%65fu", "kefu/index.html"),
        ("/kefu/card.png", "kefu/card.png"),
    ],
)
def test_an_address_gives_its_page(plain: LocalServer, target: str, name: str) -> None:
    reply = asked(plain, target)
    assert (reply.status, reply.body) == (200, SITE[name])


@pytest.mark.parametrize("target", ["/fz", "/fz/", "/fz/?x"])
def test_the_folder_stands_for_its_base_path(mounted: LocalServer, target: str) -> None:
    reply = asked(mounted, target)
    assert (reply.status, reply.body) == (200, SITE["index.html"])
    assert mounted.url == f"{mounted.origin}/fz/"
    assert asked(mounted, "/fz/kefu").body == SITE["kefu/index.html"]


@pytest.mark.parametrize("target", ["/", "/kefu", "/fzkefu", "/fz//kefu", "/fz/fz/", "/FZ/"])
def test_outside_the_base_path_is_nothing(mounted: LocalServer, target: str) -> None:
    reply = asked(mounted, target)
    assert (reply.status, reply.body) == (404, SITE["404.html"])


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("/kefu", "text/html; charset=utf-8"),
        ("/nowhere", "text/html; charset=utf-8"),
        ("/kefu/card.png", "image/png"),
        ("/robots.txt", "text/plain; charset=utf-8"),
        ("/sitemap.xml", "application/xml"),
        ("/font.bin", "application/octet-stream"),
    ],
)
def test_an_answer_says_what_it_is(plain: LocalServer, target: str, kind: str) -> None:
    assert asked(plain, target).headers["Content-Type"] == kind


@pytest.mark.parametrize("target", ["/", "/nowhere", "/kefu/card.png", "http://elsewhere/"])
@pytest.mark.parametrize("host", [None, "elsewhere.example"])
def test_every_answer_is_guarded(plain: LocalServer, target: str, host: str | None) -> None:
    reply = asked(plain, target, host=host)
    assert HEADERS.items() <= reply.headers.items()
    assert "Python" not in reply.headers["Server"]


def test_head_is_get_without_the_page(plain: LocalServer) -> None:
    for target in ("/kefu", "/nowhere", "/.reload"):
        assert asked(plain, target, method="HEAD").body == b""
    whole, head = asked(plain, "/kefu"), asked(plain, "/kefu", method="HEAD")
    assert head.headers["Content-Length"] == whole.headers["Content-Length"] == "6"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "X"])
def test_other_methods_are_refused(plain: LocalServer, method: str) -> None:
    assert asked(plain, "/", method=method).status == 501


def test_a_site_without_a_page_for_nothing() -> None:
    with LocalServer(lambda: {"index.html": b"x"}) as running:
        reply = asked(running, "/nowhere")
    assert (reply.status, reply.body) == (404, b"")


# --- what is not ---


@pytest.mark.parametrize(
    "target",
    [
        "/../pyproject.toml",
        "/../../../../../../etc/passwd",
        "/kefu/../../pyproject.toml",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2fetc%2fpasswd",
        "/..\\..\\windows\\win.ini",
        "/%00",
        "/kefu%00.html",
        "//etc/passwd",
        "/pyproject.toml",
        "/kefu/card.png/",
        "/kefu//",
        "file:///etc/passwd",
        "http://127.0.0.1/kefu",
        "*",
        "/%ff%fe",
    ],
)
def test_nothing_but_the_site_is_there(plain: LocalServer, target: str) -> None:
    reply = asked(plain, target)
    assert (reply.status, reply.body) == (404, SITE["404.html"])


@given(st.text(st.characters(codec="latin-1", exclude_characters=" \t\r\n\v\f"), min_size=1))
def test_any_target_is_a_page_of_the_site_or_nothing(plain: LocalServer, target: str) -> None:
    line = f"GET /{target} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode("latin-1")
    reply = exchanged(plain, line)
    body = reply.partition(b"\r\n\r\n")[2]
    assert reply.startswith((b"HTTP/1.0 200 ", b"HTTP/1.0 404 ", b"HTTP/1.0 400 "))
    assert body in SITE.values() or reply.startswith(b"HTTP/1.0 400 ")


@pytest.mark.parametrize(
    "line", [b"\r\n\r\n", b"\x16\x03\x01\0\xff", b"GET\r\n\r\n", b"G" * 70_000]
)
def test_nonsense_is_survived(
    plain: LocalServer, line: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    exchanged(plain, line)
    assert asked(plain, "/").status == 200
    assert capfd.readouterr() == ("", "")


def exchanged(at: LocalServer, sent: bytes) -> bytes:
    """All that comes back for these bytes."""
    with connected(at) as client:
        client.sendall(sent)
        client.shutdown(socket.SHUT_WR)
        received = b""
        try:
            while chunk := client.recv(65536):
                received += chunk
        except ConnectionError:
            pass
        return received


def connected(at: LocalServer) -> socket.socket:
    return socket.create_connection(("127.0.0.1", urlsplit(at.url).port or 0), timeout=5)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:80", "127.0.0.1", "localhost:99999"])
def test_this_machine_may_be_asked(plain: LocalServer, host: str) -> None:
    assert asked(plain, "/", host=host).status == 200


@pytest.mark.parametrize(
    "host", ["", "evil.example", "evil.example:80", "127.0.0.1.evil.example", "0.0.0.0", "[::1]:80"]
)
def test_a_name_bent_to_this_machine_gets_nothing(plain: LocalServer, host: str) -> None:
    for target in ("/", "/.reload", "/nowhere"):
        reply = asked(plain, target, host=host)
        assert reply.status == 421
        assert reply.body not in SITE.values()


def test_nobody_else_on_the_network_can_ask(plain: LocalServer) -> None:
    assert urlsplit(plain.url).hostname == "127.0.0.1"
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", urlsplit(plain.url).port or 0), timeout=5)


def test_the_port_that_is_asked_for_is_used_or_told() -> None:
    with LocalServer(lambda: SITE) as first:
        port = urlsplit(first.url).port
        assert port is not None
        with pytest.raises(InputError) as raised:
            LocalServer(lambda: SITE, port=port)
        (problem,) = raised.value.problems
        assert problem.code == "port-busy"
        assert problem.values["port"] == port
        assert f"--port {problem.values['free']}" in worded(problem, "zh").hint
        with LocalServer(lambda: SITE, port=problem.values["free"]) as second:
            assert asked(second, "/").status == 200
    with LocalServer(lambda: SITE, port=port) as again:
        assert again.url == first.url


# --- changes ---


@dataclass
class Desk:
    """A site that is made from the files of a folder, and what its maker was told."""

    folder: Path
    told: list[Sequence[Problem]] = field(default_factory=list)
    made: int = 0

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def make(self) -> dict[str, bytes]:
        self.made += 1
        text = "".join(path.read_text() for path in sorted(self.folder.rglob("*.yaml")))
        if "wrong" in text:
            raise InputError([Problem("empty-file", Place("campaign.yaml"))])
        return {"index.html": text.encode()}

    def serve(self) -> LocalServer:
        return LocalServer(self.make, watched=[self.folder], told=self.told.append)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path)
    made.write("campaign.yaml", "one")
    return made


def test_nothing_is_made_anew_while_nothing_changes(desk: Desk) -> None:
    with desk.serve() as running:
        assert not running.look()
        assert not running.look()
    assert (desk.made, desk.told) == (1, [])


def written(desk: Desk) -> None:
    desk.write("campaign.yaml", "one, and more")


def touched(desk: Desk) -> None:
    os.utime(desk.folder / "campaign.yaml", ns=(1, 1))


def added(desk: Desk) -> None:
    desk.write("scams/new.yaml", "two")


def taken_away(desk: Desk) -> None:
    (desk.folder / "campaign.yaml").unlink()


def renamed(desk: Desk) -> None:
    (desk.folder / "campaign.yaml").rename(desk.folder / "other.yaml")


@pytest.mark.parametrize("change", [written, touched, added, taken_away, renamed])
def test_every_change_is_seen_once(desk: Desk, change: Callable[[Desk], None]) -> None:
    with desk.serve() as running:
        change(desk)
        assert running.look()
        assert not running.look()
        assert asked(running, "/").body == desk.make()["index.html"]
    assert desk.told == [()]


def test_a_watched_file_may_be_missing_and_come(tmp_path: Path) -> None:
    file = tmp_path / "style.css"
    with LocalServer(lambda: SITE, watched=[file, tmp_path / "no-folder"]) as running:
        assert not running.look()
        file.write_text("p{}")
        assert running.look()


def test_the_last_good_pages_stay_while_something_is_wrong(desk: Desk) -> None:
    with desk.serve() as running:
        desk.write("campaign.yaml", "wrong!")
        running.look()
        assert asked(running, "/").body == b"one"
        desk.write("campaign.yaml", "right again")
        running.look()
        assert asked(running, "/").body == b"right again"
    assert [[problem.code for problem in problems] for problems in desk.told] == [
        ["empty-file"],
        [],
    ]


def test_what_is_wrong_from_the_start_is_raised(desk: Desk) -> None:
    desk.write("campaign.yaml", "wrong")
    with pytest.raises(InputError):
        desk.serve()


class Stream:
    """The events of a server, as they come."""

    def __init__(self, at: LocalServer) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(at.url).netloc, timeout=5)
        self._connection.request("GET", "/.reload")
        self.response = self._connection.getresponse()

    def event(self) -> bytes:
        """The next comment or piece of data; nothing at the end of the stream."""
        lines = iter(self.response.readline, b"")
        return next((line for line in lines if line.startswith((b":", b"data: "))), b"")

    def close(self) -> None:
        self.response.close()
        self._connection.close()


@pytest.fixture
def listen() -> Iterator[Callable[[LocalServer], Stream]]:
    with ExitStack() as streams:
        yield lambda at: streams.enter_context(closing(Stream(at)))


Listen = Callable[[LocalServer], Stream]


def test_browsers_hear_of_a_change(desk: Desk, listen: Listen) -> None:
    with desk.serve() as running:
        first, second = listen(running), listen(running)
        assert first.response.headers["Content-Type"] == "text/event-stream"
        before = first.event()
        assert before.startswith(b"data: ")
        assert second.event() == before
        desk.write("campaign.yaml", "something else")
        running.look()
        after = first.event()
        assert after.startswith(b"data: ")
        assert after != before
        assert second.event() == listen(running).event() == after


def test_browsers_hear_nothing_where_the_pages_stay_as_they_are(
    desk: Desk, listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "BEAT_S", 0.05)
    with desk.serve() as running:
        stream = listen(running)
        stream.event()
        touched(desk)
        running.look()
        desk.write("campaign.yaml", "wrong")
        running.look()
        assert {stream.event() for _ in range(4)} == {b":\n"}


def test_a_server_that_comes_back_with_the_same_pages_is_the_same(
    desk: Desk, listen: Listen
) -> None:
    with desk.serve() as running:
        before = listen(running).event()
    with desk.serve() as again:
        assert listen(again).event() == before


def test_a_stream_ends_when_its_browser_is_gone(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(server, "BEAT_S", 0.01)
    with desk.serve() as running:
        threads = threading.active_count()
        stream = Stream(running)
        stream.event()
        assert threading.active_count() == threads + 1
        stream.close()
        until(lambda: threading.active_count() == threads)
    assert capfd.readouterr() == ("", "")


def test_watching_looks_until_it_is_left(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "POLL_S", 0.01)
    with desk.serve() as running:
        watching = threading.Thread(target=running.watch)
        watching.start()
        desk.write("campaign.yaml", "something else")
        until(lambda: len(desk.told) > 0)
        assert asked(running, "/").body == b"something else"
    watching.join(5)
    assert not watching.is_alive()


def until(condition: Callable[[], bool]) -> None:
    """Wait for something that another thread does."""
    last = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < last
        time.sleep(0.005)


# --- the end ---


def test_leaving_ends_open_streams_and_idle_connections_at_once(desk: Desk, listen: Listen) -> None:
    before = threading.active_count()
    with desk.serve() as running:
        streams = [listen(running) for _ in range(3)]
        for stream in streams:
            stream.event()
        idle = connected(running)
        until(lambda: threading.active_count() == before + 5)
        began = time.monotonic()
    assert time.monotonic() - began < 2
    assert threading.active_count() == before
    assert [stream.event() for stream in streams] == [b""] * 3
    idle.close()


def test_ctrl_c_ends_at_once(tmp_path: Path) -> None:
    """In a process of its own, with a stream open: as in a terminal."""
    code = (
        "from stickergen.website.server import LocalServer\n"
        "with LocalServer(lambda: {'index.html': b'x'}) as running:\n"
        "    print(running.url, flush=True)\n"
        "    running.watch()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    url = urlsplit(process.stdout.readline().strip())
    connection = http.client.HTTPConnection(url.netloc, timeout=5)
    connection.request("GET", "/.reload")
    response = connection.getresponse()
    response.readline()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=5)
    response.close()
    connection.close()
    assert errors.rstrip().endswith("KeyboardInterrupt")
    assert process.returncode == -signal.SIGINT
