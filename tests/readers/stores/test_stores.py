"""Stores of several programs are read into the same records, and nothing is written to them."""

import hashlib
import json
import sqlite3
from contextlib import closing

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from longtail.errors import ReadError
from longtail.rag import Gate, Store
from longtail.readers.stores import Named, read_log, read_store
from longtail.records import Origin

ROWS = [
    {"id": "a", "text": "Paris is the capital of France.", "metadata": {"lt_origin": "human", "lt_time": "2026-01-01"}},
    {"id": "b", "text": "The capital of France is Paris.", "metadata": json.dumps({
        "lt_origin": "synthetic", "lt_depth": 1, "lt_parents": '["a"]', "lt_time": 1767312000,
        "lt_model": "m-1", "lt_status": "quarantined",
    })},
    {"id": None, "text": "No id.", "metadata": None},
]  # fmt: skip


def write_jsonl(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def write_sqlite(path, rows, table="memories", mode="delete"):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA journal_mode={mode}")
        names = list(rows[0])
        connection.execute(f"CREATE TABLE {table} ({', '.join(names)})")
        values = [[json.dumps(value) if isinstance(value, dict) else value for value in row.values()] for row in rows]
        connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(names))})", values)
        connection.commit()
    return path


def write_parquet(path, rows):
    plain = [{**row, "metadata": json.dumps(row["metadata"]) if isinstance(row["metadata"], dict) else row["metadata"]} for row in rows]
    pq.write_table(pa.Table.from_pylist(plain), path)
    return path


def write_chroma(folder, rows, collections=("memories",)):
    """Write the tables of Chroma 1.x that hold documents, as its migrations make them."""
    folder.mkdir()
    with closing(sqlite3.connect(folder / "chroma.sqlite3")) as connection:
        connection.executescript("""
            CREATE TABLE collections (id TEXT PRIMARY KEY, name TEXT NOT NULL, dimension INTEGER, database_id TEXT NOT NULL);
            CREATE TABLE segments (id TEXT PRIMARY KEY, type TEXT NOT NULL, scope TEXT NOT NULL, collection TEXT NOT NULL);
            CREATE TABLE embeddings (id INTEGER PRIMARY KEY, segment_id TEXT NOT NULL, embedding_id TEXT NOT NULL, seq_id BLOB NOT NULL,
                created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP);
            CREATE TABLE embedding_metadata (id INTEGER, key TEXT NOT NULL, string_value TEXT, int_value INTEGER, float_value REAL,
                bool_value INTEGER, PRIMARY KEY (id, key));
        """)
        for name in collections:
            connection.execute("INSERT INTO collections VALUES (?, ?, 3, 'd')", (f"c-{name}", name))
            connection.execute("INSERT INTO segments VALUES (?, 'x', 'METADATA', ?)", (f"s-{name}", f"c-{name}"))
        for at, row in enumerate(rows, 1):
            connection.execute(
                "INSERT INTO embeddings (id, segment_id, embedding_id, seq_id) VALUES (?, ?, ?, ?)",
                (at, f"s-{collections[0]}", row["id"], at),
            )
            metadata = row["metadata"] if isinstance(row["metadata"], dict) else json.loads(row["metadata"] or "{}")
            for key, value in {"chroma:document": row["text"], **metadata}.items():
                column = "int_value" if isinstance(value, int) else "string_value"
                connection.execute(f"INSERT INTO embedding_metadata (id, key, {column}) VALUES (?, ?, ?)", (at, key, value))
        connection.commit()
    return folder


WRITERS = {
    "json": ("store.jsonl", write_jsonl),
    "sqlite": ("store.db", write_sqlite),
    "parquet": ("store.parquet", write_parquet),
    "chroma": ("store", lambda path, rows: write_chroma(path, rows[:2])),
}


@pytest.mark.parametrize("kind", WRITERS)
def test_each_kind_gives_the_same_items(tmp_path, kind):
    name, write = WRITERS[kind]
    store = read_store(write(tmp_path / name, ROWS))
    first, second, *rest = store.items
    assert store.kind == kind and store.unread == 0
    assert (first.id, first.origin, first.time, first.parents, first.depth) == ("a", Origin.HUMAN, 1767225600.0, (), None)
    assert (second.id, second.origin, second.depth, second.parents, second.model) == ("b", Origin.SYNTHETIC, 1, ("a",), "m-1")
    assert second.quarantined and not first.quarantined
    assert [(item.id, item.origin, item.time) for item in rest] == ([] if kind == "chroma" else [("row 3", Origin.UNKNOWN, None)])


@pytest.mark.parametrize("kind", [*WRITERS, "wal"])
def test_nothing_is_written_to_a_store(tmp_path, kind):
    name, write = WRITERS.get(kind, ("store.db", lambda path, rows: write_sqlite(path, rows, mode="wal")))
    target = write(tmp_path / name, ROWS)

    def state():
        return {str(each): hashlib.sha256(each.read_bytes()).hexdigest() for each in tmp_path.rglob("*") if each.is_file()}

    before = state()
    read_store(target)
    assert state() == before


def test_a_table_of_foreign_names_is_read_by_the_columns_that_were_named(tmp_path):
    path = write_sqlite(tmp_path / "m.db", [{"memory_id": 7, "said": "I like chess.", "when_": "2026-02-03"}])
    item = read_store(path, Named("memories", "said", "when_")).items[0]
    assert (item.id, item.text, item.time) == ("7", "I like chess.", 1770076800.0)
    with pytest.raises(ReadError, match="no column 'sayd'; columns: memory_id, said, when_; did you mean 'said'"):
        read_store(path, Named("memories", "sayd"))


def test_the_one_table_with_a_text_is_taken_and_of_two_none_is_guessed(tmp_path):
    path = write_sqlite(tmp_path / "m.db", [{"id": 1, "content": "One."}])
    write_sqlite(path, [{"key": "version", "value": "2"}], "settings")
    assert [item.text for item in read_store(path).items] == ["One."]
    write_sqlite(path, [{"id": 1, "text": "Two."}], "drafts")
    with pytest.raises(ReadError, match="2 tables have one of the columns .*choose one with --table NAME"):
        read_store(path)
    assert [item.text for item in read_store(path, Named("drafts")).items] == ["Two."]
    with pytest.raises(ReadError, match="no table 'draft'; tables: drafts, memories, settings"):
        read_store(path, Named("draft"))


def test_records_without_text_are_set_aside_and_counted(tmp_path):
    store = read_store(write_jsonl(tmp_path / "s.jsonl", [{"id": 1, "text": "One."}, {"id": 2, "text": None}, {"id": 3}, [4]]))
    assert ([item.id for item in store.items], store.unread) == (["1"], 3)
    assert [place.reason for place in store.places] == ["no text", "no text", "no object"]


@pytest.mark.parametrize(("name", "content", "reason"), [
    ("a.txt", b"plain", "neither its first bytes nor its suffix"), ("a.db", b"SQLite format 3\x00 and no more", "cannot be read as SQLite"),
    ("a.parquet", b"PAR1 broken", "cannot be read as Parquet"), ("gone.db", None, "there is no such file"),
])  # fmt: skip
def test_what_is_no_store_is_told(tmp_path, name, content, reason):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(ReadError, match=reason):
        read_store(tmp_path / name)
    with pytest.raises(ReadError, match="no store was found in this folder"):
        read_store(tmp_path)


def test_one_of_several_collections_has_to_be_named(tmp_path):
    folder = write_chroma(tmp_path / "c", ROWS[:1], ("one", "two"))
    with pytest.raises(ReadError, match="has 2 collections: one, two; choose one collection with --table NAME"):
        read_store(folder)
    assert len(read_store(folder, Named("one")).items) == 1 and not read_store(folder, Named("two")).items


def test_a_store_that_chroma_wrote_is_read_without_it(tmp_path):
    chromadb = pytest.importorskip("chromadb", reason="Chroma is no part of the development extra")
    client = chromadb.PersistentClient(str(tmp_path / "c"), settings=chromadb.Settings(anonymized_telemetry=False))
    made = client.create_collection("memories", embedding_function=None)
    made.add(
        ids=["a", "b"], documents=["One.", "Two."], embeddings=[[0.0, 1.0], [1.0, 0.0]],
        metadatas=[{"lt_origin": "human"}, {"lt_origin": "synthetic", "lt_depth": 2, "lt_parents": '["a"]'}],
    )  # fmt: skip
    store = read_store(tmp_path / "c")
    assert [(item.id, item.text, item.origin.value, item.depth, item.parents) for item in store.items] == [
        ("a", "One.", "human", None, ()), ("b", "Two.", "synthetic", 2, ("a",)),
    ]  # fmt: skip
    assert all(item.time is not None for item in store.items)


def test_a_lance_table_is_read_by_its_package(tmp_path):
    lance = pytest.importorskip("lance", reason="Lance is no part of the development extra")
    vectors = pa.array([[0.0, 1.0]] * 2, pa.list_(pa.float32(), 2))
    table = pa.table({"id": ["a", "b"], "text": ["One.", "Two."], "vector": vectors, "metadata": ['{"lt_origin": "human"}', "{}"]})
    lance.write_dataset(table, str(tmp_path / "db" / "memories.lance"))
    for path in (tmp_path / "db", tmp_path / "db" / "memories.lance"):
        assert [(item.id, item.origin.value) for item in read_store(path).items] == [("a", "human"), ("b", "unknown")]


def test_without_its_package_a_lance_table_names_what_to_install(tmp_path, monkeypatch):
    (tmp_path / "db" / "m.lance").mkdir(parents=True)
    monkeypatch.setitem(__import__("sys").modules, "lance", None)
    with pytest.raises(ReadError, match="pip install pylance"):
        read_store(tmp_path / "db")


def test_a_log_is_read_by_the_names_that_logs_use(tmp_path):
    rows = [
        {
            "query": "Q?",
            "retrieved": ["a", {"id": "b"}],
            "citations": '["a"]',
            "response": "A.",
            "answer_id": "c",
            "correct": True,
            "time": 1767225600,
        },
        {"question": "R?", "correct": 2},
        {"answer": "no question"},
    ]
    log = read_log(write_jsonl(tmp_path / "l.jsonl", rows))
    first, second = log.queries
    assert (first.question, first.retrieved, first.cited, first.answer) == ("Q?", ("a", "b"), ("a",), "A.")
    assert (first.answer_id, first.correct, first.time, log.unread) == ("c", 1.0, 1767225600.0, 1)
    assert (second.retrieved, second.cited, second.answer, second.correct, second.time) == (None, None, None, None, None)


def test_the_store_of_the_write_back_gate_is_read_beside_its_log(tmp_path):
    with Store(tmp_path / "memory.db") as store:
        for name in ("Moss", "Molde", "Bodo"):
            store.add(f"Town {name} lies on the coast.", origin="human")
        Gate(store).check("Moss lies on the coast [1].", store.search("Moss"))
        store.quarantine([store.search("Moss")[0].document.id], "closed")
    found = read_store(tmp_path / "memory.db").items
    assert [(item.text, item.quarantined) for item in found] == [
        ("Town Moss lies on the coast.", True),
        ("Town Molde lies on the coast.", False),
        ("Town Bodo lies on the coast.", False),
    ]
    assert {item.origin for item in found} == {Origin.HUMAN}
