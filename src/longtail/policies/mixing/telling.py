"""What is told of a mix: its manifest, and all that was found on the way."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from longtail.ledger.manifest import Manifest, Part
from longtail.ledger.statements import Statements
from longtail.policies.mixing.asked import Asked, Mixed
from longtail.policies.mixing.choosing import Choice
from longtail.policies.mixing.gathering import ORIGINS, Rows
from longtail.policies.mixing.previous import Retained
from longtail.policies.mixing.tails import TailImpact
from longtail.policies.mixing.writing import Weights
from longtail.records import Origin

_HUMAN = ORIGINS.index(Origin.HUMAN)
_SHOWN = 20


def weights_by_pool(asked: Asked, choice: Choice) -> Weights:
    """Return the weight of each row of a pool in training, shape (pools,)."""
    each = zip(choice.pools.pools, choice.quota.weights, strict=True)
    return np.array([weight if pool.kind == "human" else weight * asked.discount for pool, weight in each])


def weights_of(asked: Asked, choice: Choice) -> Weights:
    """Return the weight of each row in training, shape (rows,); 0 for rows in no pool."""
    weights: Weights = np.append(weights_by_pool(asked, choice), 0.0)
    return weights[choice.pools.place]


@dataclass(frozen=True)
class Told:
    """All that is known of a mix.

    Attributes:
        asked: The settings.
        rows: All rows.
        choice: Those of the training set.
        reader: What read their provenance.
        notes: What was found about files.
        refusal: Why it is not written.
        kept: Share of the human rows of the training set before.
        impact: What becomes of the tail of the human words.
        output: Where it is written.
        previous: Hash of the training set before.
    """

    asked: Asked
    rows: Rows
    choice: Choice
    reader: Statements
    notes: tuple[str, ...]
    refusal: str | None
    kept: Retained | None
    impact: TailImpact | None
    output: str | None
    previous: str | None

    def manifest(self, sha256: str | None = None) -> Manifest:
        """Return the manifest, with the hash of the file where it was written."""
        pools, taken = self.choice.pools, self.choice.taken
        counts = self._counts()
        masses = counts * weights_by_pool(self.asked, self.choice)[:, None]
        total = float(masses.sum())
        place = pools.original
        return Manifest(
            generation=pools.newest + 1,
            rows=int(taken.sum()),
            origins={name: int(counts[:, at].sum()) for at, name in enumerate(ORIGINS) if counts[:, at].any()},
            original=0 if place is None else self.choice.quota.taken[place],
            original_available=0 if place is None else pools.held[place],
            depths=self._depths(),
            weights={name: float(masses[:, at].sum() / counts[:, at].sum()) for at, name in enumerate(ORIGINS) if counts[:, at].any()},
            effective_real_share=float(masses[:, _HUMAN].sum() / total) if total else None,
            decoding=self._decoding(),
            policy=self.asked.policy,
            parts=self._parts(),
            seed=self.asked.seed,
            settings=self.asked.settings() | {"found": self._found()},
            output=self.output,
            sha256=sha256,
            previous=self.previous,
            created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        )

    def _counts(self) -> npt.NDArray[np.int64]:
        """Return the rows of the training set by pool and origin, shape (pools, origins)."""
        taken, kinds, pools = self.choice.taken, len(ORIGINS), len(self.choice.pools.pools)
        pairs = self.choice.pools.place[taken].astype(np.int64) * kinds + self.rows.origins[taken]
        return np.bincount(pairs, minlength=pools * kinds).reshape(pools, kinds).astype(np.int64)

    def _parts(self) -> tuple[Part, ...]:
        pools, quota = self.choice.pools, self.choice.quota
        weights = weights_by_pool(self.asked, self.choice).tolist()
        parts = [
            Part(
                kind=pool.kind,
                generation=pool.generation,
                available=pools.held[at],
                planned=quota.planned[at],
                realised=quota.taken[at],
                weight=weights[at],
            )
            for at, pool in enumerate(pools.pools)
            if pools.held[at]
        ]
        left = pools.unknown if self.asked.unknown == "leave" else 0
        return (*parts, *([Part(kind="unknown", generation=None, available=left, planned=0, realised=0)] if left else []))

    def _depths(self) -> dict[str, int]:
        taken = self.choice.taken
        written = self.rows.origins[taken] != _HUMAN
        depths = np.bincount(self.rows.depths[taken][written])
        human, unknown = int((~written).sum()), int(depths[:1].sum())
        named = {"0": human} | {str(depth): int(count) for depth, count in enumerate(depths) if depth and count} | {"unknown": unknown}
        return {name: count for name, count in named.items() if count}

    def _decoding(self) -> dict[str, int]:
        written = self.choice.taken & (self.rows.origins != _HUMAN)
        counts = np.bincount(self.rows.decoding[written], minlength=len(self.rows.decodings))
        return {name: int(count) for name, count in sorted(zip(self.rows.decodings, counts, strict=True)) if count}

    def _found(self) -> dict[str, Any]:
        tally = self.reader.tally
        found = {
            "documents": tally.documents,
            "quarantined": self.reader.quarantine.count,
            "duplicates": self.rows.duplicates(),
            "unknown": self.choice.pools.unknown,
            "undated": self.choice.pools.undated,
            "retained_real_share": None if self.kept is None else self.kept.share,
        }
        return {name: value for name, value in found.items() if value is not None}

    def mixed(self, manifest: Manifest, *, written: bool = False, as_text: tuple[str, ...] = ()) -> Mixed:
        """Return the manifest together with all that was found."""
        tally, quarantine, quota = self.reader.tally, self.reader.quarantine, self.choice.quota
        human = [at for at, pool in enumerate(self.choice.pools.pools) if pool.kind == "human"]
        return Mixed(
            manifest=manifest,
            written=written,
            refusal=self.refusal,
            documents=tally.documents,
            quarantined=quarantine.count,
            quarantine=quarantine.kept[:_SHOWN],
            duplicates=manifest.settings["found"]["duplicates"],
            computed=tally.computed,
            unknown=self.choice.pools.unknown,
            untold=tally.untold,
            not_origins=dict(tally.not_origins),
            undated=self.choice.pools.undated,
            raised=sum(quota.taken[at] - quota.planned[at] for at in human),
            size_unused=self.asked.size is not None and not self.choice.pools.newest,
            retained=None if self.kept is None else self.kept.share,
            retained_by=None if self.kept is None else self.kept.by,
            impact=self.impact,
            tails=self.choice.tails,
            gaps=self.choice.gaps,
            as_text=as_text,
            notes=self.notes,
        )
