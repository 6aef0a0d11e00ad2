"""No room, no right to write, damaged files, odd rows and clocks: one clear line each, and nothing that was acknowledged is lost."""

import json
import math
import os
import resource
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pyarrow as pa
import pytest

from longtail.errors import LedgerError, UsageError
from longtail.ledger.node import Node
from longtail.ledger.store import Ledger, verify
from longtail.ledger.store.place import Place


def ids(folder):
    with Ledger.open(folder) as ledger:
        answer = ledger.query(lambda t: f"SELECT lt_id FROM {t['rows']}", "rows")
        return sorted(each for batch in answer for each in batch.column(0).to_pylist())


def rows(*names, **more):
    return [{"lt_id": name, "lt_origin": "human", **more} for name in names]


NO_ROOM = """
import json, resource, sys
from longtail.errors import LedgerError
from longtail.ledger.store import Ledger

ledger, said = Ledger.open(sys.argv[1]), []
ledger.add([{"lt_id": "before", "lt_origin": "human"}])
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
for size in map(int, sys.argv[3:]):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        ledger.flush()
    except LedgerError as error:
        said.append(str(error))
    try:
        ledger.add([{"lt_id": f"refused-{size}" + "x" * 9000, "lt_origin": "human"}])
    except LedgerError as error:
        said.append(str(error))
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    ledger.add([{"lt_id": f"after-{size}", "lt_origin": "human"}])
if sys.argv[2] == "same":
    ledger.close()
print(json.dumps(said), flush=True)
import os
os._exit(0)
"""


@pytest.mark.parametrize("committer", ["same", "new"])
def test_where_there_is_no_room_nothing_is_lost_and_what_was_taken_in_is_committed_once_there_is(tmp_path, committer):
    folder = tmp_path / "ledger"
    Ledger.create(folder).close()
    sizes = ["0", "1500", "2500"]
    done = subprocess.run([sys.executable, "-c", NO_ROOM, folder, committer, *sizes], capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert len(said) == 6 and all("make room or take another place" in line and "\n" not in line for line in said), said
    if committer == "new":
        with Ledger.open(folder) as ledger:
            ledger.add(rows("next"))
            assert any("that a process left behind were committed" in note for note in ledger.flush().notes)
    assert ids(folder) == sorted(["before", *(f"after-{size}" for size in sizes), *(["next"] if committer == "new" else [])])
    assert verify(Place(folder)).faults == ()


@pytest.fixture
def read_only(tmp_path):
    folder = tmp_path / "ledger"
    with Ledger.create(folder) as ledger:
        ledger.add(rows("a"))
        ledger.judge([{"lt_id": "a", "name": "g", "status": "pass"}])
        ledger.mark("m")
    places = [folder, *(path for path in folder.rglob("*") if path.is_dir())]
    if os.geteuid() == 0:
        locked = shutil.which("chattr") and subprocess.run(["chattr", "+i", *places], capture_output=True).returncode == 0
        if not locked:
            pytest.skip("root writes everywhere, and this file system has no other lock")
        yield folder
        subprocess.run(["chattr", "-i", *places], check=True)
        return
    for path in places:
        path.chmod(0o500)
    yield folder
    for path in places:
        path.chmod(0o700)


def test_a_folder_that_cannot_be_written_is_read_all_the_same(read_only):
    assert ids(read_only) == ["a"]
    with Ledger.open(read_only, "m") as ledger:
        assert not ledger.graph().names
    assert verify(Place(read_only)).faults == ()
    for write in (
        lambda ledger: ledger.add(rows("b")),
        lambda ledger: ledger.judge([{"lt_id": "a", "name": "g", "status": "pass"}]),
        lambda ledger: ledger.record(Node(name="g", kind="dataset")),
        lambda ledger: ledger.mark("other"),
        lambda ledger: ledger.compact(),
    ):
        with Ledger.open(read_only) as ledger, pytest.raises(LedgerError, match="cannot be written: .*; what it held") as caught:
            write(ledger)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is damaged"),
        ('{"format": 1, "id"', "is damaged"),
        ("[]", "is damaged"),
        ('{"format": "x"}', "is damaged"),
        ('{"format": 1}', "is damaged"),
        ('{"format": 2, "other": []}', "has format 2, and this version reads up to 1; update longtail"),
    ],
)
def test_a_damaged_or_later_ledger_is_one_clear_line(tmp_path, content, said):
    Ledger.create(tmp_path / "l").close()
    (tmp_path / "l" / "ledger.json").write_text(content)
    with pytest.raises(LedgerError) as caught:
        Ledger.open(tmp_path / "l")
    assert said in str(caught.value) and "\n" not in str(caught.value)


def test_a_folder_that_is_no_ledger_and_one_without_a_table_are_one_clear_line(tmp_path):
    with pytest.raises(LedgerError, match=r"there is no ledger at .*; start one: longtail ledger init"):
        Ledger.open(tmp_path)
    Ledger.create(tmp_path / "l").close()
    shutil.rmtree(tmp_path / "l" / "verdicts")
    with pytest.raises(LedgerError, match="verdicts is no table of a ledger; restore it from a copy"):
        Ledger.open(tmp_path / "l")


def test_a_ledger_is_started_only_where_there_is_nothing_else(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "rows").write_text("a file")
    (tmp_path / "file").write_text("")
    for name in ("mine", "file"):
        with pytest.raises(UsageError, match="holds something else; name a folder that is empty or not there yet"):
            Ledger.create(tmp_path / name)
    Ledger.create(tmp_path / "l").close()
    with pytest.raises(UsageError, match="is a ledger already"):
        Ledger.create(tmp_path / "l")


def test_a_start_that_was_cut_off_can_be_made_again(tmp_path):
    Ledger.create(tmp_path / "l").close()
    (tmp_path / "l" / "ledger.json").unlink()
    shutil.rmtree(tmp_path / "l" / "verdicts")
    with Ledger.create(tmp_path / "l") as ledger:
        ledger.add(rows("a"))
    assert ids(tmp_path / "l") == ["a"]


def test_a_clock_that_goes_backwards_is_noted_and_order_is_that_of_commits(tmp_path):
    with Ledger.create(tmp_path / "l") as ledger:
        ledger.add(rows("a"))
    with Ledger.open(tmp_path / "l", clock=lambda: 1_000_000_000.0) as ledger:
        ledger.add([{"lt_id": "a", "lt_origin": "synthetic"}])
        (note,) = ledger.flush().notes
        assert note.endswith("order is kept by the numbers of commits, not by time") and "the clock is " in note
        assert [commit.version for commit in ledger.table("rows").commits()] == [0, 1, 2]
    with Ledger.open(tmp_path / "l") as ledger:
        ledger.add(rows("b"))
        assert ledger.flush().notes == ()


def test_ids_that_come_twice_in_one_add_or_in_several_are_one_document(tmp_path):
    with Ledger.create(tmp_path / "l") as ledger:
        ledger.add(rows("a", "a", "b"))
        ledger.add(rows("a"))
        ledger.flush()
        found = {row["lt_id"]: row["statements"] for batch in ledger.current(columns=("lt_id", "statements")) for row in batch.to_pylist()}
    assert found == {"a": 3, "b": 1} and verify(Place(tmp_path / "l")).faults == ()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"lt_origin": "human"}, "has no lt_id"),
        ({"lt_id": 7, "lt_origin": "human"}, "a value of the wrong type"),
        ({"lt_id": "a", "lt_origin": "robot"}, "lt_origin is 'robot'; known: human"),
        ({"lt_id": "a", "lt_evidence": "hunch"}, "lt_evidence is 'hunch'; known: asserted"),
        ({"lt_id": "a", "lt_depth": -1}, "lt_depth is -1; give a number from 0"),
        ({"lt_id": "a", "lt_depth": 40_000}, "a value of the wrong type"),
        ({"lt_id": "a", "lt_weight": math.nan}, "lt_weight is nan; give a number from 0"),
        ({"lt_id": "a", "lt_weight": math.inf}, "lt_weight is inf; give a number from 0"),
        ({"lt_id": "a\ud800"}, "a value of the wrong type"),
        ({"lt_id": "a", "lt_time": "yesterday"}, "a value of the wrong type"),
    ],
)
def test_a_row_that_cannot_be_taken_in_is_one_clear_line_and_takes_the_others_with_it(tmp_path, row, said):
    with Ledger.create(tmp_path / "l") as ledger:
        with pytest.raises(LedgerError) as caught:
            ledger.add([*rows("sound"), row])
        assert said in str(caught.value) and "\n" not in str(caught.value)
    assert ids(tmp_path / "l") == []


def test_of_a_table_only_the_columns_of_provenance_are_taken(tmp_path):
    table = pa.table({"lt_id": ["a"], "lt_origin": ["human"], "revision": ["3f2c"], "signature": [1.5], "note": [None], "text_hash": ["x"]})
    with Ledger.create(tmp_path / "l") as ledger:
        ledger.add(table)
        ledger.add(table.to_batches()[0])
        ledger.add([{"lt_id": "a", "lt_origin": "human", "revision": 7, "signature": "?"}])
        ledger.flush()
        assert [row for batch in ledger.current(columns=("lt_id", "revision", "statements")) for row in batch.to_pylist()] == [
            {"lt_id": "a", "revision": 0, "statements": 3}
        ]
        with pytest.raises(LedgerError, match="1 rows for the ledger have no lt_id; tag them first"):
            ledger.add(pa.table({"lt_id": [""], "lt_origin": ["human"]}))


def test_verdicts_and_corrections_that_cannot_be_are_one_clear_line(tmp_path):
    with Ledger.create(tmp_path / "l") as ledger:
        ledger.add(rows("a"))
        for score, said in ((math.nan, "a 'score' that is not a number"), ("high", "a value of the wrong type")):
            with pytest.raises(LedgerError, match=said):
                ledger.judge([{"lt_id": "a", "name": "g", "status": "pass", "score": score}])
        with pytest.raises(LedgerError, match="1 verdicts for the ledger lack 'status'"):
            ledger.judge([{"lt_id": "a", "name": "g"}])
        for wrong, note, said in (
            ({"lt_id": "a"}, " ", "needs a reason"),
            ({"lt_id": "b"}, "x", "knows no document 'b'"),
            ({}, "x", "knows no document 'None'"),
        ):
            with pytest.raises(UsageError, match=said):
                ledger.correct([wrong], note)
        with pytest.raises(LedgerError, match="lt_origin is 'robot'"):
            ledger.correct([{"lt_id": "a", "lt_origin": "robot"}], "x")


def test_compaction_during_appends_and_beside_another_loses_nothing(tmp_path):
    folder = tmp_path / "l"
    Ledger.create(folder).close()
    failed = []

    def write(name):
        with Ledger.open(folder) as ledger:
            for number in range(25):
                ledger.add(rows(f"{name}-{number}"))
                ledger.flush()

    def compact():
        with Ledger.open(folder) as ledger:
            for _ in range(6):
                ledger.compact()

    def kept(work, *given):
        try:
            work(*given)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=kept, args=args) for args in ((write, "a"), (write, "b"), (compact,), (compact,))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert ids(folder) == sorted(f"{name}-{number}" for name in "ab" for number in range(25))
    assert verify(Place(folder)).faults == ()


def test_many_small_adds_take_time_in_proportion(tmp_path):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    with Ledger.create(tmp_path / "l") as ledger:
        for number in range(4000):
            ledger.add(rows(f"{number}"))
        assert resource.getrusage(resource.RUSAGE_SELF).ru_utime - before < 10
    assert len(ids(tmp_path / "l")) == 4000


def test_a_name_that_is_no_place_is_refused():
    for address, said in (("a\0b", "is not a place for a ledger"), ("nowhere://x/y", "is no place for a ledger")):
        with pytest.raises(UsageError, match=said):
            Ledger.open(address)
    assert Path("/") == Path(Place("/").address)
