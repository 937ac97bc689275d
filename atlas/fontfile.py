"""Embed a face in a PDF: only the glyphs printed, each mapped back to its character."""

import hashlib
import io
from collections.abc import Mapping

import pikepdf
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, String

from atlas.text import Face

_UNUSED = ["cmap", "OS/2", "name", "post", "gasp", "prep", "fpgm", "cvt ", "GSUB", "GPOS", "GDEF"]
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
        Glyph index in the font file, and the character it stands for.

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
    """Return a TrueType file with the same glyph numbers and only these outlines."""
    options = Options()
    options.retain_gids = True
    options.notdef_outline = True
    options.hinting = False
    options.glyph_names = False
    options.recalc_timestamp = False
    options.drop_tables += [*_UNUSED, "GlyphOrder"]
    font = TTFont(io.BytesIO(face.path.read_bytes()), lazy=True, recalcTimestamp=False)
    subsetter = Subsetter(options)
    subsetter.populate(gids=[0, *glyphs])
    subsetter.subset(font)
    buffer = io.BytesIO()
    font.save(buffer)
    return buffer.getvalue()


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
