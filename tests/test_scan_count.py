"""Logs → scans: each rule by itself, all of them against a naive model, memory, the table."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tracemalloc
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickergen.content.link import Address
from stickergen.problem import InputError
from stickergen.scans import count as counting
from stickergen.scans import logfile
from stickergen.scans.count import AFTER, BEFORE, MOST_VISITORS, count
from stickergen.scans.log import CHINA
from stickergen.scans.table import COLUMNS, table
from stickergen.scans.tally import WHY, WINDOW_SECONDS, Cell, LeftOut, Tally

BASE = "https://fz.hongshan.gov.cn"
ADDRESSES = (
    Address(f"{BASE}/"),
    Address(f"{BASE}/kefu", "kefu"),
    Address(f"{BASE}/kefu/j01", "kefu", "j01"),
    Address(f"{BASE}/gouwu", "gouwu"),
)
PATHS = {address.path: (address.scam or "", address.point or "") for address in ADDRESSES}
HOSTS = ("fz.hongshan.gov.cn", "www.hongshan.gov.cn")
DAY = date(2020, 11, 13)
MORNING = datetime(2020, 11, 13, 8, tzinfo=CHINA)
PHONE = (
    "Mozilla/5.0 (Linux; Android 10; LIO-AN00; wv) Chrome/78.0 MMWEBID/5012 MicroMessenger/7.0.19"
)


@dataclass(frozen=True)
class Line:
    """A line of a log, in any format."""

    when: datetime = MORNING
    target: str = "/kefu/j01"
    visitor: str = "1.2.3.4"
    method: str = "GET"
    status: int = 200
    referer: str = "-"
    agent: str = PHONE

    def combined(self) -> str:
        stamp = self.when.strftime("%d/%b/%Y:%H:%M:%S %z")
        request = f"{self.method} {self.target} HTTP/1.1"
        return (
            f'{self.visitor} - - [{stamp}] "{request}" {self.status} 512 '
            f'"{self.referer}" "{self.agent}"'
        )

    def nginx(self) -> str:
        record = {
            "time_iso8601": self.when.isoformat(),
            "remote_addr": self.visitor,
            "request": f"{self.method} {self.target} HTTP/1.1",
            "status": str(self.status),
            "http_referer": self.referer,
            "http_user_agent": self.agent,
        }
        return json.dumps(record)

    def caddy(self, host: str = HOSTS[0]) -> str:
        request = {
            "client_ip": self.visitor,
            "method": self.method,
            "host": host,
            "uri": self.target,
            "headers": {"User-Agent": [self.agent], "Referer": [self.referer]},
        }
        return json.dumps({"ts": self.when.timestamp(), "request": request, "status": self.status})

    def iis(self) -> str:
        """With the line that says what its fields are."""
        fields = "#Fields: date time cs-method cs-uri-stem cs-uri-query c-ip"
        stem, _, query = self.target.partition("?")
        when = self.when.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
        words = (when, self.method, stem, query or "-", self.visitor)
        sent = (self.agent.replace(" ", "+"), self.referer, str(self.status))
        return f"{fields} cs(User-Agent) cs(Referer) sc-status\n{' '.join((*words, *sent))}"


FORMATS = (Line.combined, Line.nginx, Line.caddy, Line.iis)


def tally(folder: Path, *files: Iterable[Line | str], **options: Any) -> Tally:
    """What is counted in files of these lines."""
    paths = []
    for number, lines in enumerate(files):
        paths.append(folder / f"{number}.log")
        texts = (line if isinstance(line, str) else line.combined() for line in lines)
        paths[-1].write_text("\n".join(texts), encoding="utf-8")
    found = count(paths, ADDRESSES, HOSTS, DAY, **options)
    assert found.lines == found.total + sum(dict(found.left_out).values())
    return found


def told(folder: Path, line: Line | str) -> str:
    """Why a line is left out, behind one that is counted; or the scam type and point of it."""
    before = Line(visitor="9.9.9.9", target="/gouwu")
    found = tally(folder, [before, line])
    if found.left_out:
        ((why, number),) = found.left_out
        assert number == 1
        return why
    (cell,) = [cell for cell in found.cells if (cell.scam, cell.point) != ("gouwu", "")] or [
        Cell(DAY, "gouwu", "", 1)
    ]
    assert (cell.day, cell.scans) == (DAY, 1)
    return f"{cell.scam}/{cell.point}"


# --- the rules ---

TARGETS = {
    "/": "/",
    "/?from=singlemessage&isappinstalled=0": "/",
    "/kefu": "kefu/",
    "/kefu/": "kefu/",
    "/kefu/index.html": "kefu/",
    "/kefu/j01": "kefu/j01",
    "/kefu/j01/?K7-0042": "kefu/j01",
    "/kefu//index.html?7": "kefu/",  # nginx's $uri behind `try_files $uri/index.html`
    "//index.html": "/",
    "//": "/",
    "/kefu//": "kefu/",
    "//kefu///j01": "kefu/j01",
    "//other.gov.cn/kefu": "elsewhere",
    "/kefu#top": "kefu/",
    "/%6Befu/%6a01": "kefu/j01",
    f"{BASE}/kefu/j01?7": "kefu/j01",
    f"HTTP://FZ.hongshan.gov.cn:80/kefu?{BASE}": "kefu/",
    BASE: "/",
    "http://other.gov.cn/kefu": "elsewhere",
    "/KEFU": "elsewhere",
    "/%4Befu": "elsewhere",
    "/kefu%2Fj01": "elsewhere",
    "/kefu/j02": "elsewhere",
    "/kefu/../kefu": "elsewhere",
    "/kefu.html": "elsewhere",
    "/%": "elsewhere",
    "kefu": "elsewhere",
    "*": "elsewhere",
    "": "elsewhere",
}


@pytest.mark.parametrize(("target", "expected"), TARGETS.items())
def test_target(tmp_path: Path, target: str, expected: str) -> None:
    assert told(tmp_path, Line(target=target)) == expected


LEFT_OUT: dict[LeftOut, list[Line | str]] = {
    "elsewhere": [
        Line().caddy("www.hongshan.gov.cn"),
        Line().caddy("203.0.113.7"),
        f"www.hongshan.gov.cn:443 {Line().combined()}",
        Line(method="", target="").combined(),
    ],
    "failed": [
        Line(status=301),
        Line(status=404),
        Line(status=206),
        Line(method="HEAD"),
        Line(method="POST"),
        Line(method="get"),
    ],
    "undated": [
        Line(when=MORNING - BEFORE - timedelta(days=1)),
        Line(when=MORNING + AFTER + timedelta(days=1)),
        Line().combined().replace("2020", "0000"),
        Line().combined().replace("/Nov/", "/\x1b[2J/"),
        json.dumps({"uri": "/kefu", "status": 200}),
        "#Fields: cs-uri-stem sc-status\n/kefu 200",
    ],
    "robot": [Line(agent="-"), Line(agent=""), Line(agent="curl/7.68"), Line(agent="Baiduspider")],
    "inside": [
        Line(referer=f"{BASE}/"),
        Line(referer="http://FZ.hongshan.gov.cn:8080"),
        Line(referer="https://www.hongshan.gov.cn/news?u=1"),
        Line(referer=f"{BASE}/kefu").caddy(),
        Line(referer=f"{BASE}/kefu").iis(),
    ],
    "repeated": [Line(target="/gouwu?2", visitor="9.9.9.9")],
    "unreadable": ["\0\0\0", "\x1b[31m", '{"uri":', Line().combined()[:70]],
}


@pytest.mark.parametrize(
    ("why", "line"), [(why, line) for why, lines in LEFT_OUT.items() for line in lines]
)
def test_left_out(tmp_path: Path, why: LeftOut, line: Line | str) -> None:
    assert told(tmp_path, line) == why


def test_every_reason_has_a_line() -> None:
    assert LEFT_OUT.keys() == set(get_args(LeftOut))


def test_every_reason_has_words() -> None:
    assert WHY.keys() == set(get_args(LeftOut))
    for language in ("zh", "en"):
        assert len({words[language] for words in WHY.values()}) == len(WHY)


COUNTED: list[Line | str] = [
    Line(status=304),
    Line(referer="https://servicewechat.com/wx1/2/page-frame.html"),
    Line(referer=f"https://other.cn/?u={BASE}/"),
    Line().caddy("FZ.hongshan.gov.cn.:443"),
    f"fz.hongshan.gov.cn:80 {Line().combined()}",
    Line().combined().rsplit(' "', 2)[0],
    Line().iis(),
    Line(status=304).iis(),
    json.dumps({"ts": MORNING.timestamp(), "uri": "/kefu/j01", "status": 200.0}),
]


@pytest.mark.parametrize("line", COUNTED)
def test_counted(tmp_path: Path, line: Line | str) -> None:
    assert told(tmp_path, line) == "kefu/j01"


def test_days_are_those_of_china(tmp_path: Path) -> None:
    midnight = datetime(2020, 11, 13, 16, tzinfo=UTC)
    lines = [
        Line(midnight - timedelta(seconds=1), visitor="1.1.1.1"),
        Line(midnight, visitor="2.2.2.2"),
    ]
    days = [cell.day for cell in tally(tmp_path, lines).cells]
    assert days == [date(2020, 11, 13), date(2020, 11, 14)]


def test_days_of_iis_are_those_of_china(tmp_path: Path) -> None:
    midnight = datetime(2020, 11, 13, 16, tzinfo=UTC)
    assert "2020-11-13 16:00:00" in (line := Line(midnight).iis())
    assert [cell.day for cell in tally(tmp_path, [line]).cells] == [date(2020, 11, 14)]


def test_scans_without_a_user_agent_are_told(tmp_path: Path) -> None:
    common = [Line(visitor=f"1.1.1.{n % 2}").combined().rsplit(' "', 2)[0] for n in range(3)]
    found = tally(tmp_path, [*common, Line(), Line(agent="-")])
    assert (found.total, found.unnamed) == (3, 2)
    assert dict(found.left_out) == {"repeated": 1, "robot": 1}


@pytest.mark.parametrize("edge", [-BEFORE, AFTER])
def test_first_and_last_day(tmp_path: Path, edge: timedelta) -> None:
    assert [cell.day for cell in tally(tmp_path, [Line(MORNING + edge)]).cells] == [DAY + edge]


def test_window_runs_from_what_was_counted(tmp_path: Path) -> None:
    minutes = (0, 1, 29, 30, 31, 59, 60, 200)
    found = tally(tmp_path, [Line(MORNING + timedelta(minutes=n)) for n in minutes])
    assert (found.total, found.left_out) == (4, (("repeated", 4),))


def test_another_page_phone_or_address_is_another_visit(tmp_path: Path) -> None:
    lines = [
        Line(),
        Line(target="/kefu"),
        Line(agent=f"{PHONE}0"),
        Line(visitor="1.2.3.5"),
        Line().combined() + ' "10.9.8.7"',
    ]
    assert tally(tmp_path, lines).total == len(lines)


def test_doubles_are_found_across_files(tmp_path: Path) -> None:
    """Rotated logs, the later one first; two servers at the same time; a copy."""
    old = [Line(MORNING + timedelta(minutes=n), visitor=f"1.1.1.{n}") for n in range(60)]
    new = [Line(MORNING + timedelta(minutes=n), visitor=f"1.1.1.{n - 5}") for n in range(60, 65)]
    other = [Line(MORNING + timedelta(minutes=n, seconds=9), visitor=f"1.1.1.{n}") for n in (3, 7)]
    found = tally(tmp_path, new, other, old, old)
    assert (found.total, found.left_out) == (60, (("repeated", 67),))


def test_one_log_is_open_after_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A year of daily logs does not need a year of open files."""
    opened: list[int] = []

    class Watched(logfile._Metered):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            opened.append(opened[-1] + 1 if opened else 1)

        def close(self) -> None:
            if not self.closed:
                opened.append(opened[-1] - 1)
            super().close()

    monkeypatch.setattr(logfile, "_Metered", Watched)
    days = [[Line(MORNING + timedelta(days=n, hours=h)) for h in (0, 1)] for n in range(40)]
    assert tally(tmp_path, *reversed(days)).total == 80
    assert max(opened) == 1
    assert opened[-1] == 0


def test_memory_of_visitors_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "MOST_VISITORS", 3)
    visitors = [1, 2, 3, 1, 4, 4, 2, 1, 2]  # the fourth drives out the first, who drives out 2
    found = tally(tmp_path, [Line(visitor=f"1.1.1.{n}") for n in visitors])
    assert (found.total, found.left_out) == (6, (("repeated", 3),))


def test_memory_of_visitors_lasts_for_so_many(tmp_path: Path) -> None:
    """The first comes again when the memory is full, and once more when one more has come."""
    first, other = Line(visitor="9.9.9.9").combined(), Line().combined().split(" ", 1)[1]
    many = [f"{n:x}:: {other}" for n in range(MOST_VISITORS)]
    found = tally(tmp_path, [first, *many[:-1], first, many[-1], first])
    assert (found.total, found.left_out) == (MOST_VISITORS + 2, (("repeated", 1),))


def test_damaged_logs_are_told_together(tmp_path: Path) -> None:
    text = "\n".join(Line(visitor=f"1.1.{n % 256}.{n // 256}").combined() for n in range(20_000))
    packed = gzip.compress(text.encode(), 1)
    paths = [tmp_path / "a.gz", tmp_path / "b.gz", tmp_path / "c.log"]
    paths[0].write_bytes(packed[:-8])
    paths[1].write_bytes(packed[: len(packed) // 2])
    paths[2].write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        count(paths, ADDRESSES, HOSTS, DAY)
    places = [(p.code, Path(p.place.file).name) for p in caught.value.problems if p.place]
    assert places == [("log-damaged", "a.gz"), ("log-damaged", "b.gz")]


def test_progress_runs_to_the_end(tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    lines = [Line(visitor=f"1.1.1.{n}") for n in range(9)]
    tally(tmp_path, lines, lines, progress=lambda *step: steps.append(step))
    size = sum(path.stat().st_size for path in tmp_path.iterdir())
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)
    assert steps[-1] == (size, size)


# --- against a naive model ---

LINES = st.builds(
    Line,
    when=st.integers(0, 3 * WINDOW_SECONDS).map(lambda s: MORNING + timedelta(seconds=s, hours=15)),
    target=st.sampled_from(["/", "/kefu", "/kefu/?7", "/kefu/j01?K-1", "/none", "/kefu/j01/x"]),
    visitor=st.sampled_from(["1.2.3.4", "5.6.7.8", "2001:db8::1"]),
    method=st.sampled_from(["GET", "GET", "GET", "HEAD"]),
    status=st.sampled_from([200, 200, 304, 301, 404]),
    referer=st.sampled_from(["-", "-", f"{BASE}/kefu", "https://other.cn/"]),
    agent=st.sampled_from([PHONE, PHONE, "Mozilla/5.0 (iPhone)", "-", "curl/8"]),
)


def naive(lines: list[Line]) -> Counter[tuple[date, str, str]]:
    """The scans of these lines, counted with no thought of speed or memory."""
    last: dict[tuple[str, str, str], datetime] = {}
    scans: Counter[tuple[date, str, str]] = Counter()
    for line in sorted(lines, key=lambda line: line.when):
        path = line.target.partition("?")[0].rstrip("/") or "/"
        wanted = path in PATHS and line.method == "GET" and line.status in (200, 304)
        person = line.agent.startswith("Mozilla") and not line.referer.startswith(BASE)
        who = (path, line.visitor, line.agent)
        if not wanted or not person:
            continue
        if who in last and (line.when - last[who]).total_seconds() < WINDOW_SECONDS:
            continue
        last[who] = line.when
        scans[(line.when.astimezone(CHINA).date(), *PATHS[path])] += 1
    return scans


@given(
    st.lists(st.tuples(LINES, st.integers(0, 2), st.sampled_from(FORMATS)), max_size=40), st.data()
)
def test_as_the_naive_model(lines: list[tuple[Line, int, Any]], data: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        paths = [Path(folder) / str(number) for number in range(3)]
        for number, path in enumerate(paths):
            own = sorted((x for x in lines if x[1] == number), key=lambda x: x[0].when)
            content = "".join(f"{written(line)}\n" for line, _, written in own).encode()
            path.write_bytes(gzip.compress(content, 1) if data.draw(st.booleans()) else content)
        found = count(data.draw(st.permutations(paths)), ADDRESSES, HOSTS, DAY)
    expected = naive([line for line, _, _ in lines])
    assert {(c.day, c.scam, c.point): c.scans for c in found.cells} == dict(expected)
    assert found.lines == len(lines) == found.total + sum(dict(found.left_out).values())
    assert list(found.cells) == sorted(found.cells)


# --- memory ---


def test_memory_does_not_grow_with_the_log(tmp_path: Path) -> None:
    """50 MB in a few kB of gzip: a line without end, endless lines, days without end."""
    odd_days = [
        Line().combined().replace("13/Nov/2020", f"{n % 28 + 1:02}/May/{n:04}")
        for n in range(0, 10_000, 5)
    ]
    big = ("x" * 30_000_000, *["y" * 20_000] * 1000, *odd_days)
    path = tmp_path / "big.gz"
    path.write_bytes(gzip.compress("\n".join([Line().combined(), *big]).encode(), 1))
    count([path], ADDRESSES, HOSTS, DAY)  # what is loaded once is no part of it
    tracemalloc.start()
    found = count([path], ADDRESSES, HOSTS, DAY)
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.lines == 1 + len(big)
    assert dict(found.left_out)["unreadable"] == 1001
    assert dict(found.left_out)["undated"] > 1990
    assert peak_bytes < 3_000_000


# --- the table ---


def test_table(tmp_path: Path) -> None:
    lines = [Line(), Line(visitor="5.6.7.8"), Line(target="/"), Line(target="/kefu")]
    content = table(tally(tmp_path, lines), {"kefu": "冒充客服"}, {"j01": "街乡01"})
    assert content.startswith(b"\xef\xbb\xbfday,")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows == [
        list(COLUMNS),
        ["2020-11-13", "", "总览", "", "", "1"],
        ["2020-11-13", "kefu", "冒充客服", "", "", "1"],
        ["2020-11-13", "kefu", "冒充客服", "j01", "街乡01", "2"],
    ]


@pytest.mark.parametrize("name", ["=1+1", "+86", "-1号楼", "@SUM(A1)", "\t=1"])
def test_no_cell_is_a_formula(name: str) -> None:
    content = table(Tally((Cell(DAY, "kefu", "j01", 1),)), {"kefu": name}, {"j01": name})
    (_, row) = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert row[2] == row[4] == f"'{name}"


def test_table_of_nothing_has_its_head() -> None:
    assert table(Tally(), {}, {}).decode("utf-8-sig") == ",".join(COLUMNS) + "\r\n"
