import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longtail.errors import ReadError
from longtail.readers import lines, read
from longtail.readers.compression import open_bytes
from longtail.readers.quarantine import Quarantine

from .readers_help import set_aside, squeeze, texts

GOOD = b'{"text": "one"}\n{"text": "two"}\n'


@pytest.mark.parametrize("suffix", [".jsonl", ".ndjson", ".json", ".JSONL"])
@pytest.mark.parametrize("packing", ["", ".gz", ".zst"])
def test_lines_are_read_plain_and_compressed(write, suffix, packing):
    assert texts(read(write(f"a{suffix}{packing}", squeeze(GOOD, packing)))) == ["one", "two"]


def test_compressed_parts_that_were_joined_are_all_read(write):
    for packing in (".gz", ".zst"):
        assert texts(read(write(f"a.jsonl{packing}", squeeze(GOOD, packing) * 2))) == ["one", "two"] * 2


def test_a_malformed_line_is_quarantined_with_its_place(write):
    reading = read(write("a.jsonl", b'{"text": "one"}\n{"text": "tw\n\n{"text": "three"} x\n{"text": "four"}'))
    assert texts(reading) == ["one", "four"]
    assert [line for line, _ in set_aside(reading)] == [2, 4]
    assert all(reason.startswith("malformed JSON: ") for _, reason in set_aside(reading))
    assert reading.quarantine[0].path == "a.jsonl"
    assert (reading.documents, reading.quarantined) == (2, 2)


def test_invalid_utf8_is_quarantined_with_its_line(write):
    reading = read(write("a.jsonl", GOOD + b'{"text": "\xff"}\n{"text": "after"}\n'))
    assert texts(reading) == ["one", "two", "after"]
    assert set_aside(reading)[0][0] == 3
    assert "invalid UTF-8" in set_aside(reading)[0][1]
    assert "0xff" in set_aside(reading)[0][1]


@pytest.mark.parametrize("escape", ["\\ud800", "\\udc00", "abc\\ud800 more text", "\\ud83d\\ud83d"])
def test_a_lone_surrogate_is_quarantined_with_its_line(write, escape):
    reading = read(write("a.jsonl", GOOD + f'{{"text": "{escape}"}}\n{{"text": "\\ud83d\\ude00"}}\n'.encode()))
    assert texts(reading) == ["one", "two", "😀"]
    assert set_aside(reading)[0][0] == 3
    assert "surrogate" in set_aside(reading)[0][1]


def test_a_lone_surrogate_leaves_the_origins_of_the_others_in_place(write):
    rows = b'{"text": "a", "lt_origin": "human"}\n{"text": "\\ud800", "lt_origin": "mixed"}\n{"text": "b", "lt_origin": "synthetic"}\n'
    (batch,) = read(write("a.jsonl", rows)).batches()
    assert batch.to_pydict() == {"text": ["a", "b"], "lt_origin": ["human", "synthetic"]}


def test_what_python_writes_for_not_a_number_does_not_cost_the_document(write):
    assert texts(read(write("a.jsonl", b'{"text": "one", "score": NaN}\n{"text": "two", "score": -Infinity}\n'))) == ["one", "two"]


def test_a_byte_order_mark_is_skipped(write):
    assert texts(read(write("a.jsonl", b"\xef\xbb\xbf" + GOOD))) == ["one", "two"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf16_is_refused_with_the_way_to_re_encode(write, encoding):
    with pytest.raises(ReadError, match=r"a\.jsonl: is UTF-16.*re-encode it as UTF-8.*iconv"):
        texts(read(write("a.jsonl", GOOD.decode().encode(encoding) if encoding != "utf-32" else b"\xff\xfe\0\0")))


@pytest.mark.parametrize("empty", ["", " ", "\n\t\u2003\x1f"])
def test_an_empty_or_blank_document_is_quarantined(write, empty):
    reading = read(write("a.jsonl", [{"text": "one"}, {"text": empty}, {"text": "x"}]))
    assert texts(reading) == ["one", "x"]
    assert set_aside(reading) == [(2, "empty document")]


def test_blank_lines_are_no_records_but_count_as_lines(write):
    reading = read(write("a.jsonl", b'\n{"text": "one"}\n  \r\n{"text": 4}\n\n'))
    assert texts(reading) == ["one"]
    assert set_aside(reading) == [(4, "expected text, found number")]


@pytest.mark.parametrize(
    ("value", "found"),
    [(3, "number"), (1.5, "number"), (None, "null"), (True, "boolean"), ([], "list"), (["a"], "list"), ({"a": 1}, "object")],
)
def test_a_value_of_another_type_is_quarantined_with_the_type_found(write, value, found):
    reading = read(write("a.jsonl", [{"text": "one"}, {"text": value}, {"text": "two"}]))
    assert texts(reading) == ["one", "two"]
    assert set_aside(reading) == [(2, f"expected text, found {found}")]


@pytest.mark.parametrize(("value", "found"), [(3, "number"), (None, "null"), (True, "boolean"), (["a"], "list")])
def test_a_line_that_is_no_record_is_quarantined(write, value, found):
    reading = read(write("a.jsonl", [{"text": "one"}, value]))
    assert texts(reading) == ["one"]
    assert set_aside(reading) == [(2, f"expected text or an object with columns, found {found}")]


def test_a_record_without_the_column_is_quarantined(write):
    reading = read(write("a.jsonl", [{"other": 1}, {"text": "one"}, {"body": "x"}]))
    assert texts(reading) == ["one"]
    assert set_aside(reading) == [(1, "no column 'text'"), (3, "no column 'text'")]


def test_nul_characters_are_kept(write):
    assert texts(read(write("a.jsonl", b'{"text": "a\\u0000b"}\n'))) == ["a\0b"]


def test_a_line_that_is_too_long_is_quarantined_and_the_next_is_read(write):
    path, quarantine = write("a.jsonl", b"0123456789012345\nshort\n01234567\nend"), Quarantine()
    with open_bytes(path) as stream:
        assert list(lines.numbered(stream, path, quarantine, longest=9)) == [(2, b"short\n"), (3, b"01234567\n"), (4, b"end")]
    assert [(one.line, one.reason) for one in quarantine.kept] == [(1, "line over 9 bytes")]


def test_nesting_without_end_is_quarantined(write):
    reading = read(write("a.jsonl", GOOD + b"[" * (sys.getrecursionlimit() * 5) + b"\n"))
    assert texts(reading) == ["one", "two"]
    assert set_aside(reading)[0][0] == 3


def test_json_strings_are_documents(write):
    reading = read(write("a.jsonl", ["one", "two", ""]))
    assert texts(reading) == ["one", "two"]
    assert reading.content == "JSON strings"
    assert set_aside(reading) == [(3, "empty document")]


@given(st.lists(st.text(min_size=1).filter(lambda text: not text.isspace()), min_size=1, max_size=20))
def test_every_text_comes_back_as_it_was(tmp_path_factory, documents):
    path = tmp_path_factory.getbasetemp() / "round.jsonl"
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in documents))
    assert texts(read(path)) == documents
