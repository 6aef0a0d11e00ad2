"""What a process that was killed, or found no room, has left is committed once and whole."""

import io
import os
import shutil
import signal
import time

import pyarrow as pa
import pytest

from longtail.errors import LedgerError
from longtail.ledger.store import Ledger, verify
from longtail.ledger.store.place import Place
from longtail.ledger.store.spool import Spool, abandoned
from longtail.ledger.store.table import Table
from longtail.ledger.store.taking import TAKEN, taken

WRITER = "0123456789abcdef"


def batch(*ids):
    return taken([{"lt_id": one, "lt_origin": "synthetic", "lt_parents": ["p"]} for one in ids], "d")


def left(folder):
    return [(writer, number, rows.column("lt_id").to_pylist()) for writer, number, rows, _ in abandoned(folder, TAKEN)]


def held(folder, table="rows"):
    with Ledger.open(folder) as ledger:
        found = ledger.query(lambda tables: f"SELECT lt_id FROM {tables[table]}", table)
        return sorted(each for batch in found for each in batch.column(0).to_pylist())


def spool(folder, *parts, writer=WRITER):
    """Leave appends behind, each a list of batches."""
    made = Spool(folder, writer, TAKEN)
    for number, batches in enumerate(parts, 1):
        for each in batches:
            made.put(number, each)
    made.close()


def start(folder):
    with Ledger.open(folder) as ledger:
        ledger.add([{"lt_id": "start", "lt_origin": "human"}])
        return ledger.flush()


def test_what_is_left_comes_back_in_the_order_in_which_it_was_put_in(tmp_path):
    spool(tmp_path, *([batch(f"{number}")] for number in range(1, 13)))
    assert left(tmp_path) == [(WRITER, number, [f"{number}"]) for number in range(1, 13)]


@pytest.mark.parametrize("cut", [1, 5, 200, "half", "all but one"])
def test_a_file_that_was_cut_off_gives_the_batches_before_the_cut(tmp_path, cut):
    spool(tmp_path, [batch("a", "b"), batch("c")])
    path = tmp_path / f"{WRITER}-1.arrow"
    content = path.read_bytes()
    whole = TAKEN.serialize().size + batch("a", "b").serialize().size
    kept = {"half": whole, "all but one": len(content) - 1}.get(cut, len(content) - cut if isinstance(cut, int) else 0)
    path.write_bytes(content[:kept])
    assert left(tmp_path) == [(WRITER, 1, ["a", "b"])]


@pytest.mark.parametrize("kept", [0, 1, 7, 100])
def test_a_file_that_was_cut_off_before_its_first_batch_stops_no_start(tmp_path, kept):
    Ledger.create(tmp_path / "l").close()
    spool(tmp_path / "l" / "spool", [batch("a")])
    path = tmp_path / "l" / "spool" / f"{WRITER}-1.arrow"
    path.write_bytes(path.read_bytes()[:kept])
    assert start(tmp_path / "l").notes == () and not path.exists()
    assert held(tmp_path / "l") == ["start"]


def test_the_spool_of_a_process_that_lives_is_left_alone(tmp_path):
    Ledger.create(tmp_path / "l").close()
    child = os.fork()
    if child == 0:
        made = Spool(tmp_path / "l" / "spool", WRITER, TAKEN)
        made.put(1, batch("a"))
        time.sleep(60)
        os._exit(0)
    path = tmp_path / "l" / "spool" / f"{WRITER}-1.arrow"
    for _ in range(1000):
        if path.exists() and path.stat().st_size > TAKEN.serialize().size:
            break
        time.sleep(0.01)
    try:
        assert start(tmp_path / "l").notes == () and path.exists()
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    assert start(tmp_path / "l").notes == ("1 rows that a process left behind were committed",)
    assert held(tmp_path / "l") == ["a", "start", "start"] and not path.exists()


def test_a_spool_that_was_committed_already_is_not_committed_again(tmp_path):
    folder = tmp_path / "l"
    with Ledger.create(folder) as ledger:
        ledger.add([{"lt_id": "a", "lt_origin": "synthetic", "lt_parents": ["p"]}])
        (path,) = (folder / "spool").glob("*.arrow")
        kept = shutil.copy(path, tmp_path / path.name)
    shutil.copy(kept, path)
    start(folder)
    assert (held(folder), held(folder, "parents"), verify(Place(folder)).faults) == (["a", "start"], ["a"], ())


def test_a_spool_of_another_version_is_read_as_far_as_its_columns_are_known(tmp_path):
    Ledger.create(tmp_path / "l").close()
    older = pa.schema([field for field in TAKEN if field.name not in ("lt_license", "signature", "note")])
    other = older.append(pa.field("more", pa.int8()))
    rows = pa.RecordBatch.from_pylist([{"lt_id": "a", "lt_origin": "human", "revision": 0, "more": 1}], other)
    made = Spool(tmp_path / "l" / "spool", WRITER, rows.schema)
    made.put(1, rows)
    made.close()
    start(tmp_path / "l")
    assert held(tmp_path / "l") == ["a", "start"] and verify(Place(tmp_path / "l")).faults == ()


@pytest.mark.parametrize("content", [b"x" * 5000, "types"])
def test_a_spool_that_cannot_be_understood_is_one_clear_line_and_stays(tmp_path, content):
    Ledger.create(tmp_path / "l").close()
    path = tmp_path / "l" / "spool" / f"{WRITER}-1.arrow"
    path.parent.mkdir(exist_ok=True)
    if content == "types":
        rows = pa.RecordBatch.from_pylist([{"lt_id": "a", "revision": "no number"}])
        made = Spool(path.parent, WRITER, rows.schema)
        made.put(1, rows)
        made.close()
    else:
        path.write_bytes(content)
    before = path.read_bytes()
    for _ in range(2):
        with pytest.raises(LedgerError, match=r"that this version cannot read .*move the file away") as caught:
            start(tmp_path / "l")
        assert "\n" not in str(caught.value) and path.read_bytes() == before
    assert held(tmp_path / "l") == []


def test_other_files_in_the_spool_are_left_alone(tmp_path):
    Ledger.create(tmp_path / "l").close()
    (tmp_path / "l" / "spool").mkdir()
    odd = [tmp_path / "l" / "spool" / name for name in ("notes.arrow", "x-y.arrow", f"{WRITER}-1.arrow.bak")]
    for path in odd:
        path.write_text("mine")
    start(tmp_path / "l")
    assert [path.read_text() for path in odd] == ["mine"] * 3


def test_after_a_write_that_failed_half_way_what_is_put_in_later_can_be_read(tmp_path, monkeypatch):
    class Torn(io.FileIO):
        room = 10**9

        def write(self, content):
            if not Torn.room:
                raise OSError(28, "No space left on device")
            done = super().write(bytes(content)[: Torn.room])
            Torn.room -= done
            return done

    monkeypatch.setattr("longtail.ledger.store.spool.io.FileIO", Torn)
    made = Spool(tmp_path, WRITER, TAKEN)
    for room in (0, 3, 300):
        Torn.room = room
        with pytest.raises(LedgerError, match="No space left on device; what it held is as it was; make room"):
            made.put(1, batch("lost" * 200))
    Torn.room = 10**9
    made.put(1, batch("a"))
    Torn.room = 100
    with pytest.raises(LedgerError, match="No space left"):
        made.put(1, batch("lost" * 200))
    Torn.room = 10**9
    made.put(1, batch("b"))
    made.close()
    assert left(tmp_path) == [(WRITER, 1, ["a", "b"])]


def test_rows_added_after_a_commit_that_failed_half_way_are_all_there_once(tmp_path, monkeypatch):
    folder = tmp_path / "l"
    append, failing = Table.append, {"rows"}

    def unsure(self, rows, *rest):
        if self.name in failing:
            raise LedgerError("no room")
        append(self, rows, *rest)

    monkeypatch.setattr(Table, "append", unsure)
    ledger = Ledger.create(folder)
    ledger.add([{"lt_id": "a", "lt_origin": "human", "lt_parents": ["p"]}])
    for _ in range(2):
        with pytest.raises(LedgerError, match="no room"):
            ledger.flush()
    ledger.add([{"lt_id": "b", "lt_origin": "human", "lt_parents": ["p"]}])
    failing.clear()
    assert ledger.flush().rows == 2
    ledger.close()
    assert (held(folder), held(folder, "parents"), verify(Place(folder)).faults) == (["a", "b"], ["a", "b"], ())
    assert not list((folder / "spool").glob("*.arrow"))


def test_a_commit_whose_answer_was_lost_is_not_done_again(tmp_path, monkeypatch):
    append = Table.append

    def unanswered(self, rows, *rest):
        append(self, rows, *rest)
        raise LedgerError("no answer")

    ledger = Ledger.create(tmp_path / "l")
    ledger.add([{"lt_id": "a", "lt_origin": "human", "lt_parents": ["p"]}])
    monkeypatch.setattr(Table, "append", unanswered)
    for _ in range(2):
        with pytest.raises(LedgerError, match="no answer"):
            ledger.flush()
    monkeypatch.undo()
    ledger.close()
    assert (held(tmp_path / "l"), held(tmp_path / "l", "parents"), verify(Place(tmp_path / "l")).faults) == (["a"], ["a"], ())


def test_an_add_that_makes_a_commit_due_takes_nothing_in_where_that_fails(tmp_path, monkeypatch):
    def full(self, *rest):
        raise LedgerError("no room")

    ledger = Ledger.create(tmp_path / "l", buffered=1)
    ledger.add([{"lt_id": "a", "lt_origin": "human"}])
    monkeypatch.setattr(Table, "append", full)
    with pytest.raises(LedgerError, match="no room"):
        ledger.add([{"lt_id": "b", "lt_origin": "human"}])
    monkeypatch.undo()
    ledger.add([{"lt_id": "b", "lt_origin": "human"}])
    ledger.close()
    assert held(tmp_path / "l") == ["a", "b"]
