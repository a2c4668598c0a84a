"""Words on the screen, in Chinese and English: problems, lists, what to print next.

Comes in: plain values. Goes out: text on a terminal by rich; paper is not its business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.panel import Panel
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.table import Table
from rich.text import Text

from stickergen.build import Built, Step
from stickergen.job import SLIPS
from stickergen.printers import Printer
from stickergen.problem import Language, Problem, worded
from stickergen.proof.result import Proof
from stickergen.proofing import problems as findings

WORDS: dict[Language, dict[str, str]] = {
    "zh": {
        "hint": "怎么办：",
        "problems": "共 {count} 处问题，什么都没有写。",
        "fine": "没有问题。",
        "drawing": "正在制作",
        "proving": "正在检查",
        "report": "检查报告：{file}",
        "proof_passed": "检查通过：{files} 个文件，{warnings} 处提醒。",
        "proof_failed": "没有通过：{errors} 处错误，{warnings} 处提醒，不能付印。",
        "rejected": "什么都没有写。",
        "file": "文件",
        "what": "内容",
        "pages": "页",
        "copies": "印几张",
        "pieces": "成品数",
        "folder": "全部文件在：{folder}",
        "look": "先看：{files}",
        "then": "页边写着“第1–27张”的，那一页就印 27 张；每页印几张见 ticket.pdf。"
        "打印时选“实际大小”（100%），不要缩放。",
        "then_listed": "每页印几张见 ticket.pdf；打印时选“实际大小”（100%），不要缩放。",
        "then_shop": "发给印刷厂：ticket.pdf（印刷工单）、proof.html（检查报告）和其余 PDF。",
        "slips_stay": "slips.pdf 是分隔页，不发，在办公室打印。",
        "then_expanded": "每个文件从头到尾印一遍就是全部；打印时选“实际大小”（100%），不要缩放。",
        "sample": "样张！二维码还指向示范网址 {base}，不能投放。\n"
        "把活动文件里的 link.base 和 issuer.hosts 改成本单位的网址，再做一次。",
        "made": "新建好了：{folder}\n"
        '用记事本打开 {folder}/campaign.yaml，照着注释改。改完检查：stickergen check "{folder}"\n'
        '没有问题再制作：stickergen build "{folder}" -o "{folder}/output"',
        "calibration_sheet": "校准页：{file}\n"
        "用标签纸 {stock} 按“实际大小”（100%）印一张，看页上的说明读出四个数，再运行：\n"
        "stickergen calibrate --stock {stock} --printer 打印机名",
        "readings_without_printer": "写了 --readings，还要写 --printer 打印机名。",
        "reading": "小尺 {letter} 的读数（毫米，如 0.5 或 -1）",
        "calibrated": "记下了：{printer}。往右 {x:+.2f} 毫米，往下 {y:+.2f} 毫米，"
        "缩放 {percent:.2f}%，转 {degrees:+.2f}°。\n"
        "以后制作时写：stickergen build … --printer {printer}",
        "usage": "用法不对：",
        "usage_hint": "运行 {command} --help 看用法。",
        "id": "代号",
        "name": "名称",
        "details": "说明",
        "kind_sticker": "贴纸",
        "kind_flyer": "传单",
        "kind_sheet": "整张",
        "kind_one-up": "单枚",
        "kind_roll": "卷装",
        "ups": "每张 {ups} 枚",
        "prints": "印{what}",
        "and": "、",
        "standard_plain": "",
        "standard_pdf-x-1a": "PDF/X-1a:2003",
        "standard_pdf-x-4": "PDF/X-4",
    },
    "en": {
        "hint": "What to do: ",
        "problems": "{count} problem(s); nothing was written.",
        "fine": "No problems.",
        "drawing": "Drawing",
        "proving": "Proving",
        "report": "Report: {file}",
        "proof_passed": "Passed: {files} file(s), {warnings} warning(s).",
        "proof_failed": "Not passed: {errors} error(s), {warnings} warning(s); do not print.",
        "rejected": "Nothing was written.",
        "file": "file",
        "what": "what",
        "pages": "pages",
        "copies": "sheets to print",
        "pieces": "pieces",
        "folder": "All files are in: {folder}",
        "look": "Look first at: {files}",
        "then": "A page that says 第1–27张 (sheets 1–27) is printed 27 times; see ticket.pdf. "
        'Print at "actual size" (100 %), without scaling.',
        "then_listed": "ticket.pdf says how often each page is printed. "
        'Print at "actual size" (100 %), without scaling.',
        "then_shop": "Send to the print shop: ticket.pdf (the order), proof.html (the report) "
        "and the other PDFs.",
        "slips_stay": "slips.pdf holds separating pages: keep it and print it in the office.",
        "then_expanded": "Print each file once from the first page to the last, at "
        '"actual size" (100 %), without scaling.',
        "sample": "A SAMPLE! The codes still lead to the example address {base}: do not hand out.\n"
        "Put your own address into link.base and issuer.hosts of the campaign and build again.",
        "made": "Made: {folder}\n"
        "Open {folder}/campaign.yaml and edit it as its comments say; look for mistakes: "
        'stickergen check "{folder}"\n'
        'then build: stickergen build "{folder}" -o "{folder}/output"',
        "calibration_sheet": "Calibration sheet: {file}\nPrint it once on stock {stock} at "
        '"actual size" (100 %), read the four scales as it says, then run:\n'
        "stickergen calibrate --stock {stock} --printer NAME",
        "readings_without_printer": "--readings needs --printer NAME.",
        "reading": "Scale {letter} reads (mm, such as 0.5 or -1)",
        "calibrated": "Kept: {printer}. {x:+.2f} mm to the right, {y:+.2f} mm down, scale "
        "{percent:.2f} %, turn {degrees:+.2f}°.\n"
        "From now on: stickergen build … --printer {printer}",
        "usage": "Wrong usage: ",
        "usage_hint": "{command} --help shows how.",
        "id": "id",
        "name": "name",
        "details": "details",
        "kind_sticker": "sticker",
        "kind_flyer": "flyer",
        "kind_sheet": "sheet",
        "kind_one-up": "one-up",
        "kind_roll": "roll",
        "ups": "{ups} a page",
        "prints": "prints {what}",
        "and": ", ",
        "standard_plain": "",
        "standard_pdf-x-1a": "PDF/X-1a:2003",
        "standard_pdf-x-4": "PDF/X-4",
    },
}


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
    def progress(self) -> Iterator[Callable[[Step, int, int], None]]:
        """A bar for each step on a terminal, silence elsewhere."""
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        quiet = not self._error.is_terminal
        with Progress(*columns, console=self._error, transient=True, disable=quiet) as bar:
            tasks: dict[Step, TaskID] = {}

            def told(step: Step, done: int, total: int) -> None:
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
            numbers = (len(product.sheets), product.copies, product.pieces)
            table.add_row(product.file, product.what, *(f"{n:,}" if n else "" for n in numbers))
        self._out.print(table)
        self._out.print()
        self.proof(built.proof)
        self._out.print(self._words["folder"].format(folder=folder), soft_wrap=True)
        sheets = [sheet for product in built.products for sheet in product.sheets]
        first = [
            next((name for name in built.files if name.startswith(f"preview/{kind}-")), None)
            for kind in ("sticker", "labels", "flyer")
        ]
        look = ", ".join([*filter(None, first), "ticket.pdf"])
        self._out.print(self._words["look"].format(files=look), soft_wrap=True)
        numbered = any(sheet.numbered for sheet in sheets)
        then = "then_expanded" if expand else "then" if numbered else "then_listed"
        if built.order.press.for_shop:
            then = "then_shop"
        self._out.print(self._words[then], soft_wrap=True)
        if then == "then_shop" and SLIPS in built.files:
            self._out.print(self._words["slips_stay"], soft_wrap=True)
        if built.order.sample:
            base = built.order.campaign.value.link.base
            words = Text(self._words["sample"].format(base=base))
            self._out.print(Panel(words, style="bold red", expand=False))

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

    def wrong_usage(self, message: str, command: str) -> None:
        """The command line was not understood."""
        self._error.print(f"{self._words['usage']}{message}", soft_wrap=True)
        self._error.print(self._words["usage_hint"].format(command=command), soft_wrap=True)
