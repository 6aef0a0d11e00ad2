"""The one door to torch and scikit-learn: nothing is imported before it is used.

Chance never comes from torch: numbers are drawn by the numpy generator of the run and handed over, so that they are the
same on every device and in every version of torch.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Literal, TypeAlias

from longtail.errors import ConfigError, MissingExtra

EXTRA = "torch"
Device: TypeAlias = Literal["auto", "cpu", "cuda"]


def need(feature: str) -> None:
    """Import what the neural families stand on.

    Raises:
        MissingExtra: torch or scikit-learn is not installed; the message holds the line that installs them.
    """
    try:
        import sklearn
        import torch
    except ImportError as error:
        raise MissingExtra(feature, EXTRA) from error
    del sklearn, torch


class _Lazy:
    """A module that is imported when one of its names is first asked for."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        need("the neural part of the lab")
        return getattr(import_module(self._name), name)


torch: Any = _Lazy("torch")
functional: Any = _Lazy("torch.nn.functional")


def device_of(name: Device) -> Any:
    """Return the device of an option: "auto" takes a GPU where there is one.

    Raises:
        ConfigError: The name is unknown, or "cuda" was asked for and torch sees no GPU.
    """
    if name not in ("auto", "cpu", "cuda"):
        raise ConfigError(f"device is {name!r}; take auto, cpu or cuda")
    found = bool(torch.cuda.is_available())
    if name == "cuda" and not found:
        raise ConfigError("device is 'cuda', and torch finds no GPU; take auto or cpu")
    return torch.device("cuda" if found and name != "cpu" else "cpu")


@contextmanager
def steady() -> Iterator[None]:
    """Compute on one thread inside, so that sums are taken in the same order whatever the machine has.

    A run of the lab uses more cores by simulating blocks of replicates in processes of their own.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
