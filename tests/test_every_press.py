"""Every press with every template that it prints, on stocks of each kind: all files pass.

Comes in: small campaigns of two scam types on a host of their own. Goes out: the finished files as
other eyes see them: the proof, pikepdf, and where they are installed qpdf, pdffonts, Ghostscript.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import yaml
from conftest import OWN_HOST, campaign_folder
from pikepdf import Dictionary

from stickergen import shipped
from stickergen.artwork.page import Page
from stickergen.artwork.template import Template
from stickergen.job import impose
from stickergen.library import Library
from stickergen.order import Order, ready
from stickergen.press.draw import draw
from stickergen.press.finish import finish
from stickergen.press.product import Product, expected, placed
from stickergen.press.profile import Press
from stickergen.problem import InputError, worded
from stickergen.proof.expected import Expected
from stickergen.proof.ghostscript import ghostscript, separated
from stickergen.proof.prove import Given, prove
from stickergen.proof.result import FileProof

SCAMS = ["daikuan", "kefu"]
POINTS = [{"id": "j01", "name": "街乡01"}]
"""What makes an order small: two designs, one delivery point."""

SHEET = {
    "parcel-100x50": "a4-10-101.6x50.8",
    "parcel-63x34": "a4-24-63.5x33.9",
    "seal-50": "a4-20-round50",
    "waybill-65x30": "a4-24-70x36",
}
ROLL = {
    "parcel-100x50": "roll-100x50",
    "parcel-63x34": "roll-70x50",
    "seal-50": "roll-round50",
    "waybill-65x30": "roll-65x30",
}
ONE_UP = dict.fromkeys(SHEET, "one-up")
"""The stocks of each kind, by sticker template."""

KINDS = {
    "office": (SHEET, ONE_UP, ROLL),
    "shop": (SHEET, ONE_UP),
    "shop-x4": (SHEET,),
    "thermal-203": (ROLL,),
    "thermal-300": (ROLL,),
}
"""The kinds of stock that make sense on a press for stickers."""

UPS = {
    ("office", "parcel-100x50"): 10,
    ("office", "parcel-63x34"): 24,
    ("office", "seal-50"): 20,
    ("office", "waybill-65x30"): 24,
    ("shop", "parcel-100x50"): 5,
    ("shop", "parcel-63x34"): 21,
    ("shop", "seal-50"): 15,
    ("shop", "waybill-65x30"): 16,
}
"""Pieces on a sheet; on a shop's sheet they are set apart for their bleed."""

STICKERS = [
    (press, template, stock)
    for press, kinds in KINDS.items()
    for stocks in kinds
    for template, stock in stocks.items()
]
FLYERS: list[dict[str, Any]] = [
    {"template": template, "stock": stock, "copies": 3, "scams": scams}
    for template, stock, scams in (
        ("overview-a4", "a4", SCAMS),
        ("talk-a4", "a4", SCAMS[:1]),
        ("talk-a5", "a5-2up", SCAMS[1:]),
    )
]
FLYER_PRESSES = ("office", "copier", "shop", "shop-x4")


@dataclass(frozen=True)
class Printed:
    """An order's products with their finished files."""

    order: Order
    designs: dict[str, Page]
    files: dict[Product, bytes]

    def given(self) -> list[Given]:
        """The files as the proof takes them."""
        return [
            Given(one.file, data, expected(one, self.designs, placed(one, self.designs)))
            for one, data in self.files.items()
        ]


def printed(order: Order, kinds: Sequence[str]) -> Printed:
    """The products of these kinds."""
    imposed = impose(order)
    products, designs = imposed.products, imposed.designs
    day = order.campaign.value.date
    files = {
        one: finish(
            draw(one.sheets, designs, one.press),
            one.sheets,
            one.press,
            title=one.what,
            day=day,
            profile=order.embedded if one.press is order.press else None,
        )
        for one in products
        if one.kind in kinds
    }
    return Printed(order, designs, files)


def sticker_order(
    folder: Path, press: str, template: str, stock: str, changes: dict[str, Any] | None = None
) -> Order:
    """Two designs on one full sheet, or one page, for one delivery point."""
    sheet = (press.removesuffix("-x4"), template if stock in SHEET.values() else "")
    wanted = {
        "stickers.template": template,
        "stickers.stock": stock,
        "stickers.count": UPS.get(sheet, 1),
        "stickers.spare_percent": 0,
        "stickers.whole_sheets": False,
        "stickers.shares": dict.fromkeys(SCAMS, 1),
        "stickers.points": POINTS,
        "flyers": [],
    }
    campaign = campaign_folder(folder, OWN_HOST | wanted | (changes or {}))
    return ready(campaign / "campaign.yaml", press=press)


def flyer_order(folder: Path, press: str, flyers: Sequence[Mapping[str, Any]]) -> Order:
    campaign = campaign_folder(folder, OWN_HOST | {"flyers": flyers})
    return ready(campaign / "campaign.yaml", "flyers", press)


def check(found: Printed, folder: Path) -> None:
    """What must be true of every file of every press."""
    proof = prove(found.given(), workers=1)
    told = [fault.finding for file in proof.files for one in file.checks for fault in one.faults]
    assert told == []
    for file, (product, data) in zip(proof.files, found.files.items(), strict=True):
        order = expected(product, found.designs, placed(product, found.designs))
        assert order.codes is not None
        assert file.codes.read == len(order.codes)
        path = folder / product.file
        path.write_bytes(data)
        syntax(path)
        fonts(path, product.press)
        inks(file, order)


def syntax(path: Path) -> None:
    with pikepdf.open(path) as pdf:
        assert pdf.check_pdf_syntax() == []
    if qpdf := shutil.which("qpdf"):
        run = subprocess.run([qpdf, "--check", path], capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stdout


def fonts(path: Path, press: Press) -> None:
    """Every font is in the file; none is named where text is outlined."""
    with pikepdf.open(path) as pdf:
        used = [o for o in pdf.objects if isinstance(o, Dictionary) and o.get("/Type") == "/Font"]
        assert bool(used) is not press.outline
        assert all("/FontFile2" in font.FontDescriptor for font in used)
    if pdffonts := shutil.which("pdffonts"):
        run = subprocess.run([pdffonts, path], capture_output=True, text=True, check=True)
        _, _, *rows = run.stdout.splitlines()
        assert bool(rows) is not press.outline
        assert {row.split()[-5] for row in rows} <= {"yes"}, run.stdout


def inks(file: FileProof, order: Expected) -> None:
    """Ink on no other plates than were ordered, as the proof counts it."""
    assert order.plates is not None
    assert file.coverage is not None
    assert {name for name, mean in file.coverage.means if mean > 0} <= set(order.plates)


def refused(make: Callable[[], object]) -> list[str]:
    """The codes of the problems that an order is refused with; there are words for each."""
    with pytest.raises(InputError) as caught:
        make()
    for problem in caught.value.problems:
        for language in ("zh", "en"):
            words = worded(problem, language)
            assert words.sentence
            assert words.hint
    return [problem.code for problem in caught.value.problems]


# --- what every press prints ---


def test_every_template_and_press_is_tried() -> None:
    library = Library()
    presses = library.every("presses", Press)
    templates = [t.value for t in library.every("templates", Template).values()]
    wanted = {
        (press.value.id, template.id)
        for press in presses.values()
        for template in templates
        if template.kind in press.value.prints
    }
    tried = {(press, template) for press, template, _ in STICKERS}
    tried |= {
        (press, template)
        for press in FLYER_PRESSES
        for template in (flyer["template"] for flyer in FLYERS)
    }
    assert tried == wanted


@pytest.mark.parametrize(("press", "template", "stock"), STICKERS)
def test_stickers(press: str, template: str, stock: str, tmp_path: Path) -> None:
    check(printed(sticker_order(tmp_path, press, template, stock), ["stickers"]), tmp_path)


@pytest.mark.parametrize("press", FLYER_PRESSES)
def test_flyers(press: str, tmp_path: Path) -> None:
    check(printed(flyer_order(tmp_path, press, FLYERS), ["flyer"]), tmp_path)


@pytest.mark.parametrize("press", [*KINDS, "copier"])
def test_the_same_bytes_and_only_the_plates_that_were_ordered(press: str, tmp_path: Path) -> None:
    """Ghostscript finds ink on each of them: on the cut line's too."""
    if press == "copier":
        order, kind = flyer_order(tmp_path, press, FLYERS[:1]), "flyer"
    else:
        stock = ROLL["parcel-100x50"]
        order, kind = sticker_order(tmp_path, press, "parcel-100x50", stock), "stickers"
    first, second = (printed(order, [kind]) for _ in range(2))
    assert [*first.files.values()] == [*second.files.values()]
    if ghostscript() is not None:
        (file,) = first.given()
        assert file.data is not None
        assert file.expected is not None
        found = separated(file.data, replace(file.expected, codes=()), [1]).plates
        used = {plate.name for plate in found if plate.coverage > 0}
        assert used == set(file.expected.plates or ())


@pytest.mark.parametrize("press", ["office", "shop"])
def test_tickets_and_slips(press: str, tmp_path: Path) -> None:
    stock = SHEET["parcel-63x34"]
    check(printed(sticker_order(tmp_path, press, "parcel-63x34", stock), ["ticket"]), tmp_path)


@pytest.mark.parametrize("press", ["office", "shop"])
def test_a_sheet_that_is_not_full(press: str, tmp_path: Path) -> None:
    changes = {"stickers.count": 3}
    stock = SHEET["waybill-65x30"]
    order = sticker_order(tmp_path, press, "waybill-65x30", stock, changes)
    check(printed(order, ["stickers"]), tmp_path)


def test_a_shop_that_wants_outlines(tmp_path: Path) -> None:
    own = yaml.safe_load((shipped.CONTENT / "presses" / "shop.yaml").read_text(encoding="utf-8"))
    (tmp_path / "presses").mkdir()
    text = yaml.safe_dump(own | {"id": "outlines", "outline": True}, allow_unicode=True)
    (tmp_path / "presses" / "outlines.yaml").write_text(text, encoding="utf-8")
    order = sticker_order(tmp_path, "outlines", "parcel-100x50", "one-up")
    check(printed(order, ["stickers"]), tmp_path)


# --- what no press prints ---


@pytest.mark.parametrize("press", ["thermal-203", "thermal-300"])
def test_flyers_on_a_label_printer_are_refused(press: str, tmp_path: Path) -> None:
    changes = {"stickers": None, "flyers": FLYERS}
    campaign = campaign_folder(tmp_path, OWN_HOST | changes) / "campaign.yaml"
    assert refused(lambda: ready(campaign, press=press)) == ["nothing-for-this-press"]


def test_stickers_on_a_copier_are_refused(tmp_path: Path) -> None:
    codes = refused(lambda: sticker_order(tmp_path, "copier", "seal-50", SHEET["seal-50"]))
    assert codes == ["nothing-for-this-press"]


@pytest.mark.parametrize("press", ["thermal-203", "thermal-300"])
def test_a_sample_on_labels_is_refused(press: str, tmp_path: Path) -> None:
    changes = {"stickers.template": "seal-50", "stickers.stock": ROLL["seal-50"], "flyers": []}
    campaign = campaign_folder(tmp_path, changes) / "campaign.yaml"
    assert refused(lambda: ready(campaign, press=press)) == ["no-sample-on-labels"]


@pytest.mark.parametrize("press", KINDS)
def test_a_sticker_larger_than_its_label_is_refused(press: str, tmp_path: Path) -> None:
    codes = refused(lambda: sticker_order(tmp_path, press, "parcel-100x50", "roll-40x30"))
    assert len(codes) == 1
