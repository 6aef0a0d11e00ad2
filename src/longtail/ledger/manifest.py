"""Manifests: what one training set was made of, as `longtail mix` writes it or as somebody who has only notes can."""

import os
from pathlib import Path
from typing import Any

import msgspec

from longtail.errors import ReadError
from longtail.records import SCHEMA_VERSION, Origin, Record

MANIFEST = "manifest"
"""The fact of a training set's node in the lineage that holds its manifest, as JSON."""


class Part(Record, frozen=True):
    """One pool of rows, and what was taken from it.

    Args:
        kind: "human" for real rows, "synthetic" for what a model had a hand in, "unknown" for what says neither.
        generation: Of real rows 0, or for those collected later the generation they were collected for; of model output its
            depth; None where it is not known.
        available: Rows that could be drawn.
        planned: Rows that the policy asks for, before a floor of real rows.
        realised: Rows in the training set.
        weight: Weight of each of them in training.
    """

    kind: str
    generation: int | None
    available: int
    planned: int
    realised: int
    weight: float = 1.0


class Manifest(Record, frozen=True):
    """What one training set was made of. `generation` and `rows` are needed, the rest may be unknown.

    Args:
        generation: Of the model that is trained on it: 1 for the first, trained on real data.
        rows: Rows of the training set.
        origins: Rows by `lt_origin`; what they leave of `rows` is unknown.
        original: Rows of generation 0, the real data of the first training set, that are in it.
        original_available: Rows of generation 0 that there are.
        depths: Rows by `lt_depth`, as text; "unknown" for those without one.
        weights: Mean weight of a row by origin, where weights are set.
        effective_real_share: Weight of human rows over all weight.
        decoding: Sampling settings of model output, each as canonical JSON, with the rows that state it; "" for none stated.
        policy: As it was asked for, such as "fresh:0.3".
        parts: Pools and what was taken from each.
        seed: Seed of the draw.
        settings: What else was asked for.
        safeguards: What else acts in the loop, by kind: gate, review, leash, with its name.
        output: File of the training set.
        sha256: Of that file.
        previous: `sha256` of the training set before.
        created_at: When it was made, ISO 8601.
    """

    generation: int
    rows: int
    origins: dict[str, int] = {}
    original: int | None = None
    original_available: int | None = None
    depths: dict[str, int] = {}
    weights: dict[str, float] = {}
    effective_real_share: float | None = None
    decoding: dict[str, int] = {}
    policy: str | None = None
    parts: tuple[Part, ...] = ()
    seed: int | None = None
    settings: dict[str, Any] = {}
    safeguards: dict[str, str] = {}
    output: str | None = None
    sha256: str | None = None
    previous: str | None = None
    created_at: str | None = None
    schema_version: str = SCHEMA_VERSION

    def __post_init__(self) -> None:
        """Refuse counts that cannot be."""
        stated = sum(self.origins.values())
        for name in self.origins:
            if name not in frozenset(Origin):
                raise ValueError(f"origins has {name!r}; known origins: {', '.join(Origin)}")
        if self.generation < 1 or self.rows < 0:
            raise ValueError(f"generation is {self.generation} and rows {self.rows}; generations count from 1, rows from 0")
        if stated > self.rows or min(self.origins.values(), default=0) < 0:
            raise ValueError(f"origins sum to {stated}, and there are {self.rows} rows")
        if self.original is not None and not 0 <= self.original <= self.rows:
            raise ValueError(f"original is {self.original}, of {self.rows} rows")

    def count(self, origin: Origin) -> int:
        """Return the rows of an origin; those not stated are unknown."""
        unstated = self.rows - sum(self.origins.values()) if origin is Origin.UNKNOWN else 0
        return self.origins.get(origin.value, 0) + unstated


def read_manifest(path: str | os.PathLike[str]) -> Manifest:
    """Read a manifest from a JSON file.

    Raises:
        ReadError: There is none, it is no JSON, or it says what cannot be.
    """
    name = os.fspath(path)
    try:
        return msgspec.json.decode(Path(name).read_bytes(), type=Manifest)
    except OSError as error:
        raise ReadError(name, f"cannot be read as a manifest: {error.strerror}", fix="name the JSON file that longtail mix wrote") from None
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise ReadError(name, f"is no manifest: {error}", fix='write at least {"generation": 1, "rows": 1000, "origins": {…}}') from None
