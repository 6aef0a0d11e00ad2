"""The command `longtail mark key`."""

from typing import Any

import click
import msgspec

from longtail.cli.keys import WORDS, tokenizers_at
from longtail.cli.options import quietly
from longtail.report.words import one_line


@click.command("key", short_help="Make the key of a watermark.")
@click.option("-o", "--output", required=True, metavar="KEY.json", help="Where to write the key; an existing file is never replaced.")
@click.option(
    "--tokenizer",
    default=WORDS,
    show_default=True,
    metavar="FOLDER",
    help="Tokenizer of the model that will write, a folder of Hugging Face, or `words`.",
)
@click.option("--gamma", type=float, default=0.25, show_default=True, help="Share of tokens that are favoured after each context.")
@click.option("--delta", type=float, default=2.0, show_default=True, help="How much they are favoured, in nats.")
@click.option("--context", type=int, default=2, show_default=True, metavar="TOKENS", help="Tokens that decide which ones are favoured.")
@click.option("--note", default="", metavar="TEXT", help="What the key is for.")
@click.option("--json", "as_json", is_flag=True, help="Print the key without its secret as JSON on stdout and nothing else.")
@quietly
def command(output: str, tokenizer: str, **given: Any) -> None:
    r"""Make a key for a watermark: a secret and the settings that finding it again takes.

    \b
    Examples:
      longtail mark key -o key.json
      longtail mark key -o key.json --tokenizer models/my-model --delta 1.5 --note "what our chat model writes in 2027"

    With the file anyone can find the watermark, forge it and remove it: keep it as you keep a password. Its id tells
    nothing of the secret. Text that was marked is found with the same tokenizer alone.
    """
    from longtail.origin.watermarks.key import Key

    (chosen,) = tokenizers_at([tokenizer])
    key = Key.new(chosen, **{name: given[name] for name in ("gamma", "delta", "context", "note")})
    key.save(output)
    if given["as_json"]:
        click.echo(msgspec.json.format(msgspec.json.encode(key.public()), indent=2).decode())
    elif not given["quiet"]:
        click.echo(f"{one_line(output)}: key {key.key_id} for the tokenizer {one_line(chosen.name)} ({key.tokenizer[:16]}…)", err=True)
        click.echo("  keep the file secret: whoever has it can find the watermark, forge it and remove it", err=True)
        click.echo("  keep it at all: without it no text that it marked is ever recognised", err=True)
