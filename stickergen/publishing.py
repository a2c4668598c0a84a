"""The full warnings in a folder, ready for any web server; or made again and again, for looking.

Comes in: a campaign file. Goes out: `Published`: the folder's files. Pages of earlier campaigns
stay: codes that are on parcels lead to them. A file that is not ours is never written over.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from stickergen.artwork.template import Template
from stickergen.delivery import deliver, keep_for_pages, refused
from stickergen.library import Library, house
from stickergen.order import OFFICE
from stickergen.press.profile import Press
from stickergen.problem import InputError, Place, Problem
from stickergen.reading import Reading, read_campaign
from stickergen.website.card import cards
from stickergen.website.mark import is_page
from stickergen.website.pages import MOST_BYTES, pages
from stickergen.website.site import INDEX, Site

CARD_TEMPLATE = "card-120x63"

DEPTHS = (INDEX, f"*/{INDEX}", f"*/*/{INDEX}")
"""Where pages lie in a site's folder; deeper ones are somebody else's."""


@dataclass(frozen=True)
class Published:
    """What lies in the folder now: the files that were made, and pages of earlier campaigns."""

    reading: Reading
    site: Site
    files: tuple[str, ...]
    left: tuple[str, ...]


def publish(path: Path, folder: Path) -> Published:
    """The site of a campaign, put into a folder: all its files, or none."""
    reading = read_campaign(path).sound()
    site = site_of(reading)
    files = written(site, reading.library)
    check_sizes(site, files)
    keep_for_pages(folder)
    try:
        _check_others(folder, files)
        earlier = _earlier(folder)
    except OSError as error:
        raise refused(folder, error) from error
    deliver(files, folder)
    left = tuple(name for name in earlier if name not in files)
    return Published(reading, site, tuple(files), left)


def site_of(reading: Reading) -> Site:
    """The site of a campaign that was read."""
    return Site(reading.campaign, reading.scams, reading.library.website())


def written(site: Site, library: Library, live: str | None = None) -> dict[str, bytes]:
    """Every file of a site; `live` is a script that loads a page anew when it was made anew."""
    template = library.get("templates", CARD_TEMPLATE, None, Template)
    press = library.get("presses", OFFICE, None, Press)
    return pages(site, live) | cards(site, template, house(), press.value)


def check_sizes(site: Site, files: dict[str, bytes]) -> None:
    """InputError if a page would take too long on a bad connection; equal ones are told once."""
    places = {site.file(site.address(scam.value)): scam.place() for scam in site.scams}
    problems = []
    once = {content: name for name, content in reversed(files.items()) if name.endswith(".html")}
    for content, name in once.items():
        if len(content) > MOST_BYTES:
            values = {"file": name, "size": len(content) // 1000, "most": MOST_BYTES // 1000}
            place = places.get(name, site.campaign.place())
            problems.append(Problem("page-too-large", place, values))
    if problems:
        raise InputError(problems)


def _check_others(folder: Path, files: Iterable[str]) -> None:
    """Refuse to write over what somebody else made."""
    for name in files:
        if (folder / name).is_file() and not _is_ours(folder / name):
            values = {"file": name, "folder": folder.as_posix()}
            raise InputError([Problem("site-over-other-files", Place(folder.as_posix()), values)])


def _earlier(folder: Path) -> list[str]:
    """The pages that lie in the folder: of the overview, of scam types, of their points."""
    found = [path for depth in DEPTHS for path in folder.glob(depth) if _is_ours(path)]
    return sorted(path.relative_to(folder).as_posix() for path in found)


def _is_ours(path: Path) -> bool:
    """Whether a file bears our mark, or lies beside a page that does."""
    if path.suffix != ".html":
        path = path.with_name(INDEX)
    return is_page(path)
