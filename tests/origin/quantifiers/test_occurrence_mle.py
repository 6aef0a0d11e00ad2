"""The published estimate: its numbers, and what its interval leaves out."""

import numpy as np
import pytest
from scipy.optimize import minimize

from longtail.errors import UsageError
from longtail.origin.quantifiers.occurrence_mle import as_published, occurrence
from longtail.origin.reference import Reference

GAP = 1.5


def sentences(share, documents, each, rng):
    """Return log-ratios of sentences, whole documents human or machine-made, and the share of machine documents."""
    machine = np.repeat(rng.random(documents) < share, each)
    return GAP * (rng.normal(size=len(machine)) + GAP * machine) - GAP**2 / 2


def test_the_likeliest_share_is_that_of_the_published_optimiser():
    ratios = sentences(0.3, 400, 5, np.random.default_rng(0))
    theirs = minimize(
        lambda share: -np.mean(np.log(1 - share[0] + share[0] * np.exp(ratios))), x0=[0.5], method="L-BFGS-B", bounds=[(0, 1)]
    )
    found = as_published(ratios, draws=50)
    assert found.likeliest == pytest.approx(theirs.x[0], abs=1e-4)
    assert found.sentences == 2000


def test_the_estimate_is_the_midpoint_of_percentiles_over_sentences():
    ratios = sentences(0.3, 400, 5, np.random.default_rng(0))
    found = as_published(ratios, draws=400)
    rng = np.random.default_rng(9)
    again = [as_published(rng.choice(ratios, len(ratios)), draws=1).likeliest for _ in range(400)]
    assert found.share == (found.low + found.high) / 2
    assert (found.low, found.high) == pytest.approx(np.quantile(again, [0.025, 0.975]), abs=0.008)
    assert found == as_published(ratios, draws=400)


def test_the_published_interval_is_too_narrow_for_documents_of_many_sentences():
    rng = np.random.default_rng(1)
    found = [as_published(sentences(0.3, 40, 25, rng), draws=100) for _ in range(60)]
    assert np.mean([each.low <= 0.3 <= each.high for each in found]) < 0.7


def test_sentences_that_say_nothing_are_refused():
    with pytest.raises(UsageError, match="none of 7 sentences says anything"):
        as_published(np.zeros(7))


def test_it_reads_texts_by_the_published_model():
    rng = np.random.default_rng(2)
    words = [f"word{at}" for at in range(40)]

    def texts(tilt, count):
        odds = np.exp(tilt * np.linspace(-1, 1, 40))
        return [" ".join(rng.choice(words, 12, p=odds / odds.sum())) + "." for _ in range(count)]

    reference = Reference.of(texts(-0.7, 1500), texts(0.7, 1500))
    for share in (0.0, 0.3, 1.0):
        target = texts(-0.7, round(2000 * (1 - share))) + texts(0.7, round(2000 * share))
        found = occurrence(reference, target, draws=100)
        assert found.share == pytest.approx(share, abs=0.06)
        assert found.sentences == 2000


def test_several_machine_origins_are_refused():
    reference = Reference.of(["a human text."], {"one": ["a machine text."], "two": ["another machine text."]})
    with pytest.raises(UsageError, match="was given one, two; use mixture"):
        occurrence(reference, ["some text."])
