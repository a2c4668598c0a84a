"""The picture that stands beside a page's address where it is shared: made as stickers are.

Comes in: a `Site`, the card's template, the house style, a press. Goes out: PNG files by their path
in the site's folder: one a scam type, one for the overview and all other pages. A card carries no
code: who sees it has the page at hand already.
"""

from __future__ import annotations

from stickergen.artwork.fields import Bound, Scope
from stickergen.artwork.layout import House, lay_out
from stickergen.artwork.template import Template
from stickergen.content.model import Scam
from stickergen.content.source import Document
from stickergen.measure import MM_PER_INCH
from stickergen.press.draw import draw
from stickergen.press.profile import Press
from stickergen.press.sheet import whole
from stickergen.proof.preview import Shot, pictures
from stickergen.website.site import INDEX, Site

FILE = "card.png"
"""The card's file, in the folder of its page."""

SIZE_PX = (1200, 630)
"""What sharing programs show without cutting (Open Graph's usual 1.91 : 1); WeChat shows the square
in its middle, so what matters stands there."""


def cards(site: Site, template: Document[Template], house: House, press: Press) -> dict[str, bytes]:
    """The card of the overview and of each scam type."""
    files = {site.file(site.overview): _scope(site, None)}
    files |= {site.file(site.address(scam.value)): _scope(site, scam) for scam in site.scams}
    pages = lay_out(template, list(files.values()), house, press.dots)
    designs = dict(zip(files, pages, strict=True))
    pdf = draw([whole(page, key, "ticket") for key, page in designs.items()], designs, press)
    # A hair less: a fraction of a pixel would become a whole one at the edge.
    dpi = (SIZE_PX[0] - 0.01) / template.value.size[0] * MM_PER_INCH
    shots = [Shot(number, None, dpi) for number in range(len(designs))]
    names = [name.removesuffix(INDEX) + FILE for name in designs]
    return dict(zip(names, pictures(pdf, shots), strict=True))


def _scope(site: Site, scam: Document[Scam] | None) -> Scope:
    campaign = site.campaign
    return Scope(
        {
            "campaign": Bound(campaign.value, campaign),
            "issuer": Bound(campaign.value.issuer, campaign, ("issuer",)),
            "scam": Bound(scam.value, scam) if scam else Bound(None, campaign),
        }
    )
