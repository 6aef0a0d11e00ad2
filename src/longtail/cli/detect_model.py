"""The command `longtail detect model`."""

from typing import Any

import click
import msgspec
from rich.text import Text

from longtail.cli.options import console_of, progress, quietly
from longtail.errors import UsageError
from longtail.readers import read
from longtail.records import SCHEMA_VERSION, OnProgress
from longtail.report.words import counted, one_line

_NO_PROMPTS = "no prompts are known: if what the model was asked holds the watermark, that alone makes p small"


@click.command("model", short_help="Did a model learn from text with our watermark?")
@click.argument("outputs")
@click.option("--key", "key_at", required=True, metavar="KEY.json", help="Key of the watermark.")
@click.option("--tokenizer", metavar="FOLDER", help="Tokenizer that the key was made for, a folder of Hugging Face.  [default: words]")
@click.option("--prompts", metavar="DATA", help="What each output answers, in the same order.  [default: the column `prompt` of OUTPUTS]")
@click.option("--marked", metavar="DATA", help="Marked text that may have been learned from; only contexts in it are scored.")
@click.option("--text-column", metavar="NAME", help="Column of OUTPUTS that holds the text, where it is not recognised.")
@click.option("--json", "as_json", is_flag=True, help="Print the test as JSON on stdout and nothing else.")
@quietly
def command(outputs: str, **given: Any) -> None:
    r"""Test by what a model writes whether it learned from text with the watermark of a key (radioactivity).

    \b
    Examples:
      longtail detect model answers.jsonl --key key.json
      longtail detect model answers.jsonl --key key.json --prompts asked.jsonl --marked canaries.jsonl

    Contexts that occur in the prompt are left out, and each pair of context and token counts once, however often the model
    repeats it. A small p says that the model learned from text with the watermark, or that the watermark was in what it was
    given. A large p says nothing.

    Exit code: 0 done, whatever p is, 2 it cannot be done.
    """
    from longtail.cli.keys import tokenizers_at
    from longtail.origin.recognising.watermark import tokenizer_of
    from longtail.origin.watermarks.key import Key
    from longtail.origin.watermarks.radioactivity import radioactivity

    key = Key.load(given["key_at"])
    tokenizer = tokenizer_of(key, tokenizers_at([given["tokenizer"]] if given["tokenizer"] else []))
    with progress(given["quiet"] or given["as_json"], given["no_color"]) as on_progress:
        texts, asked = _outputs(outputs, given["text_column"], on_progress)
        prompts = _prompts(outputs, texts, asked, given["prompts"], on_progress)
        known = _outputs(given["marked"], None, on_progress)[0] if given["marked"] else None
        found = radioactivity(key, texts, tokenizer, prompts=prompts, known=known)
    told = {"schema_version": SCHEMA_VERSION, "prompts": prompts is not None} | msgspec.to_builtins(found)
    if given["as_json"]:
        click.echo(msgspec.json.format(msgspec.json.encode(told), indent=2).decode())
    elif not given["quiet"]:
        console = console_of(given["no_color"])
        scored = f"{found.scored:,} pairs scored of {counted(found.tokens, 'token')}"
        left = f"{found.given:,} left out because the prompt holds their context, {found.unknown:,} because the marked text does not"
        console.print(Text.assemble(("longtail detect model", "bold"), f"  {one_line(outputs)}   {counted(found.texts, 'output')}"))
        console.print(Text(f"{scored}; {left}."))
        console.print(Text(f"{found.words()}."))
        if prompts is None:
            console.print(Text(f"Beware: {_NO_PROMPTS}.", "yellow"))


def _outputs(data: str, text_column: str | None, on_progress: OnProgress | None) -> tuple[list[str], list[str | None]]:
    """Return the texts of a data set, and the prompt of each where it states one."""
    texts: list[str] = []
    prompts: list[str | None] = []
    for batch in read(data, text_column, None, on_progress, texts_only=True).batches():
        texts += batch.column("text").to_pylist()
        prompts += batch.column("prompt").to_pylist() if "prompt" in batch.schema.names else [None] * batch.num_rows
    return texts, prompts


def _prompts(outputs: str, texts: list[str], asked: list[str | None], at: str | None, on_progress: OnProgress | None) -> list[str] | None:
    """Return the prompt of each output, None where none is known.

    Raises:
        UsageError: There are not as many prompts as outputs.
    """
    if at is not None:
        found = _outputs(at, None, on_progress)[0]
        if len(found) != len(texts):
            raise UsageError(f"{at!r} holds {len(found):,} prompts for {len(texts):,} outputs in {outputs!r}; give one for each, in order")
        return found
    return [each or "" for each in asked] if any(asked) else None
