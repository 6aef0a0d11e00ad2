import asyncio
import sys

import pytest

from longtail.errors import MissingExtra, UsageError
from longtail.integrations import langgraph
from longtail.integrations.langgraph import gated
from longtail.rag import Gate, Quota, Store

SAID = ["Anna lives in Oslo.", "Anna has 2 cats."]
BOTH = "Anna lives in Oslo [1]. Anna has 2 cats [2]."
USER = ("users", "anna")


@pytest.fixture
def memory():
    base = pytest.importorskip("langgraph.store.memory", reason="the extra rag is not installed")
    with Store(":memory:", quota=Quota(1.0)) as store:
        made = gated(base.InMemoryStore(), Gate(store))
        for at, text in enumerate(SAID):
            made.put(USER, f"said-{at}", {"text": text, "lt_origin": "human"})
        yield made


def evidence(memory):
    return [{"id": memory.get(USER, f"said-{at}").value["lt_id"], "text": text} for at, text in enumerate(SAID)]


def texts(memory):
    return sorted(item.value["text"] for item in memory.search(USER))


def test_it_is_a_store_and_writes_what_is_held_by_what_a_person_said(memory):
    from langgraph.store.base import BaseStore

    assert isinstance(memory, BaseStore)
    memory.put(USER, "summary", {"text": BOTH, "lt_evidence": evidence(memory), "mood": "calm"})
    value = memory.get(USER, "summary").value
    assert (value["text"], value["mood"], value["lt_origin"], value["lt_depth"]) == (BOTH, "calm", "synthetic", 1)
    assert "lt_evidence" not in value


def test_what_was_made_up_is_not_written_also_asynchronously(memory):
    memory.put(USER, "a", {"text": "Anna has 3 cats [2].", "lt_evidence": evidence(memory)})
    asyncio.run(memory.aput(USER, "b", {"text": "Anna likes rain."}))
    assert texts(memory) == sorted(SAID)
    assert len(memory.gate.rejections()) == 2


def test_a_recalled_memory_does_not_come_back_as_a_new_one(memory):
    memory.put(USER, "summary", {"text": BOTH, "lt_evidence": evidence(memory)})
    recalled = [{"id": memory.get(USER, "summary").value["lt_id"], "text": BOTH}]
    memory.put(USER, "again", {"text": "Anna has 2 cats [1].", "lt_evidence": recalled})
    assert memory.get(USER, "again") is None


def test_deleting_holds_back_and_is_undone(memory):
    given = memory.get(USER, "said-0").value["lt_id"]
    memory.delete(USER, "said-0")
    assert memory.get(USER, "said-0") is None and texts(memory) == SAID[1:]
    memory.gate.store.restore([given], "by mistake")
    assert texts(memory) == sorted(SAID)
    assert memory.list_namespaces() == [USER]


def test_namespaces_are_topics_of_the_quota(memory):
    memory.gate.store.quota = Quota(1.0, per_topic=0)
    memory.put(USER, "summary", {"text": BOTH, "lt_evidence": evidence(memory)})
    assert "users/anna" in memory.gate.rejections()[0].reasons[0].text


def test_a_value_without_a_text_is_refused(memory):
    with pytest.raises(UsageError, match="has no text in 'text'"):
        memory.put(USER, "a", {"content": "Anna lives in Oslo."})


def test_without_langgraph_the_install_line_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "langgraph.store.base", None)
    langgraph._kind.cache_clear()
    with pytest.raises(MissingExtra, match=r"longtail\[rag\]"):
        gated(None, None)
    langgraph._kind.cache_clear()
