"""User agents → people and programs; the list of known crawlers, wherever it is read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path

import pytest

from stickergen.problem import MissingError, worded
from stickergen.scans import robots
from stickergen.scans.robots import LIST, PACKAGE, ROBOTS, crawlers, is_robot

PEOPLE = [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 14_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Mobile/15E148 MicroMessenger/7.0.17(0x17001126) NetType/WIFI Language/zh_CN",
    "Mozilla/5.0 (Linux; Android 10; LIO-AN00 Build/HUAWEILIO-AN00; wv) AppleWebKit/537.36 (KHTML, "
    "like Gecko) Version/4.0 Chrome/78.0.3904.62 XWEB/2692 MMWEBSDK/200901 Mobile Safari/537.36 "
    "MMWEBID/5012 MicroMessenger/7.0.19.1760(0x2700133F) Process/toolsmp WeChat/arm64 NetType/4G",
    "Mozilla/5.0 (Linux; U; Android 9; zh-CN; PBEM00) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Version/4.0 Chrome/57.0 UCBrowser/12.9.3 Mobile Safari/537.36 AlipayClient/10.2.0",
    "Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.0.0 "
    "Safari/537.36 ArkWeb/4.1.6.1 Mobile HuaweiBrowser/5.0.4.300",
    "Mozilla/5.0 (Linux; U; Android 10; zh-cn; MI 9) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Version/4.0 Chrome/79.0.3945.147 Mobile Safari/537.36 XiaoMi/MiuiBrowser/13.5.40",
    "Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36 Chrome/86.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Linux; Android 10; V1938T; wv) AppleWebKit/537.36 baiduboxapp/11.29.0.12",
    "Mozilla/5.0 (iPad; CPU OS 9_3_5 like Mac OS X) AppleWebKit/601.1.46 QRScanner/1.2",
    "UCWEB/2.0 (MIDP-2.0; U; Adr 4.0.4; zh-CN; ZTE_U795) U2/1.0.0 UCBrowser/10.7.6 Mobile",
]
PROGRAMS = [
    "",
    "-",
    "stickergen-links/0.4",
    "MicroMessenger Client",
    "Dalvik/2.1.0 (Linux; U; Android 10; MI 9)",
    "curl/7.68.0",
    "Java/1.8.0_161",
    "\x1b[31mMozilla/5.0",
    "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/120.0 Safari/537.36",
    *(f"Mozilla/5.0 (compatible; {word.title()}/1.0)" for word in ROBOTS),
]


@pytest.mark.parametrize("agent", PEOPLE)
def test_person(agent: str) -> None:
    assert not is_robot(agent)


@pytest.mark.parametrize("agent", PROGRAMS)
def test_robot(agent: str) -> None:
    assert is_robot(agent)


def test_what_the_list_knows_is_known() -> None:
    """All but what it knows by its version alone."""
    listed = json.loads(Path(str(distribution(PACKAGE).locate_file(LIST))).read_bytes())
    agents = [agent for entry in listed[::3] for agent in entry["instances"]]
    missed = [agent for agent in agents if not is_robot(agent)]
    assert len(agents) > 300
    assert len(missed) <= 2


def test_long_user_agent_is_cut() -> None:
    assert not is_robot(PEOPLE[0] + " " * 10_000_000 + "Baiduspider")


@pytest.mark.parametrize(
    "content",
    [
        None,
        b"",
        b"[]",
        b"{}",
        b"[1]",
        b'{"patterns": []}',
        b'[{"name": "x"}]',
        b'[{"pattern": 1}]',
        b'[{"pattern": "("}]',
        b'[{"pattern": "\xb0\xd9"}]',
    ],
)
def test_list_that_is_none(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "list.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(MissingError) as caught:
        crawlers(path)
    assert LIST in worded(caught.value.problem, "zh").sentence


def test_list_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(robots, "PACKAGE", "stickergen-no-such-package")
    with pytest.raises(MissingError):
        robots._installed.__wrapped__()


def test_list_is_read_whatever_the_encoding_of_the_system() -> None:
    """Chinese Windows reads files as GBK, in which the list is no text; here it is ASCII."""
    script = (
        "import locale; from stickergen.scans.robots import is_robot;"
        "print(locale.getencoding(), is_robot('Mozilla/5.0 bingbot/2.0'), is_robot('Mozilla/5.0'))"
    )
    system = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C"}
    strict = ["-X", "warn_default_encoding", "-W", "error::EncodingWarning"]
    ran = subprocess.run(
        [sys.executable, *strict, "-c", script],
        env=os.environ | system,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert ran.stderr == ""
    encoding, *told = ran.stdout.split()
    assert encoding.lower() not in ("utf-8", "utf8")
    assert told == ["True", "False"]
