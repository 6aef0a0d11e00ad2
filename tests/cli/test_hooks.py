""".pre-commit-hooks.yaml: the hook, installed and run by pre-commit as a project would."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GOOD = '[pipeline]\nloop = true\nmetrics = ["tail_mass_retained"]\nmin_real = 0.3\n'


@pytest.mark.slow
def test_pre_commit_installs_the_hook_and_it_fails_a_pipeline_that_tracks_accuracy_only(tmp_path):
    pytest.importorskip("pre_commit", reason="the extra hooks-test runs hooks")
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("pre-commit installs a hook from a git checkout")
    project = tmp_path / "project"
    project.mkdir()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PYTHONPATH"))}
    environment["PRE_COMMIT_HOME"] = str(tmp_path / "home")

    def work(*command):
        return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, timeout=900)

    def hook(pipeline):
        (project / "pipeline.toml").write_text(pipeline)
        work("git", "add", "-A")
        return work(sys.executable, "-m", "pre_commit", "try-repo", str(ROOT), "longtail-process", "--all-files")

    work("git", "init", "-q")
    failed = hook(GOOD.replace("tail_mass_retained", "accuracy"))
    assert failed.returncode == 1 and "LT801" in failed.stdout and "No data were read" in failed.stdout, failed.stdout + failed.stderr
    passed = hook(GOOD)
    assert passed.returncode == 0 and "Passed" in passed.stdout, passed.stdout + passed.stderr
