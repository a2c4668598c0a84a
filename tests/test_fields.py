"""Fields in templates become text, and each text remembers where it was written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from stickergen.artwork.fields import (
    FILTERS,
    Bound,
    NotGiven,
    Scope,
    UnknownField,
    WrongFilter,
    filled,
    given,
    lookup,
)
from stickergen.content.model import Model, Source, Talk
from stickergen.content.source import Document
from stickergen.problem import Place


class Story(Model):
    title: str
    loss: int = 84077
    day: date = date(2020, 10, 11)
    steps: tuple[str, ...] = ("一", "二", "三")
    source: Source | None = None
    none: str | None = None


@dataclass(frozen=True)
class Row:
    name: str
    cells: tuple[int, ...]


STORY = Story(title="标题", source=Source(title="通报", publisher="武汉", published=None))
PLACES = {
    ("story",): Place("s.yaml", 2, 3),
    ("story", "title"): Place("s.yaml", 3, 10),
    ("story", "steps", 1): Place("s.yaml", 6, 7),
}
DOCUMENT = Document(STORY, "s.yaml", Path("s.yaml"), PLACES)
SCOPE = Scope(
    {
        "story": Bound(STORY, DOCUMENT, ("story",)),
        "talk": Bound(None, DOCUMENT, ("talk",)),
        "row": Bound(Row("行", (1, 2))),
        "number": Bound(7),
        "time": Bound(datetime(2020, 11, 19, 9, 5)),
    }
)


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("没有字段", "没有字段"),
        ("{story.title}", "标题"),
        ("《{story.title}》第{number}号", "《标题》第7号"),
        ("{ story.title }", "标题"),
        ("{story.loss}", "84077"),
        ("¥{story.loss|amount}", "¥84,077"),
        ("{story.loss | amount}元", "84,077元"),
        ("{story.day}", "2020年10月11日"),
        ("{story.day|date}", "2020年10月11日"),
        ("{story.day|day}", "10月11日"),
        ("{story.day|weekday}", "星期日"),
        ("{time|clock}", "9:05"),
        ("{time}", "2020年11月19日"),
        ("{row.name}", "行"),
        ("{story.source.cited}", "武汉《通报》"),
    ],
)
def test_filled(template: str, text: str) -> None:
    assert filled(template, SCOPE).text == text


@pytest.mark.parametrize("template", ["{", "}{", "{story.loss", "a}", "{a{story.loss}}"])
def test_a_stray_brace_is_a_broken_field(template: str) -> None:
    with pytest.raises(UnknownField):
        filled(template, SCOPE)


@examples(st.text(st.characters(exclude_characters="{}")))
def test_what_has_no_field_stays(text: str) -> None:
    result = filled(text, SCOPE)
    assert result.text == text
    assert result.origin is None


@examples(st.dates(date(1900, 1, 1), date(2200, 1, 1)))
def test_dates_read_back(day: date) -> None:
    words = FILTERS["date"](day)
    year, rest = words.split("年")
    month, last = rest.split("月")
    assert date(int(year), int(month), int(last.removesuffix("日"))) == day
    assert words.endswith(FILTERS["day"](day))
    assert "一二三四五六日".index(FILTERS["weekday"](day)[-1]) == day.weekday()


@examples(st.integers(0, 10**12))
def test_amounts_read_back(loss: int) -> None:
    words = FILTERS["amount"](loss)
    assert int(words.replace(",", "")) == loss
    assert all(len(part) == 3 for part in words.split(",")[1:])


def test_the_origin_is_the_longest_field() -> None:
    origin = filled("{number} {story.title} {story.loss}", SCOPE).origin
    assert origin is not None
    assert origin.name == "story.loss"
    origin = filled("{number} {story.title}", SCOPE).origin
    assert origin is not None
    assert (origin.name, str(origin.place)) == ("story.title", "s.yaml:3:10")


def test_items_of_a_list_have_their_own_places() -> None:
    parts = lookup("{story.steps}", SCOPE).parts()
    assert [part.value for part in parts] == ["一", "二", "三"]
    assert [part.name for part in parts] == ["story.steps[1]", "story.steps[2]", "story.steps[3]"]
    assert str(parts[1].place) == "s.yaml:6:7"
    assert str(parts[0].place) == "s.yaml:2:3"


def test_a_list_of_bound_values_keeps_them() -> None:
    inside = Bound("甲", DOCUMENT, ("story", "title"))
    assert Bound([inside]).parts() == [inside]


@pytest.mark.parametrize(
    ("expression", "name", "meant"),
    [
        ("{storey.title}", "storey.title", "story"),
        ("{story.titel}", "story.titel", "title"),
        ("{story.source.citd}", "story.source.citd", "cited"),
        ("{row.nam}", "row.nam", "name"),
        ("{story.day.yeer}", "story.day.yeer", None),
        ("{zzz}", "zzz", None),
        ("{}", "", None),
        ("{story.loss|amont}", "|amont", "amount"),
        ("{story.model_fields}", "story.model_fields", None),
        ("{story.__class__}", "story.__class__", None),
        ("{row.__class__}", "row.__class__", None),
    ],
)
def test_unknown_fields_and_what_was_meant(expression: str, name: str, meant: str | None) -> None:
    with pytest.raises(UnknownField) as caught:
        filled(expression, SCOPE)
    assert (caught.value.name, caught.value.meant) == (name, meant)


def test_an_unknown_field_tells_what_there_is() -> None:
    with pytest.raises(UnknownField) as caught:
        filled("{story.zzz}", SCOPE)
    assert set(caught.value.known) == set(Story.model_fields)
    with pytest.raises(UnknownField) as caught:
        filled("{zzz}", SCOPE)
    assert caught.value.known == tuple(sorted(SCOPE.names))


@pytest.mark.parametrize("expression", ["story.title", "a {story.title}", "{story.title} b", ""])
def test_lookup_wants_one_field_and_nothing_else(expression: str) -> None:
    with pytest.raises(UnknownField):
        lookup(expression, SCOPE)


@pytest.mark.parametrize(
    ("expression", "absent"),
    [("{talk}", "talk"), ("{talk.title}", "talk"), ("{story.none}", "story.none")],
)
def test_not_given(expression: str, absent: str) -> None:
    with pytest.raises(NotGiven) as caught:
        filled(expression, SCOPE)
    assert caught.value.name == absent
    assert not given(expression, SCOPE)


@pytest.mark.parametrize(
    "expression",
    ["{story.title|amount}", "{story.title|date}", "{story.loss|clock}", "{story.day|clock}"],
)
def test_a_filter_that_cannot_write_the_value(expression: str) -> None:
    with pytest.raises(WrongFilter):
        filled(expression, SCOPE)


@pytest.mark.parametrize("expression", ["{story}", "{story.steps}", "{story.source}"])
def test_what_is_no_text_is_not_written(expression: str) -> None:
    with pytest.raises(WrongFilter):
        filled(expression, SCOPE)


def test_given() -> None:
    assert given("{story}", SCOPE)
    assert given("{story.title}", SCOPE)
    assert given("{story.steps}", SCOPE)
    assert not given("{empty}", SCOPE.with_names({"empty": Bound(())}))
    with pytest.raises(UnknownField):
        given("{storey}", SCOPE)


def test_names_are_added_and_hidden() -> None:
    scope = SCOPE.with_names({"number": Bound(8), "item": Bound("新")})
    assert filled("{number}{item}", scope).text == "8新"
    assert filled("{number}", SCOPE).text == "7"


def test_a_talk_as_it_is_printed() -> None:
    talk = Talk.model_validate(
        {"title": "课", "speaker": "某", "place": "某楼", "time": "2020-11-19 19:00"}
    )
    scope = Scope({"talk": Bound(talk)})
    words = filled("{talk.time|day} {talk.time|weekday} {talk.time|clock}", scope).text
    assert words == "11月19日 星期四 19:00"
