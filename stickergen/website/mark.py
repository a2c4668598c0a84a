"""The mark by which a page says what it is, so that it can be held against an address.

Comes in: an address, or the bytes of a page from anywhere. Goes out: the page's id: its scam
type's, or `/` for the overview. A delivery point or a serial in the address does not change it.
"""

from __future__ import annotations

import re
from pathlib import Path

from stickergen.content.link import Address

NAME = "stickergen-page"
"""The name of the `meta` element that holds the id."""

OVERVIEW = "/"
STICKER = "/sticker"
MISSING = "/404"
"""The ids of the overview, of the page on real stickers, of the page for addresses that lead
nowhere: no scam type can have them."""

HEAD_BYTES = 8192
"""Where in a file the mark is looked for: in the page's head."""

_META = re.compile(rb'<meta name="%s" content="([a-z0-9/-]{1,40})">' % NAME.encode())


def page_id(address: Address) -> str:
    """The id of the page that an address leads to."""
    return address.scam or OVERVIEW


def found_id(page: bytes) -> str | None:
    """The id that stands in a page; None if it is not one of ours."""
    match = _META.search(page)
    return match[1].decode() if match else None


def is_page(path: Path) -> bool:
    """Whether a file is a page of ours."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return found_id(file.read(HEAD_BYTES)) is not None
