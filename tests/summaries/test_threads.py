import gc
import json
import tempfile
import threading
import time

import numpy as np
import pytest

import longtail
from longtail.errors import ConfigError, UsageError
from longtail.readers import intake
from longtail.summaries import capacities, frequencies
from longtail.summaries.profile import Profile
from longtail.summaries.sample import DocumentSample
from longtail.views.validity import judged_by

from .made import documents

FILES, ROWS = 12, 25
TEXT = ("words_1", "words_2", "words_3", "code_1", "code_2", "formats", "near_duplicates", "turns")
VIEWS = (*TEXT, "category:state", "category:job", "pairs", "number:age", "regions:emb", "regions:features")
ORIGINS = ("human", "synthetic", "mixed", None)


def row(at, words):
    rng = np.random.default_rng(at)
    answer = f"{words}\n```python\nx = {at % 7}\n```\n- {words[:9]}" if at % 3 else words
    return {
        "messages": [{"role": "user", "content": f"ask {at % 9}"}, {"role": "assistant", "content": answer or "e\u0301 nothing"}],
        "prompt": [None, f"ask {at % 9}"][at % 4 > 0],
        "lt_id": f"id{at % 200}",
        "lt_origin": ORIGINS[at % 4],
        "lt_evidence": "asserted",
        "lt_source": f"https://site{at % 5}.org/{at}",
        "lt_decoding": {"top_p": at % 3 / 2},
        "lt_weight": at % 3 / 10,
        "state": "abcdefgh"[at % 8],
        "job": ["x", "y", None][at % 3],
        "age": [1e300, float(rng.normal())][at % 2 or at % 5 > 0],
        "emb": rng.normal(size=4).tolist(),
        "topic": f"t{at % 40}",
    }


def vectors_for(texts):
    return np.array([[len(text), text.count("w1")] for text in texts], "f4")


def is_long(texts):
    return [len(text) > 4 for text in texts]


VALIDITY = judged_by("long", is_long)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Files of a few documents each, so that batches are many; some lines are no documents, some documents are alike."""
    made = tmp_path_factory.mktemp("rows")
    texts = documents(FILES * ROWS, vocabulary=300, longest=30)
    texts[50:60] = texts[:10]
    for at in range(FILES):
        lines = [json.dumps(row(at * ROWS + each, texts[at * ROWS + each])) for each in range(ROWS)]
        (made / f"part-{at:02}.jsonl").write_text("\n".join([*lines, "{broken", '{"messages": 3}']) + "\n")
    return made


@pytest.fixture
def small(monkeypatch, tmp_path):
    """Batches, buffers, samples of types and memory so small that all of them run over."""
    monkeypatch.setattr(capacities, "SAMPLED_TYPES", 64)
    monkeypatch.setattr(capacities, "LABELS_KEPT", 16)
    monkeypatch.setattr(capacities, "MEMORY_ROWS", 256)
    monkeypatch.setattr(capacities, "view_bytes", lambda least: least)
    monkeypatch.setattr(frequencies, "_BUFFER_KEYS", 512)
    monkeypatch.setattr(intake, "MOST_DOCUMENTS", 10)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def shaken(monkeypatch):
    """Threads that stop at random wherever one could overtake another."""
    found, rng = Profile.found_in, np.random.default_rng(0)

    def slowly(self, batch):
        for each in found(self, batch):
            time.sleep(float(rng.choice([0] * 7 + [1e-3])))
            yield each

    monkeypatch.setattr(Profile, "found_in", slowly)


def counted(folder, workers, *, views=VIEWS, exact=False, **options):
    settings = {"features": vectors_for, "validity": VALIDITY, "by": ["topic"]} | options
    return longtail.profile(folder, views=views, exact=exact, workers=workers, **settings)


def saved(made, path):
    longtail.save(made, path)
    return path.read_bytes()


def threads():
    return [each for each in threading.enumerate() if each.name.startswith("longtail")]


@pytest.mark.parametrize("exact", [False, True])
def test_the_file_of_a_profile_is_the_same_for_any_number_of_threads_however_they_run(folder, small, shaken, exact):
    alone = counted(folder, 1, exact=exact)
    assert alone.quarantined == 2 * FILES and alone.spilled_bytes and alone.documents < FILES * ROWS
    assert {*VIEWS} == {*alone.views} and alone.composition.tagged and alone.distinct(view="prompts")
    expected = saved(alone, small / "alone.ltp")
    for workers in (2, 3):
        assert saved(counted(folder, workers, exact=exact), small / "several.ltp") == expected


def listened(workers):
    """What is called while some documents are counted, in order, the threads that call it, and the progress told."""
    called, on, told = [], set(), []

    def noted(name, found):
        called.append(name)
        on.add(threading.get_ident())
        return found

    longtail.profile(
        ({"text": noted("rows", f"text number {at}")} for at in range(20_000)),
        views=["words_1"],
        workers=workers,
        features=lambda texts: noted("features", vectors_for(texts)),
        validity=judged_by("long", lambda texts: noted("validity", is_long(texts))),
        on_progress=lambda step: told.append(noted("progress", (step.stage, step.done))),
    )
    return called, on, told


def test_progress_and_what_is_handed_in_are_called_as_with_one_thread_and_in_the_calling_one():
    assert listened(1) == listened(3)
    called, on, told = listened(2)
    assert on == {threading.get_ident()} and {*called} == {"rows", "features", "validity", "progress"}
    assert [done for _, done in told] == [8192, 16384, 20_000]


class Broken(Exception):
    pass


def failing(at):
    """Rows of which one cannot be had."""
    for number in range(400):
        if number == at:
            raise Broken
        yield f"text {number}"


def stopping(step):
    if step.done > 100:
        raise KeyboardInterrupt


def no_truth(texts):
    return [True] if any("300" in text for text in texts) else is_long(texts)


@pytest.mark.parametrize(
    ("rows", "options", "error"),
    [
        (300, {}, Broken),
        (None, {"on_progress": stopping}, KeyboardInterrupt),
        (None, {"validity": judged_by("no truth", no_truth)}, ConfigError),
    ],
)
@pytest.mark.parametrize("workers", [1, 3])
def test_an_error_is_raised_as_it_is_and_leaves_no_thread_and_no_file(small, rows, options, error, workers):
    with pytest.raises(error):
        longtail.profile(failing(rows), views=["words_1"], exact=True, workers=workers, **options)
    assert threads() == []
    gc.collect()
    assert [*small.iterdir()] == []


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_the_error_of_the_earliest_batch_that_cannot_be_counted_is_raised(monkeypatch, small, workers):
    add = DocumentSample.add

    def refusing(self, batch):
        if int(batch.text(0).split()[1]) >= 80:
            time.sleep(0.05 if batch.text(0) == "text 80" else 0)
            raise Broken(batch.text(0))
        add(self, batch)

    monkeypatch.setattr(DocumentSample, "add", refusing)
    with pytest.raises(Broken, match=r"^text 80$"):
        longtail.profile(failing(None), views=["words_1"], exact=True, workers=workers)
    assert threads() == []
    gc.collect()
    assert [*small.iterdir()] == []


@pytest.mark.parametrize("workers", [0, -1])
def test_less_than_one_thread_is_refused(workers):
    for ask in (longtail.profile, longtail.audit):
        with pytest.raises(UsageError, match=rf"workers is {workers}; take 1 or more"):
            ask(["a text"] * 3, workers=workers)
