"""When synthetic data entered: exact where it is recorded, within one version where it is estimated."""

import json
import random

import numpy as np
import pytest

from longtail.diagnosis.entry import entry_of
from longtail.diagnosis.past.rebuild import rebuild
from longtail.diagnosis.records import Past, Version
from tests.diagnosis.past.conftest import Repository, rows

HAND = ("synthetic", "mixed", "model_edited", "human_edited", "human_selected")


def versions(*shares):
    return Past(versions=tuple(Version(name=f"v{at}", place=at, shares=each, told_by=("m",)) for at, each in enumerate(shares, start=1)))


def test_a_planted_entry_at_commit_three_with_two_fifths_is_told_so(tmp_path):
    repository = Repository(tmp_path)
    for at, share in enumerate([0, 0, 0.4, None, 0.6, 0.7], start=1):
        if share is None:
            repository.remove("data/train.jsonl")
        else:
            repository.write("data/train.jsonl", rows(50, share, tag=str(at)))
        repository.commit(f"v{at}")
    entry = entry_of(rebuild(tmp_path))
    assert (entry.told, entry.version, entry.after, entry.share, entry.low, entry.high) == ("recorded", "v3", "v2", 0.4, 0.4, 0.4)
    assert entry.statement == (
        "recorded: synthetic data entered between v2 and v3 (version 3 of 6), a share of 0.4 of the training set of v3"
    )
    assert [each.told for each in entry.exposures] == ["recorded"] * 3 + ["not_measured"] + ["recorded"] * 2


def planted(draw, folder):
    """A lineage of manifests, some lost: paths, and by generation that is left the rows of models, those of unknown origin, and all."""
    count, begin = draw.randint(2, 9), draw.randint(1, 10)
    paths, truth = [], {}
    for generation in range(1, count + 1):
        total = draw.randint(1, 60)
        made = draw.randint(1, total) if generation >= begin else 0
        unknown = draw.randint(0, total - made) if draw.random() < 0.2 else 0
        origins = {"human": total - made - unknown, draw.choice(HAND): made, "unknown": unknown if draw.random() < 0.5 else 0}
        if draw.random() < 0.2:
            continue
        path = folder / f"m{generation}.json"
        path.write_text(json.dumps({"generation": generation, "rows": total, "origins": origins}))
        paths.append(path)
        truth[generation] = (made, unknown, total)
    return paths, truth


def test_the_entry_is_exact_where_it_is_recorded(tmp_path):
    draw = random.Random(11)
    entered = 0
    for at in range(200):
        folder = tmp_path / str(at)
        folder.mkdir()
        paths, truth = planted(draw, folder)
        entry = entry_of(rebuild(manifests=paths))
        first = min((generation for generation, (made, _, _) in truth.items() if made), default=None)
        assert entry.version == (None if first is None else f"generation {first}")
        if first is None:
            continue
        entered += 1
        made, unknown, total = truth[first]
        clean = [generation for generation, (made_, unknown_, _) in truth.items() if generation < first and not made_ and not unknown_]
        assert entry.after == (f"generation {max(clean)}" if clean else None)
        assert entry.share == (made / total if not unknown else None)
        assert entry.low == pytest.approx(made / total)
        assert entry.high == pytest.approx((made + unknown) / total)
    assert entered > 80


def test_rows_of_unknown_origin_make_an_interval_and_no_human_rows():
    entry = entry_of(versions({"human": 1.0}, {"human": 0.5, "synthetic": 0.2, "unknown": 0.3}))
    assert (entry.version, entry.share, entry.low, entry.high) == ("v2", None, 0.2, 0.5)
    assert "0.200 to 0.500" in entry.statement


def test_a_version_that_may_have_some_is_not_known_to_be_clean():
    entry = entry_of(versions({"human": 1.0}, {"human": 0.9, "unknown": 0.1}, {"human": 0.5, "mixed": 0.5}))
    assert (entry.version, entry.after) == ("v3", "v1")
    assert "entered after v1 and not later than v3 (version 3 of 3); of v2 it is not known" in entry.statement


def test_holes_between_widen_the_entry():
    entry = entry_of(versions({"human": 1.0}, {}, {}, {"synthetic": 1.0}))
    assert (entry.version, entry.after) == ("v4", "v1")
    assert "of v2, v3 it is not known" in entry.statement


def test_the_first_version_may_have_them_already():
    entry = entry_of(versions({"human": 0.5, "synthetic": 0.5}, {"human": 1.0}))
    assert (entry.version, entry.after) == ("v1", None)
    assert "in the first version already" in entry.statement


def test_all_human_is_no_entry_and_nothing_known_is_not_measured():
    assert entry_of(versions({"human": 1.0}, {"human": 1.0})).statement == "no version has synthetic data: 2 of 2 by records"
    unknown = entry_of(versions({}, {"unknown": 1.0}))
    assert (unknown.told, unknown.version) == ("not_measured", None)
    assert "longtail tag" in unknown.statement
    assert entry_of(Past()).statement.startswith("not measured: no version is known")


def test_some_known_and_some_not_claims_nothing_of_the_rest():
    entry = entry_of(versions({"human": 1.0}, {}))
    assert (entry.told, entry.version) == ("recorded", None)
    assert entry.statement == "no version is known to have synthetic data: 1 of 2 by records; of 1 it is not known"


WORDS = np.array([f"w{at}" for at in range(400)])


def written(draw, count, tilt):
    """Texts of words by a law of Zipf; a machine's tail is thinner by the power `tilt`."""
    law = 1 / np.arange(1, len(WORDS) + 1) ** tilt
    return [" ".join(draw.choice(WORDS, 40, p=law / law.sum())) for _ in range(count)]


def lineage(seed, begin, share, count=4, documents=120):
    draw = np.random.default_rng(seed)
    texts = {}
    for at in range(1, count + 1):
        made = round(documents * share) if begin is not None and at >= begin else 0
        texts[f"v{at}"] = written(draw, documents - made, 1.0) + written(draw, made, 1.35)
    return texts, written(draw, 250, 1.0), written(draw, 250, 1.35)


def told(seed, begin, share):
    texts, human, synthetic = lineage(seed, begin, share)
    past = Past(versions=tuple(Version(name=name, place=at) for at, name in enumerate(texts, start=1)))
    return entry_of(past, texts=texts, human=human, synthetic=synthetic, replicates=100, closed=True)


@pytest.mark.parametrize(("seed", "begin"), [(1, 2)])
def test_an_estimated_entry_is_within_one_version(seed, begin):
    entry = told(seed, begin, 0.4)
    assert entry.told == "estimated"
    assert abs(int(entry.version[1:]) - begin) <= 1
    assert entry.low <= 0.4 <= entry.high
    assert entry.after is None
    assert "level 0.9875" in entry.exposures[0].because


def test_a_lineage_of_people_alone_shows_no_entry():
    entry = told(3, None, 0.0)
    assert entry.version is None
    assert "none is shown in 4 that were estimated" in entry.statement


def test_what_cannot_be_estimated_says_why():
    past = Past(versions=(Version(name="v1", place=1),))
    entry = entry_of(past, human=["a b"], synthetic=["c d"])
    assert entry.exposures[0].because.startswith("its training set was not found")
    entry = entry_of(past, texts={"v1": ["one text"]}, human=["a b"], synthetic=["c d"])
    assert entry.told == "not_measured"
    assert "not estimated" in entry.exposures[0].because or "refused" in entry.exposures[0].because


def test_training_sets_are_read_out_of_the_history(tmp_path):
    repository = Repository(tmp_path)
    texts, human, synthetic = lineage(5, 2, 0.5, count=2)
    for at in (1, 2):
        repository.write("train.jsonl", "".join(json.dumps({"text": text}) + "\n" for text in texts[f"v{at}"]))
        repository.commit(f"v{at}")
    entry = entry_of(rebuild(tmp_path), folder=tmp_path, human=human, synthetic=synthetic, replicates=100, closed=True)
    assert (entry.told, entry.version) == ("estimated", "v2")
    assert entry.exposures[0].told == "estimated"
