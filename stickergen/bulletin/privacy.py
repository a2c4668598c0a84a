"""A text without what shows who the victim is, or what could be rung, visited or paid.

Comes in: a sentence of a bulletin. Goes out: `Masked`: the text without names of people and of
schools, numbers of accounts, telephones and cards, addresses on the web and of homes; and what was
taken out. Ages, sexes and amounts stay: they say who is in danger.
Source: how police bulletins write: 李某, 王某某, 张女士, 小陈, 刘伟（化名）.
Limits: a full name that stands without 某, a title or an office before it is not told from other
words; whoever reviews the draft reads it for that.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

VICTIM = "当事人"
"""Who a name becomes, as bulletins say."""

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁沈姚卢姜崔钟谭陆"
    "汪范廖贾夏韦付邹孟熊秦邱尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵钱严覃戴莫孔汤施赖洪伍章包柳阮詹温游祝俞甘凌齐柯霍"
    "卓骆申童颜梅卜穆邢翁葛庞耿管鲍左柴牛聂焦殷舒翟"
)
"""Tuned: the common surnames, without those of the next line."""
_ALSO_WORDS = "于向安万方高任江石金武路白"
"""Surnames that stand before 某 in other ways too: 于某日, 向某平台."""
_FREQUENT = "王李张刘陈杨黄赵吴徐孙朱胡郭林罗郑梁宋唐韩冯邓曹彭肖董袁潘蒋蔡叶苏魏吕沈"
"""The commonest that begin no word of bulletins: no 任 (任务), 余 (余额), 许 (许多)."""

_DOUBLE = "欧阳|上官|司马|诸葛|慕容|司徒|东方|皇甫"
_SURNAME = f"(?:{_DOUBLE}|[{_SURNAMES}])"
_ANY_SURNAME = f"(?:{_DOUBLE}|[{_SURNAMES}{_ALSO_WORDS}])"
_WITH_TITLE = "(?<![对双])[安万方高江石金武白]|[于向任](?=女士|先生)"
"""Those of them that are names before a title: no 向老师借钱, no 对方经理."""
_NO_NAME = (
    "平台|公司|银行|网|天|个|些|种|地|处|日|月|陌生|市|区|县|高校|校|小区|大学"
    "|社交|群|商|店|客服|快递"
)
_PERSON = (
    "学生|女子|男子|女生|男生|市民|居民|村民|员工|职员|教师|老师|老人|老汉|群众|网友|青年|姑娘|小伙|女士|先生|同学"
    "|人员|受害人|被害人|事主|受害者|被害者|报警人|当事人|嫌疑人|通讯员|记者|民警|辅警"
)
_VERB = "[接在收的因通到向称说被发添看遭下误随便立于与和按先就报转刷是家意]"
_TITLE = "女士|先生|小姐|同学|老师|大爷|大妈|阿姨|奶奶|爷爷|老汉|婆婆|大姐|大哥|警官|师傅|老板|经理"
_MEN = ("先生", "大爷", "爷爷", "老汉", "大哥", "师傅")
_WOMEN = ("女士", "小姐", "大妈", "阿姨", "奶奶", "婆婆", "大姐")

_SCHOOL = re.compile(
    r"[\u4e00-\u9fff]{2,14}?(?:职业技术学院|大学|学院|中学|小学|职校|技校|幼儿园|附中)(?!生|城|里|路|[者时])"
)
_BEFORE_SCHOOL = re.compile(r".*(?:就读于|毕业于|来自|位于|[在于到往从是为和与向读的])")
_GENERIC_SCHOOL = re.compile(
    r".*(?<!第)[一两三四五六七八九十各多几某全我本所名个]$|.*(?:走进|进入|考上|一所)"
)

_HOTLINES = frozenset(
    ("110", "119", "120", "96110", "12345", "12321", "12377", "12378", "12381", "12389", "12315")
)
"""Numbers of the police and of public complaint lines."""
_NUMBER = re.compile(r"\+?\d[\d -]{3,40}\d")
_MONEY_OR_TIME = re.compile(
    r"\s*(?:\.\d+)?[余多]?[万千百亿]?[余多]?(?:元|块|圆|年|人|起|张|份|名|件|%)"
)
_ACCOUNT = re.compile(
    r"((?:微信|QQ|支付宝|抖音|快手)?(?:号码?|账号|账户|ID)|微信|QQ群?|卡号|工号|网址|邮箱)"
    r"(?:[：:为是]\s*|\s*)[A-Za-z0-9_.@-]{4,60}",
    re.IGNORECASE,
)
_WEB = re.compile(
    r"(?:https?://|www\.)[A-Za-z0-9._~:/?#@!$&*+;=%-]{1,300}|[A-Za-z0-9._-]{1,64}@[A-Za-z0-9.-]{3,64}",
    re.IGNORECASE,
)
_HOME = re.compile(
    r"[，、]?(?:家住|居住在|住在|现住|暂住)[^，。；、（）]{2,24}?(?:的|(?=[，。；）]|$))"
)


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without what it should not tell, and what was taken out of it, in words."""

    text: str
    hidden: tuple[str, ...] = ()


def masked(text: str) -> Masked:
    """The text with names, schools, numbers and addresses taken out."""
    hidden: dict[str, None] = {}
    for what, mask in _MASKS:
        changed = mask(text)
        if changed != text:
            hidden[what] = None
        text = changed
    return Masked(text, tuple(hidden))


def _replaced(pattern: str, by: str | Callable[[re.Match[str]], str]) -> Callable[[str], str]:
    compiled = re.compile(pattern)
    return lambda text: compiled.sub(by, text)


def _school(match: re.Match[str]) -> str:
    """`某校`, with what the sentence says before the name."""
    before = _BEFORE_SCHOOL.match(match[0])
    head = match[0][: before.end()] if before else ""
    name = match[0][len(head) :]
    stem = re.sub(r"(?:大学|学院|中学|小学|职校|技校|幼儿园|附中)$", "", name)
    if not stem or _GENERIC_SCHOOL.fullmatch(stem):
        return match[0]
    return f"{head}某校"


def _number(match: re.Match[str]) -> str:
    """`（号码略）` for what is no amount, no date and no public number."""
    digits = re.sub(r"[ +-]", "", match[0])
    rest = match.string[match.end() : match.end() + 12]
    if digits in _HOTLINES or _MONEY_OR_TIME.match(rest):
        return match[0]
    if re.fullmatch(r"(?:19|20)\d\d-\d{1,2}-\d{1,2}", match[0]):
        return match[0]
    return "（号码略）"


def _titled(match: re.Match[str]) -> str:
    """A person with a title: what is left says the sex and nothing more."""
    title = match["title"]
    if title in _WOMEN:
        return "这名女士"
    return "这名男士" if title in _MEN else VICTIM


_MASKS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("网址或邮箱", lambda text: _WEB.sub("（网址略）", text)),
    ("账号", lambda text: _ACCOUNT.sub(r"\1（略）", text)),
    ("号码", lambda text: _NUMBER.sub(_number, text)),
    ("住址", lambda text: _HOME.sub("", text)),
    ("学校", lambda text: _SCHOOL.sub(_school, text)),
    (
        "姓名",
        _replaced(rf"{_ANY_SURNAME}[\u4e00-\u9fff]{{1,2}}[（(](?:化名|假名)[，,）)]*", VICTIM),
    ),
    (
        "姓名",
        _replaced(
            rf"(?P<who>{_PERSON}){_ANY_SURNAME}(?:某[某甲乙丙丁]?|{_TITLE})",
            r"\g<who>",
        ),
    ),
    ("姓名", _replaced(rf"(?P<who>{_PERSON})小[{_FREQUENT}]", r"\g<who>")),
    ("姓名", _replaced(rf"{_SURNAME}某[某甲乙丙丁]?", VICTIM)),
    ("姓名", _replaced(rf"[{_ALSO_WORDS}]某[某甲乙丙丁]?(?!{_NO_NAME})", VICTIM)),
    ("姓名", _replaced(rf"(?:{_SURNAME}|{_WITH_TITLE})(?P<title>{_TITLE})", _titled)),
    ("姓名", _replaced(rf"[小老阿][{_FREQUENT}]", VICTIM)),
    (
        "姓名",
        _replaced(
            rf"(?P<who>{_PERSON})[{_FREQUENT}][\u4e00-\u9fff]{{1,2}}?(?=[，。、（(：；]|$|{_VERB})",
            r"\g<who>",
        ),
    ),
)
"""What is taken out, in this order; in words, as the draft's comments say it."""
