"""Log files → their lines, with little memory, whatever is in them.

Comes in: paths. Goes out: `Log`s, looked into and found to be access logs, or an `InputError` with
what is wrong with all of them; then their lines as text. What is packed with gzip, bzip2 or xz is
known by its first bytes, not by its name; several packed parts may follow one another.
Limits: regular files; of a line MOST_BYTES_A_LINE; bytes that are not UTF-8 become �.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from stickergen.content.tree import quoted
from stickergen.problem import InputError, Place, Problem
from stickergen.scans.log import moment, requests

MOST_BYTES_A_LINE = 32_768
"""Tuned: a request and two headers of 8 kB each, the most that Apache (LimitRequestLine) and nginx
(large_client_header_buffers) take as they come; what is longer is no person's."""

HEAD_LINES = 1000
"""Tuned: Caddy and Docker put their own messages between the requests; if none of so many lines
is a request, it is another file."""

_BLOCK_BYTES = 1 << 18

_PACKED: dict[bytes, Callable[[Any], Any]] = {
    b"\x1f\x8b": lambda file: gzip.GzipFile(fileobj=file),  # RFC 1952, 2.3.1
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ\0": lzma.LZMAFile,  # The .xz File Format, 2.1.1.1
}
"""First bytes → how to read on: what logrotate packs with, and Python reads by itself."""

_PACKED_OTHERWISE = {
    b"PK\x03\x04": "ZIP",  # APPNOTE.TXT, 4.3.7; a table or a text of an office program too
    b"PK\x05\x06": "ZIP",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!": "RAR",
    b"\x28\xb5\x2f\xfd": "Zstandard",  # RFC 8878, 3.1.1
    b"\x04\x22\x4d\x18": "LZ4",
    b"\x1f\x9d": "compress (.Z)",
}
"""First bytes → what a person has to unpack first."""

_WIDE = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
"""First bytes → encoding: what `>` makes of a log in Windows PowerShell 5."""

_DAMAGED = (EOFError, gzip.BadGzipFile, zlib.error, lzma.LZMAError)


@dataclass(frozen=True)
class Log:
    """An access log; `begins` is the time of its first request, in seconds since 1970."""

    path: Path
    size_bytes: int
    begins: float = 0.0

    def lines(self, read: Callable[[int], None] = lambda count_bytes: None) -> Iterator[str]:
        """Its lines; `read` is told the bytes of the file as they go by."""
        try:
            yield from _lines(self.path, read)
        except (*_DAMAGED, OSError) as error:
            damaged = isinstance(error, _DAMAGED) or error.errno is None  # so bz2 tells it
            place = Place(self.path.as_posix())
            problem = Problem("log-damaged", place) if damaged else _told(self.path, error)
            raise InputError([problem]) from error


def logs(paths: Iterable[Path]) -> tuple[Log, ...]:
    """The logs of these files, each once; InputError with all that are none."""
    found: list[Log] = []
    problems: list[Problem] = []
    for path in {_resolved(path): path for path in paths}.values():
        try:
            found.append(_log(path))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return tuple(found)


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, ValueError):  # a name that no file can have is told when it is opened
        return path


def _log(path: Path) -> Log:
    """The log in this file; InputError with the one thing that is wrong with it."""
    place = Place(path.as_posix())
    try:
        if path.is_dir():
            raise InputError([Problem("log-is-folder", place, {"folder": quoted(path.name)})])
        if path.exists() and not path.is_file():
            raise OSError(0, "not a regular file")  # a pipe: it could not be read twice
        log = Log(path, path.stat().st_size)
        with path.open("rb") as file:
            start = file.read(8)
    except (OSError, ValueError) as error:
        raise InputError([_told(path, error)]) from error
    for magic, kind in _PACKED_OTHERWISE.items():
        if start.startswith(magic):
            raise InputError([Problem("log-packed", place, {"kind": kind})])
    for magic, encoding in _WIDE.items():
        if start.startswith(magic):
            raise InputError([Problem("not-utf8", place, {"encoding": encoding})])
    lines = 0
    for request in islice(requests(log.lines()), HEAD_LINES):
        if request:
            return Log(path, log.size_bytes, moment(request.stamp) or 0.0)
        lines += 1
    if not lines:
        return log
    values = {"line": quoted(next(log.lines())), "lines": lines}
    raise InputError([Problem("log-not-access-log", place, values)])


def _told(path: Path, error: Exception) -> Problem:
    """The problem of a file that cannot be opened or read."""
    place, name = Place(path.as_posix()), quoted(path.as_posix())
    if isinstance(error, (FileNotFoundError, NotADirectoryError, ValueError)):
        return Problem("file-not-found", place, {"name": name})
    reason = quoted(getattr(error, "strerror", None) or str(error))
    return Problem("file-not-readable", place, {"name": name, "reason": reason})


class _Metered(io.FileIO):
    """A file that tells how many bytes were read of it."""

    def __init__(self, path: Path, read: Callable[[int], None]) -> None:
        super().__init__(path)
        self._told = read

    def readinto(self, buffer: Any) -> int | None:
        count_bytes = super().readinto(buffer)
        self._told(count_bytes or 0)
        return count_bytes


def _lines(path: Path, read: Callable[[int], None]) -> Iterator[str]:
    """The lines that are not empty, each cut at MOST_BYTES_A_LINE."""
    with ExitStack() as stack:
        file: Any = stack.enter_context(io.BufferedReader(_Metered(path, read), _BLOCK_BYTES))
        start = file.peek(8)
        for magic, opened in _PACKED.items():
            if start.startswith(magic):
                inside = stack.enter_context(opened(file))
                file = stack.enter_context(io.BufferedReader(inside, _BLOCK_BYTES))
        readline = file.readline
        while line := readline(MOST_BYTES_A_LINE):
            rest = line
            while len(rest) == MOST_BYTES_A_LINE and not rest.endswith(b"\n"):
                rest = readline(MOST_BYTES_A_LINE)
            if text := str(line, "utf-8", "replace").rstrip("\r\n"):
                yield text
