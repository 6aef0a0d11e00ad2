"""Lineages of real texts: n-gram models of Python's documentation on their own generations, diagnosed as a user's files are.

The law of such a model has no closed form. Its quantities are taken from `MANY` documents that it writes, many times as many
as are audited.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import pyarrow as pa

from bench.diagnosis.judging import ALPHA, Case, case_of, most_asked
from bench.diagnosis.recipes import Policy, Recipe
from bench.diagnosis.truth import Truth, buckets, ratio
from longtail.auditing.options import Options
from longtail.auditing.power import calibrated
from longtail.diagnosis.diagnose import diagnose
from longtail.lab.corpus import split, stdlib_prose
from longtail.lab.learners.ngram import NGram
from longtail.stats.hill import asymptotic
from longtail.stats.rarefaction import absence
from longtail.stats.richness import richness_from
from longtail.summaries.frequencies import ALL_TYPES
from longtail.summaries.profile import Profile
from longtail.summaries.profiling import profile
from longtail.summaries.reference import Reference
from longtail.summaries.rows import type_counts
from longtail.summaries.strata import BEYOND, TAIL, Strata

MANY = 12_000
GENERATIONS = 4
WORDS = ("words_1",)
WAYS: tuple[tuple[str, Policy, int, float, float], ...] = (
    ("texts, healthy", "none", 3, 1.0, 0.0),
    ("texts, replace", "replace", 3, 1.0, 0.0),
    ("texts, replace, temperature", "replace", 3, 0.8, 0.0),
    ("texts, fresh share", "fresh", 2, 1.0, 0.3),
    ("texts, accumulate", "accumulate", 3, 1.0, 0.0),
    ("texts, replace, one word", "replace", 1, 1.0, 0.0),
)
"""Kind, policy, words that a model sees and writes, temperature from the onset on, share of fresh human text."""


@dataclass(frozen=True)
class Counted:
    """Many documents of one model, by type.

    Attributes:
        hashes: Of the types, ascending, shape (types,).
        tokens: Of each, shape (types,).
        documents: That hold each, shape (types,).
        count: Of the documents.
    """

    hashes: np.ndarray
    tokens: np.ndarray
    documents: np.ndarray
    count: int

    @property
    def length(self) -> float:
        """Return the mean number of tokens of a document."""
        return float(self.tokens.sum() / self.count)

    def over(self, hashes: np.ndarray) -> "Counted":
        """Return the counts of given types, ascending and holding all of its own, zero where there are none."""
        at = np.searchsorted(hashes, self.hashes)
        tokens, documents = np.zeros((2, len(hashes)), np.int64)
        tokens[at], documents[at] = self.tokens, self.documents
        return Counted(hashes, tokens, documents, self.count)


@lru_cache(2)
def human(seed: int) -> tuple[list[str], list[str]]:
    """Return human texts to learn from and texts to hold out."""
    return split(_prose(), seed)


@lru_cache(1)
def _prose() -> list[str]:
    return stdlib_prose()


@lru_cache
def asked() -> int:
    """Return the documents that `longtail calibrate` asks for, of generation 1 and of each later one."""
    reference = _profile(human(0)[1], 0)
    return most_asked(calibrated(reference, Options(views=WORDS), None, ALPHA).endpoints)


def recipe(number: int) -> Recipe:
    """Return the recipe of a lineage of texts."""
    kind, policy, _, temperature, fresh = WAYS[number % len(WAYS)]
    onset = 2 + int(np.random.default_rng([number, 75]).integers(0, GENERATIONS - 1))
    return Recipe(number, kind, 0, policy, GENERATIONS, onset, 0, fresh=fresh, temperature=temperature)


def models(made: Recipe) -> list[NGram]:
    """Return the model of each generation."""
    order, rng = WAYS[made.number % len(WAYS)][2], np.random.default_rng([made.number, 76])
    train = human(made.number)[0]
    first = NGram(order).fit(train)
    fitted, written = [first], [train]
    while len(fitted) < GENERATIONS:
        if made.policy == "none" or len(fitted) + 1 < made.onset:
            fitted.append(first)
            continue
        written.append(fitted[-1].sample(len(train), rng))
        fitted.append(NGram(order, made.temperature).fit(_training(made, written, rng)))
    return fitted


def _training(made: Recipe, written: list[list[str]], rng: np.random.Generator) -> list[str]:
    if made.policy == "accumulate":
        return [text for part in written for text in part]
    kept, fresh = written[-1], round(made.fresh * len(written[0]))
    real = [written[0][at] for at in rng.choice(len(written[0]), fresh, replace=False)]
    return kept[: len(kept) - fresh] + real


def judged(number: int) -> Case:
    """Return a lineage of texts, diagnosed from the outputs of its versions, beside its truth."""
    made, documents = recipe(number), asked()
    fitted, rng = models(made), np.random.default_rng([number, 77])
    reference = human(number)[1]
    outputs = {f"v{place}": pa.table({"text": model.sample(documents, rng)}) for place, model in enumerate(fitted, start=1)}
    found = diagnose(outputs=outputs, reference=pa.table({"text": reference}), views=WORDS, seed=number, alpha=ALPHA)
    assert found.audit is not None
    true = truths(fitted, _profile(reference, number), documents, rng)
    case = case_of(made, documents, true, found.audit, family="texts")
    said, names = tuple(each.phase or "not_measured" for each in found.readings[1:]), list(outputs)
    return replace(case, said=said, stated=None if found.onset is None else names.index(found.onset) + 1)


def truths(fitted: list[NGram], reference: Profile, documents: int, rng: np.random.Generator) -> list[Truth]:
    """Return the truth of every generation after the first, from many documents of its model."""
    seen: dict[int, Counted] = {}
    for model in fitted:
        if id(model) not in seen:
            seen[id(model)] = counted(_profile(model.sample(MANY, rng), reference.seed))
    strata = Reference(reference).whole.strata(WORDS[0], 0.10, ALL_TYPES)
    first, *later = [seen[id(model)] for model in fitted]
    return [beside(each, first, strata, documents) for each in later]


def beside(one: Counted, first: Counted, strata: Strata, documents: int) -> Truth:
    """Return what is true of a model beside the first, at as many tokens of whole documents."""
    hashes = np.union1d(one.hashes, first.hashes)
    here, there = one.over(hashes), first.over(hashes)
    codes = strata.of(hashes)
    tail, beyond = codes == TAIL, codes == BEYOND
    shares = [each.tokens / each.tokens.sum() for each in (here, there)]
    matched = documents * min(here.length, there.length)
    bucket = buckets(shares[1], codes)
    moved = np.abs(np.bincount(bucket, shares[0]) - np.bincount(bucket, shares[1])).sum() / 2 if one is not first else 0.0
    richness = [_richness(each) for each in (here, there)]
    hill = {order: asymptotic(one.tokens, order) / asymptotic(first.tokens, order) for order in (1, 2)}
    novel = [float(share[beyond].sum()) for share in shares]
    return Truth(
        types=_expected(here, tail, matched) / _expected(there, tail, matched),
        mass=float(shares[0][tail].sum() / shares[1][tail].sum()),
        hill_1=float(hill[1]),
        hill_2=float(hill[2]),
        contrast=float(np.log(richness[0] / richness[1]) - np.log(hill[2])),
        novel=ratio(*novel),
        moved=max(0.0, float(moved) - _noise(shares, bucket, here, there)),
        nats=None,
    )


def counted(found: Profile) -> Counted:
    """Return a profile's counts of words."""
    hashes, tokens, documents = type_counts(found.frequencies[WORDS[0]], None, ALL_TYPES)
    return Counted(hashes, tokens.astype(np.int64), documents.astype(np.int64), found.documents)


def _expected(one: Counted, tail: np.ndarray, tokens: float) -> float:
    """Return the tail types expected in that many tokens of whole documents."""
    size = round(tokens / one.length)
    return float((1 - absence(one.documents[tail], one.count, size)).sum())


def _richness(one: Counted) -> float:
    held = one.documents[one.documents > 0]
    return float(richness_from(len(held), int((held == 1).sum()), int((held == 2).sum()), size=one.count))


def _noise(shares: list[np.ndarray], bucket: np.ndarray, here: Counted, there: Counted) -> float:
    """Return the total variation that chance alone brings between so many tokens of one law."""
    law = (np.bincount(bucket, shares[0]) + np.bincount(bucket, shares[1])) / 2
    per_token = 1 / here.tokens.sum() + 1 / there.tokens.sum()
    return float(np.sqrt(law * (1 - law) * per_token * 2 / np.pi).sum() / 2)


def _profile(texts: list[str], seed: int) -> Profile:
    return profile(pa.table({"text": texts}), views=WORDS, seed=seed)
