"""What is said of the loop around a data set: the pipeline file, and manifests of training sets."""

import os
import tomllib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from glob import glob
from pathlib import Path
from typing import Any

import msgspec

from longtail.auditing.history import History
from longtail.auditing.rollouts import Judged
from longtail.errors import ConfigError, ReadError, UnknownName, UsageError
from longtail.ledger.graph import Graph
from longtail.ledger.manifest import Manifest, read_manifest
from longtail.metrics.filtering import FilterLoss
from longtail.metrics.rag.records import Retrieval
from longtail.rules import RULES, Known, Override, Pipeline
from longtail.rules.measures import Measures

_TABLE, _OVERRIDES = "pipeline", "override"


@dataclass(frozen=True)
class Around:
    """What is known around the data of an audit.

    Attributes:
        manifests: Of training sets, by generation.
        pipeline: What is said of the loop, or None.
        known: What a ledger says of the candidate's documents, or None without one.
        upstream_unknown: Checkpoints upstream of which the ledger knows nothing, or None without one.
        now: The moment of the audit, in UTC.
        last_audit: When the last audit in the history was made, as ISO 8601; empty where there is none.
        has_history: Whether a history was given.
        filtered: What a filter took that the candidate came through, or None.
        measures: What the texts show of their origin, or None.
        graph: The lineage graph of a ledger, or None without one.
        rollouts: What the guards say of a training run, or None where none was named.
        retrieval: What a store of answers shows, or None where none was named.
    """

    manifests: tuple[Manifest, ...] = ()
    pipeline: Pipeline | None = None
    known: Known | None = None
    upstream_unknown: tuple[str, ...] | None = None
    now: datetime | None = None
    last_audit: str = ""
    has_history: bool = False
    filtered: FilterLoss | None = None
    measures: Measures | None = None
    graph: Graph | None = None
    rollouts: Judged | None = None
    retrieval: Retrieval | None = None


def around(
    manifests: Sequence[Any] | None,
    pipeline: Any,
    now: datetime | None,
    series: History,
    *,
    has_history: bool,
) -> Around:
    """Return what is known around the data of an audit; manifests and the pipeline are records or files."""
    return Around(
        manifests=gather_manifests(manifests or ()),
        pipeline=pipeline if pipeline is None or isinstance(pipeline, Pipeline) else read_pipeline(pipeline),
        now=now or datetime.now(UTC),
        last_audit=series.last,
        has_history=has_history,
    )


def gather_manifests(given: Sequence[Any]) -> tuple[Manifest, ...]:
    """Return manifests by generation, those that are files, or patterns of files, read.

    Raises:
        UsageError: Two are of one generation.
        ReadError: A file is no manifest.
    """
    each = [given] if isinstance(given, str | os.PathLike | Manifest) else given
    named = (path for one in each for path in _matching(one))
    found = sorted((one if isinstance(one, Manifest) else read_manifest(one) for one in named), key=lambda one: one.generation)
    twice = [generation for generation, count in Counter(one.generation for one in found).items() if count > 1]
    if twice:
        raise UsageError(f"two manifests are of generation {twice[0]}; give one for each training set of one lineage")
    return tuple(found)


def _matching(named: Any) -> list[Any]:
    """Return the files that a pattern names; what matches none, and what is no text, stands for itself."""
    return (sorted(glob(named)) if isinstance(named, str) else []) or [named]


def read_pipeline(path: str | os.PathLike[str]) -> Pipeline:
    """Read what is said of a loop from a TOML file: a table [pipeline], and [[override]] for what was waived.

    Raises:
        ReadError: The file cannot be read.
        UnknownName: A key or a code that does not exist; the message holds the nearest one.
        ConfigError: It is no TOML, or a value cannot be.
    """
    name = os.fspath(path)
    try:
        found = tomllib.loads(Path(name).read_text(encoding="utf-8"))
    except OSError as error:
        raise ReadError(name, error.strerror or str(error), fix="check the path of the pipeline") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{name}: is no TOML ({error}); write a table [pipeline]") from error
    return pipeline_of(found, name)


def pipeline_of(found: Mapping[str, Any], name: str) -> Pipeline:
    """Return the pipeline of a decoded TOML file; `name` is told in messages."""
    _check(found, (_TABLE, _OVERRIDES), f"table in {name}")
    stated, overrides = found.get(_TABLE, {}), found.get(_OVERRIDES, [])
    if not isinstance(stated, Mapping) or not isinstance(overrides, list) or not all(isinstance(one, Mapping) for one in overrides):
        raise ConfigError(f"{name}: pipeline and override are tables; write [pipeline] once, and [[override]] for each override")
    _check(stated, [field for field in Pipeline.__struct_fields__ if field != "overrides"], f"key of [pipeline] in {name}")
    for one in overrides:
        _check(one, Override.__struct_fields__, f"key of [[override]] in {name}")
    try:
        made = msgspec.convert({**stated, "overrides": overrides}, Pipeline)
    except (msgspec.ValidationError, TypeError) as error:
        raise ConfigError(f"{name}: {error}; correct it in the file") from error
    for each in made.overrides:
        RULES[each.code]
    return made


def _check(given: Mapping[str, Any], known: Collection[str], kind: str) -> None:
    for key in given:
        if key not in known:
            raise UnknownName(kind, key, known)
