"""Options of `longtail audit` on numbers that were accepted, and what is said of them."""

from typing import Any

import click
from click.core import ParameterSource

from longtail.auditing.ratchet import Ratchet
from longtail.cli.options import Command
from longtail.errors import UsageError
from longtail.records import Report

_ALONE = (
    "--reason, --owner and --expires go with --update-baseline FILE; to accept a finding of a rule, write an override in the --pipeline"
)


def accepting(command: Command) -> Command:
    """Add the options on accepted numbers."""
    for option in reversed((
        click.option("--accepted", metavar="FILE", help="Accepted numbers: a loss no worse than there is shown and fails nothing."),
        click.option("--update-baseline", metavar="FILE", help="The same, once today's numbers were written there: new and better ones."),
        click.option("--reason", metavar="TEXT", default="", help="Why --update-baseline takes worse numbers too, until --expires."),
        click.option("--owner", metavar="NAME", help="Who answers for that."),
        click.option("--expires", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD", help="The last day on which they hold."),
    )):  # fmt: skip
        command = option(command)
    return command


def accepted_of(given: dict[str, Any]) -> Ratchet | None:
    """Return what is done with accepted numbers; nothing where no file of them is named.

    Raises:
        UsageError: The options do not go together.
    """
    path, update = given["accepted"], given["update_baseline"]
    if path and update and _is_typed("accepted"):
        raise UsageError("--accepted and --update-baseline both name accepted numbers; give one: --update-baseline reads and writes")
    expires = given["expires"].date() if given["expires"] else None
    terms = {"reason": given["reason"], "owner": given["owner"], "expires": expires}
    if path or update:
        return Ratchet(path=update or path, is_updated=bool(update), **terms)
    if any(terms.values()):
        raise UsageError(_ALONE)
    return None


def _is_typed(name: str) -> bool:
    """Return whether an option stands on the command line; one that comes from settings gives way to one that does."""
    context = click.get_current_context(silent=True)
    return context is None or context.get_parameter_source(name) is ParameterSource.COMMANDLINE


def tell_update(report: Report, given: dict[str, Any]) -> None:
    """Say on stderr what became of each accepted number."""
    if given["update_baseline"] and not given["quiet"]:
        for line in report.panels["ratchet"]["updated"]:
            click.echo(f"{given['update_baseline']}: {line}", err=True)
