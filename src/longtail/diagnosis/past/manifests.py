"""Manifests, as `longtail mix` writes them."""

import os
from collections.abc import Iterable

import msgspec

from longtail.diagnosis.past.contents import shares_of
from longtail.diagnosis.past.labels import label_of
from longtail.diagnosis.past.told import RECORDS, Found, Told
from longtail.diagnosis.past.walk import files_in, read_bytes
from longtail.ledger.manifest import Manifest, read_manifest
from longtail.records import Origin

_NAMED = ".manifest.json"


@RECORDS.add("manifests", trust="1", source="longtail.ledger.manifest")
def read(folder: str) -> Found:
    """Manifests of training sets."""
    told: list[Told] = []
    damaged: list[str] = []
    for path in files_in(folder, lambda name: name.endswith(".json")):
        content = read_bytes(os.path.join(folder, path))
        made = None if content is None else manifest_in(content)
        if made is not None:
            told.append(told_of(made, f"manifest {path}", path))
        elif path.endswith(_NAMED) or (content is not None and _claims(content)):
            damaged.append(path)
    return Found(_distinct(told), "" if told else "no manifest of longtail mix in the folder", tuple(damaged))


def manifest_in(content: bytes) -> Manifest | None:
    """Return the manifest that JSON is, None where it is none."""
    try:
        return msgspec.json.decode(content, type=Manifest)
    except (msgspec.DecodeError, msgspec.ValidationError, RecursionError):
        return None


def _claims(content: bytes) -> bool:
    """Tell whether JSON says of itself what only manifests say."""
    return all(word in content for word in (b'"generation"', b'"origins"', b'"effective_real_share"'))


def told_of(manifest: Manifest, source: str, path: str, kind: str = "manifests", bond: str = "") -> Told:
    """Return what a manifest says.

    Args:
        manifest: It.
        source: What tells.
        path: Of the manifest.
        kind: Of the record that it stands in.
        bond: What ties it to other records.
    """
    label = label_of(manifest.output or "") or label_of(path)
    return Told(
        kind=kind,
        source=source,
        name=label.text if label else "",
        number=manifest.generation,
        time=manifest.created_at,
        sha256=manifest.sha256,
        rows=manifest.rows,
        shares=shares_of(manifest.origins, manifest.rows, Origin.UNKNOWN),
        depths=shares_of(manifest.depths, manifest.rows, "unknown"),
        previous=manifest.previous,
        bond=bond,
        manifest=manifest,
    )


def given(paths: Iterable[str]) -> Found:
    """Return what manifests say that were named.

    Raises:
        ReadError: One cannot be read, or is none.
    """
    return Found(tuple(told_of(read_manifest(path), f"manifest {path}", path) for path in paths))


def _distinct(told: list[Told]) -> tuple[Told, ...]:
    """Leave out copies of one manifest."""
    kept: dict[bytes, Told] = {}
    for each in told:
        kept.setdefault(msgspec.json.encode(each.manifest), each)
    return tuple(kept.values())
