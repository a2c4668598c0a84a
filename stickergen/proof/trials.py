"""The hard run: codes of each design, put through what printing and use do to it.

Comes in: the bytes of a PDF and what is expected of it. Goes out: `Trials`: how many codes were
read in each trial. A design is an address without its serial; its first code stands for it, and its
last where each piece has a symbol of its own. The surroundings of the symbol are taken along as far
as its piece goes, for a code is scanned among what stands beside it.
Limits: simple models of print and camera, the same every time; a phone may do better or worse.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

from stickergen.measure import MM_PER_INCH, Box, Edges
from stickergen.proof.expected import CodeAt, Expected, has_serial
from stickergen.proof.finding import Finding
from stickergen.proof.preview import Grey, Rasters, rasters
from stickergen.proof.readback import common, decoded

MODULE_PX = 20
"""Pixels to a module in the picture that is maltreated. Tuned: the least dot gain is one pixel."""

AROUND_MODULES = 8
"""What is seen around a symbol. Tuned: twice its quiet zone, so that neighbours show."""

CAMERA_SYMBOLS = 4.0
"""How far the camera is, in widths of the picture. Tuned: 10 cm from a symbol of 15 mm."""

LINE_FROM, LINE_TO = 0.6, 0.4
"""Where a scratch enters and leaves a symbol, of its height. Tuned: through the data, past the
three finder patterns, whose loss no code survives."""

ROOM = 1.3
"""How much larger a view askew is. Tuned: a symbol turned by 15° is 1.22 times as wide."""

PAPER, GREY = 255, 127.5
"""The shade of paper in a picture, and the middle between it and black."""

FRAGILE = 2
"""A code that fails so many trials is fragile. Tuned: of 750 codes with modules of 0.4 mm and
more, two failed one trial and none two; with modules of 0.25 mm every code fails two."""


@dataclass(frozen=True, slots=True)
class Ordeal:
    """What is done to a print before it is read; as it stands, nothing but a scan at 300 dpi."""

    name: str
    dot_gain: float = 0.0
    """By how much of a module dark areas grow, both sides together."""
    toner: float = 1.0
    """How black black prints."""
    scratch: float = 0.0
    """The part of the symbol that a white line right across it covers."""
    turn_degrees: float = 0.0
    """By how much the code is turned in its plane."""
    tilt_degrees: float = 0.0
    """By how much one side of the code is farther away."""
    dpi: float = 300.0
    """The resolution of the scan."""
    blur_px: float = 0.0
    """The standard deviation of a Gaussian blur, in pixels of the scan."""
    contrast: float = 1.0
    """What is left between black and white."""


ORDEALS = (
    Ordeal("scan-200", dpi=200),
    Ordeal("blur", blur_px=2),
    Ordeal("turn", turn_degrees=15),
    Ordeal("tilt", tilt_degrees=15),
    Ordeal("contrast", contrast=0.6),
    Ordeal("dot-gain", dot_gain=0.1),
    Ordeal("grey-toner", toner=0.65),
    Ordeal("scratch", scratch=0.03),
    Ordeal(
        "together",
        dpi=200,
        dot_gain=0.1,
        toner=0.8,
        scratch=0.01,
        turn_degrees=8,
        tilt_degrees=8,
        blur_px=1,
        contrast=0.8,
    ),
)
"""The trials. Tuned: the worst that an office copier, a scuffed parcel and a hasty photograph do;
together: a coarse scan and dots that grew, all else at about half. All codes of the demonstration
pass them all."""


@dataclass(frozen=True)
class Trial:
    """How the codes fared in one trial."""

    name: str
    tried: int
    read: int
    failed: tuple[CodeAt, ...]


@dataclass(frozen=True)
class Trials:
    """How the codes fared in all trials."""

    trials: tuple[Trial, ...]

    @classmethod
    def joined(cls, parts: Iterable[Trials]) -> Trials:
        """The trials of different designs of one file as one."""
        rows = zip(*(part.trials for part in parts), strict=True)
        return cls(tuple(_joined(row) for row in rows))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """A warning for each fragile code."""
        failures = [code for trial in self.trials for code in trial.failed]
        return tuple(
            Finding(
                "code-fragile",
                code.page,
                code.box,
                {"url": code.url, "failed": failures.count(code), "tried": len(self.trials)},
                "warning",
            )
            for code in dict.fromkeys(failures)
            if failures.count(code) >= FRAGILE
        )


@dataclass(frozen=True, eq=False)
class Print:
    """A symbol and what is around it, sharp; `corner` and `side` of the symbol in pixels."""

    picture: Grey
    corner: tuple[float, float]
    side: float
    dpi: float


def designs(expected: Expected) -> tuple[CodeAt, ...]:
    """The first code of each design; of those with serials the last one too."""
    first: dict[str, CodeAt] = {}
    last: dict[str, CodeAt] = {}
    for code in expected.codes or ():
        first.setdefault(code.design, code)
        if has_serial(code.url):
            last[code.design] = code
    return tuple(dict.fromkeys((*first.values(), *last.values())))


def hard_run(data: bytes, expected: Expected, codes: Sequence[CodeAt]) -> Trials:
    """Put these codes through all trials."""
    failed: dict[str, list[CodeAt]] = {ordeal.name: [] for ordeal in ORDEALS}
    tried = 0
    with rasters(data) as pictures:
        for code in codes:
            fresh = printed(pictures, expected, code)
            if fresh is None or not _reads(fresh.picture, code):
                continue  # missing or wrong: the readback has told it
            tried += 1
            for ordeal in ORDEALS:
                if not _reads(after(fresh, ordeal), code):
                    failed[ordeal.name].append(code)
    return Trials(
        tuple(
            Trial(name, tried, tried - len(fallen), tuple(fallen))
            for name, fallen in failed.items()
        )
    )


def printed(pictures: Rasters, expected: Expected, code: CodeAt) -> Print | None:
    """A code as printed, with what stands around it on its piece; None if it is off the page."""
    around = code.box.inset(Edges.all(-AROUND_MODULES * code.module))
    part = common(around, pictures.box(code.page))
    if part is not None and (trim := _trim(expected, code)) is not None:
        part = common(part, trim)
    if part is None:
        return None
    dpi = MODULE_PX * MM_PER_INCH / code.module
    px = dpi / MM_PER_INCH
    corner = ((code.box.x - part.x) * px, (code.box.y - part.y) * px)
    return Print(pictures.grey(code.page, dpi, part), corner, code.box.width * px, dpi)


def _reads(picture: Grey, code: CodeAt) -> bool:
    return code.url in [found.text for found in decoded(picture)]


def after(fresh: Print, ordeal: Ordeal) -> Grey:
    """What a camera makes of a print after an ordeal: press first, wear next, the view last."""
    worn = Image.fromarray(_grown(fresh.picture, ordeal.dot_gain))
    if ordeal.toner < 1:
        worn = worn.point(lambda value: 255 - (255 - value) * ordeal.toner)
    if ordeal.scratch:
        _scratch(worn, fresh, ordeal.scratch)
    view = worn.resize(
        [max(1, round(length * ordeal.dpi / fresh.dpi)) for length in worn.size],
        Image.Resampling.BOX,
    )
    if ordeal.turn_degrees or ordeal.tilt_degrees:
        view = _askew(view, ordeal)
    if ordeal.blur_px:
        view = view.filter(ImageFilter.GaussianBlur(ordeal.blur_px))
    if ordeal.contrast < 1:
        view = view.point(lambda value: GREY + (value - GREY) * ordeal.contrast)
    return np.asarray(view)


def _grown(picture: Grey, dot_gain: float) -> Grey:
    """A print whose dark areas are larger by a part of a module, half of it on each side."""
    each_px = round(dot_gain / 2 * MODULE_PX)
    assert math.isclose(each_px, dot_gain / 2 * MODULE_PX), f"{dot_gain} is no whole pixel"
    for _ in range(each_px):
        picture = _darker_neighbour(_darker_neighbour(picture).T).T
    return picture


def _darker_neighbour(picture: Grey) -> Grey:
    """Each row the darkest of itself and the two beside it."""
    grown = picture.copy()
    np.minimum(grown[1:], picture[:-1], out=grown[1:])
    np.minimum(grown[:-1], picture[1:], out=grown[:-1])
    return grown


def _scratch(picture: Image.Image, fresh: Print, part: float) -> None:
    """Take the ink off this part of a symbol, in a line right across it."""
    (left, top), side = fresh.corner, fresh.side
    from_, to, half = top + side * LINE_FROM, top + side * LINE_TO, side * part / 2
    right = left + side
    corners = [(left, from_ - half), (right, to - half), (right, to + half), (left, from_ + half)]
    ImageDraw.Draw(picture).polygon(corners, fill=PAPER)


def _askew(view: Image.Image, ordeal: Ordeal) -> Image.Image:
    """The view of a camera that is turned, and before which the paper is tilted."""
    width, height = view.size
    turn, tilt = math.radians(ordeal.turn_degrees), math.radians(ordeal.tilt_degrees)
    far = math.tan(tilt) / (CAMERA_SYMBOLS * max(width, height))
    cos, sin = math.cos(turn), math.sin(turn)
    turned = np.array([[cos, sin, 0], [-sin, cos, 0], [0, 0, 1]])
    tilted = np.array([[1 / math.cos(tilt), 0, 0], [0, 1, 0], [-far, 0, 1]])
    size = (round(width * ROOM), round(height * ROOM))
    matrix = _shift(width / 2, height / 2) @ tilted @ turned @ _shift(-size[0] / 2, -size[1] / 2)
    parts = (matrix / matrix[2, 2]).flatten()[:8]
    return view.transform(
        size,
        Image.Transform.PERSPECTIVE,
        tuple(parts),
        Image.Resampling.BICUBIC,
        fillcolor=PAPER,
    )


def _shift(x: float, y: float) -> npt.NDArray[np.float64]:
    return np.array([[1.0, 0.0, x], [0.0, 1.0, y], [0.0, 0.0, 1.0]])


def _trim(expected: Expected, code: CodeAt) -> Box | None:
    """The piece that a code stands on, if the order says where the pieces are."""
    if expected.pages is None:
        return None
    ups = expected.frames[expected.pages[code.page - 1]].ups
    return next((up.trim for up in ups if up.trim.contains(code.box)), None)


def _joined(row: Sequence[Trial]) -> Trial:
    """One trial of several lots of designs."""
    assert len({trial.name for trial in row}) == 1, "the same trials in the same order"
    return Trial(
        row[0].name,
        sum(trial.tried for trial in row),
        sum(trial.read for trial in row),
        tuple(code for trial in row for code in trial.failed),
    )
