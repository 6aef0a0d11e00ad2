"""The prose that makers share, read once."""

from functools import cache

from longtail.lab.corpus import stdlib_prose


@cache
def prose() -> tuple[str, ...]:
    """Return the paragraphs of Python's own documentation.

    Raises:
        ReadError: This Python was stripped of them.
    """
    return tuple(stdlib_prose())
