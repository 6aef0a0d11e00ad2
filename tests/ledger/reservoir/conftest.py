"""A reservoir in the working directory, and human documents to put in it."""

import pytest

from longtail.ledger.reservoir import Reservoir


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def reservoir(here):
    return Reservoir.create("pool")


@pytest.fixture
def human(here, write_rows):
    """Write rows that say they are human and from 2015; a row overrides what it states."""

    def put(name, rows):
        base = {"lt_origin": "human", "lt_time": "2015-06-01T00:00:00Z"}
        return str(write_rows(name, [base | (row if isinstance(row, dict) else {"text": row}) for row in rows]))

    return put
