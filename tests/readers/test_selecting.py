import json
import os

import numpy as np
import pytest

from longtail.errors import ReadError
from longtail.readers.media import Media
from longtail.readers.npy import ArrayFiles
from longtail.readers.selecting import without_text


def array(name, rows=2):
    os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
    np.save(name, np.zeros((rows, 2)))
    return name


def labels(found):
    """Path and label of each picture, as the root of each tells it."""
    return {os.path.relpath(file.path): os.path.relpath(file.path, file.root) for file in found._files}


def test_kinds_are_not_mixed_and_texts_are_left_to_others(tmp_path):
    (tmp_path / "a.png").write_bytes(b"x")
    assert without_text([str(tmp_path)]) is not None
    (tmp_path / "b.wav").write_bytes(b"x")
    with pytest.raises(ReadError, match="pictures"):
        without_text([str(tmp_path)])
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "a.txt").write_text("words")
    assert without_text([str(tmp_path / "text")]) is None


@pytest.mark.parametrize("names", [["nowhere"], ["nowhere/*.png"], [], ["text/a.txt"], ["text/a.txt", "nowhere.png"], ["empty"]])
def test_texts_and_what_is_not_there_are_left_to_others(write, names):
    write("text/a.txt", "words")
    write("empty/.hidden.png", b"x")
    assert without_text(names) is None


def test_files_are_told_apart_by_their_suffix_in_any_case(write):
    write("a.PNG", b"x")
    write("b.Wav", b"x")
    kinds = {name: without_text([name]) for name in ("a.PNG", "b.Wav", array("c.npy"))}
    assert [kind.medium for kind in (kinds["a.PNG"], kinds["b.Wav"])] == ["picture", "sound"]
    assert isinstance(kinds["c.npy"], ArrayFiles) and kinds["c.npy"].parts == ("c.npy",)


def test_a_file_named_twice_counts_once_and_parts_are_sorted(write):
    for name in ("p/b.png", "p/a.png", "p/sub/c.png"):
        write(name, b"x")
    found = without_text(["p/sub", "p", "./p/a.png"])
    assert sorted(map(os.path.normpath, found.parts)) == ["p/a.png", "p/b.png", "p/sub/c.png"]
    assert without_text(["p"]).parts == ("p/a.png", "p/b.png", "p/sub/c.png")


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["p"], {"p/cat/1.png": "cat/1.png", "p/dog/2.png": "dog/2.png"}),
        (["p/*/*.png"], {"p/cat/1.png": "cat/1.png", "p/dog/2.png": "dog/2.png"}),
        (["p/c*"], {"p/cat/1.png": "cat/1.png"}),
        (["p/cat/1.png", "p/dog/2.png"], {"p/cat/1.png": "cat/1.png", "p/dog/2.png": "dog/2.png"}),
        (["p/cat/1.png"], {"p/cat/1.png": "1.png"}),
    ],
)
def test_labels_are_told_from_the_folder_the_fixed_part_of_a_pattern_or_what_single_files_share(write, names, told):
    write("p/cat/1.png", b"x")
    write("p/dog/2.png", b"x")
    assert labels(without_text(names)) == told


def test_a_name_with_signs_of_a_pattern_that_exists_is_no_pattern(write):
    write("p[1]/a.png", b"x")
    write("p1/b.png", b"x")
    assert without_text(["p[1]"]).parts == ("p[1]/a.png",)
    assert without_text(["p[12]/*.png"]).parts == ("p1/b.png",)


def test_arrays_in_a_folder_are_data_only_where_there_is_nothing_else(write):
    array("d/a.npy")
    array("d/b.npy")
    assert without_text(["d"]).parts == ("d/a.npy", "d/b.npy")
    write("d/a.jsonl", [{"text": "x"}])
    assert without_text(["d"]) is None
    with pytest.raises(ReadError, match=r"holds 1 arrays \(\.npy\) \(d/a\.npy\) and 1 texts or tables \(d/a\.jsonl\)"):
        without_text(["d/a.npy", "d/a.jsonl"])


def test_beside_pictures_what_tells_about_them_is_left_out_and_said(write):
    write("p/a.png", b"x")
    write("p/README.md", "about")
    array("p/vectors.npy")
    found = without_text(["p"])
    assert isinstance(found, Media) and found.parts == ("p/a.png",)
    assert found._notes == ("left out: p/README.md, p/vectors.npy",)
    for number in range(3):
        array(f"p/w{number}.npy")
    assert without_text(["p"])._notes == ("left out: p/README.md, p/vectors.npy, p/w0.npy, …",)
    write("p/captions.jsonl", [{"text": "a caption"}])
    with pytest.raises(ReadError, match=r"p: holds 1 pictures \(p/a\.png\) and 1 texts or tables \(p/captions\.jsonl\); name one kind"):
        without_text(["p"])


def test_the_example_of_how_to_name_one_kind_names_one_kind(write):
    write("d/a.png", b"x")
    write("d/deep/b.png", b"x")
    write("d/a.wav", b"x")
    with pytest.raises(ReadError) as refused:
        without_text(["d"])
    pattern = str(refused.value).rpartition("for example with a pattern: ")[2]
    assert pattern == "d/**/*.png" and without_text([pattern]).parts == ("d/a.png", "d/deep/b.png")


def test_an_archive_of_arrays_is_refused_with_the_way_to_save_one(write):
    np.savez("a.npz", x=np.zeros((2, 2)))
    with pytest.raises(ReadError, match=r"a\.npz: is an archive of several arrays; save the one array: numpy\.save"):
        without_text(["a.npz"])


def test_a_saved_hugging_face_data_set_is_text_whatever_lies_in_it(write):
    write("hf/state.json", json.dumps({"_data_files": [{"filename": "data.arrow"}]}))
    write("hf/dataset_info.json", "{}")
    write("hf/a.png", b"x")
    assert without_text(["hf"]) is None
