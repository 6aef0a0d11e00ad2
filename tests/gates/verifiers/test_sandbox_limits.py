import os
import socketserver
import sys
import tempfile
from pathlib import Path

import pytest

from longtail.errors import ConfigError
from longtail.gates.verifiers.lines import Fallen
from longtail.gates.verifiers.sandbox import DOES_NOT_STOP, ORDER, Limits, chosen, fault, interpreter, told
from longtail.gates.verifiers.sandbox.cells import Cell

LIMITS = Limits(timeout_s=5, memory_mb=256, processes=6, output_mb=1, disk_mb=4)


@pytest.fixture
def within(isolation, python):
    """Return what an expression of Python is worth inside a sandbox."""

    def evaluate(code, limits=LIMITS):
        with Cell(isolation, interpreter(python, False), "candidate", limits) as cell:
            loaded = cell.ask({"do": "load", "code": code})
            assert "value" in loaded, loaded
            return cell.ask({"do": "call", "on": None, "name": "f", "args": [], "kwargs": []}).get("value")

    return evaluate


def test_no_more_processes_start_than_are_allowed(within):
    code = (
        "import os, time\ndef f():\n    for n in range(100):\n"
        "        try:\n            if not os.fork(): time.sleep(60)\n        except OSError: return n"
    )
    assert 1 <= within(code) <= LIMITS.processes


def test_no_more_memory_is_had_than_is_allowed(within):
    code = (
        "def f():\n    held = []\n    try:\n        while len(held) < 4096: held.append(bytearray(1 << 20))\n"
        "    except MemoryError: pass\n    return len(held)"
    )
    assert 64 <= within(code) <= LIMITS.memory_mb


def test_no_file_grows_beyond_its_limit_and_no_folder_beyond_its_own(within, isolation):
    code = (
        "import signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "def f():\n    for n in range(8):\n        try:\n            with open(f'big{n}', 'wb', buffering=0) as s:\n"
        "                for _ in range(64): s.write(b'x' * 65536)\n        except OSError: continue\n"
        "    import os\n    return [os.path.getsize(f'big{n}') for n in range(8)]"
    )
    sizes = within(code)
    assert max(sizes) == LIMITS.output_mb << 20
    assert (sum(sizes) <= LIMITS.disk_mb << 20) == (isolation != "plain")


def test_the_rights_of_root_and_core_files_are_given_up(within):
    code = (
        "import os, resource\ndef f():\n"
        "    caps = [l.split()[1] for l in open('/proc/self/status') if l.startswith(('CapEff', 'CapPrm', 'CapInh', 'NoNewPrivs'))]\n"
        "    return [os.getuid(), os.geteuid(), caps, resource.getrlimit(resource.RLIMIT_CORE)[1]]"
    )
    user, effective, rights, core = within(code)
    assert user == effective and (user != 0 if os.getuid() == 0 else user == os.getuid())
    assert rights == ["0" * 16, "0" * 16, "0" * 16, "1"] and core["int"] if isinstance(core, dict) else core == 0


def test_nothing_of_this_process_is_inherited(within, monkeypatch, isolation):
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    held = os.open("/dev/null", os.O_RDONLY)
    os.set_inheritable(held, True)
    code = "import os, sys\ndef f(): return [sorted(os.environ), sorted(map(int, os.listdir('/proc/self/fd'))), sys.argv, len(sys.path)]"
    names, descriptors, arguments, paths = within(code)
    os.close(held)
    assert set(names) <= {"LANG", "LC_CTYPE", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "PWD"}
    assert len(descriptors) <= 6, descriptors
    assert arguments == ["-c"] and paths == 3


def test_the_network_is_out_of_reach_or_it_is_said_that_it_is_not(within, isolation):
    with socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler) as server:
        port = server.server_address[1]
        code = (
            f"import socket\ndef f():\n    try: socket.create_connection(('127.0.0.1', {port}), timeout=1).close()\n"
            "    except OSError: return 'refused'\n    return 'reached'"
        )
        assert within(code) == ("reached" if "the network" in DOES_NOT_STOP[isolation] else "refused")


def test_files_of_the_host_are_out_of_reach_or_it_is_said_that_they_are_not(within, isolation):
    with tempfile.TemporaryDirectory() as folder:
        hidden = Path(folder, "tests.json")
        hidden.write_text("expected")
        Path(folder).chmod(0o755)
        code = f"def f():\n    try: return open({str(hidden)!r}).read()\n    except OSError: return 'hidden'"
        assert within(code) == ("expected" if isolation == "plain" else "hidden")
    assert ("reading every file that its user may read" in DOES_NOT_STOP[isolation]) == (isolation == "plain")


def test_a_file_that_only_root_may_read_is_out_of_reach(within, tmp_path):
    if os.getuid():
        pytest.skip("this is not root")
    hidden = tmp_path / "tests.json"
    hidden.write_text("expected")
    hidden.chmod(0o600)
    code = f"def f():\n    try: return open({str(hidden)!r}).read()\n    except OSError: return 'hidden'"
    assert within(code) == "hidden"


def test_no_process_of_the_host_is_in_sight_or_it_is_said_that_they_are(within, isolation):
    seen = within("import os\ndef f(): return sorted(int(n) for n in os.listdir('/proc') if n.isdigit())")
    assert (len(seen) <= 3) == (isolation != "plain")


def test_nothing_can_be_written_but_in_its_own_folder(within, isolation):
    if isolation == "plain" and os.getuid():
        pytest.skip("plain limits do not stop it, as they say, unless this is root")
    code = (
        "import os, sys\ndef f():\n    open('own', 'w').write('x')\n    done = []\n"
        "    for folder in ('/', '/usr', '/etc', '/home', '/var', '/dev', os.path.dirname(os.__file__), '/dev/shm/..'):\n"
        "        try: open(folder + '/longtail-was-here', 'w').close()\n"
        "        except OSError: continue\n        done.append(folder)\n    return done"
    )
    assert within(code) == []


def test_the_clock_runs_for_all_that_is_asked_together(isolation, python):
    with Cell(isolation, interpreter(python, False), "candidate", LIMITS._replace(timeout_s=0.5)) as cell:
        cell.ask({"do": "load", "code": "import time\ndef f(): time.sleep(.2)"})
        with pytest.raises(Fallen, match="did not answer in time"):
            for _ in range(5):
                cell.ask({"do": "call", "on": None, "name": "f", "args": [], "kwargs": []})


def test_an_isolation_that_does_not_work_is_refused_in_words(monkeypatch):
    fault.cache_clear()
    monkeypatch.setenv("PATH", "/nowhere")
    try:
        with pytest.raises(ConfigError, match="isolation 'bubblewrap' does not work on this machine: bubblewrap bwrap is not on the path"):
            chosen("bubblewrap", interpreter(sys.executable, False))
        with pytest.raises(ConfigError, match="isolation is 'jail'; take auto, bubblewrap, namespaces, plain"):
            chosen("jail", interpreter(sys.executable, False))
    finally:
        fault.cache_clear()


def test_an_interpreter_that_is_none_is_refused():
    with pytest.raises(ConfigError, match="interpreter is '/bin/cat', which does not run as Python"):
        interpreter("/bin/cat", False)


def test_what_each_isolation_does_not_stop_is_told():
    assert set(DOES_NOT_STOP) == set(ORDER)
    assert told("plain")["isolation"] == "plain" and "the network" in told("plain")["does_not_stop"]
    assert "the network" not in told("bubblewrap")["does_not_stop"]
