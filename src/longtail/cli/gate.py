"""The commands `longtail gate …`."""

import click

from longtail.cli.group import DefaultGroup

_COMMANDS = {"run": "longtail.cli.gate_run", "audit": "longtail.cli.gate_audit"}


@click.command(
    "gate",
    cls=DefaultGroup,
    commands_at=_COMMANDS,
    default="run",
    invoke_without_command=True,
    short_help="Judge documents before they may train anything; measure a gate.",
)
@click.help_option("-h", "--help")
@click.pass_context
def command(context: click.Context) -> None:
    r"""Judge documents before they may train anything: kept, to be reviewed, rejected; and measure gates.

    \b
    Examples:
      longtail gate generated.jsonl --gates synth -o gated
      longtail gate generated.jsonl --gates gates.toml --dry-run
      longtail gate audit judged.jsonl
      longtail gate audit --gate top:0.5,0.2

    Where no command is named, `run` is meant; `longtail gate run --help` shows its options.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
