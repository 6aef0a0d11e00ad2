"""Classes of a column: rare ones lost together and one by one, and columns of one, few and very many classes."""

import numpy as np
import pytest

from longtail.metrics.endpoint import Endpoint
from longtail.metrics.family import decide_family
from longtail.metrics.slices import MOST_CLASSES, labelled_slices
from longtail.metrics.tabular.classes import class_endpoints, tail_endpoints
from longtail.records import NotMeasured

from .tables import CATEGORY, LAW, RARE, compared, kinds, with_kinds

CUT = np.where(np.arange(50) < 30, LAW, 0)


def endpoints(candidate, reference, permutations=199):
    here, there = with_kinds(candidate, "c"), with_kinds(reference, "r")
    comparison = compared(here, there, CATEGORY, permutations=permutations)
    return [*tail_endpoints(comparison), *class_endpoints(comparison, 0.05)]


def decisions(found):
    ready = [each for each in found if isinstance(each, Endpoint)]
    return {(each.metric, each.slice): each.decision for each in decide_family(ready, 0.04)}


def test_twenty_rare_categories_that_were_deleted_are_a_loss_of_the_tail_and_of_classes():
    lost = decisions(endpoints(kinds(5000, 1, CUT), kinds(12000, 2), 999))
    assert lost["tail_types_retained", None] == "shrunk"
    named = {name for metric, name in lost if metric == "class_share"}
    assert {f"kind {at}" for at in range(30)} <= named
    assert not any(lost["class_share", f"kind {at}"] == "shrunk" for at in range(30))


def test_where_nothing_was_deleted_nothing_is_lost():
    kept = decisions(endpoints(kinds(5000, 1), kinds(12000, 2), 999))
    assert "shrunk" not in kept.values()


def test_a_class_that_is_gone_is_named_and_one_too_rare_to_judge_says_so():
    law = LAW * 1.0
    law[3] = 0
    found = endpoints(kinds(1500, 1, law), kinds(6000, 2), 999)
    assert decisions(found)["class_share", "kind 3"] == "shrunk"
    rare = [each for each in found if isinstance(each, NotMeasured) and each.metric == "class_share"]
    assert len(rare) >= RARE - 2
    assert all(each.reason.startswith("too rare to judge: ") for each in rare)


@pytest.mark.parametrize(("values", "words"), [
    (["one"] * 4000, "'kind' has one value only"),
    (np.resize(["yes", "no"], 4000).tolist(), "'kind' has no rare values: the rarest of its 2 classes hold"),
], ids=["one value", "two values"])  # fmt: skip
def test_columns_without_rare_values_say_so_in_words_of_classes(values, words):
    for each in endpoints(values[:500], values)[:2]:
        assert isinstance(each, NotMeasured)
        assert words in each.reason
        assert "larger reference" not in each.enable


def test_a_rare_class_that_stands_in_every_group_is_judged_by_its_share():
    law = [0.45, 0.45, 0.1]
    found = endpoints(kinds(6000, 1, law), kinds(12000, 2, law))
    types, mass = found[:2]
    assert isinstance(types, NotMeasured) and "stands in every group of documents" in types.reason
    assert isinstance(mass, Endpoint)
    assert sum(isinstance(each, Endpoint) for each in found[2:]) == 3


MANY = 1 / (np.arange(100_000) + 20)
HALVED = np.where((np.arange(100_000) < 10_000) | (np.arange(100_000) % 2 == 0), MANY, 0)
"""Half of the rarest nine tenths are deleted."""


@pytest.mark.parametrize(("law", "decisions"), [(MANY, {"ok"}), (HALVED, {"shrunk"})], ids=["all kept", "half gone"])
def test_a_hundred_thousand_classes_have_a_tail_and_no_test_of_each(law, decisions):
    comparison = compared(with_kinds(kinds(200_000, 1, law), "c"), with_kinds(kinds(400_000, 2, MANY), "r"), CATEGORY, permutations=499)
    assert {each.decision for each in decide_family(tail_endpoints(comparison), 0.04)} == decisions
    (each,) = class_endpoints(comparison, 0.05)
    assert isinstance(each, NotMeasured)
    assert f"more than the {MOST_CLASSES} that are tested one by one" in each.reason


def test_very_many_classes_seen_once_have_no_tail():
    for each in endpoints(kinds(500, 1, MANY), kinds(6000, 2, MANY))[:2]:
        assert isinstance(each, NotMeasured)
        assert "classes of the column 'kind' hold" in each.reason
        assert "larger reference" in each.enable


def test_classes_without_a_written_name_are_called_by_their_type():
    there = with_kinds(kinds(3000, 2), "r")
    there.labels.clear()
    comparison = compared(with_kinds(kinds(500, 1), "c"), there, CATEGORY)
    for each in labelled_slices(comparison):
        assert each.name == f"{int(each.types[0]):013x}"


def test_sides_without_values_or_documents_have_their_reasons():
    for candidate, reason in (([None] * 500, "no document of the candidate has a value"), (["kind 1"], "1 distinct documents")):
        for each in endpoints(candidate, kinds(3000, 2)):
            assert isinstance(each, NotMeasured)
            assert reason in each.reason
    assert "no document of the reference" in endpoints(kinds(500, 1), [None] * 3000)[0].reason
