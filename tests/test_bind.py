"""A template and its data become a tree: repeats, conditions, codes, icons, pictures."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import ExifTags, Image
from test_template import bodied, page, problems

from stickergen.artwork import bind as bind_module
from stickergen.artwork.bind import CodeSource, Node, PictureSource, TallySource, bind
from stickergen.artwork.fields import Bound, Filled, Scope
from stickergen.artwork.fonts import icon
from stickergen.content.link import Address
from stickergen.content.model import Model
from stickergen.content.source import Document
from stickergen.problem import Place, Problem


class Case(Model):
    loss: int


class Scam(Model):
    id: str = "kefu"
    name: str = "冒充客服"
    steps: tuple[str, ...] = ("甲", "乙", "丙")
    none: tuple[str, ...] = ()
    case: Case | None = None


class Point(Model):
    id: str


DOCUMENT = Document(
    Scam(), "kefu.yaml", Path("kefu.yaml"), {(): Place("kefu.yaml", 1, 1), ("name",): Place("k", 3)}
)
SCOPE = Scope(
    {
        "scam": Bound(DOCUMENT.value, DOCUMENT),
        "talk": Bound(None, DOCUMENT),
        "address": Bound(Address("https://hs.example.com/kefu", "kefu")),
    }
)


def root(folder: Path, body: str, scope: Scope = SCOPE) -> Node:
    node, found = bind(bodied(folder, body), scope)
    assert found == []
    assert node is not None
    return node


def said(node: Node) -> list[str]:
    """The texts of a tree in order."""
    return [inside.content.text for inside in node.walk() if isinstance(inside.content, Filled)]


def told(folder: Path, body: str, scope: Scope = SCOPE) -> list[Problem]:
    return bind(bodied(folder, body), scope)[1]


def test_a_repeat_makes_a_box_for_each_item(tmp_path: Path) -> None:
    node = root(
        tmp_path, 'column:\n  - {text: "{number}{item}", style: plain, each: "{scam.steps}"}'
    )
    assert said(node) == ["1甲", "2乙", "3丙"]


def test_items_may_have_a_name_of_their_own(tmp_path: Path) -> None:
    body = """
column:
  - row:
      - {text: "{number}.{step}", style: plain}
      - {text: "{step}{item}", style: plain, each: "{scam.steps}"}
    each: "{scam.steps}"
    item: step
"""
    texts = said(root(tmp_path, body))
    assert texts[:4] == ["1.甲", "甲甲", "甲乙", "甲丙"]
    assert texts[4] == "2.乙"
    assert len(texts) == 12


def test_a_repeat_of_nothing_makes_nothing(tmp_path: Path) -> None:
    node = root(tmp_path, 'column:\n  - {text: "{item}", style: plain, each: "{scam.none}"}')
    assert node.children == ()


@pytest.mark.parametrize(
    ("condition", "drawn"),
    [
        ('when: "{scam.case}"', False),
        ('unless: "{scam.case}"', True),
        ('when: "{scam.name}"', True),
        ('unless: "{scam.name}"', False),
        ('when: "{talk.title}"', False),
        ('unless: "{talk.title}"', True),
        ('when: "{scam.none}"', False),
        ('when: "{scam.name}", unless: "{talk}"', True),
        ('when: "{talk}", unless: "{talk}"', False),
    ],
)
def test_conditions(tmp_path: Path, condition: str, drawn: bool) -> None:
    node = root(tmp_path, f"column:\n  - {{text: 一, style: plain, {condition}}}")
    assert said(node) == (["一"] if drawn else [])


def test_what_is_not_drawn_needs_no_data(tmp_path: Path) -> None:
    body = 'column:\n  - {text: "{scam.case.loss}", style: plain, when: "{scam.case}"}'
    assert said(root(tmp_path, body)) == []


def test_a_code_knows_what_it_leads_to(tmp_path: Path) -> None:
    body = 'code: "{address}"\nsize: 20'
    content = root(tmp_path, body).content
    assert isinstance(content, CodeSource)
    assert content.address == Address("https://hs.example.com/kefu", "kefu")
    # A repeat that calls its items `scam` does not change where the one address leads.
    listed = SCOPE.with_names({"others": Bound((Bound(None), Bound(None)))})
    repeated = 'column:\n  - {code: "{address}", size: 20, each: "{others}", item: scam}'
    codes = [child.content for child in root(tmp_path, repeated, listed).children]
    assert [code.address.scam for code in codes if isinstance(code, CodeSource)] == ["kefu"] * 2


def test_icons_by_name_and_by_field(tmp_path: Path) -> None:
    scope = SCOPE.with_names({"icon": Bound("money")})
    node = root(
        tmp_path, 'row:\n  - {icon: headset, size: 4}\n  - {icon: "{icon}", size: 4}', scope
    )
    assert [child.content for child in node.children] == [icon("headset"), icon("money")]


def test_a_tally(tmp_path: Path) -> None:
    content = root(tmp_path, 'tally: {percent: "45", icon: package}').content
    assert content == TallySource(45, icon("package"))


def test_an_unknown_icon_is_told_where_it_was_written(tmp_path: Path) -> None:
    scope = SCOPE.with_names({"icon": Bound("hedset", DOCUMENT, ("name",))})
    (problem,) = told(tmp_path, 'column:\n  - {icon: "{icon}", size: 4}', scope)
    assert (problem.code, str(problem.place)) == ("unknown-icon", "k:3")
    assert problem.values == {"value": "hedset", "meant": "headset"}


def test_a_field_that_is_not_given_is_told_in_the_content(tmp_path: Path) -> None:
    (problem,) = told(tmp_path, 'column:\n  - {text: "{talk.title}", style: plain}')
    assert (problem.code, str(problem.place)) == ("field-not-given", "kefu.yaml:1:1")
    assert problem.values == {"value": "talk", "template": "t"}
    (problem,) = told(tmp_path, 'column:\n  - {text: 一, style: plain, each: "{scam.case}"}')
    assert (problem.code, problem.values["value"]) == ("field-not-given", "scam.case")


def test_an_address_too_long_for_any_code(tmp_path: Path) -> None:
    scope = SCOPE.with_names({"address": Bound(Address("x" * 2400))})
    (problem,) = told(tmp_path, 'code: "{address}"\nsize: 20', scope)
    assert problem.code == "address-too-long-for-code"
    assert problem.values == {"value": "x" * 60}


def test_all_problems_of_a_template_are_told_at_once(tmp_path: Path) -> None:
    body = """
column:
  - {text: "{zzz}", style: plain}
  - {icon: zzz, size: 3}
  - {picture: zzz.png}
  - {text: 一, style: zzz}
"""
    codes = [problem.code for problem in told(tmp_path, body)]
    assert codes == ["unknown-template-field", "unknown-icon", "picture-not-found", "unknown-style"]


# --- pictures ---


def saved(path: Path, size: tuple[int, int] = (40, 20), mode: str = "RGB", **how: Any) -> Path:
    Image.new(mode, size).save(path, **how)
    return path


def pictured(folder: Path, name: str) -> PictureSource | list[Problem]:
    node, found = bind(bodied(folder, f'column:\n  - {{picture: "{name}"}}'), SCOPE)
    if found:
        return found
    assert node is not None
    content = node.children[0].content
    assert isinstance(content, PictureSource)
    return content


@pytest.mark.parametrize(
    ("name", "mode"),
    [("a.png", "RGBA"), ("a.png", "P"), ("a.png", "L"), ("a.jpg", "RGB"), ("a.jpg", "CMYK")],
)
def test_pictures_that_can_be_read(tmp_path: Path, name: str, mode: str) -> None:
    path = saved(tmp_path / name, mode=mode)
    assert pictured(tmp_path, name) == PictureSource(path.resolve(), 40, 20)


def test_a_picture_in_a_folder_below(tmp_path: Path) -> None:
    (tmp_path / "图").mkdir()
    path = saved(tmp_path / "图/标志.png")
    assert pictured(tmp_path, "图/标志.png") == PictureSource(path.resolve(), 40, 20)


@pytest.mark.parametrize(("orientation", "size"), [(1, (40, 20)), (3, (40, 20)), (6, (20, 40))])
def test_a_photograph_stands_upright(
    tmp_path: Path, orientation: int, size: tuple[int, int]
) -> None:
    """Telephones keep the picture as the sensor saw it, and a word on which side is up."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    path = saved(tmp_path / "a.jpg", exif=exif)
    assert pictured(tmp_path, "a.jpg") == PictureSource(path.resolve(), *size)


def picture_code(folder: Path, name: str) -> str:
    found = pictured(folder, name)
    assert isinstance(found, list)
    (problem,) = found
    assert problem.values["value"] == name
    assert str(problem.place) == "t.yaml:10:17"
    return problem.code


def test_what_is_no_picture(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"")
    assert picture_code(tmp_path, "a.png") == "not-a-picture"
    (tmp_path / "a.png").write_text("这不是图片", encoding="utf-8")
    assert picture_code(tmp_path, "a.png") == "not-a-picture"
    (tmp_path / "a.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
    assert picture_code(tmp_path, "a.svg") == "not-a-picture"


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_half_a_picture(tmp_path: Path, kind: str) -> None:
    out = BytesIO()
    Image.effect_noise((64, 64), 90).convert("RGB").save(out, kind)
    (tmp_path / "a.png").write_bytes(out.getvalue()[: len(out.getvalue()) // 2])
    assert picture_code(tmp_path, "a.png") == "not-a-picture"


@pytest.mark.parametrize("name", ["../a.png", "b/../../a.png", "/etc/hostname", ".."])
def test_pictures_outside_the_folder(tmp_path: Path, name: str) -> None:
    saved(tmp_path / "a.png")
    inside = tmp_path / "inside"
    inside.mkdir()
    assert picture_code(inside, name) == "picture-outside-folder"


@pytest.mark.parametrize("name", ["nothing.png", "b", "."])
def test_pictures_that_are_not_there(tmp_path: Path, name: str) -> None:
    (tmp_path / "b").mkdir()
    assert picture_code(tmp_path, name) == "picture-not-found"


def test_a_picture_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bind_module, "MOST_PIXELS", 800)
    saved(tmp_path / "a.png", (40, 20))
    assert isinstance(pictured(tmp_path, "a.png"), PictureSource)
    saved(tmp_path / "b.png", (40, 21))
    assert picture_code(tmp_path, "b.png") == "picture-too-large"


@pytest.mark.parametrize("limit", [799, 300])
def test_a_picture_too_large_for_pillow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    """Pillow warns over its limit and refuses over twice that; we say the same of both."""
    saved(tmp_path / "a.png", (40, 20))
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", limit)
    assert picture_code(tmp_path, "a.png") == "picture-too-large"


def test_a_picture_is_scaled_into_its_box(tmp_path: Path) -> None:
    saved(tmp_path / "a.png", (400, 200))
    body = """
column:
  - {picture: a.png, width: 30}
  - {picture: a.png, width: 30, height: 5}
  - {picture: a.png, width: 4, height: 10}
"""
    assert page(bodied(tmp_path, body), SCOPE).described().split("\n") == [
        "picture 2.00 2.00 30.00×15.00 a.png",
        "picture 12.00 17.00 10.00×5.00 a.png",
        "picture 2.00 26.00 4.00×2.00 a.png",
    ]


def test_a_picture_has_no_width_of_its_own(tmp_path: Path) -> None:
    saved(tmp_path / "a.png")
    template = bodied(tmp_path, "row:\n  - {picture: a.png, width: auto}")
    assert [problem.code for problem in problems(template, SCOPE)] == ["box-too-small"]
