"""How long a whole job takes: `python tests/benchmarks/jobs.py [--count N] [--only NAME]`.

30,000 stickers on 1,250 sheets, each with a QR code and a number of its own, by stickergen and by
other libraries used as who knows them well would (`peers/`), one after the other. Each job runs in
fresh processes, so imports count, from its input to closed files; then its first page is rendered
and its codes are read, so that no rubbish is measured. Seconds are the median of five runs, of
fewer where they take long. In one more run an eye is kept on memory, which slows down what has many
processes: the peak is that of all of them, looked at twenty times a second; what they share counts
once (their proportional set sizes) on Linux, for each elsewhere (their resident sets). Bytes are
those of the PDF files. `--split` gives every peer as many processes as there are cores, each for
its part of the sheets. stickergen and Typst use all cores by themselves.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from threading import Event, Thread
from typing import Protocol, Self

import psutil
import pypdfium2
import zxingcpp
from peers import encode_libqrencode
from peers.stickers import sheets

HERE = Path(__file__).parent
ROOT = HERE.parent.parent

MILLION = 1_000_000
MOST_RUNS, ENOUGH_SECONDS = 5, 20.0
LOOKS_A_SECOND = 20
DPI = 300
"""A module is 5 pixels or more."""

PACKAGES = ("reportlab", "rl_accel", "fpdf2", "typst", "qrcode", "segno", "zxing-cpp", "numpy")
LIBQRENCODE = "libqrencode"

CAMPAIGN = """\
id: numbered
title: 防骗小贴士上快递
date: 2020-11-13
issuer:
  name: 武汉市公安局洪山区分局
  short: 洪山公安分局
  hotline: "96110"
  emergency: "110"
  unit: 反电信网络诈骗宣传
  hosts: [fz.hongshan.gov.cn]
link:
  base: https://fz.hongshan.gov.cn
press: office
stickers:
  template: parcel-63x34
  stock: a4-24-63.5x33.9
  count: {count}
  shares: by-rank
  serial: {{prefix: HS, digits: 6, start: 0}}
  points:
    - {{id: j01, name: 街乡01}}
"""
"""The same job for stickergen; six digits hold a million numbers from 0."""


@dataclass(frozen=True)
class Measured:
    """What a job took, and what it made."""

    seconds: float
    peak_mb: float
    size: int
    pages: int


class Job(Protocol):
    """A way to the same stickers."""

    @property
    def name(self) -> str:
        """What the table calls it."""

    @property
    def needs(self) -> tuple[str, ...]:
        """What it needs, by the names that `installed` knows."""

    def commands(self, count: int, folder: Path, processes: int) -> list[list[str]]:
        """What Python runs, all at the same time, to write into the folder."""

    def files(self, folder: Path) -> list[Path]:
        """The PDF files with stickers, in their order."""

    def check(self, count: int, folder: Path) -> bool:
        """Whether the first sheet holds the codes that it should."""


@dataclass(frozen=True)
class Ours:
    """stickergen, from a campaign in YAML to its files; with its proof it reads every code."""

    name: str
    proof: bool = False
    needs: tuple[str, ...] = ()

    def commands(self, count: int, folder: Path, processes: int) -> list[list[str]]:
        campaign = folder / "campaign.yaml"
        campaign.write_text(CAMPAIGN.format(count=count), encoding="utf-8")
        options = [] if self.proof else ["--no-proof"]
        return [["-m", "stickergen", "build", str(campaign), "-o", str(folder), *options]]

    def files(self, folder: Path) -> list[Path]:
        return sorted(folder.glob("stickers-*.pdf"))

    def check(self, count: int, folder: Path) -> bool:
        with (folder / "codes.csv").open(encoding="utf-8", newline="") as file:
            codes = [(row["file"], int(row["page"]), row["url"]) for row in csv.DictReader(file)]
        if self.proof:
            proof = json.loads((folder / "proof.json").read_text(encoding="utf-8"))
            counts = [file["codes"]["read"] for file in proof["files"] if file["codes"]]
            if not proof["passed"] or sum(counts) != count:
                return False
        name, page, _ = codes[0]  # pages before it hold slips
        due = {url for file, number, url in codes if (file, number) == (name, page)}
        every = {url for *_, url in codes}
        return len(every) == len(codes) == count and read(folder / name, page) == due


@dataclass(frozen=True)
class Peer:
    """Another library, with symbols from an encoder."""

    name: str
    library: str
    encoder: str
    needs: tuple[str, ...]

    def commands(self, count: int, folder: Path, processes: int) -> list[list[str]]:
        what = ["-m", "peers", self.library, self.encoder, str(count)]
        return [
            [*what, str(part), str(processes), str(folder / f"{part:03}.pdf")]
            for part in range(processes)
        ]

    def files(self, folder: Path) -> list[Path]:
        return sorted(folder.glob("*.pdf"))

    def check(self, count: int, folder: Path) -> bool:
        expected = list(sheets(count))
        files = self.files(folder)
        due = {sticker.address for sticker in expected[0]}
        return sum(map(pages, files)) == len(expected) and read(files[0], 1) == due


OURS = Ours("stickergen")

JOBS: tuple[Job, ...] = (
    OURS,
    Ours("stickergen, all codes read back", proof=True),
    Peer("Typst, libqrencode", "typst", "libqrencode", ("typst", LIBQRENCODE)),
    Peer(
        "Typst, an SVG a symbol, libqrencode", "typst_plain", "libqrencode", ("typst", LIBQRENCODE)
    ),
    Peer("Typst, zxing-cpp", "typst", "zxingcpp", ("typst", "zxing-cpp")),
    Peer("Typst, segno", "typst", "segno", ("typst", "segno")),
    Peer("ReportLab, libqrencode", "reportlab", "libqrencode", ("reportlab", LIBQRENCODE)),
    Peer("ReportLab, qrcode", "reportlab", "qrcode", ("reportlab", "qrcode")),
    Peer("fpdf2, segno, one mask for all", "fpdf2", "segno_one_mask", ("fpdf2", "segno")),
    Peer("fpdf2, segno", "fpdf2", "segno", ("fpdf2", "segno")),
)


def installed(name: str) -> str | None:
    """The version of a package or of libqrencode; None without it."""
    if name == LIBQRENCODE:
        return encode_libqrencode.version()
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def read(path: Path, page: int) -> set[str]:
    """What the codes of a page say."""
    with pypdfium2.PdfDocument(path) as pdf:
        image = pdf[page - 1].render(scale=DPI / 72).to_pil()
    return {code.text for code in zxingcpp.read_barcodes(image)}


def pages(path: Path) -> int:
    """How many pages a file has."""
    with pypdfium2.PdfDocument(path) as pdf:
        return len(pdf)


def measured(job: Job, count: int, processes: int) -> Measured:
    """One job, again and again, each time in a folder of its own; SystemExit if it failed."""
    seconds: list[float] = []
    while len(seconds) < MOST_RUNS and sum(seconds) < ENOUGH_SECONDS:
        with tempfile.TemporaryDirectory() as name:
            start = time.perf_counter()
            finish(job, begin(job, count, processes, Path(name)))
            seconds.append(time.perf_counter() - start)
            if not job.check(count, Path(name)):
                raise SystemExit(f"{job.name}: not the codes that it should hold")
            files = job.files(Path(name))
            size = sum(file.stat().st_size for file in files)
            page_count = sum(map(pages, files))
    with tempfile.TemporaryDirectory() as name:
        running = begin(job, count, processes, Path(name))
        with Watch(running) as watch:
            finish(job, running)
    return Measured(median(seconds), watch.peak / 1e6, size, page_count)


def begin(job: Job, count: int, processes: int, folder: Path) -> list[psutil.Popen]:
    """Start the processes of a job."""
    path = os.pathsep.join(filter(None, [str(HERE), str(ROOT), os.environ.get("PYTHONPATH")]))
    environment = {**os.environ, "PYTHONPATH": path}
    return [
        psutil.Popen([sys.executable, *command], stdout=subprocess.DEVNULL, env=environment)
        for command in job.commands(count, folder, processes)
    ]


def finish(job: Job, running: Sequence[psutil.Popen]) -> None:
    """Wait for all processes of a job; SystemExit if one failed."""
    codes = [process.wait() for process in running]
    if any(codes):
        raise SystemExit(f"{job.name}: exit codes {codes}")


class Watch:
    """Looks at the memory of processes and their children again and again: `peak`, in bytes."""

    def __init__(self, running: Sequence[psutil.Process]) -> None:
        self.peak = 0
        self._running = running
        self._ended = Event()
        self._thread = Thread(target=self._look)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(1 / LOOKS_A_SECOND):
            self.peak = max(self.peak, sum(map(_resident, self._running)))


def _resident(process: psutil.Process) -> int:
    """The memory of a process and all below it; one that has ended has none."""
    total = 0
    with suppress(psutil.NoSuchProcess):
        for one in (process, *process.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                memory = one.memory_full_info()
                total += getattr(memory, "pss", memory.rss)
    return total


def row(*cells: str) -> None:
    """Print a line of the table."""
    name, *numbers = cells
    print(f"{name:<38}" + "".join(f"{cell:>11}" for cell in numbers), flush=True)


def figures(name: str, found: Measured, count: int, ours: Measured | None) -> None:
    """Print the line of a job."""
    ratio = "" if ours is None else f"{found.seconds / ours.seconds:.1f} ×"
    row(
        name,
        f"{found.seconds:.2f}",
        ratio,
        f"{found.peak_mb:.0f}",
        f"{found.size / 1e6:.2f}",
        f"{found.size / count:.0f}",
        f"{found.pages:,}",
    )


def main() -> None:
    """Measure the jobs and print a table."""
    parser = argparse.ArgumentParser(description="Times and memory of whole jobs.")
    parser.add_argument("--count", type=int, default=30_000, help="stickers (default 30,000)")
    parser.add_argument("--only", action="append", default=[], help="jobs with this in their name")
    parser.add_argument("--split", action="store_true", help="peers in as many processes as cores")
    parser.add_argument("--million", action="store_true", help="stickergen with a million, too")
    asked = parser.parse_args()
    cores = os.cpu_count() or 1
    known = (f"{name} {installed(name) or '–'}" for name in (*PACKAGES, LIBQRENCODE))
    print(f"{asked.count:,} stickers, {cores} cores, Python {platform.python_version()}")
    print(", ".join(known))
    row("job", "seconds", "to ours", "peak MB", "MB", "bytes each", "pages")
    ours = None
    for job in JOBS:
        if asked.only and not any(part.lower() in job.name.lower() for part in asked.only):
            continue
        if not all(map(installed, job.needs)):
            row(job.name, "not installed")
            continue
        found = measured(job, asked.count, cores if asked.split else 1)
        ours = found if job is OURS else ours
        figures(job.name, found, asked.count, ours)
    if asked.million and ours is not None:
        many = measured(OURS, MILLION, 1)
        figures(f"{OURS.name}, {MILLION:,}", many, MILLION, ours)
        cost = many.seconds / MILLION / (ours.seconds / asked.count)
        print(f"A sticker of a million costs {cost:.2f} of what one of {asked.count:,} does.")
        print(f"Peak memory: {many.peak_mb:.0f} MB and {ours.peak_mb:.0f} MB.")


if __name__ == "__main__":
    main()
