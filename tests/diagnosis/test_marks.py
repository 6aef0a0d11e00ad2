"""Marks in untagged training sets: found from the version they were planted in, and none where nobody left one."""

import json

import numpy as np
import pytest
from scipy.stats import binom

from longtail.diagnosis.diagnose import diagnose
from longtail.diagnosis.entry import entry_of
from longtail.diagnosis.marks import marked_of
from longtail.diagnosis.past.rebuild import rebuild
from longtail.diagnosis.records import Past, Version
from longtail.errors import ConfigError
from longtail.origin.recognising.called import Called
from longtail.origin.recognising.evidence import Recognised
from longtail.origin.recognising.watermark import Watermark
from longtail.records import Evidence, Origin
from tests.diagnosis.versions import put
from tests.origin.recognising.conftest import key_of, written


@pytest.fixture(scope="module")
def key():
    return key_of(1)


@pytest.fixture(scope="module")
def pools(key):
    """Texts of one law, plain and under a key."""
    return written(None, 200, seed=3), written(key, 40, seed=4)


def past_of(count, shares=None):
    shares = shares or {}
    return Past(versions=tuple(Version(name=f"v{at}", place=at, shares=shares.get(at, {})) for at in range(1, count + 1)))


def planted(pools, at, count=4, each=40, marked=10):
    plain, machine = pools
    return {
        f"v{version}": plain[(version - 1) * each : version * each - (marked if version >= at else 0)]
        + (machine[(version - 1) * marked : version * marked] if version >= at else [])
        for version in range(1, count + 1)
    }


@pytest.mark.parametrize("at", [1, 2, 3, 4])
def test_planted_marks_are_found_at_the_version_they_were_planted_in(pools, key, at):
    entry = entry_of(past_of(4), texts=planted(pools, at), recognisers=[Watermark([key])])
    assert (entry.told, entry.version, entry.after) == ("marked", f"v{at}", None)
    assert (entry.share, entry.high) == (None, 1.0)
    assert 0.2 <= entry.low <= 0.25
    assert entry.statement.startswith("marked: synthetic data")
    assert [each.told for each in entry.exposures] == ["not_measured"] * (at - 1) + ["marked"] * (5 - at)
    assert all("does not speak for people" in each.because for each in entry.exposures[: at - 1])


def test_texts_without_a_mark_are_wrongly_found_no_more_often_than_stated(key):
    """Each document's p-value is one that a human text of any law has at worst: uniform."""
    rng, alpha, lineages, versions = np.random.default_rng(11), 0.05, 200, 5

    def chance(texts):
        found = {"recogniser": "mark", "words": "p", "state": "tested", "origin": Origin.SYNTHETIC, "evidence": Evidence.WATERMARK}
        return [Recognised(p_value=float(p), **found) for p in rng.uniform(size=len(texts))]

    both = [Called(chance, name, "a mark", tests=True) for name in ("one", "two")]
    texts = {f"v{at}": [f"text {n}" for n in range(20)] for at in range(1, versions + 1)}
    wrong = sum(entry_of(past_of(versions), texts=texts, recognisers=both, alpha=alpha).version is not None for _ in range(lineages))
    assert wrong <= binom.ppf(0.995, lineages, alpha)
    assert wrong > 0


def test_human_prose_holds_no_mark_of_a_key(stdlib_paragraphs, key):
    documents = stdlib_paragraphs[:1200]
    parts = {f"v{at}": documents[(at - 1) * 6 : at * 6] for at in range(1, 201)}
    wrong = [
        marked_of(Version(name=name, place=1), [Watermark([key])], alpha=0.05, data=texts).told == "marked" for name, texts in parts.items()
    ]
    assert sum(wrong) <= binom.ppf(0.995, len(wrong), 0.05)


def test_records_go_before_marks_and_marks_before_estimates(pools, key):
    looking = [Watermark([key])]
    tagged = past_of(4, {1: {"human": 1.0}, 2: {"human": 0.6, "unknown": 0.4}, 3: {"human": 0.5, "synthetic": 0.5}})
    entry = entry_of(tagged, texts=planted(pools, 2), recognisers=looking)
    assert [each.told for each in entry.exposures] == ["recorded", "marked", "recorded", "marked"]
    assert (entry.told, entry.version, entry.after, entry.high) == ("marked", "v2", "v1", 0.4)
    estimated = entry_of(past_of(4), texts=planted(pools, 3), recognisers=looking, human=["a b"], synthetic=["c d"])
    assert estimated.version == "v3"
    assert estimated.exposures[0].because.startswith("not estimated")


def test_a_credential_that_is_signed_counts_without_a_p_value():
    def signed(texts):
        found = Recognised(recogniser="c", words="signed", state="verified", origin=Origin.SYNTHETIC, evidence=Evidence.SIGNED)
        return [found if text == "made by a model" else None for text in texts]

    found = marked_of(
        Version(name="v1", place=1),
        [Called(signed, "c", "credentials")],
        alpha=0.05,
        data=["made by a model", "one by hand", "two by hand", "three"],
    )
    assert (found.told, found.low, found.high) == ("marked", 0.25, 1.0)
    assert "1 hold a signed credential" in found.because


def test_what_only_invites_a_look_or_speaks_for_people_is_no_mark():
    def weak(texts):
        return [
            Recognised(recogniser="c", words="said", origin=Origin.SYNTHETIC, evidence=Evidence.ASSERTED),
            Recognised(recogniser="c", words="signed", origin=Origin.HUMAN, evidence=Evidence.SIGNED),
        ]

    found = marked_of(Version(name="v1", place=1), [Called(weak, "c", "signs")], alpha=0.05, data=["one by hand", "two by hand"])
    assert found.told == "not_measured"


def test_a_lost_or_unreadable_training_set_is_not_measured(tmp_path, key):
    looking = [Watermark([key])]
    assert "was not found" in marked_of(Version(name="v1", place=1), looking, alpha=0.05).because
    assert "no record" in marked_of(Version(name="v1", place=1, is_hole=True), looking, alpha=0.05).because
    (tmp_path / "train.jsonl").write_text("")
    gone, empty = (
        marked_of(Version(name="v1", place=1), looking, alpha=0.05, data=[str(tmp_path / f"{name}.jsonl")]) for name in ("no", "train")
    )
    assert "not looked at" in gone.because
    assert "no documents" in empty.because


def test_a_key_of_another_tokenizer_is_refused_and_no_lack_of_marks():
    with pytest.raises(ConfigError, match="tokenizer"):
        Watermark([key_of(1).__class__(secret="ab" * 32, tokenizer="cd" * 32)])


def test_a_diagnosis_states_what_marks_it_looked_for(tmp_path, pools, key):
    for name, texts in planted(pools, 3).items():
        put(tmp_path / f"data/train_{name}.jsonl", texts)
    assert len(rebuild(tmp_path).versions) == 4
    found = diagnose(repo=str(tmp_path), recognisers=[Watermark([key])])
    assert (found.entry.told, found.entry.version) == ("marked", "v3")
    assert found.settings["marks"] == [f"the watermark of key {key.key_id}"]
    assert "marks" not in diagnose(repo=str(tmp_path)).settings
    json.dumps(found.settings)
