"""Lineages of documents of a known law, and an independent simulator that fits word shares and writes documents."""

from dataclasses import replace

import numpy as np

from bench.synthetic import Documents, drawn, profiled, zipf
from longtail.diagnosis.records import Diagnosis, Entry, Past, Reading, Signature


def joined(parts):
    return Documents(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("types", "lengths", "content")), None)


def fitted(documents, law, gap=1.0):
    """The law of a model that learnt the share of every word, with the rare ones `gap` times as common."""
    shares = np.bincount(documents.types, minlength=len(law.shares)).astype(float)
    shares = np.where(law.rare, gap * shares, shares)
    return replace(law, shares=shares / shares.sum())


def some(documents, count, rng):
    return documents.taken(rng.permutation(len(documents))[:count])


class Lineage:
    """A reference, a reservoir and the outputs of versions that each replaced their data by the last one's outputs."""

    def __init__(self, seed, *, rows=250, real=140, versions=3, human=700, gap=1.0):
        self.rng, self.law, self.rows, self.gap = np.random.default_rng(seed), zipf(), rows, gap
        self.human, self.real = drawn(self.law, human, self.rng), drawn(self.law, real, self.rng)
        self.outputs = [self.next(drawn(self.law, rows, self.rng), rows)]
        for _ in range(versions - 1):
            self.outputs.append(self.next(self.outputs[-1], rows))
        self.reference, self.reservoir = profiled(self.human, 0), profiled(self.real, 0)
        self.profiles = [profiled(each, 0) for each in self.outputs]

    def next(self, documents, count):
        return drawn(fitted(documents, self.law, self.gap), count, self.rng)

    def realised(self, start, share, policy, generations, bad, measured):
        """Train generation after generation on drawn documents and return outputs of the last."""
        pool, other = list(bad) if policy == "keep" else [], some(start, self.rows - round(share * self.rows), self.rng)
        for _ in range(generations):
            pool.append(joined([some(self.real, round(share * self.rows), self.rng), other]))
            used = joined(pool if policy != "replace" else pool[-1:])
            other = self.next(used, self.rows - round(share * self.rows))
        return profiled(self.next(used, measured), 0)


def diagnosis(phases, onset=None, entry=None):
    """A diagnosis that says no more than what a plan reads."""
    readings = tuple(Reading(version=f"version {at}", place=at, path="", documents=1, phase=phase) for at, phase in enumerate(phases, 1))
    return Diagnosis(
        longtail_version="",
        created_at="",
        command="",
        seed=0,
        past=Past(),
        entry=Entry(told="not_measured", version=entry),
        readings=readings,
        signature=Signature(status="not_measured", confidence="low", because=""),
        phase=phases[-1] or "not_measured",
        shape="not_measured",
        onset=onset,
        onset_statement="",
        explanations=(),
        lead_times=(),
        risks=(),
        confidence="low",
        because="",
        collect=(),
    )
