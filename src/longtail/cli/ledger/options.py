"""What the commands of the ledger share."""

from collections.abc import Callable
from typing import Any, TypeVar

import click
import msgspec

Command = TypeVar("Command", bound=Callable[..., Any])


def as_json(command: Command) -> Command:
    """Add --json."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON on stdout and nothing else.")(command)


def at_state(command: Command) -> Command:
    """Add --at."""
    return click.option("--at", metavar="STATE", help="As it was: a number of `ledger log`, or a name given with `ledger mark`.")(command)


def in_ledger(command: Command) -> Command:
    """Add the folder."""
    return click.argument("folder", metavar="DIR")(command)


def echo_json(value: Any) -> None:
    """Print a record, or plain values, as JSON."""
    click.echo(msgspec.json.format(msgspec.json.encode(value, order="deterministic"), indent=2).decode())


def counted(number: int, noun: str) -> str:
    """Return a count with its noun: `1 row`, `4,000 rows`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
