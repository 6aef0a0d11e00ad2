"""The command `longtail lab claims`."""

from pathlib import Path
from typing import Any, Literal, TypeAlias

import click

from longtail.cli.options import check_output, console_of, progress, quietly
from longtail.errors import UsageError
from longtail.lab.claims import Register, register, run_all, shipped
from longtail.report.lab.claims import folded, register_json, register_lines
from longtail.report.put import put

Size: TypeAlias = Literal["quick", "full"]


@click.command("claims", short_help="What is claimed about collapse, and what came out here.")
@click.option("--run", "run", type=click.Choice(["quick", "full"]), help="Run all experiments anew, with few or all replicates.")
@click.option("--only", metavar="NAME", multiple=True, help="Run this experiment alone, and keep what is known of the others. Repeatable.")
@click.option("--workers", type=click.IntRange(min=1), default=1, show_default=True, help="Processes.")
@click.option("--keep", metavar="DIR", help="Folder of finished blocks: what was stopped goes on where it was.")
@click.option("--out", metavar="FILE", help="Write the register to FILE.json.")
@click.option("--json", "as_json", is_flag=True, help="Print the register as JSON on stdout and nothing else.")
@quietly
def command(run: Size | None, only: tuple[str, ...], out: str | None, as_json: bool, **given: Any) -> None:
    r"""Print the register of claims: each with its sources, the experiment that tests it, and its status.

    A status is: holds; holds only if …; does not reproduce; undecided; not yet: needs …; or ungrounded, where nothing
    here can test the claim. Without --run the results are those that were shipped. With --only they are those of the file
    that --out names, where it is there, else those that were shipped, and the experiments named are run as these were.

    \b
    Examples:
      longtail lab claims
      longtail lab claims --json
      longtail lab claims --run quick
      longtail lab claims --run full --out claims.json
      longtail lab claims --only curse --out claims.json
    """
    if out is not None:
        check_output(out, (".json",), ())
    known = _known(out) if only else shipped()
    found = _measured(known, run, only, given["quiet"] or as_json, given) if run or only else known
    if out is not None:
        put(Path(out), register_json(found))
    if as_json:
        click.echo(register_json(found), nl=False)
    elif not given["quiet"]:
        console = console_of(given["no_color"])
        for line in folded(register_lines(found)):
            console.print(line, soft_wrap=True)


def _known(out: str | None) -> Register:
    """Return the register of the file that is to be written, where it is there, else the one that is shipped."""
    return shipped(Path(out)) if out is not None and Path(out).exists() else shipped()


def _measured(known: Register, run: Size | None, only: tuple[str, ...], quiet: bool, given: dict[str, Any]) -> Register:
    """Return a register of experiments that are run now; of those that `only` leaves out, with what was known.

    Raises:
        UsageError: Results of few replicates were to stand beside those of all, or the other way round.
    """
    if only and run is not None and run != known.run:
        raise UsageError(f"--run {run} --only {only[0]}: the results to be kept are of a {known.run} run; leave out --run, or --only")
    size = run or known.run
    with progress(quiet, given["no_color"]) as on_progress:
        keep = Path(given["keep"]) if given["keep"] else None
        results = run_all(
            quick=size == "quick",
            workers=given["workers"],
            keep=keep,
            on_progress=on_progress,
            known=known.results if only else None,
            only=only,
        )
    return register(results, size)
