"""The document rules beyond their own faults: what is allowed, where a fault is told, broken files.

Comes in: the good files of trial_pdf, changed; files with junk in every place. Goes out: no
finding, a finding with its page, place and values, or at least no exception.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from random import Random
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from test_rules import BREAKS, HELVETICA, array, codes, entry, icc, proved, subject
from trial_pdf import (
    BLEED,
    MEDIA,
    SHORT,
    Change,
    add_xmp,
    annotation,
    changed,
    condition,
    dot,
    form,
    formed,
    good,
    image,
    page,
    paint,
    profiled,
    resource,
    root,
    saved,
    state,
    xmp,
)

from stickergen.measure import Box
from stickergen.proof.expected import Expected, Standard
from stickergen.proof.finding import Finding
from stickergen.proof.rules import EVERY, X1A, X3, X4
from stickergen.proof.rules.inventory import inventory
from stickergen.proof.subject import Subject

# --- what is allowed ---


def group(space: Name) -> Change:
    return entry(S=Name.Transparency, CS=space)


def art_box(pdf: Pdf) -> None:
    for found in pdf.pages:
        found.obj.ArtBox = found.obj.TrimBox
        del found.obj.TrimBox


def other_intent(pdf: Pdf) -> None:
    pdf.Root.OutputIntents.append(Dictionary(S=Name.GTS_PDFA1))


def same_cut_again(pdf: Pdf) -> None:
    """The cut line's space once more, its tint transform another object that says the same."""
    spaces = pdf.pages[0].obj.Resources.ColorSpace
    separation, ink, alternate, tint = next(iter(dict(spaces).values()))
    kept = {key: value for key, value in tint.items() if key not in ("/Length", "/Filter")}
    again = pdf.make_stream(tint.read_bytes(), kept)
    resource("ColorSpace", "CS7", Array([separation, ink, alternate, again]))(pdf)


LIVE = [
    page(2, "Group", group(Name.DeviceCMYK)),
    state(
        ca=0.5,
        BM=Name.Multiply,
        SMask=entry(S=Name.Luminosity, G=formed(Group=group(Name.DeviceGray))),
    ),
    image(Filter=Name.JPXDecode, SMask=dot()),
    root("OCProperties", entry(OCGs=array(), D=entry())),
]
HARMLESS = state(
    ca=1,
    CA=1,
    BM=array(Name.Normal),
    SMask=Name("/None"),
    TR2=Name.Default,
    HT=entry(HalftoneType=1),
)
REPLACED = [resource("ColorSpace", "DefaultRGB", icc(N=3)), paint(b"1 0 0 rg", at=2)]
OWN = [profiled(), condition("OutputConditionIdentifier", String("Our press"))]
WORDS = paint(b"BT /F1+0 6 Tf (1 0 0 rg BI PS) Tj ET")
NO_ZONE = [add_xmp, xmp("xmp:ModifyDate", "2026-11-22T09:30:00")]


@pytest.mark.parametrize(
    ("standard", "changes"),
    [
        (X4, LIVE),
        (X1A, [HARMLESS]),
        (X3, [HARMLESS]),
        (X4, REPLACED),
        (X1A, [annotation("PrinterMark", 0, 0, 28, 28)]),
        (X1A, [annotation("TrapNet", *MEDIA)]),
        (X3, [annotation("TrapNet", *MEDIA)]),
        (X4, [annotation("Link", 0, 0, 19, 200, A=entry(S=Name.GoTo))]),
        (X1A, [art_box]),
        (X1A, [other_intent]),
        (X1A, OWN),
        (X3, OWN),
        (X4, OWN),
        (X1A, [same_cut_again]),
        (X4, [same_cut_again]),
        (X1A, [WORDS]),
        (X1A, [add_xmp]),
        (X1A, NO_ZONE),
        (X4, [image(Alternates=array())]),
        (X1A, [page(2, "CropBox", array(*MEDIA))]),
        ("plain", [root("OpenAction", lambda pdf: Array([pdf.pages[0].obj, Name.Fit]))]),
        ("plain", LIVE),
        ("plain", REPLACED),
    ],
)
def test_what_is_allowed_gives_no_finding(standard: Standard, changes: list[Change]) -> None:
    assert codes(changed(standard, *changes), standard) == []


def test_a_default_space_counts_only_where_it_stands() -> None:
    data = changed(X4, REPLACED[0], paint(b"1 0 0 rg", at=1))
    assert codes(data, X4) == ["device-not-of-intent"]


# --- where, and what of it is told ---


def only(standard: Standard, *changes: Change) -> Finding:
    (finding,) = proved(subject(changed(standard, *changes), standard))
    return finding


def corners(box: Box | None) -> tuple[float, ...]:
    assert box is not None
    return tuple(round(side, 2) for side in (box.x, box.y, box.right, box.bottom))


LINKED = annotation("Link", 72, 100, 144, 164)
AT = (25.4, 12.7, 50.8, 35.28)
"""That place in mm from the top of a page of 200 pt."""


def test_an_annotation_is_told_at_its_place() -> None:
    finding = only(X1A, LINKED)
    assert (finding.page, finding.values) == (2, {"kind": "Link"})
    assert corners(finding.spot) == AT


def test_places_are_measured_from_the_corner_of_the_media_box() -> None:
    def moved(pdf: Pdf) -> None:
        for key in ("/MediaBox", "/BleedBox", "/TrimBox"):
            box = pdf.pages[1].obj[key]
            pdf.pages[1].obj[key] = Array([float(side) + 1000 for side in box])

    finding = only(X1A, moved, annotation("Link", 1144, 1164, 1072, 1100))  # corners may be swapped
    assert corners(finding.spot) == AT


def test_a_box_is_told_with_its_overhang() -> None:
    finding = only(X1A, page(2, "BleedBox", array(28.5 + 72, *BLEED[1:])))
    assert finding.page == 2
    assert finding.values == {"inner": "TrimBox", "outer": "BleedBox", "by": 25.4}
    assert corners(finding.spot)[0] == 10.05  # 28.5 pt


def test_a_box_above_the_page_is_told() -> None:
    finding = only(X1A, page(1, "BleedBox", array(20, 20, 320, 236)))
    assert finding.values == {"inner": "BleedBox", "outer": "MediaBox", "by": 12.7}


def test_a_trim_box_that_leaves_bleed_and_page_is_told_of_both() -> None:
    data = changed(X1A, page(1, "TrimBox", array(-10, 20, 300, 170)))
    found = [f for f in proved(subject(data, X1A)) if f.check == "box-not-nested"]
    assert [f.values["outer"] for f in found] == ["BleedBox"]


def test_what_pages_share_is_told_once_with_the_first_page() -> None:
    def shared(pdf: Pdf) -> None:
        rgb = pdf.make_indirect(formed(b"1 0 0 rg 1 0 0 rg 1 0 0 RG")(pdf))
        for found in pdf.pages:
            found.obj.Resources.XObject = Dictionary(Fm7=rgb)

    finding = only(X1A, shared)
    assert (finding.page, finding.values) == (1, {"name": "Fm7 rg, RG"})


def test_a_form_takes_the_resources_of_its_page() -> None:
    """A form without resources of its own (PDF 1.1) shows text with the page's font."""
    change = [resource("Font", "F7", HELVETICA), form(b"BT /F7 9 Tf (a) Tj ET")]
    assert only(X1A, *change).values == {"font": "Helvetica", "shown": 1}


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        (b"BT /F7 9 Tf ET", 0),
        (b"BT /F7 9 Tf (a) Tj [(b) 3 (c)] TJ ET", 2),
        (b"q BT /F7 9 Tf ET Q BT (a) Tj ET", 0),
        (b"BT /F7 9 Tf ET q BT /F1+0 9 Tf (a) Tj ET Q BT (b) ' ET", 1),
        (b"Q Q BT (a) Tj /Missing 9 Tf (b) Tj Tf ET", 0),
    ],
)
def test_how_often_text_is_shown_with_a_font(code: bytes, shown: int) -> None:
    finding = only(X1A, resource("Font", "F7", HELVETICA), paint(code, at=2))
    assert finding.values == {"font": "Helvetica", "shown": shown}
    assert finding.page == 2


def test_an_object_is_walked_once_however_many_pages_share_it() -> None:
    proofed = subject(good(X1A), X1A)
    found = inventory(proofed).items
    numbers = [item.value.objgen for item in found if item.value.is_indirect]
    assert len(numbers) == len(set(numbers)) > 5


# --- broken files ---

JUNK: tuple[Any, ...] = (
    7,
    True,
    String(b"\xfe\xff\xd8\x00"),
    Name("/Nonsense"),
    Array([]),
    Array([Name.Indexed, Array([Array([])])]),
    Dictionary(),
    Dictionary(S=Name.Transparency, Type=3),
)
"""What stands in the place of something else."""


def rich() -> Pdf:
    """A file with nearly all faults at once."""
    pdf = pikepdf.open(BytesIO(good(X4)))
    pdf.Root.OutputIntents[0].DestOutputProfile = pdf.make_stream(SHORT, N=4)
    for trial in BREAKS:
        if not (trial.also or trial.code.startswith(("output", "condition", "xmp"))):
            with suppress(AttributeError, KeyError):  # what one fault took away, another cannot
                trial.change(pdf)
    return pdf


def entries(pdf: Pdf) -> Iterator[tuple[Any, Any]]:
    """Each dictionary, stream and array of the file with each of its keys or places."""
    waiting: list[Any] = [pdf.trailer, *pdf.objects]
    while waiting:
        at = waiting.pop()
        if isinstance(at, Array):
            keys: list[Any] = list(range(len(at)))
        elif isinstance(at, Dictionary | Stream):
            keys = [key for key in at if key != "/Length"]
        else:
            continue
        for key in keys:
            yield at, key
            if isinstance(at[key], pikepdf.Object) and not at[key].is_indirect:
                waiting.append(at[key])


def test_no_rule_fails_on_a_broken_file() -> None:
    """Every value of a rich file is replaced by junk in turn, each time by another kind."""
    with rich() as pdf:
        holders = list(entries(pdf))
        assert len(holders) > 300
        for number, (holder, key) in enumerate(holders):
            old = holder[key]
            holder[key] = JUNK[number % len(JUNK)]
            standard = EVERY[number // len(JUNK) % len(EVERY)]
            proved(Subject("broken.pdf", b"%PDF-1.4", pdf, Expected(standard)))
            if old is None:
                del holder[key]
            else:
                holder[key] = old


def test_no_rule_fails_on_bytes_that_rotted() -> None:
    with rich() as pdf:
        data = saved(pdf, "1.6")
    dice = Random(20261122)
    opened = 0
    for number in range(150):
        rotten = bytearray(data)
        for _ in range(20):
            rotten[dice.randrange(len(rotten))] = dice.randrange(256)
        try:
            found = subject(bytes(rotten), EVERY[number % len(EVERY)])
        except (pikepdf.PdfError, RuntimeError):
            continue  # what cannot be opened is not proved
        proved(found)
        opened += 1
    assert opened > 75


def test_a_chinese_name_in_the_bytes_of_its_time() -> None:
    """Chinese programs write names in GBK, which are no UTF-8 and no text for pikepdf."""
    song = entry(Subtype=Name.TrueType, BaseFont=Name.Song)
    data = changed(X1A, resource("Font", "Fuenf", song), paint(b"BT /Fuenf 9 Tf (a) Tj ET", at=2))
    for ascii_name, chinese in ((b"/Song", "宋体"), (b"/Fuenf", "五号")):
        escaped = b"".join(b"#%02x" % byte for byte in chinese.encode("gbk"))
        data = data.replace(ascii_name, b"/" + escaped)
    (finding,) = proved(subject(data, X1A))
    assert finding.values == {"font": "宋体", "shown": 1}


@pytest.mark.parametrize("standard", EVERY)
def test_a_file_without_pages(standard: Standard) -> None:
    with Pdf.new() as pdf:
        found = {f.check for f in proved(Subject("empty.pdf", b"", pdf, Expected(standard)))}
    assert ("output-intent" in found) == (standard != "plain")
    assert "trim-box-missing" not in found


def test_objects_that_hold_themselves() -> None:
    """Loops in the file are no loops of a rule."""

    def looped(pdf: Pdf) -> None:
        space = pdf.make_indirect(Array([Name.Indexed, Name.DeviceCMYK, 0]))
        space[1] = space
        tint = pdf.make_indirect(Dictionary(FunctionType=3))
        tint.Functions = Array([tint])
        spot = Array([Name.Separation, Name.CutContour, Name.DeviceCMYK, tint])
        held = formed(b"/Fm7 Do")(pdf)
        held.Resources = Dictionary(XObject=Dictionary(Fm7=held))
        action = pdf.make_indirect(Dictionary(S=Name.Named))
        action.Next = action
        pdf.Root.OpenAction = action
        resource("ColorSpace", "CS7", Dictionary())(pdf)
        pdf.pages[1].obj.Resources.ColorSpace = Dictionary(CS7=space, CS8=spot)
        resource("XObject", "Fm7", held)(pdf)

    found = codes(changed(X1A, looped), X1A)
    assert found == ["action", "spot-differs"]
