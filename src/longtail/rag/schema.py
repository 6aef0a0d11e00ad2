"""The tables of a store in SQLite, and how they are opened.

Write-ahead logging lets several processes read while one writes, and writers wait for each other. Another program may add rows
to `documents` with any SQLite client: the index of words follows by itself, and what such a row leaves out is unknown. The logs
are only ever added to: the tables refuse anything else.
"""

import os
import sqlite3

from longtail.errors import ReadError
from longtail.records import Origin

FORMAT = "1"
"""Version of the layout; a store of another one is refused."""
PATIENCE = 60.0
"""Seconds to wait while another process writes."""

_LOGS = ("moves", "merges", "decisions")
_COUNTED = """INSERT INTO shares VALUES (new.lt_status, new.lt_origin, new.topic, 1)
  ON CONFLICT DO UPDATE SET documents = documents + 1;"""
_UNCOUNTED = """UPDATE shares SET documents = documents - 1
  WHERE lt_status = old.lt_status AND lt_origin = old.lt_origin AND topic = old.topic;"""
TABLES = f"""
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (number INTEGER PRIMARY KEY, lt_id TEXT NOT NULL UNIQUE, text TEXT NOT NULL, topic TEXT NOT NULL DEFAULT '',
  lt_origin TEXT NOT NULL DEFAULT 'unknown' CHECK (lt_origin IN ({", ".join(f"'{each}'" for each in Origin)})), lt_depth INTEGER,
  lt_parents TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(lt_parents)),
  lt_scores TEXT NOT NULL DEFAULT '{{}}' CHECK (json_valid(lt_scores)),
  lt_status TEXT NOT NULL DEFAULT 'accepted' CHECK (lt_status IN ('accepted', 'quarantined')), lt_model TEXT, lt_time TEXT, vector BLOB);
CREATE TABLE shares (lt_status TEXT NOT NULL, lt_origin TEXT NOT NULL, topic TEXT NOT NULL, documents INTEGER NOT NULL,
  PRIMARY KEY (lt_status, lt_origin, topic)) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5 (text, content = 'documents', content_rowid = 'number', tokenize = 'porter unicode61');
CREATE VIRTUAL TABLE terms USING fts5vocab (words, 'row');
CREATE TRIGGER documents_new AFTER INSERT ON documents BEGIN
  INSERT INTO words (rowid, text) VALUES (new.number, new.text); {_COUNTED} END;
CREATE TRIGGER documents_gone AFTER DELETE ON documents BEGIN
  INSERT INTO words (words, rowid, text) VALUES ('delete', old.number, old.text); {_UNCOUNTED} END;
CREATE TRIGGER documents_moved AFTER UPDATE OF lt_status, lt_origin, topic ON documents BEGIN {_UNCOUNTED} {_COUNTED} END;
CREATE TRIGGER documents_other AFTER UPDATE OF text ON documents BEGIN
  INSERT INTO words (words, rowid, text) VALUES ('delete', old.number, old.text);
  INSERT INTO words (rowid, text) VALUES (new.number, new.text); END;
CREATE TABLE moves (seq INTEGER PRIMARY KEY, lt_id TEXT NOT NULL, status TEXT NOT NULL, reason TEXT NOT NULL, time TEXT NOT NULL);
CREATE TABLE merges (seq INTEGER PRIMARY KEY, lt_id TEXT NOT NULL, text TEXT NOT NULL, lt_parents TEXT NOT NULL, time TEXT NOT NULL);
CREATE TABLE decisions (seq INTEGER PRIMARY KEY, time TEXT NOT NULL, question TEXT NOT NULL, answer TEXT NOT NULL,
  decision TEXT NOT NULL, record TEXT NOT NULL);
CREATE VIRTUAL TABLE asked USING fts5 (question, content = 'decisions', content_rowid = 'seq', tokenize = 'porter unicode61');
CREATE TRIGGER decisions_new AFTER INSERT ON decisions BEGIN INSERT INTO asked (rowid, question) VALUES (new.seq, new.question); END;
""" + "".join(
    f"CREATE TRIGGER {log}_{done.lower()} BEFORE {done} ON {log} BEGIN SELECT RAISE(ABORT, '{log} are only ever added'); END;\n"
    for log in _LOGS
    for done in ("UPDATE", "DELETE")
)


def connect(path: str | os.PathLike[str]) -> sqlite3.Connection:
    """Open a store, or start one where there is none; transactions are begun by hand.

    Raises:
        ReadError: It is no store, one of another version, or cannot be opened.
    """
    where = os.fspath(path)
    try:
        connection = sqlite3.connect(where, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
        connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;")
        _begun(connection)
        found = connection.execute("SELECT value FROM meta WHERE name = 'format'").fetchone()
    except sqlite3.Error as error:
        raise ReadError(where, f"is no store: {error}", fix="name another file, and a new store is started") from None
    if found is None or found[0] != FORMAT:
        said = "none" if found is None else found[0]
        raise ReadError(where, f"is a store of format {said}, this version reads {FORMAT}", fix="use the version that wrote it")
    return connection


def _begun(connection: sqlite3.Connection) -> None:
    """Create the tables in a file that has none; of two processes that start at once one creates them and the other waits."""
    if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        return
    connection.execute("BEGIN IMMEDIATE")
    if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        for statement in _statements():
            connection.execute(statement)
        connection.execute("INSERT INTO meta VALUES ('format', ?)", (FORMAT,))
    connection.execute("COMMIT")


def _statements() -> list[str]:
    """Return the statements one by one; a trigger holds semicolons of its own."""
    found, held = [], ""
    for line in TABLES.splitlines(keepends=True):
        held += line
        if sqlite3.complete_statement(held) and held.strip():
            found.append(held)
            held = ""
    return found
