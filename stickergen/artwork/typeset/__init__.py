"""Chinese typesetting: a text in a width → a `Block` of lines with placed runs."""

from stickergen.artwork.typeset.block import (
    Align,
    Block,
    Line,
    MissingGlyph,
    Run,
    Setting,
    excess,
    set_text,
)
from stickergen.artwork.typeset.breaks import phrases

__all__ = [
    "Align",
    "Block",
    "Line",
    "MissingGlyph",
    "Run",
    "Setting",
    "excess",
    "phrases",
    "set_text",
]
