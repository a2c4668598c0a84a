"""YAML text → a tree that knows where everything stands; nothing is guessed, nothing runs.

Comes in: the text of a file. Goes out: its root `Node` or a `BadYamlError` with one Problem.
Lines and columns count from 1. Scalars stay the text as written (`no`, `010`, `12:30:45`); a plain
empty value, `~` or `null` is "not given". What is wrong with a single node (a tag, a repeated
field, an alias that leads nowhere) is its flaw, so that one reading tells them all.
Source: YAML 1.1 as PyYAML parses it. Limits: one document, no tags, no merge keys, no depth
beyond DEEPEST and no more than MOST_NODES nodes once aliases are expanded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import yaml

from stickergen.problem import Place, Problem

MOST_NODES = 50_000
"""Tuned: ten times a campaign of 500 delivery points; stops aliases that grow without end."""

DEEPEST = 50
"""Tuned: the deepest model has a dozen levels; stops brackets that nest without end."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff"
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
"""YAML 1.1, 5.1, without its rare line breaks (NEL, LS, PS): editors count lines without them. And
what turns the direction of writing (UAX #9, 2): it would show another text than the one written."""

_BULLET = re.compile(r" - \S")
"""In a plain value of several lines: an entry of a list, set in too far to be one."""

_OPEN_QUOTE = re.compile(
    r"""^[ ]*(?:- +)*(?:[A-Za-z_][\w.-]*: +)?(?P<quote>["'])(?:(?!(?P=quote)).)*$"""
)
"""A value that begins with a quotation mark and has no second one on its line."""

_NO_COLON = re.compile(r"^[ ]*(?:- +)*(?P<key>[A-Za-z_][\w.-]*)(?P<colon>：|:(?=[^\s/]))\s*")
"""A field whose colon is full-width or has no blank after it."""

_WIDE_QUOTE = re.compile(r"^\s*(?:- +)*[\w.-]+: +(?P<quote>[“”‘’＂＇]).*: ")
_ONE_COLON = re.compile(r"^\s*(?:- +)*[\w.-]+:(\s|$)(?!.*:(\s|$))")
_AFTER_QUOTE = re.compile(r"^\s*(?:- +)*[\w.-]+: +(['\"]).*\1\s*(?=[^\s#])")

_SHAPES = {list: "[…]", tuple: "[…]", dict: "{…}", type(None): ""}

Kind = Literal["text", "nothing", "list", "block"]


@dataclass(frozen=True, slots=True)
class Node:
    """A value: a text, nothing, a list of nodes or a block (a mapping) of key and value nodes."""

    kind: Kind
    place: Place
    text: str = ""
    items: tuple[Node, ...] = ()
    fields: tuple[tuple[Node, Node], ...] = ()
    flaws: tuple[Problem, ...] = ()
    size: int = 1
    height: int = 1


class BadYamlError(Exception):
    """The text cannot be read as one YAML document; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.code)


def quoted(value: object) -> str:
    """A value as a message quotes it: at most 40 characters, control characters escaped."""
    text = value if isinstance(value, str) else _SHAPES[type(value)]
    text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return text if len(text) <= 40 else text[:39] + "…"


def glued_field(text: str) -> re.Match[str] | None:
    """The field name and the wrong colon at the head of a text such as `name：武汉`."""
    return _NO_COLON.match(text)


def glued_code(glued: re.Match[str]) -> str:
    """Which of the two: a full-width colon, or one without a blank after it."""
    return "yaml-fullwidth-colon" if glued["colon"] == "：" else "yaml-colon-without-blank"


def tree(text: str, file: str) -> Node | None:
    """The root of the only document in a text, or None if there is nothing in it."""
    bad = _FORBIDDEN.search(text)
    if bad:
        raise BadYamlError(_forbidden(bad, _place(text, file, bad.start())))
    try:
        return _Composer(yaml.parse(text, Loader=_LOADER), file).document()
    except yaml.MarkedYAMLError as error:
        raise BadYamlError(_syntax(error, text, file)) from None
    except yaml.YAMLError as error:
        values = {"value": quoted(str(error)), "line": ""}
        raise BadYamlError(Problem("yaml-syntax", Place(file), values)) from None


def _lines(event: Any) -> int:
    """The lines that a value takes up."""
    return int(event.end_mark.line - event.start_mark.line + 1)


def _forbidden(found: re.Match[str], place: Place) -> Problem:
    return Problem("control-character", place, {"character": f"U+{ord(found.group()):04X}"})


class _Composer:
    """Parser events, one after another, → nodes; aliases give the node they name."""

    def __init__(self, events: Iterator[Any], file: str) -> None:
        self.events = events
        self.file = file
        self.anchors: dict[str, Node | None] = {}

    def document(self) -> Node | None:
        root: Node | None = None
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise BadYamlError(Problem("more-than-one-document", self._at(event)))
                root = self._node(next(self.events), 1)
        return root

    def _at(self, event: Any) -> Place:
        return Place(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def _node(self, event: Any, depth: int) -> Node:
        place = self._at(event)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, place, depth)
        if event.anchor:
            self.anchors[event.anchor] = None
        flaws = (Problem("yaml-tag", place, {"value": quoted(event.tag)}),) if event.tag else ()
        if isinstance(event, yaml.ScalarEvent):
            plain = event.style not in ("'", '"', "|", ">")
            absent = plain and event.value in (
                "",
                "~",
                "null",
                "Null",
                "NULL",
            )
            kind: Kind = "nothing" if absent and not flaws else "text"
            if plain and _BULLET.search(event.value) and _lines(event) > 1:
                flaws = (
                    *flaws,
                    Problem("yaml-bullet-indent", place, {"value": quoted(event.value)}),
                )
            if bad := _FORBIDDEN.search(event.value):  # written as an escape
                flaws = (*flaws, _forbidden(bad, place))
            node = Node(kind, place, event.value, flaws=flaws)
        else:
            self._limit(place, 1, depth)
            node = self._collection(event, place, depth, flaws)
        if event.anchor:
            self.anchors[event.anchor] = node
        return node

    def _limit(self, place: Place, size: int, depth: int) -> None:
        if depth > DEEPEST:
            raise BadYamlError(Problem("yaml-too-deep", place, {"limit": DEEPEST}))
        if size > MOST_NODES:
            raise BadYamlError(Problem("yaml-too-large-expanded", place, {"limit": MOST_NODES}))

    def _alias(self, event: Any, place: Place, depth: int) -> Node:
        node = self.anchors.get(event.anchor)
        if node is None:
            code = "yaml-alias-cycle" if event.anchor in self.anchors else "yaml-alias-unknown"
            values = {"value": quoted(event.anchor)}
            return Node("text", place, flaws=(Problem(code, place, values),))
        self._limit(place, node.size, depth + node.height - 1)
        return node

    def _collection(self, event: Any, place: Place, depth: int, flaws: tuple[Problem, ...]) -> Node:
        children: list[Node] = []
        size, height = 1, 1
        for inner in self.events:
            if isinstance(inner, yaml.CollectionEndEvent):
                break
            child = self._node(inner, depth + 1)
            children.append(child)
            size += child.size
            height = max(height, child.height + 1)
            self._limit(child.place, size, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return Node("list", place, "", tuple(children), (), flaws, size, height)
        fields, more = _distinct(list(zip(children[::2], children[1::2], strict=True)))
        return Node("block", place, "", (), fields, flaws + more, size, height)


def _distinct(
    pairs: list[tuple[Node, Node]],
) -> tuple[tuple[tuple[Node, Node], ...], tuple[Problem, ...]]:
    """The fields with a usable name of their own, and what is wrong with the others."""
    first: dict[str, tuple[Node, Node]] = {}
    flaws: list[Problem] = []
    for key, value in pairs:
        if key.flaws:
            flaws.extend(key.flaws)
        elif key.kind != "text":
            flaws.append(Problem("yaml-key", key.place))
        elif key.text == "<<":
            flaws.append(Problem("yaml-merge", key.place))
        elif key.text in first:
            earlier = first[key.text][0].place
            values = {"field": quoted(key.text), "line": earlier.line, "column": earlier.column}
            flaws.append(Problem("duplicate-field", key.place, values))
        else:
            first[key.text] = (key, value)
    return tuple(first.values()), tuple(flaws)


_CAUSES: tuple[tuple[str, str, str], ...] = (
    # what the parser says (words that libyaml and PyYAML share), code, the mark to show
    (r"tab character|'\\t' that cannot", "yaml-tab", "problem"),
    (r"cannot start any token|expected alphabetic|a tag", "yaml-bad-start", "context"),
    (r"mapping values are not allowed", "yaml-colon-in-text", "problem"),
    (r"could not find expected ':'", "yaml-colon-missing", "context"),
    (r"quoted scalar.*(end of stream|document separator)", "yaml-quote-open", "context"),
    (r"unknown escape|hexadecimal numbers", "yaml-escape", "problem"),
    (r"expected ',' or '[\]}]'", "yaml-bracket-open", "context"),
    (r"expected key|expected '-' indicator|<block end>", "yaml-indentation", "problem"),
)


def _syntax(error: yaml.MarkedYAMLError, text: str, file: str) -> Problem:
    """The parser's complaint, told by its likely cause."""
    said = f"{error.context or ''} {error.problem or ''}"
    code, which = next(
        ((code, which) for words, code, which in _CAUSES if re.search(words, said)),
        ("yaml-syntax", "problem"),
    )
    mark = (error.context_mark if which == "context" else None) or error.problem_mark
    mark = mark or error.context_mark
    assert mark is not None
    rows = re.split(r"\r\n|\r|\n", text)
    last = error.problem_mark.line if error.problem_mark else mark.line
    first = error.context_mark.line if error.context_mark and which == "context" else last - 1
    likely = _likelier(code, rows, range(last, max(first, 0) - 1, -1))
    code, number, column = likely or (code, mark.line, mark.column)
    row = rows[number] if number < len(rows) else ""
    values = {"value": quoted(error.problem or ""), "line": quoted(row.strip())}
    return Problem(code, Place(file, number + 1, column + 1), values)


def _likelier(code: str, rows: list[str], numbers: range) -> tuple[str, int, int] | None:
    """A slip of the hand on these rows that explains the complaint better: code, row, column."""
    if code in ("yaml-indentation", "yaml-colon-in-text"):
        for number in range(min(numbers[0], len(rows) - 1), -1, -1):
            if quote := _OPEN_QUOTE.match(rows[number]):  # it swallowed everything since
                return "yaml-quote-open", number, quote.start("quote")
    for number in numbers:
        row = rows[number] if number < len(rows) else ""
        blank = row[: len(row) - len(row.lstrip())]
        glued = glued_field(row)
        if "\t" in blank and row.strip():
            return "yaml-tab", number, blank.index("\t")
        if glued and code in ("yaml-colon-missing", "yaml-colon-in-text", "yaml-indentation"):
            return glued_code(glued), number, glued.start("colon")
    number = numbers[0]
    row = rows[number] if number < len(rows) else ""
    first_sign = len(row) - len(row.lstrip())
    if code == "yaml-colon-in-text" and (wide := _WIDE_QUOTE.match(row)):
        return "yaml-fullwidth-quote", number, wide.start("quote")
    if code == "yaml-colon-in-text" and _ONE_COLON.match(row):
        return "yaml-indentation", number, first_sign
    if code == "yaml-indentation" and (closed := _AFTER_QUOTE.match(row)):
        return "yaml-after-quote", number, closed.end()
    return None


def _place(text: str, file: str, index: int) -> Place:
    """Line and column of a character in a text."""
    before = re.split(r"\r\n|\r|\n", text[:index])
    return Place(file, len(before), len(before[-1]) + 1)
