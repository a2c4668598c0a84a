"""Who has which numbers: a delivery's ledger, and reprints that it refuses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from test_numbered_build import NUMBERING, campaign

from stickergen.__main__ import BAD_INPUT, DONE, run
from stickergen.ledger import ledger
from stickergen.problem import InputError

Captured = pytest.CaptureFixture[str]

QUICK = ("--no-proof", "--jobs", "1", "--lang", "en")


@pytest.fixture
def printed(tmp_path: Path) -> Path:
    """A folder with a whole delivery in it: 46 stickers each for j01 and d01, from 101 on."""
    assert run(["build", campaign(tmp_path), "-o", str(tmp_path / "output"), *QUICK]) == DONE
    return tmp_path / "output"


def reprint(printed: Path, changes: Mapping[str, Any], serials: str, to: str = "again") -> int:
    """Print numbers again by a campaign that was changed since."""
    path = campaign(printed.parent, changes)
    return run(["build", path, "-o", str(printed / to), "--serials", serials, *QUICK])


def test_a_ledger_knows_every_number(printed: Path) -> None:
    kept = ledger(printed)
    assert kept is not None
    assert (kept.campaign, kept.numbering, kept.part) == ("small", NUMBERING, False)
    serials = [number for one in kept.owned for number in one.serials]
    assert serials == list(range(101, 101 + len(serials)))
    assert all(kept.of(number) is not None for number in serials)
    assert kept.of(100) is kept.of(serials[-1] + 1) is None
    assert {one.point for one in kept.owned} == {"j01", "d01"}


SHIFTED = {"stickers.serial": {"prefix": "HS", "digits": 6, "start": 102}}
PREFIX = {"stickers.serial": {"prefix": "HX", "digits": 6, "start": 101}}
DIGITS = {"stickers.serial": {"prefix": "HS", "digits": 7, "start": 101}}
FEWER = {"stickers.count": 60}
POINTS = {"stickers.points": [{"id": "j02", "name": "街乡02", "share": 2}]}


@pytest.mark.parametrize(
    ("changes", "serials", "told"),
    [
        (
            {"scams": ["shuadan"]},
            "105",
            f'{NUMBERING.words(105)} was printed as "冒充客服 · 街乡01"',
        ),
        (POINTS, "101-110", f'{NUMBERING.words(101)} was printed as "冒充客服 · 街乡01"'),
        (SHIFTED, "110,140-145", f'{NUMBERING.words(142)} was printed as "网络刷单 · 街乡01"'),
        (FEWER, "110-150", f"{NUMBERING.words(129)} was printed"),
        ({"stickers.count": 900}, "190-1000", f"{NUMBERING.words(190)} was printed"),
        ({"stickers.count": 900}, "1000", f"{NUMBERING.words(1000)} was never printed"),
        (DIGITS, "105", NUMBERING.words(105)),
        (PREFIX, "105", NUMBERING.words(105)),
    ],
)
def test_numbers_that_were_others_are_refused(
    changes: Mapping[str, Any], serials: str, told: str, printed: Path, capsys: Captured
) -> None:
    capsys.readouterr()
    assert reprint(printed, changes, serials) == BAD_INPUT
    assert told in capsys.readouterr().err
    assert not (printed / "again").exists()


@pytest.mark.parametrize(
    ("changes", "serials"),
    [
        ({}, "101-192"),
        ({"title": "别的"}, "141-143,190"),
        (FEWER, "101-120"),  # these are still what they were
        ({**SHIFTED, "id": "other"}, "140-145"),  # another campaign's numbers are its own
    ],
)
def test_numbers_that_are_the_same_are_printed(
    changes: Mapping[str, Any], serials: str, printed: Path
) -> None:
    assert reprint(printed, changes, serials) == DONE
    again = ledger(printed / "again")
    assert again is not None
    assert again.part


@pytest.mark.parametrize("manifest", ["", "{", "[]", "{}", '{"campaign": "small"}', "9" * 5000])
def test_what_is_no_ledger_is_not_held_against_a_reprint(manifest: str, printed: Path) -> None:
    """A folder above may hold any manifest; a part of an order knows nothing of the rest."""
    (printed / "manifest.json").write_text(manifest, encoding="utf-8")
    assert reprint(printed, SHIFTED, "140-145") == DONE
    (printed / "manifest.json").unlink()
    assert reprint(printed / "again", {}, "110") == DONE


@pytest.mark.parametrize(
    "damage",
    [
        {"points": []},
        {"check": "mod-9"},
        {"digits": "six"},
        {"points": [{"point": "j01", "name": "街乡01", "ranges": [{}]}]},
        {"prefix": "HX"},
        {"part": None},
    ],
)
def test_a_damaged_ledger_is_told(damage: Mapping[str, Any], printed: Path) -> None:
    path = printed / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["serials"] |= damage
    if damage == {"part": None}:
        del manifest["serials"]["part"]
    path.write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(InputError, match="manifest-damaged"):
        ledger(printed)
    assert reprint(printed, {}, "105") == BAD_INPUT
