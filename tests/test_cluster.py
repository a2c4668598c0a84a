"""Volumes made on a Dask cluster: a real one, of two worker processes on this computer."""

from __future__ import annotations

import importlib
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from conftest import campaign_folder
from test_making_volumes import NUMBERED, Mortal, contents, files

from stickergen import executors
from stickergen.__main__ import MISSING, run
from stickergen.build import Way, build
from stickergen.executors import Workers, crew
from stickergen.job import impose
from stickergen.order import Order, ready
from stickergen.press.series import Series
from stickergen.problem import InputError, MissingError
from stickergen.volumes import make_all

distributed: Any = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        scheduler_port=0,
        dashboard_address="127.0.0.1:0",
        local_directory=tmp_path_factory.mktemp("dask"),
    ) as found:
        yield found


@pytest.fixture(scope="module")
def order(tmp_path_factory: pytest.TempPathFactory) -> Order:
    return ready(campaign_folder(tmp_path_factory.mktemp("c"), NUMBERED) / "campaign.yaml")


@pytest.fixture(scope="module")
def series(order: Order) -> Series:
    found = impose(order, volume_pages=2).series
    assert found is not None
    return found


def free_port() -> int:
    """A port at which nobody listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def test_a_cluster_makes_the_same_bytes(cluster: Any, order: Order, tmp_path: Path) -> None:
    here, there = (
        Way(volume_pages=2, crew=one, prove=False)
        for one in (crew(1), crew(1, cluster.scheduler_address))
    )
    build(order, tmp_path / "here", here)
    build(order, tmp_path / "there", there)
    assert files(tmp_path / "here") == files(tmp_path / "there")
    assert len(list((tmp_path / "there").glob("stickers-*.pdf"))) == 5


def test_all_workers_of_a_cluster_are_counted(cluster: Any) -> None:
    with crew(7, cluster.scheduler_address)() as workers:
        assert workers.count == 2
        assert workers.executor.submit(os.getpid).result() != os.getpid()


def test_a_worker_killed_half_way_loses_nothing_and_doubles_nothing(
    cluster: Any, series: Series, tmp_path: Path
) -> None:
    """The process dies with a volume that it has made and not yet sent."""
    pages: list[int] = []
    given: list[int] = []

    @contextmanager
    def mortal() -> Iterator[Workers]:
        with crew(1, cluster.scheduler_address)() as workers:
            yield replace(workers, executor=Mortal(workers.executor, tmp_path / "died", given))

    found = make_all(
        series, mortal, tmp_path / "there", shots={}, prove=False, progress=pages.append
    )
    assert (tmp_path / "died").exists()
    assert sorted(given) == [0, 1, 2, 3, 4]  # the cluster itself begins again
    assert sum(pages) == sum(map(series.pages, range(5)))
    right = make_all(series, crew(1), tmp_path / "here", shots={}, prove=False)
    assert contents(found) == contents(right)
    assert files(tmp_path / "there").keys() == files(tmp_path / "here").keys()


def test_a_volume_that_kills_every_worker_is_a_problem(
    cluster: Any, series: Series, tmp_path: Path
) -> None:
    with distributed.Client(cluster, set_as_default=False) as client:
        client.run_on_scheduler(_gives_up_at_once)

    @contextmanager
    def deadly() -> Iterator[Workers]:
        with crew(1, cluster.scheduler_address)() as workers:
            yield replace(workers, executor=Deadly(workers.executor))

    with pytest.raises(InputError) as caught:
        make_all(series, deadly, tmp_path, shots={}, prove=False)
    assert [problem.code for problem in caught.value.problems] == ["volume-failed"]


def _gives_up_at_once(dask_scheduler: Any) -> None:
    dask_scheduler.allowed_failures = 0


@dataclass
class Deadly(Executor):
    """Hands tasks to a cluster; the fourth volume kills whoever makes it."""

    inner: Executor

    def submit(self, fn: Callable[..., Any], /, *args: Any, **named: Any) -> Future[Any]:
        return self.inner.submit(killed if args[1] == 3 else fn, *args)


def killed(*args: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_scheduler_that_goes_away_is_a_problem(series: Series, tmp_path: Path) -> None:
    lost = distributed.LocalCluster(
        n_workers=1,
        threads_per_worker=1,
        processes=False,
        host="127.0.0.1",
        scheduler_port=0,
        protocol="tcp",
        dashboard_address="127.0.0.1:0",
        local_directory=tmp_path / "dask",
    )
    with pytest.raises(InputError) as caught:
        make_all(
            series,
            crew(1, lost.scheduler_address),
            tmp_path / "work",
            shots={},
            prove=False,
            progress=lambda pages: lost.close(),
        )
    (problem,) = caught.value.problems
    assert (problem.code, problem.values["reason"]) == ("cluster-not-reached", "connection lost")


def test_a_fault_on_a_worker_is_told_here(cluster: Any) -> None:
    with crew(1, cluster.scheduler_address)() as workers:
        future = workers.executor.submit(int, "x")
        with pytest.raises(ValueError, match="invalid literal"):
            future.result()


# --- no cluster ---


@pytest.mark.parametrize(
    "address", ["127.0.0.1:{port}", "tcp://127.0.0.1:{port}", "tcp://nowhere.invalid:8786"]
)
def test_a_scheduler_that_does_not_answer_is_a_problem(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executors, "CONNECT_SECONDS", 0.5)
    begun = time.monotonic()
    with pytest.raises(InputError) as caught, crew(1, address.format(port=free_port()))():
        pass
    (problem,) = caught.value.problems
    assert problem.code == "cluster-not-reached"
    assert problem.values["reason"]
    assert time.monotonic() - begun < 30


@pytest.mark.parametrize(
    "address", ["", "nonsense", "ftp://127.0.0.1:1", "tcp://127.0.0.1:port", "tcp://127.0.0.1"]
)
def test_what_is_no_address_is_a_problem(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "CONNECT_SECONDS", 0.5)
    with pytest.raises(InputError) as caught, crew(1, address)():
        pass
    assert [problem.code for problem in caught.value.problems] == ["cluster-no-address"]
    assert caught.value.problems[0].values["address"] == address


def test_without_dask_there_is_no_cluster(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    load = importlib.import_module

    def missing(name: str, package: str | None = None) -> Any:
        if name.partition(".")[0] in ("distributed", "dask"):
            raise ModuleNotFoundError(name)
        return load(name, package)

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(MissingError) as caught, crew(1, "tcp://127.0.0.1:8786")():
        pass
    assert caught.value.problem.code == "cluster-not-installed"
    campaign = campaign_folder(tmp_path / "c", NUMBERED)
    told = ["build", str(campaign), "-o", str(tmp_path / "o"), "--dask", "tcp://127.0.0.1:8786"]
    assert run([*told, "--lang", "en"]) == MISSING
    assert "pip install" in capsys.readouterr().err
    assert not list((tmp_path / "o").glob("*.pdf"))
