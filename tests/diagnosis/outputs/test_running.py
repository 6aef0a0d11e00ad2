"""Checkpoints asked the prompts of the reference."""

from pathlib import Path

import pytest

from longtail.diagnosis.outputs import from_checkpoints
from longtail.diagnosis.outputs.producers import producer_of
from longtail.diagnosis.outputs.prompts import Prompts
from longtail.errors import UsageError

PROMPTS = Prompts(tuple(f"prompt {number}" for number in range(10)), "10 prompts")


ASKED = []


def answering(prompts, checkpoint):
    """Answers every prompt by the content of the checkpoint; a line `-N` there leaves prompt N unanswered."""
    ASKED.append(checkpoint.rpartition("/")[2])
    said = Path(checkpoint).read_text().split()
    if "broken" in said:
        raise ValueError("broken")
    silent = {each.removeprefix("-") for each in said}
    return ["" if prompt.split()[1] in silent else f"{said[0]} {prompt}" for prompt in prompts]


@pytest.fixture
def model():
    ASKED.clear()
    return answering


@pytest.fixture
def checkpoints(tmp_path):
    for version in (1, 2, 10):
        (tmp_path / f"v{version}.ckpt").write_text(f"v{version}")
    return tmp_path


def asked(folder, model, **more):
    return from_checkpoints(f"{folder}/*.ckpt", PROMPTS, producer_of(model), **more)


def test_five_models_are_asked_once_and_read_from_the_cache_after_that(checkpoints, model, tmp_path):
    first = asked(checkpoints, model, cache=tmp_path / "cache")
    assert [(each.name, each.documents, each.is_cached) for each in first] == [("v1", 10, False), ("v2", 10, False), ("v10", 10, False)]
    second = asked(checkpoints, model, cache=tmp_path / "cache")
    assert [each.is_cached for each in second] == [True] * 3
    assert [each.data for each in second] == [each.data for each in first]
    assert ASKED == ["v1.ckpt", "v2.ckpt", "v10.ckpt"]
    (checkpoints / "v2.ckpt").write_text("retrained")
    assert [each.is_cached for each in asked(checkpoints, model, cache=tmp_path / "cache")] == [True, False, True]


def test_without_a_cache_nothing_is_written_and_models_are_asked_again(checkpoints, model):
    asked(checkpoints, model)
    asked(checkpoints, model)
    assert len(ASKED) == 6
    assert sorted(path.name for path in checkpoints.iterdir()) == ["v1.ckpt", "v10.ckpt", "v2.ckpt"]


def test_one_that_fails_is_told_and_the_rest_goes_on_and_a_failure_is_not_kept(checkpoints, model, tmp_path):
    (checkpoints / "v2.ckpt").write_text("broken")
    for _ in range(2):
        found = asked(checkpoints, model, cache=tmp_path / "cache")
        assert [each.unread for each in found] == ["", "ValueError: broken", ""]
    assert ASKED.count("v2.ckpt") == 2


def test_versions_are_compared_on_the_prompts_that_all_have_answered(checkpoints, model):
    (checkpoints / "v2.ckpt").write_text("v2 -3 -7")
    found = asked(checkpoints, model)
    assert [each.documents for each in found] == [8, 8, 8]
    assert {tuple(row["prompt"] for row in each.data) for each in found} == {tuple(p for p in PROMPTS.texts if p[-1] not in "37")}


def test_one_that_answers_few_does_not_take_the_prompts_of_the_others(checkpoints, model):
    (checkpoints / "v2.ckpt").write_text("v2 " + " ".join(f"-{number}" for number in range(8)))
    found = asked(checkpoints, model)
    assert [each.documents for each in found] == [10, 0, 10]
    assert found[1].unread == "it said something to 2 of 10 prompts only"


def test_one_that_is_not_there_is_told(checkpoints, model):
    given = {"old": str(checkpoints / "v1.ckpt"), "lost": str(checkpoints / "none")}
    found = from_checkpoints(given, PROMPTS, producer_of(model))
    assert [(each.name, bool(each.unread)) for each in found] == [("old", False), ("lost", True)]
    assert "No such file" in found[1].unread


def test_paths_in_order_keep_it_and_nothing_that_matches_is_refused(checkpoints, model):
    paths = [checkpoints / "v10.ckpt", checkpoints / "v2.ckpt"]
    assert [each.name for each in from_checkpoints(paths, PROMPTS, producer_of(model))] == ["v10", "v2"]
    with pytest.raises(UsageError, match="nothing matches"):
        from_checkpoints(f"{checkpoints}/*.none", PROMPTS, producer_of(model))


def test_what_a_function_without_a_name_says_is_not_kept(checkpoints, tmp_path):
    for _ in range(2):
        found = asked(checkpoints, lambda prompts, path: list(prompts), cache=tmp_path / "cache")
        assert [each.is_cached for each in found] == [False] * 3
    assert not (tmp_path / "cache").exists()
