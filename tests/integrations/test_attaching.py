"""Callbacks that become ones of transformers when they are made, and processes that agree; stand-ins for both libraries."""

from types import SimpleNamespace

import pytest

from longtail.errors import MissingExtra
from longtail.integrations import attaching
from longtail.integrations.attaching import agreed, attached


class TrainerCallback:
    """As that of transformers: every hook does nothing."""

    def on_step_end(self, *_):
        return "base"


class Own:
    """A callback of ours."""

    def on_step_end(self, *_):
        return "own"


@pytest.fixture
def transformers(monkeypatch):
    monkeypatch.setattr(attaching.door, "transformers", lambda feature: SimpleNamespace(TrainerCallback=TrainerCallback))
    monkeypatch.setattr(attaching, "_MADE", {})


def test_a_class_gets_the_base_and_keeps_its_name_its_words_and_its_own_hooks(transformers):
    made = attached(Own)
    assert issubclass(made, Own) and issubclass(made, TrainerCallback)
    assert (made.__name__, made.__doc__, made.__module__) == (Own.__name__, Own.__doc__, Own.__module__)
    assert made().on_step_end() == "own"


def test_it_is_the_same_class_each_time_so_that_its_instances_are_of_one_kind(transformers):
    assert attached(Own) is attached(Own)
    assert attached(attached(Own)) is attached(Own)
    assert attached(TrainerCallback) is TrainerCallback


def test_where_the_library_is_missing_the_line_that_installs_it_is_told(monkeypatch):
    def missing(feature):
        raise MissingExtra(feature, "hf")

    monkeypatch.setattr(attaching.door, "transformers", missing)
    with pytest.raises(MissingExtra, match=r"an attachment to a trainer needs .* pip install 'longtail\[hf\]'"):
        attached(Own)


def torch(monkeypatch, *, processes, available=True, others=()):
    """A stand-in for torch in a run of some processes, of which the others want what they want."""

    class Tensor(list):
        def item(self):
            return self[0]

    def all_reduce(flag, op):
        assert op == "max"
        flag[0] = max(flag[0], *map(float, others))

    distributed = SimpleNamespace(
        is_available=lambda: available, is_initialized=lambda: processes > 0, get_world_size=lambda: processes,
        all_reduce=all_reduce, ReduceOp=SimpleNamespace(MAX="max"),
    )  # fmt: skip
    made = SimpleNamespace(distributed=distributed, tensor=lambda values, device: Tensor(values))
    monkeypatch.setattr(attaching.door, "torch", lambda feature: made)


@pytest.mark.parametrize("wanted", [False, True])
@pytest.mark.parametrize(("processes", "available"), [(0, True), (1, True), (2, False)])
def test_one_process_agrees_with_itself(monkeypatch, wanted, processes, available):
    torch(monkeypatch, processes=processes, available=available, others=(not wanted,))
    assert agreed(wanted, SimpleNamespace(device="cpu")) is wanted


@pytest.mark.parametrize(("wanted", "others", "found"), [
    (False, (False, False), False), (False, (False, True), True), (True, (False, False), True), (True, (True, True), True),
])  # fmt: skip
def test_what_any_process_wants_all_of_them_do(monkeypatch, wanted, others, found):
    torch(monkeypatch, processes=3, others=others)
    assert agreed(wanted, SimpleNamespace(device="cpu")) is found
