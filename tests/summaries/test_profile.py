"""Profiles: one pass equals merged shards, files round-trip, damage is named."""

import json
import random
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from longtail.errors import ConfigError, IncompatibleSummaries, LongtailError, ProfileError, UnknownName
from longtail.summaries.files import load, save
from longtail.summaries.profile import Profile, merge, profile
from longtail.testing.difference import difference

from .made import counted, documents, profiled, rows_of

FOUND = [*documents(300, 3), "", "été 猫 🙂", "twice", "twice"]


def without_parts(made):
    """The state, the list of what was read left out."""
    return {name: value for name, value in made.to_dict().items() if name not in ("parts", "content")}


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "p.ltp"
    save(profiled(FOUND), path)
    return path


@pytest.mark.parametrize("shards", [1, 3, 11])
def test_shards_merged_in_any_order_equal_one_pass(shards):
    shuffled = random.Random(shards)
    parts = [profiled(FOUND[shard::shards]) for shard in range(shards)]
    for _ in range(3):
        shuffled.shuffle(parts)
        assert difference(profiled(FOUND).to_dict(), merge(parts).to_dict()) == ""


def test_files_read_apart_and_merged_equal_one_pass_over_all(tmp_path):
    paths = [tmp_path / f"{name}.jsonl" for name in "abc"]
    for at, path in enumerate(paths):
        lines = [json.dumps({"text": text, "lt_origin": "human"} if text != "twice" else {"text": text}) for text in FOUND[at::3]]
        path.write_text("\n".join([*lines, "{broken"]) + "\n", encoding="utf-8")
    whole = profile([str(path) for path in paths])
    parts = [profile(str(path)) for path in reversed(paths)]
    assert difference(without_parts(whole), without_parts(merge(parts))) == ""
    assert merge(parts).content == whole.content
    blank = sum(not text for text in FOUND)
    assert (whole.quarantined, len(whole.quarantine)) == (3 + blank, 3 + blank)
    assert whole.documents == len(FOUND) - blank
    assert sum(part["bytes"] for part in merge(parts).parts) == sum(part["bytes"] for part in whole.parts)
    assert difference(merge(parts).to_dict(), merge(parts[::-1]).to_dict()) == ""


def test_an_empty_profile_is_neutral_also_for_what_was_read(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "b"}\n{"nothing\n"x"\n{"text": 1}\n' * 12, encoding="utf-8")
    whole = profile(str(path))
    into = Profile()
    into.merge(profile(str(path)))
    assert difference(whole.to_dict(), into.to_dict()) == ""
    whole.merge(Profile())
    assert difference(profile(str(path)).to_dict(), whole.to_dict()) == ""


def test_merging_leaves_the_parts_as_they_were():
    parts = [profiled(FOUND[:100]), profiled(FOUND[100:])]
    merge(parts)
    assert difference(parts[0].to_dict(), profiled(FOUND[:100]).to_dict()) == ""
    assert difference(parts[1].to_dict(), profiled(FOUND[100:]).to_dict()) == ""


def test_nothing_to_merge_is_said():
    with pytest.raises(ConfigError, match=r"name at least one \.ltp file"):
        merge([])


@pytest.mark.parametrize("other", [{"seed": 1}, {"views": ["words_1"]}, {"exact": True}])
def test_unlike_profiles_refuse_to_merge(other):
    with pytest.raises(IncompatibleSummaries, match="profiles differ in "):
        profiled(FOUND).merge(profiled(FOUND, **other))


def test_views_are_named_or_refused():
    assert profiled(["a"], views=["words_2", "words_1"]).views == ("words_1", "words_2")
    with pytest.raises(UnknownName, match="did you mean 'words_1'"):
        Profile(["word_1"])
    with pytest.raises(ConfigError, match="choose among words_1, words_2, words_3"):
        Profile([])


def test_a_profile_counts_documents_and_words():
    made = profiled(["a b", "", "c"])
    assert (made.documents, made.words) == (3, 3)
    assert profiled(["a b"], views=["words_2"]).words == 0
    assert rows_of(made.frequencies["words_1"].run()) == rows_of(counted(["a b", "", "c"]).run())


def test_a_saved_profile_is_loaded_as_it_was_and_saved_again_byte_for_byte(saved, tmp_path):
    again = tmp_path / "again.ltp"
    loaded = load(saved)
    assert difference(profiled(FOUND).to_dict(), loaded.to_dict()) == ""
    save(loaded, again)
    assert again.read_bytes() == saved.read_bytes()
    save(load(again), again)
    assert again.read_bytes() == saved.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again.ltp", "p.ltp"]


def test_shards_and_one_pass_are_saved_as_the_same_bytes(saved, tmp_path):
    save(merge([profiled(FOUND[1::2]), profiled(FOUND[0::2])]), tmp_path / "merged.ltp")
    assert (tmp_path / "merged.ltp").read_bytes() == saved.read_bytes()


def test_a_loaded_profile_goes_on_growing(saved):
    loaded = load(saved)
    loaded.add(pa.record_batch({"text": pa.array(["one more", "été"], pa.string())}))
    loaded.merge(profiled(["and another"]))
    assert difference(profiled([*FOUND, "one more", "été", "and another"]).to_dict(), loaded.to_dict()) == ""


def test_an_empty_profile_can_be_saved(tmp_path):
    save(Profile(), tmp_path / "e.ltp")
    assert difference(Profile().to_dict(), load(tmp_path / "e.ltp").to_dict()) == ""


def test_a_missing_profile_says_how_to_make_one(tmp_path):
    with pytest.raises(ProfileError, match=r"no\.ltp: no such profile; make one with: longtail profile DATA -o .*no\.ltp"):
        load(tmp_path / "no.ltp")


def test_another_format_is_named(saved):
    rewritten(saved, lambda manifest: manifest | {"format": 99})
    with pytest.raises(ProfileError, match=r"profile of format 99, this version reads 1; profile the data again"):
        load(saved)


def rewritten(path, change):
    """Replace the manifest of a profile file."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["manifest.json"] = json.dumps(change(json.loads(parts["manifest.json"]))).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


@pytest.mark.parametrize(
    "change",
    [
        lambda manifest: [],
        lambda manifest: None,
        lambda manifest: {"format": 1},
        lambda manifest: manifest | {"state": []},
        lambda manifest: manifest | {"state": manifest["state"] | {"frequencies": []}},
        lambda manifest: manifest | {"state": manifest["state"] | {"sample": {}}},
        lambda manifest: manifest | {"state": manifest["state"] | {"origins": {"counts": 7}}},
    ],
)
def test_a_manifest_of_another_shape_is_not_a_profile(saved, change):
    rewritten(saved, change)
    with pytest.raises(ProfileError, match=r"not a whole profile .*make it again with: longtail profile DATA|profile of format"):
        load(saved)


@pytest.mark.parametrize("data", [b"", b"not a zip", b"PK\x03\x04", b'{"text": "a"}\n'])
def test_a_file_that_is_no_profile_says_so(tmp_path, data):
    path = tmp_path / "x.ltp"
    path.write_bytes(data)
    with pytest.raises(ProfileError, match="make it again with: longtail profile DATA -o"):
        load(path)


def test_a_folder_is_no_profile(tmp_path):
    with pytest.raises(ProfileError, match="make it again"):
        load(tmp_path)


def test_a_profile_cut_anywhere_is_refused(saved):
    data = saved.read_bytes()
    for size in range(0, len(data), max(1, len(data) // 40)):
        saved.write_bytes(data[:size])
        with pytest.raises(ProfileError, match="make it again"):
            load(saved)


def test_a_flipped_byte_gives_the_same_profile_or_a_profile_error(saved):
    data, rng = saved.read_bytes(), np.random.default_rng(0)
    expected = load(saved).to_dict()
    for at in [*range(40), *range(len(data) - 300, len(data)), *rng.integers(0, len(data), 100)]:
        saved.write_bytes(data[:at] + bytes([data[at] ^ 1 << int(rng.integers(8))]) + data[at + 1 :])
        try:
            found = load(saved).to_dict()
        except LongtailError:
            continue
        assert difference(expected, found) == "", at


def test_a_profile_that_cannot_be_written_says_where(tmp_path):
    with pytest.raises(ProfileError, match=r"cannot be written .*choose another folder with -o"):
        save(Profile(), tmp_path / "missing" / "p.ltp")


def test_a_failed_write_leaves_the_old_profile_and_no_other_file(saved, monkeypatch):
    before = saved.read_bytes()
    monkeypatch.setattr("longtail.summaries.files.os.replace", lambda *paths: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        save(Profile(), saved)
    assert saved.read_bytes() == before
    assert [path.name for path in saved.parent.iterdir()] == ["p.ltp"]


def test_the_input_line_of_a_report_names_what_was_read(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "b"}\n{"broken\n', encoding="utf-8")
    line = profile(str(path)).as_input("candidate")
    assert (line.role, line.path, line.documents, line.quarantined, line.parts) == ("candidate", str(path), 1, 1, 1)
    assert line.bytes == path.stat().st_size


def test_no_temporary_file_is_left(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "t"))
    (tmp_path / "t").mkdir()
    made = profiled(FOUND)
    save(made, tmp_path / "p.ltp")
    load(tmp_path / "p.ltp")
    merge([made, made])
    assert list(Path(tmp_path / "t").iterdir()) == []
