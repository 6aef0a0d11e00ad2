from pathlib import Path

import pytest

from .readers_help import as_bytes


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Write files under a fresh current folder: bytes as they are, text as UTF-8, lists as JSON Lines."""
    monkeypatch.chdir(tmp_path)

    def put(name: str, what: bytes | str | list) -> str:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(as_bytes(what))
        return name

    return put
