"""What a ledger says of itself: its format, id and name."""

import os
import secrets
from typing import TYPE_CHECKING, Any

import msgspec

from longtail.errors import LedgerError
from longtail.ledger.store.place import Place
from longtail.ledger.store.tables import FORMAT, TABLES
from longtail.records import Record

if TYPE_CHECKING:
    from longtail.summaries.minhash import Settings


class Head(Record, frozen=True):
    """What a ledger says of itself; `signatures` are the settings of its signatures."""

    format: int
    id: str
    name: str
    created_at: str
    signatures: dict[str, Any] = {}

    @property
    def settings(self) -> "Settings":
        """Return the settings of its signatures.

        Raises:
            LedgerError: They are none.
        """
        from longtail.summaries.minhash import Settings  # compiles, which most that is done with a ledger has no need of

        try:
            return msgspec.convert(self.signatures, Settings)
        except msgspec.ValidationError as error:
            raise LedgerError(f"the settings of signatures in ledger.json are damaged ({error}); restore it from a copy") from None


def new_head(name: str, created_at: str) -> Head:
    """Return what a new ledger says of itself."""
    from longtail.summaries.minhash import DEFAULT

    return Head(format=FORMAT, id=secrets.token_hex(16), name=name, created_at=created_at, signatures=msgspec.to_builtins(DEFAULT))


def head_of(place: Place) -> Head:
    """Return it.

    Raises:
        LedgerError: There is no ledger, or it is damaged or of a later version.
    """
    if not place.exists("ledger.json"):
        raise LedgerError(f"there is no ledger at {place.address!r}; start one: longtail ledger init {place.address}")
    try:
        head = msgspec.json.decode(place.read("ledger.json"))
        if int(head["format"]) > FORMAT:
            raise LedgerError(f"{place.address!r} has format {head['format']}, and this version reads up to {FORMAT}; update longtail")
        return msgspec.convert(head, Head)
    except (msgspec.DecodeError, msgspec.ValidationError, KeyError, TypeError, ValueError) as error:
        if isinstance(error, LedgerError):
            raise
        raise LedgerError(f"{place.uri('ledger.json')} is damaged ({error}); restore it from a copy") from None


def is_begun(folder: str) -> bool:
    """Tell whether there is nothing in a folder but tables of a ledger whose making was cut off."""
    return os.path.isdir(folder) and all(name in TABLES and os.path.isdir(os.path.join(folder, name)) for name in os.listdir(folder))
