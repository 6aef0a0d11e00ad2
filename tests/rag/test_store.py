import json
import multiprocessing
import sqlite3
from datetime import UTC, datetime

import numpy as np
import pytest

from longtail.errors import ConfigError, ReadError, UsageError
from longtail.ledger.columns import identity
from longtail.rag import Gate, Quota, Store

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def made(path=":memory:", texts=("Oslo is a city.", "Bergen is a city of rain.", "Fish swim."), **settings):
    store = Store(path, clock=lambda: NOW, **settings)
    for text in texts:
        store.add(text, origin="human")
    return store


def ids(hits):
    return [hit.document.id for hit in hits]


def written(text, **more):
    return text, {"lt_origin": "synthetic", "lt_depth": 1, **more}


def test_what_is_added_is_found_again_after_the_file_was_closed(tmp_path):
    with made(tmp_path / "a.db") as store:
        given = store.add("The moon is far.", origin="human", topic="sky")
    with Store(tmp_path / "a.db") as again:
        document = again.get([given])[given]
        assert (document.text, document.origin, document.depth, document.topic) == ("The moon is far.", "human", 0, "sky")
        assert document.time == "2026-01-01T00:00:00.000000+00:00"
        assert given == identity({"text": "The moon is far."})
        assert ids(again.search("how far is the moon?")) == [given]
        assert len(again) == 4


def test_search_by_words_agrees_with_bm25_by_hand():
    texts = ["rain rain city", "rain", "city walls and a gate", "walls"]
    store = made(texts=texts)
    many, mean = len(texts), np.mean([len(text.split()) for text in texts])

    def score(text):
        words = text.split()
        total = 0.0
        for word in ("rain", "city"):
            holders, count = sum(word in each.split() for each in texts), words.count(word)
            weight = max(np.log((many - holders + 0.5) / (holders + 0.5)), 1e-6)
            total += weight * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * len(words) / mean))
        return total

    expected = sorted((text for text in texts if score(text)), key=score, reverse=True)
    hits = store.search("rain city")
    assert [hit.document.text for hit in hits] == expected
    assert [hit.score for hit in hits] == pytest.approx([score(text) for text in expected], rel=1e-4, abs=1e-6)


@pytest.mark.parametrize(
    "question", ['"', "city AND", "NEAR(", "text:city", "* OR -", "city'); DROP TABLE documents; --", "", "…", "ci\x00ty"]
)
def test_signs_in_a_question_are_no_operators(question):
    store = made()
    store.search(question)
    assert len(store) == 3


def letters(texts):
    return [[text.lower().count(letter) + 0.01 for letter in "abcdefghijklmnopqrstuvwxyz"] for text in texts]


def test_search_by_vectors_agrees_with_cosines_by_hand():
    texts = ("banana", "cabbage", "zigzag")
    store = made(texts=texts, encode=letters)
    question, rows = np.array(letters(["cabana"])[0]), np.array(letters(texts))
    cosines = rows @ question / np.linalg.norm(rows, axis=1) / np.linalg.norm(question)
    hits = store.search("cabana", by="vectors")
    assert [hit.document.text for hit in hits] == [texts[at] for at in np.argsort(-cosines)]
    assert [hit.cosine for hit in hits] == pytest.approx(sorted(cosines, reverse=True), abs=1e-5)


def test_what_another_connection_adds_is_found_by_vectors_too(tmp_path):
    with made(tmp_path / "a.db", texts=("banana",), encode=letters) as one, Store(tmp_path / "a.db", encode=letters) as other:
        assert len(one.search("x", by="vectors")) == 1
        other.add("cabbage", origin="human")
        assert len(one.search("x", by="vectors")) == 2


def test_both_rankings_together_find_what_only_one_finds():
    store = made(texts=("abc def", "cba", "zzz"), encode=letters)
    assert {hit.document.text for hit in store.search("def cba", k=2)} == {"abc def", "cba"}


def test_vectors_without_an_encoder_are_refused():
    with pytest.raises(ConfigError, match="makes no vectors"):
        made().search("city", by="vectors")


def test_at_most_a_share_of_the_places_goes_to_what_models_wrote():
    store = made(quota=Quota(1.0), texts=[f"A city of people, number {at}." for at in range(4)])
    store.extend([written(f"city city city {at}") for at in range(6)])
    assert sum(hit.document.is_written for hit in store.search("city", 5)) == 5
    for share, most in ((0.4, 2), (0.2, 1), (0.0, 0), (0.39, 1), (1.0, 5)):
        hits = store.search("city", 5, most_written=share)
        assert sum(hit.document.is_written for hit in hits) == most, share
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len(store.search("city", 5, most_written=0.0)) == 4


def test_quarantine_hides_and_undo_brings_back_and_nothing_is_deleted():
    store = made()
    (given,) = store.quarantine(ids(store.search("oslo")), "wrong")
    assert store.search("oslo") == [] and len(store) == 3
    assert store.quarantine([given], "again") == []
    assert store.restore([given, "no such id"], "it was right") == [given]
    assert ids(store.search("oslo")) == [given]
    assert [(move["status"], move["reason"]) for move in store.moves(given)] == [("quarantined", "wrong"), ("accepted", "it was right")]


def test_what_descends_from_a_document_goes_with_it_and_comes_back_with_it():
    store = made(quota=Quota(1.0))
    (oslo,) = ids(store.search("oslo"))
    child, grandchild, other, stranger = store.extend(
        [
            written("child", lt_parents=[oslo]),
            written("grandchild", lt_parents=json.dumps([identity({"text": "child"}), "elsewhere"])),
            written("other", lt_parents=ids(store.search("fish"))),
            written("stranger", lt_parents=["http://source"]),
        ]
    )
    assert store.quarantine([oslo], "withdrawn", descendants=True) == sorted([oslo, child, grandchild])
    assert store.restore([oslo], "it stands", descendants=True) == sorted([oslo, child, grandchild])
    assert store.quarantine(["http://source"], "the page changed", descendants=True) == [stranger]
    assert store.descends_from_human(grandchild) and not store.descends_from_human(stranger)
    assert store.get([other])[other].status == "accepted"


def test_a_circle_of_parents_ends():
    store = made(quota=Quota(1.0))
    one, two = (identity({"text": text}) for text in ("one", "two"))
    store.extend([written("one", lt_parents=[two]), written("two", lt_parents=[one])])
    assert not store.descends_from_human(one)
    assert store.quarantine([one], "circle", descendants=True) == sorted([one, two])


def test_beyond_the_quota_a_document_goes_to_quarantine_and_says_why():
    store = made(texts=[f"human {at}" for at in range(4)])
    first, second = store.extend([written("one"), written("two")])
    assert store.get([first])[first].status == "accepted"
    assert store.get([second])[second].status == "quarantined"
    assert "model-written" in store.moves(second)[0]["reason"]
    assert store.holdings() == (5, 1, 1)


def test_a_text_that_is_there_already_keeps_its_origin():
    store = made(quota=Quota(1.0))
    given = store.extend([written("a thing")])[0]
    assert store.add("a thing", origin="human") == given
    assert (store.get([given])[given].origin, store.merges(given)) == ("synthetic", 1)


@pytest.mark.parametrize("text", ["", "  \n", None, 7])
def test_what_is_no_text_is_refused(text):
    with pytest.raises(UsageError, match="hand over a text"):
        made().add(text)


def test_provenance_of_another_text_is_refused():
    with pytest.raises(UsageError, match="is of the text"):
        made().add("this", meta={"lt_id": identity({"text": "that"}), "lt_origin": "synthetic"})


@pytest.mark.parametrize("meta", [{"lt_origin": "person"}, {"lt_status": "fine"}])
def test_a_word_that_is_no_origin_or_status_is_refused(meta):
    with pytest.raises(UsageError, match="fine|person"):
        made().add("this", meta=meta)


def test_logs_are_only_ever_added_to(tmp_path):
    with made(tmp_path / "a.db") as store:
        store.quarantine(ids(store.search("oslo")), "wrong")
        Gate(store).check("Oslo is large.", store.search("oslo"))
    other = sqlite3.connect(tmp_path / "a.db")
    for log in ("moves", "decisions"):
        for statement in (f"DELETE FROM {log}", f"UPDATE {log} SET time = ''"):
            with pytest.raises(sqlite3.IntegrityError, match="only ever added"):
                other.execute(statement)
    other.close()


def test_rows_that_another_program_writes_are_found_and_are_unknown(tmp_path):
    with made(tmp_path / "a.db") as store:
        other = sqlite3.connect(tmp_path / "a.db")
        other.execute("INSERT INTO documents (lt_id, text) VALUES ('x', 'The whale is grey.')")
        other.commit()
        (hit,) = store.search("whale")
        assert (hit.document.id, hit.document.origin, hit.document.depth, hit.document.parents) == ("x", "unknown", None, ())
        decision = Gate(store).check("The whale is grey.", [hit], ["x"])
        assert [reason.step for reason in decision.reasons] == ["lineage"]
        other.execute("UPDATE documents SET text = 'The whale is blue.' WHERE lt_id = 'x'")
        other.execute("DELETE FROM documents WHERE text LIKE 'Oslo%'")
        other.commit()
        other.close()
        assert [hit.document.text for hit in store.search("whale grey blue oslo")] == ["The whale is blue."]


def test_a_file_that_is_no_store_is_told(tmp_path):
    (tmp_path / "text.db").write_text("no database at all, but long enough to be read as one" * 20)
    with pytest.raises(ReadError, match="is no store"):
        Store(tmp_path / "text.db")
    other = sqlite3.connect(tmp_path / "other.db")
    other.execute("CREATE TABLE memories (id, text)")
    other.commit()
    other.close()
    with pytest.raises(ReadError, match="is no store"):
        Store(tmp_path / "other.db")


def write(path, name):
    with Store(path, quota=Quota(0.2)) as store:
        for at in range(20):
            store.add(f"model text {name} {at}", meta={"lt_origin": "synthetic", "lt_depth": 1})
            store.add(f"human text {name} {at}", origin="human")
            store.add(f"the same in all {at}", origin="human")
            store.search("text")


def test_processes_that_write_at_once_lose_nothing_and_keep_the_quota_together(tmp_path):
    path, forked = tmp_path / "a.db", multiprocessing.get_context("fork")
    running = [forked.Process(target=write, args=(path, name)) for name in range(4)]
    for each in running:
        each.start()
    for each in running:
        each.join()
    assert [each.exitcode for each in running] == [0] * 4
    with Store(path) as store:
        assert len(store) == 4 * 20 * 2 + 20
        held = store.holdings()
        assert 0 < held.written <= 0.2 * held.documents
        assert sum(store.merges(identity({"text": f"the same in all {at}"})) for at in range(20)) == 60
        assert len(store.search("model", 1000)) == held.written
