"""What users install."""

import subprocess
import sys
import venv
import zipfile
from pathlib import Path, PurePosixPath

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
MOST_BYTES = 3_000_000
KINDS = {".py", ".typed", ".html", ".css", ".txt", ".toml", ".json", ""}  # the last: files of the metadata


def run(*command, **options):
    outcome = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False, **options)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    return outcome.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    out = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--outdir", str(out), str(ROOT))
    return next(out.glob("longtail-*.whl"))


def test_the_wheel_holds_the_package_and_nothing_else(wheel):
    names = [PurePosixPath(name) for name in zipfile.ZipFile(wheel).namelist()]
    assert {name.parts[0] for name in names if not name.parts[0].endswith(".dist-info")} == {"longtail"}
    assert {part for name in names for part in name.parts} & {"tests", "bench", "data", "__pycache__"} == set()
    assert [name for name in names if name.parts[0] == "longtail" and name.suffix not in KINDS] == []
    assert PurePosixPath("longtail/py.typed") in names
    assert [name for name in names if name.suffix == ".html"] != []
    assert wheel.stat().st_size < MOST_BYTES


def test_the_wheel_runs_where_nothing_else_is_installed(wheel, tmp_path):
    venv.create(tmp_path / "empty", with_pip=True)
    programs = tmp_path / "empty" / "bin"
    run(str(programs / "pip"), "install", "--quiet", str(wheel))
    assert wheel.name.split("-")[1] in run(str(programs / "longtail"), "--version", cwd=tmp_path)
    listed = run(str(programs / "pip"), "list", "--format=freeze")
    assert not {"torch", "pandas", "scikit-learn"} & {line.partition("==")[0].lower() for line in listed.splitlines()}
