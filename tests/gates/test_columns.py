import math

import numpy as np
import pytest
from scipy import stats

from longtail.errors import ConfigError, UnknownName
from longtail.gates import KEEP, Batch, bound
from longtail.gates.columns import OnColumn


def batch(column, values, *, prefix="", **columns):
    rows = zip(values, *columns.values(), strict=True)
    return Batch.of(
        {"lt_id": f"{prefix}{at}", "text": "x", column: value, **dict(zip(columns, rest, strict=True))}
        for at, (value, *rest) in enumerate(rows)
    )


def kept(gate, documents):
    return gate(documents).decisions == KEEP


NORMAL = np.random.default_rng(0).standard_normal(4000)


@pytest.mark.parametrize("spec, settings", [("ball:1,0.5", {"radius": 1, "centre": 0.5}), ("top:0.25,0.5", {"alpha": 0.25, "centre": 0.5})])
def test_a_column_is_judged_as_the_lab_judges_positions(spec, settings):
    found = kept(OnColumn(spec.partition(":")[0], **settings), batch("value", NORMAL.tolist()))
    assert np.array_equal(found, np.asarray(bound(spec).call(NORMAL[:, None])) == 1)


@pytest.mark.parametrize("spec, settings", [("ball:1", {"radius": 1}), ("top:0.25", {"alpha": 0.25})])
def test_lists_of_numbers_are_points(spec, settings):
    points = NORMAL.reshape(-1, 2)
    found = kept(
        OnColumn(spec.partition(":")[0], column="at.point", **settings), batch("at", [{"point": point} for point in points.tolist()])
    )
    assert np.array_equal(found, np.asarray(bound(spec).call(points)) == 1)


def test_an_oracle_keeps_right_and_wrong_documents_with_its_own_chances():
    right = NORMAL > 0
    found = kept(OnColumn("oracle", keep_right=0.9, keep_wrong=0.3), batch("right", right.tolist()))
    for side, chance in ((right, 0.9), (~right, 0.3)):
        assert stats.binomtest(int(found[side].sum()), int(side.sum()), chance).pvalue > 1e-4


def test_a_detector_reads_origins_and_truths():
    origins = ["human", "synthetic", "human_edited", "unknown", None, True, 0, "guess"]
    verdicts = OnColumn("detector", tpr=1.0, fpr=0.0)(batch("lt_origin", origins))
    assert (verdicts.decisions == KEEP).tolist() == [True, False, False, False, False, True, False, False]
    assert "no fit value in column 'lt_origin'" in verdicts.reasons[3]
    assert verdicts.reasons[1] == "detector did not keep it"


def test_chance_depends_on_the_document_and_the_seed_and_not_on_the_order():
    documents = batch("right", [True] * 2000)
    gate = OnColumn("random", keep=0.3)
    found, order = kept(gate, documents), np.random.default_rng(1).permutation(2000)
    assert np.array_equal(kept(gate, documents.take(order)), found[order])
    assert stats.binomtest(int(found.sum()), 2000, 0.3).pvalue > 1e-4
    other = kept(OnColumn("random", keep=0.3, seed=1), documents)
    assert (found & other).mean() == pytest.approx(0.09, abs=0.03)


def test_what_has_no_fit_value_is_rejected_and_told():
    values = [0.1, None, "near", math.nan, True, math.inf, [0.1, 0.2], {"x": 1}, 0.2]
    verdicts = OnColumn("ball", radius=1)(batch("value", values))
    assert (verdicts.decisions == KEEP).tolist() == [True, *[False] * 7, True]
    assert {reason for reason in verdicts.reasons if reason} == {"no fit value in column 'value'"}
    assert np.isnan(verdicts.scores[1:8]).all()
    assert OnColumn("ball", radius=1, column="absent")(batch("value", [0.1])).decisions[0] != KEEP


@pytest.mark.parametrize("name, settings", [("ball", {"radius": 1}), ("top", {"alpha": 1.0})])
def test_one_list_of_another_length_does_not_unseat_the_rest(name, settings):
    verdicts = OnColumn(name, **settings)(batch("value", [[0.1, 0.2], [0.2, 0.1], [0.1, 0.2, 0.3]]))
    assert (verdicts.decisions == KEEP).tolist() == [True, True, False]


@pytest.mark.parametrize("name, settings", [("top", {"alpha": 0.25}), ("choose", {"choices": 4, "column": "value"})])
def test_gates_that_compare_see_all_batches_and_know_documents_by_their_positions(name, settings):
    documents, gate = batch("value", NORMAL.tolist()), OnColumn(name, **settings)
    whole = kept(gate, documents)
    parts = [documents.take(range(at, min(at + 900, 4000))) for at in range(0, 4000, 900)]
    parts.insert(2, documents.take([]))
    judge = gate.over(lambda: parts)
    assert np.array_equal(np.concatenate([judge(part).decisions == KEEP for part in parts]), whole)
    assert whole.sum() == 1000
    judge = gate.over(lambda: [documents.take([5, 7, 11, 13])])
    assert (judge(documents.take([13, 5, 7, 11])).decisions == KEEP).sum() == 1


def test_top_keeps_the_same_documents_in_any_order():
    documents, order = batch("value", NORMAL.tolist()), np.random.default_rng(1).permutation(4000)
    gate = OnColumn("top", alpha=0.1)
    assert np.array_equal(kept(gate, documents.take(order)), kept(gate, documents)[order])


def test_one_answer_to_each_prompt_is_kept_with_odds_of_its_reward():
    prompts, rewards = [at // 3 for at in range(9000)], [0.0, 1.0, 2.0] * 3000
    found = kept(OnColumn("choose", choices=3, group="prompt"), batch("reward", rewards, prompt=prompts)).reshape(-1, 3)
    assert (found.sum(axis=1) == 1).all()
    law = np.exp([0.0, 1.0, 2.0])
    assert stats.chisquare(found.sum(axis=0), 3000 * law / law.sum()).pvalue > 1e-4


def test_who_wins_a_prompt_does_not_depend_on_other_prompts():
    prompts, rewards = [at // 2 for at in range(400)], np.tile([0.0, 0.5], 200).tolist()
    documents, gate = batch("reward", rewards, prompt=prompts), OnColumn("choose", choices=2, group="prompt")
    found, part = kept(gate, documents), np.arange(100, 300)
    assert np.array_equal(kept(gate, documents.take(part)), found[part])
    order = np.random.default_rng(1).permutation(400)
    assert np.array_equal(kept(gate, documents.take(order)), found[order])


def test_two_data_sets_have_luck_of_their_own():
    rewards, prompts = [0.0, 0.0] * 1000, [at // 2 for at in range(2000)]
    gate = OnColumn("choose", choices=2, group="prompt")
    one, two = (kept(gate, batch("reward", rewards, prefix=prefix, prompt=prompts))[::2] for prefix in "ab")
    assert (one == two).mean() == pytest.approx(0.5, abs=0.06)


def test_scores_are_the_values_and_a_gate_that_looks_at_nothing_has_none():
    assert OnColumn("ball", radius=1)(batch("value", [0.5, 3])).scores.tolist() == [0.5, 3.0]
    assert np.isnan(OnColumn("random", keep=0.5)(batch("value", [0.5])).scores).all()


@pytest.mark.parametrize(
    ("name", "settings", "error", "named"),
    [
        ("ball", {}, ConfigError, "lacks 'radius'"),
        ("ball", {"radius": 0}, ConfigError, "above 0"),
        ("ball", {"radius": "wide"}, ConfigError, "wrong type"),
        ("ball", {"radios": 1}, UnknownName, "did you mean 'radius'"),
        ("top", {"alpha": [0.5]}, ConfigError, "wrong type"),
        ("random", {"keep": 0.5, "seed": -1}, ConfigError, "seed is -1"),
        ("random", {"keep": 0.5, "seed": "x"}, ConfigError, "whole number"),
        ("ball", {"radius": 1, "column": 3}, ConfigError, "column is 3"),
        ("choose", {"choices": 2, "group": ""}, ConfigError, "group is ''"),
        ("choose", {"choices": 1.5}, ConfigError, "whole number"),
    ],
)
def test_settings_that_cannot_be_are_refused_when_the_gate_is_made(name, settings, error, named):
    with pytest.raises(error, match=named):
        OnColumn(name, **settings)


def test_no_documents_have_no_verdicts():
    assert len(OnColumn("top", alpha=0.5)(batch("value", []))) == 0
