"""Volumes of numbered stickers: proved one by one, listed, put together, told."""

from __future__ import annotations

import itertools
import json
import pickle
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from volume_pdf import KINDS, UPS, Volume, delivery, drawn, url, volume

from stickergen import proofing
from stickergen.measure import Box, Size
from stickergen.problem import InputError, worded
from stickergen.proof import readback
from stickergen.proof.codelist import MOST_TWICE, CodeList, code_rows
from stickergen.proof.crew import DIED
from stickergen.proof.expected import design_of, has_serial
from stickergen.proof.finding import Finding
from stickergen.proof.gallery import wanted
from stickergen.proof.gathering import Gathering, gathered
from stickergen.proof.kept import file_proof_json, file_proof_of
from stickergen.proof.likeness import Area, differing
from stickergen.proof.prove import Given, lost, prove_file
from stickergen.proof.readback import read_pages
from stickergen.proof.report import proof_html, proof_json
from stickergen.proof.result import CheckResult, Codes, Design, FileProof, Image, Proof, told_once
from stickergen.proof.series import as_one, series
from stickergen.proof.trials import designs
from stickergen.proofing import prove_paths

HEAD = "file,page,x_mm,y_mm,size_mm,module_mm,scam,point,url"
IMAGE = Image(b"\x89PNG", "image/png", 300, 200)


@pytest.fixture(scope="module")
def three() -> Volume:
    """Three pages, the last with seven pieces."""
    return volume(3, last=7)


@pytest.fixture(scope="module")
def proved(three: Volume) -> FileProof:
    return prove_file(Given("a.pdf", three.data, three.expected))


def found(file: FileProof) -> list[str]:
    return [fault.finding.check for check in file.checks for fault in check.faults]


# --- a volume ---


def test_a_volume_is_read_to_the_last_code(proved: FileProof) -> None:
    assert found(proved) == []
    assert (proved.codes.expected, proved.codes.read, proved.codes.pages_read) == (55, 55, 3)
    assert proved.numbered


def test_a_design_is_tried_and_pictured_once_whatever_its_numbers(proved: FileProof) -> None:
    assert {trial.tried for trial in proved.trials} == {len(KINDS)}
    sheet, *pieces = proved.designs
    assert (sheet.page, sheet.part, sheet.pieces) == (1, None, UPS)
    assert [design.addresses for design in pieces] == [(url(number),) for number in range(5)]
    assert sum(design.pieces for design in pieces) == 55


def test_a_page_far_into_a_file_is_pictured() -> None:
    """A slip behind the sheets, as those of delivery points are."""
    numbers = range(12)
    made = drawn([*([number] for number in numbers), []])
    file = prove_file(Given("a.pdf", made.data, made.expected))
    assert [design.page for design in file.designs] == [13, *range(1, 6)]


def test_a_sheet_partly_filled_is_no_imposition_of_its_own(three: Volume) -> None:
    shown, _ = wanted(three.expected, 3)
    assert [one.pieces for one in shown if one.part is None] == [UPS]
    turned = replace(three.expected, frames=three.expected.frames[::-1], pages=(1, 1, 0))
    assert wanted(turned, 3) == (shown, 0)


def test_what_an_address_says_but_for_its_serial() -> None:
    assert design_of("https://a.cn/kefu/j01?HS000123X") == "https://a.cn/kefu/j01"
    assert (has_serial("https://a.cn/kefu?HS000123X"), has_serial("https://a.cn/")) == (True, False)


def test_a_wrong_number_is_found_among_good_ones() -> None:
    sheets = [range(0, UPS), range(UPS, 2 * UPS)]
    urls = [url(number) for sheet in sheets for number in sheet]
    urls[UPS + 3], urls[UPS + 4] = url(99), urls[UPS + 5]
    made = drawn(sheets, urls)
    result = read_pages(made.data, made.expected, [1, 2])
    assert [(f.check, f.page, f.values["found"]) for f in result.findings] == [
        ("code-wrong", 2, url(99)),
        ("code-wrong", 2, url(UPS + 5)),
    ]
    assert result.read == 2 * UPS - 2


# --- a glance ---


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The pictures that are looked at closely: how high and wide, and how they are read."""
    seen: list[Any] = []
    decode = readback.decoded

    def decoded(picture: Any, **how: Any) -> Any:
        seen.append((picture.shape, how))
        return decode(picture, **how)

    monkeypatch.setattr(readback, "decoded", decoded)
    return seen


def test_pages_like_a_good_one_need_no_more_than_a_glance(three: Volume, looks: list[Any]) -> None:
    read_pages(three.data, three.expected, [1, 2])
    whole = [how for shape, how in looks if shape[0] > 3000]
    assert whole == [{}, readback.GLANCE]


def test_an_extra_code_beside_good_ones_is_seen(looks: list[Any]) -> None:
    """Where the expected sheet has fewer pieces than the page, there are codes too many."""
    made = drawn([range(UPS), range(UPS, 2 * UPS)])
    codes = made.expected.codes or ()
    result = read_pages(made.data, replace(made.expected, codes=codes[:-1]), [1, 2])
    assert [(f.check, f.values["url"]) for f in result.findings] == [("code-extra", url(47))]
    whole = [how for shape, how in looks if shape[0] > 3000]
    assert whole == [{}, readback.GLANCE, {}]


def test_what_a_glance_cannot_read_is_looked_at(
    three: Volume, looks: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pale code beyond the black and white of a glance, where the page before had paper."""
    pages = {
        1: np.full((1000, 1000), 255, np.uint8),
        2: np.full((1000, 1000), 255, np.uint8),
    }
    with readback.rasters(three.data) as pictures:
        code = (three.expected.codes or ())[0]
        symbol = pictures.grey(1, 300, code.zone)
    height, width = symbol.shape
    pages[2][300 : 300 + height, 300 : 300 + width] = 255 - (255 - symbol) // 4

    class Pictures:
        def box(self, page: int) -> Box:
            return Box(0, 0, 1000 * 25.4 / 300, 1000 * 25.4 / 300)

        def glimpse(self, page: int, dpi: float, part: Box | None = None) -> Any:
            return pages[page]

    reader = readback._Reader(Pictures(), 300)  # type: ignore[arg-type]
    assert reader.read(1, []).findings == ()
    assert [f.check for f in reader.read(2, []).findings] == ["code-extra"]


@given(
    st.lists(st.tuples(st.integers(0, 170), st.integers(0, 170)), max_size=3), st.integers(1, 30)
)
def test_areas_that_differ_are_found_if_a_code_has_room(
    places: list[tuple[int, int]], side: int
) -> None:
    known = np.full((200, 200), 255, np.uint8)
    raster = known.copy()
    for row, column in places:
        raster[row : row + side, column : column + side] = 0
    areas = list(differing(raster, known, ()))
    for row, column in places:
        if side >= 21:
            assert any(
                area.rows.start <= row
                and area.columns.start <= column
                and area.rows.stop >= min(row + side, 200)
                and area.columns.stop >= min(column + side, 200)
                for area in areas
            )
    if len(places) == 1 and side < 21:
        assert areas == []
    apart = [Area.of(Box(column, row, side, side), raster) for row, column in places]
    assert list(differing(raster, known, apart)) == []


# --- what is kept ---


def test_a_proof_can_be_kept_and_read_again(proved: FileProof) -> None:
    broken = CheckResult(
        "code-missing",
        "QR",
        True,
        told_once([Finding("code-missing", 1, Box(float("nan"), 0.0, 1.0, 1.0), {"url": "卡"})]),
    )
    for file in (proved, replace(proved, checks=(broken,)), FileProof("b", None, "plain", True)):
        kept = file_proof_json(file)
        assert file_proof_json(file_proof_of(kept)) == kept
        assert repr(file_proof_of(kept)) == repr(file)


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'[{"name": "a"}]', b"\xff"])
def test_what_is_no_kept_proof_is_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError, match="validation error"):
        file_proof_of(data)


def test_a_volume_can_be_sent_to_another_process(three: Volume, proved: FileProof) -> None:
    sent = Given("a.pdf", three.data, three.expected)
    assert pickle.loads(pickle.dumps(sent)) == sent
    assert pickle.loads(pickle.dumps(proved)) == proved


def test_a_proof_that_came_to_nothing_is_an_error() -> None:
    file = lost(Given("a.pdf", None, volume(1).expected), DIED)
    assert found(file) == ["cannot-judge"]
    assert (file.count("error"), file.codes.expected, file.numbered) == (1, UPS, True)


# --- the list of codes ---


def line(file: str, address: str, page: int = 1) -> str:
    return f"{file},{page},10.000,10.000,16.500,0.500,kefu,,{address}"


def listed(folder: Path, *lines: str, end: str = "\n", head: str = HEAD) -> Path:
    path = folder / "codes.csv"
    path.write_bytes("".join(one + end for one in (head, *lines)).encode())
    return path


LINES = [line("a.pdf", url(1)), line("a.pdf", url(2), 2), line("b.pdf", url(3)), line("c.pdf", "x")]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("head", [HEAD, "\ufeff" + HEAD])
@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 0, 2, 1), (2, 3, 1, 0)])
@pytest.mark.parametrize("quoted", [False, True])
def test_each_file_has_its_codes_however_the_list_is_written(
    tmp_path: Path, end: str, head: str, order: tuple[int, ...], quoted: bool
) -> None:
    lines = [LINES[number] for number in order]
    if quoted:
        lines = [re.sub(r"kefu", '"kefu"', one) for one in lines]
    path = listed(tmp_path, *lines, "", end=end, head=head)
    codes = CodeList(path)
    rows = list(code_rows(path))
    for name in ("a.pdf", "b.pdf", "c.pdf", "d.pdf"):
        wanted = tuple(row.code for row in rows if row.file == name)
        assert (
            codes.of(name).codes() == pickle.loads(pickle.dumps(codes.of(name))).codes() == wanted
        )
    assert codes.numbered == {"a.pdf", "b.pdf"}
    assert codes.twice == ()


@pytest.mark.parametrize("bad", ["a.pdf,0,1,1,16.5,0.5,k,,x", "a.pdf,1", " ", "a.pdf,1,a,,,,,,"])
@pytest.mark.parametrize("other", ["", '"'])
def test_the_first_damaged_line_is_told(tmp_path: Path, bad: str, other: str) -> None:
    path = listed(tmp_path, LINES[0].replace("kefu", f"{other}kefu{other}"), bad, bad)
    with pytest.raises(InputError) as error:
        CodeList(path)
    (problem,) = error.value.problems
    assert (problem.code, str(problem.place)) == ("codes-list-damaged", "codes.csv:3")


@pytest.mark.parametrize("quoted", [False, True])
def test_a_serial_that_stands_twice_is_told_with_both_lines(tmp_path: Path, quoted: bool) -> None:
    lines = [*LINES, line("b.pdf", url(2)), line("b.pdf", "x"), line("c.pdf", url(2))]
    if quoted:
        lines[0] = lines[0].replace("kefu", '"kefu"')
    codes = CodeList(listed(tmp_path, *lines))
    assert [(one.url, one.line, one.first) for one in codes.twice] == [
        (url(2), 6, 3),
        (url(2), 8, 3),
    ]


def test_so_many_serials_are_told_and_no_more(tmp_path: Path) -> None:
    lines = [line("a.pdf", url(number % 150)) for number in range(300)]
    assert len(CodeList(listed(tmp_path, *lines)).twice) == MOST_TWICE


# --- a delivery ---


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """All in one process: others take a second to start."""
    monkeypatch.setattr("stickergen.proof.volumes.workers_at_most", lambda: 1)


@pytest.mark.usefixtures("alone")
def test_a_delivery_of_volumes_is_proved_file_by_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = delivery(tmp_path, [volume(2), volume(2, 2 * UPS), volume(1, 4 * UPS, last=5)])
    monkeypatch.setattr(proofing, "prove", _only_lists)
    bar: list[tuple[int, int]] = []
    proof = prove_paths([folder], lambda done, known: bar.append((done, known)))
    assert [file.name for file in proof.files] == [
        *(f"stickers-{number:03}.pdf" for number in (1, 2, 3)),
        "codes.csv",
    ]
    assert proof.passed
    assert bar == [(2, 5), (4, 5), (5, 5)]
    assert [file.codes.read for file in proof.files] == [48, 48, 5, 0]
    shown = [[design.pieces for design in file.designs] for file in proof.files]
    assert shown == [[UPS, 21, 20, 20, 20, 20], [], [], []]


def _only_lists(files: list[Given], *rest: Any, **named: Any) -> Proof:
    assert [(one.name, one.data) for one in files] == [("codes.csv", None)]
    return Proof(tuple(FileProof(one.name, None, "plain", False) for one in files))


@pytest.mark.usefixtures("alone")
def test_what_is_wrong_with_a_volume_is_told(tmp_path: Path) -> None:
    two = volume(1, UPS)
    folder = delivery(tmp_path, [volume(1), two, volume(1, 2 * UPS, last=5)])
    (folder / "stickers-002.pdf").write_bytes(two.data + b"\n")
    (folder / "stickers-003.pdf").unlink()
    rows = (folder / "codes.csv").read_text().splitlines()
    rows[30] = rows[30].replace(url(29), url(3))
    (folder / "codes.csv").write_text("\n".join(rows) + "\n")
    proof = prove_paths([folder])
    assert [found(file) for file in proof.files] == [
        [],
        ["file-changed", "code-wrong"],
        ["file-missing"],
        ["file-changed", "serial-twice"],
    ]
    (problem,) = [one for one in proofing.problems(proof, "zh") if one.code == "serial-twice"]
    assert str(problem.place) == "codes.csv:31"
    assert url(3) in worded(problem, "zh").sentence


def test_volumes_of_a_delivery_by_name_are_the_same(tmp_path: Path) -> None:
    folder = delivery(tmp_path, [volume(1, last=3), volume(1, UPS, last=3)])
    proof = prove_paths([folder / "stickers-002.pdf"])
    assert [file.name for file in proof.files] == ["stickers-002.pdf", "codes.csv"]
    assert proof.passed
    assert proof.files[0].codes.read == 3


def test_processes_share_the_volumes(tmp_path: Path) -> None:
    folder = delivery(tmp_path, [volume(1, last=3), volume(1, UPS, last=3)])
    proof = prove_paths([folder])
    assert proof.passed
    assert [file.codes.read for file in proof.files] == [3, 3, 0]


# --- put together, told ---


def told(number: int, errors: int = 0, pieces: int = UPS) -> FileProof:
    """A volume whose designs have their pictures."""
    findings = [Finding("code-missing", page, None, {"url": url(page)}) for page in range(errors)]
    part = Box(number, 0, 63.5, 33.9)
    return FileProof(
        f"stickers-{number:03}.pdf",
        "0" * 64,
        "plain",
        True,
        pages=200,
        checks=(CheckResult("code-missing", "QR", True, told_once(findings)),),
        codes=Codes(4800, 4800 - errors, 200),
        designs=(
            Design(1, None, (), pieces, IMAGE),
            Design(1, part, (url(number),), 7, IMAGE),
            Design(2, None, (), 0, IMAGE),
        ),
        designs_left_out=3,
        numbered=True,
    )


def test_volumes_are_put_together_in_any_order() -> None:
    files = [told(1, pieces=5), told(2), replace(told(3), numbered=False), told(6), told(11)]
    whole = gathered(files)
    for order in itertools.permutations(range(5)):
        gathering = Gathering()
        for number in order:
            gathering.add(number, files[number])
        assert gathering.files == whole
    assert [[design.pieces for design in file.designs] for file in whole] == [
        [14 + 7, 0],
        [UPS, 7],
        [UPS, 7, 0],
        [],
        [],
    ]
    assert [file.designs_left_out for file in whole] == [3 + 3 * 4, 0, 3, 0, 0]


def volumes(count: int) -> Proof:
    files = [told(number, errors=2 if number == 5 else 0) for number in range(1, count + 1)]
    ticket = replace(told(9), name="ticket.pdf", numbered=False)
    return Proof((*gathered(files), ticket))


def test_volumes_are_one_row_and_one_column() -> None:
    whole = as_one(volumes(7).files[:7])
    assert whole.name == "stickers-001.pdf – stickers-007.pdf"
    assert (whole.pages, whole.codes, whole.count("error")) == (1400, Codes(33600, 33598, 1400), 2)
    assert whole.checks[0].outcome == "failed"
    assert [len(some) for some in series(volumes(7).files)] == [7, 1]
    ticket = volumes(7).files[-1]
    assert as_one([ticket]) is ticket


@pytest.mark.parametrize("count", [7, 209])
def test_a_report_of_many_volumes_can_be_read(count: int) -> None:
    proof = volumes(count)
    html = proof_html(proof)
    assert html.count("<img ") == len({*KINDS}) + 2 + 3 + 0
    assert html.count("<li>") == count
    assert html.count("<tr") < 60
    assert html.count('<article class="fault error">') == 2
    assert "stickers-005.pdf" in html
    told_of = json.loads(proof_json(proof))["files"]
    assert [file["file"] for file in told_of] == [file.name for file in proof.files]
    assert [file["errors"] for file in told_of if file["errors"]] == [2]


def test_designs_of_all_volumes_stand_once(three: Volume) -> None:
    assert [code.url for code in designs(three.expected)] == [url(number) for number in range(5)]
    assert Size(63.5, 33.9) in {up.trim.size for frame in three.expected.frames for up in frame.ups}
