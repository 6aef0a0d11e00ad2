"""The commands `longtail recover apply …`."""

import click

from longtail.cli.group import LazyGroup

_COMMANDS = {
    "re-anchor": "longtail.cli.recover.re_anchor",
    "roll-back": "longtail.cli.recover.roll_back",
    "re-source": "longtail.cli.recover.re_source",
}


@click.command("apply", cls=LazyGroup, commands_at=_COMMANDS, invoke_without_command=True, short_help="Write the next training set.")
@click.help_option("-h", "--help")
@click.pass_context
def command(context: click.Context) -> None:
    r"""Do what can be done by data: write the next training set, or the list of what has to be found. No input is changed.

    \b
    Examples:
      longtail recover apply re-anchor --reservoir human/ --outputs gen5.jsonl --share 0.3 -o next.jsonl
      longtail recover apply roll-back --pool human.jsonl gen*.jsonl --until 2 -o clean.jsonl
      longtail recover apply re-source --plan plan.json -o wanted.jsonl

    Step 0, to stop replacing real data, is a policy and no data set: set min_real in the pipeline file, and mix with
    longtail mix --policy accumulate.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
