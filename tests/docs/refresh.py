"""Write what the program prints now into README.md and the guides in docs/, and the demo's picture beside them.

    python -m tests.docs.refresh

An output that leaves lines out keeps what it shows: each run of lines begins with the line that is most like its
first, and is as long as it was.
"""

import os
import shutil
import tempfile
from pathlib import Path

from tests.docs.blocks import CUT, ROOT, blocks, here, pieces, run, run_block, runs, tidy

GUIDES = (
    *("start", "lab", "ledger", "gates", "estimate", "formats", "configuration", "ci"),
    *("training", "rag", "rag-audit", "updating"),
)
DOCUMENTS = ("README.md", *(f"docs/{name}.md" for name in GUIDES))
PICTURE = "docs/images/generations.svg"


def shown(text, printed):
    """The lines of `printed` that stand where those of `text` stood."""
    lines = tidy(printed)
    if not text.strip() or CUT not in text:
        return lines
    kept = []
    for piece in pieces(text):
        if piece:
            start = max(range(len(lines)), key=lambda at: len(os.path.commonprefix([lines[at], piece[0]])))
            kept += lines[start : start + len(piece)]
        kept.append(CUT)
    return kept[:-1]


def refreshed(document, outputs, note):
    """The document with each block of text replaced by what its block printed."""
    for block in reversed(blocks(document)):
        if block.makes is not None:
            text = "\n".join(shown(block.text, outputs[block.makes]))
            document = f"{document[: block.span[0]]}<!-- {note} -->\n```text\n{text}\n```{document[block.span[1] :]}"
    return document


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        demo, _ = run(["demo"], folder)
        for path in map(ROOT.joinpath, DOCUMENTS):
            document = path.read_text(encoding="utf-8")
            outputs = {block: run_block(block, folder) if runs(block) else demo for block in blocks(document)}
            path.write_text(refreshed(document, outputs, here(folder)), encoding="utf-8")
        (ROOT / PICTURE).parent.mkdir(exist_ok=True)
        shutil.copy(folder / "longtail-demo" / "generations.svg", ROOT / PICTURE)


if __name__ == "__main__":
    main()
