"""Words on the screen, in Chinese and English: problems, lists, what to print next.

Comes in: plain values. Goes out: text on a terminal by rich; paper is not its business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.panel import Panel
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.table import Table
from rich.text import Text

from stickergen.paperwork import SLIPS
from stickergen.printers import Printer
from stickergen.problem import Language, Problem, worded
from stickergen.proof.result import Proof
from stickergen.proofing import problems as findings
from stickergen.scans.tally import WHY
from stickergen.wording import WORDS

if TYPE_CHECKING:  # a command loads what it needs, not what the others do
    from stickergen.build import Built
    from stickergen.counting import Counted
    from stickergen.drafting import Drafted
    from stickergen.publishing import Published
    from stickergen.reaching import Trial
    from stickergen.tracing import Traced

MOST_ROWS = 60
"""Of a table at the most. Tuned: what one looks through; of more only those that need looking."""


class Terminal:
    """Speaks one language: results on standard output, everything else on standard error."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self._words = WORDS[language]
        # Names and texts of the input are shown as they are: no markup, no :emoji:.
        self._out = Console(highlight=False, markup=False, emoji=False)
        self._error = Console(stderr=True, highlight=False, markup=False, emoji=False)

    def problems(self, problems: Sequence[Problem], *, count: bool = True) -> None:
        """Each problem with its place and its cure, then how many there are."""
        for problem in problems:
            wording = worded(problem, self.language)
            line = Text()
            if problem.place:
                line.append(str(problem.place), "bold").append(": ")
            self._error.print(line.append(wording.sentence), soft_wrap=True)
            hint = Text("    ").append(self._words["hint"], "cyan").append(wording.hint)
            self._error.print(hint, soft_wrap=True)
        if count:
            words = self.said("problems", count=len(problems))
            self._error.print(Text(words, "bold red"), soft_wrap=True)

    def fine(self) -> None:
        """Nothing is wrong."""
        self._error.print(self._words["fine"])

    @contextmanager
    def progress(self) -> Iterator[Callable[[str, int, int], None]]:
        """A bar for each step on a terminal, silence elsewhere."""
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        quiet = not self._error.is_terminal
        with Progress(*columns, console=self._error, transient=True, disable=quiet) as bar:
            tasks: dict[str, TaskID] = {}

            def told(step: str, done: int, total: int) -> None:
                if step not in tasks:
                    tasks[step] = bar.add_task(self._words[step])
                bar.update(tasks[step], completed=done, total=total)

            yield told

    def proof(self, proof: Proof, places: Sequence[Path] = ()) -> None:
        """What the proof found, where its report lies, and the verdict."""
        self.problems(findings(proof, self.language, "warning"), count=False)
        errors = findings(proof, self.language)
        self.problems(errors, count=False)
        for place in places:
            self._out.print(self.said("report", file=place.as_posix()), soft_wrap=True)
        name = "proof_passed" if proof.passed else "proof_failed"
        values = {"files": len(proof.files), "errors": proof.errors, "warnings": proof.warnings}
        verdict = self.said(name, **values)
        if proof.passed:
            self._out.print(Text(verdict, "bold green"), soft_wrap=True)
        else:
            self._error.print(Text(verdict, "bold red"), soft_wrap=True)

    def built(self, built: Built, folder: Path, expand: bool) -> None:
        """What to print, how many times, and what to look at first."""
        table = Table(box=None, pad_edge=False, header_style="bold")
        table.add_column(self._words["file"], no_wrap=True)
        table.add_column(self._words["what"])
        for name in ("pages", "copies", "pieces"):
            table.add_column(self._words[name], justify="right")
        for product in built.products:
            numbers = (product.pages, product.copies, product.pieces)
            table.add_row(product.file, product.what, *(f"{n:,}" if n else "" for n in numbers))
        self._out.print(table)
        self._out.print()
        if built.proof is not None:
            self.proof(built.proof)
        else:
            words = Text(self.said("not_proved", folder=folder.as_posix()), "bold")
            self._out.print(words, soft_wrap=True)
        if built.order.stickers is not None and built.order.stickers.again:
            self._held(built.held)
        self._out.print(self._words["folder"].format(folder=folder), soft_wrap=True)
        sheets = [sheet for product in built.products for sheet in product.sheets]
        first = [
            next((name for name in built.files if name.startswith(f"preview/{kind}-")), None)
            for kind in ("sticker", "labels", "flyer")
        ]
        look = ", ".join([*filter(None, first), "ticket.pdf"])
        self._out.print(self._words["look"].format(files=look), soft_wrap=True)
        numbered = any(sheet.numbered for sheet in sheets)
        then = "then" if numbered else "then_listed"
        if expand:
            then = "then_expanded"
        elif any(product.whole is not None for product in built.products):
            then = "then_numbered"
        if built.order.press.for_shop:
            then = "then_shop"
        self._out.print(self._words[then], soft_wrap=True)
        if then == "then_shop" and SLIPS in built.files:
            self._out.print(self._words["slips_stay"], soft_wrap=True)
        if built.order.sample:
            base = built.order.campaign.value.link.base
            words = Text(self._words["sample"].format(base=base))
            self._out.print(Panel(words, style="bold red", expand=False))

    def _held(self, folders: Sequence[Path]) -> None:
        """What a reprint was held against."""
        for folder in folders:
            self._out.print(self.said("held", folder=folder.as_posix()), soft_wrap=True)
        if not folders:
            self._out.print(Text(self.said("not_held"), "bold"), soft_wrap=True)

    def traced(self, traced: Sequence[Traced]) -> None:
        """What was printed under some numbers."""
        table = self._table("serial", "kind", "point", "file", "page")
        for one in traced:
            table.add_row(one.serial, one.scam, one.point, one.file, str(one.page))
        self._out.print(table)

    def listed(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """A table of parts."""
        table = Table(box=None, pad_edge=False, header_style="bold")
        table.add_column(self._words["id"], no_wrap=True)
        table.add_column(self._words["name"])
        table.add_column(self._words["details"])
        for row in rows:
            details = [self._detail(key, value) for key, value in row.items() if value]
            table.add_row(row["id"], row["name"], " · ".join(filter(None, details)))
        self._out.print(table)

    def _detail(self, key: str, value: Any) -> str:
        """A value of a row as words; id and name have columns of their own."""
        match key:
            case "id" | "name":
                return ""
            case "kind":
                return self._words[f"kind_{value}"]
            case "size_mm":
                return "×".join(f"{length:g}" for length in value) + " mm"
            case "ups":
                return self._words["ups"].format(ups=value)
            case "prints":
                return self._words["prints"].format(
                    what=self._words["and"].join(self._words[f"kind_{one}"] for one in value)
                )
            case "standard":
                return self._words[f"standard_{value}"]
            case "dpi":
                return ", ".join(f"{one:g}" for one in value) + " dpi"
            case "parts":
                return ", ".join(value)
        return str(value)

    def made(self, folder: Path) -> None:
        """A new campaign folder stands ready."""
        self._out.print(self._words["made"].format(folder=folder.as_posix()), soft_wrap=True)

    def rejected(self, proof: Proof) -> None:
        """A build whose files did not pass."""
        self.proof(proof)
        self._error.print(self._words["rejected"])

    def said(self, name: str, **values: Any) -> str:
        """A sentence of this language."""
        return self._words[name].format(**values)

    def calibration_sheet(self, file: Path, stock: str) -> None:
        """A calibration sheet is there to be printed."""
        words = self.said("calibration_sheet", file=file.as_posix(), stock=stock)
        self._out.print(words, soft_wrap=True)

    def calibrated(self, printer: Printer) -> None:
        """A printer's calibration is kept."""
        found = printer.correction
        values = {"x": found.offset.x, "y": found.offset.y, "degrees": found.skew_degrees}
        values["percent"] = 100 * found.scale
        words = self.said("calibrated", printer=printer.id, **values)
        self._out.print(words, soft_wrap=True)

    def published(self, published: Published, folder: Path, campaign: str | None) -> None:
        """The pages stand ready: where to put them."""
        base = published.site.overview.url
        pages = sum(name.endswith(".html") for name in published.files)
        values = {"pages": pages, "folder": folder.as_posix(), "campaign": campaign or ""}
        self._out.print(self.said("published", base=base, **values).rstrip(), soft_wrap=True)
        if published.left:
            self._out.print(self.said("left", count=len(published.left)), soft_wrap=True)
        if published.reading.sample:
            words = Text(self.said("sample_site", base=base))
            self._out.print(Panel(words, style="bold red", expand=False))

    def serving(self, url: str) -> None:
        """The pages can be looked at."""
        self._out.print(self.said("serving", url=url), soft_wrap=True)

    def renewed(self, problems: Sequence[Problem]) -> None:
        """A file changed: what is wrong now, or that all is well."""
        if problems:
            self.problems(problems, count=False)
        self._error.print(self._words["not_renewed" if problems else "renewed"], soft_wrap=True)

    def reached(self, trial: Trial, at: str | None) -> None:
        """What came of each address, and the cures."""
        bad = [one for one in trial.reached if one.outcome != "ok"]
        shown = trial.reached if len(trial.reached) <= MOST_ROWS else bad[:MOST_ROWS]
        table = self._table("address", "result", "seconds")
        for one in shown:
            result = self._words["reached" if one.outcome == "ok" else "not_reached"]
            table.add_row(one.address.url, result, f"{one.elapsed_s:.1f}")
        if shown:
            self._out.print(table)
        if len(shown) < len(trial.reached) and len(bad) < len(trial.reached):
            left = len(trial.reached) - len(bad)
            self._out.print(self.said("rows_left", count=left), soft_wrap=True)
        self.problems(trial.problems, count=False)
        values = {"count": len(trial.reached), "bad": len(bad)}
        if bad:
            words = self.said("reached_not", **values)
            self._error.print(Text(words, "bold red"), soft_wrap=True)
        else:
            self._out.print(Text(self.said("reached_all", **values), "bold green"), soft_wrap=True)
        if at is not None:
            self._out.print(Text(self.said("reached_at", at=at), "bold"), soft_wrap=True)

    def counted(self, counted: Counted, folder: Path) -> None:
        """How often each scam type was scanned, and where the rest stands."""
        tally = counted.tally
        if tally.cells:
            scans = tally.by(lambda cell: cell.scam)
            names = {"": self._words["overview"]}
            names |= {scam.value.id: scam.value.name for scam in counted.reading.scams}
            table = self._table("kind", "scans")
            for scam, name in [*list(names.items())[1:], ("", names[""])]:
                table.add_row(name, f"{scans.get(scam, 0):,}")
            self._out.print(table)
            days = [cell.day.isoformat() for cell in tally.cells]
            values = {"total": f"{tally.total:,}", "first": min(days), "last": max(days)}
            self._out.print(self.said("counted", **values), soft_wrap=True)
        else:
            self._out.print(self._words["counted_none"], soft_wrap=True)
        left = [f"{WHY[why][self.language]} {lines:,}" for why, lines in tally.left_out if lines]
        if left:
            words = self.said(
                "left_out", lines=f"{tally.lines:,}", left=self._words["and"].join(left)
            )
            self._out.print(words, soft_wrap=True)
        if tally.unnamed:
            self._out.print(self.said("unnamed", count=f"{tally.unnamed:,}"), soft_wrap=True)
        files = ", ".join((folder / name).as_posix() for name in counted.files)
        self._out.print(self.said("counted_files", files=files), soft_wrap=True)

    def drafted(self, drafted: Drafted, folder: Path) -> None:
        """What was found for each scam type, and what a person must do now."""
        parts = ("rules", "steps", "giveaways", "cases", "advice")
        table = self._table("file", "kind", *parts, "missing")
        table.columns[0].no_wrap = True
        table.columns[-1].overflow = "fold"
        for one in drafted.drafts:
            numbers = (str(getattr(one, part) or "") for part in parts)
            missing = " ".join(one.missing_in(self.language))  # where a narrow table may break
            table.add_row(one.file.name, one.name, *numbers, missing)
        self._out.print(table)
        if drafted.skipped:
            lines = self._words["and"].join(map(str, drafted.skipped))
            self._error.print(self.said("skipped", lines=lines), soft_wrap=True)
        words = self.said("drafted", folder=folder.as_posix())
        self._out.print(Text(words, "bold"), soft_wrap=True)

    def _table(self, *columns: str) -> Table:
        """An empty table; columns of numbers are ranged right."""
        table = Table(box=None, pad_edge=False, header_style="bold")
        numbers = {"page", "seconds", "scans", "rules", "steps", "giveaways", "cases", "advice"}
        for name in columns:
            table.add_column(self._words[name], justify="right" if name in numbers else "left")
        return table

    def wrong_usage(self, message: str, command: str) -> None:
        """The command line was not understood."""
        self._error.print(f"{self._words['usage']}{message}", soft_wrap=True)
        self._error.print(self._words["usage_hint"].format(command=command), soft_wrap=True)
