"""The demo, run once as a user would run it, for all documents."""

import pytest

from tests.docs.blocks import run


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """A folder in which `longtail demo` has run, and what it printed."""
    folder = tmp_path_factory.mktemp("documents")
    printed, code = run(["demo"], folder)
    assert code == 0
    return folder, printed
