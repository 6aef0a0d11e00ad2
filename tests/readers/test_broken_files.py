import hashlib
import os
import tracemalloc

import pytest

from longtail.errors import ReadError
from longtail.readers import json_array, read

from .readers_help import squeeze, texts

LINES = b"".join(b'{"text": "document number %d %s"}\n' % (i, os.urandom(20).hex().encode()) for i in range(20_000))


@pytest.mark.parametrize("suffix", [".jsonl", ".json", ".csv", ".txt"])
@pytest.mark.parametrize("packing", [".gz", ".zst"])
def test_a_compressed_file_cut_off_half_way_is_an_error_and_not_a_short_read(write, suffix, packing):
    data = {".json": b"[" + LINES.replace(b"\n", b",")[:-1] + b"]", ".csv": b"text\n" + LINES.replace(b'"', b"")}.get(suffix, LINES)
    whole = squeeze(data, packing)
    assert texts(read(write(f"whole{suffix}{packing}", whole)))
    with pytest.raises(ReadError, match=rf"cut{suffix}{packing}: cannot be read to its end: Truncated"):
        texts(read(write(f"cut{suffix}{packing}", whole[: len(whole) // 2])))


def test_a_compressed_file_with_damage_inside_is_an_error(write):
    whole = bytearray(squeeze(LINES, ".gz"))
    whole[len(whole) // 2 : len(whole) // 2 + 200] = b"\xaa" * 200
    with pytest.raises(ReadError, match=r"a\.jsonl\.gz: cannot be read to its end"):
        texts(read(write("a.jsonl.gz", bytes(whole))))


def test_a_file_that_vanishes_between_parts_is_an_error_that_names_it(write):
    reading = read([write("a.jsonl", LINES), write("b.jsonl", LINES)])
    batches = reading.batches()
    next(batches)
    os.remove("b.jsonl")
    with pytest.raises(ReadError, match=r"b\.jsonl: the file vanished"):
        list(batches)


@pytest.mark.parametrize("size", [100, len(LINES) // 2])
def test_a_file_cut_short_while_it_is_read_is_an_error(write, size):
    batches = read(write("a.jsonl", LINES)).batches()
    next(batches)
    os.truncate("a.jsonl", size)
    with pytest.raises(ReadError, match=r"a\.jsonl: changed while it was read"):
        list(batches)


def test_a_file_that_grows_while_it_is_read_is_an_error(write):
    batches = read(write("a.jsonl", LINES)).batches()
    next(batches)
    with open("a.jsonl", "ab") as stream:
        stream.write(b'{"text": "late"}\n')
    with pytest.raises(ReadError, match="changed while it was read"):
        list(batches)


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.csv", "a.txt", "a.md", "a.jsonl.gz"])
def test_a_file_of_no_bytes_holds_no_documents(write, name):
    with pytest.raises(ReadError, match=rf"{name}: no documents"):
        texts(read(write(name, b"")))


def test_when_every_document_was_set_aside_the_error_gives_the_first_reasons(write):
    reading = read(write("a.jsonl", b'{"text": ""}\noops\n{"text": 3}\n{"text": null}\n'))
    with pytest.raises(ReadError) as caught:
        texts(reading)
    message = str(caught.value)
    assert "no documents: all 4 were set aside" in message
    assert "a.jsonl:1: empty document; a.jsonl:2: malformed JSON" in message
    assert "a.jsonl:3: expected text, found number" in message
    assert reading.quarantined == 4


def test_the_quarantine_keeps_a_thousand_and_counts_all(write):
    reading = read(write("a.jsonl", b'{"text": "one"}\n' + b"oops\n" * 1500))
    texts(reading)
    assert (reading.quarantined, len(reading.quarantine)) == (1500, 1000)
    assert [one.line for one in reading.quarantine] == list(range(2, 1002))


def test_reading_again_starts_again(write):
    reading = read(write("a.jsonl", [{"text": "one"}, {"text": ""}]))
    assert texts(reading) == texts(reading) == ["one"]
    assert (reading.documents, reading.quarantined) == (1, 1)


def test_an_abandoned_pass_leaves_no_trace_in_the_next(write):
    reading = read(write("a.jsonl", LINES))
    next(reading.batches())
    assert len(texts(reading)) == reading.documents == 20_000


def test_bytes_and_hash_are_those_of_the_file(write):
    reading = read(write("a.jsonl", LINES))
    assert reading.bytes == len(LINES)
    assert reading.sha256 == hashlib.sha256(LINES).hexdigest()


def test_the_hash_of_several_parts_is_of_their_sorted_hashes(write):
    parts = [b'{"text": "%d"}\n' % i for i in range(5)]
    reading = read([write(f"{i}.jsonl", part) for i, part in enumerate(parts)])
    hashes = sorted(hashlib.sha256(part).hexdigest() for part in parts)
    assert reading.sha256 == hashlib.sha256("".join(hashes).encode()).hexdigest()
    assert reading.bytes == sum(map(len, parts))


def test_the_hash_is_computed_once(write):
    reading = read(write("a.jsonl", LINES))
    first = reading.sha256
    os.remove("a.jsonl")
    assert reading.sha256 == first


def test_progress_is_told_after_each_batch(write):
    told = []
    texts(read(write("a.jsonl", LINES), on_progress=told.append))
    assert [one.done for one in told] == [8192, 16384, 20000]
    assert {one.stage for one in told} == {"reading"}


def test_memory_does_not_grow_with_the_file(write, monkeypatch):
    monkeypatch.setattr(json_array, "_BLOCK", 2**16)

    def peak(name):
        tracemalloc.start()
        for _ in read(name).batches():
            pass
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return top

    for suffix, wrap in ((".jsonl", lambda data: data), (".json", lambda data: b"[" + data.replace(b"\n", b",")[:-1] + b"]")):
        write("small" + suffix, wrap(LINES))
        write("large" + suffix, wrap(LINES * 4))
        assert peak("large" + suffix) < 1.3 * peak("small" + suffix)
