"""The full warnings as static pages: what a code opens, on a phone, on a bad connection.

Comes in: a `Site`. Goes out: files by their path inside the site's folder, the same bytes for the
same campaign. A page is one file: its style and its script stand inside it and are all that its
policy lets run (Content Security Policy 3, hashes); it asks nothing of any other host. A page with
a delivery point in its address is the same page. Source of the addresses: `content.link`.
Limits: texts are shown as they are, never as markup; the address is read by a script of a few lines
for a sticker's number alone.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from stickergen.artwork.fields import FILTERS
from stickergen.artwork.fonts import font, icon
from stickergen.artwork.typeset import phrases
from stickergen.content.link import SERIAL, Address, is_placeholder
from stickergen.press.outlines import outline
from stickergen.website import mark
from stickergen.website.card import FILE as CARD
from stickergen.website.card import SIZE_PX
from stickergen.website.site import INDEX, NOT_FOUND, Site, told

HERE = Path(__file__).parent

MOST_BYTES = 60_000
"""A page, all in, at the most: a second on a connection of 500 kbit/s."""

OTHERS = ("icon.svg", "sitemap.xml", "robots.txt")
"""What is no page: for browsers' tabs, for search engines."""

MOST_RULES = 60
"""Characters. Tuned: longer rules would push the numbers to ring off a phone's first screen."""

SHORT_CLAUSE = 14
"""Characters. Tuned: a clause that a phone's line holds is kept together; longer ones run on."""

SHORT_TERM = 8
"""Characters between quotation marks, with them, that are never parted."""

_TERM = re.compile(f"“[^“”]{{1,{SHORT_TERM - 2}}}”")

_MAY_BREAK = "\u200b"
_CLAUSE = re.compile("[ ，；。！？]*[^ ，；。！？]+[，；。！？”]* *|.+", re.DOTALL)
"""What a clause is: up to the marks behind it, or to the blank that parts a headline."""


@dataclass(frozen=True, slots=True)
class _Page:
    """A page to be written: its template, the id it is marked with, where it stands."""

    template: str
    id: str
    address: Address | None
    values: Mapping[str, Any]


def pages(site: Site, live: str | None = None) -> dict[str, bytes]:
    """Every text file of the site.

    `live` is a script for looking at pages while they are made: it loads a page anew.
    """
    environment = _environment()
    common = _common(site, live)
    found: dict[str, bytes] = {}
    all_pages = _pages(site)
    for page in all_pages:
        pictured = page.address if page.address and page.address.scam else site.overview
        card = site.file(pictured).removesuffix(INDEX) + CARD
        template = environment.get_template(page.template)
        html = template.render(
            **common,
            **page.values,
            page_id=page.id,
            icon=_Icons(),
            here=page.address,
            card=f"{site.overview.url}{card}",
        )
        content = _tight(html).encode()
        if page.address is None:
            found[NOT_FOUND] = content
        elif page.address.scam is None:
            found[site.file(page.address)] = content
        else:
            same = site.addresses(page.values["scam"])
            found |= {site.file(address): content for address in same}
    for name in OTHERS:
        template = environment.get_template(f"{name}.j2")
        found[name] = template.render(
            sitemap=f"{site.overview.url}sitemap.xml",
            addresses=[page.address for page in all_pages if page.address],
            day=site.campaign.value.date.isoformat(),
        ).encode()
    return found


def _pages(site: Site) -> list[_Page]:
    scams = [
        _Page(
            "scam.html.j2",
            scam.value.id,
            site.address(scam.value),
            {
                "scam": scam.value,
                "help_first": sum(map(len, scam.value.rules)) > MOST_RULES,
            },
        )
        for scam in site.scams
    ]
    return [
        _Page("overview.html.j2", mark.OVERVIEW, site.overview, {}),
        *scams,
        _Page("sticker.html.j2", mark.STICKER, site.sticker_page, {}),
        _Page("missing.html.j2", mark.MISSING, None, {}),
    ]


def _common(site: Site, live: str | None) -> dict[str, Any]:
    """What every page shows or needs."""
    # As they will stand in the page: their digests are in its policy.
    style = _tight(_read("style.css"))
    script = _tight(_read("serial.js").replace("SERIAL", SERIAL))
    scripts = [script] if live is None else [script, _tight(live)]
    policy = [
        "default-src 'none'",
        f"style-src {_hash(style)}",
        f"script-src {' '.join(map(_hash, scripts))}",
        "img-src 'self'",
        *(["connect-src 'self'"] if live is not None else []),
        "base-uri 'none'",
        "form-action 'none'",
    ]
    campaign = site.campaign.value
    return {
        "site": site,
        "campaign": campaign,
        "issuer": campaign.issuer,
        "scams": [scam.value for scam in site.scams],
        "words": told(site),
        "policy": "; ".join(policy),
        "style": Markup(style),
        "scripts": [Markup(one) for one in scripts],
        "mark": mark.NAME,
        "sample": is_placeholder(campaign.link),
        "card_px": SIZE_PX,
    }


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=lambda name: name is not None and ".txt" not in name,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= FILTERS
    environment.filters |= {"phrased": _phrased, "clauses": _clauses, "kept": _kept, "tel": _tel}
    environment.globals["icon_path"] = _path
    return environment


@cache
def _read(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def _hash(content: str) -> str:
    """The source expression that lets just this content run (CSP 3, 2.3.1)."""
    digest = hashlib.sha256(content.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _tight(text: str) -> str:
    """Without blank lines and indents: a third less to send."""
    return re.sub(r"\n\s*", "\n", text).strip()


def _phrased(text: str) -> str:
    """A text that a browser may break between its phrases, as on paper, and nowhere else.

    By zero-width spaces, not by elements: it stays one piece to who listens to it.
    """
    terms = [found.span() for found in _TERM.finditer(text)]
    parts, at = [""], 0
    for phrase in phrases(text):
        if any(start < at < end for start, end in terms):
            parts[-1] += phrase
        else:
            parts.append(phrase)
        at += len(phrase)
    return _MAY_BREAK.join(filter(None, parts))


def _clauses(text: str) -> Markup:
    """A headline or a rule: a short clause is not broken, where a line holds it."""
    found = Markup()
    for clause in _CLAUSE.findall(text):
        short = len(clause) <= SHORT_CLAUSE
        found += Markup("<span>{}</span>" if short else "{}").format(_phrased(clause))
    return found


def _kept(text: str) -> Markup:
    """A date or an amount, which a line holds whole if it can."""
    return Markup('<span class="kept">{}</span>').format(text)


def _tel(number: str) -> str:
    """A telephone number as an address (RFC 3966, 3)."""
    return "tel:" + re.sub(r"[^0-9]", "", number)


class _Icons:
    """The icons of a page: each drawn once, at its end, and used wherever it is called for.

    They say nothing that the text beside them does not.
    """

    def __init__(self) -> None:
        self._names: dict[str, None] = {}

    def __call__(self, name: str) -> Markup:
        self._names[name] = None
        return Markup('<svg aria-hidden="true"><use href="#icon-{}"/></svg>').format(name)

    def drawn(self) -> Markup:
        """The outlines that the page's icons refer to."""
        symbol = Markup('<symbol id="icon-{}" viewBox="0 0 1000 1000"><path d="{}"/></symbol>')
        found = Markup().join(symbol.format(name, _path(name)) for name in self._names)
        return Markup('<svg class="drawn" aria-hidden="true">{}</svg>').format(found)


@cache
def _path(name: str) -> str:
    """An icon's outline as SVG path data, in whole thousandths of an em, y downwards."""
    letters = {"move": "M", "line": "L", "curve": "C", "close": "Z"}
    top = font("icons").ascent
    found = []
    for step in outline("icons", icon(name)):
        numbers = (n for x, y in step.points for n in (1000 * x, 1000 * (top - y)))
        found.append(letters[step.kind] + " ".join(f"{n:.0f}" for n in numbers))
    return "".join(found)
