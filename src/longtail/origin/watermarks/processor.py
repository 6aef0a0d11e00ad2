"""The bias of a green list in the generation loop of transformers."""

from typing import Any

import longtail.origin.watermarks.prf as prf
from longtail.origin import door
from longtail.origin.watermarks.key import Key


class _Bias:
    def __init__(self, key: Key) -> None:
        self.key = key

    def __call__(self, input_ids: Any, scores: Any) -> Any:
        """Return scores with those of green tokens raised, shape (batch, V), for ids of shape (batch, length)."""
        torch = door.torch("a watermark")
        if input_ids.shape[1] < self.key.context:
            return scores
        states = prf.state(self.key.words, input_ids[:, -self.key.context :].to(torch.int64))
        tokens = torch.arange(scores.shape[-1], dtype=torch.int64, device=scores.device)
        values = prf.draws(self.key.words, states[:, None], tokens[None, :])
        return scores + self.key.delta * (values < prf.threshold(self.key.gamma)).to(scores.dtype)


def processor(key: Key) -> Any:
    """Return a `LogitsProcessor` that marks what a model of transformers writes, for `generate(logits_processor=[...])`.

    The tokens before a position, those of the prompt among them, choose its green list. Nothing is drawn here, and the green sets are
    the same on every device. `generate` puts temperature, top-k and top-p after processors that it is given: at temperature T the
    favour counts delta / T.

    Raises:
        MissingExtra: torch or transformers is not installed.
    """
    door.torch("a watermark")
    kind = type("GreenlistProcessor", (_Bias, door.transformers("a watermark").LogitsProcessor), {})
    return kind(key)
