"""The command `longtail ledger verify`."""

import sys
from typing import Any

import click
import msgspec

from longtail.cli.ledger.options import as_json, counted, echo_json, in_ledger
from longtail.cli.options import progress, quietly
from longtail.errors import UsageError
from longtail.ledger.store import verify
from longtail.ledger.store.attest import broken, read_attestation
from longtail.ledger.store.place import Place
from longtail.ledger.store.verify import Fault, Verification

_NAMED = 10


@click.command("verify", short_help="Is everything as it was sealed?")
@in_ledger
@click.option("--attestation", metavar="FILE", help="Also hold the ledger against this attestation.")
@click.option("--public-key", metavar="HEX", help="The key that the attestation must be signed with.")
@as_json
@quietly
def command(folder: str, **given: Any) -> None:
    r"""Check every commit and every row of the ledger in DIR against its seal; name what was altered or is missing.

    \b
    Examples:
      longtail ledger verify ledger
      longtail ledger verify ledger --attestation release.json --public-key 5f…

    Exit code: 0 all is as it was sealed, 1 something is not, 2 it could not be checked.
    """
    if given["public_key"] and not given["attestation"]:
        raise UsageError("--public-key without --attestation: name the file that must be signed with that key")
    place = Place(folder)
    attestation = read_attestation(given["attestation"]) if given["attestation"] else None
    with progress(given["quiet"] or given["as_json"], given["no_color"]) as on_progress:
        found = verify(place, on_progress)
    if attestation is not None:
        found = msgspec.structs.replace(found, faults=(*found.faults, *broken(place, attestation, given["public_key"])))
    if given["as_json"]:
        echo_json(found)
    elif not given["quiet"]:
        _tell(found, given["attestation"])
    sys.exit(1 if found.faults else 0)


def _tell(found: Verification, attestation: str | None) -> None:
    if not found.faults:
        origins = ", ".join(f"{count:,} {name}" for name, count in found.origins.items()) or "none yet"
        click.echo(f"{found.address}: all {counted(found.rows['rows'], 'row')} are as they were sealed ({origins})")
        if attestation:
            click.echo(f"{attestation}: holds")
    for fault in found.faults:
        for line in _lines(fault):
            click.echo(line)


def _lines(fault: Fault) -> list[str]:
    more = f" and {fault.rows - _NAMED:,} more" if fault.rows > _NAMED else ""
    named = [f"  {one}" for one in fault.ids[:_NAMED]]
    count = f"{counted(fault.rows, 'row')} " if fault.rows else ""
    return [f"{fault.table}: {count}{fault.because}", *named, *([f" {more}"] if more else [])]
