"""What `longtail init --ci` writes: settings with a day from which findings fail, and the job that audits every change."""

from datetime import date, timedelta

from longtail.cli.settings.files import OWN
from longtail.cli.starting import PIPELINE, PROFILES

WARN_DAYS = 90
ACCEPTED = ".longtail/accepted.json"
CI = {"github": ".github/workflows/longtail.yml", "gitlab": "longtail.gitlab-ci.yml", "pre-commit": ".pre-commit-config.yaml"}


def ci_files(kind: str, profile: str, today: date) -> dict[str, str]:
    """Return the files that audit every change, by name: the settings, and what the service reads.

    Args:
        kind: Of `CI`.
        profile: Of `PROFILES`.
        today: The day from which the days of warning are counted.
    """
    data = PROFILES[profile].data
    until = today + timedelta(days=WARN_DAYS)
    settings = _SETTINGS.format(profile=profile, days=WARN_DAYS, until=until, pipeline=PIPELINE, accepted=ACCEPTED, data=data)
    audit = _AUDIT.format(accepted=ACCEPTED)
    commands = {"github": _indented(audit, 10), "gitlab": _indented(audit, 6)}
    job = _JOBS[kind].format(data=data, file=CI[kind], pipeline=PIPELINE, until=until, **commands)
    return {OWN: settings, CI[kind]: job}


def _indented(text: str, columns: int) -> str:
    return "".join(" " * columns + line for line in text.splitlines(keepends=True)).rstrip("\n")


_SETTINGS = """\
# Settings of longtail in this folder and below it; "longtail config --show" prints them with their origins.
# What a profile sets: "longtail config --show --set audit --profile {profile} --no-config".
profile = "{profile}"

[audit]
# Findings are shown as they are and the exit code is 0 before this day, {days} days after it was written.
warn-until = {until}
pipeline = "{pipeline}"

# Human text that no model of the lineage was trained on. Without it no loss can be seen.
# reference = "human.jsonl"

# Losses that were there at the start, accepted as they are; a greater loss fails, a smaller one takes their place:
#   longtail audit {data} --reference human.jsonl --update-baseline {accepted}
# accepted = "{accepted}"
"""

_AUDIT = """\
set -- $DATA --out longtail.html --out longtail.json --out longtail.md --out longtail.sarif
if [ -n "$REFERENCE" ]; then set -- "$@" --reference "$REFERENCE"; fi
if [ -f {accepted} ]; then set -- "$@" --accepted {accepted}; fi
code=0
longtail audit "$@" || code=$?
"""

_GITHUB = """\
# Audits the data of every pull request. It needs no account and no key; the report stays in this repository's runs.
name: longtail
on:
  pull_request:
  workflow_dispatch:
permissions:
  contents: read
  security-events: write # for findings under Security, Code scanning; take it out together with "Upload SARIF"
jobs:
  audit:
    runs-on: ubuntu-latest
    env:
      DATA: {data}
      REFERENCE: "" # a file of human text that no model of the lineage was trained on
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - name: Install
        run: python -m pip install --quiet longtail
      - name: Audit
        id: audit
        run: |
{github}
          echo "code=$code" >> "$GITHUB_OUTPUT"
      - name: Summary
        if: always()
        run: |
          if [ -s longtail.md ]; then cat longtail.md >> "$GITHUB_STEP_SUMMARY"; fi
      - name: Upload SARIF
        if: always() && hashFiles('longtail.sarif') != ''
        continue-on-error: true
        uses: github/codeql-action/upload-sarif@v3
        with:
          sarif_file: longtail.sarif
      - name: Keep the report
        if: always()
        uses: actions/upload-artifact@v4
        with:
          name: longtail-report
          path: longtail.*
      - name: Result
        if: always()
        env:
          CODE: ${{{{ steps.audit.outputs.code }}}}
        run: exit "${{CODE:-2}}"
"""

_GITLAB = """\
# Put into .gitlab-ci.yml: include: "{file}". It audits the data of every merge request and needs no account and no key.
longtail:
  image: python:3.12
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  variables:
    DATA: {data}
    REFERENCE: "" # a file of human text that no model of the lineage was trained on
  before_script:
    - python -m pip install --quiet longtail
  script:
    - |
{gitlab}
      exit "$code"
  artifacts:
    when: always
    paths:
      - longtail.html
      - longtail.json
      - longtail.md
      - longtail.sarif
"""

_PRE_COMMIT = """\
# Judges {pipeline}, and manifests of training sets, before each commit that changes them; it never reads the data.
# With manifests: longtail audit --no-config --pipeline {pipeline} --manifest 'manifests/*.json'
repos:
  - repo: local
    hooks:
      - id: longtail-process
        name: longtail (manifests and pipeline)
        language: python
        additional_dependencies: [longtail]
        entry: longtail audit --no-config --pipeline {pipeline} --warn-until {until}
        files: (^|/)(pipeline\\.toml|[^/]*manifest[^/]*\\.json|manifests/[^/]+\\.json)$
        pass_filenames: false
        verbose: true # shows what will fail before it does
"""

_JOBS = {"github": _GITHUB, "gitlab": _GITLAB, "pre-commit": _PRE_COMMIT}
