"""The list of codes of a delivery: where each file's lines stand, serials that stand twice."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import pytest
from volume_pdf import url

from stickergen.problem import InputError
from stickergen.proof.codelist import MOST_TWICE, CodeList, code_rows

HEAD = "file,page,x_mm,y_mm,size_mm,module_mm,scam,point,url"


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


def test_a_serial_is_the_same_whatever_page_it_leads_to(tmp_path: Path) -> None:
    addresses = [f"https://hs.example.com/{page}?HS000001X" for page in ("kefu", "shuadan")]
    codes = CodeList(listed(tmp_path, *(line("a.pdf", one) for one in addresses)))
    assert [(one.url, one.line, one.first) for one in codes.twice] == [(addresses[1], 3, 2)]


@pytest.mark.parametrize("quoted", [False, True])
@pytest.mark.parametrize(
    ("address", "serial", "sound"),
    [
        ("https://a.cn/kefu?HS000001X", "HS-000001-X", True),
        ("https://a.cn/kefu", "", True),
        ("https://a.cn/kefu?HS0000028", "HS-000001-X", False),
        ("https://a.cn/kefu?HS000001X", "", False),
        ("https://a.cn/kefu", "HS-000001-X", False),
    ],
)
def test_the_number_on_paper_is_that_of_the_address(
    tmp_path: Path, quoted: bool, address: str, serial: str, sound: bool
) -> None:
    one = f"{line('a.pdf', address)},{serial}"
    path = listed(tmp_path, one.replace("kefu,", '"kefu",', quoted), head=f"{HEAD},serial")
    if sound:
        assert [code.url for code in CodeList(path).of("a.pdf").codes()] == [address]
        return
    with pytest.raises(InputError) as error:
        CodeList(path)
    assert [problem.code for problem in error.value.problems] == ["codes-list-damaged"]


def test_so_many_serials_are_told_and_no_more(tmp_path: Path) -> None:
    lines = [line("a.pdf", url(number % 150)) for number in range(300)]
    assert len(CodeList(listed(tmp_path, *lines)).twice) == MOST_TWICE
