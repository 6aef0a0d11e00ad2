"""What is gone for good and what to look for: item by item, and never one that is held."""

import json

import pytest

from longtail.diagnosis.recovery import plan
from longtail.summaries.profiling import profile
from longtail.views.words import spans

COMMON = [f"word{at}" for at in range(19)]


def document(at, rare, topic):
    words = [COMMON[(at * 7 + i * (1 + at % 3)) % len(COMMON)] for i in range(20)]
    return {"text": " ".join([*words, rare, f"n{at}"]), "topic": topic}


def rows(first, count, rare, topics):
    return [document(first + i, rare[(first + i) % len(rare)], topics[(first + i) % len(topics)]) for i in range(count)]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lineage")
    rare, topics = [f"rare{at}" for at in range(60)], ["a", "b", "c", "d"]
    sets = {
        "human": rows(0, 480, rare, topics),
        "reservoir": rows(1000, 300, rare[:40], topics[:3]),
        "gen1": rows(2000, 300, rare[:50], topics),
        "gen2": rows(3000, 300, rare[:20], topics[:1]),
    }
    for name, documents in sets.items():
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(each) + "\n" for each in documents))
    return folder


def planned(files, **given):
    outputs = [str(files / "gen1.jsonl"), str(files / "gen2.jsonl")]
    told = {"outputs": outputs, "reservoir": str(files / "reservoir.jsonl"), "tau": 0.08, "replicates": 20, "shares": (0.5,)}
    return plan(reference=str(files / "human.jsonl"), **told | given)


@pytest.fixture(scope="module")
def found(files):
    return planned(files, by="topic")


def test_gone_for_good_is_what_no_source_holds(found):
    rare = {item.type for item in found.unrecoverable.items if item.type.startswith("rare")}
    assert rare == {f"rare{at}" for at in range(50, 60)}
    assert found.unrecoverable.total >= 10


def test_none_of_it_stands_in_the_reservoir(files, found):
    held = profile(str(files / "reservoir.jsonl"))
    words = {word.lower() for text, _ in held.sample.documents() for _, word in spans(text, held.seed)}
    assert found.unrecoverable.items and not words & {item.type for item in found.unrecoverable.items}


def test_the_list_has_exactly_the_slices_that_the_reservoir_lacks(found):
    assert [(each.name, each.is_missing) for each in found.shopping] == [("d", True)]
    assert found.shopping[0].rows == 300 / 4  # a quarter of the reference, at the size of the current outputs
    assert found.shopping[0].low < 75 < found.shopping[0].high


def test_without_a_column_the_list_has_the_types_that_the_reservoir_lacks(files):
    made = planned(files)
    rare = {each.name for each in made.shopping if each.name.startswith("rare")}
    assert rare == {f"rare{at}" for at in range(40, 60)}
    assert made.shopping_total >= len(made.shopping)
    assert all(each.reservoir_documents == 0 for each in made.shopping)


def test_a_slice_of_which_there_is_too_little_is_told_apart(tmp_path, files):
    (tmp_path / "r.jsonl").write_text("".join(json.dumps(each) + "\n" for each in rows(0, 300, ["x"], ["a", "b", "c"] * 20 + ["d"])))
    made = planned(files, reservoir=str(tmp_path / "r.jsonl"), by="topic")
    assert [(each.name, each.is_missing) for each in made.shopping] == [("d", False)]


def test_everything_is_to_look_for_without_a_reservoir(files):
    assert {each.name for each in planned(files, reservoir=None, by="topic").shopping} == {"a", "b", "c", "d"}


def test_redacted_types_are_hashes(files):
    made = planned(files, redact=True)
    assert not any("rare" in item.type for item in made.unrecoverable.items)
    assert not any("rare" in each.name for each in made.shopping)
