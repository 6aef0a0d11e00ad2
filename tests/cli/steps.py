"""The steps of an action or a workflow, run as a shell script: `run` steps under bash, `uses` steps left out."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
REAL = f"""#!/bin/sh
exec {sys.executable} -c 'from longtail.cli import main; main()' "$@"
"""
STUB = """#!/bin/sh
printf '%s\\n' "$@" > arguments.txt
for name in "$@"; do case "$name" in *.md) echo "the summary" > "$name";; *.html|*.json|*.sarif) echo {} > "$name";; esac; done
echo "would fail from 2030-01-01 on; 3 days left (--warn-until)" >&2
exit CODE
"""
PYTHON = '#!/bin/sh\necho "$@" >> "$INSTALLED"\n'
GH = '#!/bin/sh\necho "$@" >> "$COMMENTED"\n'


@dataclass
class Service:
    """What stands in for GitHub: contexts, and the files that steps write to.

    Attributes:
        folder: The project.
        longtail: The text of the command `longtail`.
        inputs: Of an action.
        event: What started the run.
    """

    folder: Path
    longtail: str = REAL
    inputs: dict[str, str] = field(default_factory=dict)
    event: str = "pull_request"

    def __post_init__(self):
        self.outputs, self.ran, self.failed, self.said = {}, [], None, ""
        self.files = {name: self.folder.parent / f"{self.folder.name}-{name}" for name in ("summary", "output", "installed", "commented")}
        self.bin = self.folder.parent / f"{self.folder.name}-bin"
        self.bin.mkdir()
        for name, text in {"longtail": self.longtail, "python": PYTHON, "gh": GH}.items():
            (self.bin / name).write_text(text)
            (self.bin / name).chmod(0o755)
        for path in self.files.values():
            path.write_text("")

    def text(self, name):
        return self.files[name].read_text()

    def value(self, expression):
        """The value of what stands between `${{` and `}}`."""
        if found := re.fullmatch(r"steps\.(\w+)\.outputs\.(\w+)", expression):
            return self.outputs.get(found[1], {}).get(found[2], "")
        if found := re.fullmatch(r"inputs\.([\w-]+)", expression):
            return self.inputs[found[1]]
        return {"github.event_name": self.event, "github.event.number": "7", "github.token": "none"}[expression]

    def holds(self, condition):
        """Whether the step with an `if` is run; without one it is where no step before it failed."""
        return all(self._term(term.strip()) for term in (condition or "success()").split("&&"))

    def _term(self, term):
        if term in ("always()", "success()"):
            return term == "always()" or self.failed is None
        left, sign, right = re.fullmatch(r"(.+) (==|!=) '(.*)'", term).groups()
        if found := re.fullmatch(r"hashFiles\('(.*)'\)", left):
            value = "".join(path.name for path in self.folder.glob(found[1]))
        else:
            value = self.value(left)
        return (value == right) is (sign == "==")

    def filled(self, text):
        return EXPRESSION.sub(lambda found: self.value(found[1]), text)

    def run(self, steps, environment):
        """Run the steps in order; return the exit code of the first that failed, or 0."""
        for step in steps:
            if "run" not in step or not self.holds(step.get("if")):
                continue
            self.files["output"].write_text("")
            done = self.script(step["run"], {**environment, **step.get("env", {})})
            self.ran.append(step["name"])
            self.said += done.stderr
            pairs = (line.split("=", 1) for line in self.text("output").splitlines())
            self.outputs[step.get("id", "")] = dict(pairs)
            self.failed = self.failed or done.returncode or None
        return self.failed or 0

    def script(self, text, environment):
        """Run a script of bash in the project."""
        own = {
            "PATH": f"{self.bin}:{os.environ['PATH']}", "GITHUB_STEP_SUMMARY": str(self.files["summary"]),
            "GITHUB_OUTPUT": str(self.files["output"]), "GITHUB_ACTION_PATH": "/the/action",
            "INSTALLED": str(self.files["installed"]), "COMMENTED": str(self.files["commented"]),
        }  # fmt: skip
        given = {name: self.filled(str(value)) for name, value in environment.items()}
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", self.filled(text)]
        return subprocess.run(command, cwd=self.folder, env={**os.environ, **own, **given}, timeout=120, capture_output=True, text=True)
