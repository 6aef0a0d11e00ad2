"""Files that are no text, told from data."""

import pytest

from longtail.errors import MissingExtra
from longtail.origin.credentials import media
from longtail.origin.recognising.called import Called
from longtail.origin.recognising.detecting import detect
from longtail.origin.recognising.media import parted

NOTHING = Called(lambda texts: [None] * len(texts), "nothing", "nothing")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in (
        "both/a.jsonl",
        "both/deep/b.PNG",
        "both/.hidden.png",
        "pictures/c.jpg",
        "data/d.jsonl",
        "data/d.jsonl.c2pa",
        "e.bin",
        "e.bin.c2pa",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text('{"text": "some words"}\n')
    return tmp_path


@pytest.mark.parametrize(
    ("names", "data", "files"),
    [
        (["both"], ["both"], ["both/deep/b.PNG"]),
        (["pictures"], [], ["pictures/c.jpg"]),
        (["data"], ["data"], []),
        (["data/d.jsonl"], ["data/d.jsonl"], ["data/d.jsonl"]),
        (["e.bin"], [], ["e.bin"]),
        (["-", "absent.png", "*.jsonl"], ["-", "*.jsonl"], ["absent.png"]),
    ],
)
def test_documents_and_files_are_told_apart(folder, names, data, files):
    assert parted(names) == (data, files)


def test_without_the_optional_part_documents_are_looked_at_all_the_same_and_files_alone_are_refused(folder, monkeypatch):
    def missing(path, trust):
        raise MissingExtra("reading a credential", "c2pa")

    monkeypatch.setattr(media, "read", missing)
    told = detect("both/a.jsonl", [NOTHING], media=["both/deep/b.PNG"]).record
    assert told.documents == 1 and told.media[0]["state"] == "unread"
    assert "pip install 'longtail[c2pa]'" in told.media[0]["words"]
    with pytest.raises(MissingExtra, match="c2pa"):
        detect(None, [NOTHING], media=["both/deep/b.PNG"])
