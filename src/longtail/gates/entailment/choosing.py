"""Which verifier a setting names."""

import inspect
import os
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeAlias, cast

from longtail.errors import ConfigError
from longtail.gates.entailment.canaries import pass_canaries
from longtail.gates.entailment.crossencoder import CrossEncoderEntailment
from longtail.gates.entailment.rules import RuleEntailment
from longtail.gates.entailment.verifier import Entailment
from longtail.gates.settings import imported

Spec: TypeAlias = str | os.PathLike[str] | Callable[..., Any]
"""The name "rules", the folder of a model, "module:function", or anything that can be called with pairs."""

_HUB = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
_HOOK = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_][\w.]*")


def verifier_of(spec: Spec, *, device: str | None = None, timeout: float = 60.0, canaries: bool = True) -> Entailment:
    """Return the verifier that a setting names; a model is loaded once for all gates that name it.

    Args:
        spec: "rules", the folder of a model, "module:function" (a class is made without settings), or a callable.
        device: Where a model computes.
        timeout: Seconds within which a function must answer the five test pairs; a model has two minutes.
        canaries: Whether a function must pass them; models always must.

    Raises:
        ConfigError: There is no such verifier, or it fails the test pairs.
        MissingExtra: A model is named, and the extra is not installed.
    """
    if isinstance(spec, str) and spec == "rules":
        return RuleEntailment()
    if isinstance(spec, (RuleEntailment, CrossEncoderEntailment)):
        return spec
    if isinstance(spec, str) and _HOOK.fullmatch(spec) and not os.path.exists(spec):
        return _tested(_imported(spec), spec, timeout, canaries)
    if isinstance(spec, (str, os.PathLike)) and _may_be_model(os.fspath(spec)):
        return _model(os.fspath(spec), device)
    if callable(spec):
        return _tested(spec, getattr(spec, "__name__", type(spec).__name__), timeout, canaries)
    raise ConfigError(f'verifier is {str(spec)!r}, and there is no such folder; write "rules", the folder of a model, or "module:function"')


@lru_cache(maxsize=2)
def _model(path: str, device: str | None) -> CrossEncoderEntailment:
    return CrossEncoderEntailment(model=path, device=device)


def _may_be_model(name: str) -> bool:
    return os.path.isdir(name) or bool(_HUB.fullmatch(name))


def _imported(spec: str) -> Callable[..., Any]:
    found = imported("entailment", "verifier", spec)
    made: Any = found() if inspect.isclass(found) else found
    if not callable(made):
        raise ConfigError(f"verifier {spec!r} is a {type(made).__name__}; name a function of pairs")
    return cast(Callable[..., Any], made)


def _tested(verifier: Callable[..., Any], name: str, timeout: float, canaries: bool) -> Entailment:
    if canaries:
        pass_canaries(verifier, repr(name), timeout)
    return verifier
