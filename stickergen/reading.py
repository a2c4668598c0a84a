"""A campaign read with all that is said in it: its own file, its scam types, what is wrong so far.

Comes in: a campaign file. Goes out: a `Reading`. Templates, stocks and presses are not looked at:
what is made for screens, or counted, needs none. `order` goes on from here to paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from stickergen.content import campaign as campaigns
from stickergen.content import link
from stickergen.content.link import Address
from stickergen.content.model import Campaign, Scam
from stickergen.content.source import Document
from stickergen.library import Library, load
from stickergen.problem import InputError, Problem

OF_PRINTING = frozenset({"review-needed", "review-overdue"})
"""The problems of what may not be printed, or not any more."""


@dataclass(frozen=True)
class Reading:
    """A campaign, its scam types by rank, and every problem that shows without a template."""

    campaign: Document[Campaign]
    scams: tuple[Document[Scam], ...]
    library: Library
    problems: tuple[Problem, ...] = ()

    @property
    def addresses(self) -> tuple[Address, ...]:
        """Every address that its codes may carry."""
        return link.addresses(self.campaign.value, [scam.value.id for scam in self.scams])

    @property
    def sample(self) -> bool:
        """Whether its addresses are placeholders."""
        return link.is_placeholder(self.campaign.value.link)

    def readable(self) -> Reading:
        """The same, if all that is wrong with it is that it must not be printed; else InputError.

        What was printed once is counted long after its facts are out of date.
        """
        found = [problem for problem in self.problems if problem.code not in OF_PRINTING]
        if found:
            raise InputError(found)
        return self

    def sound(self) -> Reading:
        """The same, if nothing is wrong with it; else InputError."""
        if self.problems:
            raise InputError(self.problems)
        return self


def read_campaign(path: Path) -> Reading:
    """The campaign of a file; InputError if the file itself cannot be read as one."""
    campaign = load(path, Campaign)
    library = Library.beside(path.parent)
    # A type that the campaign does not name may well be a draft that nobody can read yet.
    named = campaign.value.scams
    try:
        scams = library.every("scams", Scam, only=named)
    except InputError as error:
        found = [*error.problems, *link.problems(campaign)]
        return Reading(campaign, (), library, tuple(found))
    used = campaigns.chosen(campaign, scams)
    problems = link.problems(campaign, [scam.value.id for scam in used])
    problems += campaigns.problems(campaign, scams, library.names("scams"))
    return Reading(campaign, used, library, tuple(problems))
