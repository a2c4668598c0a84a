"""A delivery of volumes: each number once, lists that agree with the sheets; or nothing at all."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import pytest
from conftest import campaign_folder
from test_making_volumes import NUMBERED, NUMBERING, PAGES, files

from stickergen.build import UNFINISHED, Rejected, Way, build
from stickergen.executors import crew
from stickergen.order import Order, ready
from stickergen.press import numbers


@pytest.fixture(scope="module")
def order(tmp_path_factory: pytest.TempPathFactory) -> Order:
    return ready(campaign_folder(tmp_path_factory.mktemp("c"), NUMBERED) / "campaign.yaml")


@pytest.fixture(scope="module")
def delivery(order: Order, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("delivery")
    build(order, folder, Way(volume_pages=PAGES, crew=crew(1), prove=False))
    return folder


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "codes.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_each_number_is_in_the_list_once_without_a_gap(delivery: Path, order: Order) -> None:
    assert order.stickers is not None
    found = [NUMBERING.number(row["serial"]) for row in rows(delivery)]
    assert found == [*range(1, order.stickers.plan.total.printed + 1)]
    assert len({row["url"] for row in rows(delivery)}) == len(found)


def test_the_manifest_says_who_gets_which_numbers(delivery: Path) -> None:
    manifest = json.loads((delivery / "manifest.json").read_text(encoding="utf-8"))
    by_point: dict[str, list[int]] = {}
    for row in rows(delivery):
        by_point.setdefault(row["point"], []).append(NUMBERING.number(row["serial"]))
    told = manifest["serials"]
    assert (told["prefix"], told["digits"], told["check"]) == ("HS", 6, "mod-11-2")
    for point in told["points"]:
        own = [
            number
            for one in point["ranges"]
            for number in range(*(NUMBERING.number(one[end]) for end in ("first", "last")))
        ]
        ends = [NUMBERING.number(one["last"]) for one in point["ranges"]]
        assert sorted(own + ends) == by_point[point["point"]]
        assert sum(one["count"] for one in point["ranges"]) == len(by_point[point["point"]])
    volumes = [one for one in manifest["files"] if one["file"].startswith("stickers-")]
    for volume in volumes:
        serials = [row for row in rows(delivery) if row["file"] == volume["file"]]
        stretches = [one for one in volume["sheets"] if one["kind"] == "labels"]
        assert sum(one["pieces"] for one in stretches) == volume["pieces"] == len(serials)
        assert sum(one["pages"] for one in volume["sheets"]) == volume["pages"]
        for one in stretches:
            pages = range(one["page"], one["page"] + one["pages"])
            own = [row["serial"] for row in serials if int(row["page"]) in pages]
            assert (own[0], own[-1], len(own)) == (one["first"], one["last"], one["pieces"])


def test_every_file_is_as_its_digest_says(delivery: Path) -> None:
    manifest = json.loads((delivery / "manifest.json").read_text(encoding="utf-8"))
    listed = {one["file"]: one["sha256"] for one in manifest["files"]}
    found = {name: hashlib.sha256(data).hexdigest() for name, data in files(delivery).items()}
    assert listed == {name: digest for name, digest in found.items() if name != "manifest.json"}


def test_what_does_not_pass_is_not_delivered_and_not_kept(
    order: Order, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong number on paper: nothing is delivered; the next build makes the volume again."""
    (tmp_path / "old.txt").write_text("old")
    right = numbers.address
    with monkeypatch.context() as wrong:
        wrong.setattr(numbers, "address", lambda code, one, serial: right(code, one, serial ^ 1))
        with pytest.raises(Rejected) as caught:
            build(order, tmp_path, Way(crew=crew(1)))
    assert caught.value.proof.errors > 0
    assert {name.partition("/")[0] for name in files(tmp_path)} == {"old.txt", UNFINISHED}
    assert build(order, tmp_path, Way(crew=crew(1))).proof is not None
    assert not (tmp_path / UNFINISHED).exists()
    assert (tmp_path / "stickers-001.pdf").exists()
