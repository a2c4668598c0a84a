"""Scans by scam type and by delivery point, ranked: rows of tables, and what is said of them.

Comes in: a `Tally`, a campaign with its scam types, the `Plan` of its stickers. Goes out: `Counted`
parts, the first the one that people scanned most readily; of them `Row`s with a bar each, the
longest 100 per cent, and what stands out; numbers written out. Where stickers were ordered, rank
and bar follow the scans for 1,000 of them, spares left out: scans alone would only repeat how many
were printed. Where addresses tell the point, a scan without one is no sticker's: its code stands on
a flyer.
Limits: TYPE_ROWS, and LINES of both tables together; what is beyond them is summed up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from stickergen.artwork.fields import Bound
from stickergen.content.campaign import Plan
from stickergen.content.model import Campaign, Scam
from stickergen.content.source import Document
from stickergen.scans.chart import share
from stickergen.scans.tally import Tally

ALIKE = 0.9
"""Parts are alike from this part of the highest on. Tuned: a tenth more is no news in a meeting."""

ENOUGH = 10
"""Scans. Of fewer, a single one more or less is more than that tenth."""

TYPE_ROWS = 10
"""Rows of scam types, the last for all that follow. Tuned: more leave no room for points."""

LINES = 22
"""Rows of the table of types and of a column of points together. Tuned: scans-a4 with all its
parts, a chart of 30 mm, two lines of points without a scan and four of small print."""

ONE_COLUMN = 4
"""Delivery points up to which the table is one column over the whole width. Tuned by eye. Points
with long names stand in one column as long as it holds them: a name is worth more than a curve."""

NAME_CHARACTERS = 14
"""Characters of a delivery point's name in one of two columns. Tuned: scans-a4 at 7 pt, where 14
take 35.6 mm at most, a quarter em between Chinese and digits included."""

SHORT_CHARACTERS = 7
"""Characters of names that leave half of one of two columns to the bars; a single column has room
for three times as many. Tuned: scans-a4 at 10 pt."""

MANY = 10_000_000
"""Numbers of more than seven digits are rounded. Tuned: no station's campaign has as many scans; a
forged log must not take the report away."""

NAMED_CHARACTERS = 110
"""Points without a scan are named if their names are no longer in all. Tuned: two lines."""

OVERVIEW = ("qr-code", "总览页")
OTHERS = ("file-text", "其余 {count} 种")
"""Icon and name of the rows that are no scam type."""


@dataclass(frozen=True)
class Counted:
    """A scam type or a delivery point: its scans, those of stickers, and the stickers ordered."""

    icon: Bound
    """Empty for a delivery point."""
    name: Bound
    scans: int
    on_stickers: int
    ordered: int
    weight: float
    """What it is ranked by: scans of a sticker; scans alone where no stickers were ordered."""


@dataclass(frozen=True)
class Row:
    """A scam type with its icon, or a delivery point with its rank: a bar, and its numbers."""

    mark: Bound
    name: Bound
    share: str
    scans: str
    rate: str


@dataclass(frozen=True)
class Points:
    """The delivery points by rank: rows in one or two columns, and what has no row."""

    columns: tuple[tuple[Row, ...], ...]
    short: bool
    """Whether the names leave half of their column to the bars."""
    others: str
    others_scans: str
    """Points that were scanned but have no row, and their scans; empty if there are none."""
    silent: str
    """How many points have no scan; empty if there are none."""
    named: Bound
    """Their names, if they are few."""
    unmarked: str
    """Scans of codes that name no point; empty if there are none."""


@dataclass(frozen=True)
class Best:
    """What was scanned more than all others: for 1,000 stickers, and in per cent of all scans."""

    name: Bound
    rate: str
    percent: str


def number(value: int) -> str:
    """A whole number with thousands separators; from ten million on in 万, so that it fits."""
    if value >= MANY:
        return f"{value // 10_000:,} 万" if value < 10_000 * MANY else f"{value // 10**8:,} 亿"
    return f"{value:,}"


def rate(scans: int, stickers: int) -> str:
    """Scans for 1,000 stickers, below 10 with a decimal; a dash where there are no stickers."""
    if not stickers:
        return "—"
    if 0 < 20_000 * scans < stickers:
        return "<0.1"
    exact = 1000 * scans / stickers
    return f"{exact:.1f}" if 0 < exact < 9.95 else number(round(exact))


def on_stickers(tally: Tally, *, with_point: bool) -> Tally:
    """The scans of stickers, as far as addresses tell; the overview is on flyers alone."""
    cells = (cell for cell in tally.cells if (cell.point if with_point else cell.scam))
    return Tally(tuple(cells))


def types(
    tally: Tally, scams: Sequence[Document[Scam]], ordered: Plan, *, with_point: bool
) -> tuple[Counted, ...]:
    """The scam types by weight; of equal ones the one of the higher rank first."""
    counts = tally.by(lambda cell: cell.scam)
    stuck = on_stickers(tally, with_point=with_point).by(lambda cell: cell.scam)
    pieces = {name: amount.ordered for name, amount in ordered.by_scam.items()}
    found = [
        _counted(
            Bound(scam.value, scam).step("icon"),
            Bound(scam.value, scam).step("name"),
            counts.get(scam.value.id, 0),
            stuck.get(scam.value.id, 0),
            pieces.get(scam.value.id, 0) if pieces else None,
        )
        for scam in sorted(scams, key=lambda scam: scam.value.rank)
    ]
    return _ranked(found)


def points(tally: Tally, campaign: Document[Campaign], ordered: Plan) -> tuple[Counted, ...]:
    """The delivery points by weight, those that nobody scanned too."""
    counts = tally.by(lambda cell: cell.point)
    pieces = {name: amount.ordered for name, amount in ordered.by_point.items()}
    order = Bound(campaign.value, campaign).step("stickers")
    found = [
        _counted(Bound(""), point.step("name"), scans, scans, pieces.get(point.value.id, 0))
        for point in order.step("points").parts()
        for scans in (counts.get(point.value.id, 0),)
    ]
    return _ranked(found)


def best(ranked: Sequence[Counted], total: int) -> Best | None:
    """The first, where it leads by more than a tenth and its scans are enough to say so."""
    if len(ranked) < 2 or ranked[0].on_stickers < ENOUGH:
        return None
    first, second = ranked[:2]
    if second.weight >= ALIKE * first.weight:
        return None
    return Best(
        first.name, rate(first.on_stickers, first.ordered), f"{100 * first.scans / total:.0f}"
    )


def alike(ranked: Sequence[Counted]) -> bool:
    """Whether all are scanned about equally, and enough to say so."""
    enough = all(part.on_stickers >= ENOUGH for part in ranked)
    return len(ranked) > 1 and enough and ranked[-1].weight >= ALIKE * ranked[0].weight


def type_rows(ranked: Sequence[Counted], overview: int) -> tuple[Row, ...]:
    """The scam types; the overview last, if it was opened. A sum of types has no bar."""
    rated = any(part.ordered for part in ranked)
    room = TYPE_ROWS - bool(overview)
    shown = ranked if len(ranked) <= room else ranked[: room - 1]
    # No stickers carry the overview: it has a bar only where scans alone are compared.
    unrated = 0 if rated else overview
    most = max(unrated, *(part.weight for part in ranked))
    rows = [_row(part.icon, part, share(part.weight, most)) for part in shown]
    if others := ranked[len(shown) :]:
        icon, name = OTHERS
        rows.append(
            Row(
                Bound(icon),
                Bound(name.format(count=len(others))),
                "0",
                number(sum(part.scans for part in others)),
                rate(
                    sum(part.on_stickers for part in others), sum(part.ordered for part in others)
                ),
            )
        )
    if overview:
        icon, name = OVERVIEW
        rows.append(
            Row(Bound(icon), Bound(name), share(unrated, most), number(overview), rate(0, 0))
        )
    return tuple(rows)


def point_table(
    ranked: Sequence[Counted], campaign: Document[Campaign], unmarked: int, lines: int
) -> Points:
    """The delivery points in columns of so many lines; two if they are more than a few."""
    scanned = [part for part in ranked if part.scans]
    silent = [part for part in ranked if not part.scans]
    narrow = len(scanned) > (lines if _longest(scanned) > NAME_CHARACTERS else ONE_COLUMN)
    shown = scanned[: 2 * lines] if narrow else scanned
    half = -(-len(shown) // 2) if narrow else len(shown)
    names = [str(part.name.value) for part in shown]
    rows = [
        _row(
            Bound(str(rank)),
            replace(part, name=replace(part.name, value=name)),
            share(part.weight, shown[0].weight),
        )
        for rank, (part, name) in enumerate(
            zip(shown, shortened(names) if narrow else names, strict=True), 1
        )
    ]
    others = scanned[len(shown) :]
    # In the campaign's order: whoever looks up a point finds it where it stands there.
    named = "、".join(str(part.name.value) for part in silent)
    return Points(
        tuple(tuple(column) for column in (rows[:half], rows[half:]) if column),
        _longest(shown) <= (SHORT_CHARACTERS if narrow else 3 * SHORT_CHARACTERS),
        number(len(others)) if others else "",
        number(sum(part.scans for part in others)) if others else "",
        number(len(silent)) if silent else "",
        Bound(named if len(named) <= NAMED_CHARACTERS else "", campaign, ("stickers", "points")),
        number(unmarked) if unmarked else "",
    )


def shortened(names: Sequence[str]) -> list[str]:
    """The names, long ones with … where they can still be told apart: at the end if possible."""
    most = NAME_CHARACTERS - 1
    back = most // 2
    cuts: Sequence[tuple[int, int]] = ((most, 0), (most - back, back), (0, most))
    found = []
    for front, end in cuts:
        cut = [
            name if len(name) <= NAME_CHARACTERS else f"{name[:front]}…{name[len(name) - end :]}"
            for name in names
        ]
        found.append(cut)
    return max(found, key=lambda cut: len(set(cut)))


def _counted(icon: Bound, name: Bound, scans: int, stuck: int, ordered: int | None) -> Counted:
    """A part ready to be ranked; `ordered` is None where no stickers were."""
    if ordered is None:
        return Counted(icon, name, scans, stuck, 0, scans)
    return Counted(icon, name, scans, stuck, ordered, stuck / ordered if ordered else 0)


def _longest(parts: Sequence[Counted]) -> int:
    return max((len(str(part.name.value)) for part in parts), default=0)


def _ranked(parts: Sequence[Counted]) -> tuple[Counted, ...]:
    return tuple(sorted(parts, key=lambda part: -part.weight))


def _row(mark: Bound, part: Counted, length: str) -> Row:
    written = rate(part.on_stickers, part.ordered)
    return Row(mark, part.name, length, number(part.scans), written)
