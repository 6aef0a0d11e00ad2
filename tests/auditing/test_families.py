"""Which part of the level each family has, and when fidelity is decided at all."""

import math

import numpy as np
import pytest

import longtail.auditing.families as families
from longtail.auditing.options import Options
from longtail.metrics.endpoint import Endpoint
from longtail.records import Estimate, NotMeasured


def endpoint(value, error=0.01, runs=1999, unit="ratio", metric="tail_types_retained", seed=0):
    drawn = np.random.default_rng(seed).normal(0, error, runs)
    return Endpoint(metric=metric, view="words_1", baseline="reference", statistics=np.concatenate([[value], drawn]), error=error,
                    method="by hand", n=500, unit=unit)  # fmt: skip


def tail(*decisions):
    made = families.decided([endpoint(math.log(0.5), seed=at) for at in range(len(decisions))], 0.04)
    return tuple(Estimate(**{name: getattr(each, name) for name in each.__struct_fields__} | {"decision": decision})
                 for each, decision in zip(made, decisions, strict=True))  # fmt: skip


@pytest.mark.parametrize(
    ("decisions", "alpha"),
    [(("shrunk", "shrunk"), 0.05), (("shrunk", "ok"), 0.01), (("shrunk", "watch"), 0.01), (("ok", "ok"), 0.01), ((), 0.01)],
)
def test_concentration_has_a_fifth_of_the_level_and_all_of_it_where_the_whole_tail_is_lost(monkeypatch, decisions, alpha):
    monkeypatch.setattr(families, "smooth_endpoint", lambda comparison, order: endpoint(0.0, metric=f"hill_{order}", seed=order))
    found = families.concentration_family(None, Options(), 0.05, tail(*decisions))
    assert [each.metric for each in found] == ["hill_1", "hill_2"]
    assert [each.level for each in found] == pytest.approx([1 - 2 * alpha] * 2)


@pytest.mark.parametrize(
    ("decisions", "is_decided"), [(("shrunk", "ok"), True), (("watch",), True), (("ok", "inconclusive"), False), ((), False)]
)
def test_fidelity_is_decided_only_where_the_tail_lost_something(decisions, is_decided):
    loss = endpoint(-0.2, unit="nats/token", metric="heldout_nll")
    (found,) = families.fidelity_family([loss], Options(), 0.05, tail(*decisions))
    assert found.value == pytest.approx(0.2)
    assert found.decision == ("shrunk" if is_decided else None)


def test_the_margins_of_fidelity_are_those_of_the_options():
    loss = endpoint(-0.2, unit="nats/token", metric="heldout_nll")
    (found,) = families.fidelity_family([loss], Options(margin={"nll": 0.5}), 0.05, tail("shrunk"))
    assert found.decision == "watch"


@pytest.mark.parametrize(("level", "runs"), [(0.05, 999), (0.02, 1000), (0.05 / 420, 168_000), (1e-9, 399_999), (0.0, 999)])
def test_relabellings_grow_with_the_level_in_force(level, runs):
    assert families.relabellings(level) == pytest.approx(runs, abs=1)


def test_a_level_below_what_relabelling_can_show_is_not_measured():
    (absent,) = families.decided([endpoint(math.log(0.5), runs=999)], 0.0009)
    assert isinstance(absent, NotMeasured) and "alpha exhausted" in absent.reason
    (found,) = families.decided([endpoint(math.log(0.5), runs=999)], 0.001)
    assert isinstance(found, Estimate)


def test_what_could_not_be_measured_stays_beside_what_was():
    absence = NotMeasured(reason="too rare", metric="class_share", slice="ga")
    found = families.decided([absence, endpoint(0.0)], 0.04)
    assert [type(each) for each in found] == [Estimate, NotMeasured]
    assert families.decided([absence], 0.04) == (absence,)
