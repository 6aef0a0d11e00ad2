import io
import sys
from collections import UserDict

import pyarrow as pa
import pytest

from longtail.errors import ReadError, UsageError
from longtail.readers import read

from .readers_help import set_aside, squeeze, texts


@pytest.fixture
def stdin(monkeypatch):
    def put(data: bytes):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))

    return put


@pytest.mark.parametrize("data", [b'{"text": "one"}\n{"text": "two"}\n', b'\n  "one"\n"two"', b'\xef\xbb\xbf{"text": "one"}\n"two"\n'])
def test_standard_input_that_begins_like_json_is_read_as_json_lines(stdin, data):
    stdin(data)
    reading = read("-")
    assert texts(reading) == ["one", "two"]
    assert (reading.path, reading.parts, reading.bytes, reading.sha256) == ("-", ("-",), len(data), None)


def test_other_standard_input_is_plain_text_with_a_document_per_line(stdin):
    stdin(b"one [1]\r\ntwo {2}\n\n\xff\nfive")
    reading = read("-")
    assert texts(reading) == ["one [1]", "two {2}", "five"]
    assert [line for line, _ in set_aside(reading)] == [3, 4]
    assert set_aside(reading)[0][1] == "empty document"
    assert "invalid UTF-8" in set_aside(reading)[1][1]
    assert reading.content == "plain text, one document per line"


def test_standard_input_is_read_once(stdin):
    stdin(b"one\n")
    reading = read("-")
    texts(reading)
    with pytest.raises(UsageError, match="standard input can be read once; save it to a file"):
        reading.batches()


@pytest.mark.parametrize(
    ("data", "says"), [(b"", "no documents"), ("a b".encode("utf-16"), "UTF-16"), (squeeze(b"x", ".gz"), r"compressed \(gzip\)")]
)
def test_standard_input_that_cannot_be_read_is_an_error(stdin, data, says):
    stdin(data)
    with pytest.raises(ReadError, match=f"-: .*{says}"):
        texts(read("-"))


def test_standard_input_is_not_mixed_with_files(stdin, write):
    with pytest.raises(UsageError, match="cannot be read together with files"):
        read(["-", write("a.jsonl", [])])


def test_an_iterable_of_strings_or_records_is_read():
    reading = read(iter(["one", {"text": "two", "lt_origin": "human"}, UserDict(text="three"), "", 3, None, {"other": 1}, "\ud800", "é"]))
    assert texts(reading) == ["one", "two", "three", "é"]
    assert [line for line, _ in set_aside(reading)] == [4, 5, 6, 7, 8]
    assert (reading.path, reading.parts, reading.sha256, reading.bytes) == ("<memory>", (), None, 3 + 3 + 5 + 2)
    assert {one.path for one in reading.quarantine} == {"<memory>"}


def test_a_list_of_records_can_be_read_again_and_its_bytes_count_once():
    reading = read([{"messages": [{"role": "assistant", "content": "hi"}]}])
    assert texts(reading) == texts(reading) == ["hi"]
    assert reading.bytes == 2


def test_a_generator_can_be_read_once():
    reading = read(text for text in ["one"])
    assert texts(reading) == ["one"]
    with pytest.raises(UsageError, match="a generator can be read once"):
        reading.batches()


def test_a_list_of_strings_that_are_texts_is_texts():
    reading = read(["The cat sat.", "short"])
    assert texts(reading) == ["The cat sat.", "short"]
    assert reading.content == "texts in memory"


def test_a_list_of_strings_that_may_be_paths_is_paths(write):
    for names in (["misspelt", "folders"], ["my data.jsonl"], [write("a.jsonl", []), "some text"]):
        with pytest.raises(ReadError, match="no such file"):
            read(names)


@pytest.mark.parametrize("data", [[], iter(()), pa.table({"text": pa.array([], pa.string())})])
def test_nothing_holds_no_documents(data):
    with pytest.raises(ReadError, match="<memory>: no documents"):
        texts(read(data))


def test_an_error_of_the_iterable_itself_is_not_disguised():
    def broken():
        yield "one"
        raise ZeroDivisionError("theirs")

    with pytest.raises(ZeroDivisionError, match="theirs"):
        texts(read(broken()))


def test_whatever_exports_an_arrow_stream_is_read_by_its_columns():
    class Frame:
        def __arrow_c_stream__(self, requested_schema=None):
            return pa.table({"text": ["one"], "n": [1]}).__arrow_c_stream__(requested_schema)

        def __iter__(self):
            return iter(["text", "n"])

    assert texts(read(Frame())) == ["one"]
