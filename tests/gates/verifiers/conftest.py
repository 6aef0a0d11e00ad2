import sys

import pytest

from longtail.errors import ConfigError
from longtail.gates.verifiers.sandbox import chosen, interpreter

PYTHONS = (sys.executable, "/usr/bin/python3")


def python_for(isolation):
    """A Python that works in an isolation: as root, plain limits need one that every user may read."""
    reasons = []
    for path in PYTHONS:
        try:
            chosen(isolation, interpreter(path, False))
        except ConfigError as error:
            reasons.append(str(error))
        else:
            return path
    pytest.skip("; ".join(reasons))


@pytest.fixture(params=["bubblewrap", "namespaces", "plain"])
def isolation(request):
    python_for(request.param)
    return request.param


@pytest.fixture
def anywhere():
    """Make the gate with the strongest isolation that works here."""
    from longtail.gates.verifiers.programs import PythonTests

    return lambda **settings: PythonTests(interpreter=python_for("auto"), **settings)


@pytest.fixture
def python(isolation):
    return python_for(isolation)


@pytest.fixture(scope="session")
def gates():
    return {}


@pytest.fixture
def sandboxed(isolation, python, gates):
    """Make the gate with small limits; one for each setting, so that tests are tried once."""
    from longtail.gates.verifiers.programs import PythonTests

    def make(**settings):
        chosen = {"timeout_s": 5.0, "memory_mb": 256, "processes": 6, "output_mb": 1} | settings
        key = (isolation, *sorted(chosen.items()))
        if key not in gates:
            gates[key] = PythonTests(isolation=isolation, interpreter=python, **chosen)
        return gates[key]

    return make
