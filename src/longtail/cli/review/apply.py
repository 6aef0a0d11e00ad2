"""The command `longtail review apply`."""

from typing import Any

import click
import msgspec

from longtail.atomic import replaced
from longtail.cli.ledger.options import echo_json
from longtail.cli.options import check_output, quietly
from longtail.gates.review import Queue, applied, decided, record
from longtail.readers.quarantine import Quarantine
from longtail.report.words import counted, one_line


@click.command("apply", short_help="Write what people let in, with its new provenance.")
@click.argument("folder", metavar="DIR")
@click.option("-o", "--out", "target", required=True, metavar="OUT", help="JSON Lines file to write.")
@click.option("--ledger", metavar="DIR", help="Ledger in which to record what was decided.")
@click.option("--json", "as_json", is_flag=True, help="Print counts as JSON on stdout and nothing else.")
@quietly
def command(folder: str, **given: Any) -> None:
    r"""Write the documents that people let in: chosen ones as human_selected, changed ones as human_edited.

    \b
    Examples:
      longtail review apply gated -o reviewed.jsonl
      longtail review apply gated -o reviewed.jsonl --ledger ledger

    What a model wrote and a person chose or changed is of another origin now; what people wrote stays theirs. An edited document
    gets a new id, with the old one as its parent. What was rejected, is undecided or split stays out, and stays in DIR.
    """
    from pathlib import Path

    target = Path(given["target"])
    check_output(str(target), {".jsonl"}, ())
    quarantine = Quarantine()
    with Queue(folder) as queue:
        found = list(decided(queue, quarantine))
        result = applied(queue, found, quarantine)
    with replaced(target) as draft, draft.open("wb") as sink:
        for each in found:
            if each.row is not None:
                sink.write(msgspec.json.encode(each.row) + b"\n")
    new = None
    if given["ledger"]:
        from longtail.ledger.store import Ledger

        with Ledger.open(given["ledger"]) as ledger:
            new = record(ledger, found)
    if given["as_json"]:
        echo_json(msgspec.to_builtins(result) | {"path": str(target)} | ({} if new is None else {"verdicts": new}))
    elif not given["quiet"]:
        for words in _lines(msgspec.to_builtins(result), str(target), given["ledger"], new):
            click.echo(words, err=True)


def _lines(result: dict[str, Any], target: str, ledger: str | None, new: int | None) -> list[str]:
    origins = ", ".join(f"{count:,} {origin}" for origin, count in result["origins"].items())
    told = [f"{counted(result['written'], 'document')} let in: {one_line(target)}" + (f" ({origins})" if origins else "")]
    left = ", ".join(f"{result[name]:,} {name}" for name in ("rejected", "contested", "undecided") if result[name])
    if left:
        told.append(f"left out: {left}" + ("; settle with longtail review DIR --contested" if result["contested"] else ""))
    if result["quarantined"]:
        told.append(f"{counted(result['quarantined'], 'edit')} set aside: {one_line(result['reasons'], 400)}")
    if new is None:
        told.append(f"to record them: longtail review apply again with --ledger DIR, or longtail ledger add DIR {one_line(target)}")
    else:
        told.append(f"recorded in {one_line(ledger or '')}: {counted(new, 'new verdict')}")
    return told
