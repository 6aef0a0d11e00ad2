"""The audits of the self-tests are those of the product, whole or in part."""

from functools import lru_cache, partial

import numpy as np
import pytest

from bench import audits
from bench.audits import CASES, Case
from longtail.auditing.inputs import Inputs
from longtail.auditing.measure import measure
from longtail.auditing.options import Options
from longtail.records import Estimate
from longtail.summaries.reference import Reference

CASE = Case(400, 800, classes=3)


@lru_cache
def profiles(ratio=1.0, case=CASE):
    return tuple(audits.triple(case, "rare types removed", ratio, 1))


@lru_cache
def product(ratio=1.0, alpha=0.05):
    candidate, reference = profiles(ratio)
    return measure(Inputs(candidate, Reference(reference), None, None), Options(alpha=alpha, views=("words_1",), by=("class",)))


def estimates(outcomes):
    return [outcome for outcome in outcomes if isinstance(outcome, Estimate)]


@pytest.mark.parametrize("ratio", [1.0, 0.5])
def test_parts_of_an_audit_decide_as_the_whole_audit_does(ratio):
    whole = product(ratio)
    assert list(audits.tail_of(*profiles(ratio)).values()) == estimates(whole.tail)
    assert list(audits.families_of(*profiles(ratio)).values()) == estimates(whole.tail + whole.concentration)
    assert list(audits.audited(*profiles(ratio)).decided.values()) == estimates(whole.tail + whole.concentration)


def test_two_levels_of_one_audit_are_those_of_two_audits_with_the_same_relabellings(monkeypatch):
    monkeypatch.setattr("longtail.auditing.measure.relabellings", lambda level: 1999)
    monkeypatch.setattr(audits, "relabellings", lambda level: 1999)
    pair = audits.scored(500, 0.0, 0.0, audits.stream(1))
    both = audits.audited_at((0.05, 0.01), *profiles(0.5), scores=pair)
    for level, found in both.items():
        assert found.stored() == audits.audited(*profiles(0.5), scores=pair, alpha=level).stored()
    assert both[0.05].decided != both[0.01].decided


def test_fidelity_is_judged_only_where_a_tail_is_lost():
    pair = audits.scored(500, 0.2, 0.1, audits.stream(2))
    for ratio, expected in ((1.0, None), (0.5, "shrunk")):
        assert audits.audited(*profiles(ratio), scores=pair).answers["heldout_nll"] == expected


def test_documents_asked_for_are_those_of_estimates_that_found_the_loss():
    found = audits.families_of(*profiles(0.5))
    wanted = audits.asked(*profiles(0.5))
    shrunk = [metric for metric, estimate in found.items() if estimate.decision == "shrunk"]
    assert "tail_mass_retained" in shrunk
    assert [wanted[metric] for metric in shrunk] == [found[metric].documents_needed for metric in shrunk]
    assert set(wanted) == set(found)


def test_a_generation_1_is_what_decides_where_a_case_has_one():
    case = Case(300, 600, 300)
    found = audits.unchanged(case, (0.05,), 1)[0.05]
    assert found.decided["tail_mass_retained"].baseline == "generation_1"
    assert audits.unchanged(CASES[1], (0.05,), 1)[0.05].decided["tail_mass_retained"].baseline == "reference"


def test_an_audit_that_could_alarm_is_told_from_one_that_cannot():
    assert audits.could_alarm(*profiles(0.5, Case(400, 800)), alpha=0.001)
    assert not audits.could_alarm(*profiles(1.0, Case(400, 800)), alpha=0.001)


def test_an_audit_with_few_relabellings_is_always_run():
    assert audits.could_alarm(*profiles(1.0, Case(400, 800)), alpha=0.05)


def test_a_model_is_worse_by_so_many_margins():
    found, needed = audits.fidelity(20_000, 3.0, 0.05, 1)
    assert found["heldout_nll"].value == pytest.approx(0.06, abs=0.01)
    assert found["accuracy"].value == pytest.approx(-0.03, abs=0.015)
    assert found["heldout_nll"].decision == "shrunk"
    assert set(needed) == set(found)


def test_simulations_repeat_exactly_and_differ_between_repetitions():
    run = partial(audits.simulated, Case(200, 600), "rare types removed", 0.9, 0.05)
    assert run(3) == run(3)
    assert run(3) != run(4)


def test_an_unknown_loss_is_refused():
    with pytest.raises(KeyError, match="evaporation"):
        audits.planted("evaporation", 0.9, np.random.default_rng(0))
