"""Deliveries that several tests look at: built once a worker, read with other eyes.

Comes in: the shipped demonstration, or a smaller campaign made from it. Goes out: `Delivery`: the
folder as a station would get it, its lists and its PDFs. Millimetres from the top left of a page.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import pikepdf
import pypdfium2
import pytest
import yaml
from hypothesis import HealthCheck, settings
from webserver import Start, webs

from stickergen import shipped
from stickergen.build import Built, Way, build
from stickergen.library import campaign_file
from stickergen.measure import Box, to_mm
from stickergen.order import ready

settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("house"), derandomize=True)
settings.load_profile("ci" if "CI" in os.environ else "house")
# No timed assertions: a busy machine is not a fault of the code. New examples are sought at the
# desk, where what they find can be mended; CI tries the same ones each time.

SMALL: dict[str, Any] = {
    "id": "small",
    "stickers.count": 300,
    "stickers.whole_sheets": False,
    "stickers.points": [
        {"id": "j01", "name": "街乡01", "share": 2},
        {"id": "d01", "name": "区直单位01"},
    ],
    "flyers": [{"template": "overview-a4", "stock": "a4", "copies": 3}],
}
"""What makes the demonstration small: a second to build, and all kinds of pages in it."""

OWN_HOST: dict[str, Any] = {
    "issuer.hosts": ["fz.hongshan.gov.cn"],
    "link.base": "https://fz.hongshan.gov.cn",
}
"""What makes a campaign more than a sample."""

Shelf = Literal["stickers", "flyers"]


@dataclass(frozen=True)
class CodeLine:
    """A line of codes.csv: what stands where; x, y and size of the symbol."""

    file: str
    page: int
    x: float
    y: float
    size: float
    scam: str
    point: str
    url: str


@dataclass(frozen=True)
class Delivery:
    """An output folder, and what the build said of it."""

    folder: Path
    built: Built

    @cached_property
    def manifest(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(
            (self.folder / "manifest.json").read_text(encoding="utf-8")
        )
        return found

    @property
    def entries(self) -> dict[str, dict[str, Any]]:
        """The manifest's entries by file."""
        return {entry["file"]: entry for entry in self.manifest["files"]}

    def labels(self) -> list[dict[str, Any]]:
        """The manifest's label sheets, in printing order."""
        sheets = self.entries["stickers.pdf"]["sheets"]
        return [sheet for sheet in sheets if sheet["kind"] == "labels"]

    @cached_property
    def codes(self) -> list[CodeLine]:
        with (self.folder / "codes.csv").open(encoding="utf-8", newline="") as file:
            return [
                CodeLine(
                    file=row["file"],
                    page=int(row["page"]),
                    x=float(row["x_mm"]),
                    y=float(row["y_mm"]),
                    size=float(row["size_mm"]),
                    scam=row["scam"],
                    point=row["point"],
                    url=row["url"],
                )
                for row in csv.DictReader(file)
            ]

    @property
    def pdfs(self) -> list[str]:
        return sorted(path.name for path in self.folder.glob("*.pdf"))

    def texts(self, file: str) -> list[str]:
        """The text of each page, without blanks: spacing is not what these tests are about."""
        with opened(self.folder / file) as document:
            return [page_text(page) for page in document]


@contextmanager
def opened(path: Path) -> Iterator[pypdfium2.PdfDocument]:
    """A PDF, closed again."""
    document = pypdfium2.PdfDocument(path.read_bytes())
    try:
        yield document
    finally:
        document.close()


def page_text(page: pypdfium2.PdfPage) -> str:
    text = page.get_textpage()
    try:
        return "".join(text.get_text_range().split())
    finally:
        text.close()


def found_text(page: pypdfium2.PdfPage, wanted: str) -> list[Box]:
    """The places of a text on a page, one box each, from the boxes of its characters."""
    height = page.get_height()
    text = page.get_textpage()
    found = []
    search = text.search(wanted)
    while (hit := search.get_next()) is not None:
        boxes = [text.get_charbox(hit[0] + n) for n in range(hit[1])]
        left, bottom = min(box[0] for box in boxes), min(box[1] for box in boxes)
        right, top = max(box[2] for box in boxes), max(box[3] for box in boxes)
        found.append(
            Box(to_mm(left), to_mm(height - top), to_mm(right - left), to_mm(top - bottom))
        )
    search.close()
    text.close()
    return found


def forms(path: Path) -> list[bytes]:
    """The contents of every form XObject in a file."""
    with pikepdf.open(path) as pdf:
        return [
            item.read_bytes()
            for item in pdf.objects
            if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/Form"
        ]


def campaign_folder(folder: Path, changes: Mapping[str, Any]) -> Path:
    """A campaign folder: the demonstration with these fields changed; None drops a field."""
    text = campaign_file(None).read_text(encoding="utf-8")
    campaign = yaml.safe_load(text)
    for name, value in changes.items():
        block = campaign
        *way, last = name.split(".")
        for key in way:
            block = block[key]
        if value is None:
            del block[last]
        else:
            block[last] = value
    folder.mkdir(parents=True, exist_ok=True)
    dumped = yaml.safe_dump(campaign, allow_unicode=True, sort_keys=False)
    (folder / "campaign.yaml").write_text(dumped, encoding="utf-8")
    return folder


def delivered(
    folder: Path,
    changes: Mapping[str, Any],
    *,
    only: Shelf | None = None,
    expand: bool = False,
    skip: int = 0,
) -> Delivery:
    """Build the small campaign with these changes into `output` below a folder."""
    campaign = campaign_folder(folder / "campaign", SMALL | dict(changes))
    order = ready(campaign / "campaign.yaml", only)
    output = folder / "output"
    return Delivery(output, build(order, output, Way(expand=expand, skip=skip)))


Deliver = Callable[..., Delivery]


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Delivery:
    """The shipped campaign, as `stickergen build` makes it without arguments."""
    output = tmp_path_factory.mktemp("demonstration")
    order = ready(shipped.CONTENT / "campaigns" / "hongshan-2020.yaml")
    return Delivery(output, build(order, output))


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Delivery:
    """The small campaign: to look at, not to change."""
    return delivered(tmp_path_factory.mktemp("small"), {})


@pytest.fixture
def deliver_small(tmp_path: Path) -> Deliver:
    """Builds the small campaign with changes: `deliver_small({"stickers.count": 7}, skip=3)`."""

    def make(changes: Mapping[str, Any] | None = None, **options: Any) -> Delivery:
        return delivered(tmp_path, changes or {}, **options)

    return make


@pytest.fixture
def web() -> Iterator[Start]:
    """Starts servers of raw bytes for a test."""
    with webs() as start:
        yield start
