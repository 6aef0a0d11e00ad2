"""The one door to the libraries of the extra `verify`; nothing is imported before it is used."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from longtail.errors import MissingExtra

EXTRA = "verify"


def library(name: str, feature: str) -> Any:
    """Return a module of a library.

    Raises:
        MissingExtra: It is not installed; the message holds the line that installs it.
    """
    try:
        return import_module(name)
    except ImportError as error:
        raise MissingExtra(feature, EXTRA) from error


def need(name: str, feature: str) -> None:
    """Refuse to go on without a library, which another process is to import.

    Raises:
        MissingExtra: It is not installed.
    """
    if find_spec(name) is None:
        raise MissingExtra(feature, EXTRA)
