import asyncio
import subprocess
import sys

import pytest

from longtail.errors import MissingExtra, UsageError
from longtail.integrations import langchain
from longtail.integrations.langchain import gated
from longtail.rag import Gate, Quota, Store

HUMAN = ["Oslo is the capital of Norway.", "Norway exports fish to 90 countries.", "Bergen has 230 days of rain each year."]
BOTH = "Oslo is the capital of Norway [1]. Norway exports fish to 90 countries [2]."


@pytest.fixture
def stores():
    vectorstores = pytest.importorskip("langchain_core.vectorstores", reason="the extra rag is not installed")
    embeddings = pytest.importorskip("langchain_core.embeddings").DeterministicFakeEmbedding(size=32)
    store = Store(":memory:", quota=Quota(1.0))
    inner = vectorstores.InMemoryVectorStore(embeddings)
    wrapped = gated(inner, Gate(store))
    wrapped.add_texts(HUMAN, [{"lt_origin": "human", "page": at} for at in range(3)])
    return wrapped, inner, store


def evidence(wrapped):
    return [next(each for each in wrapped.similarity_search(text, k=3) if each.page_content == text) for text in HUMAN[:2]]


def test_it_is_a_vector_store_and_a_retriever_comes_of_it(stores):
    from langchain_core.vectorstores import VectorStore

    wrapped, _, _ = stores
    assert isinstance(wrapped, VectorStore)
    found = wrapped.as_retriever(search_kwargs={"k": 1}).invoke(HUMAN[1])
    assert [(each.page_content, each.metadata["page"]) for each in found] == [(HUMAN[1], 1)]


def test_an_answer_that_holds_comes_in_with_its_provenance_and_one_that_does_not_stays_out(stores):
    wrapped, inner, store = stores
    meta = {"lt_evidence": evidence(wrapped), "lt_question": "What of Norway?", "session": 7}
    (given,) = wrapped.add_texts([BOTH], [meta])
    (kept,) = inner.get_by_ids([given])
    assert (kept.metadata["lt_origin"], kept.metadata["lt_depth"], kept.metadata["session"]) == ("synthetic", 1, 7)
    assert "lt_evidence" not in kept.metadata
    assert wrapped.add_texts(["Norway exports fish to 91 countries [2].", "Oslo is loud."], [meta, {}]) == []
    assert len(inner.store) == 4
    assert store.decisions() == {"accept": 1, "reject: entailment": 2}


def test_documents_sync_and_async_go_through_the_gate(stores):
    from langchain_core.documents import Document

    wrapped, inner, _ = stores
    found = evidence(wrapped)
    assert wrapped.add_documents([Document(page_content="Oslo is loud.", metadata={"lt_evidence": found})]) == []
    assert asyncio.run(wrapped.aadd_documents([Document(page_content=BOTH, metadata={"lt_evidence": found})])) != []
    assert asyncio.run(wrapped.asimilarity_search(BOTH, k=3))[0].page_content == BOTH
    assert len(inner.store) == 4


def test_indexing_of_langchain_takes_it(stores):
    from langchain_core.documents import Document
    from langchain_core.indexing import InMemoryRecordManager, index

    wrapped, inner, _ = stores
    manager = InMemoryRecordManager("memories")
    manager.create_schema()
    rows = [Document(page_content="The fjord is deep.", metadata={"lt_origin": "human"}), Document(page_content="The moon is cheese.")]
    index(rows, manager, wrapped, key_encoder="sha256")
    assert {each["text"] for each in inner.store.values()} == {*HUMAN, "The fjord is deep."}


def test_deleting_holds_back_and_is_undone(stores):
    wrapped, inner, store = stores
    given = evidence(wrapped)[0].metadata["lt_id"]
    assert wrapped.delete([given])
    assert HUMAN[0] not in [each.page_content for each in wrapped.similarity_search(HUMAN[0], k=3)]
    assert wrapped.get_by_ids([given]) == [] and len(inner.store) == 3
    store.restore([given], "by mistake")
    assert wrapped.get_by_ids([given])[0].page_content == HUMAN[0]


def test_what_models_wrote_takes_at_most_its_share_of_the_places(stores):
    wrapped, _, _ = stores
    found = evidence(wrapped)
    wrapped.add_texts([BOTH], [{"lt_evidence": found}])
    assert BOTH in [each.page_content for each in wrapped.similarity_search(BOTH, k=3)]
    assert BOTH not in [each.page_content for each in wrapped.similarity_search(BOTH, k=2)]
    wrapped.most_written = None
    assert wrapped.similarity_search_with_score(BOTH, k=1)[0][0].page_content == BOTH
    assert wrapped.similarity_search_by_vector(wrapped.embeddings.embed_query(BOTH), k=1)[0].page_content == BOTH


def test_a_memory_that_was_recalled_is_no_evidence(stores):
    wrapped, _, _ = stores
    wrapped.most_written = None
    wrapped.add_texts([BOTH], [{"lt_evidence": evidence(wrapped)}])
    memory = wrapped.similarity_search(BOTH, k=1)
    assert wrapped.add_texts(["Norway exports fish to 90 countries [1]."], [{"lt_evidence": memory}]) == []


def test_a_store_is_wrapped_and_never_started(stores):
    with pytest.raises(UsageError, match="wraps a vector store"):
        type(stores[0]).from_texts(["a"], None)


def test_without_langchain_the_install_line_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "langchain_core.vectorstores", None)
    langchain._kind.cache_clear()
    with pytest.raises(MissingExtra, match=r"longtail\[rag\]"):
        gated(None, None)
    langchain._kind.cache_clear()


def test_importing_the_wrapper_imports_no_framework():
    told = "import longtail.integrations.langchain, sys; assert not any(name.startswith('langchain_core') for name in sys.modules)"
    assert subprocess.run([sys.executable, "-c", told], check=False).returncode == 0
