"""What the encoders make: texts of one version and level in, their modules out.

A module `encode_NAME` has a function `encode`; unless it says otherwise, the mask of each symbol is
chosen by its penalties, and nothing of stickergen's is in it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

Modules = npt.NDArray[np.bool_]
"""Number of symbols × width × width, True for dark, without the quiet zone."""

Encoder = Callable[[Sequence[str], int, str], Modules]
"""From texts, version and level."""
