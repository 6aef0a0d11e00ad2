import json
import os

import msgspec
import pytest

from longtail.errors import ConfigError, ReadError, UsageError
from longtail.origin.watermarks import Key, PublicKey, Words


@pytest.fixture
def key():
    return Key.new(Words(), note="canary")


def test_a_key_comes_back_from_its_file_and_only_its_owner_may_read_it(key, tmp_path):
    key.save(tmp_path / "key.json")
    assert Key.load(tmp_path / "key.json") == key
    assert os.stat(tmp_path / "key.json").st_mode & 0o777 == 0o600


def test_a_key_is_never_overwritten(key, tmp_path):
    key.save(tmp_path / "key.json")
    with pytest.raises(UsageError, match="never overwritten"):
        Key.new(Words()).save(tmp_path / "key.json")
    assert Key.load(tmp_path / "key.json") == key


def test_a_key_cannot_be_written_where_there_is_no_folder(key, tmp_path):
    with pytest.raises(UsageError, match="No such file"):
        key.save(tmp_path / "none" / "key.json")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"gama": 0.5}, "unknown field `gama`"),
        ({"gamma": 1.0}, "gamma is 1.0"),
        ({"gamma": 0}, "gamma is 0"),
        ({"delta": -1.0}, "delta is -1.0"),
        ({"context": 0}, "context is 0"),
        ({"scheme": "greenlist-2"}, "greenlist-2"),
        ({"secret": "12"}, "secret is of 2 characters"),
        ({"secret": "x" * 64}, "secret is of 64 characters"),
        ({"tokenizer": "gpt2"}, "tokenizer is 'gpt2'"),
        ({"green_rate": 0.2}, "green_rate is 0.2"),
        ({"created": "yesterday"}, "created is 'yesterday'"),
    ],
)
def test_a_file_that_holds_no_key_is_refused_in_one_line(key, tmp_path, change, complaint):
    path = tmp_path / "key.json"
    path.write_text(json.dumps(msgspec.to_builtins(key) | change))
    with pytest.raises(ReadError, match=complaint) as caught:
        Key.load(path)
    assert "\n" not in str(caught.value)
    assert key.secret not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]", b"{}"])
def test_a_broken_file_is_refused(tmp_path, content):
    (tmp_path / "key.json").write_bytes(content)
    with pytest.raises(ReadError, match="is no watermark key"):
        Key.load(tmp_path / "key.json")


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(ReadError, match="cannot be read as a key"):
        Key.load(tmp_path / "key.json")


def test_a_setting_out_of_range_is_refused():
    with pytest.raises(ConfigError, match=r"gamma is 1.5; take a share"):
        Key.new(Words(), gamma=1.5)


def test_what_is_shown_holds_everything_but_the_secret(key):
    public = key.public()
    assert isinstance(public, PublicKey)
    assert msgspec.to_builtins(public) == {"key_id": key.key_id} | {
        name: value for name, value in msgspec.to_builtins(key).items() if name != "secret"
    }
    for shown in (repr(key), str(key), repr(public), str(list(key.__rich_repr__()))):
        assert key.secret not in shown
        assert key.key_id in shown


def test_two_keys_differ_and_the_id_follows_from_the_secret(key):
    other = Key.new(Words())
    assert other.key_id != key.key_id
    assert msgspec.structs.replace(other, secret=key.secret).key_id == key.key_id
    assert key.tokenizer == Words.sha256
