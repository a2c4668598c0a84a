"""The command line: arguments in, words on the screen and an exit code out.

Exit codes: 0 done, 1 problems in the input, 2 wrong usage, 3 something needed is missing. The
steps are imported when a command runs, so that `--help` answers at once.
"""

from __future__ import annotations

import json
import locale
import os
import re
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from stickergen import __version__
from stickergen.manual import HELP

if TYPE_CHECKING:
    from stickergen.problem import Language
    from stickergen.terminal import Terminal

DONE, BAD_INPUT, WRONG_USAGE, MISSING = 0, 1, 2, 3
"""Exit codes."""

INTERRUPTED = 130
"""Exit code after Ctrl+C: 128 + SIGINT, as shells give it."""

KINDS = ("scams", "templates", "stocks", "presses", "campaigns")
SCHEMAS = ("campaign", "scam", "template", "stock", "press", "website")


def spoken_language(arguments: Sequence[str]) -> Language:
    """The language asked for on the command line, else that of the locale, else English."""
    for number, argument in enumerate(arguments):
        value = argument.removeprefix("--lang=")
        if argument == "--lang" and number + 1 < len(arguments):
            value = arguments[number + 1]
        if argument.startswith("--lang") and value in ("zh", "en"):
            return "zh" if value == "zh" else "en"
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if chosen := os.environ.get(name):
            return "zh" if chosen.lower().startswith("zh") else "en"
    system = locale.getlocale()[0] or ""
    return "zh" if system.lower().startswith(("zh", "chinese")) else "en"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """Run the command line; the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    language = spoken_language(arguments)
    try:
        result = commands(language).main(
            list(arguments), prog_name="stickergen", standalone_mode=False
        )
        return result if isinstance(result, int) else DONE
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return WRONG_USAGE
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "stickergen"
        _terminal(language).wrong_usage(_said(error, language), command)
        return WRONG_USAGE
    except (click.Abort, KeyboardInterrupt):
        words = "已停。再运行同样的命令，做好的部分接着用。"
        if language == "en":
            words = "Stopped. Run the same command again: what is finished is kept."
        click.echo(words, err=True)
        return INTERRUPTED
    except OSError as error:  # the screen, or the file that stands for it, takes no more
        click.echo(error.strerror or str(error), err=True)
        return BAD_INPUT


def _said(error: click.UsageError, language: Language) -> str:
    """What is wrong with the command line; click itself speaks English only."""
    if language == "en":
        return error.format_message()
    match error:
        case click.NoSuchOption():
            return f"没有 {error.option_name} 这个选项。"
        case click.BadOptionUsage():
            return f"{error.option_name} 后面还要写一个值。"
        case click.MissingParameter():
            name = error.param.get_error_hint(error.ctx) if error.param and error.ctx else ""
            return f"还缺一项：{name}"
        case click.BadParameter():
            name = error.param.get_error_hint(error.ctx) if error.param and error.ctx else ""
            return f"{name} 的值不对。"
    of_a_command = error.ctx is not None and error.ctx.parent is not None
    return "写多了，或者写的地方不对。" if of_a_command else "没有这个命令。"


def commands(language: Language) -> click.Group:
    """The commands, with their help in a language."""
    words = HELP[language]
    lang = click.option("--lang", type=click.Choice(["zh", "en"]), help=words["lang"])

    @click.group(help=words["group"], context_settings={"help_option_names": ["-h", "--help"]})
    @click.version_option(__version__, prog_name="stickergen")
    @lang
    def group(lang: str | None) -> None:
        del lang  # read by spoken_language before any command runs

    def command(name: str) -> Callable[[Callable[..., int]], click.Command]:
        def made(function: Callable[..., int]) -> click.Command:
            def told(lang: str | None, **values: Any) -> int:
                del lang
                if name == "build" and values["jobs"] != 1 and values["dask"] is None:
                    _head_start(values["campaign"])
                return _told(language, function, values)

            told.__click_params__ = getattr(function, "__click_params__", [])  # type: ignore[attr-defined]
            return group.command(name, help=words[name])(lang(told))

        return made

    @command("build")
    @click.argument("campaign", required=False)
    @click.option("-o", "--output", type=click.Path(path_type=Path), help=words["output"])
    @click.option("--expand", is_flag=True, help=words["expand"])
    @click.option("--only", type=click.Choice(["stickers", "flyers"]), help=words["only"])
    @click.option("--press", metavar="NAME", help=words["press"])
    @click.option("--printer", metavar="NAME", help=words["printer"])
    @click.option("--skip", type=click.IntRange(min=0), default=0, help=words["skip"])
    @click.option("--serials", metavar="A-B", help=words["serials"])
    @click.option("--volume", type=click.IntRange(min=2), metavar="PAGES", help=words["volume"])
    @click.option("--jobs", type=click.IntRange(min=1), help=words["jobs"])
    @click.option("--dask", metavar="ADDRESS", help=words["dask"])
    @click.option("--no-proof", is_flag=True, help=words["no_proof"])
    def build(terminal: Terminal, **values: Any) -> int:
        return _build(terminal, **values)

    @command("check")
    @click.argument("paths", nargs=-1, required=True, metavar="PATH...")
    def check(terminal: Terminal, paths: tuple[str, ...]) -> int:
        from stickergen.checking import check_all

        problems = check_all(paths)
        if problems:
            terminal.problems(problems)
            return BAD_INPUT
        terminal.fine()
        return DONE

    @command("proof")
    @click.argument("paths", nargs=-1, required=True, metavar="PATH...")
    def proof(terminal: Terminal, paths: tuple[str, ...]) -> int:
        return _proof(terminal, paths)

    @command("trace")
    @click.argument("numbers", nargs=-1, required=True, metavar="NUMBER...")
    @click.option(
        *("-f", "--from", "folder"),
        default="output",
        type=click.Path(path_type=Path),
        help=words["trace_from"],
    )
    def trace(terminal: Terminal, numbers: tuple[str, ...], folder: Path) -> int:
        from stickergen.tracing import trace

        terminal.traced(trace(folder, numbers))
        return DONE

    @command("calibrate")
    @click.option("--stock", metavar="NAME", required=True, help=words["calibrate_stock"])
    @click.option("--printer", metavar="NAME", help=words["calibrate_printer"])
    @click.option("--readings", nargs=4, metavar="A B C D", help=words["readings"])
    @click.option(
        "-o",
        "--output",
        default="output",
        type=click.Path(path_type=Path),
        help=words["calibrate_output"],
    )
    def calibrate(terminal: Terminal, **values: Any) -> int:
        return _calibrate(terminal, **values)

    @command("site")
    @click.argument("campaign", required=False)
    @click.option(
        "-o",
        "--output",
        default="output/site",
        type=click.Path(path_type=Path),
        help=words["site_output"],
    )
    def site(terminal: Terminal, campaign: str | None, output: Path) -> int:
        from stickergen.library import campaign_file
        from stickergen.publishing import publish

        terminal.published(publish(campaign_file(campaign), output), output, campaign)
        return DONE

    @command("serve")
    @click.argument("campaign", required=False)
    @click.option("--port", type=click.IntRange(0, 65535), default=8000, help=words["port"])
    def serve(terminal: Terminal, campaign: str | None, port: int) -> int:
        return _serve(terminal, campaign, port)

    @command("links")
    @click.argument("campaign", required=False)
    @click.option("--at", metavar="URL", help=words["at"])
    def links(terminal: Terminal, campaign: str | None, at: str | None) -> int:
        from stickergen.library import campaign_file
        from stickergen.reaching import reach_campaign

        with terminal.progress() as progress:
            found = reach_campaign(
                campaign_file(campaign),
                at=at,
                progress=lambda done, total: progress("fetching", done, total),
            )
        terminal.reached(found, at)
        return DONE if found.passed else BAD_INPUT

    @command("scans")
    @click.argument("logs", nargs=-1, required=True, metavar="LOG...")
    @click.option("--campaign", required=True, metavar="CAMPAIGN", help=words["scans_campaign"])
    @click.option(
        "-o",
        "--output",
        default="output/scans",
        type=click.Path(path_type=Path),
        help=words["output"],
    )
    def scans(terminal: Terminal, **values: Any) -> int:
        return _scans(terminal, **values)

    @command("draft")
    @click.argument("bulletin", metavar="BULLETIN", type=click.Path(path_type=Path))
    @click.option(
        "-o",
        "--output",
        default="drafts",
        type=click.Path(path_type=Path),
        help=words["draft_output"],
    )
    def draft(terminal: Terminal, bulletin: Path, output: Path) -> int:
        from stickergen import drafting

        terminal.drafted(drafting.draft(bulletin, output), output)
        return DONE

    @command("list")
    @click.argument("kind", type=click.Choice(KINDS))
    @click.option("--json", "as_json", is_flag=True, help=words["json"])
    def listed(terminal: Terminal, kind: str, as_json: bool) -> int:
        from stickergen.listing import listing

        rows = listing(kind)
        if as_json:
            click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        else:
            terminal.listed(rows)
        return DONE

    @command("new")
    @click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
    def new(terminal: Terminal, folder: Path) -> int:
        from stickergen.starter import start

        start(folder)
        terminal.made(folder)
        return DONE

    @command("schema")
    @click.argument("kind", type=click.Choice(SCHEMAS), default="campaign")
    def schema(terminal: Terminal, kind: str) -> int:
        from stickergen.starter import schema_text

        click.echo(schema_text(kind), nl=False)
        return DONE

    return group


def _head_start(campaign: str | None) -> None:
    """Let the processes of a numbered order load while the order is still read."""
    from stickergen.executors import head_start

    path = Path(campaign or "")
    with suppress(OSError, ValueError):  # what is wrong with it is told when it is read
        text = (path / "campaign.yaml" if path.is_dir() else path).read_bytes()
        if campaign and re.search(rb"^\s+serial:", text, re.MULTILINE):
            head_start()


def _build(
    terminal: Terminal,
    campaign: str | None,
    output: Path | None,
    expand: bool,
    only: Literal["stickers", "flyers"] | None,
    press: str | None,
    printer: str | None,
    skip: int,
    serials: str | None,
    volume: int | None,
    jobs: int | None,
    dask: str | None,
    no_proof: bool,
) -> int:
    from stickergen.build import Rejected, Way, build
    from stickergen.executors import crew
    from stickergen.library import campaign_file
    from stickergen.order import ready
    from stickergen.printers import correction_for
    from stickergen.problem import InputError, Problem
    from stickergen.proof.crew import workers_at_most
    from stickergen.reprint import OUTPUT, reprint_name

    if serials is not None:
        if only == "flyers":
            raise InputError([Problem("serials-of-flyers")])
        only = "stickers"
    order = ready(campaign_file(campaign), only, press, serials)
    if output is None:
        output = Path(OUTPUT)
        if order.stickers is not None and order.stickers.again:
            output /= reprint_name(order.stickers)
    if order.stickers is None or order.stickers.numbering is None:
        options = {"--volume": volume, "--dask": dask}
        if given := [option for option, value in options.items() if value is not None]:
            raise InputError([Problem("option-without-serial", None, {"option": given[0]})])
    correction = None
    if printer is not None:
        correction = correction_for(printer, order.press, order.papers, order.library)
    way = Way(
        expand=expand,
        skip=skip,
        correction=correction,
        volume_pages=volume,
        jobs=jobs,
        crew=crew(jobs or workers_at_most(), dask),
        prove=not no_proof,
    )
    try:
        with terminal.progress() as progress:
            built = build(order, output, way, progress)
    except Rejected as rejected:
        terminal.rejected(rejected.proof)
        return BAD_INPUT
    terminal.built(built, output, expand)
    return DONE


def _proof(terminal: Terminal, paths: tuple[str, ...]) -> int:
    from stickergen.proofing import prove_paths, write_report

    files = [Path(path) for path in paths]
    with terminal.progress() as progress:
        proof = prove_paths(files, lambda done, known: progress("proving", done, known))
    terminal.proof(proof, write_report(proof, files, terminal.language))
    return DONE if proof.passed else BAD_INPUT


def _calibrate(
    terminal: Terminal,
    stock: str,
    printer: str | None,
    readings: tuple[str, ...] | None,
    output: Path,
) -> int:
    from stickergen.calibrating import keep_readings, write_sheet
    from stickergen.press.correction import LETTERS

    if printer is None and readings:
        raise click.UsageError(terminal.said("readings_without_printer"))
    if printer is None:
        terminal.calibration_sheet(write_sheet(stock, output), stock)
        return DONE
    if not readings:
        readings = tuple(click.prompt(terminal.said("scale", letter=one)) for one in LETTERS)
    terminal.calibrated(keep_readings(stock, printer, readings))
    return DONE


def _serve(terminal: Terminal, campaign: str | None, port: int) -> int:
    from stickergen.library import campaign_file
    from stickergen.serving import serving

    with serving(campaign_file(campaign), port, terminal.renewed) as server:
        terminal.serving(server.url)
        with suppress(KeyboardInterrupt):  # the way to end it
            server.watch()
    return DONE


def _scans(terminal: Terminal, logs: tuple[str, ...], campaign: str, output: Path) -> int:
    from stickergen.counting import count_scans
    from stickergen.library import campaign_file

    with terminal.progress() as progress:
        counted = count_scans(
            [Path(log) for log in logs],
            campaign_file(campaign),
            output,
            lambda done, total: progress("reading", done, total),
        )
    terminal.counted(counted, output)
    return DONE


def _told(language: Language, function: Callable[..., int], values: dict[str, Any]) -> int:
    """Run a command; problems become words and an exit code, never a traceback."""
    from stickergen.problem import InputError, MissingError

    terminal = _terminal(language)
    try:
        return function(terminal, **values)
    except InputError as error:
        terminal.problems(error.problems)
        return BAD_INPUT
    except MissingError as error:
        terminal.problems([error.problem])
        return MISSING


def _terminal(language: Language) -> Terminal:
    from stickergen.terminal import Terminal

    return Terminal(language)


if __name__ == "__main__":
    main()
