"""Volumes of numbered stickers: proved one by one, listed, put together, told."""

from __future__ import annotations

import itertools
import json
import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from volume_pdf import KINDS, UPS, Volume, delivery, drawn, url, volume

from stickergen import proofing
from stickergen.artwork.symbols import symbols
from stickergen.measure import Box, Size
from stickergen.problem import worded
from stickergen.proof import readback
from stickergen.proof.crew import DIED
from stickergen.proof.expected import design_of, has_serial
from stickergen.proof.finding import Finding
from stickergen.proof.gallery import wanted
from stickergen.proof.gathering import Gathering, gathered
from stickergen.proof.kept import file_proof_json, file_proof_of
from stickergen.proof.likeness import AROUND_PX, BLOCK_PX, Area, differing
from stickergen.proof.preview import Grey
from stickergen.proof.prove import MOST_SEPARATED, Given, _showing_all, lost, prove_file
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


def test_a_design_is_pictured_once_whatever_its_numbers(proved: FileProof) -> None:
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


def symbol(text: str, module_px: int, version: int = 1) -> Grey:
    """A symbol of black modules on white, with its quiet zone."""
    modules = np.pad(np.array(symbols((text,), version, "L").modules(0), np.uint8), 4)
    return np.kron(255 * (1 - modules), np.ones((module_px, module_px), np.uint8))


@pytest.mark.parametrize(
    ("text", "version", "ink", "row", "column"),
    [
        ("983488253", 1, 204, 2633, 1060),
        ("619499006", 1, 204, 362, 116),
        ("204874027", 1, 220, 1450, 1742),
        ("935632670", 2, 204, 1045, 466),
        ("825601571", 2, 220, 2268, 815),
        ("64291452", 3, 204, 3114, 976),
        ("530300391", 3, 220, 2243, 811),
        ("467499070", 1, 220, 526, 1302),
    ],
)
def test_a_pale_code_among_art_is_looked_at(
    sheets: tuple[Grey, Grey],
    three: Volume,
    text: str,
    version: int,
    ink: int,
    row: int,
    column: int,
) -> None:
    """Codes more than ordered that are too pale for black and white; each was missed where what
    was looked at was not cut as the blocks of the page lie.
    """
    good, second = sheets
    codes = three.expected.codes or ()
    first, then = ([code for code in codes if code.page == page] for page in (1, 2))
    page = second.copy()
    pale = np.maximum(symbol(text, 4, version), ink)
    page[row : row + len(pale), column : column + len(pale)] = pale
    reader = readback._Reader(_Pages({1: good, 2: page}), 300)  # type: ignore[arg-type]
    assert reader.read(1, first).findings == ()
    found = reader.read(2, then).findings
    assert [(f.check, f.values["url"]) for f in found] == [("code-extra", text)]


class _Pages:
    """Pages of A4 at 300 dpi that are rastered already."""

    def __init__(self, pages: dict[int, Grey]) -> None:
        self._pages = pages

    def box(self, page: int) -> Box:
        return Box(0, 0, 210, 297)

    def glimpse(self, page: int, dpi: float, part: Box | None = None) -> Grey:
        return self._pages[page]


@pytest.fixture(scope="module")
def sheets(three: Volume) -> tuple[Grey, Grey]:
    """The first two pages at 300 dpi."""
    with readback.rasters(three.data) as pictures:
        return pictures.grey(1, 300), pictures.grey(2, 300)


@pytest.mark.parametrize("module_px", [2, 7, 13, 14, 20, 40])
def test_a_symbol_is_one_area(module_px: int) -> None:
    drawn_symbol = symbol("S66016603", module_px)
    page = np.full((1600, 1600), 255, np.uint8)
    page[100 : 100 + len(drawn_symbol), 50 : 50 + len(drawn_symbol)] = drawn_symbol
    (area,) = differing(page, np.full_like(page, 255), ())
    assert area.side == 21 * module_px


@given(st.integers(0, 900), st.integers(0, 900), st.integers(21, 250), st.integers(21, 250))
def test_an_area_is_cut_where_the_blocks_of_its_page_meet(
    row: int, column: int, height: int, width: int
) -> None:
    page: Any = np.indices((1152, 1152))
    area = Area(slice(row, row + height), slice(column, column + width))
    for places, side in zip(page, (area.rows, area.columns), strict=True):
        seen = area.seen(places)
        first, stop = int(seen[0, 0]), int(seen[-1, -1]) + 1
        assert (first % BLOCK_PX, stop % BLOCK_PX) == (0, 0)
        assert first <= max(0, side.start - AROUND_PX)
        assert stop >= min(1152, side.stop + AROUND_PX)


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


@pytest.mark.usefixtures("alone")
def test_a_volume_that_came_to_nothing_keeps_its_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = delivery(tmp_path, [volume(1), volume(1, UPS, last=5)])
    monkeypatch.setattr("stickergen.proof.volumes._proved", lambda volume: DIED)
    files = prove_paths([folder]).files[:2]
    assert [(found(file), file.codes.expected, file.numbered) for file in files] == [
        (["cannot-judge"], UPS, True),
        (["cannot-judge"], 5, True),
    ]


def test_plates_are_looked_at_where_each_design_is() -> None:
    """Two pages would show the designs of the first and the third alone."""
    sheets = [[0], [1], [0, 5], [2, 3], [1], [4]]
    made = drawn(sheets)
    pages = _showing_all(range(1, 7), made.expected)
    assert pages == [1, 2, 4, 6]
    assert _showing_all([1, 3], made.expected) == [1, 3]
    many = replace(
        made.expected,
        codes=tuple(
            replace(code, page=page, url=f"https://a.cn/{page}?HS1")
            for page in range(1, 40)
            for code in (made.expected.codes or ())[:1]
        ),
    )
    assert len(_showing_all(range(1, 40), many)) == MOST_SEPARATED


def test_a_proof_that_came_to_nothing_is_an_error() -> None:
    file = lost(Given("a.pdf", None, volume(1).expected), DIED)
    assert found(file) == ["cannot-judge"]
    assert (file.count("error"), file.codes.expected, file.numbered) == (1, UPS, True)


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
    assert html.count(f">sha256 {'0' * 12}<") == count
    assert html.count("<tr") < 60
    assert html.count('<article class="fault error">') == 2
    assert "stickers-005.pdf" in html
    told_of = json.loads(proof_json(proof))["files"]
    assert [file["file"] for file in told_of] == [file.name for file in proof.files]
    assert [file["errors"] for file in told_of if file["errors"]] == [2]


def test_the_first_and_the_last_code_of_each_design_are_tried(
    three: Volume, proved: FileProof
) -> None:
    assert {trial.tried for trial in proved.trials} == {2 * len(KINDS)}
    tried = [code.url for code in designs(three.expected)]
    assert tried == [url(number) for number in (*range(5), *range(50, 55))]


def test_a_design_that_has_one_code_is_tried_once() -> None:
    assert [code.url for code in designs(volume(1, last=2).expected)] == [url(0), url(1)]


def test_pieces_have_the_size_of_their_labels(three: Volume) -> None:
    assert Size(63.5, 33.9) in {up.trim.size for frame in three.expected.frames for up in frame.ups}
