"""The one door to `sentence_transformers`: models of texts and of pairs that lie on this machine; nothing is fetched."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from longtail.errors import ConfigError, MissingExtra

EXTRA = "embed"


def need(feature: str) -> Any:
    """Return the package.

    Raises:
        MissingExtra: It is not installed.
    """
    try:
        return import_module("sentence_transformers")
    except ImportError as error:
        raise MissingExtra(feature, EXTRA) from error


def cross_encoder(model: str | os.PathLike[str], device: str | None = None) -> Any:
    """Return a cross-encoder from a folder, or from the local cache of the hub.

    Args:
        model: Folder, or the name of a model that has been downloaded before.
        device: Such as "cpu" or "cuda"; by default what there is.

    Raises:
        MissingExtra: The extra is not installed.
        ConfigError: The model is not here, or cannot be loaded.
    """
    package = need("a cross-encoder as verifier")
    name = os.fspath(model)
    try:
        with _quiet():
            return package.CrossEncoder(name, device=device, local_files_only=True, trust_remote_code=False)
    except Exception as error:
        told = " ".join(str(error).split())[:200]
        raise ConfigError(f"the model {name!r} cannot be loaded ({told}); download it first and name its folder") from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Show no bar while weights are read."""
    logging = import_module("transformers.utils.logging")
    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()


def probabilities(encoder: Any, pairs: list[tuple[str, str]], batch: int) -> Any:
    """Return the softmax of a cross-encoder's logits, whatever activation its config names, shape (pairs, labels)."""
    plain = import_module("torch").nn.Identity()
    return encoder.predict(pairs, batch_size=batch, activation_fn=plain, apply_softmax=True, show_progress_bar=False)
