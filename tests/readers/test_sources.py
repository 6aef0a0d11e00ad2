import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from longtail.errors import ReadError, UsageError
from longtail.readers import read

from .readers_help import squeeze, texts

ONE, TWO = [{"text": "one"}], [{"text": "two"}]


def test_several_paths_are_one_data_set_in_the_order_of_their_names(write):
    reading = read([write("b.jsonl", TWO), write("a.jsonl", ONE)])
    assert texts(reading) == ["one", "two"]
    assert (reading.path, reading.parts) == ("b.jsonl, a.jsonl", ("a.jsonl", "b.jsonl"))


def test_a_path_object_and_a_tuple_are_taken(write):
    assert texts(read(Path(write("a.jsonl", ONE)))) == ["one"]
    assert texts(read((Path("a.jsonl"), write("b.jsonl", TWO)))) == ["one", "two"]


def test_a_file_named_twice_is_read_once(write):
    assert read([write("a.jsonl", ONE), "./a.jsonl", "*.jsonl"]).parts == ("a.jsonl",)


def test_paths_stay_as_the_user_gave_them(write, tmp_path):
    write("d/a.jsonl", ONE)
    assert read("d").parts == ("d/a.jsonl",)
    assert read(str(tmp_path / "d")).parts == (str(tmp_path / "d/a.jsonl"),)


def test_a_glob_is_expanded(write):
    write("d/a.jsonl", ONE)
    write("d/b.jsonl", TWO)
    write("d/c.txt", "three")
    reading = read("d/*.jsonl")
    assert texts(reading) == ["one", "two"]
    assert (reading.path, reading.parts) == ("d/*.jsonl", ("d/a.jsonl", "d/b.jsonl"))


def test_a_name_with_brackets_that_exists_is_no_pattern(write):
    assert texts(read(write("a[1].jsonl", ONE))) == ["one"]


def test_a_glob_that_matches_nothing_is_an_error(write):
    with pytest.raises(ReadError, match=r"nope/\*\.jsonl: the pattern matches no file"):
        read("nope/*.jsonl")


def test_a_missing_file_is_an_error_that_names_it(write):
    with pytest.raises(ReadError, match=r"nope\.jsonl: no such file or folder; check the path"):
        read("nope.jsonl")
    with pytest.raises(ReadError, match=r"nope\.jsonl: no such file"):
        read([write("a.jsonl", ONE), "nope.jsonl"])


def test_a_broken_link_is_an_error(write):
    os.symlink("nowhere", "a.jsonl")
    with pytest.raises(ReadError, match="link to a file that does not exist"):
        read("a.jsonl")


def test_a_folder_without_data_names_what_is_supported(write):
    write("d/model.bin", "x")
    with pytest.raises(
        ReadError, match=r"d: the folder holds no data.*supported: .*\.csv.*\.jsonl.*\.parquet.*\.db.*\.txt.*\.zst.*\.npy.*pictures"
    ):
        read("d")


def test_a_folder_may_hold_several_kinds_and_folders(write):
    write("d/a.jsonl", ONE)
    write("d/deep/b.csv", "prompt,completion\nx,two\n")
    pq.write_table(pa.table({"text": ["three"]}), write("d/c.parquet", ""))
    write("d/d.json.gz", squeeze(b'["four"]', ".gz"))
    write("d/.hidden.jsonl", TWO)
    write("d/_SUCCESS", "")
    reading = read("d")
    assert sorted(texts(reading)) == ["four", "one", "three", "two"]
    assert "text column `text`" in reading.content
    assert "`completion`" in reading.content


def test_what_tells_about_the_data_is_left_out_and_named(write):
    write("d/a.jsonl", ONE)
    write("d/README.md", "about")
    write("d/LICENSE.txt", "terms")
    write("d/dataset_infos.json", "{}")
    reading = read("d")
    assert texts(reading) == ["one"]
    assert reading.content == "text column `text`; left out: d/LICENSE.txt, d/README.md"


def test_a_part_without_text_is_an_error_that_names_it(write):
    write("d/a.jsonl", ONE)
    write("d/b.jsonl", [{"score": 1}])
    with pytest.raises(ReadError, match=r"d/b\.jsonl: no column with text.*columns: score"):
        texts(read("d"))


@pytest.mark.parametrize("packing", ["", ".gz", ".zst"])
@pytest.mark.parametrize("data", ['{"text": "one"}\n', '["one"]', ' "one"\n'])
def test_an_unknown_suffix_is_recognised_by_content(write, data, packing):
    assert texts(read(write(f"a.data{packing}", squeeze(data.encode(), packing)))) == ["one"]
    assert texts(read(write("nosuffix", squeeze(data.encode(), packing)))) == ["one"]


def test_parquet_without_its_suffix_is_recognised_by_content(write):
    pq.write_table(pa.table({"text": ["one"]}), write("part-00000", ""))
    assert texts(read("part-00000")) == ["one"]


@pytest.mark.parametrize("data", ["plain words", b"\x7fELF\0\0", "", "  \n"])
def test_an_unclear_file_is_an_error_that_names_what_is_supported(write, data):
    with pytest.raises(ReadError, match=r"a\.log: .*supported: .*\.jsonl"):
        read(write("a.log", data))


def test_a_suffix_that_promises_a_compression_must_keep_it(write):
    with pytest.raises(ReadError, match=r"a\.jsonl\.gz: is not gzip, which its suffix says"):
        texts(read(write("a.jsonl.gz", ONE)))


def test_a_compressed_file_without_that_suffix_is_decompressed(write):
    assert texts(read(write("a.jsonl", squeeze(b'{"text": "one"}\n', ".gz")))) == ["one"]


@pytest.mark.parametrize("data", [3, None, b"bytes", {"text": "one"}, ""])
def test_what_cannot_be_data_is_refused_with_what_can(data):
    with pytest.raises(UsageError, match="give a"):
        read(data)


@pytest.mark.parametrize("data", [[{"text": "a"}], "-", "a.jsonl"])
def test_a_table_is_asked_for_only_of_a_database(write, data):
    write("a.jsonl", ONE)
    with pytest.raises(UsageError, match=r"table='t' was given.*leave"):
        read(data, table="t")
