"""The gate of triage: rare and valid is kept, damaged is rejected, and what is in doubt is kept for review."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from longtail.errors import ConfigError
from longtail.gates.batch import Batch
from longtail.gates.catalogue import GATES
from longtail.gates.judging import Judge
from longtail.gates.settings import choice, names, number
from longtail.gates.text.hooks import numbers, scorer, scores
from longtail.gates.triage.axes import Axes, axes
from longtail.gates.triage.likeness import Likeness, learn
from longtail.gates.triage.signs import SIGNS
from longtail.gates.triage.trimming import Own, own_reference
from longtail.gates.verdicts import KEEP, REJECT, REVIEW, Verdicts

Floats = npt.NDArray[np.float64]

DAMAGED, SOUND = 0.25, 0.5
"""Validity below which a document is rejected, and from which it is kept; between the two it is for review."""


@GATES.add("triage", judges="documents", source="own definition: rarity and validity, two axes that are never one score")
class Triage:
    """Tell damaged documents from rare but valid ones, on two axes; rarity alone never rejects.

    Rarity is the share of a document's words that are of the tail of the reference: its rarest words, which together have a
    tenth of its mass. That is how the tail is defined everywhere here; it lies between 0 and 1 and does not grow with length,
    as a sum of surprisal does. Validity is one less the damage of the worst of eight signs: wrong encoding, markup, strings of
    letters and digits, symbols, repetition, words of menus, and the order of letters and of words, which are compared with
    chance: a gain of 0 is that of random order. The order of words alone never rejects a rare document.

    What it cannot see: whether a document is true or cut short; damage that none of the signs is a sign of; words in a wrong order
    in a text of few words, of rare words, or in a language that the reference hardly has: of word salad about half is found. Menus
    are known by English words. Without `reference` the documents are their own, fewer than half of them damaged; damage of one
    kind that is as common as a tenth of all is then taken for a language of its own. Letters in an unknown order are only
    in doubt where vowels and consonants take turns, since another language looks like that (Irish and Vietnamese, which do not,
    are in part rejected against an English reference).

    Below `damaged` a document is rejected; from `sound` on it is kept; between the two it is for review.

    Args:
        reference: Data that is in order, as paths; without it the documents are compared with each other.
        damaged: Validity below which a document is rejected.
        sound: Validity from which it is kept.
        languages: What happens to texts whose letters are in an order that the reference has not, but which seem to be of some
            language all the same, as what is backwards does: "review", or "reject" where only the languages of the reference
            are wanted.
        column: Column with the validity of each document, from 0 to 1, or true and false.
        pattern: Regular expression; a document in which it is found is valid, any other is not.
        score: Function that takes texts and returns their validity, as "module:function".

    At most one of the last three is given. Where it says something, it stands in place of the signs.

    Raises:
        ConfigError: A setting is out of range, or two say what is valid.
        ReadError: The reference cannot be read.
    """

    def __init__(
        self,
        *,
        reference: str | Sequence[str] | None = None,
        damaged: float = DAMAGED,
        sound: float = SOUND,
        languages: str = "review",
        column: str | None = None,
        pattern: str | None = None,
        score: str | Callable[[list[str]], Any] | None = None,
    ) -> None:
        self.damaged, self.sound = number("triage", "damaged", damaged, 0, 1), number("triage", "sound", sound, 0, 1)
        if self.damaged > self.sound:
            raise ConfigError(f"triage: damaged is {damaged!r} and sound {sound!r}; take one not above the other")
        self._spare_languages = choice("triage", "languages", languages, ("review", "reject")) == "review"
        self._valid = _hook(column, pattern, score)
        self._likeness = None if reference is None else _read(reference)

    def over(self, batches: Callable[[], Iterable[Batch]]) -> Judge:
        """Return the gate for a data set, which is its own reference where none was given."""
        own = None if self._likeness else own_reference(batches())
        return lambda batch: self._judge(batch, own)

    def __call__(self, batch: Batch) -> Verdicts:
        """Judge documents that are a whole data set by themselves."""
        return self.over(lambda: [batch])(batch)

    def axes(self, batch: Batch, own: Own | None = None) -> Axes:
        """Return the two axes of documents, as they are judged.

        Args:
            batch: The documents.
            own: What they are compared with where no reference was given.
        """
        likeness = self._likeness or (own.likeness if own else None)
        found = axes(batch.texts, likeness, own.has(batch) if own else None, spare_languages=self._spare_languages)
        if self._valid is None:
            return found
        given = np.clip(self._valid(batch), 0, 1)
        said = ~np.isnan(given)
        return Axes(
            found.rarity, found.rare, np.where(said, given, found.validity), np.where(said, -1, found.sign).astype(np.int64), found.values
        )

    def _judge(self, batch: Batch, own: Own | None) -> Verdicts:
        found = self.axes(batch, own)
        present = batch.texts.is_valid().to_numpy(zero_copy_only=False)
        decisions = np.where(found.validity < self.damaged, REJECT, np.where(found.validity < self.sound, REVIEW, KEEP))
        decisions = np.where(present, decisions, REJECT).astype(np.uint8)
        reasons = ["rare and valid" if rare else "" for rare in found.rare]
        for at in np.flatnonzero(decisions != KEEP):
            reasons[at] = _told(found, int(at), bool(decisions[at] == REVIEW)) if present[at] else "no text"
        return Verdicts(decisions, np.where(present, found.validity, np.nan), reasons, [None] * len(batch))


def _told(found: Axes, at: int, in_doubt: bool) -> str:
    kind = "rare" if found.rare[at] else "common"
    share = "" if np.isnan(found.rarity[at]) else f" ({found.rarity[at]:.0%} words of the tail)"
    sign = int(found.sign[at])
    why = "as given" if sign < 0 else f"{list(SIGNS.values())[sign].says} {found.values[sign, at]:.2g}"
    return f"{kind}{share} and {'in doubt' if in_doubt else 'damaged'}: validity {found.validity[at]:.2g}, {why}"


def _hook(column: str | None, pattern: str | None, score: str | Callable[[list[str]], Any] | None) -> Callable[[Batch], Floats] | None:
    """Return what says how valid each document is, NaN where it does not say."""
    given = [name for name, each in (("column", column), ("pattern", pattern), ("score", score)) if each is not None]
    if len(given) > 1:
        raise ConfigError(f"triage: both {given[0]} and {given[1]} say what is valid; keep one of them")
    if column is not None:
        return lambda batch: numbers(batch.values(column))
    if pattern is not None:
        sought = _pattern(pattern)
        return lambda batch: np.array([text is not None and sought.search(text) is not None for text in batch.texts.to_pylist()], float)
    if score is not None:
        function = scorer("triage", score)
        return lambda batch: scores(function, [text or "" for text in batch.texts.to_pylist()])
    return None


def _pattern(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise ConfigError(f"triage: pattern {pattern!r} is no regular expression: {error}; mend it") from None


def _read(reference: str | Sequence[str]) -> Likeness:
    from longtail.readers import read

    paths = names("triage", "reference", reference)
    return learn(lambda: (batch.column("text") for batch in read(paths, texts_only=True).batches()))
