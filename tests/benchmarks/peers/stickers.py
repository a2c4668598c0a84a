"""The job that every peer does: stickers by the thousand, each with its own code and number.

Comes in: how many. Goes out: the stickers in their order, where they stand, and what all stickers
of a scam type show alike. Lengths are in mm, origin top left, y downwards. The places are those of
stickergen's template parcel-63x34 on its stock a4-24-63.5x33.9. A peer gets them for nothing, and
need not find a check character either: it is an X on every sticker.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

FONTS = Path(__file__).parents[3] / "fonts"
FONT_FILES = {
    "black": FONTS / "NotoSansSC-Black.ttf",
    "bold": FONTS / "NotoSansSC-Bold.ttf",
    "icons": FONTS / "PhosphorFill.ttf",
}

PT_PER_MM = 72 / 25.4

PAPER = (210.0, 297.0)
SIZE = (63.5, 33.9)
PLACES = tuple(
    (7.21 + 66.04 * column, 12.9 + 33.9 * row) for row in range(8) for column in range(3)
)
"""The top left corners of the labels."""

Ink = tuple[float, float, float, float]
"""Cyan, magenta, yellow, black: 0 to 1."""

RED: Ink = (0.10, 1.00, 0.95, 0.10)
BLUE: Ink = (1.00, 0.75, 0.00, 0.35)
BLACK: Ink = (0.00, 0.00, 0.00, 1.00)
WHITE: Ink = (0.00, 0.00, 0.00, 0.00)


@dataclass(frozen=True)
class Panel:
    """A filled rectangle with round corners."""

    x: float
    y: float
    width: float
    height: float
    ink: Ink
    corner: float = 1.0


@dataclass(frozen=True)
class Text:
    """A line of text from a point on its baseline."""

    x: float
    y: float
    font: str
    size_pt: float
    ink: Ink
    text: str


@dataclass(frozen=True)
class Scam:
    """A scam type: its share of the stickers, its words, the symbols that hold its addresses.

    The version is the smallest that holds an address at level M, the level the highest that this
    version allows. `module` is the side of a module, in 1/600 inch; `number_x` and `page_x` are
    where the number and the address of the page begin.
    """

    id: str
    share: int
    name: str
    icon: str
    headline: tuple[str, str]
    version: int
    level: str
    module_dots: int
    number_x: float
    page_x: float

    @property
    def page(self) -> str:
        """The address of its page, as it is printed."""
        return f"fz.hongshan.gov.cn/{self.id}"

    @property
    def module(self) -> float:
        """The side of a module."""
        return self.module_dots * 25.4 / 600

    @property
    def symbol(self) -> tuple[float, float]:
        """The top left corner of a symbol, inside its quiet zone of four modules."""
        width = (17 + 4 * self.version) * self.module
        return 61.5 - 4 * self.module - width, 18.79 - width / 2

    @property
    def art(self) -> tuple[Panel | Text, ...]:
        """What all its stickers show."""
        return (
            Panel(2, 2, 59.5, 5.4, RED),
            Text(4, 6.275, "icons", 10.2, WHITE, self.icon),
            Text(8.6, 5.638, "bold", 7, WHITE, f"{self.name}诈骗"),
            Text(47.153, 5.638, "bold", 7, WHITE, "扫码看骗术"),
            Text(2, 14.172, "black", 17, BLACK, self.headline[0]),
            Text(2, 20.769, "black", 17, BLACK, self.headline[1]),
            Panel(2, 22.984, 40.704, 6, BLUE),
            Text(4, 26.922, "bold", 7, WHITE, "拿不准 先打"),
            Text(25.665, 27.86, "black", 14, WHITE, "96110"),
            Text(2, 31.646, "bold", 6, BLACK, "洪山公安分局"),
            Text(self.page_x, 31.646, "bold", 6, BLACK, self.page),
        )


# fmt: off
SCAMS = (
    Scam("kefu", 5, "冒充客服", "\ue584", ("客服叫你借钱", "一定是诈骗"),
         3, "M", 12, 18.147, 35.514),
    Scam("shuadan", 4, "网络刷单", "\uea8c", ("刷单先垫钱", "一定是诈骗"),
         4, "Q", 10, 15.983, 31.185),
    Scam("gouwu", 3, "虚假购物", "\ue416", ("叫你私下付款", "一分不付"),
         3, "M", 12, 16.913, 33.046),
    Scam("daikuan", 2, "虚假贷款", "\ue588", ("放款先要交钱", "一定是诈骗"),
         4, "Q", 10, 16.223, 31.666),
    Scam("zhengxin", 1, "虚假征信", "\ue23a", ("转账修复征信", "一定是诈骗"),
         4, "Q", 10, 15.731, 30.681),
)
# fmt: on


@dataclass(frozen=True)
class Sticker:
    """One sticker, with a number of its own."""

    scam: Scam
    number: int

    @property
    def address(self) -> str:
        """What its code says."""
        return f"https://{self.scam.page}?HS{self.number:06}X"

    @property
    def words(self) -> Text:
        """Its number as it is printed."""
        return Text(self.scam.number_x, 31.646, "bold", 6, BLACK, f"HS-{self.number:06}-X")


Sheets = Iterable[list[Sticker]]


def sheets(count: int) -> Sheets:
    """So many stickers, type after type in proportion to their shares, sheet by sheet."""
    numbered = _stickers(count)
    while sheet := list(islice(numbered, len(PLACES))):
        yield sheet


def _stickers(count: int) -> Iterator[Sticker]:
    shares = sum(scam.share for scam in SCAMS)
    printed, due = 0, 0
    for scam in SCAMS:
        due += scam.share
        for number in range(printed, printed := count * due // shares):
            yield Sticker(scam, number + 1)
