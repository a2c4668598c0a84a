"""Whole deliveries: the demonstration's counts, the same bytes twice, and each way to build.

Read with other eyes than those that drew: pypdfium2 for text and places, pikepdf for structure.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections import Counter
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from conftest import (
    OWN_HOST,
    SMALL,
    Deliver,
    Delivery,
    campaign_folder,
    forms,
    found_text,
    opened,
)
from PIL import Image

from stickergen.build import Way, build
from stickergen.measure import Box, Point
from stickergen.order import ready
from stickergen.press.sheet import SAMPLE, Sheet
from stickergen.problem import InputError

ROOT = Path(__file__).parent.parent

# --- the demonstration's numbers ---


def test_the_order_of_the_bulletin_is_met(demonstration: Delivery) -> None:
    stickers = demonstration.entries["stickers.pdf"]
    counts = stickers["counts"]
    assert counts["ordered"] == 30_000
    assert counts["spare"] == 600
    assert counts["printed"] == counts["ordered"] + counts["spare"] + counts["surplus"]
    assert stickers["pieces"] == counts["printed"]
    copies = {
        name: entry["pieces"]
        for name, entry in demonstration.entries.items()
        if entry["kind"] == "flyer"
    }
    assert sorted(copies.values()) == [50] * 5 + [100]
    assert len({sheet["point"] for sheet in demonstration.labels()}) == 16


def test_sheets_times_copies_are_the_pieces_of_the_plan(demonstration: Delivery) -> None:
    stickers = demonstration.built.order.stickers
    assert stickers is not None
    by_point: Counter[str] = Counter()
    by_scam: Counter[str] = Counter()
    for sheet in demonstration.labels():
        assert sum(sheet["scams"].values()) * sheet["copies"] == sheet["pieces"]
        by_point[sheet["point"]] += sheet["pieces"]
        for scam, count in sheet["scams"].items():
            by_scam[scam] += count * sheet["copies"]
    plan = stickers.plan
    assert by_point == {name: amount.printed for name, amount in plan.by_point.items()}
    assert by_scam == {name: amount.printed for name, amount in plan.by_scam.items()}
    assert by_scam.total() == demonstration.entries["stickers.pdf"]["pieces"]


@pytest.mark.parametrize("which", ["demonstration", "small"])
def test_the_manifest_adds_up(which: str, request: pytest.FixtureRequest) -> None:
    delivery: Delivery = request.getfixturevalue(which)
    for file in delivery.pdfs:
        entry = delivery.entries[file]
        sheets = entry["sheets"]
        assert [sheet["page"] for sheet in sheets] == list(range(1, entry["pages"] + 1))
        assert sum(sheet["copies"] for sheet in sheets) == entry["copies"]
        assert sum(sheet["pieces"] for sheet in sheets) == entry["pieces"]
        with opened(delivery.folder / file) as document:
            assert len(document) == entry["pages"]


def test_the_manifest_lists_every_file_with_its_sum(demonstration: Delivery) -> None:
    on_disk = {
        path.relative_to(demonstration.folder).as_posix(): path.read_bytes()
        for path in demonstration.folder.rglob("*")
        if path.is_file()
    }
    del on_disk["manifest.json"]
    assert {name: entry["sha256"] for name, entry in demonstration.entries.items()} == {
        name: hashlib.sha256(content).hexdigest() for name, content in on_disk.items()
    }


def test_one_line_of_codes_for_each_piece_of_a_page(demonstration: Delivery) -> None:
    lines = Counter((line.file, line.page) for line in demonstration.codes)
    for file in demonstration.pdfs:
        for sheet in demonstration.entries[file]["sheets"]:
            assert lines[file, sheet["page"]] * sheet["copies"] == sheet["pieces"]


def test_the_codes_of_a_page_are_of_its_point_and_types(demonstration: Delivery) -> None:
    for sheet in demonstration.labels():
        lines = [
            line
            for line in demonstration.codes
            if (line.file, line.page) == ("stickers.pdf", sheet["page"])
        ]
        assert {line.point for line in lines} == {sheet["point"]}
        assert Counter(line.scam for line in lines) == sheet["scams"]


def test_pictures_can_be_opened_and_show_something(demonstration: Delivery) -> None:
    names = {path.name for path in demonstration.folder.glob("preview/*.png")}
    scams = ("kefu", "shuadan", "gouwu", "daikuan", "zhengxin")
    assert {f"sticker-{scam}.png" for scam in scams} <= names
    assert {f"flyer-talk-a4-{scam}.png" for scam in scams} <= names
    assert {"flyer-overview-a4.png", "labels-1.png", "slip-1.png", "ticket-1.png"} <= names
    for name in names:
        with Image.open(demonstration.folder / "preview" / name) as picture:
            counts = picture.convert("L").histogram()
        assert sum(counts[:64]) > 0 < sum(counts[192:])


# --- the same bytes ---


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_same_input_same_bytes_whatever_the_surroundings(tmp_path: Path) -> None:
    found = []
    for number, (seed, zone, language) in enumerate(
        [("1", "Asia/Shanghai", "zh_CN.UTF-8"), ("77", "America/New_York", "C")]
    ):
        place = tmp_path / str(number)
        campaign = campaign_folder(place / "campaign", SMALL)
        environment = {
            **os.environ,
            "PYTHONHASHSEED": seed,
            "TZ": zone,
            "LANG": language,
            "LC_ALL": language,
            "PYTHONPATH": str(ROOT),
        }
        subprocess.run(
            [sys.executable, "-m", "stickergen", "build", str(campaign), "-o", "made"],
            cwd=place,
            env=environment,
            check=True,
            capture_output=True,
        )
        found.append(digests(place / "made"))
    assert "stickers.pdf" in found[0]
    assert found[0] == found[1]


def test_no_path_of_this_machine_in_any_file(small: Delivery) -> None:
    for path in small.folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            if path.suffix == ".pdf":
                content += unpacked(path)
            assert str(small.folder.parent).encode() not in content
            assert str(ROOT).encode() not in content


def unpacked(path: Path) -> bytes:
    """A PDF with its streams unpacked."""
    out = BytesIO()
    with pikepdf.open(path) as pdf:
        pdf.save(out, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.all)
    return out.getvalue()


# --- --expand ---


def test_expanded_every_sheet_is_a_page_numbered_through(
    small: Delivery, deliver_small: Deliver
) -> None:
    together = small.entries["stickers.pdf"]
    apart = deliver_small(expand=True)
    entry = apart.entries["stickers.pdf"]
    assert entry["pages"] == entry["copies"] == together["copies"] > together["pages"]
    assert entry["pieces"] == together["pieces"]
    texts = apart.texts("stickers.pdf")
    for point in ("j01", "d01"):
        numbers = [sheet["page"] for sheet in apart.labels() if sheet["point"] == point]
        total = len(numbers)
        for n, page in enumerate(numbers, 1):
            assert texts[page - 1].count(f"第{n}张，共{total}张") == 1
    found = forms(apart.folder / "stickers.pdf")
    assert sorted(found) == sorted(forms(small.folder / "stickers.pdf"))


def test_together_the_slug_names_the_sheets_that_a_page_stands_for(small: Delivery) -> None:
    texts = small.texts("stickers.pdf")
    number = Counter({"j01": 1, "d01": 1})
    totals: Counter[str] = Counter()
    for sheet in small.labels():
        totals[sheet["point"]] += sheet["copies"]
    for sheet in small.labels():
        point, copies = sheet["point"], sheet["copies"]
        first, last = number[point], number[point] + copies - 1
        span = f"{first}–{last}" if copies > 1 else f"{first}"
        assert f"第{span}张，共{totals[point]}张" in texts[sheet["page"] - 1]
        number[point] += copies


def test_expanded_flyers_are_a_page_for_each_sheet(deliver_small: Deliver) -> None:
    delivery = deliver_small(only="flyers", expand=True)
    assert delivery.entries["flyer-overview-a4.pdf"]["pages"] == 3


# --- --skip ---


@pytest.mark.parametrize(("skip", "whole_sheets"), [(1, True), (7, False), (23, True)])
def test_skip_leaves_places_of_the_first_sheet_and_no_piece_out(
    skip: int, whole_sheets: bool, deliver_small: Deliver
) -> None:
    changes = {"stickers.whole_sheets": whole_sheets}
    delivery = deliver_small(changes, only="stickers", skip=skip)
    stickers = delivery.built.order.stickers
    assert stickers is not None
    places = [(box.x, box.y) for box in stickers.setup.placement.pieces]
    page = delivery.labels()[0]["page"]
    lines = [line for line in delivery.codes if line.page == page]
    used = {
        places.index((x, y))
        for line in lines
        for x, y in places
        if x <= line.x <= x + 63.5 and y <= line.y <= y + 33.9
    }
    assert used == set(range(skip, 24))
    printed: Counter[str] = Counter()
    for sheet in delivery.labels():
        for scam, count in sheet["scams"].items():
            printed[scam] += count * sheet["copies"]
    assert printed == {name: amount.printed for name, amount in stickers.plan.by_scam.items()}
    for point in ("j01", "d01"):
        own = [sheet for sheet in delivery.labels() if sheet["point"] == point]
        full = [sheet["pieces"] == 24 * sheet["copies"] for sheet in own]
        begun = 1 if point == "j01" else 0
        assert all(full[begun:-1])


def test_more_labels_used_than_a_sheet_has_is_a_problem(tmp_path: Path) -> None:
    campaign = campaign_folder(tmp_path, SMALL)
    order = ready(campaign / "campaign.yaml", "stickers")
    with pytest.raises(InputError) as caught:
        build(order, tmp_path / "output", Way(skip=24))
    assert [problem.code for problem in caught.value.problems] == ["skip-too-large"]
    assert not (tmp_path / "output").exists()


# --- the sample mark ---


def test_a_sample_is_marked_on_every_sheet_outside_the_pieces(deliver_small: Deliver) -> None:
    flyers = [
        {"template": "talk-a5", "stock": "a5-2up", "copies": 2, "scams": ["kefu"]},
        {"template": "talk-a4", "stock": "a4", "copies": 2, "scams": ["kefu"]},
        {"template": "overview-a4", "stock": "one-up", "copies": 1},
    ]
    delivery = deliver_small({"stickers.count": 30, "flyers": flyers})
    assert delivery.manifest["sample"] is True
    assert SAMPLE in delivery.texts("ticket.pdf")[0]
    for product in delivery.built.products:
        with opened(delivery.folder / product.file) as document:
            for sheet, page in zip(product.sheets, document, strict=True):
                if sheet.kind not in ("labels", "flyer"):
                    continue
                marks = found_text(page, SAMPLE)
                assert marks, product.file
                for mark in marks:
                    assert not any(mark.overlaps(art) for art in printed_areas(delivery, sheet))


def printed_areas(delivery: Delivery, sheet: Sheet) -> list[Box]:
    """What no mark may touch: the pieces; of one that fills its sheet, all that stands on it."""
    found = []
    for piece in sheet.pieces:
        if piece.box.height < sheet.paper.height - 0.01:
            found.append(piece.box)
        else:
            items = delivery.built.order.designs[piece.design].items
            corner = Point(piece.box.x, piece.box.y)
            found += [item.box.moved(corner) for item in items]
    return found


def test_with_an_own_host_nothing_is_a_sample(deliver_small: Deliver) -> None:
    delivery = deliver_small({**OWN_HOST, "stickers.count": 30})
    assert delivery.manifest["sample"] is False
    for file in delivery.pdfs:
        assert not any(SAMPLE in text for text in delivery.texts(file))
    assert {line.url.split("/")[2] for line in delivery.codes} == {"fz.hongshan.gov.cn"}


# --- --only, stocks ---


@pytest.mark.parametrize(
    ("only", "expected"),
    [
        ("stickers", ["stickers.pdf", "ticket.pdf"]),
        ("flyers", ["flyer-overview-a4.pdf", "ticket.pdf"]),
    ],
)
def test_only_one_kind_is_made(only: str, expected: list[str], deliver_small: Deliver) -> None:
    delivery = deliver_small(only=only)
    assert delivery.pdfs == expected
    assert {line.file for line in delivery.codes} == {expected[0]}


def test_only_what_is_not_ordered_is_a_problem(tmp_path: Path) -> None:
    campaign = campaign_folder(tmp_path, SMALL | {"flyers": []})
    with pytest.raises(InputError) as caught:
        ready(campaign / "campaign.yaml", "flyers")
    assert [problem.code for problem in caught.value.problems] == ["nothing-to-print"]


def test_without_whole_sheets_exactly_what_is_ordered_is_printed(small: Delivery) -> None:
    counts = small.entries["stickers.pdf"]["counts"]
    assert counts == {"ordered": 300, "spare": 6, "surplus": 0, "printed": 306}
    mixed = [sheet for sheet in small.labels() if len(sheet["scams"]) > 1]
    assert {sheet["point"] for sheet in mixed} == {"j01", "d01"}
    assert all(sheet["copies"] == 1 for sheet in mixed)


def test_one_up_is_a_page_for_each_design(deliver_small: Deliver) -> None:
    delivery = deliver_small({"stickers.stock": "one-up"}, only="stickers")
    entry = delivery.entries["stickers.pdf"]
    assert entry["pages"] == 2 * 5
    assert entry["pieces"] == entry["copies"] == 306
    with opened(delivery.folder / "stickers.pdf") as document:
        assert {tuple(map(round, page.get_size())) for page in document} == {(237, 153)}


def test_a_roll_has_a_page_the_size_of_its_label(deliver_small: Deliver) -> None:
    changes = {
        **OWN_HOST,
        "press": "thermal-203",
        "stickers.template": "waybill-65x30",
        "stickers.stock": "roll-65x30",
    }
    delivery = deliver_small(changes, only="stickers")
    entry = delivery.entries["stickers.pdf"]
    assert {sheet["kind"] for sheet in entry["sheets"]} == {"labels"}
    assert entry["pieces"] == entry["copies"] == 306
    with opened(delivery.folder / "stickers.pdf") as document:
        assert {tuple(map(round, page.get_size())) for page in document} == {(184, 85)}


def test_a_sample_on_a_stock_without_a_margin_is_a_problem(tmp_path: Path) -> None:
    changes = {"stickers.template": "waybill-65x30", "stickers.stock": "roll-65x30"}
    campaign = campaign_folder(tmp_path, SMALL | changes)
    with pytest.raises(InputError) as caught:
        ready(campaign / "campaign.yaml")
    assert [problem.code for problem in caught.value.problems] == ["no-room-for-sample-mark"]


def test_two_flyers_on_a_sheet_halve_the_sheets(deliver_small: Deliver) -> None:
    flyers = [{"template": "talk-a5", "stock": "a5-2up", "copies": 5, "scams": ["kefu"]}]
    delivery = deliver_small({"flyers": flyers}, only="flyers")
    entry = delivery.entries["flyer-talk-a5-kefu.pdf"]
    assert (entry["pages"], entry["copies"], entry["pieces"]) == (1, 3, 6)
    assert entry["counts"] == {"ordered": 5, "spare": 0, "surplus": 1, "printed": 6}
    assert len(delivery.codes) == 2
