"""Pictures for the press: a file in any colours becomes the inks that the press prints with.

Comes in: a picture file and the size it is printed at, in mm. Goes out: a Pillow image: CMYK, or
grey, or black and white at the printer's own dots, which are held as greys of 0 and 255: the PDF
writer would make RGB of a bitmap. Transparent parts are paper.

Limits: CMYK is a plain conversion with full grey replacement, so that no spot holds more than
200 % ink on any press; it is meant for drawings and snapshots, not for matching colours.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageChops, ImageOps

from stickergen.artwork.page import PICTURE_FORMATS
from stickergen.measure import MM_PER_INCH, Size
from stickergen.press.profile import Press


def separated(path: Path, press: Press, size: Size) -> Image.Image:
    """The picture in the inks of a press."""
    upright = _on_paper(path)
    match press.inks:
        case "colour":
            return _cmyk(upright)
        case "grey":
            return upright.convert("L")
        case "one-bit":
            dots_per_mm = press.dpi[0] / MM_PER_INCH
            across, down = (max(1, round(n * dots_per_mm)) for n in (size.width, size.height))
            return upright.convert("L").resize((across, down)).convert("1").convert("L")


def _on_paper(path: Path) -> Image.Image:
    """The picture the right way up, in RGB on white."""
    with Image.open(path, formats=PICTURE_FORMATS) as opened:
        image = ImageOps.exif_transpose(opened)
        if image.mode.startswith("I"):  # 16-bit grey, which Pillow would clip and not scale
            image = image.convert("I").point(lambda value: value * (1 / 257)).convert("L")
        upright = image.convert("RGBA")
    paper = Image.new("RGBA", upright.size, "white")
    return Image.alpha_composite(paper, upright).convert("RGB")


def _cmyk(image: Image.Image) -> Image.Image:
    """The common grey of the three colours moved into black (full grey replacement)."""
    cyan, magenta, yellow = ImageOps.invert(image).split()
    black = ImageChops.darker(ImageChops.darker(cyan, magenta), yellow)
    parts = [ImageChops.subtract(part, black) for part in (cyan, magenta, yellow)]
    return Image.merge("CMYK", (*parts, black))
