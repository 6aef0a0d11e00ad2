"""The command `longtail mark sample`."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click
import msgspec

from longtail.cli.options import progress, quietly
from longtail.errors import UsageError
from longtail.ledger.store import Ledger
from longtail.readers import read
from longtail.report.words import counted, one_line


@click.command("sample", short_help="Write watermarked text with a small model, as canaries.")
@click.argument("corpus")
@click.option("--key", "key_at", required=True, metavar="KEY.json", help="Key to write with; one for the tokenizer words.")
@click.option("-n", "count", type=click.IntRange(1), default=100, show_default=True, help="Documents to write.")
@click.option("-o", "--output", metavar="OUT.jsonl", required=True, help="Where to write them; a new file.")
@click.option("--ledger", metavar="DIR", help="Ledger that gets their rows and receipts.")
@click.option("--order", type=int, default=2, show_default=True, help="Length of the model's n-grams in words.")
@click.option("--temperature", type=float, default=1.0, show_default=True, help="Of sampling.")
@click.option("--max-words", type=int, default=400, show_default=True, help="Words after which a document is cut.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of sampling.")
@click.option("--text-column", metavar="NAME", help="Column that holds the text, where it is not recognised.")
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON on stdout and nothing else.")
@quietly
def command(corpus: str, key_at: str, count: int, output: str, **given: Any) -> None:
    r"""Learn an n-gram model from CORPUS and write documents with it under a key: to try the watermark out, and as canaries.

    \b
    Examples:
      longtail mark sample human.jsonl --key key.json -n 500 -o canaries.jsonl
      longtail mark sample human.jsonl --key key.json -n 500 -o canaries.jsonl --ledger ledger

    Canaries that lie in a place that is scraped tell later whether a model learned from it: longtail detect model.
    To mark what a model of your own writes, give its sampler the key in Python: longtail.origin.recognising.generate.
    """
    from longtail.origin.recognising.generating import receipts_beside
    from longtail.origin.recognising.receipts import green_rate, receipts
    from longtail.origin.watermarks.key import Key

    _check_new(Path(output), receipts_beside(output))
    key = Key.load(key_at)
    with ExitStack() as stack:
        on_progress = stack.enter_context(progress(given["quiet"] or given["as_json"], given["no_color"]))
        batches = read(corpus, given["text_column"], None, on_progress, texts_only=True).batches()
        documents = [text for batch in batches for text in batch.column("text").to_pylist()]
        ledger = stack.enter_context(Ledger.open(given["ledger"])) if given["ledger"] else None
        made = _written(documents, key, count, output, ledger, given)
        held = list(receipts(receipts_beside(output)))
    told = _told(held) | {
        "output": output,
        "documents": len(made),
        "key_id": key.key_id,
        "gamma": key.gamma,
        "green_rate": green_rate(key, held),
    }
    if given["as_json"]:
        click.echo(msgspec.json.format(msgspec.json.encode(told), indent=2).decode())
    elif not given["quiet"]:
        click.echo(
            f"{one_line(output)}: {counted(len(made), 'document')} written with key {key.key_id}, {told['tokens']:,} tokens", err=True
        )
        click.echo(f"  {told['green_rate']:.1%} of scored tokens are green; without the watermark {key.gamma:.0%} would be", err=True)


def _check_new(*places: Path) -> None:
    for place in places:
        if place.exists():
            raise UsageError(f"{str(place)!r} exists, and canaries are written to a new file; name another with -o")


def _told(held: Sequence[Any]) -> dict[str, Any]:
    return {name: sum(getattr(each, name) for each in held) for name in ("tokens", "scored", "green")}


def _written(documents: list[str], key: Any, count: int, output: str, ledger: Ledger | None, given: dict[str, Any]) -> list[str]:
    """Write documents to the file and, where there is one, to the ledger."""
    import numpy

    from longtail.lab.learners.ngram import NGram
    from longtail.lab.learners.watermarked import Watermarked
    from longtail.origin.recognising.generating import Files, generate
    from longtail.origin.watermarks.tokenizers import Words

    model = NGram(given["order"], given["temperature"], max_words=given["max_words"]).fit(documents)
    rng = numpy.random.default_rng(given["seed"])
    settings = {"temperature": given["temperature"], "seed": given["seed"], "max_tokens": given["max_words"]}
    return generate(
        lambda _, favour: Watermarked.of(model, favour.key).sample(count, rng),
        None,
        key,
        Words(),
        Files(Path(output), *(() if ledger is None else (ledger,))),
        model=f"ngram-{given['order']}",
        decoding=settings,
        source="longtail mark sample",
    )
