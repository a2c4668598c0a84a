"""Lists of what there is: scam types, templates, stocks, presses, campaigns.

Comes in: a kind. Goes out: rows of plain values, of the shipped content and, where the command runs
in a campaign's folder, of that folder. Lengths are in mm.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from stickergen.artwork.template import Template
from stickergen.content.model import Campaign, Part, Scam
from stickergen.library import CAMPAIGN_FILE, KINDS, Library
from stickergen.press.profile import Press
from stickergen.press.stock import Stock, StockFile


def listing(kind: str) -> list[dict[str, Any]]:
    """The rows of a kind, by id; scam types by rank. Sheet furniture is no template to order."""
    here = Path.cwd()
    library = Library.beside(here) if (here / CAMPAIGN_FILE).is_file() else Library()
    values = [document.value for document in library.every(kind, KINDS[kind]).values()]
    if kind == "scams":
        values.sort(key=lambda value: value.rank if isinstance(value, Scam) else 0)
    return [
        _row(value) for value in values if getattr(value, "kind", "") != "sheet" or kind == "stocks"
    ]


def _row(value: Part) -> dict[str, Any]:
    match value:
        case Scam():
            return {"id": value.id, "name": value.name, "headline": value.headline}
        case Template():
            size = list(value.size)
            return {"id": value.id, "name": value.name, "kind": value.kind, "size_mm": size}
        case StockFile():
            ups = len(Stock.of(value).ups) or 1
            row = {"id": value.id, "name": value.name, "kind": value.kind, "ups": ups}
            return row | {"parts": list(value.parts)}
        case Press():
            row = {"id": value.id, "name": value.name, "prints": list(value.prints)}
            return row | {"standard": value.standard, "dpi": list(value.dpi)}
        case Campaign():
            return {"id": value.id, "name": value.title, "date": value.date.isoformat()}
    raise AssertionError(f"no row for {type(value).__name__}")
