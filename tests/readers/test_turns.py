"""Conversations: the messages told beside the text, and whose text is read."""

import json

import pyarrow as pa
import pytest

from longtail.errors import ReadError
from longtail.readers import read
from longtail.readers.turns import turns_of

CHAT = [
    {
        "messages": [
            {"role": "system", "content": "Be kind."},
            {"role": "user", "content": "hi"},
            {"role": "assistant", "content": "hello you"},
        ]
    },
    {"messages": [{"role": "user", "content": "and now?"}]},
]
SHARED = [{"conversations": [{"from": "human", "value": "hi"}, {"from": "gpt", "value": "漢字 ok"}]}]


def rows(data, **options):
    return [row for batch in read(data, **options).batches() for row in batch.to_pylist()]


def test_role_and_words_of_each_message_stand_beside_the_text():
    assert [row["turns"] for row in rows(CHAT)] == ["system:2 user:1 assistant:2", "user:2"]
    assert rows(SHARED)[0]["turns"] == "user:1 assistant:3"


def test_an_arrow_table_and_messages_as_json_say_the_same():
    assert [row["turns"] for row in rows(pa.Table.from_pylist(CHAT))] == [row["turns"] for row in rows(CHAT)]
    written = [{"messages": json.dumps(row["messages"])} for row in CHAT]
    assert (
        [row["turns"] for row in rows(written)]
        == [row["turns"] for row in rows(pa.Table.from_pylist(written))]
        == [row["turns"] for row in rows(CHAT)]
    )


def test_texts_have_no_turns():
    assert "turns" not in rows(["one text", "two texts"])[0]
    assert "turns" not in rows([{"text": "one"}])[0]


@pytest.mark.parametrize(
    ("role", "texts"),
    [
        (None, ["hello you", "and now?"]),
        ("assistant", ["hello you"]),
        ("user", ["hi", "and now?"]),
        ("system", ["Be kind."]),
        ("all", ["Be kind.\nhi\nhello you", "and now?"]),
    ],
)
@pytest.mark.parametrize("form", [list, pa.Table.from_pylist])
def test_the_text_is_that_of_the_role_asked_for(form, role, texts):
    reading = read(form(CHAT), role=role)
    assert [text for batch in reading.batches() for text in batch.column("text").to_pylist()] == texts
    assert reading.quarantined == 2 - len(texts)


def test_one_role_goes_by_several_names():
    assert [row["text"] for row in rows(SHARED, role="user")] == ["hi"]
    assert [row["text"] for row in rows(SHARED, role="assistant")] == ["漢字 ok"]


def test_what_is_read_is_said_and_a_conversation_without_the_role_is_set_aside():
    reading = read(CHAT, role="system")
    list(reading.batches())
    assert reading.content == "chat data: `messages`, messages of system (as asked)"
    assert reading.quarantine[0].reason == "no message of the role 'system'"


@pytest.mark.parametrize("data", [["a text", "another text"], [{"text": "a text"}], pa.table({"text": ["a text"]})])
def test_a_role_of_what_has_no_messages_is_refused(data):
    with pytest.raises(ReadError, match="role 'user' was asked for, and there are no messages; leave the role out"):
        rows(data, role="user")


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ([{"role": "Tool Call", "content": [{"type": "text", "text": "a b"}, {"type": "image"}]}], "tool_call:2"),
        ([{"content": "a"}, {"role": None, "content": None}], "unknown:1 unknown:0"),
        ({"role": ["user", "assistant"], "content": ["a", "b c"]}, "user:1 assistant:2"),
        ([{"role": "user", "content": 3}], None),
        ([], None),
        ("no JSON", None),
        ('"text"', None),
        (None, None),
        ([{"a": 1}], None),
    ],
)
def test_what_is_no_conversation_has_no_turns(value, told):
    assert turns_of(value) == told
