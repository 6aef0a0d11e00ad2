"""LT301 and LT308 on evidence made by hand: what decides, in which order, and what is said of it."""

import pytest

from longtail.records import NotMeasured
from longtail.rules import RULES
from longtail.rules.lt3_tails import class_coverage, sentence, tail_coverage

from .test_rules import TOO_RARE, alone, classes, evidence, tail


def test_an_inconclusive_tail_says_how_many_documents_would_do():
    verdict = tail_coverage(evidence(tail=(tail("inconclusive", 0.9, needed=4000),)))
    assert "4,000 documents" in verdict.because and "4,000" in verdict.enable


def test_an_inconclusive_tail_of_unknown_need_does_not_ask_for_zero_documents():
    verdict = tail_coverage(evidence(tail=(tail("inconclusive", 0.9),)))
    assert " 0 documents" not in verdict.because + verdict.enable


def test_the_verdict_on_the_tail_gives_numbers_and_intervals_of_what_decided():
    verdict = tail_coverage(evidence(tail=(tail("ok", 1.0, "tail_mass_retained"), tail("shrunk", 0.5))))
    assert verdict.because == "tail types (words_1) 0.50 of generation 1 [0.40, 0.60]"
    assert len(verdict.evidence) == 2


def test_lost_classes_are_named_with_their_numbers_the_worst_first():
    verdict = class_coverage(evidence(classes=classes("shrunk", "ok", "shrunk")))
    assert verdict.because.startswith("2 of 3 classes, some (partial), hold less than in generation 1: ")
    assert "'class 0' 0.40 [0.30, 0.60]; 'class 2' 0.42 [0.30, 0.60]" in verdict.because
    assert len(verdict.evidence) == 3


def test_the_loss_of_every_class_is_not_called_partial():
    assert "2 of 2 classes, all, hold less" in class_coverage(evidence(classes=classes("shrunk", "shrunk"))).because


def test_of_many_lost_classes_five_are_shown_and_the_rest_counted():
    because = class_coverage(evidence(classes=classes(*["shrunk"] * 8))).because
    assert because.count("'class ") == 5 and because.endswith(" and 3 more")


def test_why_no_class_was_judged_is_said():
    assert class_coverage(evidence(classes=(TOO_RARE,))).because == "too rare to judge: 1.2 documents expected"
    assert "--by COLUMN" in class_coverage(evidence()).enable
    assert "--reference" in class_coverage(alone()).enable


def test_open_classes_are_counted_and_named():
    because = class_coverage(evidence(classes=classes("ok", "inconclusive", "inconclusive"))).because
    assert because.startswith("inconclusive for 2 of 3 classes: 'class 1'")


def test_the_rules_are_registered_under_their_codes():
    assert (RULES["LT301"].member, RULES["LT308"].member) == (tail_coverage, class_coverage)


@pytest.mark.parametrize(("first", "second", "status"), [
    ("shrunk", "watch", "fail"), ("shrunk", "inconclusive", "fail"), ("watch", "inconclusive", "warn"), ("watch", "ok", "warn"),
    ("inconclusive", "ok", "not_measured"), ("ok", "ok", "pass"),
])  # fmt: skip
def test_the_gravest_decision_speaks_wherever_it_stands(first, second, status):
    for given in (first, second), (second, first):
        assert tail_coverage(evidence(tail=tuple(map(tail, given)))).status == status
        assert class_coverage(evidence(classes=classes(*given))).status == status


def test_a_loss_and_a_thinning_are_mended_unlike():
    lost, thinned = (tail_coverage(evidence(tail=(tail(decision),))) for decision in ("shrunk", "watch"))
    assert "temperature 1" in lost.remedy and "next generation" in thinned.remedy


def test_of_several_open_endpoints_the_greatest_need_is_told():
    open_ones = tail("inconclusive", needed=900), tail("inconclusive", metric="tail_mass_retained", needed=12_000)
    verdict = tail_coverage(evidence(tail=(*open_ones, tail("ok", needed=99_000))))
    assert verdict.because.endswith("; about 12,000 documents would decide")
    assert verdict.enable == "audit at least 12,000 documents, with a reference that grows alike"


def test_why_no_tail_was_measured_is_told_once_each_with_the_first_way_out():
    absences = tuple(NotMeasured(reason=reason, enable=enable) for reason, enable in (("b", ""), ("a", "do this"), ("b", "or that")))
    verdict = tail_coverage(evidence(tail=absences))
    assert (verdict.because, verdict.enable) == ("a; b", "do this")
    assert tail_coverage(evidence(tail=())).because == "no view was counted"
    assert "--reference" in tail_coverage(alone()).enable


def test_a_sentence_names_endpoint_view_slice_baseline_and_interval():
    plain = tail("shrunk", 0.5, "exceedance")
    assert sentence(plain) == "extreme values (words_1) 0.50 of generation 1 [0.40, 0.60]"
    sliced = type(plain)(**{name: getattr(plain, name) for name in plain.__struct_fields__} | {"slice": "upper", "baseline": "control"})
    assert sentence(sliced) == "extreme values (words_1, upper) 0.50 of the control lineage [0.40, 0.60]"


def test_classes_of_one_ratio_are_told_in_the_order_of_their_names():
    tied = [type(each)(**{n: getattr(each, n) for n in each.__struct_fields__} | {"slice": name, "value": 0.4})
            for each, name in zip(classes("shrunk", "shrunk"), "ba", strict=True)]  # fmt: skip
    assert class_coverage(evidence(classes=tuple(tied))).because.index("'a'") < class_coverage(evidence(classes=tuple(tied))).because.index(
        "'b'"
    )
