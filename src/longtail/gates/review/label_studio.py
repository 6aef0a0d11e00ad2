"""Tasks and annotations in the JSON of Label Studio, as its documentation lays them down (labelstud.io/guide/task_format).

A task carries `data` and, unless what the gate said is hidden, a `predictions` entry. What comes back is its JSON export: tasks
with `annotations`, each by one annotator, cancelled ones being skips.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import xxhash

from longtail.errors import InvalidRecord
from longtail.gates.review.item import Action, Event, Item, Task, event, moment

DECISION, EDITED, NOTE, OBJECT = "decision", "edited", "note", "text"
"""Names of the controls and of the object in `CONFIGURATION`."""
CONFIGURATION = f"""<View>
  <Style>.lsf-main-content .htx-text {{ white-space: pre-wrap; }}</Style>
  <Header value="$gate_said"/>
  <Text name="{OBJECT}" value="$text"/>
  <Header value="Compared with"/>
  <Text name="matched" value="$matched_text"/>
  <Choices name="{DECISION}" toName="{OBJECT}" choice="single" required="true" showInLine="true">
    <Choice value="accept" hotkey="a"/>
    <Choice value="reject" hotkey="r"/>
    <Choice value="edit" hotkey="e"/>
  </Choices>
  <TextArea name="{EDITED}" toName="{OBJECT}" value="$text" maxSubmissions="1" editable="true" rows="8"/>
  <TextArea name="{NOTE}" toName="{OBJECT}" placeholder="Why" maxSubmissions="1"/>
</View>
"""
"""The labelling configuration that the tasks are made for."""
_CHOICES: dict[str, Action] = {"accept": "accept", "reject": "reject", "edit": "edit"}
_PREDICTED = {"keep": "accept", "reject": "reject"}


def task_of(task: Task, item: Item, *, blind: bool = False) -> dict[str, Any]:
    """Return one task to import.

    Args:
        task: The showing.
        item: What is shown.
        blind: Hide what the gate said.
    """
    hidden = blind or task.masked
    said = "" if hidden else f"the gate says {item.decision}: {item.gate} {item.reason}".rstrip(" :")
    matched = {"matched_text": None, "matched_id": None} if hidden else {"matched_text": item.matched_text, "matched_id": item.matched_id}
    shown = {"task": task.key, "lt_id": item.lt_id, "text": item.text, **matched, "gate_said": said}
    data = {name: value or "" for name, value in shown.items()} | {"rarity": item.rarity, "stratum": item.stratum}
    predicted = None if hidden else _PREDICTED.get(item.decision)
    if predicted is None:
        return {"data": data}
    result = {"id": f"{task.key}-gate", "from_name": DECISION, "to_name": OBJECT, "type": "choices", "value": {"choices": [predicted]}}
    score = {} if item.score is None else {"score": item.score}
    return {"data": data, "predictions": [{"model_version": "longtail gate", **score, "result": [result]}]}


def events_of(exported: Mapping[str, Any], texts: Mapping[str, str | None], made: str) -> Iterator[Event | InvalidRecord]:
    """Yield what annotators said of one exported task; in place of what cannot be understood, why.

    Args:
        exported: The task.
        texts: Text of each task of the queue by its key.
        made: Time for annotations that state none.
    """
    data = exported.get("data")
    key = data.get("task") if isinstance(data, Mapping) else None
    if not isinstance(key, str) or key not in texts:
        yield InvalidRecord(f"task {str(key)[:60]!r} is not in this queue")
        return
    annotations = exported.get("annotations")
    if not isinstance(annotations, list):
        yield InvalidRecord(f"task {key} has no list of annotations")
        return
    for annotation in annotations:
        try:
            yield _event(key, annotation, texts[key], made)
        except (InvalidRecord, AttributeError, TypeError, LookupError) as error:
            said = error if isinstance(error, InvalidRecord) else f"an annotation that is malformed ({type(error).__name__})"
            yield InvalidRecord(f"task {key}: {said}")


def _event(key: str, annotation: Mapping[str, Any], text: str | None, made: str) -> Event:
    said = annotation.get("updated_at") or annotation.get("created_at") or made
    time, reviewer = moment(str(said)), _reviewer(annotation.get("completed_by"))
    if annotation.get("was_cancelled"):
        return _named(event(key, "skip", reviewer, time), annotation)
    action, edited, note = _said(annotation["result"], text)
    return _named(event(key, action, reviewer, time, edited, note), annotation)


def _said(results: list[Mapping[str, Any]], text: str | None) -> tuple[Action, str | None, str]:
    """Return what the controls say: the action, the text after an edit, and the note."""
    choice = _CHOICES.get(str(_only(results, DECISION, "choices")).lower())
    if choice is None:
        raise InvalidRecord(f"no choice of {', '.join(_CHOICES)} under {DECISION!r}")
    edited, note = _only(results, EDITED, "text"), _only(results, NOTE, "text") or ""
    has_edit = edited is not None and edited.strip() != (text or "").strip()
    if choice == "edit" and not has_edit:
        raise InvalidRecord("an edit without a changed text")
    if has_edit and choice != "reject":
        return "edit", edited, note
    return choice, None, note


def _only(results: list[Mapping[str, Any]], name: str, kind: str) -> str | None:
    """Return what one control holds, None where it is empty.

    Raises:
        InvalidRecord: It holds several things.
    """
    found = [result["value"][kind] for result in results if result.get("from_name") == name and kind in result["value"]]
    values = [value for each in found for value in (each if isinstance(each, list) else [each])]
    if len(set(values)) > 1 or not all(isinstance(value, str) for value in values):
        raise InvalidRecord(f"{name!r} holds {len(values)} values where one is expected")
    return values[0] if values else None


def _reviewer(completed_by: object) -> str:
    if isinstance(completed_by, Mapping):
        completed_by = completed_by.get("email") or completed_by.get("id")
    if completed_by is None or isinstance(completed_by, bool) or not isinstance(completed_by, int | str):
        raise InvalidRecord("nobody is named under completed_by")
    return completed_by if isinstance(completed_by, str) and "@" in completed_by else f"label-studio:{completed_by}"


def _named(made: Event, annotation: Mapping[str, Any]) -> Event:
    """Return an event whose id holds the annotation's, so that an export taken twice is one and a later change is another."""
    name = xxhash.xxh3_128_hexdigest(f"{annotation.get('id')}:{made.id}".encode())
    return event(made.task, made.action, made.reviewer, made.time, made.text, made.note, made.undoes, id=name)
