"""What follows from decisions: rows, origins, and what a ledger is told."""

import pytest

from longtail.gates.review import decided, record
from longtail.gates.review.applying import applied, row_of
from longtail.gates.review.editing import with_text
from longtail.gates.review.item import Item, event, moment
from longtail.gates.review.resolving import Outcome
from longtail.ledger.columns import identity
from longtail.ledger.store import Ledger
from longtail.readers.quarantine import Quarantine, Unfit


def outcome(action, text=None):
    said = event("t", action, "kim", moment("2025-01-31T12:00:00Z"), text)
    return Outcome("edited" if action == "edit" else "accepted", said, 1)


@pytest.mark.parametrize(
    ("origin", "chosen", "changed"),
    [
        ("synthetic", "human_selected", "human_edited"),
        ("human_selected", "human_selected", "human_edited"),
        ("human_edited", "human_edited", "human_edited"),
        ("model_edited", "model_edited", "human_edited"),
        ("human", "human", "human"),
        ("mixed", "mixed", "mixed"),
        ("unknown", "unknown", "unknown"),
        (None, "unknown", "unknown"),
    ],
)
def test_a_choice_is_no_edit_and_neither_makes_the_unknown_known(origin, chosen, changed):
    row = {"text": "old", "lt_origin": origin, "lt_depth": 0 if origin == "human" else 2, "lt_evidence": "signed"}
    item = Item(position=0, lt_id="a" * 32, text="old", record=row, decision="keep")
    selected = row_of(item, outcome("accept"))
    assert (selected["lt_origin"], selected["lt_id"], selected["lt_depth"]) == (chosen, "a" * 32, row["lt_depth"])
    assert selected["lt_evidence"] == ("asserted" if chosen != (origin or "unknown") else "signed")
    edited = row_of(item, outcome("edit", "new"))
    assert (edited["lt_origin"], edited["text"], edited["lt_parents"], edited["lt_evidence"]) == (changed, "new", ["a" * 32], "asserted")
    assert edited["lt_id"] == identity({"text": "new"}) and edited["lt_depth"] == (0 if origin == "human" else 3)


def test_an_edit_goes_where_the_text_was():
    chat = [{"role": "user", "content": "q"}, {"role": "assistant", "content": "old"}]
    assert with_text({"messages": chat}, "new")["messages"] == [chat[0], {"role": "assistant", "content": "new"}]
    assert with_text({"prompt": "q", "completion": "old"}, "new") == {"prompt": "q", "completion": "new"}
    assert with_text({"a": {"b": "old", "c": 1}}, "new", "a.b") == {"a": {"b": "new", "c": 1}}
    for record_ in ({"messages": [*chat, *chat]}, {"other": "x"}, {"messages": "no JSON"}):
        with pytest.raises(Unfit):
            with_text(record_, "new")


def decide_some(queue):
    first = [task for task in queue.tasks() if task.kind == "first"]
    queue.decide(first[0], "accept", "kim")
    queue.decide(first[1], "edit", "kim", "written anew", "was wrong")
    queue.decide(first[2], "reject", "kim")
    return [queue.item(task.item) for task in first[:3]]


def test_what_is_let_in_is_written_and_the_rest_is_counted(queue):
    chosen, changed, _ = decide_some(queue)
    aside = Quarantine()
    found = list(decided(queue, aside))
    rows = {each.row["lt_origin"]: each.row for each in found if each.row}
    assert set(rows) == {"human_selected", "human_edited"}
    assert rows["human_selected"]["lt_id"] == chosen.lt_id and rows["human_edited"]["lt_parents"] == [changed.lt_id]
    counts = applied(queue, found, aside)
    assert (counts.written, counts.edited, counts.rejected, counts.undecided) == (2, 1, 1, 42)


def test_a_ledger_is_told_once_with_the_reasons(queue, tmp_path):
    chosen, changed, out = decide_some(queue)
    with Ledger.create(tmp_path / "ledger") as ledger:
        ledger.add([{"lt_id": each.lt_id, "lt_origin": "synthetic", "lt_depth": 1} for each in (chosen, changed)])
        found = list(decided(queue, Quarantine()))
        assert record(ledger, found) == 3 and record(ledger, found) == 0
        new = next(each.row["lt_id"] for each in found if each.outcome.state == "edited")
        held = {row["lt_id"]: row for batch in ledger.current() for row in batch.to_pylist()}
        assert {lt_id: row["lt_origin"] for lt_id, row in held.items()} == {
            chosen.lt_id: "human_selected", changed.lt_id: "synthetic", new: "human_edited",
        }  # fmt: skip
        assert held[chosen.lt_id]["lt_depth"] == 1 and held[new]["lt_depth"] == 2
        said = [row for batch in ledger.query(lambda t: f"SELECT * FROM {t['verdicts']}", "verdicts") for row in batch.to_pylist()]
        assert {(row["lt_id"], row["status"], row["moment"]) for row in said} == {
            (chosen.lt_id, "pass", "review"), (changed.lt_id, "pass", "review"), (out.lt_id, "fail", "review"),
        }  # fmt: skip
        assert all("by kim" in row["reason"] for row in said) and len(said) == 3
