"""The command `longtail recover apply re-anchor`."""

from typing import Any

import click

from longtail.cli.group import ManyValued
from longtail.cli.options import progress
from longtail.cli.recover.writing import places_of, show, written
from longtail.diagnosis.restoring.applying import re_anchor
from longtail.errors import ConfigError, UsageError

_MANY = ("--reservoir", "--outputs", "--drop-generations")


@click.command("re-anchor", cls=ManyValued, many=_MANY, short_help="Put real rows back at a share, and go on.")
@click.option("--reservoir", metavar="PATH …", multiple=True, help="Human rows: a longtail reservoir, files or folders.")
@click.option("--outputs", metavar="PATH …", multiple=True, help="Model output to go on from, tagged; its generations stand in lt_depth.")
@click.option("--share", metavar="SHARE", default="0.3", show_default=True, help="Share of human rows, met to the row.")
@click.option("--size", type=int, metavar="N", help="Rows of the training set.  [default: those of the newest generation that is kept]")
@click.option("--drop-generations", metavar="G …", multiple=True, help="Generations of model output to leave out.")
@click.option("--repeat", is_flag=True, help="Draw human rows more than once where there are too few.")
@written
def command(**given: Any) -> None:
    r"""Write the next training set: human rows of the reservoir at a share, the rest model output that is kept.

    \b
    Examples:
      longtail recover apply re-anchor --reservoir human/ --outputs gen5.jsonl --share 0.3 -o next.jsonl
      longtail recover apply re-anchor --reservoir human.jsonl --outputs gen*.jsonl --drop-generations 4 5 --dry-run
      longtail recover apply re-anchor --reservoir human.jsonl --outputs gen5.jsonl --ledger ledger -o next.jsonl

    Rows are drawn as longtail mix draws them, with all their columns; the manifest says what was left out and why.

    Exit code: 0 written, 2 it cannot be done.
    """
    for name in ("reservoir", "outputs"):
        if not given[name]:
            raise UsageError(f"no {name}: name files with --{name}, such as --{name} {'human/' if name == 'reservoir' else 'gen5.jsonl'}")
    with progress(given["quiet"] or given["as_json"], given["no_color"]) as on_progress:
        applied = re_anchor(
            list(given["reservoir"]),
            list(given["outputs"]),
            places_of(given),
            share=given["share"],
            size=given["size"],
            dropped=generations_of(given["drop_generations"]),
            repeat=given["repeat"],
            because=given["reason"],
            on_progress=on_progress,
        )
    show(applied, given)


def generations_of(given: tuple[str, ...]) -> set[int]:
    """Return generations written one by one or by comma.

    Raises:
        ConfigError: One is no whole number from 1 up.
    """
    words = [word.strip() for each in given for word in each.split(",") if word.strip()]
    wrong = next((word for word in words if not word.isdecimal() or int(word) < 1), None)
    if wrong is not None:
        raise ConfigError(f"--drop-generations {wrong!r} is no generation; write whole numbers from 1 up, such as 3 4")
    return {int(word) for word in words}
