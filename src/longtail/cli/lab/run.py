"""The command `longtail lab run`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from longtail.cli.lab.families import FamilyGroup
from longtail.cli.options import check_output, console_of, progress, views_of
from longtail.errors import UsageError
from longtail.lab.learners import FAMILIES
from longtail.lab.result import Run
from longtail.lab.run import run
from longtail.lab.settings import Settings, parse_change
from longtail.report.drawing.png import require_png
from longtail.report.lab.files import SUFFIXES, to_json, write_runs
from longtail.report.lab.tables import blocks

REPLICATES = {"light": 1000, "heavy": 5}


def _work(family: str, options: dict[str, Any], given: dict[str, Any]) -> None:
    """Run a family under each policy, write the files asked for and show what came out."""
    _check(given["out"], given["keep"])
    asked = views_of(given["series"]) or None
    measured = None if asked is None else tuple(dict.fromkeys((*asked, "alive")))
    every = [_settings(family, policy, options, given) for policy in dict.fromkeys(given["policies"])]
    with progress(given["quiet"] or given["as_json"], given["no_color"]) as on_progress:
        how: dict[str, Any] = {"workers": given["workers"], "keep": Path(given["keep"]) if given["keep"] else None}
        runs = [run(each, series=measured, on_progress=on_progress, **how) for each in every]
    for path in given["out"]:
        write_runs(runs, path, asked)
    _show(runs, asked, given)


def _show(runs: Sequence[Run], asked: tuple[str, ...] | None, given: dict[str, Any]) -> None:
    if given["as_json"]:
        click.echo(to_json(runs, asked), nl=False)
    elif not given["quiet"]:
        console = console_of(given["no_color"])
        for block in blocks(runs):
            console.print(block, soft_wrap=True)


def _check(files: Sequence[str], keep: str | None) -> None:
    """Refuse, before the work, files that could not be written after it.

    Raises:
        UsageError: An unknown suffix, a folder that does not exist, or a file where a folder is asked for.
        MissingExtra: PNG is asked for and its optional part is not installed.
    """
    for path in files:
        check_output(path, SUFFIXES, ())
        if path.lower().endswith(".png"):
            require_png()
    if keep and Path(keep).exists() and not Path(keep).is_dir():
        raise UsageError(f"--keep {keep!r} is a file; name a folder, which may be a new one")


def _settings(family: str, policy: str, options: dict[str, Any], given: dict[str, Any]) -> Settings:
    names = ("gate", "generations", "samples", "replicates", "seed", "schedule", "real", "draws")
    chosen: dict[str, Any] = {name: given[name] for name in names}
    if chosen["replicates"] is None:
        chosen["replicates"] = REPLICATES[FAMILIES[family].facts["cost"]]
    changes = tuple(parse_change(text) for text in given["changes"])
    return Settings(family=family, policy=policy, changes=changes, options=options, **chosen)


@click.command(
    "run",
    cls=FamilyGroup,
    work=_work,
    invoke_without_command=True,
    subcommand_metavar="FAMILY [OPTIONS]…",
    short_help="Models that learn from models.",
)
@click.help_option("-h", "--help")
@click.pass_context
def command(context: click.Context) -> None:
    r"""Train models on what the models before them wrote, and print what is left beside its closed form.

    \b
    Examples:
      longtail lab run gaussian --policy replace --generations 20 --samples 100
      longtail lab run gaussian --policy replace --policy accumulate --out figure.svg
      longtail lab run categorical --types 1000 --policy fresh:0.1 --series support,tail_mass
      longtail lab run gaussian --policy replace --change 6:policy=accumulate --json

    Several policies share generation 1 and are shown in one figure; with --json they are the list "runs".
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
