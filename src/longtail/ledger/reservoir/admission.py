"""Who may enter a human reservoir: documents said to be human, as they were tagged, from before the cut-off or with evidence.

A document without a date cannot show that it is from before the cut-off, so it needs evidence too, unless the person who adds
it states by when the collection was published.
"""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from longtail.errors import ConfigError
from longtail.ledger.columns import content_of, identity
from longtail.ledger.reservoir.known import Known
from longtail.ledger.reservoir.records import Turned
from longtail.ledger.tagging.tagger import stated
from longtail.readers.beside import decoding, written
from longtail.readers.moments import moment
from longtail.readers.quarantine import Quarantine, Unfit
from longtail.records import Evidence, Origin

PROVES = frozenset({Evidence.SIGNED.value, Evidence.WATERMARK.value})
_KINDS = frozenset(Origin)
_EVIDENCE = frozenset(Evidence)
_REASONS = 50


class Aside(Unfit):
    """A document that may be human, but neither its date nor its evidence shows it."""


class Duplicate(Unfit):
    """A document that the reservoir holds."""


class Refusals(Quarantine):
    """Documents that were not let in, by reason."""

    def __init__(self) -> None:
        """Start with none."""
        super().__init__()
        self._found: dict[str, tuple[int, str]] = {}

    def add(self, path: str, line: int | None, reason: str) -> None:
        """Count one document; from the fiftieth reason on all further reasons are one."""
        self.count += 1
        reason = reason if reason in self._found or len(self._found) < _REASONS else "for other reasons"
        count, first = self._found.get(reason, (0, path if line is None else f"{path}:{line}"))
        self._found[reason] = (count + 1, first)

    @property
    def turned(self) -> tuple[Turned, ...]:
        """Return the reasons, the most frequent first."""
        found = sorted(self._found.items(), key=lambda each: (-each[1][0], each[0]))
        return tuple(Turned(reason=reason, documents=count, first=first) for reason, (count, first) in found)


class Admission:
    """What decides on each document of one addition.

    Args:
        cutoff: Day from which documents need evidence.
        known: Ids that the reservoir holds.
        text_column: The content column, where it is none of those recognised.
        published_by: Day by which undated documents were published, as far as the person who adds them says.
    """

    def __init__(self, cutoff: date, known: Known, text_column: str | None = None, published_by: date | None = None) -> None:
        """Start with nobody let in."""
        self.cutoff = datetime(cutoff.year, cutoff.month, cutoff.day, tzinfo=UTC)
        self.text_column = text_column
        self._known = known
        self._undated_pass = published_by is not None and published_by < cutoff
        self.refused, self.aside = Refusals(), Refusals()
        self.counts: Counter[str] = Counter()

    def passed(self, record: Mapping[str, object], path: str, line: int | None) -> dict[str, Any] | None:
        """Return the provenance of a document that is let in, by column; None for one that is not, which is counted."""
        try:
            values = self._values(record)
            if not self._known.is_new(bytes.fromhex(values["lt_id"])):
                raise Duplicate
        except Duplicate:
            self.counts["duplicates"] += 1
            return None
        except Aside as aside:
            self.aside.add(path, line, str(aside))
            return None
        except Unfit as unfit:
            self.refused.add(path, line, str(unfit))
            return None
        self.counts["documents"] += 1
        return values

    def _values(self, record: Mapping[str, object]) -> dict[str, Any]:
        said = {name: value for name, value in record.items() if name.startswith("lt_") and stated(value)}
        _check_claims(said)
        own = identity(content_of(record, self.text_column))
        if said.get("lt_id", own) != own:
            raise Unfit("its lt_id is not the hash of its content: it was changed after it was tagged")
        time, evidence = _time(said.get("lt_time")), said.get("lt_evidence")
        self._check_time(time, evidence in PROVES)
        return {
            "lt_id": own,
            "lt_origin": Origin.HUMAN.value,
            "lt_evidence": evidence,
            "lt_source": written(said.get("lt_source")),
            "lt_model": None,
            "lt_depth": 0,
            "lt_parents": _parents(said.get("lt_parents")),
            "lt_time": time,
            "lt_decoding": decoding(said.get("lt_decoding")),
            "lt_license": written(said.get("lt_license")),
            "lt_weight": _weight(said.get("lt_weight")),
        }

    def _check_time(self, time: datetime | None, is_proved: bool) -> None:
        if is_proved or (time is not None and time < self.cutoff):
            return
        if time is not None:
            raise Aside(f"dated {self.cutoff:%Y-%m-%d} or later, without evidence (signed, watermark)")
        if not self._undated_pass:
            raise Aside("without a date and without evidence (signed, watermark)")


def _check_claims(said: Mapping[str, object]) -> None:
    origin = said.get("lt_origin")
    if origin is None:
        raise Unfit("no lt_origin: say where it comes from with longtail tag")
    if origin != Origin.HUMAN.value:
        raise Unfit(f"lt_origin is {origin}" if isinstance(origin, str) and origin in _KINDS else "lt_origin is none that is known")
    if str(said.get("lt_depth", 0)).strip() not in ("0", "0.0"):
        raise Unfit("lt_origin is human, and lt_depth is not 0")
    if "lt_model" in said:
        raise Unfit("lt_origin is human, and lt_model names a model")
    evidence = said.get("lt_evidence", Evidence.NONE.value)
    if evidence not in _EVIDENCE:
        raise Unfit("lt_evidence is none that is known")
    if evidence == Evidence.MEASURED.value:
        raise Unfit("lt_evidence is measured: a detector alone makes no document human")


def _time(value: object) -> datetime | None:
    if value is None:
        return None
    if (time := moment(value)) is None:
        raise Unfit("lt_time is no date that is read")
    return time


def _parents(value: object) -> list[str] | None:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            value = None
        if value is None:
            raise Unfit("lt_parents is no list of ids")
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise Unfit("lt_parents is no list of ids")
    return value


def _weight(value: object) -> float | None:
    if value is None:
        return None
    try:
        weight = float(str(value))
    except ValueError:
        weight = -1.0
    if not 0 <= weight < float("inf"):
        raise Unfit("lt_weight is no number from 0 up")
    return weight


def day(text: str, what: str) -> date:
    """Return a day from ISO 8601.

    Raises:
        ConfigError: The text is no day.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ConfigError(f"{what} is {text!r}; write a day as YYYY-MM-DD, such as 2022-11-30") from None
