"""Reading bulletins: which types they name, and what they say of each."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
import yaml

from stickergen import shipped
from stickergen.bulletin.gist import Gist, gists, unsorted
from stickergen.bulletin.kinds import Kind, called, in_heading, known, named
from stickergen.bulletin.markdown import clean, manuscript
from stickergen.bulletin.origin import Origin, origin
from stickergen.bulletin.passages import ROLES, bulletin, label
from stickergen.bulletin.privacy import discreet
from stickergen.bulletin.vocabulary import FOLDER, any_of, lists

SAMPLES = Path(__file__).parent / "bulletins"


def source_of(text: str) -> Origin:
    written = discreet(manuscript(text))
    return origin(written, bulletin(written))


def read(text: str, day: date | None = None) -> dict[str, Gist]:
    """What a bulletin says, by the name of the type."""
    written = discreet(manuscript(text))
    told = bulletin(written)
    published = day or origin(written, told).until
    return {found.kind.name: found for found in gists(told, published)}


def sample(name: str) -> dict[str, Gist]:
    return read((SAMPLES / f"{name}.md").read_text(encoding="utf-8"))


def texts(found: tuple[object, ...]) -> list[str]:
    return [getattr(one, "text", str(one)) for one in found]


# --- words ---


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_words_have_a_source(path: Path) -> None:
    head = path.read_text(encoding="utf-8").split("\n\n")[0]
    assert "# Source: " in head
    assert re.search(r"20\d\d-\d\d|20\d\d to|as for labels.yaml", head)


@pytest.mark.parametrize("file", ["labels", "credits", "noise", "headings", "names", "hotlines"])
def test_lists_hold_each_word_once(file: str) -> None:
    for name, words in lists(file).items():
        assert words, name
        assert len(words) == len(set(words)), name
        assert all(isinstance(word, str) and word for word in words), name


def test_a_label_is_of_one_role() -> None:
    words = [word for role in ROLES for word in lists("labels")[role]]
    assert len(words) == len(set(words))
    assert set(lists("labels")) - {"called"} == set(ROLES)
    assert set(lists("labels")["called"]) <= set(words)


def test_the_longest_word_counts_and_its_signs_mean_nothing() -> None:
    assert any_of(("警方", "警方提醒", "a.b")) == r"(?:警方提醒|a\.b|警方)"


# --- types ---


def test_the_table_fits_the_model_and_the_icons() -> None:
    icons = yaml.safe_load((shipped.FONTS / "icons.yaml").read_text(encoding="utf-8"))
    ids = [kind.id for kind in known()]
    assert len(ids) == len(set(ids)) >= 15
    for kind in known():
        assert kind.icon in icons
        assert 2 <= len(kind.name) <= 8
        assert kind.id is not None
        assert kind.id.isascii()
        assert kind.id.islower()
        assert named(kind.name) == (kind,)
    aliases = [alias for kind in known() for alias in kind.aliases]
    assert len(aliases) == len(set(aliases))


def test_the_shipped_types_are_in_the_table() -> None:
    for path in (shipped.CONTENT / "scams").glob("*.yaml"):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        (kind,) = [kind for kind in known() if kind.id == content["id"]]
        assert (kind.name, kind.icon) == (content["name"], content["icon"])


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("请注意，假客服来了", "冒充客服"),
        ("刷单返利诈骗", "网络刷单"),
        ("“虚假征信”骗走8万元", "虚假征信"),
        ("警惕AI换脸诈骗", "AI换脸"),
        ("一男子遭遇共享汽车诈骗", "共享汽车"),
        ("三、冒充熟人类诈骗", "冒充熟人"),
        ("谨防快递盲盒类电信网络诈骗", "快递盲盒"),
    ],
)
def test_a_heading_names_a_type(heading: str, name: str) -> None:
    assert [kind.name for kind in in_heading(heading)] == [name]


@pytest.mark.parametrize(
    "heading",
    [
        "五大诈骗警情",
        "武汉反诈骗",
        "防范电信网络诈骗",
        "全民反诈骗宣传",
        "典型诈骗案例",
        "各类诈骗手法",
        "张某诈骗案",
        "客服热线",
    ],
)
def test_a_heading_without_a_type(heading: str) -> None:
    assert in_heading(heading) == ()


def test_a_new_type_of_a_ranking_keeps_its_name() -> None:
    assert called("宠物领养类诈骗") == Kind("宠物领养")
    assert called("刷单类") == named("刷单")[0]


@pytest.mark.parametrize("name", ["张某某杀猪", "李女士被骗", "甲", "名字长得贴纸上写不下的"])
def test_a_type_of_a_ranking_is_not_called_after_a_person_and_fits(name: str) -> None:
    assert called(name) is None


@pytest.mark.parametrize(
    ("text", "role", "rest"),
    [
        ("警方提醒：不要转账", "advice", "不要转账"),
        ("【民警提示】", "advice", ""),
        ("洪山警方提醒广大市民：小心", "advice", "小心"),
        ("警方提醒，小心", "advice", "小心"),
        ("反诈民警提示：小心", "advice", "小心"),
        ("骗子的手法：先加好友", "trick", "先加好友"),
        ("刷单诈骗的套路一般是：先加好友", "trick", "先加好友"),
        ("案例二：某人", "case", "某人"),
        ("易受骗人群：老人", "audience", "老人"),
    ],
)
def test_labels(text: str, role: str, rest: str) -> None:
    assert label(text) == (role, rest)


def test_a_word_of_a_label_inside_a_sentence_is_no_label() -> None:
    assert label("他听了警方提醒才明白这是套路") is None
    assert label("这就是骗子的套路") is None


# --- parts ---


def test_a_heading_below_keeps_the_type_and_one_beside_ends_it() -> None:
    text = (
        "## 冒充客服诈骗\n### 手法\n骗子会先打电话。\n## 警方提醒\n请立即报警。\n"
        "## 刷单诈骗\n凡是刷单都是诈骗。"
    )
    found = read(text)
    assert texts(found["冒充客服"].steps) == ["骗子会先打电话"]
    assert found["冒充客服"].advice == ()
    assert unsorted(bulletin(manuscript(text))) == (5,)


def test_bold_labels_beside_a_bold_heading_keep_the_type() -> None:
    text = "**冒充客服诈骗**\n**警方提醒**\n不要转账。\n**刷单诈骗**\n**警方提醒**\n不要刷单。"
    found = read(text)
    assert texts(found["冒充客服"].advice) == ["不要转账"]
    assert texts(found["网络刷单"].advice) == ["不要刷单"]


def test_without_headings_a_paragraph_opens_its_type() -> None:
    text = (
        "冒充客服诈骗近来多发。\n\n凡是客服叫你借钱的都是诈骗。\n\n杀猪盘也不少。\n\n"
        "凡是没见过面就叫你投资的都是诈骗。"
    )
    found = read(text)
    assert texts(found["冒充客服"].rules) == ["凡是客服叫你借钱的都是诈骗"]
    assert texts(found["婚恋交友"].rules) == ["凡是没见过面就叫你投资的都是诈骗"]


def test_rules_apart_from_all_parts_find_their_types() -> None:
    found = read(
        "## 冒充客服诈骗\n骗子会打电话。\n## 刷单诈骗\n骗子会先返利。\n## 牢记\n"
        "凡是刷单都是诈骗，凡是自称客服要屏幕的都是诈骗。"
    )
    assert texts(found["冒充客服"].rules) == ["凡是自称客服要屏幕的都是诈骗"]
    assert texts(found["网络刷单"].rules) == ["凡是刷单都是诈骗"]


def test_a_list_of_rules_without_parts_is_sorted_by_what_they_name() -> None:
    found = read("凡是刷单的都是诈骗，凡是自称客服要屏幕的都是诈骗，凡是杀猪盘都是诈骗。")
    assert {name: len(f.rules) for name, f in found.items()} == {
        "网络刷单": 1, "冒充客服": 1, "婚恋交友": 1
    }  # fmt: skip


def test_a_type_named_in_passing_is_none() -> None:
    assert set(read("## 冒充客服诈骗\n凡是甲乙丙的都是诈骗。\n## 结语\n另有刷单若干。")) == {
        "冒充客服"
    }


# --- rules, advice, audience, giveaways ---


@pytest.mark.parametrize(
    ("sentence", "rules"),
    [
        ("凡是甲的都是诈骗，凡是乙的均为诈骗", ["凡是甲的都是诈骗", "凡是乙的均为诈骗"]),
        ("请牢记：凡是要验证码的，都是诈骗", ["凡是要验证码的，都是诈骗"]),
        ("凡自称客服的一律是骗子，请立即挂断", ["凡自称客服的一律是骗子"]),
        ("陌生链接一律不点", ["陌生链接一律不点"]),
        ("刷单就是诈骗", []),
        ("凡是刷单，就是诈骗", ["凡是刷单，就是诈骗"]),
        ("他发现对方全是骗子", []),
        ("凡是市民都可以参加", []),
        ("凡是领导在微信上要求转账的，一律当面核实", ["凡是领导在微信上要求转账的，一律当面核实"]),
        ("这5种诈骗约占一半", []),
    ],
)
def test_rules(sentence: str, rules: list[str]) -> None:
    assert texts(read(f"## 冒充客服诈骗\n{sentence}。")["冒充客服"].rules) == rules


def test_what_is_no_advice_is_not_advice() -> None:
    found = read("## 刷单诈骗\n警方提醒：\n他们会让人填申请表，掉进陷阱。\n不要垫钱。")["网络刷单"]
    assert texts(found.advice) == ["不要垫钱"]
    assert texts(found.steps)[0].startswith("他们会让人填申请表")


@pytest.mark.parametrize(
    ("sentence", "who"),
    [
        ("目标人群大多是没有固定收入的人群", "没有固定收入的人"),
        ("受害人多为在校学生", "在校学生"),
        ("独居老人最容易上当", "独居老人"),
        ("易受骗人群：急用钱的人", "急用钱的人"),
    ],
)
def test_audience(sentence: str, who: str) -> None:
    found = read(f"## 刷单诈骗\n{sentence}。")["网络刷单"].audience
    assert found
    assert found.text == who


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("以“影响征信”“注销账户”为名", ["影响征信", "注销账户"]),
        ("提到“甲乙”、“丙丁”等关键字的要小心", ["甲乙", "丙丁"]),
        ("对方谎称“快递丢失要理赔”", ["快递丢失要理赔"]),
        ("在“花呗”“借呗”里借钱", []),
        ("打造“专业”的假象", []),
    ],
)
def test_giveaways(sentence: str, words: list[str]) -> None:
    assert texts(read(f"## 冒充客服诈骗\n{sentence}。")["冒充客服"].giveaways) == words


# --- whole bulletins ---


def test_a_post_of_an_account() -> None:
    found = sample("wechat")
    assert [f"{f.rank.text} {name}" for name, f in found.items() if f.rank] == [
        "1 冒充客服", "2 网络刷单", "5 虚假征信", "3 虚假购物", "4 共享充电宝租借"
    ]  # fmt: skip
    assert texts(found["冒充客服"].rules) == [
        "凡是要你共享屏幕才能退款的都是诈骗",
        "凡是自称客服叫你转账验证的都是诈骗",
    ]
    assert len(found["冒充客服"].steps) == 4
    (case,) = found["网络刷单"].cases
    assert (case.happened, case.loss and case.loss.yuan) == (date(2023, 1, 8), 33000)
    assert "陈" not in case.story.text
    assert "师范" not in case.story.text
    assert case.facts.startswith("20岁")
    (case,) = found["虚假征信"].cases
    assert (case.happened, case.loss and case.loss.yuan) == (date(2023, 12, 1), 60000)
    for told in ("30718", "88123456", "6222020200112233445", "周先生"):
        assert told not in case.story.text
    assert len(found["虚假征信"].giveaways) == 5
    assert found["虚假购物"].bare
    assert found["共享充电宝租借"].kind.id is None


def test_a_bulletin_with_real_headings() -> None:
    found = sample("headings")
    touzi = found["虚假投资"]
    assert [f.line for f in touzi.steps] == [19, 20, 21, 22, 23]
    assert [case.happened for case in touzi.cases] == [date(2024, 3, 9), date(2024, 3, 15)]
    assert [case.loss and case.loss.yuan for case in touzi.cases] == [1200000, 85000]
    assert len(touzi.rules) == 3
    assert texts(touzi.giveaways) == ["内部消息，稳赚不赔", "跟着老师买，一天翻倍"]
    assert len(found["冒充公检法"].steps) == 3
    assert found["AI换脸"].rank
    assert list(found) == ["虚假投资", "冒充公检法", "AI换脸"]


def test_a_notice_without_marks() -> None:
    (found,) = sample("notice").values()
    (case,) = found.cases
    assert (case.happened, case.loss and case.loss.yuan) == (date(2022, 5, 20), 480000)
    assert case.loss
    assert not case.loss.lost
    assert texts(found.rules) == ["凡是用新加的账号叫你转账的，都是诈骗"]
    assert len(found.advice) == 1


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("wechat", ("年底网购旺季，这五类骗局盯上你", "江城反诈（微信公众号）", date(2023, 12, 5))),
        ("headings", ("东湖区反诈中心第8期预警通报", "东湖区反诈中心", date(2024, 4, 2))),
        ("numbered", ("三类骗局正在高发，请转告家人", "南湖反诈中心", date(2024, 7, 2))),
        ("notice", ("关于防范冒充领导熟人诈骗的提示", "青山派出所", date(2022, 5, 23))),
        ("plain", ("东湖公安分局2026年2月反诈预警通报", "东湖公安分局反诈中心", date(2026, 2, 20))),
        ("no-bulletin", ("食堂一周菜单", None, None)),
    ],
)
def test_origins(name: str, expected: tuple[str, str | None, date | None]) -> None:
    found = source_of((SAMPLES / f"{name}.md").read_text(encoding="utf-8"))
    assert (found.title, found.publisher, found.published) == expected


@pytest.mark.parametrize("name", ["wechat", "headings", "notice", "hostile"])
def test_every_value_stands_on_its_line(name: str) -> None:
    """The first characters of an unmasked value are on the line that it names."""
    rows = (SAMPLES / f"{name}.md").read_text(encoding="utf-8").splitlines()
    checked = 0
    for found in sample(name).values():
        for value in (*found.rules, *found.steps, *found.advice, *found.giveaways):
            if not value.remark:
                assert value.text[:4] in clean(rows[value.line - 1].replace("*", ""))
                checked += 1
    assert checked >= 3


def test_a_bulletin_of_a_word_processor() -> None:
    found = sample("plain")
    shuren, gongjianfa, gouwu = found.values()
    assert [len(gist.steps) for gist in found.values()] == [4, 4, 3]
    assert [gist.name for gist in found.values()] == ["冒充领导", "冒充公检法", "虚假购物"]
    assert texts(gongjianfa.steps)[1] == "发来假的通缉令"
    assert texts(shuren.rules) == ["凡是领导在微信上要求转账的，一律当面核实"]
    cases = [gist.cases[0] for gist in (shuren, gongjianfa, gouwu)]
    assert [(case.happened, case.loss and case.loss.yuan) for case in cases] == [
        (date(2026, 2, 3), 126000), (date(2026, 2, 10), 80000), (date(2026, 2, 12), 3200)
    ]  # fmt: skip
    assert [gist.unused for gist in found.values()] == [(), (), ()]


def test_a_list_below_a_heading_is_the_trick_unless_it_asks() -> None:
    items = ("群里发红包", "叫人垫资", "请立即报警", "拉黑")
    found = read("## 刷单诈骗\n" + "\n".join(f"- {item}" for item in items))["网络刷单"]
    assert texts(found.steps) == ["群里发红包", "叫人垫资", "拉黑"]
    assert texts(found.advice) == ["请立即报警"]


def test_what_stands_between_two_steps_is_one() -> None:
    text = "骗子会先打电话。屏幕上放出通缉令。随后他们会叫你转账。"
    found = read(f"## 冒充公检法诈骗\n{text}")["冒充公检法"]
    assert len(found.steps) == 3
    assert found.unused == ()


def test_money_that_the_police_saved_is_no_loss() -> None:
    found = read("## 刷单诈骗\n骗子会返利。\n\n2024年3月1日，民警劝阻一起转账5万元的案件。")
    assert found["网络刷单"].cases == ()


@pytest.mark.parametrize(
    ("told", "yuan", "doubts"),
    [
        ("李某被骗3000元", 3000, ()),
        ("李某转账3000元", 3000, ("原文没有写明是损失",)),
        ("李某被骗3000元。事后李某说，这3000元是学费", 3000, ()),
        ("李某先转了500元，被骗3000元", 3000, ("有几个金额",)),
        ("李某先转了500元，又转账3000元", 3000, ("原文没有写明是损失", "有几个金额")),
        ("李某被骗3000元，同学王某被骗8万元", 80000, ("有几个金额", "可能是另一个人的")),
        ("李某上当。王女士也被骗8万元", 80000, ("可能是另一个人的",)),
        ("李某上当，其母亲损失8万元", 80000, ("可能是另一个人的",)),
        ("李某上当，损失8万元，后来告诉王某", 80000, ()),
    ],
)
def test_a_loss_that_may_be_another_is_not_taken_in_silence(
    told: str, yuan: int, doubts: tuple[str, ...]
) -> None:
    (case,) = read(f"## 刷单诈骗\n2024年3月1日，{told}。")["网络刷单"].cases
    assert (case.loss and case.loss.yuan, case.doubts) == (yuan, doubts)


def test_the_month_of_the_title_tells_the_year() -> None:
    text = "# 东湖区2026年2月警情\n## 刷单诈骗\n2月10日，居民刷单被骗500元。"
    (case,) = read(text)["网络刷单"].cases
    assert (case.happened, case.guessed) == (date(2026, 2, 10), True)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("## 刷单诈骗\n骗子会返利。\n## 冒充客服诈骗\n骗子会打电话。", None),
        ("# 刷单诈骗\n骗子会返利。\n# 冒充客服诈骗\n骗子会打电话。", None),
        ("# 谨防刷单诈骗\n骗子会返利。", "谨防刷单诈骗"),
        ("# 本月警情\n## 刷单诈骗\n骗子会返利。", "本月警情"),
    ],
)
def test_the_heading_of_a_type_is_no_title(text: str, title: str | None) -> None:
    assert source_of(text).title == title


@pytest.mark.parametrize(
    ("line", "publisher"),
    [
        ("来源：江城晚报 记者王强", "江城晚报"),
        ("来源：江城晚报记者王强", "江城晚报"),
        ("供稿：王晓明", None),
        ("来源：周明", None),
        ("转载自江城反诈", "江城反诈"),
        ("发布单位：苏州网", "苏州网"),
    ],
)
def test_a_person_is_no_publisher(line: str, publisher: str | None) -> None:
    found = source_of(f"# 本月警情\n{line}\n\n## 刷单诈骗\n骗子会返利。")
    assert (found.publisher, found.material) == (publisher, None)


def test_the_office_that_signs_last_is_the_publisher() -> None:
    text = "# 本月警情\n## 刷单诈骗\n骗子会返利。\n\n东湖公安分局"
    assert source_of(text).publisher == "东湖公安分局"
    assert source_of(text.replace("东湖", "请联系东湖")).publisher is None


def test_line_ends_make_no_difference() -> None:
    text = (SAMPLES / "headings.md").read_text(encoding="utf-8")
    assert read(text.replace("\n", "\r\n")) == read(text) == read(text.replace("\n", "\r"))


def test_a_notice_with_numbered_parts() -> None:
    found = sample("numbered")
    assert list(found) == ["网络刷单", "冒充公检法", "共享屏幕"]
    shuadan = found["网络刷单"]
    assert shuadan.rank
    assert shuadan.rank.text == "1"
    assert shuadan.audience
    assert shuadan.audience.text == "在校学生和在家带孩子的人"
    assert texts(shuadan.giveaways) == ["连单", "卡单"]
    assert [(case.happened, case.loss and case.loss.yuan) for case in shuadan.cases] == [
        (None, 210000),
        (date(2024, 6, 6), 16000),
    ]
    assert len(found["冒充公检法"].rules) == 1
    assert found["冒充公检法"].advice == ()  # 三、如何防范 stands beside it and is of no type
