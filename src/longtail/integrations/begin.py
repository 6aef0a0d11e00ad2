"""The begin of a run: what drift is measured from, kept so that a run that is resumed still has it."""

import logging
from collections.abc import Sequence
from contextlib import nullcontext
from copy import deepcopy
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
import numpy as np
import xxhash

from longtail.atomic import write_durably
from longtail.errors import ConfigError
from longtail.integrations.drift import Route
from longtail.integrations.scoring import Sample, Scored, scored

_LOG = logging.getLogger(__name__)
Reference: TypeAlias = Any
"""One of "logged", "copy" and "adapter", or a model."""
_KINDS = ("logged", "copy", "adapter")


class _Written(msgspec.Struct, frozen=True):
    """A completion of the begin: place of its prompt, tokens, and log-probability of each."""

    prompt: int
    ids: tuple[int, ...]
    logp: tuple[float, ...]


class _File(msgspec.Struct, frozen=True, kw_only=True):
    """What begin.json holds: ids of tokenizer and prompts, and what the model wrote."""

    tokenizer: str
    prompts: str
    samples: tuple[_Written, ...]


class Begin:
    """The model at the begin of a run, as far as its log-probabilities can still be asked for.

    Attributes:
        is_new: Whether nothing is held yet, so that the next completions are the begin.

    Args:
        reference: "logged" holds what the model wrote; "copy" a copy of it on the CPU besides; "adapter" takes the model with its
            adapter off; a model is taken as it is.

    Raises:
        ConfigError: The reference is none of these.
    """

    def __init__(self, reference: Reference = "logged") -> None:
        if isinstance(reference, str) and reference not in _KINDS:
            raise ConfigError(f"reference is {reference!r}; take {', '.join(_KINDS)}, or a model")
        self._reference = reference
        self._held: _File | None = None

    @property
    def is_new(self) -> bool:
        """Whether nothing is held yet, so that the next completions are the begin."""
        return self._held is None

    def open(self, path: Path, model: Any, tokenizer: Any, prompts: Sequence[Sequence[int]], *, resumed: bool) -> None:
        """Take up the begin of a run that is resumed, or prepare that of a new one.

        Raises:
            ConfigError: A run that is resumed has another tokenizer or other prompts than at its begin, so that log-probabilities cannot be
                compared, or its reference was a copy, which is gone; or the model has no adapter.
        """
        self._path, self._held = path, None
        self._ids = _File(tokenizer=_told(sorted(tokenizer.get_vocab().items())), prompts=_told(prompts), samples=())
        if resumed and path.is_file():
            self._held = _read(path, self._ids)
        if self._reference == "adapter" and not hasattr(model, "disable_adapter"):
            raise ConfigError("reference is 'adapter', and the model has none; take 'logged' or 'copy', or give a model")
        if self._reference == "copy":
            if resumed:
                raise ConfigError(
                    "reference is 'copy', and the model of the begin is gone in a run that is resumed; take 'logged', or give it"
                )
            self._reference = deepcopy(model).to("cpu")

    def scores(self, model: Any, prompts: Sequence[Sequence[int]], completions: Sequence[Sequence[int]]) -> list[Scored] | None:
        """Return completions under the model of the begin; None where only what it wrote is held."""
        if isinstance(self._reference, str) and self._reference == "logged":
            return None
        is_adapter = isinstance(self._reference, str)
        with model.disable_adapter() if is_adapter else nullcontext():
            return scored(model if is_adapter else self._reference, prompts, completions)

    def keep(self, samples: Sequence[Sample], own: Sequence[Scored], *, write: bool) -> None:
        """Hold completions, and how likely the model found them, as the begin, and write them down."""
        found = (_Written(sample.prompt, sample.ids, tuple(one.logp.tolist())) for sample, one in zip(samples, own, strict=True))
        self._held = msgspec.structs.replace(self._ids, samples=tuple(found))
        if not write:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_durably(self._path, msgspec.json.encode(self._held))
        except OSError as error:
            _LOG.warning("the begin of the run cannot be written to %s (%s); a run that is resumed will not have it", self._path, error)

    def routes(self, model: Any, prompts: Sequence[Sequence[int]]) -> list[Route]:
        """Return what the model wrote at the begin, with the log-probabilities of then and of now."""
        held = self._held.samples if self._held else ()
        now = scored(model, [prompts[each.prompt] for each in held], [each.ids for each in held])
        return [Route(str(each.prompt), np.asarray(each.logp), one.logp) for each, one in zip(held, now, strict=True)]


def _read(path: Path, wanted: _File) -> _File:
    try:
        found = msgspec.json.decode(path.read_bytes(), type=_File)
    except (msgspec.DecodeError, OSError) as error:
        raise ConfigError(f"{str(path)!r} is no begin of a run ({error}); delete it to hold the run against its state here") from error
    for name, place in (("tokenizer", "tokenizer"), ("prompts", "probes")):
        if getattr(found, name) != getattr(wanted, name):
            fix = f"go back to the {place} of the begin, or resume into another output_dir"
            raise ConfigError(f"the {place} differ from those at the begin of the run, so log-probabilities cannot be compared; {fix}")
    return found


def _told(what: object) -> str:
    return xxhash.xxh3_128_hexdigest(msgspec.json.encode(what))
