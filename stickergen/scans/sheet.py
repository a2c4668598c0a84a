"""The report of scans: one page that says which stickers were scanned, where and when.

Comes in: a `Tally`, the campaign with its scam types, the names of the logs; the template
`scans-a4`, the house style and the office's press. Goes out: the values that the template sets
(`Scans`), and the finished PDF. Numbers are written out here, with thousands separators; the words
around them stand in the template. Dates are those of the data: there is no clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from stickergen.artwork.fields import Bound, Scope
from stickergen.artwork.fonts import font
from stickergen.artwork.layout import House, lay_out
from stickergen.artwork.template import Template
from stickergen.content.campaign import plan
from stickergen.content.link import address
from stickergen.content.model import Campaign, Scam
from stickergen.content.source import Document
from stickergen.press.draw import draw
from stickergen.press.finish import finish
from stickergen.press.profile import Press
from stickergen.press.sheet import whole
from stickergen.scans import ranking
from stickergen.scans.chart import Chart, chart, day_words
from stickergen.scans.ranking import Best, Points, Row, number, rate
from stickergen.scans.tally import WHY, WINDOW_SECONDS, LeftOut, Tally

TEMPLATE = "scans-a4"
"""The template that sets the report; a campaign's folder may hold another of this name."""

TITLE = "扫码统计"

LOGS = 3
"""Logs that are named; of more only the first and how many. Tuned: two lines of small print."""

LOG_CHARACTERS = 32
"""Tuned: three names fill a line; the end of a longer name is kept, it tells the day."""


@dataclass(frozen=True)
class Reason:
    """Lines of the logs that are no scans, and why."""

    why: str
    lines: str


@dataclass(frozen=True)
class Scans:
    """The page. What is not to be said is empty or None."""

    total: str
    """Empty if nothing was scanned."""
    period: str
    days: str
    rate: str
    """Scans for 1,000 stickers; empty where none were ordered."""
    best_type: Best | None
    types_alike: bool
    best_point: Best | None
    points_alike: bool
    types: tuple[Row, ...]
    chart: Chart | None
    points: Points | None
    pointless: bool
    """Whether there are delivery points that the addresses do not tell."""
    mixed: bool
    """Whether flyers carry the same addresses as stickers."""
    example: str
    """An address as the codes carry it."""
    logs: str
    lines: str
    left_out: tuple[Reason, ...]
    reasons: str
    minutes: str


def report(
    tally: Tally,
    campaign: Document[Campaign],
    scams: Sequence[Document[Scam]],
    logs: Sequence[str],
    *,
    template: Document[Template],
    house: House,
    press: Press,
) -> bytes:
    """The page as a PDF."""
    values = scans(tally, campaign, scams, logs)
    bound = Bound(campaign.value, campaign)
    scope = Scope({"campaign": bound, "issuer": bound.step("issuer"), "scans": Bound(values)})
    (page,) = lay_out(template, [scope], house, press.dots)
    sheets = [whole(page, TITLE, "ticket")]
    day = max((cell.day for cell in tally.cells), default=campaign.value.date)
    title = f"{campaign.value.title} {TITLE}"
    return finish(draw(sheets, {TITLE: page}, press), sheets, press, title=title, day=day)


def scans(
    tally: Tally,
    campaign: Document[Campaign],
    scams: Sequence[Document[Scam]],
    logs: Sequence[str],
) -> Scans:
    """The values of the page."""
    assert logs
    assert scams
    value = campaign.value
    ordered = plan(campaign, [scam.value for scam in scams], ups=1)
    stickers = ordered.total.ordered
    with_point = value.link.with_point and value.stickers is not None
    days = tally.by(lambda cell: cell.day)
    types = ranking.types(tally, scams, ordered, with_point=with_point)
    points = ranking.points(tally, campaign, ordered) if with_point else ()
    overview = tally.by(lambda cell: cell.scam).get("", 0)
    unmarked = tally.by(lambda cell: cell.point).get("", 0)
    rows = ranking.type_rows(types, overview) if days else ()
    lines = ranking.LINES - len(rows)
    stuck = ranking.on_stickers(tally, with_point=with_point).total
    left_out = reasons(tally.left_out)
    return Scans(
        total=number(tally.total) if days else "",
        period=_period(days) if days else "",
        days=number((max(days) - min(days)).days + 1) if days else "",
        rate=rate(stuck, stickers) if stickers and days else "",
        best_type=ranking.best(types, tally.total),
        types_alike=ranking.alike(types),
        best_point=ranking.best(points, tally.total),
        points_alike=ranking.alike(points),
        types=rows,
        chart=chart(days),
        points=(
            ranking.point_table(points, campaign, unmarked, lines) if with_point and days else None
        ),
        pointless=value.stickers is not None and not with_point,
        mixed=bool(value.flyers) and value.stickers is not None and not with_point,
        example=address(value.link, scams[0].value.id).url,
        logs=log_names(logs),
        lines=number(tally.lines),
        left_out=left_out,
        reasons="、".join(f"{reason.why} {reason.lines}" for reason in left_out),
        minutes=str(WINDOW_SECONDS // 60),
    )


def log_names(logs: Sequence[str]) -> str:
    """The names of the logs as they can be set; of many the first, and how many there are."""
    named = "、".join(_shortened(_settable(name)) for name in logs[:LOGS])
    return named if len(logs) <= LOGS else f"{named} 等 {number(len(logs))} 个文件"


def reasons(left_out: Iterable[tuple[LeftOut, int]]) -> tuple[Reason, ...]:
    """Why lines were left out, the most frequent first."""
    ranked = sorted(left_out, key=lambda pair: (-pair[1], pair[0]))
    return tuple(Reason(WHY[why]["zh"], number(lines)) for why, lines in ranked if lines)


def _settable(name: str) -> str:
    """A file may be called anything: what the font does not have becomes a box."""
    face = font("regular")
    return "".join(char if face.has(char) and char.isprintable() else "□" for char in name)


def _shortened(name: str) -> str:
    return name if len(name) <= LOG_CHARACTERS else f"…{name[1 - LOG_CHARACTERS :]}"


def _period(days: Iterable[date]) -> str:
    """The first and the last day with a scan."""
    first, last = min(days), max(days)
    start, end = f"{first.year}年{day_words(first)}", day_words(last)
    if first == last:
        return start
    return f"{start}至{end if first.year == last.year else f'{last.year}年{end}'}"
