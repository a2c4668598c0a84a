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
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from stickergen import __version__
from stickergen.artwork.page import Picture
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
class Kept:
    """A finished volume in the folder of unfinished work."""

    pdf: Path
    codes: Path
    known: Path
    entry: Mapping[str, Any]
    pictures: Mapping[str, bytes]

    def proof(self) -> FileProof | None:
        """Its proof, if it was proved: read again, as hundreds of them hold many pictures."""
        return _proof(json.loads(self.known.read_text(encoding="utf-8")))


def make(series: Series, number: int, shots: Mapping[str, Shot], prove: bool) -> Made:
    """Make a volume with some pictures of it, and prove it if asked to.

    Nothing is read but fonts and pictures.
    """
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
    folder.mkdir(parents=True, exist_ok=True)
    numbers = range(len(series.volumes))
    recipes = [_recipe(series.alone(number), number, prove=prove) for number in numbers]
    found: dict[int, Kept] = {}
    for number in numbers:
        if (kept := _kept(folder, series.file(number), recipes[number])) is not None:
            found[number] = kept
            progress(series.pages(number))
    missing = [number for number in numbers if number not in found]
    if not missing:
        beside()
    for number, made in _made(series, missing, crew, shots, beside, prove=prove):
        found[number] = _keep(folder, series.file(number), recipes[number], made)
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
                    while waiting and len(pending) < AHEAD * workers.count:
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
                raise _failed(series, pending[future]) from error
            except BrokenProcessPool:
                lost = sorted(pending.values())
                tries.update(lost or [waiting[0]])
                waiting.extendleft(reversed(lost))
            finally:
                for future in pending:
                    future.cancel()
        if tries and max(tries.values()) >= MOST_TRIES:
            raise _failed(series, max(tries, key=lambda number: tries[number]))


def _failed(series: Series, number: int) -> InputError:
    return InputError([Problem("volume-failed", None, {"file": series.file(number)})])


# --- finished volumes, kept until all are there ---


def _recipe(series: Series, number: int, *, prove: bool) -> str:
    """What a volume is made from, as a digest: the same recipe, the same volume."""
    whole = replace(series, volumes=(series.volumes[number],))
    digest = hashlib.sha256(repr((__version__, number, series.file(number), prove, whole)).encode())
    read = {
        item.path
        for page in series.designs.values()
        for item in page.items
        if isinstance(item, Picture)
    }
    if series.profile is not None:
        read.add(series.profile)
    for path in sorted(read):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _names(folder: Path, file: str) -> tuple[Path, Path, Path]:
    """The PDF, its lines of codes.csv, and what is to be known of both."""
    pdf = folder / file
    return pdf, pdf.with_suffix(".csv"), pdf.with_suffix(".json")


def _keep(folder: Path, file: str, recipe: str, made: Made) -> Kept:
    """Write a finished volume; what is known of it comes last, so that half of it is nothing."""
    pdf, codes, known = _names(folder, file)
    known.unlink(missing_ok=True)
    pdf.write_bytes(made.pdf)
    codes.write_bytes(made.codes)
    proof = None if made.proof is None else file_proof_json(made.proof).decode()
    facts = {
        "recipe": recipe,
        "codes_sha256": hashlib.sha256(made.codes).hexdigest(),
        "entry": made.entry,
        "pictures": {name: b64encode(one).decode() for name, one in made.pictures.items()},
        "proof": proof,
    }
    known.write_text(json.dumps(facts), encoding="utf-8")
    return Kept(pdf, codes, known, made.entry, made.pictures)


def _kept(folder: Path, file: str, recipe: str) -> Kept | None:
    """A volume that an interrupted build had finished, if all of it is as it was and passed."""
    pdf, codes, known = _names(folder, file)
    try:
        facts = json.loads(known.read_text(encoding="utf-8"))
        whole = facts["recipe"] == recipe and (
            _digest(pdf) == facts["entry"]["sha256"] and _digest(codes) == facts["codes_sha256"]
        )
        if not whole:
            return None
        proof = _proof(facts)
        if proof is not None and proof.count("error"):
            return None
        images = {name: b64decode(text) for name, text in facts["pictures"].items()}
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
    return Kept(pdf, codes, known, facts["entry"], images)


def _proof(facts: Mapping[str, Any]) -> FileProof | None:
    return None if facts["proof"] is None else file_proof_of(facts["proof"].encode())


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
