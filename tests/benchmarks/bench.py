"""How long the commands take, and how much memory: `python tests/benchmarks/bench.py [--runs N]`.

Each figure is the median of N runs, each in a fresh process (so imports count), on files that lie
in the system's cache. Peak memory is the resident set of the first process, without those that
share the proof, as the operating system saw it; n/a where it does not tell (Windows). The targets
are for two cores; nothing here fails if one is missed.
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
from pathlib import Path
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
    before: Callable[[Path], list[str]] | None = None
    """A command that is run first and not timed."""


def for_shop(folder: Path) -> list[str]:
    """Builds the demonstration for a print shop."""
    return ["build", "--press", "shop", "-o", str(folder)]


CASES = (
    Case("stickergen --help", lambda folder: ["--help"], 0.3, None),
    # A build ends with its proof, which may take a minute.
    Case("build", lambda folder: ["build", "-o", str(folder)], 60.0, 300),
    Case("build --expand", lambda folder: ["build", "--expand", "-o", str(folder)], 60.0, None),
    Case("build --press shop", for_shop, 60.0, None),
    Case("proof", lambda folder: ["proof", str(folder)], 60.0, None, for_shop),
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
                measured(case.before(Path(folder)))
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
