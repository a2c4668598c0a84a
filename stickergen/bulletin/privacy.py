"""A text without what shows who the victim is, or what could be rung, visited or paid.

Comes in: a manuscript, or a sentence of it. Goes out: the manuscript with full names as bulletins
write them, 张某, wherever it gives them away in one place; and `Masked`: the sentence without names
of people, schools and companies, numbers of accounts, telephones and cards, addresses on the web
and of homes; and what was taken out. Ages, sexes and amounts stay: they say who is in danger.
Source: how police bulletins write; the words in `names.yaml` and `hotlines.yaml`.
Limits: a full name that no sign goes with (化名, an age or a sex behind it, a title, an office
before it, a verb behind it where a clause begins) anywhere in the bulletin is not told from other
words; whoever reviews the draft reads it for that.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial

from stickergen.bulletin.markdown import Manuscript
from stickergen.bulletin.vocabulary import any_of, words

VICTIM = "当事人"
"""Who a name becomes, as bulletins say."""

MOST_NAMES = 50
"""Tuned: a bulletin names a dozen people; a file of nothing but names is looked through no longer
than a bulletin."""

_HAN = r"[\u4e00-\u9fff]"
_ENDS = r"[”，。、；：（()）]|$"
_FOLLOWS = "[的接在收的因通到向称说被发添看遭下误随便立于与和按先就报转刷是家意]"
"""What follows a name that is told as the subject of a sentence."""

_ACTS = (
    "接到|收到|看到|被骗|受骗|报警|报案|添加|点击|扫码|登录|输入|下载|转账|汇款|发现|听信|轻信|"
    "信以为真|按(?:照|对方|要求)"
)
"""What victims do behind their names, where a clause begins."""

_BEFORE_PLACE = re.compile(r".*(?:就读于|毕业于|来自|位于|[在于到往从是为和与向读的])")
_GENERIC_PLACE = re.compile(
    r".*(?<!第)[一两三四五六七八九十各多几某全我本所名个家]$|.*(?:走进|进入|考上|一所)|"
)

_NUMBER = re.compile(r"\+?\d[\d -]{3,40}\d[Xx]?")
_MONEY_OR_TIME = re.compile(
    r"\s*(?:\.\d+)?[余多]?[万千百亿]?[余多]?(?:元|块|圆|年|人|起|张|份|名|件|%)"
)
_ACCOUNT = re.compile(
    r"((?:微信|QQ|支付宝|抖音|快手)?(?:号码?|账号|账户|ID)|微信|QQ群?|卡号|工号|尾号|网址|邮箱)"
    r"(?:[：:为是]\s*|\s*)[A-Za-z0-9_.@-]{4,60}",
    re.IGNORECASE,
)
_WEB = re.compile(
    r"(?:https?://|www\.)[A-Za-z0-9._~:/?#@!$&*+;=%-]{1,300}|[A-Za-z0-9._-]{1,64}@[A-Za-z0-9.-]{3,64}",
    re.IGNORECASE,
)
_HOME = re.compile(
    r"(?P<comma>[，、]?)(?:家住|居住在|住在|现住|暂住)[^，。；、（）]{2,24}?"
    r"(?:(?P<whose>的(?![，。；）]|$))|的?(?=[，。；）]|$))"
)
_HOUSE = re.compile(
    r"[\u4e00-\u9fff]{1,12}(?:路|街|巷|弄|大道)\d{1,5}号(?:[\dA-Za-z]{1,4}(?:号楼|栋|幢|单元|楼|室)){0,4}"
    r"|(?:\d{1,4}(?:号楼|栋|幢|单元|室)){1,4}"
)


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without what it should not tell, and what was taken out of it, in words."""

    text: str
    hidden: tuple[str, ...] = ()


def discreet(written: Manuscript) -> Manuscript:
    """The manuscript with each full name as 张某, in all places if it is told in one."""
    texts = [*written.matter.values(), *(line.text for line in written.lines)]
    names = dict.fromkeys(name for text in texts for name in _full_names(text))
    shorten = partial(_shortened, names=tuple(names)[:MOST_NAMES])
    return Manuscript(
        tuple(replace(line, text=shorten(line.text)) for line in written.lines),
        {key: shorten(value) for key, value in written.matter.items()},
    )


def masked(text: str) -> Masked:
    """The text with names, schools, numbers and addresses taken out."""
    hidden: dict[str, None] = {}
    for what, mask in _masks():
        changed = mask(text)
        if changed != text:
            hidden[what] = None
        text = changed
    return Masked(text, tuple(hidden))


def named_people(text: str) -> tuple[str, ...]:
    """The people that a text names as 李某 or 王女士, in their order there."""
    surname = any_of(words("names", "surnames", "double"))
    title = any_of(words("names", "women", "men"))
    return tuple(re.findall(rf"{surname}(?:某[某甲乙丙丁]?|{title})", text))


def is_person(text: str) -> bool:
    """Whether a text has the name of a person in it, or looks like nothing else."""
    surname = any_of(words("names", "surnames", "double", "ambiguous"))
    bare = re.fullmatch(rf"{surname}{_HAN}{{1,2}}", text)
    return bare is not None or "姓名" in masked(text).hidden


# --- full names ---


@cache
def _full(surnames: str) -> str:
    """A surname of this list or a double one, and the one or two characters of a given name.

    With a `?` behind it the shorter of the two, where both fit. The list is `frequent` where only
    a surname that is seldom another word is certain enough.
    """
    surname = f"(?!{any_of(words('names', 'words'))}){any_of(words('names', surnames, 'double'))}"
    title = any_of(words("names", "women", "men", "titles"))
    return rf"{surname}(?!某|{title}){_HAN}{{1,2}}"


@cache
def _familiar() -> str:
    """小明, 阿强."""
    return rf"(?!{any_of(words('names', 'familiar'))})[小老阿](?!某){_HAN}"


@cache
def _signs() -> tuple[re.Pattern[str], ...]:
    """Where a full name stands, beyond doubt."""
    full, frequent = _full("surnames"), _full("frequent")
    people = any_of(words("names", "people"))
    in_brackets = r"[（(](?:化名|假名|男|女|现年|\d{1,3}岁)"
    in_commas = rf"，(?:男|女)(?:{_ENDS})|，(?:现年)?\d{{1,3}}岁"
    return tuple(
        map(
            re.compile,
            (
                rf"(?P<name>{full}|{_familiar()})(?={in_brackets})",
                rf"(?P<name>{frequent})(?={in_commas})",
                rf"(?:名叫|姓名[是为：]|真名|本名)“?(?P<name>{frequent}?)(?={_ENDS}|的)",
                rf"(?:(?<!{_HAN})|(?<=\d[日号]))(?P<name>{full}?)(?={_ACTS}|{in_commas})",
                rf"{people}(?P<name>{full}?)(?={_ENDS}|{_FOLLOWS})",
            ),
        )
    )


def _full_names(text: str) -> tuple[str, ...]:
    """The full names that a text tells as such."""
    return tuple(match["name"] for sign in _signs() for match in sign.finditer(text))


def _shortened(text: str, names: tuple[str, ...]) -> str:
    """The text with these full names as 张某."""
    if not names:
        return text
    double = words("names", "double")
    return re.sub(
        any_of(names),
        lambda match: f"{match[0][: 2 if match[0].startswith(double) else 1]}某",
        text,
    )


# --- what becomes of each ---


def _replaced(pattern: str, by: str | Callable[[re.Match[str]], str]) -> Callable[[str], str]:
    return partial(re.compile(pattern).sub, by)


def _placed(ends: tuple[str, ...], place: str) -> Callable[[re.Match[str]], str]:
    """`某校` for a name with such an end, with what the sentence says before the name."""
    end = re.compile(f"{any_of(ends)}$")

    def mask(match: re.Match[str]) -> str:
        before = _BEFORE_PLACE.match(match[0])
        head = match[0][: before.end()] if before else ""
        stem = end.sub("", match[0][len(head) :])
        return match[0] if _GENERIC_PLACE.fullmatch(stem) else f"{head}{place}"

    return mask


def _home(match: re.Match[str]) -> str:
    """Nothing; the comma before 家住东湖街道的李某 stays, for it parts what stands before him."""
    return match["comma"] if match["whose"] else ""


def _house(match: re.Match[str]) -> str:
    """`（住址略）`, with what the sentence says before the street."""
    before = _BEFORE_PLACE.match(match[0])
    return f"{before[0] if before else ''}（住址略）"


def _number(match: re.Match[str]) -> str:
    """`（号码略）` for what is no amount, no date and no public number."""
    digits = re.sub(r"[ +-]", "", match[0])
    rest = match.string[match.end() : match.end() + 12]
    if digits in words("hotlines", "hotlines") or _MONEY_OR_TIME.match(rest):
        return match[0]
    if re.fullmatch(r"(?:19|20)\d\d-\d{1,2}-\d{1,2}", match[0]):
        return match[0]
    return "（号码略）"


def _titled(match: re.Match[str]) -> str:
    """A person with a title: what is left says the sex and nothing more."""
    title = match["title"]
    if title in words("names", "women"):
        return "这名女士"
    return "这名男士" if title in words("names", "men") else VICTIM


def _pseudonym(match: re.Match[str]) -> str:
    """`当事人（女，23岁）` for 刘伟（化名，女，23岁）."""
    return VICTIM if match["closed"] else f"{VICTIM}{match['open']}"


@cache
def _masks() -> tuple[tuple[str, Callable[[str], str]], ...]:
    """What is taken out, in this order; in words, as the draft's comments say it."""
    schools, companies = words("names", "schools"), words("names", "companies")
    frequent = any_of(words("names", "frequent"))
    ambiguous, seldom = words("names", "ambiguous"), words("names", "seldom")
    surname = any_of(words("names", "surnames", "double"))
    any_surname = any_of(words("names", "surnames", "double", "ambiguous"))
    people = any_of(words("names", "people"))
    title = any_of(words("names", "women", "men", "titles"))
    with_title = (
        rf"(?:{surname}|(?<![对双]){any_of(one for one in ambiguous if one not in seldom)}"
        rf"|{any_of(seldom)}(?=女士|先生))"
    )
    certain = any_of(words("names", "certain"))
    return (
        ("网址或邮箱", lambda text: _WEB.sub("（网址略）", text)),
        ("账号", lambda text: _ACCOUNT.sub(r"\1（略）", text)),
        ("住址", lambda text: _HOUSE.sub(_house, _HOME.sub(_home, text))),
        ("号码", lambda text: _NUMBER.sub(_number, text)),
        ("学校", _replaced(
            rf"{_HAN}{{2,14}}?{any_of(schools)}(?!生|城|里|路|[者时])", _placed(schools, "某校")
        )),
        ("公司", _replaced(rf"{_HAN}{{2,20}}?{any_of(companies)}", _placed(companies, "某公司"))),
        ("姓名", lambda text: _shortened(text, _full_names(text))),
        ("姓名", _replaced(
            rf"(?:{any_surname}{_HAN}{{1,2}}|[小老阿]{_HAN}|(?<!{_HAN}){_HAN}{{2,4}}|{_HAN}{{2}})"
            r"(?P<open>[（(])(?:化名|假名)(?:(?P<closed>[）)])|[，,、])", _pseudonym
        )),
        ("姓名", _replaced(
            rf"(?P<who>{people}){any_surname}(?:某[某甲乙丙丁]?(?:{title})?|{title})", r"\g<who>"
        )),
        ("姓名", _replaced(rf"(?P<who>{people})(?:小{frequent}|[小老阿]某)", r"\g<who>")),
        ("姓名", _replaced(
            rf"(?:{with_title}某{{0,2}}|{_full('frequent')})(?P<title>{title})", _titled
        )),
        ("姓名", _replaced(rf"{surname}某[某甲乙丙丁]?", VICTIM)),
        ("姓名", _replaced(rf"{any_of(ambiguous)}某[某甲乙丙丁]?(?!{certain})", VICTIM)),
        ("姓名", _replaced(rf"[小老阿](?:{frequent}|某(?!{certain}))", VICTIM)),
    )  # fmt: skip
