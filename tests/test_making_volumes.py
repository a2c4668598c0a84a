"""Volumes of an order: by any workers the same, each once, kept when a build is cut off."""

from __future__ import annotations

import hashlib
import json
import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from conftest import SMALL, campaign_folder

from stickergen import volumes
from stickergen.build import Way, build
from stickergen.content.serial import Numbering
from stickergen.executors import Crew, Workers, crew
from stickergen.job import impose
from stickergen.order import Order, ready
from stickergen.press.series import Series
from stickergen.problem import InputError, worded
from stickergen.volumes import MOST_TRIES, Kept, Made, make_all

NUMBERED: dict[str, Any] = {
    **SMALL,
    "scams": ["kefu"],
    "stickers.count": 120,
    "stickers.serial": {"prefix": "HS", "digits": 6},
    "flyers": [],
}
"""One type for two points: six sheets and two slips."""

PAGES = 2
"""Of a volume: five volumes."""

NUMBERING = Numbering("HS", 6, "mod-11-2")


@pytest.fixture(scope="module")
def order(tmp_path_factory: pytest.TempPathFactory) -> Order:
    return ready(campaign_folder(tmp_path_factory.mktemp("c"), NUMBERED) / "campaign.yaml")


@pytest.fixture(scope="module")
def series(order: Order) -> Series:
    found = impose(order, volume_pages=PAGES).series
    assert found is not None
    assert len(found.volumes) == 5
    return found


@dataclass
class Here(Executor):
    """Does tasks when they are handed in; `trouble` is asked before each."""

    trouble: Callable[[int], None] = lambda number: None
    done: list[int] = field(default_factory=list)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **named: Any) -> Future[Any]:
        future: Future[Any] = Future()
        _, number, *_ = args
        self.trouble(number)
        future.set_result(fn(*args, **named))
        self.done.append(number)
        return future

    def crew(self) -> Crew:
        @contextmanager
        def opened() -> Iterator[Workers]:
            yield Workers(self, 1)

        return opened


def files(folder: Path) -> dict[str, bytes]:
    """What lies in a folder and below it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def made(series: Series, folder: Path, crew: Crew) -> list[Kept]:
    return make_all(series, crew, folder, shots={}, prove=False)


def contents(kept: Sequence[Kept]) -> list[tuple[str, bytes, bytes, Mapping[str, Any]]]:
    return [
        (one.pdf.name, one.pdf.read_bytes(), one.codes.read_bytes(), json.loads(one.entry))
        for one in kept
    ]


@pytest.fixture(scope="module")
def right(series: Series, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The volumes as this process makes them."""
    return contents(made(series, tmp_path_factory.mktemp("right"), crew(1)))


# --- the same by any workers ---


def test_processes_make_the_same_bytes(order: Order, tmp_path: Path) -> None:
    """All of a build, proved and pictured."""
    folders = []
    for jobs in (1, 2):
        folders.append(tmp_path / str(jobs))
        built = build(order, folders[-1], Way(volume_pages=5, crew=crew(jobs)))
        assert built.proof is not None
        assert built.proof.passed
    one, two = map(files, folders)
    assert one == two
    assert [name for name in one if name.startswith("stickers-")] == [
        *("stickers-001.pdf", "stickers-002.pdf")
    ]


def test_volumes_come_in_their_order(series: Series, right: Any) -> None:
    assert [name for name, *_ in right] == [f"stickers-{n:03}.pdf" for n in range(1, 6)]
    assert [entry["pages"] for *_, entry in right] == [series.pages(n) for n in range(5)]
    for _, pdf, _, entry in right:
        assert entry["sha256"] == hashlib.sha256(pdf).hexdigest()


def test_a_build_tells_every_page_and_does_the_rest_once(series: Series, tmp_path: Path) -> None:
    pages: list[int] = []
    rest: list[str] = []
    for _ in range(2):  # the second time all volumes are there
        make_all(
            series,
            crew(1),
            tmp_path,
            shots={},
            prove=False,
            progress=pages.append,
            beside=lambda: rest.append("once"),
        )
    assert sum(pages) == 2 * sum(map(series.pages, range(5)))
    assert rest == ["once", "once"]


# --- cut off and begun again ---


def test_finished_volumes_are_kept_and_only_the_missing_made(
    series: Series, right: Any, tmp_path: Path
) -> None:
    def cut_off(number: int) -> None:
        if number == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        made(series, tmp_path, Here(cut_off).crew())
    kept = {path.stem for path in tmp_path.glob("*.json")}
    assert kept == {"stickers-001", "stickers-002", "stickers-003"}
    again = Here()
    assert contents(made(series, tmp_path, again.crew())) == right
    assert again.done == [3, 4]


def broken(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1] + b"?")


SPOILT: dict[str, Callable[[Path], None]] = {
    "pdf": lambda path: broken(path.with_suffix(".pdf")),
    "codes": lambda path: broken(path.with_suffix(".csv")),
    "no-pdf": lambda path: path.with_suffix(".pdf").unlink(),
    "no-codes": lambda path: path.with_suffix(".csv").unlink(),
    "facts": lambda path: path.with_suffix(".json").write_bytes(b"{}"),
    "half-of-the-facts": lambda path: path.with_suffix(".json").write_bytes(b'{"recipe'),
    "other-facts": lambda path: path.with_suffix(".json").write_bytes(b"[]"),
    "no-facts": lambda path: path.with_suffix(".json").unlink(),
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT.keys())
def test_a_volume_that_is_not_as_it_was_is_made_again(
    spoil: Callable[[Path], None], series: Series, right: Any, tmp_path: Path
) -> None:
    made(series, tmp_path, crew(1))
    spoil(tmp_path / "stickers-004.pdf")
    again = Here()
    assert contents(made(series, tmp_path, again.crew())) == right
    assert again.done == [3]


def changed(series: Series) -> dict[str, Series]:
    """The series with something else in it; its first design is in three of the volumes."""
    key, page = next(iter(series.designs.items()))
    numbering = Numbering("HS", 6, "mod-37-2")
    return {
        "title": replace(series, title="别的"),
        "numbering": replace(series, product=replace(series.product, numbering=numbering)),
        "design": replace(series, designs={**series.designs, key: replace(page, corner=1.0)}),
        "mark": replace(series, mark=None),
    }


@pytest.mark.parametrize("what", ["title", "numbering", "design", "mark"])
def test_what_a_change_concerns_is_made_again(
    what: str, series: Series, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(volumes, "make", lambda *args: Made(b"", b"", {"sha256": EMPTY}, {}, None))
    made(series, tmp_path, crew(1))
    kept = Here()
    made(series, tmp_path, kept.crew())
    assert kept.done == []
    again = Here()
    made(changed(series)[what], tmp_path, again.crew())
    assert again.done == ([0, 1, 2] if what == "design" else [0, 1, 2, 3, 4])


EMPTY = hashlib.sha256(b"").hexdigest()


def test_a_changed_profile_makes_all_again(
    series: Series, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shop sends another file of the same name."""
    monkeypatch.setattr(volumes, "make", lambda *args: Made(b"", b"", {"sha256": EMPTY}, {}, None))
    done = []
    for content in (b"one", b"one", b"two"):
        here = Here()
        made(replace(series, profile=content), tmp_path / "work", here.crew())
        done.append(len(here.done))
    assert done == [5, 0, 5]


def test_a_proof_asked_for_makes_all_again(
    series: Series, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(volumes, "make", lambda *args: Made(b"", b"", {"sha256": EMPTY}, {}, None))
    made(series, tmp_path, crew(1))
    again = Here()
    make_all(series, again.crew(), tmp_path, shots={}, prove=True)
    assert again.done == [0, 1, 2, 3, 4]


# --- workers that die ---


@dataclass
class Mortal(Executor):
    """Hands tasks to processes; the one that has made the third volume is killed, once."""

    inner: Executor
    marker: Path
    given: list[int]

    def submit(self, fn: Callable[..., Any], /, *args: Any, **named: Any) -> Future[Any]:
        _, number, *_ = args
        self.given.append(number)
        return self.inner.submit(killed_once, self.marker, number, fn, args)


def killed_once(marker: Path, number: int, fn: Callable[..., Any], args: Any) -> Any:
    found = fn(*args)
    if number == 2 and not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return found


def test_a_worker_that_dies_loses_nothing_and_doubles_nothing(
    series: Series, right: Any, tmp_path: Path
) -> None:
    given: list[int] = []
    pages: list[int] = []

    @contextmanager
    def mortal() -> Iterator[Workers]:
        with crew(2)() as workers:
            yield replace(workers, executor=Mortal(workers.executor, tmp_path / "died", given))

    found = make_all(
        series, mortal, tmp_path / "work", shots={}, prove=False, progress=pages.append
    )
    assert (tmp_path / "died").exists()
    assert contents(found) == right
    assert given.count(2) == 2
    assert sum(pages) == sum(map(series.pages, range(5)))


@pytest.mark.parametrize("times", range(1, MOST_TRIES))
def test_a_broken_pool_is_opened_again(
    times: int, series: Series, right: Any, tmp_path: Path
) -> None:
    """Also where it breaks between two volumes, and a task is handed to what is broken already."""
    left = [times]

    def broken(number: int) -> None:
        if number == 3 and left[0]:
            left[0] -= 1
            raise BrokenProcessPool

    here = Here(broken)
    assert contents(made(series, tmp_path, here.crew())) == right
    assert {*here.done} == {0, 1, 2, 3, 4}


def test_a_volume_that_kills_every_process_is_a_problem(series: Series, tmp_path: Path) -> None:
    class Deadly(Here):
        def submit(self, fn: Callable[..., Any], /, *args: Any, **named: Any) -> Future[Any]:
            if args[1] != 3:
                return super().submit(fn, *args, **named)
            tried.append(args[1])
            future: Future[Any] = Future()
            future.set_exception(BrokenProcessPool())
            return future

    tried: list[int] = []
    with pytest.raises(InputError) as caught:
        made(series, tmp_path, Deadly().crew())
    (problem,) = caught.value.problems
    assert problem.code == "volume-failed"
    assert "stickers-004.pdf" in worded(problem, "zh").sentence
    assert len(tried) == MOST_TRIES
    assert {path.stem for path in tmp_path.glob("*.json")} >= {"stickers-001", "stickers-002"}


def test_a_fault_of_the_program_is_no_broken_pool(series: Series, tmp_path: Path) -> None:
    def fault(number: int) -> None:
        raise RuntimeError("a fault")

    with pytest.raises(RuntimeError, match="a fault"):
        made(series, tmp_path, Here(fault).crew())
