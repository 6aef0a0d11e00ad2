"""Gaps: words and classes of the reference that a candidate holds less of, one by one, for whoever wants to fill them.

An exploratory list beside the verdict, which rests on the tail as a whole. A word's share is the share of documents that hold
it, because the document is the unit; documents are taken for independent, and shorter ones hold fewer words.
"""

import math
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import nsmallest
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from longtail.atomic import replaced
from longtail.auditing.inputs import Inputs
from longtail.auditing.options import Options
from longtail.errors import UsageError
from longtail.readers import read
from longtail.records import Estimate, OnProgress, Progress, Record
from longtail.stats.discovery import benjamini_yekutieli
from longtail.summaries.files import SUFFIX
from longtail.summaries.frequencies import ALL_TYPES
from longtail.summaries.profile import Profile
from longtail.summaries.rows import type_counts
from longtail.views import words as word_view
from longtail.views.batch import Texts, texts_in
from longtail.views.keys import cells_of, types_of

VIEW = "words_1"
FEWEST = 2
"""Documents of the reference that a word must be in to be listed."""

ALPHA = 0.05
EXAMPLES = 5
_LEAST = 1e-300

Totals = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]
Examples = dict[int, tuple[str, tuple[str, ...]]]


class Gap(Record, frozen=True):
    """What a candidate holds too little of: a word (`type`) or a class (`slice`).

    Shares are shares of documents. `low` and `high` each bound `candidate_share` at 95 %, one-sided; for a class they are the
    audit's simultaneous bounds of the ratio, times `reference_share`, which is then the share in what the audit judged against.
    `p` is one-sided for loss, `p_adjusted` the same by Benjamini-Yekutieli over all that was tested in the view.
    """

    view: str
    type: str | None
    slice: str | None
    reference_share: float
    candidate_share: float
    low: float
    high: float
    p: float
    p_adjusted: float
    example_ids: tuple[str, ...] = ()
    exploratory: bool = True


class Gaps(NamedTuple):
    """The gaps, the worst first, and how many words were left out because no document shows how they are written."""

    rows: tuple[Gap, ...]
    unwritten: int

    @property
    def lines(self) -> str:
        """Return one JSON object a line."""
        return "".join(msgspec.json.encode(row).decode() + "\n" for row in self.rows)


@dataclass(frozen=True)
class _Words:
    """Words with fewer documents in the candidate than chance explains, each array of shape (words,)."""

    types: npt.NDArray[np.uint64]
    there: Values
    here: Values
    low: Values
    high: Values
    p: Values
    p_adjusted: Values


def gaps_of(
    candidate: Profile,
    reference: Profile,
    estimates: Iterable[Estimate] = (),
    *,
    data: Any = None,
    text_column: str | None = None,
    table: str | None = None,
    redact: bool = False,
    on_progress: OnProgress | None = None,
) -> Gaps:
    """Return what is under-represented: first words, then classes, each the worst first.

    Words are worst where loss in share times -log p is largest. Listed are words in at least `FEWEST` documents of the
    reference with p at most `ALPHA` whose upper bound lies below the reference's share, and classes whose upper bound does.

    Args:
        candidate: The audited data set; of a lineage, the judged generation.
        reference: The human reference; where there is none, the baseline.
        estimates: Those of the audit's report: classes are taken from them.
        data: Paths of the reference, to look up words that its sampled documents lack; None, a profile or "-" is not read.
        text_column: Column of `data` that holds the text.
        table: Table of `data`, an SQLite file.
        redact: Give a word as the 13 hex digits of its hash, and no ids.
        on_progress: Called as `data` is read.

    Raises:
        IncompatibleSummaries: The profiles were made with unlike settings.
        ReadError: `data` cannot be read.
    """
    reference.require_alike(candidate)
    words = _words(candidate, reference)
    wanted = words.types.tolist()
    if redact:
        written: Examples = {kind: (f"{kind:013x}", ()) for kind in wanted}
    else:
        written = _examples(((i, entry.id, entry.text) for i, entry in enumerate(reference.sample.entries())), set(wanted), reference.seed)
        missing = set(wanted) - written.keys()
        if missing and _is_named(data):
            documents = _documents(data, text_column, table, missing, reference.seed, on_progress)
            written |= _examples(documents, missing, reference.seed)
    rows = tuple(_word(words, at, *written[kind]) for at, kind in enumerate(wanted) if kind in written)
    return Gaps(rows + _classes(estimates), len(wanted) - len(rows))


def write_gaps(
    target: Path, inputs: Inputs, estimates: Iterable[Estimate], data: Any, options: Options, on_progress: OnProgress | None = None
) -> Gaps:
    """Write the gaps of an audit as JSON Lines, all of them or none, and return them.

    Args:
        target: The file; an old one is replaced.
        inputs: What was compared; of a lineage, those of the judged generation.
        estimates: Those of the report.
        data: The reference as it was given, or the baseline where there is none, for a second look; see `gaps_of`.
        options: Settings of the audit.
        on_progress: Called as `data` is read again.

    Raises:
        UsageError: There is nothing to compare with, or the file cannot be written.
    """
    human = inputs.reference.profile if inputs.reference is not None else inputs.baseline
    if human is None:
        raise UsageError(f"nothing to compare with, so no gaps can be written to {str(target)!r}; add --reference HUMAN.jsonl")
    found = gaps_of(
        inputs.candidate,
        human,
        estimates,
        data=data,
        text_column=options.text_column,
        table=options.table,
        redact=options.redact,
        on_progress=on_progress,
    )
    try:
        with replaced(target) as draft:
            draft.write_text(found.lines, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"cannot write {str(target)!r}: {error.strerror or error}; name a folder that may be written to") from error
    return found


def _words(candidate: Profile, reference: Profile) -> _Words:
    """Return the words to be listed, the worst first.

    Each word is tested by Fisher's exact test: the documents of both sides that hold it are shared out at random. Tested are
    all words that occur often enough in both together for a shortfall to show at all (Tarone 1990), whatever side they are on,
    so that the choice of what is tested says nothing about the outcome.
    """
    types, there, here = _counts(reference, candidate)
    sizes = (_documents_of(reference), _documents_of(candidate))
    together = there + here
    tested = _shortfall(np.maximum(together - sizes[0], 0), together, *sizes) <= ALPHA
    types, there, here, together = types[tested], there[tested], here[tested], together[tested]
    p = _shortfall(here, together, *sizes)
    adjusted = benjamini_yekutieli(p)
    shares = there / max(1, sizes[0]), here / max(1, sizes[1])
    low, high = bounds(here, sizes[1])
    listed = np.flatnonzero((there >= FEWEST) & (p <= ALPHA) & (high < shares[0]))
    loss = (shares[0] - shares[1]) * -np.log(np.maximum(p, _LEAST))
    worst = listed[np.lexsort((types[listed], -loss[listed]))]
    return _Words(types[worst], shares[0][worst], shares[1][worst], low[worst], high[worst], p[worst], adjusted[worst])


def _counts(reference: Profile, candidate: Profile) -> tuple[npt.NDArray[np.uint64], Totals, Totals]:
    """Return the types of both sides and the documents of each side that hold them, each of shape (types,)."""
    sides = [type_counts(profile.frequencies[VIEW], None, ALL_TYPES) for profile in (reference, candidate)]
    types = np.union1d(sides[0][0], sides[1][0])
    counts = np.zeros((2, len(types)), np.int64)
    for side, (kinds, _, documents) in enumerate(sides):
        counts[side, np.searchsorted(types, kinds)] = documents
    return types, counts[0], counts[1]


def _documents_of(profile: Profile) -> int:
    return int(profile.frequencies[VIEW].documents.sum())


def _shortfall(here: Totals, together: Totals, reference: int, candidate: int) -> Values:
    """Return the chance of so few documents in the candidate, the total given, shape (types,)."""
    from scipy.stats import hypergeom

    pairs, at = np.unique(np.stack([here, together]), axis=1, return_inverse=True)
    chance = hypergeom.cdf(pairs[0], reference + candidate, pairs[1], candidate)
    return np.asarray(np.clip(chance, 0.0, 1.0)[np.ravel(at)])


def bounds(held: Totals, documents: int) -> tuple[Values, Values]:
    """Return the lower and the upper bound of a share, each one-sided at 1 - `ALPHA`.

    Args:
        held: Documents that hold each type, shape (types,).
        documents: Documents of the sample, at least 1.

    Source:
        Clopper & Pearson 1934.
    """
    from scipy.stats import beta

    low = np.where(held > 0, beta.ppf(ALPHA, np.maximum(held, 1), documents - held + 1), 0.0)
    high = np.where(held < documents, beta.ppf(1 - ALPHA, held + 1, np.maximum(documents - held, 1)), 1.0)
    return low, high


def _word(words: _Words, at: int, written: str, ids: tuple[str, ...]) -> Gap:
    there, here, low, high, p, adjusted = (
        float(values[at]) for values in (words.there, words.here, words.low, words.high, words.p, words.p_adjusted)
    )
    return Gap(view=VIEW, type=written, slice=None, reference_share=there, candidate_share=here, low=low, high=high, p=p,
               p_adjusted=adjusted, example_ids=ids)  # fmt: skip


def _classes(estimates: Iterable[Estimate]) -> tuple[Gap, ...]:
    """Return the classes of the judged generation that hold less than before, those of each column together."""
    shares, found = _judged(estimates), []
    for view in sorted({each.view for each in shares}):
        tested = [each for each in shares if each.view == view]
        adjusted = benjamini_yekutieli(np.array([each.p for each in tested], float)).tolist()
        found += [_class(each, p) for each, p in zip(tested, adjusted, strict=True) if each.high < 1]
    return tuple(sorted(found, key=lambda gap: (gap.view, (gap.reference_share - gap.candidate_share) * math.log(gap.p), gap.slice or "")))


def _judged(estimates: Iterable[Estimate]) -> list[Estimate]:
    """Return the tested shares of classes, of a lineage those of its last generation."""
    shares = [each for each in estimates if each.metric == "class_share" and each.p is not None]
    last = max((each.generation or 0 for each in shares), default=0)
    return [each for each in shares if (each.generation or 0) == last]


def _class(estimate: Estimate, adjusted: float) -> Gap:
    share, p = estimate.baseline_value or 0.0, estimate.p or 0.0
    return Gap(
        view=estimate.view,
        type=None,
        slice=estimate.slice,
        reference_share=share,
        candidate_share=share * estimate.value,
        low=share * estimate.low,
        high=share * estimate.high,
        p=p,
        p_adjusted=adjusted,
    )


def _is_named(data: Any) -> bool:
    """Tell whether data are files that can be read once more."""
    named = [data] if isinstance(data, str | os.PathLike) else list(data) if isinstance(data, list | tuple) else []
    paths = [os.fspath(name) for name in named if isinstance(name, str | os.PathLike)]
    return bool(paths) and len(paths) == len(named) and not any(path == "-" or path.endswith(SUFFIX) for path in paths)


def _documents(
    data: Any, text_column: str | None, table: str | None, wanted: set[int], seed: int, on_progress: OnProgress | None
) -> Iterator[tuple[int, str, str]]:
    """Yield rank, id and text of the documents that may hold a wanted word, in one pass over the data."""
    kinds = np.array(sorted(wanted), np.uint64)
    reading = read(data, text_column=text_column, table=table, texts_only=True)
    for batch in reading.batches():
        texts = texts_in(batch, seed)
        ranks = texts.ranks(seed, "sample")
        for at in _holders(texts, kinds, seed):
            yield int(ranks[at]), texts.id(at), texts.text(at)
        if on_progress is not None:
            on_progress(Progress(stage=f"examples {reading.path}", done=reading.documents))


def _holders(texts: Texts, kinds: npt.NDArray[np.uint64], seed: int) -> list[int]:
    """Return the documents of a batch whose cell holds a wanted word: few where the words are rare."""
    (grams,) = word_view.words(texts, [1], [ALL_TYPES], seed)
    held = grams.first[np.isin(types_of(grams.first), kinds)]
    return [int(at) for at in np.flatnonzero(np.isin(texts.cells, cells_of(held)))]


def _examples(documents: Iterable[tuple[int, str, str]], wanted: set[int], seed: int) -> Examples:
    """Return the written form and up to `EXAMPLES` ids of each wanted word, from the documents of lowest rank that hold it.

    Of copies, which share a rank, the smallest id stands for all, so that the order of the documents changes nothing.
    """
    held: dict[int, dict[int, tuple[str, str]]] = {}
    for rank, name, text in documents:
        for kind, word in word_view.spans(text, seed):
            if kind in wanted:
                found = held.setdefault(kind, {})
                found[rank] = min(found.get(rank, (name, word.lower())), (name, word.lower()))
                if len(found) > 2 * EXAMPLES:
                    held[kind] = {kept: found[kept] for kept in nsmallest(EXAMPLES, found)}
    return {kind: _lowest(found) for kind, found in held.items()}


def _lowest(found: dict[int, tuple[str, str]]) -> tuple[str, tuple[str, ...]]:
    kept = [found[rank] for rank in nsmallest(EXAMPLES, found)]
    return kept[0][1], tuple(name for name, _ in kept)
