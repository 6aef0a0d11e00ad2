"""The command `longtail ledger stats`."""

from typing import Any

import click

from longtail.cli.ledger.options import as_json, at_state, echo_json, in_ledger
from longtail.cli.options import quietly
from longtail.ledger.facts import Facts
from longtail.ledger.holdings import facts_of
from longtail.ledger.store import Ledger

_SHOWN = 10


@click.command("stats", short_help="How many documents came from where.")
@in_ledger
@click.option("--dataset", metavar="NODE", help="One data set.  [default: everything]")
@at_state
@as_json
@quietly
def command(folder: str, **given: Any) -> None:
    r"""Count the documents of the ledger in DIR by origin, depth, evidence, source and model.

    \b
    Examples:
      longtail ledger stats ledger
      longtail ledger stats ledger --dataset g1 --json
    """
    with Ledger.open(folder, given["at"]) as ledger:
        facts = facts_of(ledger, given["dataset"])
    if given["as_json"]:
        echo_json(facts)
        return
    click.echo(f"{facts.name}: {facts.documents:,} documents")
    for name, counts in _tables(facts).items():
        _table(name, counts, facts.documents)
    if facts.undecoded:
        click.echo(f"{'decoding':<9} {facts.undecoded:,} that a model had a hand in state no sampling settings")


def _tables(facts: Facts) -> dict[str, dict[str, int]]:
    return {
        "origin": facts.by_origin,
        "depth": facts.by_depth,
        "evidence": facts.evidence,
        "source": {name: source.documents for name, source in facts.sources.items()},
        "model": facts.models,
        "license": facts.licenses,
    }


def _table(name: str, counts: dict[str, int], documents: int) -> None:
    ranked = (
        sorted(counts.items(), key=lambda each: (-each[1], each[0])) if name in ("source", "model", "license") else list(counts.items())
    )
    for at, (value, count) in enumerate(ranked[:_SHOWN]):
        click.echo(f"{name if at == 0 else '':<9} {count:>12,}  {count / documents:>6.1%}  {value}")
    if len(ranked) > _SHOWN:
        click.echo(f"{'':<9} and {len(ranked) - _SHOWN:,} more (--json lists all)")
