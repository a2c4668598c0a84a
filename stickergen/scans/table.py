"""`Tally` → the table of scans that a spreadsheet opens.

Comes in: a tally, and the names of scam types and points. Goes out: the bytes of a CSV file: one
row for each day, scam type and point that was scanned, in this order; no totals.
UTF-8 with a byte order mark: without it Excel on Chinese Windows takes the file for GBK.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from stickergen.scans.tally import Tally

COLUMNS = ("day", "scam", "scam_name", "point", "point_name", "scans")

OVERVIEW = "总览"
"""The name of the page that is of no scam type."""

_FORMULA = tuple("=+-@\t\r\n")
"""What makes a formula of a cell (OWASP, CSV Injection); names are typed by people."""


def table(tally: Tally, scam_names: Mapping[str, str], point_names: Mapping[str, str]) -> bytes:
    """The table as a file; a scam type or point without a name is told by its id."""
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for cell in tally.cells:
        scam_name = scam_names.get(cell.scam, cell.scam) or OVERVIEW
        point_name = point_names.get(cell.point, cell.point)
        names = (_plain(scam_name), cell.point, _plain(point_name))
        rows.writerow((cell.day.isoformat(), cell.scam, *names, cell.scans))
    return text.getvalue().encode("utf-8-sig")


def _plain(name: str) -> str:
    """A name that no spreadsheet takes for a formula."""
    return f"'{name}" if name.startswith(_FORMULA) else name
