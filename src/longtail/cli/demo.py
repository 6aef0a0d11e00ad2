"""The command `longtail demo`."""

import time
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from longtail.cli.options import console_of, progress, quietly
from longtail.lab.scenarios.audited import AuditedDemo, Kept, audit_demo
from longtail.lab.scenarios.stdlib import write_demo
from longtail.report import write

_TITLES = {
    "replace": "each generation learns from the last one only",
    "replace_t0.8": "the same, sampled at temperature 0.8",
    "accumulate": "each generation learns from the real text and all before it",
}


@click.command("demo", short_help="Collapse and its prevention on real text, offline, in a minute.")
@click.option("--write", "folder", default="longtail-demo", show_default=True, metavar="DIR", help="Where the generations are written.")
@click.option("--generations", default=5, show_default=True, help="Generations of each lineage.")
@click.option("--seed", default=0, show_default=True, help="Seed of the split, the models and the audits.")
@quietly
def command(folder: str, generations: int, seed: int, **given: Any) -> None:
    r"""Train a small language model on Python's own documentation, let it learn from itself, and audit what is left.

    Writes human.jsonl (held out), train.jsonl and, for each lineage, gen1.jsonl … into DIR, with a report of each
    lineage's last generation. Needs no data and no network.

    \b
    Example:
      longtail demo
    """
    started = time.perf_counter()
    with progress(given["quiet"], given["no_color"]) as on_progress:
        files = write_demo(Path(folder), seed=seed, generations=generations, on_progress=on_progress)
        audited = audit_demo(files, seed=seed, on_progress=on_progress)
    for lineage, report in audited.reports.items():
        write(report, Path(folder) / f"{lineage}.html")
        write(report, Path(folder) / f"{lineage}.json")
    if not given["quiet"]:
        _show(audited, Path(folder), given["no_color"], time.perf_counter() - started)


def _show(audited: AuditedDemo, folder: Path, no_color: bool, seconds: float) -> None:
    console = console_of(no_color)
    console.print("Kept from generation 1, in words that a held-out human text marks as common or rare:\n")
    for lineage, report in audited.reports.items():
        status = next((finding.status for finding in report.findings if finding.code == "LT301"), "pass")
        console.print(f"[bold]{lineage}[/bold]: {_TITLES.get(lineage, '')}   LT301 {status} · {report.phase.name}")
        console.print(_table([row for row in audited.kept if row.lineage == lineage]))
    console.print(f"{len(audited.kept)} audits in {seconds:.0f} s. Reports: {folder}/*.html   Try one yourself:")
    console.print(
        f"  longtail audit {folder}/replace/gen5.jsonl --baseline {folder}/replace/gen1.jsonl --reference {folder}/human.jsonl",
        soft_wrap=True,
    )


def _table(rows: list[Kept]) -> Table:
    table = Table(box=None, pad_edge=True, header_style="dim")
    for heading in ("generation", "common words: share of text", "rare words: share of text", "rare words: how many"):
        table.add_column(heading, justify="right")
    for row in rows:
        table.add_row(
            str(row.generation),
            *(f"{value:.2f} [{low:.2f}, {high:.2f}]" for value, low, high in (row.head_mass, row.tail_mass, row.tail_types)),
        )
    return table
