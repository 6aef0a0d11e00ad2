"""How a review stands, over whole reviews in which the truth is known."""

import numpy as np
from msgspec.structs import replace

from longtail.gates.review import Queue, Settings, fill, standing
from longtail.gates.review.item import event, moment


def reviewed(folder, items, wrong, seed, stop=None):
    folder.mkdir()
    fill(folder, lambda: items, Settings(size=60, seed=seed))
    with Queue(folder) as queue:
        positions = {number: item.position for number, _, _, item in queue.items()}
        said = [(task, "reject" if positions[task.item] in wrong else "accept") for task in queue.tasks()[:stop]]
        queue.add(event(task.key, action, "kim", moment(f"2025-01-01T00:{at:02d}:00Z")) for at, (task, action) in enumerate(said))
        return standing(queue)


def test_the_false_accept_estimate_hits_the_truth_though_rare_documents_err_more(tmp_path, pool):
    items = [replace(item, doubt=None) for item in pool(600)]
    cut = np.quantile([item.rarity for item in items], 0.9)
    rng = np.random.default_rng(0)
    wrong = {item.position for item in items if rng.random() < (0.6 if item.rarity >= cut else 0.1)}
    kept = [item for item in items if item.decision == "keep"]
    truth = sum(item.position in wrong for item in kept) / len(kept)
    found = [reviewed(tmp_path / f"{seed}", items, wrong, seed, stop=None if seed % 2 else 40) for seed in range(30)]
    estimates = [next(each for each in one.estimates if each.metric == "false_accept") for one in found]
    assert len(estimates) == 30
    values = np.array([each.value for each in estimates])
    assert abs(values.mean() - truth) < 4 * values.std() / np.sqrt(30)
    assert np.mean([each.low <= truth <= each.high for each in estimates]) >= 0.95
    shown = np.mean([sum(cell.rejected for cell in one.cells) / sum(cell.decided for cell in one.cells) for one in found])
    assert shown > truth + 0.1  # unweighted answers would overstate it


def test_one_who_says_the_same_twice_agrees_and_gate_and_people_are_compared(tmp_path, pool):
    items = pool(600)
    gate_wrong = {item.position for item in items if item.decision == "reject"}
    found = reviewed(tmp_path / "q", items, gate_wrong, 0)
    assert found.within.raw.value == 1 and found.within.raw.low < 0.6 and found.within.pairs == 6 and found.between.pairs == 0
    shares = {each.metric: each.value for each in found.estimates}
    assert shares["gate_agreement"] == 1 and shares["false_accept"] == 0 and found.left == 0
    assert found.masked.value == found.shown.value == 1 and found.tail_items >= 27
    assert found.concentration.shares == {"kim": 1.0} and found.concentration.warning


def test_before_anything_is_decided_nothing_is_measured(queue):
    found = standing(queue)
    assert found.estimates == () and {each.metric for each in found.not_measured} >= {"false_accept", "false_reject"}
    assert found.states["open"] == found.left == found.items == 45
