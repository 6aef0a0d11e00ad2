"""Language: documents in a language that was not asked for."""

from collections.abc import Sequence

import numpy as np

from longtail.errors import ConfigError
from longtail.gates.batch import Batch
from longtail.gates.catalogue import GATES
from longtail.gates.settings import choice, names, number
from longtail.gates.text.identifier import ranker
from longtail.gates.verdicts import KEPT, Judgement, Verdicts

LEAST = 0.5
FEWEST_LETTERS = 20
"""Letters below which a text is too short to tell: names, formulas and single words belong to no one language."""


@GATES.add("language", judges="documents", source="langid.py, Lui and Baldwin 2012, ACL system demonstrations; py3langid")
class Language:
    """Reject documents that are in another language than those allowed, and say which; needs the extra `language`.

    A document is rejected only where one language that is not allowed has a probability of `least` or more. Where none has, or
    where there are fewer than 20 letters, it is undecided. The score is the probability of all allowed languages together.

    Dialects and old spelling count as their language or as its neighbour: Scots may be found to be Norwegian.

    Args:
        allowed: Codes of languages (ISO 639-1), such as "en".
        least: Probability from which a language is that of the document.
        undecided: What happens where none is: "keep" or "review".

    Raises:
        ConfigError: A setting is out of range, or a code names no language that is known.
        MissingExtra: py3langid is not installed.
    """

    def __init__(self, *, allowed: Sequence[str] = ("en",), least: float = LEAST, undecided: str = "keep") -> None:
        wanted = names("language", "allowed", allowed)
        self._rank = ranker()
        known = {code for code, _ in self._rank("")}
        strange = [code for code in wanted if code not in known]
        if strange:
            raise ConfigError(f"language: {strange[0]!r} is no language that is known; choose among {', '.join(sorted(known))}")
        self.allowed = frozenset(wanted)
        self.least = number("language", "least", least, 0, 1, above=True)
        self.undecided = choice("language", "undecided", undecided, ("keep", "review"))

    def __call__(self, batch: Batch) -> Verdicts:
        """Judge documents by their language."""
        return Verdicts.of(self._judged(text) for text in batch.texts.to_pylist())

    def _judged(self, text: str | None) -> Judgement:
        if text is None:
            return Judgement("reject", "no text")
        letters = int(np.sum([letter.isalpha() for letter in text]))
        if letters < FEWEST_LETTERS:
            return self._doubt(f"{letters} letters are too few to tell a language", None)
        ranked = self._rank(text)
        score = float(sum(share for code, share in ranked if code in self.allowed))
        if score >= self.least:
            return KEPT._replace(score=score)
        code, share = next(each for each in ranked if each[0] not in self.allowed)
        told = f"the language is {code} with probability {share:.2f}"
        if share < self.least:
            return self._doubt(f"{told}, too little to tell", score)
        return Judgement("reject", f"{told}; allowed: {', '.join(sorted(self.allowed))}", score)

    def _doubt(self, reason: str, score: float | None) -> Judgement:
        return Judgement(self.undecided, reason if self.undecided == "review" else "", score)
