"""DVC: files beside data, `*.dvc` and `dvc.lock`, that hold the hash of what they stand for.

The hashes are MD5, and say nothing of a SHA-256; where the data are in the folder or in the cache of DVC they are read.
Source: https://dvc.org/doc/user-guide/project-structure.
"""

import os
from collections.abc import Iterator, Mapping
from typing import Any

from longtail.diagnosis.past.contents import Content, content_of, training_of
from longtail.diagnosis.past.labels import label_of
from longtail.diagnosis.past.told import RECORDS, Found, Told
from longtail.diagnosis.past.walk import files_in, read_bytes
from longtail.diagnosis.past.yaml import NotRead, load


@RECORDS.add("dvc", trust="4", source="https://dvc.org/doc/user-guide/project-structure")
def read(folder: str) -> Found:
    """Files of DVC, and what they stand for."""
    told: list[Told] = []
    damaged: list[str] = []
    unnamed = 0
    for path in files_in(folder, is_pointer):
        outs = outs_in(read_bytes(os.path.join(folder, path)) or b"", path)
        if isinstance(outs, str):
            damaged.append(f"{path} ({outs})")
            continue
        named = [each for each in (told_of(folder, out, path, f"dvc {path}") for out in outs) if each is not None]
        told += [each for each in named if each.name]
        unnamed += len(named) - sum(bool(each.name) for each in named)
    reason = f"outs without a version in their name: {unnamed}" if unnamed else "" if told else "no .dvc file or dvc.lock in the folder"
    return Found(tuple(told), reason, tuple(damaged))


def is_pointer(path: str) -> bool:
    """Tell whether a path is one of a file of DVC that stands for data."""
    return path.endswith(".dvc") or os.path.basename(path) == "dvc.lock"


def outs_in(content: bytes, path: str) -> list[dict[str, Any]] | str:
    """Return the outs of a file of DVC, each with the path, md5, size and nfiles that it states, or why it cannot be read.

    Args:
        content: Of the file.
        path: Of the file, which paths in it start from.
    """
    try:
        value = load(content.decode("utf-8"))
    except (NotRead, UnicodeDecodeError) as error:
        return f"not read: {error}"
    if not isinstance(value, Mapping):
        return "holds no mapping"
    if "outs" not in value and "stages" not in value:
        return "states neither outs nor stages"
    stages = value.get("stages")
    parts = [value, *(stages.values() if isinstance(stages, Mapping) else ())]
    found = [out for part in parts if isinstance(part, Mapping) for out in _listed(part.get("outs"))]
    at = os.path.join(os.path.dirname(path), str(value.get("wdir") or "."))
    return [{**out, "path": os.path.normpath(os.path.join(at, out["path"])).replace(os.sep, "/")} for out in found]


def _listed(outs: Any) -> Iterator[dict[str, Any]]:
    for out in outs if isinstance(outs, list) else ():
        if isinstance(out, Mapping) and isinstance(out.get("path"), str):
            yield dict(out)


def told_of(folder: str, out: Mapping[str, Any], path: str, source: str, bond: str = "") -> Told | None:
    """Return what one out says of the training set of a version, None where it is of no training set.

    Args:
        folder: That was searched.
        out: As `outs_in` returns it.
        path: Of the file of DVC.
        source: What tells.
        bond: What ties it to other records.
    """
    named, md5 = out["path"], str(out.get("md5") or "")
    if not md5.endswith(".dir") and not training_of([named]):
        return None
    label = label_of(named) or label_of(path)
    is_now = os.path.exists(os.path.join(folder, named)) and not bond
    content = _content(folder, named, md5, is_now=is_now)
    return Told(
        kind="dvc",
        source=f"{source} (md5 {md5[:8] or 'not stated'})",
        name=label.text if label else "",
        sha256=content.sha256,
        rows=content.rows,
        shares=content.shares,
        depths=content.depths,
        files=(named,) if is_now else (),
        bond=bond,
    )


def _content(folder: str, named: str, md5: str, *, is_now: bool) -> Content:
    """Return what an out holds, by the cache of DVC or else by the file that is there now; nothing of a folder."""
    here = os.path.join(folder, named)
    stored = cached(folder, md5) or (here if is_now and os.path.isfile(here) else None)
    return content_of([stored]) if stored else Content()


def cached(folder: str, md5: str) -> str | None:
    """Return the file in the cache of DVC that has a hash, None where there is none.

    Args:
        folder: That was searched.
        md5: Hex digits.
    """
    if len(md5) != 32 or not md5.isalnum():
        return None
    for layout in ("files/md5", ""):
        found = os.path.join(folder, ".dvc", "cache", layout, md5[:2], md5[2:])
        if os.path.isfile(found):
            return found
    return None
