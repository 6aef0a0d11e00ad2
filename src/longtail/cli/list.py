"""The command `longtail list`."""

from typing import Any

import click

from longtail.cli.options import quietly
from longtail.gates import GATES
from longtail.gates.gain import UPDATES
from longtail.gates.recipe import presets
from longtail.guards import GUARDS
from longtail.metrics import RATIOS, VALUES
from longtail.origin.quantifiers import QUANTIFIERS
from longtail.origin.scorers import SCORERS
from longtail.report.formats.schema import schema_text
from longtail.rules import RULES


@click.command("list", short_help="All rules, metrics, gates, guards, recipes, scorers and quantifiers.")
@click.option("--schema", "is_schema", is_flag=True, help="Print the JSON Schema of the report and nothing else.")
@quietly
def command(is_schema: bool, **_: Any) -> None:
    r"""List the rules, the metrics, the gates, the guards, the recipes of gates, the scorers and the quantifiers, a line each.

    \b
    Examples:
      longtail list
      longtail list --schema
    """
    if is_schema:
        click.echo(schema_text(), nl=False)
        return
    for heading, catalogue in (
        ("Rules", RULES),
        ("Metrics of one data set", VALUES),
        ("Metrics of a candidate against a baseline", RATIOS),
    ):
        click.echo(heading)
        for entry in catalogue:
            click.echo(f"  {entry.name:<24}{entry.facts.get('title', entry.facts.get('unit', '')):<30}{entry.summary}")
    click.echo("Gates")
    for gate in GATES:
        click.echo(f"  {gate.name:<24}{'judges ' + gate.facts['judges']:<30}{gate.summary}")
    click.echo("Gates of updates")
    for gate in UPDATES:
        click.echo(f"  {gate.name:<24}{'judges ' + gate.facts['judges']:<30}{gate.summary}")
    click.echo("Guards, which judge a training run while it goes on")
    for guard in GUARDS:
        click.echo(f"  {guard.name:<24}{guard.facts['code'] + ' ' + guard.facts['title']:<30}{guard.summary}")
    click.echo("Recipes of gates")
    for name, about in presets().items():
        click.echo(f"  {name:<24}{about}")
    click.echo("Scorers, which learn from texts of known origin how much others are like a model's")
    for scorer in SCORERS:
        click.echo(f"  {scorer.name:<24}{scorer.summary}")
    click.echo("Quantifiers, which turn scores into the share of each origin")
    for quantifier in QUANTIFIERS:
        click.echo(f"  {quantifier.name:<24}{quantifier.summary}")
