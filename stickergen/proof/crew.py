"""The work of a proof dealt out to processes, or done here where it is little.

Comes in: `Task`s, and what follows from each result. Goes out: the results by key. Processes are
spawned, never forked: PDFium is not thread-safe, and a process forked beside a thread that draws a
progress bar may hang. Limits: a process that dies takes all work with it that is not handed in.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any

Progress = Callable[[int, int], None]
"""Called with the work done and the work known of, in pages; more is known as files are opened."""

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


def work_off(
    tasks: Iterable[Task], follow: Follow, progress: Progress, workers: int
) -> Mapping[Hashable, Any]:
    """Do all tasks and those that follow from them; the results by key."""
    count = _Count(progress)
    if workers <= 1:
        return _here(tasks, follow, count)
    return _in_processes(tasks, follow, count, workers)


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


def _here(tasks: Iterable[Task], follow: Follow, count: _Count) -> dict[Hashable, Any]:
    results: dict[Hashable, Any] = {}
    queue = list(tasks)
    for task in queue:
        count.expect(task)
    for task in queue:  # it grows while it is read
        results[task.key] = task.work()
        for next_task in follow(task, results[task.key]):
            count.expect(next_task)
            queue.append(next_task)
        count.finish(task)
    return results


def _in_processes(
    tasks: Iterable[Task], follow: Follow, count: _Count, workers: int
) -> dict[Hashable, Any]:
    results: dict[Hashable, Any] = {}
    queue = list(tasks)
    for task in queue:
        count.expect(task)
    for lost in _dealt_out(queue, follow, count, workers, results):
        # One task's process died and took the others along: each is tried again alone.
        for dead in _dealt_out([lost], follow, count, 1, results):
            results[dead.key] = DIED
            count.finish(dead)
    return results


def _dealt_out(
    tasks: Iterable[Task],
    follow: Follow,
    count: _Count,
    workers: int,
    results: dict[Hashable, Any],
) -> list[Task]:
    """Fill in the results of tasks and of those that follow; the tasks lost if a process died."""
    pending: dict[Future[Any], Task] = {}
    context = multiprocessing.get_context("spawn")
    executor = ProcessPoolExecutor(workers, mp_context=context, initializer=_leave_interrupts)
    queue = deque(tasks)
    try:
        while queue or pending:
            while queue:
                pending[executor.submit(queue[0].work)] = queue[0]
                queue.popleft()
            for future in wait(pending, return_when=FIRST_COMPLETED).done:
                task = pending[future]
                results[task.key] = future.result()
                del pending[future]
                for next_task in follow(task, results[task.key]):
                    count.expect(next_task)
                    queue.append(next_task)
                count.finish(task)
    except BrokenProcessPool:
        return [*pending.values(), *queue]
    finally:
        executor.shutdown(cancel_futures=True)
    return []


def _leave_interrupts() -> None:
    """Ctrl+C is the business of the process that dealt the work out."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
