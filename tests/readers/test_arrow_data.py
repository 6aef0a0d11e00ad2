import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from longtail.errors import ReadError, UsageError
from longtail.readers import arrow, intake, read

from .readers_help import set_aside, texts

KINDS = [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string()), pa.binary(), pa.large_binary()]


def stored(write, table, name="a.parquet", **options):
    pq.write_table(table, write(name, ""), **options)
    return read(name)


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_text_of_any_arrow_type_is_read_and_its_flaws_set_aside(kind):
    column = pa.array(["one", None, "", "two", " \n"]).cast(kind)
    reading = read(pa.table({"text": column}))
    assert texts(reading) == ["one", "two"]
    assert set_aside(reading) == [(2, "expected text, found null"), (3, "empty document"), (5, "empty document")]
    assert next(reading.batches()).schema.field("text").type == pa.string()


def test_parquet_is_read_by_row_with_its_origins(write):
    kind = pa.dictionary(pa.int8(), pa.string())
    table = pa.table({"text": ["a", "", "c"], "lt_origin": pa.array(["human", "mixed", None]).cast(kind), "more": [1, 2, 3]})
    reading = stored(write, table)
    (batch,) = reading.batches()
    assert batch.to_pydict() == {"text": ["a", "c"], "lt_origin": ["human", None]}
    assert set_aside(reading) == [(2, "empty document")]
    assert reading.quarantine[0].path == "a.parquet"


def test_sound_text_passes_through_without_a_loop_over_rows(write, monkeypatch):
    def refuse(*_):
        raise AssertionError("a Python loop over the rows")

    monkeypatch.setattr(intake.Intake, "rows", refuse)
    monkeypatch.setattr(arrow, "_sound", refuse)
    column = pa.array(["one", "zwei", "três"])
    (batch,) = read(pa.table({"text": column})).batches()
    assert batch.column("text").buffers()[2].address == column.buffers()[2].address


def test_invalid_utf8_in_a_string_column_is_quarantined_with_its_row(write):
    bad = pa.array([b"one", b"\xff", None, b"two"]).cast(pa.string(), safe=False)
    reading = stored(write, pa.table({"text": bad}))
    assert texts(reading) == ["one", "two"]
    assert set_aside(reading)[0] == (2, "invalid UTF-8: invalid start byte at byte 1 of the text")
    assert set_aside(reading)[1] == (3, "expected text, found null")


def test_a_column_of_numbers_is_quarantined_with_the_type_found(write):
    with pytest.raises(ReadError, match="all 2 were set aside .*a.parquet:1: expected text, found number"):
        texts(stored(write, pa.table({"text": [1, 2]})))


def test_batches_hold_at_most_8192_documents(write):
    reading = stored(write, pa.table({"text": [f"d{i}" for i in range(20_000)]}), row_group_size=15_000)
    sizes = [batch.num_rows for batch in reading.batches()]
    assert sum(sizes) == reading.documents == 20_000
    assert max(sizes) <= 8192


@pytest.mark.parametrize("kind", ["parquet", "jsonl", "table"])
def test_batches_hold_at_most_32_mib_of_text_but_for_one_large_document(write, monkeypatch, kind):
    for module in (arrow, intake):
        monkeypatch.setattr(module, "MOST_BYTES", 1000)
    documents = ["x" * 300] * 20 + ["y" * 5000] + ["ü" * 100] * 10
    if kind == "parquet":
        reading = stored(write, pa.table({"text": documents}))
    else:
        reading = read(pa.table({"text": documents}) if kind == "table" else write("a.jsonl", [{"text": text} for text in documents]))
    batches = list(reading.batches())
    assert all(arrow.text_bytes(batch) <= 1000 or batch.num_rows == 1 for batch in batches)
    assert sum(batch.num_rows for batch in batches) == 31
    assert len(batches) < 25


def test_the_rows_read_at_once_follow_the_size_in_the_footer(write):
    from longtail.readers.parquet import rows_at_once

    stored(write, pa.table({"text": ["x" * 10_000 + str(i) for i in range(8000)]}), use_dictionary=False, compression="none")
    assert 3000 < rows_at_once(pq.read_metadata("a.parquet"), ["text"]) < 3500


def test_a_parquet_file_without_its_footer_is_an_error_that_names_it(write):
    stored(write, pa.table({"text": ["a"] * 100}))
    with open("a.parquet", "rb") as stream:
        whole = stream.read()
    for data in (whole[:-40], whole[:10], b"", b"PAR1" + b"\0" * 50 + b"PAR1"):
        with pytest.raises(ReadError, match=r"a\.parquet: (cannot be read to its end|no documents)"):
            texts(read(write("a.parquet", data)))


def test_damage_in_the_middle_of_a_parquet_file_is_an_error(write):
    stored(write, pa.table({"text": [f"text {i}" for i in range(5000)]}), compression="zstd")
    with open("a.parquet", "rb") as stream:
        whole = bytearray(stream.read())
    whole[100:2000] = b"\xaa" * 1900
    with pytest.raises(ReadError, match=r"a\.parquet: cannot be read"):
        texts(read(write("a.parquet", bytes(whole))))


def test_the_row_of_a_flaw_counts_across_row_groups(write):
    reading = stored(write, pa.table({"text": ["a"] * 9000 + [None] + ["b"]}), row_group_size=1000)
    texts(reading)
    assert set_aside(reading) == [(9001, "expected text, found null")]


def test_two_columns_of_one_name_are_an_error():
    table = pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"])], ["text", "text"])
    with pytest.raises(ReadError, match="2 columns are named 'text'"):
        texts(read(table))


def test_white_space_means_to_arrow_what_it_means_to_python():
    letters = [chr(code) for code in range(0x3100)]
    assert pc.utf8_is_space(pa.array(letters)).to_pylist() == [letter.isspace() for letter in letters]


def test_a_slice_of_a_table_is_read_from_its_place():
    table = pa.table({"text": pa.array(["a", "b", "c"], pa.large_string())}).slice(1)
    assert texts(read(table)) == ["b", "c"]


def test_a_table_can_be_read_again_and_a_batch_too():
    for data in (pa.table({"text": ["a"]}), pa.record_batch({"text": ["a"]})):
        reading = read(data)
        assert texts(reading) == texts(reading) == ["a"]


def test_a_reader_can_be_read_once():
    table = pa.table({"text": ["a", "b"]})
    reading = read(pa.RecordBatchReader.from_batches(table.schema, table.to_batches()))
    assert texts(reading) == ["a", "b"]
    with pytest.raises(UsageError, match="RecordBatchReader can be read once"):
        reading.batches()


def test_columns_that_are_not_needed_are_not_read(write):
    table = pa.table({"text": ["a"] * 1000, "noise": np.random.default_rng(0).bytes(8000).hex(" ", 8).split()[:1000]})
    stored(write, table, use_dictionary=False)
    chunk = pq.read_metadata("a.parquet").row_group(0).column(1)
    with open("a.parquet", "r+b") as stream:
        stream.seek(chunk.data_page_offset)
        stream.write(b"\xaa" * chunk.total_compressed_size)
    assert len(texts(read("a.parquet"))) == 1000
