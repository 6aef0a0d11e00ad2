import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from longtail.errors import ReadError
from longtail.readers import read

from .readers_help import set_aside, texts

TURNS = [{"role": "user", "content": "ask"}, {"role": "assistant", "content": "first"}, {"role": "assistant", "content": "second"}]
SHARED = [{"from": "human", "value": "ask"}, {"from": "gpt", "value": "first"}, {"from": "gpt", "value": "second"}]
PARTS = [{"role": "assistant", "content": [{"type": "text", "text": "first"}, {"type": "image"}, {"type": "text", "text": "second"}]}]

CASES = {
    "text": ({"text": "the text"}, "the text", "text column `text`"),
    "messages": ({"messages": TURNS}, "first\nsecond", "`messages`, assistant turns (choose with --text-column)"),
    "messages in parts": ({"messages": PARTS}, "first\nsecond", "`messages`"),
    "messages without an assistant": ({"messages": TURNS[:1] + [{"role": "system", "content": "be"}]}, "ask\nbe", "`messages`"),
    "a tool call without content": ({"messages": [{"role": "assistant", "content": None}, *TURNS]}, "first\nsecond", "`messages`"),
    "conversations": ({"conversations": SHARED}, "first\nsecond", "`conversations`"),
    "conversations with roles": ({"conversations": TURNS}, "first\nsecond", "`conversations`"),
    "an assistant by name": ({"conversations": [SHARED[0], {"from": "assistant", "value": "a"}]}, "a", "`conversations`"),
    "completion": ({"prompt": "ask", "completion": "answer"}, "answer", "`completion` (choose with --text-column)"),
    "completion as messages": ({"prompt": TURNS[:1], "completion": TURNS[1:]}, "first\nsecond", "`completion`"),
    "chosen": ({"prompt": "ask", "chosen": "good", "rejected": "bad"}, "good", "`chosen` (choose with --text-column)"),
    "chosen as messages": ({"chosen": TURNS, "rejected": TURNS}, "first\nsecond", "`chosen`"),
    "output": ({"instruction": "do", "input": "", "output": "done"}, "done", "`output` (choose with --text-column)"),
    "text before messages": ({"messages": TURNS, "text": "the text"}, "the text", "`text`"),
    "messages before conversations": ({"conversations": SHARED[:2], "messages": TURNS}, "first\nsecond", "`messages`"),
    "conversations before completion": ({"prompt": "a", "completion": "b", "conversations": SHARED}, "first\nsecond", "`conversations`"),
    "completion before chosen": ({"chosen": "c", "rejected": "d", "prompt": "a", "completion": "b"}, "b", "`completion`"),
    "chosen before output": ({"instruction": "i", "output": "o", "chosen": "c", "rejected": "d"}, "c", "`chosen`"),
    "a null column gives way": ({"text": None, "prompt": "a", "completion": "b"}, "b", "`completion`"),
}


@pytest.mark.parametrize("case", CASES)
def test_the_content_is_recognised_in_records(write, case):
    record, text, says = CASES[case]
    reading = read(write("a.jsonl", [record]))
    assert texts(reading) == [text]
    assert says in reading.content


@pytest.mark.parametrize("case", [case for case in CASES if case not in ("messages in parts", "a null column gives way")])
def test_the_content_is_recognised_in_parquet(write, case):
    record, text, says = CASES[case]
    pq.write_table(pa.Table.from_pylist([record]), write("a.parquet", ""))
    reading = read("a.parquet")
    assert texts(reading) == [text]
    assert says in reading.content


def test_messages_stored_as_a_struct_of_lists_are_read(write):
    pq.write_table(pa.Table.from_pylist([{"messages": {"role": ["user", "assistant"], "content": ["q", "a"]}}]), write("a.parquet", ""))
    assert texts(read("a.parquet")) == ["a"]


@pytest.mark.parametrize("alone", ["completion", "chosen", "output"])
def test_half_a_pair_is_not_taken_for_content(write, alone):
    with pytest.raises(ReadError, match=f"columns: {alone}"):
        texts(read(write("a.jsonl", [{alone: "x"}])))


def test_a_named_column_comes_first(write):
    reading = read(write("a.jsonl", [{"text": "no", "body": "yes"}]), text_column="body")
    assert texts(reading) == ["yes"]
    assert reading.content == "text column `body`, as named"


@pytest.mark.parametrize(("column", "text"), [("meta.body.raw", "deep"), ("meta.dotted", "literal"), ("log", "first\nsecond")])
def test_a_named_column_may_be_a_path_a_dotted_name_or_messages(write, column, text):
    record = {"meta": {"body": {"raw": "deep"}}, "meta.dotted": "literal", "log": TURNS}
    assert texts(read(write("a.jsonl", [record]), text_column=column)) == [text]
    pq.write_table(pa.Table.from_pylist([record]), write("a.parquet", ""))
    assert texts(read("a.parquet", text_column=column)) == [text]


def test_without_any_known_column_the_error_names_those_that_exist(write):
    says = r"a\.jsonl: no column with text.*columns: body, title, meta, meta\.raw; name one with --text-column NAME"
    with pytest.raises(ReadError, match=says):
        texts(read(write("a.jsonl", [{"body": "x", "title": "y"}, {"meta": {"raw": "z"}}])))


@pytest.mark.parametrize("kind", ["jsonl", "parquet", "csv"])
def test_an_unknown_named_column_gets_the_known_ones_and_the_nearest(write, kind):
    if kind == "parquet":
        pq.write_table(pa.table({"content": ["a"], "title": ["b"]}), write("a.parquet", ""))
    write("a.jsonl", [{"content": "a", "title": "b"}])
    write("a.csv", "content,title\na,b\n")
    with pytest.raises(ReadError, match=r"no column 'contnet'; columns: content, title; did you mean 'content'\?"):
        texts(read(f"a.{kind}", text_column="contnet"))


def test_messages_that_are_no_messages_are_quarantined(write):
    values = [TURNS, 3, ["a"], [], "plain", [{"x": 1}], [{"role": "assistant", "content": 5}], [{"role": "user", "content": " "}]]
    reading = read(write("a.jsonl", [{"messages": value} for value in values]))
    assert texts(reading) == ["first\nsecond"]
    assert [line for line, _ in set_aside(reading)] == [2, 3, 4, 5, 6, 7, 8]
    assert "found number" in reading.quarantine[0].reason
    assert reading.quarantine[6].reason == "empty document"


def test_the_origin_travels_with_the_text(write):
    rows = [{"text": "a", "lt_origin": "human"}, {"text": "b"}, {"text": "c", "lt_origin": None}, {"text": "d", "lt_origin": 3}]
    (batch,) = read(write("a.jsonl", rows)).batches()
    assert batch.schema.equals(pa.schema([("text", pa.string()), ("lt_origin", pa.string())]))
    assert batch.column("lt_origin").to_pylist() == ["human", None, None, None]


def test_without_an_origin_in_the_source_there_is_no_such_column(write):
    (batch,) = read(write("a.jsonl", [{"text": "a"}])).batches()
    assert batch.schema.equals(pa.schema([("text", pa.string())]))
