"""Rules on the output intent: for which press, paper and inks the file was made.

Clause O of the rule list. 15930-4, -6 and -7 are the parts of ISO 15930 for PDF/X-1a:2003,
PDF/X-3:2003 and PDF/X-4; AN is CGATS, Application Notes for PDF/X Standards, version 4. Limit:
the ICC profile's header is read, not its tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from stickergen.proof.conditions import registered
from stickergen.proof.finding import Finding, Severity
from stickergen.proof.rules import PDF_X, X1A, X3, X4, rule
from stickergen.proof.rules.objects import (
    Value,
    catalogue,
    content,
    elements,
    entry,
    is_stream,
    name,
    number,
    once,
    text,
    told,
)
from stickergen.proof.rules.spaces import INDEPENDENT, uses
from stickergen.proof.subject import Subject

REGISTRY = "http://www.color.org"
"""The registry of printing conditions (PDF Reference 1.4, table 9.46; AN 2.16)."""


def intents(subject: Subject) -> list[Value]:
    """The output intents of PDF/X; those of PDF/A may stand beside them."""
    found = elements(entry(catalogue(subject), "/OutputIntents"))
    return [intent for intent in found if name(entry(intent, "/S")) == "GTS_PDFX"]


def _intent(subject: Subject) -> Value:
    """The one that the other rules judge."""
    return next(iter(intents(subject)), None)


def _condition(subject: Subject) -> str:
    return (text(entry(_intent(subject), "/OutputConditionIdentifier")) or "").strip()


@rule("O1", *PDF_X)
def output_intent(subject: Subject) -> Iterator[Finding]:
    """CMYK numbers mean a colour only on a given press and paper: the output intent names them.

    Exactly one OutputIntent with S GTS_PDFX (AN 2.16); others, as GTS_PDFA1, may stand beside it.
    Passes: one intent for FOGRA39.
    Fails: none, or two.
    """
    if (count := len(intents(subject))) != 1:
        yield Finding("output-intent", values={"count": count})


@rule("O2", *PDF_X)
def condition_missing(subject: Subject) -> Iterator[Finding]:
    """The identifier is the name by which the shop picks press, paper and proof.

    OutputConditionIdentifier, not empty (PDF Reference 1.4, table 9.46).
    Passes: `/OutputConditionIdentifier (FOGRA39)`.
    Fails: `/OutputConditionIdentifier ()`.
    """
    if _intent(subject) is not None and not _condition(subject):
        yield Finding("condition-missing")


@rule("O2", *PDF_X)
def condition_differs(subject: Subject) -> Iterator[Finding]:
    """Printed for another paper, the colours of the whole order are off.

    The identifier must be the printing condition that was ordered.
    Passes: ordered FOGRA39, `/OutputConditionIdentifier (FOGRA39)`.
    Fails: ordered FOGRA39, `/OutputConditionIdentifier (FOGRA47)`.
    """
    wanted, found = subject.expected.condition, _condition(subject)
    if wanted is not None and found and found != wanted:
        yield Finding("condition-differs", values={"condition": found, "wanted": wanted})


@rule("O3", *PDF_X)
def condition_info(subject: Subject) -> Iterator[Finding]:
    """Info tells a person which press and paper a name stands for.

    Required if the identifier is no registered name (PDF Reference 1.4, table 9.46), else
    recommended.
    Passes: `/Info (Offset, coated paper, ISO 12647-2)`.
    Fails: `/OutputConditionIdentifier (Custom)` without Info.
    """
    intent = _intent(subject)
    if intent is not None and not text(entry(intent, "/Info")):
        severity: Severity = "warning" if _condition(subject) in registered() else "error"
        values = {"condition": _condition(subject) or "–"}
        yield Finding("condition-info", values=values, severity=severity)


@rule("O4", X1A, X3)
def condition_not_registered(subject: Subject) -> Iterator[Finding]:
    """A name without a profile is of use only if everybody can look it up.

    DestOutputProfile may be absent only if the identifier is a name of the ICC registry and
    RegistryName says so (AN 2.16, 3.3).
    Passes: `FOGRA39` with `/RegistryName (http://www.color.org)`, or any name with a profile.
    Fails: `Coated FOGRA39` without profile, or `FOGRA39` without RegistryName.
    """
    intent, condition = _intent(subject), _condition(subject)
    if intent is None or not condition or is_stream(entry(intent, "/DestOutputProfile")):
        return
    registry = text(entry(intent, "/RegistryName")) or "–"
    if condition not in registered() or registry != REGISTRY:
        values = {"condition": condition, "registry": registry}
        yield Finding("condition-not-registered", values=values)


@rule("O4", X3, X4)
def output_profile_missing(subject: Subject) -> Iterator[Finding]:
    """Without the profile, device-independent colours cannot be turned into inks.

    X-4 requires DestOutputProfile always (15930-7), X-3 as soon as a device-independent colour
    is used (15930-6).
    Passes: an ICC profile in DestOutputProfile.
    Fails: an X-4 file that only names FOGRA39.
    """
    intent = _intent(subject)
    if intent is None or is_stream(entry(intent, "/DestOutputProfile")):
        return
    if subject.standard == X4 or any(use.family in INDEPENDENT for use in uses(subject)):
        yield Finding("output-profile-missing", values={"condition": _condition(subject) or "–"})


@dataclass(frozen=True, slots=True)
class _Profile:
    """The header of the output intent's ICC profile (ICC.1, 7.2)."""

    length: int
    size: int
    version: int
    kind: str
    space: str
    channels: Value

    @classmethod
    def read(cls, stream: Value) -> _Profile | None:
        """None if this is no ICC profile."""
        data = content(stream)
        if len(data) < 128 or data[36:40] != b"acsp":
            return None
        kind, space = (data[at : at + 4].decode("latin-1").strip() for at in (12, 16))
        size = int.from_bytes(data[:4], "big")
        return cls(len(data), size, data[8], kind, space, entry(stream, "/N"))


_CHANNELS = {"CMYK": 4, "RGB": 3, "GRAY": 1}


@once
def _profile(subject: Subject) -> _Profile | None:
    return _Profile.read(entry(_intent(subject), "/DestOutputProfile"))


def intent_space(subject: Subject) -> str:
    """CMYK, RGB or GRAY: the inks of the output intent. Without a profile CMYK, as are all
    registered conditions.
    """
    profile = _profile(subject)
    return profile.space if profile is not None and profile.space in _CHANNELS else "CMYK"


@rule("O5", *PDF_X)
def output_profile_damaged(subject: Subject) -> Iterator[Finding]:
    """A RIP that cannot read the profile prints with its own, in other colours.

    ICC.1, 7.2: the signature acsp, and a size field that is the profile's length.
    Passes: the bytes of an .icc file as they are.
    Fails: a profile that was cut off.
    """
    stream, profile = entry(_intent(subject), "/DestOutputProfile"), _profile(subject)
    if is_stream(stream) and (profile is None or profile.size != profile.length):
        yield Finding("output-profile-damaged", values={"length": len(content(stream))})


@rule("O5", *PDF_X)
def output_profile_class(subject: Subject) -> Iterator[Finding]:
    """Only a printer's profile says how inks look on paper.

    ICC.1, 7.2: device class prtr.
    Passes: ISOcoated_v2_300_bas.icc.
    Fails: sRGB.icc, whose class is mntr (a monitor).
    """
    profile = _profile(subject)
    if profile is not None and profile.kind != "prtr":
        yield Finding("output-profile-class", values={"kind": profile.kind})


@rule("O6", *PDF_X)
def output_profile_channels(subject: Subject) -> Iterator[Finding]:
    """N tells a reader how many inks the profile has before it opens it.

    ISO 32000-1, 8.6.5.5: N equals the number of the profile's channels.
    Passes: `/N 4` with a CMYK profile.
    Fails: `/N 3` with a CMYK profile.
    """
    profile = _profile(subject)
    wanted = _CHANNELS.get(profile.space) if profile is not None else None
    if profile is not None and wanted is not None and number(profile.channels) != wanted:
        values = {
            "value": "–" if profile.channels is None else told(profile.channels),
            "wanted": wanted,
        }
        yield Finding("output-profile-channels", values=values)


@rule("O7", *PDF_X)
def output_profile_version(subject: Subject) -> Iterator[Finding]:
    """RIPs of the time of PDF 1.4 know ICC profiles up to version 2.

    Version 2 for X-1a and X-3, 2 or 4 for X-4 (ICC.1, 7.2.4).
    Passes: a profile of version 2.
    Fails: a profile of version 4 in an X-1a file.
    """
    profile, most = _profile(subject), 4 if subject.standard == X4 else 2
    if profile is not None and profile.version > most:
        values = {"version": profile.version, "most": most}
        yield Finding("output-profile-version", values=values)


@rule("O8", *PDF_X)
def output_profile_space(subject: Subject) -> Iterator[Finding]:
    """The order is printed in CMYK: a profile of other inks answers no question of the shop.

    X-1a: CMYK or grey. X-3 and X-4: CMYK, RGB or grey. GWG 2015 4.30 asks for CMYK everywhere;
    what only that forbids is a warning.
    Passes: a CMYK profile.
    Fails: an RGB profile in an X-1a file.
    """
    profile = _profile(subject)
    if profile is None or profile.space == "CMYK":
        return
    allowed = ("GRAY",) if subject.standard == X1A else ("GRAY", "RGB")
    severity: Severity = "warning" if profile.space in allowed else "error"
    yield Finding("output-profile-space", values={"space": profile.space}, severity=severity)


@rule("O9", X3)
def icc_alternate(subject: Subject) -> Iterator[Finding]:
    """An alternate lets a reader skip the profile, and two readers then print two colours.

    15930-6: no Alternate in the ICC stream of a colour space.
    Passes: `[/ICCBased 9 0 R]` with `/N 3` alone in the stream.
    Fails: `/Alternate /DeviceRGB` in that stream.
    """
    for use in uses(subject):
        profile = use.parts[1] if use.family == "ICCBased" and len(use.parts) > 1 else None
        alternate = entry(profile, "/Alternate")
        if alternate is not None:
            values = {"space": use.name, "alternate": told(alternate)}
            yield Finding("icc-alternate", page=use.page, values=values)
