"""The commands `longtail mark …`."""

import click

from longtail.cli.group import LazyGroup

_COMMANDS = {"key": "longtail.cli.mark.key", "sample": "longtail.cli.mark.sample", "sign": "longtail.cli.mark.sign"}


@click.command(
    "mark",
    cls=LazyGroup,
    commands_at=_COMMANDS,
    invoke_without_command=True,
    short_help="Mark what models write, so that it is known again.",
)
@click.help_option("-h", "--help")
@click.pass_context
def command(context: click.Context) -> None:
    r"""Mark what models write, so that it is known again: watermarks while they sample, signed credentials afterwards.

    \b
    Examples:
      longtail mark key -o key.json
      longtail mark sample corpus.jsonl --key key.json -n 500 -o canaries.jsonl
      longtail mark sign picture.png -o signed.png --certificate chain.pem --private-key key.pem --source-type synthetic --generator m

    To find either again: `longtail detect`.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
