"""The command `serve`: the pages of a campaign on this machine, made anew when its files change.

Comes in: a campaign file and a port. Goes out: a `LocalServer`, to be entered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from stickergen.library import WEBSITE
from stickergen.problem import InputError, Problem
from stickergen.publishing import site_of, written
from stickergen.reading import read_campaign
from stickergen.website.server import RELOAD_SCRIPT, LocalServer

WATCHED = (WEBSITE, "scams", "templates")
"""What the pages are made of besides the campaign's file, in its folder and in what ships."""


def serving(path: Path, port: int, told: Callable[[Sequence[Problem]], None]) -> LocalServer:
    """A server of a campaign's pages; `told` hears of each change what is wrong now, or nothing."""

    reading = read_campaign(path).sound()
    base = site_of(reading).base

    def make() -> Mapping[str, bytes]:
        reading = read_campaign(path).sound()
        site = site_of(reading)
        if site.base != base:
            place = reading.campaign.place("link", "base")
            raise InputError([Problem("served-elsewhere", place, {"base": f"{base}/"})])
        return written(site, reading.library, RELOAD_SCRIPT)

    own = [folder / name for folder in reading.library.folders for name in WATCHED]
    watched = [path, *own]
    return LocalServer(make, base, port=port, watched=watched, told=told)
