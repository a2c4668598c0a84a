"""What stands on each plate, told by Ghostscript where it is installed.

Comes in: the bytes of a PDF, what is expected of it, the pages to separate. Goes out:
`Separations`: the plates, and what is wrong with the codes on them. A code belongs on the black
plate alone, for plates are never in perfect register. Limits: pages are taken as unturned; about
half a second for an A4 page; without Ghostscript nothing is told.
"""

from __future__ import annotations

import math
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import unquote

import numpy as np
from PIL import Image

from stickergen.measure import MM_PER_INCH, Box
from stickergen.proof.expected import CodeAt, Expected
from stickergen.proof.finding import Finding
from stickergen.proof.preview import Grey
from stickergen.proof.readback import by_page, decoded_by_any

PROGRAMS = ("gs", "gswin64c", "gswin32c")
"""What Ghostscript is called on Linux and macOS, and on Windows."""

DPI = 300
"""Tuned: what the readback reads at; twice that takes four times as long."""

BATCH = 8
"""Pages separated at a time. Tuned: some 20 MB of plates."""

MOST_SECONDS = 120
"""How long a batch may take. Tuned: thirty times what A4 pages of labels need."""

BLACK = "Black"
COLOURS = ("Cyan", "Magenta", "Yellow")
"""The process plates, as Ghostscript names its files."""

EMPTY = 0.005
"""The mean coverage up to which a plate is empty. Tuned: the edge of a panel may
run along the quiet zone, the lightest tint that prints (2 per cent) may not lie under a code."""

PDF = "file.pdf"
"""The file in its temporary folder."""


@dataclass(frozen=True, slots=True)
class Plate:
    """A plate: its name, and its mean coverage 0–1 over the pages that came out."""

    name: str
    coverage: float


@dataclass(frozen=True)
class Separations:
    """What Ghostscript tells of the pages it was asked for; nothing if it is not there."""

    is_there: bool
    pages: tuple[int, ...] = ()
    plates: tuple[Plate, ...] = ()
    findings: tuple[Finding, ...] = ()


def ghostscript() -> str | None:
    """The path of Ghostscript, if it is installed."""
    return next((path for name in PROGRAMS if (path := shutil.which(name))), None)


def separated(data: bytes, expected: Expected, pages: Iterable[int]) -> Separations:
    """Separate these pages, counted from 1, and look at the codes on their plates."""
    if (program := ghostscript()) is None:
        return Separations(is_there=False)
    wanted = sorted(set(pages))
    codes = by_page(expected)
    coverages: dict[str, list[float]] = defaultdict(list)
    findings: list[Finding] = []
    came_out = 0
    for start in range(0, len(wanted), BATCH):
        batch = wanted[start : start + BATCH]
        with TemporaryDirectory() as name:
            folder = Path(name)
            (folder / PDF).write_bytes(data)
            if not _run(program, folder, batch):
                findings.append(Finding("separations-failed", batch[0], severity="warning"))
                continue
            for number, page in enumerate(batch, 1):
                plates = _plates(folder, number)
                for plate, picture in plates.items():
                    coverages[plate].append(_coverage(picture))
                for code in codes.get(page, ()):
                    findings += _judged(code, plates)
            came_out += len(batch)
    found = (Plate(plate, sum(parts) / came_out) for plate, parts in sorted(coverages.items()))
    return Separations(True, tuple(wanted), tuple(found), tuple(findings))


def _run(program: str, folder: Path, pages: Sequence[int]) -> bool:
    """Write the plates of these pages into a folder; whether all are there."""
    command = [
        program,
        *("-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-sDEVICE=tiffsep", f"-r{DPI}"),
        "-sCompression=lzw",
        f"-sPageList={','.join(map(str, pages))}",
        "-sOutputFile=%d.tif",
        PDF,
    ]
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, timeout=MOST_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    written = all(
        (folder / f"{number}({BLACK}).tif").exists() for number in range(1, len(pages) + 1)
    )
    return done.returncode == 0 and written


def _plates(folder: Path, number: int) -> dict[str, Grey]:
    """The plates of a page by name; 0 is full ink, 255 none."""
    found = {}
    for path in sorted(folder.glob(f"{number}(*).tif")):
        name = unquote(path.stem.removeprefix(f"{number}(").removesuffix(")"))
        with Image.open(path) as picture:
            found[name] = np.asarray(picture.convert("L"))
    return found


def _judged(code: CodeAt, plates: Mapping[str, Grey]) -> Iterator[Finding]:
    """Whether the black plate alone has the code."""
    box = code.zone
    if code.url not in [found.text for found in decoded_by_any(_part(plates[BLACK], box))]:
        yield Finding("code-not-on-black-plate", code.page, code.box, {"url": code.url})
    for name in COLOURS:
        if name in plates and (coverage := _coverage(_part(plates[name], box))) > EMPTY:
            values = {"url": code.url, "plate": name, "percent": round(100 * coverage, 1)}
            yield Finding("ink-under-code", code.page, code.box, values)


def _coverage(plate: Grey) -> float:
    """The mean coverage 0–1 of a plate or a part of it."""
    return 1 - float(plate.mean()) / 255 if plate.size else 0.0


def _part(plate: Grey, box: Box) -> Grey:
    """The pixels of a plate inside a box."""
    px = DPI / MM_PER_INCH
    left, top = max(0, math.ceil(box.x * px)), max(0, math.ceil(box.y * px))
    right, bottom = max(left, math.floor(box.right * px)), max(top, math.floor(box.bottom * px))
    return np.ascontiguousarray(plate[top:bottom, left:right])
