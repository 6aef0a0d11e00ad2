"""Reports to render: one with every panel, a lineage, a single file without a reference, and one in which nothing was measured."""

from pathlib import Path

import msgspec
import pytest
from rich.console import Console

from longtail.records import Report
from longtail.report import render_text

DATA = Path(__file__).parent / "data"


def load(name):
    return msgspec.json.decode((DATA / f"{name}.json").read_bytes(), type=Report)


@pytest.fixture
def full():
    return load("full")


@pytest.fixture
def lineage():
    return load("lineage")


@pytest.fixture
def alone():
    return load("alone")


@pytest.fixture
def empty():
    return load("empty")


@pytest.fixture(params=["full", "lineage", "alone", "empty"])
def report(request):
    return load(request.param)


@pytest.fixture
def text():
    def rendered(report, width=120, **options):
        console = Console(width=width, **({"no_color": True, "color_system": None} | options))
        with console.capture() as capture:
            render_text(report, console)
        return capture.get()

    return rendered


@pytest.fixture
def holding(empty):
    """Make a report that holds nothing but panels and settings."""

    def make(settings=None, **held):
        return msgspec.structs.replace(empty, panels=held, settings=settings or {})

    return make
