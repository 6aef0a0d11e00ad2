"""What `import longtail` costs, and what importing any part may not do."""

import json

CPU_SECONDS = 0.300
OURS = {"numpy", "scipy", "numba", "pyarrow", "duckdb", "deltalake", "jinja2", "rich", "click"}
HEAVY = OURS | {"torch", "transformers", "pandas", "sklearn"}
CLOCK = """
import json, time
start = time.process_time()
import longtail
print(json.dumps({"seconds": time.process_time() - start, "loaded": sorted(sys.modules)}))
"""
EVERYTHING = """
import importlib, pathlib, threading
reached = []
network = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "urllib.Request")
sys.addaudithook(lambda event, arguments: reached.append(event) if event in network else None)
root = pathlib.Path("src")
for path in sorted((root / "longtail").rglob("*.py")):
    parts = path.relative_to(root).with_suffix("").parts
    if parts[-1] != "__main__":
        importlib.import_module(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
assert not reached, reached
assert threading.active_count() == 1, threading.enumerate()
"""


def imported(tree):
    outcome = tree.python(CLOCK)
    assert outcome.returncode == 0, outcome.stderr
    return json.loads(outcome.stdout)


def heavy_parts(tree):
    return HEAVY.intersection(imported(tree)["loaded"])


def test_importing_the_package_takes_under_300_milliseconds(tree):
    assert min(imported(tree)["seconds"] for _ in range(3)) <= CPU_SECONDS


def test_a_planted_slow_import_is_measured(copy):
    copy.plant("__init__.py", "\nimport time\nend = time.process_time() + 0.4\nwhile time.process_time() < end:\n    pass\n")
    assert imported(copy)["seconds"] > CPU_SECONDS


def test_importing_the_package_loads_nothing_heavy(tree):
    assert heavy_parts(tree) == set()


def test_a_planted_heavy_import_is_found(copy):
    assert "numpy" in heavy_parts(copy.plant("__init__.py", "\nimport numpy\n"))


def test_importing_every_module_is_silent_and_uses_no_network(tree):
    outcome = tree.python(EVERYTHING)
    assert (outcome.returncode, outcome.stdout, outcome.stderr) == (0, "", "")


def test_a_planted_connection_at_import_is_found(copy):
    copy.plant("planted.py", "import socket\nsocket.socket().connect_ex(('127.0.0.1', 9))\n")
    outcome = copy.python(EVERYTHING)
    assert outcome.returncode == 1
    assert "socket.connect" in outcome.stderr
