"""The command `scans`: a web server's logs and a campaign → which stickers were scanned.

Comes in: logs, also as a name with a star; a campaign file; a folder. Goes out, all together: the
table scans.csv, the one-page report scans.pdf, and its picture scans.png. The campaign's facts need
not be in date any more: what was printed is counted long after.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from glob import glob
from pathlib import Path

from stickergen.artwork.template import Template
from stickergen.delivery import deliver
from stickergen.library import house
from stickergen.order import OFFICE
from stickergen.press.profile import Press
from stickergen.proof.preview import Shot, pictures
from stickergen.reading import Reading, read_campaign
from stickergen.scans.count import count
from stickergen.scans.sheet import TEMPLATE, report
from stickergen.scans.table import table
from stickergen.scans.tally import Tally

PICTURE_DPI = 150.0
"""Tuned: the page fills a screen, and pastes sharp into a letter."""

TABLE, REPORT, PICTURE = "scans.csv", "scans.pdf", "scans.png"


@dataclass(frozen=True)
class Counted:
    """What was counted, and the files that tell it."""

    reading: Reading
    tally: Tally
    files: tuple[str, ...]


def count_scans(
    logs: Iterable[Path],
    path: Path,
    folder: Path,
    progress: Callable[[int, int], None] = lambda done_bytes, all_bytes: None,
) -> Counted:
    """Count the scans of a campaign in these logs and write what was found into the folder."""
    reading = read_campaign(path).readable()
    campaign = reading.campaign.value
    files = tuple(dict.fromkeys(_files(logs)))
    tally = count(files, reading.addresses, campaign.issuer.hosts, campaign.date, progress)
    scams = [scam.value for scam in reading.scams]
    points = campaign.stickers.points if campaign.stickers else ()
    pdf = report(
        tally,
        reading.campaign,
        reading.scams,
        [file.name for file in files],
        template=reading.library.get("templates", TEMPLATE, None, Template),
        house=house(),
        press=reading.library.get("presses", OFFICE, None, Press).value,
    )
    (picture,) = pictures(pdf, [Shot(0, None, PICTURE_DPI)])
    names = {scam.id: scam.name for scam in scams}, {point.id: point.name for point in points}
    made = {TABLE: table(tally, *names), REPORT: pdf, PICTURE: picture}
    deliver(made, folder)
    return Counted(reading, tally, tuple(made))


def _files(logs: Iterable[Path]) -> Iterator[Path]:
    """The files that are meant: the command prompt of Windows passes access.log* on as it is."""
    for log in logs:
        found = () if os.path.exists(log) else sorted(glob(str(log)))
        yield from map(Path, found) if found else (log,)
