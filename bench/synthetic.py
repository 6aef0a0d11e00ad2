"""Clustered documents of a known law, counted straight into profiles, and known ways to lose a part of the law.

A law is a Zipf law over `TYPES` types: share of rank i in proportion to 1 / i. A document has 1 + NB(4, mean 39)
tokens. Its share of tail tokens is drawn from a Beta law around the tail's mass with intra-class correlation `ICC`,
and each token repeats an earlier one of its document with chance `BURSTS`; neither moves the expected share of a type.
No text is made: type numbers are hashed as words would be, so sampling and cells behave as they do on real data.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.optimize import brentq

from longtail.summaries.profile import Profile
from longtail.views import _kernels
from longtail.views import documents as document_view
from longtail.views import labels as label_view
from longtail.views import lengths as length_view
from longtail.views.batch import Texts, TypeBatch, marks_of
from longtail.views.keys import CELL_BITS, Keys, purpose_key
from longtail.views.names import DOCUMENTS, LABELS, LENGTHS

TYPES = 8_000
TAIL_MASS, RARE_MASS, HEAD_MASS = 0.10, 0.35, 0.50
ICC = 0.05
BURSTS = 0.10
MEAN_TOKENS, SHAPE = 40, 4
GENERATION_TOKENS = 60_000
CLASS = "class"

Shares = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Law:
    """Shares of the types, and which of them vary together from document to document.

    Attributes:
        shares: Share of each type, shape (types,), sum 1.
        tail: Types whose total share varies by document with correlation `icc`, shape (types,): the last `TAIL_MASS`.
        rare: Types that a sample can mistake for tail, shape (types,): the last `RARE_MASS`. What is lost is lost here.
        icc: Intra-class correlation of "this token is a tail type" inside a document, before bursts.
        bursts: Chance that a token repeats an earlier one of its document.
        classes: Share of each class of documents, shape (classes,), sum 1; None for documents without classes.
    """

    shares: Shares
    tail: Mask
    rare: Mask
    icc: float = ICC
    bursts: float = BURSTS
    classes: Shares | None = None

    @property
    def tail_mass(self) -> float:
        """Return the expected share of tail tokens."""
        return float(self.shares[self.tail].sum())

    def hill(self, order: int) -> float:
        """Return the effective number of types of order 0, 1 or 2."""
        held = self.shares[self.shares > 0]
        if order == 1:
            return float(np.exp(-(held * np.log(held)).sum()))
        return float((held**order).sum() ** (1 / (1 - order)))


@dataclass(frozen=True)
class Documents:
    """Documents as type numbers.

    Attributes:
        types: Type numbers of all tokens, document after document, shape (tokens,).
        lengths: Tokens of each document, shape (documents,).
        content: A hash of each document, shape (documents,); cells come from it.
        classes: Class of each document, shape (documents,), or None; classes do not change words.
    """

    types: Numbers
    lengths: Numbers
    content: Keys
    classes: Numbers | None

    def __len__(self) -> int:
        """Return the number of documents."""
        return len(self.lengths)

    @property
    def owner(self) -> Numbers:
        """Return the document of each token, shape (tokens,)."""
        return np.repeat(np.arange(len(self)), self.lengths)

    def taken(self, order: Numbers) -> "Documents":
        """Return the documents with the given numbers, in the given order."""
        starts = np.cumsum(self.lengths) - self.lengths
        lengths = self.lengths[order]
        shift = np.repeat(starts[order] - (np.cumsum(lengths) - lengths), lengths)
        classes = None if self.classes is None else self.classes[order]
        return Documents(self.types[np.arange(lengths.sum()) + shift], lengths, self.content[order], classes)

    def renamed(self) -> "Documents":
        """Return the documents with every type under another number: the same law, other hashes."""
        return replace(self, types=self.types + 1_000_003)


def zipf(types: int = TYPES, icc: float = ICC, bursts: float = BURSTS, classes: int = 0) -> Law:
    """Return the law with shares in proportion to 1 / rank, of types and of as many classes of documents as asked for."""
    shares = _harmonic(types)
    above = np.cumsum(shares) - shares
    return Law(shares, above >= 1 - TAIL_MASS, above >= 1 - RARE_MASS, icc, bursts, _harmonic(classes) if classes else None)


def _harmonic(count: int) -> Shares:
    weights = 1 / np.arange(1, count + 1)
    return np.asarray(weights / weights.sum())


def head_of(law: Law) -> Mask:
    """Return the commonest types that hold `HEAD_MASS` of a law in order of rank, shape (types,)."""
    return np.asarray(np.cumsum(law.shares) <= HEAD_MASS)


# ------------------------------------------------------------------------------------------------------- ways to lose


def scaled(law: Law, ratio: float) -> Law:
    """Return the law with the mass of all rare types times `ratio`; the others take up the rest in proportion."""
    rest = (1 - ratio * law.shares[law.rare].sum()) / law.shares[~law.rare].sum()
    return replace(law, shares=np.where(law.rare, ratio * law.shares, rest * law.shares))


def thinned(law: Law, ratio: float, rng: np.random.Generator) -> Law:
    """Return the law without a share 1 - ratio of the rare types; the common ones take up their mass.

    Types are taken systematically along the ranks from a random start, so that mass and types both keep `ratio`; those
    that are kept keep their share.
    """
    passed = np.floor(np.cumsum(law.rare) * ratio + rng.random())
    kept = ~law.rare | (np.diff(passed, prepend=passed[0]) > 0)
    shares = np.where(kept, law.shares, 0.0)
    common = ~law.rare
    shares[common] *= (1 - shares[law.rare].sum()) / shares[common].sum()
    return replace(law, shares=shares)


def concentrated(law: Law, order: int, ratio: float) -> Law:
    """Return the law whose effective number of types of order 1 or 2 is `ratio` times as large, the head tilted.

    The shares of the head are raised to a power and brought back to the head's mass; no other type changes.
    """
    head, wanted = head_of(law), law.hill(order) * ratio

    def tilted(power: float) -> Law:
        raised = law.shares[head] ** power
        shares = law.shares.copy()
        shares[head] = raised * (law.shares[head].sum() / raised.sum())
        return replace(law, shares=shares)

    return tilted(brentq(lambda power: tilted(power).hill(order) - wanted, 0.0, 20.0, xtol=1e-12))


def resampled(law: Law, generations: int, rng: np.random.Generator) -> Law:
    """Return the law after generations that each learn the shares of `GENERATION_TOKENS` tokens of the one before."""
    shares = law.shares
    for _ in range(generations):
        shares = rng.multinomial(GENERATION_TOKENS, shares) / GENERATION_TOKENS
    return replace(law, shares=shares)


def cut(law: Law, share: float) -> Law:
    """Return the law without the rarest `share` of its types."""
    return _normalised(law, np.where(np.arange(len(law.shares)) < round(len(law.shares) * (1 - share)), law.shares, 0.0))


def tempered(law: Law, temperature: float) -> Law:
    """Return the law sampled at a temperature: shares to the power 1 / temperature."""
    return _normalised(law, law.shares ** (1 / temperature))


def boosted(law: Law, times: float) -> Law:
    """Return the law with the odds of its head multiplied."""
    return _normalised(law, np.where(head_of(law), law.shares * times, law.shares))


def swapped(law: Law, rng: np.random.Generator) -> Law:
    """Return the law in which a random half of the types are replaced by new ones of the same shares."""
    old = rng.permutation(len(law.shares)) < len(law.shares) // 2
    shares = np.concatenate([np.where(old, 0.0, law.shares), np.where(old, law.shares, 0.0)])
    return replace(law, shares=shares, tail=np.tile(law.tail, 2), rare=np.tile(law.rare, 2))


def underrepresented(law: Law, chosen: int, ratio: float) -> Law:
    """Return the law with the share of one class of documents times `ratio`; the others take up the rest in proportion.

    Raises:
        ValueError: The law has no such class.
    """
    if law.classes is None or chosen >= len(law.classes):
        raise ValueError(f"the law has no class {chosen}; make it with zipf(classes={chosen + 1}) or more")
    shares = law.classes * (1 - ratio * law.classes[chosen]) / (1 - law.classes[chosen])
    shares[chosen] = ratio * law.classes[chosen]
    return replace(law, classes=shares)


def _normalised(law: Law, shares: Shares) -> Law:
    return replace(law, shares=shares / shares.sum())


SCENARIOS: dict[str, Callable[[Law, np.random.Generator], Law]] = {
    "no change": lambda law, rng: law,
    "recursion, 1 generation": lambda law, rng: resampled(law, 1, rng),
    "recursion, 3 generations": lambda law, rng: resampled(law, 3, rng),
    "recursion, 10 generations": lambda law, rng: resampled(law, 10, rng),
    "80 % of types cut": lambda law, rng: cut(law, 0.8),
    "temperature .8": lambda law, rng: tempered(law, 0.8),
    "head × 3": lambda law, rng: boosted(law, 3.0),
    "half of the types swapped": swapped,
}
"""Ways to change a law, by name; the tail-first contrast must tell them apart."""


# --------------------------------------------------------------------------------------------------------- documents


def drawn(law: Law, count: int, rng: np.random.Generator) -> Documents:
    """Return `count` documents of a law."""
    lengths = lengths_of(count, rng)
    own = np.cumsum(lengths) - lengths
    is_tail = rng.random(lengths.sum()) < np.repeat(_tail_shares(law, count, rng), lengths)
    types = np.empty(len(is_tail), np.int64)
    types[is_tail] = _shuffled(law.shares * law.tail, int(is_tail.sum()), rng)
    types[~is_tail] = _shuffled(law.shares * ~law.tail, int((~is_tail).sum()), rng)
    if law.bursts:
        types = types[_sources(np.repeat(own, lengths), law.bursts, rng)]
    content = rng.integers(0, 2**64, count, np.uint64)
    classes = None if law.classes is None else rng.choice(len(law.classes), count, p=law.classes)
    return Documents(types, lengths, content, classes)


def lengths_of(count: int, rng: np.random.Generator) -> Numbers:
    """Return the tokens of `count` documents, 1 + NB(`SHAPE`, mean `MEAN_TOKENS` - 1)."""
    return 1 + rng.negative_binomial(SHAPE, SHAPE / (SHAPE + MEAN_TOKENS - 1), count)


def _tail_shares(law: Law, count: int, rng: np.random.Generator) -> Shares:
    """Return each document's share of tail tokens, Beta with mean m and variance icc · m (1 - m), shape (documents,)."""
    mean = law.tail_mass
    if law.icc == 0 or not 0 < mean < 1:
        return np.full(count, mean)
    weight = (1 - law.icc) / law.icc
    return rng.beta(mean * weight, (1 - mean) * weight, count)


def _shuffled(weights: Shares, count: int, rng: np.random.Generator) -> Numbers:
    """Return `count` independent draws from weights: their multinomial counts, in random order."""
    if not count:
        return np.zeros(0, np.int64)
    numbers = np.repeat(np.arange(len(weights)), rng.multinomial(count, weights / weights.sum()))
    rng.shuffle(numbers)
    return numbers


def _sources(starts: Numbers, bursts: float, rng: np.random.Generator) -> Numbers:
    """Return for each token the one that it repeats in the end, itself in most cases, shape (tokens,)."""
    here = np.arange(len(starts))
    source = here.copy()
    repeats = np.flatnonzero((rng.random(len(starts)) < bursts) & (here > starts))
    source[repeats] = starts[repeats] + (rng.random(len(repeats)) * (repeats - starts[repeats])).astype(np.int64)
    while True:
        further = source[source[repeats]]
        if np.array_equal(further, source[repeats]):
            return source
        source[repeats] = further


# ----------------------------------------------------------------------------------------------------------- profiles


def profiled(documents: Documents, seed: int) -> Profile:
    """Return the profile of documents, as if their types had been words: counts only, no sample and no origins.

    Classes become the column `CLASS`, named "class 0", "class 1", … in the order of their shares.
    """
    made = Profile(("words_1",), seed, by=() if documents.classes is None else (CLASS,))
    cells = np.empty(len(documents), np.uint64)
    _kernels.cells_of_documents(documents.content, np.uint64(purpose_key(seed, "half")), np.uint64(purpose_key(seed, "unit")), cells)
    texts = Texts(np.zeros(0, np.uint8), np.zeros(len(documents) + 1, np.int32), documents.content, cells)
    made.frequencies["words_1"].add(_counted(documents, texts, seed))
    made.frequencies[DOCUMENTS].add(document_view.documents(texts, seed))
    made.frequencies[LENGTHS].add(length_view.lengths(texts, documents.lengths))
    if documents.classes is not None:
        marks = marks_of(pa.array([f"class {number}" for number in documents.classes], pa.string()))
        made.frequencies[LABELS + CLASS].add(label_view.labels(marks, texts, seed))
        made.labels[LABELS + CLASS].add(marks)
    made.settle()
    return made


def _counted(documents: Documents, texts: Texts, seed: int) -> TypeBatch:
    most = int(documents.types.max(initial=0)) + 1
    keyed = np.sort(documents.owner * most + documents.types)
    owner, types = np.divmod(keyed, most)
    keys = type_hashes(types, seed) << np.uint64(CELL_BITS) | texts.cells[owner]
    is_new = np.diff(keyed, prepend=-1) > 0
    return TypeBatch(keys[is_new], keys[~is_new], texts.cells, documents.lengths)


def type_hashes(types: Numbers, seed: int) -> Keys:
    """Return the 52-bit hash of each type number, under the seed of a profile."""
    out = np.empty(len(types), np.uint64)
    _kernels.rekey(types.astype(np.uint64), np.uint64(purpose_key(seed, "synthetic types")), out)
    return out >> np.uint64(CELL_BITS)


def shards(documents: Documents, count: int) -> Iterator[Documents]:
    """Yield the documents in `count` parts of nearly equal size."""
    for part in np.array_split(np.arange(len(documents)), count):
        yield documents.taken(part)
