"""The words by which the rules know a bulletin: the YAML files beside this module.

Comes in: the name of a file and of a list in it. Goes out: its words, or a pattern of any of them.
What the words are and where they were gathered stands in the files; how they stand together in a
sentence is grammar and stands in the modules. A file is read when it is first asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import yaml

FOLDER = Path(__file__).parent


@cache
def lists(file: str) -> Mapping[str, tuple[str, ...]]:
    """The lists of a file, by name."""
    loaded = yaml.safe_load((FOLDER / f"{file}.yaml").read_text(encoding="utf-8"))
    return {name: tuple(words) for name, words in loaded.items()}


def words(file: str, *names: str) -> tuple[str, ...]:
    """The words of these lists of a file."""
    return tuple(word for name in names for word in lists(file)[name])


def any_of(words: Iterable[str]) -> str:
    """A pattern of one of the words; where several fit, the longest."""
    return "(?:" + "|".join(sorted(map(re.escape, words), key=len, reverse=True)) + ")"
