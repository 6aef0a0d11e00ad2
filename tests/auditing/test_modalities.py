"""The same rules speak of texts, pictures, sound, tables and embeddings: LT301 of a tail, LT308 of classes."""

import wave

import numpy as np
import pyarrow as pa
import pytest

import longtail

TONES = 440 * 2 ** (np.arange(24) / 12)


def status(report, code):
    """The status of a rule in a report, 'pass' or 'not_measured' where it is no finding."""
    found = {finding.code: finding.status for finding in report.findings}
    return found.get(code) or ("pass" if code in report.passed else "not_measured")


def zipf(kinds):
    weights = 1 / np.arange(1, kinds + 1)
    return weights / weights.sum()


def embeddings(n, seed, kept=30, width=16):
    """Vectors around thirty centres of falling frequency; only the commonest `kept` of them."""
    rng, centres = np.random.default_rng(seed), np.random.default_rng(99).normal(0, 3, (30, width))
    of = rng.choice(kept, n, p=zipf(30)[:kept] / zipf(30)[:kept].sum())
    return (centres[of] + rng.normal(size=(n, width))).astype("f4")


def table(n, seed, kept=50):
    """Rows with two categories that go together and a number."""
    rng = np.random.default_rng(seed)
    state = rng.choice(kept, n, p=zipf(50)[:kept] / zipf(50)[:kept].sum())
    job = (state * 7 + rng.integers(0, 5, n)) % 11
    return pa.table({"state": [f"s{v}" for v in state], "job": [f"j{v}" for v in job], "income": rng.lognormal(3, 0.6, n)})


def tones(folder, n, seed, kept=24):
    """Sounds of an eighth of a second: a tone of falling frequency of use, of random phase and loudness, in noise."""
    rng = np.random.default_rng(seed)
    of = rng.choice(kept, n, p=zipf(24)[:kept] / zipf(24)[:kept].sum())
    at = np.arange(1000) / 8000
    for i, kind in enumerate(of):
        place = folder / ("common" if kind < 12 else "rare")
        place.mkdir(parents=True, exist_ok=True)
        heard = rng.uniform(0.3, 0.9) * np.sin(2 * np.pi * TONES[kind] * at + rng.uniform(0, 6)) + rng.normal(0, 0.05, 1000)
        with wave.open(str(place / f"{i:05d}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(8000)
            file.writeframes((heard * 20_000).clip(-32_768, 32_767).astype("<i2").tobytes())
    return folder


def heard(paths):
    """The spectrum of each sound, at one loudness for all."""
    rows = []
    for path in paths:
        with wave.open(path, "rb") as file:
            samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(float)
        power = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))[50:220]
        rows.append(power / np.linalg.norm(power))
    return np.array(rows)


def test_lost_regions_of_embeddings_fail_and_kept_ones_do_not():
    reference = embeddings(4000, 1)
    kept = longtail.audit(embeddings(2000, 2), reference=reference)
    lost = longtail.audit(embeddings(2000, 3, kept=12), reference=reference)
    assert status(kept, "LT301") in ("pass", "not_measured") and kept.phase.name in ("healthy", "inconclusive")
    assert status(lost, "LT301") == "fail" and lost.phase.name in ("early", "narrowing")


def test_lost_categories_of_a_table_fail_and_kept_ones_do_not():
    reference = table(6000, 1)
    kept = longtail.audit(table(3000, 2), reference=reference, views=["table"], by=["state"])
    lost = longtail.audit(table(3000, 3, kept=20), reference=reference, views=["table"], by=["state"])
    assert status(kept, "LT301") in ("pass", "not_measured") and status(kept, "LT308") in ("pass", "not_measured")
    assert status(lost, "LT301") == status(lost, "LT308") == "fail"
    deciding = {estimate.view for estimate in lost.estimates if estimate.decision == "shrunk"}
    assert {"category:state", "pairs"} <= deciding


def test_cut_extremes_of_a_number_fail_where_its_categories_are_kept():
    reference, made = table(40_000, 1), table(20_000, 2)
    income = np.array(made.column("income"))
    low, high = np.quantile(np.array(reference.column("income")), [0.01, 0.99])
    cut = made.filter(pa.array((income > low) & (income < high)))
    views = ["number:income"]
    kept = longtail.audit(made, reference=reference, views=views)
    lost = longtail.audit(cut, reference=reference, views=views)
    assert status(kept, "LT301") in ("pass", "not_measured")
    assert status(lost, "LT301") == "fail"
    gone = [estimate for estimate in lost.estimates if estimate.metric == "exceedance"]
    assert {estimate.slice for estimate in gone} == {"low", "high"} and all(estimate.decision == "shrunk" for estimate in gone)


def test_lost_tones_fail_by_what_is_heard_and_by_their_folders(tmp_path):
    reference = tones(tmp_path / "reference", 1200, 1)
    kept = longtail.audit(str(tones(tmp_path / "kept", 600, 2)), reference=str(reference), features=heard, by=["label"])
    lost = longtail.audit(str(tones(tmp_path / "lost", 600, 3, kept=10)), reference=str(reference), features=heard, by=["label"])
    assert status(kept, "LT301") in ("pass", "not_measured") and status(kept, "LT308") in ("pass", "not_measured")
    assert status(lost, "LT301") == status(lost, "LT308") == "fail"


def test_labels_of_a_folder_need_no_features(tmp_path):
    reference = tones(tmp_path / "reference", 600, 1)
    report = longtail.audit(str(tones(tmp_path / "lost", 300, 3, kept=10)), reference=str(reference))
    assert status(report, "LT308") == "fail" and status(report, "LT301") == "not_measured"


def digits():
    data = pytest.importorskip("sklearn.datasets", reason="the digits are in scikit-learn: pip install scikit-learn").load_digits()
    order = np.random.default_rng(0).permutation(len(data.target))
    return data.data[order].astype("f4"), data.target[order]


def test_two_lost_digits_of_ten_fail_and_ten_do_not():
    pixels, digit = digits()
    rows = pa.table({"pixels": list(pixels), "digit": digit})
    reference, made = rows.slice(0, 1000), rows.slice(1000)
    lost = made.filter(pa.array(~np.isin(digit[1000:], [3, 7])))
    reports = [longtail.audit(each, reference=reference, views=["regions:pixels"], by=["digit"]) for each in (made, lost)]
    assert status(reports[0], "LT308") in ("pass", "not_measured") and status(reports[0], "LT301") in ("pass", "not_measured")
    assert status(reports[1], "LT308") == "fail"
    gone = {estimate.slice for estimate in reports[1].estimates if estimate.metric == "class_share" and estimate.decision == "shrunk"}
    assert gone == {"3", "7"}
    coverage = next(estimate for estimate in reports[1].estimates if estimate.metric == "coverage_corrected")
    assert 0.75 <= coverage.value <= 0.85


def with_texts(rows, vectors):
    """The rows with a vector and a text each, some of them near copies."""
    texts = [f"the row of {state} has the number {i % 700}" for i, state in enumerate(rows.column("state").to_pylist())]
    return rows.append_column("emb", pa.array(list(vectors))).append_column("text", pa.array(texts))


def test_an_audit_of_shards_is_that_of_the_whole():
    whole, human = with_texts(table(1500, 2), embeddings(1500, 4)), with_texts(table(2400, 1), embeddings(2400, 5))
    views = ["words_1", "words_2", "formats", "near_duplicates", "category:state", "category:job", "pairs", "number:income", "regions:emb"]
    reference = longtail.profile(human, views=views, by=["job"])
    one = longtail.profile(whole, views=views, by=["job"], like=reference)
    cuts = [longtail.profile(whole.slice(at, 375), views=views, by=["job"], like=reference) for at in (1125, 0, 750, 375)]
    reports = [longtail.audit(each, reference=reference).to_dict() for each in (one, longtail.merge(cuts))]
    for part in ("estimates", "findings", "phase", "passed", "not_measured"):
        assert reports[0][part] == reports[1][part], part
    assert len(reports[0]["estimates"]) > 80
