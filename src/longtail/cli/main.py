"""The `longtail` command: dispatch, and how errors reach the user."""

import sys
import traceback

import click

from longtail.cli.group import LazyGroup
from longtail.errors import LongtailError

_COMMANDS = {
    "audit": "longtail.cli.audit",
    "profile": "longtail.cli.profile",
    "merge": "longtail.cli.merge",
    "demo": "longtail.cli.demo",
    "explain": "longtail.cli.explain",
    "list": "longtail.cli.list",
}


@click.command(cls=LazyGroup, commands_at=_COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="longtail", prog_name="longtail", message="%(prog)s %(version)s")
def cli() -> None:
    r"""Tell what a data set, or a model's output, has lost of its long tail.

    \b
    Examples:
      longtail demo
      longtail audit train.jsonl
      longtail audit gen5.jsonl --baseline gen1.jsonl --reference human.jsonl
    """


def main() -> None:
    """Run the command line; every expected error is one line on stderr and exit code 2."""
    try:
        code = cli.main(standalone_mode=False)
    except click.exceptions.Exit as stop:
        code = stop.exit_code
    except click.ClickException as error:
        error.show()
        code = 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("longtail: interrupted; nothing was written", err=True)
        code = 130
    except BrokenPipeError:
        sys.stderr.close()
        code = 2
    except Exception as error:
        code = _report_error(error)
    sys.exit(code if isinstance(code, int) else 0)


def _report_error(error: Exception) -> int:
    if "--debug" in sys.argv:
        traceback.print_exc()
        return 2
    if isinstance(error, LongtailError):
        message = " ".join(str(error).split())
    else:
        message = f"unexpected {type(error).__name__}: {' '.join(str(error).split())}; run again with --debug for the traceback"
    click.echo(f"longtail: {message}", err=True)
    return 2
