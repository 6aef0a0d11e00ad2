"""Near duplicates against planted copies, against brute force, and against themselves under other bounds."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from longtail.errors import ConfigError, UsageError
from longtail.gates import GATES, REJECT, Batch, Gate
from longtail.gates.duplicates.near import NearDuplicates
from tests.gates.duplicates import planted
from tests.gates.duplicates.planted import brute, jaccard, judged, shingles

RNG = 20_250_101


def family(base, many, rng, fewest=0, most=40):
    """Variants of a text, each with some of its words replaced: similarities on both sides of the threshold."""
    variants = []
    for number in range(many):
        words = base.split()
        for at in rng.choice(len(words), int(rng.integers(fewest, most)), replace=False):
            words[at] = f"v{number}w{at}"
        variants.append(" ".join(words))
    return variants


@pytest.fixture(scope="module")
def tangled():
    """A few hundred documents in families where being near is not transitive, copies among them."""
    rng = np.random.default_rng(RNG)
    bases = planted.paragraphs(12)
    texts = [text for base in bases for text in family(base, 30, rng, 0, 6)] + bases[:3]
    return [texts[at] for at in rng.permutation(len(texts))]


class TestPlanted:
    @pytest.mark.parametrize("rows, recall", [(4, 0.95), (8, 0.93)])  # of 16 bands some pairs share none, as theory says
    def test_recall_and_precision_on_real_text(self, rows, recall):
        rng = np.random.default_rng(RNG)
        texts, originals = planted.planted(planted.paragraphs(250), rng)
        similar = [jaccard(texts[at], texts[int(np.flatnonzero(originals == originals[at])[0])]) for at in range(0, len(texts), 7)]
        assert np.quantile(similar, 0.25) < 0.95  # edits that leave less than all
        removed, scores, matched, facts = judged(NearDuplicates(threshold=0.7, rows=rows), texts)
        expected = len(texts) - 250
        right = sum(originals[at] == originals[int(matched[at][1:])] for at in np.flatnonzero(removed))
        assert right / removed.sum() >= 0.95
        assert right / expected >= recall
        assert facts["removed"] == removed.sum()
        assert facts["clusters"] == len({matched[at] for at in np.flatnonzero(removed)})
        assert (scores[removed] >= 0.7).all()
        assert np.isnan(scores[~removed]).all()

    def test_unlike_real_text_loses_nothing(self):
        texts = planted.paragraphs(400)
        sets = [shingles(text) for text in texts]
        truly = [any(len(one & other) > 0.7 * len(one | other) for other in sets[:at]) for at, one in enumerate(sets)]
        removed, *_ = judged(NearDuplicates(threshold=0.8), texts)
        assert not (removed & ~np.array(truly)).any()

    def test_case_and_punctuation_do_not_matter(self):
        text = planted.paragraphs(1)[0]
        _, scores, matched, _ = judged(NearDuplicates(), [text, planted.recased(text, None)])
        assert matched == [None, "d0"]
        assert scores[1] == 1


class TestBruteForce:
    @pytest.mark.parametrize("rows", [4, 8])
    @pytest.mark.parametrize("threshold", [0.7, 0.8, 0.9])
    def test_greedy_over_all_pairs_that_share_a_band(self, tangled, rows, threshold):
        removed, _, matched, facts = judged(NearDuplicates(threshold=threshold, rows=rows), tangled)
        expected, near = brute(tangled, threshold, rows=rows)
        assert 20 < expected.sum() < len(tangled) - 20
        assert (removed == expected).all()
        assert facts["full buckets"] == 0
        for at in np.flatnonzero(removed):
            assert int(matched[at][1:]) in near[at]
        assert not {int(matched[at][1:]) for at in np.flatnonzero(removed)} & set(np.flatnonzero(removed))

    def test_the_partner_is_the_most_similar_kept_one(self, tangled):
        texts = list(dict.fromkeys(tangled))  # copies share the partner of the first
        removed, scores, matched, _ = judged(NearDuplicates(), texts)
        _, near = brute(texts, 0.8)
        for at in np.flatnonzero(removed):
            most = max(near[at].values())
            assert int(matched[at][1:]) == min(other for other, places in near[at].items() if places == most)
            assert scores[at] == pytest.approx((most / 128 - 1 / 256) / (1 - 1 / 256), abs=1e-6)

    def test_bands_of_four_miss_nothing_that_all_pairs_find(self, tangled):
        removed, *_ = judged(NearDuplicates(), tangled)
        assert (removed == brute(tangled, 0.8, bands=False)[0]).all()


class TestBounds:
    def test_batches_do_not_matter(self, tangled):
        runs = [judged(NearDuplicates(), tangled, size, holes) for size, holes in ((1, False), (7, True), (1000, False))]
        for removed, scores, matched, facts in runs[1:]:
            assert (removed == runs[0][0]).all()
            assert scores.tobytes() == runs[0][1].tobytes()
            assert matched == runs[0][2]
            assert facts == runs[0][3]

    @pytest.mark.parametrize("megabytes", [0.0005, 0.005, 0.05])
    def test_temporary_files_give_the_same(self, tangled, megabytes, monkeypatch, tmp_path):
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
        made = []
        monkeypatch.setattr("longtail.gates.duplicates.room.Room.path", _counted(made))
        within = judged(NearDuplicates(threshold=0.75), tangled)
        assert not made
        beyond = judged(NearDuplicates(threshold=0.75, memory_mb=megabytes), tangled)
        assert made
        assert list(tmp_path.iterdir()) == []  # they are gone
        assert (within[0] == beyond[0]).all()
        assert within[1].tobytes() == beyond[1].tobytes()
        assert within[2:] == beyond[2:]

    def test_a_large_group_stays_cheap_and_exact(self):
        rng = np.random.default_rng(RNG)
        base = planted.paragraphs(1)[0]
        texts = [base] * 500 + family(base, 500, rng, 1, 2)
        removed, _, matched, facts = judged(NearDuplicates(most_removed=1), texts)
        assert (removed == brute(texts, 0.8)[0]).all()
        assert facts["clusters"] < 10

    def test_what_full_buckets_miss_is_little_and_counted(self, monkeypatch):
        monkeypatch.setattr("longtail.gates.duplicates.linking.LEADERS", 8)
        rng = np.random.default_rng(RNG)
        text = planted.paragraphs(1)[0]
        texts = [each for base in family(text, 60, rng, 4, 5) for each in (base, planted.words_changed(base, rng))]
        removed, _, _, facts = judged(NearDuplicates(threshold=0.8), texts)
        expected, _ = brute(texts, 0.8)
        assert facts["full buckets"] > 0
        assert (removed & expected).sum() >= 0.8 * expected.sum()

    def test_an_implausible_rate_is_refused(self):
        texts = [planted.paragraphs(1)[0]] * 200
        with pytest.raises(ConfigError, match=r"99\.5% of 200 documents.*most_removed = 0\.9.*text_column"):
            NearDuplicates()(Batch.of(texts))
        assert (NearDuplicates(most_removed=1)(Batch.of(texts)).decisions == REJECT).sum() == 199
        assert (NearDuplicates()(Batch.of(texts[:99])).decisions == REJECT).sum() == 98


class TestPriority:
    def test_a_human_document_stays_wherever_it_stands(self):
        text, other = planted.paragraphs(2)
        rng = np.random.default_rng(RNG)
        records = [
            {"lt_id": "made", "text": text, "lt_origin": "synthetic"},
            {"lt_id": "other", "text": other},
            {"lt_id": "human", "text": planted.words_changed(text, rng), "lt_origin": "human"},
        ]
        removed, _, matched, _ = judged(NearDuplicates(threshold=0.7), records)
        assert removed.tolist() == [True, False, False]
        assert matched == ["human", None, None]

    def test_spared_human_documents_are_all_compared_with(self):
        text = planted.paragraphs(1)[0]
        words = text.split()
        chain = [" ".join(words[start : start + 100]) for start in (0, 8, 16)]
        records = [{"lt_id": f"{at}", "text": each, "lt_origin": "human" if at < 2 else None} for at, each in enumerate(chain)]
        assert judged(NearDuplicates(threshold=0.77), records)[0].tolist() == [False, True, False]
        verdicts = Gate(NearDuplicates(threshold=0.77)).judge(records)
        assert verdicts.decisions.tolist() == [0, 0, 2]
        assert verdicts.matched[2] == "1"


class TestAgainst:
    @pytest.fixture
    def reference(self, tmp_path):
        texts = planted.paragraphs(40)
        pq.write_table(pa.table({"lt_id": [f"r{at}" for at in range(40)], "text": texts}), tmp_path / "reference.parquet")
        return str(tmp_path / "reference.parquet")

    def test_only_the_judged_side_loses_documents(self, reference):
        rng = np.random.default_rng(RNG)
        texts = planted.paragraphs(80)
        mine = [planted.words_changed(text, rng) for text in texts[:30]] + texts[40:]
        removed, scores, matched, facts = judged(NearDuplicates(threshold=0.7, against=[reference]), mine)
        assert removed.tolist() == [True] * 30 + [False] * 40
        assert matched[:30] == [f"r{at}" for at in range(30)]
        assert (scores[:30] < 1).all()
        assert facts["compared with"] == 40
        verdicts = NearDuplicates(threshold=0.7, against=[reference])(Batch.of(mine[:1]))
        assert verdicts.reasons[0] == "near duplicate of a document in against"

    def test_near_documents_of_it_are_all_compared_with(self, tmp_path):
        text = planted.paragraphs(1)[0]
        words = text.split()
        chain = [" ".join(words[start : start + 100]) for start in (0, 8, 16)]
        table = pa.table({"lt_id": ["a", "b"], "body": chain[:2]})
        pq.write_table(table, tmp_path / "twice.parquet")
        gate = NearDuplicates(threshold=0.77, against=[str(tmp_path / "twice.parquet")], text_column="body")
        assert judged(gate, [chain[2]])[2] == ["b"]

    def test_one_without_texts_is_refused(self, reference):
        with pytest.raises(UsageError, match="holds no texts"):
            NearDuplicates(against=reference, text_column="body")(Batch.of(["a text"]))


class TestOddTexts:
    def test_no_text_is_no_pass(self):
        batch = Batch(pa.array(list("abcd")), pa.array([None, "", " \n", "Some words here."]))
        verdicts = NearDuplicates()(batch)
        assert verdicts.decisions.tolist() == [REJECT, REJECT, REJECT, 0]
        assert verdicts.reasons == ["no text", "no text", "no text", ""]

    def test_texts_without_words_are_compared_as_wholes(self):
        verdicts = NearDuplicates()(Batch.of(["!!! ???", "...", "!!!  ???", "— —", "..."]))
        assert verdicts.decisions.tolist() == [0, 0, REJECT, 0, REJECT]

    def test_fewer_words_than_a_shingle_are_one_shingle(self):
        verdicts = NearDuplicates()(Batch.of(["Yes, it is.", "No.", "yes it is", "yes it was", "no"]))
        assert verdicts.decisions.tolist() == [0, 0, REJECT, 0, REJECT]

    def test_nothing_is_nothing(self):
        gate = NearDuplicates()
        assert len(gate(Batch.of([]))) == 0
        assert gate.over(list).facts["documents"] == 0

    def test_a_document_that_was_not_seen_is_refused(self):
        judge = NearDuplicates().over(lambda: [Batch.of(["one text"])])
        with pytest.raises(UsageError, match="had not seen"):
            judge(Batch.of(["one text", "another"]))


class TestSettings:
    @pytest.mark.parametrize(
        "settings, message",
        [
            ({"threshold": 0}, "threshold is 0"),
            ({"threshold": 1.1}, "threshold is 1.1"),
            ({"threshold": 0.5, "rows": 8}, "finds 6% of pairs"),
            ({"threshold": 0.3}, "take a higher threshold"),
            ({"rows": 5}, "rows is 5"),
            ({"order": 0}, "order is 0"),
            ({"order": 2.5}, "order is 2.5"),
            ({"most_removed": 0}, "most_removed is 0"),
            ({"memory_mb": 0}, "memory_mb is 0"),
            ({"against": [""]}, "against is"),
        ],
    )
    def test_one_out_of_range_is_refused(self, settings, message):
        with pytest.raises(ConfigError, match=message):
            NearDuplicates(**settings)

    def test_it_is_in_the_catalogue_and_a_stage(self):
        assert GATES["near_duplicates"].member is NearDuplicates
        text = planted.paragraphs(1)[0]
        verdicts = Gate(("near_duplicates", {"threshold": 0.7})).judge([text, f"{text} And more."])
        assert verdicts.at(1).decision == "reject"
        assert verdicts.at(1).reason == "near_duplicates: near duplicate"


def _counted(made):
    from longtail.gates.duplicates.room import Room

    original = Room.path

    def path(self):
        made.append(1)
        return original(self)

    return path
