import csv

import pytest

from longtail.errors import ReadError
from longtail.readers import delimited, read

from .readers_help import set_aside, squeeze, texts


@pytest.mark.parametrize("packing", ["", ".gz", ".zst"])
@pytest.mark.parametrize(("suffix", "mark"), [(".csv", ","), (".tsv", "\t"), (".csv", ";"), (".csv", "\t")])
def test_rows_are_read_by_the_column_of_the_header(write, suffix, mark, packing):
    data = f'id{mark}text\r\n1{mark}one\r\n2{mark}"two{mark} ""quoted""\nand on"\r\n'.encode()
    assert texts(read(write(f"a{suffix}{packing}", squeeze(data, packing)))) == ["one", f'two{mark} "quoted"\nand on']


def test_a_single_column_needs_no_separator(write):
    assert texts(read(write("a.csv", "text\none\ntwo\n"))) == ["one", "two"]


def test_the_header_may_begin_with_a_byte_order_mark(write):
    assert texts(read(write("a.csv", b"\xef\xbb\xbftext,id\none,1\n"))) == ["one"]


def test_utf16_is_refused(write):
    with pytest.raises(ReadError, match="UTF-16"):
        texts(read(write("a.csv", "text\none\n".encode("utf-16"))))


def test_a_header_without_a_column_of_text_is_an_error_that_names_the_columns(write):
    with pytest.raises(ReadError, match=r"a\.csv: no column with text.*columns: id, body; .*--text-column"):
        texts(read(write("a.csv", "id,body\n1,one\n")))


def test_ragged_rows_are_quarantined_with_the_line_they_start_on(write):
    reading = read(write("a.csv", 'id,text\n1,"a\nb"\n2\n\n3,c,d\n4,e\n'))
    assert texts(reading) == ["a\nb", "e"]
    assert set_aside(reading) == [(4, "the row has 1 fields, the header has 2"), (6, "the row has 3 fields, the header has 2")]


def test_an_empty_field_is_an_empty_document(write):
    reading = read(write("a.csv", "id,text\n1,\n2,x\n"))
    assert texts(reading) == ["x"]
    assert set_aside(reading) == [(2, "empty document")]


def test_a_field_over_the_default_limit_of_the_csv_module_is_read_and_the_limit_put_back(write):
    before = csv.field_size_limit()
    long = "word " * 60_000
    assert texts(read(write("a.csv", f'id,text\n1,"{long}"\n2,x\n'))) == [long, "x"]
    assert csv.field_size_limit() == before


def test_a_field_over_the_limit_is_quarantined_and_its_rest_is_not_taken_for_rows(write, monkeypatch):
    monkeypatch.setattr(delimited, "LONGEST", 50)
    long = "\n".join(["9,taken for a row"] * 20)
    reading = read(write("a.csv", f'id,text\n1,one\n2,"{long}"\n3,three\n4,{"y" * 60}\n5,five\n'))
    assert texts(reading) == ["one", "three", "five"]
    assert [line for line, _ in set_aside(reading)] == [3, 24]
    assert "limit (50)" in set_aside(reading)[0][1]


@pytest.mark.parametrize("limit", [10, delimited.LONGEST])
def test_a_quote_that_is_never_closed_is_an_error_and_not_a_short_read(write, monkeypatch, limit):
    monkeypatch.setattr(delimited, "LONGEST", limit)
    with pytest.raises(ReadError, match=r"a\.csv:3: a quoted field is never closed"):
        texts(read(write("a.csv", 'id,text\n1,one\n2,"two\n3,three and more\n4,four')))


def test_a_lone_quote_inside_a_field_is_text(write):
    assert texts(read(write("a.csv", 'text,id\n5" pipe,1\nother,2\n6" pipe,3'))) == ['5" pipe', "other", '6" pipe']


def test_invalid_utf8_is_quarantined(write):
    reading = read(write("a.csv", b"id,text\n1,a\xffb\n2,x\n"))
    assert texts(reading) == ["x"]
    assert set_aside(reading) == [(2, "invalid UTF-8: byte 0xff at character 2 of the text")]


def test_nul_characters_are_kept(write):
    assert texts(read(write("a.csv", "id,text\n1,a\0b\n"))) == ["a\0b"]


def test_messages_in_a_cell_are_read_as_json(write):
    cell = '"[{""role"": ""assistant"", ""content"": ""hi""}]"'
    reading = read(write("a.csv", f"messages\n{cell}\nnot json\n"))
    assert texts(reading) == ["hi"]
    assert set_aside(reading) == [(3, "expected a list of messages, found text that is not JSON")]


def test_a_header_alone_holds_no_documents(write):
    with pytest.raises(ReadError, match="no documents"):
        texts(read(write("a.csv", "id,text\n")))
