"""A label printer's file at the printer's own dots: codes without a grey pixel or an odd module."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from conftest import OWN_HOST, SMALL, campaign_folder

from stickergen.build import _printed
from stickergen.job import impose
from stickergen.measure import MM_PER_INCH
from stickergen.order import ready
from stickergen.press.product import placed
from stickergen.proof.preview import rasters

ONE_ROLL = {"stickers.count": 2, "stickers.points": SMALL["stickers.points"][:1], "flyers": []}


@pytest.mark.parametrize("press", ["thermal-203", "thermal-300"])
@pytest.mark.parametrize(
    ("template", "stock"),
    [("parcel-63x34", "a4-24-63.5x33.9"), ("waybill-65x30", "roll-70x30"), ("seal-50", "one-up")],
)
def test_every_module_is_the_same_number_of_dots(
    template: str, stock: str, press: str, tmp_path: Path
) -> None:
    host = OWN_HOST | {"issuer.hosts": ["fz.gov.cn"], "link.base": "https://fz.gov.cn"}
    parts = {"stickers.template": template, "stickers.stock": stock}
    order = ready(
        campaign_folder(tmp_path, SMALL | host | ONE_ROLL | parts) / "campaign.yaml", press=press
    )
    imposed = impose(order)
    products, designs = imposed.products, imposed.designs
    pdf = _printed(order, products, designs, lambda *_: None)["stickers.pdf"]
    dpi = order.press.dpi[0]
    one = next(iter(placed(products[0], designs)))
    with rasters(pdf) as pages:
        # PDFium makes a page of 560.00001 dots one of 561, and stretches what is on it.
        grey = pages.grey(one.page, dpi * (1 - 1e-5))
    places = [n / MM_PER_INCH * dpi for n in (one.box.x, one.box.y, one.box.width, one.module)]
    x, y, side, dots = (round(n) for n in places)
    assert places == pytest.approx([x, y, side, dots], abs=0.01)
    code = grey[y : y + side, x : x + side]
    assert ((code < 8) | (code > 247)).all()
    for lines in (code < 128, code.T < 128):
        changes = np.flatnonzero((lines[:, 1:] != lines[:, :-1]).any(axis=0)) + 1
        assert (changes % dots == 0).all()
