"""Options by which every command takes settings: the command line, then the environment, then a file, then a profile, then defaults."""

from collections.abc import Callable
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from longtail.cli.settings.files import File, named, nearest
from longtail.cli.settings.profiles import PROFILES
from longtail.cli.settings.values import Setting, options_of, settings_of
from longtail.errors import UsageError

Command = TypeVar("Command", bound=Callable[..., Any])
_NAMES = ("file", "values", "asked", "profile", "none")
_FILE, _SETTINGS, _ASKED, _PROFILE, _NONE = (f"longtail.settings.{name}" for name in _NAMES)


def configured(command: Command) -> Command:
    """Add the options that name a file of settings, or none."""
    for option in (
        click.option("--no-config", is_flag=True, is_eager=True, expose_value=False, callback=_take_none, help="Read no file of settings."),
        click.option(
            "--config",
            metavar="FILE",
            is_eager=True,
            expose_value=False,
            callback=_take_file,
            help="Settings, as TOML.  [default: the nearest longtail.toml, or pyproject.toml with a table [tool.longtail]]",
        ),
    ):
        command = option(command)
    return command


def profiled(command: Command) -> Command:
    """Add the option that names a profile."""
    return click.option(
        "--profile",
        type=click.Choice(list(PROFILES)),
        is_eager=True,
        expose_value=False,
        callback=_take_profile,
        help="What a kind of team asks for by default; see longtail config --show audit --profile NAME.",
    )(command)


def in_environment(command: click.Command, path: str) -> None:
    """Give every option of a command its environment variable: LONGTAIL_AUDIT_FAIL_ON for `longtail audit --fail-on`."""
    for key, option in options_of(command).items():
        option.envvar = f"{path} {key}".upper().replace(" ", "_").replace("-", "_")


def file_of(context: click.Context) -> File | None:
    """Return the file of settings in use."""
    found: File | None = context.meta.get(_FILE)
    return found


def profile_of(context: click.Context) -> Setting | None:
    """Return the profile in use, with where it was named."""
    found: Setting | None = context.meta.get(_PROFILE)
    return found


def origin_of(context: click.Context, option: click.Option) -> str:
    """Return where the value of an option comes from, in words."""
    source = context.get_parameter_source(str(option.name))
    settings: dict[str, Setting] = context.meta.get(_SETTINGS, {})
    if source is ParameterSource.ENVIRONMENT:
        return f"env {option.envvar}"
    if source is ParameterSource.DEFAULT_MAP:
        return settings[str(option.name)].origin
    return "command line" if source is ParameterSource.COMMANDLINE else "default"


def variable_of(error: click.ClickException) -> str:
    """Return the environment variable whose value was refused, as the beginning of a message; nothing where none was."""
    if not isinstance(error, click.BadParameter) or error.ctx is None or error.param is None:
        return ""
    source = error.ctx.get_parameter_source(str(error.param.name))
    return f"environment variable {error.param.envvar}: " if source is ParameterSource.ENVIRONMENT else ""


def _take_none(context: click.Context, _: click.Parameter, is_given: bool) -> None:
    if is_given and context.meta.get(_FILE):
        raise UsageError("--config and --no-config were both given; give one")
    context.meta[_NONE] = is_given or context.meta.get(_NONE, False)


def _take_file(context: click.Context, _: click.Parameter, path: str | None) -> None:
    if path and context.meta.get(_NONE):
        raise UsageError("--config and --no-config were both given; give one")
    context.meta[_FILE] = named(path) if path else None if context.meta.get(_NONE) else nearest()
    _settle(context)


def _take_profile(context: click.Context, option: click.Parameter, name: str | None) -> None:
    source = context.get_parameter_source(str(option.name))
    if source in (ParameterSource.COMMANDLINE, ParameterSource.ENVIRONMENT) and name is not None:
        where = f"env {option.envvar}" if source is ParameterSource.ENVIRONMENT else "command line"
        context.meta[_ASKED] = Setting(name, where)
    _settle(context)


def _settle(context: click.Context) -> None:
    """Make the values of the file, over those of the profile, the defaults of a command; called whenever more is known of either."""
    file = file_of(context)
    settings = settings_of(file, context) if file else {}
    chosen: Setting | None = context.meta.get(_ASKED) or settings.get("profile")
    if context.command.name == "audit" and chosen is not None:
        of_profile = {name: Setting(value, f"profile {chosen.value}") for name, value in PROFILES[chosen.value].items()}
        settings = of_profile | settings
    context.meta.update({_SETTINGS: settings, _PROFILE: chosen})
    context.default_map = {name: setting.value for name, setting in settings.items()}
