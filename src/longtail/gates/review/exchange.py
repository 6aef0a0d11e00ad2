"""A queue as files, and what was decided elsewhere brought back: each event once, however often a file is read."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, TypeAlias

import msgspec

from longtail.errors import InvalidRecord, ReadError
from longtail.gates.review.item import ACTIONS, Event, Item, Task, event, moment
from longtail.gates.review.label_studio import events_of, task_of
from longtail.gates.review.queue import Queue
from longtail.readers.files import guarded
from longtail.readers.quarantine import Quarantine
from longtail.records import Quarantined, Record

Format: TypeAlias = Literal["label-studio", "jsonl"]


class Imported(Record, frozen=True):
    """What came of reading decisions.

    Attributes:
        read: Decisions that were understood.
        new: Of these, those that the queue did not hold.
        quarantined: What was set aside.
        quarantine: The first thousand of it, with the reasons.
    """

    read: int
    new: int
    quarantined: int
    quarantine: tuple[Quarantined, ...]


def exported(queue: Queue, format: Format, *, blind: bool = False, every: bool = False) -> Iterator[bytes]:
    """Yield a queue as the bytes of a file: one JSON array of tasks for Label Studio, or JSON Lines.

    Args:
        queue: The queue.
        format: Of the file.
        blind: Hide what the gate said.
        every: Tasks that are decided on too.
    """
    votes = queue.votes()
    decided = {vote.task for vote in votes if vote.action != "skip"}
    items = {number: item for number, _, _, item in queue.items()}
    wanted = [task for task in queue.tasks() if every or task.key not in decided]
    if format == "label-studio":
        rows = [msgspec.json.encode(task_of(task, items[task.item], blind=blind)) for task in wanted]
        yield b"[" + b",\n".join(rows) + b"]\n"
        return
    said: dict[str, list[Event]] = {}
    for each in queue.events():
        said.setdefault(each.task, []).append(each)
    for task in wanted:
        yield msgspec.json.encode(_line(task, items[task.item], said.get(task.key, []), blind=blind)) + b"\n"


def _line(task: Task, item: Item, events: list[Event], *, blind: bool) -> dict[str, Any]:
    gate = {"decision": item.decision, "gate": item.gate, "reason": item.reason, "score": item.score}
    shown = {} if blind or task.masked else {"gate": gate, "matched_id": item.matched_id, "matched_text": item.matched_text}
    names = [name for name in Event.__struct_fields__ if name != "task"]
    decisions = [{name: getattr(each, name) for name in names if getattr(each, name) not in (None, "")} for each in events]
    about = {"task": task.key, "lt_id": item.lt_id, "text": item.text, "rarity": item.rarity, "stratum": item.stratum}
    return about | shown | {"decisions": decisions}


def imported(queue: Queue, path: str | Path) -> Imported:
    """Add the decisions of a file: a JSON export of Label Studio, or our JSON Lines with `decisions`.

    Args:
        queue: The queue that the tasks were exported from.
        path: The file.

    Raises:
        ReadError: It cannot be read at all.
    """
    quarantine = Quarantine()
    found = list(_events(queue, str(path), quarantine))
    new = queue.add(found)
    return Imported(read=len(found), new=new, quarantined=quarantine.count, quarantine=quarantine.kept)


def _events(queue: Queue, path: str, quarantine: Quarantine) -> Iterator[Event]:
    items = {number: item.text for number, _, _, item in queue.items()}
    texts = {task.key: items[task.item] for task in queue.tasks()}
    made = queue.meta()["made"]
    for line, entry in _entries(path, quarantine):
        if not isinstance(entry, Mapping):
            quarantine.add(path, line, "expected an object with a task")
            continue
        outcomes = _own(entry, texts, made) if "decisions" in entry else events_of(entry, texts, made)
        for each in outcomes:
            if isinstance(each, Event):
                yield each
            else:
                quarantine.add(path, line, str(each))


def _entries(path: str, quarantine: Quarantine) -> Iterator[tuple[int | None, object]]:
    """Yield the tasks of a JSON array, or of lines, with their line or number.

    Raises:
        ReadError: The file is neither.
    """
    with guarded(path):
        content = Path(path).read_bytes()
    if content.lstrip()[:1] == b"[":
        try:
            tasks = msgspec.json.decode(content, type=list[Any])
        except ValueError as error:
            raise ReadError(path, f"is no JSON: {error}", fix="export it again, as JSON") from None
        yield from enumerate(tasks, 1)
        return
    for number, line in enumerate(content.splitlines(), 1):
        if line.strip():
            try:
                yield number, msgspec.json.decode(line)
            except (ValueError, RecursionError) as error:
                quarantine.add(path, number, f"malformed JSON: {error}")


def _own(entry: Mapping[str, Any], texts: Mapping[str, str | None], made: str) -> Iterable[Event | InvalidRecord]:
    key, decisions = entry.get("task"), entry["decisions"]
    if not isinstance(key, str) or key not in texts:
        return [InvalidRecord(f"task {str(key)[:60]!r} is not in this queue")]
    if not isinstance(decisions, list):
        return [InvalidRecord(f"task {key}: decisions is no list")]
    return [_decision(key, said, texts[key], made) for said in decisions]


def _decision(key: str, said: object, text: str | None, made: str) -> Event | InvalidRecord:
    try:
        if not isinstance(said, Mapping) or said.get("action") not in ACTIONS:
            raise InvalidRecord(f"a decision without an action; known: {', '.join(ACTIONS)}")
        if said.get("text") is not None and said["text"] == text:
            raise InvalidRecord("an edit that changes nothing")
        fields = {"time": made, "reviewer": "", "note": ""} | {name: said[name] for name in Event.__struct_fields__ if name in said}
        fields |= {"task": key, "time": moment(str(fields["time"]))}
        found = event(**fields)
        return msgspec.convert(msgspec.to_builtins(found), Event)
    except (InvalidRecord, AttributeError, TypeError, ValueError) as error:
        return InvalidRecord(f"task {key}: {error}")
