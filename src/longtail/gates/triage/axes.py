"""The two axes of triage: how rare a document is, and how valid it seems."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from longtail.gates.text.quality import measured
from longtail.gates.triage.likeness import Hashes, Likeness, Order, hashes_of, order_of
from longtail.gates.triage.signs import SIGNS, direct
from longtail.gates.triage.vowels import turns

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Quadrant = Literal["common and valid", "rare and valid", "common and damaged", "rare and damaged"]

TAIL = 0.1
"""Share of the mass of a reference, of its rarest words, that is called its tail."""
TIMES = 2.0
"""A document is rare whose share of words of the tail is so many times that of the reference."""
FEWEST_TAIL_WORDS = 2
FEWEST_LETTERS, FEWEST_PAIRS = 20, 12
"""Letters and pairs of words from which their order is judged."""
LEAST_JUDGED = 0.5
"""Share of the letters that must have been judged: the others are of scripts that the reference hardly has."""
LEAST_REFERENCE = 5000
"""Words of a reference below which neither rarity nor order is judged."""
CAPPED = 0.6
"""Most damage that order stands for where a reference may not know it.

That of words in a rare document, and in code and formulas; that of letters where vowels and consonants take turns, as they
would in another language.
"""
TURNS_ERRORS, TURNS_CERTAIN, CERTAIN = 1.5, 3.0, 2.0
"""Standard errors beyond random order from which vowels and consonants take turns; more where letters are worse by 2 nats."""
CODE = 0.02
"""Share of signs other than those of prose from which a text is taken for code or formulas."""


@dataclass(frozen=True)
class Axes:
    """The axes of documents, each of shape (documents,).

    Attributes:
        rarity: Share of the words that are of the tail of the reference or unknown to it; NaN where it was not judged.
        rare: Whether that is twice the share of the reference, or more.
        validity: From 0 to 1: one less the damage of the worst sign.
        sign: Number of the worst sign, in the order of `SIGNS`; -1 where the validity was given.
        values: Value of each sign, in the same order, shape (signs, documents); NaN where it says nothing.
    """

    rarity: Floats
    rare: Flags
    validity: Floats
    sign: npt.NDArray[np.int64]
    values: Floats


def axes(texts: pa.Array, likeness: Likeness | None, own: Flags | None = None, *, spare_languages: bool = True) -> Axes:
    """Measure both axes; without a reference, or with one of few words, only what needs none.

    Args:
        texts: The documents.
        likeness: What the texts of the reference are like.
        own: Whether each document is part of the reference; by default none is.
        spare_languages: Whether letters in an unknown order are only in doubt where vowels and consonants take turns.
    """
    measures = measured(texts)
    signs = direct(texts, measures["repeated_5_grams"], measures["words"])
    signs |= {name: np.full(len(texts), np.nan) for name in ("letters", "words")}
    rarity, rare = np.full(len(texts), np.nan), np.zeros(len(texts), np.bool_)
    taken = turns(texts)
    if likeness is not None and likeness.tokens >= LEAST_REFERENCE:
        signs |= order_signs(order_of(texts, likeness, np.zeros(len(texts), np.bool_) if own is None else own))
        rarity, rare = rarities(*hashes_of(texts), likeness)
    damage = {name: sign.damage(signs[name]) for name, sign in SIGNS.items()}
    if spare_languages:
        needed = np.where(signs["letters"] >= CERTAIN, TURNS_CERTAIN, TURNS_ERRORS)
        taking = taken.excess >= needed * taken.error
        damage["letters"] = np.where(taking, np.minimum(damage["letters"], CAPPED), damage["letters"])
    unknown = rare | (signs["code"] >= CODE)
    damage["words"] = np.where(unknown, np.minimum(damage["words"], CAPPED), damage["words"])
    stacked = np.stack(list(damage.values()))
    return Axes(rarity, rare, 1 - stacked.max(axis=0), stacked.argmax(axis=0), np.stack([signs[name] for name in SIGNS]))


def order_signs(order: Order) -> dict[str, Floats]:
    """Return how much worse than chance the order of letters and of words is, at least, NaN where too few were judged.

    One standard error is granted, so that a short text needs to be worse.
    """
    enough = (order.letters >= FEWEST_LETTERS) & (order.letters >= LEAST_JUDGED * order.letter_places)
    return {
        "letters": np.where(enough, -order.letter_gain - order.letter_error, np.nan),
        "words": np.where(order.pairs >= FEWEST_PAIRS, -order.pair_gain - order.pair_error, np.nan),
    }


def rarities(hashes: Hashes, lengths: npt.NDArray[np.int64], likeness: Likeness) -> tuple[Floats, Flags]:
    """Return the share of each document's words that are of the tail of a reference, and whether that is rare.

    The tail are the rarest words that together have a tenth of the reference's words; all that occur once, where those are more.

    Args:
        hashes: Words of all documents, one after another.
        lengths: How many each document has.
        likeness: The reference.
    """
    counts = np.sort(likeness.counts)
    place = int(np.searchsorted(np.cumsum(counts), TAIL * likeness.tokens, side="right"))
    edge = max(float(counts[place - 1]) if place else 0.0, 1.0)
    share = float(counts[counts <= edge].sum()) / likeness.tokens
    at = np.minimum(np.searchsorted(likeness.words, hashes), len(likeness.words) - 1)
    of_tail = np.where(likeness.words[at] == hashes, likeness.counts[at], 0.0) <= edge
    tails = np.bincount(np.repeat(np.arange(len(lengths)), lengths), of_tail, minlength=len(lengths))
    found = np.where(lengths > 0, tails / np.maximum(lengths, 1), np.nan)
    return found, (found >= min(TIMES * share, 1.0)) & (tails >= FEWEST_TAIL_WORDS)
