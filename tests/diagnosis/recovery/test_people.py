"""The law of human text: what people would write anew."""

import numpy as np
import pytest

from bench.synthetic import drawn, profiled
from longtail.diagnosis.recovery.course import Course, present
from longtail.diagnosis.recovery.holdings import Profiles, holdings
from longtail.diagnosis.recovery.people import people
from longtail.summaries.rows import type_counts
from tests.diagnosis.recovery.lineages import Lineage


@pytest.mark.parametrize(("rows", "within"), [(200, 0.04), (500, 0.04), (1500, 0.08)])
def test_new_human_rows_show_as_many_tail_types_as_it_says(rows, within):
    told, seen = [], []
    for seed in range(5):
        lineage = Lineage(seed, human=1000)
        held = holdings(Profiles(lineage.reference, tuple(lineage.profiles), None), ("1", "2", "3"), 0.10)
        law = people(held)
        told.append(present(Course(rows, 1.0, "replace", law, law), 1, 1e9).sum())
        types = type_counts(profiled(drawn(lineage.law, rows, lineage.rng), 0).frequencies["words_1"], None, 1 << 52)[0]
        seen.append(np.isin(types, held.tail).sum())
    assert np.mean(told) == pytest.approx(np.mean(seen), rel=within)
