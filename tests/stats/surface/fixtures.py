"""Texts whose values are known."""

RIVER = (
    "the river keeps the shape of the valley and the valley keeps the shape of the river a small boat moves along the river while "
    "rare birds call from the far bank and nobody counts them if we count only the common birds the rare birds vanish from the record "
    "and then from the valley "
)
RIVER_WORDS = (RIVER * 3).split()

CATS = [
    "the cat sat on the mat",
    "the cat sat on the rug",
    "a dog slept by the door",
    "rain fell on the quiet town all night",
]
CAT_WORDS = [text.split() for text in CATS]
