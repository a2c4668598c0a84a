"""The command `links`: is everything that a campaign prints reachable, before it is ordered?

Comes in: a campaign file; for a trial the origin to ask in place of its host. Goes out: what came
of every address that its codes may carry, and the problems, told at `link.base`. A campaign with
problems of its own is not tried; one with placeholder addresses only at an origin.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from stickergen.problem import InputError, Problem
from stickergen.reading import read_campaign
from stickergen.website.reach import Reached, problems, reach


@dataclass(frozen=True)
class Trial:
    """What came of each address, and what is wrong."""

    reached: tuple[Reached, ...]
    problems: tuple[Problem, ...]

    @property
    def passed(self) -> bool:
        """Whether every address leads to its page."""
        return not self.problems


def reach_campaign(
    path: Path,
    *,
    at: str | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Trial:
    """Try all addresses of this campaign file; `progress` hears how many are done, of how many."""
    reading = read_campaign(path).sound()
    campaign = reading.campaign.value
    place = reading.campaign.place("link", "base")
    if at is None and reading.sample:
        raise InputError([Problem("reach-sample", place, {"base": campaign.link.base})])
    reached = reach(reading.addresses, campaign.issuer.hosts, at=at, progress=progress)
    return Trial(reached, tuple(problems(reached, place)))
