"""The floors: a module imports only from lower floors, or from its own without a cycle.

`FLOORS` is the list that docs/architecture.md tells in words; both are held against the files.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "stickergen"

FLOORS: dict[int, tuple[str, ...]] = {
    0: ("__init__", "measure", "problem", "ink", "shipped"),
    1: (
        "content.tree",
        "content.textfile",
        "content.fields",
        "content.faults",
        "content.source",
        "content.model",
        "content.serial",
        "content.link",
        "content.campaign",
        "bulletin.vocabulary",
        "bulletin.markdown",
        "bulletin.sentences",
        "bulletin.privacy",
        "bulletin.kinds",
        "bulletin.numbers",
        "bulletin.passages",
        "bulletin.origin",
        "bulletin.excerpt",
        "bulletin.incidents",
        "bulletin.trick",
        "bulletin.gist",
        "bulletin.writing",
        "proof.finding",
        "proof.expected",
        "proof.conditions",
        "proof.pagetree",
        "proof.interpreter.parsing",
        "proof.interpreter.functions",
        "proof.interpreter.colours",
        "proof.interpreter.matrix",
        "proof.interpreter.typefaces",
        "proof.interpreter.path",
        "proof.interpreter.state",
        "proof.interpreter.marks",
        "proof.interpreter.machine",
        "proof.interpreter.stream",
        "proof.painted",
        "proof.subject",
        "proof.preview",
        "proof.channels",
        "proof.separation",
        "proof.plates",
        "proof.rules",
        "proof.rules.objects",
        "proof.rules.inventory",
        "proof.rules.spaces",
        "proof.rules.painting",
        "proof.rules.document",
        "proof.rules.intent",
        "proof.rules.pages",
        "proof.rules.resources",
        "proof.rules.transparency",
        "proof.rules.colours",
        "proof.rules.shop",
        "proof.rules.coverage",
        "proof.inks",
        "proof.rules.soundness",
        "proof.rules.pieces",
        "proof.rules.cutting",
        "proof.alike",
        "proof.likeness",
        "proof.readback",
        "proof.trials",
        "proof.ghostscript",
        "proof.result",
        "proof.crew",
        "proof.gallery",
        "proof.judge",
        "proof.prove",
        "proof.volumes",
        "proof.gathering",
        "proof.series",
        "proof.kept",
        "proof.codelist",
        "proof.report",
    ),
    2: (
        "artwork.fonts",
        "artwork.typeset",
        "artwork.typeset.characters",
        "artwork.typeset.spacing",
        "artwork.typeset.breaks",
        "artwork.typeset.lines",
        "artwork.typeset.block",
        "artwork.symbols",
        "artwork.runs",
        "artwork.qr",
        "artwork.page",
        "artwork.numbered",
        "artwork.template",
        "artwork.fields",
        "artwork.bind",
        "artwork.bleed",
        "artwork.figures",
        "artwork.text",
        "artwork.flow",
        "artwork.snap",
        "artwork.checks",
        "artwork.layout",
    ),
    3: (
        "press.stock",
        "press.profile",
        "press.icc",
        "press.marks",
        "press.placement",
        "press.volume",
        "press.sheet",
        "press.correction",
        "press.scales",
        "press.calibration",
        "press.outlines",
        "press.pictures",
        "press.separations",
        "press.draw",
        "press.finish",
        "press.numbers",
        "press.product",
        "press.series",
        "press.ticket",
        "press.packing",
        "press.shop",
        "website.mark",
        "website.site",
        "website.card",
        "website.pages",
        "website.server",
        "website.reach",
        "scans.tally",
        "scans.log",
        "scans.logfile",
        "scans.robots",
        "scans.count",
        "scans.table",
        "scans.chart",
        "scans.ranking",
        "scans.sheet",
    ),
    4: (
        "library",
        "reading",
        "order",
        "paperwork",
        "job",
        "proofing",
        "delivery",
        "ledger",
        "reprint",
        "executors",
        "volumes",
        "preloaded",
        "build",
        "tracing",
        "printers",
        "calibrating",
        "listing",
        "starter",
        "checking",
        "publishing",
        "serving",
        "reaching",
        "counting",
        "drafting",
    ),
    5: ("manual", "wording", "terminal", "__main__"),
}
FLOOR = {module: floor for floor, modules in FLOORS.items() for module in modules}

NO_ROOM = ("__init__", "artwork.typeset.", "proof.interpreter.")
"""What begins so is no room of its own: the package's version, the inside of the typesetter and of
the interpreter of page contents."""

WITHIN_CONTENT = (
    "content.tree",
    "content.textfile",
    "content.fields",
    "content.faults",
    "content.source",
)
"""From the text of a file to its typed value: each knows only those before it."""


def module_name(path: Path) -> str:
    """`artwork.qr` of …/artwork/qr.py; a package is named by its folder."""
    name = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
    return name.removesuffix(".__init__")


def sources() -> dict[str, Path]:
    """Every module that holds code, by name; a package of nothing but a docstring holds none."""
    found = {module_name(path): path for path in PACKAGE.rglob("*.py") if path.stat().st_size}
    return {name: path for name, path in found.items() if len(tree(path).body) > 1}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path, known: set[str]) -> set[str]:
    """The modules of the package that a file names in an import, wherever it stands."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}:{node.lineno} imports by dots"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            found |= {name if inner(name) in known else str(node.module) for name in names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    own = {name for name in found if name.split(".")[0] == PACKAGE.name}
    return {inner(name) for name in own}


def inner(name: str) -> str:
    """A module without the package before it; the package itself is its `__init__`."""
    return "__init__" if name == PACKAGE.name else name.removeprefix(f"{PACKAGE.name}.")


def imports() -> dict[str, set[str]]:
    known = sources()
    return {name: imported(path, set(known)) for name, path in known.items()}


def faults(graph: dict[str, set[str]]) -> list[str]:
    """The imports that go up, and a cycle if there is one."""
    found = [
        f"{name} ({FLOOR[name]}) imports {other} ({FLOOR[other]})"
        for name, others in graph.items()
        for other in others
        if FLOOR[other] > FLOOR[name]
    ]
    try:
        tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        found.append(" → ".join(error.args[1]))
    return found


def test_the_list_names_every_module_once() -> None:
    listed = [module for modules in FLOORS.values() for module in modules]
    assert sorted(listed) == sorted(sources())


def test_imports_go_down() -> None:
    assert faults(imports()) == []


def test_every_import_is_of_a_module_that_exists() -> None:
    known = set(sources())
    assert {other for others in imports().values() for other in others} <= known


def test_the_check_sees_imports_that_go_up_and_cycles() -> None:
    assert faults({"measure": {"problem"}, "problem": {"artwork.qr"}}) == [
        "problem (0) imports artwork.qr (2)"
    ]
    assert faults({"ink": {"measure"}, "measure": {"ink"}}) != []


def test_reading_a_file_knows_only_what_comes_before() -> None:
    graph = imports()
    for number, name in enumerate(WITHIN_CONTENT):
        assert graph[name] <= {*WITHIN_CONTENT[:number], *FLOORS[0]}


def test_the_proof_knows_nothing_of_how_the_file_was_drawn() -> None:
    for name, others in imports().items():
        if name.startswith("proof."):
            assert all(FLOOR[other] == 0 or other.startswith("proof.") for other in others)


@pytest.mark.parametrize(
    ("library", "rooms"),
    [
        ("reportlab", {"press.draw"}),
        ("qrcode", {"artwork.qr", "artwork.symbols"}),
        ("budoux", {"artwork.typeset.breaks"}),
        ("pypdfium2", {"proof.preview"}),
        ("jinja2", {"proof.report", "website.pages"}),
        ("httpx", {"website.reach"}),
        ("crawleruseragents", set()),  # only its list is read, see scans.robots
        ("platformdirs", {"printers"}),
        ("click", {"__main__"}),
        ("rich", {"terminal"}),
    ],
)
def test_a_library_is_known_to_one_room(library: str, rooms: set[str]) -> None:
    users = set()
    for name, path in sources().items():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ImportFrom) and str(node.module).split(".")[0] == library:
                users.add(name)
            elif isinstance(node, ast.Import):
                users |= {name for alias in node.names if alias.name.split(".")[0] == library}
    assert users == rooms


# --- docs/architecture.md ---


def table() -> dict[str, int]:
    """The rooms of the table in docs/architecture.md, each with its floor."""
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([0-9]) \| ([^|]+) \|", text, re.MULTILINE)
    return {
        room.replace("/", "."): int(floor)
        for floor, rooms in rows
        for room in re.findall(r"`([^`]+)`", rooms)
    }


def rooms() -> dict[str, int]:
    return {name: floor for name, floor in FLOOR.items() if not name.startswith(NO_ROOM)}


def test_the_page_on_architecture_names_every_room() -> None:
    assert sorted(rooms().keys() - table().keys()) == []


def test_the_page_on_architecture_names_no_other_room() -> None:
    assert sorted(table().keys() - rooms().keys()) == []


def test_the_page_on_architecture_tells_the_floors() -> None:
    known = rooms()
    assert {name: known[name] for name in table() if name in known} == {
        name: floor for name, floor in table().items() if name in known
    }
