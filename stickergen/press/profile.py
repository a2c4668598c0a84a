"""Presses: what a printing device, or a print shop, asks of a file.

Comes in: a press file (`Press`, read by `content.source`). Goes out: the file's standard, its inks,
bleed, marks and cut line; the grid in millimetres that the modules of a code must sit on, the
smallest module. Resolutions are in dots per inch.

Limits: a press is described only as far as something uses it.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from stickergen.artwork.qr import LEAST_MODULE, Dots
from stickergen.content.model import Identifier, Model, Part, Words
from stickergen.content.source import Document
from stickergen.ink import Ink
from stickergen.measure import MM_PER_INCH
from stickergen.problem import Problem, nearest
from stickergen.proof.conditions import registered

MOST_MODULE = 5.0
"""Tuned: a code of such modules fills an A4 page; a larger figure is a slip of the hand."""

MOST_BLEED = 10.0
"""mm; tuned: twice what corrugated board asks for, the most that shops were found to ask."""

Dpi = Annotated[float, Field(ge=60, le=9600, allow_inf_nan=False)]
"""Dots per inch; tuned: from the coarsest matrix printer to the finest platesetter."""

Bleed = Annotated[float, Field(ge=0, le=MOST_BLEED, allow_inf_nan=False)]

Shelf = Literal["sticker", "flyer"]
"""What a press prints."""

SpotName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z]([A-Za-z0-9 _-]{0,29}[A-Za-z0-9])?$")
]
"""A spot colour's name: what cutters' software takes (letters, digits, blanks, - and _)."""

ProfileName = Annotated[str, StringConstraints(pattern=r"^[^/\\\x00-\x1f]{1,80}\.[Ii][Cc][CcMm]$")]
"""The name of an ICC file: a plain name, so that it lies in the folder of profiles."""

RESERVED = frozenset({"all", "none", "cyan", "magenta", "yellow", "black"})
"""Separation names that mean something else (ISO 32000-1, 8.6.6.4)."""


class BleedSpec(Model):
    """Bleed in mm, by what is printed."""

    sticker: Bleed = Field(0.0, description="贴纸出血，毫米")
    flyer: Bleed = Field(0.0, description="传单出血，毫米")


class Press(Part):
    """A way of printing: one device, a group of devices, or a print shop."""

    id: Identifier = Field(description="印刷方式代号，与文件名相同，如 office")
    name: Words = Field(description="印刷方式名称，如 办公室激光打印机")
    prints: Annotated[tuple[Shelf, ...], Field(min_length=1)] = Field(
        ("sticker", "flyer"), description="能印什么：sticker 贴纸、flyer 传单；不写为都能"
    )
    standard: Literal["plain", "pdf-x-1a", "pdf-x-4"] = Field(
        "plain", description="文件标准：plain 普通 PDF、pdf-x-1a、pdf-x-4；不写为 plain"
    )
    inks: Literal["colour", "grey", "one-bit"] = Field(
        "colour", description="颜色：colour 彩色、grey 灰度、one-bit 只有黑和白；不写为 colour"
    )
    feeds: Literal["sheets", "labels"] = Field(
        "sheets", description="走纸：sheets 整张、labels 一枚标签一页；不写为 sheets"
    )
    dpi: Annotated[tuple[Dpi, ...], Field(min_length=1, max_length=8)] = Field(
        description="设备的分辨率，每英寸点数；可能用到几种就都写上，如 [300, 600]"
    )
    least_module: float = Field(
        LEAST_MODULE,
        ge=LEAST_MODULE,
        le=MOST_MODULE,
        allow_inf_nan=False,
        description="二维码小方块的最小边长，毫米；不写为 0.4",
    )
    condition: Words | None = Field(
        None, description="印刷条件的登记名称，如 FOGRA39、JC200103；PDF/X 必须写"
    )
    profile: ProfileName | None = Field(
        None, description="ICC 文件，放在印刷方式文件旁边的 profiles 文件夹里；pdf-x-4 必须写"
    )
    bleed: BleedSpec = Field(
        BleedSpec(sticker=0, flyer=0), description="出血，毫米，如 {sticker: 2, flyer: 3}"
    )
    cut: SpotName | None = Field(
        None, description="刀线的专色名，如 CutContour；不写就没有刀线和裁切标记"
    )
    outline: bool = Field(False, description="true：文字转曲（转成轮廓）；不写为 false")
    source: Words = Field(description="这些数字从哪里来")

    def writes_grey(self, ink: Ink) -> bool:
        """Whether an ink is DeviceGray: on an office printer black alone is, as drivers mix CMYK
        from four toners.
        """
        return not self.for_shop and ink.total == ink.k

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.standard != "plain" and self.condition is None:
            raise PydanticCustomError("press-needs", "", {"key": "condition", "value": "FOGRA39"})
        if self.standard == "pdf-x-4" and self.profile is None:
            example = "ISOcoated_v2_300_bas.icc"
            raise PydanticCustomError("press-needs", "", {"key": "profile", "value": example})
        if self.standard == "plain":
            for key in ("condition", "profile", "cut"):
                if getattr(self, key) is not None:
                    raise PydanticCustomError("press-plain-has", "", {"key": key})
            if self.bleed.sticker or self.bleed.flyer:
                raise PydanticCustomError("press-plain-has", "", {"key": "bleed"})
        elif self.inks != "colour" or self.feeds != "sheets":
            raise PydanticCustomError("press-shop-in-colour", "", {})
        if self.cut is not None and self.cut.lower() in RESERVED:
            raise PydanticCustomError("press-cut-reserved", "", {"value": self.cut})
        if self.inks == "one-bit" and len(self.dpi) > 1:
            raise PydanticCustomError("press-one-grid", "", {})
        return self

    @property
    def for_shop(self) -> bool:
        """Whether a print shop cuts what this press prints: marks outside the trimmed page."""
        return self.standard != "plain"

    @property
    def has_steps(self) -> bool:
        """Whether its files may mark cut lines as processing steps: layers are PDF 1.5."""
        return self.standard == "pdf-x-4"

    @property
    def snaps(self) -> bool:
        """Whether every edge must sit on a dot: a printer without greys shows the half ones."""
        return self.inks == "one-bit"

    @property
    def dots(self) -> Dots:
        """What layout needs to know of the press to size a code."""
        return Dots(self.module_grid, self.least_module)

    @property
    def module_grid(self) -> float:
        """The length that is a whole number of dots at each of the resolutions.

        A module of n grid lengths is then printed equally wide everywhere: 25.4 mm by the greatest
        common divisor of the resolutions.
        """
        # Through the written decimals, so that 203.2 dpi is 8 dots a millimetre to the last bit.
        exact = [Fraction(str(dpi)) for dpi in self.dpi]
        scale = lcm(*(dpi.denominator for dpi in exact))
        common = Fraction(gcd(*(int(dpi * scale) for dpi in exact)), scale)
        return float(Fraction(str(MM_PER_INCH)) / common)


def problems(document: Document[Press]) -> list[Problem]:
    """A printing condition without a profile must be one that every shop can look up by name."""
    press = document.value
    if press.condition is None or press.profile is not None or press.condition in registered():
        return []
    meant = nearest(press.condition, registered()) or "FOGRA39、JC200103"
    values = {"value": press.condition, "meant": meant}
    return [Problem("condition-unknown", document.place("condition"), values)]
