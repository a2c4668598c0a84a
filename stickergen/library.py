"""Where a campaign's parts are found: the shipped content, and the campaign's own folder over it.

Comes in: names. Goes out: `Document`s. A part is the file `<kind>/<id>.yaml`; one in the
campaign's folder comes before the shipped one of the same id.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar, cast

from stickergen import shipped
from stickergen.artwork.fonts import icons
from stickergen.artwork.layout import House
from stickergen.artwork.template import HouseStyle, Template
from stickergen.content.model import Campaign, Part, Scam, Website
from stickergen.content.source import Document, read
from stickergen.content.tree import quoted
from stickergen.press import icc
from stickergen.press.profile import Press
from stickergen.press.profile import problems as press_problems
from stickergen.press.stock import StockFile
from stickergen.press.stock import problems as stock_problems
from stickergen.problem import InputError, MissingError, Place, Problem, nearest

M = TypeVar("M", bound=Part)

KINDS: dict[str, type[Part]] = {
    "scams": Scam,
    "templates": Template,
    "stocks": StockFile,
    "presses": Press,
    "campaigns": Campaign,
}
"""Folder name → model of the files in it."""

UNKNOWN = {
    "templates": "unknown-template-file",
    "stocks": "unknown-stock-file",
    "presses": "unknown-press-file",
}
"""Folder name → the problem of an id that is not there."""

PROFILES = "profiles"
"""The folder of ICC profiles."""

WEBSITE = "website.yaml"
"""What the full warnings say alike for every scam type."""

CAMPAIGN_FILE = "campaign.yaml"
"""The campaign in a folder of its own."""

DEMONSTRATION = "hongshan-2020"
"""The campaign that is built when none is named: the bulletin's."""


@dataclass(frozen=True)
class Library:
    """The folders that parts are looked for in, the nearest first."""

    folders: tuple[Path, ...] = field(default=(shipped.CONTENT,))

    @classmethod
    def beside(cls, folder: Path) -> Library:
        """The library of a campaign file in this folder."""
        own = folder.resolve()
        inside = own.is_relative_to(shipped.CONTENT.resolve())
        return cls() if inside else cls((folder, shipped.CONTENT))

    def names(self, kind: str) -> dict[str, Path]:
        """Id → file of all parts of a kind, in the order of their ids."""
        found: dict[str, Path] = {}
        for folder in reversed(self.folders):
            found |= _by_id(files_in(folder / kind))
        if not found:
            raise MissingError(Problem("content-missing", None, {"folder": kind}))
        return dict(sorted(found.items()))

    def get(self, kind: str, name: str, asked: Place | None, model: type[M]) -> Document[M]:
        """The part of this id; `asked` is where it was asked for."""
        names = self.names(kind)
        if name not in names:
            meant = nearest(name, names) or "、".join(names)
            raise InputError([Problem(UNKNOWN[kind], asked, {"value": name, "meant": meant})])
        return load(names[name], model)

    def profile(self, press: Document[Press]) -> Path:
        """The ICC profile that a press names: of the campaign's folder first."""
        name = press.value.profile
        assert name is not None
        for folder in self.folders:
            if (path := folder / PROFILES / name).is_file():
                if found := icc.problems(path, press):
                    raise InputError(found)
                return path
        values = {"value": name, "folder": PROFILES}
        raise InputError([Problem("profile-missing", press.place("profile"), values)])

    def website(self) -> Document[Website]:
        """What the full warnings say alike: of the campaign's folder first."""
        for folder in self.folders:
            if (path := folder / WEBSITE).is_file():
                return read_words(path)
        raise MissingError(Problem("content-missing", None, {"folder": WEBSITE}))

    def every(
        self, kind: str, model: type[M], only: Collection[str] | None = None
    ) -> dict[str, Document[M]]:
        """The parts of a kind by id, or `only` some; InputError with the problems of all files."""
        documents: dict[str, Document[M]] = {}
        problems: list[Problem] = []
        for name, path in self.names(kind).items():
            if only is not None and name not in only:
                continue
            try:
                documents[name] = load(path, model)
            except InputError as error:
                problems += error.problems
        if problems:
            raise InputError(problems)
        return documents


def _by_id(files: list[Path]) -> dict[str, Path]:
    """Id → file; InputError if two files of a folder have the same id."""
    found: dict[str, Path] = {}
    for path in files:
        if (other := found.setdefault(path.stem, path)) is not path:
            values = {"value": path.stem, "first": other.name, "second": path.name}
            raise InputError([Problem("part-twice", Place(_shown(path)), values)])
    return found


def files_in(folder: Path) -> list[Path]:
    """The YAML files of a folder, by name."""
    ends = (".yaml", ".yml")
    return sorted(path for path in folder.glob("*.y*ml") if path.suffix in ends and path.is_file())


def load(path: Path, model: type[M]) -> Document[M]:
    """A file as a document of a model, with what only this kind of file is checked for."""
    document = read(path, model, shown=_shown(path))
    problems = []
    if not isinstance(document.value, Campaign) and document.value.id != path.stem:
        values = {"value": document.value.id, "file": path.stem}
        problems.append(Problem("id-is-not-file-name", document.place("id"), values))
    if model is Scam:
        problems += _icon_problems(cast("Document[Scam]", document))
    if model is StockFile:
        problems += stock_problems(cast("Document[StockFile]", document))
    if model is Press:
        problems += press_problems(cast("Document[Press]", document))
    if problems:
        raise InputError(problems)
    return document


def _icon_problems(scam: Document[Scam]) -> list[Problem]:
    """Whether the icon font has the scam type's icon: pages and stickers both draw it."""
    name = scam.value.icon
    if name in icons():
        return []
    values = {"value": name, "meant": nearest(name, icons()) or "warning"}
    return [Problem("unknown-icon", scam.place("icon"), values)]


def read_words(path: Path) -> Document[Website]:
    """The words of the full warnings from their file."""
    return read(path, Website, shown=_shown(path))


def house() -> House:
    """The house style that ships with the program."""
    path = shipped.CONTENT / "style.yaml"
    if not path.is_file():
        raise MissingError(Problem("content-missing", None, {"folder": "style.yaml"}))
    return House.of(read(path, HouseStyle).value)


def campaign_file(name: str | None) -> Path:
    """The campaign meant by a word on the command line: a file, a folder, an id, or nothing."""
    shipped_ones = Library().names("campaigns")
    if name is None:
        if Path(CAMPAIGN_FILE).is_file():
            raise InputError([Problem("inside-campaign", Place(CAMPAIGN_FILE))])
        return shipped_ones[DEMONSTRATION]
    path = Path(name)
    if os.path.isfile(path / CAMPAIGN_FILE):  # os.path, for names that no file can have
        return path / CAMPAIGN_FILE
    if os.path.isfile(path):
        return path
    if name in shipped_ones:
        return shipped_ones[name]
    if os.path.exists(path) and not Path(CAMPAIGN_FILE).is_file():
        return path / CAMPAIGN_FILE if os.path.isdir(path) else path  # told when it is read
    raise InputError([_no_campaign(name, shipped_ones)])


def _no_campaign(name: str, known: Iterable[str]) -> Problem:
    """Why there is no campaign of this name: mistyped, or looked for from inside its folder."""
    if Path(CAMPAIGN_FILE).is_file():
        return Problem("campaign-not-below", Place(CAMPAIGN_FILE), {"name": quoted(name)})
    here = [path.parent.name for path in Path().glob(f"*/{CAMPAIGN_FILE}")]
    meant = (
        nearest(name, [*here, *known]) or "、".join(here) or f"{Path(name).name}/{CAMPAIGN_FILE}"
    )
    return Problem(
        "no-such-campaign", Place(_shown(Path(name))), {"name": quoted(name), "meant": meant}
    )


def _shown(path: Path) -> str:
    """The file's name in messages: as short as the person would write it."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except (ValueError, OSError):
        return path.as_posix()
