import sys

import numpy as np
import pytest

from bench.watermarks import key_of
from longtail.errors import MissingExtra
from longtail.origin.watermarks import bias, detect_many, processor

V = 200


def written(tiny, key, texts=4, tokens=220):
    import torch

    model = tiny.gpt("GPT2LMHeadModel", V)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        start = torch.randint(2, V, (texts, 4))
        settings = {"do_sample": True, "top_k": 0, "max_new_tokens": tokens, "min_new_tokens": tokens, "pad_token_id": 1}
        made = model.generate(start, attention_mask=torch.ones_like(start), logits_processor=[processor(key)] if key else None, **settings)
    return made[:, 4:].numpy()


@pytest.mark.parametrize("context", [1, 2])
def test_what_a_model_of_transformers_wrote_is_found_without_torch(tiny, context):
    key = key_of(1, context=context)
    assert all(each.log10_p < -4 for each in detect_many(key, written(tiny, key)))
    assert all(each.log10_p > -3 for each in detect_many(key_of(2, context=context), written(tiny, key)))
    assert all(each.log10_p > -3 for each in detect_many(key, written(tiny, None)))


@pytest.mark.parametrize("context", [1, 2, 4])
def test_a_batch_is_biased_as_each_of_its_rows(context):
    torch = pytest.importorskip("torch")
    pytest.importorskip("transformers")
    key = key_of(3, context=context)
    rng = np.random.default_rng(0)
    rows, logits = rng.integers(0, 1000, (5, 7)), rng.standard_normal((5, 300)).astype(np.float32)
    made = processor(key)(torch.from_numpy(rows), torch.from_numpy(logits)).numpy()
    expected = np.array([bias(key, row, some) for row, some in zip(rows, logits, strict=True)])
    assert made.dtype == np.float32
    assert made == pytest.approx(expected, abs=1e-5)


def test_nothing_is_biased_before_a_full_context():
    torch = pytest.importorskip("torch")
    pytest.importorskip("transformers")
    scores = torch.randn(2, 50, generator=torch.Generator().manual_seed(0))
    assert (processor(key_of(3))(torch.zeros((2, 1), dtype=torch.int64), scores) == scores).all()


def test_it_is_a_logits_processor_of_transformers():
    transformers = pytest.importorskip("transformers")
    assert isinstance(processor(key_of(3)), transformers.LogitsProcessor)


@pytest.mark.parametrize("missing", ["torch", "transformers"])
def test_without_the_libraries_the_install_line_is_told(monkeypatch, missing):
    pytest.importorskip("torch")
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(MissingExtra, match=r"pip install 'longtail\[hf\]'"):
        processor(key_of(3))
