"""What is said and what is ordered: scam types, issuers, talks, campaigns, as frozen models.

Comes in: plain strings, lists and mappings read from YAML by `source`. Goes out: typed values.
The descriptions are Chinese: they become the JSON Schema that editors show while one types.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

MOST_STICKERS = 5_000_000
"""Tuned: a hundred times the largest order of the reports; a larger count is a slip of the hand."""

MOST_COPIES = 1_000_000
"""Tuned like MOST_STICKERS: flyers of one design in one order."""


class Model(BaseModel):
    """A frozen mapping that knows its fields and no others."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def _iso(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value.strip(), re.ASCII):
        raise PydanticCustomError("not-a-date", "not a date")
    return value


_MOMENT = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}"


def _moment(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(_MOMENT, value.strip(), re.ASCII):
        raise PydanticCustomError("not-a-time", "not a date and time")
    return value


DEVICE = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]", re.IGNORECASE)
"""Windows keeps these for devices (Win32, "Naming Files"): no file or folder can have the name."""


def _no_device(value: str) -> str:
    if DEVICE.fullmatch(value):
        raise PydanticCustomError("name-of-a-device", "the name of a device")
    return value


def _hotline(value: str) -> str:
    if not re.fullmatch(r"[0-9][0-9 -]{1,18}[0-9]", value, re.ASCII):
        raise PydanticCustomError("not-a-number-to-ring", "not a telephone number")
    return value


Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9.-]{0,38}[a-z0-9])?$")]
"""Lower-case Latin letters, digits, full stop, hyphen; it stands in file names."""

AddressPart = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,19}$"), AfterValidator(_no_device)
]
"""An identifier that stands in the address of the full warning, so in the code: short, no dots."""

Words = Annotated[str, StringConstraints(min_length=1, max_length=400)]
"""One line or paragraph of text for paper."""

Date = Annotated[date, BeforeValidator(_iso)]
Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    # JSON Schema's own date-time wants seconds and a zone; editors would refuse what we read.
    WithJsonSchema({"type": "string", "pattern": f"^{_MOMENT}$"}),
]
Hotline = Annotated[str, AfterValidator(_hotline)]


class Part(Model):
    """What has a file of its own, named by its id."""

    id: str


class Source(Model):
    """Where a fact comes from."""

    title: Words = Field(description="资料标题")
    publisher: Words = Field(description="发布单位")
    published: Date | None = Field(None, description="发布日期，如 2020-11-13；没有可不写")

    @property
    def cited(self) -> str:
        """The source in one line, as it is printed: publisher, title, date."""
        day = self.published
        when = f"{day.year}年{day.month}月{day.day}日" if day else ""
        return f"{self.publisher}《{self.title}》{when}"


class Case(Model):
    """A dated case, told so that nobody can recognise the victim."""

    happened: Date = Field(description="案发日期，如 2020-10-11")
    story: Words = Field(description="案情一句话；不写姓名、学校等能认出受害人的细节")
    loss: int = Field(gt=0, lt=10_000_000_000, description="损失金额，单位元，只写数字")


class Scam(Part):
    """A scam type: everything that may be said about it on paper and on its page."""

    id: AddressPart = Field(description="代号，小写拼音；会出现在网址里，印刷后不要再改")
    rank: int = Field(ge=1, le=99, description="发案排名，1 为最多")
    name: Annotated[str, StringConstraints(min_length=2, max_length=8)] = Field(
        description="类型名称，如 冒充客服"
    )
    icon: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+$")] = Field(
        description="图标名（fonts/icons.yaml 里有全部名称）"
    )
    headline: Annotated[str, StringConstraints(min_length=4, max_length=24)] = Field(
        description="贴纸上的一句话：只说一件事，两秒钟读完"
    )
    rules: Annotated[tuple[Words, ...], Field(min_length=1, max_length=4)] = Field(
        description="铁律：凡是……都是诈骗，没有例外"
    )
    steps: Annotated[tuple[Words, ...], Field(min_length=3, max_length=6)] = Field(
        description="骗局步骤，按先后顺序"
    )
    giveaways: Annotated[tuple[Words, ...], Field(min_length=2, max_length=8)] = Field(
        description="露馅的话：骗子常说的原话"
    )
    case: Case | None = Field(None, description="真实案例；没有可靠来源就不写")
    advice: Annotated[tuple[Words, ...], Field(min_length=1, max_length=5)] = Field(
        description="该怎么做，一条一件事"
    )
    audience: Words = Field(description="最容易上当的人群")
    sources: Annotated[tuple[Source, ...], Field(min_length=1)] = Field(description="资料来源")
    review_by: Date = Field(description="复核期限：过了这一天，内容须重新核对才能印")
    review: Literal["needed"] | None = Field(
        None, description="needed：草稿，核对之前不能印；核对完删掉这一行"
    )


class Issuer(Model):
    """Who says so: stands on every piece."""

    name: Words = Field(description="发布单位全称，印在每一件上")
    short: Annotated[str, StringConstraints(min_length=2, max_length=14)] = Field(
        description="发布单位简称，印在小贴纸上"
    )
    hotline: Hotline = Field("96110", description="咨询电话")
    emergency: Hotline = Field("110", description="报警电话")
    unit: Words = Field(description="落款一行，如承办部门")
    hosts: Annotated[tuple[str, ...], Field(min_length=1, max_length=10)] = Field(
        description="本单位自己的网站域名；二维码只能指向这些域名"
    )


class Measure(Model):
    """Something to do, and how."""

    do: Annotated[str, StringConstraints(min_length=1, max_length=30)] = Field(
        description="做什么：一句短话"
    )
    how: Words = Field(description="怎么做")


class Website(Model):
    """What the full warnings say alike for every scam type; texts may name {issuer.hotline} …"""

    question: Words = Field(description="第一屏的问题，在铁律前面")
    stop: Words = Field(description="第一屏紧挨着电话按钮的一句话：现在马上做什么")
    summary: Words = Field(description="总览页第一屏的一句话：各种骗局共同的地方")
    paid: Annotated[tuple[Measure, ...], Field(min_length=1, max_length=8)] = Field(
        description="已经付了钱，最初十分钟做什么，按先后顺序"
    )
    real: Annotated[tuple[Measure, ...], Field(min_length=1, max_length=8)] = Field(
        description="怎样认出真贴纸"
    )
    never: Annotated[tuple[Words, ...], Field(min_length=1, max_length=8)] = Field(
        description="真贴纸和这些网页从来不做的事"
    )
    suspect: Annotated[tuple[Measure, ...], Field(min_length=1, max_length=8)] = Field(
        description="贴纸可疑时做什么"
    )
    sources: tuple[Source, ...] = Field((), description="以上内容的资料来源")


class Talk(Model):
    """A talk that flyers invite to."""

    title: Words = Field(description="讲座题目")
    speaker: Words = Field(description="主讲人")
    place: Words = Field(description="地点：楼、房间")
    time: Moment = Field(description="开始时间，如 2020-11-19 19:00")


class Finding(Model):
    """The figure of the overview: how many of all cases were of these types."""

    percent: int = Field(ge=1, le=99, description="占全部警情的百分比，只写数字")
    text: Words = Field(description="这个数字说的是什么")
    period: Words = Field(description="统计时段")
    source: Source = Field(description="资料来源")


class Link(Model):
    """Where the full warnings stand."""

    base: Words = Field(description="完整警示页的网址开头，必须是 https:// 和本单位域名")
    with_point: bool = Field(
        False, description="网址里带上投放点代号，便于统计哪里扫码多：true 或 false"
    )


class Point(Model):
    """A delivery point: who gets which share of the stickers."""

    id: AddressPart = Field(description="投放点代号，小写字母和数字")
    name: Annotated[str, StringConstraints(min_length=1, max_length=24)] = Field(
        description="投放点名称，印在分隔页和装箱单上"
    )
    share: int = Field(1, ge=1, le=1_000_000, description="份额：2 就是 1 的两倍；不写为 1")


Shares = Literal["by-rank", "equal"] | dict[AddressPart, Annotated[int, Field(ge=1, le=1_000_000)]]


CheckSystem = Literal["mod-11-2", "mod-37-2", "mod-37-36"]
"""Systems of ISO/IEC 7064 with one check character."""


MOST_DIGITS = 8
"""Digits of a number: a hundred million, and a code that stays small."""


class Serial(Model):
    """How stickers are numbered, each with a number of its own."""

    prefix: Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,3}$")] = Field(
        description="编号开头，1–3 个大写字母，如 HS"
    )
    digits: int = Field(
        6, ge=4, le=MOST_DIGITS, description="编号有几位数字，4–8；30000 枚至少要 5 位"
    )
    start: int = Field(1, ge=0, le=99_999_999, description="第一枚的编号，只写数字，如 1")
    check: CheckSystem = Field(
        "mod-11-2",
        description="校验字符（ISO 7064）：mod-11-2 与身份证末位相同，0–9 或 X；"
        "mod-37-2 连字母一起校验，0–9、A–Z 或 *；mod-37-36 不用 *，但个别颠倒查不出",
    )


class StickerOrder(Model):
    """How many stickers of what, for whom."""

    template: Identifier = Field(description="贴纸模板，如 parcel-63x34")
    stock: Identifier = Field(description="纸张，如 a4-24-63.5x33.9")
    count: int = Field(ge=1, le=MOST_STICKERS, description="订数：贴纸总枚数")
    spare_percent: int = Field(0, ge=0, le=100, description="加放（备品）百分比，如 2 就是多印 2%")
    whole_sheets: bool = Field(
        False, description="每个投放点每种类型凑成整张：true 或 false（false 时零头拼张）"
    )
    shares: Shares = Field(
        "by-rank",
        description="类型份额：by-rank 按发案排名，equal 平均，或逐个写：kefu: 3",
    )
    points: Annotated[tuple[Point, ...], Field(min_length=1, max_length=500)] = Field(
        description="投放点"
    )
    serial: Serial | None = Field(
        None, description="一枚一号：每枚贴纸有自己的编号和二维码，如 {prefix: HS, digits: 6}"
    )
    cut_and_stack: bool = Field(
        False, description="一枚一号时按裁切叠放排号，裁开叠起来编号连续：true 或 false"
    )


class FlyerOrder(Model):
    """Copies of flyers: one design a scam type, or one design for all of them."""

    template: Identifier = Field(description="传单模板，如 talk-a4")
    stock: Identifier = Field("a4", description="纸张，如 a4")
    copies: int = Field(ge=1, le=MOST_COPIES, description="每种份数")
    scams: tuple[AddressPart, ...] | None = Field(
        None, description="只印这些类型；不写就是活动里的全部类型"
    )


Remark = Annotated[str, StringConstraints(min_length=1, max_length=60)]
"""A few words for one cell of a form."""


class ByPiece(Model):
    """What is told of stickers and of flyers apart."""

    sticker: Remark | None = Field(None, description="贴纸的")
    flyer: Remark | None = Field(None, description="传单的")


class Printing(Model):
    """What a print shop is told besides the files; what is left out is filled in by hand.

    A deadline may well be before the campaign's date: paper is delivered before the day it is for.
    """

    contact: Annotated[str, StringConstraints(min_length=1, max_length=16)] | None = Field(
        None, description="联系人，如 张警官"
    )
    phone: Hotline | None = Field(None, description="联系人的电话，如 027-00000000")
    deadline: Date | None = Field(None, description="交货日期，如 2020-11-18")
    deliver_to: Annotated[str, StringConstraints(min_length=1, max_length=100)] | None = Field(
        None, description="送货地址"
    )
    paper: ByPiece = Field(
        ByPiece(sticker=None, flyer=None),
        description="纸张，如 {sticker: 80 g 铜版纸不干胶, flyer: 157 g 铜版纸}",
    )
    finishing: ByPiece = Field(
        ByPiece(sticker=None, flyer=None),
        description="覆膜等后道加工，如 {sticker: 覆哑膜, flyer: 不覆膜}；刀线和裁切不用写",
    )
    notes: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = Field(
        None, description="还要告诉印刷厂的话"
    )


class Campaign(Part):
    """An order: who issues what, how many, for whom, and where the codes lead."""

    id: Identifier = Field(description="活动代号，如 hongshan-2020")
    title: Annotated[str, StringConstraints(min_length=1, max_length=40)] = Field(
        description="活动名称，印在工单和纸边上"
    )
    date: Date = Field(description="活动日期；所有日期都从这里算起，如 2020-11-13")
    issuer: Issuer = Field(description="发布单位")
    link: Link = Field(description="二维码指向哪里")
    press: Identifier = Field("office", description="印刷方式，如 office")
    scams: Annotated[tuple[AddressPart, ...], Field(min_length=1)] | None = Field(
        None, description="本次活动的诈骗类型；不写就是全部"
    )
    finding: Finding | None = Field(None, description="总览传单上的数字")
    talk: Talk | None = Field(None, description="讲座；讲座传单需要")
    stickers: StickerOrder | None = Field(None, description="贴纸订单")
    flyers: tuple[FlyerOrder, ...] = Field((), description="传单订单")
    printing: Printing | None = Field(
        None, description="交给印刷厂时写在印刷工单上的：联系人、交货日期、纸张；没写的在纸上手填"
    )
