"""The commands `longtail review …`."""

import os
from difflib import get_close_matches

import click

from longtail.cli.group import LazyGroup

_COMMANDS = {name: f"longtail.cli.review.{name}" for name in ("open", "status", "apply", "export")} | {
    "import": "longtail.cli.review.bring"
}


class Review(LazyGroup):
    """Commands, or a folder, which is opened."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take a first word that is no command for a folder to open, unless it is the like of a command."""
        if args and not self._is_ours(args[0]):
            args = ["open", *args]
        return super().parse_args(ctx, args)

    def _is_ours(self, first: str) -> bool:
        if first in self._modules or first in ("-h", "--help"):
            return True
        is_path = first.startswith("-") or os.sep in first or os.path.exists(first)
        return not is_path and bool(get_close_matches(first, self._modules, n=1, cutoff=0.6))


@click.command(
    "review", cls=Review, commands_at=_COMMANDS, invoke_without_command=True, short_help="What a gate judged, for people to decide on."
)
@click.help_option("-h", "--help")
@click.pass_context
def command(context: click.Context) -> None:
    r"""Let people decide on what a gate has judged, rare documents first, and measure the gate by what they say.

    \b
    Examples:
      longtail review gated                        decide with keys, in a terminal
      longtail review gated --size 100 --reviewer kim
      longtail review status gated
      longtail review export gated -o tasks.json   for Label Studio
      longtail review import gated annotations.json
      longtail review apply gated -o reviewed.jsonl --ledger ledger

    The queue lies in the folder that longtail gate wrote. Several people may review at once.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
