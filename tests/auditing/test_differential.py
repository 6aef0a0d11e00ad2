"""Collapse, drift, sharpening and overfitting told apart on data of which each is the cause, and by hand on their signs."""

import msgspec
import numpy as np
import pytest

import longtail
from bench.audits import stream
from bench.synthetic import boosted, drawn, profiled, resampled, swapped, tempered, zipf
from longtail.auditing.differential import OVERFIT, differential, is_supported
from longtail.auditing.phase import Signs
from longtail.metrics.shift import Shift
from longtail.records import Estimate, NotMeasured
from tests.metrics.test_likelihood import drawn as drawn_losses

DOCUMENTS = 1000
NO_GAP = NotMeasured(reason="no scores")
SHIFTED, ALIKE = Shift(0.2, 0.05, 0.001, 1024), Shift(0.05, 0.05, 0.5, 1024)
LAWS = {
    "same": lambda law, rng: law,
    "collapsed": lambda law, rng: resampled(law, 10, rng),
    "drifted": swapped,
    "head boosted": lambda law, rng: boosted(law, 3.0),
    "sharpened": lambda law, rng: tempered(law, 0.8),
}


@pytest.fixture(scope="module")
def profiles():
    """A human reference, generation 1 from its law, and a candidate from each changed law."""
    rng, law = stream(11), zipf()
    made = {name: profiled(drawn(change(law, rng), DOCUMENTS, rng), 0) for name, change in LAWS.items()}
    return made | {name: profiled(drawn(law, count, rng), 0) for name, count in (("reference", 2 * DOCUMENTS), ("first", DOCUMENTS))}


@pytest.fixture
def scored(tmp_path):
    """Write scores of a model whose loss on unseen documents is `gap` nats a token above that on learned ones."""

    def put(gap):
        tokens, (learned, unseen) = drawn_losses(np.random.default_rng(3), 400)
        costs = {"train": learned * tokens, "heldout": (unseen + gap) * tokens}
        rows = [
            {"lt_id": f"{split}{at}", "nll": float(cost), "tokens": int(tokens[at]), "split": split}
            for split, values in costs.items()
            for at, cost in enumerate(values)
        ]
        path = tmp_path / f"{gap}.jsonl"
        path.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in rows))
        return path

    return put


def audited(profiles, name, **options):
    return longtail.audit(profiles[name], profiles["reference"], profiles["first"], views=("words_1",), **options)


def statuses(report):
    return {each.name: each.status for each in report.differential}


def reasons(report):
    return {each.name: each.because for each in report.differential}


def test_overfitting_alone_is_not_called_collapse(profiles, scored):
    report = audited(profiles, "same", scores=scored(1.0))
    assert statuses(report) == {"collapse": "against", "drift": "against", "sharpening": "against", "overfitting": "supported"}
    assert "so this is overfitting, not collapse" in report.summary
    assert report.worst() != "fail" and report.phase.name == "healthy"


def test_collapse_is_not_called_overfitting(profiles, scored):
    report = audited(profiles, "collapsed", scores=scored(0.0))
    assert statuses(report) == {"collapse": "supported", "drift": "against", "sharpening": "against", "overfitting": "against"}
    assert "overfit" not in report.summary
    assert report.phase.name in ("early", "narrowing") and report.worst() == "fail"


def test_the_demo_s_replacement_is_collapse_and_nothing_else(five_generations):
    first, *_, last = five_generations.lineages["replace"]
    report = longtail.audit(last, five_generations.human, first, views=("words_1",))
    assert statuses(report) == {"collapse": "supported", "drift": "against", "sharpening": "against", "overfitting": "not_measured"}
    assert "split as train" in reasons(report)["overfitting"]


def test_both_may_be_true_and_are_then_both_said(profiles, scored):
    report = audited(profiles, "collapsed", scores=scored(1.0))
    assert statuses(report)["collapse"] == statuses(report)["overfitting"] == "supported"
    assert "The model overfits its training set" in report.summary
    assert "not collapse" not in report.summary


def test_half_of_the_vocabulary_renamed_is_drift_and_not_collapse(profiles):
    report = audited(profiles, "drifted")
    assert statuses(report) == {"collapse": "against", "drift": "supported", "sharpening": "against", "overfitting": "not_measured"}
    assert "others have come in their place" in reasons(report)["collapse"]
    assert "another subject, style or time is a likelier cause than collapse" in report.summary


def test_human_text_of_another_subject_is_drift_and_not_collapse(shared_prose, stdlib_paragraphs):
    prose = longtail.profile(shared_prose[:4000], views=("words_1",))
    report = longtail.audit(prose, stdlib_paragraphs, views=("words_1",))
    assert statuses(report)["drift"] == "supported"
    assert statuses(report)["collapse"] == "against"


def test_a_boosted_head_is_sharpening(profiles):
    report = audited(profiles, "head boosted")
    assert statuses(report)["sharpening"] == "supported"
    assert "Sharper decoding is a likely cause" in report.summary
    contrast = next(each for each in report.estimates if each.metric == "tail_first_contrast" and each.baseline == "generation_1")
    assert contrast.low > 0
    assert f"{contrast.value:+.2f}" in reasons(report)["sharpening"]


def test_a_low_temperature_on_one_law_is_sharpening(profiles):
    assert statuses(audited(profiles, "sharpened"))["sharpening"] == "supported"


def test_a_lineage_that_is_cooled_at_every_step_loses_rare_words_first_and_is_not_called_sharpening(five_generations):
    first, *_, last = five_generations.lineages["replace_t0.8"]
    report = longtail.audit(last, five_generations.human, first, views=("words_1",))
    assert statuses(report)["collapse"] == "supported"
    assert statuses(report)["sharpening"] == "against"


def test_nothing_changed_is_none_of_them(profiles):
    assert statuses(audited(profiles, "same")) == {
        "collapse": "against", "drift": "against", "sharpening": "against", "overfitting": "not_measured",
    }  # fmt: skip


def test_without_a_comparison_only_overfitting_can_be_told(profiles, scored):
    assert longtail.audit(profiles["same"], views=("words_1",)).differential == ()
    assert statuses(longtail.audit(profiles["same"], views=("words_1",), scores=scored(1.0))) == {"overfitting": "supported"}


# ------------------------------------------------------------------------------------------------------------ by hand


def estimate(metric, low, high, decision=None):
    return Estimate(
        metric=metric, view="words_1", value=(low + high) / 2, low=low, high=high, n=500, unit="ratio", resampling_unit="document",
        method="by hand", decision=decision,
    )  # fmt: skip


def signs(decision="shrunk", novel=(0.9, 1.1), types=(0.7, 0.8), contrast=(-0.4, -0.2), concentration="ok", **absent):
    others = {"novel_mass": novel, "hill_0": types, "tail_first_contrast": contrast}
    return Signs(
        tail=[estimate("tail_types_retained", 0.6, 0.8, decision)],
        classes=[],
        concentration=[estimate("hill_2", 0.7, 0.9, concentration)] if concentration else [],
        fidelity=[],
        others={name: estimate(name, *bounds) for name, bounds in others.items() if absent.get(name, True)},
        shift=SHIFTED,
        level=0.05,
        late=0.5,
        alpha=0.05,
    )


def told(found, gap=NO_GAP, shift=SHIFTED):
    return {each.name: each.status for each in differential(found, gap, shift)}


@pytest.mark.parametrize(
    ("novel", "types", "collapse", "drift"),
    [
        ((0.9, 1.1), (0.7, 0.8), "supported", "against"),
        ((1.3, 1.5), (0.7, 0.99), "supported", "against"),
        ((1.2, 1.5), (0.9, 1.1), "supported", "against"),
        ((1.3, 1.5), (0.9, 1.0), "against", "supported"),
        ((1.3, 1.5), (1.1, 1.2), "against", "supported"),
    ],
)
def test_lost_types_count_as_replaced_where_as_many_types_are_left_and_more_are_unknown(novel, types, collapse, drift):
    found = told(signs(novel=novel, types=types))
    assert (found["collapse"], found["drift"]) == (collapse, drift)


def test_a_shift_without_a_loss_is_drift_and_no_shift_is_not():
    assert told(signs(decision="ok"))["drift"] == "supported"
    assert told(signs(decision="ok"), shift=ALIKE)["drift"] == "against"
    assert told(signs(decision="ok"))["collapse"] == "against"


@pytest.mark.parametrize("missing", ["novel_mass", "hill_0", None])
def test_drift_needs_exact_counts_on_both_sides(missing):
    found = told(signs(**{missing: False}), shift=SHIFTED) if missing else told(signs(), shift=NotMeasured(reason="needs exact counts"))
    assert found["drift"] == "not_measured"


@pytest.mark.parametrize(
    ("contrast", "concentration", "status"),
    [
        ((0.1, 0.3), "shrunk", "supported"),
        ((0.1, 0.3), "watch", "supported"),
        ((0.1, 0.3), "ok", "against"),
        ((-0.1, 0.3), "shrunk", "against"),
        ((-0.3, -0.1), "shrunk", "against"),
        ((0.1, 0.3), None, "not_measured"),
    ],
)
def test_sharpening_takes_crowded_common_types_and_a_positive_contrast(contrast, concentration, status):
    assert told(signs(contrast=contrast, concentration=concentration))["sharpening"] == status


@pytest.mark.parametrize(("low", "status"), [(OVERFIT + 0.01, "supported"), (OVERFIT - 0.01, "against"), (-0.2, "against")])
def test_overfitting_is_a_gap_beyond_the_convention(low, status):
    found = differential(signs(), estimate("train_gap", low, low + 0.1), SHIFTED)
    assert {each.name: each.status for each in found}["overfitting"] == status
    assert is_supported(found, "overfitting") == (status == "supported")
    assert not is_supported(found, "dementia")
