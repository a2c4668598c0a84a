"""Scans by scam type and by delivery point, ranked: rows of tables, and what they leave out.

Comes in: a `Tally`, a campaign with its scam types, the `Plan` of its stickers. Goes out: `Row`s
with a bar each, the longest 100 per cent; numbers written out. Rates are scans of stickers for
1,000 ordered, spares left out. Where addresses tell the point, a scan without one is no sticker's:
its code stands on a flyer.
Limits: TYPE_ROWS, and LINES of both tables together; what is beyond them is summed up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stickergen.artwork.fields import Bound
from stickergen.content.campaign import Plan
from stickergen.content.model import Campaign, Scam
from stickergen.content.source import Document
from stickergen.scans.chart import share
from stickergen.scans.tally import Tally

TYPE_ROWS = 10
"""Rows of scam types, the last for all that follow. Tuned: more leave no room for points."""

LINES = 22
"""Lines of the table of types and of a column of points together. Tuned: scans-a4 with all its
parts, a chart of 30 mm, two lines of points without a scan and four of small print."""

ONE_COLUMN = 4
"""Delivery points up to which the table is one column over the whole width. Tuned by eye."""

NAME_CHARACTERS = 14
"""Characters of a delivery point's name on one line. Tuned: the columns of scans-a4 at 7 pt."""

NAMED_CHARACTERS = 110
"""Points without a scan are named if their names are no longer in all. Tuned: two lines."""

OVERVIEW = ("qr-code", "总览页")
OTHERS = ("file-text", "其余 {count} 种")
"""Icon and name of the rows that are no scam type."""


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
    """The delivery points by scans: rows in one or two columns, and what has no row."""

    columns: tuple[tuple[Row, ...], ...]
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
    """What was scanned more than all others: its scans, and whole per cent of all."""

    name: Bound
    scans: str
    percent: str


def number(value: int) -> str:
    """A whole number with thousands separators."""
    return f"{value:,}"


def rate(scans: int, stickers: int) -> str:
    """Scans for 1,000 stickers, below 10 with a decimal; a dash where there are no stickers."""
    if not stickers:
        return "—"
    if 0 < 20_000 * scans < stickers:
        return "<0.1"
    exact = 1000 * scans / stickers
    return f"{exact:.1f}" if 0 < exact < 9.95 else f"{exact:,.0f}"


def on_stickers(tally: Tally, *, with_point: bool) -> Tally:
    """The scans of stickers, as far as addresses tell; the overview is on flyers alone."""
    cells = (cell for cell in tally.cells if (cell.point if with_point else cell.scam))
    return Tally(tuple(cells))


def types(
    tally: Tally, scams: Sequence[Document[Scam]], ordered: Plan, *, with_point: bool
) -> tuple[Row, ...]:
    """The scam types by scans; the overview last, if it was opened. A sum of types has no bar."""
    counts = tally.by(lambda cell: cell.scam)
    stuck = on_stickers(tally, with_point=with_point).by(lambda cell: cell.scam)
    pieces = {name: amount.ordered for name, amount in ordered.by_scam.items()}
    ranked = sorted(scams, key=lambda scam: (-counts.get(scam.value.id, 0), scam.value.rank))
    room = TYPE_ROWS - ("" in counts)
    shown = ranked if len(ranked) <= room else ranked[: room - 1]
    groups = [(_of(scam, "icon"), _of(scam, "name"), [scam.value.id]) for scam in shown]
    if others := [scam.value.id for scam in ranked[len(shown) :]]:
        icon, name = OTHERS
        groups.append((Bound(icon), Bound(name.format(count=len(others))), others))
    if "" in counts:
        icon, name = OVERVIEW
        groups.append((Bound(icon), Bound(name), [""]))
    most = max(counts.values(), default=0)
    return tuple(
        Row(
            icon,
            name,
            share(_sum(counts, ids), most) if ids is not others else "0",
            number(_sum(counts, ids)),
            rate(_sum(stuck, ids), _sum(pieces, ids)),
        )
        for icon, name, ids in groups
    )


def points(tally: Tally, campaign: Document[Campaign], ordered: Plan, lines: int) -> Points:
    """The delivery points by scans, in columns of so many lines."""
    names = point_names(campaign)
    counts = tally.by(lambda cell: cell.point)
    pieces = {name: amount.ordered for name, amount in ordered.by_point.items()}
    scanned = sorted((name for name in names if name in counts), key=lambda name: -counts[name])
    silent = [name for name in names if name not in counts]
    columns = _columns(
        [
            Row(
                Bound(str(rank)),
                names[name],
                share(counts[name], counts[scanned[0]]),
                number(counts[name]),
                rate(counts[name], pieces.get(name, 0)),
            )
            for rank, name in enumerate(scanned, 1)
        ],
        lines,
    )
    others = scanned[sum(map(len, columns)) :]
    named = "、".join(str(names[name].value) for name in silent)
    few = len(named) <= NAMED_CHARACTERS
    return Points(
        columns,
        number(len(others)) if others else "",
        number(_sum(counts, others)) if others else "",
        number(len(silent)) if silent else "",
        Bound(named if few else "", campaign, ("stickers", "points")),
        number(counts[""]) if "" in counts else "",
    )


def best_type(tally: Tally, scams: Sequence[Document[Scam]]) -> Best | None:
    """The scam type that was scanned most."""
    names = {scam.value.id: _of(scam, "name") for scam in scams}
    return _best(tally.by(lambda cell: cell.scam), names, tally.total)


def best_point(tally: Tally, campaign: Document[Campaign]) -> Best | None:
    """The delivery point that was scanned most."""
    return _best(tally.by(lambda cell: cell.point), point_names(campaign), tally.total)


def point_names(campaign: Document[Campaign]) -> dict[str, Bound]:
    """The name of each delivery point, with its place in the campaign file."""
    order = Bound(campaign.value, campaign).step("stickers")
    return {point.value.id: point.step("name") for point in order.step("points").parts()}


def _best(counts: Mapping[str, int], names: Mapping[str, Bound], total: int) -> Best | None:
    """The one with most scans; none where there is only one, or where two share the lead."""
    ranked = sorted(names, key=lambda name: -counts.get(name, 0))
    leads = [counts.get(name, 0) for name in ranked[:2]]
    if len(leads) < 2 or leads[0] == leads[1]:
        return None
    return Best(names[ranked[0]], number(leads[0]), f"{100 * leads[0] / total:.0f}")


def _columns(rows: Sequence[Row], lines: int) -> tuple[tuple[Row, ...], ...]:
    """As many rows as two columns hold, shared out evenly; few stand in one."""
    if len(rows) <= min(ONE_COLUMN, lines):
        return (tuple(rows),) if rows else ()
    full = _fitting(rows, lines)
    shown = rows[: full + _fitting(rows[full:], lines)]
    half = _fitting(shown, -(-sum(map(_lines, shown)) // 2))
    if sum(map(_lines, shown[half:])) > lines:
        half = full
    return tuple(shown[:half]), tuple(shown[half:])


def _fitting(rows: Sequence[Row], lines: int) -> int:
    """How many of the first rows so many lines hold."""
    taken = 0
    for count, row in enumerate(rows):
        taken += _lines(row)
        if taken > lines:
            return count
    return len(rows)


def _lines(row: Row) -> int:
    return -(-len(str(row.name.value)) // NAME_CHARACTERS)


def _of(scam: Document[Scam], key: str) -> Bound:
    return Bound(scam.value, scam).step(key)


def _sum(counts: Mapping[str, int], names: Sequence[str]) -> int:
    return sum(counts.get(name, 0) for name in names)
