"""Pictures for the report: each design small, and the spots that findings point at, framed in red.

Comes in: the bytes of a PDF, what is expected of it, findings. Goes out: `Design`s and `Image`s of
a few hundred pixels. Colours are those of a screen: they show what stands where, not how it
prints.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

import PIL.Image
from PIL import ImageDraw

from stickergen.measure import MM_PER_INCH, Box, Edges, Size
from stickergen.proof.expected import CodeAt, Expected, Up, design_of
from stickergen.proof.preview import Shot, pictures
from stickergen.proof.readback import by_page
from stickergen.proof.result import Design, Image

PIECE_PX = 400
"""The longer side of a piece's picture. Tuned: the words of a sticker can be read, 25 kB each."""

SHEET_PX = 560
"""The longer side of a page's picture. Tuned: headlines can be read, 40 kB each."""

SPOT_PX = 420
"""The longer side of a spot's picture."""

MOST_WHOLE = 12
"""Whole pages that are pictured at the most. Tuned: a sheet of the report."""

MOST_LISTED = 3
"""Addresses in the caption of a whole page."""

AROUND_SPOT = 8.0
"""mm that are shown around a spot. Tuned: enough to recognise the place on a sticker."""

LEAST_SPOT = 1.0
"""mm; a spot that is smaller is framed as if it were so large, else the frame hides it."""

FRAME_RED = (200, 16, 46)
_FRAME_PX = 3
_HALO_PX = 2
_PALETTE = 128  # colours. Tuned: flat art and its smooth edges; a third of the bytes of full colour
_JPEG_FROM = 60_000  # bytes; a PNG above this shows a photograph: JPEG is smaller. Tuned: trial
_JPEG_QUALITY = 80


@dataclass(frozen=True, slots=True)
class Wanted:
    """A design to picture: where it first stands, its codes' addresses, how many pieces."""

    page: int
    part: Box | None
    addresses: tuple[str, ...]
    pieces: int


def wanted(expected: Expected, pages: int) -> tuple[tuple[Wanted, ...], int]:
    """What is worth a picture, and how many whole pages more there would be.

    Every design: pieces of one size whose codes say the same but for a serial. One sheet of each
    imposition, as full as there is any, and pages without codes as they are: slips, tickets, all of
    a foreign file.
    """
    codes = by_page(expected)
    first: dict[tuple[Size, tuple[str, ...]], tuple[int, Up, tuple[str, ...]]] = {}
    pieces: Counter[tuple[Size, tuple[str, ...]]] = Counter()
    whole: list[Wanted] = []
    imposed = _partly_filled(expected, codes)
    for number in range(1, pages + 1):
        kind = expected.pages[number - 1] if expected.pages and number <= len(expected.pages) else 0
        ups = expected.frames[kind].ups if kind < len(expected.frames) else ()
        on_page = codes.get(number, ())
        if not on_page or not ups:
            whole.append(Wanted(number, None, _listed(on_page), 0))
            continue
        if len(ups) > 1 and kind not in imposed:
            imposed.add(kind)
            whole.append(Wanted(number, None, (), len(ups)))
        for up, addresses in _addressed(ups, on_page):
            key = (_rounded(up.trim.size), tuple(map(design_of, addresses)))
            first.setdefault(key, (number, up, addresses))
            pieces[key] += 1
    designs = [
        Wanted(page, up.trim, addresses, pieces[key])
        for key, (page, up, addresses) in first.items()
    ]
    return (*whole[:MOST_WHOLE], *designs), max(0, len(whole) - MOST_WHOLE)


def _partly_filled(expected: Expected, codes: Mapping[int, Sequence[CodeAt]]) -> set[int]:
    """The impositions that another one of the pages with codes shows and more."""
    pages = expected.pages or ()
    used = sorted({pages[page - 1] for page in codes if page <= len(pages)})
    frames = expected.frames
    return {one for one in used if any(frames[one].part_of(frames[other]) for other in used)}


def _addressed(ups: Sequence[Up], codes: Sequence[CodeAt]) -> list[tuple[Up, tuple[str, ...]]]:
    """The pieces of a page, each with the addresses of the codes whose middle lies on it."""
    found: dict[Up, list[str]] = defaultdict(list)
    for code in codes:
        x, y = code.box.x + code.box.width / 2, code.box.y + code.box.height / 2
        for up in ups:
            trim = up.trim
            if trim.x <= x <= trim.right and trim.y <= y <= trim.bottom:
                found[up].append(code.url)
                break
    return [(up, tuple(addresses)) for up, addresses in found.items()]


def _listed(codes: Sequence[CodeAt]) -> tuple[str, ...]:
    """The addresses on a page, each once, as far as a caption holds them."""
    return tuple(dict.fromkeys(code.url for code in codes))[:MOST_LISTED]


def _rounded(size: Size) -> Size:
    return Size(round(size.width, 1), round(size.height, 1))


def pictured(data: bytes, designs: Sequence[Wanted], papers: Sequence[Size]) -> list[Design]:
    """The designs with their pictures; `papers` are the sizes of their pages, one for each."""
    shots = []
    for design, paper in zip(designs, papers, strict=True):
        size = paper if design.part is None else design.part.size
        longest = SHEET_PX if design.part is None else PIECE_PX
        shots.append(Shot(design.page - 1, design.part, _dpi(size, longest)))
    return [
        Design(design.page, design.part, design.addresses, design.pieces, _small(png))
        for design, png in zip(designs, pictures(data, shots), strict=True)
    ]


def framed(data: bytes, spots: Sequence[tuple[int, Box, Size]]) -> list[Image | None]:
    """A picture of each spot, given by page, box and the page's size; None if it is off the page.

    The spot stands in a red frame, with a bit of its surroundings.
    """
    parts = [_around(box, paper) for _, box, paper in spots]
    shots = [
        Shot(page - 1, part, _dpi(part.size, SPOT_PX))
        for (page, _, _), part in zip(spots, parts, strict=True)
        if part is not None
    ]
    taken = iter(pictures(data, shots) if shots else [])
    return [
        None if part is None else _framed(next(taken), part, box)
        for (_, box, _), part in zip(spots, parts, strict=True)
    ]


def _around(spot: Box, paper: Size) -> Box | None:
    """The part of a page to show for a spot; None if nothing of the spot lies on the page."""
    if not all(map(math.isfinite, (spot.x, spot.y, spot.right, spot.bottom))):
        return None
    on_page = _within(spot, paper)
    if on_page.width < 0 or on_page.height < 0:
        return None
    return _within(on_page.inset(Edges.all(-AROUND_SPOT)), paper)


def _within(box: Box, paper: Size) -> Box:
    """The part of a box that lies on the page; of negative size if none does."""
    left, top = max(box.x, 0.0), max(box.y, 0.0)
    right, bottom = min(box.right, paper.width), min(box.bottom, paper.height)
    return Box(left, top, right - left, bottom - top)


def _framed(png: bytes, part: Box, spot: Box) -> Image:
    picture = PIL.Image.open(BytesIO(png)).convert("RGB")
    across = max(0.0, LEAST_SPOT - spot.width) / 2
    down = max(0.0, LEAST_SPOT - spot.height) / 2
    frame = spot.inset(Edges(-down, -across, -down, -across))
    scale = picture.width / part.width
    corners = [
        (frame.x - part.x) * scale - _FRAME_PX,
        (frame.y - part.y) * scale - _FRAME_PX,
        (frame.right - part.x) * scale + _FRAME_PX,
        (frame.bottom - part.y) * scale + _FRAME_PX,
    ]
    edge = (0, 0, picture.width - 1, picture.height - 1)
    corners = [*map(max, corners[:2], edge[:2]), *map(min, corners[2:], edge[2:])]
    draw = ImageDraw.Draw(picture)
    halo = [*(side - _HALO_PX for side in corners[:2]), *(side + _HALO_PX for side in corners[2:])]
    draw.rectangle(halo, outline="white", width=_FRAME_PX + 2 * _HALO_PX)  # seen on red art too
    draw.rectangle(corners, outline=FRAME_RED, width=_FRAME_PX)
    return _packed(picture)


def _dpi(size: Size, longest_px: int) -> float:
    """The resolution at which the longer side has so many pixels."""
    return longest_px / max(size.width, size.height) * MM_PER_INCH


def _small(png: bytes) -> Image:
    return _packed(PIL.Image.open(BytesIO(png)).convert("RGB"))


def _packed(picture: PIL.Image.Image) -> Image:
    """A picture in few bytes: flat art as a PNG with a palette, photographs as JPEG."""
    out = BytesIO()
    picture.quantize(_PALETTE, dither=PIL.Image.Dither.NONE).save(out, "PNG", optimize=True)
    if len(out.getvalue()) <= _JPEG_FROM:
        return Image(out.getvalue(), "image/png", picture.width, picture.height)
    out = BytesIO()
    picture.save(out, "JPEG", quality=_JPEG_QUALITY, optimize=True)
    return Image(out.getvalue(), "image/jpeg", picture.width, picture.height)
