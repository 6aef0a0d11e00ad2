"""Files that are replaced in one step."""

import pytest

from longtail.atomic import replaced


def test_the_draft_takes_the_place_when_the_block_ends(tmp_path):
    target = tmp_path / "file"
    target.write_text("old")
    with replaced(target) as draft:
        draft.write_text("new")
        assert target.read_text() == "old"
    assert target.read_text() == "new"
    assert list(tmp_path.iterdir()) == [target]


def test_an_error_leaves_the_old_file_and_no_draft(tmp_path):
    target = tmp_path / "file"
    target.write_text("old")
    with pytest.raises(RuntimeError, match="half way"), replaced(target) as draft:
        draft.write_text("half")
        raise RuntimeError("half way")
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]
