"""Pipelines of transformers: what the model is called, and the settings that hold where a call states none."""

from collections.abc import Callable
from typing import Any

from longtail.ledger.generators.calls import wrapped
from longtail.ledger.generators.decoding import settings_in
from longtail.ledger.generators.recording import Recorder


def is_pipeline(generator: object) -> bool:
    """Tell whether an object is called with prompts and has a model with a configuration."""
    return callable(generator) and hasattr(getattr(generator, "model", None), "config")


class Pipeline:
    """A pipeline whose outputs are recorded; everything else about it is as it was.

    Args:
        pipeline: The pipeline itself.
        recorder: Takes the outputs.
    """

    def __init__(self, pipeline: Any, recorder: Recorder) -> None:
        """Note what the pipeline says of its model."""
        self._pipeline = pipeline
        self._call: Callable[..., Any] = wrapped(pipeline, recorder, _known(pipeline))

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Return what the pipeline returns, recorded."""
        return self._call(*arguments, **named)

    def __getattr__(self, name: str) -> Any:
        """Return what the pipeline itself has."""
        return getattr(self._pipeline, name)


def _known(pipeline: Any) -> dict[str, Any]:
    config = pipeline.model.config
    name, revision = getattr(config, "_name_or_path", None), getattr(config, "_commit_hash", None)
    held = getattr(pipeline, "generation_config", None) or getattr(pipeline.model, "generation_config", None)
    settings = {} if held is None else settings_in(held.to_dict())
    return {"model": name or None, "revision": revision if isinstance(revision, str) else None, "settings": settings}
