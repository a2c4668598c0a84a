"""The command line: exit codes, languages, lists, schemas, new folders, and no traceback ever.

Most commands run in this process; those where the surroundings matter run in one of their own.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import SMALL, campaign_folder

from stickergen import __version__
from stickergen.__main__ import (
    BAD_INPUT,
    DONE,
    INTERRUPTED,
    KINDS,
    MISSING,
    SCHEMAS,
    WRONG_USAGE,
    run,
)
from stickergen.shipped import CONTENT

ROOT = Path(__file__).parent.parent
STICKERS_ONLY = {**SMALL, "flyers": []}
HAN = re.compile(r"[\u4e00-\u9fff]")

Captured = pytest.CaptureFixture[str]


def process(
    *arguments: str, home: Path = ROOT, cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """The command line as a program of its own; locale variables come from the test alone."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "PYTHON"))}
    return subprocess.run(
        [sys.executable, "-m", "stickergen", *arguments],
        cwd=cwd,
        env={**inherited, "PYTHONPATH": str(home), **environment},
        capture_output=True,
        check=False,
    )


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    """The folder of a small campaign of stickers."""
    return campaign_folder(tmp_path / "campaign", STICKERS_ONLY)


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_US.UTF-8")


# --- exit codes ---


def test_done(campaign: Path, capsys: Captured) -> None:
    assert run(["check", str(campaign)]) == DONE == 0
    assert run(["build", str(campaign), "-o", str(campaign / "made")]) == DONE
    told = capsys.readouterr().out
    assert "stickers.pdf" in told
    assert "306" in told
    assert "https://hs.example.com" in told
    assert "A SAMPLE!" in told


def test_problems_in_the_input(tmp_path: Path, capsys: Captured) -> None:
    bad = campaign_folder(tmp_path, {**STICKERS_ONLY, "stickers.count": -5, "press": "ofice"})
    assert run(["build", str(bad), "-o", str(tmp_path / "output")]) == BAD_INPUT == 1
    assert run(["check", str(bad)]) == BAD_INPUT
    assert not (tmp_path / "output").exists()
    assert "-5" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["bulid"],
        ["build", "--skip", "-1"],
        ["build", "--skip", "many"],
        ["build", "--only", "posters"],
        ["build", "one", "two"],
        ["build", "--no-such"],
        ["check"],
        ["list"],
        ["list", "presses", "more"],
        ["new"],
        ["schema", "slip"],
        ["--lang", "fr", "list", "scams"],
    ],
    ids=" ".join,
)
def test_wrong_usage(arguments: list[str], capsys: Captured) -> None:
    assert run(arguments) == WRONG_USAGE == 2
    told = capsys.readouterr()
    assert "--help" in told.err
    assert told.out == ""


def test_an_interruption_is_told_by_the_exit_code(
    campaign: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*arguments: Any, **options: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("stickergen.build.build", interrupted)
    assert run(["build", str(campaign), "-o", str(campaign / "made")]) == INTERRUPTED


# --- languages ---


@pytest.mark.parametrize(
    ("arguments", "environment", "chinese"),
    [
        (["check", "nothing"], {"LANG": "zh_CN.UTF-8"}, True),
        (["check", "nothing"], {"LANG": "en_US.UTF-8"}, False),
        (["check", "nothing"], {"LANG": "C"}, False),
        (["check", "nothing"], {"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, True),
        (["check", "nothing"], {"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "de_DE.UTF-8"}, False),
        (["--lang", "zh", "check", "nothing"], {"LANG": "C"}, True),
        (["check", "--lang=zh", "nothing"], {"LANG": "C"}, True),
        (["check", "nothing", "--lang", "en"], {"LANG": "zh_CN.UTF-8"}, False),
        (["--help"], {"LANG": "zh_CN.UTF-8"}, True),
        (["--help", "--lang", "en"], {"LANG": "zh_CN.UTF-8"}, False),
        (["build", "--help"], {"LANG": "zh_TW.UTF-8"}, True),
    ],
)
def test_the_language_is_asked_for_or_of_the_locale(
    arguments: list[str],
    environment: dict[str, str],
    chinese: bool,
    capsys: Captured,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    run(arguments)
    told = capsys.readouterr()
    assert told.out + told.err
    assert bool(HAN.search(told.out + told.err)) == chinese


def test_words_are_utf8_in_any_locale(tmp_path: Path) -> None:
    result = process(
        "list", "scams", cwd=tmp_path, LANG="C", LC_ALL="C", PYTHONIOENCODING="gbk", PYTHONUTF8="0"
    )
    assert result.returncode == DONE
    assert "冒充客服" in result.stdout.decode("utf-8")


# --- what is said, and what is not ---


def test_away_from_a_terminal_there_is_no_progress(campaign: Path) -> None:
    result = process("build", str(campaign), "-o", "made", cwd=campaign, LANG="zh_CN.UTF-8")
    assert result.returncode == DONE
    assert result.stderr == b""
    assert not set(result.stdout) & set(b"\r\x1b\x08")
    told = result.stdout.decode("utf-8")
    assert "样张！" in told
    assert "ticket.pdf" in told


def test_help_answers_without_loading_what_makes_pdfs() -> None:
    code = (
        "import sys; from stickergen.__main__ import run; run(['--help']); "
        "print(sorted({name.split('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "'click'" in result.stderr
    for heavy in ("reportlab", "pydantic", "pikepdf", "pypdfium2", "fontTools", "rich", "PIL"):
        assert f"'{heavy}'" not in result.stderr


def test_the_version_is_told(capsys: Captured) -> None:
    assert run(["--version"]) == DONE
    assert __version__ in capsys.readouterr().out
    assert re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", __version__)


def test_a_problem_is_told_with_its_place_and_a_hint(tmp_path: Path, capsys: Captured) -> None:
    folder = campaign_folder(tmp_path / "campaign", STICKERS_ONLY)
    file = folder / "campaign.yaml"
    lines = file.read_text(encoding="utf-8").splitlines()
    line = next(n for n, text in enumerate(lines, 1) if text.startswith("title:"))
    lines[line - 1] = lines[line - 1].replace("title:", "titel:")
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    assert run(["--lang", "zh", "check", str(folder)]) == BAD_INPUT
    told = capsys.readouterr()
    assert told.out == ""
    assert f"campaign.yaml:{line}:1" in told.err
    assert "titel" in told.err
    assert "title" in told.err.replace("titel", "")
    assert "怎么办：" in told.err
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    "command", [["build", "{}", "-o", "{}-made"], ["check", "{}"]], ids=["build", "check"]
)
@pytest.mark.parametrize("what", ["nothing there", "empty folder", "binary", "text", "long name"])
def test_odd_paths_are_problems_not_tracebacks(
    what: str, command: list[str], tmp_path: Path, capsys: Captured
) -> None:
    path = tmp_path / ("x" * 300 if what == "long name" else "odd")
    if what == "empty folder":
        path.mkdir()
    elif what == "binary":
        path.write_bytes(bytes(range(256)) * 8)
    elif what == "text":
        path.write_text("你好", encoding="utf-8")
    assert run([word.format(path) for word in command]) == BAD_INPUT
    told = capsys.readouterr().err
    assert "Traceback" not in told
    assert "What to do: " in told
    assert not list(tmp_path.glob("*-made"))


@pytest.mark.parametrize("below", ["", "below"])
def test_an_output_that_is_a_file_is_a_problem(
    below: str, campaign: Path, capsys: Captured
) -> None:
    place = campaign / "taken"
    place.write_text("mine", encoding="utf-8")
    assert run(["build", str(campaign), "-o", str(place / below)]) == BAD_INPUT
    assert "What to do: " in capsys.readouterr().err
    assert place.read_text(encoding="utf-8") == "mine"


def test_an_output_that_may_not_be_written_is_a_problem(
    campaign: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*arguments: Any, **options: Any) -> str:
        raise PermissionError(13, "Permission denied", str(campaign / "made"))

    monkeypatch.setattr("tempfile.mkdtemp", refused)
    assert run(["build", str(campaign), "-o", str(campaign / "made")]) == BAD_INPUT
    assert "Permission denied" in capsys.readouterr().err


# --- lists ---


@pytest.mark.parametrize("kind", KINDS)
def test_lists_name_every_file(kind: str, capsys: Captured) -> None:
    assert run(["list", kind, "--json"]) == DONE
    rows = json.loads(capsys.readouterr().out)
    furniture = {
        "slip-a4",
        "ticket-a4",
        "order-a4",
        "packing-a4",
        "pages-a4",
        "scans-a4",
        "card-120x63",
    }
    files = {path.stem for path in (CONTENT / kind).glob("*.yaml")}
    assert {row["id"] for row in rows} == files - furniture
    assert all({"id", "name"} < row.keys() for row in rows)
    assert run(["list", kind]) == DONE
    told = capsys.readouterr().out
    assert all(row["id"] in told for row in rows)


def test_a_campaign_lists_its_own_parts(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = campaign_folder(tmp_path, STICKERS_ONLY)
    (folder / "stocks").mkdir()
    own = (CONTENT / "stocks" / "a4.yaml").read_text(encoding="utf-8").replace("id: a4", "id: mine")
    (folder / "stocks" / "mine.yaml").write_text(own, encoding="utf-8")
    monkeypatch.chdir(folder)
    assert run(["list", "stocks", "--json"]) == DONE
    ids = [row["id"] for row in json.loads(capsys.readouterr().out)]
    assert {"mine", "a4"} <= set(ids)


# --- new ---


def test_a_new_folder_checks_builds_and_is_complete(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["new", "ours"]) == DONE
    folder = tmp_path / "ours"
    assert list(tmp_path.iterdir()) == [folder]
    assert {path.stem for path in folder.glob("schema/*.json")} == set(SCHEMAS)
    for path in folder.rglob("*.yaml"):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        found = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
        assert found, path
        assert (path.parent / found[1]).is_file()
    assert run(["check", "ours"]) == DONE
    assert run(["build", "ours", "-o", "made"]) == DONE
    assert (tmp_path / "made" / "stickers.pdf").is_file()
    assert "ours/campaign.yaml" in capsys.readouterr().out


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    assert run(["new", str(tmp_path)]) == BAD_INPUT
    assert run(["new", str(tmp_path / "mine.txt")]) == BAD_INPUT
    assert run(["new", str(tmp_path / "mine.txt" / "below")]) == BAD_INPUT
    assert "What to do: " in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    (tmp_path / "empty").mkdir()
    assert run(["new", str(tmp_path / "empty")]) == DONE


# --- schema ---


def faults(schema: dict[str, Any], value: Any, root: dict[str, Any], at: str = "") -> list[str]:
    """What a validator of JSON Schema 2020-12 finds, for the words that our schemas use."""
    rest, found = dict(schema), []
    for word in ("$schema", "$defs", "title", "description", "default"):
        rest.pop(word, None)
    if (reference := rest.pop("$ref", None)) is not None:
        found += faults(root["$defs"][reference.removeprefix("#/$defs/")], value, root, at)
    if (several := rest.pop("anyOf", None)) is not None:
        tried = [faults(one, value, root, at) for one in several]
        if all(tried):
            fewest = min(tried, key=len)
            found += fewest
    if (name := rest.pop("type", None)) is not None and not TYPES[name](value):
        return [*found, f"{at}: {value!r} is not of type {name}"]
    limits = {word: rest.pop(word) for word in LIMITS.keys() & rest.keys()}
    found += [
        f"{at}: {value!r} against {word} {limit}"
        for word, limit in limits.items()
        if not LIMITS[word](value, limit)
    ]
    properties, patterns = rest.pop("properties", {}), rest.pop("patternProperties", {})
    others = rest.pop("additionalProperties", True)
    if isinstance(value, dict):
        for key, one in value.items():
            schemas = [properties[key]] if key in properties else []
            schemas += [own for pattern, own in patterns.items() if re.search(pattern, key)]
            if not schemas and others is False:
                found.append(f"{at}: {key} is unknown")
            for own in schemas or ([others] if isinstance(others, dict) else []):
                found += faults(own, one, root, f"{at}/{key}")
    first, items = rest.pop("prefixItems", []), rest.pop("items", True)
    if isinstance(value, list):
        for number, one in enumerate(value):
            own = first[number] if number < len(first) else items
            if isinstance(own, dict):
                found += faults(own, one, root, f"{at}/{number}")
    assert rest == {}, f"words that this test does not know: {rest}"
    return found


TYPES: dict[str, Any] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
}
FORMATS = {
    "date": r"\d{4}-\d\d-\d\d",
    "date-time": r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)",
}
"""RFC 3339, 5.6, as editors check it."""
LIMITS: dict[str, Any] = {
    "required": lambda value, names: not isinstance(value, dict) or set(names) <= value.keys(),
    "enum": lambda value, allowed: value in allowed,
    "const": lambda value, wanted: value == wanted,
    "pattern": lambda value, text: not isinstance(value, str) or re.search(text, value),
    "format": lambda value, name: re.fullmatch(FORMATS[name], value),
    "minLength": lambda value, limit: not isinstance(value, str) or len(value) >= limit,
    "maxLength": lambda value, limit: not isinstance(value, str) or len(value) <= limit,
    "minItems": lambda value, limit: not isinstance(value, list) or len(value) >= limit,
    "maxItems": lambda value, limit: not isinstance(value, list) or len(value) <= limit,
    "minimum": lambda value, limit: value >= limit,
    "maximum": lambda value, limit: value <= limit,
    "exclusiveMinimum": lambda value, limit: value > limit,
    "exclusiveMaximum": lambda value, limit: value < limit,
}


def schema_of(kind: str, capsys: Captured) -> dict[str, Any]:
    assert run(["schema", kind]) == DONE
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def loaded(path: Path) -> Any:
    """A YAML file as an editor's checker sees it: dates are strings."""
    return json.loads(json.dumps(yaml.safe_load(path.read_text(encoding="utf-8")), default=str))


@pytest.mark.parametrize("kind", SCHEMAS)
def test_shipped_files_satisfy_their_schema(kind: str, capsys: Captured) -> None:
    schema = schema_of(kind, capsys)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    folder = {"press": "presses"}.get(kind, f"{kind}s")
    files = sorted((CONTENT / folder).glob("*.yaml"))
    files += [CONTENT / "website.yaml"] if kind == "website" else []
    files += [CONTENT / "starter" / "campaign.yaml"] if kind == "campaign" else []
    assert files
    for path in files:
        value = loaded(path)
        assert faults(schema, value, schema) == [], path.name
        assert faults(schema, {**value, "titel": "x"}, schema) != []
        first = next(iter(value))
        assert faults(schema, {**value, first: 7}, schema) != []
        assert faults(schema, {k: v for k, v in value.items() if k != first}, schema) != []


def test_without_a_kind_it_is_the_schema_of_a_campaign(capsys: Captured) -> None:
    assert run(["schema"]) == DONE
    assert json.loads(capsys.readouterr().out) == schema_of("campaign", capsys)


# --- installed ---


def installed(place: Path, *, whole: bool) -> Path:
    """The package as a wheel lays it out; without what it ships if not `whole`."""
    shutil.copytree(
        ROOT / "stickergen", place / "stickergen", ignore=shutil.ignore_patterns("__pycache__")
    )
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for source, target in project["tool"]["hatch"]["build"]["targets"]["wheel"][
        "force-include"
    ].items():
        assert (ROOT / source).exists(), source
        if whole:
            shutil.copytree(ROOT / source, place / target)
    return place


def test_an_installed_package_works_outside_the_checkout(tmp_path: Path) -> None:
    home = installed(tmp_path / "site", whole=True)
    (tmp_path / "work").mkdir()
    result = process("check", "hongshan-2020", home=home, cwd=tmp_path / "work", LANG="C")
    assert (result.returncode, result.stderr.decode()) == (DONE, "No problems.\n")


def test_an_installation_without_its_content_says_so(tmp_path: Path) -> None:
    home = installed(tmp_path / "site", whole=False)
    result = process("build", home=home, cwd=tmp_path, LANG="C")
    assert result.returncode == MISSING == 3
    told = result.stderr.decode()
    assert "Traceback" not in told
    assert "pip install" in told
