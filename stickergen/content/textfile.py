"""The bytes of a file → its text, or what a person has to do to the file first.

Comes in: a path, and how many bytes at most. Goes out: the text of a UTF-8 file without its byte
order mark, or an `InputError` with one Problem; another encoding is named, never guessed at.
Limits: regular files; UTF-16 without a mark is told by its noughts.
"""

from __future__ import annotations

from pathlib import Path

from stickergen.content.tree import quoted
from stickergen.problem import InputError, Place, Problem


def text_of(path: Path, file: str, most_bytes: int, *, too_large: str = "file-too-large") -> str:
    """The file's text; `file` is its name in messages, `too_large` the code of a file over it."""
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            raise OSError(0, "not a regular file")  # a pipe or a device: reading may never end
        with path.open("rb") as stream:
            content = stream.read(most_bytes + 1)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise _refused("file-not-found", file, name=quoted(file)) from None
    except OSError as error:
        reason = quoted(error.strerror or "")
        raise _refused("file-not-readable", file, name=quoted(file), reason=reason) from None
    if len(content) > most_bytes:
        raise _refused(too_large, file, limit=most_bytes // 1_000_000)
    encoding = _wide(content)
    if encoding:
        raise _refused("not-utf8", file, encoding=encoding)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig").split("\n")
        place = Place(file, len(before), len(before[-1]) + 1)
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        raise InputError([Problem("broken-utf8", place)]) from None
    raise InputError([Problem("not-utf8", place, {"encoding": "GBK"})])


def _refused(code: str, file: str, **values: object) -> InputError:
    return InputError([Problem(code, Place(file), values)])


def _wide(content: bytes) -> str | None:
    """UTF-16 or UTF-32 by its mark, or by every other byte being nought."""
    marks = {b"\xff\xfe\0\0": "UTF-32", b"\0\0\xfe\xff": "UTF-32"}
    marks |= {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
    for mark, name in marks.items():
        if content.startswith(mark):
            return name
    halves = content[0::2], content[1::2]
    nought = any(len(half) > 3 and half.count(0) * 2 > len(half) for half in halves)
    return "UTF-16" if nought and not all(half.count(0) for half in halves) else None
