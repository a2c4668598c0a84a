"""The manuals leave nothing out: each key, filter, command, option and exit code is told."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from stickergen import __main__ as command_line
from stickergen.artwork.fields import FILTERS
from stickergen.artwork.template import BoxSpec, RuleSpec, StyleSpec, TallySpec, Template
from stickergen.content.model import Model

ROOT = Path(__file__).parent.parent
TEMPLATES = ROOT / "docs/templates.md"
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")

KEYS = sorted(
    {(model, name) for model in (Template, StyleSpec, BoxSpec, TallySpec, RuleSpec)
     for name in model.model_fields},
    key=lambda pair: (pair[0].__name__, pair[1]),
)  # fmt: skip

EXIT_CODES = {
    name: getattr(command_line, name) for name in ("DONE", "BAD_INPUT", "WRONG_USAGE", "MISSING")
}


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def code_words(page: str) -> set[str]:
    """The first word of each piece of code in a page: of `corner: 2` it is `corner`."""
    outside = re.sub(r"^```.*?^```", "", page, flags=re.MULTILINE | re.DOTALL)
    return set(re.findall(r"`[{|\s-]*([A-Za-z_]+)", outside))


@pytest.mark.parametrize(
    ("model", "key"), KEYS, ids=[f"{model.__name__}.{key}" for model, key in KEYS]
)
def test_every_key_of_a_template_is_in_the_manual(model: type[Model], key: str) -> None:
    assert key in code_words(text(TEMPLATES))


@pytest.mark.parametrize("name", FILTERS)
def test_every_filter_is_in_the_manual(name: str) -> None:
    page = text(TEMPLATES)
    assert f"|{name}" in page.replace(" ", "").replace("\\", "") or name in code_words(page)


@pytest.mark.parametrize("name", ["number", "item"])
def test_the_names_inside_a_repeat_are_in_the_manual(name: str) -> None:
    assert f"{{{name}}}" in text(TEMPLATES)


@pytest.mark.parametrize("path", READMES, ids=lambda path: path.name)
def test_every_exit_code_is_in_the_readme(path: Path) -> None:
    page = text(path)
    where = re.search(r"exit code|退出码", page, re.IGNORECASE)
    assert where, "no word on exit codes"
    assert sorted(EXIT_CODES.values()) == list(range(len(EXIT_CODES)))
    # A list, a table or a sentence: the number as a word of its own after the words on exit codes.
    told = set(re.findall(r"(?<![\w.])([0-9])(?![\w.%])", page[where.start() :]))
    assert {str(code) for code in EXIT_CODES.values()} <= told


@pytest.mark.parametrize("path", READMES, ids=lambda path: path.name)
def test_every_command_is_in_the_readme(path: Path) -> None:
    page = text(path)
    commands = command_line.commands("en").commands
    assert set(commands) == {"build", "check", "list", "new", "schema"}
    missing = [name for name in commands if f"stickergen {name}" not in page]
    assert missing == []


@pytest.mark.parametrize("path", READMES, ids=lambda path: path.name)
def test_every_option_of_build_is_in_the_readme(path: Path) -> None:
    page = text(path)
    build = command_line.commands("en").commands["build"]
    options = [p.opts[-1] for p in build.params if isinstance(p, click.Option)]
    assert "--expand" in options
    assert [option for option in options if option not in page] == []


@pytest.mark.parametrize("path", [*READMES, TEMPLATES], ids=lambda path: path.name)
def test_links_between_pages_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)", text(path)):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (path.parent / target).exists(), target
