import pytest

from longtail.gates.entailment.particulars import contained, unheld

PASSAGE = "The Forth Bridge was opened on 4 March 1890. It has a length of 2,467 metres. Network Rail does not own the road bridge."


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        ("The Forth Bridge was opened in 1890.", ""),
        ("The Forth Bridge has a length of 2.467 km.", ""),
        ("The Forth Bridge was opened in 1980.", "the date '1980'"),
        ("The Forth Bridge has a length of 2,476 metres.", "the number '2,476 metres'"),
        ("The Forth Bridge was opened by Victoria.", "the name 'Victoria'"),
        ("Network Rail owns the road bridge.", "it, and says otherwise"),
        ("The bridge is red.", ""),
    ],
)
def test_a_number_a_date_a_name_or_a_denial_that_the_passage_has_not_is_told(claim, told):
    assert unheld(claim, PASSAGE) == told


def test_a_claim_is_contained_where_one_passage_has_all_its_words_in_whatever_order():
    assert contained("In 1890 the bridge was opened.", PASSAGE)
    assert not contained("The bridge was painted in 1890.", PASSAGE)
