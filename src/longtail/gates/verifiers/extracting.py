"""What a model's text says in the end: its final answer, and the blocks that it has fenced. In time linear in the text."""

import re

FENCE = re.compile(r"[ ]{0,3}(`{3,}|~{3,})[ \t]*([\w+.-]*)")
HASHES = re.compile(r"^[ \t]*####(.*)", re.MULTILINE)
"""How GSM8K marks an answer (Cobbe et al., arXiv:2110.14168)."""
BRACES = re.compile(r"(?P<box>\\(?:boxed|fbox)\s*\{)|\\.|(?P<open>\{)|(?P<close>\})", re.DOTALL)
"""With \\boxed, how MATH marks an answer (Hendrycks et al., arXiv:2103.03874)."""


def fenced(text: str, *languages: str) -> str | None:
    """Return the last fenced block that is of one of some languages or of none that is named, or None."""
    found: str | None = None
    mark, language, body = "", "", list[str]()
    for line in text.splitlines(keepends=True):
        fence = FENCE.match(line)
        if not mark:
            mark, language = (fence[1], fence[2].lower()) if fence else ("", "")
            body = []
        elif fence and fence[1].startswith(mark) and not line[fence.end() :].strip() and not fence[2]:
            found = "".join(body) if not language or language in languages else found
            mark = ""
        else:
            body.append(line)
    return found


def boxed(text: str) -> str | None:
    r"""Return what stands in the last \boxed{...}, braces inside it matched, or None."""
    found, starts = None, list[int | None]()
    for each in BRACES.finditer(text):
        if each["box"] or each["open"]:
            starts.append(each.end() if each["box"] else None)
        elif each["close"] and starts and (start := starts.pop()) is not None:
            found = text[start : each.start()].strip()
    return found


def final(text: str) -> str | None:
    r"""Return the last \boxed{...} of a text, else what follows its last ####, or None."""
    found = boxed(text)
    if found is None:
        marked = HASHES.findall(text)
        found = marked[-1].strip() if marked else None
    return found or None
