"""Broken files: what is missing, cut off, empty or mended is told; sound files stay silent.

Comes in: small files written here, and the good files of `trial_pdf`. Goes out: findings of the
rules on soundness.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Pdf
from trial_pdf import good, saved, stream

from stickergen.proof.expected import Expected, Standard
from stickergen.proof.finding import Finding
from stickergen.proof.rules import EVERY, RULES, soundness
from stickergen.proof.subject import Subject

CODES = [code for code, rule in RULES.items() if rule.find.__module__ == soundness.__name__]
BOX = Array([0, 0, 90, 90])
MARK = b"0 0 9 9 re f "


def found(data: bytes) -> list[Finding]:
    subject = Subject.of("", data, Expected("plain"))
    with subject.pdf:
        return [finding for code in CODES for finding in RULES[code].find(subject)]


def told(data: bytes) -> set[str]:
    return {finding.check for finding in found(data)}


def one_page(content: Any, resources: Any = None, **entries: Any) -> bytes:
    """A page with a content stream, or what else is given for it."""
    with Pdf.new() as pdf:
        contents = pdf.make_stream(content) if isinstance(content, bytes) else content
        page = Dictionary(Type=Name.Page, MediaBox=BOX, Contents=contents, **entries)
        page.Resources = resources(pdf) if callable(resources) else resources or Dictionary()
        pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
        return saved(pdf, "1.4", stream_decode_level=pikepdf.StreamDecodeLevel.none)


def form(pdf: Pdf, content: bytes, **entries: Any) -> pikepdf.Stream:
    fixed = {"Type": Name.XObject, "Subtype": Name.Form, "BBox": BOX}
    return stream(pdf, content, fixed | entries)


def painting(content: bytes, **entries: Any) -> bytes:
    """A page that paints a mark and a form; the page has the state Gs."""
    return one_page(
        MARK + b"/Fm Do",
        lambda pdf: Dictionary(
            XObject=Dictionary(Fm=form(pdf, content, **entries)),
            ExtGState=Dictionary(Gs=Dictionary(OP=True)),
        ),
    )


def picture(data: bytes, **entries: Any) -> bytes:
    """A page with a picture of 10 × 10 pixels in CMYK, unless said otherwise."""
    fixed = {
        "Subtype": Name.Image,
        "Width": 10,
        "Height": 10,
        "BitsPerComponent": 8,
        "ColorSpace": Name.DeviceCMYK,
    }
    return one_page(
        b"/Im Do",
        lambda pdf: Dictionary(XObject=Dictionary(Im=stream(pdf, data, fixed | entries))),
    )


# --- sound files ---


@pytest.mark.parametrize("standard", EVERY)
def test_a_good_file_is_sound(standard: Standard) -> None:
    assert found(good(standard)) == []


SOUND = {
    "device spaces": one_page(MARK + b"/DeviceCMYK cs /Pattern CS 1 0 0 0 sc"),
    "a form under its page's resources": painting(b"/Gs gs " + MARK),
    "a form that nobody paints": one_page(
        MARK,
        lambda pdf: Dictionary(XObject=Dictionary(Fm=form(pdf, b"/No gs q"))),
    ),
    "operators in strings": one_page(MARK + rb"BT (q BT \) zz) Tj <71> Tj ET % q zz"),
    "unknown operators in brackets": one_page(MARK + b"BX zz EX"),
    "a Q too many": one_page(MARK + b"Q"),
    "an inline image": one_page(b"BI /W 1 /H 1 /BPC 8 /CS /G ID q EI " + MARK),
    "a whole picture": picture(bytes(400)),
    "a packed picture": picture(zlib.compress(bytes(400)), Filter=Name.FlateDecode),
    "a mask": picture(bytes(20), ImageMask=True),
    "a JPEG, which is not decoded": picture(b"\xff\xd8", Filter=Name.DCTDecode),
}


@pytest.mark.parametrize("name", SOUND)
def test_what_is_sound_is_left_alone(name: str) -> None:
    assert found(SOUND[name]) == []


# --- what is missing ---


@pytest.mark.parametrize(
    ("operators", "category"),
    [
        (b"BT /No 9 Tf ET", "Font"),
        (b"/No Do", "XObject"),
        (b"/No gs", "ExtGState"),
        (b"/No cs", "ColorSpace"),
        (b"/No CS", "ColorSpace"),
        (b"/No sh", "Shading"),
        (b"/Pattern cs /No scn", "Pattern"),
        (b"/Pattern CS 1 /No SCN", "Pattern"),
        (b"/OC /No BDC EMC", "Properties"),
        (b"/Span /No DP", "Properties"),
    ],
)
@pytest.mark.parametrize("inside", [one_page, painting])
def test_what_is_named_must_be_there(operators: bytes, category: str, inside: Any) -> None:
    (finding,) = found(inside(MARK + operators))
    assert finding.check == "missing-resource"
    assert finding.page == 1
    assert finding.values == {"category": category, "name": "No"}


def test_own_resources_hide_those_of_the_page() -> None:
    assert told(painting(b"/Gs gs", Resources=Dictionary())) == {"missing-resource"}


def test_resources_that_are_none() -> None:
    assert "missing-resource" in told(one_page(MARK + b"/Gs gs", lambda pdf: 7))


# --- what is damaged ---

DAMAGED = {
    "q without Q": one_page(MARK + b"q"),
    "BT without ET": one_page(MARK + b"BT"),
    "an unknown operator": one_page(MARK + b"9 zz"),
    "an inline image without an end": one_page(MARK + b"BI /W 1 /H 1 /BPC 8 /CS /G ID q"),
    "contents that are a number": one_page(7, Annots=Array()),
    "a form that breaks off": painting(MARK + b"q"),
    "a pattern that breaks off": one_page(
        MARK + b"/Pattern cs /P scn",
        lambda pdf: Dictionary(
            Pattern=Dictionary(P=stream(pdf, b"q", {"PatternType": 1, "Resources": Dictionary()}))
        ),
    ),
    "a picture too short": picture(bytes(399)),
    "a packed picture too short": picture(zlib.compress(bytes(399)), Filter=Name.FlateDecode),
    "a picture packed wrongly": picture(b"no", Filter=Name.FlateDecode),
    "a picture of a size nobody can hold": picture(b"7", Width=10**6, Height=10**6),
    "a soft mask too short": picture(
        bytes(400),
        SMask=lambda pdf: stream(
            pdf,
            b"7",
            {
                "Subtype": Name.Image,
                "Width": 2,
                "Height": 2,
                "BitsPerComponent": 8,
                "ColorSpace": Name.DeviceGray,
            },
        ),
    ),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_what_is_damaged_is_told(name: str) -> None:
    assert "damaged-stream" in told(DAMAGED[name])


def fonts(pdf: Pdf) -> Iterator[Any]:
    for page in pdf.pages:
        for _, font in page.obj.Resources.Font.items():
            yield font.FontDescriptor.FontFile2


@given(st.integers(min_value=0, max_value=199))
def test_a_font_cut_off_is_told(part: int) -> None:
    with pikepdf.open(BytesIO(good("plain"))) as pdf:
        for file in fonts(pdf):
            whole = file.read_bytes()
            file.write(whole[: len(whole) * part // 200])
        assert "damaged-stream" in told(saved(pdf, "1.4"))


# --- what is empty or mended ---


@pytest.mark.parametrize("content", [b"", b"q Q", b"0 g", b"0 0 9 9 re n", Array()])
def test_an_empty_page_is_told(content: Any) -> None:
    (finding,) = found(one_page(content))
    assert (finding.check, finding.page, finding.severity) == ("blank-page", 1, "warning")


def test_a_page_without_a_size_is_told() -> None:
    data = one_page(MARK).replace(b"/MediaBox", b"/Mediabox")
    (finding,) = found(data)
    assert (finding.check, finding.page) == ("page-without-size", 1)


def test_a_size_is_taken_over_from_the_tree() -> None:
    with pikepdf.open(BytesIO(one_page(MARK))) as pdf:
        del pdf.pages[0].obj.MediaBox
        pdf.Root.Pages.MediaBox = BOX
        data = saved(pdf, "1.4")
    assert found(data) == []


def test_what_was_mended_is_told_without_where_the_file_lay() -> None:
    data = good("plain")
    (finding,) = found(data[: data.rindex(b"startxref")])
    assert (finding.check, finding.severity) == ("repaired-file", "warning")
    assert "BytesIO" not in finding.values["reason"]
    assert finding.values["count"] >= 1
