"""What `longtail init` writes: a pipeline file in plain words, and the job that audits again and again."""

from typing import NamedTuple

import longtail.cli.settings.profiles as settings
from longtail.origin.dates.dating import CUTOFF
from longtail.rules.stages import MOMENTS, STAGES

PIPELINE = "pipeline.toml"
SCHEDULES = {"cron": "longtail.cron", "github": "longtail-audit.github.yml", "gitlab": "longtail-audit.gitlab-ci.yml"}


class Profile(NamedTuple):
    """What a kind of team begins with.

    Attributes:
        about: Who they are, as a sentence.
        data: Name of the file that is audited, in the commands.
        min_real: Share of real rows that every training set keeps at least.
        gates: What may judge rows before they come in, as an example.
        reviews: What people may look at, as an example.
        every_days: Longest time between two audits.
        moments: A command for each of the four moments.
    """

    about: str
    data: str
    min_real: float
    gates: str
    reviews: str
    every_days: int
    moments: tuple[str, str, str, str]


PROFILES = {
    "finetune": Profile(
        "a small team fine-tunes a model on its own and on generated rows",
        "train.jsonl",
        min_real=0.3,
        gates="deduplication",
        reviews="a sample of 50 rows",
        every_days=31,
        moments=(
            "longtail audit new.jsonl --require LT101 --require LT102",
            "longtail audit train.jsonl --reference human.jsonl --pipeline pipeline.toml --manifest m1.json m2.json",
            "longtail audit output2.jsonl --baseline output1.jsonl --reference human.jsonl --pipeline pipeline.toml",
            "longtail audit train.jsonl --reference human.jsonl --pipeline pipeline.toml --history audits.json",
        ),
    ),
    "synth": Profile(
        "a model's rows are made, filtered and published or trained on",
        "batch.jsonl",
        min_real=0.3,
        gates="near duplicates",
        reviews="a sample of each batch",
        every_days=31,
        moments=(
            "longtail audit batch.jsonl --require LT101",
            "longtail audit --before batch.jsonl --after kept.jsonl",
            "longtail audit batch2.jsonl --baseline batch1.jsonl --reference human.jsonl --pipeline pipeline.toml",
            "longtail audit batch.jsonl --reference human.jsonl --pipeline pipeline.toml --history audits.json",
        ),
    ),
    "scrape": Profile(
        "text is taken from the web for a corpus",
        "scraped.jsonl",
        min_real=0.7,
        gates="near duplicates",
        reviews="pages of new sites",
        every_days=31,
        moments=(
            "longtail estimate scraped.jsonl --human human.jsonl --synthetic rewritten.jsonl",
            "longtail audit --before scraped.jsonl --after kept.jsonl",
            "longtail audit output2.jsonl --baseline output1.jsonl --reference human.jsonl --pipeline pipeline.toml",
            "longtail audit scraped.jsonl --reference human.jsonl --pipeline pipeline.toml --history audits.json",
        ),
    ),
    "rag": Profile(
        "an assistant answers from a store that its own answers may come back into",
        "memories.jsonl",
        min_real=0.5,
        gates="entailment",
        reviews="what the store took in this week",
        every_days=31,
        moments=(
            "longtail gate answers.jsonl --gates writeback -o gated",
            "longtail audit memories.jsonl --ledger ledger --by lt_origin --pipeline pipeline.toml",
            "longtail audit memories_now.jsonl --baseline memories_last_month.jsonl --reference documents.jsonl --by lt_origin",
            "longtail audit memories.jsonl --reference documents.jsonl --accepted accepted.json --history audits.json",
        ),
    ),
    "content": Profile(
        "a team publishes texts, some of which models write or help to write",
        "posts.jsonl",
        min_real=0.5,
        gates="facts checked",
        reviews="editors",
        every_days=92,
        moments=(
            "longtail tag drafts.jsonl --origin synthetic -o drafts.tagged.jsonl",
            "longtail audit drafts.tagged.jsonl --reference posts_before_models.jsonl --pipeline pipeline.toml",
            "longtail audit posts_now.jsonl --baseline posts_last_year.jsonl --reference posts_before_models.jsonl",
            "longtail audit posts.jsonl --reference posts_before_models.jsonl --pipeline pipeline.toml --history audits.json",
        ),
    ),
}


def pipeline_text(name: str, every_days: int) -> str:
    """Return a pipeline file that can be read as it is; what only the team knows stands in it as a comment.

    Args:
        name: Of a profile.
        every_days: Longest time between two audits.
    """
    profile = PROFILES[name]
    moments = "\n".join(f"#   {moment + ':':<15}{line}" for moment, line in zip(MOMENTS, profile.moments, strict=True))
    return _PIPELINE.format(
        name=name,
        about=profile.about,
        stages=" · ".join(STAGES),
        moments=moments,
        min_real=profile.min_real,
        max_synthetic=_limit(name),
        gates=profile.gates,
        reviews=profile.reviews,
        every_days=every_days,
        cutoff=CUTOFF,
    )


def _limit(name: str) -> str:
    """Return the line of the limit on what models wrote: a comment where the profile's own data are wholly that."""
    limit = settings.PROFILES[name].get("max_synthetic")
    if limit is not None:
        return f"max_synthetic = {limit}"
    share = round(1 - PROFILES[name].min_real, 2)
    return f"# A batch here is wholly what a model wrote, so it has no limit. For a set that mixes it in:\n# max_synthetic = {share}"


def schedule_text(kind: str, name: str, every_days: int) -> str:
    """Return the job that makes the standing audit of a profile, for cron, GitHub or GitLab.

    Args:
        kind: Of `SCHEDULES`.
        name: Of a profile.
        every_days: Longest time between two audits.
    """
    audit = f"{PROFILES[name].moments[-1]} --out report.html"
    return _SCHEDULES[kind].format(audit=audit, times=cron_times(every_days), file=SCHEDULES[kind])


def cron_times(every_days: int) -> str:
    """Return cron's five fields for times that never lie more than `every_days` days apart, at six in the morning.

    Cron knows no "every N days": months differ. The rarest of quarterly, monthly, twice a month, weekly and daily is taken.
    """
    for least, fields in ((92, "1 1,4,7,10 *"), (31, "1 * *"), (17, "1,15 * *"), (7, "* * 1")):
        if every_days >= least:
            return f"0 6 {fields}"
    return "0 6 * * *"


_PIPELINE = """\
# What is said of this loop, for: longtail audit DATA --pipeline pipeline.toml
# Profile {name}: {about}.
#
# Every key is read by the audit. What a line says is taken at your word, so the lines that only you can fill in begin
# with a "#": take it away where they are true. What stays out is "not measured", and fails nothing.
#
# What to do, in this order: {stages}.
# The checklist, with a command for each of its moments; put your own files in:
{moments}
# Exit code 1 means findings: each says what to do next, and "longtail explain LT301" what it means.

[pipeline]
# Do models train on what models wrote?
# loop = true

# Limits, each a share from 0 to 1. They are conventions to begin with: set yours before you look at the data.
min_real = {min_real}
{max_synthetic}

# What is tracked from one generation to the next. Accuracy alone lives among common cases; the tail shows a loss first.
metrics = ["tail_mass_retained", "tail_types_retained"]

# What ties the loop to the truth.
# gates = ["{gates}"]
# reviews = ["{reviews}"]
# leash = 0.1

# A reference that moves hides what it is to show: freeze it, and write down its hash (sha256sum human.jsonl).
# reference_sha256 = "64 hexadecimal digits"

# Longest time between two audits, in days, and the day of the last one where there is no --history.
audit_every_days = {every_days}
# last_audit = 2026-01-31

# Text dated from this day on is not human by its date alone.
cutoff = {cutoff}

# A finding that somebody accepts for a while: it is shown as suppressed and fails nothing until its last day.
# One for each; "where" is for one slice or one generation only.
# [[override]]
# code = "LT402"
# reason = "the forms repeat on purpose"
# owner = "ann"
# expires = 2026-12-31
# where = "generation 3"

# Keep human text that no model was trained on, and what each training set was made of:
#   longtail reservoir init reservoir
#   longtail ledger init ledger
#   longtail audit DATA --ledger ledger --pipeline pipeline.toml
"""

_CRON = """\
# Copy the next line into "crontab -e", with the folder of your project. Nothing is installed by this file.
{times} cd /path/to/project && {audit} --quiet
"""

_GITHUB = """\
# Copy to .github/workflows/longtail-audit.yml. Nothing is installed by this file.
# The history of audits is committed, so that the audits share one error rate and an overdue one is noticed.
name: longtail audit
on:
  schedule:
    - cron: "{times}"
  workflow_dispatch:
permissions:
  contents: write
jobs:
  audit:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.11"
      - run: pip install longtail
      - run: {audit}
      - if: always()
        uses: actions/upload-artifact@v4
        with:
          name: longtail-report
          path: report.html
      - if: always()
        run: |
          test -f audits.json || exit 0
          git config user.name longtail
          git config user.email longtail@users.noreply.github.com
          git add audits.json
          git diff --cached --quiet || git commit -m "Audit recorded"
          git push
"""

_GITLAB = """\
# Put into .gitlab-ci.yml (or: include: "{file}"), then make a schedule in the project under Build, Pipeline schedules: {times}
# Nothing is installed by this file. The history of audits is kept in the cache of the runner: keep a copy of audits.json.
longtail-audit:
  image: python:3.11
  rules:
    - if: $CI_PIPELINE_SOURCE == "schedule"
  script:
    - pip install longtail
    - {audit}
  cache:
    key: longtail-history
    paths:
      - audits.json
    when: always
  artifacts:
    when: always
    paths:
      - report.html
      - audits.json
"""

_SCHEDULES = {"cron": _CRON, "github": _GITHUB, "gitlab": _GITLAB}
