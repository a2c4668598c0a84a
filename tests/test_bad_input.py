"""Bad YAML files give exactly the problems that they say themselves, and every problem has words.

Each file in tests/bad/ says in comments what is wrong with it: `# expect: 7:3 unknown-field`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from test_plan import DOCUMENTS

from stickergen.content import campaign, link
from stickergen.content.model import Campaign, Scam
from stickergen.content.source import MOST_BYTES, read
from stickergen.problem import MESSAGES, InputError, Problem, catalogue, worded

BAD = sorted(Path(__file__).parent.glob("bad/*.yaml"))
PACKAGE = Path(__file__).parent.parent / "stickergen"
EXPECT = re.compile(r"^# expect: (?:(\d+):(\d+) )?([a-z0-9-]+)$", re.MULTILINE)
WORDINGS = ("zh", "zh_hint", "en", "en_hint")


def told(path: Path) -> tuple[Problem, ...]:
    """All problems of a file, as a build would tell them."""
    if path.name.startswith("scam-"):
        with pytest.raises(InputError) as caught:
            read(path, Scam, shown=path.name)
        return caught.value.problems
    try:
        document = read(path, Campaign, shown=path.name)
    except InputError as error:
        return error.problems
    return InputError([*link.problems(document), *campaign.problems(document, DOCUMENTS)]).problems


def lines(problems: tuple[Problem, ...]) -> list[tuple[str, str, str]]:
    places = [(problem.place, problem.code) for problem in problems]
    return [(str(p.line or ""), str(p.column or ""), code) for p, code in places if p]


def assert_worded(problem: Problem) -> None:
    for language in ("zh", "en"):
        wording = worded(problem, language)
        assert wording.sentence.strip()
        assert wording.hint.strip()
        assert wording.sentence.isprintable()


def test_there_are_enough_bad_files() -> None:
    assert len(BAD) >= 35


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_bad_file(path: Path) -> None:
    expected = EXPECT.findall(path.read_text(encoding="utf-8"))
    problems = told(path)
    assert lines(problems) == sorted(expected, key=lambda e: (int(e[0] or 0), int(e[1] or 0), e[2]))
    assert {problem.place.file for problem in problems if problem.place} == {path.name}
    for problem in problems:
        assert_worded(problem)


GOOD_START = "id: a\ntitle: 洪山区反诈宣传\n"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", [("", "", "empty-file")]),
        (b"\xef\xbb\xbf", [("", "", "empty-file")]),
        (b"---\n...\n", [("", "", "empty-file")]),
        (b"~", [("", "", "empty-file")]),
        (b"just words", [("1", "1", "not-a-mapping")]),
        (GOOD_START.encode("utf-16"), [("", "", "not-utf8")]),
        (GOOD_START.encode("utf-16-le"), [("", "", "not-utf8")]),
        (GOOD_START.encode("utf-16-be"), [("", "", "not-utf8")]),
        (GOOD_START.encode("utf-32"), [("", "", "not-utf8")]),
        (GOOD_START.encode("gb18030"), [("2", "8", "not-utf8")]),
        (b"id: a\ntitle: \xff\xff\n", [("2", "8", "broken-utf8")]),
        (b"id: \xed\xa0\x80\n", [("1", "5", "broken-utf8")]),
        (b"id: a\ntitle: x\0y\n", [("2", "9", "control-character")]),
        (b"\0" * 4000, [("1", "1", "control-character")]),
        ("id: a\r\ntitle: x\u2028y\r\n".encode(), [("2", "9", "control-character")]),
        (b"# " + b"x" * 10_000_000, [("", "", "file-too-large")]),
        (b"id: [" * 100_000, [("1", "126", "yaml-too-deep")]),
        (b"id: &a [*a]", [("1", "9", "yaml-alias-cycle")]),
        (b"a: x\n" * 9_999, [("", "", "duplicate-field")]),
        (b"- x\n" * 60_000, [("50000", "3", "yaml-too-large-expanded")]),
        (b"? - a\n: b\n", [("1", "3", "yaml-key")]),
    ],
    ids=lambda value: repr(value[:20]) if isinstance(value, bytes) else "",
)
def test_bad_bytes(tmp_path: Path, content: bytes, expected: list[tuple[str, str, str]]) -> None:
    """The first problems are these; of a file with endless ones only the code is asked."""
    path = tmp_path / "campaign.yaml"
    path.write_bytes(content)
    problems = told(path)
    found = [p for p in lines(problems) if p[2] not in ("missing-field", "not-a-text")]
    if expected[0][2] == "duplicate-field":
        assert {p[2] for p in found} >= {"duplicate-field"}
    else:
        assert found == expected
    for problem in problems[:5]:
        assert_worded(problem)


def test_encodings_are_named(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    for encoding, name in (("utf-16", "UTF-16"), ("gbk", "GBK"), ("utf-32", "UTF-32")):
        path.write_bytes(GOOD_START.encode(encoding))
        assert told(path)[0].values == {"encoding": name}


def test_size_limit_is_exact(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_bytes(b"#" * MOST_BYTES)
    assert [p.code for p in told(path)] == ["empty-file"]
    path.write_bytes(b"#" * (MOST_BYTES + 1))
    assert [p.code for p in told(path)] == ["file-too-large"]


def test_no_file(tmp_path: Path) -> None:
    assert [p.code for p in told(tmp_path / "none.yaml")] == ["file-not-found"]
    assert [p.code for p in told(tmp_path)] == ["file-not-readable"]
    (problem,) = told(Path("bad\0name.yaml"))
    assert problem.code == "file-not-found"
    assert_worded(problem)


# --- the message files ---


def raised() -> Iterator[str]:
    """The codes of Problem("…") and PydanticCustomError("…") in the package."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                known = node.func.id in ("Problem", "PydanticCustomError")
                code = node.args[0]
                if known and isinstance(code, ast.Constant):
                    yield str(code.value)


def constants() -> set[str]:
    """All texts in the package's code: codes may come from tables."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in PACKAGE.rglob("*.py"))
    nodes = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {node.value for node in nodes if isinstance(node.value, str)}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_every_code_has_an_entry() -> None:
    assert set(raised()) - catalogue().keys() == set()


def test_no_entry_is_unused() -> None:
    assert catalogue().keys() - constants() == set()


@pytest.mark.parametrize("path", sorted(MESSAGES.glob("*.yaml")), ids=lambda path: path.stem)
def test_no_wording_breaks_off_at_a_comment(path: Path) -> None:
    """Behind a blank, a number sign begins a comment of YAML's, unless the value is quoted."""
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if re.match(r"  \w+: [^'\"].* #", line)] == []


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_all_four_wordings(code: str) -> None:
    entry = catalogue()[code]
    assert tuple(sorted(entry)) == tuple(sorted(WORDINGS))
    assert all(isinstance(text, str) and text.strip() for text in entry.values())
    assert placeholders(entry["zh"]) == placeholders(entry["en"])
    assert placeholders(entry["zh_hint"]) == placeholders(entry["en_hint"])
    assert re.search(r"[一-鿿]", entry["zh"])
    assert re.search(r"[一-鿿]", entry["zh_hint"])


def test_every_code_of_content_has_a_bad_input() -> None:
    """Each entry of content.yaml is met by some test here or in test_link and test_plan."""
    texts = [path.read_text(encoding="utf-8") for path in BAD]
    texts += [
        (Path(__file__).parent / f"test_{name}.py").read_text(encoding="utf-8")
        for name in ("bad_input", "link", "plan", "source")
    ]
    messages = PACKAGE / "messages/content.yaml"
    own = re.findall(r"^([a-z0-9-]+):$", messages.read_text(encoding="utf-8"), re.M)
    met = set(re.findall(r"[a-z][a-z0-9-]+", "\n".join(texts)))
    assert len(own) > 50
    assert set(own) - met == set()
