"""All that makes a volume, loaded: what the server of processes imports before it has any work.

The processes that come from it share what is loaded: libraries, and the fonts, which take longer to
read than a hundred pages to write. Nothing of it is garbage, so no process need look for any in it
and, in doing so, come by a copy of its own.
"""

from __future__ import annotations

import gc
from contextlib import suppress
from importlib import import_module

from stickergen.artwork.fonts import FILES, font
from stickergen.press.draw import register_fonts
from stickergen.problem import MissingError

import_module("stickergen.volumes")
with suppress(MissingError):  # who asks for the fonts is told that they are not there
    register_fonts()
    for name in FILES:
        font(name)
gc.collect()
gc.freeze()
