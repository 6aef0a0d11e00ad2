"""The command `longtail init`."""

from datetime import UTC, datetime
from pathlib import Path

import click

from longtail.cli.integrating import CI, ci_files
from longtail.cli.options import quietly
from longtail.cli.starting import PIPELINE, PROFILES, SCHEDULES, pipeline_text, schedule_text
from longtail.errors import UsageError
from longtail.report.put import put


@click.command("init", short_help="Write a pipeline file to begin with, and the job that audits again and again.")
@click.option("--profile", type=click.Choice(list(PROFILES)), default="finetune", show_default=True, help="What kind of team this is.")
@click.option("--schedule", type=click.Choice(list(SCHEDULES)), help="Also write the job that makes the standing audit.")
@click.option("--ci", type=click.Choice(list(CI)), help="Also write settings, and the job or hook that audits every change.")
@click.option("--every-days", type=click.IntRange(min=1), metavar="N", help="Longest time between two audits.  [default: the profile's]")
@click.option("-o", "--output", "folder", metavar="DIR", default=".", show_default=True, help="Folder to write to.")
@click.option("--dry-run", is_flag=True, help="Print what would be written; write nothing.")
@quietly
def command(
    profile: str, schedule: str | None, ci: str | None, every_days: int | None, folder: str, dry_run: bool, quiet: bool, **_: object
) -> None:
    r"""Write pipeline.toml for `longtail audit --pipeline`: the checklist of a profile, its limits and metrics, in plain words.

    \b
    Examples:
      longtail init
      longtail init --profile synth --schedule github
      longtail init --profile content --schedule cron --dry-run
      longtail init --profile rag --ci github
      longtail init --profile scrape --every-days 7 -o project

    The file is read as it is; what only you know stands in it as a comment. No file is overwritten, and nothing is installed:
    the job of --schedule is a file to copy, or a line for crontab. With --ci findings are shown for 90 days before they fail:
    warn-until in longtail.toml.

    Exit code: 0 written, 2 it cannot be.
    """
    days = every_days or PROFILES[profile].every_days
    made = {PIPELINE: pipeline_text(profile, days)}
    if schedule:
        made[SCHEDULES[schedule]] = schedule_text(schedule, profile, days)
    if ci:
        made |= ci_files(ci, profile, datetime.now(UTC).date())
    if dry_run:
        for name, text in made.items():
            click.echo(f"# ---- {Path(folder) / name}\n{text}", nl=False)
        return
    targets = _targets(Path(folder), made)
    for target, text in zip(targets, made.values(), strict=True):
        put(target, text)
    if not quiet:
        click.echo(f"written: {', '.join(map(str, targets))}", err=True)
        click.echo(f"next: longtail audit {PROFILES[profile].data} --pipeline {targets[0]}", err=True)


def _targets(folder: Path, made: dict[str, str]) -> list[Path]:
    """Return the files to write, none of which may be there; folders of the services are made.

    Raises:
        UsageError: There is no such folder, or a file of that name.
    """
    if not folder.is_dir():
        raise UsageError(f"cannot write to {str(folder)!r}: there is no such folder; make it, or name another with -o DIR")
    targets = [folder / name for name in made]
    for target in targets:
        if target.exists() or target.is_symlink():
            raise UsageError(f"{str(target)!r} is there already and is not overwritten; move it away, or name another folder with -o DIR")
    for target in targets:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"cannot make the folder {str(target.parent)!r}: {error.strerror}; move away what is in its place") from error
    return targets
