"""
Character map of a font, read straight from its ``cmap`` table (OpenType, formats 4 and 12).

fontTools would name eight thousand glyphs first, which takes as long as ten sheets take to draw.
"""

import struct

import numpy as np

from geo.errors import DataError
from geo.runs import places_in_runs

_FULL, _BASIC = 12, 4
_WANTED = ((3, 10, _FULL), (0, 6, _FULL), (0, 4, _FULL), (3, 1, _BASIC), (0, 3, _BASIC))
_HALF = 0x10000


def read_charmap(table: bytes) -> dict[int, int]:
    """
    Return the glyph index of each code point.

    Parameters
    ----------
    table : bytes
        The font's ``cmap`` table.

    Raises
    ------
    DataError
        If the font maps no Unicode.
    """
    found: dict[tuple[int, int, int], int] = {}
    for n in range(struct.unpack_from(">H", table, 2)[0]):
        platform, encoding, offset = struct.unpack_from(">HHL", table, 4 + 8 * n)
        form = struct.unpack_from(">H", table, offset)[0]
        found.setdefault((platform, encoding, form), offset)
    for kind in _WANTED:
        if kind in found:
            read = _read_full if kind[2] == _FULL else _read_basic
            return read(table[found[kind] :])
    raise DataError("the font maps no Unicode characters", "字体没有 Unicode 字符映射")


def _read_full(table: bytes) -> dict[int, int]:
    """Read format 12: groups of code points with consecutive glyphs."""
    count = struct.unpack_from(">L", table, 12)[0]
    groups = np.frombuffer(table, dtype=">u4", count=3 * count, offset=16).reshape(-1, 3)
    first, last, glyph = groups.astype(np.int64).T
    sizes = last - first + 1
    within = places_in_runs(sizes)
    return _pairs(np.repeat(first, sizes) + within, np.repeat(glyph, sizes) + within)


def _read_basic(table: bytes) -> dict[int, int]:
    """Read format 4: segments with a difference, or with a list of glyphs."""
    count = struct.unpack_from(">H", table, 6)[0] // 2
    words = np.frombuffer(table, dtype=">u2", count=len(table) // 2).astype(np.int64)
    last, first, delta, offset = (
        words[7 + k : 7 + k + count] for k in (0, *(count * np.arange(1, 4) + 1))
    )
    sizes = last - first + 1
    segment = np.repeat(np.arange(count), sizes)
    codes = first[segment] + places_in_runs(sizes)
    start = 7 + 3 * count + 1  # word of the first range offset
    at = start + segment + offset[segment] // 2 + codes - first[segment]
    listed = words[np.clip(at, 0, len(words) - 1)]
    glyphs = np.where(
        offset[segment] == 0,
        (codes + delta[segment]) % _HALF,
        np.where(listed == 0, 0, (listed + delta[segment]) % _HALF),
    )
    return _pairs(codes, glyphs)


def _pairs(codes: np.ndarray, glyphs: np.ndarray) -> dict[int, int]:
    kept = glyphs > 0
    return dict(zip(codes[kept].tolist(), glyphs[kept].tolist(), strict=True))
