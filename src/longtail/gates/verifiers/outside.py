"""Verdicts from elsewhere: a program that answers line by line, or a function of yours."""

import math
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, cast

from longtail.errors import ConfigError
from longtail.gates.batch import Batch
from longtail.gates.catalogue import GATES
from longtail.gates.settings import imported, number
from longtail.gates.verdicts import DECISIONS, KEPT, Judgement, Verdicts
from longtail.gates.verifiers.helpers import Helper, Served
from longtail.gates.verifiers.lines import Fallen

SHOWN = 200


@GATES.add("command", judges="documents", source="own definition")
class Command:
    """Judge documents by a program of yours that reads one JSON record a line and answers each with one JSON record a line.

    It is sent `id`, `text` and the named columns, and answers with `decision` ("keep", "review" or "reject") and, if it likes,
    `score`, `reason`, `matched_id` and the `id` it speaks of, after each line and without waiting for the next (flush). It is
    asked one document at a time, so one that hangs it, crashes it or is answered badly is rejected alone; it is then killed, with
    what it has started in its group, and started again. What it writes to standard error is lost.

    Args:
        command: Program and arguments, run without a shell.
        columns: Columns that it is to see beside the id and the text.
        timeout_s: Seconds for one document; the first of a start includes the start.

    Raises:
        ConfigError: A setting is out of range; later, the program cannot be started.
    """

    def __init__(self, *, command: Sequence[str], columns: Sequence[str] = (), timeout_s: float = 30.0) -> None:
        words = [command] if isinstance(command, str) else list(command)
        if not words or not all(words) or _texts(words) is None:
            raise ConfigError(f"command: command is {command!r}; give a list of the program and its arguments")
        self._columns = _named("command", columns)
        self._helper = Helper(words, number("command", "timeout_s", timeout_s, above=True))

    def __call__(self, batch: Batch) -> Verdicts:
        """Judge each document."""
        return Verdicts.of([self._judge(record) for record in records(batch, self._columns)])

    def _judge(self, record: Mapping[str, Any]) -> Judgement:
        try:
            answer = self._helper.ask(_sendable(record))
        except Fallen as fallen:
            return Judgement("reject", f"the command {fallen}")
        if answer.get("id", record["id"]) != record["id"]:
            self._helper.close()
            return Judgement("reject", f"the command answered for {answer['id']!r} instead")
        try:
            return judgement(answer)
        except ValueError as error:
            return Judgement("reject", f"the command answered badly: {error}")


@GATES.add("callable", judges="documents", source="own definition")
class Called:
    """Judge documents by a function of yours.

    It gets a record with `id`, `text` and the named columns, and returns whether to keep the document, or "keep", "review" or
    "reject", or a score that is kept from `least` on, or a `Judgement`, or a record with `decision`. A document that it raises on,
    or answers with anything else, is rejected with the reason, and the run goes on. Without `timeout_s` it runs in this process:
    it may then be any function, and if it hangs, the run hangs. With `timeout_s` a helper process imports it by its name.

    Args:
        function: "module:function", or the function itself.
        columns: Columns that it is to see beside the id and the text.
        least: Least score to keep, where it returns numbers.
        timeout_s: Seconds for one document; 0 for no limit, in this process.

    Raises:
        ConfigError: There is no such function, or with `timeout_s` it cannot be imported by its name.
    """

    def __init__(
        self, *, function: str | Callable[[dict[str, Any]], Any], columns: Sequence[str] = (), least: float = 0.5, timeout_s: float = 0.0
    ) -> None:
        self._columns, self._least = _named("callable", columns), least
        self._judge_of = resolved(function)
        self._helper = None
        if timeout_s:
            seconds = number("callable", "timeout_s", timeout_s, above=True)
            self._helper = Helper.of(_place(self._judge_of), seconds)

    def __call__(self, batch: Batch) -> Verdicts:
        """Judge each document."""
        return Verdicts.of([self._judge(record) for record in records(batch, self._columns)])

    def _judge(self, record: dict[str, Any]) -> Judgement:
        try:
            return judgement(self._answer(record), self._least)
        except Fallen as fallen:
            return Judgement("reject", f"the function {fallen}")
        except ConfigError:
            raise
        except Exception as error:
            return Judgement("reject", f"the function failed: {type(error).__name__}: {' '.join(str(error).split())[:SHOWN]}")

    def _answer(self, record: dict[str, Any]) -> Any:
        if self._helper is None:
            return self._judge_of(record)
        reply = self._helper.ask(_sendable(record))
        if reply.get("error") == "out of time":
            raise Fallen("did not answer in time")
        if "error" in reply:
            return Judgement("reject", f"the function failed: {reply['error']}: {reply.get('says', '')}")
        value = reply["value"]
        return Judgement(*value) if isinstance(value, list) and len(value) == len(Judgement._fields) else value


def records(batch: Batch, columns: Sequence[str]) -> list[dict[str, Any]]:
    """Return documents as records with `id`, `text` and some columns, None where a document has none."""
    found = [batch.values(name) for name in columns]
    rows = zip(batch.ids.to_pylist(), batch.texts.to_pylist(), *found, strict=True)
    return [dict(zip(("id", "text", *columns), row, strict=True)) for row in rows]


def judgement(answer: Any, least: float = 0.5) -> Judgement:
    """Return what a function or program means by its answer.

    Raises:
        ValueError: It means nothing; the message shows it.
    """
    if isinstance(answer, Judgement):
        answer = answer._asdict()
    if isinstance(answer, str):
        answer = {"decision": answer}
    if isinstance(answer, Mapping):
        return _told(answer)
    kept = bool(answer) if isinstance(answer, bool) or type(answer).__name__ in ("bool_", "bool") else None
    if kept is not None:
        return KEPT if kept else Judgement("reject", "the verifier says no")
    score = _score(answer)
    if score is None:
        raise ValueError(f"{answer!r} is no verdict")
    return KEPT._replace(score=score) if score >= least else Judgement("reject", f"the score is {score:.4g}, below {least:g}", score)


def resolved(function: object) -> Callable[[dict[str, Any]], Any]:
    """Return a function by its name "module:function", found also beside where the program was started, or itself.

    Raises:
        ConfigError: There is none.
    """
    if not isinstance(function, str):
        if not callable(function):
            raise ConfigError(f"callable: function is {function!r}; give a function or 'module:function'")
        return cast(Callable[[dict[str, Any]], Any], function)
    found = imported("callable", "function", function)
    return resolved(found) if not isinstance(found, str) else resolved(None)


def _place(function: Callable[..., Any]) -> Served:
    place, name = getattr(function, "__module__", None), getattr(function, "__qualname__", None)
    same: object = sys.modules.get(place or "")
    for part in (name or "").split("."):
        same = getattr(same, part, None)
    if same is not function or place == "__main__":
        raise ConfigError(
            f"callable: {function!r} cannot be imported by a name, as timeout_s needs; put it in a module or leave timeout_s out"
        )
    return Served(str(place), str(name))


def _told(answer: Mapping[str, Any]) -> Judgement:
    decision, reason, matched = answer.get("decision"), answer.get("reason") or "", answer.get("matched_id")
    if decision not in DECISIONS:
        raise ValueError(f"decision is {decision!r}; say keep, review or reject")
    if not isinstance(reason, str) or not (matched is None or isinstance(matched, str)):
        raise ValueError(f"reason is {reason!r} and matched_id {matched!r}; both are texts")
    why = "" if decision == "keep" else reason or "the verifier gave no reason"
    return Judgement(decision, why, _finite(answer.get("score")), matched)


def _finite(score: Any) -> float | None:
    found = _score(score)
    if found is None and score is not None:
        raise ValueError(f"score is {score!r}; give a finite number")
    return found


def _score(value: Any) -> float | None:
    try:
        found = math.nan if isinstance(value, str | bytes | bool | None) else float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def _named(gate: str, columns: object) -> tuple[str, ...]:
    found = _texts(columns)
    if found is None:
        raise ConfigError(f"{gate}: columns is {columns!r}; give a list of names")
    return found


def _texts(values: object) -> tuple[str, ...] | None:
    alike = isinstance(values, list | tuple) and all(isinstance(each, str) for each in values)
    return tuple(values) if alike and isinstance(values, list | tuple) else None


def _sendable(value: Any) -> Any:
    """Return a value as JSON can hold it: dates and everything that is no plain data as texts."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _sendable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_sendable(each) for each in value]
    return value.isoformat() if isinstance(value, date) else str(value)
