"""The commands around the full warnings as an officer types them: site, serve, links, scans, draft.

Servers are on the loopback address alone.
"""

from __future__ import annotations

import csv
import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pikepdf
import pytest
from conftest import OWN_HOST, SMALL, campaign_folder
from PIL import Image

from stickergen.__main__ import BAD_INPUT, DONE, MISSING, WRONG_USAGE, run
from stickergen.scans import robots
from stickergen.serving import serving
from stickergen.shipped import CONTENT
from stickergen.website.server import LocalServer

PHONE = "Mozilla/5.0 (Linux; Android 10; HMA-AL00) AppleWebKit/537.36 MicroMessenger/7.0.20"

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    return campaign_folder(tmp_path / "campaign", SMALL | OWN_HOST)


@pytest.fixture
def server(campaign: Path) -> Iterator[LocalServer]:
    with serving(campaign / "campaign.yaml", 0, lambda problems: None) as opened:
        yield opened


# --- site ---


def test_the_demonstration_s_site_is_a_sample(tmp_path: Path, capsys: Captured) -> None:
    assert run(["site", "-o", str(tmp_path / "site"), "--lang", "zh"]) == DONE
    said = capsys.readouterr().out
    assert "88 页" in said
    assert "样张" in said
    assert (tmp_path / "site/kefu/d06" / "index.html").is_file()


def test_a_site_of_one_s_own_is_none(campaign: Path, tmp_path: Path, capsys: Captured) -> None:
    assert run(["site", str(campaign), "-o", str(tmp_path / "site"), "--lang", "en"]) == DONE
    said = capsys.readouterr().out
    assert "SAMPLE" not in said
    assert "https://fz.hongshan.gov.cn/" in said
    assert run(["site", str(campaign), "-o", str(tmp_path / "site"), "--lang", "en"]) == DONE


def test_pages_of_before_are_told(campaign: Path, tmp_path: Path, capsys: Captured) -> None:
    site = tmp_path / "site"
    run(["site", "-o", str(site)])
    capsys.readouterr()
    assert run(["site", str(campaign), "-o", str(site), "--lang", "en"]) == DONE
    assert "70 pages of earlier campaigns" in capsys.readouterr().out


def test_faults_are_told_and_nothing_is_written(tmp_path: Path, capsys: Captured) -> None:
    folder = campaign_folder(tmp_path / "campaign", {"link.base": "https://t.cn/x"})
    assert run(["site", str(folder), "-o", str(tmp_path / "site")]) == BAD_INPUT
    assert "campaign.yaml:" in capsys.readouterr().err
    assert not (tmp_path / "site").exists()


def test_paper_and_pages_do_not_mix(campaign: Path, tmp_path: Path, capsys: Captured) -> None:
    site, paper = tmp_path / "site", tmp_path / "paper"
    assert run(["site", str(campaign), "-o", str(site)]) == DONE
    assert run(["build", str(campaign), "-o", str(site), "--only", "flyers"]) == BAD_INPUT
    assert not (site / "manifest.json").exists()
    assert run(["build", str(campaign), "-o", str(paper), "--only", "flyers"]) == DONE
    assert run(["site", str(campaign), "-o", str(paper), "--lang", "zh"]) == BAD_INPUT
    assert "要打印的文件" in capsys.readouterr().err
    assert not (paper / "index.html").exists()


def test_a_campaign_is_not_missed(
    campaign: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.chdir(campaign.parent)
    assert run(["site", "campain", "--lang", "en"]) == BAD_INPUT
    assert "Did you mean campaign?" in capsys.readouterr().err
    monkeypatch.chdir(campaign)
    assert run(["site", "--lang", "en"]) == BAD_INPUT
    assert "Write a full stop" in capsys.readouterr().err
    assert run(["site", "campaign", "--lang", "en"]) == BAD_INPUT
    assert "cd .." in capsys.readouterr().err
    assert run(["site", ".", "-o", "site"]) == DONE


def test_check_looks_at_the_words_of_the_pages(campaign: Path, capsys: Captured) -> None:
    (campaign / "website.yaml").write_text("question: 有吗？\n", encoding="utf-8")
    assert run(["check", str(campaign / "website.yaml"), "--lang", "en"]) == BAD_INPUT
    assert "website.yaml:" in capsys.readouterr().err
    assert run(["check", str(campaign), "--lang", "en"]) == BAD_INPUT
    assert '"paid" is missing' in capsys.readouterr().err


# --- serve ---


def test_serve_shows_the_pages_and_ends_with_an_interruption(campaign: Path) -> None:
    command = [sys.executable, "-m", "stickergen", "serve", str(campaign), "--port", "0"]
    flags = {"env": os.environ | {"PYTHONUNBUFFERED": "1"}, "text": True, "encoding": "utf-8"}
    with subprocess.Popen([*command, "--lang", "en"], stdout=subprocess.PIPE, **flags) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[-1]
        with urlopen(f"{url}kefu", timeout=10) as answer:
            assert "冒充客服" in answer.read().decode()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == DONE


# --- links ---


def test_links_are_tried_at_another_server(
    campaign: Path, server: LocalServer, capsys: Captured
) -> None:
    assert run(["links", str(campaign), "--at", server.origin, "--lang", "en"]) == DONE
    said = capsys.readouterr().out
    assert "https://fz.hongshan.gov.cn/kefu/j01" in said
    assert "All 16 addresses open" in said
    assert "have not been tried yet" in said


def test_a_page_that_is_not_there_stops_the_order(
    campaign: Path, server: LocalServer, tmp_path: Path, capsys: Captured
) -> None:
    more = [*SMALL["stickers.points"], {"id": "x9", "name": "新投放点"}]
    later = campaign_folder(tmp_path / "later", SMALL | OWN_HOST | {"stickers.points": more})
    assert run(["links", str(later), "--at", server.origin, "--lang", "zh"]) == BAD_INPUT
    captured = capsys.readouterr()
    assert "21 个网址里有 5 个不行" in captured.err
    assert "kefu/x9" in captured.err
    assert captured.out.count("打不开") == 5


def test_a_sample_has_no_links(capsys: Captured) -> None:
    assert run(["links", "--lang", "en"]) == BAD_INPUT
    assert "hongshan-2020.yaml:" in capsys.readouterr().err


# --- scans ---


def line(path: str, clock: str, visitor: int, agent: str = PHONE) -> str:
    stamp = f"20/Nov/2020:{clock} +0800"
    return f'10.0.0.{visitor} - - [{stamp}] "GET {path} HTTP/1.1" 200 25000 "-" "{agent}"\n'


def test_scans_are_counted_into_a_table_a_page_and_a_picture(
    campaign: Path, tmp_path: Path, capsys: Captured
) -> None:
    log = tmp_path / "access.log"
    log.write_text(
        line("/kefu/j01", "10:00:00", 1)
        + line("/kefu/j01", "10:00:05", 1)
        + line("/kefu/j01", "11:00:00", 2)
        + line("/shuadan/d01", "12:00:00", 3)
        + line("/shuadan/d01", "12:00:01", 4, "Googlebot/2.1")
        + line("/wp-login.php", "12:00:02", 5),
        encoding="utf-8",
    )
    out = tmp_path / "scans"
    command = ["scans", str(log), "--campaign", str(campaign), "-o", str(out), "--lang", "en"]
    assert run(command) == DONE
    said = capsys.readouterr().out
    assert "3 scans, 2020-11-20 to 2020-11-20." in said
    assert "programs 1" in said
    assert {path.name for path in out.iterdir()} == {"scans.csv", "scans.pdf", "scans.png"}
    rows = list(csv.DictReader(io.StringIO((out / "scans.csv").read_text("utf-8-sig"))))
    assert [(row["scam"], row["point"], row["scans"]) for row in rows] == [
        ("kefu", "j01", "2"),
        ("shuadan", "d01", "1"),
    ]
    with pikepdf.open(out / "scans.pdf") as pdf:
        assert len(pdf.pages) == 1
    with Image.open(out / "scans.png") as picture:
        assert picture.width > 1000
    first = {path.name: path.read_bytes() for path in out.iterdir()}
    assert run(command) == DONE
    assert {path.name: path.read_bytes() for path in out.iterdir()} == first


def test_no_scans_are_told_with_the_reasons(
    campaign: Path, tmp_path: Path, capsys: Captured
) -> None:
    log = tmp_path / "access.log"
    log.write_text(line("/other", "10:00:00", 1), encoding="utf-8")
    command = ["scans", str(log), "--campaign", str(campaign), "-o", str(tmp_path), "--lang", "zh"]
    assert run(command) == DONE
    said = capsys.readouterr().out
    assert "没有这个活动的扫码" in said
    assert "不是本活动的网址 1" in said
    assert "user agent" not in said


def test_a_star_that_the_command_prompt_of_windows_leaves_is_looked_up(
    campaign: Path, tmp_path: Path, capsys: Captured
) -> None:
    for number, name in enumerate(("access.log", "access.log.1", "error.log")):
        (tmp_path / name).write_text(line("/kefu", "10:00:00", number), encoding="utf-8")
    command = ["--campaign", str(campaign), "-o", str(tmp_path / "scans"), "--lang", "en"]
    star = str(tmp_path / "access.log*")
    assert run(["scans", star, str(tmp_path / "access.log"), *command]) == DONE
    assert "2 scans," in capsys.readouterr().out
    assert run(["scans", str(tmp_path / "none*"), *command]) == BAD_INPUT
    assert "none*" in capsys.readouterr().err


def test_a_name_with_brackets_is_a_name(campaign: Path, tmp_path: Path, capsys: Captured) -> None:
    for number, name in enumerate(("a[1].log", "a1.log")):
        (tmp_path / name).write_text(line("/kefu", f"1{number}:00:00", 1), encoding="utf-8")
    command = ["scans", str(tmp_path / "a[1].log"), "--campaign", str(campaign), "--lang", "en"]
    assert run([*command, "-o", str(tmp_path / "scans")]) == DONE
    assert "1 scans," in capsys.readouterr().out


def test_a_campaign_that_is_over_is_counted(
    campaign: Path, tmp_path: Path, capsys: Captured
) -> None:
    """Of its scam types one is out of date, and of another a new draft lies in its folder."""
    (campaign / "scams").mkdir()
    for name, text, new in (
        ("kefu.yaml", "review_by: 2021-11-13", "review_by: 2020-01-01"),
        ("gouwu.yaml", "review_by: 2021-11-13", "review_by: 2021-11-13\nreview: needed"),
    ):
        scam = (CONTENT / "scams" / name).read_text(encoding="utf-8")
        assert text in scam
        (campaign / "scams" / name).write_text(scam.replace(text, new), encoding="utf-8")
    log = tmp_path / "access.log"
    log.write_text(line("/kefu/j01", "10:00:00", 1), encoding="utf-8")
    command = ["scans", str(log), "--campaign", str(campaign), "-o", str(tmp_path / "scans")]
    assert run(["site", str(campaign), "-o", str(tmp_path / "site")]) == BAD_INPUT
    assert run([*command, "--lang", "en"]) == DONE
    assert "1 scans," in capsys.readouterr().out


def test_a_log_without_user_agents_is_told(
    campaign: Path, tmp_path: Path, capsys: Captured
) -> None:
    log = tmp_path / "access.log"
    log.write_text(line("/kefu", "10:00:00", 1).rsplit(' "', 2)[0], encoding="utf-8")
    command = ["scans", str(log), "--campaign", str(campaign), "-o", str(tmp_path / "scans")]
    assert run([*command, "--lang", "zh"]) == DONE
    assert "有 1 次扫码，日志没有记下浏览器" in capsys.readouterr().out


def test_the_list_of_crawlers_is_missed(
    campaign: Path, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> None:
        robots.crawlers(tmp_path / "none.json")

    monkeypatch.setattr(robots, "_installed", missing)
    log, out = tmp_path / "access.log", tmp_path / "scans"
    log.write_text(line("/kefu", "10:00:00", 1, "Mozilla/5.0 (unheard of)"), encoding="utf-8")
    assert run(["scans", str(log), "--campaign", str(campaign), "-o", str(out)]) == MISSING
    assert "pip install --force-reinstall crawler-user-agents" in capsys.readouterr().err
    assert not out.exists()


def test_what_is_no_log_is_told_and_nothing_is_written(
    campaign: Path, tmp_path: Path, capsys: Captured
) -> None:
    out = tmp_path / "scans"
    wrong = [str(campaign / "campaign.yaml"), str(tmp_path / "none.log")]
    assert run(["scans", *wrong, "--campaign", str(campaign), "-o", str(out)]) == BAD_INPUT
    said = capsys.readouterr().err
    assert "campaign.yaml" in said
    assert "none.log" in said
    assert not out.exists()
    assert run(["scans", "x.log"]) == WRONG_USAGE


# --- draft ---

BULLETIN = """# 当心“快递理赔”

来源：某地反诈中心

## 冒充客服退款

凡是自称客服叫你下载会议软件的都是诈骗。

警方提醒：退款只在购物平台里办，不点陌生链接。
"""


def test_a_draft_is_written_and_cannot_be_printed(
    campaign: Path, tmp_path: Path, capsys: Captured
) -> None:
    bulletin = tmp_path / "bulletin.md"
    bulletin.write_text(BULLETIN, encoding="utf-8")
    scams = campaign / "scams"
    assert run(["draft", str(bulletin), "-o", str(scams), "--lang", "en"]) == DONE
    said = capsys.readouterr().out
    assert "kefu.yaml" in said
    assert "giveaways" in said
    text = (scams / "kefu.yaml").read_text(encoding="utf-8")
    assert "凡是自称客服叫你下载会议软件的都是诈骗  # 第 7 行" in text
    assert run(["build", str(campaign), "-o", str(tmp_path / "output")]) == BAD_INPUT
    assert not (tmp_path / "output").exists()
    assert run(["check", str(scams), "--lang", "en"]) == BAD_INPUT
    told = capsys.readouterr().err
    assert '"giveaways" is missing' in told
    assert '"link" is missing' not in told
    assert run(["draft", str(bulletin), "-o", str(scams), "--lang", "en"]) == BAD_INPUT
    assert "kefu" in capsys.readouterr().err
