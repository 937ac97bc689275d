"""
Type: faces, widths and line breaking for Chinese and Latin text.

A glyph is named by its index in the vendored file, so a page's text does not depend on what other
pages print. A character that no face has is printed as 〓, as typesetters mark a sort they
lack: never dropped, never an empty box; a formal issue is refused for it.
"""

import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from fontTools.ttLib import TTFont

from atlas.charmap import read_charmap

FOLDER = Path(__file__).parent / "fonts"
MM_PER_PT = 25.4 / 72

_OPENING = "（《〈「『【〔“‘([{"
_CLOSING = "，。、；：！？）》〉」』】〕”’…—·)]},.;:!?%‰℃°㎡²³"
_NEWLINE = "\n"
_LACKING = ord("〓")
_PART = re.compile(r"\n|[ ]+|[0-9A-Za-zÀ-ɏΑ-ω.,:/_#%+\-'&@=≥≤<>×~²³]+|.", re.DOTALL)
_DROPPED = {"Cc", "Cf", "Cs", "Zl", "Zp"}


@dataclass(frozen=True, eq=False)
class Face:
    """
    One font file.

    Attributes
    ----------
    key : str
        Name in the PDF's resources.
    path : Path
        A TrueType file.
    """

    key: str
    path: Path

    @cached_property
    def font(self) -> TTFont:
        """The opened file."""
        return TTFont(io.BytesIO(self.path.read_bytes()), lazy=True)

    @cached_property
    def glyphs(self) -> dict[int, int]:
        """Glyph index of each code point."""
        return read_charmap(self.font.reader["cmap"])

    @cached_property
    def advances(self) -> list[float]:
        """Advance of each glyph [em]; the last one listed holds for the rest."""
        count = self.font["hhea"].numberOfHMetrics
        metrics = np.frombuffer(self.font.reader["hmtx"], dtype=">u2", count=2 * count)
        widths: list[float] = (metrics[::2] / self.font["head"].unitsPerEm).tolist()
        rest: int = self.font["maxp"].numGlyphs - count
        return widths + widths[-1:] * rest


@lru_cache(maxsize=16)
def open_face(key: str, path: Path) -> Face:
    """Return the face of `path`; each file is opened once a process."""
    return Face(key, path)


@dataclass(frozen=True)
class Fonts:
    """
    The faces of a booklet, each with the faces asked when it lacks a character.

    Attributes
    ----------
    body : Path or None
        An office's own font (a 仿宋, say) for body text instead of Noto Sans SC Regular.
    """

    body: Path | None = None

    @cached_property
    def _chains(self) -> dict[str, tuple[Face, ...]]:
        sans = open_face("sans", FOLDER / "NotoSansSC-Regular.ttf")
        bold = open_face("bold", FOLDER / "NotoSansSC-Bold.ttf")
        serif = open_face("serif", FOLDER / "NotoSerifSC-Bold.ttf")
        rare = open_face("rare", FOLDER / "NotoSansSC-Rare.ttf")
        own = (open_face("own", self.body),) if self.body else ()
        return {
            "sans": (*own, sans, rare),
            "bold": (bold, sans, rare),
            "serif": (serif, sans, rare),
        }

    @property
    def faces(self) -> dict[str, Face]:
        """Every face by its key."""
        return {face.key: face for chain in self._chains.values() for face in chain}

    def can_print(self, text: str) -> bool:
        """Return whether every character of `text` is in some face of the body text."""
        return not _lacking(self._chains["sans"], text)

    def lacking(self, text: str) -> list[str]:
        """Return the characters of `text` that no face of the body text has, sorted."""
        return _lacking(self._chains["sans"], text)

    def runs(self, text: str, face: str) -> list[tuple[Face, list[int]]]:
        """Split `text` into runs of one face each."""
        return _runs(self._chains[face], text)

    def width(self, text: str, face: str, size_pt: float) -> float:
        """Return the width [mm] of one line set in `face` at `size_pt` [pt]."""
        return _ems(self._chains[face], text) * size_pt * MM_PER_PT

    def wrap(self, text: str, face: str, size_pt: float, width_mm: float) -> list[str]:
        """Break `text` into lines no wider than `width_mm`, by the rules for Chinese line ends."""
        return list(_wrapped(self, text, face, size_pt, width_mm))

    def fit(self, text: str, face: str, size_pt: float, width_mm: float) -> str:
        """Return `text`, cut with "…" where it is wider than `width_mm`."""
        if self.width(text, face, size_pt) <= width_mm:
            return text
        low, high = 0, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            if self.width(text[:middle] + "…", face, size_pt) <= width_mm:
                low = middle
            else:
                high = middle - 1
        return text[:low] + "…"

    def widest_word(self, text: str, face: str, size_pt: float) -> float:
        """Return the width [mm] of the longest part of `text` that no line break may divide."""
        return _widest(self, text, face) * size_pt


def _runs(chain: tuple[Face, ...], text: str) -> list[tuple[Face, list[int]]]:
    """Split `text` among the faces of `chain`."""
    found: list[tuple[Face, list[int]]] = []
    for character in text:
        owner, glyph = _glyph(chain, ord(character))
        if not found or found[-1][0] is not owner:
            found.append((owner, []))
        found[-1][1].append(glyph)
    return found


@lru_cache(maxsize=65536)
def _ems(chain: tuple[Face, ...], text: str) -> float:
    """Return the width of `text` [em]."""
    placed = (_glyph(chain, ord(character)) for character in text)
    return sum(owner.advances[glyph] for owner, glyph in placed)


def _glyph(chain: tuple[Face, ...], code: int) -> tuple[Face, int]:
    for owner in chain:
        glyph = owner.glyphs.get(code)
        if glyph is not None:
            return owner, glyph
    return _glyph(chain, _LACKING)


@lru_cache(maxsize=65536)
def _lacking(chain: tuple[Face, ...], text: str) -> list[str]:
    return sorted({c for c in text if not any(ord(c) in face.glyphs for face in chain)})


@lru_cache(maxsize=65536)
def _wrapped(
    fonts: Fonts, text: str, face: str, size_pt: float, width_mm: float
) -> tuple[str, ...]:
    """Wrap, cached: tables measure each cell several times."""
    lines: list[str] = [""]
    used = 0.0
    for word in _words(text):
        if word == _NEWLINE:
            lines.append("")
            used = 0.0
            continue
        wide = fonts.width(word, face, size_pt)
        if lines[-1] and used + wide <= width_mm:
            lines[-1] += word
            used += wide
            continue
        if lines[-1]:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        lines[-1:] = _chopped(fonts, word.lstrip(), face, size_pt, width_mm)
        used = fonts.width(lines[-1], face, size_pt)
    return tuple(lines)


def _chopped(fonts: Fonts, word: str, face: str, size_pt: float, width_mm: float) -> list[str]:
    """Break a word longer than the line between any two characters."""
    if fonts.width(word, face, size_pt) <= width_mm:
        return [word]
    parts = [""]
    for character in word:
        if parts[-1] and fonts.width(parts[-1] + character, face, size_pt) > width_mm:
            parts.append("")
        parts[-1] += character
    return parts


@lru_cache(maxsize=65536)
def _widest(fonts: Fonts, text: str, face: str) -> float:
    """Return the width of the longest unbreakable part of `text` [mm per pt]."""
    words = (word for word in _words(text) if word != _NEWLINE)
    return max((fonts.width(word, face, 1.0) for word in words), default=0.0)


def clean(value: object) -> str:
    """
    Return `value` as one line of printable text, without control and format characters.

    Private and unassigned characters stay: a name is printed as it is, or refused by its row.
    """
    text = str(value)
    if text.isprintable() and "  " not in text:
        return text.strip()
    blank = ("" if unicodedata.category(c) in _DROPPED and not c.isspace() else c for c in text)
    return re.sub(r"\s+", " ", "".join(blank)).strip()


def _words(text: str) -> Iterator[str]:
    """Yield unbreakable pieces: Latin words, single characters, each with adjoining marks."""
    piece = ""
    for part in _PART.findall(text):
        clings = part[0] in _CLOSING or piece[-1:] in _OPENING
        if piece and (part == _NEWLINE or not clings):
            yield piece
            piece = ""
        if part == _NEWLINE:
            yield part
        else:
            piece += part
    if piece:
        yield piece


def joined(parts: Sequence[str], mark: str = " · ") -> str:
    """Join the parts that are not empty."""
    return mark.join(part for part in parts if part)
