"""The plane against numpy's singular values, and regions against Fisher's exact test."""

import numpy as np
import pytest
from scipy.stats import fisher_exact

import longtail
from longtail.auditing.options import Options
from longtail.auditing.pictures.maps import maps_of, plane
from longtail.metrics.comparison import Comparison
from tests.auditing.made import against

CENTRES = np.random.default_rng(0).normal(size=(6, 4)) * 8


def documents(n, seed, weights):
    rng = np.random.default_rng(seed)
    kinds = rng.choice(6, n, p=weights)
    places = CENTRES[kinds] + rng.normal(size=(n, 4))
    return [
        {"lt_id": f"s{seed}d{at}", "text": f"about topic{kind} seed{seed}x{at} here", "features": place.round(4).tolist()}
        for at, (kind, place) in enumerate(zip(kinds, places, strict=True))
    ]


@pytest.fixture(scope="module")
def made():
    even, without = np.full(6, 1 / 6), np.array([0.2, 0.2, 0.2, 0.2, 0.2, 0.0])
    views = ["words_1", "regions:features"]
    reference = longtail.profile(documents(900, 1, even), views=views)
    candidate = longtail.profile(documents(500, 2, without), views=views, like=reference)
    inputs, pairing = against(candidate, reference)
    return inputs, Comparison(pairing, "words_1")


def test_the_plane_is_that_of_the_largest_singular_values():
    rows = np.random.default_rng(1).normal(size=(200, 5)).astype("f4") * [5, 3, 1, 1, 1]
    mean, axes, explained = plane(rows)
    _, sizes, directions = np.linalg.svd(rows - mean)
    assert np.abs((axes * directions[:2]).sum(axis=1)) == pytest.approx(1)
    assert explained == pytest.approx((sizes[:2] ** 2).sum() / (sizes**2).sum(), rel=1e-5)
    assert (axes[np.arange(2), np.abs(axes).argmax(axis=1)] > 0).all()


def test_rows_of_one_number_or_all_alike_have_a_plane():
    _, axes, explained = plane(np.arange(5, dtype="f4")[:, None])
    assert axes.tolist() == [[1.0], [0.0]] and explained == pytest.approx(1)
    assert plane(np.ones((4, 3), "f4"))[2] == 0.0


def test_the_regions_of_a_lost_topic_are_found_and_named(made):
    inputs, comparison = made
    (found,) = maps_of(inputs, comparison, Options())
    lost = [cell for cell in found["cells"] if cell["is_lost"]]
    assert lost and found["cells_total"] == len(lost) and all(cell["terms"][0] == "topic5" for cell in lost)
    assert all(name.startswith("s1d") for cell in lost for name in cell["examples"])
    assert len(found["reference"].split()) == 900 and len(found["candidate"].split()) == 500


def test_the_chance_of_an_empty_region_is_that_of_the_exact_test(made):
    inputs, comparison = made
    cell = maps_of(inputs, comparison, Options())[0]["cells"][0]
    there, here = 900 / 2, 500
    profile = inputs.reference.profile.frequencies["regions:features"]
    there = int(profile.documents.reshape(2, -1).sum(axis=1)[1])
    table = [[0, cell["documents"]], [here, there - cell["documents"]]]
    assert cell["chance"] == pytest.approx(fisher_exact(table, alternative="less").pvalue, rel=1e-6)
    assert cell["expected"] == pytest.approx(cell["documents"] * here / there)


def test_hidden_texts_leave_the_regions_without_words(made):
    inputs, comparison = made
    (found,) = maps_of(inputs, comparison, Options(redact=True))
    assert all(cell["terms"] == [] for cell in found["cells"]) and found["cells"]
