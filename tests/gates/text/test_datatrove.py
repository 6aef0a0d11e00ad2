"""Our heuristics against those of datatrove on the same documents: where they differ, it is for a reason that is stated."""

import numpy as np
import pytest

from longtail.gates import Batch
from longtail.gates.text.quality import Quality
from tests.gates.triage import damage
from tests.gates.triage.planting import stdlib

pytest.importorskip("datatrove")
pytest.importorskip("spacy")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]

REPETITION = ("duplicate", "top", "repeated")


@pytest.fixture(scope="module")
def texts():
    rng = np.random.default_rng(3)
    parts = stdlib()
    pages = ["\n\n".join(parts[at : at + 6]) for at in range(0, 600, 6)]
    bad = [kind(page, rng) for kind in (damage.repeated_runs, damage.loop_at_the_end, damage.menu) for page in pages[:20]]
    return pages + parts[600:800] + bad


def theirs(name, texts, **options):
    from datatrove.data import Document
    from datatrove.pipeline import filters

    made = getattr(filters, name)(**options)
    return [made.filter(Document(text=text, id="0")) for text in texts]


def ours(texts, preset, repetition=None):
    gate = Quality(preset=preset)
    if repetition is not None:
        gate.rules = {name: rule for name, rule in gate.rules.items() if name.startswith(REPETITION) == repetition}
    return gate(Batch.of(texts))


def differing(theirs, ours):
    """What each said where they differ, and the share of documents on which they agree."""
    pairs = [("kept" if said is True else said[1], ours.at(at).reason or "kept") for at, said in enumerate(theirs)]
    found = [pair for pair in pairs if (pair[0] == "kept") != (pair[1] == "kept")]
    return found, 1 - len(found) / len(pairs)


def test_gopher_quality_differs_in_what_a_word_is(texts):
    """Theirs takes each punctuation mark for a word without a letter, and does not fold the case of stop words."""
    found, agreed = differing(theirs("GopherQualityFilter", texts), ours(texts, "gopher", repetition=False))
    allowed = {"gopher_below_alpha_threshold", "gopher_enough_stop_words", "gopher_short_doc", "gopher_below_avg_threshold", "kept"}
    assert {one for one, _ in found} <= allowed, found
    assert all("words 4" in said or "words 5" in said or "stop words" in said for one, said in found if one == "kept"), found
    without = [pair for pair in found if pair[0] != "gopher_below_alpha_threshold"]
    assert len(without) / len(texts) < 0.02 and agreed > 0.6


def test_gopher_repetition_differs_in_n_grams_that_occur_once(texts):
    """Theirs counts an n-gram that occurs once as repeated, and marks of punctuation (much of this corpus is code) as words."""
    found, agreed = differing(theirs("GopherRepetitionFilter", texts), ours(texts, "gopher", repetition=True))
    assert agreed > 0.85, found
    assert {one for one, _ in found} <= {
        "kept",
        "top_2_gram",
        "top_3_gram",
        "top_4_gram",
        *(f"duplicated_{n}_n_grams" for n in range(5, 11)),
    }


def test_fineweb_agrees_at_the_threshold_of_the_paper(texts):
    """Theirs has 0.01 for characters in repeated lines where the paper has 0.1, and words with punctuation apart."""
    _, agreed = differing(theirs("FineWebQualityFilter", texts, char_duplicates_ratio=0.1), ours(texts, "fineweb"))
    assert agreed > 0.97


def test_c4_differs_in_brackets_of_lines_that_are_removed(texts):
    """Theirs looks for brackets in the lines that it keeps, where the paper says page; it splits sentences with a model."""
    found, agreed = differing(theirs("C4QualityFilter", texts), ours(texts, "c4"))
    assert agreed > 0.9
    assert {one for one, _ in found} <= {"kept", "too_few_sentences"}
    assert all("curly" in said or "sentences" in said for one, said in found if one == "kept"), found
