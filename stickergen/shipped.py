"""Where the files that ship with the program lie: `content/` and `fonts/`.

In a checkout they stand beside the package; in an installed wheel inside it, under `shipped/`.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_ROOT = _PACKAGE / "shipped" if (_PACKAGE / "shipped").is_dir() else _PACKAGE.parent

CONTENT = _ROOT / "content"
FONTS = _ROOT / "fonts"
