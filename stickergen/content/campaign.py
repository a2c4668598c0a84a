"""Campaign + scam types → `Plan`: how many of what for whom, in whole stickers.

Comes in: the campaign's Document, its scams, the number of ups on a sheet. Goes out: lots, one a
delivery point and scam type, whose sums are exact; or the problems that only show across files.
Stickers go to points by `share` and to scam types by `shares`: "by-rank" is n : n-1 : … : 1 for n
types from the most to the least reported, "equal" is 1 : 1 : …, or weights by hand (a type that is
not named gets none). Source: largest remainder with Hare's quota; for the table of both, controlled
rounding (Cox 1987, JASA 82:520). Limits: integers only, nothing is ever rounded twice.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from stickergen.content.faults import meant
from stickergen.content.link import STICKER_PAGE, is_placeholder
from stickergen.content.model import MOST_DIGITS, Campaign, Point, Scam, StickerOrder
from stickergen.content.serial import Numbering
from stickergen.content.source import Document
from stickergen.problem import InputError, Place, Problem


@dataclass(frozen=True, slots=True)
class Amount:
    """Stickers ordered, spare ones, and what is printed in all."""

    ordered: int = 0
    spare: int = 0
    printed: int = 0

    @property
    def surplus(self) -> int:
        """What is printed beyond order and spares to fill the sheets."""
        return self.printed - self.ordered - self.spare


@dataclass(frozen=True, slots=True)
class Lot:
    """The stickers of one scam type for one delivery point."""

    point: Point
    scam: Scam
    ordered: int
    spare: int
    printed: int
    first: int | None = None
    """The number of its first sticker, where each has its own; the others follow."""

    @property
    def serials(self) -> range:
        """The numbers of its stickers; none where stickers are not numbered."""
        return range(0) if self.first is None else range(self.first, self.first + self.printed)

    def within(self, serials: range) -> Lot | None:
        """What of the lot is among these numbers, to be printed again; None if nothing is."""
        own = self.serials
        first, stop = max(own.start, serials.start), min(own.stop, serials.stop)
        count = stop - first
        if count <= 0:
            return None
        return replace(self, ordered=count, spare=0, printed=count, first=first)


@dataclass(frozen=True, slots=True)
class Plan:
    """The lots that are printed, point by point, within a point by rank."""

    lots: tuple[Lot, ...] = ()

    def within(self, serials: Sequence[range]) -> Plan:
        """The same with these numbers alone, to print them again."""
        found = (lot.within(part) for lot in self.lots for part in serials)
        return Plan(tuple(lot for lot in found if lot is not None))

    @property
    def total(self) -> Amount:
        """The sum of all lots."""
        return _amount(self.lots)

    @property
    def by_point(self) -> dict[str, Amount]:
        """Point id → the sum of its lots, in the order of the campaign."""
        return _sums(self.lots, lambda lot: lot.point.id)

    @property
    def by_scam(self) -> dict[str, Amount]:
        """Scam id → the sum of its lots, by rank."""
        ranked = sorted(self.lots, key=lambda lot: lot.scam.rank)
        return _sums(ranked, lambda lot: lot.scam.id)


def allocate(total: int, weights: Sequence[int]) -> tuple[int, ...]:
    """A total split by weights: largest remainder, ties to the earlier."""
    whole = sum(weights)
    assert total >= 0
    assert whole > 0
    assert min(weights) >= 0
    parts = [total * weight // whole for weight in weights]
    rest = total - sum(parts)
    order = sorted(range(len(weights)), key=lambda n: (-(total * weights[n] % whole), n))
    for n in order[:rest]:
        parts[n] += 1
    return tuple(parts)


def spread(
    total: int, row_weights: Sequence[int], column_weights: Sequence[int]
) -> tuple[tuple[int, ...], ...]:
    """A total split both ways: sums as `allocate` gives, each cell its share rounded up or down."""
    rows, columns = allocate(total, row_weights), allocate(total, column_weights)
    base = max(total, 1)
    shares = [[row * column for column in columns] for row in rows]
    cells = [[share // base for share in row] for row in shares]
    gaps = [[share % base for share in row] for row in shares]
    row_needs = [need - sum(row) for need, row in zip(rows, cells, strict=True)]
    column_needs = [
        need - sum(column) for need, column in zip(columns, zip(*cells, strict=True), strict=True)
    ]
    for number, taken in enumerate(_rounded_up(gaps, row_needs, column_needs)):
        for column in taken:
            cells[number][column] += 1
    return tuple(map(tuple, cells))


def plan(campaign: Document[Campaign], scams: Sequence[Scam], ups: int) -> Plan:
    """The lots of a campaign's stickers, from its scam types and the ups of a sheet."""
    assert ups > 0
    assert scams
    order = campaign.value.stickers
    if order is None:
        return Plan()
    ranked = sorted(scams, key=lambda scam: scam.rank)
    ids = [scam.id for scam in ranked]
    found = [*_share_problems(campaign, ids, ids), *_point_problems(campaign)]
    found += [
        Problem("duplicate-rank", campaign.place("scams"), _same_rank(one, other))
        for one, other in pairwise(ranked)
        if one.rank == other.rank
    ]
    if found:
        raise InputError(found)
    weights = [point.share for point in order.points]
    ordered = spread(order.count, weights, _scam_weights(order, ids))
    flat = [cell for row in ordered for cell in row]
    spares = allocate(-(-order.count * order.spare_percent // 100), flat)
    pairs = [(point, scam) for point in order.points for scam in ranked]
    unit = ups if order.whole_sheets else 1
    lots = [
        Lot(point, scam, cell, spare, -(-(cell + spare) // unit) * unit)
        for (point, scam), cell, spare in zip(pairs, flat, spares, strict=True)
        if cell
    ]
    return Plan(tuple(_numbered(lots, campaign) if order.serial is not None else lots))


def _numbered(lots: Iterable[Lot], campaign: Document[Campaign]) -> Iterator[Lot]:
    """The lots with their numbers: lot after lot, no gap and none twice; what is printed counts."""
    order = campaign.value.stickers
    assert order is not None
    assert order.serial is not None
    numbering = Numbering.of(order.serial)
    first = order.serial.start
    for lot in lots:
        yield replace(lot, first=first)
        first += lot.printed
    if first - 1 > numbering.last:
        raise InputError([_too_few_digits(campaign, first - 1, order.serial.digits)])


def _too_few_digits(campaign: Document[Campaign], last: int, digits: int) -> Problem:
    """That the digits of a number do not hold the last one."""
    values = {"last": f"{last:,}", "digits": digits, "needed": min(len(str(last)), MOST_DIGITS)}
    return Problem("serial-digits-too-few", campaign.place("stickers", "serial", "digits"), values)


def chosen(
    campaign: Document[Campaign], scams: Mapping[str, Document[Scam]]
) -> tuple[Document[Scam], ...]:
    """The scam types of a campaign by rank; all of them if it names none."""
    ids = scams if campaign.value.scams is None else dict.fromkeys(campaign.value.scams)
    known = [scams[name] for name in ids if name in scams]
    return tuple(sorted(known, key=lambda scam: (scam.value.rank, scam.value.id)))


def problems(
    document: Document[Campaign],
    scams: Mapping[str, Document[Scam]],
    known: Collection[str] | None = None,
) -> list[Problem]:
    """What only shows across files, or across the fields of a campaign.

    `known` are the ids of all scam types there are, if `scams` holds only those that are needed.
    """
    known = scams if known is None else known
    campaign = document.value
    used = chosen(document, scams)
    ids = [scam.value.id for scam in used]
    found: list[Problem] = []
    if campaign.stickers is None and not campaign.flyers:
        found.append(Problem("orders-nothing", document.place(), {"value": campaign.id}))
    found += _list_problems(document, ("scams",), campaign.scams or (), known, known)
    for number, order in enumerate(campaign.flyers):
        keys = ("flyers", number, "scams")
        found += _list_problems(document, keys, order.scams or (), ids, known)
    found += _share_problems(document, ids, known)
    found += _point_problems(document)
    found += _serial_problems(document)
    found += [problem for scam in used for problem in _unfit(scam, campaign)]
    found += _placeholders(document)
    if campaign.talk is not None and campaign.talk.time.date() < campaign.date:
        values = {
            "value": campaign.talk.time.isoformat(" ", "minutes"),
            "date": campaign.date.isoformat(),
        }
        found.append(Problem("talk-before-campaign", document.place("talk", "time"), values))
    found += [
        Problem("duplicate-rank", other.place("rank"), _same_rank(one.value, other.value))
        for one, other in pairwise(used)
        if one.value.rank == other.value.rank
    ]
    return found


def _rounded_up(
    gaps: list[list[int]], row_needs: list[int], column_needs: list[int]
) -> list[set[int]]:
    """For each row the columns that are rounded up: cells with a gap, as many as are needed.

    A 0/1 table with these sums exists since the gaps themselves, as fractions, have them (a
    transport polytope has integral corners). Each row takes the neediest columns first; where that
    ends blind, a path of exchanges with earlier rows frees one.
    """
    needs = list(column_needs)
    taken: list[set[int]] = [set() for _ in gaps]
    open_columns = [[n for n, gap in enumerate(row) if gap] for row in gaps]
    for row, need in enumerate(row_needs):
        order = sorted(open_columns[row], key=lambda n: (-needs[n], -gaps[row][n], n))
        taken[row] = {n for n in order[:need] if needs[n] > 0}
        for column in taken[row]:
            needs[column] -= 1
        while len(taken[row]) < need:
            needs[_exchange(row, taken, open_columns, needs)] -= 1
    assert not any(needs)
    return taken


def _exchange(
    start: int, taken: list[set[int]], open_columns: list[list[int]], needs: list[int]
) -> int:
    """Give a row one more column by exchanges along the shortest path; the column that filled."""
    came: dict[int, tuple[int, int | None]] = {}
    queue: deque[tuple[int, int | None]] = deque([(start, None)])
    while queue:
        row, lost = queue.popleft()
        for column in open_columns[row]:
            if column in came or column in taken[row]:
                continue
            came[column] = (row, lost)
            if needs[column] > 0:
                _follow(column, came, taken)
                return column
            queue.extend((n, column) for n in range(start + 1) if column in taken[n])
    raise AssertionError("a controlled rounding always exists")


def _follow(end: int, came: dict[int, tuple[int, int | None]], taken: list[set[int]]) -> None:
    """Carry out the exchanges that lead to a column."""
    column: int | None = end
    while column is not None:
        row, lost = came[column]
        taken[row].add(column)
        if lost is not None:
            taken[row].discard(lost)
        column = lost


def _scam_weights(order: StickerOrder, ids: Sequence[str]) -> list[int]:
    if order.shares == "by-rank":
        return list(range(len(ids), 0, -1))
    if order.shares == "equal":
        return [1] * len(ids)
    return [order.shares.get(name, 0) for name in ids]


def _amount(lots: Iterable[Lot]) -> Amount:
    sums = zip(*((lot.ordered, lot.spare, lot.printed) for lot in lots), strict=True)
    return Amount(*map(sum, sums))


def _sums(lots: Iterable[Lot], key: Callable[[Lot], str]) -> dict[str, Amount]:
    groups: dict[str, list[Lot]] = {}
    for lot in lots:
        groups.setdefault(key(lot), []).append(lot)
    return {name: _amount(group) for name, group in groups.items()}


def _list_problems(
    document: Document[Campaign],
    keys: tuple[str | int, ...],
    names: Sequence[str],
    ids: Iterable[str],
    known: Iterable[str],
) -> Iterator[Problem]:
    """Scam ids of a list that are unknown, not the campaign's, or repeated."""
    first: dict[str, Place] = {}
    for number, name in enumerate(names):
        place = document.place(*keys, number)
        if name in first:
            yield Problem("duplicate-scam", place, {"value": name, "line": first[name].line})
        else:
            yield from _scam_problem(name, place, ids, known)
        first.setdefault(name, place)


def _share_problems(
    document: Document[Campaign], ids: Iterable[str], known: Iterable[str]
) -> Iterator[Problem]:
    """Shares by hand that name nothing, or scam types that are not the campaign's."""
    order = document.value.stickers
    if order is not None and isinstance(order.shares, dict):
        if not order.shares:
            values = {"field": "stickers.shares", "about": " / ".join(ids)}
            yield Problem("empty-field", document.place("stickers", "shares"), values)
        for name in order.shares:
            place = document.key_place("stickers", "shares", name)
            yield from _scam_problem(name, place, ids, known)


def _scam_problem(
    name: str, place: Place, ids: Iterable[str], known: Iterable[str]
) -> Iterator[Problem]:
    if name not in known:
        yield Problem("unknown-scam", place, {"value": name, "meant": meant(name, known)})
    elif name not in ids:
        yield Problem("scam-not-in-campaign", place, {"value": name, "meant": meant(name, ids)})


def _point_problems(document: Document[Campaign]) -> Iterator[Problem]:
    """Delivery points that cannot be told apart, or that get nothing."""
    order = document.value.stickers
    if order is None:
        return
    for key in ("id", "name"):
        first: dict[str, Place] = {}
        for number, point in enumerate(order.points):
            place = document.place("stickers", "points", number, key)
            name = str(getattr(point, key))
            if name in first:
                values = {"value": name, "line": first[name].line}
                code = "duplicate-point-id" if key == "id" else "duplicate-point-name"
                yield Problem(code, place, values)
            first.setdefault(name, place)
    parts = allocate(order.count, [point.share for point in order.points])
    for number, (point, part) in enumerate(zip(order.points, parts, strict=True)):
        if not part:
            values = {"value": point.name, "count": order.count, "points": len(parts)}
            yield Problem(
                "point-gets-nothing", document.place("stickers", "points", number), values
            )


def _serial_problems(document: Document[Campaign]) -> Iterator[Problem]:
    """Numbers that cannot be; whether spares and whole sheets fit them, `plan` knows."""
    order = document.value.stickers
    if order is None:
        return
    if order.serial is None:
        if order.cut_and_stack:
            yield Problem("stack-without-serial", document.place("stickers", "cut_and_stack"))
        return
    last = order.serial.start + order.count - 1
    if last > Numbering.of(order.serial).last:
        yield _too_few_digits(document, last, order.serial.digits)


def _unfit(scam: Document[Scam], campaign: Campaign) -> Iterator[Problem]:
    """Why a scam type must not be printed yet, or no more."""
    if scam.value.review is not None:
        yield Problem("review-needed", scam.place("review"), {"value": scam.value.id})
    if scam.value.id == STICKER_PAGE:
        yield Problem("scam-id-reserved", scam.place("id"), {"value": scam.value.id})
    if scam.value.review_by < campaign.date:
        values = {"value": scam.value.id, "date": campaign.date.isoformat()}
        values["review_by"] = scam.value.review_by.isoformat()
        yield Problem("review-overdue", scam.place("review_by"), values)


def _placeholders(document: Document[Campaign]) -> Iterator[Problem]:
    """Names of the issuer that nobody has filled in, where the address is a real one already."""
    if is_placeholder(document.value.link):
        return
    for name in ("name", "short", "unit"):
        value = getattr(document.value.issuer, name)
        if "×" in value:
            values = {"field": f"issuer.{name}", "value": value}
            yield Problem("placeholder-left", document.place("issuer", name), values)


def _same_rank(one: Scam, other: Scam) -> dict[str, str | int]:
    return {"value": other.id, "other": one.id, "rank": other.rank}
