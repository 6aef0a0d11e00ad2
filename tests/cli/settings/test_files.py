"""Files of settings: which one is read, and on which line a key stands."""

import pytest

from longtail.cli.settings.files import line_of, named, nearest
from longtail.errors import ConfigError, ReadError


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder two below a git checkout's root; the working folder."""
    (tmp_path / ".git").mkdir()
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    return folder


def test_no_file_is_no_settings(here):
    assert nearest() is None


@pytest.mark.parametrize("levels", [0, 1, 2])
def test_the_nearest_file_upwards_is_read_and_shown_from_the_working_folder(here, levels):
    folder = [here, *here.parents][levels]
    (folder / "longtail.toml").write_text("seed = 1\n")
    assert nearest().path == "../" * levels + "longtail.toml"


def test_a_nearer_pyproject_with_our_table_comes_before_a_further_file(here):
    (here.parent / "longtail.toml").write_text("seed = 1\n")
    (here / "pyproject.toml").write_text("[tool.longtail]\nseed = 2\n")
    assert nearest().table == {"seed": 2} and nearest().section == ("tool", "longtail")


def test_a_pyproject_that_says_nothing_of_us_is_passed_over(here):
    (here.parent / "longtail.toml").write_text("seed = 1\n")
    (here / "pyproject.toml").write_text("[tool.other]\nseed = 2\n")
    assert nearest().table == {"seed": 1}


def test_of_both_in_one_folder_our_own_is_read(here):
    (here / "longtail.toml").write_text("seed = 1\n")
    (here / "pyproject.toml").write_text("[tool.longtail]\nseed = 2\n")
    assert nearest().table == {"seed": 1}


def test_the_search_ends_at_the_root_of_the_checkout(here):
    (here / ".git").mkdir()
    (here.parent / "longtail.toml").write_text("seed = 1\n")
    assert nearest() is None


def test_our_own_file_may_name_the_section_too(here):
    (here / "longtail.toml").write_text("[tool.longtail]\nseed = 1\n")
    assert nearest().table == {"seed": 1}


def test_a_byte_order_mark_is_no_part_of_the_first_key(here):
    (here / "longtail.toml").write_bytes(b"\xef\xbb\xbfseed = 1\n")
    assert nearest().table == {"seed": 1}


@pytest.mark.parametrize("name", ["longtail.toml", "pyproject.toml"])
@pytest.mark.parametrize(
    "content", [b"seed = \n", b'text-column = "\xff"\n', b"seed = 1\nseed = 2\n", b"\x00"], ids=["cut", "latin", "twice", "nul"]
)
def test_what_is_no_toml_is_refused_and_named(here, name, content):
    (here / name).write_bytes(content)
    with pytest.raises(ConfigError, match=rf"^{name}: is no TOML in UTF-8 .*--no-config"):
        nearest()


def test_a_file_that_may_not_be_read_is_refused_and_named(here, monkeypatch):
    (here / "longtail.toml").write_text("seed = 1\n")

    def refuse(self, **_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.read_text", refuse)
    with pytest.raises(ReadError, match=r"^longtail.toml: Permission denied; check the path, or leave it out with --no-config"):
        nearest()


def test_a_folder_of_that_name_is_no_file(here):
    (here / "longtail.toml").mkdir()
    assert nearest() is None


@pytest.mark.parametrize(("name", "content", "says"), [
    ("pyproject.toml", "[tool.other]\n", r"has no table \[tool.longtail\]"),
    ("mine.toml", "[tool]\nlongtail = 3\n", r"\[tool.longtail\] is no table"),
    ("mine.toml", "tool = 3\n", r"\[tool.longtail\] is no table"),
])  # fmt: skip
def test_a_named_file_without_settings_is_refused(here, name, content, says):
    (here / name).write_text(content)
    with pytest.raises(ConfigError, match=says):
        named(name)


def test_a_named_file_that_is_not_there_is_refused(here):
    with pytest.raises(ReadError, match=r"^none.toml: No such file"):
        named("none.toml")


TEXT = """\
seed = 1

[tool.longtail.audit]
alpha = 0.1
  "fail-on" = "warn"
gate.run = {gates = "synth",
  unsure = "hold"}

[ other . table ]
alpha = 2
"""


@pytest.mark.parametrize(("keys", "line"), [
    ("seed", 1), ("tool.longtail.audit", 3), ("tool.longtail.audit.alpha", 4), ("tool.longtail.audit.fail-on", 5),
    ("tool.longtail.audit.gate.run.unsure", 6), ("other.table.alpha", 10), ("alpha", None), ("tool.longtail.audit.tau", None),
])  # fmt: skip
def test_the_line_of_a_key(keys, line):
    assert line_of(TEXT, tuple(keys.split("."))) == line


def test_paths_are_beside_the_file(here):
    (here.parent / "longtail.toml").write_text("seed = 1\n")
    file = nearest()
    assert [file.beside(name) for name in ("x.jsonl", "d/*.jsonl", "-", "/x")] == ["../x.jsonl", "../d/*.jsonl", "-", "/x"]
    (here / "longtail.toml").write_text("seed = 1\n")
    assert nearest().beside("./x.jsonl") == "./x.jsonl"
