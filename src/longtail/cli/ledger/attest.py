"""The command `longtail ledger attest`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import msgspec

from longtail.atomic import replaced
from longtail.cli.ledger.options import in_ledger
from longtail.cli.options import progress, quietly
from longtail.errors import UsageError
from longtail.ledger.store.attest import attest, new_key
from longtail.ledger.store.place import Place


@click.command("attest", short_help="A signed statement of what is there.")
@in_ledger
@click.option("--key", metavar="FILE", help="Private key (Ed25519, PEM) to sign with.  [default: not signed]")
@click.option("--new-key", metavar="FILE", help="Make such a key first, and write it there.")
@click.option("--output", "-o", metavar="FILE", help="Write there.  [default: stdout]")
@quietly
def command(folder: str, **given: Any) -> None:
    r"""Check the ledger in DIR and state what it holds: rows by origin, and the head of each chain of hashes, signed.

    \b
    Examples:
      longtail ledger attest ledger --new-key key.pem -o release.json
      longtail ledger verify ledger --attestation release.json

    Who holds the statement can tell later whether anything of that time was altered or taken away. Signing needs
    pip install 'longtail[sign]'.
    """
    key, place = given["key"], Place(folder)
    if given["new_key"]:
        if key:
            raise UsageError("--key and --new-key were both given; sign with one of them")
        public, key = new_key(given["new_key"]), given["new_key"]
        if not given["quiet"]:
            click.echo(f"{key}: a new private key; its public half is {public}", err=True)
    with progress(given["quiet"], given["no_color"]) as on_progress:
        made = attest(place, datetime.now(UTC).isoformat(timespec="seconds"), key, on_progress)
    text = msgspec.json.format(msgspec.json.encode(made, order="sorted"), indent=2).decode()
    if given["output"] is None:
        click.echo(text)
        return
    try:
        with replaced(Path(given["output"])) as draft:
            draft.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write {given['output']!r}: {error.strerror}; name another place") from None
    if not given["quiet"]:
        click.echo(f"{given['output']}: {'signed' if made.signature else 'not signed'}, {made.statement.rows['rows']:,} rows", err=True)
