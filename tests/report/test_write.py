import pytest

from longtail.errors import UsageError
from longtail.report import to_html, to_json, write


def test_the_suffix_chooses_the_format(full, tmp_path):
    write(full, tmp_path / "a.json")
    write(full, str(tmp_path / "b.HTML"))
    assert (tmp_path / "a.json").read_text(encoding="utf-8") == to_json(full)
    assert (tmp_path / "b.HTML").read_text(encoding="utf-8") == to_html(full)


def test_an_unknown_suffix_names_the_known_ones(full, tmp_path):
    with pytest.raises(UsageError, match=r"'.*report\.pdf'.*\.html, \.json"):
        write(full, tmp_path / "report.pdf")
    with pytest.raises(UsageError, match="known suffixes"):
        write(full, tmp_path / "report")


def test_an_old_file_is_replaced_and_nothing_is_left_beside_it(full, tmp_path):
    target = tmp_path / "report.json"
    target.write_text("old")
    write(full, target)
    assert target.read_text(encoding="utf-8") == to_json(full)
    assert list(tmp_path.iterdir()) == [target]


def test_a_missing_folder_is_said(full, tmp_path):
    with pytest.raises(UsageError, match=r"cannot write .*name a folder that exists"):
        write(full, tmp_path / "none" / "report.json")


def test_a_failure_leaves_the_old_file_and_no_draft(full, tmp_path):
    (tmp_path / "report.json").mkdir()
    with pytest.raises(UsageError, match="cannot write"):
        write(full, tmp_path / "report.json")
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]
