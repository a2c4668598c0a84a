"""The benchmarks measure what they say: every job makes the stickers that it is asked for."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("psutil", reason="the benchmarks' own packages: pip install stickergen[bench]")

sys.path.insert(0, str(Path(__file__).parent / "benchmarks"))

import jobs
from peers import runs, stickers

COUNT = 48
SHEETS = 2


@pytest.mark.parametrize("job", jobs.JOBS, ids=lambda job: job.name)
def test_a_job_makes_all_stickers_and_their_codes_are_read(job: jobs.Job) -> None:
    if not all(map(jobs.installed, job.needs)):
        pytest.skip("not installed")
    found = jobs.measured(job, COUNT, 1)  # SystemExit if its codes are not the right ones
    slips = found.pages - SHEETS
    assert slips == (0 if isinstance(job, jobs.Peer) else 1)
    assert found.peak_mb > 10
    assert found.size > 10_000


def test_a_job_is_split_into_parts() -> None:
    job = jobs.Peer("", "reportlab", "qrcode", ())
    assert jobs.measured(job, COUNT, 2).pages == SHEETS


def test_rubbish_is_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    job = jobs.Peer("rubbish", "reportlab", "qrcode", ())
    monkeypatch.setattr(jobs, "read", lambda path, page: set())
    with pytest.raises(SystemExit, match="rubbish"):
        jobs.measured(job, COUNT, 1)


def test_what_is_not_installed_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(jobs, "installed", lambda name: None)
    monkeypatch.setattr(sys, "argv", ["jobs.py", "--only", "Typst", "--only", "fpdf2"])
    jobs.main()
    lines = capsys.readouterr().out.splitlines()
    assert sum("not installed" in line for line in lines) == len(lines) - 3 == 6


@pytest.mark.parametrize("count", [0, 1, 14, 15, 24, 1000])
def test_peers_print_as_many_stickers_as_asked(count: int) -> None:
    made = [sticker for sheet in stickers.sheets(count) for sticker in sheet]
    assert [sticker.number for sticker in made] == list(range(1, count + 1))


def test_runs_are_the_dark_modules() -> None:
    modules = np.random.default_rng(2020).random((3, 21, 21)) < 0.5
    for symbol, found, text in zip(
        modules, runs.listed(modules), runs.written(modules, "{x} {y} {length};"), strict=True
    ):
        drawn = {(x + n, y) for x, y, length in found for n in range(length)}
        width = len(symbol)
        assert drawn == {(x, y) for y in range(width) for x in range(width) if symbol[y][x]}
        assert text == "".join(f"{x} {y} {length};" for x, y, length in found)
