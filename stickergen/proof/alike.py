"""Pages whose codes are alike: reading one of them tells of all.

Comes in: an open PDF, what is expected of it. Goes out: its pages in groups, from 1. Limits: pages
are compared as they are written; what looks the same and is written differently is read twice.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from typing import Any

import pikepdf

from stickergen.proof.expected import Expected
from stickergen.proof.pagetree import inherited
from stickergen.proof.readback import by_page

FOR_TEXT = frozenset({"/Font", "/ProcSet"})
"""The resources that only text makes use of."""


def distinct(pdf: pikepdf.Pdf, expected: Expected) -> tuple[tuple[int, ...], ...]:
    """The pages, from 1, in groups whose codes are alike: reading one of a group will do.

    Our codes are paths, so pages that differ in their text alone are alike. In a foreign file a
    code may be set in a font: there text counts. A page whose codes no other has is like no other.
    """
    groups: dict[Any, list[int]] = defaultdict(list)
    codes = by_page(expected)
    wanted = {
        number: tuple((code.box, code.url) for code in codes.get(number, ()))
        for number in range(1, len(pdf.pages) + 1)
    }
    sharing = Counter(wanted.values())
    for number, page in enumerate(pdf.pages, 1):
        key: Any = wanted[number]
        if sharing[key] > 1:
            painting = _painting(page, with_text=expected.codes is None)
            key = (key, hashlib.sha256(painting).digest())
        groups[key].append(number)
    return tuple(tuple(pages) for pages in groups.values())


def _painting(page: pikepdf.Page, *, with_text: bool) -> bytes:
    """All that makes the picture of a page, with or without its text."""
    boxes = [inherited(page.obj, key) for key in ("/MediaBox", "/CropBox", "/Rotate", "/UserUnit")]
    parts = [repr(boxes).encode(), _content(page, with_text=with_text)]
    resources = inherited(page.obj, "/Resources")
    for key, value in sorted((resources or {}).items()):
        if with_text or key not in FOR_TEXT:
            parts += [key.encode(), _written(value)]
    parts.append(_written(page.obj.get("/Annots")))
    return b"\n".join(parts)


def _content(page: pikepdf.Page, *, with_text: bool) -> bytes:
    """A page's content stream, or what is left of it outside of its text objects."""
    operations = pikepdf.parse_content_stream(page)
    if with_text:
        return pikepdf.unparse_content_stream(operations)
    kept, inside = [], False
    for operation in operations:
        operator = str(operation.operator)
        inside = inside or operator == "BT"
        if not inside:
            kept.append(operation)
        inside = inside and operator != "ET"
    return pikepdf.unparse_content_stream(kept)


def _written(value: Any) -> bytes:
    """A value as a file has it; what it refers to by its number, which no two objects share."""
    if isinstance(value, pikepdf.Object):
        return value.unparse(resolved=True)
    return repr(value).encode()
