"""Addresses tried on loopback: servers that are well, and every way in which they may not be."""

from __future__ import annotations

import gzip
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from webserver import (
    GOOD,
    HOST,
    KEFU,
    PLACE,
    RESET,
    Answer,
    Start,
    answer,
    is_clean,
    page,
    redirect,
    tried,
)

from stickergen.content.link import Address
from stickergen.website import reach
from stickergen.website.reach import AT_ONCE, MOST_BYTES, MOST_REDIRECTS, Outcome

# --- what is well ---


def test_a_page_that_is_there(web: Start) -> None:
    site = web({"/kefu": GOOD})
    one = tried(site)
    assert (one.outcome, one.url, one.address) == ("ok", f"{site.origin}/kefu", KEFU)
    assert 0 < one.elapsed_s < 5
    assert reach.problems([one], PLACE) == []


def test_the_server_is_told_who_asks(web: Start) -> None:
    site = web({"/kefu": GOOD})
    tried(site)
    (head,) = site.heads
    assert head.startswith("GET /kefu HTTP/1.1\r\n")
    assert re.search(r"^User-Agent: stickergen-links/[0-9.]+ ", head, re.MULTILINE)
    assert "\r\nAccept-Encoding: identity\r\n" in head
    assert not re.search(r"^(Cookie|Authorization|Referer):", head, re.MULTILINE)


@pytest.mark.parametrize(
    "kind", ["text/html", "Text/HTML ; Charset=UTF-8", 'text/html; charset="utf-8"', "text/html;"]
)
def test_the_ways_to_say_html(web: Start, kind: str) -> None:
    assert tried(web({"/kefu": answer(page("kefu"), Content_Type=kind)})).outcome == "ok"


def test_a_page_without_a_length_in_many_pieces(web: Start) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
        for byte in page("kefu"):
            yield b"1\r\n" + bytes([byte]) + b"\r\n"
        yield b"0\r\n\r\n"

    assert tried(web({"/kefu": pieces})).outcome == "ok"


def test_a_page_that_comes_packed_unasked(web: Start) -> None:
    packed = answer(gzip.compress(page("kefu")), Content_Encoding="gzip")
    assert tried(web({"/kefu": packed})).outcome == "ok"


def test_outcomes_keep_the_order_of_the_addresses_and_are_counted(web: Start) -> None:
    names = [f"p{number:02}" for number in range(30)]

    def slowly(name: str, number: int) -> Callable[[], Iterator[bytes]]:
        def pieces() -> Iterator[bytes]:
            with site.lock:
                busy.append(busy[-1] + 1)
            time.sleep(0.03 if number % 3 else 0.06)
            with site.lock:
                busy.append(busy[-1] - 1)
            yield answer(page(name))

        return pieces

    site = web({f"/{name}": slowly(name, number) for number, name in enumerate(names)})
    told: list[tuple[int, int]] = []
    busy = [0]
    reached = reach.reach(
        [Address(f"https://{HOST}/{name}", name) for name in names],
        [HOST],
        at=site.origin,
        progress=lambda done, total: told.append((done, total)),
    )
    assert [(one.address.scam, one.outcome) for one in reached] == [(n, "ok") for n in names]
    assert told == [(number, 30) for number in range(1, 31)]
    assert sorted(site.paths) == [f"/{name}" for name in names]
    assert 1 < max(busy) <= AT_ONCE


# --- answers that are not the page ---

BOMB = gzip.compress(b"\0" * 50_000_000, mtime=0)

ANSWERS: list[tuple[Answer, Outcome, str]] = [
    (answer(b"", "404 Not Found"), "reach-not-found", "404"),
    (answer(page("kefu"), "404 Not Found"), "reach-not-found", "404"),
    (answer(b"", "410 Gone"), "reach-not-found", "410"),
    (answer(b"", "401 Unauthorized"), "reach-forbidden", "401"),
    (answer(b"", "403 Forbidden"), "reach-forbidden", "403"),
    (answer(b"", "500 Internal Server Error"), "reach-server-error", "500"),
    (answer(b"", "503 \x1b[2JDown"), "reach-server-error", "503"),
    (answer(b"", "429 Too Many Requests"), "reach-status", "429"),
    (answer(page("kefu"), "203 Non-Authoritative Information"), "reach-status", "203"),
    (answer(b"", "204 No Content"), "reach-status", "204"),
    (
        answer(page("kefu"), Content_Type="application/octet-stream"),
        "reach-not-html",
        "application/oct",
    ),
    (answer(page("kefu"), Content_Type="text/html5"), "reach-not-html", "text/html5"),
    (answer(page("kefu"), Content_Type=""), "reach-not-html", "—"),
    (
        answer(page("kefu"), Content_Type="a\x85\x9b31m" + "b" * 200),
        "reach-not-html",
        "a\\x85\\x9b31m",
    ),
    (answer(page("kefu"), Content_Type="text/html; charset=GBK"), "reach-charset", "gbk"),
    (answer(page("kefu"), Content_Type="text/html; charset="), "reach-charset", "charset="),
    (answer(page("kefu"), Content_Encoding="br"), "reach-packed", "br"),
    (answer(page("kefu"), Content_Encoding="gzip, gzip"), "reach-packed", "gzip, gzip"),
    (answer(b"not packed", Content_Encoding="gzip"), "reach-broken", "gzip"),
    (
        answer(gzip.compress(page("kefu"), mtime=0)[:-9], Content_Encoding="gzip"),
        "reach-broken",
        "gzip",
    ),
    (answer(BOMB, Content_Encoding="gzip"), "reach-too-large", f"{MOST_BYTES:,}"),
    (answer(page("kefu") + b" " * MOST_BYTES), "reach-too-large", f"{MOST_BYTES:,}"),
    (answer(b"<!doctype html><title>kefu</title>"), "reach-not-ours", ""),
    (answer(b""), "reach-not-ours", ""),
    (answer(page("touzi")), "reach-other-page", "touzi"),
    (answer(page("/")), "reach-other-page", "/"),
    (answer(page("kefu"), Content_Length="999"), "reach-broken", "RemoteProtocolError"),
    (answer(page("kefu"), Content_Length="-1"), "reach-broken", "RemoteProtocolError"),
    (b"SSH-2.0-OpenSSH_9.2\r\n", "reach-broken", "RemoteProtocolError"),
    (b"", "reach-broken", "RemoteProtocolError"),
    (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1_000_000, "reach-broken", "RemoteProtocolError"),
    (lambda: [RESET], "reach-broken", "ReadError"),
    (lambda: [GOOD[:-9], RESET], "reach-broken", "ReadError"),
]


@pytest.mark.parametrize(("sent", "outcome", "detail"), ANSWERS, ids=lambda value: str(value)[:24])
def test_answers_that_are_not_the_page(
    web: Start, sent: Answer, outcome: Outcome, detail: str
) -> None:
    one = tried(web({"/kefu": sent}))
    assert one.outcome == outcome
    assert one.detail.startswith(detail)
    assert is_clean(one)


def test_the_page_of_the_overview_is_its_own(web: Start) -> None:
    overview = Address(f"https://{HOST}/")
    assert tried(web({"/": answer(page("/"))}), overview).outcome == "ok"
    assert tried(web({"/": GOOD}), overview).outcome == "reach-other-page"


# --- answers that do not come ---


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in {"CONNECT_S": 0.2, "READ_S": 0.3, "DEADLINE_S": 0.6}.items():
        monkeypatch.setattr(reach, name, seconds)


def drip(start: bytes, piece: bytes, stop: threading.Event) -> Iterator[bytes]:
    """A piece every 0.05 s, for as long as anybody listens."""
    yield start
    while not stop.wait(0.05):
        yield piece


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize(
    ("start", "piece", "detail"),
    [
        (b"", b"", "0.3"),
        (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", "0.6"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n", "0.6"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page("kefu"), b" ", "0.6"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page("kefu"), b"", "0.3"),
    ],
    ids=["silence", "endless head", "endless promises", "endless page", "unfinished page"],
)
def test_a_server_that_never_ends(web: Start, start: bytes, piece: bytes, detail: str) -> None:
    stop = threading.Event()
    site = web({"/kefu": lambda: drip(start, piece, stop)})
    began = time.monotonic()
    one = tried(site)
    stop.set()
    assert (one.outcome, one.detail) == ("reach-slow", detail)
    assert time.monotonic() - began < 3


@pytest.mark.usefixtures("hasty")
def test_the_deadline_holds_for_all_redirects_together(web: Start) -> None:
    def later() -> Iterator[bytes]:
        time.sleep(0.25)
        yield redirect("/kefu")

    assert tried(web({"/kefu": later})).outcome == "reach-slow"


@pytest.mark.usefixtures("hasty")
def test_a_server_that_takes_no_part_in_tls() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        one = tried(f"https://127.0.0.1:{silent.getsockname()[1]}")
    assert (one.outcome, one.detail) == ("reach-no-answer", "0.2")


def test_a_port_where_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        origin = f"http://localhost:{gone.getsockname()[1]}"
    assert tried(origin).outcome == "reach-refused"


def test_a_name_that_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(host: str, *rest: object, **more: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, f"no {host}")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    (one,) = reach.reach([KEFU], [HOST])
    assert (one.outcome, one.url) == ("reach-no-name", KEFU.url)


# --- redirects ---


def test_redirects_to_the_page_itself(web: Start) -> None:
    site = web({"/kefu": redirect("/kefu/"), "/kefu/": redirect("index.html#top")})
    site.answers["/kefu/index.html"] = GOOD
    one = tried(site)
    assert (one.outcome, one.url) == ("ok", f"{site.origin}/kefu/index.html")


@pytest.mark.parametrize("status", ["301 x", "302 x", "303 x", "307 x", "308 x"])
def test_every_status_that_redirects(web: Start, status: str) -> None:
    moved = answer(b"moved", status, Location="/here")
    assert tried(web({"/kefu": moved, "/here": GOOD})).outcome == "ok"


def test_a_redirect_to_another_page_of_the_site(web: Start) -> None:
    one = tried(web({"/kefu": redirect("/"), "/": answer(page("/"))}))
    assert (one.outcome, one.detail) == ("reach-other-page", "/")


def test_as_many_redirects_as_are_followed(web: Start) -> None:
    answers: dict[str, Answer] = {"/kefu": redirect("/1")}
    answers |= {f"/{n}": redirect(f"/{n + 1}") for n in range(1, MOST_REDIRECTS)}
    site = web(answers | {f"/{MOST_REDIRECTS}": GOOD})
    assert tried(site).outcome == "ok"
    site.answers[f"/{MOST_REDIRECTS}"] = redirect("/more")
    one = tried(site)
    assert (one.outcome, one.detail) == ("reach-too-many-redirects", str(MOST_REDIRECTS))
    assert "/more" not in site.paths


def test_a_redirect_in_a_circle_that_wants_a_cookie(web: Start) -> None:
    site = web({"/kefu": redirect("/kefu", Set_Cookie="seen=1; Path=/")})
    assert tried(site).outcome == "reach-too-many-redirects"
    assert not any("Cookie:" in head for head in site.heads)


ELSEWHERE = [
    ("https://evil.example/kefu", "https://evil.example"),
    ("//evil.example/kefu", "https?://evil.example"),
    ("https://evil.hs.example.com/", "https://evil.hs.example.com"),
    ("https://hs.example.com.evil.example/", "https://hs.example.com.evil.example"),
    ("https://hs.example.com@evil.example/", "https://…@evil.example"),
    ("https://localhost:1/kefu", "https://localhost:1"),
    ("ftp://localhost/kefu", "ftp://localhost"),
    ("javascript:alert(1)", "javascript://"),
    ("file:///etc/passwd", "file://"),
    ("https://[zz/", ".*"),
    ("https://a:99999999/", "https://a:99999999"),
    ("/\x1b]0;x\x07", r".*"),
    ("https://" + "ä" * 300, ".*"),
]


@pytest.mark.parametrize(("location", "detail"), ELSEWHERE)
def test_redirects_that_are_not_followed(web: Start, location: str, detail: str) -> None:
    site = web({"/kefu": redirect(location)})
    one = tried(site)
    assert one.outcome in ("reach-redirect-elsewhere", "reach-broken")
    assert one.outcome == "reach-broken" or re.fullmatch(detail, one.detail)
    assert site.paths == ["/kefu"]
    assert is_clean(one)


@given(st.text(st.characters(codec="latin-1")) | st.from_regex(r"[a-z]{0,6}:?//?[@a-z.:\[\]0-9/]*"))
@example("https://hs.example.com:443/kefu")
@example("https://www.example.org")
def test_no_redirect_leads_off_the_list(location: str) -> None:
    asker = reach._Asker([HOST, "www.example.org"], None)
    told, target = "", f"https://{HOST}/"
    try:
        target = str(asker._target([httpx.URL(KEFU.url)], location))
    except reach._Failed as failed:
        told = failed.detail
    assert re.fullmatch(r"https://(hs\.example\.com|www\.example\.org)(/[!-~]*)?", target)
    assert told.isprintable()
    assert len(told) <= 40
