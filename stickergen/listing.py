"""Lists of what there is: scam types, templates, stocks, campaigns.

Comes in: a kind. Goes out: rows of id, name and details, of the shipped content and, where the
command runs in a campaign's folder, of that folder.
"""

from __future__ import annotations

from pathlib import Path

from stickergen.artwork.template import Template
from stickergen.content.model import Campaign, Part, Scam
from stickergen.library import CAMPAIGN_FILE, KINDS, Library
from stickergen.press.stock import Stock, StockFile


def listing(kind: str) -> list[dict[str, str]]:
    """The rows of a kind, by id; scam types by rank."""
    here = Path.cwd()
    library = Library.beside(here) if (here / CAMPAIGN_FILE).is_file() else Library()
    documents = library.every(kind, KINDS[kind])
    values = [document.value for document in documents.values()]
    if kind == "scams":
        values.sort(key=lambda value: value.rank if isinstance(value, Scam) else 0)
    return [_row(value) for value in values]


def _row(value: Part) -> dict[str, str]:
    match value:
        case Scam():
            return {"id": value.id, "name": value.name, "details": value.headline}
        case Template():
            size = f"{value.kind}, {value.size[0]:g}×{value.size[1]:g} mm"
            return {"id": value.id, "name": value.name, "details": size}
        case StockFile():
            ups = len(Stock.of(value).ups) or 1
            parts = ", ".join(value.parts)
            return {"id": value.id, "name": value.name, "details": f"{ups} / {value.kind} {parts}"}
        case Campaign():
            return {"id": value.id, "name": value.title, "details": value.date.isoformat()}
    raise AssertionError(f"no row for {type(value).__name__}")
