"""The review queue: tasks in their order, and events that are added one by one.

Each reviewer sees what nobody has decided on and nobody else is looking at. Nothing is lost when a process is killed: an event
is on disk before it is acknowledged, and what a dead process was looking at is free again.
"""

import os
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

import msgspec

from longtail.errors import UsageError
from longtail.gates.review.item import DECIDING, Action, Cell, Event, Item, Kind, Task, event, moment, stamped
from longtail.gates.review.schema import connect

NAME = "review.db"
HELD = 900.0
"""Seconds for which a task that someone is looking at is not shown to another reviewer."""

_DECIDED = f"action IN {DECIDING!r}"
_OPEN = f"""NOT EXISTS (SELECT 1 FROM votes v WHERE v.task = t.task AND (v.{_DECIDED} OR v.reviewer = :reviewer))"""
_OWN = "EXISTS (SELECT 1 FROM votes v WHERE v.task = t.task AND v.reviewer = :reviewer)"
_SETTLE = """INSERT INTO tasks
SELECT (SELECT max(task) + 1 FROM tasks), 's' || key, item, 'settle', 1, (SELECT max(place) + 1 FROM tasks)
FROM tasks t WHERE item = ? AND kind = 'first'
AND NOT EXISTS (SELECT 1 FROM tasks s WHERE s.item = t.item AND s.kind = 'settle')"""


class Queue:
    """A queue of documents for people to decide on; use it as a context manager, one in each process.

    Args:
        folder: The folder that `longtail gate` wrote; the queue lies in it.
        clock: Seconds since 1970.

    Raises:
        UsageError: There is no queue.
        ReadError: It cannot be read.
    """

    def __init__(self, folder: str | os.PathLike[str], clock: Callable[[], float] = time.time) -> None:
        """Open the queue of a folder."""
        self.path = Path(folder) / NAME
        if not self.path.is_file():
            raise UsageError(f"{str(folder)!r} holds no review queue; draw one with longtail review {folder}")
        self._connection, self._clock = connect(self.path), clock
        self._session, self._host = secrets.token_hex(8), machine()

    def __enter__(self) -> Self:
        """Return the queue."""
        return self

    def __exit__(self, *error: object) -> None:
        """Let go of what was looked at, and close."""
        self.close()

    def close(self) -> None:
        """Let go of what was looked at, and close."""
        with closing(self._connection):
            self._connection.execute("DELETE FROM claims WHERE session = ?", (self._session,))

    # ------------------------------------------------------------------------------------------------------------ reading

    def meta(self) -> dict[str, str]:
        """Return what was noted when the queue was drawn."""
        return dict(self._connection.execute("SELECT name, value FROM meta"))

    def cells(self) -> dict[int, Cell]:
        """Return the cells that were drawn from, by number."""
        rows = self._connection.execute("SELECT cell, decision, is_tail, kind, population, drawn FROM cells ORDER BY cell")
        return {
            number: Cell(decision, bool(is_tail), kind, population, drawn) for number, decision, is_tail, kind, population, drawn in rows
        }

    def tasks(self) -> list[Task]:
        """Return all tasks in their order."""
        rows = self._connection.execute("SELECT task, key, item, kind, masked, place FROM tasks ORDER BY place, task")
        return [_task(row) for row in rows]

    def item(self, number: int) -> Item:
        """Return an item by its number."""
        (body,) = self._connection.execute("SELECT body FROM items WHERE item = ?", (number,)).fetchone()
        return msgspec.json.decode(body, type=Item)

    def items(self) -> Iterator[tuple[int, int, float, Item]]:
        """Yield number, cell, chance of having been drawn, and item."""
        for number, cell, chance, body in self._connection.execute("SELECT item, cell, chance, body FROM items ORDER BY item"):
            yield number, cell, chance, msgspec.json.decode(body, type=Item)

    def events(self) -> list[Event]:
        """Return all events in the order in which they were added."""
        return self._events("events ORDER BY seq")

    def votes(self) -> list[Event]:
        """Return what each reviewer says of each task now: accept, reject, edit or skip."""
        return self._events("votes ORDER BY time, id")

    def left(self, reviewer: str) -> int:
        """Return how many tasks are open for a reviewer."""
        rows = self._connection.execute(f"SELECT count(*) FROM tasks t WHERE {_OPEN}", {"reviewer": reviewer}).fetchone()
        return int(rows[0])

    # ------------------------------------------------------------------------------------------------------------ looking

    def next(
        self, reviewer: str, after: float = -1.0, *, back: bool = False, only_open: bool = True, kind: str | None = None
    ) -> Task | None:
        """Return the nearest task to show, and keep other reviewers from it while it is looked at; None where there is none.

        Args:
            reviewer: Who looks.
            after: The place from which on; before it, with `back`.
            back: Look backwards.
            only_open: Leave out what the reviewer has decided on.
            kind: Only tasks of this kind.
        """
        seen = _OPEN if only_open else f"({_OPEN} OR {_OWN})"
        side, order = ("<", "DESC") if back else (">", "ASC")
        only = "AND t.kind = :kind" if kind else ""
        sql = f"SELECT task, key, item, kind, masked, place FROM tasks t WHERE place {side} :after AND {seen} {only} ORDER BY place {order}"
        with self._writing():
            self._release()
            taken = {task for (task,) in self._connection.execute("SELECT task FROM claims")}
            rows = self._connection.execute(sql, {"reviewer": reviewer, "after": after, "kind": kind})
            found = next((_task(row) for row in rows if row[0] not in taken), None)
            if found is not None:
                claim = (found.number, self._session, self._host, os.getpid(), self._clock() + HELD)
                self._connection.execute("INSERT INTO claims VALUES (?, ?, ?, ?, ?)", claim)
        return found

    def _release(self) -> None:
        """Let go of what this session looked at, and of what nobody looks at any more."""
        rows = self._connection.execute("SELECT task, session, host, process, until FROM claims").fetchall()
        now = self._clock()
        for task, session, host, process, until in rows:
            if session == self._session or until < now or (host == self._host and not lives(process)):
                self._connection.execute("DELETE FROM claims WHERE task = ?", (task,))

    # ------------------------------------------------------------------------------------------------------------ writing

    def decide(self, task: Task, action: Action, reviewer: str, text: str | None = None, note: str = "") -> Event:
        """Add what a reviewer did; it is on disk when this returns.

        Raises:
            InvalidRecord: It is no event that may be.
        """
        with self._writing():
            made = event(task.key, action, reviewer, self._now(reviewer), text, note)
            self._insert(made, task.number)
        return made

    def undo(self, reviewer: str) -> tuple[Event, Task] | None:
        """Take back what a reviewer decided last; return it and its task, or None where nothing is left to take back."""
        sql = "live WHERE reviewer = ? ORDER BY time DESC, id DESC LIMIT 1"
        with self._writing():
            found = self._events(sql, (reviewer,))
            if not found:
                return None
            task = next(each for each in self.tasks() if each.key == found[0].task)
            self._insert(event(task.key, "undo", reviewer, self._now(reviewer), undoes=found[0].id), task.number)
        return found[0], task

    def add(self, events: Iterable[Event]) -> int:
        """Add events from elsewhere, all or none; return how many were new.

        Raises:
            UsageError: One is about a task that is not in this queue.
        """
        numbers = {task.key: task.number for task in self.tasks()}
        with self._writing():
            before = self._connection.total_changes
            for each in events:
                if each.task not in numbers:
                    raise UsageError(
                        f"an event is about the task {each.task!r}, which is not in {str(self.path)!r}; import it where it was exported"
                    )
                self._insert(each, numbers[each.task])
            return self._connection.total_changes - before

    def settle(self, items: Iterable[int]) -> int:
        """Add a task for each item on which reviewers did not agree and that has none; its decision overrules theirs."""
        with self._writing():
            before = self._connection.total_changes
            for item in items:
                self._connection.execute(_SETTLE, (item,))
            return self._connection.total_changes - before

    def _insert(self, made: Event, task: int) -> None:
        self._connection.execute(
            "INSERT OR IGNORE INTO events (id, task, action, reviewer, time, text, note, undoes) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (made.id, task, made.action, made.reviewer, made.time, made.text, made.note, made.undoes),
        )

    def _events(self, source: str, given: tuple[str, ...] = ()) -> list[Event]:
        sql = f"SELECT id, key, action, reviewer, time, text, note, undoes FROM (SELECT * FROM {source}) JOIN tasks USING (task)"
        ordered = sql + (" ORDER BY seq" if source.endswith("seq") else " ORDER BY time, id")
        rows = self._connection.execute(ordered, given)
        names = Event.__struct_fields__
        return [msgspec.convert(dict(zip(names, row, strict=True)), Event) for row in rows]

    def _now(self, reviewer: str) -> str:
        """Return the time, later than all that this reviewer did, so that clocks that go back change no order."""
        now = datetime.fromtimestamp(self._clock(), UTC)
        (last,) = self._connection.execute("SELECT max(time) FROM events WHERE reviewer = ?", (reviewer,)).fetchone()
        if last is not None:
            now = max(now, datetime.fromisoformat(moment(last)) + timedelta(microseconds=1))
        return stamped(now)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Write in one transaction, which other processes wait for."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        try:
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            self._connection.execute("ROLLBACK")
            raise UsageError(f"cannot write {str(self.path)!r}: {error}; is there room, and may you write there?") from None


def _task(row: tuple[int, str, int, str, int, float]) -> Task:
    number, key, item, kind, masked, place = row
    return Task(number, key, item, msgspec.convert(kind, Kind), bool(masked), place)


def machine() -> str:
    """Return the name of this machine."""
    return os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")


def lives(process: int) -> bool:
    """Return whether a process of this machine is running; where that cannot be told, it is."""
    if os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
