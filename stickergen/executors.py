"""Where volumes are made: in this process, in several, or on the machines of a Dask cluster.

Comes in: how many processes, or the address of a cluster's scheduler. Goes out: an executor
(`concurrent.futures`) and how many workers it has.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from stickergen import __version__
from stickergen.content.tree import quoted
from stickergen.problem import InputError, MissingError, Problem
from stickergen.proof.crew import processes, stop, warm_up

LOADED = "stickergen.preloaded"
"""What the processes need: all that makes a volume."""

_ADDRESS = re.compile(r"(?:(?:tcp|tls)://)?[A-Za-z0-9.-]{1,253}:[0-9]{1,5}")
"""A scheduler's address: host and port."""

CONNECT_SECONDS = 10.0
"""Tuned: a scheduler in the same building answers in one."""


@dataclass(frozen=True)
class Workers:
    """An executor, and how many tasks it works on at once."""

    executor: Executor
    count: int
    given_up: tuple[type[Exception], ...] = ()
    """What a task fails with that has killed one process after the other."""


Crew = Callable[[], AbstractContextManager[Workers]]
"""Opens workers; where their processes died, again."""


def crew(jobs: int, scheduler: str | None = None) -> Crew:
    """The workers asked for: a cluster's, else so many processes, else this one."""
    if scheduler is not None:
        return partial(_cluster, scheduler)
    return partial(_processes, jobs) if jobs > 1 else _here


def head_start() -> None:
    """Let the libraries that volumes need load while this process still reads the order."""
    warm_up(LOADED)


class _Here(Executor):
    """Does each task when it is handed in."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:
            done.set_exception(error)
        return done


@contextmanager
def _here() -> Iterator[Workers]:
    yield Workers(_Here(), 1)


@contextmanager
def _processes(jobs: int) -> Iterator[Workers]:
    executor = processes(jobs, LOADED)
    try:
        yield Workers(executor, jobs)
    except KeyboardInterrupt:
        stop(executor)
        raise
    finally:
        executor.shutdown(cancel_futures=True)


@contextmanager
def _cluster(scheduler: str) -> Iterator[Workers]:
    try:
        distributed = importlib.import_module("distributed")
    except ImportError as error:
        raise MissingError(Problem("cluster-not-installed")) from error
    if not _ADDRESS.fullmatch(scheduler):
        raise InputError([Problem("cluster-no-address", None, {"address": quoted(scheduler)})])
    try:
        client = distributed.Client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False)
    except Exception as error:  # of many kinds, by what its transports raise
        raise InputError([_told("cluster-not-reached", scheduler, error)]) from error
    try:
        _ready(client, scheduler)
        with client.get_executor(pure=False) as executor:
            count = len(client.nthreads())  # each makes a volume at a time, whatever its threads
            yield Workers(executor, max(1, count), (distributed.KilledWorker,))
    except CancelledError as error:  # by the client, when its scheduler is gone
        lost = ConnectionError("connection lost")
        raise InputError([_told("cluster-not-reached", scheduler, lost)]) from error
    finally:
        client.close()


def _ready(client: Any, scheduler: str) -> None:
    """See that there are workers, and that they make what this process would make."""
    try:
        client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        versions = set(client.run(version).values())
    except (OSError, ImportError, RuntimeError) as error:
        raise InputError([_told("cluster-without-workers", scheduler, error)]) from error
    if others := versions - {version()}:
        differs = ValueError(f"stickergen {', '.join(sorted(others))}, not {version()}")
        raise InputError([_told("cluster-without-workers", scheduler, differs)])


def version() -> str:
    """The version of the program, wherever this runs."""
    return __version__


def _told(code: str, scheduler: str, error: Exception) -> Problem:
    reason = " ".join(str(error).split())[:120] or type(error).__name__
    return Problem(code, None, {"address": scheduler, "reason": reason})
