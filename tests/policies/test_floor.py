"""A floor of real data in every batch: what is guaranteed, what is refused, and that it goes on where it was."""

import json
from collections import Counter

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longtail.errors import ConfigError, UsageError
from longtail.lab.learners.categorical import law_of
from longtail.lab.run import run
from longtail.lab.settings import Settings
from longtail.policies.floor import TAGS, RealDataFloor
from longtail.records import Origin

MIXED = ["human"] * 30 + ["synthetic"] * 170


def real_in(batch, origins=MIXED):
    return sum(origins[at] in ("human", "real") for at in batch)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(["real", "synthetic", "mixed", "unknown", "human"]), min_size=1, max_size=120),
    st.integers(2, 16),
    st.integers(0, 9),
    st.integers(0, 3),
)
def test_every_batch_of_every_pass_has_its_share_and_every_row_of_model_output_comes_once(origins, size, tenths, seed):
    try:
        floor = RealDataFloor(origins, size, min_real=tenths / 10, repeats=500, seed=seed)
    except UsageError:
        return
    for _ in range(2):
        batches = list(floor)
        assert len(batches) == len(floor)
        assert all(10 * real_in(batch, origins) >= tenths * len(batch) for batch in batches)
        counts = Counter(at for batch in batches for at in batch)
        assert all(counts[at] == 1 for at, origin in enumerate(origins) if origin not in ("real", "human"))
        repeats = [counts[at] for at, origin in enumerate(origins) if origin in ("real", "human")]
        assert not repeats or (min(repeats) >= 1 and max(repeats) - min(repeats) <= 1)
        assert all(len(set(batch)) == len(batch) for batch in batches)


def test_only_what_no_model_had_a_hand_in_is_real():
    for tag in TAGS:
        floor = RealDataFloor([tag, "human"], 2, min_real=0)
        assert floor.manifest().real == 1 + (tag in ("real", "human"))
    assert set(TAGS) == {"real", *Origin}


def test_copies_of_a_real_row_fill_no_floor():
    keys = ["same"] * 29 + ["another"] + [f"m{at}" for at in range(170)]
    with pytest.raises(UsageError, match=r"3 of the 10 rows of a batch, and there are 2 distinct real rows: 1 are missing"):
        RealDataFloor(MIXED, 10, keys=keys)
    floor = RealDataFloor(MIXED, 10, min_real=0.2, keys=keys, repeats=100)
    told = floor.manifest()
    assert (told.real, told.distinct) == (30, 2)
    assert {at for batch in floor for at in batch if at < 30} == {0, 29}


def test_more_repeats_than_allowed_are_refused_with_the_arithmetic_before_the_pass():
    floor = RealDataFloor(MIXED, 10, min_real=0.3, repeats=5)
    assert floor.needed == 73
    list(floor)
    assert floor.manifest().most == 3
    list(floor)
    with pytest.raises(
        UsageError, match="gives out 73 real rows and 30 are distinct, so that by the end of pass 3 .* come 8 times, and repeats allows 5"
    ):
        next(iter(floor))
    with pytest.raises(UsageError, match="by the end of pass 1 .* come 3 times, and repeats allows 2"):
        RealDataFloor(MIXED, 10, min_real=0.3, repeats=2)


def test_the_manifest_tells_what_was_given_out():
    floor = RealDataFloor(MIXED, 16, min_real=0.25, seed=2)
    before = floor.manifest()
    assert (before.rows, before.real_share, before.lowest_share, before.seen, before.passes) == (0, None, None, 0, 0)
    batches = list(floor)
    told = floor.manifest()
    real = [real_in(batch) for batch in batches]
    assert told.rows == sum(map(len, batches)) == 170 + floor.needed
    assert told.real_share == told.planned_share == sum(real) / told.rows
    assert told.lowest_share == min(count / len(batch) for count, batch in zip(real, batches, strict=True)) >= 0.25
    assert (told.seen, told.most, told.mean, told.passes, told.batches) == (30, 2, sum(real) / 30, 1, len(batches))
    assert msgspec.json.decode(msgspec.json.encode(told)) == msgspec.to_builtins(told)


def test_the_same_seed_gives_the_same_batches_and_another_seed_others():
    def batches(seed):
        return list(RealDataFloor(MIXED, 16, seed=seed))

    assert batches(1) == batches(1)
    assert batches(1) != batches(2)


@pytest.mark.parametrize("stop", [0, 1, 9, 14, 15, 20, 45])
@pytest.mark.parametrize("per", ["batch", "epoch"])
def test_it_goes_on_where_it_was_stopped(stop, per):
    def made():
        return RealDataFloor(MIXED, 16, per=per, repeats=50, seed=4)

    whole, first = made(), made()
    ahead = [batch for _ in range(4) for batch in whole]
    taken = []
    while len(taken) < stop:
        for batch in first:
            taken.append(batch)
            if len(taken) == stop:
                break
    second = made()
    second.load_state_dict(json.loads(json.dumps(first.state_dict())))
    assert second.manifest() == first.manifest()
    while len(taken) < len(ahead):
        taken += list(second)
    assert taken == ahead
    assert second.manifest() == whole.manifest()


def test_the_state_of_another_loader_is_refused():
    state = RealDataFloor(MIXED, 16).state_dict()
    for other in (RealDataFloor(MIXED, 8), RealDataFloor(MIXED, 16, seed=1), RealDataFloor(MIXED[:-1], 16)):
        with pytest.raises(UsageError, match="other rows or settings"):
            other.load_state_dict(state)


def test_strategies_choose_the_generations_that_take_part():
    origins = ["human"] * 10 + ["synthetic"] * 40
    generations = [0] * 10 + [1] * 10 + [2] * 10 + [3] * 10 + [None] * 10

    def rows(**given):
        floor = RealDataFloor(origins, 10, generations=generations, repeats=10, **given)
        return {at // 10 for batch in floor for at in batch}, floor.manifest().left_out

    assert rows() == ({0, 1, 2, 3, 4}, 0)
    assert rows(strategy="replace") == ({0, 3, 4}, 20)
    assert rows(strategy="window", window=2) == ({0, 2, 3, 4}, 10)
    with pytest.raises(UsageError, match="replace needs the generation"):
        RealDataFloor(origins, 10, strategy="replace")


def test_a_floor_of_the_pass_as_a_whole_leaves_batches_to_chance():
    floor = RealDataFloor(MIXED, 8, min_real=0.4, per="epoch", repeats=9)
    shares = [real_in(batch) / len(batch) for batch in floor]
    assert min(shares) < 0.4 < max(shares)
    told = floor.manifest()
    assert 0.4 <= told.real_share < 0.405
    assert (told.lowest_share, told.rows) == (min(shares), 170 + floor.needed)


def test_rows_that_say_where_they_are_from_are_read():
    rows = [{"text": f"t{at % 4}", "lt_origin": "human"} for at in range(8)]
    rows += [{"text": f"s{at}", "origin": "synthetic", "generation": at // 6} for at in range(12)]
    floor = RealDataFloor.of(rows, 4, strategy="replace")
    told = floor.manifest()
    assert (told.real, told.distinct, told.synthetic, told.left_out) == (8, 4, 6, 6)
    assert sorted(row["text"] for batch in floor.batches_of(rows) for row in batch if "generation" in row) == [
        f"s{at}" for at in range(10, 12)
    ] + [f"s{at}" for at in range(6, 10)]
    with pytest.raises(UsageError, match="row 1 has no origin"):
        RealDataFloor.of([rows[0], {"text": "x"}], 2)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"min_real": 1.2}, "min_real is 1.2"),
        ({"batch_size": 0}, "batch_size is 0"),
        ({"strategy": "all"}, "strategy is 'all'"),
        ({"per": "step"}, "per is 'step'"),
        ({"repeats": 0}, "repeats is 0"),
        ({"keys": ["a"]}, "200 origins and 1 keys"),
        ({"generations": [1]}, "200 origins and 1 generations"),
        ({"origins": ["people"]}, "row 0 has origin 'people'"),
        ({"origins": []}, "there are no rows"),
    ],
)
def test_what_cannot_be_is_refused(given, said):
    asked = {"origins": MIXED, "batch_size": 10} | given
    with pytest.raises((ConfigError, UsageError), match=said):
        RealDataFloor(**asked)


def test_it_is_the_batch_sampler_of_a_real_data_loader():
    data = pytest.importorskip("torch.utils.data", reason="the loader is torch's")
    floor, alike = RealDataFloor(MIXED, 16, seed=3), RealDataFloor(MIXED, 16, seed=3)
    loader = data.DataLoader(list(range(200)), batch_sampler=floor)
    assert len(loader) == len(floor)
    for _ in range(2):
        assert [batch.tolist() for batch in loader] == list(alike)


TYPES, ROWS, LAST = 1000, 10_000, 10
ZIPF = {"types": TYPES, "law": "zipf:1"}


def recursion(real_rows, seed):
    """Types of the real rows, and those in each training set of a recursion in which every batch has a quarter of them."""
    rng = np.random.default_rng(seed)
    real = rng.choice(TYPES, real_rows, p=law_of("zipf:1", TYPES))
    law, found = np.bincount(real, minlength=TYPES) / real_rows, []
    for _ in range(1, LAST):
        rows = np.concatenate([real, rng.choice(TYPES, ROWS, p=law)])
        floor = RealDataFloor(["human"] * real_rows + ["synthetic"] * ROWS, 100, min_real=0.25)
        drawn = np.array([at for batch in floor for at in batch])
        law = np.bincount(rows[drawn], minlength=TYPES) / len(drawn)
        found.append(np.flatnonzero(law))
    return set(real.tolist()), [set(each.tolist()) for each in found]


def test_a_zipf_law_loses_a_quarter_of_its_types_in_replacement_and_none_that_the_floor_holds():
    def supported(policy):
        return (
            run(Settings(family="categorical", policy=policy, generations=LAST, samples=ROWS, replicates=3, options=ZIPF))
            .series["support"]
            .mean
        )

    replaced, accumulated = supported("replace"), supported("accumulate")
    assert replaced[-1] < 0.75 * accumulated[-1]
    for real_rows in (ROWS, ROWS // 10):
        real, sets = recursion(real_rows, seed=1)
        assert all(real <= each for each in sets), "every real row is in every pass, so what it holds cannot be lost"
    assert len(recursion(ROWS, seed=1)[1][-1]) > 0.97 * accumulated[-1]
