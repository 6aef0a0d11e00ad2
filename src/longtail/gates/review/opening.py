"""The queue of a folder: drawn when it is asked for first, found again ever after."""

from functools import partial
from pathlib import Path

import msgspec
from msgspec.structs import replace

from longtail.errors import UsageError
from longtail.gates.review.filling import fill
from longtail.gates.review.folder import Folder
from longtail.gates.review.item import Item
from longtail.gates.review.queue import NAME, Queue
from longtail.gates.review.selecting import Settings


def queue_of(folder: Folder, settings: Settings | None = None) -> Queue:
    """Return the queue of a folder that a gate wrote; the first time it is drawn.

    Args:
        folder: What the gate decided.
        settings: How to draw; None takes the queue as it is, or the defaults where there is none.

    Raises:
        UsageError: The folder holds no documents, or its queue was drawn with other settings.
        ReadError: A file cannot be read.
    """
    if not (folder.path / NAME).exists():
        fill(folder.path, folder.items, settings or Settings(), _facts(folder), partial(_with_matches, folder))
    queue = Queue(folder.path)
    drawn = settings_of(queue)
    if settings is not None and settings != drawn:
        queue.close()
        raise UsageError(
            f"{str(folder.path / NAME)!r} was drawn with size {drawn.size}, seed {drawn.seed} and other settings than asked for; "
            "leave them out to go on with it, or move it away to draw anew"
        )
    return queue


def settings_of(queue: Queue) -> Settings:
    """Return how a queue was drawn."""
    return msgspec.json.decode(queue.meta()["settings"], type=Settings)


def changed(queue: Queue, folder: Path) -> bool:
    """Return whether the gate's folder is another one than when the queue was drawn."""
    try:
        return Folder(folder).fingerprint() != queue.meta().get("fingerprint")
    except UsageError:
        return True


def _facts(folder: Folder) -> dict[str, str]:
    column = {} if folder.text_column is None else {"text_column": folder.text_column}
    return {"fingerprint": folder.fingerprint()} | column


def _with_matches(folder: Folder, items: list[Item]) -> list[Item]:
    """Return items with the texts of the documents that they were compared with, where these are in the folder."""
    texts = folder.texts(item.matched_id for item in items if item.matched_id)
    return [replace(item, matched_text=texts.get(item.matched_id or "")) for item in items]
