"""Reading a YAML file into a Document: texts stay texts, places are right, causes are told once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from stickergen.content import tree as tree_module
from stickergen.content.model import Identifier, Model, Words
from stickergen.content.source import Document, field_name, read
from stickergen.content.tree import BadYamlError, Node, tree
from stickergen.problem import InputError, Place, Problem


class Circle(Model):
    kind: Literal["circle"]
    radius: float = Field(gt=0, description="半径")


class Square(Model):
    kind: Literal["square"]
    side: Annotated[int, Field(ge=1, le=9)] = Field(description="边长")
    inner: tuple[Shape, ...] = ()


Shape = Annotated[Circle | Square, Field(discriminator="kind")]


class Thing(Model):
    name: Words | None = Field(None, description="名称")
    count: int = Field(1, gt=0, lt=10, description="数量")
    size: float | Literal["auto"] = Field(1.0, description="大小")
    on: bool = Field(False, description="开关")
    day: date | None = None
    texts: dict[str, str] = Field(default_factory=dict, description="文字")
    shapes: tuple[Shape, ...] = Field((), description="图形")
    pair: tuple[int, Identifier] | None = None
    either: int | tuple[int, ...] = Field(0, description="一个或几个")
    looks: Circle | Identifier | None = Field(None, description="样子")

    @model_validator(mode="after")
    def _check(self) -> Thing:
        if self.name == "坏":
            raise PydanticCustomError("unknown-scam", "bad", {"meant": "好"})
        if self.name == "错":
            raise ValueError("wrong")
        return self


Square.model_rebuild()


def document(folder: Path, text: str) -> Document[Thing]:
    path = folder / "thing.yaml"
    path.write_text(text, encoding="utf-8", newline="")
    return read(path, Thing, shown="thing.yaml")


def problems(folder: Path, text: str) -> list[Problem]:
    with pytest.raises(InputError) as caught:
        document(folder, text)
    return list(caught.value.problems)


def lines(folder: Path, text: str) -> list[str]:
    found = problems(folder, text)
    return [str(p.place).removeprefix("thing.yaml:") + f" {p.code}" for p in found]


@pytest.mark.parametrize(
    "text", ["no", "010", "12:30:45", "0x1f", "1e3", "2020-11-13", "True", "=", "1_0"]
)
def test_scalars_stay_the_text_as_written(tmp_path: Path, text: str) -> None:
    assert document(tmp_path, f"name: {text}\n").value.name == text


def test_types_come_from_the_model(tmp_path: Path) -> None:
    text = 'name: "96110"\ncount: 007\nsize: auto\non: true\nday: 2020-11-13\ntexts: {no: off}\n'
    value = document(tmp_path, text).value
    assert (value.name, value.count, value.size, value.on) == ("96110", 7, "auto", True)
    assert (value.day, value.texts) == (date(2020, 11, 13), {"no": "off"})


@pytest.mark.parametrize("text", ["'~'", '"null"', "'null'"])
def test_quoted_words_are_given(tmp_path: Path, text: str) -> None:
    assert document(tmp_path, f"name: {text}\n").value.name == text.strip("'\"")


def test_marks_and_line_ends(tmp_path: Path) -> None:
    made = document(tmp_path, "\ufeffname: 名\r\ncount: 3\r\n")
    assert made.value.name == "名"
    assert made.place("name") == Place("thing.yaml", 1, 7)
    assert made.place("count") == Place("thing.yaml", 2, 8)


def test_places(tmp_path: Path) -> None:
    made = document(
        tmp_path,
        "# 注释\nname: 名\nshapes:\n  - kind: square\n    side: 3\n  - {kind: circle, radius: 1}\n",
    )
    assert made.place() == Place("thing.yaml", 2, 1)
    assert made.place("shapes", 0, "side") == Place("thing.yaml", 5, 11)
    assert made.key_place("shapes", 0, "side") == Place("thing.yaml", 5, 5)
    assert made.place("shapes", 1) == Place("thing.yaml", 6, 5)
    assert made.place("shapes", 1, "radius") == Place("thing.yaml", 6, 28)
    assert made.place("shapes", 1, "colour", "deep") == made.place("shapes", 1)
    assert made.place("count") == made.key_place("count") == made.place()


def test_a_document_made_by_hand_has_its_file() -> None:
    assert Document(Thing.model_validate({}), "t.yaml", Path("t.yaml")).place("name") == Place(
        "t.yaml"
    )


def test_the_shown_name_has_forward_slashes(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("name: x\n", encoding="utf-8")
    assert read(path, Thing).file == path.as_posix()


def test_aliases_give_what_they_name(tmp_path: Path) -> None:
    made = document(tmp_path, "name: &n 名\ntexts: {a: *n, b: *n}\n")
    assert made.value.texts == {"a": "名", "b": "名"}
    assert made.place("texts", "a") == made.place("name")


def test_field_names_count_from_one() -> None:
    assert field_name(("stickers", "points", 2, "name")) == "stickers.points[3].name"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("size: nan\n", ["1:7 not-a-number"]),
        ("size: nan\nshapes: [{kind: x, side: 1_0}]\n", ["1:7 not-a-number", "2:17 not-one-of"]),
        ("size: 1_0\n", ["1:7 not-a-number"]),
        ("size: atuo\n", ["1:7 not-one-of"]),
        ("size: [1]\n", ["1:7 not-one-of"]),
        ("count: 3.0\n", ["1:8 not-a-whole-number"]),
        ("count: " + "9" * 5000 + "\n", ["1:8 out-of-range"]),
        ("on: 1\n", ["1:5 not-true-or-false"]),
        ("day: 2020-13-01\n", ["1:6 not-a-date"]),
        ("shapes:\n  - kind: circel\n    radius: 1\n", ["2:11 not-one-of"]),
        ("shapes:\n  - radius: 1\n", ["2:5 missing-field"]),
        ("shapes:\n  - kind: circle\n", ["2:5 missing-field"]),
        ("shapes:\n  - kind:\n    radius: 1\n", ["2:10 empty-field"]),
        ("shapes:\n  -\n", ["2:4 empty-field"]),
        (
            "shapes:\n  - kind: circle\n    radius: 0\n    side: 3\n",
            ["3:13 out-of-range", "4:5 unknown-field"],
        ),
        (
            "shapes:\n  - kind: square\n    side: 3\n    inner: [{kind: square, side: 10}]\n",
            ["4:34 out-of-range"],
        ),
        (
            "shapes:\n  - kind: square\n    side: 3\n    inner: [{kind: square, sied: 9}]\n",
            ["4:28 unknown-field"],
        ),
        ("shapes: {kind: circle}\n", ["1:9 not-a-list"]),
        ("shapes: [circle]\n", ["1:10 not-a-block"]),
        ("shapes: [kind：circle]\n", ["1:14 yaml-fullwidth-colon"]),
        ("pair: [1]\n", ["1:7 missing-field"]),
        ("pair: [x, Y]\n", ["1:8 not-a-whole-number", "1:11 bad-pattern-near"]),
        ("either: [1, x]\n", ["1:13 not-a-whole-number"]),
        ("either: x\n", ["1:9 not-a-whole-number"]),
        ("either: {a: 1}\n", ["1:9 wrong-type"]),
        ("looks: {kind: circle, radius: -1}\n", ["1:31 out-of-range"]),
        ("looks: {kind: circle, radius: x}\n", ["1:31 not-a-number"]),
        ("looks: 圆\n", ["1:8 bad-pattern"]),
        ("looks: [1]\n", ["1:8 wrong-type"]),
        ("texts: {a: [1]}\n", ["1:12 not-a-text"]),
        ("texts: x\n", ["1:8 not-a-block"]),
        ("name: 坏\n", ["1:1 unknown-scam"]),
        ("name: 错\n", ["1:1 not-accepted"]),
        (
            "nmae: &a [*a, *a]\n",
            ["1:1 unknown-field", "1:11 yaml-alias-cycle", "1:15 yaml-alias-cycle"],
        ),
        ("name: *a\n", ["1:7 yaml-alias-unknown"]),
    ],
)
def test_problems(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert lines(tmp_path, text) == expected


def test_values_of_problems(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, "count: 10\n")
    words = {"field": "count", "name": "count", "about": "数量"}
    assert problem.values == words | {"value": "10", "limits": "1–9"}
    (problem,) = problems(tmp_path, "shapes: [{kind: circle, radius: -1.5}]\n")
    assert problem.values["field"] == "shapes[1].radius"
    assert problem.values["limits"] == ">0"
    (problem,) = problems(tmp_path, "nmae: x\n")
    assert problem.values["meant"] == "name"
    (problem,) = problems(tmp_path, "shapes: [{kind: circle, radius: 1, x: 1}]\n")
    assert problem.values["meant"] == "kind / radius"
    (problem,) = problems(tmp_path, "count: " + "九" * 100)
    assert problem.values["value"] == "九" * 39 + "…"
    (problem,) = problems(tmp_path, 'count: "\\t\\n"')
    assert problem.values["value"] == "\\t\\n"
    (problem,) = problems(tmp_path, "name: 坏")
    assert problem.values["meant"] == "好"


def test_nothing_runs(tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    text = f"name: !!python/object/apply:os.mkdir ['{marker.as_posix()}']\n"
    assert lines(tmp_path, text) == ["1:7 yaml-tag"]
    assert not marker.exists()


def test_a_root_with_a_tag(tmp_path: Path) -> None:
    assert lines(tmp_path, "!!map {name: x}\n") == ["1:1 yaml-tag"]
    assert lines(tmp_path, "!x\n- a\n") == ["1:1 yaml-tag"]


# --- the tree ---


def plain(node: Node) -> Any:
    if node.kind == "list":
        return [plain(item) for item in node.items]
    if node.kind == "block":
        return {key.text: plain(value) for key, value in node.fields}
    return None if node.kind == "nothing" else node.text


VALUES = st.recursive(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text("ab<~:： ", max_size=3), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.text("xyz", min_size=1), VALUES, min_size=1, max_size=4), st.booleans())
def test_what_yaml_writes_is_read_back(value: dict[str, Any], flow: bool) -> None:
    text = yaml.safe_dump(value, allow_unicode=True, default_flow_style=flow, default_style='"')
    text = text.replace("\ufeff", "\\uFEFF").replace("\ufffe", "\\uFFFE")
    root = tree(text.replace("!!str ", ""), "f")
    assert root is not None
    if not any(isinstance(k, str) and k == "<<" for k in _keys(value)):
        assert plain(root) == value


def _keys(value: Any) -> list[Any]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [*(value if isinstance(value, dict) else ()), *(k for v in inner for k in _keys(v))]


@given(st.text(":-[]{}&*!|>'\"%@`#?,ab\n\t ：“”0\\~", max_size=40))
@example("? a\n: - b")
@example("a: |2-\n   b")
@example("{a, b: , ? c}")
def test_any_text_gives_a_tree_or_one_problem(text: str) -> None:
    """Nothing but BadYamlError comes out, and its place lies in the text."""
    rows = text.split("\n")
    try:
        root = tree(text, "f")
    except BadYamlError as error:
        place = error.problem.place
        assert place is not None
        assert 1 <= (place.line or 1) <= len(rows) + 1
        assert (place.column or 1) >= 1
    else:
        assert root is None or root.place.line is not None


def test_the_slow_parser_tells_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where libyaml is missing, PyYAML's own parser gives the same causes at the same places."""
    bad = sorted(Path(__file__).parent.glob("bad/*.yaml"))

    def causes() -> list[tuple[str, str, str]]:
        found = []
        for path in bad:
            try:
                tree(path.read_text(encoding="utf-8"), path.stem)
            except BadYamlError as error:
                found.append((path.stem, error.problem.code, str(error.problem.place)))
        return found

    fast = causes()
    monkeypatch.setattr(tree_module, "_LOADER", yaml.SafeLoader)
    slow = causes()
    assert len(fast) > 15
    assert [cause[:2] for cause in slow] == [cause[:2] for cause in fast]
