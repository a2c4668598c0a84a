"""The volumes of a series, made by any executor; what is finished is kept for the next try.

Comes in: a `Series`, an executor, the folder of the delivery. Goes out: for each volume what the
build needs of it; the PDF itself and its lines of codes.csv lie in the folder of unfinished work.
A volume is a pure function of the series and its number, so any process on any machine with the
same version makes the same; it comes back as bytes, and only this process writes files. Memory: a
few volumes at a time. What an interrupted build had finished is used again if recipe and digests
are the same.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode, b64encode
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Any

from stickergen import __version__
from stickergen.artwork.page import Picture
from stickergen.delivery import refused, sha256
from stickergen.executors import Crew
from stickergen.press.product import code_lines, described, entry, expected, placed
from stickergen.press.series import Series, printed
from stickergen.problem import InputError, Problem
from stickergen.proof.kept import file_proof_json, file_proof_of
from stickergen.proof.preview import Shot, pictures
from stickergen.proof.prove import Given, prove_file
from stickergen.proof.result import FileProof
from stickergen.proofing import DELIVERED

MOST_TRIES = 3
"""How often a volume is begun whose process dies. Tuned: a machine that is short of memory."""

_DAMAGE = (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError)
"""What comes of a finished volume that is not as it was written."""

_ALONE = Lock()
"""A process makes one volume at a time: PDFium is not thread-safe, and a cluster's workers may have
several threads.
"""

AHEAD = 2
"""Volumes dealt out for each worker. Tuned: none waits, and few results lie in memory."""


@dataclass(frozen=True)
class Made:
    """A finished volume as it comes from a worker."""

    pdf: bytes
    codes: bytes
    entry: Mapping[str, Any]
    pictures: Mapping[str, bytes]
    proof: FileProof | None


@dataclass(frozen=True)
class _Files:
    """A volume in the folder of unfinished work."""

    pdf: Path

    @property
    def codes(self) -> Path:
        """Its lines of codes.csv."""
        return self.pdf.with_suffix(".csv")

    @property
    def known(self) -> Path:
        """What is to be known of both."""
        return self.pdf.with_suffix(".json")


@dataclass(frozen=True)
class _Wanted(_Files):
    """A volume that is to be there: its recipe, the names of its pictures."""

    recipe: str
    pictures: frozenset[str]


@dataclass(frozen=True)
class Kept(_Files):
    """A finished volume."""

    entry: str
    """What the manifest has of it, as JSON: as objects it takes ten times the room."""
    pictures: Mapping[str, bytes]

    def proof(self) -> FileProof | None:
        """Its proof, if it was proved: read again, as hundreds of them hold many pictures.

        InputError if it is not there any more.
        """
        try:
            return _proof(_facts(self.known))
        except _DAMAGE as error:
            raise _failed(self.pdf.name) from error


def make(series: Series, number: int, shots: Mapping[str, Shot], prove: bool) -> Made:
    """Make a volume with some pictures of it, and prove it if asked to.

    Nothing is read but fonts and the pictures of designs.
    """
    with _ALONE:
        return _make(series, number, shots, prove)


def _make(series: Series, number: int, shots: Mapping[str, Shot], prove: bool) -> Made:
    product = series.volume(number)
    pdf = printed(series, product)
    codes = tuple(placed(product, series.designs))
    ordered = expected(product, series.designs, codes if prove else ())
    about = described(product, series.designs, ordered)
    lines = code_lines(product, codes).encode()
    proof = prove_file(Given(product.file, pdf, ordered, DELIVERED)) if prove else None
    images = pictures(pdf, list(shots.values())) if shots else ()
    whole = entry(product.file, hashlib.sha256(pdf).hexdigest(), about)
    return Made(pdf, lines, whole, dict(zip(shots, images, strict=True)), proof)


def make_all(
    series: Series,
    crew: Crew,
    folder: Path,
    *,
    shots: Mapping[int, Mapping[str, Shot]],
    prove: bool,
    progress: Callable[[int], None] = lambda pages: None,
    beside: Callable[[], None] = lambda: None,
) -> list[Kept]:
    """Every volume, in order; `shots` are the pictures wanted of volumes, by name.

    `progress` is called with the pages that were finished, `beside` once, when the workers have
    begun.
    """
    with _written_in(folder):
        if folder.is_symlink():
            folder.unlink()
        folder.mkdir(parents=True, exist_ok=True)
    numbers = range(len(series.volumes))
    recipes = [_recipe(series.alone(number), number, prove=prove) for number in numbers]
    found: dict[int, Kept] = {}
    wanted: list[_Wanted] = []
    for number in numbers:
        own = _Wanted(
            folder / series.file(number), recipes[number], frozenset(shots.get(number, ()))
        )
        wanted.append(own)
        if (kept := _kept(own)) is not None:
            found[number] = kept
            progress(series.pages(number))
    missing = [number for number in numbers if number not in found]
    if not missing:
        beside()
    for number, made in _made(series, missing, crew, shots, beside, prove=prove):
        with _written_in(folder):
            found[number] = _keep(wanted[number], made)
        progress(series.pages(number))
    return [found[number] for number in numbers]


def _made(
    series: Series,
    numbers: Sequence[int],
    crew: Crew,
    shots: Mapping[int, Mapping[str, Shot]],
    beside: Callable[[], None],
    *,
    prove: bool,
) -> Iterator[tuple[int, Made]]:
    """The volumes as they are finished; those whose process died are begun again."""
    waiting, tries, begun = deque(numbers), Counter[int](), False
    while waiting:
        pending: dict[Future[Made], int] = {}
        with crew() as workers:
            try:
                while waiting or pending:
                    ahead = AHEAD * workers.count if workers.count > 1 else 1
                    while waiting and len(pending) < ahead:
                        number = waiting[0]
                        own = (series.alone(number), number, shots.get(number, {}), prove)
                        pending[workers.executor.submit(make, *own)] = number
                        waiting.popleft()  # not before: submitting fails where a pool is broken
                    if not begun:
                        beside()
                        begun = True
                    for future in wait(pending, return_when=FIRST_COMPLETED).done:
                        made = future.result()
                        yield pending.pop(future), made
            except workers.given_up as error:
                raise _failed(series.file(pending[future])) from error
            except BrokenProcessPool:
                lost = sorted(pending.values())
                tries.update(lost or [waiting[0]])
                waiting.extendleft(reversed(lost))
            finally:
                for future in pending:
                    future.cancel()
        if tries and max(tries.values()) >= MOST_TRIES:
            raise _failed(series.file(max(tries, key=lambda number: tries[number])))


def _failed(file: str) -> InputError:
    return InputError([Problem("volume-failed", None, {"file": file})])


# --- finished volumes, kept until all are there ---


@contextmanager
def _written_in(folder: Path) -> Iterator[None]:
    """What the system refuses here is told as such."""
    try:
        yield
    except OSError as error:
        raise refused(folder, error) from error


def _recipe(series: Series, number: int, *, prove: bool) -> str:
    """What a volume is made from, as a digest: the same recipe, the same volume."""
    told = repr((__version__, number, series.file(number), prove, replace(series, profile=None)))
    digest = hashlib.sha256(told.encode())
    digest.update(series.profile or b"")
    pictures = {
        item.path
        for page in series.designs.values()
        for item in page.items
        if isinstance(item, Picture)
    }
    for path in sorted(pictures):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _keep(wanted: _Wanted, made: Made) -> Kept:
    """Write a finished volume; what is known of it comes last, so that half of it is nothing."""
    for path in (wanted.known, wanted.pdf, wanted.codes):  # a link would lead elsewhere
        path.unlink(missing_ok=True)
    wanted.pdf.write_bytes(made.pdf)
    wanted.codes.write_bytes(made.codes)
    facts = {
        "recipe": wanted.recipe,
        "codes_sha256": hashlib.sha256(made.codes).hexdigest(),
        "entry": made.entry,
        "pictures": {name: b64encode(one).decode() for name, one in made.pictures.items()},
        "proof": None if made.proof is None else file_proof_json(made.proof).decode(),
    }
    sealed = json.dumps({"facts": facts, "sha256": _seal(facts)})
    wanted.known.write_text(sealed, encoding="utf-8")
    return Kept(wanted.pdf, json.dumps(made.entry), made.pictures)


def _kept(wanted: _Wanted) -> Kept | None:
    """A volume that an interrupted build had finished, if all of it is as it was and passed.

    The seal tells damage, not malice: who can write here can write into the delivery as well.
    """
    try:
        facts = _facts(wanted.known)
        linked = any(path.is_symlink() for path in (wanted.pdf, wanted.codes))
        whole = facts["recipe"] == wanted.recipe and (
            not linked
            and sha256(wanted.pdf) == facts["entry"]["sha256"]
            and sha256(wanted.codes) == facts["codes_sha256"]
            and facts["pictures"].keys() == wanted.pictures
        )
        if not whole:
            return None
        proof = _proof(facts)
        if proof is not None and proof.count("error"):
            return None
        images = {name: b64decode(text) for name, text in facts["pictures"].items()}
    except _DAMAGE:
        return None
    return Kept(wanted.pdf, json.dumps(facts["entry"]), images)


def _facts(known: Path) -> dict[str, Any]:
    """What is known of a volume; ValueError if it is not as it was written."""
    sealed = json.loads(known.read_text(encoding="utf-8"))
    facts: dict[str, Any] = sealed["facts"]
    if sealed["sha256"] != _seal(facts):
        raise ValueError(known.name)
    return facts


def _seal(facts: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def _proof(facts: Mapping[str, Any]) -> FileProof | None:
    return None if facts["proof"] is None else file_proof_of(facts["proof"].encode())
