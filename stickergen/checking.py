"""Looking for problems without making anything.

Comes in: paths on the command line. Goes out: the problems of all of them. A file in a folder
named `scams`, `templates`, `stocks` or `presses` is one of those; `website.yaml` holds the words of
the full warnings; a file with the fields of a scam type is one, wherever it lies; any other file is
a campaign. A folder is a campaign's with everything in it, or one of such files.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from stickergen.artwork.layout import lay_out
from stickergen.artwork.template import Template
from stickergen.content.model import Campaign, Scam
from stickergen.content.source import Document
from stickergen.job import impose
from stickergen.library import (
    CAMPAIGN_FILE,
    KINDS,
    WEBSITE,
    Library,
    campaign_file,
    files_in,
    load,
    read_words,
)
from stickergen.order import ready, trial_scopes
from stickergen.problem import InputError, Problem
from stickergen.publishing import check_sizes, site_of
from stickergen.website.pages import pages

_FIELDS_OF_A_SCAM = re.compile(rb"^(?:review|headline|giveaways|steps):", re.MULTILINE)
"""Fields that no other file has at its margin."""


def check_all(paths: Iterable[str]) -> list[Problem]:
    """The problems of all paths, each once, by file and line."""
    found: list[Problem] = []
    for name in paths:
        for path in _files(name):
            try:
                _check(path)
            except InputError as error:
                found += error.problems
    return list(InputError(found).problems) if found else []


def _files(name: str) -> list[Path]:
    path = Path(name)
    if not os.path.isdir(path):  # Path.is_dir raises on a name that is too long
        return [campaign_file(name)]
    campaign = path / CAMPAIGN_FILE
    if path.resolve().name in KINDS and not campaign.is_file():
        return files_in(path)
    parts = [file for kind in KINDS for file in files_in(path / kind)]
    if campaign.is_file():
        return [campaign, *parts]
    return parts or files_in(path) or [campaign]


def _check(path: Path) -> None:
    model = KINDS.get(path.resolve().parent.name, Scam if _is_of_a_scam(path) else Campaign)
    if path.name == CAMPAIGN_FILE:
        model = Campaign
    if path.name == WEBSITE:
        read_words(path)
        return
    if model is Campaign:
        order = ready(path)
        impose(order)
        site = site_of(order.reading)
        check_sizes(site, pages(site))
        return
    if model is Template:
        _try(load(path, Template), Library.beside(path.resolve().parent.parent))
    else:
        document = load(path, model)
        if isinstance(document.value, Scam) and document.value.review is not None:
            values = {"value": document.value.id}
            raise InputError([Problem("review-needed", document.place("review"), values)])


def _is_of_a_scam(path: Path) -> bool:
    """Whether a file, wherever it lies, is a scam type's by its fields: a draft, most likely."""
    try:
        return _FIELDS_OF_A_SCAM.search(path.read_bytes()) is not None
    except (OSError, ValueError):
        return False


def _try(template: Document[Template], library: Library) -> None:
    """Lay the template out with the demonstration's content, every scam type in turn."""
    if template.value.kind != "sheet":
        scopes, house, dots = trial_scopes(template.value, library)
        lay_out(template, scopes, house, dots)
