"""The style of the code, as far as a program can tell: linter, formatter, types, length."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MOST_LINES = 500
"""House style: small files; a longer one has two subjects."""

BANNED = {"utils", "util", "helpers", "common", "core", "manager", "misc", "tools"}
"""Names that tell nothing of what is inside."""

CODE = sorted([*ROOT.glob("stickergen/**/*.py"), *ROOT.glob("tests/**/*.py")])
FOLDERS = ("stickergen", "tests", "fonts")


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """A tool of this Python, run at the root of the checkout."""
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "check", "--no-cache", *FOLDERS),
        ("ruff", "format", "--no-cache", "--check", *FOLDERS),
        ("mypy",),
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_tool_is_content(command: tuple[str, ...]) -> None:
    result = run(*command)
    assert result.returncode == 0, result.stdout + result.stderr


def test_no_file_is_too_long() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in CODE}
    assert len(lengths) > 40
    long = {path.name: length for path, length in lengths.items() if length > MOST_LINES}
    assert long == {}


def test_names_tell_what_is_inside() -> None:
    assert [path.name for path in CODE if path.stem in BANNED or path.parent.name in BANNED] == []


def test_every_module_says_what_it_is_for() -> None:
    """A docstring that is more than a title for what holds code; ruff asks that there is one."""
    for path in ROOT.glob("stickergen/**/*.py"):
        text = path.read_text(encoding="utf-8")
        assert text.startswith('"""'), path.name
        assert text.count("\n") > 1 or path.name == "__init__.py", path.name
