import subprocess
import sys

import pytest

from longtail.errors import MissingExtra
from longtail.integrations import llama_index
from longtail.integrations.llama_index import gated
from longtail.rag import Gate, Quota, Store

HUMAN = ["Oslo is the capital of Norway.", "Norway exports fish to 90 countries."]
BOTH = "Oslo is the capital of Norway [1]. Norway exports fish to 90 countries [2]."


@pytest.fixture(scope="module")
def core():
    return pytest.importorskip("llama_index.core", reason="the extra rag is not installed")


def ingested(core, store, rows, vector_store=None):
    from llama_index.core.embeddings import MockEmbedding
    from llama_index.core.ingestion import IngestionPipeline
    from llama_index.core.schema import TextNode

    steps = [gated(Gate(store)), MockEmbedding(embed_dim=4)]
    pipeline = IngestionPipeline(transformations=steps, vector_store=vector_store)
    return pipeline.run(nodes=[TextNode(text=text, metadata=meta) for text, meta in rows])


def test_nodes_that_may_come_in_go_on_to_the_vector_store_and_the_others_end(core):
    from llama_index.core.vector_stores import SimpleVectorStore

    vectors = SimpleVectorStore()
    with Store(":memory:", quota=Quota(1.0)) as store:
        people = ingested(core, store, [(text, {"lt_origin": "human"}) for text in HUMAN], vectors)
        rows = [(BOTH, {"lt_evidence": people, "session": 7}), ("Norway exports gold.", {"lt_evidence": people}), ("Oslo is loud.", {})]
        (kept,) = ingested(core, store, rows, vectors)
        assert (kept.get_content(), kept.metadata["session"], kept.metadata["lt_depth"]) == (BOTH, 7, 1)
        assert "lt_evidence" not in kept.metadata and "lt_scores" in kept.excluded_embed_metadata_keys
        assert len(vectors.data.embedding_dict) == 3
        assert store.decisions() == {"accept": 1, "reject: entailment": 2}


def test_the_same_answer_again_takes_the_place_of_the_first_and_a_restatement_ends(core):
    with Store(":memory:", quota=Quota(1.0)) as store:
        people = ingested(core, store, [(text, {"lt_origin": "human"}) for text in HUMAN])
        assert len(ingested(core, store, [(BOTH, {"lt_evidence": people})])) == 1
        (again,) = ingested(core, store, [(BOTH, {"lt_evidence": people})])
        assert again.node_id in store.get([again.node_id])
        assert ingested(core, store, [("According to the sources, Oslo is the capital of Norway [1].", {"lt_evidence": people})]) == []
        assert store.decisions() == {"accept": 3}


def test_a_memory_that_was_retrieved_is_no_evidence(core):
    from llama_index.core.schema import NodeWithScore

    with Store(":memory:", quota=Quota(1.0)) as store:
        people = ingested(core, store, [(text, {"lt_origin": "human"}) for text in HUMAN])
        (memory,) = ingested(core, store, [(BOTH, {"lt_evidence": people})])
        scored = [NodeWithScore(node=memory, score=0.9)]
        assert ingested(core, store, [("Norway exports fish to 90 countries [1].", {"lt_evidence": scored})]) == []
        assert [reason.step for reason in store.rejections()[0].reasons] == ["lineage"]


def test_without_llama_index_the_install_line_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "llama_index.core.schema", None)
    llama_index._kind.cache_clear()
    with pytest.raises(MissingExtra, match=r"longtail\[rag\]"):
        gated(None)
    llama_index._kind.cache_clear()


def test_importing_the_step_imports_no_framework():
    told = "import longtail.integrations.llama_index, sys; assert not any(name.startswith('llama_index') for name in sys.modules)"
    assert subprocess.run([sys.executable, "-c", told], check=False).returncode == 0
