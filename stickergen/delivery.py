"""Delivery: finished files appear in the output folder all together, or not at all.

Comes in: file names and bytes. They are written beside their destination first and then moved; if
one cannot be moved, those already moved are put back; where a build was cut off in between, the
next one puts back what it left. What an earlier build made and this one does not is removed, as far
as the earlier manifest lists it. Two builds never write into one folder at once.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from stickergen.problem import InputError, Place, Problem

MANIFEST = "manifest.json"
STAGE = ".stickergen-"
"""How the folder begins in which a delivery is put together."""


def deliver(files: Mapping[str, bytes], folder: Path) -> None:
    """Put the files into the folder, replacing the last delivery; InputError if that cannot be."""
    assert MANIFEST in files
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder):
            _recover(folder)
            _deliver(files, folder)
    except Timeout as error:
        place = Place(folder.as_posix())
        raise InputError([Problem("folder-busy", place, {"folder": folder.as_posix()})]) from error
    except OSError as error:
        raise _refused(folder, error) from error


def _deliver(files: Mapping[str, bytes], folder: Path) -> None:
    stale = [name for name in _listed(folder) if name not in files]
    stage = Path(tempfile.mkdtemp(prefix=STAGE, dir=folder))
    done = False
    try:
        for name, content in files.items():
            path = stage / "new" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        _swap([*files], stale, stage, folder)
        done = True
    except OSError as error:
        raise _refused(folder, error, stage if _holds_old(stage) else None) from error
    finally:
        if done or not _holds_old(stage):
            shutil.rmtree(stage, ignore_errors=True)


def _alone(folder: Path) -> FileLock:
    """A lock on the folder, held beside the system's temporary files: none is left in it."""
    name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    return FileLock(Path(tempfile.gettempdir()) / f"stickergen-{name}.lock", timeout=0)


def _recover(folder: Path) -> None:
    """Put back what a build that was cut off had moved out of the way."""
    for stage in sorted(folder.glob(f"{STAGE}*")):
        for path in sorted((stage / "old").rglob("*")):
            if path.is_file():
                target = folder / path.relative_to(stage / "old")
                target.parent.mkdir(parents=True, exist_ok=True)
                os.replace(path, target)
        shutil.rmtree(stage, ignore_errors=True)


def _swap(names: list[str], stale: list[str], stage: Path, folder: Path) -> None:
    """Move the old files out and the new ones in; on a failure put the old ones back."""
    moved: list[tuple[Path, Path]] = []

    def move(source: Path, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        moved.append((source, target))  # first: an interruption may come right behind the move
        os.replace(source, target)

    try:
        for name in [*names, *stale]:
            if (folder / name).is_file():
                move(folder / name, stage / "old" / name)
        for name in names:
            move(stage / "new" / name, folder / name)
    except BaseException:
        for source, target in reversed(moved):
            with suppress(OSError):
                os.replace(target, source)
        raise


def _holds_old(stage: Path) -> bool:
    """Whether files of the last delivery lie in the stage."""
    return any(path.is_file() for path in (stage / "old").rglob("*"))


def _listed(folder: Path) -> list[str]:
    """The files of the last delivery, as its manifest lists them; none outside the folder."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        names = [entry["file"] for entry in manifest["files"]]
        inside = folder.resolve()
        return [n for n in names if (folder / n).resolve().is_relative_to(inside)]
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return []


def _refused(folder: Path, error: OSError, stage: Path | None = None) -> InputError:
    """The problem; with a stage, the old files are still in there."""
    file = error.filename or folder
    values = {"file": Path(str(file)).name, "reason": error.strerror or str(error)}
    place = Place(folder.as_posix())
    if stage is None:
        return InputError([Problem("cannot-write", place, values)])
    return InputError([Problem("cannot-put-back", place, values | {"stage": stage.name})])
