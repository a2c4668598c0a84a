"""Printing conditions that are known by name, so that a file may name one and hold no profile.

Goes out: the reference names of `conditions.yaml`, which has their source.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml


@cache
def registered() -> frozenset[str]:
    """The names that a file may give instead of a profile."""
    path = Path(__file__).with_suffix(".yaml")
    return frozenset(yaml.safe_load(path.read_text(encoding="utf-8")))
