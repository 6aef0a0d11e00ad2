"""A quota: each stratum is filled from its own best documents, so that a verifier does not choose the mix."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, cast

import numpy as np
import numpy.typing as npt

from longtail.errors import ConfigError
from longtail.gates.batch import Batch
from longtail.gates.catalogue import GATES
from longtail.gates.consistency.shares import Filled, filled, mix_setting
from longtail.gates.consistency.stratifying import Stratifier, mix_of, strata_of, stratifier
from longtail.gates.consistency.unanimous import drawn
from longtail.gates.judging import Comparing, Judge, guarded, joined
from longtail.gates.making import made
from longtail.gates.settings import choice, column, whole
from longtail.gates.verdicts import KEEP, REJECT, REVIEW, Verdicts
from longtail.records import Origin

_NONE = -1


class _Seen(NamedTuple):
    """Documents of a data set, each (documents,): position, stratum (`_NONE` without one), rank among its stratum's, the best first."""

    positions: npt.NDArray[np.int64]
    strata: npt.NDArray[np.int64]
    ranks: npt.NDArray[np.int64]


class Filling:
    """A quota for one data set; `filled` says how it was filled.

    Args:
        filled: How many documents of each stratum are let through.
        judge: What judges.
    """

    def __init__(self, filled: Filled, judge: Judge) -> None:
        self.filled, self._judge = filled, judge

    @property
    def says(self) -> tuple[str, ...]:
        """Return how it was filled, and what a person must know of it."""
        return (self.filled.arithmetic, *self.filled.says)

    @property
    def facts(self) -> dict[str, int | float]:
        """Return what was counted, by name."""
        return self.filled.facts

    def __call__(self, batch: Batch) -> Verdicts:
        """Judge documents of the data set."""
        return self._judge(batch)


@GATES.add("quota", judges="documents", source="own definition; a verifier alone lets a mode die out")
class Quota:
    """Let through of each stratum as many documents as a mix says, its own best ones, and hold back the rest.

    With `verifier` this is one gate with two parts: what the verifier does not keep has its verdict, and the places go to what
    it keeps, in the mix of all documents that it saw. Documents of human origin take their places first, since they are not
    judged in most recipes. A stratum of which nothing is left is told, in `Filling.filled.says` and in the reason of every
    document of it and of every one that is held back; its places stay empty.

    No document is made up and none is let through twice: what a stratum lacks is told with its numbers, and is to be written anew.

    Held back is "review" by default: in a recipe whose `unsure` is "keep" such documents would come in all the same, so write
    `unsure = "hold"` there, or `beyond = "reject"` here.

    Args:
        by: Column of the strata, or a function that returns the stratum of a text; left out, the format of the text. A document
            without a stratum has no place.
        mix: "before", the mix of all documents that this gate sees; a table of shares by stratum; or a list of files, whose mix is
            followed: those of the first generation keep a loop from moving away from it a step at a time.
        score: Column of numbers, the highest first; "" draws by a hash of the id.
        size: Documents that the shares are taken of; by default the most at which no stratum that has documents falls short, so that
            the mix is exact and the scarcest stratum sets the size.
        verifier: A gate, or a table with its name and settings.
        beyond: What becomes of documents beyond the quota: "review" or "reject".
        seed: Seed of the draw, also among equal scores.

    Raises:
        ConfigError: A setting is out of range.
        UnknownName: There is no gate or setting of the verifier's.
    """

    def __init__(
        self,
        *,
        by: str | Stratifier | None = None,
        mix: str | Mapping[str, float] | Sequence[str] = "before",
        score: str = "",
        size: int | None = None,
        verifier: Judge | Comparing | Mapping[str, Any] | None = None,
        beyond: str = "review",
        seed: int = 0,
    ) -> None:
        self.by = stratifier("quota", by)
        self.mix = mix_setting("quota", mix)
        self.score = column("quota", "score", score) if score != "" else ""
        self.size = None if size is None else whole("quota", "size", size, 1)
        self.seed = whole("quota", "seed", seed, 0)
        self.verifier = _verifier(verifier)
        self.beyond = REJECT if choice("quota", "beyond", beyond, ("review", "reject")) == "reject" else REVIEW

    def over(self, batches: Callable[[], Iterable[Batch]]) -> Filling:
        """Return the gate for a data set, whose documents it counts and puts in order.

        Raises:
            ReadError: A file of the mix cannot be read.
            ConfigError: None of its documents has a stratum.
        """
        judge = None if self.verifier is None else _for_all(self.verifier, batches)
        names: dict[str, int] = {}
        parts: list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float64]]] = []
        found: list[Verdicts] = []
        for batch in batches():
            strata = [_NONE if name is None else names.setdefault(name, len(names)) for name in strata_of(batch, self.by)]
            parts.append((batch.positions, np.array(strata, np.int64), self._order(batch)))
            found.append(Verdicts.keep(len(batch)) if judge is None else guarded(judge, batch))
        verdicts = joined(found)
        positions, strata_ = (np.concatenate([np.zeros(0, np.int64), *(part[at] for part in parts)]) for at in (0, 1))
        order = np.concatenate([np.zeros((0, 3)), *(part[2] for part in parts)])
        fit = (verdicts.decisions == KEEP) & (strata_ != _NONE)
        counts = self._filled(list(names), strata_, fit)
        seen = _Seen(positions, strata_, _ranks(strata_, fit, order))
        return Filling(counts, lambda batch: self._judged(batch, seen, verdicts, counts, list(names)))

    def __call__(self, batch: Batch) -> Verdicts:
        """Judge documents that are a whole data set by themselves."""
        return self.over(lambda: [batch])(batch)

    def _order(self, batch: Batch) -> npt.NDArray[np.float64]:
        """Return what documents are put in order by, the least first: origin, score and draw, shape (documents, 3)."""
        human = [origin != Origin.HUMAN.value for origin in batch.values("lt_origin")]
        scores = [_number(value) for value in batch.values(self.score)] if self.score else [0.0] * len(batch)
        draws = [drawn(name, self.seed) for name in batch.ids.to_pylist()]
        return np.array([human, [-score for score in scores], draws], np.float64).T

    def _filled(self, names: list[str], strata: npt.NDArray[np.int64], fit: npt.NDArray[np.bool_]) -> Filled:
        there = Counter(strata[strata != _NONE].tolist())
        left = Counter(strata[fit].tolist())
        seen, ready = ({names[at]: count for at, count in counts.items()} for counts in (there, left))
        whole = sum(seen.values())
        mix = {name: count / whole for name, count in seen.items()} if self.mix is None else self.mix
        return filled(mix_of("quota", mix, self.by) if isinstance(mix, tuple) else mix, seen, ready, self.size)

    def _judged(self, batch: Batch, seen: _Seen, verdicts: Verdicts, counts: Filled, names: Sequence[str]) -> Verdicts:
        at = np.searchsorted(seen.positions, batch.positions)
        rooms = dict(zip(counts.strata, counts.kept, strict=True))
        ready = dict(zip(counts.strata, counts.fit, strict=True))
        note = "".join(f"; {each}" for each in counts.says)
        decisions = verdicts.decisions[at]
        reasons, matched = ([told[index] for index in at.tolist()] for told in (verdicts.reasons, verdicts.matched))
        for place, index in enumerate(at.tolist()):
            name = names[seen.strata[index]] if seen.strata[index] != _NONE else ""
            if decisions[place] != KEEP:
                reasons[place] += f"; no document of {name!r} is left" if ready.get(name) == 0 else ""
            elif seen.ranks[index] >= rooms.get(name, 0):
                decisions[place], reasons[place] = self.beyond, f"{self._beyond(name, rooms, ready)}{note}"
        scores = self._scores(batch, verdicts.scores[at])
        return Verdicts(decisions, scores, reasons, matched)

    def _beyond(self, name: str, rooms: Mapping[str, int], ready: Mapping[str, int]) -> str:
        if not name:
            return f"{self._unplaced}, so it has no place"
        return f"beyond the quota of {name!r}: {rooms[name]:,} of {ready[name]:,} go on"

    @property
    def _unplaced(self) -> str:
        """Return in words that a document has no stratum."""
        return f"no value in the column {self.by!r}" if isinstance(self.by, str) else "no stratum"

    def _scores(self, batch: Batch, given: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        if not self.score:
            return given
        numbers = np.array([_number(value) for value in batch.values(self.score)], np.float64)
        return np.where(np.isnan(given), np.where(np.isfinite(numbers), numbers, np.nan), given)


def _ranks(strata: npt.NDArray[np.int64], fit: npt.NDArray[np.bool_], order: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Return the rank of each fit document among those of its stratum, the best 0, shape (documents,)."""
    ranks = np.full(len(strata), np.iinfo(np.int64).max)
    chosen = np.flatnonzero(fit)
    places = chosen[np.lexsort((order[chosen, 2], order[chosen, 1], order[chosen, 0], strata[chosen]))]
    starts = np.flatnonzero(np.concatenate([[True], strata[places][1:] != strata[places][:-1]])) if len(places) else np.zeros(0, np.int64)
    lengths = np.diff(np.concatenate([starts, [len(places)]]))
    ranks[places] = np.arange(len(places)) - np.repeat(starts, lengths)
    return ranks


def _for_all(gate: Judge | Comparing, batches: Callable[[], Iterable[Batch]]) -> Judge:
    return gate.over(batches) if hasattr(gate, "over") else gate


def _verifier(given: Any) -> Judge | Comparing | None:
    """Return the verifier, made where it is a table.

    Raises:
        ConfigError: It is neither a gate nor a table with a name.
    """
    if given is None or callable(given):
        return cast(Judge | None, given)
    name = given.get("name") if isinstance(given, Mapping) else None
    if not isinstance(name, str):
        raise ConfigError(f"quota: verifier is {given!r}; take a gate, or a table with its name and settings")
    return made(name, {setting: value for setting, value in given.items() if setting != "name"})


def _number(value: Any) -> float:
    """Return a number, minus infinity where there is none, so that it comes last."""
    fit = isinstance(value, int | float) and not isinstance(value, bool) and bool(np.isfinite(value))
    return float(value) if fit else -np.inf
