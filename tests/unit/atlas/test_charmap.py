"""Character maps beside fontTools, which reads them by another way."""

import struct

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph

from atlas.charmap import read_charmap
from atlas.text import FOLDER, Face
from geo.errors import DataError


def by_fonttools(font):
    glyphs = font.getReverseGlyphMap()
    return {code: glyphs[name] for code, name in font.getBestCmap().items()}


@pytest.fixture
def made(tmp_path):
    """Build a small font whose glyphs stand in another order than its characters."""

    def build(codes):
        names = [".notdef", *(f"g{code:X}" for code in sorted(codes, key=lambda c: c % 7))]
        builder = FontBuilder(1000, isTTF=True)
        builder.setupGlyphOrder(names)
        builder.setupCharacterMap({code: f"g{code:X}" for code in codes})
        builder.setupGlyf({name: Glyph() for name in names})
        builder.setupHorizontalMetrics(
            dict.fromkeys(names[:3], (500, 0)) | dict.fromkeys(names[3:], (900, 0))
        )
        builder.setupHorizontalHeader(ascent=800, descent=-200)
        builder.setupPost()
        path = tmp_path / "made.ttf"
        builder.save(path)
        return path

    return build


@pytest.mark.parametrize("name", ["NotoSansSC-Regular.ttf", "NotoSansSC-Rare.ttf"])
def test_the_vendored_fonts_are_read_as_fonttools_reads_them(name):
    font = TTFont(FOLDER / name)
    face = Face("x", FOLDER / name)
    assert face.glyphs == by_fonttools(font)
    em, metrics = font["head"].unitsPerEm, font["hmtx"].metrics
    assert face.advances == [metrics[glyph][0] / em for glyph in font.getGlyphOrder()]


@pytest.mark.parametrize(
    "codes",
    [
        range(0x41, 0x5B),  # one run: differences
        [0x41, 0x43, 0x44, 0x5229, 0x901A, 0x533A],  # scattered: lists of glyphs
        [0x41, 0x5229, 0x2000B, 0x2A6D6],  # beyond the basic plane: groups
    ],
)
def test_a_font_of_any_form_is_read_as_fonttools_reads_it(made, codes):
    path = made(list(codes))
    font = TTFont(path)
    assert read_charmap(font.reader["cmap"]) == by_fonttools(font)
    assert set(read_charmap(font.reader["cmap"])) == set(codes)


def test_a_font_without_unicode_is_refused():
    # version 0, one subtable: Macintosh Roman, format 4, 12 bytes on
    table = struct.pack(">HH HHL H", 0, 1, 1, 0, 12, 4)
    with pytest.raises(DataError, match="no Unicode"):
        read_charmap(table)
