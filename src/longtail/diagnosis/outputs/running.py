"""Archived checkpoints asked the prompts of the frozen reference; one that fails is told, and the rest goes on."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from longtail.diagnosis.outputs.archived import Archived
from longtail.diagnosis.outputs.cache import Cache, key_of, known
from longtail.diagnosis.outputs.given import BY_NAME, located
from longtail.diagnosis.outputs.naming import names_of, natural
from longtail.diagnosis.outputs.producers import Failed, Producer
from longtail.diagnosis.outputs.prompts import Prompts
from longtail.records import OnProgress, Progress

FEWEST_ANSWERED = 0.5
"""Share of the prompts that a version must answer to be compared; a convention."""


def from_checkpoints(
    given: Any,
    prompts: Prompts,
    producer: Producer,
    *,
    cache: str | os.PathLike[str] | None = None,
    seed: int = 0,
    on_progress: OnProgress | None = None,
) -> tuple[Archived, ...]:
    """Return what each checkpoint answers, on the prompts that all of them answer.

    Args:
        given: A glob or a folder, taken in natural order; paths by the names of their versions, or paths in order.
        prompts: What they are asked.
        producer: What asks them.
        cache: Folder in which outputs are kept by content; None keeps nothing, nor does a function that has no name of its own.
        seed: Of what is drawn; part of the key.
        on_progress: Called after each checkpoint.

    Raises:
        UsageError: Nothing matches, or the cache cannot be written.
        MissingExtra: A library is missing.
    """
    store, found = Cache(Path(cache) if cache is not None and producer.is_stated else None), []
    checkpoints = list(_checkpoints(given))
    for each in checkpoints:
        found.append(_asked(each, prompts, producer, store, seed))
        if on_progress is not None:
            on_progress(Progress(stage="ask checkpoints", done=len(found), total=len(checkpoints), unit="checkpoints"))
    return alike(found)


def _checkpoints(given: Any) -> Iterator[Archived]:
    if isinstance(given, Mapping):
        yield from (Archived(str(name), os.fspath(path)) for name, path in given.items())
        return
    listed = [os.fspath(each) for each in given] if isinstance(given, list | tuple) else [os.fspath(given)]
    order = "as given" if len(listed) > 1 else BY_NAME
    paths = listed if len(listed) > 1 else sorted(located(listed[0]), key=natural)
    yield from (Archived(name, path, order=order) for name, path in zip(names_of(paths), paths, strict=True))


def _asked(found: Archived, prompts: Prompts, producer: Producer, store: Cache, seed: int) -> Archived:
    try:
        checkpoint = known(found.path)
        key = key_of(checkpoint, prompts.texts, producer.stated, seed)
        kept = store.get(key)
        rows = kept if kept is not None else _rows(prompts.texts, producer.texts(prompts.texts, found.path))
    except Failed as failure:
        return replace(found, unread=str(failure))
    except OSError as error:
        return replace(found, unread=f"{found.path}: {error.strerror or error}")
    if kept is None and rows:
        facts = {"checkpoint": os.path.basename(found.path), "known_by": checkpoint.by, "asked_by": producer.stated, "seed": seed}
        store.put(key, rows, facts | {"prompts": len(prompts.texts)})
    if len(rows) < FEWEST_ANSWERED * len(prompts.texts):
        return replace(found, unread=f"it said something to {len(rows)} of {len(prompts.texts)} prompts only")
    return replace(found, data=rows, documents=len(rows), is_cached=kept is not None)


def _rows(prompts: Sequence[str], texts: Sequence[str]) -> list[dict[str, str]]:
    return [{"prompt": prompt, "text": text} for prompt, text in zip(prompts, texts, strict=True) if text.strip()]


def alike(found: Sequence[Archived]) -> tuple[Archived, ...]:
    """Return outputs on the prompts that every version that was read has answered: samples of unlike prompts cannot be compared."""
    answered = [{row["prompt"] for row in each.data} for each in found if not each.unread]
    shared = set.intersection(*answered) if answered else set()
    return tuple(each if each.unread else _only(each, shared) for each in found)


def _only(found: Archived, shared: set[str]) -> Archived:
    rows = [row for row in found.data if row["prompt"] in shared]
    if not rows:
        return replace(found, data=None, documents=0, unread="no prompt was answered by all versions")
    return replace(found, data=rows, documents=len(rows))
