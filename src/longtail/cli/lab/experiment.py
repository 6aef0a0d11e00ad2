"""The command `longtail lab experiment`."""

import sys
from pathlib import Path
from typing import Any

import click
from rich.text import Text

from longtail.cli.options import check_output, console_of, progress, quietly
from longtail.errors import UsageError
from longtail.lab.experiment import Experiment, Outcome, load, names, perform
from longtail.lab.result import Run
from longtail.report.drawing.png import require_png
from longtail.report.lab.claims import experiment_json, experiment_lines, folded
from longtail.report.lab.figure import COLOURS
from longtail.report.lab.files import write_runs
from longtail.report.put import put

SUFFIXES = (".json", ".png", ".svg")


@click.command("experiment", short_help="Test claims about collapse, each with an interval.")
@click.argument("asked", metavar="[NAME|FILE.toml]...", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Run all experiments that are shipped.")
@click.option("--quick", is_flag=True, help="Fewer replicates: wider intervals, more that is undecided.")
@click.option("--workers", type=click.IntRange(min=1), default=1, show_default=True, help="Processes; the numbers do not depend on them.")
@click.option("--keep", metavar="DIR", help="Folder of finished blocks: what was stopped goes on where it was.")
@click.option("--out", metavar="FILE", help="Write to FILE: .json, or of one experiment .svg .png.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON on stdout and nothing else.")
@quietly
def command(asked: tuple[str, ...], every: bool, quick: bool, workers: int, keep: str | None, **given: Any) -> None:
    r"""Run experiments: a claim, the runs that test it, and what each expectation came to.

    An expectation holds or fails where a one-sided 99 % bound lies on one side of what was asked, and is undecided
    otherwise. Without a name the experiments are listed. Exit code 1: an expectation fails.

    \b
    Examples:
      longtail lab experiment
      longtail lab experiment gate-matrix
      longtail lab experiment my-claim.toml --quick --out figure.svg
      longtail lab experiment --all --workers 2 --keep blocks
    """
    experiments = [load(name) for name in (names() if every else asked)]
    _check(given["out"], experiments)
    if not experiments:
        _list(given["no_color"])
        return
    silent = given["quiet"] or given["as_json"]
    outcomes: list[tuple[Experiment, Outcome]] = []
    with progress(silent, given["no_color"]) as on_progress:
        for experiment in experiments:
            outcome = perform(experiment, quick=quick, workers=workers, keep=Path(keep) if keep else None, on_progress=on_progress)
            outcomes.append((experiment, outcome))
            if not silent:
                _show(experiment, outcome, given["no_color"])
    _put(outcomes, given["out"], given["as_json"])
    sys.exit(int(any(outcome.failing for _, outcome in outcomes)))


def _put(outcomes: list[tuple[Experiment, Outcome]], out: str | None, as_json: bool) -> None:
    """Print JSON and write the file, where these were asked for."""
    if as_json:
        click.echo(experiment_json(outcomes), nl=False)
    if out:
        _write(out, outcomes)


def _list(no_color: bool) -> None:
    console = console_of(no_color)
    for name in names():
        for line in folded([Text(f"{name:24}{load(name).told.claim}")]):
            console.print(line, soft_wrap=True)


def _show(experiment: Experiment, outcome: Outcome, no_color: bool) -> None:
    console = console_of(no_color)
    for line in folded(experiment_lines(experiment, outcome)):
        console.print(line, soft_wrap=True)


def _check(out: str | None, experiments: list[Experiment]) -> None:
    """Refuse, before the work, a file that could not be written after it."""
    if out is None:
        return
    check_output(out, SUFFIXES, ())
    if out.lower().endswith(".json"):
        return
    if len(experiments) != 1 or not experiments[0].runs:
        raise UsageError(f"{out!r} is a figure of one experiment with runs, and {len(experiments)} were named; name one, or write .json")
    if out.lower().endswith(".png"):
        require_png()


def _write(out: str, outcomes: list[tuple[Experiment, Outcome]]) -> None:
    """Write the outcomes as JSON, or the runs of the first one that share family, length and series as a figure."""
    if out.lower().endswith(".json"):
        put(Path(out), experiment_json(outcomes))
        return
    drawn, series = _drawn(list(outcomes[0][1].runs.values()))
    write_runs(drawn, out, [series])


def _drawn(runs: list[Run]) -> tuple[list[Run], str]:
    """Return the runs of the first one's family and length that have a series in common, as many as can be, and the series."""
    first = runs[0]
    alike = [run for run in runs if run.settings.family == first.settings.family and run.generations == first.generations]
    series = max(first.series, key=lambda name: sum(name in run.series for run in alike))
    return [run for run in alike if series in run.series][: len(COLOURS)], series
