"""Lineages of a known law, made once."""

import pytest

from tests.diagnosis.recovery.lineages import Lineage


@pytest.fixture(scope="session")
def lineage():
    return Lineage(5)
