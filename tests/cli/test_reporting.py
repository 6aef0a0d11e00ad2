"""Options that both audits share."""

import click
import pytest
from click.testing import CliRunner

from longtail.cli.reporting import failing, reporting
from longtail.report.files import FORMATS


@click.command()
@reporting
@failing
def command(**given):
    click.echo(sorted(given.items()))


def run(*arguments):
    return CliRunner().invoke(command, arguments)


def test_without_options_nothing_is_written_required_or_hidden():
    assert "('as_json', False), ('exit_zero', False), ('fail_on', 'fail'), ('form', None), ('out', ()), ('redact', False)" in run().output


@pytest.mark.parametrize("form", ["text", *FORMATS])
def test_every_format_of_a_report_can_be_asked_for_and_no_other(form):
    assert f"('form', '{form}')" in run("--format", form).output
    assert run("--format", f"{form}s").exit_code == 2


def test_files_and_rules_can_be_named_more_than_once():
    given = run("--out", "a.json", "--out", "b.html", "--require", "LT101", "--require", "LT301", "--fail-on", "warn").output
    assert "('fail_on', 'warn')" in given and "('out', ('a.json', 'b.html'))" in given and "('require', ('LT101', 'LT301'))" in given
