import json
import os

import pyarrow as pa
import pytest

from longtail.errors import ReadError
from longtail.readers import read, text_files

from .readers_help import set_aside, texts


def test_a_folder_of_text_files_has_a_document_per_file(write):
    write("d/b.txt", "second\nwith lines\n")
    write("d/a.txt", b"\xef\xbb\xbffirst")
    write("d/README.txt", "also text")
    reading = read("d")
    assert texts(reading) == ["also text", "first", "second\nwith lines\n"]
    assert reading.parts == ("d/README.txt", "d/a.txt", "d/b.txt")
    assert reading.content == "text files, one document each"
    assert len(list(reading.batches())) == 1


def test_text_files_with_flaws_are_quarantined(write):
    write("d/a.txt", "fine")
    write("d/b.txt", "")
    write("d/c.txt", b"caf\xe9 au lait")
    write("d/d.md", b"caf\xe9")
    reading = read("d")
    assert texts(reading) == ["fine"]
    assert [(one.path, one.line, one.reason.split(":")[0]) for one in reading.quarantine] == [
        ("d/b.txt", None, "empty document"),
        ("d/c.txt", None, "invalid UTF-8"),
        ("d/d.md", None, "invalid UTF-8"),
    ]


def test_a_single_text_file_is_one_document(write):
    assert texts(read(write("a.txt", "one\n\ntwo\n"))) == ["one\n\ntwo\n"]


def test_a_text_file_too_large_for_one_document_is_an_error(write, monkeypatch):
    monkeypatch.setattr(text_files, "LARGEST", 10)
    assert texts(read(write("b.txt", "x" * 10))) == ["x" * 10]
    with pytest.raises(ReadError, match=r"a\.txt: one document over 10 bytes; for one document per line"):
        texts(read(write("a.txt", "x" * 11)))


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("---\ntitle: A\ntags: [b]\n---\n# Heading\nbody\n", "# Heading\nbody\n"),
        ("---\r\ntitle: A\r\n---\r\nbody", "body"),
        ("+++\ntitle = 'A'\n+++\nbody", "body"),
        ("---\ntitle: A\n...\nbody", "body"),
        ("---\n---\nbody", "body"),
        ("---\n\nA rule before this.\n\n---\nrest", "---\n\nA rule before this.\n\n---\nrest"),
        ("---\ntitle: never closed\nbody", "---\ntitle: never closed\nbody"),
        ("body\n---\nkey: value\n---\n", "body\n---\nkey: value\n---\n"),
    ],
)
def test_front_matter_of_markdown_is_kept_out_of_the_text(write, markdown, text):
    assert texts(read(write("a.md", markdown))) == [text]


def test_front_matter_alone_is_an_empty_document(write):
    write("d/a.md", "---\ntitle: A\n---\n")
    write("d/b.md", "body")
    reading = read("d")
    assert texts(reading) == ["body"]
    assert set_aside(reading) == [(None, "empty document")]


def saved(folder, documents, files=2):
    os.makedirs(folder, exist_ok=True)
    names = [f"data-{i:05}-of-{files:05}.arrow" for i in range(files)]
    for i, name in enumerate(names):
        table = pa.table({"id": list(range(len(documents[i::files]))), "text": documents[i::files]})
        with pa.OSFile(f"{folder}/{name}", "wb") as sink, pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table, max_chunksize=2)
    for name, what in (("state.json", {"_data_files": [{"filename": name} for name in names]}), ("dataset_info.json", {})):
        with open(f"{folder}/{name}", "w") as stream:
            json.dump(what, stream)


def test_a_saved_hugging_face_data_set_is_read(write):
    saved("hf", ["a", "b", "c", "d", "e"])
    write("hf/cache-123.arrow", "not a part of it")
    reading = read("hf")
    assert sorted(texts(reading)) == ["a", "b", "c", "d", "e"]
    assert reading.parts == ("hf/data-00000-of-00002.arrow", "hf/data-00001-of-00002.arrow")
    assert reading.content == "text column `text`"


def test_the_splits_of_a_saved_data_set_are_read_together_and_named(write):
    saved("hf/train", ["a", "b"])
    saved("hf/test", ["c", "d"])
    write("hf/dataset_dict.json", json.dumps({"splits": ["train", "test"]}))
    reading = read("hf")
    assert sorted(texts(reading)) == ["a", "b", "c", "d"]
    assert reading.content == "text column `text`; splits test, train read together (name one folder to read one)"
    assert texts(read("hf/train")) == ["a", "b"]


def test_a_missing_arrow_file_of_a_saved_data_set_is_an_error(write):
    saved("hf", ["a", "b"])
    os.remove("hf/data-00001-of-00002.arrow")
    with pytest.raises(ReadError, match=r"data-00001-of-00002\.arrow: is missing, though hf/state\.json lists it"):
        read("hf")


@pytest.mark.parametrize("state", ["{", "[]", "{}", '{"_data_files": 3}', '{"_data_files": [3]}', '{"_data_files": [{}]}'])
def test_a_damaged_description_of_a_saved_data_set_is_an_error(write, state):
    with pytest.raises(ReadError, match=r"hf/state\.json: .*save the data set again"):
        read(os.path.dirname(write("hf/state.json", state)))


def test_an_arrow_stream_cut_off_anywhere_is_an_error(write):
    saved("hf", ["a", "b", "c", "d", "e", "f"], files=1)
    with open("hf/data-00000-of-00001.arrow", "rb") as stream:
        whole = stream.read()
    for size in range(0, len(whole), 8):  # batches end on multiples of 8
        with pytest.raises(ReadError):
            texts(read(write("cut.arrow", whole[:size])))


def test_the_file_layout_of_arrow_is_read_too(write):
    table = pa.table({"id": [1, 2], "text": ["a", None], "lt_origin": ["human", "human"]})
    with pa.OSFile(write("a.arrow", ""), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    reading = read("a.arrow")
    assert [batch.to_pydict() for batch in reading.batches()] == [{"text": ["a"], "lt_origin": ["human"]}]
    assert set_aside(reading) == [(2, "expected text, found null")]
