"""`longtail mark`: keys, canaries and signed credentials, each found again by `longtail detect`."""

import json
import stat
from importlib.util import find_spec

import pytest

from longtail.ledger.store import Ledger
from longtail.origin.recognising.receipts import receipts
from longtail.origin.watermarks import Key

NO_TOKENIZER = "cannot be read as a tokenizer" if find_spec("tokenizers") else "longtail[hf]"


def refused(ran, *words):
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1), ran
    assert ran.err.startswith("longtail: ") and "unexpected" not in ran.err
    assert [word for word in words if word not in ran.err] == []


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def corpus(place, write_rows, stdlib_paragraphs):
    return write_rows("human.jsonl", list(stdlib_paragraphs[:1500])).name


def test_a_key_is_written_for_its_owner_alone_and_its_secret_is_never_printed(cli, place):
    ran = cli("mark", "key", "-o", "key.json", "--note", "chat 2027")
    key = Key.load("key.json")
    assert (ran.code, ran.out) == (0, "") and key.key_id in ran.err and "keep the file secret" in ran.err
    assert stat.S_IMODE((place / "key.json").stat().st_mode) == 0o600
    told = cli("mark", "key", "-o", "two.json", "--gamma", "0.5", "--delta", "1", "--context", "1", "--json").report
    assert (told["gamma"], told["delta"], told["context"]) == (0.5, 1.0, 1) and "secret" not in told
    assert key.secret not in ran.err
    assert (key.note, Key.load("two.json").key_id) == ("chat 2027", told["key_id"])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("-o", "there.json"), "never overwritten"),
        (("-o", "key.json", "--gamma", "1"), "gamma is 1.0"),
        (("-o", "nowhere/key.json"), "cannot write the key"),
        (("-o", "key.json", "--tokenizer", "absent"), NO_TOKENIZER),
    ],
)
def test_a_key_that_cannot_be_made_is_one_line(cli, place, options, words):
    (place / "there.json").write_text("{}")
    refused(cli("mark", "key", *options), words)


def test_canaries_are_written_recorded_and_found_again(cli, corpus):
    assert cli("mark", "key", "-o", "key.json", "-q").err == ""
    assert cli("ledger", "init", "ledger").code == 0
    ran = cli("mark", "sample", corpus, "--key", "key.json", "-n", "60", "-o", "canaries.jsonl", "--ledger", "ledger", "--json")
    assert (ran.code, ran.err) == (0, "") and ran.report["documents"] == 60
    rows = _rows("canaries.jsonl")
    assert {(row["lt_origin"], row["lt_model"]) for row in rows} == {("synthetic", "ngram-2")}
    with Ledger.open("ledger") as ledger:
        held = {each.lt_id for each in receipts(ledger)}
        assert held == {row["lt_id"] for row in rows}
    assert ran.report["green_rate"] == ran.report["green"] / ran.report["scored"] > 0.4
    found = cli("detect", "canaries.jsonl", "--key", "key.json", "--ledger", "ledger", "--json").report
    assert {each["recogniser"]: each["found"] for each in found["recognisers"]}["ledger"] == 60
    (share,) = found["marked"]
    assert share["low"] <= 1.0 <= share["high"] and share["share"] > 0.9
    assert cli("detect", "model", "canaries.jsonl", "--key", "key.json", "--json").report["log10_p"] < -20


def _rows(path):
    with open(path) as lines:
        return [json.loads(line) for line in lines]


def test_the_same_seed_writes_the_same_canaries_and_another_key_others(cli, corpus):
    for name in ("a", "b"):
        cli("mark", "key", "-o", f"{name}.json", "-q")
    for out, key in (("1", "a"), ("2", "a"), ("3", "b")):
        assert cli("mark", "sample", corpus, "--key", f"{key}.json", "-n", "5", "-o", f"{out}.jsonl", "-q").code == 0
    texts = [[row["text"] for row in _rows(f"{out}.jsonl")] for out in "123"]
    assert texts[0] == texts[1] != texts[2]


@pytest.mark.parametrize(
    ("options", "words"),
    [(("-o", "human.jsonl"), "exists"), (("-o", "c.jsonl", "--temperature", "0"), "temperature"), (("-o", "no/c.jsonl"), "cannot write")],
)
def test_canaries_that_cannot_be_written_are_one_line(cli, corpus, options, words):
    cli("mark", "key", "-o", "key.json", "-q")
    refused(cli("mark", "sample", corpus, "--key", "key.json", *options), words)


def test_a_key_for_another_tokenizer_cannot_write_words(cli, corpus):
    Key(secret="01" * 32, tokenizer="ab" * 32).save("strange.json")
    refused(cli("mark", "sample", corpus, "--key", "strange.json", "-o", "c.jsonl"), "tokenizer")


@pytest.fixture
def signer(place):
    for part in ("c2pa", "c2pa_text", "cryptography"):
        pytest.importorskip(part, reason="needs the extras c2pa and sign")
    from tests.origin.credentials import conftest

    return conftest._signer(place, "Alice")


def sign(cli, signer, file, output, kind="synthetic"):
    named = ("--certificate", signer.chain, "--private-key", signer.key, "--source-type", kind, "--generator", "my-model")
    return cli("mark", "sign", file, "-o", output, *named)


def png():
    import struct
    import zlib

    def part(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    pixels = zlib.compress(b"".join(b"\0" + bytes(24) for _ in range(8)))
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)) + part(b"IDAT", pixels) + part(b"IEND", b"")


def test_a_signed_text_is_verified_by_those_who_trust_the_signer_and_declared_to_others(cli, place, signer):
    (place / "story.txt").write_text("A story that a model wrote, some words long.")
    assert sign(cli, signer, "story.txt", "signed.txt").code == 0
    trusted = cli("detect", "signed.txt", "--trust", signer.root, "--json").report
    assert [(each["recogniser"], each["state"], each["evidence"]) for each in trusted["findings"]] == [("c2pa-text", "verified", "signed")]
    assert trusted["origins"] == {"synthetic": 1}
    declared = cli("detect", "signed.txt", "--json").report
    assert (declared["findings"][0]["state"], declared["origins"]) == ("declared", {})


def test_a_signed_image_is_read_and_a_changed_one_is_not_believed(cli, place, signer):
    (place / "picture.png").write_bytes(png())
    assert sign(cli, signer, "picture.png", "signed.png", "mixed").code == 0
    (one,) = cli("detect", "signed.png", "--trust", signer.root, "--json").report["media"]
    assert (one["state"], one["origin"], one["evidence"]) == ("verified", "mixed", "signed")
    (place / "changed.png").write_bytes((place / "signed.png").read_bytes().replace(zlib_of(png()), zlib_of(png())[::-1]))
    shown = " ".join(cli("detect", "changed.png", "picture.png", "--trust", signer.root).out.split())
    assert "it is not believed" in shown and "no C2PA credential found" in shown
    assert "no evidence of a human author" in shown


def zlib_of(picture):
    return picture[picture.index(b"IDAT") + 4 : picture.index(b"IEND") - 8]


def test_a_data_file_has_its_credential_beside_it(cli, place, signer, write_rows):
    write_rows("data.jsonl", ["some text of the data"])
    assert sign(cli, signer, "data.jsonl", "data.jsonl.c2pa").code == 0
    report = cli("detect", "data.jsonl", "--trust", signer.root, "--json").report
    assert [(each["path"], each["state"]) for each in report["media"]] == [("data.jsonl", "verified")]
    assert report["documents"] == 1


def test_signing_that_cannot_be_done_is_one_line(cli, place, signer):
    (place / "story.txt").write_text("words")
    (place / "latin.txt").write_bytes(b"caf\xe9")
    refused(sign(cli, signer, "absent.txt", "o.txt"), "cannot be read")
    refused(sign(cli, signer, "story.txt", "story.txt"), "overwritten")
    refused(sign(cli, signer, "latin.txt", "o.txt"), "no UTF-8")
