"""What follows from decisions: the documents that people let in, with what is known of them now, and verdicts for a ledger.

What a person merely chose is `human_selected`; what a person changed is `human_edited`. They are different origins: an edit
brings in something new, a choice by preference alone can narrow what a loop learns from.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from longtail.errors import InvalidRecord
from longtail.gates.review.editing import with_text
from longtail.gates.review.item import Item, moment
from longtail.gates.review.queue import Queue
from longtail.gates.review.resolving import DECIDED, Outcome, outcomes
from longtail.ledger.columns import DEEPEST, content_of, depth_of, identity
from longtail.readers.quarantine import Quarantine, Unfit
from longtail.records import Evidence, Origin, Record

if TYPE_CHECKING:
    from longtail.ledger.store.ledger import Ledger

MOMENT = "review"
NOTE = "chosen by a person in review"
CHOSEN = {Origin.SYNTHETIC: Origin.HUMAN_SELECTED}
"""What becomes of an origin when a person lets a document in as it stands; any other stays."""
CHANGED = dict.fromkeys((Origin.SYNTHETIC, Origin.HUMAN_SELECTED, Origin.HUMAN_EDITED, Origin.MODEL_EDITED), Origin.HUMAN_EDITED)
"""What becomes of an origin when a person changes the text; human, mixed and unknown stay, for an edit does not tell them apart."""
STATUS = {"accepted": "pass", "edited": "pass", "rejected": "fail"}


class Decided(NamedTuple):
    """A document that was decided on, what was decided, and its row where it is let in."""

    item: Item
    outcome: Outcome
    row: dict[str, Any] | None
    before: Origin


class Applied(Record, frozen=True):
    """What came of applying decisions.

    Attributes:
        written: Documents let in.
        origins: They by origin.
        edited: Of these, changed by a person.
        rejected: Documents that were rejected.
        contested: Documents on which reviewers are split evenly; not let in.
        undecided: Documents that nobody has decided on; not let in.
        quarantined: Edits that could not be put in place.
        reasons: Why the first of them could not.
    """

    written: int
    origins: dict[str, int]
    edited: int
    rejected: int
    contested: int
    undecided: int
    quarantined: int = 0
    reasons: str = ""


def decided(queue: Queue, quarantine: Quarantine) -> Iterator[Decided]:
    """Yield each document that was decided on, in the order of the gate's folder; edits without a place are set aside."""
    column = queue.meta().get("text_column")
    found = outcomes(queue.tasks(), queue.votes())
    for number, _, _, item in queue.items():
        outcome = found[number]
        if outcome.state in DECIDED:
            try:
                row = None if outcome.state == "rejected" else row_of(item, outcome, column)
            except Unfit as unfit:
                quarantine.add(str(queue.path), None, f"the edit of {item.lt_id}: {unfit}")
                continue
            yield Decided(item, outcome, row, origin_of(item.record))


def applied(queue: Queue, found: Iterable[Decided], quarantine: Quarantine) -> Applied:
    """Return the counts of what was decided."""
    everything = list(found)
    rows = [each.row for each in everything if each.row is not None]
    states = Counter(each.state for each in outcomes(queue.tasks(), queue.votes()).values())
    return Applied(
        written=len(rows),
        origins=dict(sorted(Counter(str(row["lt_origin"]) for row in rows).items())),
        edited=sum(each.outcome.state == "edited" for each in everything),
        rejected=states["rejected"],
        contested=states["contested"],
        undecided=states["open"] + states["skipped"],
        quarantined=quarantine.count,
        reasons=quarantine.reasons(),
    )


def origin_of(record: Mapping[str, Any]) -> Origin:
    """Return the origin that a record states, unknown where it states none."""
    said = record.get("lt_origin")
    return Origin(said) if said in set(Origin) else Origin.UNKNOWN


def row_of(item: Item, outcome: Outcome, text_column: str | None = None) -> dict[str, Any]:
    """Return a document that was let in, with what is known of it now.

    Raises:
        Unfit: An edited text has no place in it.
    """
    origin = origin_of(item.record)
    if outcome.state != "edited" or outcome.event is None or outcome.event.text is None:
        after = CHOSEN.get(origin, origin)
        return {**item.record, "lt_id": item.lt_id, "lt_origin": after.value} | _said(origin, after)
    after = CHANGED.get(origin, origin)
    row = with_text(item.record, outcome.event.text, text_column)
    row |= {
        "lt_id": identity(content_of(row, text_column)),
        "lt_origin": after.value,
        "lt_evidence": Evidence.ASSERTED.value,
        "lt_parents": [item.lt_id],
        "lt_time": outcome.event.time,
    }
    depth = item.record.get("lt_depth")
    deeper = depth_of(after, [depth if isinstance(depth, int) else None])
    return row | {"lt_depth": None if deeper is None else min(deeper, DEEPEST)}


def _said(before: Origin, after: Origin) -> dict[str, str]:
    return {} if before is after else {"lt_evidence": Evidence.ASSERTED.value}


def verdict_of(each: Decided) -> dict[str, Any]:
    """Return the verdict of a person on a document, as a ledger keeps it."""
    made = each.outcome.event
    new = f"; edited to {each.row['lt_id']}" if each.row is not None and each.outcome.state == "edited" else ""
    note = f": {made.note}" if made is not None and made.note else ""
    who = made.reviewer if made is not None else ""
    return {
        "lt_id": each.item.lt_id,
        "moment": MOMENT,
        "name": "person",
        "version": "1",
        "status": STATUS[each.outcome.state],
        "reason": f"{each.outcome.state} by {who}{note}{new}",
        "matched_id": each.item.matched_id,
        "time": None if made is None else made.time,
    }


def record(ledger: "Ledger", found: Iterable[Decided]) -> int:
    """Record in a ledger what people decided; what it holds already is left as it is. Return how many verdicts were new.

    A document that the ledger knows under the origin that it had is corrected, with the reason; any other is added.

    Raises:
        LedgerError: It cannot be written.
    """
    everything = list(found)
    _state(ledger, [(each.row, each.before.value) for each in everything if each.row is not None])
    known = _judged(ledger, [each.item.lt_id for each in everything])
    verdicts = [verdict_of(each) for each in everything]
    new = [{**each, "time": _time(each["time"])} for each in verdicts if (each["lt_id"], each["reason"]) not in known]
    ledger.judge(new)
    ledger.flush()
    return len(new)


def _state(ledger: "Ledger", rows: list[tuple[dict[str, Any], str]]) -> None:
    """State what is known of rows now; those that the ledger holds under the origin that they had are corrected."""
    held = _held(ledger, [row["lt_id"] for row, _ in rows])
    changed = {row["lt_id"]: (row, before) for row, before in rows if held.get(row["lt_id"]) != row["lt_origin"]}
    corrected = {lt_id for lt_id, (_, before) in changed.items() if held.get(lt_id) == before}
    said = ("lt_id", "lt_origin", "lt_evidence")
    if corrected:
        ledger.correct(({name: changed[lt_id][0][name] for name in said if name in changed[lt_id][0]} for lt_id in corrected), NOTE)
    ledger.add([{**row, "lt_time": _time(row.get("lt_time"))} for lt_id, (row, _) in changed.items() if lt_id not in corrected])


def _time(said: Any) -> Any:
    """Return a time that is written as text as one that Arrow takes."""
    if not isinstance(said, str):
        return said
    try:
        return datetime.fromisoformat(moment(said))
    except InvalidRecord:
        return None


def _held(ledger: "Ledger", ids: Iterable[str]) -> dict[str, str]:
    wanted = list(ids)
    batches = ledger.current(wanted, ("lt_id", "lt_origin")) if wanted else ()
    return {row["lt_id"]: row["lt_origin"] for batch in batches for row in batch.to_pylist()}


def _judged(ledger: "Ledger", ids: list[str]) -> set[tuple[str, str]]:
    if not ids:
        return set()
    sql = "SELECT lt_id, reason FROM {} WHERE moment = '{}' AND lt_id IN (SELECT lt_id FROM wanted)"
    batches = ledger.query(lambda tables: sql.format(tables["verdicts"], MOMENT), "verdicts", wanted=ids)
    return {(row["lt_id"], row["reason"]) for batch in batches for row in batch.to_pylist()}
