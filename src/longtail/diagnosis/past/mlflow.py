"""MLflow: runs in the files that its tracking writes, `mlruns/EXPERIMENT/RUN`, with their data sets.

Source: https://mlflow.org/docs/latest/tracking.html (file store).
"""

import os
from collections.abc import Mapping
from typing import Any

import msgspec

from longtail.diagnosis.past.labels import label_of
from longtail.diagnosis.past.told import RECORDS, Found, Told
from longtail.diagnosis.past.walk import files_in, iso, read_bytes
from longtail.diagnosis.past.yaml import NotRead, load

_PARENTS = ("base_model", "model_name_or_path", "base_model_name_or_path", "init_from", "parent", "teacher", "dataset", "train_file")

_CLAIM = b"lifecycle_stage"
"""What every description of a run holds, and hardly any other file."""


@RECORDS.add("mlflow", trust="6", source="https://mlflow.org/docs/latest/tracking.html")
def read(folder: str) -> Found:
    """Runs of MLflow that bear a version in their name, params or tags."""
    told: list[Told] = []
    damaged: list[str] = []
    runs = unnamed = 0
    for path in files_in(folder, lambda name: name.endswith("/meta.yaml") or name == "meta.yaml"):
        meta = _yaml(folder, path)
        if isinstance(meta, str):
            damaged += [f"{path} ({meta})"] if _CLAIM in (read_bytes(os.path.join(folder, path)) or b"") else []
            continue
        if not _is_run(meta):
            continue
        runs += 1
        made = _run(folder, os.path.dirname(path), meta)
        unnamed += not made.name
        told += [made] if made.name else []
    reason = f"runs without a version in their name: {unnamed} of {runs}" if unnamed else "" if runs else "no runs of MLflow in the folder"
    return Found(tuple(told), reason, tuple(damaged))


def _is_run(meta: Mapping[str, Any]) -> bool:
    return ("run_id" in meta or "run_uuid" in meta) and meta.get("lifecycle_stage") != "deleted"


def _yaml(folder: str, path: str) -> Mapping[str, Any] | str:
    content = read_bytes(os.path.join(folder, path))
    try:
        value = load((content or b"").decode("utf-8"))
    except (NotRead, UnicodeDecodeError) as error:
        return f"not read: {error}"
    return value if isinstance(value, Mapping) else "holds no mapping"


def _run(folder: str, at: str, meta: Mapping[str, Any]) -> Told:
    params, tags = _values(folder, f"{at}/params"), _values(folder, f"{at}/tags")
    named = [str(meta.get("run_name") or ""), tags.get("mlflow.runName", ""), tags.get("version", ""), params.get("version", "")]
    begun = str(meta.get("start_time") or "")
    sets = _data_sets(folder, at)
    models = [params[name] for name in _PARENTS if params.get(name)]
    return Told(
        kind="mlflow",
        source=f"mlflow run {str(meta.get('run_id') or meta.get('run_uuid'))[:8]}",
        name=next((label.text for label in map(label_of, named) if label), ""),
        time=iso(int(begun) / 1000) if begun.isdecimal() else None,
        rows=sets[0]["rows"] if len(sets) == 1 else None,
        parents=tuple(dict.fromkeys([*models, *(each["named"] for each in sets)])),
    )


def _values(folder: str, at: str) -> dict[str, str]:
    """Return what a folder of one file for each value holds."""
    found = {}
    for path in files_in(os.path.join(folder, at), lambda _: True):
        content = read_bytes(os.path.join(folder, at, path), 64 * 1024)
        found[path] = (content or b"").decode("utf-8", "replace").strip()
    return found


def _data_sets(folder: str, at: str) -> list[dict[str, Any]]:
    """Return the data sets that a run names as its inputs, but for those for evaluation: name and digest, and rows where they are told."""
    found = []
    for path in files_in(os.path.join(folder, at, "inputs"), lambda name: name.endswith("meta.yaml")):
        link = _yaml(folder, f"{at}/inputs/{path}")
        if isinstance(link, str) or link.get("source_type") != "DATASET" or _is_evaluated(link):
            continue
        meta = _yaml(folder, f"{os.path.dirname(at)}/datasets/{link.get('source_id')}/meta.yaml")
        if not isinstance(meta, str):
            named = f"{meta.get('name') or 'data set'}@{meta.get('digest') or 'no digest'}"
            found.append({"named": named, "rows": _rows(meta.get("profile"))})
    return found


def _is_evaluated(link: Mapping[str, Any]) -> bool:
    """Tell whether tags say that a data set was for anything but training."""
    tags = link.get("tags")
    said = tags.get("mlflow.data.context") if isinstance(tags, Mapping) else None
    return said is not None and "train" not in str(said).lower()


def _rows(profile: Any) -> int | None:
    try:
        value = msgspec.json.decode(str(profile or "{}"))
    except (msgspec.DecodeError, RecursionError):
        return None
    rows = value.get("num_rows") if isinstance(value, Mapping) else None
    return rows if isinstance(rows, int) and rows >= 0 else None
