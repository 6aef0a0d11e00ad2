"""The brevity penalty of self-BLEU beside fast-bleu, which lets a document be its own closest reference."""

from collections.abc import Iterator

from bench.parity.rows import Defect, Parity
from longtail.stats.surface.bleu import self_bleu
from longtail.stats.surface.corpus import corpus_of

SHORT = ["a", "b", "c", "d"]
LONG = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"]
DOCUMENTS = [SHORT, LONG, [*LONG[:6], *reversed(LONG[6:])]]


def rows() -> Iterator[Parity]:
    """Yield our score of a document that is shorter than all others beside nltk's."""
    from nltk.translate.bleu_score import SmoothingFunction, sentence_bleu

    theirs = sentence_bleu(DOCUMENTS[1:], SHORT, smoothing_function=SmoothingFunction().method1)
    call = "sentence_bleu(others, document, method1)"
    yield Parity("self-BLEU", "4 words beside 12 and 12", float(self_bleu(corpus_of(DOCUMENTS))[0]), theirs, "nltk", call, 1e-12)


def defects() -> Iterator[Defect]:
    """Yield what fast-bleu makes of the same document."""
    from fast_bleu import SelfBLEU

    theirs = SelfBLEU(DOCUMENTS, {4: (0.25,) * 4}).get_score()[4][0]
    yield Defect(
        "self-BLEU", "fast-bleu", "SelfBLEU(documents).get_score()", "4 words beside 12 and 12", f"{theirs:.6g}",
        float(self_bleu(corpus_of(DOCUMENTS))[0]),
        "the closest length is looked for among all documents, the hypothesis too, so that none is ever too short; nltk agrees with us",
    )  # fmt: skip
