"""Templates: one opening or one skeleton that too many documents share."""

import math
import re
from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt
import xxhash

from longtail.gates.batch import Batch
from longtail.gates.catalogue import GATES
from longtail.gates.judging import Judge
from longtail.gates.settings import choice, number, whole
from longtail.gates.verdicts import KEEP, REJECT, REVIEW, Verdicts
from longtail.records import Origin

Keys = npt.NDArray[np.uint64]

OPENING, SKELETON = 5, 32
"""Words of an opening, and the words from the beginning that make a skeleton."""
MOST, FEWEST = 0.02, 5
LEAST_FIXED = 4
"""Words that must be left when names, numbers and quotations are masked; else a text has no skeleton."""
_NONE = 0
_LAST = np.uint64(1 << 63)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_QUOTED = re.compile(r"[\"“«][^\"”»\n]{0,200}[\"”»]|`[^`\n]{0,200}`")
_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")
_NAMES = re.compile(r"\b[^\W\d_a-zß-öø-ÿ][\w'’-]*(?:[ -]+[^\W\d_a-zß-öø-ÿ][\w'’-]*)*")
_DECISIONS = {"review": REVIEW, "reject": REJECT}


@GATES.add("templates", judges="documents", source="own definition; masking as in log templates, Zhu et al., arXiv:1811.03509")
class Templates:
    """Find an opening or a skeleton that too many documents share, and let only its quota pass.

    An opening is the first words of a text, without case and punctuation. A skeleton is its beginning with numbers, quotations
    and capitalised words masked, so that "The capital of France is Paris." and "The capital of Peru is Lima." share one. The
    quota of each is `most` of all documents, but `fewest` where that is more. Which documents it holds is drawn by a keyed hash
    of their ids, so that it does not depend on the order of a file; human documents come first.

    It says nothing of whether a document is right: what is beyond the quota may be.

    Args:
        most: Greatest share of the documents that may have one template.
        fewest: Documents of one template that pass however few there are in all.
        opening: Words of an opening; 0 looks at skeletons alone.
        skeleton: Words from the beginning that make a skeleton; 0 looks at openings alone.
        beyond: What happens to those beyond the quota: "review" or "reject".
        seed: Seed of the draw.

    Raises:
        ConfigError: A setting is out of range.
    """

    def __init__(
        self,
        *,
        most: float = MOST,
        fewest: int = FEWEST,
        opening: int = OPENING,
        skeleton: int = SKELETON,
        beyond: str = "review",
        seed: int = 0,
    ) -> None:
        self.most = number("templates", "most", most, 0, 1, above=True)
        self.fewest, self.seed = whole("templates", "fewest", fewest, 1), whole("templates", "seed", seed, 0)
        self._lengths = (whole("templates", "opening", opening, 0), whole("templates", "skeleton", skeleton, 0))
        self._beyond = _DECISIONS[choice("templates", "beyond", beyond, _DECISIONS)]

    def over(self, batches: Callable[[], Iterable[Batch]]) -> Judge:
        """Return the gate for a data set; about 40 bytes of memory a document."""
        parts = [self._seen(batch) for batch in batches()]
        positions = np.concatenate([np.zeros(0, np.int64), *(part[0] for part in parts)])
        ranks = np.concatenate([np.zeros(0, np.uint64), *(part[1] for part in parts)])
        keys = np.concatenate([np.zeros((0, 2), np.uint64), *(part[2] for part in parts)])
        quota = max(self.fewest, math.floor(self.most * len(positions)))
        counts = np.zeros(keys.shape, np.int64)
        beyond = np.zeros(len(positions), np.int64)
        for kind in (1, 0):
            over, counts[:, kind] = _beyond(keys[:, kind], ranks, quota)
            beyond[over] = kind + 1
        many = len(positions)
        order = np.argsort(positions, kind="stable")
        return lambda batch: self._judge(batch, order[np.searchsorted(positions, batch.positions, sorter=order)], beyond, counts, many)

    def __call__(self, batch: Batch) -> Verdicts:
        """Judge documents that are a whole data set by themselves."""
        return self.over(lambda: [batch])(batch)

    def _seen(self, batch: Batch) -> tuple[npt.NDArray[np.int64], Keys, Keys]:
        texts = [text or "" for text in batch.texts.to_pylist()]
        ranks = np.array([xxhash.xxh3_64_intdigest(str(name).encode(), seed=self.seed) for name in batch.ids.to_pylist()], np.uint64)
        human = np.array([each == Origin.HUMAN for each in batch.values("lt_origin")], np.bool_)
        ranks = ranks >> np.uint64(1) | np.where(human, np.uint64(0), _LAST)
        makers = (opening, skeleton)
        keys = [[_key(make(text, words)) if words else _NONE for make, words in zip(makers, self._lengths, strict=True)] for text in texts]
        return batch.positions, ranks, np.array(keys, np.uint64).reshape(-1, 2)

    def _judge(
        self, batch: Batch, at: npt.NDArray[np.int64], beyond: npt.NDArray[np.int64], counts: npt.NDArray[np.int64], many: int
    ) -> Verdicts:
        kinds = beyond[at]
        shares = counts[at].max(axis=1, initial=0) / max(many, 1)
        texts = batch.texts.to_pylist()
        reasons = [""] * len(batch)
        for place in np.flatnonzero(kinds):
            kind = int(kinds[place]) - 1
            found = (opening, skeleton)[kind](texts[place], self._lengths[kind])
            share = counts[at[place], kind] / many
            shares[place] = share
            reasons[place] = f"{share:.1%} of the documents {('begin', 'are built')[kind]} as “{found}”, at most {self.most:.1%}"
        missing = ~batch.texts.is_valid().to_numpy(zero_copy_only=False)
        for place in np.flatnonzero(missing):
            reasons[place] = "no text"
        decisions = np.where(missing, REJECT, np.where(kinds > 0, self._beyond, KEEP)).astype(np.uint8)
        return Verdicts(decisions, shares, reasons, [None] * len(batch))


def opening(text: str, words: int) -> str:
    """Return the first words of a text in small letters; empty where it has fewer."""
    found = []
    for each in _WORD.finditer(text):
        found.append(each.group().casefold())
        if len(found) == words:
            return " ".join(found)
    return ""


def skeleton(text: str, words: int) -> str:
    """Return the beginning of a text with quotations, numbers and capitalised words masked; empty where little else is left."""
    head = " ".join(text[: 40 * words].split(maxsplit=words)[:words])
    masked = _NAMES.sub("§", _NUMBER.sub("#", _QUOTED.sub("“”", head)))
    return masked if len(_WORD.findall(masked)) >= LEAST_FIXED else ""


def _key(template: str) -> int:
    return xxhash.xxh3_64_intdigest(template.encode()) or 1 if template else _NONE


def _beyond(keys: Keys, ranks: Keys, quota: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return which documents are beyond the quota of their template, and how many share each one's template."""
    order = np.lexsort((ranks, keys))
    _, starts, inverse, counts = np.unique(keys[order], return_index=True, return_inverse=True, return_counts=True)
    within = np.arange(len(keys)) - starts[inverse] if len(keys) else np.zeros(0, np.int64)
    some = keys[order] != _NONE
    shared = np.zeros(len(keys), np.int64)
    shared[order] = np.where(some, counts[inverse], 0)
    return order[(within >= quota) & some], shared
