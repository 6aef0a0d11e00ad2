"""An attestation holds as long as nothing that it states was altered, and no longer."""

import json
import shutil
import stat
import sys
from pathlib import Path

import msgspec
import pytest

from longtail.errors import LedgerError, MissingExtra, ReadError, UsageError
from longtail.ledger.store import Ledger
from longtail.ledger.store.attest import Attestation, attest, broken, new_key, read_attestation
from longtail.ledger.store.place import Place

ALTERED = "its signature does not hold: it was altered after it was signed"
NOW = "2026-01-31T12:00:00+00:00"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("attest")
    with Ledger.create(folder / "ledger") as ledger:
        for append in range(3):
            ledger.add([{"lt_id": f"{append}-{row}", "lt_origin": "human" if row else "synthetic"} for row in range(2)], "d")
            ledger.flush()
    return folder / "ledger", folder / "key.pem", new_key(folder / "key.pem")


@pytest.fixture
def folder(made, tmp_path):
    return Path(shutil.copytree(made[0], tmp_path / "ledger"))


def said(folder, attestation, public_key=None):
    return [fault.because for fault in broken(Place(folder), attestation, public_key)]


def stated(attestation, **changed):
    return msgspec.structs.replace(attestation, statement=msgspec.structs.replace(attestation.statement, **changed))


@pytest.mark.parametrize("is_signed", [False, True])
def test_it_holds_for_what_it_was_made_of_and_for_what_grew_from_it(folder, made, is_signed):
    found = attest(Place(folder), NOW, made[1] if is_signed else None)
    assert said(folder, found) == []
    assert (found.statement.rows["rows"], found.statement.origins) == (6, {"human": 3, "synthetic": 3})
    assert (found.public_key, found.signature is None) == ((made[2], False) if is_signed else (None, True))
    with Ledger.open(folder) as ledger:
        ledger.add([{"lt_id": "later", "lt_origin": "human"}])
        ledger.judge([{"lt_id": "later", "name": "g", "status": "pass"}])
        ledger.compact()
    assert said(folder, found) == []


def test_that_the_newest_links_are_missing_changes_nothing(folder):
    (folder / "seal" / "rows" / f"{3:020d}.json").unlink()
    early = attest(Place(folder), NOW)
    with Ledger.open(folder) as ledger:
        ledger.add([{"lt_id": "later", "lt_origin": "human"}])
    assert said(folder, early) == []
    (folder / "seal" / "rows" / f"{4:020d}.json").unlink()
    assert said(folder, early) == []


def test_the_signature_is_ed25519_over_the_statement_as_sorted_json(folder, made):
    ed25519 = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.ed25519")
    said = json.loads(msgspec.json.encode(attest(Place(folder), NOW, made[1])))
    content = json.dumps(said["statement"], sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    ed25519.Ed25519PublicKey.from_public_bytes(bytes.fromhex(said["public_key"])).verify(bytes.fromhex(said["signature"]), content)


def test_an_altered_statement_does_not_hold_signed_or_not(folder, made):
    for key, because in ((made[1], ALTERED), (None, None)):
        found = attest(Place(folder), NOW, key)
        for changed in ({"origins": {"human": 6}}, {"rows": found.statement.rows | {"rows": 7}}):
            told = said(folder, stated(found, **changed))
            assert told == [*([because] if because else []), "its counts of the table rows are not those of the commits that it names"]
        assert said(folder, stated(found, created_at="2020-01-01T00:00:00+00:00")) == ([because] if because else [])


def test_a_wrong_key_and_a_missing_signature_are_told(folder, made, tmp_path):
    other = new_key(tmp_path / "other.pem")
    signed = attest(Place(folder), NOW, made[1])
    assert said(folder, signed, made[2]) == said(folder, signed, f" {made[2].upper()}\n") == []
    assert said(folder, signed, other) == [f"it is signed with the key {made[2]}, not with the one given"]
    assert said(folder, msgspec.structs.replace(signed, public_key=other), other) == [ALTERED]
    assert said(folder, msgspec.structs.replace(signed, signature="zz")) == [ALTERED]
    assert said(folder, attest(Place(folder), NOW), made[2]) == ["it is not signed"]


def test_a_history_that_was_written_anew_does_not_hold(folder):
    found = attest(Place(folder), NOW)
    for part in ("rows/_delta_log", "seal/rows"):
        (folder / part / f"{3:020d}.json").unlink()
    assert said(folder, found) == ["the ledger no longer holds what it states of the table rows at commit 3"]
    with Ledger.open(folder) as ledger:
        ledger.add([{"lt_id": "instead", "lt_origin": "human"}])
    assert said(folder, found) == ["the ledger no longer holds what it states of the table rows at commit 3"]


def test_a_ledger_of_the_same_name_is_another(folder, tmp_path):
    Ledger.create(tmp_path / "other" / "ledger").close()
    found = attest(Place(tmp_path / "other" / "ledger"), NOW)
    assert said(folder, found) == [f"it is of another ledger ('ledger', id {found.statement.ledger})"]


def test_a_ledger_that_was_altered_cannot_be_attested(folder):
    next((folder / "rows").glob("*.parquet")).unlink()
    with pytest.raises(LedgerError, match="cannot be attested: rows: .*; see longtail ledger verify") as caught:
        attest(Place(folder), NOW)
    assert "\n" not in str(caught.value)


def test_without_the_package_for_signatures_only_a_signed_one_says_what_to_install(folder, made, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "cryptography", None)
    monkeypatch.setitem(sys.modules, "cryptography.exceptions", None)
    monkeypatch.delitem(sys.modules, "longtail.ledger.store.keys", raising=False)
    assert said(folder, attest(Place(folder), NOW)) == []
    for call in (lambda: attest(Place(folder), NOW, made[1]), lambda: new_key(tmp_path / "k.pem")):
        with pytest.raises(MissingExtra, match=r"pip install 'longtail\[sign\]'"):
            call()


def test_a_key_is_readable_by_its_owner_alone_and_never_overwritten(tmp_path):
    new_key(tmp_path / "k.pem")
    assert stat.S_IMODE((tmp_path / "k.pem").stat().st_mode) == 0o600
    for path, because in ((tmp_path / "k.pem", "a key is never overwritten"), (tmp_path / "no" / "k.pem", "cannot write the key")):
        with pytest.raises(UsageError, match=because):
            new_key(path)


@pytest.mark.parametrize("content", [None, b"", b"no key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_file_that_is_no_key_is_one_clear_line(folder, tmp_path, content):
    path = tmp_path / "key.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ReadError, match=r"key\.pem: (cannot be read as a key|is no private key)") as caught:
        attest(Place(folder), NOW, path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [None, "", "{}", "[]", '{"statement": 3}'])
def test_a_file_that_is_no_attestation_is_one_clear_line(tmp_path, content):
    path = tmp_path / "a.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(ReadError, match=r"a\.json: .*; name what longtail ledger attest wrote") as caught:
        read_attestation(path)
    assert "\n" not in str(caught.value)


def test_tables_that_a_statement_leaves_out_or_makes_up_do_not_hold(folder):
    found = attest(Place(folder), NOW)
    assert said(folder, stated(found, versions={}, heads={}))
    assert said(folder, stated(found, versions=found.statement.versions | {"rows": 99}))
    assert said(folder, stated(found, heads=found.statement.heads | {"rows": ""}))


def test_its_json_is_what_its_schema_says(folder, made):
    jsonschema = pytest.importorskip("jsonschema")
    schema = msgspec.json.schema(Attestation)
    for key in (None, made[1]):
        jsonschema.validate(json.loads(msgspec.json.encode(attest(Place(folder), NOW, key))), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"signature": None}, schema)


def bare(schema):
    """A schema without its descriptions, whose indentation differs between versions of Python."""
    if isinstance(schema, dict):
        return {name: bare(value) for name, value in schema.items() if name != "description"}
    return [bare(value) for value in schema] if isinstance(schema, list) else schema


def test_the_published_schema_is_that_of_the_record():
    published = Path(__file__).parents[3] / "docs" / "attestation.schema.json"
    assert bare(json.loads(published.read_bytes())) == bare(msgspec.json.schema(Attestation))
