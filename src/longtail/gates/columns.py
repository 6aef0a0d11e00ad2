"""The gates of the lab on documents: each judges a column of numbers or truths as it judges the rows of a simulation."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
import xxhash

from longtail.errors import ConfigError, UnknownName
from longtail.gates.batch import Batch
from longtail.gates.catalogue import GATES, TRIED
from longtail.gates.judging import Judge
from longtail.gates.verdicts import KEEP, REJECT, Scores, Verdicts
from longtail.records import Origin
from longtail.views.keys import purpose_key

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

COLUMNS = {"position": "value", "validity": "right", "origin": "lt_origin", "reward": "reward", "nothing": ""}
"""The column that is judged where none is named."""

_SETTINGS = ("column", "group", "seed")
_WHOLE = frozenset({"top", "choose"})


class OnColumn:
    """A gate of the lab, judging documents by a column.

    Where the gate gives a probability, chance is a hash of the document's id under the seed: the same document has the same luck
    in any order, and so have the same documents that compete. A document without a fit value in the column is rejected; of lists
    of numbers those fit that are as long as most.

    Args:
        name: The gate: random, ball, oracle, detector, top or choose.
        column: What it looks at: for ball and top a number or a list of numbers, for oracle a truth, for detector a truth or
            an origin (human or not), for choose a number.
        group: For choose: the column whose equal values compete, such as a prompt; without it as many documents compete as
            `choices` says, drawn at random.
        seed: Seed of all chance.
        settings: Those of the gate.

    Raises:
        UnknownName: The gate has no such setting.
        ConfigError: A setting is missing or out of range.
    """

    def __init__(self, name: str, *, column: str | None = None, group: str | None = None, seed: int = 0, **settings: Any) -> None:
        entry = GATES[name]
        for given in settings:
            if given not in entry.settings:
                raise UnknownName(f"setting of the gate {name}", given, [*entry.settings, *_SETTINGS])
        missing = [setting for setting in entry.required if setting not in settings]
        if missing:
            raise ConfigError(f"gate {name!r} lacks {missing[0]!r}; it takes {', '.join(entry.settings)}")
        _check_own(name, column, group, seed)
        self.name, self.judges, self.settings, self.seed, self.group = name, entry.facts["judges"], settings, seed, group
        self.column = column or COLUMNS[self.judges]
        self._call = entry.member
        try:
            self._call(*TRIED[self.judges](), **settings)
        except TypeError as error:
            raise ConfigError(f"gate {name!r}: a setting is of the wrong type: {error}") from None

    def over(self, batches: Callable[[], Iterable[Batch]]) -> Judge:
        """Return the gate for a data set: `top` and `choose` compare its documents, the others judge each alone."""
        if self.name not in _WHOLE:
            return self
        seen = [(batch.positions, self._read(batch), self._drawn(batch), self._groups(batch)) for batch in batches()]
        if not seen:
            return self
        positions, read, drawn, groups = zip(*seen, strict=True)
        numbers, fit = _shaped(list(chain.from_iterable(read)))
        kept = self._together(numbers, fit, np.concatenate(drawn), list(chain.from_iterable(groups)))
        known = np.concatenate(positions)
        order = np.argsort(known, kind="stable")

        def judge(batch: Batch) -> Verdicts:
            at = order[np.searchsorted(known, batch.positions, sorter=order)]
            return self._verdicts(fit[at], kept[at], numbers[at])

        return judge

    def __call__(self, batch: Batch) -> Verdicts:
        """Judge documents; for `top` and `choose` they are a whole data set by themselves."""
        if not len(batch):
            return Verdicts.keep(0)
        if self.name in _WHOLE:
            return self.over(lambda: [batch])(batch)
        numbers, fit = _shaped(self._read(batch))
        chances = np.zeros(len(batch))
        if fit.any():
            chances[fit] = self._call(self._shown(numbers[fit]), **self.settings)
        return self._verdicts(fit, self._drawn(batch) < chances, numbers)

    def _shown(self, numbers: Floats) -> Any:
        """Return the values in the form in which the lab shows them to the gate."""
        return numbers[:, 0] == 1 if self.judges in ("validity", "origin") else numbers

    def _together(self, numbers: Floats, fit: Flags, drawn: Floats, groups: Sequence[Any]) -> Flags:
        kept = np.zeros(len(fit), np.bool_)
        at = np.flatnonzero(fit)
        if not len(at):
            return kept
        if self.name == "top":
            kept[at] = self._call(numbers[at], **self.settings)
            return kept
        for rivals in self._rivals(at, drawn, groups):
            rng = np.random.default_rng(drawn[rivals].view(np.uint64))
            kept[rivals[int(self._call(numbers[rivals, 0], rng, **self.settings))]] = True
        return kept

    def _rivals(self, at: npt.NDArray[np.int64], drawn: Floats, groups: Sequence[Any]) -> list[npt.NDArray[np.int64]]:
        """Return the documents that compete with each other; what is left over competes for one place too."""
        order = at[np.argsort(drawn[at], kind="stable")]
        if self.group is None:
            many = int(self.settings["choices"])
            return [order[start : start + many] for start in range(0, len(order), many)]
        by_group: dict[str, list[int]] = {}
        for index in order.tolist():
            by_group.setdefault(repr(groups[index]), []).append(index)
        return [np.array(by_group[key]) for key in sorted(by_group)]

    def _verdicts(self, fit: Flags, kept: Flags, numbers: Floats) -> Verdicts:
        reasons = [f"{self.name} did not keep it" if is_fit else f"no fit value in column {self.column!r}" for is_fit in fit.tolist()]
        told = self.judges != "nothing" and numbers.shape[1] == 1
        scores: Scores = np.where(fit, numbers[:, 0], np.nan) if told else np.full(len(fit), np.nan)
        decisions = np.where(fit & kept, KEEP, REJECT).astype(np.uint8)
        said = ["" if decision == KEEP else reason for decision, reason in zip(decisions.tolist(), reasons, strict=True)]
        return Verdicts(decisions, scores, said, [None] * len(fit))

    def _read(self, batch: Batch) -> list[list[float] | None]:
        """Return the value of each document in the column, None where it has none that fits."""
        if self.judges == "nothing":
            return [[0.0]] * len(batch)
        rule = _position if self.judges in ("position", "reward") else _truth
        return [rule(value) for value in batch.values(self.column)]

    def _drawn(self, batch: Batch) -> Floats:
        """Return a number from 0 to 1 for each document, by hash of its id."""
        key = purpose_key(self.seed, f"gate:{self.name}")
        digests = np.fromiter((xxhash.xxh3_64_intdigest(name.encode(), key) for name in batch.ids.to_pylist()), np.uint64, len(batch))
        return (digests >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def _groups(self, batch: Batch) -> Sequence[Any]:
        return batch.values(self.group) if self.group is not None else [None] * len(batch)


def _shaped(found: Sequence[list[float] | None]) -> tuple[Floats, Flags]:
    """Return values of the commonest length, shape (documents, dim), zeros where they are not fit, and which are."""
    lengths = Counter(len(each) for each in found if each is not None)
    width = min(lengths, key=lambda length: (-lengths[length], length), default=1)
    fit = np.array([each is not None and len(each) == width for each in found], np.bool_)
    rows = [each if is_fit else [0.0] * width for each, is_fit in zip(found, fit.tolist(), strict=True)]
    return np.array(rows, np.float64).reshape(-1, width), fit


def _check_own(name: str, column: object, group: object, seed: object) -> None:
    """Refuse settings of the wrong type that every gate on a column takes."""
    for setting, value in (("column", column), ("group", group)):
        if value is not None and not (isinstance(value, str) and value):
            raise ConfigError(f"gate {name!r}: {setting} is {value!r}; name a column")
    if not isinstance(seed, int) or isinstance(seed, bool) or seed < 0:
        raise ConfigError(f"gate {name!r}: seed is {seed!r}; take a whole number from 0 up")


def _position(value: object) -> list[float] | None:
    given = value if isinstance(value, list | tuple) else [value]
    numbers = [float(each) for each in given if isinstance(each, int | float) and not isinstance(each, bool)]
    return numbers if numbers and len(numbers) == len(given) and np.isfinite(numbers).all() else None


def _truth(value: object) -> list[float] | None:
    if isinstance(value, str):
        known = value in set(Origin) and value != Origin.UNKNOWN
        return [float(value == Origin.HUMAN)] if known else None
    return [float(value)] if isinstance(value, bool | int | float) and value in (0, 1) else None
