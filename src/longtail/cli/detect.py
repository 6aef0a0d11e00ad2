"""The commands `longtail detect …`."""

import click

from longtail.cli.group import DefaultGroup

_COMMANDS = {"run": "longtail.cli.detect_run", "model": "longtail.cli.detect_model"}


@click.command(
    "detect",
    cls=DefaultGroup,
    commands_at=_COMMANDS,
    default="run",
    invoke_without_command=True,
    short_help="Look for watermarks, credentials and known model output.",
)
@click.help_option("-h", "--help")
@click.pass_context
def command(context: click.Context) -> None:
    r"""Look for watermarks, credentials, hidden characters and known model output; nothing found is no evidence of a human author.

    \b
    Examples:
      longtail detect scrape.jsonl --key key.json
      longtail detect scrape.jsonl --ledger ledger --tag scrape.tagged.jsonl
      longtail detect photo.png --trust authorities.pem
      longtail detect model answers.jsonl --key key.json

    Where no command is named, `run` is meant; `longtail detect run --help` shows its options.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
