"""The font files and what is read from them."""

import pytest
from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont as EmbeddedFont

from stickergen import shipped
from stickergen.artwork import fonts
from stickergen.problem import MissingError, worded

WEIGHTS = ("regular", "bold", "black")
SAMPLE = "骗“”‘’（）《》，。！？：；、…—·％¥￥①→✓Aj1 国"


@pytest.mark.parametrize("name", WEIGHTS)
def test_the_em_box_is_the_ideographic_one(name: str) -> None:
    font = fonts.font(name)
    assert (font.ascent, font.descent) == (0.88, 0.12)
    assert font.advance("骗") == 1.0
    assert 0.7 < font.cap_height < 0.8


def test_the_icons_fill_their_em_box() -> None:
    font = fonts.font("icons")
    assert font.ascent + font.descent == 1.0
    assert {font.advance(fonts.icon(name)) for name in fonts.icons()} == {1.0}


@pytest.mark.parametrize("name", WEIGHTS)
def test_the_characters_of_the_standard_are_there(name: str) -> None:
    font = fonts.font(name)
    rows = (bytes([row, cell]) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF))
    common = b"".join(rows).decode("gb2312", errors="ignore")
    assert len(common) == 6763
    assert [char for char in common if not font.has(char)] == []
    third_level = "亍尢彳卬殳㑇㧐䴘𠙶𬺈𬭎"  # 通用规范汉字表, with characters beyond the BMP
    wanted = third_level + SAMPLE + "㎡№℃※★☆●■▲￥～〇"
    assert [char for char in wanted if not font.has(char)] == []


def test_what_is_not_there_is_known() -> None:
    assert not fonts.font("regular").has("\U00020000")
    assert not fonts.font("regular").has("\u00ad")


@pytest.mark.parametrize("name", WEIGHTS)
def test_the_bearings_are_those_of_the_drawn_outline(name: str) -> None:
    font = fonts.font(name)
    opened = TTFont(font.path)
    glyphs, cmap = opened.getGlyphSet(), opened.getBestCmap()
    for char in SAMPLE:
        glyph = glyphs[cmap[ord(char)]]
        pen = BoundsPen(glyphs)
        glyph.draw(pen)
        left, _, right, _ = pen.bounds or (glyph.width, 0, glyph.width, 0)
        found = font.bearings(char)
        assert font.advance(char) == glyph.width / 1000
        assert found.left == pytest.approx(left / 1000, abs=0.001)
        assert found.right == pytest.approx((glyph.width - right) / 1000, abs=0.001)


@pytest.mark.parametrize("name", fonts.FILES)
def test_reportlab_embeds_them_at_the_same_advances(name: str) -> None:
    font = fonts.font(name)
    pdfmetrics.registerFont(EmbeddedFont(f"test-{name}", str(font.path)))
    sample = fonts.icon("headset") + fonts.icon("warning") if name == "icons" else SAMPLE
    width = pdfmetrics.stringWidth(sample, f"test-{name}", 1)
    assert width == pytest.approx(sum(map(font.advance, sample)), abs=0.002)


@pytest.mark.parametrize("name", fonts.FILES)
def test_the_files_are_small_and_licensed(name: str) -> None:
    path = fonts.font(name).path
    assert path.stat().st_size <= 3_500_000
    with TTFont(path, lazy=True) as opened:
        assert not {"GSUB", "GPOS", "fpgm", "CFF "} & set(opened.keys())
        assert opened.getGlyphOrder()[0] == ".notdef"


def test_the_noto_files_name_their_licence_and_the_reserved_name() -> None:
    for name in WEIGHTS:
        with TTFont(fonts.font(name).path, lazy=True) as opened:
            names = opened["name"]
        assert "SIL Open Font License" in names.getDebugName(13)
        assert names.getDebugName(0).endswith("with Reserved Font Name 'Source'.")
        assert "Source" not in names.getDebugName(1)
    licence = (shipped.FONTS / "NotoSansSC-LICENSE.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "MIT License" in (shipped.FONTS / "PhosphorFill-LICENSE.txt").read_text(encoding="utf-8")


def test_every_icon_can_be_drawn() -> None:
    font = fonts.font("icons")
    assert len(fonts.icons()) == 70
    assert [name for name in fonts.icons() if not font.has(fonts.icon(name))] == []
    for name in fonts.icons():
        bearings = font.bearings(fonts.icon(name))
        assert bearings.left + bearings.right < 0.8, f"{name} has no ink"


def test_an_unknown_icon_is_named() -> None:
    with pytest.raises(fonts.UnknownIcon) as caught:
        fonts.icon("headsett")
    assert caught.value.name == "headsett"


def test_a_missing_file_is_a_problem(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(shipped, "FONTS", tmp_path)
    with pytest.raises(MissingError) as caught:
        fonts.font.__wrapped__("regular")
    problem = caught.value.problem
    assert problem.code == "font-missing"
    assert "NotoSansSC-Regular.ttf" in worded(problem, "zh").sentence
    assert "pip install" in worded(problem, "en").hint


def test_a_font_is_read_once() -> None:
    assert fonts.font("bold") is fonts.font("bold")
    assert fonts.font("bold") != fonts.font("black")
