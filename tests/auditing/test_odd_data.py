"""Data that no metric expects have outcomes that are defined: a number, a reason, or one clear error."""

import numpy as np
import pyarrow as pa
import pytest

import longtail
from longtail.errors import ConfigError
from longtail.records import Estimate

VIEWS = ("number:size", "category:kind", "regions:emb")


def rows(n, seed=0):
    rng = np.random.default_rng(seed)
    return {"size": rng.normal(size=n), "kind": rng.choice(list("abc"), n), "emb": list(rng.normal(size=(n, 4)).astype("f4"))}


@pytest.fixture(scope="module")
def reference():
    return longtail.profile(pa.table(rows(800, 1)), views=VIEWS)


def audited(reference, changes, n=400):
    return longtail.audit(pa.table(rows(n) | changes), reference=reference, views=VIEWS)


def test_constant_columns_are_judged_and_have_no_spread(reference):
    report = audited(reference, {"size": [1.0] * 400, "kind": ["a"] * 400})
    assert "LT301" in {finding.code for finding in report.findings}
    assert all(np.isfinite([each.value, each.low, each.high]).all() for each in report.estimates)
    assert any("constant on a side" in each["reason"] for each in report.panels["absent"])


def test_a_reference_whose_column_is_constant_says_what_it_cannot_tell():
    same = longtail.profile(pa.table(rows(800, 1) | {"size": [1.0] * 800}), views=VIEWS)
    report = longtail.audit(pa.table(rows(400)), reference=same, views=VIEWS)
    assert any("nothing lies beyond" in each["reason"] for each in report.panels["absent"])


def test_documents_with_a_part_that_is_not_finite_have_no_vector(reference):
    found = rows(400)
    for at in range(0, 400, 10):
        found["emb"][at] = np.array([0, np.nan, np.inf, 1], "f4")
    profile = longtail.profile(pa.table(found), views=VIEWS, like=reference)
    assert profile.frequencies["regions:emb"].documents.sum() == len(profile.vectors["emb"].rows()) == 360
    assert profile.moments["emb"].rows.sum() == 360 and profile.documents == 400
    assert longtail.audit(profile, reference=reference).phase.name in ("healthy", "inconclusive")


def test_one_row_is_read_and_not_compared(reference):
    report = audited(reference, {name: values[:1] for name, values in rows(1).items()}, 1)
    assert report.phase.name == "inconclusive"
    assert "1 distinct documents, fewer than" in next(each.reason for each in report.not_measured if each.code == "LT301")


def test_rows_all_alike_are_copies(reference):
    report = audited(reference, {name: [values[0]] * 400 for name, values in rows(1).items()})
    assert {finding.code: finding.status for finding in report.findings}["LT402"] == "fail"


def test_vectors_all_alike_are_one_region_and_copies():
    report = longtail.audit(np.ones((300, 4)), reference=np.ones((600, 4)))
    assert {"LT402", "LT903"} <= {finding.code for finding in report.findings}
    assert not [each for each in report.estimates if isinstance(each, Estimate) and not np.isfinite(each.value)]


def test_no_finite_vector_at_all_is_one_clear_error():
    with pytest.raises(ConfigError, match="no finite vector in half A of the reference"):
        longtail.audit(np.full((50, 3), np.nan))


SCRIPTS = {"emoji": "👩🏽‍🔬 🇫🇷 👍🏽 ", "Arabic": "مرحبا بالعالم ", "Japanese": "猫が好きです。", "Thai": "ไทยดีมาก ", "Hebrew": "שָׁלוֹם עולם "}


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
def test_texts_of_every_script_are_audited(text):
    human, made = ([{"text": text * (1 + i % 5) + f"{tag}{i}"} for i in range(250)] for tag in ("h", "m"))
    report = longtail.audit(made, reference=human)
    assert report.estimates and next(each for each in report.inputs if each.role == "candidate").quarantined == 0


@pytest.mark.slow
def test_one_document_of_a_hundred_megabytes_is_counted(tmp_path):
    path = tmp_path / "long.txt"
    words = [f"word{kind}" for kind in np.random.default_rng(0).zipf(1.5, 1 << 16) % 50_000]
    with path.open("w") as file:
        for _ in range(220):
            file.write(" ".join(words) + "\n")
    assert path.stat().st_size > 100e6
    made = longtail.profile(str(path), text_column=None)
    assert made.documents >= 1 and made.words == 220 * len(words)
