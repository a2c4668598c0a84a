"""What a site is made of: the campaign, its scam types, and the words that all its pages share.

Comes in: documents. Goes out: `Site`, frozen; `told`, the words with their fields filled in. All
addresses are made by `content.link`, so that they are those of the codes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from stickergen.artwork.fields import Bound, NotGiven, Scope, UnknownField, WrongFilter, filled
from stickergen.content import link
from stickergen.content.link import Address
from stickergen.content.model import Campaign, Measure, Scam, Website
from stickergen.content.source import Document
from stickergen.problem import InputError, Problem

INDEX = "index.html"
"""The file that a server sends for its folder."""

NOT_FOUND = "404.html"
"""The file that a server sends for an address that is none."""


@dataclass(frozen=True)
class Site:
    """A campaign's pages before they are written; scam types by rank."""

    campaign: Document[Campaign]
    scams: tuple[Document[Scam], ...]
    words: Document[Website]

    @property
    def base(self) -> str:
        """The path that the site's folder stands for on its server: empty, or `/fz`."""
        return self.overview.path.rstrip("/")

    @property
    def host(self) -> str:
        """The host's name, as it is read out."""
        return urlsplit(self.overview.url).hostname or ""

    @property
    def overview(self) -> Address:
        """The address of the overview."""
        return link.address(self.campaign.value.link, None)

    @property
    def sticker_page(self) -> Address:
        """The address of the page on real stickers."""
        return link.sticker_page(self.campaign.value.link)

    def address(self, scam: Scam) -> Address:
        """The address of a scam type's page, without a delivery point."""
        return link.address(self.campaign.value.link, scam.id)

    def addresses(self, scam: Scam) -> list[Address]:
        """All addresses at which a scam type's page is to be found: of each delivery point too."""
        return [
            found
            for found in link.addresses(self.campaign.value, [scam.id])
            if found.scam == scam.id
        ]

    def file(self, address: Address) -> str:
        """The file, inside the site's folder, that a server sends for an address."""
        inside = address.path.removeprefix(self.base).strip("/")
        return f"{inside}/{INDEX}" if inside else INDEX


def told(site: Site) -> Website:
    """The common words with their fields filled in; InputError if one names what is not there."""
    campaign = site.campaign
    scope = Scope(
        {
            "issuer": Bound(campaign.value.issuer, campaign, ("issuer",)),
            "campaign": Bound(campaign.value, campaign),
            "host": Bound(site.host),
        }
    )
    problems: list[Problem] = []
    words = site.words.value

    def said(text: str, *keys: str | int) -> str:
        return _filled(text, scope, site.words, keys, problems)

    def measures(name: str, found: Sequence[Measure]) -> tuple[Measure, ...]:
        return tuple(
            one.model_copy(
                update={
                    "do": said(one.do, name, number, "do"),
                    "how": said(one.how, name, number, "how"),
                }
            )
            for number, one in enumerate(found)
        )

    whole = words.model_copy(
        update={
            "question": said(words.question, "question"),
            "stop": said(words.stop, "stop"),
            "summary": said(words.summary, "summary"),
            "never": tuple(said(one, "never", n) for n, one in enumerate(words.never)),
            "paid": measures("paid", words.paid),
            "real": measures("real", words.real),
            "suspect": measures("suspect", words.suspect),
        }
    )
    if problems:
        raise InputError(problems)
    return whole


def _filled(
    text: str,
    scope: Scope,
    words: Document[Website],
    keys: tuple[str | int, ...],
    problems: list[Problem],
) -> str:
    try:
        return filled(text, scope).text
    except UnknownField as error:
        values = {"value": error.name, "meant": error.meant or "、".join(error.known)}
        problems.append(Problem("unknown-template-field", words.place(*keys), values))
    except WrongFilter as error:
        values = {"value": error.path, "filter": error.name}
        problems.append(Problem("filter-does-not-fit", words.place(*keys), values))
    except NotGiven as error:
        place = error.bound.place or words.place(*keys)
        values = {"value": error.name, "template": words.path.name}
        problems.append(Problem("field-not-given", place, values))
    return text
