"""Review: people decide on what a gate has judged, rare documents first, and the gate is measured by what they say."""

from longtail.gates.review.applying import Applied, applied, decided, record
from longtail.gates.review.exchange import Imported, exported, imported
from longtail.gates.review.filling import fill
from longtail.gates.review.folder import Folder
from longtail.gates.review.item import Event, Item, Task
from longtail.gates.review.opening import changed, queue_of
from longtail.gates.review.queue import Queue
from longtail.gates.review.selecting import Settings
from longtail.gates.review.standing import Standing, standing

__all__ = [
    "Applied",
    "Event",
    "Folder",
    "Imported",
    "Item",
    "Queue",
    "Settings",
    "Standing",
    "Task",
    "applied",
    "changed",
    "decided",
    "exported",
    "fill",
    "imported",
    "queue_of",
    "record",
    "standing",
]
