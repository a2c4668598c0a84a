"""A new campaign folder, ready to edit, and the JSON Schemas that editors check it with.

Comes in: the folder to make. Goes out: `content/starter` copied there, the shipped scam types for
the station to review and change, and a `schema/` folder; each YAML file names its schema.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path

from stickergen import shipped
from stickergen.artwork.template import Template
from stickergen.content.model import Campaign, Model, Scam, Website
from stickergen.press.profile import Press
from stickergen.press.stock import StockFile
from stickergen.problem import InputError, MissingError, Place, Problem

SCHEMAS: dict[str, type[Model]] = {
    "campaign": Campaign,
    "scam": Scam,
    "template": Template,
    "stock": StockFile,
    "press": Press,
    "website": Website,
}
"""Name of a schema → the model it describes."""


def schema_text(name: str) -> str:
    """The JSON Schema of one kind of file."""
    schema = SCHEMAS[name].model_json_schema()
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def start(folder: Path) -> None:
    """Make the folder whole, or not at all; InputError if it is there and not empty."""
    starter = shipped.CONTENT / "starter"
    if not starter.is_dir():
        raise MissingError(Problem("content-missing", None, {"folder": "starter"}))
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            values = {"folder": folder.as_posix()}
            raise InputError([Problem("folder-not-empty", Place(folder.as_posix()), values)])
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".stickergen-", dir=folder.parent) as stage:
            made = Path(stage) / "made"
            shutil.copytree(starter, made)
            _add_scams(made / "scams")
            _add_schemas(made / "schema")
            if folder.exists():
                folder.rmdir()
            os.replace(made, folder)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        values = {"file": folder.name, "reason": reason}
        raise InputError([Problem("cannot-write", Place(folder.as_posix()), values)]) from error


def _add_scams(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for path in sorted((shipped.CONTENT / "scams").glob("*.yaml")):
        line = "# yaml-language-server: $schema=../schema/scam.json\n"
        text = path.read_text(encoding="utf-8")
        (folder / path.name).write_text(line + text, encoding="utf-8", newline="\n")


def _add_schemas(folder: Path) -> None:
    folder.mkdir()
    for name in SCHEMAS:
        (folder / f"{name}.json").write_text(schema_text(name), encoding="utf-8", newline="\n")
