"""A place without settings, for commands."""

import os

import pytest


@pytest.fixture
def here(tmp_path, monkeypatch):
    """The working folder: a new checkout, with no settings above it and none in the environment."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("LONGTAIL_")]:
        monkeypatch.delenv(name)
    return tmp_path
