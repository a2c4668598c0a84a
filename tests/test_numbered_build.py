"""A numbered campaign from end to end: through the command line to paper, lists and ticket."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from conftest import SMALL, campaign_folder, opened, page_text
from test_making_volumes import files

from stickergen.__main__ import BAD_INPUT, DONE, WRONG_USAGE, run
from stickergen.build import UNFINISHED
from stickergen.content.serial import Numbering
from stickergen.measure import to_pt
from stickergen.order import ready
from stickergen.problem import InputError
from stickergen.shipped import CONTENT

NUMBERED: dict[str, Any] = {
    **SMALL,
    "scams": ["kefu", "shuadan"],
    "link.with_point": False,
    "stickers.count": 90,
    "stickers.serial": {"prefix": "HS", "digits": 6, "start": 101},
    "flyers": [],
}
"""Two types, two points: 92 stickers."""

NUMBERING = Numbering("HS", 6, "mod-11-2")

TOP_MARGIN = 12.0
"""mm; above the labels of the stock, where the slug line stands."""

Captured = pytest.CaptureFixture[str]


@dataclass(frozen=True)
class Made:
    """A folder that the command line has filled."""

    folder: Path

    @property
    def rows(self) -> list[dict[str, str]]:
        with (self.folder / "codes.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    @property
    def numbers(self) -> list[int]:
        return [NUMBERING.number(row["serial"]) for row in self.rows]

    @property
    def manifest(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "manifest.json").read_text("utf-8"))
        return found

    @property
    def volumes(self) -> list[str]:
        return sorted(path.name for path in self.folder.glob("stickers-*.pdf"))

    def texts(self, file: str) -> list[str]:
        with opened(self.folder / file) as document:
            return [page_text(page) for page in document]

    def margin(self, file: str, page: int) -> str:
        """What stands above the labels of a page, from left to right."""
        with opened(self.folder / file) as document:
            height, text = document[page].get_height(), document[page].get_textpage()
            line = []
            for n in range(text.count_chars()):
                left, bottom, *_ = text.get_charbox(n, loose=True)
                if bottom > height - to_pt(TOP_MARGIN):
                    line.append((left, n))
            found = [text.get_text_range(n, 1) for _, n in sorted(line)]
            text.close()
        return "".join("".join(found).split())


def campaign(folder: Path, changes: Mapping[str, Any] | None = None) -> str:
    found = {**NUMBERED, **(changes or {})}
    given = {name: value for name, value in found.items() if value is not None}
    return str(campaign_folder(folder / "campaign", given))


@pytest.fixture(scope="module", params=[True, False], ids=["whole-sheets", "mixed-sheets"])
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Built and proved, in volumes of four pages."""
    folder = tmp_path_factory.mktemp("built")
    path = campaign(folder, {"stickers.whole_sheets": request.param})
    assert run(["build", path, "-o", str(folder / "o"), "--volume", "4", "--jobs", "2"]) == DONE
    return Made(folder / "o")


# --- what is delivered ---


def test_the_proof_passed_and_read_every_code(built: Made) -> None:
    proof = json.loads((built.folder / "proof.json").read_text("utf-8"))
    assert proof["passed"] is True
    files = {one["file"]: one for one in proof["files"]}
    for name in built.volumes:
        own = [row for row in built.rows if row["file"] == name]
        assert files[name]["codes"]["read"] == files[name]["codes"]["expected"] == len(own) > 0
    assert not (built.folder / UNFINISHED).exists()


def test_every_code_is_on_paper_once(built: Made) -> None:
    found: list[str] = []
    for name in built.volumes:
        with opened(built.folder / name) as document:
            for page in document:
                picture = page.render(scale=300 / 72, grayscale=True).to_numpy()
                found += [code.text for code in zxingcpp.read_barcodes(picture)]
    assert sorted(found) == sorted(row["url"] for row in built.rows)
    assert len({*found}) == len(found)
    assert built.numbers == [*range(101, 101 + len(found))]
    for row in built.rows:
        assert (
            row["url"] == f"https://hs.example.com/{row['scam']}?{row['serial'].replace('-', '')}"
        )


def test_sheets_slips_and_lists_say_the_same_numbers(built: Made) -> None:
    """The slug line of each sheet, the slips, the packing list, the manifest."""
    for (name, page), rows in groupby(built.rows, key=lambda row: (row["file"], int(row["page"]))):
        with opened(built.folder / name) as document:
            shown = document[page - 1]
            text = shown.get_textpage()
            slug = text.get_text_bounded(bottom=shown.get_height() - 0.4 * 72)
            text.close()
        serials = re.findall(r"HS-\d{6}-[0-9X]", slug)
        own = [row["serial"] for row in rows]
        assert serials == list(dict.fromkeys([own[0], own[-1]]))
    told = built.manifest["serials"]["points"]
    assert sum(one["count"] for point in told for one in point["ranges"]) == len(built.rows)
    slips = "".join(text for name in built.volumes for text in built.texts(name))
    packing = "".join(built.texts("ticket.pdf"))
    for point in told:
        for one in point["ranges"]:
            assert f"{one['first']}至{one['last']}" in slips
        first, last = point["ranges"][0]["first"], point["ranges"][-1]["last"]
        assert f"{first}至{last}" in slips
        assert f"{first}至{last}" in packing


def test_the_ticket_says_how_to_print_volumes(built: Made) -> None:
    ticket = "".join(built.texts("ticket.pdf"))
    assert "每枚贴纸的编号和二维码都不同" in ticket
    assert "裁切叠放" not in ticket
    assert f"{built.volumes[0]}…{built.volumes[-1]}" in ticket
    assert f"{len(built.rows):,}" in ticket
    listed = [one for one in built.manifest["files"] if one["file"] in built.volumes]
    with_pages = sum(one["pages"] for one in listed)
    assert with_pages == sum(len(built.texts(name)) for name in built.volumes)


# --- other ways ---


def test_cut_and_stack(tmp_path: Path) -> None:
    path = campaign(tmp_path, {"stickers.cut_and_stack": True, "stickers.count": 60})
    assert run(["build", path, "-o", str(tmp_path / "o"), "--no-proof", "--jobs", "1"]) == DONE
    made = Made(tmp_path / "o")
    assert sorted(made.numbers) == [*range(101, 163)]
    assert "第1张，共2张" in made.margin("stickers-001.pdf", 1)
    assert "第2张，共2张" in made.margin("stickers-001.pdf", 2)
    stacked = sorted(
        (row for row in made.rows if row["page"] in ("2", "3")),
        key=lambda row: (float(row["y_mm"]), float(row["x_mm"]), int(row["page"])),
    )
    serials = [NUMBERING.number(row["serial"]) for row in stacked]
    assert serials == [*range(serials[0], serials[0] + len(serials))]
    assert "裁切叠放" in "".join(made.texts("ticket.pdf"))


def test_labels_used_up_stay_empty(tmp_path: Path) -> None:
    path = campaign(tmp_path)
    arguments = ["-o", str(tmp_path / "o"), "--no-proof", "--jobs", "1", "--skip", "5"]
    assert run(["build", path, *arguments]) == DONE
    made = Made(tmp_path / "o")
    assert made.numbers == [*range(101, 193)]
    on_first = [row for row in made.rows if (row["file"], row["page"]) == ("stickers-001.pdf", "2")]
    assert len(on_first) == 24 - 5
    assert "5枚" in "".join(made.texts("ticket.pdf"))


def test_a_build_without_proof_says_so(tmp_path: Path, capsys: Captured) -> None:
    arguments = ["-o", str(tmp_path / "o"), "--no-proof", "--jobs", "1", "--lang", "zh"]
    assert run(["build", campaign(tmp_path), *arguments]) == DONE
    assert "stickergen proof" in capsys.readouterr().out
    assert not list((tmp_path / "o").glob("proof.*"))


# --- numbers printed again ---


def test_a_reprint_lies_in_a_folder_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside the delivery, not over it; of the numbers asked for, however they are written."""
    path = campaign(tmp_path)
    monkeypatch.chdir(tmp_path)
    wanted = f"{NUMBERING.words(105)}－{NUMBERING.code(110)}，190"
    assert run(["build", path, "--serials", wanted, "--no-proof", "--jobs", "1"]) == DONE
    (folder,) = (tmp_path / "output").iterdir()
    assert folder.name == "reprint-HS000105-000110+000190"
    made = Made(folder)
    assert made.numbers == [*range(105, 111), 190]
    names = {row["serial"]: (row["scam"], row["url"]) for row in made.rows}
    whole = ready(Path(path) / "campaign.yaml")
    assert whole.stickers is not None
    for lot in whole.stickers.plan.lots:
        for number in lot.serials:
            if (words := NUMBERING.words(number)) in names:
                assert names[words][0] == lot.scam.id
    points = {point["point"]: point["ranges"] for point in made.manifest["serials"]["points"]}
    assert [one["first"] for one in points["j01"]] == [NUMBERING.words(105)]
    assert [one["last"] for one in points["d01"]] == [NUMBERING.words(190)]


def test_two_ranges_of_one_lot_are_counted_once(tmp_path: Path) -> None:
    """Slip and ticket: one sheet holds both ranges."""
    path = campaign(tmp_path)
    arguments = ["-o", str(tmp_path / "o"), "--no-proof", "--jobs", "1"]
    assert run(["build", path, "--serials", "101-103,107-109", *arguments]) == DONE
    made = Made(tmp_path / "o")
    assert made.numbers == [101, 102, 103, 107, 108, 109]
    slip = made.texts("stickers-001.pdf")[0]
    ranges = [f"{NUMBERING.words(a)}至{NUMBERING.words(b)}" for a, b in ((101, 103), (107, 109))]
    assert all(one in slip for one in ranges)
    assert len(made.texts("stickers-001.pdf")) == 2
    # the only row: ordered, spare, surplus, printed, sheets; the sum is the same
    assert re.search(r"6006(枚)?1(张)?", slip)


def test_scattered_numbers_fit_on_slip_and_packing_list(tmp_path: Path) -> None:
    path = campaign(tmp_path)
    wanted = ",".join(map(str, range(101, 190, 3)))
    arguments = ["-o", str(tmp_path / "o"), "--no-proof", "--jobs", "1"]
    assert run(["build", path, "--serials", wanted, *arguments]) == DONE
    made = Made(tmp_path / "o")
    assert made.numbers == [*range(101, 190, 3)]
    assert f"{NUMBERING.words(101)}等" in made.texts("stickers-001.pdf")[0]
    assert f"{NUMBERING.words(101)}等" in "".join(made.texts("ticket.pdf"))


@pytest.mark.parametrize(
    ("typed", "code", "told"),
    [
        ("HS-000105-X", "reprint-check-differs", "HS-000105-X"),
        ("100-105", "serials-not-in-order", "HS-000101-"),
        ("190-193", "serials-not-in-order", "HS-000192-"),
        ("105-110,108", "serials-twice", "105-110,108"),
        ("105-", "serial-unknown-form", "105-"),
        ("WH-000105-1", "serial-unknown-form", "WH-000105-1"),
    ],
)
def test_numbers_that_cannot_be_printed_again(
    typed: str, code: str, told: str, tmp_path: Path, capsys: Captured
) -> None:
    path = campaign(tmp_path)
    with pytest.raises(InputError) as caught:
        ready(Path(path) / "campaign.yaml", "stickers", None, typed)
    assert [problem.code for problem in caught.value.problems] == [code]
    arguments = ["--serials", typed, "-o", str(tmp_path / "o"), "--lang", "zh"]
    assert run(["build", path, *arguments]) == BAD_INPUT
    assert told in capsys.readouterr().err
    assert not (tmp_path / "o").exists()


def problems(folder: Path, changes: Mapping[str, Any], *rest: Any) -> list[str]:
    with pytest.raises(InputError) as caught:
        ready(Path(campaign(folder, changes)) / "campaign.yaml", *rest)
    return [problem.code for problem in caught.value.problems]


def test_numbers_where_there_are_none(tmp_path: Path) -> None:
    changes = {"stickers.serial": None}
    assert problems(tmp_path, changes, "stickers", None, "1-5") == ["serials-without-serial"]


def test_a_plan_that_fails_is_the_only_problem(tmp_path: Path) -> None:
    """Spares and whole sheets need more digits than the count alone."""
    changes = {"stickers.serial": {"prefix": "HS", "digits": 4, "start": 9900}}
    changes["stickers.whole_sheets"] = True
    assert problems(tmp_path, changes) == ["serial-digits-too-few"]
    again = problems(tmp_path / "again", changes, "stickers", None, "9900")
    assert again == ["serial-digits-too-few"]


def test_a_template_without_a_number_is_a_problem(tmp_path: Path) -> None:
    path = campaign(tmp_path, {"stickers.template": "mine"})
    text = (CONTENT / "templates" / "parcel-63x34.yaml").read_text(encoding="utf-8")
    (tmp_path / "campaign" / "templates").mkdir()
    mine = re.sub(r"(?m)^.*\{serial\}.*\n", "", text).replace("id: parcel-63x34", "id: mine")
    (tmp_path / "campaign" / "templates" / "mine.yaml").write_text(mine, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        ready(Path(path) / "campaign.yaml")
    assert [problem.code for problem in caught.value.problems] == ["serial-not-shown"]


def test_used_labels_do_not_go_into_a_stack(tmp_path: Path, capsys: Captured) -> None:
    path = campaign(tmp_path, {"stickers.cut_and_stack": True})
    arguments = ["-o", str(tmp_path / "o"), "--skip", "3", "--lang", "zh"]
    assert run(["build", path, *arguments]) == BAD_INPUT
    assert "cut_and_stack" in capsys.readouterr().err
    assert not (tmp_path / "o").exists()


@pytest.mark.parametrize("wrong", [("--volume", "1"), ("--jobs", "0"), ("--volume", "x")])
def test_wrong_usage(wrong: tuple[str, str], tmp_path: Path) -> None:
    assert run(["build", campaign(tmp_path), *wrong]) == WRONG_USAGE


def test_a_reprint_does_not_replace_the_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, folder = campaign(tmp_path), tmp_path / "o"
    quick = ["-o", str(folder), "--no-proof", "--jobs", "1"]
    assert run(["build", path, *quick]) == DONE
    before = files(folder)
    assert run(["build", path, *quick, "--serials", "105"]) == BAD_INPUT
    assert files(folder) == before
    part = ["-o", str(tmp_path / "p"), "--no-proof", "--jobs", "1", "--serials", "105"]
    assert run(["build", path, *part]) == run(["build", path, *part]) == DONE
    capsys.readouterr()
    assert run(["trace", "106", "-f", str(tmp_path / "p"), "--lang", "en"]) == BAD_INPUT
    assert "not in this reprint" in capsys.readouterr().err
    assert run(["trace", "105", "106", "-f", str(folder), "--lang", "en"]) == DONE
    assert NUMBERING.words(106) in capsys.readouterr().out


# --- without numbers ---


@pytest.mark.parametrize("option", [("--volume", "20"), ("--dask", "127.0.0.1:1")])
def test_options_of_numbers_need_numbers(
    option: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = campaign(tmp_path, {"stickers.serial": None, "link.with_point": True})
    assert run(["build", path, "-o", str(tmp_path / "o"), *option]) == BAD_INPUT
    assert option[0] in capsys.readouterr().err


def test_a_campaign_without_numbers_is_as_before(tmp_path: Path) -> None:
    path = campaign(tmp_path, {"stickers.serial": None, "link.with_point": True})
    arguments = ["-o", str(tmp_path / "o"), "--no-proof", "--jobs", "2"]
    assert run(["build", path, *arguments]) == DONE
    assert files(tmp_path / "o").keys() == {
        *("stickers.pdf", "ticket.pdf", "codes.csv", "manifest.json"),
        *(f"preview/{name}.png" for name in ("labels-1", "slip-1", "sticker-kefu")),
        *(f"preview/{name}.png" for name in ("sticker-shuadan", "ticket-1", "ticket-2")),
    }
    made = Made(tmp_path / "o")
    assert "serials" not in made.manifest
    assert {row["serial"] for row in made.rows} == {""}
    assert not any("HS-" in text for text in made.texts("stickers.pdf"))
    assert "编号" not in "".join(made.texts("ticket.pdf"))
