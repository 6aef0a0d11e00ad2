"""What a loss is called: collapse where it goes on or took the rare first, what the numbers speak for where it did not."""

import msgspec
import numpy as np
import pytest
from scipy.stats import binom, norm

from bench.audits import stream
from bench.lineages import losing, of_all
from bench.synthetic import drawn, profiled, swapped, tempered, zipf
from longtail.auditing import audit
from longtail.diagnosis.called import called_of, going_on
from longtail.records import Estimate

LAW = zipf()
SHARP = tempered(LAW, 0.8)


def written(laws, seed=3, documents=400):
    rng = stream(seed)
    return [profiled(drawn(law, documents, rng), 0) for law in laws]


LINEAGES = {
    "rare words lost at every step": (lambda: of_all(losing(LAW, [0.8**step for step in range(5)], 400, stream(2)), 0), "collapse"),
    "sharpened at every step": (lambda: written([tempered(LAW, 1 - 0.08 * step) for step in range(5)]), "collapse"),
    "sharpened once": (lambda: written([LAW, LAW, SHARP, SHARP, SHARP]), "sharpening"),
    "sharpened in the last version": (lambda: written([LAW, LAW, LAW, SHARP]), "sharpening"),
    "half of the types replaced once": (lambda: written([LAW, *[swapped(LAW, stream(5))] * 4]), "drift"),
    "nothing lost": (lambda: written([LAW] * 4, documents=1000), "none"),
    "too few documents": (lambda: written([LAW] * 4, documents=12), "not_measured"),
}


@pytest.fixture(scope="module")
def reference():
    return profiled(drawn(LAW, 2000, stream(1)), 0)


@pytest.fixture(scope="module")
def audited(reference):
    made = {}

    def of(name):
        if name not in made:
            made[name] = audit(lineage=LINEAGES[name][0](), reference=reference, views=("words_1",))
        return made[name]

    return of


@pytest.mark.parametrize("lineage", LINEAGES)
def test_lineages_of_known_laws_are_called_what_they_are(lineage, audited):
    assert called_of(audited(lineage)).name == LINEAGES[lineage][1]


@pytest.mark.parametrize("lineage", ["sharpened once", "half of the types replaced once"])
def test_the_phase_of_the_outputs_stays_what_it_is(lineage, audited):
    assert audited(lineage).phase.name in ("early", "narrowing", "late")


def test_a_loss_that_goes_on_names_its_steps_and_says_where_it_is_sharpened_each_time(audited):
    told = called_of(audited("sharpened at every step")).because
    assert told.startswith("the loss goes on: beside the version before it, generation ")
    assert "sharpened each time" in told
    assert "rare words went before common ones" in called_of(audited("rare words lost at every step")).because


def test_a_loss_of_one_step_says_what_would_tell_more(audited):
    assert "outputs of the next one would tell" in called_of(audited("sharpened in the last version")).because
    assert "not shown" in called_of(audited("sharpened once")).because


def test_sharpening_does_not_explain_a_model_that_is_worse_on_human_text(audited):
    report = audited("sharpened once")
    last = len(report.lineage.generations)
    worse = Estimate(
        metric="heldout_nll", view="", value=0.3, low=0.25, high=0.35, n=100, unit="nats/token", resampling_unit="document", method="t",
        generation=last, baseline="generation_1", decision="shrunk",
    )  # fmt: skip
    found = called_of(msgspec.structs.replace(report, estimates=(*report.estimates, worse)))
    assert found.name == "open"
    assert "no temperature" in found.because


def test_without_a_lineage_nothing_is_called(reference):
    alone = audit(written([LAW])[0], reference, views=("words_1",))
    assert called_of(alone).name == called_of(None).name == "not_measured"


def test_one_loss_alone_passes_for_two_no_more_often_than_stated():
    # the step at generation 2 is certain, all others are null and lean against their neighbours, with which they share a sample
    rng, level, draws = np.random.default_rng(7), 0.05, 4000
    noise = rng.standard_normal((draws, 6))
    null = norm.sf(np.diff(noise, axis=1) / np.sqrt(2))
    wrong = sum(going_on({2: 1e-6} | dict(enumerate(row, start=3)))[0] <= level for row in null)
    assert wrong <= binom.ppf(0.995, draws, level)
    assert wrong > 0


def test_the_second_smallest_p_value_is_taken_times_the_steps_less_one():
    assert going_on({2: 0.2, 3: 0.001, 4: 0.01, 5: 0.9}) == (pytest.approx(0.03), [3, 4])
    assert going_on({2: 0.5, 3: 0.9, 4: 0.9}) == (1.0, [2, 3])
    assert going_on({2: 0.001}) == (None, [])
