"""What was altered, added or taken away after it was sealed is named, and nothing else is."""

import json
import shutil
from collections import Counter
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import write_deltalake

from longtail.errors import LedgerError
from longtail.ledger.store import Ledger, verify
from longtail.ledger.store.leaves import roots
from longtail.ledger.store.place import Place
from longtail.ledger.store.reading import connect
from longtail.ledger.store.seal import Chain, link_of
from longtail.ledger.store.table import Table
from longtail.ledger.store.tables import TABLES


@pytest.fixture(scope="module")
def sealed(tmp_path_factory):
    """Three appends of three rows and verdicts beside them."""
    folder = tmp_path_factory.mktemp("sealed") / "ledger"
    with Ledger.create(folder) as ledger:
        for append in range(3):
            said = [{"lt_id": f"{append}-{row}", "lt_origin": "human", "lt_weight": 0.1, "lt_parents": ["p"]} for row in range(3)]
            ledger.add(said, "d")
            ledger.flush()
        ledger.judge([{"lt_id": "0-0", "name": "gate", "status": "pass", "score": 0.1}])
    return folder


@pytest.fixture
def folder(sealed, tmp_path):
    return Path(shutil.copytree(sealed, tmp_path / "ledger"))


def found(folder):
    return verify(Place(folder)).faults


def named(folder):
    return sorted((fault.table, fault.what, fault.ids) for fault in found(folder))


def file_of(folder, append):
    """The data file of an append: each has one."""
    commit = list(Table(Place(folder), "rows").commits())[append + 1]
    return folder / "rows" / commit.added[0], commit.note["batch"]


def rewrite(path, change):
    pq.write_table(change(pq.read_table(path)), path)


def with_column(name, values):
    def change(rows):
        field = rows.schema.field(name)
        return rows.set_column(rows.schema.get_field_index(name), field, pa.array(values, field.type))

    return change


def test_what_is_whole_is_found_whole_before_and_after_compaction(folder):
    assert found(folder) == ()
    with Ledger.open(folder) as ledger:
        ledger.compact()
        ledger.add([{"lt_id": "later", "lt_origin": "mixed"}])
    assert found(folder) == ()


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("lt_origin", ["human", "synthetic", "human"]),
        ("lt_weight", [0.1, 0.10000001, 0.1]),
        ("lt_model", [None, "", None]),
        ("lt_time", [None, 1, None]),
        ("revision", [0, 1, 0]),
    ],
)
@pytest.mark.parametrize("is_compacted", [False, True])
def test_an_altered_value_is_named_by_its_row(folder, column, values, is_compacted):
    path, _ = file_of(folder, 1)
    if is_compacted:
        with Ledger.open(folder) as ledger:
            ledger.compact()
            path = Path(ledger.table("rows").files()[0])
        values = [values[0]] * 4 + values[1:2] + [values[0]] * 4
    rewrite(path, with_column(column, values))
    assert named(folder) == [("rows", "altered", ("1-1",))]


def test_a_row_that_was_taken_away_or_added_is_named(folder):
    rewrite(file_of(folder, 0)[0], lambda rows: rows.slice(1))
    rewrite(file_of(folder, 2)[0], lambda rows: pa.concat_tables([rows, with_column("lt_id", ["new"])(rows.slice(0, 1))]))
    assert named(folder) == [("rows", "missing", ("0-0",)), ("rows", "surplus", ("new",))]


def test_a_row_that_stands_there_twice_is_surplus(folder):
    rewrite(file_of(folder, 0)[0], lambda rows: pa.concat_tables([rows, rows.slice(0, 1)]))
    assert named(folder) == [("rows", "surplus", ("0-0",))]


def test_rows_moved_between_appends_are_named_in_both(folder):
    moved = pq.read_table(file_of(folder, 0)[0]).slice(0, 1)
    rewrite(file_of(folder, 0)[0], lambda rows: rows.slice(1))
    rewrite(file_of(folder, 1)[0], lambda rows: pa.concat_tables([rows, with_column("batch", [rows["batch"][0].as_py()])(moved)]))
    assert named(folder) == [("rows", "missing", ("0-0",)), ("rows", "surplus", ("0-0",))]


@pytest.mark.parametrize(
    "damage", [lambda path: path.unlink(), lambda path: path.write_bytes(path.read_bytes()[:100]), lambda path: path.write_text("")]
)
def test_a_data_file_that_cannot_be_read_is_named_with_its_rows(folder, damage):
    path, batch = file_of(folder, 1)
    damage(path)
    faults = found(folder)
    assert [(fault.what, fault.ids) for fault in faults] == [("file", ()), ("missing", ("1-0", "1-1", "1-2"))]
    assert str(path) in faults[0].because and repr(batch) in faults[1].because
    with pytest.raises(LedgerError, match="cannot be read: .*longtail ledger verify") as caught, Ledger.open(folder) as ledger:
        list(ledger.current())
    assert "\n" not in str(caught.value)


def test_an_altered_log_is_named_by_its_commit(folder):
    log = folder / "rows" / "_delta_log" / f"{2:020d}.json"
    log.write_text(log.read_text().replace('\\"human\\": 3', '\\"human\\": 4'))
    (fault,) = found(folder)
    assert (fault.table, fault.what, fault.because) == ("rows", "commit", "the log of commit 2 was altered")


@pytest.mark.parametrize("table", ["rows", "parents", "verdicts"])
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda path: path.write_text(path.read_text().replace('"rows":', '"rows":1')), "the link of commit 0 was altered"),
        (lambda path: path.write_text("{"), "the link of commit 0 is missing or damaged"),
        (lambda path: path.write_bytes(b""), "the link of commit 0 is missing or damaged"),
        (lambda path: path.unlink(), "the link of commit 0 is missing or damaged"),
    ],
)
def test_an_altered_or_missing_link_is_named_and_speaks_against_no_row(folder, table, change, said):
    change(folder / "seal" / table / f"{0:020d}.json")
    (fault,) = found(folder)
    assert (fault.table, fault.what, fault.because) == (table, "commit", said)


def test_a_link_with_its_hash_made_anew_breaks_the_chain_after_it(folder):
    rows = Table(Place(folder), "rows")
    forged = link_of("rows", list(rows.commits())[1], "f" * 64)
    (folder / "seal" / "rows" / f"{1:020d}.json").write_bytes(msgspec.json.encode(forged))
    assert {fault.because for fault in found(folder)} == {"the chain is broken before commit 1", "the chain is broken before commit 2"}


def test_missing_links_of_the_newest_commits_are_no_fault_and_are_made_by_the_next_start(folder):
    links = [folder / "seal" / table / f"{number:020d}.json" for table, number in (("rows", 3), ("rows", 2), ("verdicts", 1))]
    before = [link.read_bytes() for link in links]
    for link in links:
        link.unlink()
    assert found(folder) == ()
    with Ledger.open(folder) as ledger:
        ledger.add([{"lt_id": "next", "lt_origin": "human"}])
    assert [link.read_bytes() for link in links] == before
    assert found(folder) == ()


def test_commits_that_were_rolled_back_are_missed(folder):
    for number in (2, 3):
        (folder / "rows" / "_delta_log" / f"{number:020d}.json").unlink()
    because = [fault.because for fault in found(folder) if fault.what == "commit"]
    assert because == ["the last 2 commits are missing: 4 were sealed, 2 are there"]
    assert {fault.ids for fault in found(folder) if fault.what == "missing"} == {("1-0", "1-1", "1-2"), ("2-0", "2-1", "2-2")}


@pytest.mark.parametrize("table", ["rows", "verdicts", "parents"])
def test_commits_that_were_rolled_back_with_their_links_are_missed_where_a_mark_or_the_facts_know_them(folder, table):
    with Ledger.open(folder) as ledger:
        ledger.mark("known")
        last = ledger.table(table).version
    (folder / table / "_delta_log" / f"{last:020d}.json").unlink()
    (folder / "seal" / table / f"{last:020d}.json").unlink()
    said = f"commit {last} is missing: the last that is there is {last - 1}"
    assert [(fault.table, fault.because) for fault in found(folder)] == [(table, said)]


def test_rows_committed_past_the_seal_are_surplus(folder):
    path, _ = file_of(folder, 0)
    rows = with_column("batch", ["smuggled"] * 3)(pq.read_table(path))
    write_deltalake(folder / "rows", rows, mode="append")
    (fault,) = found(folder)
    assert (fault.what, fault.rows, fault.because) == ("surplus", 3, "append 'smuggled' was never sealed")
    with Ledger.open(folder) as ledger:
        ledger.add([{"lt_id": "next", "lt_origin": "human"}])
    assert [fault.because for fault in found(folder)] == ["append 'smuggled' was never sealed"]


def test_an_altered_list_of_rows_is_named_and_never_believed(folder):
    path, batch = file_of(folder, 1)
    _, other = file_of(folder, 2)
    leaves = folder / "seal" / "leaves" / "rows"
    shutil.copy(leaves / f"{other}.parquet", leaves / f"{batch}.parquet")
    (fault,) = found(folder)
    said = f"the list of rows of append {batch!r} was altered or is missing; its rows are as they were"
    assert (fault.what, fault.because) == ("file", said)
    rewrite(path, with_column("lt_origin", ["synthetic"] * 3))
    (fault,) = found(folder)
    assert (fault.what, fault.ids, fault.rows) == ("altered", (), 3)
    assert fault.because == f"append {batch!r} of 3 rows is not as it was sealed, nor is the list of its rows"


def test_altered_verdicts_and_parents_are_named(folder):
    rewrite(next((folder / "verdicts").glob("*.parquet")), with_column("score", [0.2]))
    rewrite(sorted((folder / "parents").glob("*.parquet"))[0], lambda rows: rows.slice(1))
    faults = named(folder)
    assert [fault[:2] for fault in faults] == [("parents", "missing"), ("verdicts", "altered")] and faults[1][2] == ("0-0",)


def test_rows_by_origin_of_several_writers_are_those_counted_by_hand(tmp_path):
    folder = tmp_path / "l"
    origins = ["human", "synthetic", "unknown", "mixed", "human_edited"]
    said = [{"lt_id": f"{each % 13}", "lt_origin": origins[each * each % 5]} for each in range(40)]
    writers = [Ledger.create(folder), Ledger.open(folder), Ledger.open(folder)]
    for append in range(10):
        writers[append % 3].add(said[append * 4 : append * 4 + 4])
        writers[append % 3].flush()
    for writer in writers:
        writer.close()
    whole = verify(Place(folder))
    assert (whole.faults, whole.rows["rows"], whole.versions["rows"]) == ((), 40, 10)
    assert whole.origins == dict(sorted(Counter(each["lt_origin"] for each in said).items()))


def test_a_check_writes_nothing_and_sees_what_others_commit_meanwhile(folder, monkeypatch):
    stored, late = Chain._stored, []

    def slow(self):
        if not late:
            late.append(Ledger.open(folder))
            late[0].add([{"lt_id": "late", "lt_origin": "human"}])
            late[0].close()
        return stored(self)

    monkeypatch.setattr(Chain, "_stored", slow)
    assert found(folder) == ()
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    assert found(folder) == ()
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_the_digest_of_a_row_depends_on_every_column(tmp_path):
    for table, schema in TABLES.items():
        nullable = pa.schema([field.with_nullable(True) for field in schema])
        empty = {field.name: None for field in schema} | {"batch": "b"}
        seen = set()
        with connect() as connection:
            for field in schema:
                value = {"string": "v", "int64": 7, "binary": b"v", "double": 0.3, "float": 0.3}.get(str(field.type), 7)
                if field.name != "batch":
                    connection.register("said", pa.Table.from_pylist([empty | {field.name: value}], schema=nullable))
                    seen.update(root.root for root in roots(connection, table, "said"))
        assert len(seen) == len(schema) - 1


def test_json_of_a_check_is_what_it_says(folder):
    said = json.loads(msgspec.json.encode(verify(Place(folder))))
    assert said["rows"]["rows"] == 9 and said["faults"] == [] and said["origins"] == {"human": 9}
