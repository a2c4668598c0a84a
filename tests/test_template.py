"""Templates as files: what is read, and the problems that bad ones give, at their places.

Each file in tests/bad_templates/ says in comments what is wrong with it, as those in tests/bad do;
they are laid out with the demonstration's content.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pydantic import ValidationError
from test_bad_input import EXPECT, PACKAGE, assert_worded, lines

from stickergen.artwork.fields import Bound, Scope
from stickergen.artwork.layout import House, lay_out
from stickergen.artwork.page import Page, Text
from stickergen.artwork.qr import Dots
from stickergen.artwork.template import BoxSpec, StyleSpec, Template
from stickergen.content.link import Address
from stickergen.content.model import Model
from stickergen.content.source import Document, read
from stickergen.ink import Ink
from stickergen.library import Library, house
from stickergen.order import trial_scopes
from stickergen.problem import InputError, Problem

BAD = sorted((Path(__file__).parent / "bad_templates").glob("*.yaml"))
OFFICE = Dots(25.4 / 300)
SCOPE = Scope({"address": Bound(Address("https://hs.example.com/kefu/j01", "kefu", "j01"))})

HEAD = """\
id: t
name: 试样
kind: sticker
size: [60, 40]
safe: 2
styles:
  plain: {font: regular, size: [8, 8], leading: 1}
body:
"""


def written(folder: Path, text: str) -> Document[Template]:
    """A template file of this text, read."""
    path = folder / "t.yaml"
    path.write_text(text, encoding="utf-8")
    return read(path, Template, shown="t.yaml")


def bodied(folder: Path, body: str, **replaced: str) -> Document[Template]:
    """A template 60 × 40 with this body; `size="[50, 50]"` and the like replace a line's value."""
    text = HEAD
    for name, value in replaced.items():
        text, found = re.subn(rf"^{name}:.*$", f"{name}: {value}", text, flags=re.M)
        text = text if found else f"{name}: {value}\n{text}"
    return written(folder, text + "".join(f"  {line}\n" for line in body.strip("\n").split("\n")))


def page(template: Document[Template], scope: Scope | None = None, dots: Dots = OFFICE) -> Page:
    """The one page of a template."""
    (found,) = lay_out(template, [scope or SCOPE], house(), dots)
    return found


def problems(
    template: Document[Template],
    *scopes: Scope,
    style: House | None = None,
    dots: Dots = OFFICE,
) -> tuple[Problem, ...]:
    """The problems that laying out tells."""
    with pytest.raises(InputError) as caught:
        lay_out(template, list(scopes) or [SCOPE], style or house(), dots)
    return caught.value.problems


def told(path: Path) -> tuple[Problem, ...]:
    """All problems of a template file, tried with the demonstration."""
    try:
        template = read(path, Template, shown=path.name)
    except InputError as error:
        return error.problems
    scopes, style, dots = trial_scopes(template.value, Library())
    return problems(template, *scopes, style=style, dots=dots)


def laid(
    template: Document[Template], scopes: list[Scope], style: House | None = None
) -> list[Page]:
    return lay_out(template, scopes, style or house(), OFFICE)


def sizes(found: Page) -> dict[str, float]:
    return {item.text: item.size_pt for item in found.items if isinstance(item, Text)}


# --- bad files ---


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_bad_template(path: Path) -> None:
    expected = EXPECT.findall(path.read_text(encoding="utf-8"))
    found = told(path)
    assert lines(found) == sorted(expected, key=lambda e: (int(e[0] or 0), int(e[1] or 0), e[2]))
    assert {problem.place.file for problem in found if problem.place} == {path.name}
    for problem in found:
        assert_worded(problem)


def test_there_are_enough_bad_templates() -> None:
    assert len(BAD) >= 20


OUTSIDE_TEMPLATES = {
    "text-on-picture",
    "font-missing",
    "not-a-sticker-template",
    "not-a-flyer-template",
}
"""Codes of artwork.yaml that need no bad file: test_fonts, the orders' tests, and one below."""


def test_every_code_of_artwork_has_a_bad_template() -> None:
    messages = (PACKAGE / "messages/artwork.yaml").read_text(encoding="utf-8")
    own = set(re.findall(r"^([a-z0-9-]+):$", messages, re.MULTILINE))
    texts = [path.read_text(encoding="utf-8") for path in BAD]
    texts += [
        (Path(__file__).parent / f"test_{name}.py").read_text(encoding="utf-8")
        for name in ("bind", "layout")
    ]
    met = set(re.findall(r"[a-z][a-z0-9-]+", "\n".join(texts)))
    assert len(own) > 25
    assert own - met - OUTSIDE_TEMPLATES == set()


@pytest.mark.parametrize(
    ("name", "value", "meant"),
    [
        ("unknown-template-field", "scam.headlin", "headline"),
        ("unknown-template-field", "spokn", "spoken"),
        ("unknown-template-field", "|dat", "date"),
        ("unknown-key", "[…]", "column"),
        ("unknown-style-of-text", "plane", "plain"),
        ("unknown-style", "plian", "plain"),
        ("unknown-icon", "packag", "package"),
        ("unknown-ink", "polic", "police"),
    ],
)
def test_what_was_meant_is_told(name: str, value: str, meant: str) -> None:
    (path,) = (path for path in BAD if path.stem == name)
    (problem,) = (problem for problem in told(path) if problem.values["value"] == value)
    assert problem.values["meant"] == meant


# --- the models ---


@pytest.mark.parametrize(
    ("padding", "read_as"),
    [("2", (2,)), (["1", "2"], (1, 2)), (["1", "2", "3"], (1, 2, 3)), (list("1234"), (1, 2, 3, 4))],
)
def test_one_to_four_paddings(padding: Any, read_as: tuple[float, ...]) -> None:
    assert BoxSpec.model_validate({"padding": padding}).padding == read_as


@pytest.mark.parametrize("length", ["auto", "0", "12", "12.5", "1fr", "2.5fr"])
def test_lengths(length: str) -> None:
    assert BoxSpec.model_validate({"width": length}).width == length


@pytest.mark.parametrize("length", ["", "-1", "1e3", "12mm", "fr", "1 fr", "50%", "１２", "auto "])
def test_what_is_no_length(length: str) -> None:
    spec = {"width": length}
    if length == "auto ":  # blanks around a value mean nothing
        assert BoxSpec.model_validate(spec).width == "auto"
        return
    with pytest.raises(ValidationError):
        BoxSpec.model_validate(spec)


def test_a_style_of_another_ones_size() -> None:
    template = Template.model_validate(
        {
            "id": "t",
            "name": "试样",
            "kind": "sticker",
            "size": (60, 40),
            "styles": {"one": {"size": (8, 9)}, "other": {"size": "one"}},
            "body": {"column": ()},
        }
    )
    assert template.sized_by("one") == "one"
    assert template.sized_by("other") == "one"


def test_defaults_of_a_style() -> None:
    style = StyleSpec.model_validate({"size": (8, 8)})
    assert (style.font, style.ink, style.align) == ("regular", "black", "left")
    assert not style.words
    assert not style.balance


def test_all_inks_are_found_with_the_keys_that_lead_to_them(tmp_path: Path) -> None:
    template = bodied(
        tmp_path,
        """
row:
  - {text: 一, style: plain, fill: mist}
  - column:
      - {icon: headset, size: 4, ink: police}
      - {tally: {percent: "45", icon: package}}
    rule: {width: 1}
""",
    )
    inks = dict(template.value.ink_names())
    assert inks[("styles", "plain", "ink")] == "black"
    assert inks[("body", "row", 0, "fill")] == "mist"
    assert inks[("body", "row", 1, "rule", "ink")] == "black"
    assert inks[("body", "row", 1, "column", 0, "ink")] == "police"
    assert inks[("body", "row", 1, "column", 1, "tally", "rest")] == "grey"
    for keys in inks:
        assert template.place(*keys).line is not None


# --- what does not fit ---


class Scam(Model):
    id: str
    headline: str
    steps: tuple[str, ...] = ()


def content(folder: Path, headline: str, steps: str = "[]") -> Scope:
    path = folder / "s.yaml"
    path.write_text(f"id: kefu\nheadline: {headline}\nsteps: {steps}\n", encoding="utf-8")
    document = read(path, Scam, shown="s.yaml")
    return Scope({"scam": Bound(document.value, document)})


LONG = "这句话写得实在太长了，贴纸上放不下，要请写的人自己删掉一些字才行"


@pytest.mark.parametrize(
    "body",
    [
        'text: "{scam.headline}"\nstyle: s',
        'column:\n  - {text: "{scam.headline}", style: s}\n  - {column: [], height: 20}',
        'row:\n  - {text: "{scam.headline}", style: s}\n  - {column: [], width: 20}',
        'row:\n  - {text: "{scam.headline}", style: s, width: auto}',
        'row:\n  - row:\n      - {text: "{scam.headline}", style: s}\n    height: 12',
        'column:\n  - column:\n      - {text: "{scam.headline}", style: s}\n    height: 10',
    ],
    ids=["alone", "column", "row", "one line", "in a row", "in a column"],
)
def test_text_too_long_names_the_field_and_how_much(tmp_path: Path, body: str) -> None:
    indented = "".join(f"  {line}\n" for line in body.split("\n"))
    template = written(
        tmp_path,
        "id: t\nname: 试样\nkind: sticker\nsize: [60, 40]\nsafe: 2\nstyles:\n"
        f"  s: {{size: [24, 32], leading: 1.2}}\nbody:\n{indented}",
    )
    (problem,) = problems(template, content(tmp_path, LONG))
    assert (problem.code, str(problem.place)) == ("text-too-long", "s.yaml:2:11")
    assert problem.values["field"] == "headline"
    assert problem.values["template"] == "t"
    excess = problem.values["excess"]
    assert 0 < excess < len(LONG)
    (found,) = laid(template, [content(tmp_path, LONG[:-excess])])
    assert min(sizes(found).values()) >= 24


def test_text_too_long_in_a_list_names_the_item(tmp_path: Path) -> None:
    template = bodied(
        tmp_path, 'column:\n  - {text: "{item}", style: plain, each: "{scam.steps}", height: 3}'
    )
    scope = content(tmp_path, "短", f"[短, {LONG}]")
    (problem,) = problems(template, scope)
    assert (problem.code, problem.values["field"]) == ("text-too-long", "steps[2]")
    assert str(problem.place) == "s.yaml:3:12"


def test_all_texts_too_long_are_told_at_once(tmp_path: Path) -> None:
    body = 'column:\n  - {text: "{item}", style: plain, each: "{scam.steps}", height: 3}'
    scope = content(tmp_path, "短", f"[{LONG}, 短, {LONG}]")
    found = problems(bodied(tmp_path, body), scope)
    assert [problem.values["field"] for problem in found] == ["steps[1]", "steps[3]"]


def test_a_code_too_small_for_the_press(tmp_path: Path) -> None:
    template = bodied(tmp_path, 'column:\n  - {code: "{address}", size: 18.4}')
    (code,) = page(template).codes
    assert code.module == pytest.approx(0.4233, abs=0.0001)
    (problem,) = problems(template, dots=Dots(0.125))
    assert (problem.code, str(problem.place)) == ("code-too-small", "t.yaml:10:7")
    assert problem.values == {
        "template": "t",
        "size": 18.4,
        "modules": 37,
        "least": 0.5,
        "needed": 18.5,
    }


def test_text_on_a_picture_needs_a_ground_of_its_own(tmp_path: Path) -> None:
    Image.new("RGB", (700, 350), "black").save(tmp_path / "p.png")
    body = "stack:\n  - {picture: p.png}\n  - {text: 一, style: plain}"
    (problem,) = problems(bodied(tmp_path, body))
    assert (problem.code, problem.values) == ("text-on-picture", {"style": "plain"})
    page(bodied(tmp_path, body.replace("style: plain", "style: plain, fill: white")))


CODE = 'code: "{address}", size: 20'


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (f"column:\n  - {{{CODE}, height: 8}}", "10:7"),
        (f"row:\n  - {{{CODE}, width: 8}}", "10:7"),
        (f"row:\n  - column:\n      - {{{CODE}}}\n    width: 8", "11:11"),
        (f"row:\n  - {{{CODE}}}\nheight: 8\npadding: 12", "10:7"),
        ("row:\n  - {icon: headset, size: 12, width: 3}", "10:7"),
        ("row:\n  - {text: 一, style: plain, width: 4, padding: 3}", "10:7"),
        ("row:\n  - {column: [], width: 56}\n  - {text: 一, style: plain}", "11:7"),
        ("row:\n  - {column: [], width: 60}\n  - {text: 一, style: plain}", "9:3"),
        ('stack:\n  - {tally: {percent: "45", icon: package}}\npadding: 28', "10:7"),
    ],
)
def test_a_box_too_small_for_what_is_in_it(tmp_path: Path, body: str, place: str) -> None:
    """Where no text can give way, the box in the template is named, and nothing overlaps."""
    found = problems(bodied(tmp_path, body))
    assert {(problem.code, str(problem.place)) for problem in found} == {
        ("box-too-small", f"t.yaml:{place}")
    }


def test_a_round_piece_has_no_corners(tmp_path: Path) -> None:
    body = "column:\n  - {text: 字, style: plain}\njustify: %s\npadding: %s"
    shape = {"size": "[40, 40]", "shape": "round"}
    (problem,) = problems(bodied(tmp_path, body % ("start", "[0, 0]"), **shape))
    assert problem.code == "outside-safe-area"
    assert problem.values == {"template": "t", "value": "字", "safe": 2}
    assert len(page(bodied(tmp_path, body % ("start", "[6, 16]"), **shape)).items) == 1
    assert page(bodied(tmp_path, body % ("center", "[0, 0]"), **shape)).round


@pytest.mark.parametrize("text", ["笑😀脸", "生僻字𠮷"])
def test_a_character_that_no_font_has(tmp_path: Path, text: str) -> None:
    template = bodied(tmp_path, 'text: "{scam.headline}"\nstyle: plain')
    (problem,) = problems(template, content(tmp_path, text))
    assert (problem.code, str(problem.place)) == ("no-glyph", "s.yaml:2:11")
    char = "😀" if "😀" in text else "𠮷"
    assert problem.values["char"] == char
    assert problem.values["code_point"] == f"U+{ord(char):04X}"
    assert problem.values["field"] == "headline"


# --- contrast ---


@pytest.mark.parametrize(
    ("ink", "fill", "size", "font", "ratio"),
    [
        ("grey", "black", 8, "regular", "2.5"),
        ("white", "accent", 18, "black", "1.5"),
        ("white", "soft", 13, "black", "4.0"),
        ("white", "soft", 14, "regular", "4.0"),
        ("white", "soft", 14, "black", None),
        ("white", "soft", 18, "regular", None),
        ("white", "police", 8, "bold", None),
    ],
)
def test_contrast(
    tmp_path: Path, ink: str, fill: str, size: int, font: str, ratio: str | None
) -> None:
    """4.5:1, or 3:1 for what is large: 18 pt, or 14 pt bold. `soft` is a grey of 4:1."""
    style = House({**house().inks, "soft": Ink(0, 0, 0, 50)}, house().sizes_pt)
    template = written(
        tmp_path,
        "id: t\nname: 试样\nkind: sticker\nsize: [60, 40]\nsafe: 2\nstyles:\n"
        f"  s: {{size: [{size}, {size}], ink: {ink}, font: {font}}}\n"
        f"body:\n  column:\n    - {{text: 字, style: s, fill: {fill}}}\n",
    )
    if ratio is None:
        assert laid(template, [Scope()], style)
        return
    (problem,) = problems(template, style=style)
    assert (problem.code, str(problem.place)) == ("low-contrast", "t.yaml:10:7")
    assert problem.values["ratio"] == ratio


def test_the_ground_is_that_of_the_nearest_box_with_a_fill(tmp_path: Path) -> None:
    body = "column:\n  - row:\n      - {text: 字, style: plain}\n    fill: %s\nfill: %s"
    assert page(bodied(tmp_path, body % ("mist", "black")))
    (problem,) = problems(bodied(tmp_path, body % ("black", "mist")))
    assert problem.code == "low-contrast"


def test_in_a_stack_the_ground_is_what_lies_below(tmp_path: Path) -> None:
    body = "stack:\n  - {column: [], fill: black}\n  - {text: 字, style: plain}"
    (problem,) = problems(bodied(tmp_path, body))
    assert problem.code == "low-contrast"
