"""The command `longtail lab network`."""

from pathlib import Path
from typing import Any

import click

from longtail.cli.options import check_output, console_of, quietly, views_of
from longtail.errors import ConfigError
from longtail.lab.learners import make
from longtail.lab.network import network
from longtail.report.lab.network import lines, to_json
from longtail.report.put import put


@click.command("network", short_help="Several models that feed each other through a matrix.")
@click.argument("matrix")
@click.option("--family", default="gaussian", show_default=True, help="Family of all models.")
@click.option("--option", "options", multiple=True, metavar="NAME=VALUE", help="A setting of the family. Repeatable.")
@click.option("--generations", default=20, show_default=True, help="Generations of each model.")
@click.option("--samples", default=100, show_default=True, help="Rows that each model is trained on.")
@click.option("--replicates", default=1000, show_default=True, help="Independent networks.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of all chance.")
@click.option("--series", default="mean_square", show_default=True, metavar="NAMES", help="What to measure of each model, by comma.")
@click.option("--out", metavar="FILE", help="Write the run to FILE.json.")
@click.option("--json", "as_json", is_flag=True, help="Print the run as JSON on stdout and nothing else.")
@quietly
def command(matrix: str, family: str, options: tuple[str, ...], out: str | None, as_json: bool, **given: Any) -> None:
    r"""Train several models on one another's output: row i of MATRIX says what model i learns from.

    \b
    Examples:
      longtail lab network "0,1,0; 0,0,1; 0.8,0,0" --option known_variance=true
      longtail lab network matrix.csv --generations 50 --json

    MATRIX holds, for each model, the share of its rows that each model wrote: numbers by comma, rows by semicolon, or a
    CSV file without a head. What a row lacks to 1 is new real data.
    """
    if out:
        check_output(out, (".json",), ())
    chosen = dict(_pair(text) for text in options)
    learner = make(family, chosen, rows=False)
    numbers = {name: given[name] for name in ("samples", "generations", "replicates", "seed")}
    run = network(learner, _matrix(matrix), series=views_of(given["series"]) or ("mean_square",), **numbers)
    if out:
        put(Path(out), to_json(run, family, chosen))
    if as_json:
        click.echo(to_json(run, family, chosen), nl=False)
    elif not given["quiet"]:
        console = console_of(given["no_color"])
        for line in lines(run, family):
            console.print(line, soft_wrap=True)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not value:
        raise ConfigError(f"--option {text!r}: write NAME=VALUE, such as known_variance=true")
    return name.strip(), value.strip()


def _matrix(text: str) -> list[list[float]]:
    """Return the numbers of a matrix, from its text or from a file."""
    path = Path(text)
    told = path.read_text(encoding="utf-8") if path.suffix == ".csv" and path.is_file() else text.replace(";", "\n")
    try:
        return [[float(word) for word in row.split(",")] for row in told.splitlines() if row.strip()]
    except ValueError as error:
        raise ConfigError(f"matrix {text!r}: {error}; write numbers by comma and rows by semicolon, or name a CSV file") from None
