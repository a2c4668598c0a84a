"""Rules on the file as a whole: version and structure, document information, XMP.

Clauses F, I and X of the rule list. 15930-4, -6 and -7 are the parts of ISO 15930 for
PDF/X-1a:2003, PDF/X-3:2003 and PDF/X-4; AN is CGATS, Application Notes for PDF/X Standards,
version 4.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import pikepdf

from stickergen.proof.expected import Standard
from stickergen.proof.finding import Finding, Severity
from stickergen.proof.rules import EVERY, PDF_X, X1A, X3, X4, rule
from stickergen.proof.rules.objects import (
    UNREADABLE,
    Value,
    catalogue,
    content,
    elements,
    entry,
    items,
    label,
    name,
    once,
    text,
    told,
)
from stickergen.proof.subject import Subject

_MOST: Mapping[Standard, str] = {X1A: "1.4", X3: "1.4", X4: "1.6"}
"""The PDF version that a standard is built on (15930-4, 15930-6 and 15930-7, clause 5)."""

_CLAIM: Mapping[Standard, str] = {X1A: "PDF/X-1a:2003", X3: "PDF/X-3:2003", X4: "PDF/X-4"}
"""How a file names its standard."""

_HEADER_WITHIN = 1024  # bytes a reader searches for the header (ISO 32000-1, annex H.3.4.1)


# --- F: the file ---


@rule("F1", *PDF_X)
def pdf_version(subject: Subject) -> Iterator[Finding]:
    """A newer version is a sign of features that an older RIP prints wrongly or not at all.

    The header and the catalogue's Version count. 15930-4 clause 5 judges by the features used;
    this list is stricter and takes the version at its word.
    Passes: `%PDF-1.4` in an X-1a file, `%PDF-1.6` in an X-4 file.
    Fails: `%PDF-1.7`, or a catalogue with `/Version /1.7`.
    """
    header = re.search(rb"%PDF-(\d\.\d)", subject.data[:_HEADER_WITHIN])
    versions = [header.group(1).decode()] if header else ["?"]
    versions += [found for found in [name(entry(catalogue(subject), "/Version"))] if found]
    most = _MOST[subject.standard]
    if (highest := max(versions)) > most:  # "?" sorts above the digits
        yield Finding("pdf-version", values={"version": highest, "most": most})


@rule("F2", *EVERY)
def encrypted(subject: Subject) -> Iterator[Finding]:
    """A locked file stops in the print shop's workflow, even one that opens without a password.

    15930-4 6.11, AN 2.11.
    Passes: no Encrypt in the trailer.
    Fails: a file saved with an owner password that forbids changes.
    """
    if subject.pdf.is_encrypted:
        yield Finding("encrypted")


@rule("F3", *PDF_X)
def file_id(subject: Subject) -> Iterator[Finding]:
    """The identifier tells two deliveries of one title apart in the shop's system.

    Required by all parts of ISO 15930; ISO 32000-1, 14.4.
    Passes: `/ID [<3f…> <3f…>]` in the trailer.
    Fails: no ID, or one string only.
    """
    parts = [_string_bytes(part) for part in elements(entry(subject.pdf.trailer, "/ID"))]
    if len(parts) != 2 or not all(parts):
        yield Finding("file-id")


def _string_bytes(value: Value) -> bytes:
    """The bytes of a string; nothing if it is none."""
    return bytes(value) if isinstance(value, pikepdf.String) else b""


@rule("F4", X1A, X3)
def object_streams(subject: Subject) -> Iterator[Finding]:
    """Object and cross-reference streams came with PDF 1.5; an older RIP cannot open the file.

    Follows from PDF 1.4 as the base of 15930-4 and 15930-6.
    Passes: a classic `xref` table and every object in the open.
    Fails: `/Type /ObjStm`, as most programs write to save room.
    """
    if re.search(rb"/Type\s*/(?:ObjStm|XRef)\b", subject.data):
        yield Finding("object-streams")


# --- I: document information ---

_DATES = ("CreationDate", "ModDate")
_PDF_DATE = re.compile(
    r"D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:Z(?:00'00'?)?|([+-])(\d\d)'(\d\d)'?)"
)
"""A date to the second with its zone (ISO 32000-1, 7.9.4)."""


def _info(subject: Subject) -> Value:
    """The document information; pikepdf's own `docinfo` would make one."""
    return entry(subject.pdf.trailer, "/Info")


def _info_text(subject: Subject, key: str) -> str | None:
    return text(entry(_info(subject), f"/{key}"))


@rule("I1", X1A, X3)
def document_information(subject: Subject) -> Iterator[Finding]:
    """Title and dates are how operators tell jobs and their corrections apart.

    Title, CreationDate and ModDate must be there and must not be empty (15930-4 and -6).
    Passes: `/Title (stickers)` and both dates.
    Fails: no ModDate, or `/Title ()`.
    """
    for key in ("Title", *_DATES):
        value = entry(_info(subject), f"/{key}")
        if value is None or text(value) == "":
            yield Finding("document-information", values={"key": key})


@rule("I2", *PDF_X)
def document_date(subject: Subject) -> Iterator[Finding]:
    """A date in another form is dropped by the systems that sort deliveries by it.

    ISO 32000-1, 7.9.4, written in full to the second with the time zone.
    Passes: `/ModDate (D:20261122093000+08'00')`.
    Fails: `/ModDate (2026-11-22)`.
    """
    for key in _DATES:
        value = entry(_info(subject), f"/{key}")
        if value is None or text(value) == "":
            continue
        if not _PDF_DATE.fullmatch(text(value) or ""):
            yield Finding("document-date", values={"key": key, "value": told(value)})


@rule("I3", *PDF_X)
def trapped(subject: Subject) -> Iterator[Finding]:
    """Trapped says whether the overlaps between inks were made: if not, the shop makes them.

    The name True or False, not a boolean, not a string, not Unknown (AN 2.17).
    Passes: `/Trapped /False`.
    Fails: `/Trapped false`, `/Trapped /Unknown`, or nothing.
    """
    value = entry(_info(subject), "/Trapped")
    if name(value) not in ("True", "False"):
        yield Finding("trapped", values={"value": "–" if value is None else told(value)})


@rule("I4", *PDF_X)
def standard_claim(subject: Subject) -> Iterator[Finding]:
    """The file must say which standard it keeps: the shop's intake sorts by it.

    GTS_PDFXVersion of the document information (AN 2); in X-4 the claim stands in XMP, but a
    different one here contradicts it.
    Passes: `/GTS_PDFXVersion (PDF/X-1a:2003)` in an X-1a file.
    Fails: `(PDF/X-1a:2001)`, or no entry.
    """
    wanted = _CLAIM[subject.standard]
    value = entry(_info(subject), "/GTS_PDFXVersion")
    if value is None and subject.standard == X4:
        return
    if text(value) != wanted:
        shown = "–" if value is None else told(value)
        yield Finding("standard-claim", values={"value": shown, "wanted": wanted})


@rule("I5", X1A, X3)
def information_not_text(subject: Subject) -> Iterator[Finding]:
    """A value of the wrong type stops strict readers before the first page.

    Every value of the document information but Trapped is a text string (AN 2.29).
    Passes: `/Author (Hongshan)`.
    Fails: `/Author 7`.
    """
    for key, value in items(_info(subject)):
        if key in ("/Trapped", "/GTS_PDFXVersion", "/CreationDate", "/ModDate"):
            continue  # told by their own rules
        if value is not None and text(value) is None:
            values = {"key": label(key), "value": told(value)}
            yield Finding("information-not-text", values=values)


@rule("I6", *PDF_X)
def information_maker(subject: Subject) -> Iterator[Finding]:
    """When a file misprints, the shop asks first which program made it.

    Creator and Producer; recommended only, some programs demand them.
    Passes: `/Creator (stickergen)` and `/Producer (stickergen)`.
    Fails: neither key.
    """
    for key in ("Creator", "Producer"):
        if not _info_text(subject, key):
            yield Finding("information-maker", values={"key": key}, severity="warning")


# --- X: XMP metadata ---

_PDFX_ID = "{http://www.npes.org/pdfx/ns/id/}GTS_PDFXVersion"
"""The claim of X-4 (15930-7), by its full name: not every reader knows the prefix pdfxid."""

_REQUIRED = (
    "dc:title",
    "xmp:CreateDate",
    "xmp:ModifyDate",
    "xmp:MetadataDate",
    "xmpMM:DocumentID",
    "xmpMM:VersionID",
    "xmpMM:RenditionClass",
)
"""What X-4's XMP holds (15930-7; the properties are those that X-4 writers agree on)."""

_SAME: tuple[tuple[str, str], ...] = (
    ("Title", "dc:title"),
    ("CreationDate", "xmp:CreateDate"),
    ("ModDate", "xmp:ModifyDate"),
    ("Creator", "xmp:CreatorTool"),
    ("Producer", "pdf:Producer"),
)
"""What is said both in the document information and in XMP (ISO 16684-1; ISO 32000-1, 14.3.3)."""


@once
def _xmp(subject: Subject) -> Mapping[str, str] | None:
    """The properties the rules ask for; None without XMP, or if it cannot be read."""
    if not content(entry(catalogue(subject), "/Metadata")).strip():
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an odd type of value is judged here, by the rules
        try:
            found = subject.pdf.open_metadata(
                set_pikepdf_as_editor=False, update_docinfo=False, strict=True
            )
            asked = (*_REQUIRED, _PDFX_ID, "pdf:Trapped", *(field for _, field in _SAME))
            return {field: str(found[field]) for field in asked if field in found}
        except UNREADABLE:
            return None


@rule("X1", X4)
def xmp_missing(subject: Subject) -> Iterator[Finding]:
    """An X-4 file says in XMP what it is; without it no reader takes it for PDF/X-4.

    15930-7; ISO 16684-1 for its form.
    Passes: `/Metadata` in the catalogue, a stream of well-formed XMP.
    Fails: no Metadata, or XML that breaks off.
    """
    if _xmp(subject) is None:
        yield Finding("xmp-missing")


@rule("X1", X4)
def xmp_claim(subject: Subject) -> Iterator[Finding]:
    """The shop's intake sorts X-4 files by this property.

    pdfxid:GTS_PDFXVersion in the namespace http://www.npes.org/pdfx/ns/id/ (15930-7).
    Passes: `<pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion>`.
    Fails: `PDF/X-4p`, or no such property.
    """
    xmp = _xmp(subject)
    if xmp is not None and xmp.get(_PDFX_ID) != _CLAIM[X4]:
        values = {"value": xmp.get(_PDFX_ID, "–"), "wanted": _CLAIM[X4]}
        yield Finding("xmp-claim", values=values)


@rule("X2", X4)
def xmp_property(subject: Subject) -> Iterator[Finding]:
    """Versions of one job are told apart by its identifiers, title and dates in XMP.

    dc:title, the three dates and xmpMM's DocumentID, VersionID and RenditionClass (15930-7).
    Passes: all seven are there and not empty.
    Fails: no `xmpMM:VersionID`.
    """
    xmp = _xmp(subject)
    for field in _REQUIRED if xmp is not None else ():
        if xmp is not None and not xmp.get(field, "").strip():
            yield Finding("xmp-property", values={"field": field})


@rule("X3", *PDF_X)
def xmp_trapped(subject: Subject) -> Iterator[Finding]:
    """Two answers to the question whether traps were made are none.

    pdf:Trapped is True or False and equals the document information; X-4 requires it, in X-1a
    and X-3 it must only not contradict.
    Passes: `<pdf:Trapped>False</pdf:Trapped>` with `/Trapped /False`.
    Fails: `<pdf:Trapped>True</pdf:Trapped>` with `/Trapped /False`.
    """
    xmp = _xmp(subject)
    if xmp is None or ("pdf:Trapped" not in xmp and subject.standard != X4):
        return
    value, info = xmp.get("pdf:Trapped", "–"), name(entry(_info(subject), "/Trapped"))
    if value not in ("True", "False") or info not in (None, value):
        yield Finding("xmp-trapped", values={"value": value, "info": info or "–"})


@rule("X4", *PDF_X)
def xmp_differs(subject: Subject) -> Iterator[Finding]:
    """Half of all programs read the document information, half read XMP: both must say the same.

    Title, dates to the second, creator and producer; required in X-4, else recommended.
    Passes: `/Title (stickers)` and dc:title `stickers`.
    Fails: a ModDate an hour older than xmp:ModifyDate.
    """
    severity: Severity = "error" if subject.standard == X4 else "warning"
    for key, field in _SAME:
        info, xmp = _info_text(subject, key), (_xmp(subject) or {}).get(field)
        if not info or not xmp:
            continue
        same = _same_moment(info, xmp) if key in _DATES else info == xmp
        if not same:
            values = {"key": key, "info": told(info), "xmp": told(xmp)}
            yield Finding("xmp-differs", values=values, severity=severity)


def _same_moment(info: str, xmp: str) -> bool:
    """Whether two dates are the same second; a date of another form is another rule's matter."""
    found = _PDF_DATE.fullmatch(info)
    if found is None:
        return True
    year, month, day, hour, minute, second, sign, hours, minutes = found.groups()
    zone = f"{sign}{hours}:{minutes}" if sign else "+00:00"
    try:
        first = datetime.fromisoformat(f"{year}-{month}-{day}T{hour}:{minute}:{second}{zone}")
        other = datetime.fromisoformat(xmp)
    except ValueError:
        return False
    if other.tzinfo is None:
        return first.replace(tzinfo=None) == other.replace(microsecond=0)
    return first.astimezone(UTC) == other.astimezone(UTC).replace(microsecond=0)


@rule("X5", *PDF_X)
def xmp_compressed(subject: Subject) -> Iterator[Finding]:
    """Systems that know no PDF search the bytes of a file for its XMP packet.

    Recommended (ISO 32000-1, 14.3.2).
    Passes: a Metadata stream without Filter.
    Fails: `/Filter /FlateDecode` in the Metadata stream.
    """
    if entry(catalogue(subject), "/Metadata", "/Filter") is not None:
        yield Finding("xmp-compressed", severity="warning")
