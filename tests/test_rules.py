"""The document rules: a good file gives no finding, a broken copy exactly its own.

Comes in: the good files of trial_pdf, and for each rule at least one way to break them in each of
its standards. Goes out: the codes that are found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String
from trial_pdf import (
    BLEED,
    PROFILE,
    SHORT,
    VERSION,
    Change,
    add_xmp,
    annotation,
    changed,
    condition,
    dot,
    form,
    formed,
    good,
    image,
    info,
    page,
    paint,
    profiled,
    resource,
    root,
    saved,
    spot,
    state,
    xmp,
)

from stickergen.problem import Problem, worded
from stickergen.proof.expected import Expected, Standard
from stickergen.proof.finding import Finding
from stickergen.proof.rules import (
    EVERY,
    PDF_X,
    RULES,
    X1A,
    X3,
    X4,
    colours,
    document,
    intent,
    pages,
    resources,
    transparency,
)
from stickergen.proof.subject import Subject

ROOMS = (document, intent, pages, resources, transparency, colours)
LIST = {
    code: rule
    for code, rule in RULES.items()
    if rule.find.__module__ in {room.__name__ for room in ROOMS}
}
"""The rules of these rooms; what is painted has tests of its own."""

PLAIN: tuple[Standard, ...] = ("plain",)
BEFORE_X4: tuple[Standard, ...] = (X1A, X3)


def subject(data: bytes, standard: Standard, ordered: str | None = None) -> Subject:
    return Subject.of("trial.pdf", data, Expected(standard, condition=ordered))


def proved(proofed: Subject) -> list[Finding]:
    """All findings of the standard's rules; each speaks for its own rule and can be worded."""
    found = []
    for rule in LIST.values():
        if proofed.standard in rule.standards:
            mine = list(rule.find(proofed))
            assert {finding.check for finding in mine} <= {rule.code}
            found += mine
    for finding in found:
        problem = Problem(finding.check, None, dict(finding.values))
        assert worded(problem, "zh").sentence
        assert worded(problem, "en").hint
    return found


def codes(data: bytes, standard: Standard, ordered: str | None = None) -> list[str]:
    return sorted(finding.check for finding in proved(subject(data, standard, ordered)))


@pytest.mark.parametrize("standard", EVERY)
def test_a_good_file_gives_no_finding(standard: Standard) -> None:
    assert codes(good(standard), standard) == []
    assert codes(good(standard), standard, None if standard == "plain" else "FOGRA39") == []


# --- ways to break it ---


@dataclass(frozen=True)
class Break:
    """A fault, for the rule of this code; `also` are other codes that cannot be avoided."""

    code: str
    standards: tuple[Standard, ...]
    change: Change
    severity: str = "error"
    also: tuple[str, ...] = ()


SCRIPT = {"S": Name.JavaScript, "JS": String("app.beep(0)")}
NAMED = {"S": Name.Named, "N": Name.Print}


def entry(**given: Any) -> Change:
    """A dictionary, made anew for each file."""
    return lambda pdf: Dictionary(
        {f"/{key}": value(pdf) if callable(value) else value for key, value in given.items()}
    )


def array(*given: Any) -> Change:
    return lambda pdf: Array([value(pdf) if callable(value) else value for value in given])


def icc(**given: Any) -> Change:
    """An ICCBased colour space."""
    return array(Name.ICCBased, lambda pdf: pdf.make_stream(SHORT, **given))


def two_intents(pdf: Pdf) -> None:
    pdf.Root.OutputIntents.append(pdf.Root.OutputIntents[0])


def inherited_trim(pdf: Pdf) -> None:
    pdf.Root.Pages.TrimBox = pdf.pages[1].obj.TrimBox
    del pdf.pages[1].obj.TrimBox


def uninformed_custom(pdf: Pdf) -> None:
    condition("OutputConditionIdentifier", String("Custom"))(pdf)
    condition("Info", None)(pdf)


def rgb_intent(pdf: Pdf) -> None:
    """An intent in RGB, and one page with nothing in CMYK but operators."""
    profiled(16, b"RGB ", n=3)(pdf)
    del pdf.pages[1]
    del pdf.pages[0].obj.Resources.XObject
    del pdf.pages[0].obj.Resources.ColorSpace


LAB = array(Name.Lab, entry(WhitePoint=array(0.96, 1, 0.82)))
GROUP_RGB = entry(S=Name.Transparency, CS=Name.DeviceRGB)
HELVETICA = entry(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
CID_FONT = entry(Type=Name.Font, Subtype=Name.CIDFontType2, FontDescriptor=entry())
ATTACHMENT = entry(Type=Name.Filespec, F=String("a.xls"), EF=entry())
LINK = ("Link", 100, 60, 120, 80)

BREAKS = [
    Break("pdf-version", PDF_X, root("Version", Name("/1.7"))),
    Break("document-information", BEFORE_X4, info("ModDate", None)),
    Break("document-information", BEFORE_X4, info("Title", String(""))),
    Break("document-date", PDF_X, info("ModDate", String("2026-11-22"))),
    Break("document-date", PDF_X, info("CreationDate", 2026)),
    Break("trapped", PDF_X, info("Trapped", False)),
    Break("trapped", PDF_X, info("Trapped", String("False"))),
    Break("trapped", BEFORE_X4, info("Trapped", Name.Unknown)),
    Break("trapped", PDF_X, info("Trapped", None)),
    Break("standard-claim", BEFORE_X4, info("GTS_PDFXVersion", None)),
    Break("standard-claim", PDF_X, info("GTS_PDFXVersion", String("PDF/X-1:2001"))),
    Break("information-not-text", BEFORE_X4, info("Author", 7)),
    Break("information-maker", PDF_X, info("Producer", None), "warning"),
    Break("xmp-missing", (X4,), root("Metadata", None)),
    Break("xmp-missing", (X4,), root("Metadata", lambda pdf: pdf.make_stream(b"<x><y"))),
    Break("xmp-claim", (X4,), xmp("pdfxid:GTS_PDFXVersion", "PDF/X-4p")),
    Break("xmp-claim", (X4,), xmp("pdfxid:GTS_PDFXVersion", None)),
    Break("xmp-property", (X4,), xmp("xmpMM:VersionID", None)),
    Break("xmp-trapped", PDF_X, xmp("pdf:Trapped", "True")),
    Break("xmp-trapped", (X4,), xmp("pdf:Trapped", None)),
    Break("xmp-differs", (X4,), xmp("xmp:ModifyDate", "2026-11-22T01:30:01Z")),
    Break("xmp-differs", (X4,), xmp("xmp:CreateDate", "2026-11-22T09:30:00Z")),
    Break("xmp-differs", BEFORE_X4, xmp("dc:title", "flyers"), "warning"),
    Break("output-intent", PDF_X, root("OutputIntents", None)),
    Break("output-intent", PDF_X, two_intents),
    Break("condition-missing", PDF_X, condition("OutputConditionIdentifier", String(""))),
    Break("condition-info", PDF_X, condition("Info", None), "warning"),
    Break("condition-info", (X4,), uninformed_custom),
    Break(
        "condition-not-registered",
        BEFORE_X4,
        condition("OutputConditionIdentifier", String("Coated FOGRA39")),
    ),
    Break("condition-not-registered", BEFORE_X4, condition("RegistryName", None)),
    Break("output-profile-missing", (X4,), condition("DestOutputProfile", None)),
    Break("output-profile-missing", (X3,), resource("ColorSpace", "CS7", LAB)),
    Break("output-profile-damaged", PDF_X, profiled(length=len(PROFILE) - 4)),
    Break("output-profile-damaged", PDF_X, profiled(36, b"ACSP")),
    Break("output-profile-damaged", PDF_X, profiled(length=100)),
    Break("output-profile-class", PDF_X, profiled(12, b"mntr")),
    Break("output-profile-channels", PDF_X, profiled(n=3)),
    Break("output-profile-version", BEFORE_X4, profiled(8, b"\4")),
    Break("output-profile-version", PDF_X, profiled(8, b"\5")),
    Break("output-profile-space", (X1A,), profiled(16, b"RGB ", n=3)),
    Break("output-profile-space", (X1A,), profiled(16, b"GRAY", n=1), "warning"),
    Break("output-profile-space", (X3, X4), profiled(16, b"Lab ")),
    Break(
        "icc-alternate",
        (X3,),
        resource("ColorSpace", "CS7", icc(N=3, Alternate=Name.DeviceRGB)),
        also=("output-profile-missing",),  # the file has no profile to turn that colour into inks
    ),
    Break("trim-box-missing", PDF_X, page(2, "TrimBox", None)),
    Break("trim-box-missing", PDF_X, inherited_trim),
    Break("trim-and-art-box", PDF_X, page(2, "ArtBox", lambda pdf: pdf.pages[1].obj.TrimBox)),
    Break("box-malformed", PDF_X, page(2, "BleedBox", array(1, 2, 3))),
    Break("box-malformed", PDF_X, page(2, "TrimBox", array(50, 50, 50, 90))),
    Break("box-not-nested", EVERY, page(2, "BleedBox", array(40, *BLEED[1:]))),
    Break("box-not-nested", EVERY, page(2, "BleedBox", array(20, -20, 320, 180))),
    Break("box-not-nested", PLAIN, page(2, "CropBox", array(40, 40, 300, 160))),
    Break("user-unit", PDF_X, page(2, "UserUnit", 10), "warning"),
    Break("crop-box", PDF_X, page(2, "CropBox", array(*BLEED)), "warning"),
    Break("page-rotated", PDF_X, page(2, "Rotate", 90), "warning"),
    Break("trim-size-differs", PDF_X, page(2, "TrimBox", array(28.5, 28.5, 300, 171.5)), "warning"),
    Break("annotation-on-print", EVERY, annotation(*LINK, A=entry(S=Name.URI))),
    Break("annotation-on-print", (X4, *PLAIN), annotation("TrapNet", 0, 0, 99, 99)),
    Break("annotation-on-print", PDF_X, annotation("PrinterMark", 0, 0, 30, 30)),
    Break("javascript", EVERY, root("OpenAction", entry(**SCRIPT))),
    Break("javascript", EVERY, page(1, "AA", entry(O=entry(**SCRIPT)))),
    Break(
        "javascript",
        EVERY,
        root("Names", entry(JavaScript=entry(Names=array(String("a"), entry(**SCRIPT))))),
    ),
    Break("action", (*BEFORE_X4, *PLAIN), root("OpenAction", entry(**NAMED))),
    Break("action", (*BEFORE_X4, *PLAIN), page(1, "AA", entry(O=entry(**NAMED)))),
    Break("action", (*BEFORE_X4, *PLAIN), annotation("Link", 0, 0, 9, 9, A=entry(S=Name.GoTo))),
    Break("action", BEFORE_X4, root("OpenAction", lambda pdf: Array([pdf.pages[0].obj, Name.Fit]))),
    Break("presentation", PDF_X, page(2, "PresSteps", entry(Type=Name.NavNode))),
    Break("presentation", PDF_X, root("Names", entry(AlternatePresentations=entry()))),
    Break("form-fields", PDF_X, root("AcroForm", entry(Fields=array(entry(FT=Name.Tx))))),
    Break("form-fields", PDF_X, root("AcroForm", entry(Fields=array(), XFA=String("<xdp/>")))),
    Break("viewer-area", PDF_X, root("ViewerPreferences", entry(PrintArea=Name.TrimBox))),
    Break("font-not-embedded", EVERY, resource("Font", "F7", HELVETICA)),
    Break(
        "font-not-embedded",
        EVERY,
        resource("Font", "F7", entry(Subtype=Name.Type0, DescendantFonts=array(CID_FONT))),
    ),
    Break("lzw-filter", PDF_X, image(Filter=array(Name.ASCII85Decode, Name.LZWDecode))),
    Break("lzw-filter", PDF_X, paint(b"BI /W 1 /H 1 /BPC 8 /CS /G /F /LZW ID \x80\x0b\x60 EI")),
    Break("jbig2-filter", BEFORE_X4, image(Filter=Name.JBIG2Decode)),
    Break("jpx-filter", BEFORE_X4, image(Filter=Name.JPXDecode)),
    Break("external-stream", PDF_X, image(F=String("photo.raw"))),
    Break("file-specification", PDF_X, root("Names", entry(EmbeddedFiles=ATTACHMENT))),
    Break("reference-xobject", PDF_X, form(Ref=entry(F=String("advert.pdf"), Page=0))),
    Break("opi", PDF_X, image(OPI=entry())),
    Break("transparency-group", BEFORE_X4, page(2, "Group", entry(S=Name.Transparency))),
    Break("transparency-group", BEFORE_X4, form(Group=entry(S=Name.Transparency))),
    Break("soft-mask", BEFORE_X4, state(SMask=entry(S=Name.Luminosity, G=formed()))),
    Break("soft-mask", BEFORE_X4, image(SMask=dot())),
    Break("soft-mask", BEFORE_X4, image(SMaskInData=1)),
    Break("opacity", BEFORE_X4, state(CA=1, ca=0.5)),
    Break("blend-mode", BEFORE_X4, state(BM=Name.Multiply)),
    Break("blend-space", (X4,), page(2, "Group", GROUP_RGB), "warning"),
    Break(
        "blend-space",
        (X4,),
        state(SMask=entry(S=Name.Luminosity, G=formed(Group=GROUP_RGB))),
        "warning",
    ),
    Break("optional-content", BEFORE_X4, root("OCProperties", entry(D=entry()))),
    Break(
        "layer-configurations",
        (X4,),
        root("OCProperties", entry(D=entry(), Configs=array(entry()))),
        "warning",
    ),
    Break("transfer-function", PDF_X, state(TR=Name.Identity)),
    Break("transfer-function", PDF_X, state(TR2=Name.Identity)),
    Break("halftone-phase", PDF_X, state(HTP=array(0, 0))),
    Break("halftone", PDF_X, state(HT=entry(HalftoneType=6))),
    Break(
        "halftone",
        PDF_X,
        state(HT=entry(HalftoneType=5, Default=entry(HalftoneType=1, HalftoneName=String("a")))),
    ),
    Break("postscript", PDF_X, form(b"(showpage) PS")),
    Break("postscript", PDF_X, form(Subtype2=Name.PS)),
    Break("postscript", PDF_X, image(Subtype=Name.PS)),
    Break(
        "alternate-image",
        PDF_X,
        image(Alternates=array(entry(Image=dot(), DefaultForPrinting=True))),
    ),
    Break("alternate-image", (X4,), image(Alternates=array(entry(Image=dot())))),
    Break(
        "device-not-of-intent", (X3, X4), rgb_intent, also=("output-profile-space",)
    ),  # GWG warns of every intent that is not CMYK
    Break(
        "spot-alternate",
        (X1A,),
        resource("ColorSpace", "CS7", spot("Red", Name.DeviceRGB, (1, 0, 0))),
    ),
    Break("device-independent-colour", (X1A,), image(ColorSpace=icc(N=4))),
    Break("device-independent-colour", (X1A,), resource("ColorSpace", "CS7", LAB)),
]

RGB_IN = {
    "operators": paint(b"1 0 0 rg 0 1 0 RG"),
    "a chosen space": paint(b"/DeviceRGB cs"),
    "an inline image": paint(b"BI /W 1 /H 1 /BPC 8 /CS /RGB ID abc EI"),
    "an image": image(ColorSpace=Name.DeviceRGB),
    "a form": form(b"1 0 0 rg"),
    "a form that breaks off": form(b"1 0 0 rg ( BI"),
    "a palette": resource("ColorSpace", "CS7", array(Name.Indexed, Name.DeviceRGB, 0, b"abc")),
    "a shading": resource("Shading", "Sh7", entry(ShadingType=2, ColorSpace=Name.DeviceRGB)),
    "a pattern": resource("Pattern", "P7", formed(b"1 0 0 rg", Subtype=Name.P, PatternType=1)),
    "a glyph": resource(
        "Font",
        "F7",
        entry(Subtype=Name.Type3, CharProcs=entry(a=formed(b"1 0 0 rg", Subtype=Name.G))),
    ),
}
"""Where RGB can hide."""

SECOND_CUT = resource("ColorSpace", "CS7", spot("CutContour", Name.DeviceCMYK, (1, 0, 0, 0)))

BREAKS += [Break("device-rgb", (X1A,), change) for change in RGB_IN.values()]
BREAKS += [Break("device-not-of-intent", (X3, X4), change) for change in RGB_IN.values()]
BREAKS += [Break("spot-differs", (X4,), SECOND_CUT)]
BREAKS += [Break("spot-differs", BEFORE_X4, SECOND_CUT, "warning")]

TRIALS = [(standard, trial) for trial in BREAKS for standard in trial.standards]


@pytest.mark.parametrize(
    ("standard", "trial"), TRIALS, ids=lambda part: getattr(part, "code", part)
)
def test_a_broken_copy_gives_its_own_finding(standard: Standard, trial: Break) -> None:
    found = proved(subject(changed(standard, trial.change), standard))
    assert sorted(finding.check for finding in found) == sorted((trial.code, *trial.also))
    mine = [finding.severity for finding in found if finding.check == trial.code]
    assert mine == [trial.severity]


# --- faults of the bytes, and of the order ---


@pytest.mark.parametrize(("standard", "newer"), [(X1A, b"1.5"), (X3, b"1.7"), (X4, b"1.7")])
def test_a_newer_header(standard: Standard, newer: bytes) -> None:
    data = good(standard).replace(VERSION[standard].encode(), newer, 1)
    assert codes(data, standard) == ["pdf-version"]


@pytest.mark.parametrize("standard", EVERY)
def test_an_encrypted_file(standard: Standard) -> None:
    lock = pikepdf.Encryption(owner="secret", user="", R=4)  # of PDF 1.6
    data = changed(standard, version="1.6", encryption=lock, deterministic_id=False)
    data = data.replace(b"%PDF-1.6", b"%PDF-1.4", 1)
    assert codes(data, standard) == ["encrypted"]


@pytest.mark.parametrize("standard", PDF_X)
def test_no_identifier(standard: Standard) -> None:
    data = good(standard)
    assert data.count(b"/ID [") == 1
    assert codes(data.replace(b"/ID [", b"/Id ["), standard) == ["file-id"]


@pytest.mark.parametrize("standard", PDF_X)
def test_object_streams(standard: Standard) -> None:
    packed = pikepdf.ObjectStreamMode.generate
    data = changed(standard, version="1.5", object_stream_mode=packed)
    assert b"/ObjStm" in data
    data = data.replace(b"%PDF-1.5", b"%PDF-1.4", 1)
    assert codes(data, standard) == ([] if standard == X4 else ["object-streams"])


@pytest.mark.parametrize("standard", PDF_X)
def test_compressed_xmp(standard: Standard) -> None:
    with pikepdf.open(BytesIO(changed(standard, add_xmp))) as pdf:
        untyped = pdf.make_stream(pdf.Root.Metadata.read_bytes())  # what says Metadata stays plain
        pdf.Root.Metadata = untyped
        data = saved(pdf, VERSION[standard], compress_streams=True)
    (finding,) = proved(subject(data, standard))
    assert (finding.check, finding.severity) == ("xmp-compressed", "warning")


@pytest.mark.parametrize("standard", PDF_X)
def test_another_condition_than_ordered(standard: Standard) -> None:
    (finding,) = proved(subject(good(standard), standard, "FOGRA47"))
    assert finding.check == "condition-differs"
    assert finding.values == {"condition": "FOGRA39", "wanted": "FOGRA47"}


OF_BYTES = {"encrypted", "file-id", "object-streams", "xmp-compressed", "condition-differs"}
"""The rules that only the tests above break, each under its name."""


def test_every_rule_is_broken_in_each_of_its_standards() -> None:
    tried = {(trial.code, standard) for standard, trial in TRIALS}
    assert tried == {
        (rule.code, standard)
        for rule in LIST.values()
        for standard in rule.standards
        if rule.code not in OF_BYTES
    }


# --- the list itself ---


@pytest.mark.parametrize("code", sorted(LIST))
def test_every_rule_has_a_manual(code: str) -> None:
    lines = [line.strip() for line in LIST[code].manual.strip().splitlines()]
    assert 3 <= len([line for line in lines if line]) <= 6
    assert any(line.startswith("Passes: ") for line in lines)
    assert any(line.startswith("Fails: ") for line in lines)


ROWS = {"F": 4, "I": 6, "X": 5, "O": 9, "B": 6, "A": 5, "T": 1, "S": 2, "R": 6, "L": 1, "C": 4}
ROWS |= {"H": 3, "P": 4}
"""How far each clause of the checklist counts."""

NO_ROWS = {"A4", "P2", "P3"}
"""Numbers that the checklist leaves out."""


def test_the_list_has_every_row_of_the_checklist() -> None:
    listed = {number for rule in LIST.values() for number in clauses(rule.clause)}
    rows = {f"{letter}{n}" for letter, last in ROWS.items() for n in range(1, last + 1)}
    assert listed == rows - NO_ROWS


def clauses(written: str) -> set[str]:
    """R2 and R5 of "R2, R5"; B2 to B5 of "B2–B5"."""
    if "–" in written:
        first, last = (int(number) for number in re.findall(r"\d+", written))
        return {f"{written[0]}{number}" for number in range(first, last + 1)}
    return set(written.split(", "))


def test_registered_conditions() -> None:
    known = intent.registered()
    assert {"FOGRA39", "FOGRA27", "JC200103", "CGATS TR 006", "CGATS21-2-CRPC6"} <= known
    assert not {"FOGRA39L", "Coated FOGRA39", "Japan Color 2001 Coated"} & known
    assert all(isinstance(name, str) for name in known)
