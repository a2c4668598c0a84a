"""The text of bulletins: marks, sentences, steps, numbers, and what must not be told."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickergen.bulletin import numbers
from stickergen.bulletin.kinds import LONGEST_NAME
from stickergen.bulletin.markdown import BOLD, NUMBERED, PLAIN, clean, manuscript
from stickergen.bulletin.privacy import discreet, is_person, masked, named_people
from stickergen.bulletin.sentences import MOST_CHARACTERS, Sentence, clauses, paragraphs
from stickergen.bulletin.trick import FEWEST, MOST, steps
from stickergen.bulletin.writing import MOST_HEADLINE
from stickergen.content.model import Case, Scam

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


def test_clauses_keep_quotes_and_numbers_whole() -> None:
    assert clauses("他说“甲，乙”，付了1，200元，走了") == ["他说“甲，乙”", "付了1，200元", "走了"]


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


def schema(model: type[Scam | Case], field: str) -> dict[str, Any]:
    found: dict[str, Any] = model.model_json_schema()["properties"][field]
    return found


def test_the_limits_are_those_of_the_model() -> None:
    assert schema(Scam, "steps")["minItems"] == FEWEST
    assert schema(Scam, "steps")["maxItems"] == MOST
    assert schema(Scam, "name")["maxLength"] == LONGEST_NAME
    assert schema(Scam, "headline")["maxLength"] > MOST_HEADLINE
    assert schema(Case, "story")["maxLength"] == MOST_CHARACTERS
    assert schema(Case, "loss")["exclusiveMaximum"] == numbers.MOST_YUAN


# --- numbers ---


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
    assert [amount.yuan for amount in numbers.amounts(text)] == ([yuan] if yuan else [])


def test_the_loss_is_what_is_said_to_be_lost() -> None:
    found = numbers.amounts("先转了20元，又转1万元，被骗30,020元，后来追回500元")
    assert [amount.yuan for amount in found if amount.lost] == [30020]


@given(st.integers(min_value=1, max_value=99_999_999))
def test_amounts_in_digits_come_back(yuan: int) -> None:
    for written in (f"{yuan}元", f"{yuan:,}元", f"¥{yuan}"):
        assert [amount.yuan for amount in numbers.amounts(written)] == [yuan]


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
    found = numbers.happened(text, published)
    assert (found.day if found else None) == day


def test_a_sentence_without_its_day() -> None:
    assert numbers.without_date("2024年5月1日下午3点许，居民接到电话") == "居民接到电话"
    assert numbers.without_date("居民5月1日接到电话") == "居民5月1日接到电话"


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
    assert numbers.rank(text) == place


def test_age_and_sex() -> None:
    assert (numbers.age("19岁的学生"), numbers.age("200岁")) == (19, None)
    assert (numbers.sex("25岁女子"), numbers.sex("男子对她说"), numbers.sex("学生")) == (
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
        ("刘伟（化名，女，23岁）被骗", "当事人（女，23岁）被骗"),
        ("丽丽（化名）被骗", "当事人被骗"),
        ("5月1日，王晓丽（女，23岁）被骗", "5月1日，当事人（女，23岁）被骗"),
        ("李明，男，45岁，接到电话", "当事人，男，45岁，接到电话"),
        ("其母亲张丽的卡里没了钱", "其母亲的卡里没了钱"),
        ("对方名叫郑强，说有内部消息", "对方名叫当事人，说有内部消息"),
        ("10月2日，王建国接到电话", "10月2日，当事人接到电话"),
        ("欧阳娜娜（25岁）转了账", "当事人（25岁）转了账"),
        ("陈会计转了账", "当事人转了账"),
        ("王建国师傅转了账", "当事人转了账"),
        ("身份证42010619900101123X", "身份证（号码略）"),
        ("尾号为4471的卡", "尾号（略）的卡"),
        ("他来到东湖路18号3栋201室取钱", "他来到（住址略）取钱"),
        ("搬进3栋2单元501室", "搬进（住址略）"),
        ("他在江城鑫达商贸有限公司上班", "他在某公司上班"),
        ("大三学生曾小贤被骗8000元", "大三学生被骗8000元"),
        ("女子龙小凤在家", "女子在家"),
        ("居民陶红收到短信", "居民收到短信"),
        ("段小楼（化名）被骗", "当事人被骗"),
        ("陶红（女，45岁）被骗", "当事人（女，45岁）被骗"),
        ("贺红，女，45岁，被骗", "当事人，女，45岁，被骗"),
        ("小明（12岁）被骗", "当事人（12岁）被骗"),
        ("学生小明（12岁）被骗", "学生（12岁）被骗"),
        ("儿童小花（8岁）被骗", "儿童当事人（8岁）被骗"),
        ("马丽娟按照对方要求", "当事人按照对方要求"),
        ("随后，周明扫码付款", "随后，当事人扫码付款"),
        ("5月1日马丽看到广告", "5月1日当事人看到广告"),
        ("据了解，家住武昌区中南路的周阿姨转了账", "据了解，这名女士转了账"),
        ("李某，家住光谷的，被骗", "当事人，被骗"),
        ("李某，家住光谷，被骗", "当事人，被骗"),
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
        "黄金投资",
        "孙女（8岁）",
        "10月19号",
        "一家有限公司",
        "居民张贴通知",
        "王者荣耀账号",
        "马上转账",
        "曾多次转账",
        "女子曾在平台付款被骗",
        "受害人付款后被骗",
        "市民凌晨接到电话",
        "学生游戏账号被盗",
        "莫轻信，莫点击陌生链接",
        "严禁扫码",
        "员工陆续收到短信",
        "老人（75岁）",
        "老伴（男，70岁）",
        "小学（6岁入学）",
        "工程师（男，45岁）",
        "高管，45岁",
    ],
)
def test_what_shows_nobody_stays(text: str) -> None:
    assert masked(text).text == text


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("张伟（化名）被骗\n\n后来张伟报警", ["张某（化名）被骗", "后来张某报警"]),
        ("# 张伟的教训\n市民张伟说", ["张某的教训", "市民张某说"]),
        ("欧阳静（女）\n\n欧阳静转账", ["欧阳某（女）", "欧阳某转账"]),
        ("张女士（52岁）\n\n张女士转账", ["张女士（52岁）", "张女士转账"]),
        ("学生曾小贤被骗\n\n曾小贤报警", ["学生曾某被骗", "曾某报警"]),
        ("小明（12岁）被骗\n\n奶奶问小明", ["小某（12岁）被骗", "奶奶问小某"]),
    ],
)
def test_a_name_told_once_is_known_everywhere(text: str, short: list[str]) -> None:
    assert [line.text for line in discreet(manuscript(text)).lines] == short


@pytest.mark.parametrize(
    ("name", "person"),
    [("王晓明", True), ("周明", True), ("市民李某", True), ("江城反诈", False), ("派出所", False)],
)
def test_names_of_people_are_told_from_those_of_offices(name: str, person: bool) -> None:
    assert is_person(name) == person


def test_people_are_named_in_their_order() -> None:
    told = "李某与王女士、陈某某在某平台认识"
    assert named_people(told) == ("李某", "王女士", "陈某某")


@given(st.text(max_size=200))
def test_masking_twice_is_masking_once(text: str) -> None:
    once = masked(clean(text)).text
    assert masked(once).text == once
