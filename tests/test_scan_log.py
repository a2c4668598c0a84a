"""Lines of logs → requests, files → lines: hostile input throughout."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import string
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickergen.problem import InputError, worded
from stickergen.scans import logfile
from stickergen.scans.log import Request, moment, request_of, requests
from stickergen.scans.logfile import HEAD_LINES, MOST_BYTES_A_LINE, logs

COMMON = '1.2.3.4 - - [13/Nov/2020:08:00:01 +0800] "GET /kefu?7 HTTP/1.1" 200 512'
COMBINED = f'{COMMON} "-" "Mozilla/5.0 (X)"'
PLAIN = Request(
    "13/Nov/2020:08:00:01 +0800", None, "1.2.3.4", "GET", "/kefu?7", "200", "-", "Mozilla/5.0 (X)"
)
NOON = datetime(2020, 11, 13, 12, tzinfo=UTC).timestamp()

# --- text ---

TEXTS = {
    COMBINED: PLAIN,
    f"{COMBINED} 0.003 [upstream] 127.0.0.1:80": PLAIN,
    f'{COMBINED} "-"': PLAIN,
    f'{COMBINED} "5.6.7.8, 10.0.0.1"': PLAIN._replace(address="5.6.7.8"),
    f'{COMBINED} "2001:db8::1"': PLAIN._replace(address="2001:db8::1"),
    f'{COMBINED} "0.003"': PLAIN,
    f'{COMBINED} 17 "site@docker" "http://10.0.0.2:80" 3ms': PLAIN,
    COMMON: PLAIN._replace(referer="", agent=None),
    f"fz.gov.cn:443 {COMBINED}": PLAIN._replace(host="fz.gov.cn:443"),
    COMBINED.replace("- -", "- 张 三"): PLAIN,
    COMBINED.replace("1.2.3.4", "2001:db8::7"): PLAIN._replace(address="2001:db8::7"),
    COMBINED.replace("(X)", r"(\"X\\)"): PLAIN._replace(agent=r"Mozilla/5.0 (\"X\\)"),
    COMBINED.replace("(X)", "(X\\\\"): PLAIN._replace(agent="Mozilla/5.0 (X\\\\"),
    COMBINED.replace("(X)", r"(\x22X\x22)"): PLAIN._replace(agent=r"Mozilla/5.0 (\x22X\x22)"),
    COMBINED.replace("200 512", "304 -"): PLAIN._replace(status="304"),
    COMBINED.replace("GET /kefu?7 HTTP/1.1", r"\x16\x03\x01"): PLAIN._replace(
        method=r"\x16\x03\x01", target=""
    ),
    COMBINED.replace("GET /kefu?7 HTTP/1.1", "-"): PLAIN._replace(method="-", target=""),
    COMBINED.replace("GET /kefu?7 HTTP/1.1", "GET /kefu"): PLAIN._replace(target="/kefu"),
}
"""Apache's and nginx's own formats, their variants, Traefik's, and what strangers put into them."""


@pytest.mark.parametrize(("line", "request_told"), TEXTS.items())
def test_text(line: str, request_told: Request) -> None:
    assert request_of(line) == request_told


@pytest.mark.parametrize(
    "line",
    [
        "",
        "2020/11/13 08:00:01 [error] 7#7: *1 open() failed, client: 1.2.3.4",
        "#Fields: date time s-ip cs-method cs-uri-stem",
        COMBINED[:-1],  # cut off in the user agent: not a common line
        COMBINED[:60],
        "\0" * 100,
        "[" * 1000,
    ],
)
def test_no_request(line: str) -> None:
    assert request_of(line) is None


# --- JSON ---

CADDY = {
    "level": "info",
    "ts": 1605225601.25,
    "logger": "http.log.access",
    "msg": "handled request",
    "request": {
        "remote_ip": "10.0.0.1",
        "client_ip": "1.2.3.4",
        "proto": "HTTP/2.0",
        "method": "GET",
        "host": "fz.gov.cn",
        "uri": "/kefu?7",
        "headers": {"User-Agent": ["Mozilla/5.0 (X)"], "Referer": ["-"]},
    },
    "status": 200,
    "resp_headers": {"Content-Type": ["text/html"]},
}
TRAEFIK = {
    "ClientAddr": "1.2.3.4:5",
    "ClientHost": "1.2.3.4",
    "DownstreamStatus": 200,
    "OriginStatus": 500,
    "RequestHost": "fz.gov.cn",
    "RequestMethod": "GET",
    "RequestPath": "/kefu?7",
    "StartUTC": "2020-11-13T00:00:01.123456789Z",
    "request_Referer": "-",
    "request_User-Agent": "Mozilla/5.0 (X)",
    "time": "2020-11-13T08:00:02+08:00",
}
NGINX = {
    "time_local": "13/Nov/2020:08:00:01 +0800",
    "remote_addr": "1.2.3.4",
    "request": "GET /kefu?7 HTTP/1.1",
    "uri": "/kefu/index.html",
    "status": "200",
    "http_referer": "-",
    "http_user_agent": "Mozilla/5.0 (X)",
}
LOGSTASH = {
    "@timestamp": "2020-11-13T08:00:01+08:00",
    "host": "172.16.0.9",
    "clientip": "10.0.0.1",
    "http_host": "fz.gov.cn",
    "url": "/kefu?7",
    "xff": "1.2.3.4",
    "referer": "-",
    "agent": "Mozilla/5.0 (X)",
    "status": "200",
}
APACHE = {
    "time": "[13/Nov/2020:08:00:01 +0800]",
    "remoteIP": "1.2.3.4",
    "host": "www.gov.cn",
    "request": "/kefu?7",
    "query": "",
    "method": "GET",
    "status": "200",
    "userAgent": "Mozilla/5.0 (X)",
    "referer": "-",
}
RECORDS = {
    "caddy": (CADDY, "1605225601.25", "fz.gov.cn"),
    "traefik": (TRAEFIK, "2020-11-13T00:00:01.123456789Z", "fz.gov.cn"),
    "nginx": (NGINX, "13/Nov/2020:08:00:01 +0800", None),
    "logstash": (LOGSTASH, "2020-11-13T08:00:01+08:00", "fz.gov.cn"),
    "wrapped": ({"@fields": LOGSTASH}, "2020-11-13T08:00:01+08:00", "fz.gov.cn"),
    "apache": (APACHE, "[13/Nov/2020:08:00:01 +0800]", None),
}


@pytest.mark.parametrize("name", RECORDS)
def test_json(name: str) -> None:
    record, stamp, host = RECORDS[name]
    told = request_of(json.dumps(record))
    assert told == PLAIN._replace(stamp=stamp, host=host)
    assert int(moment(stamp) or 0) == 1605225601


def test_host_that_was_not_sent_is_none() -> None:
    told = request_of(json.dumps(LOGSTASH | {"http_host": "-"}))
    assert told is not None
    assert told.host is None


def test_header_that_is_not_logged_is_none() -> None:
    redacted = TRAEFIK | {"request_User-Agent": "REDACTED"}
    told = request_of(json.dumps(redacted))
    assert told is not None
    assert told.agent is None


@pytest.mark.parametrize("status", [200, 200.0, "200", [200.0]])
def test_number_in_json(status: object) -> None:
    told = request_of(json.dumps({"uri": "/kefu", "status": status}))
    assert told is not None
    assert told.status == "200"


@pytest.mark.parametrize(
    "line",
    [
        "{}",
        '{"status": 200}',
        '{"uri": "/kefu"}',
        '{"uri": {"a": 1}, "status": [[]]}',
        '{"level":"error","ts":1,"msg":"no such host"}',
        '{"a":' * 5000,
        '{"status": ' + "9" * 5000 + "}",
        json.dumps(CADDY)[:-1],
        '{"uri": "/kefu", "status": 200} {"uri": "/kefu", "status": 200}',
    ],
)
def test_no_request_in_json(line: str) -> None:
    assert request_of(line) is None


HOSTILE = st.one_of(
    st.text(),
    st.text('"\\[] {}:,-/0123456789\0\x1b').map(COMBINED.__add__),
    st.tuples(st.integers(0, len(COMBINED)), st.text(max_size=5)).map(
        lambda cut: COMBINED[: cut[0]] + cut[1] + COMBINED[cut[0] :]
    ),
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(st.sampled_from([*CADDY, *TRAEFIK, *NGINX, "uri", "headers"]), inner)
        ),
    ).map(json.dumps),
)


@given(HOSTILE)
def test_no_line_is_too_odd(line: str) -> None:
    told = request_of(line)
    if told is not None:
        assert isinstance(told.target, str)
        assert told.status
        time = moment(told.stamp)
        assert time is None or isinstance(time, float)


# --- W3C extended ---

IIS = (
    "#Software: Microsoft Internet Information Services 10.0",
    "#Version: 1.0",
    "#Date: 2020-11-13 00:00:00",
    "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip "
    "cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken",
    "2020-11-13 00:00:01 10.0.0.8 GET /kefu 7 443 - 1.2.3.4 Mozilla/5.0+(X) - 200 0 0 15",
)
"""As IIS 10 writes it when nobody has changed anything."""
IIS_TOLD = PLAIN._replace(stamp="2020-11-13T00:00:01Z")


def test_w3c() -> None:
    assert list(requests(IIS)) == [IIS_TOLD]
    assert moment(IIS_TOLD.stamp) == 1605225601


FIELDS = {
    "cs-uri-stem sc-status date time c-ip cs(User-Agent) cs(Referer) cs-method": (
        "/kefu?7 200 2020-11-13 00:00:01 1.2.3.4 Mozilla/5.0+(X) - GET",
        IIS_TOLD,
    ),
    "date time cs-host cs-uri-stem cs-uri-query c-ip cs(User-Agent) cs(Referer) sc-status "
    "X-Forwarded-For": (
        "2020-11-13 00:00:01 fz.gov.cn /kefu 7 10.0.0.1 Mozilla/5.0+(X) - 200 1.2.3.4,+10.0.0.1",
        IIS_TOLD._replace(host="fz.gov.cn"),
    ),
    "date time cs-host cs-uri-stem cs-uri-query c-ip sc-status X-Forwarded-For": (
        "2020-11-13 00:00:01 - /kefu 7 1.2.3.4 200 -",
        IIS_TOLD._replace(agent=None),
    ),
    "date time cs-uri-stem cs-uri-query c-ip sc-status cs(User-Agent)": (
        "2020-11-13 00:00:01 /kefu - 1.2.3.4 200 -",
        IIS_TOLD._replace(target="/kefu", agent="-"),
    ),
    "date time c-ip cs-method sc-status": ("2020-11-13 00:00:01 1.2.3.4 GET 200", None),
    "date time c-ip cs-uri-stem sc-status": ("2020-11-13 00:00:01 1.2.3.4 /kefu -", None),
    "date time cs-uri-stem": ("2020-11-13 00:00:01 /kefu more", None),
}


@pytest.mark.parametrize(("fields", "line", "told"), [(f, *rest) for f, rest in FIELDS.items()])
def test_w3c_fields(fields: str, line: str, told: Request | None) -> None:
    assert list(requests([f"#Fields: {fields}", line])) == [told]


def test_fields_hold_until_there_are_others() -> None:
    other = ("#Fields: cs-uri-stem sc-status date time", "/gouwu 404 2020-11-13 00:00:02")
    (first, cut, second, third) = requests([*IIS, IIS[-1][:-3], *other, *IIS])
    assert first == third == IIS_TOLD
    assert cut is None
    assert second is not None
    assert (second.target, second.status) == ("/gouwu", "404")


def test_line_of_another_format_is_read_behind_fields() -> None:
    assert list(requests(["#Fields: of a stranger", COMBINED, json.dumps(NGINX)])) == [PLAIN, PLAIN]


def test_lines_of_fields_alone_are_none() -> None:
    assert list(requests(IIS[-1:])) == [None]
    assert list(requests(["# 2020-11-13"])) == [None]


@given(st.lists(st.one_of(st.text("#Fields: cs-uri-stem sc-status -"), HOSTILE), max_size=5))
def test_no_log_is_too_odd(lines: list[str]) -> None:
    for told in requests([*IIS[:4], *lines, *IIS]):
        assert told is None or (isinstance(told.target, str) and told.status)


# --- when ---

MOMENTS = {
    "13/Nov/2020:20:00:00 +0800": NOON,
    "13/Nov/2020:12:00:00 +0000": NOON,
    "13/Nov/2020:04:30:00 -0730": NOON,
    "[13/Nov/2020:12:00:00 +0000]": NOON,
    "2020-11-13T12:00:00Z": NOON,
    "2020-11-13T20:00:00+08:00": NOON,
    "2020-11-13T20:00:00": NOON,
    "2020/11/13 20:00:00": NOON,
    "1605268800": NOON,
    "1605268800.000": NOON,
    "1605268800000": NOON,
    "1605268800000000000": NOON,
    "": None,
    "-": None,
    "nan": None,
    "1e400": None,
    "00/Nov/2020:12:00:00 +0000": None,
    "31/Feb/2020:12:00:00 +0000": None,
    "13/Now/2020:12:00:00 +0000": None,
    "13/Nov/0000:12:00:00 +0000": None,
    "13/Nov/2020:25:00:00 +0000": None,
    "13/Nov/2020:12:00:00 +9900": None,
    "١٣/Nov/2020:12:00:00 +0000": None,
}


@pytest.mark.parametrize(("stamp", "time"), MOMENTS.items())
def test_moment(stamp: str, time: float | None) -> None:
    assert moment(stamp) == time


@pytest.mark.parametrize("stamp", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_ends_of_the_calendar(stamp: str) -> None:
    assert abs(moment(stamp) or 0.0) > 6e10


@given(st.text(string.digits + "-+:/TZ. [],NovJan") | st.text())
def test_no_time_is_too_odd(stamp: str) -> None:
    time = moment(stamp)
    assert time is None or abs(time) < 1e12


# --- files ---


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def codes(*paths: Path) -> list[str]:
    """The codes of what is wrong with these files; every problem can be worded."""
    with pytest.raises(InputError) as caught:
        logs(paths)
    for problem in caught.value.problems:
        assert worded(problem, "zh").sentence
        assert worded(problem, "en").hint
    return [problem.code for problem in caught.value.problems]


def told(*paths: Path) -> list[str]:
    return [line for log in logs(paths) for line in log.lines()]


LINES = [COMBINED, "rubbish", COMMON]
TEXT = "\n".join(LINES).encode()


@pytest.mark.parametrize(
    "packed",
    [
        TEXT,
        TEXT + b"\n\r\n",
        TEXT.replace(b"\n", b"\r\n"),
        gzip.compress(TEXT, mtime=0),
        gzip.compress(TEXT[:70], mtime=0) + gzip.compress(TEXT[70:], mtime=0),
        bz2.compress(TEXT),
        lzma.compress(TEXT),
    ],
)
def test_packed_by_first_bytes(tmp_path: Path, packed: bytes) -> None:
    assert told(written(tmp_path / "access.log", packed)) == LINES


def test_empty_log_is_a_log(tmp_path: Path) -> None:
    empty = written(tmp_path / "a", b"")
    packed = written(tmp_path / "b", gzip.compress(b"", mtime=0))
    assert told(empty, packed) == []
    iis = written(tmp_path / "c", "\r\n".join(IIS[:4]).encode())
    assert told(iis) == list(IIS[:4])


def test_log_begins_with_its_first_request(tmp_path: Path) -> None:
    (iis, apache) = logs(
        [written(tmp_path / "a", "\r\n".join(IIS).encode()), written(tmp_path / "b", TEXT)]
    )
    assert iis.begins == apache.begins == 1605225601


def test_same_file_counts_once(tmp_path: Path) -> None:
    path = written(tmp_path / "a.log", TEXT)
    assert told(path, tmp_path / "." / "a.log", path) == LINES


def test_long_line_is_cut_and_the_next_is_whole(tmp_path: Path) -> None:
    for length in range(3 * MOST_BYTES_A_LINE - 2, 3 * MOST_BYTES_A_LINE + 2):
        content = TEXT + b"\n" + b"x" * length + b"\n" + COMBINED.encode()
        lines = told(written(tmp_path / "a.log", content))
        assert [len(line) for line in lines[3:]] == [MOST_BYTES_A_LINE, len(COMBINED)]


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    lines = told(written(tmp_path / "a.log", TEXT + b"\n\xff\xfe\0\x1b[2J"))
    assert lines == [*LINES, "��\0\x1b[2J"]


def test_progress_tells_all_bytes(tmp_path: Path) -> None:
    (log,) = logs([written(tmp_path / "a.gz", gzip.compress(TEXT, mtime=0))])
    done: list[int] = []
    assert list(log.lines(done.append)) == LINES
    assert sum(done) == log.size_bytes == (tmp_path / "a.gz").stat().st_size


OTHER_FILES = {
    b"%PDF-1.7\n%\xe2\xe3\n1 0 obj\n": "log-not-access-log",
    b"2020/11/13 08:00:01 [error] 7#7: *1 open() failed\n": "log-not-access-log",
    b"\x89PNG\r\n\x1a\n": "log-not-access-log",
    b"rubbish\n" * HEAD_LINES + TEXT: "log-not-access-log",
    b"PK\x03\x04rest": "log-packed",
    b"\x28\xb5\x2f\xfdrest": "log-packed",
    COMBINED.encode("utf-16"): "not-utf8",
    gzip.compress(TEXT, mtime=0)[:-10]: "log-damaged",
    gzip.compress(TEXT, mtime=0) + b"tail": "log-damaged",
    gzip.compress(TEXT, mtime=0)[:12] + b"\xff" * 40: "log-damaged",
    lzma.compress(TEXT)[:-10]: "log-damaged",
    bz2.compress(TEXT)[:20] + b"\0" * 20: "log-damaged",
}


@pytest.mark.parametrize(("content", "code"), OTHER_FILES.items())
def test_what_is_no_log(tmp_path: Path, content: bytes, code: str) -> None:
    assert codes(written(tmp_path / "a.log", content)) == [code]


def test_messages_between_the_requests(tmp_path: Path) -> None:
    content = b"rubbish\n" * (HEAD_LINES - 1) + TEXT
    assert len(told(written(tmp_path / "a.log", content))) == HEAD_LINES + 2


def test_everything_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    good = written(tmp_path / "good.log", TEXT)
    zipped = written(tmp_path / "logs.zip", b"PK\x03\x04")
    wrong = [tmp_path / "folder", tmp_path / "none.log", good / "x", Path("a\0b"), zipped]
    assert sorted(codes(good, *wrong)) == [
        "file-not-found",
        "file-not-found",
        "file-not-found",
        "log-is-folder",
        "log-packed",
    ]


def test_device_is_no_log() -> None:
    if not Path("/dev/zero").exists():
        pytest.skip("no such device on this system")
    assert codes(Path("/dev/zero")) == ["file-not-readable"]


def test_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path / "a.log", TEXT)

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refused)
    assert codes(path) == ["file-not-readable"]


def test_file_that_cannot_be_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (log,) = logs([written(tmp_path / "a.log", TEXT)])

    def broken(*_: object) -> None:
        raise OSError(5, "Input/output error")

    opened: Callable[..., object] = broken
    monkeypatch.setattr(logfile._Metered, "readinto", opened)
    with pytest.raises(InputError) as caught:
        list(log.lines())
    assert [problem.code for problem in caught.value.problems] == ["file-not-readable"]


@given(st.binary(max_size=300))
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = written(tmp_path_factory.getbasetemp() / "any.log", content)
    with suppress(InputError):
        assert all(told(path))
