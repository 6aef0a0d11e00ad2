import pyarrow as pa
import pytest

from longtail.errors import ReadError
from longtail.readers import BY, Named, Vector, intake, vectors_of
from longtail.readers.intake import Intake, batch_of


def taken(into, *parts, form="texts"):
    """What an intake makes of parts, each a list of records, with the places of their rows from 1 on."""
    batches = [batch for at, rows in enumerate(parts) for batch in into.rows(f"part{at}", enumerate(rows, 1), form)]
    return [*batches, *into.flush()]


def aside(into):
    return [(one.path, one.line, one.reason) for one in into.quarantine.kept]


def test_documents_of_many_parts_make_one_batch_in_order():
    into = Intake()
    (batch,) = taken(into, [{"text": "a"}], ["b", b"c"], [{"text": "d", "lt_id": 7}])
    assert batch.to_pydict() == {"text": ["a", "b", "c", "d"], "lt_id": [None, None, None, "7"]}
    assert into.content == "text column `text`; texts" and list(into.flush()) == []


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"text": ""}, "empty document"), ({"text": " \n\t"}, "empty document"), ("", "empty document"),
        ({"other": "x"}, "no column 'text'"), ({"text": None}, "expected text, found null"), ({"text": 3}, "expected text, found number"),
        (None, "expected text or an object with columns, found null"), (["x"], "expected text or an object with columns, found list"),
        (b"caf\xe9", "invalid UTF-8: byte 0xe9 at byte 4 of the text"),
        ("caf\udce9", "invalid UTF-8: byte 0xe9 at character 4 of the text"),
        ("\ud83d", "lone surrogate \\ud83d at character 1 of the text: not valid Unicode"),
    ],
)  # fmt: skip
def test_what_holds_no_text_is_set_aside_with_its_place_and_the_rest_is_kept(record, reason):
    into = Intake()
    (batch,) = taken(into, [{"text": "one"}, record, {"text": "two"}])
    assert batch["text"].to_pylist() == ["one", "two"]
    assert aside(into) == [("part0", 2, reason)] and into.quarantine.count == 1


def test_nothing_but_unfit_rows_makes_no_batch():
    into = Intake()
    assert taken(into, ["\ud83d", ""]) == [] and into.quarantine.count == 2
    assert taken(Intake(), []) == []


def test_a_batch_holds_no_more_documents_than_the_bound(monkeypatch):
    monkeypatch.setattr(intake, "MOST_DOCUMENTS", 3)
    into = Intake()
    assert [batch.num_rows for batch in taken(into, ["a"] * 4, ["b"] * 3)] == [3, 3, 1]


def test_a_batch_holds_no_more_bytes_than_the_bound_but_for_one_document_alone(monkeypatch):
    monkeypatch.setattr(intake, "MOST_BYTES", 10)
    sizes = [[len(text) for text in batch["text"].to_pylist()] for batch in taken(Intake(), ["x" * n for n in (4, 6, 1, 25, 10, 2)])]
    assert sizes == [[4, 6], [1], [25], [10], [2]]
    assert [batch.num_rows for batch in taken(Intake(), ["é", "é", "é"])] == [2, 1]  # four bytes at most for each letter
    beside = taken(Intake(by=["k"]), [{"text": "xx", "k": "kk"}] * 2)
    assert [batch.num_rows for batch in beside] == [1, 1]


def test_positions_are_those_among_all_rows_of_all_parts():
    into = Intake(placed=True)
    batches = taken(into, ["a", "", "\ud83d", "b"], [3, "c"])
    assert [place for batch in batches for place in batch["position"].to_pylist()] == [0, 3, 5]
    assert into.position == 6
    into.quarantine.add("part2", 1, "a line that is no JSON")  # rows that a reader sets aside before they are taken
    assert into.take(2) == 7 and into.position == 9
    assert "position" not in taken(Intake(), ["a"])[0].schema.names


def test_the_column_is_the_one_that_the_first_recognisable_record_settles():
    into = Intake()
    rows = [{"id": 1}, {"prompt": "p", "completion": "c"}, {"text": "later"}]
    assert [batch.to_pydict() for batch in taken(into, [*rows, {"completion": "d"}])] == [{"text": ["c", "d"], "prompt": ["p", None]}]
    assert aside(into) == [("part0", 1, "no column 'completion'"), ("part0", 3, "no column 'completion'")]


def test_a_hundred_records_without_text_are_an_error_that_names_their_columns():
    rows = [{"id": 1, "meta": {"n": 1}}] * 100 + [{"text": "too late"}]
    with pytest.raises(ReadError, match=r"part0: no column with text was recognised; columns: id, meta, meta\.n; .*--text-column NAME"):
        taken(Intake(), rows)
    assert taken(Intake(), rows[1:])[0]["text"].to_pylist() == ["too late"]
    with pytest.raises(ReadError, match=r"no column 'bodi'; columns: body; did you mean 'body'\?"):
        taken(Intake("bodi"), [{"body": "x"}])


def test_rows_are_documents_only_where_that_was_allowed_and_no_text_is_there():
    into = Intake(rows=True)
    assert taken(into, [{"n": 1, "k": "a"}, {}])[0]["text"].to_pylist() == ['{"k":"a","n":1}']
    assert (into.kind, into.content) == ("row", "rows of a table: n, k") and aside(into) == [
        ("part0", 2, "empty row: no column has a value")
    ]
    told = Intake(rows=True)
    assert taken(told, [{"n": 1, "text": "words"}])[0]["text"].to_pylist() == ["words"] and told.kind == "text"


def test_a_role_is_refused_where_there_are_no_messages():
    chat = {"messages": [{"role": "user", "content": "why?"}, {"role": "assistant", "content": "so"}]}
    assert taken(Intake(role="user"), [chat])[0]["text"].to_pylist() == ["why?"]
    into = Intake(role="critic")
    assert taken(into, [chat]) == [] and aside(into) == [("part0", 1, "no message of the role 'critic'")]
    for rows in (["plain"], [{"text": "plain"}]):
        with pytest.raises(ReadError, match="role 'user' was asked for, and there are no messages"):
            taken(Intake(role="user"), rows)


def test_labels_and_vectors_stand_beside_the_text_even_of_one_name():
    into = Intake(by=["k", Vector("k"), "k"])
    assert len(into.by) == 2
    into = Intake(by=["k", Vector("v")])
    rows = [{"text": "a", "k": 1, "v": [1, 2]}, {"text": "b"}, {"text": "c", "v": [1]}, {"text": "d", "k": 0.5}]
    (batch,) = taken(into, rows)
    assert batch["by:k"].to_pylist() == ["1", None] and vectors_of(batch["vector:v"])[0].tolist() == [1, 2]
    assert [reason.partition(",")[0] for _, _, reason in aside(into)] == [
        "expected 2 numbers in vector column 'v'",
        "expected a label in column 'k' (text",
    ]


def test_a_column_that_no_document_had_is_an_error_after_the_pass():
    into = Intake(by=["kind", "size"])
    taken(into, [{"text": "a", "kinds": "x"}, {"text": "b", "size": 1}])
    with pytest.raises(ReadError, match=r"data: no column 'kind'; columns: text, kinds, size; did you mean 'kinds'\?"):
        into.check("data")
    with pytest.raises(ReadError, match="name one of them with --view NAME"):
        Intake(by=[Named("zz", "--view")]).check("data")
    Intake(by=[Named("zz", needed=False)]).check("data")
    late = Intake(by=["kind"])
    taken(late, [{"text": "a"}, {"text": "b", "kind": None}])
    late.check("data")


def test_a_batch_keeps_columns_that_say_something_and_those_asked_for_by_name():
    columns = {"lt_id": pa.nulls(2, pa.string()), "prompt": pa.array(["p", None]), BY + "k": pa.nulls(2, pa.string())}
    assert batch_of(pa.array(["a", "b"]), columns).schema.names == ["text", "prompt", "by:k"]
