"""Commits that changed training sets."""

import hashlib
import subprocess

from longtail.diagnosis.past.git import read
from longtail.diagnosis.past.rebuild import rebuild
from tests.diagnosis.past.conftest import manifest, rows


def names(past):
    return [version.name for version in past.versions]


def test_six_commits_with_one_hole_are_six_versions_with_the_hole_marked(six):
    past = rebuild(six.path)
    assert names(past) == ["v1", "v2", "v3", "v4", "v5", "v6"]
    assert [version.is_hole for version in past.versions] == [False, False, False, True, False, False]
    assert past.versions[3].unknown == ("training set", "origin", "rows", "parents")
    assert past.statement.startswith("5 of 6 versions are told of by git and file names; v4 is a hole between v3 and v5.")


def test_a_version_is_what_its_commit_held(six):
    third = rebuild(six.path).versions[2]
    assert third.sha256 == hashlib.sha256(rows(50, 0.4, tag="3").encode()).hexdigest()
    assert third.rows == 50
    assert third.shares == {"human": 0.6, "synthetic": 0.4}
    assert third.time == "2024-03-01T00:00:00+00:00"
    assert third.told_by[0].startswith("git ")


def test_the_file_that_is_there_now_is_of_the_version_with_its_hash(six):
    assert "data/train.jsonl" in rebuild(six.path).versions[5].files


def test_a_tag_names_a_version_before_its_subject_does(repository):
    repository.write("train.jsonl", rows(5, tag="a"))
    repository.commit("begin", tag="v1")
    repository.write("train.jsonl", rows(5, tag="b"))
    repository.commit("change it", tag="release-v2")
    assert names(rebuild(repository.path)) == ["v1", "v2"]


def test_a_commit_without_a_name_goes_by_its_hash_and_the_order_of_the_history(repository):
    made = []
    for at in range(4):
        repository.write("train.jsonl", rows(5, tag=str(at)))
        made.append(repository.commit("more data"))
    assert names(rebuild(repository.path)) == made


def test_commits_that_leave_the_training_set_alone_are_no_versions(repository):
    repository.write("train.jsonl", rows(5))
    repository.commit("v1")
    repository.write("README.md", "words")
    repository.write("evals/outputs.jsonl", rows(3))
    repository.commit("v2: words and outputs")
    assert names(rebuild(repository.path)) == ["v1"]


def test_training_sets_with_and_without_train_in_their_name_are_told_apart(repository):
    repository.write("data/train.jsonl", rows(5))
    repository.write("data/human.jsonl", rows(7))
    repository.commit("v1")
    repository.write("data/human.jsonl", rows(8))
    repository.commit("v2: only the other file")
    assert [version.rows for version in rebuild(repository.path).versions] == [5]


def test_a_set_put_back_is_a_version_of_its_own(repository):
    for at, tag in enumerate(["a", "b", "a"], start=1):
        repository.write("train.jsonl", rows(5, tag=tag))
        repository.commit(f"v{at}")
    past = rebuild(repository.path)
    assert names(past) == ["v1", "v2", "v3"]
    assert past.versions[0].sha256 == past.versions[2].sha256


def test_manifests_that_were_overwritten_are_read_at_their_commits(repository):
    for generation, synthetic in enumerate([0, 2, 4], start=1):
        repository.write("next.jsonl", rows(10, synthetic / 10, tag=str(generation), tagged=False))
        repository.write("next.jsonl.manifest.json", manifest(generation, 10 - synthetic, synthetic))
        repository.commit("mix")
    past = rebuild(repository.path)
    assert [version.shares.get("synthetic", 0) for version in past.versions] == [0, 0.2, 0.4]
    assert not any(version.is_hole for version in past.versions)


def test_a_shallow_history_begins_with_a_hole(repository, tmp_path_factory):
    for at in range(1, 5):
        repository.write("train.jsonl", rows(5, tag=str(at)))
        repository.commit("more data")
    aside = tmp_path_factory.mktemp("shallow")
    subprocess.run(["git", "clone", "-q", "--depth", "2", f"file://{repository.path}", str(aside)], check=True, capture_output=True)
    found = read(str(aside))
    assert "shallow" in found.reason
    assert [each.is_gone for each in found.told] == [True, False, False]


def test_a_blob_that_is_missing_is_a_hole_and_is_named(repository):
    for at in range(1, 4):
        repository.write("train.jsonl", rows(5, tag=str(at)))
        repository.commit(f"v{at}")
    blob = repository.git("rev-parse", "HEAD~1:train.jsonl")
    (repository.path / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    past = rebuild(repository.path)
    assert [version.is_hole for version in past.versions] == [False, True, False]
    assert next(look for look in past.looks if look.source == "git").reason.startswith("1 damaged")


def test_pointers_of_lfs_tell_the_hash_and_no_rows(repository):
    digest = "ab" * 32
    repository.write("train.jsonl", f"version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize 12\n")
    repository.commit("v1")
    first = rebuild(repository.path).versions[0]
    assert (first.sha256, first.rows, first.shares) == (digest, None, {})


def test_one_commit_with_all_versions_is_as_many_versions(repository):
    for at in (1, 2, 10):
        repository.write(f"data/v{at}/train.jsonl", rows(5, tag=str(at)))
    repository.commit("everything at once")
    past = rebuild(repository.path)
    assert [version.name for version in past.versions if not version.is_hole] == ["v1", "v2", "v10"]
    assert len(past.versions) == 10


def test_a_version_whose_file_is_gone_is_read_from_the_history(repository):
    repository.write("v1.jsonl", rows(5, 0.2))
    repository.commit("first")
    repository.remove("v1.jsonl")
    repository.write("v2.jsonl", rows(6, 0.5))
    repository.commit("second")
    assert [version.rows for version in rebuild(repository.path).versions] == [5, 6]


def test_hooks_and_signature_programs_of_the_repository_are_not_run(repository):
    repository.write("train.jsonl", rows(5))
    repository.commit("v1")
    trap = repository.write("trap.sh", f"#!/bin/sh\ntouch {repository.path}/sprung\n")
    trap.chmod(0o755)
    for name in ("core.fsmonitor", "core.pager", "gpg.program", "diff.external", "core.sshCommand"):
        repository.git("config", name, str(trap))
    repository.git("config", "log.showSignature", "true")
    assert len(read(str(repository.path)).told) == 1
    assert not (repository.path / "sprung").exists()


def test_a_folder_without_a_repository_and_one_without_commits_say_so(folder, repository):
    assert "no commit" in read(str(repository.path)).reason or "HEAD" in read(str(repository.path)).reason
    assert read(str(repository.path)).told == ()


def test_no_repository_is_a_reason(folder):
    assert "not a git repository" in read(str(folder.path)).reason
