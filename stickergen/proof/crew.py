"""The work of a proof dealt out to processes, or done here where it is little.

Comes in: `Task`s, and what follows from each result. Goes out: the results by key. No process is
forked from this one: PDFium is not thread-safe, and a process forked beside a thread that draws a
progress bar may hang. They come from a server that has loaded the libraries and does nothing else,
where the system has such (Linux, macOS); else each is spawned and loads its own. Limits: a process
that dies takes all work with it that is not handed in.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import forkserver
from typing import Any

Progress = Callable[[int, int], None]
"""Called with the work done and the work known of, in pages; more is known as files are opened."""

FORKSERVER = "forkserver"

LOADED = "stickergen.proof.prove"
"""What the processes of a proof need."""

MOST_WORKERS = 8
"""Tuned: each holds 150 MB of libraries and a page of 9 MB; beyond, memory is missed first."""


@dataclass(frozen=True, slots=True)
class Task:
    """A piece of work that needs nothing but its arguments; `weight` is its length in pages."""

    key: Hashable
    weight: int
    work: Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Failure:
    """The result of work that could not be done, and why in a library's words."""

    reason: str


DIED = Failure("the process that did the work died")
"""What comes of a file on which a library written in C++ breaks down."""

Follow = Callable[[Task, Any], Iterable[Task]]
"""The tasks that a result gives rise to."""

Keep = Callable[[Hashable, Any], Any]
"""What is kept of the result with this key."""


def work_off(
    tasks: Iterable[Task],
    follow: Follow,
    progress: Progress,
    workers: int,
    keep: Keep = lambda key, result: result,
) -> Mapping[Hashable, Any]:
    """Do all tasks and those that follow from them; what is kept of the results, by key."""
    count, results = _Count(progress), _Results(keep)
    if workers <= 1:
        _here(tasks, follow, count, results)
    else:
        _in_processes(tasks, follow, count, workers, results)
    return results.kept


def workers_at_most() -> int:
    """How many processes are of use on this computer."""
    return min(os.cpu_count() or 1, MOST_WORKERS)


class _Count:
    """How much is done of what is known."""

    def __init__(self, progress: Progress) -> None:
        self._progress, self._done, self._known = progress, 0, 0

    def expect(self, task: Task) -> None:
        """A task has become known."""
        self._known += task.weight

    def finish(self, task: Task) -> None:
        """A task is done; what follows from it is known by now."""
        self._done += task.weight
        self._progress(self._done, self._known)


class _Results:
    """What is kept of what is done."""

    def __init__(self, keep: Keep) -> None:
        self._keep = keep
        self.kept: dict[Hashable, Any] = {}

    def add(self, task: Task, result: Any) -> None:
        """A task is done."""
        self.kept[task.key] = self._keep(task.key, result)


def _here(tasks: Iterable[Task], follow: Follow, count: _Count, results: _Results) -> None:
    queue = list(tasks)
    for task in queue:
        count.expect(task)
    for task in queue:  # it grows while it is read
        result = task.work()
        results.add(task, result)
        for next_task in follow(task, result):
            count.expect(next_task)
            queue.append(next_task)
        count.finish(task)


def _in_processes(
    tasks: Iterable[Task], follow: Follow, count: _Count, workers: int, results: _Results
) -> None:
    queue = list(tasks)
    for task in queue:
        count.expect(task)
    for lost in _dealt_out(queue, follow, count, workers, results):
        # One task's process died and took the others along: each is tried again alone.
        for dead in _dealt_out([lost], follow, count, 1, results):
            results.add(dead, DIED)
            count.finish(dead)


def _dealt_out(
    tasks: Iterable[Task],
    follow: Follow,
    count: _Count,
    workers: int,
    results: _Results,
) -> list[Task]:
    """Fill in the results of tasks and of those that follow; the tasks lost if a process died."""
    pending: dict[Future[Any], Task] = {}
    executor = processes(workers)
    queue = deque(tasks)
    try:
        while queue or pending:
            while queue:
                pending[executor.submit(queue[0].work)] = queue[0]
                queue.popleft()
            for future in wait(pending, return_when=FIRST_COMPLETED).done:
                task = pending[future]
                result = future.result()
                results.add(task, result)
                del pending[future]
                for next_task in follow(task, result):
                    count.expect(next_task)
                    queue.append(next_task)
                count.finish(task)
    except KeyboardInterrupt:
        stop(executor)
        raise
    except BrokenProcessPool:
        return [*pending.values(), *queue]
    finally:
        executor.shutdown(cancel_futures=True)
    return []


def processes(count: int, loaded: str = LOADED) -> ProcessPoolExecutor:
    """So many processes that have loaded a module, or do so when it is first needed."""
    context = multiprocessing.get_context(_method())
    _serve(loaded)
    executor = ProcessPoolExecutor(count, mp_context=context, initializer=_leave_interrupts)
    # All at once: one that begins while another dies is overlooked when the rest are ended, and
    # then waited for without end (CPython 3.11, `terminate_broken`; about twice in a hundred).
    executor._safe_to_dynamically_spawn_children = False  # type: ignore[attr-defined]
    return executor


def warm_up(loaded: str) -> None:
    """Let the server load a module while this process does something else, if it has time for it.

    It serves all processes that this one asks for later.
    """
    if workers_at_most() > 1:
        _serve(loaded)


def stop(executor: ProcessPoolExecutor) -> None:
    """End processes in the middle of their work: somebody pressed Ctrl+C, perhaps twice."""
    with _deaf():
        for process in list((executor._processes or {}).values()):
            process.terminate()
        executor.shutdown(cancel_futures=True)


def _serve(loaded: str) -> None:
    """Start the server of processes where there is one; interrupts are none of its business."""
    if _method() == FORKSERVER:
        multiprocessing.get_context(FORKSERVER).set_forkserver_preload([loaded])
        with _deaf():
            forkserver.ensure_running()


@contextmanager
def _deaf() -> Iterator[None]:
    """Ctrl+C is not heard here, nor by the processes that are started here."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _method() -> str:
    methods = multiprocessing.get_all_start_methods()
    return FORKSERVER if FORKSERVER in methods else "spawn"


def _leave_interrupts() -> None:
    """Ctrl+C is the business of the process that dealt the work out."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
