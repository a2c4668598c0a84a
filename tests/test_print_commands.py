"""The commands of print production as an officer types them: build --press, proof, calibrate."""

from __future__ import annotations

import json
from pathlib import Path

import pikepdf
import pytest
import yaml
from conftest import OWN_HOST, SMALL, campaign_folder

from stickergen.__main__ import BAD_INPUT, DONE, WRONG_USAGE, run
from stickergen.measure import to_mm
from stickergen.printers import printers_folder
from stickergen.shipped import CONTENT

TINY = SMALL | {"stickers.count": 60}
"""A few sheets: these tests are about commands."""


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A settings folder of the test's own."""
    monkeypatch.setattr("stickergen.printers.user_config_path", lambda *a, **k: tmp_path / "own")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A delivery for a print shop."""
    folder = tmp_path_factory.mktemp("shop")
    campaign = campaign_folder(folder / "campaign", TINY | OWN_HOST)
    assert run(["build", str(campaign), "--press", "shop", "-o", str(folder / "output")]) == DONE
    return folder / "output"


def test_a_shop_gets_its_files_and_the_office_keeps_the_slips(shop: Path) -> None:
    names = {path.name for path in shop.iterdir()}
    assert {"stickers.pdf", "slips.pdf", "ticket.pdf", "proof.html", "proof.json"} <= names
    entries = {
        e["file"]: e for e in json.loads((shop / "manifest.json").read_text("utf-8"))["files"]
    }
    assert entries["stickers.pdf"]["press"] == "shop"
    assert entries["slips.pdf"]["press"] == entries["ticket.pdf"]["press"] == "office"
    assert {"slip"} == {sheet["kind"] for sheet in entries["slips.pdf"]["sheets"]}
    assert {"labels"} == {sheet["kind"] for sheet in entries["stickers.pdf"]["sheets"]}


def test_a_shop_file_has_the_boxes_of_its_order(shop: Path) -> None:
    with pikepdf.open(shop / "stickers.pdf") as pdf:
        assert pdf.docinfo["/GTS_PDFXVersion"] == "PDF/X-1a:2003"
        for page in pdf.pages:
            trim = [to_mm(float(edge)) for edge in page.trimbox]
            assert trim[2] - trim[0] == pytest.approx(210, abs=0.01)
            assert trim[3] - trim[1] == pytest.approx(297, abs=0.01)
            bleed = [to_mm(float(edge)) for edge in page.obj.BleedBox]
            assert trim[0] - bleed[0] == pytest.approx(2, abs=0.01)


def test_a_delivery_is_proved_again(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = [(shop / name).read_bytes() for name in ("proof.json", "proof.html")]
    assert run(["--lang", "zh", "proof", str(shop)]) == DONE
    assert [(shop / name).read_bytes() for name in ("proof.json", "proof.html")] == before
    assert "proof.html" in capsys.readouterr().out


def test_a_file_that_was_touched_does_not_pass(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    for path in shop.iterdir():
        if path.is_file():
            (copy / path.name).write_bytes(path.read_bytes())
    with pikepdf.open(copy / "stickers.pdf", allow_overwriting_input=True) as pdf:
        del pdf.pages[0]
        pdf.save()
    assert run(["--lang", "en", "proof", str(copy)]) == BAD_INPUT
    told = capsys.readouterr().err
    assert "stickers.pdf" in told
    assert "do not print" in told


def test_a_foreign_file_is_proved(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.docinfo["/GTS_PDFXVersion"] = "PDF/X-1a:2003"
        pdf.save(tmp_path / "other.pdf")
    assert run(["--lang", "zh", "proof", str(tmp_path / "other.pdf")]) == BAD_INPUT
    assert "不能付印" in capsys.readouterr().err
    assert (tmp_path / "other.proof.html").is_file()


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "arguments",
    [
        ["build", "--press", "nowhere"],
        ["build", "--press", "shop", "--skip", "3"],
        ["build", "--press", "shop", "--printer", "x"],
        ["build", "--press", "thermal-203"],
        ["build", "--press", "copier", "--only", "stickers"],
        ["build", "--printer", "nobody"],
        ["calibrate", "--stock", "a4"],
        ["calibrate", "--stock", "nothing"],
        ["proof", "nothing.pdf"],
    ],
    ids=" ".join,
)
def test_what_cannot_be_is_told(
    arguments: list[str], lang: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = ["-o", str(tmp_path / "out")] if arguments[0] != "proof" else []
    assert run(["--lang", lang, *arguments, *output]) == BAD_INPUT
    captured = capsys.readouterr()
    assert captured.err.count("\n") >= 2
    assert "Traceback" not in captured.err
    assert not (tmp_path / "out").exists()


def test_a_printer_is_calibrated_and_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stock = ["calibrate", "--stock", "a4-24-63.5x33.9"]
    assert run([*stock, "-o", str(tmp_path / "out")]) == DONE
    assert (tmp_path / "out" / "calibrate.pdf").is_file()
    assert run([*stock, "-o", str(tmp_path / "sheet.pdf")]) == DONE
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF")
    assert run([*stock, "--readings", "1", "0", "1", "1"]) == WRONG_USAGE
    assert run([*stock, "--printer", "三楼", "--readings", "1", "-0.5", "1", "1"]) == DONE
    assert (printers_folder() / "三楼.yaml").is_file()
    campaign = campaign_folder(tmp_path / "campaign", TINY | OWN_HOST)
    outputs = tmp_path / "plain", tmp_path / "moved"
    assert run(["build", str(campaign), "-o", str(outputs[0])]) == DONE
    assert run(["build", str(campaign), "--printer", "三楼", "-o", str(outputs[1])]) == DONE
    places = [
        (float(x), float(y))
        for output in outputs
        for x, y in [(output / "codes.csv").read_text("utf-8").splitlines()[1].split(",")[2:4]]
    ]
    assert places[1][0] - places[0][0] == pytest.approx(1, abs=0.01)
    assert places[1][1] - places[0][1] == pytest.approx(-0.5, abs=0.01)
    a5 = campaign_folder(tmp_path / "other", TINY | OWN_HOST | {"stickers.stock": "one-up"})
    capsys.readouterr()
    assert run(["build", str(a5), "--printer", "三楼", "-o", str(tmp_path / "x")]) == BAD_INPUT
    assert "a4-24-63.5x33.9" in capsys.readouterr().err


def profiled(folder: Path, profile: bytes, **changes: object) -> list[str]:
    """The arguments that build a campaign with a shop of its own and this ICC profile."""
    campaign = campaign_folder(folder, TINY | OWN_HOST)
    (campaign / "profiles").mkdir()
    (campaign / "profiles" / "own.icc").write_bytes(profile)
    press = yaml.safe_load((CONTENT / "presses/shop-x4.yaml").read_text("utf-8"))
    press |= {"id": "own", "profile": "own.icc"} | changes
    (campaign / "presses").mkdir()
    text = yaml.safe_dump(press, allow_unicode=True)
    (campaign / "presses" / "own.yaml").write_text(text, "utf-8")
    return ["--lang", "en", "build", str(campaign), "--press", "own", "-o", str(folder / "made")]


PROFILE = (CONTENT / "profiles/ISOcoated_v2_300_bas.icc").read_bytes()


@pytest.mark.parametrize(
    ("profile", "said"),
    [
        (b"", "no ICC profile"),
        (PROFILE[:5000], "no ICC profile"),
        (PROFILE[:200] + b"\xff" * 800 + PROFILE[1000:], "no ICC profile"),
        (PROFILE[:16] + b"RGB " + PROFILE[20:], "prtr RGB"),
        (PROFILE[:12] + b"mntr" + PROFILE[16:], "mntr CMYK"),
        (PROFILE[:8] + b"\x05" + PROFILE[9:], "version 5"),
    ],
    ids=["empty", "cut off", "scratched", "RGB", "a screen's", "too new"],
)
def test_a_profile_is_looked_at_before_it_is_used(
    profile: bytes, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(profiled(tmp_path / "c", profile)) == BAD_INPUT
    told = capsys.readouterr().err
    assert said in told
    assert "own.yaml:" in told


def test_a_condition_of_ones_own_claims_no_registry(tmp_path: Path) -> None:
    assert run(profiled(tmp_path / "c", PROFILE, condition="Our Offset")) == DONE
    with pikepdf.open(tmp_path / "c" / "made" / "stickers.pdf") as pdf:
        (intent,) = pdf.Root.OutputIntents
        assert intent.OutputConditionIdentifier == "Our Offset"
        assert "/RegistryName" not in intent
        assert intent.DestOutputProfile.read_bytes() == PROFILE
