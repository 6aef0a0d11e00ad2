"""Two halves of one human text: whatever chance does, no loss is reported as a failure."""

import numpy as np
import pytest

from longtail.auditing import audit

SPLITS = 20


def halves(texts, seed, size=3000):
    order = np.random.default_rng(seed).permutation(len(texts))
    return [texts[i] for i in order[:size]], [texts[i] for i in order[size : 2 * size]]


def verdicts(texts):
    found = []
    for seed in range(SPLITS):
        candidate, reference = halves(texts, seed)
        report = audit(iter(candidate), iter(reference), views=("words_1",), seed=seed)
        found.append((report.phase.name, *(f.code for f in report.findings if f.status == "fail")))
    return found


@pytest.mark.parametrize("source", ["stdlib_paragraphs", pytest.param("shared_prose", marks=pytest.mark.slow)])
def test_halves_of_the_same_human_text_are_not_reported_as_a_loss(source, request):
    found = verdicts(request.getfixturevalue(source))
    assert {verdict for verdict in found if verdict[0] in ("early", "narrowing", "concentrating") or "LT301" in verdict} == set()
    assert sum(phase == "watch" for phase, *_ in found) <= 5  # P(more than 5 of 20 at 5 %) is below 0.0004
