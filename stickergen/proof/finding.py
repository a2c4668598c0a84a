"""What a check finds in a finished PDF, and where.

Pages count from 1; spots are boxes in mm from the top left corner of the page's MediaBox.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from stickergen.measure import Box

Severity = Literal["error", "warning"]
"""An error stops the delivery; a warning is told and nothing more."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: `check` is the code of the check and of its words in messages/."""

    check: str
    page: int | None = None
    spot: Box | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    severity: Severity = "error"
