"""The one door to torch, transformers, tokenizers and safetensors: nothing is imported before it is used."""

from importlib import import_module
from typing import Any

from longtail.errors import MissingExtra

EXTRA = "hf"


def torch(feature: str) -> Any:
    """Return the module torch.

    Raises:
        MissingExtra: It is not installed; the message holds the line that installs it.
    """
    return _opened("torch", feature)


def transformers(feature: str) -> Any:
    """Return the module transformers.

    Raises:
        MissingExtra: It, or the torch that it needs, is not installed.
    """
    _opened("torch", feature)
    return _opened("transformers", feature)


def tokenizers(feature: str) -> Any:
    """Return the module tokenizers.

    Raises:
        MissingExtra: It is not installed.
    """
    return _opened("tokenizers", feature)


def safetensors(feature: str) -> Any:
    """Return the module safetensors.torch, which opens files and writes them.

    Raises:
        MissingExtra: It, or the torch that it needs, is not installed.
    """
    _opened("torch", feature)
    return _opened("safetensors.torch", feature)


def _opened(name: str, feature: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise MissingExtra(feature, EXTRA) from error
