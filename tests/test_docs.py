"""The manuals leave nothing out: keys, filters, commands, options, exit codes, presses, checks."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from stickergen import __main__ as command_line
from stickergen.artwork.fields import FILTERS
from stickergen.artwork.template import (
    BarSpec,
    BoxSpec,
    RuleSpec,
    StyleSpec,
    TallySpec,
    Template,
)
from stickergen.content.model import Model, Printing
from stickergen.content.source import read
from stickergen.delivery import MANIFEST
from stickergen.library import Library
from stickergen.measure import Size
from stickergen.press.placement import place
from stickergen.press.profile import Press
from stickergen.press.stock import Stock, StockFile
from stickergen.problem import Place
from stickergen.proof.expected import Standard
from stickergen.proof.prove import (
    CODE_CHECKS,
    CODES_CLAUSE,
    FILE_CLAUSE,
    HARD_RUN_CHECKS,
    PLATE_CHECKS,
)
from stickergen.proof.report import book
from stickergen.proof.rules import EVERY, PDF_X, RULES, coverage, cutting, shop
from stickergen.proofing import CODES, REPORT, SERIAL_CHECKS

ROOT = Path(__file__).parent.parent
TEMPLATES = ROOT / "docs/templates.md"
PRINTING = ROOT / "docs/printing.md"
CHECKS = ROOT / "docs/checks.md"
CALIBRATE = ROOT / "docs/calibrate.md"
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")

KEYS = sorted(
    {(model, name) for model in (Template, StyleSpec, BoxSpec, TallySpec, BarSpec, RuleSpec)
     for name in model.model_fields},
    key=lambda pair: (pair[0].__name__, pair[1]),
)  # fmt: skip

EXIT_CODES = {
    name: getattr(command_line, name) for name in ("DONE", "BAD_INPUT", "WRONG_USAGE", "MISSING")
}

COMMANDS = command_line.commands("en").commands

FILE_CHECKS = (
    "not-a-pdf",
    "locked",
    "no-pages",
    "file-missing",
    "file-changed",
    *SERIAL_CHECKS,
)
"""What is found before a file is opened; the rule list has no part in it."""

STANDARDS: dict[Standard, str] = {
    "pdf-x-1a": "X-1a",
    "pdf-x-3": "X-3",
    "pdf-x-4": "X-4",
    "plain": "普通",
}


LIMITS: dict[str, tuple[float, ...]] = {
    "thin-line": (shop.LEAST_LINE,),
    "small-text": (shop.LEAST_TEXT_PT,),
    "thin-white-text": (shop.LEAST_LIGHT_BOLD_PT, shop.LEAST_LIGHT_PT),
    "small-coloured-text": (shop.LEAST_COLOURED_PT,),
    "black-text-knocks-out": (shop.SMALL_BLACK_PT,),
    "picture-resolution": (shop.LEAST_PPI, shop.LOW_PPI, shop.OWN_PPI),
    "bitmap-resolution": (shop.LEAST_BITMAP_PPI,),
    "ink-coverage": (coverage.HIGH, coverage.MOST),
    "cut-line-width": (cutting.NOMINAL_PT,),
}
"""The figures that the manual of checks gives."""


class Example(Model):
    """The part of a campaign that the manual of printing shows."""

    printing: Printing


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
def test_the_readme_has_a_line_for_every_command(path: Path) -> None:
    for_paper = {"build", "calibrate", "check", "list", "new", "proof", "schema", "trace"}
    assert set(COMMANDS) == for_paper | {"site", "serve", "links", "scans", "draft"}
    assert set(usages(path)) == set(COMMANDS)


@pytest.mark.parametrize("path", READMES, ids=lambda path: path.name)
@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_stands_in_its_command_s_line(name: str, path: Path) -> None:
    usage = usages(path)[name]
    options = [option for option in COMMANDS[name].params if isinstance(option, click.Option)]
    assert options
    for option in options:
        if option.name == "lang":  # every command's; told once, below the table
            continue
        words = re.findall(r"(?<![\w-])--?[\w-]+", usage)
        assert set(option.opts) & set(words), option.opts
        if not option.required:
            assert re.search(rf"\[(?:{'|'.join(option.opts)})\b", usage), option.opts


@pytest.mark.parametrize("path", READMES, ids=lambda path: path.name)
def test_every_choice_of_a_command_stands_in_its_line(path: Path) -> None:
    for name, command in COMMANDS.items():
        for parameter in command.params:
            if isinstance(parameter.type, click.Choice) and parameter.name != "lang":
                choices = "|".join(map(str, parameter.type.choices))
                assert choices in usages(path)[name]


@pytest.mark.parametrize("path", READMES, ids=lambda path: path.name)
def test_every_long_option_is_in_the_readme(path: Path) -> None:
    page = text(path)
    options = {
        option.opts[-1]
        for command in COMMANDS.values()
        for option in command.params
        if isinstance(option, click.Option)
    }
    assert {"--lang", "--output", "--press", "--readings"} <= options
    assert [option for option in sorted(options) if option not in page] == []


@pytest.mark.parametrize("path", [*READMES, PRINTING], ids=lambda path: path.name)
def test_every_press_has_a_line_in_the_table_of_presses(path: Path) -> None:
    shipped = set(Library().names("presses"))
    assert {"office", "shop"} <= shipped
    assert told_in_table(text(path), "`office`") == shipped


@pytest.mark.parametrize("path", READMES, ids=lambda path: path.name)
def test_the_readme_tells_what_each_delivered_file_is(path: Path) -> None:
    told = told_in_table(text(path), "`stickers.pdf`")
    assert {*REPORT, MANIFEST, CODES, "ticket.pdf", "slips.pdf"} <= told


def test_what_a_shop_gets_is_told_of_every_file() -> None:
    told = told_in_table(text(PRINTING), "`stickers.pdf`")
    assert {*REPORT, MANIFEST, CODES, "ticket.pdf", "slips.pdf", "flyer-….pdf"} <= told


@pytest.mark.parametrize("model", [Press, Printing], ids=lambda model: model.__name__)
def test_every_key_of_a_press_and_of_printing_is_in_the_manual(model: type[Model]) -> None:
    told = code_words(text(PRINTING))
    assert [key for key in model.model_fields if key not in told] == []


def test_the_examples_of_printing_can_be_read(tmp_path: Path) -> None:
    printing, press = re.findall(r"^```yaml\n(.*?)^```", text(PRINTING), re.MULTILINE | re.DOTALL)
    models: tuple[tuple[str, type[Model]], ...] = ((printing, Example), (press, Press))
    for number, (example, model) in enumerate(models):
        file = tmp_path / f"{number}.yaml"
        file.write_text(example, encoding="utf-8")
        read(file, model)


def test_the_manual_has_every_check_in_the_order_of_the_report() -> None:
    told = {name: [code for code, _, _ in rows] for name, rows in manual_of_checks().items()}
    assert told == {group["name"][0]: list(group["checks"]) for group in book()["groups"]}
    codes = [code for rows in told.values() for code in rows]
    assert len(codes) == len(set(codes))
    others = {*FILE_CHECKS, *CODE_CHECKS, *HARD_RUN_CHECKS, *PLATE_CHECKS}
    assert set(codes) == {*RULES, *others}


def test_the_manual_has_the_number_and_the_standards_of_every_check() -> None:
    clauses = {code: rule.clause for code, rule in RULES.items()}
    clauses |= dict.fromkeys(FILE_CHECKS, FILE_CLAUSE)
    clauses |= dict.fromkeys((*CODE_CHECKS, *HARD_RUN_CHECKS, *PLATE_CHECKS), CODES_CLAUSE)
    standards = {code: frozenset(EVERY) for code in clauses}
    standards |= {code: rule.standards for code, rule in RULES.items()}
    standards |= dict.fromkeys(PLATE_CHECKS, frozenset(PDF_X))
    for rows in manual_of_checks().values():
        for code, clause, asked in rows:
            assert clause == clauses[code], code
            assert asked.removesuffix("*") == standard_words(standards[code]), code


@pytest.mark.parametrize("code", LIMITS)
def test_the_manual_gives_the_limits_that_are_checked(code: str) -> None:
    row = next(line for line in text(CHECKS).splitlines() if line.startswith(f"| `{code}` |"))
    told = {float(number) for number in re.findall(r"(?<![\d.])\d+(?:\.\d+)?", row)}
    assert set(LIMITS[code]) <= told


@pytest.mark.parametrize("path", [*READMES, PRINTING], ids=lambda path: path.name)
def test_what_is_said_on_the_phone_is_what_the_shop_s_files_hold(path: Path) -> None:
    press = Library().get("presses", "shop", None, Press).value
    said = " ".join(re.findall(r"^> (.+)$", text(path), re.MULTILINE))
    assert press.condition is not None
    assert press.cut is not None
    wanted = ("PDF/X-1a:2003", press.condition, press.cut, "CMYK")
    assert [words for words in wanted if words not in said] == []
    bleeds = re.findall(r"(\d+) (?:mm|毫米)", said)
    assert bleeds == [f"{press.bleed.sticker:g}", f"{press.bleed.flyer:g}"]


@pytest.mark.parametrize("path", [*READMES, PRINTING], ids=lambda path: path.name)
def test_the_pages_tell_how_many_labels_a_shop_s_sheet_has(path: Path) -> None:
    library, asked = Library(), Place("x")
    press = library.get("presses", "shop", None, Press).value
    stock = Stock.of(library.get("stocks", "a4-24-63.5x33.9", None, StockFile).value)
    assert stock.label is not None
    piece = Size(stock.label.width, stock.label.height)
    placed = place(stock, piece, round=False, press=press, shelf="sticker", asked=asked)
    line = next(line for line in text(path).splitlines() if "63.5 × 33.9" in line)
    assert {"24", f"{len(placed.pieces)}"} <= set(re.findall(r"\d+", line))


@pytest.mark.parametrize(
    "path", [*READMES, TEMPLATES, PRINTING, CHECKS, CALIBRATE], ids=lambda path: path.name
)
def test_links_between_pages_lead_somewhere(path: Path) -> None:
    for target, anchor in re.findall(r"\]\(([^)#\s]*)(?:#([^)\s]+))?\)", text(path)):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        page = path.parent / target if target else path
        assert page.exists(), target
        if anchor:
            assert anchor in anchors(text(page)), anchor


# --- reading the pages ---


def usages(path: Path) -> dict[str, str]:
    """How each command is written in the table of commands, by its name."""
    rows = re.findall(r"^\| `stickergen ((\w+).*?)` \|", text(path), re.MULTILINE)
    assert len(rows) == len({name for _, name in rows})
    return {name: usage.replace("\\", "") for usage, name in rows}


def told_in_table(page: str, cell: str) -> set[str]:
    """The pieces of code in the first column of the first table that has this cell there."""
    for table in re.findall(r"(?:^\|.*\n)+", page, re.MULTILINE):
        firsts = [row.split("|")[1] for row in table.splitlines()]
        if any(first.strip().startswith(cell) for first in firsts):
            return {code for first in firsts for code in re.findall(r"`([^`]+)`", first)}
    raise AssertionError(f"no table with {cell}")


def manual_of_checks() -> dict[str, list[tuple[str, str, str]]]:
    """Code, number and standards of each check in the manual, by the group's heading."""
    found = {}
    for section in text(CHECKS).split("\n## ")[1:]:
        rows = re.findall(r"^\| `([a-z0-9-]+)` \| ([^|]+) \| ([^|]+) \|", section, re.MULTILINE)
        if rows:
            found[section.splitlines()[0]] = rows
    return found


def standard_words(asked: frozenset[Standard]) -> str:
    """The standards that ask for a check, as the manual writes them."""
    if asked == frozenset(EVERY):
        return "全部"
    if asked == frozenset(PDF_X):
        return "PDF/X"
    return "、".join(word for standard, word in STANDARDS.items() if standard in asked)


def anchors(page: str) -> set[str]:
    """Where links into a page may lead: its headings, as code hosts make anchors of them."""
    headings = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
