"""What an estimate says of a corpus."""

from types import SimpleNamespace

from longtail.origin.estimating.answering import Estimation, _cuts
from longtail.origin.estimating.bounding import Bounds, Unlike
from longtail.origin.estimating.drawing import LONGEST


class Part(SimpleNamespace):
    def __len__(self):
        return len(self.texts)


def part(path, texts, documents):
    return Part(texts=texts, input=SimpleNamespace(path=path, documents=documents))


def test_without_shares_the_lower_bound_is_what_is_known_at_least():
    unlike = Unlike(status="weak", reasons=(), documents=9, human=9, level=0.95, at_least=0.25)
    empty = Estimation(longtail_version="1", command="", seed=0, inputs=())
    bounded = Estimation(longtail_version="1", command="", seed=0, inputs=(), bounds=Bounds(unlike=unlike))
    assert empty.at_least is None and bounded.at_least == 0.25
    assert next(iter(bounded.to_dict())) == "schema_version" and bounded.to_dict()["bounds"]["unlike"]["at_least"] == 0.25


def test_references_drawn_in_part_and_long_documents_are_told():
    data, human, model = part("d", ["x"], 9), part("h", ["x" * LONGEST], 2000), part("m", ["x"], 1)
    drawn, long = _cuts([data, human, model])
    assert drawn.startswith("h: 1 of 2,000 documents were drawn")
    assert long == f"of 1 documents the first {LONGEST:,} characters were read"
    assert _cuts([data, model]) == []
