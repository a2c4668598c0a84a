"""Who has which numbers: a delivery's ledger, and orders that would give them to others."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from conftest import OWN_HOST
from test_numbered_build import NUMBERING, campaign

from stickergen.__main__ import BAD_INPUT, DONE, run
from stickergen.ledger import ledger
from stickergen.problem import InputError

Captured = pytest.CaptureFixture[str]
Manifest = dict[str, Any]

QUICK = ("--no-proof", "--jobs", "1", "--lang", "en")

WORDS = {n: NUMBERING.words(n) for n in (101, 105, 110, 120, 129, 142, 190, 1000)}


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole delivery: 101–141 and 142–162 for j01, 163–182 and 183–192 for d01."""
    folder = tmp_path_factory.mktemp("master")
    path = campaign(folder, OWN_HOST)
    assert run(["build", path, "-o", str(folder / "output"), *QUICK]) == DONE
    return folder / "output"


@pytest.fixture
def printed(master: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, `output` in the current folder."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(master, tmp_path / "output")
    return tmp_path / "output"


def reprint(changes: Mapping[str, Any], serials: str, *to: str) -> int:
    """Print numbers again by a campaign that was changed since."""
    path = campaign(Path(), {**OWN_HOST, **changes})
    return run(["build", path, "--serials", serials, *QUICK, *to])


def changed(printed: Path, change: Callable[[Manifest], Any]) -> None:
    """Change the manifest."""
    path = printed / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    change(manifest)
    path.write_text(json.dumps(manifest), encoding="utf-8")


def test_a_ledger_knows_every_number(printed: Path) -> None:
    kept = ledger(printed)
    assert kept is not None
    assert (kept.campaign, kept.numbering) == ("small", NUMBERING)
    assert not kept.part
    assert not kept.sample
    serials = [number for one in kept.owned for number in one.serials]
    assert serials == list(range(101, 193))
    assert kept.of(100) is kept.of(193) is None
    owners = [(one.point, one.scam, one.serials.start) for one in kept.owned]
    assert owners[:2] == [("j01", "kefu", 101), ("j01", "shuadan", 142)]
    assert owners[2:] == [("d01", "kefu", 163), ("d01", "shuadan", 183)]


def serial(prefix: str, digits: int, start: int) -> dict[str, Any]:
    return {"stickers.serial": {"prefix": prefix, "digits": digits, "start": start}}


def points(*names: tuple[str, str]) -> dict[str, Any]:
    """Delivery points of these ids and names; the first gets twice as much."""
    found = [{"id": one, "name": name} for one, name in names]
    return {"stickers.points": [{**found[0], "share": 2}, *found[1:]]}


SHIFTED = serial("HS", 6, 102)
FEWER = {"stickers.count": 60}
MORE = {"stickers.count": 900}


@pytest.mark.parametrize(
    ("changes", "serials", "told"),
    [
        ({"scams": ["shuadan"]}, "105", f'{WORDS[105]} was printed as "冒充客服 (kefu) · 街乡01'),
        (points(("j09", "街乡01")), "101", '(j01)", see'),
        (points(("d01", "区直单位01"), ("j01", "街乡01")), "101-110", f"{WORDS[101]} was printed"),
        (points(("j01", "区直单位01"), ("d01", "街乡01")), "101", "· 区直单位01 (j01)"),
        (SHIFTED, "110,140-145", f'{WORDS[142]} was printed as "网络刷单 (shuadan) · 街乡01'),
        (FEWER, "110-150", f"{WORDS[129]} was printed"),
        (MORE, "190-1000", f"{WORDS[190]} was printed"),
        (MORE, "1000", f"{WORDS[1000]} was never printed"),
        (serial("HS", 7, 101), "105", f"written otherwise: {WORDS[105]}, where"),
        (serial("HX", 6, 101), "105", f"written otherwise: {WORDS[105]}, where"),
        ({"link.with_point": True}, "120", f"kefu/j01?{NUMBERING.code(120)}"),
        ({**SHIFTED, "id": "other"}, "142", f"{WORDS[142]} was printed"),
    ],
)
@pytest.mark.usefixtures("printed")
def test_numbers_that_were_others_are_refused(
    changes: Mapping[str, Any], serials: str, told: str, capsys: Captured
) -> None:
    """Also where another campaign would print what this delivery has."""
    assert reprint(changes, serials) == BAD_INPUT
    assert told in capsys.readouterr().err
    assert [*Path("output").glob("reprint*")] == []


@pytest.mark.parametrize(
    ("changes", "serials", "name"),
    [
        ({}, "101-192", "HS000101-000192"),
        ({"title": "别的"}, "141-143，190", "HS000141-000143+000190"),
        (points(("j01", "街乡一"), ("d01", "区直单位01")), "101", "HS000101"),
        (FEWER, "101-110,111~120", "HS000101-000120"),  # these are still what they were
        ({**serial("HS", 6, 5001), "id": "other"}, "5003", "HS005003"),  # others' numbers
        ({**serial("HX", 6, 101), "id": "other"}, "110", "HX000110"),
    ],
)
@pytest.mark.usefixtures("printed")
def test_numbers_that_are_the_same_are_printed(
    changes: Mapping[str, Any], serials: str, name: str, capsys: Captured
) -> None:
    assert reprint(changes, serials) == DONE
    again = ledger(Path("output") / f"reprint-{name}")
    assert again is not None
    assert again.part
    told = "was not found" if "id" in changes else 'delivery in "output"'
    assert told in capsys.readouterr().out


def test_reprints_of_many_numbers_have_folders_of_their_own(printed: Path) -> None:
    numbers = [str(number) for number in range(101, 141, 2)]
    assert reprint({}, ",".join(numbers)) == reprint({}, ",".join(numbers[:-1])) == DONE
    names = [path.name for path in printed.glob("reprint-*")]
    assert len(names) == 2
    assert max(map(len, names)) <= 60


@pytest.mark.parametrize("to", ["output/x/y", "output/x/../z", "output/link/z", "link/z"])
def test_a_delivery_is_found_wherever_the_reprint_goes(
    to: str, printed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Above its folder, as it is written and as it is; beside the campaign."""
    (tmp_path / "elsewhere").mkdir()
    (printed / "link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "link").symlink_to(printed)
    assert reprint(SHIFTED, "142", "-o", to) == BAD_INPUT
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert reprint(SHIFTED, "142", "-o", str(tmp_path / to)) == BAD_INPUT
    path = campaign(tmp_path, {**OWN_HOST, **SHIFTED})
    printed.rename(Path(path) / "output")
    assert run(["build", path, "--serials", "142", *QUICK]) == BAD_INPUT
    assert run(["build", path, "--serials", "142", *QUICK, "-o", "."]) == BAD_INPUT
    assert [*tmp_path.rglob("reprint*")] == []


def test_what_is_not_ours_is_not_held_against_a_reprint(printed: Path, capsys: Captured) -> None:
    """A folder above may hold any manifest; a part of an order knows nothing of the rest."""
    path = printed / "manifest.json"
    for manifest in ("[]", "{}", '{"name": "a web app", "icons": []}'):
        path.write_text(manifest, encoding="utf-8")
        assert reprint(SHIFTED, "142") == DONE
        assert "was not found" in capsys.readouterr().out
    path.unlink()
    assert reprint({}, "110", "-o", "output/reprint-HS000142/x") == DONE


def _prefix(manifest: Manifest) -> None:
    manifest["serials"]["prefix"] = "("


def _digits(manifest: Manifest) -> None:
    manifest["serials"]["digits"] = 0


def _check(manifest: Manifest) -> None:
    manifest["serials"]["check"] = "mod-9"


def _part(manifest: Manifest) -> None:
    manifest["serials"]["part"] = "no"


def _points(manifest: Manifest) -> None:
    manifest["serials"]["points"] = []


def _ranges(manifest: Manifest) -> None:
    manifest["serials"]["points"][0]["ranges"] = [{}]


def _ends(manifest: Manifest) -> None:
    one = manifest["serials"]["points"][0]["ranges"][0]
    one["first"], one["last"] = one["last"], one["first"]


def _campaign(manifest: Manifest) -> None:
    manifest["campaign"] = ["small"]


@pytest.mark.parametrize(
    "damage", [_prefix, _digits, _check, _part, _points, _ranges, _ends, _campaign]
)
def test_a_damaged_ledger_is_told(
    damage: Callable[[Manifest], None], printed: Path, capsys: Captured
) -> None:
    changed(printed, damage)
    with pytest.raises(InputError, match="manifest-damaged"):
        ledger(printed)
    assert run(["trace", "105", "-f", "output", "--lang", "en"]) == BAD_INPUT
    assert reprint({}, "105") == BAD_INPUT
    assert 'manifest.json in "output" cannot be read' in capsys.readouterr().err


@pytest.mark.parametrize("text", [b"", b'{"campaign": "small"', b"\xff\xfe", b"9" * 5000])
@pytest.mark.parametrize("name", ["manifest.json", "codes.csv"])
def test_where_nobody_knows_what_was_printed_nothing_is(
    text: bytes, name: str, printed: Path, capsys: Captured
) -> None:
    (printed / name).write_bytes(text)
    assert reprint({}, "105") == BAD_INPUT
    assert f'{name} in "output" cannot be read' in capsys.readouterr().err
    (printed / name).unlink()
    (printed / name).mkdir()
    assert reprint({}, "105") == BAD_INPUT


def test_codes_without_a_number_say_nothing_of_it(printed: Path) -> None:
    path = printed / "codes.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:5]), encoding="utf-8")
    assert reprint({}, "101-104") == DONE
    assert reprint({}, "104-105") == BAD_INPUT


@pytest.mark.usefixtures("printed")
def test_serials_are_no_flyers(capsys: Captured) -> None:
    assert reprint({}, "105", "--only", "flyers") == BAD_INPUT
    assert "--only flyers" in capsys.readouterr().err


# --- a whole delivery in the place of another ---


def rebuild(changes: Mapping[str, Any], *options: str) -> int:
    path = campaign(Path(), {**OWN_HOST, **changes})
    return run(["build", path, "-o", "output", *QUICK, *options])


FLYER = {"flyers": [{"template": "overview-a4", "stock": "a4", "copies": 3}]}


@pytest.mark.parametrize(
    ("changes", "options"),
    [
        (FEWER, ()),
        (SHIFTED, ()),
        (points(("d01", "区直单位01"), ("j01", "街乡01")), ()),
        ({"stickers.serial": None}, ()),
        (FLYER, ("--only", "flyers")),
        ({**serial("HS", 6, 5001), "id": "other"}, ()),
    ],
)
def test_numbers_are_not_lost_by_the_next_build(
    changes: Mapping[str, Any], options: tuple[str, ...], printed: Path, capsys: Captured
) -> None:
    before = {path.name: path.read_bytes() for path in printed.iterdir() if path.is_file()}
    assert rebuild(changes, *options) == BAD_INPUT
    assert NUMBERING.words(101) in capsys.readouterr().err
    after = {path.name: path.read_bytes() for path in printed.iterdir() if path.is_file()}
    assert after == before


@pytest.mark.parametrize("changes", [{}, {"title": "别的"}])
def test_the_same_numbers_are_built_again(changes: Mapping[str, Any], printed: Path) -> None:
    assert rebuild(changes) == DONE
    assert ledger(printed) is not None


def test_a_sample_was_never_handed_out(printed: Path, capsys: Captured) -> None:
    changed(printed, lambda manifest: manifest.update(sample=True))
    assert reprint(SHIFTED, "142") == DONE
    assert "was not found" in capsys.readouterr().out
    assert rebuild(FEWER) == DONE


def test_a_sample_is_tried_out_with_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["build", campaign(tmp_path), *QUICK]) == DONE
    assert run(["build", campaign(tmp_path), *QUICK, "--serials", "142"]) == DONE
    assert run(["build", campaign(tmp_path, SHIFTED), *QUICK, "--serials", "142"]) == BAD_INPUT
