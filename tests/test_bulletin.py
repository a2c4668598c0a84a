"""Reading bulletins: marks, sentences, types, rules, cases, amounts, and what must not be told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from stickergen import shipped
from stickergen.bulletin import figures
from stickergen.bulletin.finding import Findings, findings, unsorted
from stickergen.bulletin.kinds import Kind, called, in_heading, known, named
from stickergen.bulletin.markdown import BOLD, NUMBERED, PLAIN, clean, manuscript
from stickergen.bulletin.origin import Origin, origin
from stickergen.bulletin.passages import bulletin, label
from stickergen.bulletin.privacy import masked
from stickergen.bulletin.sentences import MOST_CHARACTERS, Sentence, clauses, paragraphs
from stickergen.bulletin.trick import FEWEST, MOST, steps
from stickergen.content.model import Scam

SAMPLES = Path(__file__).parent / "bulletins"


def source_of(text: str) -> Origin:
    written = manuscript(text)
    return origin(written, bulletin(written))


def read(text: str, day: date | None = None) -> dict[str, Findings]:
    """What a bulletin says, by the name of the type."""
    written = manuscript(text)
    told = bulletin(written)
    published = day or origin(written, told).published
    return {found.kind.name: found for found in findings(told, published)}


def sample(name: str) -> dict[str, Findings]:
    return read((SAMPLES / f"{name}.md").read_text(encoding="utf-8"))


def texts(found: tuple[object, ...]) -> list[str]:
    return [getattr(one, "text", str(one)) for one in found]


# --- lines ---


def test_lines_are_numbered_as_in_the_file_and_without_marks() -> None:
    text = (
        "\ufeff---\ntitle: 题\n---\n# 一级\r\n\r\n**粗体**\n- **甲**乙\n![图](a.png)\n> 引[文](u)\n"
    )
    written = manuscript(text)
    assert written.matter == {"title": "题"}
    assert [(line.number, line.level, line.text) for line in written.lines] == [
        (4, 1, "一级"),
        (6, BOLD, "粗体"),
        (7, PLAIN, "甲乙"),
        (9, PLAIN, "引文"),
    ]


@pytest.mark.parametrize(
    ("row", "level"),
    [
        ("#无空格", 1),
        ("### 三级 ###", 3),
        ("**整行粗体**", BOLD),
        ("【整行方括号】", BOLD),
        ("一、第一类", NUMBERED),
        ("（二）第二类", NUMBERED),
        ("1、冒充客服诈骗", NUMBERED),
        ("**警方提醒：**", PLAIN),
        ("**凡是刷单的都是诈骗**", PLAIN),
        ("**一句话。**", PLAIN),
        ("**粗**体", PLAIN),
        ("一、骗子先打电话，再加好友。", PLAIN),
        ("1. 骗子打电话", PLAIN),
        ("# " + "长" * 61, PLAIN),
    ],
)
def test_what_is_a_heading(row: str, level: int) -> None:
    (line,) = manuscript(row).lines
    assert line.level == level


def test_underlined_lines_are_headings() -> None:
    lines = manuscript("题目\n===\n\n小题\n---\n\n正文。\n---\n").lines
    assert [(line.text, line.level) for line in lines] == [
        ("题目", 1), ("小题", 2), ("正文。", PLAIN)
    ]  # fmt: skip


@pytest.mark.parametrize(
    "noise",
    [
        "![](a.png)",
        "<!-- 凡是 -->",
        "```\n凡是代码\n```",
        "<script>凡是</script>",
        "长按识别二维码关注我们",
        "微信号：abc",
        "▲民警在发传单",
        "[1]: https://example.com",
        "---\n\n***",
        "|---|:-:|",
    ],
)
def test_what_says_nothing_is_left_out(noise: str) -> None:
    assert manuscript(f"\n{noise}\n").lines == ()


def test_a_comment_over_several_lines_keeps_the_numbers() -> None:
    lines = manuscript("甲<!-- 一\n二 -->乙\n丙").lines
    assert [(line.number, line.text) for line in lines] == [(1, "甲"), (2, "乙"), (3, "丙")]


def test_a_comment_that_never_ends_hides_nothing() -> None:
    assert [line.number for line in manuscript("<!-- 甲\n乙").lines] == [1, 2]


def test_signs_become_one_kind() -> None:
    assert clean('１２３ＡＢ　他说:"转账"\u200b吧!\x07「好」') == "123AB 他说：“转账”吧！“好”"
    assert clean("8:30 付了1,200元") == "8:30 付了1,200元"


@given(st.text())
def test_clean_text_is_one_printable_line(text: str) -> None:
    assert clean(text).isprintable() or clean(text) == ""
    assert clean(clean(text)) == clean(text)


# --- sentences ---


def sentences(text: str) -> list[tuple[int, str]]:
    found = paragraphs(manuscript(text).lines)
    return [(s.line, s.text) for paragraph in found for s in paragraph.sentences]


def test_sentences_run_on_over_broken_lines() -> None:
    text = "这一行被编辑器从中间断开了，所以它\n接着写下去。第二句从第二行开始！\n\n新的一段"
    assert sentences(text) == [
        (1, "这一行被编辑器从中间断开了，所以它接着写下去"),
        (2, "第二句从第二行开始"),
        (4, "新的一段"),
    ]


def test_a_stop_inside_quotation_marks_ends_nothing() -> None:
    assert sentences("他说“好的。马上转”然后挂了。完") == [
        (1, "他说“好的。马上转”然后挂了"), (1, "完")
    ]  # fmt: skip


def test_numbers_of_a_list_in_a_sentence_go() -> None:
    assert [text for _, text in sentences("1.不听；2.不信；（3）不转1.5万元。")] == [
        "不听", "不信", "不转1.5万元"
    ]  # fmt: skip


@given(st.text(alphabet="甲乙“”，。；！\n1、", max_size=300))
def test_sentences_lose_nothing_but_stops(text: str) -> None:
    signs = str.maketrans("", "", "“”，。；！\n1、. ）)")
    kept = "".join(text for _, text in sentences(text))
    assert kept.translate(signs) == clean(text.replace("\n", " ")).translate(signs)


def test_a_sentence_without_end_is_left_out() -> None:
    assert sentences("甲" * (MOST_CHARACTERS + 1) + "。乙。") == [(1, "乙")]


def test_clauses_keep_quotes_and_figures_whole() -> None:
    assert clauses("他说“甲，乙”，付了1，200元，走了") == ["他说“甲，乙”", "付了1，200元", "走了"]


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
    assert called("刷单类").id == "shuadan"


@pytest.mark.parametrize(
    ("text", "role", "rest"),
    [
        ("警方提醒：不要转账", "advice", "不要转账"),
        ("【民警提示】", "advice", ""),
        ("洪山警方提醒广大市民：小心", "advice", "小心"),
        ("警方提醒，小心", "advice", "小心"),
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


# --- steps ---


def step_texts(*told: str) -> list[str]:
    return [step.text for step in steps(Sentence(n, text) for n, text in enumerate(told, 1))]


def test_steps_begin_at_words_of_order() -> None:
    assert step_texts("先打电话核对订单，称要退款，然后发来二维码，最后转走余额") == [
        "打电话核对订单，称要退款", "发来二维码", "转走余额"
    ]  # fmt: skip


def test_a_clause_that_leans_is_not_parted() -> None:
    found = step_texts("以商品有问题，需要退货为由，发来链接，受害人输入密码后，钱被转走")
    assert found == ["以商品有问题，需要退货为由，发来链接", "受害人输入密码后，钱被转走"]


CLAUSES = (
    "先打来电话",
    "然后转账",
    "以退款为由",
    "再加好友",
    "钱被转走",
    "称扫码退款",
    "输入密码后",
)


@given(st.lists(st.lists(st.sampled_from(CLAUSES), min_size=1, max_size=9), max_size=9))
def test_steps_lose_no_clause_and_are_never_too_many(told: list[list[str]]) -> None:
    found = steps(Sentence(n, "，".join(parts)) for n, parts in enumerate(told, 1))
    assert len(found) <= MOST
    assert [c for step in found for c in step.clauses] == [c for parts in told for c in parts]
    assert [step.line for step in found] == sorted(step.line for step in found)


def test_the_steps_of_the_model() -> None:
    limits = {type(limit).__name__: limit for limit in Scam.model_fields["steps"].metadata}
    assert (limits["MinLen"].min_length, limits["MaxLen"].max_length) == (FEWEST, MOST)


# --- figures ---


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("被骗84077元", 84077),
        ("损失13,488元", 13488),
        ("痛失8万元", 80000),
        ("被骗3.3万余元", 33000),
        ("被骗十余万元", 100000),
        ("损失八万五千元", 85000),
        ("损失三十二万元", 320000),
        ("共计1.2亿元", 120000000),
        ("损失¥4,500", 4500),
        ("损失12.50元", None),
        ("损失几十万元", None),
        ("损失0元", None),
        ("走向多元化", None),
    ],
)
def test_amounts(text: str, yuan: int | None) -> None:
    assert [amount.yuan for amount in figures.amounts(text)] == ([yuan] if yuan else [])


def test_the_loss_is_what_is_said_to_be_lost() -> None:
    found = figures.amounts("先转了20元，又转1万元，被骗30,020元，后来追回500元")
    assert [amount.yuan for amount in found if amount.lost] == [30020]


@given(st.integers(min_value=1, max_value=99_999_999))
def test_amounts_in_digits_come_back(yuan: int) -> None:
    for written in (f"{yuan}元", f"{yuan:,}元", f"¥{yuan}"):
        assert [amount.yuan for amount in figures.amounts(written)] == [yuan]


@pytest.mark.parametrize(
    ("text", "published", "day"),
    [
        ("10月19日晚", date(2020, 11, 13), date(2020, 10, 19)),
        ("12月19日晚", date(2020, 11, 13), date(2019, 12, 19)),
        ("去年3月1日", date(2020, 11, 13), date(2019, 3, 1)),
        ("2018年3月1日", date(2020, 11, 13), date(2018, 3, 1)),
        ("2月29日", date(2021, 5, 1), None),
        ("13月1日", date(2021, 5, 1), None),
        ("3月1日", None, None),
        ("近日", date(2021, 5, 1), None),
    ],
)
def test_the_year_of_a_day(text: str, published: date | None, day: date | None) -> None:
    found = figures.happened(text, published)
    assert (found.day if found else None) == day


def test_a_sentence_without_its_day() -> None:
    assert figures.without_date("2024年5月1日下午3点许，居民接到电话") == "居民接到电话"
    assert figures.without_date("居民5月1日接到电话") == "居民5月1日接到电话"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("在五大诈骗中排名第一", 1),
        ("排在电诈警情的第二位", 2),
        ("居首位", 1),
        ("位列第10位", 10),
        ("第一单返款", None),
        ("发案排名第零", None),
    ],
)
def test_places_in_a_ranking(text: str, place: int | None) -> None:
    assert figures.rank(text) == place


def test_age_and_sex() -> None:
    assert (figures.age("19岁的学生"), figures.age("200岁")) == (19, None)
    assert (figures.sex("25岁女子"), figures.sex("男子对她说"), figures.sex("学生")) == (
        "女", "男", None
    )  # fmt: skip


# --- what must not be told ---


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("一名19岁的学生施某在邮箱看到广告", "一名19岁的学生在邮箱看到广告"),
        ("李某某先转了账", "当事人先转了账"),
        ("欧阳某接到电话", "当事人接到电话"),
        ("王女士接到电话", "这名女士接到电话"),
        ("市民王女士接到电话", "市民接到电话"),
        ("受害人张伟接到电话", "受害人接到电话"),
        ("刘强（化名）被骗", "当事人被骗"),
        ("小李加了群", "当事人加了群"),
        ("武汉理工大学一名学生", "某校一名学生"),
        ("他就读于江城第一中学", "他就读于某校"),
        ("转到账号6222020200112233445", "转到账号（略）"),
        ("打了13800001234", "打了（号码略）"),
        ("加QQ：88123456", "加QQ（略）"),
        ("点开https://evil.example/a?b=1付款", "点开（网址略）付款"),
        ("家住光谷街道的李某被骗", "当事人被骗"),
        ("高先生转了账", "这名男士转了账"),
    ],
)
def test_what_shows_the_victim_is_taken_out(text: str, safe: str) -> None:
    assert masked(text).text == safe
    assert masked(text).hidden


@pytest.mark.parametrize(
    "text",
    [
        "25岁女子被骗84077元",
        "拨打110或96110",
        "一名大学生",
        "走进大学校园",
        "某平台的客服",
        "于某日在某公司",
        "小程序里转账",
        "小时候",
        "老师和同学",
        "学生安全意识不强",
        "受害人于是转账",
        "民警向他说明",
        "2020年10月19日",
        "贴了30000张贴纸",
        "任务完成后返现",
        "向老师借钱",
        "对方经理来电",
    ],
)
def test_what_shows_nobody_stays(text: str) -> None:
    assert masked(text).text == text


@given(st.text(max_size=200))
def test_masking_twice_is_masking_once(text: str) -> None:
    once = masked(clean(text)).text
    assert masked(once).text == once


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
