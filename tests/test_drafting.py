"""Drafts: what is written, that our own reader takes it, that nothing is lost; hostile files."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from stickergen.bulletin.gist import gists
from stickergen.bulletin.markdown import manuscript
from stickergen.bulletin.origin import origin
from stickergen.bulletin.passages import bulletin
from stickergen.bulletin.privacy import discreet
from stickergen.bulletin.writing import MOST_HEADLINE
from stickergen.content.model import Scam
from stickergen.content.source import read
from stickergen.content.tree import Node, tree
from stickergen.drafting import MOST_BYTES, MOST_TYPES, Drafted, draft
from stickergen.problem import MESSAGES, InputError, Problem, worded

SAMPLES = Path(__file__).parent / "bulletins"

COMPLETION: dict[str, str] = {
    "id": "id: {id}",
    "rank": "rank: 9",
    "icon": "icon: warning",
    "headline": "headline: 先付钱的都别信",
    "rules": "rules:\n  - 凡是先付钱的都是诈骗",
    "steps": "steps:\n  - 一\n  - 二\n  - 三",
    "giveaways": "giveaways:\n  - 先付钱\n  - 马上退",
    "advice": "advice:\n  - 挂断电话",
    "audience": "audience: 每个人",
}
"""What a person writes where a draft asks for it."""


def drafted(folder: Path, text: str | bytes) -> Drafted:
    path = folder / "bulletin.md"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
    return draft(path, folder / "drafts")


def problems(folder: Path, text: str | bytes) -> list[str]:
    with pytest.raises(InputError) as caught:
        drafted(folder, text)
    for problem in caught.value.problems:
        assert worded(problem, "zh").sentence
        assert worded(problem, "en").hint
    assert not (folder / "drafts").exists()
    return [problem.code for problem in caught.value.problems]


def plain(node: Node) -> Any:
    """A node as our own reader sees it: nothing but texts."""
    assert not node.flaws
    if node.kind == "block":
        return {key.text: plain(value) for key, value in node.fields}
    if node.kind == "list":
        return [plain(item) for item in node.items]
    return node.text


def values(path: Path) -> dict[str, Any]:
    root = tree(path.read_text(encoding="utf-8"), path.name)
    assert root is not None
    found: dict[str, Any] = plain(root)
    return found


def completed(text: str, missing: tuple[str, ...], stand_in: str) -> str:
    """A draft with what it asks for written in, by hand as it were."""
    rows = [row for row in text.splitlines() if not row.startswith("review:")]
    lists = {"rules", "steps", "giveaways", "advice"} & set(missing)
    kept, skipping = [], False
    for row in rows:
        if row[:1].isalpha():
            skipping = row.partition(":")[0] in lists
        if not skipping:
            kept.append(row)
    kept += [COMPLETION[name].format(id=stand_in) for name in missing]
    if "sources:" not in text:
        kept.append("sources:\n  - title: 通报\n    publisher: 派出所")
    elif "    # publisher:" in text:
        kept.insert(kept.index("sources:") + 2, "    publisher: 派出所")
    return "\n".join([*kept, "review_by: 2030-01-01"]) + "\n"


# --- what is written ---


@pytest.mark.parametrize("name", ["wechat", "headings", "numbered", "notice", "plain", "hostile"])
def test_a_draft_completed_by_hand_is_a_scam_type(name: str, tmp_path: Path) -> None:
    made = draft(SAMPLES / f"{name}.md", tmp_path)
    assert made.drafts
    for one in made.drafts:
        text = one.file.read_text(encoding="utf-8")
        one.file.write_text(completed(text, one.missing, one.file.stem), encoding="utf-8")
        scam = read(one.file, Scam).value
        assert (scam.name, scam.id, scam.review) == (one.name, one.file.stem, None)


@pytest.mark.parametrize("name", ["wechat", "headings", "numbered", "notice", "plain", "hostile"])
def test_a_draft_lacks_what_it_says_and_nothing_else(name: str, tmp_path: Path) -> None:
    for one in draft(SAMPLES / f"{name}.md", tmp_path).drafts:
        with pytest.raises(InputError) as caught:
            read(one.file, Scam)
        told = {str(problem.values["field"]).partition("[")[0] for problem in caught.value.problems}
        assert told - {"review_by", "sources"} == set(one.missing)


def test_a_draft_is_held_back_from_print(tmp_path: Path) -> None:
    for one in draft(SAMPLES / "wechat.md", tmp_path).drafts:
        assert values(one.file)["review"] == "needed"


def test_the_keys_stand_as_in_the_shipped_files(tmp_path: Path) -> None:
    order = [name for name in Scam.model_fields if name != "review"]
    for one in draft(SAMPLES / "headings.md", tmp_path).drafts:
        keys = [key for key in values(one.file) if key != "review"]
        assert keys == [name for name in order if name in keys]


def test_every_value_names_its_line(tmp_path: Path) -> None:
    made = draft(SAMPLES / "headings.md", tmp_path)
    text = made.drafts[0].file.read_text(encoding="utf-8")
    assert "  - 诱导大额入金  # 第 21 行\n" in text
    assert "  happened: 2024-03-09  # 第 11 行\n" in text
    assert "  loss: 1200000  # 第 11 行：120万元\n" in text
    assert "# case:  # 第 15 行；金额 八万五千元\n#   happened: 2024-03-15" in text


def test_what_was_not_found_is_asked_for_in_a_comment(tmp_path: Path) -> None:
    (tuipiao,) = drafted(tmp_path, "## 机票退改签诈骗\n\n骗子会发来短信。").drafts
    text = tuipiao.file.read_text(encoding="utf-8")
    assert "\n# giveaways:\n#   - 没有找到，请补写（至少 2 条），写好去掉行首的 #\n" in text
    assert "\nsteps:  # 只找到 1 条，至少要 3 条，请补写\n" in text
    assert "\n# audience:  没有找到" in text
    assert "\n# review_by:  " in text


def test_what_a_list_has_no_place_for_stays_as_a_comment(tmp_path: Path) -> None:
    rules = "\n".join(f"- 凡是第{n}种的都是诈骗" for n in range(1, 31))
    (one,) = drafted(tmp_path, f"## 刷单诈骗\n{rules}").drafts
    text = one.file.read_text(encoding="utf-8")
    assert len(values(one.file)["rules"]) == 4
    assert "#  - 凡是第5种的都是诈骗  # 第 6 行；多出的" in text
    assert "# 还有 14 条没有列出" in text
    assert one.rules == 30


def test_the_headline_is_the_shortest_rule_that_fits(tmp_path: Path) -> None:
    long = "凡是" + "很" * 30 + "的都是诈骗"
    (one,) = drafted(tmp_path, f"## 刷单诈骗\n{long}。凡是垫钱刷单的都是诈骗。").drafts
    assert values(one.file)["headline"] == "凡是垫钱刷单的都是诈骗"
    assert len(values(one.file)["rules"]) == 2


def test_a_new_type_has_no_id_until_a_person_gives_it_one(tmp_path: Path) -> None:
    made = drafted(
        tmp_path,
        "## 盲盒回收诈骗\n凡是回收盲盒的都是诈骗。\n## 宠物领养骗局\n凡是要运费的都是诈骗。",
    )
    assert [file.name for file in made.files] == ["leixing1.yaml", "leixing2.yaml"]
    assert [one.name for one in made.drafts] == ["盲盒回收", "宠物领养"]
    for one in made.drafts:
        assert {"id", "icon"} <= set(one.missing)
        assert "id" not in values(one.file)


def test_a_rule_too_long_for_two_seconds_is_no_headline(tmp_path: Path) -> None:
    rule = "凡是自称客服要你共享屏幕的都是诈骗"
    assert len(rule) > MOST_HEADLINE
    (one,) = drafted(tmp_path, f"## 冒充客服诈骗\n{rule}。").drafts
    assert "headline" not in values(one.file)
    assert "headline" in one.missing


def test_a_known_type_keeps_the_bulletin_s_name_for_it(tmp_path: Path) -> None:
    text = "## 谨防冒充领导类诈骗\n骗子会加好友。\n## 当心假客服\n骗子会打电话。"
    made = drafted(tmp_path, text)
    assert [(one.file.stem, one.name) for one in made.drafts] == [
        ("shuren", "冒充领导"), ("kefu", "冒充客服")
    ]  # fmt: skip
    assert values(made.files[0])["name"] == "冒充领导"


def test_what_is_missing_is_told_in_words(tmp_path: Path) -> None:
    (one,) = drafted(tmp_path, "## 盲盒回收诈骗\n骗子会返利。").drafts
    assert one.missing_in("en") == one.missing == tuple(COMPLETION)
    zh = one.missing_in("zh")
    assert (zh[0], zh[1], zh[4]) == ("代号", "发案排名", "铁律")
    assert not any(word.isascii() for word in zh)


def test_an_undated_case_is_kept_as_a_comment(tmp_path: Path) -> None:
    (one,) = drafted(tmp_path, "## 刷单诈骗\n近日，李某刷单被骗3000元。").drafts
    text = one.file.read_text(encoding="utf-8")
    assert "case" not in values(one.file)
    assert "#   story: 近日，当事人刷单被骗3000元" in text
    assert "#   happened:  # 没有找到" in text


def test_several_sums_are_to_be_checked(tmp_path: Path) -> None:
    (one,) = drafted(tmp_path, "## 刷单诈骗\n2024年5月1日，李某先转500元，被骗3000元。").drafts
    text = one.file.read_text(encoding="utf-8")
    assert "  loss: 3000  # 第 2 行：3000元；有几个金额，请核对\n" in text


def test_a_story_is_cut_at_sentences_only(tmp_path: Path) -> None:
    text = "## 刷单诈骗\n2024年5月1日，" + "".join(f"{'甲' * 98}{n}。" for n in range(4))
    (one,) = drafted(tmp_path, f"{text}被骗3000元。").drafts
    assert values(one.file)["case"]["story"] == f"{'甲' * 98}0。{'甲' * 98}1"
    assert "太长，只取了前面几句" in one.file.read_text(encoding="utf-8")


def test_a_story_of_one_endless_sentence_is_left_to_a_person(tmp_path: Path) -> None:
    text = f"## 刷单诈骗\n2024年5月1日，{'甲' * 300}，被骗3000元。"
    (one,) = drafted(tmp_path, text).drafts
    assert "case" not in values(one.file)
    assert "#   story:  # 第 2 行；太长" in one.file.read_text(encoding="utf-8")


def test_an_entry_that_masking_made_too_long_is_left_to_a_person(tmp_path: Path) -> None:
    text = "## 刷单诈骗\n凡是" + "李某" * 195 + "都是诈骗。凡是垫钱的都是诈骗。"
    (one,) = drafted(tmp_path, text).drafts
    assert values(one.file)["rules"] == ["凡是垫钱的都是诈骗"]
    assert "#  - 凡是当事人当事人" in one.file.read_text(encoding="utf-8")


def test_the_table_of_the_terminal(tmp_path: Path) -> None:
    made = draft(SAMPLES / "wechat.md", tmp_path)
    assert [(d.name, d.rules, d.steps, d.giveaways, d.cases, d.advice) for d in made.drafts] == [
        ("冒充客服", 2, 4, 1, 0, 2),
        ("刷单返利", 0, 3, 0, 1, 1),
        ("虚假征信", 1, 3, 5, 1, 1),
        ("虚假购物", 0, 0, 0, 0, 0),
        ("共享充电宝租借", 0, 0, 0, 0, 0),
    ]
    assert made.skipped == ()


def test_lines_of_no_type_are_told(tmp_path: Path) -> None:
    text = (
        "## 刷单诈骗\n骗子会返利。\n## 冒充客服诈骗\n骗子会打电话。\n## 结语\n警方提醒：不要转账。"
    )
    assert drafted(tmp_path, text).skipped == (6,)


def test_same_bulletin_same_bytes(tmp_path: Path) -> None:
    first, second = (draft(SAMPLES / "headings.md", tmp_path / name) for name in "ab")
    assert [f.read_bytes() for f in first.files] == [f.read_bytes() for f in second.files]


# --- privacy ---


@pytest.mark.parametrize("name", ["wechat", "headings", "numbered", "notice", "plain", "hostile"])
def test_no_draft_tells_who_it_was(name: str, tmp_path: Path) -> None:
    secrets = (
        *(
            "陈某",
            "周先生",
            "张女士",
            "李某",
            "林某",
            "何某",
            "吴女士",
            "王晓明",
            "赵小丽",
            "钱大明",
            "刘建国",
            "赵晓燕",
            "王阿姨",
        ),
        *("师范", "东湖街道", "30718", "88123456", "6222020200112233445", "4471"),
        *("13900001234", "abc_12345", "https://"),
    )
    source = (SAMPLES / f"{name}.md").read_text(encoding="utf-8")
    assert any(secret in source for secret in secrets)
    for file in draft(SAMPLES / f"{name}.md", tmp_path).files:
        text = file.read_text(encoding="utf-8")
        assert [secret for secret in secrets if secret in text] == []


# --- files ---


def test_no_file_is_overwritten(tmp_path: Path) -> None:
    folder = tmp_path / "drafts"
    folder.mkdir()
    for name in ("kefu.yaml", "shuadan.yml"):
        (folder / name).write_text("mine", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        draft(SAMPLES / "wechat.md", folder)
    (problem,) = caught.value.problems
    assert problem.values == {"files": "kefu.yaml、shuadan.yml", "folder": folder.as_posix()}
    assert sorted(path.name for path in folder.iterdir()) == ["kefu.yaml", "shuadan.yml"]
    assert (folder / "kefu.yaml").read_text(encoding="utf-8") == "mine"


def test_other_files_of_the_folder_stay(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("mine", encoding="utf-8")
    draft(SAMPLES / "notice.md", tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.yaml", "shuren.yaml"]


def test_all_files_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace, calls = os.replace, iter(range(100))

    def fails_on_the_third(source: str, target: str) -> None:
        if next(calls) == 2:
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(os, "replace", fails_on_the_third)
    with pytest.raises(InputError) as caught:
        draft(SAMPLES / "wechat.md", tmp_path / "drafts")
    assert [problem.code for problem in caught.value.problems] == ["cannot-write"]
    assert list((tmp_path / "drafts").iterdir()) == []


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "drafts").write_text("", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        draft(SAMPLES / "notice.md", tmp_path / "drafts")
    assert [problem.code for problem in caught.value.problems] == ["cannot-write"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "bulletin-empty"),
        (b"\xef\xbb\xbf \r\n\t", "bulletin-empty"),
        ("## 刷单诈骗".encode("gbk"), "not-utf8"),
        ("## 刷单诈骗".encode("utf-16"), "not-utf8"),
        (b"\xff\x00\xff", "broken-utf8"),
        (b"\x00" * 100, "bulletin-without-scams"),
        (b"a" * (MOST_BYTES + 1), "bulletin-too-large"),
        (b"just words", "bulletin-without-scams"),
        (b"PK\x03\x04\x14\x00\x06\x00", "bulletin-is-a-word-file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 99, "bulletin-is-a-word-file"),
        (b"{\\rtf1\\ansi", "bulletin-is-a-word-file"),
        (b"%PDF-1.7\n", "bulletin-is-a-pdf"),
        ("提到刷单，没有下文。".encode(), "bulletin-without-scams"),
        ("\n".join(f"# 甲{chr(0x4E10 + n)}乙诈骗" for n in range(MOST_TYPES + 2)).encode(),
         "bulletin-too-many-scams"),
    ],
)  # fmt: skip
def test_files_that_are_no_bulletin(content: bytes, code: str, tmp_path: Path) -> None:
    assert problems(tmp_path, content) == [code]


@pytest.mark.parametrize(
    ("name", "code"), [("nothing.md", "file-not-found"), (".", "bulletin-is-a-folder")]
)
def test_no_file_to_read(name: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        draft(tmp_path / name, tmp_path)
    assert [problem.code for problem in caught.value.problems] == [code]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such file names")
def test_a_file_name_reaches_no_terminal_raw(tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[2Jb.pdf"
    path.write_bytes(b"%PDF-1.7\n")
    with pytest.raises(InputError) as caught:
        draft(path, tmp_path / "drafts")
    (problem,) = caught.value.problems
    assert problem.values == {"name": r"a\x1b[2Jb.pdf"}


def test_a_menu_is_no_bulletin(tmp_path: Path) -> None:
    text = (SAMPLES / "no-bulletin.md").read_text(encoding="utf-8")
    assert problems(tmp_path, text) == ["bulletin-without-scams"]


def test_no_message_breaks_off_at_a_comment() -> None:
    """YAML takes a blank and # in a plain text for a comment, in silence."""
    rows = (MESSAGES / "draft.yaml").read_text(encoding="utf-8").splitlines()
    assert [row for row in rows if re.match(r"  \w+: [^'\"#].* #", row)] == []


# --- hostile text ---

PIECES = st.sampled_from(
    (
        *("## 刷单诈骗", "**假客服来了**", "一、盲盒诈骗", "警方提醒：", "案例一：", "套路是：先"),
        *("凡是", "都是诈骗", "，", "。", "\n", "\n\n", "“", "”", "10月1日", "被骗3万元", "李某"),
        *(": ", " #", "- ", "'", '"', "{", "}", "[", "]", "&a", "*b", "!!c", "%", "@", "`", "|"),
        *("\t", "\u2028", "\x85", "\u202e", "\ufeff", "\ud800", "\x00", "\U0001f600", "<b>", "~"),
        *("null", "2020-01-01", "骗子先", "然后", "不要转账", "按发案率排序：", "、", "目标人群是"),
    )
)  # fmt: skip


def expected(text: str) -> dict[str, dict[str, Any]]:
    """What should stand in the files of a bulletin, by the name of the type."""
    written = discreet(manuscript(text))
    told = bulletin(written)
    source = origin(written, told)
    return {
        found.name: {
            "rules": [rule.text for rule in found.rules][:4],
            "advice": [advice.text for advice in found.advice][:5],
            "giveaways": [word.text for word in found.giveaways][:8],
            "steps": [step.text for step in found.steps],
        }
        for found in gists(told, source.until)
    }


@given(st.lists(PIECES, max_size=40).map("".join))
@example("## 刷单诈骗\n凡是'a: b' # c 的都是诈骗。凡是\"{x}\" 的都是诈骗。")
@example("## 刷单诈骗\n凡是\U0001f600的都是诈骗，凡是null都是诈骗")
def test_every_draft_reads_back_as_it_was_found(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    clean_text = text.encode("utf-8", "ignore").decode()
    try:
        made = drafted(tmp_path_factory.mktemp("draft"), clean_text)
    except InputError:
        return
    wanted = expected(clean_text.removeprefix("\ufeff"))
    assert [one.name for one in made.drafts] == list(wanted)
    for one in made.drafts:
        found = values(one.file)
        plainly = yaml.safe_load(one.file.read_text(encoding="utf-8"))
        assert found["name"] == one.name
        for key, texts in wanted[one.name].items():
            assert found.get(key, []) == texts
            assert len(plainly.get(key, [])) == len(texts)


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda t: t.encode("utf-8", "replace")))
def test_any_bytes_are_a_bulletin_or_a_problem(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    problems: tuple[Problem, ...] = ()
    files: tuple[Path, ...] = ()
    try:
        files = drafted(tmp_path_factory.mktemp("bytes"), content).files
    except InputError as error:
        problems = error.problems
    assert bool(files) != bool(problems)
    assert all(worded(problem, "zh").sentence for problem in problems)


LONG = 60_000


@pytest.mark.parametrize(
    "unit",
    [
        *("凡是", "![", "![a](", "[a](", "<a", "<!--", "<br>", "“", "“ab”、", "*", "**a", "#"),
        *("1", "1 ", "1元", "大学", "李某", "。", "\n", "警方提醒：", "来源：", "a@", "|", '"'),
        *("一、", "10月1日", "骗子先，", "按发案率排序：甲、", "家住", "以为由，", "&amp;", "> "),
        *(" ", "---\n", "学生曾", "马丽", "小明（", "，家住的", "李某被骗1元，"),
    ],
)  # fmt: skip
def test_a_line_without_end_ends(unit: str, tmp_path: Path) -> None:
    """Patterns that are linear read this in a blink; one that is not would take hours."""
    text = "## 刷单诈骗\n" + unit * (LONG // len(unit))
    made = drafted(tmp_path, text)
    assert [one.name for one in made.drafts] == ["网络刷单"]


def test_a_case_gets_its_year_from_the_bulletin(tmp_path: Path) -> None:
    text = "---\ndate: 2021-01-15\n---\n## 刷单诈骗\n12月30日，居民刷单被骗500元。"
    (one,) = drafted(tmp_path, text).drafts
    case = values(one.file)["case"]
    assert date.fromisoformat(case["happened"]) == date(2020, 12, 30)
    assert case["loss"] == "500"
    assert case["story"] == "居民刷单被骗500元"
