"""Presses: what a printing device asks of a page.

Comes in: a press file (`Press`, read by `content.source`). Goes out: the grid in millimetres that
the modules of a code must sit on, the smallest module. Resolutions are in dots per inch.

Limits: nothing here knows colours; a press is described only as far as something uses it.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm
from typing import Annotated

from pydantic import Field

from stickergen.artwork.qr import LEAST_MODULE, Dots
from stickergen.content.model import Identifier, Part, Words
from stickergen.measure import MM_PER_INCH

MOST_MODULE = 5.0
"""Tuned: a code of such modules fills an A4 page; a larger figure is a slip of the hand."""

Dpi = Annotated[float, Field(ge=60, le=9600, allow_inf_nan=False)]
"""Dots per inch; tuned: from the coarsest matrix printer to the finest platesetter."""


class Press(Part):
    """A way of printing: one device, or a group of devices that must all print it well."""

    id: Identifier = Field(description="印刷方式代号，与文件名相同，如 office")
    name: Words = Field(description="印刷方式名称，如 办公室激光打印机")
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
    source: Words = Field(description="这些数字从哪里来")

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
