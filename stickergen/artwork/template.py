"""The box language: a template says where, in millimetres, without Python.

Comes in: a template's YAML. Goes out: a `Template` of nested `BoxSpec`s. docs/templates.md is the
manual; a test holds it against the fields below.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from stickergen.content.model import Identifier, Model, Part, Words

InkName = Annotated[str, StringConstraints(pattern=r"^[a-z]+$")]
_LENGTH = r"^(auto|[0-9]{1,4}(\.[0-9]{1,4})?(fr)?)$"
Length = Annotated[
    str,
    StringConstraints(pattern=_LENGTH),
    # A text as it is read, but a number to editors, which know YAML's types.
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string", "pattern": _LENGTH}]}),
]
"""`auto`, millimetres (`12.5`), or a share of the free space (`1fr`)."""

MOST = 1500
"""mm. Tuned: longer than the widest sheet a label press takes; beyond it a length is a slip."""

Millimetres = Annotated[float, Field(ge=0, le=MOST)]
Align = Literal["start", "center", "end", "stretch"]
Side = Literal["top", "right", "bottom", "left"]


def _as_list(value: Any) -> Any:
    """One number stands for all."""
    return [value] if isinstance(value, str) else value


_MILLIMETRES = {"type": "number", "minimum": 0, "maximum": MOST}
_SEVERAL = {"type": "array", "items": _MILLIMETRES, "minItems": 1, "maxItems": 4}
Padding = Annotated[
    tuple[Millimetres, ...],
    BeforeValidator(_as_list),
    Field(min_length=1, max_length=4),
    WithJsonSchema({"anyOf": [_MILLIMETRES, _SEVERAL]}),
]
"""CSS's order: all; vertical, horizontal; top, horizontal, bottom; top, right, bottom, left."""


StyleName = Annotated[str, StringConstraints(pattern=r"^[a-z]+$")]


class RuleSpec(Model):
    """A line around a box."""

    ink: InkName = Field("black", description="线的颜色")
    width: float = Field(ge=0.2, le=20, description="线宽，毫米，最细 0.2")


class TallySpec(Model):
    """A share of a hundred as a picture: so many of 100 icons in one ink, the rest in another."""

    percent: str = Field(description="百分数，1–99，可用 {finding.percent}")
    icon: str = Field(description="图标名")
    columns: int = Field(20, ge=5, le=50, description="一行几个：5、10、20、25 或 50")
    ink: InkName = Field("warning", description="占比部分的颜色")
    rest: InkName = Field("grey", description="其余部分的颜色")

    @model_validator(mode="after")
    def _whole_rows(self) -> Self:
        if 100 % self.columns:
            raise PydanticCustomError("tally-columns", "", {"columns": self.columns})
        return self


class BarSpec(Model):
    """A share as a length: so many per cent of the box's width from the left, or of its height."""

    share: Annotated[
        str,
        # A text as it is read, but a number too to editors, which know YAML's types.
        WithJsonSchema(
            {"anyOf": [{"type": "number", "minimum": 0, "maximum": 100}, {"type": "string"}]}
        ),
    ] = Field(description="百分数，0–100，可有小数，可用 {row.percent}")
    ink: InkName = Field("police", description="条形的颜色")
    rest: InkName | None = Field(None, description="条形后面衬底的颜色；不写就没有衬底")
    upright: bool = Field(False, description="true 竖条，从下往上；不写就是横条，从左往右")


class StyleSpec(Model):
    """How a kind of text is set."""

    font: Literal["regular", "bold", "black"] = Field("regular", description="字重")
    size: tuple[float, float] | StyleName = Field(
        description="最小、最大字号（磅），如 [8, 12]；或另一种样式的名字：和它一样大"
    )
    leading: float = Field(1.5, ge=1.0, le=2.5, description="行距，字号的倍数")
    ink: InkName = Field("black", description="颜色")
    align: Literal["left", "center", "right", "justify"] = Field("left", description="对齐")
    words: bool = Field(False, description="只在词之间换行")
    balance: bool = Field(False, description="各行长短均匀")

    @model_validator(mode="after")
    def _sizes_in_order(self) -> Self:
        if isinstance(self.size, tuple) and not 6 <= self.size[0] <= self.size[1] <= 300:
            least, most = self.size
            raise PydanticCustomError("style-size-order", "", {"least": least, "most": most})
        return self


_CONTENT = ("row", "column", "stack", "text", "code", "icon", "picture", "tally", "bar")


class BoxSpec(Model):
    """A box: at most one content, and how it sits among its neighbours."""

    row: tuple[BoxSpec, ...] | None = Field(None, description="横排：从左到右")
    column: tuple[BoxSpec, ...] | None = Field(None, description="竖排：从上到下")
    stack: tuple[BoxSpec, ...] | None = Field(None, description="叠放：后面的盖住前面的")
    text: Words | None = Field(None, description="文字，可用 {scam.headline} 这样的字段")
    style: str | None = Field(None, description="文字样式名")
    code: Literal["{address}"] | None = Field(
        None, description="二维码，只能写 {address}：网址由程序统一生成"
    )
    icon: str | None = Field(None, description="图标名，或 {scam.icon}")
    picture: str | None = Field(None, description="图片文件，放在模板旁边")
    tally: TallySpec | None = Field(None, description="百分数图")
    bar: BarSpec | None = Field(None, description="条形：长短表示百分数")
    ink: InkName = Field("black", description="图标颜色")
    size: Millimetres | None = Field(None, description="二维码（连静区）、图标的最大边长，毫米")
    width: Length | None = Field(
        None, description="宽：毫米、auto（刚好装下）或 1fr（一份余量）；文字和容器不写就是占满"
    )
    height: Length | None = Field(
        None, description="高：毫米、auto（刚好装下）或 1fr（一份余量）；不写就是刚好装下"
    )
    padding: Padding = Field((0.0,), description="内边距，毫米")
    gap: Millimetres = Field(0.0, description="相邻两格之间的距离，毫米")
    align: Align = Field("stretch", description="横排里的上下、竖排里的左右对齐")
    justify: Literal["start", "center", "end", "between"] = Field(
        "start", description="有富余空间时怎么分"
    )
    stair: Millimetres = Field(0.0, description="竖排逐级右移，毫米：台阶")
    fill: InkName | None = Field(None, description="底色")
    rule: RuleSpec | None = Field(None, description="边线")
    corner: Millimetres = Field(0.0, description="圆角半径，毫米")
    bleed: Annotated[tuple[Side, ...], Field(min_length=1)] = Field(
        (),
        description="出血：印刷厂裁切时，底色在哪几边印到裁切线外，如 [top, left, right]",
    )
    each: str | None = Field(None, description="重复：{scam.steps}，每项一格")
    item: Annotated[str, StringConstraints(pattern=r"^[a-z_]+$")] = Field(
        "item", description="重复时每项的名字"
    )
    when: str | None = Field(None, description="有这个字段才画，如 {scam.case}")
    unless: str | None = Field(None, description="没有这个字段才画")

    @model_validator(mode="after")
    def _one_content(self) -> Self:
        given = [name for name in _CONTENT if getattr(self, name) is not None]
        if len(given) > 1:
            raise PydanticCustomError("box-two-contents", "two", {"contents": " + ".join(given)})
        if self.text is not None and self.style is None:
            raise PydanticCustomError("box-needs", "needs", {"content": "text", "key": "style"})
        if self.bleed and self.fill is None:
            raise PydanticCustomError("box-needs", "needs", {"content": "bleed", "key": "fill"})
        for name in ("code", "icon"):
            if getattr(self, name) is not None and self.size is None:
                raise PydanticCustomError("box-needs", "needs", {"content": name, "key": "size"})
        return self

    @property
    def children(self) -> tuple[BoxSpec, ...]:
        """The boxes inside."""
        return self.row or self.column or self.stack or ()

    def ink_names(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Every ink named here and inside, with the keys that lead to it."""
        if self.fill is not None:
            yield ("fill",), self.fill
        if self.rule is not None:
            yield ("rule", "ink"), self.rule.ink
        if self.tally is not None:
            yield ("tally", "ink"), self.tally.ink
            yield ("tally", "rest"), self.tally.rest
        if self.bar is not None:
            yield ("bar", "ink"), self.bar.ink
            if self.bar.rest is not None:
                yield ("bar", "rest"), self.bar.rest
        yield ("ink",), self.ink
        kind = next((k for k in ("row", "column", "stack") if getattr(self, k) is not None), "")
        for number, child in enumerate(self.children):
            for keys, name in child.ink_names():
                yield (kind, number, *keys), name


class Template(Part):
    """A kind of piece: its size, its styles, its boxes."""

    id: Identifier = Field(description="模板代号，和文件名一样")
    name: Words = Field(description="模板名称")
    kind: Literal["sticker", "flyer", "sheet"] = Field(
        description="sticker 贴纸，flyer 传单，sheet 工单和分隔页"
    )
    size: tuple[Millimetres, Millimetres] = Field(description="成品尺寸：宽、高，毫米")
    shape: Literal["rect", "round"] = Field("rect", description="形状：rect 矩形，round 圆形")
    corner: Millimetres = Field(0.0, description="成品圆角半径，毫米")
    safe: Millimetres = Field(2.0, description="安全边距，毫米：文字和二维码不越过它")
    of: Literal["scam", "all"] = Field(
        "scam", description="scam：每种诈骗一个版；all：全部类型一个版"
    )
    styles: dict[StyleName, StyleSpec] = Field(description="文字样式")
    body: BoxSpec = Field(description="版面")

    @model_validator(mode="after")
    def _possible_size(self) -> Self:
        body = self.body
        if any(condition is not None for condition in (body.each, body.when, body.unless)):
            raise PydanticCustomError("body-is-conditional", "", {})
        width, height = self.size
        if min(width, height) < 10:
            raise PydanticCustomError("template-too-small", "", {"width": width, "height": height})
        if self.shape == "round" and width != height:
            raise PydanticCustomError("template-not-round", "", {"width": width, "height": height})
        if 2 * self.safe >= min(width, height) or 2 * self.corner > min(width, height):
            raise PydanticCustomError("template-no-room", "", {"safe": self.safe})
        return self

    def sized_by(self, name: str) -> str:
        """The style whose size this one takes: itself, or the one it names."""
        size = self.styles[name].size
        return name if isinstance(size, tuple) else size

    def ink_names(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Every ink the template names, with the keys that lead to it."""
        for name, style in self.styles.items():
            yield ("styles", name, "ink"), style.ink
        for keys, ink in self.body.ink_names():
            yield ("body", *keys), ink


class HouseStyle(Model):
    """The inks and the one scale of sizes that all templates draw from (content/style.yaml)."""

    inks: dict[InkName, tuple[float, float, float, float]]
    sizes_pt: tuple[float, ...]
