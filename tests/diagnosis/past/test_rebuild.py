"""What several records say, joined, with holes and contradictions."""

import hashlib
import json
import os

import pytest

from longtail.diagnosis.past.rebuild import rebuild
from longtail.errors import ConfigError, LedgerError, ReadError
from tests.diagnosis.past.conftest import manifest, rows


def names(past):
    return [version.name for version in past.versions]


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def test_nothing_is_invented_of_an_empty_folder(folder):
    past = rebuild(folder.path)
    assert past.versions == ()
    assert past.statement == "no records of the past were found"
    assert all(look.reason for look in past.looks)


def test_one_version_only(folder):
    folder.write("v1.jsonl", rows(4))
    past = rebuild(folder.path)
    assert names(past) == ["v1"]
    assert past.statement.startswith("1 version is told of by file names.")


def test_a_skipped_number_is_a_hole_between_its_neighbours(folder):
    for at in (1, 2, 3, 5, 6):
        folder.write(f"data/v{at}.jsonl", rows(at))
    past = rebuild(folder.path)
    assert names(past) == ["v1", "v2", "v3", "v4", "v5", "v6"]
    assert [version.name for version in past.versions if version.is_hole] == ["v4"]
    assert past.versions[3].told_by == ()
    assert "v4 is a hole between v3 and v5" in past.statement


def test_what_manifests_skip_is_a_hole_though_files_have_other_names(folder):
    for generation, name in ((1, "first"), (3, "third")):
        folder.write(f"{name}.json", manifest(generation, 10, 0, output=f"{name}.jsonl"))
    past = rebuild(folder.path)
    assert names(past) == ["generation 1", "generation 2", "generation 3"]
    assert past.versions[1].is_hole


def test_names_that_count_from_nought_skip_no_generation(folder):
    for at in (0, 1, 3):
        folder.write(f"v{at}.json", manifest(at + 1, 10, at, output=f"v{at}.jsonl"))
    past = rebuild(folder.path)
    assert names(past) == ["v0", "v1", "v2", "v3"]


def test_steps_and_dates_leave_no_holes(folder):
    for name in ("checkpoint-500", "checkpoint-2000", "checkpoint-1000"):
        folder.write(f"run/{name}/model.safetensors", name)
    assert names(rebuild(folder.path)) == ["checkpoint-500", "checkpoint-1000", "checkpoint-2000"]


def test_a_training_set_before_that_no_file_has_is_a_hole(folder):
    folder.write("v1.json", manifest(1, 10, 0, output="v1.jsonl", sha256="aa"))
    folder.write("late.json", manifest(3, 5, 5, output="late.jsonl", sha256="cc", previous="bb"))
    past = rebuild(folder.path)
    hole = past.versions[1]
    assert (hole.is_hole, hole.sha256, hole.place) == (True, "bb", 2)
    assert len(past.versions) == 3


def test_records_of_one_version_are_joined_by_hash_before_name(folder):
    content = rows(10, 0.3)
    folder.write("run/next.jsonl", content)
    folder.write("m.json", manifest(1, 7, 3, output="elsewhere/v1.jsonl", sha256=sha256(content)))
    past = rebuild(folder.path)
    assert names(past) == ["v1"]
    assert past.versions[0].files == ("run/next.jsonl",)
    assert past.contradictions == ()


def test_a_recorded_hash_stands_above_a_name(folder):
    content = rows(10, 0.3)
    folder.write("v2.jsonl", content)
    folder.write("m1.json", manifest(1, 7, 3, output="v1.jsonl", sha256=sha256(content)))
    past = rebuild(folder.path)
    assert past.versions[0].files == ("v2.jsonl",)
    (told,) = past.contradictions
    assert (told.version, told.about) == ("v1", "sha256")
    assert "a recorded hash stands above a name" in told.taken


def test_manifests_stand_above_files_where_they_disagree(folder):
    folder.write("v1.jsonl", rows(10, 0.5))
    folder.write("v1.json", manifest(1, 9, 3, output="v1.jsonl"))
    past = rebuild(folder.path)
    assert past.versions[0].rows == 12
    assert {each.about for each in past.contradictions} == {"rows", "origin"}
    assert all("as manifest v1.json says" in each.taken for each in past.contradictions)


def test_versions_out_of_order_are_told_and_the_numbers_followed(repository):
    for at, date in ((1, "2024-01-01"), (3, "2024-02-01"), (2, "2024-03-01")):
        repository.write(f"v{at}.jsonl", rows(at + 3))
        repository.commit("data", date=f"{date}T00:00:00Z")
    past = rebuild(repository.path)
    assert names(past) == ["v1", "v2", "v3"]
    assert {(each.version, each.about) for each in past.contradictions} == {("v2", "order")}


def test_dates_of_files_order_what_nothing_else_does_and_contradict_nothing(folder):
    for name, seconds in (("checkpoint-1", 3e8), ("checkpoint-2", 2e8), ("checkpoint-3", 1e8)):
        os.utime(folder.write(f"{name}/train.jsonl", rows(3)), (seconds, seconds))
    past = rebuild(folder.path)
    assert names(past) == ["checkpoint-1", "checkpoint-2", "checkpoint-3"]
    assert past.contradictions == ()
    assert "(date of a file)" in past.versions[0].told_by[0]


def test_one_lineage_in_manifests_git_and_outputs_is_joined(repository):
    previous = None
    for at, synthetic in ((1, 0), (2, 2), (3, 5)):
        content = rows(10, synthetic / 10, tag=str(at))
        repository.write(f"data/v{at}/train.jsonl", content)
        made = manifest(at, 10 - synthetic, synthetic, output=f"data/v{at}/train.jsonl", sha256=sha256(content), previous=previous)
        repository.write(f"data/v{at}/train.jsonl.manifest.json", made)
        repository.write(f"evals/v{at}/outputs.jsonl", rows(3, tag=f"out{at}"))
        previous = sha256(content)
        repository.commit(f"data of {at}")
    past = rebuild(repository.path)
    assert names(past) == ["v1", "v2", "v3"]
    assert past.contradictions == ()
    assert past.versions[2].parents == ("v2",)
    assert [len(version.told_by) for version in past.versions] == [3, 3, 3]
    assert "evals/v2/outputs.jsonl" in past.versions[1].files
    assert past.regime == "unknown"


def test_the_regime_is_read_from_manifests(folder):
    for at in (1, 2, 3):
        folder.write(
            f"v{at}.json", manifest(at, 10 if at == 1 else 0, 0 if at == 1 else 10, original=10 if at == 1 else 0, output=f"v{at}.jsonl")
        )
    assert rebuild(folder.path).regime == "replace"


def test_outputs_in_order_are_versions(folder):
    paths = [folder.write(f"evals/{name}.jsonl", rows(2)) for name in ("old", "new")]
    past = rebuild(lineage=paths)
    assert names(past) == ["old", "new"]
    assert past.versions[0].unknown == ("training set", "origin", "rows", "time", "parents")


def test_a_lineage_file_is_read_and_a_wrong_one_refused(folder):
    path = folder.write("lineage.toml", 'generations = ["v1.jsonl", "v2.jsonl"]\n')
    assert names(rebuild(lineage=str(path))) == ["v1", "v2"]
    with pytest.raises(ConfigError, match="not a lineage"):
        rebuild(lineage=str(folder.write("wrong.toml", "x = 1")))


def test_what_was_named_and_is_not_there_is_refused(folder):
    with pytest.raises(ReadError, match="is no folder"):
        rebuild(folder.path / "nowhere")
    with pytest.raises(ReadError):
        rebuild(manifests=folder.path / "none.json")
    with pytest.raises(LedgerError):
        rebuild(ledger=folder.path / "none")


def test_the_same_folder_gives_the_same_past(six):
    six.write("v2/outputs.jsonl", rows(3))
    assert rebuild(six.path) == rebuild(six.path)


def test_many_numbers_in_one_go_are_no_holes(folder):
    folder.write("v1.jsonl", rows(2))
    folder.write("v9000.jsonl", rows(2, tag="x"))
    assert names(rebuild(folder.path)) == ["v1", "v9000"]


def test_manifests_alone_by_name(folder):
    paths = [folder.write(f"m{at}.json", manifest(at, 10 - at, at)) for at in (2, 1)]
    past = rebuild(manifests=paths)
    assert names(past) == ["generation 1", "generation 2"]
    assert json.loads(paths[0].read_text())["generation"] == 2


def test_a_time_that_is_none_is_not_taken(folder):
    folder.write("v1.json", manifest(1, 10, 0, output="v1.jsonl", created_at="last week"))
    assert rebuild(folder.path).versions[0].time is None


def test_hashes_of_the_set_before_that_do_not_agree_are_told(folder):
    folder.write("v1.json", manifest(1, 10, 0, output="v1.jsonl", sha256="aa"))
    folder.write("v2.json", manifest(2, 5, 5, output="v2.jsonl", sha256="cc", previous="bb"))
    past = rebuild(folder.path)
    assert names(past) == ["v1", "v2"]
    assert [(each.version, each.about) for each in past.contradictions] == [("v1", "sha256")]


def test_files_that_count_in_other_words_than_the_records_are_left_out_and_named(folder):
    for at in (1, 2):
        folder.write(f"v{at}.json", manifest(at, 10, at, output=f"v{at}.jsonl"))
        folder.write(f"pool/gen{at}.jsonl", rows(4, 1, tag=str(at)))
    past = rebuild(folder.path)
    assert names(past) == ["v1", "v2"]
    assert next(look for look in past.looks if look.source == "file names").reason.endswith("than the records: gen1, gen2")


def test_files_that_count_in_two_words_without_records_are_all_shown(folder):
    for name in ("v1", "v2", "gen1"):
        folder.write(f"{name}.jsonl", rows(4, tag=name))
    assert sorted(names(rebuild(folder.path))) == ["gen1", "v1", "v2"]
