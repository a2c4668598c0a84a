"""Lines of logs → requests, user agents → robots, files → lines: hostile input throughout."""

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
from crawleruseragents import CRAWLER_USER_AGENTS_DATA
from hypothesis import given
from hypothesis import strategies as st

from stickergen.problem import InputError, worded
from stickergen.scans import logfile
from stickergen.scans.log import Request, moment, request_of
from stickergen.scans.logfile import HEAD_LINES, MOST_BYTES_A_LINE, logs
from stickergen.scans.robots import ROBOTS, is_robot

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


# --- robots ---

PEOPLE = [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 14_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Mobile/15E148 MicroMessenger/7.0.17(0x17001126) NetType/WIFI Language/zh_CN",
    "Mozilla/5.0 (Linux; Android 10; LIO-AN00 Build/HUAWEILIO-AN00; wv) AppleWebKit/537.36 (KHTML, "
    "like Gecko) Version/4.0 Chrome/78.0.3904.62 XWEB/2692 MMWEBSDK/200901 Mobile Safari/537.36 "
    "MMWEBID/5012 MicroMessenger/7.0.19.1760(0x2700133F) Process/toolsmp WeChat/arm64 NetType/4G",
    "Mozilla/5.0 (Linux; U; Android 9; zh-CN; PBEM00) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Version/4.0 Chrome/57.0 UCBrowser/12.9.3 Mobile Safari/537.36 AlipayClient/10.2.0",
    "Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.0.0 "
    "Safari/537.36 ArkWeb/4.1.6.1 Mobile HuaweiBrowser/5.0.4.300",
    "Mozilla/5.0 (Linux; U; Android 10; zh-cn; MI 9) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Version/4.0 Chrome/79.0.3945.147 Mobile Safari/537.36 XiaoMi/MiuiBrowser/13.5.40",
    "Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36 Chrome/86.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Linux; Android 10; V1938T; wv) AppleWebKit/537.36 baiduboxapp/11.29.0.12",
    "Mozilla/5.0 (iPad; CPU OS 9_3_5 like Mac OS X) AppleWebKit/601.1.46 QRScanner/1.2",
    "UCWEB/2.0 (MIDP-2.0; U; Adr 4.0.4; zh-CN; ZTE_U795) U2/1.0.0 UCBrowser/10.7.6 Mobile",
]
PROGRAMS = [
    "",
    "-",
    "stickergen-links/0.4",
    "MicroMessenger Client",
    "Dalvik/2.1.0 (Linux; U; Android 10; MI 9)",
    "curl/7.68.0",
    "Java/1.8.0_161",
    "\x1b[31mMozilla/5.0",
    "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/120.0 Safari/537.36",
    *(f"Mozilla/5.0 (compatible; {word.title()}/1.0)" for word in ROBOTS),
]


@pytest.mark.parametrize("agent", PEOPLE)
def test_person(agent: str) -> None:
    assert not is_robot(agent)


@pytest.mark.parametrize("agent", PROGRAMS)
def test_robot(agent: str) -> None:
    assert is_robot(agent)


def test_what_the_library_knows_is_known() -> None:
    """All but what it knows by its version alone."""
    agents = [agent for entry in CRAWLER_USER_AGENTS_DATA[::3] for agent in entry["instances"]]
    missed = [agent for agent in agents if not is_robot(agent)]
    assert len(agents) > 300
    assert len(missed) <= 2


def test_long_user_agent_is_cut() -> None:
    assert not is_robot(PEOPLE[0] + " " * 10_000_000 + "Baiduspider")


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
        gzip.compress(TEXT),
        gzip.compress(TEXT[:70]) + gzip.compress(TEXT[70:]),
        bz2.compress(TEXT),
        lzma.compress(TEXT),
    ],
)
def test_packed_by_first_bytes(tmp_path: Path, packed: bytes) -> None:
    assert told(written(tmp_path / "access.log", packed)) == LINES


def test_empty_log_is_a_log(tmp_path: Path) -> None:
    empty = written(tmp_path / "a", b"")
    packed = written(tmp_path / "b", gzip.compress(b""))
    assert told(empty, packed) == []


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
    (log,) = logs([written(tmp_path / "a.gz", gzip.compress(TEXT))])
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
    gzip.compress(TEXT)[:-10]: "log-damaged",
    gzip.compress(TEXT) + b"tail": "log-damaged",
    gzip.compress(TEXT)[:12] + b"\xff" * 40: "log-damaged",
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
