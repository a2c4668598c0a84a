"""How long the commands take, and how much memory: `python tests/benchmarks/bench.py [--runs N]`.

Each figure is the median of N runs, each in a fresh process (so imports count), on files that lie
in the system's cache. `scans` reads a log of a gigabyte, one line in five of it a scan. Peak memory
is the resident set of the first process, without those that share the proof, as the operating
system saw it; n/a where it does not tell (Windows). The targets are for two cores; nothing here
fails if one is missed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median

ROOT = Path(__file__).parent.parent.parent

KIB_IN_MB = 1e6 / 1024


@dataclass(frozen=True)
class Measured:
    """What one run took; memory is None where the system does not tell."""

    seconds: float
    peak_mb: float | None


@dataclass(frozen=True)
class Case:
    """A command to run into a folder, and what it should take at most."""

    name: str
    arguments: Callable[[Path], list[str]]
    most_seconds: float
    most_mb: float | None
    before: Callable[[Path], object] | None = None
    """What is done first and not timed."""


GIGABYTE = 1_000_000_000
SCAMS = ("kefu", "shuadan", "gouwu", "daikuan", "zhengxin")

AGENT = (
    "Mozilla/5.0 (Linux; Android 10; HMA-AL00 Build/HUAWEIHMA-AL00; wv) AppleWebKit/537.36 (KHTML, "
    "like Gecko) Version/4.0 Chrome/78.0.3904.62 XWEB/2581 MMWEBSDK/200901 Mobile Safari/537.36 "
    "MMWEBID/{phone} MicroMessenger/7.0.19.1760(0x27001339) Process/toolsmp WeChat/arm64"
)
"""How WeChat on a phone of 2020 calls itself."""


def for_shop(folder: Path) -> list[str]:
    """Builds the demonstration for a print shop."""
    return ["build", "--press", "shop", "-o", str(folder)]


def delivered(folder: Path) -> None:
    """A delivery for a print shop lies in the folder."""
    measured(for_shop(folder))


def logged(folder: Path) -> None:
    """An access log of a gigabyte lies in the folder, in order of time over thirty days."""
    begun = datetime(2020, 11, 16, tzinfo=UTC)
    numbers = Random(2020)
    written = 0
    with (folder / "access.log").open("w", encoding="ascii", newline="\n") as log:
        while written < GIGABYTE:
            time = begun + timedelta(days=30) * (written / GIGABYTE)
            target = f"/static/{numbers.randrange(9999)}.js"
            if numbers.random() < 0.2:
                target = f"/{numbers.choice(SCAMS)}/j{numbers.randint(1, 10):02}"
            address = ".".join(str(numbers.randrange(256)) for _ in range(4))
            agent = AGENT.format(phone=numbers.randrange(10_000))
            stamp = time.strftime("%d/%b/%Y:%H:%M:%S +0000")
            written += log.write(
                f'{address} - - [{stamp}] "GET {target} HTTP/1.1" 200 25167 "-" "{agent}"\n'
            )


def scans(folder: Path) -> list[str]:
    """Counts the scans in the log."""
    log = str(folder / "access.log")
    return ["scans", log, "--campaign", "hongshan-2020", "-o", str(folder / "scans")]


CASES = (
    Case("stickergen --help", lambda folder: ["--help"], 0.3, None),
    # A build ends with its proof, which may take a minute.
    Case("build", lambda folder: ["build", "-o", str(folder)], 60.0, 300),
    Case("build --expand", lambda folder: ["build", "--expand", "-o", str(folder)], 60.0, None),
    Case("build --press shop", for_shop, 60.0, None),
    Case("proof", lambda folder: ["proof", str(folder)], 60.0, None, delivered),
    Case("site", lambda folder: ["site", "-o", str(folder)], 10.0, None),
    Case("scans, 1 GB", scans, 60.0, 200, logged),
)


def measured(arguments: list[str]) -> Measured:
    """One run in a process of its own."""
    command = [sys.executable, "-m", "stickergen", *arguments]
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    start = time.perf_counter()
    with subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path},
    ) as process:
        if sys.platform == "win32":
            process.wait()
            peak = None
        else:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            # Bytes on macOS, KiB on Linux and the BSDs (getrusage(2) of each).
            peak = usage.ru_maxrss / (1e6 if sys.platform == "darwin" else KIB_IN_MB)
    seconds = time.perf_counter() - start
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(command)}: exit code {process.returncode}")
    return Measured(seconds, peak)


def row(case: Case, runs: int) -> tuple[str, ...]:
    """The medians of a case beside its targets."""
    found = []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            if case.before is not None:
                case.before(Path(folder))
            found.append(measured(case.arguments(Path(folder))))
    peaks = [one.peak_mb for one in found if one.peak_mb is not None]
    return (
        case.name,
        f"{median(one.seconds for one in found):.2f}",
        f"{case.most_seconds:g}",
        f"{median(peaks):.0f}" if peaks else "n/a",
        f"{case.most_mb:g}" if case.most_mb else "",
    )


def main() -> None:
    """Measure all cases and print a table."""
    parser = argparse.ArgumentParser(description="Times and memory of the commands.")
    parser.add_argument("--runs", type=int, default=5, help="runs of each command (default 5)")
    runs = max(1, parser.parse_args().runs)
    measured(["--help"])  # compiles what is not compiled yet
    print(f"median of {runs}, {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    heads = ("command", "seconds", "target", "peak MB", "target")
    for cells in (heads, *(row(case, runs) for case in CASES)):
        name, *numbers = cells
        print(f"{name:<20}" + "".join(f"{cell:>10}" for cell in numbers), flush=True)


if __name__ == "__main__":
    main()
