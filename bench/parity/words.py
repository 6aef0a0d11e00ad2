"""Words of scripts with spaces beside Unicode's default word boundaries."""

from collections.abc import Iterator

from bench.parity.rows import Parity

TEXTS = {
    "English": "It's the first day, isn't it? The dogs' bowls stood empty and O'Neil's hat hung there.",
    "Greek": "Η γλώσσα των ανθρώπων, όπως έλεγε ο δάσκαλος, αλλάζει.",
    "Arabic": "كان الجو باردا في ذلك الصباح، ولم يخرج أحد من بيته قبل الظهر.",
    "Persian": "می\u200cخواهم به خانه بروم و کتاب\u200cها را بخوانم.",
    "Hindi": "यह पहला दिन है, और क्\u200dष एक अक्षर है।",
    "Japanese": "ラーメンを食べる。カタカナと漢字。",
    "Thai": "ภาษาไทยเขียนติดกัน",
    "emoji": "👩🏽\u200d🔬👍🏽 🇫🇷🇩🇪 ❤️",
}


def rows() -> Iterator[Parity]:
    """Yield the number of words of each text, ours and by the boundaries of UAX #29."""
    import regex

    from longtail.views.words import spans

    for name, text in TEXTS.items():
        pieces = regex.split(r"(?wV1)\b", text)
        theirs = [piece for piece in pieces if regex.search(r"[\p{L}\p{N}\p{Pc}\p{Extended_Pictographic}\p{Regional_Indicator}]", piece)]
        yield Parity("words", name, len(spans(text, 0)), len(theirs), "regex", r"regex.split(r'(?wV1)\b')", tolerance=0.0)
