"""`longtail demo scrape`: a hidden share of machine text in pages that nobody tagged, and what an audit finds of it."""

import shlex
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.text import Text

from longtail.cli.options import console_of, progress
from longtail.lab.scenarios.catalogue import Laid
from longtail.lab.scenarios.run import laid_in, report_of
from longtail.records import Finding, Report
from longtail.report import write
from longtail.report.words import counted

NAME = "scrape"
FOLDER = "longtail-demo-scrape"
_RULE = "LT102"
_WIDTH = 80
_LABEL = 34
_COLOURS = {"ok": "green", "weak": "yellow", "refused": "red", "fail": "red", "warn": "yellow"}


def show(folder: Path, seed: int, program: str, given: dict[str, Any]) -> None:
    """Lay the scrape in a folder, audit it, write the report beside it, and tell what was found beside what was hidden.

    Args:
        folder: A new or an empty folder, or one that this demo has filled before.
        seed: Of all chance.
        program: What the commands to go on with begin with.
        given: The options `quiet` and `no_color`.

    Raises:
        UsageError: The folder holds something else, or cannot be written.
        ReadError: This Python has too little documentation of its own.
    """
    started = time.perf_counter()
    with progress(given["quiet"], given["no_color"]) as on_progress:
        laid = laid_in(NAME, folder, seed)
        report = report_of(laid, seed, on_progress)
    for suffix in (".html", ".json"):
        write(report, folder / f"{NAME}{suffix}")
    if given["quiet"]:
        return
    console = console_of(given["no_color"])
    for line in lines(laid, report, program, time.perf_counter() - started):
        console.print(line, soft_wrap=True)


def lines(laid: Laid, report: Report, program: str, seconds: float) -> Iterator[Text]:
    """Yield what the terminal shows."""
    told: dict[str, Any] = report.panels["origin"]["told"]
    whole, reference = told["whole"], told["reference"]["documents"]
    corpus = laid.corpus or laid.reference
    yield Text(f"{counted(whole['documents'], 'page')} of three sites ({corpus.name}). No tag says who wrote which.")
    yield Text(f"{'Share that a model wrote':<{_LABEL}}{'share':>6}   interval         status", "dim")
    yield Text(f"{'  hidden in it':<{_LABEL}}{laid.facts['hidden']:>6.3f}")
    yield _found(whole)
    finding = next((each for each in report.findings if each.code == _RULE), None)
    if finding is not None:
        yield from _finding(finding)
    known = ", ".join(f"{count:,} {name}" for name, count in reference.items())
    yield Text(f"Told by the texts alone, beside others of known origin ({known});")
    yield Text("it speaks of all pages together, and accuses none of them.")
    yield Text(f"{seconds:.0f} s. The report: {corpus.with_suffix('.html')}")
    yield Text("Next:")
    yield from (Text(f"  {line}") for line in _commands(laid, program))


def _found(whole: dict[str, Any]) -> Text:
    machine, label = whole["machine"], f"{'  found by the audit (estimate)':<{_LABEL}}"
    status = (whole["status"], _COLOURS[whole["status"]])
    if machine["share"] is None:
        return Text.assemble(label, f"{'–':>6}   {'–':<17}", status)
    return Text.assemble(label, f"{machine['share']:>6.3f}   {machine['low']:.3f} to {machine['high']:.3f}   ", status)


def _finding(finding: Finding) -> Iterator[Text]:
    yield Text.assemble((f"{finding.code} {finding.status}", _COLOURS.get(finding.status, "")), f"  {finding.title}")
    origin = finding.because.partition(": ")[0]
    yield from (Text(f"  {line}") for line in textwrap.wrap(f"{origin}.", _WIDTH - 2))


def _commands(laid: Laid, program: str) -> Iterator[str]:
    data, human, machine = (shlex.quote(str(path)) for path in (laid.corpus, laid.reference, laid.synthetic))
    for command, option in (("audit", "--reference"), ("estimate", "--human")):
        yield f"{program} {command} {data} {option} {human} \\"
        yield f"  --synthetic {machine} --closed"
