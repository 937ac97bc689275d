"""
Make the fonts of this folder from the published Noto packages: maintainers only, never at run time.

Unpack the npm packages ``@expo-google-fonts/noto-sans-sc`` and ``@expo-google-fonts/noto-serif-sc``
(``npm pack``, then ``tar xzf``) and run ``python -m atlas.fonts.vendor SANS_FOLDER SERIF_FOLDER``.

The weights the sheets use are cut down to GB 2312 with the symbols of a plan; one further file
keeps every other Chinese character of the family, opened only when a name needs it.
"""

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
WEIGHTS = {
    "NotoSansSC-Regular.ttf": (0, "400Regular/NotoSansSC_400Regular.ttf"),
    "NotoSansSC-Bold.ttf": (0, "700Bold/NotoSansSC_700Bold.ttf"),
    "NotoSerifSC-Bold.ttf": (1, "700Bold/NotoSerifSC_700Bold.ttf"),
}
RARE = "NotoSansSC-Rare.ttf"
_LATIN = range(0x20, 0x250)
_GREEK = range(0x370, 0x400)
_PUNCTUATION = (*range(0x2010, 0x2028), *range(0x2030, 0x2060))
_SYMBOLS = (
    *range(0x2070, 0x20A0),  # superscripts
    *range(0x20A0, 0x20C0),  # currency
    *range(0x2100, 0x2400),  # letterlike, numerals, arrows, operators
    *range(0x2460, 0x2500),  # numbers in circles
    *range(0x2500, 0x2800),  # boxes, shapes, dingbats
    *range(0x3000, 0x3100),
    *range(0x3200, 0x3400),  # brackets, square units
    *range(0xFF00, 0xFFF0),
)


def gb2312() -> Iterator[int]:
    """Yield the code points of GB 2312."""
    for lead in range(0xA1, 0xF8):
        for trail in range(0xA1, 0xFF):
            try:
                yield ord(bytes((lead, trail)).decode("gb2312"))
            except UnicodeDecodeError:
                continue


def cut(source: Path, target: Path, wanted: set[int]) -> None:
    """Write `target`: the glyphs of `wanted` in `source`, unshaped, without layout tables."""
    options = Options()
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "STAT", "vhea", "vmtx", "GlyphOrder"]
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.layout_features = []
    options.recalc_timestamp = False
    font = TTFont(source, recalcTimestamp=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)
    font.save(target)


def main(folders: list[Path]) -> None:
    """Write the fonts, their licence and the manifest beside this file."""
    common = {*_LATIN, *_GREEK, *_PUNCTUATION, *_SYMBOLS, *gb2312()}
    for name, (family, path) in WEIGHTS.items():
        cut(folders[family] / path, HERE / name, common)
    regular = folders[0] / WEIGHTS["NotoSansSC-Regular.ttf"][1]
    han = {c for c in TTFont(regular).getBestCmap() if 0x3400 <= c <= 0xFAFF or c >= 0x20000}  # noqa: PLR2004
    cut(regular, HERE / RARE, han - common)
    for family, name in ((0, "OFL-NotoSansSC.txt"), (1, "OFL-NotoSerifSC.txt")):
        (HERE / name).write_bytes((folders[family] / "LICENSE_FONT").read_bytes())
    _write_manifest()


def _write_manifest() -> None:
    lines = ["# Made by vendor.py; checked by tests/unit/atlas/test_fonts.py", ""]
    for path in sorted(HERE.glob("*.ttf")):
        family = "noto-serif-sc" if "Serif" in path.name else "noto-sans-sc"
        lines += [
            f'["{path.name}"]',
            f'package = "@expo-google-fonts/{family}"',
            'version = "0.4.3"',
            'licence = "OFL-1.1"',
            f'sha256 = "{hashlib.sha256(path.read_bytes()).hexdigest()}"',
            f"bytes = {path.stat().st_size}",
            "",
        ]
    (HERE / "manifest.toml").write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:3]])
