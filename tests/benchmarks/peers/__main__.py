"""One peer's job, or one part of it: `python -m peers LIBRARY ENCODER COUNT PART PARTS PATH`."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

from peers import stickers


def main(library: str, encoder: str, count: str, part: str, parts: str, path: str) -> None:
    """Write the stickers, or the sheets of a part (from 0) of several."""
    encode = import_module(f"peers.encode_{encoder}").encode
    draw = import_module(f"peers.draw_{library}")
    sheets = stickers.sheets(int(count))
    if parts != "1":
        every = list(sheets)
        first, last = (len(every) * n // int(parts) for n in (int(part), int(part) + 1))
        sheets = every[first:last]
    draw.make(sheets, encode, Path(path))


if __name__ == "__main__":
    main(*sys.argv[1:])
