"""What a ledger says of itself: its format, id and name."""

import msgspec

from longtail.errors import LedgerError
from longtail.ledger.store.place import Place
from longtail.ledger.store.tables import FORMAT
from longtail.records import Record
from longtail.summaries.minhash import DEFAULT, Settings


class Head(Record, frozen=True):
    """What a ledger says of itself."""

    format: int
    id: str
    name: str
    created_at: str
    signatures: Settings = DEFAULT


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
