"""The command `longtail demo`."""

import shlex
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from shutil import which
from typing import Any

import click
from rich.text import Text

from longtail.cli import demo_scrape
from longtail.cli.options import console_of, progress, quietly
from longtail.errors import UnknownName, UsageError
from longtail.lab.scenarios.audited import AuditedDemo, Kept, audit_demo
from longtail.lab.scenarios.stdlib import DemoFiles, write_demo
from longtail.records import Report, Status
from longtail.report import write
from longtail.report.drawing.charts import spread
from longtail.report.page import generations as picture
from longtail.report.panels import margin_of
from longtail.report.put import put

_TITLES = {
    "replace": "each generation learns from the last one only",
    "replace_t0.8": "the same, sampled at temperature 0.8",
    "accumulate": "learns from the real text and all generations before",
}
_SERIES = (
    picture.Series("head_mass", "common words: share of the text", 0),
    picture.Series("tail_types", "rare words: how many are left", 1),
    picture.Series("tail_mass", "rare words: share of the text", picture.NOT_DRAWN),
)
_ROWS = ("head_mass", "tail_mass", "tail_types")
_HEADLINE = "Common words stay, rare words vanish, unless the real text is kept"
_SENTENCE = (
    "A small model learnt from the documentation that comes with Python and then, generation after generation, from its own output; "
    "this is what each one kept of the words that held-out human text marks as common or rare."
)
_STYLES: dict[Status, str] = {"pass": "green", "warn": "yellow", "fail": "red", "not_measured": "cyan"}
_WIDTH = 80
_LABEL = 37
_COLUMNS = 5
_GENERATIONS = 5


@click.command("demo", short_help="Collapse and its prevention on real text, offline, in a minute.")
@click.argument("name", required=False, metavar="[scrape]")
@click.option("--write", "folder", metavar="DIR", help=f"Where data and reports go.  [default: longtail-demo, or {demo_scrape.FOLDER}]")
@click.option("--generations", type=int, help="Generations of each lineage.  [default: 5]")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of the split, the models and the audits.")
@quietly
def command(name: str | None, folder: str | None, generations: int | None, seed: int, **given: Any) -> None:
    r"""Train a small language model on Python's own documentation, let it learn from itself, and audit what is left.

    Writes human.jsonl (held out), train.jsonl and, for each lineage, gen1.jsonl … into DIR, with a report of each
    lineage's last generation, the picture of all (generations.svg) and a page around it (index.html). Needs no data
    and no network.

    `scrape` hides what such a model writes among pages that people wrote, without any tag, and lets an audit find how
    much of it there is: scrape.jsonl, human.jsonl and model.jsonl to compare with, and scrape.html.

    \b
    Examples:
      longtail demo
      longtail demo scrape
    """
    if name is not None:
        _scrape(name, folder, generations, seed, given)
        return
    started = time.perf_counter()
    with progress(given["quiet"], given["no_color"]) as on_progress:
        files = write_demo(
            Path(folder or "longtail-demo"),
            seed=seed,
            generations=_GENERATIONS if generations is None else generations,
            on_progress=on_progress,
        )
        audited = audit_demo(files, seed=seed, on_progress=on_progress)
    _write(audited, files)
    if not given["quiet"]:
        console = console_of(given["no_color"])
        for line in _lines(audited, files, time.perf_counter() - started):
            console.print(line, soft_wrap=True)


def _scrape(name: str, folder: str | None, generations: int | None, seed: int, given: dict[str, Any]) -> None:
    """Show the demo of that name.

    Raises:
        UnknownName: There is none.
        UsageError: Generations are asked of a demo that has none.
    """
    if name != demo_scrape.NAME:
        raise UnknownName("demo", name, [demo_scrape.NAME])
    if generations is not None:
        raise UsageError(f"--generations {generations}: the demo {name} has no generations; leave it out")
    demo_scrape.show(Path(folder or demo_scrape.FOLDER), seed, _program(), given)


def _write(audited: AuditedDemo, files: DemoFiles) -> None:
    for lineage, report in audited.reports.items():
        write(report, files.folder / f"{lineage}.html")
        write(report, files.folder / f"{lineage}.json")
    told = _story(audited, files)
    put(files.folder / "generations.svg", picture.generations_svg(told))
    put(files.folder / "index.html", picture.generations_html(told))


def _story(audited: AuditedDemo, files: DemoFiles) -> picture.Story:
    lineages = [
        picture.Lineage(
            lineage, _TITLES[lineage], _status(report), f"({report.phase.name}): {_verdict(audited, lineage)}", f"{lineage}.html"
        )
        for lineage, report in audited.reports.items()
    ]
    return picture.Story(
        headline=_HEADLINE,
        sentence=_SENTENCE,
        kept=[picture.Kept(row.lineage, row.generation, {name: getattr(row, name) for name in _ROWS}) for row in audited.kept],
        series=_SERIES,
        lineages=lineages,
        commands=[command.replace(" \\\n    ", " ") for command in _commands(files)],
        margin=max(map(margin_of, audited.reports.values()), default=0.9),
    )


def _lines(audited: AuditedDemo, files: DemoFiles, seconds: float) -> Iterator[Text]:
    """Yield what the terminal shows, no line of it wider than 80 columns."""
    yield Text("A small model learns from Python's documentation, then from its own output.")
    if audited.kept:
        shown = _shown(audited.kept)
        yield Text(f"{'Kept from generation 1, by generation':<{_LABEL}}{_cells([str(each) for each in shown])}   last, range", "dim")
    for lineage, report in audited.reports.items():
        yield Text.assemble((lineage, "bold"), f": {_TITLES[lineage]}")
        rows = [row for row in audited.kept if row.lineage == lineage]
        yield from (Text(_row(series, rows)) for name in _ROWS for series in _SERIES if series.name == name)
        status = _status(report)
        told = textwrap.wrap(f"{status.replace('_', ' ')} ({report.phase.name}): {_verdict(audited, lineage)}", _WIDTH - 2)
        yield from (Text(f"  {line}", _STYLES[status]) for line in told)
    yield Text(f"{len(audited.kept)} audits in {seconds:.0f} s. The picture and the reports: {files.folder / 'index.html'}")
    yield Text("Next:")
    yield from (Text(f"  {command}") for command in _commands(files))


def _row(series: picture.Series, rows: list[Kept]) -> str:
    ranges = {row.generation: getattr(row, series.name) for row in rows}
    _, low, high = ranges[max(ranges)]
    return f"{'  ' + series.label:<{_LABEL}}{_cells([f'{ranges[each][0]:.0%}' for each in _shown(rows)])}   {low:.0%} to {high:.0%}"


def _shown(rows: tuple[Kept, ...] | list[Kept]) -> list[int]:
    """Return the generations that have a column, the first and the last among them."""
    known = sorted({row.generation for row in rows})
    return [known[at] for at in spread(len(known), _COLUMNS)]


def _cells(cells: list[str]) -> str:
    return "".join(f"{cell:>5}" for cell in cells)


def _verdict(audited: AuditedDemo, lineage: str) -> str:
    """Return what became of a lineage, from the numbers of its last generation."""
    last = max((row for row in audited.kept if row.lineage == lineage), key=lambda row: row.generation)
    lost, share = 1 - last.tail_types[0], last.tail_mass[0]
    head = last.head_mass[0] - 1
    common = (
        "common words keep their share of the text" if abs(head) < 0.02 else f"common words take {abs(head):.0%} {_more(head)} of the text"
    )
    rare = f"{lost:.0%} of the rare words are gone" if lost > 0 else "no rare words are gone"
    margin = margin_of(audited.reports[lineage])
    if last.tail_types[1] >= margin:
        return f"{common}, {rare}: not more than the margin allows."
    if last.tail_mass[2] < 1:
        return f"{common}, {rare}, and those left hold {1 - share:.0%} less of it."
    return f"{common}, {rare}; those left are used more, so their share of it shows no loss."


def _more(change: float) -> str:
    return "more" if change > 0 else "less"


def _status(report: Report) -> Status:
    """Return what the tail rule found."""
    if any(absent.code == "LT301" for absent in report.not_measured):
        return "not_measured"
    return next((finding.status for finding in report.findings if finding.code == "LT301"), "pass")


def _program() -> str:
    """Return what starts this program in this shell."""
    program = Path(sys.argv[0])
    return str(program) if program.name == "longtail" and which("longtail") is None else "longtail"


def _commands(files: DemoFiles) -> tuple[str, str]:
    """Return two commands to go on with, as they would work in this shell."""
    name = _program()
    paths = [shlex.quote(str(path)) for path in files.lineages["replace"]]
    baseline = f" \\\n    --baseline {paths[0]}" if len(paths) > 1 else ""
    return f"{name} audit {paths[-1]}{baseline} \\\n    --reference {shlex.quote(str(files.human))}", f"{name} explain LT301"
