"""Symbols by the thousand: the package's modules, the standard's mask, whatever the texts are."""

from __future__ import annotations

import numpy as np
import pytest
import qrcode
import segno
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from qrcode import util
from qrcode.exceptions import DataOverflowError
from segno import encoder

from stickergen.artwork.symbols import (
    LEVELS,
    MASKS,
    MOST_VERSION,
    Symbols,
    _basis,
    penalties,
    symbols,
)

ADDRESS = "abcdefghijklmnopqrstuvwxyz0123456789-/.?"
VERSIONS = st.integers(1, MOST_VERSION)
Modules = NDArray[np.bool_]


def most_bytes(version: int, level: str) -> int:
    """What a symbol holds in byte mode: less its mode, its count (ISO/IEC 18004, table 3)."""
    bits: int = util.BIT_LIMIT_TABLE[LEVELS[level]][version]
    return (bits - 4 - (8 if version < 10 else 16)) // 8


@st.composite
def batches(draw: st.DrawFn) -> tuple[list[str], int, str]:
    """Texts alike but for a few letters, or not alike at all, and what holds them."""
    version, level = draw(VERSIONS), draw(st.sampled_from(sorted(LEVELS)))
    most = most_bytes(version, level)
    first = draw(st.text(ADDRESS, min_size=1, max_size=most))
    texts = [first]
    for _ in range(draw(st.integers(0, 4))):
        letters = list(first)
        for at in draw(st.lists(st.integers(0, len(first) - 1), max_size=5)):
            letters[at] = draw(st.sampled_from(ADDRESS))
        texts.append("".join(letters))
    texts += draw(st.lists(st.text(ADDRESS, min_size=1, max_size=most), max_size=2))
    return draw(st.permutations(texts)), version, level


def dark(made: Symbols, number: int) -> Modules:
    return np.array(made.modules(number))


def of_the_package(text: str, version: int, level: str, mask: int) -> Modules:
    code = qrcode.QRCode(version, LEVELS[level])
    code.add_data(text, optimize=0)
    code.makeImpl(False, mask)
    return np.array(code.modules, dtype=bool)


def runs(line: list[bool]) -> int:
    """N1: three for five alike, one more for each more."""
    found, length = 0, 1
    for before, now in zip(line, [*line[1:], None], strict=True):
        if before == now:
            length += 1
        else:
            found += length - 2 if length >= 5 else 0
            length = 1
    return found


def finders(line: list[bool]) -> int:
    """N3: every 1 : 1 : 3 : 1 : 1 with four light modules on a side; the quiet zone is light."""
    padded = [False] * 4 + line + [False] * 4
    pattern = [True, False, True, True, True, False, True]
    return sum(
        padded[at : at + 7] == pattern
        and (not any(padded[at - 4 : at]) or not any(padded[at + 7 : at + 11]))
        for at in range(4, len(padded) - 10)
    )


def penalty(modules: Modules) -> int:
    """ISO/IEC 18004:2015, 7.8.3.1 and table 11, module by module."""
    lines = [list(map(bool, line)) for line in (*modules, *modules.T)]
    blocks = sum(
        len({bool(modules[y, x]) for y in (row, row + 1) for x in (column, column + 1)}) == 1
        for row in range(len(modules) - 1)
        for column in range(len(modules) - 1)
    )
    percent = 100 * modules.sum() / modules.size
    share = int(abs(percent - 50) / 5)
    return sum(map(runs, lines)) + 3 * blocks + 40 * sum(map(finders, lines)) + 10 * share


def packed(modules: Modules) -> NDArray[np.uint64]:
    places = np.arange(len(modules), dtype=np.uint64)
    sides = [(one.astype(np.uint64) << places).sum(axis=1) for one in (modules, modules.T)]
    return np.stack(sides)[None]


@settings(max_examples=60)
@given(batches())
def test_each_symbol_is_the_package_s_for_its_mask(batch: tuple[list[str], int, str]) -> None:
    texts, version, level = batch
    made = symbols(texts, version, level)
    for number, text in enumerate(texts):
        mask = int(made.masks[number])
        expected = of_the_package(text, version, level, mask)
        assert (dark(made, number) == expected).all()


@settings(max_examples=25)
@given(batches())
def test_each_mask_is_the_first_of_least_penalty(batch: tuple[list[str], int, str]) -> None:
    texts, version, level = batch
    made = symbols(texts, version, level)
    number = len(texts) // 2
    scores = [penalty(of_the_package(texts[number], version, level, mask)) for mask in range(MASKS)]
    assert int(made.masks[number]) == scores.index(min(scores))


@settings(max_examples=60)
@given(VERSIONS, st.randoms(use_true_random=False))
def test_penalties_are_those_of_the_table(version: int, random: st.DataObject) -> None:
    """On noise, which has what symbols have not: patterns that overlap, at edges, in corners."""
    width = 17 + 4 * version
    seed = random.randrange(2**32)  # type: ignore[attr-defined]
    noise = np.random.default_rng(seed).random((width, width))
    modules = noise < (0.2, 0.5, 0.7)[seed % 3]
    assert int(penalties(packed(modules))[0]) == penalty(modules)


@settings(max_examples=40)
@given(VERSIONS, st.sampled_from(sorted(LEVELS)), st.integers(0, 7), st.text(ADDRESS, min_size=1))
def test_segno_judges_alike(version: int, level: str, mask: int, text: str) -> None:
    """But for patterns that overlap one that it has counted: those it skips."""
    text = f"a{text * 300}"[: most_bytes(version, level)]
    modules = of_the_package(text, version, level, mask)
    rows = tuple(bytearray(row.astype(np.uint8).tobytes()) for row in modules)
    scores = encoder.mask_scores(rows, len(rows), len(rows))
    ours = int(penalties(packed(modules))[0])
    assert (ours - sum(scores)) % 40 == 0
    assert 0 <= ours - sum(scores) <= 120


@settings(max_examples=150)
@given(st.text(ADDRESS, min_size=1, max_size=60).map("https://hs.example.com/{}".format))
def test_zxing_chooses_the_same_mask(text: str) -> None:
    """It judges the complete symbol too; where it parts a text into segments, all is another."""
    other = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    dark_of_zxing = np.array(other.to_image(add_quiet_zones=False)) < 128
    version = (len(dark_of_zxing) - 17) // 4
    if len(text) > most_bytes(version, "M"):
        return  # parted into segments that take less room
    made = symbols([text], version, "M")
    if not (dark(made, 0) == dark_of_zxing).all():
        alike = [of_the_package(text, version, "M", mask) for mask in range(MASKS)]
        assert not any((one == dark_of_zxing).all() for one in alike)


@pytest.mark.parametrize("level", sorted(LEVELS))
@pytest.mark.parametrize("version", range(1, MOST_VERSION + 1))
def test_segno_makes_the_same_of_a_full_symbol(version: int, level: str) -> None:
    """Of one that is not full it makes another: it pads a byte too many."""
    for seed in range(3):
        letters = np.random.default_rng([version, seed]).integers(0, 26, most_bytes(version, level))
        text = bytes(97 + letters.astype(np.uint8)).decode()
        other = segno.make(text, version=version, error=level, boost_error=False)
        made = symbols([text], version, level)
        ours = of_the_package(text, version, level, other.mask)
        assert (ours == np.array([list(row) for row in other.matrix], dtype=bool)).all()
        judged = of_the_package(text, version, level, other.mask)
        best = of_the_package(text, version, level, int(made.masks[0]))
        assert penalty(best) <= penalty(judged)


@pytest.mark.parametrize(
    "text", ["https://fz.hongshan.gov.cn/kefu/j01", "12345678", "HTTPS://X.CN"]
)
def test_other_eyes_read_them_in_every_mode(text: str) -> None:
    made = symbols([text, text[::-1]], 4, "M")
    for number, expected in enumerate((text, text[::-1])):
        picture = np.kron(~np.pad(dark(made, number), 4), np.ones((3, 3))).astype(np.uint8) * 255
        (read,) = zxingcpp.read_barcodes(picture)
        assert read.text == expected


def test_thousands_are_what_each_is_alone() -> None:
    texts = [f"https://fz.hongshan.gov.cn/kefu?HS{number:06}" for number in range(3000)]
    made = symbols(texts, 3, "L")
    for number in (0, 1, 511, 512, 1777, 2999):
        alone = symbols([texts[number]], 3, "L")
        assert (made.rows[number] == alone.rows[0]).all()
        assert made.masks[number] == alone.masks[0]
    assert len({row.tobytes() for row in made.rows}) == 3000


@pytest.mark.parametrize("version", [1, 4, 9, 10])
@pytest.mark.parametrize("lengths", [(3, 14, 5), (14, 3, 14), (7, 7, 13)])
def test_what_one_length_has_shown_holds_for_others(version: int, lengths: tuple[int, ...]) -> None:
    """Call after call, from a basis that knows nothing."""
    _basis.cache_clear()
    for length in lengths:
        texts = [f"{'x' * (length - 2)}{number}" for number in (10, 17, 85, 99)]
        made = symbols(texts, version, "L")
        for number, text in enumerate(texts):
            expected = of_the_package(text, version, "L", int(made.masks[number]))
            assert (dark(made, number) == expected).all()


def test_no_text_no_symbol() -> None:
    assert symbols([], 3, "M").rows.shape == (0, 29)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(DataOverflowError):
        symbols(["a" * 80], 2, "M")
