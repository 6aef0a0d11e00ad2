"""The command `longtail reservoir verify`."""

from collections.abc import Iterator
from typing import Any

import click
import msgspec

from longtail.cli.options import quietly
from longtail.errors import UsageError
from longtail.ledger.reservoir import Fault, Reservoir, Verified
from longtail.report.words import counted, one_line

_NAMED = 20


@click.command("verify", short_help="Hash every file and compute every id again; exit 1 names what was altered.")
@click.argument("directory")
@click.argument("name", required=False)
@click.option("--sha256", metavar="HEX", help="What snapshot NAME is pinned to.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON on stdout and nothing else.")
@quietly
def command(directory: str, name: str | None, **given: Any) -> None:
    r"""Verify a reservoir, or the snapshot NAME: every document must have the content that it was added with, and every file too.

    \b
    Examples:
      longtail reservoir verify human
      longtail reservoir verify human 2024-06 --sha256 9f2c…

    Exit code 1 where a document or a file was altered, is missing, or was never added; each is named.
    """
    if given["sha256"] and name is None:
        raise UsageError("--sha256 pins a snapshot; name it, as in longtail reservoir verify DIR NAME --sha256 HEX")
    found = Reservoir.open(directory).verify(name, given["sha256"])
    if given["as_json"]:
        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
    elif not given["quiet"]:
        for line in lines(found):
            click.echo(line)
    if found.count:
        raise click.exceptions.Exit(1)


def lines(found: Verified) -> Iterator[str]:
    """Yield what is said on the screen, one line each."""
    what = one_line(found.path) + (f", snapshot {one_line(found.snapshot)}" if found.snapshot else "")
    state = f"{counted(found.count, 'fault')}" if found.count else "as they were added"
    yield f"{what}: {counted(found.documents, 'document')} in {counted(found.files, 'file')}: {state}"
    if found.sha256:
        yield f"  sha256 {found.sha256}"
    yield from map(_told, found.faults[:_NAMED])
    if found.count > _NAMED:
        yield f"  … and {found.count - _NAMED:,} more (--json names the first 1,000)"
    if found.repeated:
        yield f"  {counted(found.repeated, 'document')} stored twice by processes that added at the same time; harmless"
    if found.leftovers:
        yield f"  {counted(found.leftovers, 'draft')} of additions that did not finish; the next addition takes them away"


def _told(fault: Fault) -> str:
    place = one_line(fault.file) + (f", row {fault.row}" if fault.row else "")
    what = f"document {one_line(fault.lt_id)} ({place})" if fault.lt_id else place
    return f"  {fault.kind}: {what}: {one_line(fault.because)}"
