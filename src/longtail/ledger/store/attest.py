"""Attestations: a small signed file that says what a ledger held, against which it can be held at any later time."""

import os
from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec

from longtail.errors import LedgerError, ReadError
from longtail.ledger.store.head import head_of
from longtail.ledger.store.place import Place
from longtail.ledger.store.seal import Chain
from longtail.ledger.store.table import Table
from longtail.ledger.store.tables import TABLES
from longtail.ledger.store.verify import Fault, verify
from longtail.records import SCHEMA_VERSION, OnProgress, Record

_KEYS = "longtail.ledger.store.keys"


class Statement(Record, frozen=True):
    """What a ledger held.

    Args:
        ledger: Its id.
        name: Its name.
        rows: Rows by table.
        origins: Rows of facts by origin.
        heads: Last link of the chain of each table; "" for a table without commits.
        versions: Number of the last commit of each table, -1 for none.
        created_at: When this was stated, ISO 8601.
    """

    ledger: str
    name: str
    rows: dict[str, int]
    origins: dict[str, int]
    heads: dict[str, str]
    versions: dict[str, int]
    created_at: str
    schema_version: str = SCHEMA_VERSION


class Attestation(Record, frozen=True):
    """A statement and its signature.

    `signature` is Ed25519 over the statement as JSON with sorted keys and no spaces; both it and the key are hexadecimal
    digits. They are null where no key was given: then it shows what changed, and not who said so.
    """

    statement: Statement
    public_key: str | None = None
    signature: str | None = None


def signed_bytes(statement: Statement) -> bytes:
    """Return what is signed."""
    return msgspec.json.encode(statement, order="sorted")


def new_key(path: str | os.PathLike[str]) -> str:
    """Write a new private key and return its public half; see `keys.new_key`.

    Raises:
        MissingExtra: The package for signatures is not installed.
        UsageError: The file exists or cannot be written.
    """
    made: str = _keys().new_key(path)
    return made


def attest(place: Place, created_at: str, key: str | os.PathLike[str] | None = None, on_progress: OnProgress | None = None) -> Attestation:
    """Check a ledger and state what it holds, signed where there is a key.

    Raises:
        LedgerError: Something in it is not as it was sealed.
        MissingExtra, ReadError: It cannot be signed.
    """
    found, head = verify(place, on_progress), head_of(place)
    if found.faults:
        fault = found.faults[0]
        raise LedgerError(f"the ledger {place.address!r} cannot be attested: {fault.table}: {fault.because}; see longtail ledger verify")
    statement = Statement(
        ledger=head.id,
        name=head.name,
        rows=found.rows,
        origins=found.origins,
        heads=found.heads,
        versions=found.versions,
        created_at=created_at,
    )
    if key is None:
        return Attestation(statement=statement)
    public_key, signature = _keys().sign(key, signed_bytes(statement))
    return Attestation(statement=statement, public_key=public_key, signature=signature)


def read_attestation(path: str | os.PathLike[str]) -> Attestation:
    """Read an attestation.

    Raises:
        ReadError: There is none, or it is damaged.
    """
    name = os.fspath(path)
    try:
        return msgspec.json.decode(Path(name).read_bytes(), type=Attestation)
    except OSError as error:
        raise ReadError(name, f"cannot be read as an attestation: {error.strerror}", fix="name what longtail ledger attest wrote") from None
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise ReadError(name, f"is no attestation: {error}", fix="name what longtail ledger attest wrote") from None


def broken(place: Place, attestation: Attestation, public_key: str | None = None) -> list[Fault]:
    """Return what speaks against an attestation: its signature, its key, or what has become of the commits it names.

    A ledger that has grown since still holds it.

    Args:
        place: The ledger.
        attestation: What was stated.
        public_key: The key that it must be signed with; None for the one that it names.
    """
    return [*_against_signature(attestation, public_key), *_against_chains(place, attestation.statement)]


def _against_signature(attestation: Attestation, public_key: str | None) -> list[Fault]:
    if attestation.signature is None or attestation.public_key is None:
        return [] if public_key is None else [_fault("it is not signed")]
    if public_key is not None and public_key.strip().lower() != attestation.public_key:
        return [_fault(f"it is signed with the key {attestation.public_key}, not with the one given")]
    if not _keys().holds(attestation.public_key, attestation.signature, signed_bytes(attestation.statement)):
        return [_fault("its signature does not hold: it was altered after it was signed")]
    return []


def _against_chains(place: Place, statement: Statement) -> list[Fault]:
    if statement.ledger != head_of(place).id:
        return [_fault(f"it is of another ledger ({statement.name!r}, id {statement.ledger})")]
    found = [_against_chain(place, statement, table) for table in TABLES]
    return [_fault(because) for because in found if because]


def _against_chain(place: Place, statement: Statement, table: str) -> str:
    """Return what speaks against a statement in one table, "" if nothing does."""
    until = statement.versions.get(table, -1)
    links = [link for link in Chain(place, table).check(Table(place, table))[0] if link.version <= until]
    head = (links[-1].link, links[-1].version) if links else ("", -1)
    if head != (statement.heads.get(table, ""), until):
        return f"the ledger no longer holds what it states of the table {table} at commit {until}"
    origins: Counter[str] = Counter()
    for link in links:
        origins.update(link.origins)
    if sum(link.rows for link in links) != statement.rows.get(table, 0) or (table == "rows" and origins != Counter(statement.origins)):
        return f"its counts of the table {table} are not those of the commits that it names"
    return ""


def _fault(because: str) -> Fault:
    return Fault(table="attestation", what="attestation", because=because)


def _keys() -> Any:
    return import_module(_KEYS)
