"""Pictures on every kind of press: fine enough, in its inks, converted to what the proof accepts.

Comes in: a photograph and a logo with see-through parts, in templates of their own. Goes out: what
layout says of too few pixels, and finished files as the proof and pikepdf see them.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from numpy.typing import NDArray
from pikepdf import Name, Stream
from PIL import Image, ImageDraw
from test_every_press import SCAMS, Printed, check, flyer_order, printed, refused, sticker_order
from test_template import SCOPE, bodied, page, problems

from stickergen.artwork.fields import Bound
from stickergen.artwork.layout import lay_out
from stickergen.artwork.page import Picture
from stickergen.artwork.qr import Dots
from stickergen.library import house
from stickergen.measure import MM_PER_INCH, Box

WIDTH = 25.4
"""mm; pictures are printed an inch wide, so that their pixels across are their ppi."""

TEMPLATE = """\
id: own
name: 带图
kind: {kind}
size: {size}
safe: 5
styles:
  claim: {{font: black, size: [12, 17], leading: 1.1}}
body:
  row:
    - column:
        - {{picture: {picture}, width: {width}}}
        - {{text: "{{scam.headline}}", style: claim}}
      align: center
    - {{code: "{{address}}", size: 22}}
"""

# --- orders ---


def photograph(path: Path, ppi: int) -> None:
    """Colours that run into each other, and grain."""
    across, down = np.meshgrid(np.linspace(0, 255, ppi), np.linspace(0, 255, ppi // 2))
    noise = np.random.default_rng(1).normal(0, 12, (*across.shape, 3))
    pixels = np.stack([across, down, 255 - across], axis=2) + noise
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(path)


def logo(path: Path, ppi: int) -> None:
    """A badge with an opaque half and a faint one, nothing around it."""
    image = Image.new("RGBA", (ppi, ppi // 2))
    pen = ImageDraw.Draw(image)
    pen.ellipse((ppi // 8, 0, ppi // 2, ppi // 2), (0, 40, 140, 255))
    pen.ellipse((ppi // 2, 0, ppi * 7 // 8, ppi // 2), (200, 0, 0, 90))
    image.save(path)


PICTURES = {"photograph.png": photograph, "logo.png": logo}


def ordered(folder: Path, press: str, picture: str, ppi: int) -> Printed:
    """Flyers, or labels, with a picture of so many pixels an inch."""
    flyer = not press.startswith("thermal")
    (folder / "templates").mkdir()
    PICTURES[picture](folder / "templates" / picture, ppi)
    what = {"kind": "flyer", "size": [148, 210]} if flyer else {"kind": "sticker", "size": [60, 40]}
    text = TEMPLATE.format(**what, picture=picture, width=WIDTH)
    (folder / "templates" / "own.yaml").write_text(text, encoding="utf-8")
    if flyer:
        wanted = {"template": "own", "stock": "a5-2up", "copies": 2, "scams": SCAMS[:1]}
        return printed(flyer_order(folder, press, [wanted]), ["flyer"])
    return printed(sticker_order(folder, press, "own", "roll-60x40"), ["stickers"])


# --- finished files ---


@dataclass(frozen=True)
class Found:
    """A picture in a file: the channels of its pixels."""

    space: str
    bits: int
    pixels: NDArray[np.uint8]


def images(data: bytes) -> list[Found]:
    found = []
    with pikepdf.open(BytesIO(data)) as pdf:
        for item in pdf.objects:
            if isinstance(item, Stream) and item.get(Name.Subtype) == Name.Image:
                assert Name.SMask not in item
                shape = (int(item.Height), int(item.Width), -1)
                pixels = np.frombuffer(item.read_bytes(), np.uint8).reshape(shape)
                found.append(Found(str(item.ColorSpace), int(item.BitsPerComponent), pixels))
    return found


@pytest.mark.parametrize("picture", PICTURES)
@pytest.mark.parametrize(
    ("press", "space", "ppi"),
    [
        ("shop", "/DeviceCMYK", 300),
        ("office", "/DeviceCMYK", 300),
        ("copier", "/DeviceGray", 300),
        ("thermal-203", "/DeviceGray", 204),
        ("thermal-300", "/DeviceGray", 300),
    ],
)
def test_a_picture_in_the_inks_of_a_press(
    press: str, space: str, ppi: int, picture: str, tmp_path: Path
) -> None:
    """At the least resolution that layout takes, the proof has nothing to say either."""
    found = ordered(tmp_path, press, picture, ppi)
    check(found, tmp_path)
    (data,) = found.files.values()
    (image,) = images(data)
    assert (image.space, image.bits) == (space, 8)
    on = found.order.press
    down, across = image.pixels.shape[:2]
    for box in places(found):
        ppi = min(across / box.width, down / box.height) * MM_PER_INCH
        assert ppi > min(300.0, *on.dpi) - 0.001
    assert (set(np.unique(image.pixels)) == {0, 255}) is on.snaps


def places(found: Printed) -> set[Box]:
    """Where pictures stand on the designs."""
    items = [item for design in found.designs.values() for item in design.items]
    boxes = {item.box for item in items if isinstance(item, Picture)}
    assert boxes
    return boxes


def test_a_one_bit_picture_has_the_printer_s_own_dots(tmp_path: Path) -> None:
    """However fine the file is: nothing is left for the printer to scale."""
    found = ordered(tmp_path, "thermal-203", "logo.png", 800)
    (data,) = found.files.values()
    (image,) = images(data)
    down, across = image.pixels.shape[:2]
    for box in places(found):
        assert (box.width * 8, box.height * 8) == pytest.approx((across, down), abs=1e-6)
        assert (box.x * 8 % 1, box.y * 8 % 1) == pytest.approx((0, 0), abs=1e-6)


@pytest.mark.parametrize(("press", "ppi"), [("shop", 299), ("copier", 299), ("thermal-203", 202)])
def test_a_coarse_picture_is_refused_before_anything_is_drawn(
    press: str, ppi: int, tmp_path: Path
) -> None:
    codes = refused(lambda: ordered(tmp_path, press, "photograph.png", ppi))
    assert codes == ["picture-too-coarse"]


# --- pages ---


def test_pixels_are_counted_at_the_printed_size(tmp_path: Path) -> None:
    Image.new("RGB", (299, 100)).save(tmp_path / "a.png")
    template = bodied(tmp_path, "column:\n  - {picture: a.png, width: 25.4}")
    (problem,) = problems(template)
    assert (problem.code, str(problem.place)) == ("picture-too-coarse", "t.yaml:10:7")
    assert problem.values == {
        "value": "a.png",
        "across": 299,
        "down": 100,
        "width": "25.4",
        "ppi": 299,
        "least": "300",
        "needed": "300×101",
    }
    page(bodied(tmp_path, "column:\n  - {picture: a.png, width: 25.3}"))


def test_a_label_printer_asks_no_more_than_its_dots(tmp_path: Path) -> None:
    Image.new("RGB", (204, 100)).save(tmp_path / "a.png")
    template = bodied(tmp_path, "column:\n  - {picture: a.png, width: 25.4}")
    lay_out(template, [SCOPE], house().one_bit(), Dots(0.125), snap=True)
    (problem,) = problems(template, dots=Dots(0.125))
    assert problem.values["least"] == "300"


def test_of_a_series_the_largest_picture_is_told(tmp_path: Path) -> None:
    """The text leaves more room to it on one page than on the other; it is one cause."""
    Image.new("RGB", (60, 20)).save(tmp_path / "a.png")
    body = 'row:\n  - {picture: a.png}\n  - {text: "{spoken}", style: plain, width: auto}'
    template = bodied(tmp_path, body)
    scopes = [SCOPE.with_names({"spoken": Bound(text)}) for text in ("八个字的一段文字", "两个")]
    (problem,) = problems(template, *scopes)
    alone = [problems(template, scope)[0] for scope in scopes]
    assert problem == alone[1]
    assert {problem.code for problem in alone} == {"picture-too-coarse"}
    assert alone[1].values["ppi"] < alone[0].values["ppi"]
