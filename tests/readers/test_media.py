import hashlib
import os

import pytest
import xxhash

from longtail.errors import ReadError, UsageError
from longtail.readers import BY, read
from longtail.readers.media import medium_of

from .readers_help import set_aside, texts


@pytest.fixture
def pictures(write):
    write("p/cat/1.png", b"one")
    write("p/cat/2.JPG", b"two")
    write("p/dog/deep/3.webp", b"three")
    write("p/4.gif", b"one")
    return "p"


def columns(reading, *names):
    batches = list(reading.batches())
    return [[value for batch in batches for value in batch[name].to_pylist()] for name in names]


def named(data, what="picture"):
    return f"{what} {xxhash.xxh3_64_hexdigest(data)}"


def test_files_are_documents_known_by_content_and_labelled_by_folder(pictures):
    reading = read(pictures, by=("label", "path"))
    assert reading.kind == "picture"
    assert reading.parts == ("p/4.gif", "p/cat/1.png", "p/cat/2.JPG", "p/dog/deep/3.webp")
    found = columns(reading, "text", BY + "label", BY + "path", "lt_id")
    assert found == [
        [named(b"one"), named(b"one"), named(b"two"), named(b"three")],
        [None, "cat", "cat", "dog/deep"],
        list(reading.parts),
        ["4.gif", "cat/1.png", "cat/2.JPG", "dog/deep/3.webp"],
    ]
    assert reading.content == "pictures, one document each"
    assert reading.bytes == 14
    assert len(set(texts(read(pictures)))) == 3


def test_sound_is_told_from_pictures(write):
    write("s/a.wav", b"x")
    write("s/b.flac", b"y")
    reading = read("s")
    assert texts(reading) == [named(b"x", "sound"), named(b"y", "sound")]
    assert (reading.kind, reading.content) == ("sound", "sound files, one document each")


@pytest.mark.parametrize(
    ("data", "labels"),
    [
        ("p/*/*", ["cat", "cat", "dog/deep"]),
        ("p/**/*.*", [None, "cat", "cat", "dog/deep"]),
        ("p/cat", [None, None]),
        ("p/cat/1.png", [None]),
        (["p/cat/1.png", "p/dog/deep/3.webp"], ["cat", "dog/deep"]),
        (["p/cat", "p/dog"], [None, None, "deep"]),
    ],
)
def test_labels_are_told_from_what_was_named(pictures, data, labels):
    if data == "p/*/*":
        data = ["p/*/*.*", "p/*/*/*"]
    assert columns(read(data, by=("label",)), BY + "label") == [labels]


def test_the_order_of_names_and_absolute_paths_do_not_matter(pictures, tmp_path):
    files = read(pictures).parts
    assert read(list(reversed(files))).parts == files
    assert texts(read(str(tmp_path / "p"))) == texts(read("p")) == texts(read(files[::-1]))
    assert read(str(tmp_path / "p")).sha256 == read("p").sha256


def test_the_hash_is_that_of_the_content(write):
    assert read(write("a.png", b"one")).sha256 == hashlib.sha256(b"one").hexdigest()


def test_empty_and_unreadable_files_are_set_aside(write):
    write("p/a.png", b"one")
    write("p/b.png", b"")
    os.symlink("nowhere", "p/c.png")
    os.mkdir("p/folder.png")
    reading = read("p")
    assert texts(reading) == [named(b"one")]
    assert set_aside(reading) == [(None, "empty file"), (None, "cannot be read: No such file or directory")]
    assert reading.sha256 is not None


def test_a_folder_of_nothing_but_empty_files_holds_no_documents(write):
    write("p/b.png", b"")
    with pytest.raises(ReadError, match="no documents: all 1 were set aside .*empty file"):
        texts(read("p"))


def test_texts_beside_pictures_are_refused_with_the_way_out(pictures, write):
    write("p/captions.jsonl", [{"text": "one"}])
    with pytest.raises(
        ReadError, match=r"p: holds 4 pictures \(p/4\.gif, …\) and 1 texts or tables \(p/captions\.jsonl\); name one kind.*p/\*\*/\*\.gif"
    ):
        read(pictures)
    assert len(texts(read("p/**/*.png"))) == 1
    assert texts(read("p/*.jsonl")) == ["one"]
    assert texts(read("p", texts_only=True)) == ["one"]


def test_pictures_beside_sound_are_refused(pictures, write):
    write("p/a.mp3", b"x")
    with pytest.raises(ReadError, match="4 pictures .* and 1 sound files"):
        read(pictures)


def test_what_tells_about_pictures_and_arrays_beside_them_are_left_out_and_named(pictures, write):
    write("p/README.md", "about")
    write("p/features.npy", b"x")
    write("p/.hidden.png", b"x")
    write("p/notes.log", b"x")
    reading = read(pictures)
    assert len(texts(reading)) == 4
    assert "left out: p/README.md, p/features.npy" in reading.content


def test_what_pictures_do_not_have_cannot_be_asked_for(pictures):
    with pytest.raises(UsageError, match="holds no text and no tables"):
        read(pictures, text_column="a")
    with pytest.raises(ReadError, match="no column 'species'; columns: text, lt_id, label, path"):
        texts(read(pictures, by=("species",)))


def test_a_thousand_folders_are_as_many_labels(write, tmp_path):
    for index in range(1_000):
        folder = tmp_path / "many" / f"c{index}"
        folder.mkdir(parents=True)
        (folder / "a.png").write_bytes(str(index).encode())
    (labels,) = columns(read("many", by=("label",)), BY + "label")
    assert sorted(labels) == sorted(f"c{index}" for index in range(1_000))


@pytest.mark.parametrize(
    ("path", "medium"), [("a.PNG", "picture"), ("b.jpeg", "picture"), ("c.wav", "sound"), ("d.txt", None), ("e.npy", None)]
)
def test_the_suffix_tells_pictures_from_sound(path, medium):
    assert medium_of(path) == medium
