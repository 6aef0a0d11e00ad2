"""The demo: a model of Python's own documentation that learns from itself, written as data sets to audit."""

import json
import platform
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from longtail.errors import UsageError
from longtail.lab.corpus import split, stdlib_prose
from longtail.lab.learners.documents import Documents
from longtail.lab.learners.text import NGramText
from longtail.lab.loop import written
from longtail.lab.script import script
from longtail.lab.settings import Settings
from longtail.records import OnProgress, Origin, Progress, Record

ORDER = 3
SHARE = 0.5
LINEAGES: dict[str, tuple[str, float]] = {"replace": ("replace", 1.0), "replace_t0.8": ("replace", 0.8), "accumulate": ("accumulate", 1.0)}
MARKER = "demo.json"
KIND = "longtail demo"


class DemoFiles(Record, frozen=True):
    """Where a demo lies: the real documents, and per lineage the files of its generations, in order."""

    folder: Path
    train: Path
    human: Path
    lineages: dict[str, tuple[Path, ...]]


def write_demo(folder: Path, *, seed: int = 0, generations: int = 5, on_progress: OnProgress | None = None) -> DemoFiles:
    """Write real documents and three lineages of n-gram models into `folder`, one JSON object per line.

    `train.jsonl` is what generation 1 learnt from and `human.jsonl` a reference that no model has seen. The lineages
    are `replace`, `replace_t0.8` and `accumulate`, each `gen1.jsonl`, `gen2.jsonl`, …; `demo.json` holds the settings.
    A line has `text`, `lt_origin` and `lt_depth` (0 for real documents, k for generation k). Each file appears
    whole or not at all; `complete` in `demo.json` turns true last. An earlier demo in `folder` is overwritten.

    Raises:
        UsageError: `folder` holds something that is not a demo, or cannot be written; or a number is out of range.
        ReadError: This Python has too little documentation of its own.
    """
    if generations < 1 or seed < 0:
        raise UsageError(f"demo: generations is {generations} and seed is {seed}; need at least 1 and 0")
    files = _layout(folder, generations)
    _claim(folder)
    settings = {
        "kind": KIND, "seed": seed, "generations": generations, "order": ORDER, "share": SHARE, "python": platform.python_version(),
        "lineages": {name: {"policy": policy, "temperature": temperature} for name, (policy, temperature) in LINEAGES.items()},
    }  # fmt: skip
    _write(folder / MARKER, [{**settings, "complete": False}])
    train, human = split(stdlib_prose(), seed, SHARE)
    _write(files.train, _rows(train, Origin.HUMAN, 0))
    _write(files.human, _rows(human, Origin.HUMAN, 0))
    _write_lineages(files, train, human, Settings(family="ngram", generations=generations + 1, samples=len(train), seed=seed), on_progress)
    _write(folder / MARKER, [{**settings, "documents": {"train": len(train), "human": len(human)}, "complete": True}])
    return files


def _layout(folder: Path, generations: int) -> DemoFiles:
    lineages = {name: tuple(folder / name / f"gen{k}.jsonl" for k in range(1, generations + 1)) for name in LINEAGES}
    return DemoFiles(folder=folder, train=folder / "train.jsonl", human=folder / "human.jsonl", lineages=lineages)


def _write_lineages(files: DemoFiles, train: list[str], human: list[str], settings: Settings, on_progress: OnProgress | None) -> None:
    done, total = 0, sum(map(len, files.lineages.values()))
    for name, (policy, temperature) in LINEAGES.items():
        learner = Documents(NGramText(ORDER, temperature, {}), train, human)
        outputs = written(learner, script(msgspec.structs.replace(settings, policy=policy)), 1, settings.seed)
        for depth, (path, (output,)) in enumerate(zip(files.lineages[name], outputs, strict=True), 1):
            _write(path, _rows(output, Origin.SYNTHETIC, depth))
            done += 1
            if on_progress:
                on_progress(Progress(stage="demo", done=done, total=total, unit="generations"))


def _rows(texts: Iterable[str], origin: Origin, depth: int) -> Iterable[dict[str, Any]]:
    return ({"text": text, "lt_origin": origin.value, "lt_depth": depth} for text in texts)


def _claim(folder: Path) -> None:
    """Make `folder` an empty demo folder: create it, or remove the files of the demo that it holds, and only those."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        foreign = [path.name for path in folder.iterdir() if path.name != _unfinished(Path(MARKER)).name]
        if foreign and not _is_demo(folder / MARKER):
            raise UsageError(f"{folder} holds files that no demo wrote, such as {min(foreign)!r}; name a new or an empty folder")
        for pattern in ("train.jsonl*", "human.jsonl*", *(f"{name}/gen*.jsonl*" for name in LINEAGES)):
            for path in folder.glob(pattern):
                path.unlink()
        for name in LINEAGES:
            (folder / name).mkdir(exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder} cannot hold the demo: {error.strerror}; name a folder that can be written") from error


def _is_demo(marker: Path) -> bool:
    try:
        settings = json.loads(marker.read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(settings, dict) and settings.get("kind") == KIND


def _unfinished(path: Path) -> Path:
    return path.with_name(f"{path.name}.unfinished")


def _write(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    """Write one JSON object per line, under another name until the file is whole."""
    encode = msgspec.json.Encoder().encode
    with _unfinished(path).open("wb") as stream:
        stream.writelines(encode(row) + b"\n" for row in rows)
    _unfinished(path).replace(path)
