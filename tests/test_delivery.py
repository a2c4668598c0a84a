"""Delivery: all files or none, whatever goes wrong on the way."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import SMALL, campaign_folder

from stickergen.__main__ import BAD_INPUT, run
from stickergen.delivery import MANIFEST, alone, deliver
from stickergen.problem import InputError, worded


def files(text: str, *names: str) -> dict[str, bytes]:
    """A delivery of these names, each holding the text, with its manifest."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    listed = json.dumps({"files": [{"file": name, "sha256": digest} for name in names]})
    return {**{name: text.encode() for name in names}, MANIFEST: listed.encode()}


def snapshot(folder: Path) -> dict[str, bytes | None]:
    """Every file with its bytes, every folder with None."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


def refusing(call: int, always: bool = False) -> Callable[..., None]:
    """An `os.replace` that fails at one call, counted from 0, or from there on."""
    replace, calls = os.replace, iter(range(10**6))

    def fails(source: str | Path, target: str | Path) -> None:
        number = next(calls)
        if number == call or (always and number > call):
            raise PermissionError(13, "in use", str(target))
        replace(source, target)

    return fails


OLD = files("old", "a.pdf", "b.pdf", "preview/a.png", "preview/gone.png")
NEW = files("new", "a.pdf", "c.pdf", "preview/a.png")
MOVES = 5 + 4
"""Out: a.pdf, preview/a.png, the manifest, and the stale b.pdf and gone.png; in: the new four."""


def only_files(folder: Path) -> dict[str, bytes]:
    return {name: found for name, found in snapshot(folder).items() if found is not None}


def test_files_appear_with_their_folders(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "output"
    deliver(NEW, folder)
    assert only_files(folder) == NEW
    assert snapshot(tmp_path).keys() - {"deep", "deep/output", "deep/output/preview"} == {
        f"deep/output/{name}" for name in NEW
    }


def test_what_the_last_delivery_left_goes_and_what_is_foreign_stays(tmp_path: Path) -> None:
    deliver(OLD, tmp_path)
    (tmp_path / "mine.txt").write_bytes(b"mine")
    (tmp_path / "preview" / "mine.png").write_bytes(b"mine")
    deliver(NEW, tmp_path)
    foreign = {"mine.txt": b"mine", "preview/mine.png": b"mine"}
    assert only_files(tmp_path) == NEW | foreign


def test_a_listed_file_that_was_changed_since_stays(tmp_path: Path) -> None:
    deliver(OLD, tmp_path)
    (tmp_path / "b.pdf").write_bytes(b"mine now")
    deliver(NEW, tmp_path)
    assert only_files(tmp_path) == NEW | {"b.pdf": b"mine now"}


@pytest.mark.parametrize("call", range(MOVES))
def test_a_build_that_was_killed_is_undone_by_the_next(
    call: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(OLD, tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", refusing(call, always=True))
        patched.setattr(shutil, "rmtree", lambda *_, **__: None)  # the kill comes before it
        with pytest.raises(InputError):
            deliver(NEW, tmp_path)
    other = files("other", "z.pdf")
    deliver(other, tmp_path)
    assert only_files(tmp_path) == other


def test_a_build_killed_while_it_cleans_up_has_delivered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(OLD, tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(shutil, "rmtree", lambda *_, **__: None)
        deliver(NEW, tmp_path)
    (stage,) = tmp_path.glob(".stickergen-*")
    (stage / "old" / "a.pdf").unlink()  # the cleaning had begun
    monkeypatch.setattr(os, "replace", refusing(0))
    with pytest.raises(InputError):
        deliver(files("other", "z.pdf"), tmp_path)
    assert only_files(tmp_path) == NEW


@pytest.mark.parametrize("names", ["5", "null", '["\\u0000"]', '["../precious.txt", 3]', "["])
def test_a_strange_list_of_names_harms_nothing(names: str, tmp_path: Path) -> None:
    folder = tmp_path / "output"
    (folder / ".stickergen-x").mkdir(parents=True)
    (folder / ".stickergen-x" / "names.json").write_text(names, encoding="utf-8")
    (tmp_path / "precious.txt").write_bytes(b"precious")
    deliver(NEW, folder)
    assert only_files(folder) == NEW
    assert (tmp_path / "precious.txt").read_bytes() == b"precious"


def test_two_builds_never_write_at_once(tmp_path: Path) -> None:
    with alone(tmp_path), pytest.raises(InputError) as caught:
        deliver(NEW, tmp_path)
    assert [problem.code for problem in caught.value.problems] == ["folder-busy"]
    assert only_files(tmp_path) == {}


def test_a_manifest_cannot_name_files_outside_the_folder(tmp_path: Path) -> None:
    outside = tmp_path / "precious.txt"
    outside.write_bytes(b"precious")
    folder = tmp_path / "output"
    folder.mkdir()
    listed = {"files": [{"file": "../precious.txt"}, {"file": outside.as_posix()}]}
    (folder / MANIFEST).write_text(json.dumps(listed), encoding="utf-8")
    deliver(NEW, folder)
    assert outside.read_bytes() == b"precious"
    assert only_files(folder) == NEW


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"files": 7}', '{"files": [{}]}', '{"files": ["a.pdf"]}', "\x00", "null"],
)
def test_a_broken_manifest_is_no_obstacle(text: str, tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text(text, encoding="utf-8")
    deliver(NEW, tmp_path)
    assert only_files(tmp_path) == NEW


@pytest.mark.parametrize("call", range(MOVES))
def test_a_file_that_cannot_be_replaced_leaves_the_last_delivery(
    call: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(OLD, tmp_path)
    (tmp_path / "mine.txt").write_bytes(b"mine")
    before = snapshot(tmp_path)
    monkeypatch.setattr(os, "replace", refusing(call))
    with pytest.raises(InputError) as caught:
        deliver(NEW, tmp_path)
    assert snapshot(tmp_path) == before
    (problem,) = caught.value.problems
    assert problem.code == "cannot-write"
    assert "in use" in worded(problem, "zh").sentence


def test_there_are_as_many_moves_as_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That the last call above is the last move, and the one after it none."""
    deliver(OLD, tmp_path)
    monkeypatch.setattr(os, "replace", refusing(MOVES))
    deliver(NEW, tmp_path)
    assert only_files(tmp_path) == NEW


@pytest.mark.parametrize("call", range(1, MOVES))
def test_what_can_not_even_be_put_back_is_not_thrown_away(
    call: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing can be moved any more: the message names the folder where the old files lie."""
    deliver(OLD, tmp_path)
    monkeypatch.setattr(os, "replace", refusing(call, always=True))
    with pytest.raises(InputError) as caught:
        deliver(NEW, tmp_path)
    (problem,) = caught.value.problems
    assert problem.code == "cannot-put-back"
    stage = problem.values["stage"]
    assert f"{stage}/old" in worded(problem, "en").hint
    found = only_files(tmp_path)
    moved = {
        name.removeprefix(f"{stage}/old/"): content
        for name, content in found.items()
        if name.startswith(f"{stage}/old/")
    }
    assert {name: content for name, content in found.items() if name in OLD.keys() - moved} | (
        moved
    ) == OLD


@pytest.mark.parametrize("call", range(MOVES))
@pytest.mark.parametrize("moved_first", [True, False])
def test_an_interruption_leaves_the_last_delivery(
    call: int, moved_first: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(OLD, tmp_path)
    before, replace, calls = snapshot(tmp_path), os.replace, iter(range(10**6))

    def interrupted(source: str | Path, target: str | Path) -> None:
        number = next(calls)
        if number != call or moved_first:
            replace(source, target)
        if number == call:
            raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        deliver(NEW, tmp_path)
    assert snapshot(tmp_path) == before


def test_a_full_disk_leaves_the_last_delivery(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(OLD, tmp_path)
    before, write = snapshot(tmp_path), Path.write_bytes

    def full(self: Path, content: bytes) -> int:
        if self.name == "c.pdf":
            raise OSError(28, "No space left on device", str(self))
        return write(self, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(InputError):
        deliver(NEW, tmp_path)
    assert snapshot(tmp_path) == before


def test_a_first_delivery_that_fails_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "replace", refusing(2))
    with pytest.raises(InputError):
        deliver(NEW, tmp_path / "output")
    assert only_files(tmp_path) == {}


def test_a_file_in_the_place_of_the_folder_is_a_problem(tmp_path: Path) -> None:
    place = tmp_path / "output"
    place.write_bytes(b"mine")
    for folder in (place, place / "below"):
        with pytest.raises(InputError) as caught:
            deliver(NEW, folder)
        assert [problem.code for problem in caught.value.problems] == ["cannot-write"]
    assert snapshot(tmp_path) == {"output": b"mine"}


def test_a_folder_in_the_place_of_a_file_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "c.pdf").mkdir()
    (tmp_path / "c.pdf" / "mine.txt").write_bytes(b"mine")
    before = snapshot(tmp_path)
    with pytest.raises(InputError):
        deliver(NEW, tmp_path)
    assert snapshot(tmp_path) == before


def test_a_campaign_with_problems_leaves_the_last_output(tmp_path: Path) -> None:
    good = campaign_folder(tmp_path / "good", SMALL | {"flyers": []})
    output = tmp_path / "output"
    assert run(["build", str(good), "-o", str(output)]) == 0
    before = snapshot(tmp_path)
    bad = campaign_folder(tmp_path / "bad", SMALL | {"stickers.template": "no-such"})
    before |= {name: found for name, found in snapshot(tmp_path).items() if name[:3] == "bad"}
    assert run(["build", str(bad), "-o", str(output)]) == BAD_INPUT
    assert snapshot(tmp_path) == before
