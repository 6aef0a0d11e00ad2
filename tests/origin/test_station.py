"""A station with an instrument whose answers are known: which texts are measured, and what is told of the answers."""

from types import SimpleNamespace

import numpy as np
import pytest

from longtail.errors import UsageError
from longtail.origin.instrument import Read
from longtail.origin.reference import Reference
from longtail.origin.result import Check, Rates
from longtail.origin.scorers.features import Features
from longtail.origin.settings import Settings
from longtail.origin.station import Station, documents_of, grounds
from longtail.origin.target import Target

KNOWN = Reference.of(["one two", "three"], {"gpt": ["four"], "llama": ["five", "six", "seven"]})
RATES = tuple(
    Rates(origin=name, threshold=0.0, tpr=1.0, tpr_low=0.5, tpr_high=1.0, fpr=0.0, fpr_low=0.0, fpr_high=0.5) for name in KNOWN.origins
)
GRAVE = Check(name="planted", passed=False, grave=True, value=None, limit=None, because="planted")


class Known:
    """An instrument that scores a text by its length, a text without a digit not at all, and answers what it is told to."""

    def __init__(self, answers, drawn=(0.2, 0.1), method="mixture"):
        self.reference, self.settings, self.answers = KNOWN, Settings(method=method), answers
        self.replicates, self.asked = np.add(drawn, np.linspace(-0.05, 0.05, 40)[:, None]), []

    def read(self, texts, scores=None):
        if scores is None:
            scores = np.array([[len(text) if any(map(str.isdigit, text)) else np.nan] * 2 for text in texts]).reshape(-1, 2)
        return Read(Features.of(texts, 1), scores, scores)

    def shares(self, read, method=None):
        self.asked.append(method)
        return np.array(self.answers[method or self.settings.method])

    def second_opinion(self, read):
        return np.array([np.nan, 0.3])

    def drawn(self, read, clusters):
        return self.replicates

    def misfit(self, read, clusters):
        return SimpleNamespace(p=0.5, distance=0.0)


ALIKE = {"mixture": [0.2, 0.1], "acc": [0.25, 0.05], "pacc": [0.2, 0.1]}
TEXTS = tuple(f"text {at}" for at in range(50))


def told(instrument, shared=(), texts=TEXTS):
    return Station(instrument, shared, RATES).run(Target(texts), "site", "a")


def test_texts_of_the_reference_and_texts_without_a_score_are_left_out_with_their_clusters():
    texts = ("a1", " one\ntwo", "none", "bb2", "six", "a1 ", "ccc3")
    read, kept, clusters = Station(Known(ALIKE), (), RATES).read(Target(texts, clusters=["x", "x", "x", "y", "y", "z", "y"]))
    assert kept.tolist() == [0, 3, 5, 6]
    assert read.scores[:, 0].tolist() == [2, 3, 3, 4] and len(read.features) == 4
    assert (clusters[0] == clusters[2], clusters[1] == clusters[3], clusters[0] == clusters[1]) == (True, True, False)


def test_scores_given_stay_with_their_texts():
    scores = np.array([[10.0, 0], [20, 0], [30, np.nan], [40, 0], [np.inf, 0]])
    read, kept, _ = Station(Known(ALIKE), (), RATES).read(Target(("three", "a", "b", "c", "d"), scores=scores))
    assert kept.tolist() == [1, 3]
    assert read.scores[:, 0].tolist() == [20, 40]


def test_texts_that_no_score_can_be_given_are_refused():
    with pytest.raises(UsageError, match="none of the documents could be scored"):
        told(Known(ALIKE), texts=("none", "neither"))


def test_the_machine_share_is_the_sum_of_its_origins_each_in_its_own_interval():
    found, drawn = told(Known(ALIKE))
    assert [(each.origin, each.share) for each in (found.machine, *found.origins)] == [
        ("machine", pytest.approx(0.3)), ("gpt", 0.2), ("llama", 0.1)
    ]  # fmt: skip
    assert all(0 < each.low < each.share < each.high < 1 for each in (found.machine, *found.origins))
    assert drawn == pytest.approx(0.3 + np.linspace(-0.1, 0.1, 40))
    assert (found.column, found.value, found.documents) == ("site", "a", 50)


def test_an_origin_whose_replicates_have_no_answer_has_the_widest_interval():
    found, _ = told(Known(ALIKE, drawn=(np.nan, 0.1)))
    assert [(each.low, each.high) for each in (found.machine, found.origins[0])] == [(0.0, 1.0)] * 2
    assert 0 < found.origins[1].low < found.origins[1].high < 1
    assert "precision" in {check.name for check in found.checks if not check.passed}


def test_the_method_chosen_is_compared_with_the_others_once_each():
    instrument = Known({**ALIKE, "emq": [0.3, 0.2]}, method="emq")
    found, _ = told(instrument)
    assert found.methods == {"emq": 0.5, "mixture": pytest.approx(0.3), "acc": pytest.approx(0.3), "pacc": pytest.approx(0.3)}
    assert list(found.methods) == instrument.asked[1:] == ["emq", "mixture", "acc", "pacc"]
    assert {check.name: check.passed for check in found.checks}["agreement"] is False


def test_a_method_without_an_answer_is_not_listed():
    found, _ = told(Known({**ALIKE, "pacc": [np.nan, 0.1]}))
    assert list(found.methods) == ["mixture", "acc"]


def test_a_grave_check_of_the_reference_leaves_no_number_but_the_counts():
    plain, refused = told(Known(ALIKE))[0], told(Known(ALIKE), (GRAVE,))[0]
    assert refused.status == "refused" != plain.status
    assert {each for share in (refused.machine, *refused.origins) for each in (share.share, share.low, share.high)} == {None}
    assert [each.origin for each in refused.origins] == ["gpt", "llama"] and refused.methods == {}
    assert (refused.documents, refused.clusters, refused.checks) == (plain.documents, plain.clusters, (GRAVE, *plain.checks))


def test_texts_are_counted_by_origin_and_an_origin_without_one_counts_zero():
    assert documents_of(KNOWN) == {"human": 2, "gpt": 1, "llama": 3}
    assert documents_of(KNOWN.take(KNOWN.labels != 1)) == {"human": 2, "gpt": 0, "llama": 3}


def test_grounds_count_groups_and_change_with_any_text():
    paired = Reference(("a", "b", "c"), np.array([0, 0, 1]), np.array([4, 9, 4]), ("gpt",))
    other = Reference(("a", "b", "c "), paired.labels, paired.groups, paired.origins)
    assert grounds(paired).groups == 2
    assert grounds(other).sha256 != grounds(paired).sha256
    twice = Reference(("a", "a", "b", "c"), np.array([0, 0, 0, 1]), np.array([4, 4, 9, 4]), ("gpt",))
    assert grounds(twice).sha256 != grounds(paired).sha256


def test_a_text_that_is_no_unicode_has_grounds():
    assert len(grounds(Reference(("\ud800", "b"), np.array([0, 1]), np.arange(2), ("gpt",))).sha256) == 64


def test_a_reference_is_known_by_its_texts_and_the_names_of_their_origins_in_any_order():
    one = Reference.of(["a b"], {"gpt": ["c d"], "llama": ["e f"]})
    other = Reference.of(["a b"], {"llama": ["e f"], "gpt": ["c d"]})
    renamed = Reference.of(["a b"], {"gpt": ["e f"], "llama": ["c d"]})
    assert grounds(one).sha256 == grounds(other).sha256 != grounds(renamed).sha256
