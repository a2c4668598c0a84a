"""The command `proof`: what lies in folders, what the order says of it, where reports go."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import Delivery
from printed_codes import URL, Printed, painted, pdf
from pydantic import TypeAdapter

from stickergen import proofing
from stickergen.measure import Box
from stickergen.problem import InputError, worded
from stickergen.proof.codelist import Row, code_rows
from stickergen.proof.expected import CodeAt, Expected, Frame, Up
from stickergen.proof.finding import Finding
from stickergen.proof.prove import Given
from stickergen.proof.result import CheckResult, FileProof, Job, Proof, told_once
from stickergen.proofing import (
    MOST_TOLD,
    expected_of,
    problems,
    prove_paths,
    report_places,
    reports,
    write_report,
)

ONE = Printed()
DATA = pdf(painted([ONE]))
PIECE = Up(Box(0, 0, 90, 60), Box(2, 2, 86, 56))
FRAME = Frame(PIECE.trim, PIECE.trim, 0, (PIECE,))
ORDER = Expected("plain", frames=(FRAME,), pages=(0,), codes=(ONE.at,))
JOB = Job("j-1", "防骗小贴士", "某某分局", "办公室激光打印机", date(2020, 11, 13))
HEAD = "file,page,x_mm,y_mm,size_mm,module_mm,scam,point,url"
LINE = f"a.pdf,1,10.000,10.000,{ONE.at.box.width:.3f},0.500,kefu,j01,{URL}"


def entry(name: str, data: bytes, **more: Any) -> dict[str, Any]:
    return {"file": name, "sha256": hashlib.sha256(data).hexdigest(), **more}


def kept(expected: Expected) -> dict[str, Any]:
    """An order as the manifest keeps it."""
    kept: dict[str, Any] = TypeAdapter(Expected).dump_python(
        expected, mode="json", exclude={"codes"}
    )
    return kept


def delivery(folder: Path, **entries: Any) -> Path:
    """A folder with a.pdf, its list of codes, and a manifest with these fields more for a.pdf."""
    folder.mkdir(parents=True, exist_ok=True)
    codes = f"{HEAD}\n{LINE}\n".encode()
    (folder / "a.pdf").write_bytes(DATA)
    (folder / "codes.csv").write_bytes(codes)
    (folder / "other.pdf").write_bytes(DATA)
    listed = [
        entry("a.pdf", DATA, proof=kept(ORDER), **entries),
        entry("codes.csv", codes),
        entry("preview/a.png", b""),
    ]
    (folder / "manifest.json").write_text(json.dumps({"files": listed}), encoding="utf-8")
    return folder


def delivery_of(job: Job, folder: Path) -> Path:
    """The same, and the manifest says whose job it is."""
    path = delivery(folder) / "manifest.json"
    kept = {"job": TypeAdapter(Job).dump_python(job, mode="json")}
    path.write_text(json.dumps(json.loads(path.read_bytes()) | kept), encoding="utf-8")
    return folder


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[Given]:
    """What would be proved; nothing is."""
    files: list[Given] = []

    def prove(asked: list[Given], progress: Any, job: Job | None) -> Proof:
        files.extend(asked)
        return Proof(tuple(FileProof(one.name, None, "plain", False) for one in asked), job)

    monkeypatch.setattr(proofing, "prove", prove)
    return files


def codes_of(error: pytest.ExceptionInfo[InputError]) -> list[str]:
    for problem in error.value.problems:
        for language in ("zh", "en"):
            assert worded(problem, language).sentence  # type: ignore[arg-type]
    return [problem.code for problem in error.value.problems]


# --- our deliveries ---


def test_a_delivery_is_held_against_its_order(tmp_path: Path, given: list[Given]) -> None:
    prove_paths([delivery(tmp_path)])
    (file,) = given
    order = replace(ORDER, codes=(rounded(ONE.at),))
    assert file == Given("a.pdf", DATA, order, ("file-missing", "file-changed"))


def rounded(code: CodeAt) -> CodeAt:
    """A code as codes.csv writes it."""
    side = round(code.box.width, 3)
    return replace(code, box=Box(10, 10, side, side))


def test_a_pdf_of_a_delivery_is_held_against_its_order(tmp_path: Path, given: list[Given]) -> None:
    prove_paths([delivery(tmp_path) / "a.pdf", tmp_path / "other.pdf"])
    assert [(file.name, file.expected is None) for file in given] == [
        ("a.pdf", False),
        ("other.pdf", True),
    ]


def test_a_delivery_that_is_as_it_was_passes(tmp_path: Path) -> None:
    proof = prove_paths([delivery(tmp_path)])
    assert proof.passed
    assert proof.files[0].codes.read == 1
    assert [code for check in proof.files[0].checks for code in check.faults] == []


def test_what_the_build_delivers_can_be_proved(small: Delivery, given: list[Given]) -> None:
    prove_paths([small.folder])
    assert [file.name for file in given] == [
        entry["file"] for entry in small.manifest["files"] if entry["file"].endswith(".pdf")
    ]
    for file in given:
        assert file.findings == ()
        assert file.expected is not None
        assert file.expected.pages is not None
        assert file.expected.codes is not None
        assert len(file.expected.pages) == small.entries[file.name]["pages"]
    assert sum(len(file.expected.codes or ()) for file in given if file.expected) == len(
        small.codes
    )


def test_a_changed_file_is_a_finding(tmp_path: Path, given: list[Given]) -> None:
    folder = delivery(tmp_path)
    (folder / "a.pdf").write_bytes(DATA + b"\n")
    prove_paths([folder])
    assert [file.findings for file in given] == [(Finding("file-changed"),)]
    assert given[0].data == DATA + b"\n"


def test_a_missing_file_is_a_finding(tmp_path: Path, given: list[Given]) -> None:
    folder = delivery(tmp_path)
    (folder / "a.pdf").unlink()
    prove_paths([folder])
    assert [(file.findings, file.data) for file in given] == [((Finding("file-missing"),), None)]


def test_a_list_of_codes_that_was_saved_again_is_a_finding(
    tmp_path: Path, given: list[Given]
) -> None:
    """As spreadsheet programs do: it is read none the less."""
    folder = delivery(tmp_path)
    (folder / "codes.csv").write_bytes(f"\ufeff{HEAD}\r\n{LINE}\r\n".encode())
    prove_paths([folder / "a.pdf"])
    pdf_file, codes = given
    assert pdf_file.expected is not None
    assert pdf_file.expected.codes == (rounded(ONE.at),)
    assert (codes.name, codes.data, codes.findings) == (
        "codes.csv",
        None,
        (Finding("file-changed"),),
    )


def test_a_list_of_codes_that_is_gone_is_a_finding(tmp_path: Path, given: list[Given]) -> None:
    folder = delivery(tmp_path)
    (folder / "codes.csv").unlink()
    prove_paths([folder])
    assert [file.findings for file in given] == [(), (Finding("file-missing"),)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "{}",
        '{"files": 7}',
        '{"files": [{}]}',
        '{"files": ["a.pdf"]}',
        "\x00",
        '{"files": [{"file": "../a.pdf"}]}',
        '{"files": [{"file": "/etc/a.pdf"}]}',
        '{"files": [{"file": "a\\u0000.pdf"}]}',
        "[" * 100_000,
        '{"files": [{"file": "a.pdf", "proof": 7}]}',
        '{"job": {"id": "j-1"}, "files": [{"file": "a.pdf"}]}',
        '{"job": null, "files": [{"file": "a.pdf"}]}',
        '{"files": [{"file": "a.pdf", "proof": {"standard": "pdf-x-9"}}]}',
        '{"files": [{"file": "a.pdf", "proof": {"standard": "plain", "dpi": NaN}}]}',
        '{"files": [{"file": "a.pdf", "proof": {"standard": "plain", "dpi": 1e999}}]}',
        '{"files": [{"file": "a.pdf", "proof": {"standard": "plain", "pages": [3]}}]}',
        '{"files": [{"file": "a.pdf", "proof": {"standard": "plain", "pages": [-1]}}]}',
    ],
    ids=lambda text: text[:40] + text[-20:],
)
def test_a_damaged_manifest_is_told(text: str, tmp_path: Path, given: list[Given]) -> None:
    folder = delivery(tmp_path / "output")
    (folder / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        prove_paths([folder])
    assert codes_of(error) == ["manifest-damaged"]
    assert given == []


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("a.pdf,one,10,10,14.5,0.5,kefu,j01,x", 2),
        ("a.pdf,0,10,10,14.5,0.5,kefu,j01,x", 2),
        ("a.pdf,1,nan,10,14.5,0.5,kefu,j01,x", 2),
        ("a.pdf,1,10,10,inf,0.5,kefu,j01,x", 2),
        ("a.pdf,1,10,10,14.5,0,kefu,j01,x", 2),
        ("a.pdf,1,10,10,14.5,0.00001,kefu,j01,x", 2),
        ("a.pdf,1,10,10,14.5,-0.5,kefu,j01,x", 2),
        ("a.pdf,1,10", 2),
    ],
)
def test_a_damaged_list_of_codes_is_told_with_its_line(
    line: str, column: int, tmp_path: Path, given: list[Given]
) -> None:
    folder = delivery(tmp_path)
    (folder / "codes.csv").write_text(f"{HEAD}\n{line}\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        prove_paths([folder])
    assert codes_of(error) == ["codes-list-damaged"]
    (problem,) = error.value.problems
    assert str(problem.place) == f"codes.csv:{column}"


def test_a_list_without_modules_is_of_an_early_version(tmp_path: Path) -> None:
    path = tmp_path / "codes.csv"
    path.write_text(
        "file,page,x_mm,y_mm,size_mm,scam,point,url\na.pdf,1,10,10,21,kefu,,x\n", "utf-8"
    )
    assert list(code_rows(path)) == [Row("a.pdf", CodeAt(1, Box(10, 10, 21, 21), 1, "x"))]


def test_an_entry_without_an_order_keeps_its_codes() -> None:
    rows = [Row("a.pdf", ONE.at), Row("b.pdf", replace(ONE.at, page=2))]
    assert expected_of({"file": "a.pdf"}, rows) == Expected("plain", codes=(ONE.at,))


def test_what_the_manifest_keeps_is_read_back() -> None:
    expected = Expected(
        "pdf-x-4", ("Black", "CutContour"), "FOGRA39", "CutContour", (FRAME,), (0, 0), (), 203.2
    )
    stored = json.loads(json.dumps({"file": "a.pdf", "proof": kept(expected)}))
    assert expected_of(stored, []) == expected


def test_a_delivery_says_whose_job_it_is(tmp_path: Path, given: list[Given]) -> None:
    folder = delivery_of(JOB, tmp_path / "one")
    assert prove_paths([folder]).job == JOB
    assert prove_paths([folder / "a.pdf"]).job == JOB
    assert prove_paths([delivery_of(JOB, tmp_path / "two"), folder]).job == JOB


def test_files_of_several_jobs_or_none_have_no_job(tmp_path: Path, given: list[Given]) -> None:
    one = delivery_of(JOB, tmp_path / "one")
    two = delivery_of(replace(JOB, id="j-2"), tmp_path / "two")
    early = delivery(tmp_path / "early")
    for paths in ([one, two], [one, early], [early], [one / "a.pdf", one / "other.pdf"]):
        assert prove_paths(paths).job is None


def test_what_the_build_delivers_says_whose_job_it_is(small: Delivery, given: list[Given]) -> None:
    job = prove_paths([small.folder]).job
    assert job is not None
    assert job.id == small.manifest["campaign"]
    report = json.loads((small.folder / "proof.json").read_bytes())
    assert (
        report["job"] == small.manifest["job"] == json.loads(json.dumps(asdict(job), default=str))
    )


# --- other files ---


def test_a_folder_of_foreign_files(tmp_path: Path, given: list[Given]) -> None:
    for name in ("b.PDF", "a.pdf", "c.txt"):
        (tmp_path / name).write_bytes(DATA)
    (tmp_path / "d.pdf").mkdir()
    prove_paths([tmp_path])
    assert given == [Given("a.pdf", DATA, None), Given("b.PDF", DATA, None)]


def test_files_of_one_name_are_told_with_their_folders(tmp_path: Path, given: list[Given]) -> None:
    paths = [delivery(tmp_path / "one"), delivery(tmp_path / "two"), tmp_path / "two/other.pdf"]
    prove_paths(paths)
    assert [file.name for file in given] == ["one/a.pdf", "two/a.pdf", "other.pdf"]


def test_what_is_no_pdf_is_for_the_proof_to_tell(tmp_path: Path, given: list[Given]) -> None:
    (tmp_path / "notes.txt").write_bytes(b"hello")
    prove_paths([tmp_path / "notes.txt"])
    assert given == [Given("notes.txt", b"hello", None)]


def test_all_paths_that_lead_nowhere_are_told_at_once(tmp_path: Path, given: list[Given]) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError) as error:
        prove_paths([tmp_path / "gone.pdf", tmp_path / "empty", Path("a\0b.pdf")])
    assert sorted(codes_of(error)) == ["file-not-found", "file-not-found", "no-pdf"]
    assert given == []


def test_a_delivery_without_pdfs(tmp_path: Path, given: list[Given]) -> None:
    (tmp_path / "manifest.json").write_text('{"files": [{"file": "a.txt"}]}', encoding="utf-8")
    with pytest.raises(InputError) as error:
        prove_paths([tmp_path])
    assert codes_of(error) == ["no-pdf"]


def test_a_file_that_cannot_be_read(
    tmp_path: Path, given: list[Given], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = delivery(tmp_path)
    read = Path.read_bytes

    def refusing(path: Path) -> bytes:
        if path.name == "a.pdf":
            raise PermissionError(13, "in use", str(path))
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refusing)
    with pytest.raises(InputError) as error:
        prove_paths([folder])
    assert codes_of(error) == ["file-not-readable"]


# --- the report's place ---


def test_the_report_of_a_folder_lies_in_it(tmp_path: Path) -> None:
    (tmp_path / "a.b.pdf").write_bytes(DATA)
    inside = (tmp_path / "proof.json", tmp_path / "proof.html")
    assert report_places([tmp_path]) == inside
    beside = (tmp_path / "a.b.proof.json", tmp_path / "a.b.proof.html")
    assert report_places([tmp_path / "a.b.pdf"]) == beside
    assert report_places([tmp_path / "a.b.pdf", tmp_path / "c.pdf"]) == inside


def test_the_report_is_written(tmp_path: Path) -> None:
    proof = prove_paths([delivery(tmp_path)])
    before = {path.name for path in tmp_path.iterdir()}
    for _ in range(2):
        places = write_report(proof, [tmp_path])
        assert {path.name for path in tmp_path.iterdir()} - before == {"proof.json", "proof.html"}
    for place, content in zip(places, reports(proof).values(), strict=True):
        assert place.read_bytes() == content
    assert json.loads(places[0].read_bytes())["passed"] is True


@pytest.mark.parametrize("call", [0, 1])
def test_a_report_that_cannot_be_written_leaves_the_last_one_whole(
    call: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proof = prove_paths([delivery(tmp_path)])
    write_report(proof, [tmp_path])
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    write = Path.write_bytes
    calls = iter(range(9))

    def full(path: Path, content: bytes) -> int:
        if next(calls) == call:
            write(path, content[:10])
            raise OSError(28, "no space left")
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(InputError) as error:
        write_report(proof, [tmp_path], "en")
    assert codes_of(error) == ["report-not-written"]
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_folder_that_takes_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: Any) -> None:
        raise PermissionError(13, "in use")

    monkeypatch.setattr(os, "replace", refused)
    with pytest.raises(InputError) as error:
        write_report(Proof(()), [tmp_path])
    assert codes_of(error) == ["report-not-written"]
    assert [*tmp_path.iterdir()] == []


# --- words for the screen ---


def test_findings_are_told_with_page_and_place() -> None:
    spot = Box(12, 34.46, 5, 5)
    findings = [Finding("code-missing", page, spot, {"url": URL}) for page in (3, 4)]
    check = CheckResult("code-missing", "QR", True, told_once(findings))
    proof = Proof((FileProof("a.pdf", None, "plain", True, checks=(check,)),))
    (problem,) = problems(proof, "zh")
    assert str(problem.place) == "a.pdf 第 3 页，左 12.0 上 34.5 毫米，共 2 处"
    assert URL in worded(problem, "zh").sentence
    (problem,) = problems(proof, "en")
    place = "a.pdf page 3, 12.0 mm from the left, 34.5 mm from the top, 2 in all"
    assert str(problem.place) == place
    assert problems(proof, "zh", "warning") == []


def test_what_repeats_is_counted_on_the_screen() -> None:
    findings = [Finding("code-missing", 1, None, {"url": str(n)}) for n in range(MOST_TOLD + 5)]
    check = CheckResult("code-missing", "QR", True, told_once(findings))
    proof = Proof((FileProof("a.pdf", None, "plain", True, checks=(check,)),))
    *told, more = problems(proof, "zh")
    assert len(told) == MOST_TOLD
    assert (more.code, more.values) == ("proof-more", {"count": 5})
    assert "5" in worded(more, "zh").sentence


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("not-a-pdf", {}),
        ("locked", {}),
        ("no-pages", {}),
        ("file-missing", {}),
        ("file-changed", {}),
        ("cannot-judge", {"check": "page-size", "reason": "KeyError: '/Kids'"}),
    ],
)
def test_every_finding_of_the_proof_itself_has_words(code: str, values: dict[str, Any]) -> None:
    check = CheckResult(code, "File", True, told_once([Finding(code, values=values)]))
    proof = Proof((FileProof("a.pdf", None, "plain", True, checks=(check,)),))
    (problem,) = problems(proof, "zh")
    assert all(str(value) in worded(problem, "zh").sentence for value in values.values())
    assert worded(problem, "en").hint


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("dpi", 0),
        ("dpi", -300),
        ("dpi", 1e300),
        ("frames", 1e308),
    ],
)
def test_an_order_that_no_paper_has_is_a_damaged_manifest(key: str, value: object) -> None:
    order: dict[str, object] = {"standard": "plain", key: value}
    if key == "frames":
        box = {"x": 0, "y": 0, "width": value, "height": 297}
        order[key] = [{"media": box, "trim": box, "bleed": 0, "ups": []}]
    with pytest.raises(InputError) as caught:
        expected_of({"file": "a.pdf", "proof": order}, [])
    assert [problem.code for problem in caught.value.problems] == ["manifest-damaged"]
