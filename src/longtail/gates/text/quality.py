"""Quality by published heuristics: each rule a measure and a threshold, with its source."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from longtail.gates.batch import Batch
from longtail.gates.catalogue import GATES
from longtail.gates.settings import number
from longtail.gates.text.characters import buffers, kinds
from longtail.gates.text.rules import C4, FINEWEB, GOPHER, LINE_WORDS, LONGEST_LINE_WORD, SHORT_LINE, STOP_WORDS, Rule, chosen
from longtail.gates.verdicts import KEEP, REJECT, REVIEW, Verdicts

Floats = npt.NDArray[np.float64]
Measures = Mapping[str, Floats]

NO_TEXT = "no text"
WORST = 1000.0
"""Greatest score: a document without what a rule asks for would have an infinite one."""


@GATES.add("quality", judges="documents", source=f"{GOPHER}; {C4}; {FINEWEB}")
class Quality:
    """Reject documents that a published heuristic rejects; the reason names the rule, the value and the threshold.

    The score is the worst ratio of a value to its threshold (of the threshold to the value where a rule asks for at least), so
    that a document is rejected where it is above 1; at most 1000. Words stand between white space; a letter of a script
    written without spaces is a word. Gopher's and FineWeb's rules were made for English web pages: stop words are English.

    C4 removes lines and then judges what is left; this gate judges a document by the lines that C4 would leave, and changes
    nothing. C4's list of bad words is left out.

    `short` is for instructions and answers: at least one word, no lorem ipsum, and from 50 words on, Gopher's greatest mean word
    length, ratio of ellipses, ellipsis lines and all its repetition rules. Length, stop words, letters, hash signs and lines say
    nothing about a short text: "42" is an answer, and so is a program.

    Args:
        preset: "gopher", "c4", "fineweb" or "short".
        limits: Thresholds that replace those of the preset, by the name of the rule.
        in_doubt: A document whose score is above 1 by no more than this is for review; 0.1 is a tenth beyond the threshold.

    Raises:
        UnknownName: No such preset or rule.
        ConfigError: A threshold is out of range.
    """

    def __init__(self, *, preset: str = "gopher", limits: Mapping[str, Any] | None = None, in_doubt: float = 0.0) -> None:
        self.rules = chosen(preset, limits)
        self.in_doubt = number("quality", "in_doubt", in_doubt, 0, WORST)

    def __call__(self, batch: Batch) -> Verdicts:
        """Judge documents by the rules."""
        measures = measured(batch.texts)
        worst = np.zeros(len(batch))
        which = np.zeros(len(batch), np.int64)
        rules = list(self.rules.values())
        for at, rule in enumerate(rules):
            ratio = ratios(rule, measures)
            which = np.where(ratio > worst, at, which)
            worst = np.maximum(ratio, worst)
        present = batch.texts.is_valid().to_numpy(zero_copy_only=False)
        bad = (worst > 1) | ~present
        decisions = np.where(bad, np.where((worst <= 1 + self.in_doubt) & present, REVIEW, REJECT), KEEP).astype(np.uint8)
        reasons = [""] * len(batch)
        for at in map(int, np.flatnonzero(bad)):
            rule = rules[which[at]]
            reasons[at] = _told(rule, float(measures[rule.measure][at])) if present[at] else NO_TEXT
        return Verdicts(decisions, np.where(present, worst, np.nan), reasons, [None] * len(batch))


def measured(texts: pa.Array) -> dict[str, Floats]:
    """Return what the rules ask for, each of shape (documents,): counts, lengths in characters, and shares from 0 to 1."""
    from longtail.gates.text._measuring import MEASURES, measure

    data, offsets = buffers(texts)
    out = np.zeros((len(texts), len(MEASURES)))
    bounds = np.array([SHORT_LINE, LINE_WORDS, LONGEST_LINE_WORD], np.int64)
    measure(data, offsets, kinds(), _stop_hashes(), bounds, out)
    return {name: out[:, at] for at, name in enumerate(MEASURES)}


def ratios(rule: Rule, measures: Measures) -> Floats:
    """Return how far each document goes against a rule, shape (documents,): above 1 where it breaks it, at most 1000."""
    values = measures[rule.measure]
    missed = rule.threshold / np.maximum(values, 1e-9)
    if rule.side == "least":
        found = np.where(values >= rule.threshold, np.minimum(missed, 1), missed)
    elif rule.threshold > 0:
        found = values / rule.threshold
    else:
        found = np.where(values > 0, 1 + values, 0)
    made: Floats = np.where(measures["words"] < rule.judged_from, 0.0, np.minimum(found, WORST))
    return made


def _told(rule: Rule, value: float) -> str:
    return f"{rule.says} {value:.3g}, at {rule.side} {rule.threshold:g} ({rule.source})"


def _stop_hashes() -> npt.NDArray[np.uint64]:
    """Return the hash of each stop word as the compiled loop makes it: FNV-1a over code points."""
    hashes = []
    for word in STOP_WORDS:
        state = 0xCBF29CE484222325
        for letter in word:
            state = ((state ^ ord(letter)) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
        hashes.append(state)
    return np.array(hashes, np.uint64)
