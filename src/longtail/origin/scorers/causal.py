"""Zero-shot scores from the next-token laws of one or two causal language models.

Both forms compare how likely each token of a text is to a model with how likely a token drawn from a model would be.
With p the law of the observer and q that of the performer before token t, let l_t = log q(x_t), m_t = sum_v p(v) log q(v)
and s_t^2 = sum_v p(v) log^2 q(v) - m_t^2.

- Binoculars (Hans et al. 2024, arXiv 2401.12070): log-perplexity over cross-entropy, sum l_t / sum m_t; low for a machine's
  text, so the score is its negative. The published code averages the cross-entropy over one position more, the one after
  the last token; here both sums are over the same tokens.
- Conditional probability curvature (Fast-DetectGPT, Bao et al. 2024, arXiv 2310.05130): sum (l_t - m_t) / sqrt(sum s_t^2), with
  p the model that samples and q the one that scores, in its analytic form.

No threshold comes with them: those of the papers hold for one pair of models at one precision. The scores only rank until
they are calibrated on a reference. The first token of a text has no context and no score, unless the tokenizer puts a sign
before it.
"""

import os
from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeAlias

import numpy as np

from longtail.errors import ConfigError
from longtail.origin import door
from longtail.origin.models import Device, Loaded, Precision, loaded, room
from longtail.origin.reference import Floats
from longtail.origin.scorers.card import ScorerCard
from longtail.origin.scorers.texts import long_enough, packed

Form: TypeAlias = Literal["binoculars", "curvature"]


def binoculars(moments: Floats) -> Floats:
    """Return the negative ratio of log-perplexity to cross-entropy from sums of l, m and s^2, shape (texts, 3) -> (texts,)."""
    return np.asarray(-moments[:, 0] / moments[:, 1])


def curvature(moments: Floats) -> Floats:
    """Return by how many standard deviations a text is likelier than samples, from sums of l, m and s^2, (texts, 3) -> (texts,)."""
    return np.asarray((moments[:, 0] - moments[:, 1]) / np.sqrt(moments[:, 2]))


FORMS: dict[str, tuple[Callable[[Floats], Floats], str]] = {
    "binoculars": (binoculars, "Hans et al. 2024, arXiv 2401.12070"),
    "curvature": (curvature, "Bao et al. 2024, arXiv 2310.05130"),
}


class Causal:
    """Scores by the next-token laws of one model, or of two with the same tokenizer.

    Only the first `max_tokens` tokens of a text are read. The scores are uncalibrated.

    Attributes:
        card: What is known of it; replace it where more is known. Texts with fewer words than its `min_words` are not scored.

    Args:
        observer: Folder of the model whose law p is; of the one that samples, for the curvature.
        performer: Folder of the model whose law q is; left out, the observer plays both parts.
        form: "binoculars" or "curvature".
        max_tokens: Tokens read of each text; left out, 512, or fewer where the model takes fewer.
        min_words: Whitespace words that a text needs to be scored.
        batch: Texts computed at once; their logits take batch x tokens x vocabulary x 4 bytes for each model.
        device: Where they compute.
        precision: Of weights and activations; sums are taken in float32 and from there in float64.

    Raises:
        MissingExtra: torch or transformers is not installed.
        ConfigError: A model cannot be loaded, their tokenizers differ, or a setting is unknown or out of range.
    """

    card: ScorerCard

    def __init__(
        self,
        observer: str | os.PathLike[str],
        performer: str | os.PathLike[str] | None = None,
        *,
        form: Form = "binoculars",
        max_tokens: int | None = None,
        min_words: int = 50,
        batch: int = 4,
        device: Device = "auto",
        precision: Precision = "float32",
    ) -> None:
        if form not in FORMS:
            raise ConfigError(f"form is {form!r}; take {' or '.join(FORMS)}")
        self._form, source = FORMS[form]
        self._observer = loaded("AutoModelForCausalLM", observer, device, precision)
        self._performer = self._observer if performer is None else loaded("AutoModelForCausalLM", performer, device, precision)
        _check_alike(self._observer, self._performer)
        self.max_tokens = min(room(each.model, each.tokenizer, max_tokens) for each in (self._observer, self._performer))
        self.batch = batch
        models = [self._observer] if performer is None else [self._observer, self._performer]
        self.card = ScorerCard(
            name=f"{form} {' and '.join(each.name for each in models)}",
            version="+".join(each.version for each in models),
            source=f"{source}; {precision}; reads the first {self.max_tokens} tokens of a text; no threshold of the paper applies",
            min_words=min_words,
            known_biases=("texts that the models know by heart", "languages that the models know little of"),
        )

    def scores(self, texts: Sequence[str]) -> Floats:
        """Return scores, higher = more like a model's, uncalibrated, NaN where a text is too short, shape (documents, 1)."""
        found = np.full((len(texts), 1), np.nan)
        kept = long_enough(texts, self.card.min_words)
        tokenizer = self._observer.tokenizer
        ids = [tokenizer(texts[at], truncation=True, max_length=self.max_tokens)["input_ids"] for at in kept.tolist()]
        several = np.array([len(each) > 1 for each in ids], dtype=bool)
        kept, ids = kept[several], [each for each in ids if len(each) > 1]
        with np.errstate(divide="ignore", invalid="ignore"):
            for chosen in packed(ids, self.batch):
                found[kept[chosen], 0] = self._form(self.moments([ids[at] for at in chosen]))
        found[~np.isfinite(found)] = np.nan
        return found

    def moments(self, ids: Sequence[Sequence[int]]) -> Floats:
        """Return the sums of l, m and s^2 over the tokens of each text but its first, shape (texts, 3).

        Args:
            ids: Tokens of texts of at least two.
        """
        torch = door.torch("a causal language model")
        given, seen = self._padded(torch, ids)
        with torch.inference_mode():
            performer = self._performer.model(input_ids=given, attention_mask=seen).logits
            same = self._observer is self._performer
            observer = performer if same else self._observer.model(input_ids=given, attention_mask=seen).logits
            rows = [
                _sums(torch, observer[at, : len(each) - 1], performer[at, : len(each) - 1], given[at, 1 : len(each)])
                for at, each in enumerate(ids)
            ]
        return np.array(rows, dtype=np.float64)

    def _padded(self, torch: Any, ids: Sequence[Sequence[int]]) -> tuple[Any, Any]:
        """Fill texts up on their right, where no token sees it."""
        width = max(map(len, ids))
        given = torch.tensor([[*each, *[0] * (width - len(each))] for each in ids], device=self._observer.device)
        seen = torch.tensor([[1] * len(each) + [0] * (width - len(each)) for each in ids], device=self._observer.device)
        return given, seen


def _sums(torch: Any, observer: Any, performer: Any, following: Any) -> list[float]:
    """Return the three sums of one text; logits of both models before each token, shape (tokens, vocabulary)."""
    shared = min(observer.shape[1], performer.shape[1])
    law = torch.softmax(observer[:, :shared].float(), dim=1)
    logs = torch.log_softmax(performer[:, :shared].float(), dim=1)
    likely = logs.gather(1, following[:, None])[:, 0]
    weighed = torch.where(law > 0, law * logs, 0.0)
    mean = weighed.sum(dim=1)
    square = torch.where(law > 0, weighed * logs, 0.0).sum(dim=1)
    return [float(each.double().sum()) for each in (likely, mean, square - mean**2)]


def _check_alike(observer: Loaded, performer: Loaded) -> None:
    one, two = observer.tokenizer.get_vocab(), performer.tokenizer.get_vocab()
    if one != two:
        unlike = sum(two.get(token) != at for token, at in one.items()) + sum(token not in one for token in two)
        raise ConfigError(
            f"the tokenizers of {observer.name!r} and {performer.name!r} differ in {unlike} tokens, so their laws cannot be compared; "
            "take two models of one family, or one model alone"
        )
