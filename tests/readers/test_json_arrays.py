import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longtail.errors import ReadError
from longtail.readers import json_array, read

from .readers_help import set_aside, squeeze, texts


@pytest.mark.parametrize("packing", ["", ".gz", ".zst"])
@pytest.mark.parametrize("indent", [None, 2])
def test_an_array_of_records_is_read(write, packing, indent):
    data = json.dumps([{"text": "one"}, {"text": "two, [three"}], indent=indent).encode()
    assert texts(read(write(f"a.json{packing}", squeeze(data, packing)))) == ["one", "two, [three"]


def test_an_array_of_strings_is_read(write):
    assert texts(read(write("a.json", '["one", "two"]'))) == ["one", "two"]


def test_an_array_in_a_file_named_jsonl_is_read(write):
    assert texts(read(write("a.jsonl", '\n [{"text": "one"}]\n'))) == ["one"]


def test_an_object_over_several_lines_is_a_record(write):
    data = "\n".join(json.dumps({"text": text}, indent=1) for text in ("one", "two"))
    assert texts(read(write("a.json", data))) == ["one", "two"]


def test_a_bad_record_in_an_array_is_quarantined_with_its_line(write):
    reading = read(write("a.json", '[\n{"text": "one"},\n{"text": 5},\n\n {"text": "\\ud800"},\n{"text": " "}\n]'))
    assert texts(reading) == ["one"]
    assert [line for line, _ in set_aside(reading)] == [3, 5, 6]


def test_invalid_utf8_in_an_array_costs_one_record(write):
    reading = read(write("a.json", b'[{"text": "one"},\n{"text": "a\xffb"}, {"text": "two"}]'))
    assert texts(reading) == ["one", "two"]
    assert set_aside(reading) == [(2, "invalid UTF-8: byte 0xff at character 2 of the text")]


@pytest.mark.parametrize(
    ("data", "line"),
    [
        ('[{"text": "one"},\n{"text": "two"', 2),
        ('[{"text": "one"},\n', 2),
        ('[{"text": "one"}\n', 2),
        ('[{"text": "one"}\n{"text": "two"}]', 2),
        ('[{"text": "one"},\n{"text" "two"}]', 2),
        ('[{"text": "one"},\n]', 2),
        ('[{"text": "one"}]\n[', 2),
        ('[{"text": "one"}, {"text": "cut', 1),
        ("[", 1),
    ],
)
def test_an_array_that_is_malformed_or_cut_off_raises_with_its_line(write, data, line):
    with pytest.raises(ReadError, match=rf"a\.json:{line}: (malformed JSON|the array is not closed)"):
        texts(read(write("a.json", data)))


def test_an_empty_array_holds_no_documents(write):
    with pytest.raises(ReadError, match="no documents"):
        texts(read(write("a.json", " [ ] ")))


def test_a_malformed_array_is_noticed_before_the_rest_is_read(write, monkeypatch):
    monkeypatch.setattr(json_array, "_BLOCK", 64)
    path = write("a.json", '[{"text" oops}, ' + '{"text": "x"}, ' * 5000 + "1]")
    with open(path, "rb") as stream, pytest.raises(ReadError, match="malformed"):
        list(json_array.scan(stream, path))
    with open(path, "rb") as stream:
        with pytest.raises(ReadError, match="malformed"):
            list(json_array.scan(stream, path))
        assert stream.tell() < 1000


plain = st.none() | st.booleans() | st.floats() | st.integers() | st.text()
records = st.recursive(plain, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)


@given(st.lists(records, max_size=8), st.sampled_from([None, 1]), st.integers(1, 40), st.booleans())
def test_the_scan_yields_what_the_standard_library_loads(tmp_path_factory, values, indent, block, ascii_only):
    path = tmp_path_factory.getbasetemp() / "scan.json"
    path.write_text(json.dumps(values, indent=indent, ensure_ascii=ascii_only), encoding="utf-8", errors="surrogatepass")
    with pytest.MonkeyPatch.context() as patch, open(path, "rb") as stream:
        patch.setattr(json_array, "_BLOCK", block)
        assert repr([value for _, value in json_array.scan(stream, str(path))]) == repr(values)
