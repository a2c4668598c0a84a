"""Delivery: finished files appear in the output folder all together, or not at all.

Comes in: file names and bytes. They are written beside their destination first and then moved; if
one cannot be moved, those already moved are put back; where a build was cut off in between, the
next one undoes it. What an earlier build made and this one does not is removed, if it is still as
the earlier manifest says. Limits: two builds of one user on one computer never write at once;
builds of several computers into a shared folder do not know of each other.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from stickergen.problem import InputError, Place, Problem
from stickergen.website.mark import is_page
from stickergen.website.site import INDEX

MANIFEST = "manifest.json"
STAGE = ".stickergen-"
"""How the folder begins in which a delivery is put together."""
NAMES = "names.json"
"""The list of new files in there: what has been begun can be undone."""


def deliver(files: Mapping[str, bytes | Path], folder: Path) -> None:
    """Put the files into the folder, replacing the last delivery; InputError if that cannot be.

    A file that lies on disk already is linked, so that it is still there if something fails.

    A delivery that brings no manifest replaces files of the same names and leaves all others.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with alone(folder):
            _recover(folder)
            _deliver(files, folder)
    except OSError as error:
        raise refused(folder, error) from error


def keep_for_paper(folder: Path) -> None:
    """Refuse to put what is for print where a web server would show it."""
    _keep(folder, "delivery-into-site", lambda: is_page(folder / INDEX))


def keep_for_pages(folder: Path) -> None:
    """Refuse to put web pages among what is for print."""
    _keep(folder, "site-into-delivery", (folder / MANIFEST).is_file)


def keep_whole(folder: Path) -> None:
    """Refuse to put a part of a numbered order where the whole of one lies."""

    def whole() -> bool:
        try:
            kept = json.loads((folder / MANIFEST).read_text(encoding="utf-8-sig"))
            return kept["serials"]["part"] is not True
        except FileNotFoundError:
            return False
        except (ValueError, LookupError, TypeError, RecursionError):
            return True  # what cannot be read is not replaced

    _keep(folder, "reprint-into-delivery", whole)


def _keep(folder: Path, code: str, taken: Callable[[], bool]) -> None:
    try:
        other = taken()
    except OSError as error:
        raise refused(folder, error) from error
    if other:
        place = Place(folder.as_posix())
        raise InputError([Problem(code, place, {"folder": folder.as_posix()})])


def _deliver(files: Mapping[str, bytes | Path], folder: Path) -> None:
    known = _listed(folder) if MANIFEST in files else []
    stale = [name for name in known if name not in files]
    stage = Path(tempfile.mkdtemp(prefix=STAGE, dir=folder))
    done = False
    try:
        for name, content in files.items():
            path = stage / "new" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, Path):
                _link(content, path)
            else:
                path.write_bytes(content)
        (stage / NAMES).write_text(json.dumps([*files]), encoding="utf-8")
        _swap([*files], stale, stage, folder)
        (stage / NAMES).unlink()  # from here on the new delivery holds: there is nothing to undo
        done = True
    except OSError as error:
        raise refused(folder, error, stage if _holds_old(stage) else None) from error
    finally:
        if done or not _holds_old(stage):
            shutil.rmtree(stage, ignore_errors=True)


def _link(source: Path, target: Path) -> None:
    """The same file at another place; a copy where the disk knows no links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


@contextmanager
def alone(folder: Path, told: Path | None = None) -> Iterator[None]:
    """Nobody else of this user works in the folder; InputError if somebody does, which names the
    folder or another.

    The lock lies beside the system's temporary files: none is left in the folder.
    """
    name = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:16]
    try:
        with FileLock(Path(tempfile.gettempdir()) / f"stickergen-{name}.lock", timeout=0):
            yield
    except Timeout as error:
        name = (told or folder).as_posix()
        raise InputError([Problem("folder-busy", Place(name), {"folder": name})]) from error


def _recover(folder: Path) -> None:
    """Undo what a build that was cut off had begun: its new files out, the old ones back in.

    A stage without its list of names had not begun to move files, or was done with it.
    """
    for stage in sorted(folder.glob(f"{STAGE}*")):
        begun = (stage / NAMES).is_file()
        for name in _begun(stage):
            inside = (folder / name).resolve().is_relative_to(folder.resolve())
            if inside and not (stage / "new" / name).exists():  # it had been moved in
                (folder / name).unlink(missing_ok=True)
        for path in sorted((stage / "old").rglob("*")):
            if begun and path.is_file():
                target = folder / path.relative_to(stage / "old")
                target.parent.mkdir(parents=True, exist_ok=True)
                os.replace(path, target)
        shutil.rmtree(stage, ignore_errors=True)


def _begun(stage: Path) -> list[str]:
    """The files that the swap of this stage was to move in; none if it had not begun."""
    try:
        names = json.loads((stage / NAMES).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return []
    listed = names if isinstance(names, list) else []
    return [name for name in listed if isinstance(name, str) and "\0" not in name]


def _swap(names: list[str], stale: list[str], stage: Path, folder: Path) -> None:
    """Move the old files out and the new ones in; on a failure put the old ones back."""
    moved: list[tuple[Path, Path]] = []
    made: list[Path] = []

    def move(source: Path, target: Path) -> None:
        above = [one for one in target.parents if one.is_relative_to(folder)]
        made.extend(one for one in reversed(above) if not one.is_dir())
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
        for one in reversed(made):
            with suppress(OSError):
                one.rmdir()
        raise


def _holds_old(stage: Path) -> bool:
    """Whether files of the last delivery lie in the stage."""
    return any(path.is_file() for path in (stage / "old").rglob("*"))


def _listed(folder: Path) -> list[str]:
    """The files of the last delivery that are still as its manifest says."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        entries = {str(entry["file"]): str(entry["sha256"]) for entry in manifest["files"]}
        return [name for name, digest in entries.items() if _is_ours(folder, name, digest)]
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return []


def _is_ours(folder: Path, name: str, digest: str) -> bool:
    """Whether a file inside the folder is unchanged since it was delivered."""
    path = folder / name
    inside = path.resolve().is_relative_to(folder.resolve())
    return inside and path.is_file() and sha256(path) == digest


def sha256(path: Path) -> str:
    """The digest of a file, read piece by piece."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def refused(folder: Path, error: OSError, stage: Path | None = None) -> InputError:
    """The problem of a folder that cannot be written; with a stage: it holds the old files."""
    file = error.filename or folder
    values = {"file": Path(str(file)).name, "reason": error.strerror or str(error)}
    place = Place(folder.as_posix())
    if stage is None:
        return InputError([Problem("cannot-write", place, values)])
    return InputError([Problem("cannot-put-back", place, values | {"stage": stage.name})])
