"""How a counted type is packed into one 64-bit key, and the cells that documents are binned into.

A key holds the type's hash in its upper 52 bits and the cell of the document in its lower 12, so that one sort
of plain integers groups by type and, inside a type, by cell. A cell is the half of its document (A or B) and one
of 2,048 bins; both come from keyed hashes of the document's text, so identical documents share a cell, and bins
nest: any coarser unit is a run of bins. With 52 bits, 5·10^7 distinct types meet 0.3 collisions in expectation.
"""

import numpy as np
import numpy.typing as npt

BIN_BITS = 11
CELL_BITS = BIN_BITS + 1
TYPE_BITS = 64 - CELL_BITS
BINS = 1 << BIN_BITS
CELLS = 1 << CELL_BITS

Keys = npt.NDArray[np.uint64]
Cells = npt.NDArray[np.uint16]


def types_of(keys: Keys) -> Keys:
    """Return the type hash of each key, shape (n,), values below 2**52."""
    return keys >> np.uint64(CELL_BITS)


def cells_of(keys: Keys) -> Cells:
    """Return the cell of each key, shape (n,), values below `CELLS`."""
    return (keys & np.uint64(CELLS - 1)).astype(np.uint16)


def half_of(cells: Cells) -> npt.NDArray[np.uint8]:
    """Return the half of each cell: 0 for A (chooses the tail), 1 for B (measures it)."""
    return (cells >> BIN_BITS).astype(np.uint8)


def bin_of(cells: Cells) -> Cells:
    """Return the bin of each cell, values below `BINS`."""
    return cells & np.uint16(BINS - 1)


def purpose_key(seed: int, purpose: str) -> int:
    """Return the 64-bit key of a hash used for one purpose only, by FNV-1a over the seed and the purpose's name."""
    state = 0xCBF29CE484222325
    for byte in f"{seed}:{purpose}".encode():
        state = ((state ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return state
