"""The command `longtail list`."""

from typing import Any

import click

from longtail.cli.options import quietly
from longtail.metrics import RATIOS, VALUES
from longtail.rules import RULES


@click.command("list", short_help="All rules and metrics.")
@quietly
def command(**_: Any) -> None:
    r"""List the rules and the metrics, a line each.

    \b
    Example:
      longtail list
    """
    for heading, catalogue in (
        ("Rules", RULES),
        ("Metrics of one data set", VALUES),
        ("Metrics of a candidate against a baseline", RATIOS),
    ):
        click.echo(heading)
        for entry in catalogue:
            click.echo(f"  {entry.name:<24}{entry.facts.get('title', entry.facts.get('unit', '')):<30}{entry.summary}")
