"""Break a paragraph into lines, looking at all of its lines at once.

Comes in: the cells of a paragraph, the penalties of its breaks and the width, all in em. Goes out:
the lines as (start, end). The best breaking has, in this order: the fewest lines; no lone last
character (clreq 7.1.2, widows and orphans); the least raggedness and penalties. Method: dynamic
programming over the positions, as Knuth and Plass (1981) do it. Limits: a stretch without a break
that is wider than the line is set on a line of its own and overflows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from stickergen.artwork.typeset.breaks import IN_PHRASE, Penalties
from stickergen.artwork.typeset.characters import SPACES, is_word_part
from stickergen.artwork.typeset.spacing import Cells

EXACT = 1e-6
"""Sums of advances closer than this are equal, em. Tuned: far over rounding, far under a dot."""

LEAST_ON_LAST = 2
"""Characters, marks not counted, that the last line should have (clreq 7.1.2)."""

_MOST_TRIM = 1.0
"""A longer line can be narrower by at most two half marks, em; past that the search stops."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What the lines are fitted to: the width in em, and how."""

    width: float
    level: bool = False  # the last line as wide as the others
    squeeze: bool = False  # marks inside a line may be squeezed


@dataclass(frozen=True, slots=True)
class _Best:
    """The best breaking up to a position: its badness, and where its last line starts."""

    badness: tuple[int, int, float]
    start: int


def chosen(cells: Cells, penalties: Penalties, measure: Measure) -> tuple[tuple[int, int], ...]:
    """The lines of the paragraph as (start, end), spaces at the breaks left out."""
    text = cells.text
    stops = [0, *(at for at, cost in enumerate(penalties) if cost is not None), len(text)]
    ends = {stop: _without_spaces(text, stop) for stop in stops}
    best: dict[int, _Best] = {0: _Best((0, 0, 0.0), 0)}
    for nth, stop in enumerate(stops[1:], 1):
        best[stop] = _best_line(cells, penalties, measure, stops[:nth], stop, ends[stop], best)
    lines = []
    stop = len(text)
    while stop > 0:
        start = best[stop].start
        lines.append((start, max(start, ends[stop])))
        stop = start
    return tuple(reversed(lines))


def with_wide_phrases_broken(
    cells: Cells, phrases: Penalties, ordinary: Penalties, width: float
) -> Penalties:
    """The penalties of a headline, with breaks inside the phrases wider than the line."""
    found = list(phrases)
    stops = [0, *(at for at, cost in enumerate(phrases) if cost is not None), len(cells.text)]
    for start, stop in pairwise(stops):
        if cells.width(start, _without_spaces(cells.text, stop)) > width + EXACT:
            for at in range(start + 1, stop):
                cost = ordinary[at]
                found[at] = None if cost is None else IN_PHRASE + cost
    return tuple(found)


def _best_line(
    cells: Cells,
    penalties: Penalties,
    measure: Measure,
    starts: Sequence[int],
    stop: int,
    end: int,
    best: dict[int, _Best],
) -> _Best:
    """The best breaking whose last line ends before `stop`."""
    last = stop == len(cells.text)
    penalty = 0.0 if last else penalties[stop] or 0.0
    found: _Best | None = None
    for start in reversed(starts):
        width = cells.width(start, end)
        give = cells.squeezable(start, end) if measure.squeeze else 0.0
        if width - give > measure.width + EXACT and start != starts[-1]:
            if width - give > measure.width + _MOST_TRIM:
                break
            continue
        before = best[start].badness
        counted = measure.level or not last or width > measure.width
        ragged = _raggedness(width, measure.width, give) if counted else 0.0
        lone = int(last and start > 0 and _is_lone(cells.text[start:end]))
        badness = (before[0] + 1, before[1] + lone, before[2] + ragged + penalty)
        if found is None or badness < found.badness:
            found = _Best(badness, start)
    assert found, "the stretch from the last stop is always a line"
    return found


def _raggedness(width: float, wanted: float, give: float) -> float:
    """0 for a full line, up to 1 for an empty one or for one squeezed to the utmost."""
    if width > wanted + EXACT:
        return ((width - wanted) / give) ** 2 if give else 0.0
    return (max(0.0, wanted - width) / wanted) ** 2


def _is_lone(line: str) -> bool:
    return sum(map(is_word_part, line)) < LEAST_ON_LAST


def _without_spaces(text: str, stop: int) -> int:
    while stop > 0 and text[stop - 1] in SPACES:
        stop -= 1
    return stop
