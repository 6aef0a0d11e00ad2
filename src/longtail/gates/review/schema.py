"""The tables of a queue in SQLite, and how they are opened.

Write-ahead logging lets several reviewers read and write at once; every decision is on disk before it is acknowledged. Events
are only ever added: the tables refuse anything else. What holds now is a view over them.
"""

import sqlite3
from pathlib import Path

from longtail.errors import ReadError

FORMAT = "1"
"""Version of the layout. A queue of another one is refused."""
PATIENCE = 30.0
"""Seconds to wait while another process writes."""

TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE cells (cell INTEGER PRIMARY KEY, decision TEXT NOT NULL, is_tail INTEGER NOT NULL, kind TEXT NOT NULL,
  population INTEGER NOT NULL, drawn INTEGER NOT NULL);
CREATE TABLE items (item INTEGER PRIMARY KEY, cell INTEGER NOT NULL REFERENCES cells, chance REAL NOT NULL, body BLOB NOT NULL);
CREATE TABLE tasks (task INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, item INTEGER NOT NULL REFERENCES items,
  kind TEXT NOT NULL, masked INTEGER NOT NULL, place REAL NOT NULL);
CREATE TABLE events (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, task INTEGER NOT NULL REFERENCES tasks,
  action TEXT NOT NULL, reviewer TEXT NOT NULL, time TEXT NOT NULL, text TEXT, note TEXT NOT NULL, undoes TEXT);
CREATE INDEX events_of_tasks ON events (task, reviewer);
CREATE INDEX undone ON events (undoes) WHERE undoes IS NOT NULL;
CREATE TABLE claims (task INTEGER PRIMARY KEY REFERENCES tasks, session TEXT NOT NULL, host TEXT NOT NULL, process INTEGER NOT NULL,
  until REAL NOT NULL);
CREATE TRIGGER events_stay BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are only ever added'); END;
CREATE TRIGGER events_remain BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are only ever added'); END;
CREATE VIEW live AS SELECT e.* FROM events e WHERE e.action IN ('accept', 'reject', 'edit', 'skip')
  AND NOT EXISTS (SELECT 1 FROM events u WHERE u.undoes = e.id);
CREATE VIEW votes AS SELECT l.* FROM live l WHERE NOT EXISTS (SELECT 1 FROM live o
  WHERE o.task = l.task AND o.reviewer = l.reviewer AND (o.time, o.id) > (l.time, l.id));
"""


def connect(path: Path) -> sqlite3.Connection:
    """Open a queue; transactions are begun by hand.

    Raises:
        ReadError: It is no queue, or one of another version.
    """
    try:
        connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
        connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")
        found = connection.execute("SELECT value FROM meta WHERE name = 'format'").fetchone()
    except sqlite3.Error as error:
        raise ReadError(str(path), f"is no review queue: {error}", fix="move it away, and a new queue is drawn") from None
    if found is None or found[0] != FORMAT:
        said = "none" if found is None else found[0]
        raise ReadError(str(path), f"is a queue of format {said}, this version reads {FORMAT}", fix="use the version that wrote it")
    return connection


def create(path: Path) -> sqlite3.Connection:
    """Start a queue in a new file, in one transaction that the caller commits."""
    connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
    connection.executescript(f"BEGIN;{TABLES}")
    connection.execute("INSERT INTO meta VALUES ('format', ?)", (FORMAT,))
    return connection
