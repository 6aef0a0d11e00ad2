from longtail.report.copies import Piece, copies

CLUSTER = {
    "documents": 150, "distinct": 84, "members": ["a", "b"], "text": "certainly here",
    "difference": [["same", "certainly"], ["gone", "here"], ["new", "there"], ["odd", "x"], "no"],
}  # fmt: skip
PHRASE = {"kind": "opening", "text": "certainly here is", "documents": 436, "of": 2000, "reference_documents": 0, "reference_of": 1000}


def test_groups_stand_with_their_members_and_what_differs(holding):
    shown = copies(
        holding(copies={"clusters": [CLUSTER, {"documents": 3, "distinct": 1}], "clusters_total": 40, "documents": 2500, "sampled": 2048})
    )
    first, second = shown["clusters"]
    assert (first["documents"], first["distinct"], first["exact"], first["members"]) == ("150", "84", False, ["a", "b"])
    assert first["pieces"] == [Piece("same", "certainly"), Piece("gone", "here"), Piece("new", "there")]
    assert second["exact"] and second["members"] == [] and shown["total"] == "40" and shown["phrases"] == []


def test_at_most_twenty_groups_are_shown(holding):
    assert len(copies(holding(copies={"clusters": [CLUSTER] * 30}))["clusters"]) == 20


def test_phrases_stand_beside_those_of_the_other_sample_where_there_is_one(holding):
    shown = copies(holding(copies={"phrases": [PHRASE, PHRASE | {"kind": "odd"}]}))
    assert shown["phrases"] == [("How documents begin", [["certainly here is", "436", "21.8%", "0", "0.0%"]])]
    assert shown["heads"] == ["Words", "audited", "share", "elsewhere", "share"]
    alone = copies(holding(copies={"phrases": [{name: PHRASE[name] for name in ("kind", "text", "documents", "of")}]}))
    assert alone["phrases"][0][1] == [["certainly here is", "436", "21.8%"]] and len(alone["heads"]) == 3


def test_what_is_no_table_of_copies_is_not_shown(holding):
    for held in (None, {}, [], "x", {"clusters": 3}, {"clusters": [], "phrases": []}):
        assert copies(holding(copies=held)) is None
