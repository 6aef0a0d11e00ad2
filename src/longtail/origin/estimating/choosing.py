"""Which scorer is meant: a name of the catalogue, a model in a folder, or a function of one's own."""

from collections.abc import Callable
from typing import Any, cast

from longtail.errors import ConfigError
from longtail.origin.scorers import SCORERS
from longtail.origin.scorers.card import Fitting, Scorer

HF, CAUSAL = "hf:", "causal:"


def scorer_of(spec: Any) -> Fitting | Scorer:
    """Return a scorer, or what learns one.

    Args:
        spec: A name of the catalogue with its settings ("words"), "hf:FOLDER" for a classifier, "causal:FOLDER[,FOLDER]" for one
            or two language models, a scorer, or a function from texts to scores.

    Raises:
        UnknownName: No scorer has that name.
        ConfigError: A model cannot be loaded, or `spec` is nothing of the kind.
        MissingExtra: The model needs libraries that are not installed.
    """
    if isinstance(spec, str):
        return _named(spec)
    if hasattr(spec, "scores") or hasattr(spec, "fit"):
        found: Fitting | Scorer = spec
        return found
    if not callable(spec):
        raise ConfigError(f"scorer is a {type(spec).__name__}; give a name, a scorer, or a function from texts to scores")
    return _given(spec)


def _named(spec: str) -> Fitting | Scorer:
    if spec.startswith(HF):
        from longtail.origin.scorers.huggingface import Classifier

        folder, _, label = spec.removeprefix(HF).partition(",")
        return Classifier(folder, label or None)
    if spec.startswith(CAUSAL):
        from longtail.origin.scorers.causal import Causal

        observer, _, performer = spec.removeprefix(CAUSAL).partition(",")
        return Causal(observer, performer or None)
    found: Fitting = SCORERS.bind(spec) if ":" in spec else SCORERS[spec].member
    return found


def _given(function: Callable[..., Any]) -> Scorer:
    from longtail.origin.scorers.given import Given

    return cast(Scorer, Given(function))
