"""For every test: no network, and property tests without a stopwatch."""

import socket

import pytest
from hypothesis import settings

settings.register_profile("longtail", deadline=None, derandomize=True)
settings.load_profile("longtail")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch):
    def refuse(self, address):
        if self.family == socket.AF_UNIX:
            return connect(self, address)
        raise AssertionError(f"a test tried to reach {address!r}; tests use no network")

    connect = socket.socket.connect
    monkeypatch.setattr(socket.socket, "connect", refuse)
