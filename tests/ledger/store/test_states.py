"""Past states: numbers and marks show what was there, for good."""

import json

import pytest

from longtail.errors import LedgerError, UnknownName, UsageError
from longtail.ledger.node import Node
from longtail.ledger.store import Ledger
from longtail.ledger.store.marks import marks
from longtail.ledger.store.place import Place
from longtail.ledger.store.tables import TABLES


def ids(ledger):
    return sorted(row["lt_id"] for batch in ledger.current(columns=("lt_id",)) for row in batch.to_pylist())


def verdicts(ledger):
    return sum(batch.num_rows for batch in ledger.query(lambda t: f"SELECT * FROM {t['verdicts']}", "verdicts"))


@pytest.fixture
def grown(tmp_path):
    """Six states, the third of them named, the last ones compacted."""
    folder = tmp_path / "ledger"
    with Ledger.create(folder) as ledger:
        for number in range(3):
            ledger.add([{"lt_id": f"id-{number}", "lt_origin": "human", "lt_parents": ["p"]}])
            ledger.flush()
        ledger.judge([{"lt_id": "id-0", "name": "g", "status": "pass"}])
        ledger.mark("third", {"audit": "a1"})
        ledger.judge([{"lt_id": "id-1", "name": "g", "status": "pass"}])
        ledger.correct([{"lt_id": "id-0", "lt_origin": "synthetic"}], "why")
        ledger.flush()
    return folder


@pytest.mark.parametrize("is_compacted", [False, True])
def test_a_number_shows_exactly_what_was_there(grown, is_compacted):
    if is_compacted:
        with Ledger.open(grown) as ledger:
            ledger.compact()
            ledger.add([{"lt_id": "later", "lt_origin": "human"}])
    for at in range(5):
        with Ledger.open(grown, at=at) as ledger:
            assert ids(ledger) == [f"id-{number}" for number in range(min(at, 3))]
    for at, origin, judged in ((3, "human", 0), ("third", "human", 1), ("4", "synthetic", 2)):
        with Ledger.open(grown, at) as ledger:
            (row,) = [row for batch in ledger.current(["id-0"]) for row in batch.to_pylist()]
            assert (row["lt_origin"], verdicts(ledger)) == (origin, judged)


def test_states_of_side_tables_never_go_back(tmp_path):
    with Ledger.create(tmp_path / "l") as one, Ledger.open(tmp_path / "l") as other:
        other.add([{"lt_id": "first", "lt_origin": "human"}])
        one.record(Node(name="g0", kind="dataset"))
        one.add([{"lt_id": "a", "lt_origin": "human"}])
        one.flush()
        other.flush()
    for at, nodes in ((0, 0), (1, 1), (2, 1)):
        with Ledger.open(tmp_path / "l", at) as ledger:
            assert len(ledger.graph().names) == nodes


def test_a_past_state_cannot_be_written(grown):
    for at in (2, "third"):
        with Ledger.open(grown, at) as ledger:
            for write in (
                lambda one: one.add([{"lt_id": "x", "lt_origin": "human"}]),
                lambda one: one.judge([{"lt_id": "x", "name": "g", "status": "pass"}]),
                lambda one: one.record(Node(name="g0", kind="dataset")),
                lambda one: one.compact(),
            ):
                with pytest.raises(UsageError, match="a past state of a ledger cannot be written"):
                    write(ledger)


def test_a_mark_is_for_good(grown):
    before = {mark.name: mark for mark in marks(Place(grown))}
    with Ledger.open(grown) as ledger:
        with pytest.raises(UsageError, match="'third' is taken by the state of"):
            ledger.mark("third")
        assert ledger.mark("now") == ledger.mark("now")
    with Ledger.open(grown, "third") as ledger:
        ledger.mark("third")
    assert {mark.name: mark for mark in marks(Place(grown))} == before | {"now": marks(Place(grown))[0]}
    assert before["third"].facts == {"audit": "a1"}


def test_of_two_that_set_one_mark_at_once_the_first_holds(grown, monkeypatch):
    with Ledger.open(grown) as ledger:
        ledger.mark("taken")
        monkeypatch.setattr(Place, "exists", lambda self, name: False)
        assert ledger.place.write_once("marks/taken.json", b"other") == ledger.place.read("marks/taken.json") != b"other"


@pytest.mark.parametrize("name", ["", "7", "a b", "../up", "a/b", "-x", "ü", "x" * 129, "nul\0"])
def test_a_name_that_is_none_is_refused(grown, name):
    with Ledger.open(grown) as ledger, pytest.raises(UsageError, match="is no name for a state"):
        ledger.mark(name)


@pytest.mark.parametrize(
    ("at", "kind", "said"),
    [
        (5, UsageError, "there is no state 5; states go from 0 to 4"),
        (-1, UsageError, "there is no state -1; states go from 0 to 4"),
        ("thrid", UnknownName, "unknown state 'thrid': did you mean 'third'?"),
        ("²", UnknownName, "unknown state '²'"),
        ("../ledger", UnknownName, "unknown state '../ledger'"),
        ("", UnknownName, "unknown state ''"),
    ],
)
def test_a_state_that_there_is_not_is_one_clear_line(grown, at, kind, said):
    with pytest.raises(kind) as caught:
        Ledger.open(grown, at)
    assert said in str(caught.value) and "\n" not in str(caught.value)


def test_a_damaged_mark_is_one_clear_line(grown):
    (grown / "marks" / "third.json").write_text('{"name": "third"')
    with pytest.raises(LedgerError, match=r"third\.json is damaged .*restore it from a copy"):
        Ledger.open(grown, "third")


def test_no_log_and_no_file_is_ever_cleaned_up(tmp_path):
    folder = tmp_path / "ledger"
    with Ledger.create(folder) as ledger:
        seen = set()
        for number in range(105):
            ledger.add([{"lt_id": f"id-{number}", "lt_origin": "human"}])
            ledger.flush()
            seen.update(ledger.table("rows").files())
        ledger.compact()
        ledger.compact()
    logs = sorted(path.name for path in (folder / "rows" / "_delta_log").glob("0*.json"))
    assert logs == [f"{number:020d}.json" for number in range(107)]
    assert list((folder / "rows" / "_delta_log").glob("*.checkpoint.parquet"))
    assert len(seen) == 105 and all((tmp_path / path).exists() for path in seen)
    with Ledger.open(folder, at=3) as ledger:
        assert ids(ledger) == ["id-0", "id-1", "id-2"]


def test_every_table_keeps_its_old_versions_for_a_century(grown):
    for name in TABLES:
        first = (grown / name / "_delta_log" / f"{0:020d}.json").read_text().splitlines()
        (configuration,) = [json.loads(line)["metaData"]["configuration"] for line in first if "metaData" in line]
        assert configuration["delta.logRetentionDuration"] == configuration["delta.deletedFileRetentionDuration"] == "interval 36500 days"
