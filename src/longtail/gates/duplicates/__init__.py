"""Gates against documents that say what another says: to the letter, in almost the same words, or in the same sense."""

from longtail.gates.duplicates import exact, near, semantic

__all__ = ["exact", "near", "semantic"]
