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
from longtail.summaries.profile import DEFAULT_VIEWS, Profile
from longtail.summaries.profiling import merge, profile
from longtail.testing.difference import difference

from .made import batched, counted, documents, profiled, rows_of

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


@pytest.mark.parametrize("other", [{"seed": 1}, {"views": ["words_1"]}, {"exact": True}, {"views": ["words_2"]}, {"types": 2000}])
def test_unlike_profiles_refuse_to_merge(other):
    with pytest.raises(IncompatibleSummaries, match="profiles differ in "):
        profiled(FOUND).merge(profiled(FOUND, **other))


def test_the_types_kept_are_named_where_they_differ():
    with pytest.raises(IncompatibleSummaries, match=r"types kept \(262,144 and 2,000\)"):
        profiled(FOUND).merge(profiled(FOUND, types=2000))


def test_fewer_types_give_the_number_of_types_within_the_error_that_is_stated():
    found, views = documents(4000, vocabulary=3000), ["words_1", "words_2", "words_3"]
    made = profiled(found, views=views, types=1024)
    assert made.frequencies["words_1"].is_exact and not made.frequencies["words_2"].is_exact
    for order, view in enumerate(views, 1):
        kept, share = made.distinct(view=view), made.frequencies[view].sampling_share
        true = len({tuple(words[at : at + order]) for words in map(str.split, found) for at in range(len(words) - order + 1)})
        assert (kept == true and share == 1) if order == 1 else kept == 1024
        assert abs(kept / share / true - 1) <= 4 * 1024**-0.5


def test_types_are_kept_or_all_counted_and_never_too_few():
    with pytest.raises(ConfigError, match="give --exact or --types, not both"):
        profiled(FOUND, types=5000, exact=True)
    with pytest.raises(ConfigError, match="types is 1,000; keep at least 1,024"):
        profiled(FOUND, types=1000)


def test_views_are_named_or_refused():
    assert profiled(["a"], views=["words_2", "words_1"]).views == ("words_1", "words_2")
    with pytest.raises(UnknownName, match="did you mean 'words_1'"):
        Profile(["word_1"])
    with pytest.raises(ConfigError, match="no view asked for; name one with --view"):
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


@pytest.mark.parametrize("other", [1, 99])
def test_another_format_is_named(saved, other):
    rewritten(saved, lambda manifest: manifest | {"format": other})
    with pytest.raises(ProfileError, match=rf"profile of format {other}, this version reads 4; profile the data again"):
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
        lambda manifest: {"format": 3},
        lambda manifest: manifest | {"state": manifest["state"] | {"labels": [7]}},
        lambda manifest: manifest | {"state": manifest["state"] | {"decodings": None}},
        lambda manifest: manifest | {"state": []},
        lambda manifest: manifest | {"state": manifest["state"] | {"frequencies": []}},
        lambda manifest: manifest | {"state": manifest["state"] | {"sample": {}}},
        lambda manifest: manifest | {"state": manifest["state"] | {"composition": {"axes": 7}}},
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


ROWS = [
    {
        "text": text,
        "prompt": f"question {at % 40}" if at % 3 else None,
        "topic": ["a", " b/\x00?", "c\u0301", None][at % 4],
        "meta": {"lang": at % 2},
        "lt_id": f"id{at}",
        "lt_decoding": json.dumps({"temperature": at % 2}) if at % 5 else None,
    }
    for at, text in enumerate(documents(240, 9))
    if text
]
BY = ("topic", "meta.lang")


def written(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def answers(prompts, decodings=None, **settings):
    """A profile of answers to prompts, of which None is none."""
    made = Profile(["words_1"], **settings)
    columns = {"prompt": prompts} | ({"lt_decoding": decodings} if decodings else {})
    made.add(batched([f"answer {at}" for at in range(len(prompts))], **columns))
    return made


@pytest.mark.parametrize("shards", [2, 5])
def test_prompts_labels_lengths_ids_and_settings_do_not_depend_on_shards_and_are_saved_whole(tmp_path, shards):
    whole = profile(written(tmp_path / "all.jsonl", ROWS), by=BY)
    parts = [profile(written(tmp_path / f"{shard}.jsonl", ROWS[shard::shards]), by=BY[::-1]) for shard in range(shards)]
    assert difference(without_parts(whole), without_parts(merge(parts))) == ""
    save(whole, tmp_path / "p.ltp")
    loaded = load(tmp_path / "p.ltp")
    assert difference(whole.to_dict(), loaded.to_dict()) == ""
    assert (loaded.by, loaded.views, loaded.key) == (tuple(sorted(BY)), DEFAULT_VIEWS, whole.key)
    save(loaded, tmp_path / "again.ltp")
    assert (tmp_path / "again.ltp").read_bytes() == (tmp_path / "p.ltp").read_bytes()


def test_what_a_profile_counts_beside_words_is_that_of_brute_force(tmp_path):
    made = profile(written(tmp_path / "all.jsonl", ROWS), by=BY)
    assert made.documents == len(ROWS)
    assert made.distinct(view="prompts") == len({row["prompt"] for row in ROWS if row["prompt"]})
    assert made.frequencies["prompts"].tokens.sum() == sum(row["prompt"] is not None for row in ROWS)
    counts = {
        made.labels["labels:topic"].names[kind]: sum(tokens) for kind, tokens in tokens_by_type(made.frequencies["labels:topic"]).items()
    }
    expected = [row["topic"] for row in ROWS if row["topic"]]
    assert counts == {"a": expected.count("a"), "b/\x00?": expected.count(" b/\x00?"), "\u0107": expected.count("c\u0301")}
    lengths = {kind: sum(tokens) for kind, tokens in tokens_by_type(made.frequencies["lengths"]).items()}
    assert lengths[1] == sum(len(row["text"].split()) == 1 for row in ROWS)
    assert lengths[7] == sum(len(row["text"].split()) == 3 for row in ROWS)
    assert sum(lengths.values()) == len(ROWS)
    assert made.decodings.counts == {
        f'{{"temperature":{at}}}': sum(row["lt_decoding"] == f'{{"temperature": {at}}}' for row in ROWS) for at in (0, 1)
    }
    assert {entry.id for entry in made.sample.entries()} <= {row["lt_id"] for row in ROWS}


def tokens_by_type(frequencies):
    found = {}
    for (kind, _), (tokens, _) in rows_of(frequencies.run()).items():
        found.setdefault(kind, []).append(tokens)
    return found


@pytest.mark.parametrize("views", [["words_1"], ["words_2"], ["words_3", "words_1"]])
def test_lengths_are_counted_whatever_the_word_views(views):
    made = profiled(FOUND, views=views)
    assert rows_of(made.frequencies["lengths"].run()) == rows_of(profiled(FOUND).frequencies["lengths"].run())
    for name in views:
        assert rows_of(made.frequencies[name].run()) == rows_of(profiled(FOUND).frequencies[name].run())


def test_one_text_under_two_prompts_is_one_document_in_two_units():
    made = Profile()
    made.add(batched(["same"] * 40 + ["other"], prompt=[*(f"p{at}" for at in range(40)), None]))
    assert (made.documents, made.distinct(), made.distinct(view="prompts")) == (41, 2, 40)
    assert len(made.frequencies["documents"].run()) > 2
    assert made.distinct(0, "prompts") + made.distinct(1, "prompts") == 40
    assert [(text, copies) for text, copies in made.sample.documents() if text == "same"] == [("same", 40)]


def test_profiles_of_unlike_slices_are_refused_and_both_are_named():
    left, right = profiled(["a"]), Profile(by=["topic", "lang"])
    with pytest.raises(IncompatibleSummaries, match=r"profiles differ in slices \(--by\) \(none and lang, topic\)"):
        left.merge(right)
    with pytest.raises(IncompatibleSummaries, match=r"slices \(--by\) \(lang, topic and none\)"):
        right.require_alike(left)
    Profile(by=["lang", "topic"]).merge(right)


def test_a_profile_is_prompted_where_every_document_has_a_prompt():
    assert answers(["a", "b", "a"]).prompted
    assert not answers(["a", None]).prompted
    assert not answers([None]).prompted
    assert not Profile().prompted


def test_outputs_of_unlike_prompts_are_refused_with_both_sets():
    one, other = answers(["a", "b", "a"]), answers(["b", "c"])
    one.require_like_samples(answers(["b", "a"]))
    says = r"outputs of one lineage differ in prompt set \(2 prompts, fingerprint [0-9a-f]{8} and 2 prompts, fingerprint [0-9a-f]{8}\)"
    with pytest.raises(IncompatibleSummaries, match=says):
        one.require_like_samples(other)
    with pytest.raises(IncompatibleSummaries, match=r"2 prompts, .* and 3 prompts, "):
        one.require_like_samples(answers(["a", "b", "c"]))


def test_prompts_that_only_one_side_has_are_not_refused():
    for one, other in ((answers(["a", "b"]), answers([None, None])), (answers([None]), answers(["a"]))):
        one.require_like_samples(other)


def test_outputs_of_unlike_settings_are_refused_with_both():
    def made(*stated):
        return answers([None] * len(stated), [value and json.dumps(value) for value in stated])

    made({"top_p": 1}, {"top_p": 0.5}).require_like_samples(made({"top_p": 0.5}, {"top_p": 1.0}, None))
    made({"top_p": 1}).require_like_samples(made(None))
    with pytest.raises(IncompatibleSummaries, match=r'differ in decoding \(\{"top_p":1\} and \{"top_p":0.9\} or \{"top_p":1\}\)'):
        made({"top_p": 1}).require_like_samples(made({"top_p": 1}, {"top_p": 0.9}))
    many = [{"top_k": at} for at in range(8)]
    with pytest.raises(IncompatibleSummaries, match=r'\{"top_k":2\} or 5 more and \{"top_k":9\} or .* or 6 more\)'):
        made(*many).require_like_samples(made(*many, {"top_k": 9}))
    with pytest.raises(IncompatibleSummaries, match=r"differ in decoding \(.* prompt set \("):
        answers(["a"], ["x"]).require_like_samples(answers(["b"], ["y"]))


def test_columns_of_any_name_are_saved(tmp_path):
    names = ["a/b", "../up", "nul\0", "words_1", "é ", "\U0001f642"]
    made = Profile(["words_1"], by=names)
    made.add(batched(["a", "b"], **{f"by:{name}": [name, None] for name in names}))
    save(made, tmp_path / "p.ltp")
    loaded = load(tmp_path / "p.ltp")
    assert difference(made.to_dict(), loaded.to_dict()) == ""
    assert {name: list(loaded.labels["labels:" + name].names.values()) for name in loaded.by} == {
        name: [name.strip("\0 ")] for name in names
    }
