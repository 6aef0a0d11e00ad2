"""Files by their name, hash and date: the weakest record, for copying changes a date and renaming a name."""

import os
from collections import defaultdict
from collections.abc import Sequence

from longtail.diagnosis.past.contents import content_of, is_data, training_of
from longtail.diagnosis.past.labels import label_of, natural
from longtail.diagnosis.past.told import RECORDS, Found, Told
from longtail.diagnosis.past.walk import files_in, iso

_MODEL = (".safetensors", ".bin", ".pt", ".pth", ".ckpt", ".gguf", ".npz", ".onnx")
WEAKEST = "file dates are the weakest record: copying changes them"


@RECORDS.add("file names", trust="7", source="file system")
def read(folder: str) -> Found:
    """Data and models whose path bears a version, and data that bear none, by their hash."""
    by_version: defaultdict[str, list[str]] = defaultdict(list)
    loose: list[str] = []
    for path in files_in(folder, lambda name: is_data(name) or name.endswith(_MODEL)):
        label = label_of(path)
        if label is not None:
            by_version[label.key].append(path)
        elif training_of([path]):
            loose.append(path)
    told = [_named(folder, paths) for _, paths in sorted(by_version.items(), key=lambda pair: natural(pair[0]))]
    told += [_loose(folder, path) for path in loose]
    unnamed = f"data files without a version in their name: {len(loose)}" if loose else ""
    reason = "; ".join(part for part in (WEAKEST if by_version else "no file name bears a version", unnamed) if part)
    return Found(tuple(told), reason)


def _named(folder: str, paths: list[str]) -> Told:
    trained = training_of(paths)
    content = content_of([os.path.join(folder, path) for path in trained])
    label = label_of(paths[0])
    return Told(
        kind="file names",
        source=f"file {paths[0]}" + (f" and {len(paths) - 1} more" if len(paths) > 1 else ""),
        name=label.text if label else "",
        time=_changed(folder, trained or paths),
        is_weak=True,
        sha256=content.sha256,
        rows=content.rows,
        shares=content.shares,
        depths=content.depths,
        files=tuple(paths),
    )


def _loose(folder: str, path: str) -> Told:
    """Return what a file without a version says: it is of the version whose hash it has, or of none."""
    content = content_of([os.path.join(folder, path)])
    return Told(
        "file names", f"file {path}", sha256=content.sha256, rows=content.rows, shares=content.shares, depths=content.depths, files=(path,)
    )


def _changed(folder: str, paths: Sequence[str]) -> str | None:
    try:
        return iso(max(os.stat(os.path.join(folder, path)).st_mtime for path in paths))
    except OSError:
        return None
