"""The command `longtail detect DATA`."""

from contextlib import ExitStack
from typing import Any

import click
import msgspec

from longtail.cli.detect_screen import lines
from longtail.cli.options import check_output, console_of, progress, quietly
from longtail.errors import UsageError
from longtail.ledger.store import Ledger

_SUFFIXES = (".jsonl", ".parquet")


@click.command("run", short_help="Look documents and media files over.")
@click.argument("data", nargs=-1)
@click.option("--key", "keys", metavar="KEY.json", multiple=True, help="Key of a watermark to look for (longtail mark key). Repeatable.")
@click.option(
    "--tokenizer",
    "tokenizers",
    metavar="FOLDER",
    multiple=True,
    help="Tokenizer that a key was made for, a folder of Hugging Face. Repeatable.  [default: words]",
)
@click.option("--ledger", metavar="DIR", help="Ledger of what models wrote: copies are found, and with --tag what is found is recorded.")
@click.option("--trust", metavar="CA.pem", help="Certificates whose signers are believed; without it no credential is verified.")
@click.option("--fdr", type=float, default=0.01, show_default=True, help="Share of wrong ones, on average, among the watermarks found.")
@click.option("-o", "--output", metavar="VERDICTS", help="Write what was found, a row each: .jsonl or .parquet.")
@click.option("--tag", "tagged", metavar="OUT", help="Write DATA again with the origins that are proved; what it states stays.")
@click.option("--text-column", metavar="NAME", help="Column that holds the text, where it is not recognised.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON on stdout and nothing else.")
@quietly
def command(data: tuple[str, ...], **given: Any) -> None:
    r"""Look the documents and media files in DATA over for what says where they come from; raw, before anything is normalised.

    \b
    Examples:
      longtail detect scrape.jsonl --key key.json
      longtail detect scrape.jsonl --key key.json --ledger ledger --tag scrape.tagged.jsonl
      longtail detect photos/ --trust authorities.pem --json

    Looked for are: watermarks of the keys given, copies of what a ledger knows models wrote, C2PA credentials in texts and files,
    and hidden characters. A document is said to hold a watermark only where all documents together bear it out (--fdr).
    Nothing here calls a document human: nothing found is nothing known.

    Exit code: 0 done, whatever was found, 2 it cannot be done.
    """
    from longtail.origin.recognising.ingesting import check_name
    from longtail.origin.recognising.media import parted

    if not data:
        raise UsageError("no data: name files or folders, such as longtail detect scrape.jsonl --key key.json")
    documents, media = parted(data)
    _check(documents, given)
    with ExitStack() as stack:
        ledger = stack.enter_context(Ledger.open(given["ledger"])) if given["ledger"] else None
        if ledger is not None and given["tagged"]:
            check_name(ledger, given["tagged"])
        on_progress = stack.enter_context(progress(given["quiet"] or given["as_json"], given["no_color"]))
        told = _told(documents, media, ledger, given, on_progress)
    if given["as_json"]:
        click.echo(msgspec.json.format(msgspec.json.encode(told), indent=2).decode())
    elif not given["quiet"]:
        console = console_of(given["no_color"])
        for line in lines(told, ", ".join(data)):
            console.print(line, markup=False, highlight=False)


def _check(documents: list[str], given: dict[str, Any]) -> None:
    """Refuse, before the work, what could not be written after it.

    Raises:
        UsageError: An output cannot be written, or data of that kind cannot be written again.
        ReadError: There is nothing that can be read.
    """
    from longtail.origin.recognising.writing import check

    if given["output"]:
        check_output(given["output"], _SUFFIXES, [*documents, *([given["tagged"]] if given["tagged"] else [])])
    if given["tagged"]:
        if len(documents) != 1:
            raise UsageError(f"--tag writes one file or saved folder again, and {len(documents)} data sets of documents are named")
        check(documents[0], given["tagged"])


def _told(documents: list[str], media: list[str], ledger: Ledger | None, given: dict[str, Any], on_progress: Any) -> dict[str, Any]:
    """Look, write what is asked for, and return what is printed."""
    from longtail.origin.recognising.detecting import detect
    from longtail.origin.recognising.ingesting import settled
    from longtail.origin.recognising.verdicts import verdicts, write_verdicts

    found = detect(
        documents or None,
        _recognisers(ledger, given),
        media=media,
        trust=given["trust"],
        ledger=ledger,
        fdr=given["fdr"],
        text_column=given["text_column"],
        on_progress=on_progress,
    )
    if given["output"]:
        write_verdicts(given["output"], list(verdicts(found.scanned.seen)) if found.scanned else [])
    told: dict[str, Any] = msgspec.to_builtins(found.record)
    if given["tagged"]:
        made = settled(found, documents[0], given["tagged"], ledger, text_column=given["text_column"], on_progress=on_progress)
        told["tagged"] = {name: value for name, value in msgspec.to_builtins(made).items() if name != "detected"}
    return told


def _recognisers(ledger: Ledger | None, given: dict[str, Any]) -> list[Any]:
    from longtail.cli.keys import tokenizers_at
    from longtail.origin.recognising.credentials import C2PAText, Unicode
    from longtail.origin.recognising.ledgers import InLedger
    from longtail.origin.recognising.watermark import Watermark
    from longtail.origin.watermarks.key import Key

    found: list[Any] = [C2PAText(given["trust"]), Unicode()]
    if ledger is not None:
        found.insert(0, InLedger(ledger))
    if given["keys"]:
        found.insert(0, Watermark([Key.load(path) for path in given["keys"]], tokenizers_at(given["tokenizers"])))
    return found
