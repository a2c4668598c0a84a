"""The full warnings in a folder, ready for any web server; or made again and again, for looking.

Comes in: a campaign file. Goes out: `Published`: the folder's files. Pages of earlier campaigns
stay: codes that are on parcels lead to them. A file that is not ours is never written over.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from stickergen.artwork.template import Template
from stickergen.delivery import deliver
from stickergen.library import Library, house
from stickergen.order import OFFICE
from stickergen.press.profile import Press
from stickergen.problem import InputError, Place, Problem
from stickergen.reading import Reading, read_campaign
from stickergen.website.card import cards
from stickergen.website.mark import found_id
from stickergen.website.pages import OURS, ROBOTS, pages
from stickergen.website.site import Site

CARD_TEMPLATE = "card-120x63"


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
    earlier = _earlier(folder)
    foreign = [name for name in files if (folder / name).is_file() and not _is_ours(folder / name)]
    if foreign:
        values = {"file": foreign[0], "folder": folder.as_posix()}
        raise InputError([Problem("site-over-other-files", Place(folder.as_posix()), values)])
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


def _earlier(folder: Path) -> list[str]:
    """The pages that lie in the folder."""
    found = (path for path in folder.glob("**/index.html") if _is_ours(path))
    return sorted(path.relative_to(folder).as_posix() for path in found)


def _is_ours(path: Path) -> bool:
    """Whether a file may be written over: a page with our mark, or a file of another kind.

    Pictures lie where only a page of ours would put them; a home page or a list for robots may well
    be somebody else's.
    """
    if path.suffix == ".html":
        return found_id(path.read_bytes()) is not None
    return path.name != ROBOTS or path.read_bytes().startswith(OURS)
