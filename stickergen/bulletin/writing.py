"""The gist of a bulletin → the YAML of a draft, which a person reads, completes and reviews.

Comes in: what was found of one scam type, and where the bulletin comes from. Goes out: the text of
a `scams/*.yaml`, keys in the order of the shipped ones, each value with the line it came from.
What was not found, or what the model of `content/model` refuses, stands there as a comment: it is
then missing, and `stickergen check` asks for it. `review: needed` keeps a draft from being printed.
Limits: values are one line each, as `clean` of markdown leaves them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

import yaml
from annotated_types import MaxLen, MinLen
from pydantic import TypeAdapter, ValidationError

from stickergen.bulletin.excerpt import Excerpt
from stickergen.bulletin.gist import Gist
from stickergen.bulletin.incidents import Incident
from stickergen.bulletin.origin import Origin
from stickergen.bulletin.privacy import masked
from stickergen.content.model import Scam, Source

NOT_FOUND = "没有找到，请补写"

MOST_SPARE = 12
"""Tuned: what a list has no place for is shown to choose from, but no more than can be read."""

MOST_HEADLINE = 14
"""Characters. Tuned: two lines of a parcel sticker, read at arm's length in two seconds; a longer
rule is for a person to shorten."""

_EXTRA = "多出的，要用就换掉上面的一条"
_WIDEST = 1_000_000  # no line breaks inside a value


def draft(found: Gist, origin: Origin, stand_in: str) -> str:
    """The draft of one scam type; `stand_in` is the name of its file where it has no id."""
    return "\n".join([*_head(found, origin), *_fields(found, origin, stand_in)]) + "\n"


def missing(found: Gist) -> tuple[str, ...]:
    """The fields that a person has to write, in the order of the file."""
    given = {
        "id": found.kind.id,
        "rank": found.rank,
        "icon": found.kind.icon,
        "headline": _headline(found),
        "audience": found.audience,
    }
    lacking = [name for name, value in given.items() if not value]
    lacking += [name for name in _LISTS if len(_fitting(name, found)) < _counts(name)[0]]
    return tuple(name for name in Scam.model_fields if name in lacking)


def in_words(field: str) -> str:
    """What a field of a scam type is called in Chinese: the first words of its description."""
    described = re.match(r"[^，：；（]+", Scam.model_fields[field].description or field)
    assert described, "a description does not begin with a sign"
    return described[0]


_LISTS = ("rules", "steps", "giveaways", "advice")


def _head(found: Gist, origin: Origin) -> Iterator[str]:
    title = f"《{_safe(origin.title)}》" if origin.title else ""
    yield f"# 草稿：从通报{title}里摘出来的，没有人核对过，不能印。"
    yield "# “第 12 行”是这一项在通报里的位置。请逐条对照原文核对，改成自己的话；没找到的补上。"
    if found.bare:
        yield f"# 通报里只提到了这一类的名字（第 {found.line} 行），内容都要补写。"
    if found.unused:
        more = "等" if len(found.unused) > MOST_SPARE else ""
        lines = "、".join(map(str, found.unused[:MOST_SPARE]))
        yield f"# 通报里这一类还有没用上的：第 {lines} 行{more}。"
    yield "review: needed  # 全部核对完，再删掉这一行"


def _fields(found: Gist, origin: Origin, stand_in: str) -> Iterator[str]:
    kind = found.kind
    if kind.id:
        yield f"id: {kind.id}"
    else:
        yield f"# id: {stand_in}  新的类型，请起一个代号（小写拼音），文件名也改成它"
    if found.rank:
        yield f"rank: {found.rank.text}{_from(found.rank)}"
    else:
        yield _value("rank", None, "发案排名")
    yield _value("name", Excerpt(found.name, found.line))
    yield f"icon: {kind.icon}" if kind.icon else "# icon:  请从 fonts/icons.yaml 里选一个图标名"
    yield _value("headline", _headline(found), f"贴纸上的一句话，最好不超过 {MOST_HEADLINE} 个字")
    for name in ("rules", "steps", "giveaways"):
        yield from _list(name, found)
    yield from _cases(found.cases)
    yield from _list("advice", found)
    yield _value("audience", found.audience, "最容易上当的人群")
    yield from _sources(origin)
    yield "# review_by:  核对以后写上复核期限，如核对日起一年"


# --- single values ---


def _value(name: str, found: Excerpt | None, about: str = "") -> str:
    """`name: value  # 第 12 行`, or the same as a comment that asks for it."""
    if found is None:
        return f"# {name}:  {NOT_FOUND}{f'（{about}）' if about else ''}"
    line = f"{name}: {_scalar(found.text)}{_from(found)}"
    return line if _fits(Scam, name, found.text) else f"# {line}；写不下或不合要求，请改写"


def _headline(found: Gist) -> Excerpt | None:
    """The shortest rule, if it can be read in two seconds."""
    able = [rule for rule in found.rules if _fits(Scam, "headline", rule.text)]
    shortest = min(able, key=lambda rule: len(rule.text), default=None)
    if shortest is None or len(shortest.text) > MOST_HEADLINE:
        return None
    return Excerpt(shortest.text, shortest.line, "取最短的一条铁律，请改得更短")


def _scalar(text: str) -> str:
    """A text as a YAML scalar, in quotation marks where it needs them."""
    written = yaml.safe_dump(text, allow_unicode=True, width=_WIDEST)
    return written.removesuffix("\n").removesuffix("\n...")


def _from(found: Excerpt, *more: str) -> str:
    """The comment behind a value: its line, and what was done to it."""
    return f"  # {'；'.join([f'第 {found.line} 行', *filter(None, [found.remark, *more])])}"


def _safe(text: str) -> str:
    return masked(text).text


# --- lists ---


def _fitting(name: str, found: Gist) -> list[Excerpt]:
    """As many entries of a list as the model takes."""
    entries: Sequence[Excerpt] = getattr(found, name)
    return [entry for entry in entries if _fits(Source, "title", entry.text)][: _counts(name)[1]]


def _list(name: str, found: Gist) -> Iterator[str]:
    least, _ = _counts(name)
    entries: Sequence[Excerpt] = getattr(found, name)
    kept = _fitting(name, found)
    if not kept:
        yield f"# {name}:"
        yield f"#   - {NOT_FOUND}（至少 {least} 条），写好去掉行首的 #"
    else:
        few = f"  # 只找到 {len(kept)} 条，至少要 {least} 条，请补写" if len(kept) < least else ""
        yield f"{name}:{few}"
        yield from (f"  - {_scalar(entry.text)}{_from(entry)}" for entry in kept)
    spare = [entry for entry in entries if entry not in kept]
    yield from (f"#  - {_scalar(entry.text)}{_from(entry, _EXTRA)}" for entry in spare[:MOST_SPARE])
    yield from _left_out(spare)


def _left_out(spare: Sequence[object]) -> Iterator[str]:
    """How many more there were than a draft shows."""
    if len(spare) > MOST_SPARE:
        yield f"# 还有 {len(spare) - MOST_SPARE} 条没有列出，请看通报原文"


def _cases(cases: Iterable[Incident]) -> Iterator[str]:
    """The first case that is complete; the others, and what is incomplete, as comments.

    A sum that is not said to be lost may be a gain, so it makes no case complete.
    """
    told = [*cases]
    complete = (
        case for case in told if case.happened and case.story.text and case.loss and case.loss.lost
    )
    chosen = next(complete, None)
    if not told:
        yield "# case:  没有找到；没有可靠的案例就不写"
    if chosen:
        yield from _case(chosen)
    others = [case for case in told if case is not chosen]
    for case in others[:MOST_SPARE]:
        yield from (f"# {line}" for line in _case(case))
    yield from _left_out(others)


def _case(case: Incident) -> Iterator[str]:
    where = f"第 {case.story.line} 行"
    yield f"case:  # {where}；{case.facts}" if case.facts else f"case:  # {where}"
    guessed = "；年份是按通报日期推的" if case.guessed else ""
    day = f" {case.happened}  # {where}{guessed}" if case.happened else f"  # {NOT_FOUND}"
    yield f"  happened:{day}"
    story = f" {_scalar(case.story.text)}" if case.story.text else ""
    yield f"  story:{story}{_from(case.story, '请改成一句话')}"
    if case.loss:
        about = "（约数）" if case.loss.about else ""
        doubt = f"；{'，'.join(case.doubts)}，请核对" if case.doubts else ""
        yield f"  loss: {case.loss.yuan}  # {where}：{case.loss.written}{about}{doubt}"
    else:
        yield f"  loss:  # {NOT_FOUND}"


def _sources(origin: Origin) -> Iterator[str]:
    title = _safe(origin.title) if origin.title else None
    given = {"title": title, "publisher": origin.publisher and _safe(origin.publisher)}
    good = {key: text for key, text in given.items() if text and _fits(Source, key, text)}
    if not good:
        yield f"# sources:  {NOT_FOUND}（标题 title、发布单位 publisher、日期 published）"
        return
    rows = [f"{key}: {_scalar(text)}" for key, text in good.items()]
    if origin.published:
        rows.append(f"published: {origin.published}")
    yield "sources:"
    yield from (f"  {'- ' if n == 0 else '  '}{row}" for n, row in enumerate(rows))
    yield from (f"    # {key}:  {NOT_FOUND}" for key in given if key not in good)
    if origin.material:
        yield f"    # 通报里写的素材来源：{_safe(origin.material)}"


# --- what the model takes ---


@cache
def _adapter(model: type[Scam | Source], name: str) -> TypeAdapter[Any]:
    return TypeAdapter(model.model_fields[name].rebuild_annotation())


def _fits(model: type[Scam | Source], name: str, text: str) -> bool:
    """Whether a field of the model takes this text."""
    try:
        _adapter(model, name).validate_python(text)
    except ValidationError:
        return False
    return True


@cache
def _counts(name: str) -> tuple[int, int]:
    """How few and how many entries a list of the model may have."""
    limits = Scam.model_fields[name].metadata
    least = next(limit.min_length for limit in limits if isinstance(limit, MinLen))
    most = next(limit.max_length for limit in limits if isinstance(limit, MaxLen))
    return least, most
