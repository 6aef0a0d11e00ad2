"""A station: measures targets with one instrument, and judges what comes out."""

import hashlib

import numpy as np

from longtail.errors import UsageError
from longtail.origin import checks as held
from longtail.origin.instrument import Instrument, Read
from longtail.origin.interval import effective, interval
from longtail.origin.parting import floor_of
from longtail.origin.reference import Floats, Ints, Reference
from longtail.origin.result import Check, Grounds, Measured, Rates, Share
from longtail.origin.target import Target, clusters_of, key_of

MACHINE = "machine"
_OTHERS = ("mixture", "acc", "pacc")
"""Quantifiers that are asked beside the one chosen."""


class Station:
    """Measures targets and judges what came out."""

    def __init__(self, instrument: Instrument, shared: tuple[Check, ...], rates: tuple[Rates, ...]) -> None:
        self.instrument, self.shared, self.rates = instrument, shared, rates
        self.groups = len(np.unique(instrument.reference.groups))
        self._known = {key_of(text) for text in instrument.reference.texts}

    def read(self, target: Target) -> tuple[Read, Ints, Ints]:
        """Return what is measured of a target, the places of the texts that say something, and their clusters."""
        if not target.texts:
            raise UsageError("there are no documents to measure; give some")
        new = np.array([at for at, text in enumerate(target.texts) if key_of(text) not in self._known], np.int64)
        scores = None if target.scores is None else target.scores[new]
        read = self.instrument.read([target.texts[at] for at in new], scores)
        said = np.flatnonzero(np.isfinite(read.scores).all(1))
        if not len(said):
            raise UsageError("none of the documents could be scored: they have no words, or all of them stand in the reference")
        return read.take(said), new[said], clusters_of(target, new[said])

    def run(self, target: Target, column: str, value: str) -> tuple[Measured, Floats]:
        """Return what is measured of a whole target."""
        read, _, clusters = self.read(target)
        return self.measured(read, clusters, column, value)

    def measured(self, read: Read, clusters: Ints, column: str, value: str) -> tuple[Measured, Floats]:
        """Return what is measured of some texts, and the share of all machine origins in each replicate."""
        instrument, level = self.instrument, self.instrument.settings.level
        drawn = instrument.drawn(read, clusters)
        shares = np.nan_to_num(instrument.shares(read))
        methods = self._methods(read)
        second = float(np.nansum(instrument.second_opinion(read)))
        units = (effective(clusters), self.groups)
        machine = _share(MACHINE, float(shares.sum()), drawn.sum(1), units, level)
        count = len(np.unique(clusters))
        found = (
            *self.shared,
            held.target_size(count),
            held.misfit(instrument.misfit(read, clusters)),
            held.agreement(methods),
            held.second_opinion(float(shares.sum()), second),
            held.precision(machine.low or 0.0, machine.high or 0.0),
        )
        status = held.status_of(found)
        origins = [_share(name, float(shares[at]), drawn[:, at], units, level) for at, name in enumerate(instrument.reference.origins)]
        if status == "refused":
            machine, origins = _untold(machine), [_untold(each) for each in origins]
        floor = floor_of(self.rates, len(read.scores), documents_of(instrument.reference), level)
        record = Measured(
            column=column,
            value=value,
            documents=len(read.scores),
            clusters=count,
            status=status,
            reasons=held.reasons_of(found),
            machine=machine,
            origins=tuple(origins),
            floor=floor,
            methods={} if status == "refused" else methods,
            checks=found,
        )
        return record, drawn.sum(1)

    def _methods(self, read: Read) -> dict[str, float]:
        names = dict.fromkeys([self.instrument.settings.method, *_OTHERS])
        found = {name: float(self.instrument.shares(read, name).sum()) for name in names}
        return {name: share for name, share in found.items() if share == share}


def _share(origin: str, share: float, drawn: Floats, units: tuple[float, int], level: float) -> Share:
    """Return a share with its interval; `units` are the effective clusters of the target and the groups of the reference."""
    found = interval(share, drawn, clusters=units[0], groups=units[1], level=level)
    if found is None:
        return Share(origin=origin, share=share, low=0.0, high=1.0)
    return Share(origin=origin, share=share, low=found.low, high=found.high)


def _untold(share: Share) -> Share:
    return Share(origin=share.origin, share=None, low=None, high=None)


def documents_of(reference: Reference) -> dict[str, int]:
    """Return the number of texts of each origin by its name, human first."""
    return dict(zip(("human", *reference.origins), (int(count) for count in reference.counts()), strict=True))


def grounds(reference: Reference) -> Grounds:
    """Return what an estimate says of its reference."""
    names = ("human", *reference.origins)
    lines = sorted(f"{names[label]}\0{text}" for label, text in zip(reference.labels, reference.texts, strict=True))
    digest = hashlib.sha256("\0\0".join(lines).encode("utf-8", "surrogatepass")).hexdigest()
    return Grounds(documents=documents_of(reference), groups=len(np.unique(reference.groups)), sha256=digest)
