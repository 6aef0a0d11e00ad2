"""Credentials in files and beside them."""

import socketserver

import pytest

from longtail.errors import ConfigError, MissingExtra, ReadError, UnknownName, UsageError
from longtail.origin.credentials import media
from longtail.origin.credentials.statement import Statement
from longtail.records import Evidence, Origin


@pytest.fixture
def signed(keys, tmp_path):
    def sign(path, source_type="trainedAlgorithmicMedia", by=keys, output=None, **options):
        output = output or tmp_path / f"signed-{path.name}"
        return media.sign(path, output, by.chain, by.key, source_type, generator="tiny model", **options)

    return sign


@pytest.mark.parametrize("kind", ["png", "wav", "svg"])
def test_a_credential_comes_back(kind, signed, keys, request):
    found = media.read(signed(request.getfixturevalue(kind)), keys.root)
    assert (found.state, found.origin, found.evidence, found.signer) == ("verified", Origin.SYNTHETIC, Evidence.SIGNED, "Alice")
    assert found.claims["actions"][0]["softwareAgent"] == "tiny model"
    assert found.claims["source_types"] == ["trainedAlgorithmicMedia"]


def test_a_valid_credential_is_not_verified_without_a_trust_list(signed, png):
    found = media.read(signed(png))
    assert (found.state, found.origin, found.evidence) == ("declared", Origin.SYNTHETIC, Evidence.ASSERTED)
    assert "nobody vouches for" in found.words


def test_a_signer_outside_the_trust_list_is_not_verified(signed, png, other_keys):
    assert media.read(signed(png), other_keys.root).state == "declared"


def test_a_signer_who_takes_a_name_that_is_trusted_is_not_verified(signed, png, keys, namesake_keys):
    found = media.read(signed(png, by=namesake_keys), keys.root)
    assert (found.state, found.signer) == ("declared", "Alice")


@pytest.mark.parametrize(("kind", "where"), [("png", b"IDAT"), ("wav", b"data")])
def test_changed_content_is_found(kind, where, signed, keys, request):
    path = signed(request.getfixturevalue(kind))
    content = bytearray(path.read_bytes())
    content[content.index(where) + 12] ^= 1
    path.write_bytes(content)
    found = media.read(path, keys.root)
    assert (found.state, found.origin, found.evidence) == ("invalid", None, Evidence.NONE)
    assert "assertion.dataHash.mismatch" in found.words


def test_no_single_changed_byte_makes_another_statement(signed, png, keys):
    path = signed(png)
    whole, said = path.read_bytes(), media.read(path, keys.root)
    states = set()
    for at in range(0, len(whole), 23):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        found = media.read(path, keys.root)
        states.add(found.state)
        assert found.state in ("invalid", "none") or (found.origin, found.claims, found.signer) == (said.origin, said.claims, said.signer)
    assert "invalid" in states


def test_a_file_cut_short_is_not_believed(signed, png, keys):
    path = signed(png)
    path.write_bytes(path.read_bytes()[:900])
    found = media.read(path, keys.root)
    assert (found.state, found.origin) == ("invalid", None)
    assert "damaged" in found.words


def test_a_file_without_a_credential_says_nothing(keys, png):
    found = media.read(png, keys.root)
    assert (found.state, found.origin, found.evidence) == ("none", None, Evidence.NONE)
    assert "says nothing" in found.words


@pytest.mark.parametrize(
    ("source_type", "origin"),
    [
        ("trainedAlgorithmicData", Origin.SYNTHETIC),
        ("compositeWithTrainedAlgorithmicMedia", Origin.MIXED),
        ("digitalCapture", Origin.HUMAN),
        ("digitalCreation", Origin.HUMAN),
        ("humanEdits", Origin.HUMAN),
    ],
)
def test_a_source_type_is_an_origin(source_type, origin, signed, png):
    found = media.read(signed(png, source_type))
    assert (found.origin, found.evidence) == (origin, Evidence.ASSERTED)


def test_rights_are_no_origin(signed, png, keys):
    rights = {"cawg.ai_generative_training": "notAllowed", "cawg.data_mining": "allowed"}
    found = media.read(signed(png, "digitalCapture", rights=rights), keys.root)
    assert found.rights == rights
    assert found.origin == Origin.HUMAN
    assert media.read(signed(png, "digitalCapture")).rights == {}


@pytest.mark.parametrize("suffix", ["jsonl", "json", "parquet", "txt"])
def test_other_files_have_theirs_beside_them(suffix, signed, keys, tmp_path):
    path = tmp_path / f"rows.{suffix}"
    path.write_bytes(b'{"text": "made by a model"}\n')
    beside = signed(path, "trainedAlgorithmicData", output=tmp_path / f"rows.{suffix}.c2pa")
    assert media.read(path, keys.root).state == "verified"
    beside.rename(tmp_path / "rows.c2pa")
    assert media.read(path, keys.root).state == "verified"
    path.write_bytes(b'{"text": "made by a human"}\n')
    assert media.read(path, keys.root).state == "invalid"
    (tmp_path / "rows.c2pa").write_bytes(b"garbage")
    assert media.read(path, keys.root).state == "invalid"
    (tmp_path / "rows.c2pa").write_bytes(b"")
    assert media.read(path, keys.root).state == "invalid"
    (tmp_path / "rows.c2pa").unlink()
    assert media.read(path, keys.root).state == "none"


def test_a_file_that_holds_none_says_how_to_put_it_beside(signed, tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text("{}\n")
    with pytest.raises(UsageError, match=r"'jsonl' cannot hold a credential; name an output that ends in \.c2pa"):
        signed(path)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["rows.jsonl"]


def test_a_credential_that_lies_elsewhere_is_named_and_not_fetched(keys, png, tmp_path):
    import c2pa

    class Seen(socketserver.BaseRequestHandler):
        def handle(self):
            reached.append(self.client_address)

    reached = []
    with socketserver.TCPServer(("127.0.0.1", 0), Seen) as server:
        address = f"http://127.0.0.1:{server.server_address[1]}/picture.c2pa"
        info = c2pa.C2paSignerInfo(alg="es256", sign_cert=keys.chain.read_bytes(), private_key=keys.key.read_bytes(), ta_url=None)
        builder = c2pa.Builder(Statement("digitalCapture", "camera").definition("test", "1"))
        builder.set_no_embed()
        builder.set_remote_url(address)
        with png.open("rb") as source, (tmp_path / "remote.png").open("w+b") as output:
            builder.sign(c2pa.Signer.from_info(info), "image/png", source, output)
        found = media.read(tmp_path / "remote.png", keys.root)
        server.timeout = 0.2
        server.handle_request()
    assert (found.state, found.claims, reached) == ("none", {"remote": address}, [])


def test_what_was_made_from_a_models_picture_stays_so(signed, png, keys, other_keys, tmp_path):
    import c2pa

    parent = signed(png)
    info = c2pa.C2paSignerInfo(alg="es256", sign_cert=other_keys.chain.read_bytes(), private_key=other_keys.key.read_bytes(), ta_url=None)
    edits = "http://cv.iptc.org/newscodes/digitalsourcetype/humanEdits"
    actions = [{"action": "c2pa.opened", "parameters": {"ingredientIds": ["p"]}}, {"action": "c2pa.edited", "digitalSourceType": edits}]
    builder = c2pa.Builder(
        {"claim_generator_info": [{"name": "t"}], "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": actions}}]}
    )
    with parent.open("rb") as first, parent.open("rb") as source, (tmp_path / "edited.png").open("w+b") as output:
        builder.add_ingredient({"title": "parent", "relationship": "parentOf", "label": "p"}, "image/png", first)
        builder.sign(c2pa.Signer.from_info(info), "image/png", source, output)
    found = media.read(tmp_path / "edited.png", other_keys.root)
    assert (found.state, found.signer, found.origin) == ("verified", "Mallory", Origin.HUMAN_EDITED)
    assert found.evidence == Evidence.ASSERTED, "the trusted signer did not state where the parent came from"


def test_keys_that_do_not_fit_are_refused(keys, other_keys, png, tmp_path):
    with pytest.raises(UsageError, match="cannot sign with"):
        media.sign(png, tmp_path / "out.png", keys.chain, other_keys.key, "digitalCapture", generator="camera")
    assert not (tmp_path / "out.png").exists()


def test_bad_input_is_named(keys, png, tmp_path, signed):
    (tmp_path / "no.pem").write_text("nonsense")
    (tmp_path / "bad.pem").write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    with pytest.raises(ReadError, match=r"no\.pem: is no PEM file"):
        media.read(png, tmp_path / "no.pem")
    with pytest.raises(ReadError, match=r"bad\.pem: is no list of certificates"):
        media.read(png, tmp_path / "bad.pem")
    with pytest.raises(ReadError, match=r"absent\.png: cannot be read"):
        media.read(tmp_path / "absent.png")
    with pytest.raises(ReadError, match=r"absent\.png: cannot be read"):
        signed(tmp_path / "absent.png")
    with pytest.raises(UsageError, match="would be overwritten"):
        signed(png, output=png)
    with pytest.raises(UsageError, match="cannot write"):
        signed(png, output=tmp_path / "nowhere" / "out.png")
    with pytest.raises(UnknownName, match="did you mean 'trainedAlgorithmicMedia'"):
        signed(png, "trainedAlgorithmMedia")
    with pytest.raises(ConfigError, match="'perhaps'"):
        signed(png, rights={"cawg.data_mining": "perhaps"})


def test_without_the_optional_part_the_line_that_installs_it_is_said(monkeypatch, png):
    monkeypatch.setitem(__import__("sys").modules, "c2pa", None)
    with pytest.raises(MissingExtra, match=r"pip install 'longtail\[c2pa\]'"):
        media.read(png)


@pytest.mark.parametrize("package", ["c2pa-python", "c2pa-text"])
def test_the_optional_parts_are_free_to_use(package, keys):
    from importlib.metadata import metadata

    held = metadata(package)
    assert "MIT" in " ".join([held.get("License") or "", *(held.get_all("Classifier") or [])])
