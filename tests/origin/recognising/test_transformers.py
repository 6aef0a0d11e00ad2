"""Watermarks of transformers as recognisers."""

import pytest

from longtail.origin.recognising.scanning import scan
from longtail.origin.recognising.transformers import OfTransformers


class Cutter:
    """Token ids that are written as numbers."""

    name, sha256 = "numbers", "0" * 64

    def encode(self, texts):
        import numpy as np

        return [np.array(text.split(), dtype=np.int64) for text in texts]


@pytest.mark.parametrize("name", ["kgw", "synthid"])
def test_what_a_model_wrote_with_a_watermark_of_transformers_is_found(tiny, name):
    from longtail.origin.watermarks.kgw import Kgw
    from longtail.origin.watermarks.synthid import SynthId

    model = tiny.gpt("GPT2LMHeadModel", 1000)
    key = Kgw(vocabulary=1000, hashing_key=4711) if name == "kgw" else SynthId(keys=tuple(range(1, 31)))
    rows = [*tiny.written(model, key.marking(), texts=4, tokens=150), *tiny.written(model, None, texts=8, tokens=150, seed=1)]
    texts = [{"text": " ".join(map(str, row))} for row in rows]
    found = scan([*texts, {"text": "7 8"}], [OfTransformers(key, Cutter(), name)])
    assert [one.document for one in found.seen] == [1, 2, 3, 4]
    assert found.looked[0].tested in (12, 13)
    assert {(each.key_id, each.origin, each.scheme) for one in found.seen for each in one.found} == {(key.key_id, "synthetic", name)}
