"""Stores: what a system that answers from its own memory has kept, and the log of what it was asked. Nothing is written to either.

A kind of store is one function of `(path, where)` that yields records as they lie there; add it to `KINDS` in `finding`. Every
kind is read with the one table of names in `columns`, so that a store written by another program needs no converter.
"""

from longtail.readers.stores.columns import Named
from longtail.readers.stores.finding import KINDS, kind_of
from longtail.readers.stores.reading import Log, Store, read_log, read_store
from longtail.readers.stores.records import Item, Query

__all__ = ["KINDS", "Item", "Log", "Named", "Query", "Store", "kind_of", "read_log", "read_store"]
