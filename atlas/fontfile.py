"""Embed a face in a PDF: only the glyphs printed, each mapped back to its character."""

import hashlib
import io
import struct
from collections.abc import Iterator, Mapping

import numpy as np
import pikepdf
from fontTools.ttLib.sfnt import SFNTWriter
from numpy.typing import NDArray
from pikepdf import Array, Dictionary, Name, String

from atlas.text import Face

_GLYPH_HEADER = 10  # bytes: number of contours and bounds
_NEGATIVE = 0x80  # first byte of a negative number of contours: a composite
_WORDS, _SCALE, _MORE, _XY_SCALE, _MATRIX = 0x0001, 0x0008, 0x0020, 0x0040, 0x0080
_CMAP = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
{blocks}endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


def embed(pdf: pikepdf.Pdf, face: Face, glyphs: Mapping[int, str]) -> pikepdf.Object:
    """
    Add `face` to `pdf` with the glyphs printed.

    Parameters
    ----------
    pdf : pikepdf.Pdf
        Where to.
    face : Face
        The font.
    glyphs : mapping of int to str
        Glyph index in the font file to the character it shows.

    Returns
    -------
    pikepdf.Object
        A composite font whose codes are the glyph indices of the vendored file.
    """
    data = _subset(face, sorted(glyphs))
    tag = "".join(chr(65 + byte % 26) for byte in hashlib.sha256(data).digest()[:6])
    name = Name(f"/{tag}+{face.path.stem}")
    descendant = pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=name,
            CIDSystemInfo=Dictionary(
                Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0
            ),
            FontDescriptor=pdf.make_indirect(_descriptor(pdf, face, name, data)),
            DW=1000,
            W=_widths(face, sorted(glyphs)),
            CIDToGIDMap=Name.Identity,
        )
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=name,
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([descendant]),
            ToUnicode=pdf.make_stream(_to_unicode(glyphs)),
        )
    )


def _subset(face: Face, glyphs: list[int]) -> bytes:
    """
    Return a TrueType file with the same glyph numbers and only these outlines.

    Outlines are copied unchanged: fontTools would compile eight thousand glyphs to keep two
    hundred, and takes as long for it as twenty sheets take to draw.
    """
    reader = face.font.reader
    long_offsets = face.font["head"].indexToLocFormat == 1
    loca = np.frombuffer(reader["loca"], dtype=">u4" if long_offsets else ">u2").astype(np.int64)
    loca = loca if long_offsets else loca * 2
    glyf = reader["glyf"]
    wanted = _with_components({0, *glyphs}, glyf, loca)
    outlines = {g: _padded(glyf[loca[g] : loca[g + 1]]) for g in sorted(wanted)}
    sizes = np.zeros(len(loca), dtype=np.int64)
    sizes[1:][list(outlines)] = [len(outline) for outline in outlines.values()]
    head = bytearray(reader["head"])
    head[50:52] = b"\x00\x01"  # long offsets
    tables = {
        "head": bytes(head),
        "loca": np.cumsum(sizes).astype(">u4").tobytes(),
        "glyf": b"".join(outlines.values()),
        "hmtx": _metrics_of(face, sorted(outlines)),
    } | {tag: reader[tag] for tag in ("hhea", "maxp")}
    buffer = io.BytesIO()
    writer = SFNTWriter(buffer, len(tables))
    for tag in sorted(tables):
        writer[tag] = tables[tag]
    writer.close()
    return buffer.getvalue()


def _metrics_of(face: Face, glyphs: list[int]) -> bytes:
    """Return the table of widths, blank for glyphs that are not printed."""
    data: bytes = face.font.reader["hmtx"]
    full = 4 * face.font["hhea"].numberOfHMetrics
    metrics = np.frombuffer(data[:full], dtype=">u4")
    kept = np.zeros_like(metrics)
    inside = [glyph for glyph in glyphs if glyph < len(metrics)]
    kept[inside] = metrics[inside]
    return kept.tobytes() + bytes(data[full:])


def _with_components(glyphs: set[int], glyf: bytes, loca: NDArray[np.int64]) -> set[int]:
    """Add the glyphs that composite glyphs are made of."""
    found, waiting = set(glyphs), sorted(glyphs)
    while waiting:
        glyph = waiting.pop()
        for part in _components(glyf[loca[glyph] : loca[glyph + 1]]):
            if part not in found:
                found.add(part)
                waiting.append(part)
    return found


def _components(outline: bytes) -> Iterator[int]:
    """Yield the parts of a composite glyph, none of a simple one (OpenType, glyf table)."""
    if len(outline) < _GLYPH_HEADER or outline[0] < _NEGATIVE:
        return
    place, flags = _GLYPH_HEADER, _MORE
    while flags & _MORE:
        flags, part = struct.unpack(">HH", outline[place : place + 4])
        yield part
        words = 4 if flags & _WORDS else 2
        scale = 2 if flags & _SCALE else 4 if flags & _XY_SCALE else 8 if flags & _MATRIX else 0
        place += 4 + words + scale


def _padded(outline: bytes) -> bytes:
    return outline + b"\0" * (-len(outline) % 4)


def _descriptor(pdf: pikepdf.Pdf, face: Face, name: Name, data: bytes) -> Dictionary:
    head, hhea = face.font["head"], face.font["hhea"]
    per_mille = 1000 / head.unitsPerEm
    corners = (head.xMin, head.yMin, head.xMax, head.yMax)
    return Dictionary(
        Type=Name.FontDescriptor,
        FontName=name,
        Flags=4,
        FontBBox=Array([round(corner * per_mille) for corner in corners]),
        ItalicAngle=0,
        Ascent=round(hhea.ascent * per_mille),
        Descent=round(hhea.descent * per_mille),
        CapHeight=733,
        StemV=80,
        FontFile2=pdf.make_stream(data, Length1=len(data)),
    )


def _widths(face: Face, glyphs: list[int]) -> Array:
    """Return the widths that differ from a full square [1/1000 em]."""
    widths: list[object] = []
    for glyph in glyphs:
        width = round(face.advances[glyph] * 1000)
        if width != 1000:  # noqa: PLR2004
            widths += [glyph, Array([width])]
    return Array(widths)


def _to_unicode(glyphs: Mapping[int, str]) -> bytes:
    pairs = [
        f"<{g:04X}> <{c.encode('utf-16-be').hex().upper()}>\n" for g, c in sorted(glyphs.items())
    ]
    blocks = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]
    body = "".join(f"{len(b)} beginbfchar\n{''.join(b)}endbfchar\n" for b in blocks)
    return _CMAP.format(blocks=body).encode("ascii")
