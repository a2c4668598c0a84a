"""The plates of a page: what each ink prints, held against numbers and against Ghostscript."""

from __future__ import annotations

import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from drawn import SIDE, add_page, drawn, form, image, resources, saved
from pikepdf import Array, Dictionary, Name
from PIL import Image

from stickergen.measure import MM_PER_INCH
from stickergen.proof.plates import Plate, Plates, total

DPI = 100.0
INKS = ("Cyan", "Magenta", "Yellow", "Black", "CutContour", "Gold")


def at(plate: Plate, x: float, y: float) -> float:
    """The coverage in per cent at a spot in mm, y upwards."""
    pixel = DPI / MM_PER_INCH
    return round(float(plate[int((SIDE - y) * pixel), int(x * pixel)]) / 2.55, 0)


def inks(pdf: pikepdf.Pdf, x: float, y: float) -> dict[str, float]:
    """The inks at a spot of the first page, without those that are not there."""
    plates = Plates(saved(pdf)).render(1, DPI)
    return {name: part for name, plate in plates.items() if (part := at(plate, x, y))}


def on(content: str) -> dict[str, float]:
    """The inks at (25, 25), in the middle of a square that the content fills."""
    return inks(drawn(content.replace("SQUARE", "20 20 10 10 re f")), 25, 25)


# --- colours ---


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("SQUARE", {"Black": 100}),
        ("0.75 g SQUARE", {"Black": 25}),
        ("0.2 0.4 0.6 0.8 k SQUARE", {"Cyan": 20, "Magenta": 40, "Yellow": 60, "Black": 80}),
        ("/Gold cs 0.6 scn SQUARE", {"Gold": 60}),
        ("/All cs 1 scn SQUARE", dict.fromkeys(INKS, 100)),
        ("1 0 0 rg SQUARE", {"Magenta": 100, "Yellow": 100}),
        ("0 0 0 rg SQUARE", {"Black": 100}),
        ("1 0 0 0 k SQUARE 0 1 0 0 k SQUARE", {"Magenta": 100}),
        ("1 0 0 0 k SQUARE 0 0 0 0 k SQUARE", {}),
        ("1 0 0 0 k SQUARE /Gold cs 1 scn SQUARE", {"Gold": 100}),
        ("/Gold cs 1 scn SQUARE 1 0 0 0 k SQUARE", {"Cyan": 100}),
        ("1 0 0 0 k 20 20 10 10 re B", {"Cyan": 100}),
        ("1 0 0 0 K 10 w 20 25 m 30 25 l S", {"Cyan": 100}),
        ("q 1 0 0 0 k Q SQUARE", {"Black": 100}),
    ],
)
def test_colours_fall_on_their_plates(content: str, expected: dict[str, float]) -> None:
    assert on(content) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("1 0 0 0 k SQUARE /Over gs 0 0 0 1 k SQUARE", {"Cyan": 100, "Black": 100}),
        ("1 0 0 0 k SQUARE /Over gs 0 0 0 0 k SQUARE", {"Cyan": 100}),
        ("1 0 0 0 k SQUARE /Over gs 0 g SQUARE", {"Black": 100}),
        ("/Gold cs 1 scn SQUARE /Over gs 0 g SQUARE", {"Gold": 100, "Black": 100}),
        ("1 0 0 0 k SQUARE /Over gs /Gold cs 1 scn SQUARE", {"Cyan": 100, "Gold": 100}),
        ("1 0 0 0 k SQUARE 0 0 0 1 k /Over gs SQUARE", {"Cyan": 100, "Black": 100}),
        ("1 0 0 0 k SQUARE q /Over gs Q 0 0 0 1 k SQUARE", {"Black": 100}),
        ("1 0 0 0 k SQUARE /Over gs 0 0 0 1 k 20 20 10 10 re b*", {"Cyan": 100, "Black": 100}),
    ],
)
def test_what_overprints_leaves_the_other_plates_as_they_are(
    content: str, expected: dict[str, float]
) -> None:
    assert on(content) == expected


def test_text_that_is_on_no_plate_leaves_no_hole() -> None:
    text = "BT /F1 40 Tf 20 20 Td (llllll) Tj ET"
    below, both = (
        Plates(saved(drawn(f"1 0 0 0 k 0 0 90 90 re f {content}"))).render(1, DPI)
        for content in ("", f"/Over gs 0 0 0 1 k {text}")
    )
    assert (below["Cyan"] == both["Cyan"]).all()
    assert both["Black"].max() == 255


# --- forms, pictures, shadings, patterns ---


def test_forms_take_what_they_are_placed_in() -> None:
    pdf = pikepdf.new()
    named = pdf.make_indirect(resources(pdf))
    for name, content in (("Outer", "/Inner Do"), ("Inner", "0 0 10 10 re f")):
        named.XObject["/" + name] = form(pdf, content, [0, 0, 90, 90], Resources=named)
    place = "q 1 0 0 1 {0} 20 cm /Outer Do Q\n"
    content = "1 0 0 0 k 0 0 90 90 re f 0 1 0 0 k " + place.format(20)
    add_page(pdf, content + "/Over gs 0 1 0 0 k " + place.format(50), named, {})
    assert inks(pdf, 25, 25) == {"Magenta": 100}
    assert inks(pdf, 55, 25) == {"Cyan": 100, "Magenta": 100}


def test_a_form_within_itself_ends() -> None:
    pdf = drawn("/Loop Do")
    named = pdf.pages[0].obj.Resources
    named.XObject.Loop = form(pdf, "20 20 10 10 re f /Loop Do", [0, 0, 90, 90], Resources=named)
    assert inks(pdf, 25, 25) == {"Black": 100}


def pictured(space: object, data: bytes, side: int = 1, **more: object) -> dict[str, float]:
    pdf = drawn("0 0 1 0 k 0 0 90 90 re f q 10 0 0 10 20 20 cm /Im Do Q")
    named = pdf.pages[0].obj.Resources
    wanted = named.ColorSpace[space] if isinstance(space, str) else space
    named.XObject.Im = image(pdf, side, data, wanted, **more)
    return inks(pdf, 25, 25)


def test_pictures_are_split_into_their_channels() -> None:
    assert pictured(Name.DeviceCMYK, b"\xff\x33\x00\x66") == {
        "Cyan": 100,
        "Magenta": 20,
        "Black": 40,
    }
    assert pictured(Name.DeviceGray, b"\x33") == {"Black": 80}
    assert pictured("/Gold", b"\x33") == {"Gold": 20}
    assert pictured(Name.DeviceRGB, b"\xff\x00\x00") == {"Magenta": 100, "Yellow": 100}
    assert pictured(Name.DeviceGray, b"\x00\x33", BitsPerComponent=16) == {"Black": 100}
    assert pictured(Name.DeviceGray, b"\x80", BitsPerComponent=1, Decode=[1, 0]) == {"Black": 100}
    assert pictured(Name.DeviceCMYK, b"\x00\xff\xff\xff", Decode=[1, 0] * 4) == {"Cyan": 100}


def test_pictures_of_a_colour_table_are_looked_up() -> None:
    table = pikepdf.String(bytes([0, 0, 0, 0, 0, 255, 0, 51]))
    space = Array([Name.Indexed, Name.DeviceCMYK, 1, table])
    assert pictured(space, b"\x01") == {"Magenta": 100, "Black": 20}
    assert pictured(space, b"\x80", BitsPerComponent=1) == {"Magenta": 100, "Black": 20}


def test_jpegs_are_split_too() -> None:
    out = BytesIO()
    Image.new("CMYK", (8, 8), (255, 0, 51, 0)).save(out, "JPEG", quality=100)
    more = {"Filter": Name.DCTDecode, "Decode": [1, 0] * 4}  # Pillow writes them inverted
    found = pictured(Name.DeviceCMYK, out.getvalue(), 8, **more)
    assert found["Cyan"] == pytest.approx(100, abs=1)
    assert found["Yellow"] == pytest.approx(20, abs=2)
    assert found.keys() == {"Cyan", "Yellow"}


def test_stencils_and_inline_pictures_are_painted() -> None:
    stencil = "BI /W 1 /H 1 /IM true /BPC 1 /D [1 0] ID \x80 EI"
    grey = "BI /W 1 /H 1 /CS /G /BPC 8 ID \x33 EI"
    place = "q 10 0 0 10 20 20 cm "
    assert on("1 0 0 0 k " + place + stencil + " Q") == {"Cyan": 100}
    assert on("1 0 0 0 k SQUARE " + place + grey + " Q") == {"Black": 80}


@pytest.mark.parametrize(
    ("space", "full", "expected"),
    [
        (Name.DeviceCMYK, [1, 0, 0.4, 0], {"Cyan": 100, "Yellow": 40}),
        (Name.DeviceGray, [0.5], {"Black": 50}),
        ("/Gold", [0.7], {"Gold": 70}),
        (Name.DeviceRGB, [1, 0, 0], {"Magenta": 100, "Yellow": 100}),
    ],
)
@pytest.mark.parametrize(
    "content",
    ["20 20 10 10 re W n /Sh sh", "/Pattern cs /Pat scn 20 20 10 10 re f"],
    ids=["sh", "pattern"],
)
def test_shadings_are_split(
    content: str, space: object, full: list[float], expected: dict[str, float]
) -> None:
    pdf = drawn(content)
    named = pdf.pages[0].obj.Resources
    shading = Dictionary(
        ShadingType=2,
        ColorSpace=named.ColorSpace[space] if isinstance(space, str) else space,
        Coords=[0, 0, 100, 0],
        Extend=[True, True],
        Function=Dictionary(FunctionType=2, Domain=[0, 1], C0=full, C1=full, N=1),
    )
    named.Shading = Dictionary(Sh=shading)
    named.Pattern = Dictionary(Pat=Dictionary(PatternType=2, Shading=shading))
    assert inks(pdf, 25, 25) == expected


def test_tiles_are_split() -> None:
    pdf = drawn(
        "/Pattern cs /Tile scn 20 20 10 10 re f /Bare cs 0 1 0 0 /Plain scn 50 20 10 10 re f"
    )
    named = pdf.pages[0].obj.Resources
    named.ColorSpace.Bare = Array([Name.Pattern, Name.DeviceCMYK])
    named.Pattern = Dictionary()
    for name, paint, content in (("Tile", 1, b"1 0 0 0 k "), ("Plain", 2, b"")):
        tile = pdf.make_stream(content + b"0 0 10 10 re f")
        tile.PatternType, tile.PaintType, tile.TilingType = 1, paint, 1
        tile.BBox, tile.XStep, tile.YStep = Array([0, 0, 10, 10]), 10, 10
        tile.Resources = Dictionary()
        named.Pattern["/" + name] = tile
    assert inks(pdf, 25, 25) == {"Cyan": 100}
    assert inks(pdf, 55, 25) == {"Magenta": 100}


# --- documents ---


def test_the_inks_are_those_the_document_names() -> None:
    plates = Plates(saved(drawn("0 0 9 9 re f")))
    assert plates.names == INKS
    assert plates.render(1, DPI).keys() == set(INKS)


def test_a_tile_within_itself_ends() -> None:
    pdf = drawn("20 20 10 10 re f /Pattern cs /Tile scn 50 20 10 10 re f")
    named = pdf.pages[0].obj.Resources
    tile = pdf.make_stream(b"/Pattern cs /Tile scn 0 0 9 9 re f " * 3)
    tile.PatternType, tile.PaintType, tile.TilingType = 1, 1, 1
    tile.BBox, tile.XStep, tile.YStep = Array([0, 0, 10, 10]), 10, 10
    tile.Resources = named
    named.Pattern = Dictionary(Tile=tile)
    assert inks(pdf, 25, 25) == {"Black": 100}


def test_each_page_has_its_own_plates() -> None:
    plates = Plates(saved(drawn("1 0 0 0 k 20 20 10 10 re f", "0 1 0 0 k 20 20 10 10 re f")))
    first, second = (plates.render(page, DPI) for page in (1, 2))
    assert (at(first["Cyan"], 25, 25), at(second["Cyan"], 25, 25)) == (100, 0)


def test_plates_are_as_large_as_the_page() -> None:
    (plate, *_) = Plates(saved(drawn(""))).render(1, DPI).values()
    assert plate.shape == (394, 394)


def test_the_total_is_the_sum_of_the_inks() -> None:
    plates = Plates(saved(drawn("0.2 0.4 0.6 0.8 k 20 20 10 10 re f"))).render(1, DPI)
    assert total(plates).max() == pytest.approx(200, abs=1)
    assert total(plates, ["Black"]).max() == pytest.approx(120, abs=1)


@pytest.mark.parametrize(
    "content",
    [
        "/No Do /No gs /No sh BT /No 1 Tf (a) Tj ET",
        "1 k Q Q (a",
        "/Pattern cs /No scn 0 0 9 9 re f",
    ],
)
def test_broken_content_is_passed_over(content: str) -> None:
    assert inks(drawn("20 20 10 10 re f " + content), 25, 25) == {"Black": 100}


# --- other eyes ---

_PAGE = """0.2 1 0.9 0.1 k 10 10 60 30 re f
/Over gs 0 0 0 1 k BT /F2 14 Tf 12 24 Td (Overprint) Tj ET
/Knock gs BT /F2 14 Tf 12 12 Td (Knockout) Tj ET
0 0 0 0 k 55 15 20 20 re f
/Gold cs 1 scn 15 50 30 20 re f /Over gs 0.5 scn 30 35 20 20 re f /Knock gs
0.5 g 60 60 20 20 re f 1 0 0 0 K 2 w 50 50 m 90 90 l S
/All cs 1 scn 0 0 3 100 re f q 20 0 0 20 15 75 cm /Grey Do Q
q 20 0 0 20 40 75 cm /Mix Do Q /Over gs /Cut CS 1 SCN 0.5 w 8 8 80 60 re S"""


@pytest.mark.skipif(shutil.which("gs") is None, reason="Ghostscript is not installed")
def test_ghostscript_separates_alike(tmp_path: Path) -> None:
    """Mean coverage within 1 % of the page, and pixels within 2 % on the average."""
    pdf = drawn(_PAGE)
    rows, columns = np.mgrid[0:64, 0:64]
    channels = [columns * 4, rows * 4, 255 - columns * 4, (rows + columns) * 2]
    data = np.stack(channels, -1).astype(np.uint8).tobytes()
    pdf.pages[0].obj.Resources.XObject.Mix = image(pdf, 64, data, Name.DeviceCMYK)
    source = tmp_path / "page.pdf"
    source.write_bytes(saved(pdf))
    command = ["gs", "-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-sDEVICE=tiffsep", "-r200"]
    subprocess.run([*command, f"-sOutputFile={tmp_path / 's.tif'}", str(source)], check=True)
    for name, plate in Plates(source.read_bytes()).render(1, 200).items():
        with Image.open(tmp_path / f"s({name}).tif") as opened:
            theirs = 255 - np.asarray(opened).astype(np.float64)
        ours = plate.astype(np.float64)[: theirs.shape[0], : theirs.shape[1]]
        theirs = theirs[: ours.shape[0], : ours.shape[1]]
        assert ours.mean() == pytest.approx(theirs.mean(), abs=2.55), name
        assert np.abs(ours - theirs).mean() < 2 * 2.55, name
        assert theirs.max() > 100, f"{name} is empty"
