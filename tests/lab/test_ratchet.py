import numpy
from hypothesis import given, settings
from hypothesis import strategies as st

from longtail.lab.run import simulate
from longtail.lab.settings import Settings


@settings(max_examples=1000)
@given(
    types=st.integers(2, 40),
    samples=st.integers(1, 60),
    temperature=st.sampled_from([0.7, 1.0, 1.3]),
    law=st.sampled_from(["uniform", "harmonic", "zipf:1.5"]),
    seed=st.integers(0, 10**6),
)
def test_a_type_that_is_lost_under_replacement_never_comes_back(types, samples, temperature, law, seed):
    options = {"types": types, "law": law, "temperature": temperature}
    told = Settings(family="categorical", generations=6, samples=samples, replicates=5, seed=seed, options=options)
    support = numpy.stack(simulate(told, frozenset({"support"}))["support"])
    assert (numpy.diff(support, axis=0) <= 0).all()
    assert (support >= 1).all()
