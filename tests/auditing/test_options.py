"""The settings of an audit: what is refused, what is printed, and which of them the hash sees."""

import itertools
import math

import msgspec
import pytest

from longtail.auditing.options import MARGINS, Options
from longtail.errors import ConfigError, UnknownName
from longtail.summaries.profile import DEFAULT_VIEWS


@pytest.mark.parametrize(("name", "most"), [("alpha", 0.5), ("tau", 0.25)])
def test_shares_lie_above_nothing_and_at_most_at_their_bound(name, most):
    assert getattr(Options(**{name: most}), name) == most
    for value in (0.0, -0.1, math.nextafter(most, 1), math.nan, math.inf):
        with pytest.raises(ConfigError, match=rf"^{name} is {value!r}; it must lie above 0 and at most at {most}$"):
            Options(**{name: value})


def test_margins_are_refused_by_name_and_by_value():
    with pytest.raises(ConfigError, match="unknown margin 'tails'; choose among tail, late, nll, accuracy"):
        Options(margin={"tails": 0.9})
    for value in (0.0, 1.1, math.nan):
        with pytest.raises(ConfigError, match=f"margin nll is {value!r}; it must lie above 0 and at most at 1"):
            Options(margin={"nll": value})


@pytest.mark.parametrize("horizon", [0, -3])
def test_a_history_without_an_audit_is_refused(horizon):
    with pytest.raises(ConfigError, match=f"horizon is {horizon}; plan at least one audit"):
        Options(horizon=horizon)
    assert Options(horizon=1).horizon == 1


def test_codes_and_views_that_do_not_exist_are_refused_with_the_nearest():
    with pytest.raises(UnknownName, match="'LT3011': did you mean 'LT301'"):
        Options(require=("LT301", "LT3011"))
    with pytest.raises(UnknownName, match="did you mean 'words_1'"):
        Options(views=("word_1",))
    with pytest.raises(ConfigError, match="'number' names no column; write number:COLUMN"):
        Options(views=("number",))


def test_longer_runs_of_words_ask_for_words_and_nothing_else_does():
    with pytest.raises(ConfigError, match="views words_2, words_3: words_1 is always counted with words; add it"):
        Options(views=("words_2", "words_3"))
    for views in (("words_2", "words_1"), ("code_2",), ("table",), ("regions:emb",)):
        assert Options(views=views).views == views


def test_margins_given_stand_over_the_defaults():
    assert Options(margin={"nll": 0.5}).margins == {"tail": 0.90, "late": 0.50, "nll": 0.5, "accuracy": 0.01}
    assert Options().margins == MARGINS


def test_one_audits_margins_are_not_the_next_ones():
    Options().margin["tail"] = 0.1
    assert Options().margins["tail"] == 0.90


def test_settings_are_counted_with_as_they_were_given():
    made = Options(seed=7, exact=True, by=("topic",), text_column="body", table="t", role="user", features="a:b", validity="letters:5")
    counting = made.counting()
    assert (counting.views, counting.seed, counting.exact, counting.by) == (DEFAULT_VIEWS, 7, True, ("topic",))
    assert (counting.text_column, counting.table, counting.role, counting.features) == ("body", "t", "user", "a:b")
    assert counting.validity is not None
    assert made.counting(features=len).features is len
    assert Options().counting().validity is None


def test_a_rule_of_validity_that_is_none_is_refused_before_anything_is_read():
    with pytest.raises(ConfigError, match="validity: 'letters' is no rule"):
        Options(validity="letters").counting()


def test_what_is_printed_holds_every_field_all_margins_and_the_hash():
    made = Options(margin={"tail": 0.8})
    stated = made.stated()
    assert stated.keys() == {*Options.__struct_fields__, "hash"}
    assert stated["margin"] == MARGINS | {"tail": 0.8}
    assert stated["hash"] == made.hash
    assert msgspec.json.decode(msgspec.json.encode(stated))["views"] == list(DEFAULT_VIEWS)


CHANGES = [
    {"alpha": 0.01}, {"margin": {"tail": 0.8}}, {"tau": 0.2}, {"views": ("words_1",)}, {"by": ("topic",)}, {"horizon": 5}, {"seed": 1},
    {"text_column": "body"}, {"table": "t"}, {"role": "user"}, {"features": "a:b"}, {"validity": "letters:5"}, {"exact": True},
]  # fmt: skip


def test_each_setting_that_can_change_a_number_gives_a_hash_of_its_own():
    assert {name for change in CHANGES for name in change} == {*Options.__struct_fields__} - {"require", "redact"}
    hashes = [Options().hash, *(Options(**change).hash for change in CHANGES)]
    assert len(set(hashes)) == len(hashes)
    assert all(len(made) == 16 and int(made, 16) >= 0 for made in hashes)


@pytest.mark.parametrize("change", [{"redact": True}, {"require": ("LT301",)}, {"margin": {"tail": 0.90}}, {"margin": {}}])
def test_what_changes_no_number_leaves_the_hash(change):
    assert Options(**change).hash == Options().hash


def test_the_order_in_which_columns_and_views_are_named_leaves_the_hash():
    for name, values in {"by": ("b", "a", "b"), "views": ("words_2", "words_1", "words_2")}.items():
        assert {Options(**{name: order}).hash for order in itertools.permutations(values)} == {Options(**{name: values[:2]}).hash}
