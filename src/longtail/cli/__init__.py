"""The command line: one file per command, each a thin wrapper over the library."""

from longtail.cli.main import main

__all__ = ["main"]
