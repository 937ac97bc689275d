"""
Stylesheets of workbooks that openpyxl gives up: number formats alone, as far as they can be told.

A colour or font that no program should have written is no reason to lose a workbook; what a cell
shows (35 % for 0.35) hangs on its number format only.
"""

import re
from collections.abc import Iterable

PART = "xl/styles.xml"
_FORMAT = re.compile(rb"<numFmt\b[^<>]*/?>")
_CELL_FORMATS = re.compile(rb"<cellXfs\b[^>]*>(.*?)</cellXfs>", re.DOTALL)
_CELL_FORMAT = re.compile(rb"<xf\b([^<>]*)>")
_NUMBER = re.compile(rb'\bnumFmtId="(\d{1,4})"')
_USED = re.compile(rb'\s(?:s|style)="(\d{1,5})"')
_MOST = 65_000  # formats of cells that a workbook may have
_HEAD = b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
_REST = (
    b'<fonts count="1"><font/></fonts><fills count="1"><fill><patternFill/></fill></fills>'
    b'<borders count="1"><border/></borders>'
    b'<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
)


def number_formats(styles: bytes) -> bytes | None:
    """Return a stylesheet with the number formats of a damaged one, None if they are damaged."""
    found = _CELL_FORMATS.search(styles)
    numbers = [
        _NUMBER.search(one) for one in _CELL_FORMAT.findall(found.group(1) if found else b"")
    ]
    if not numbers or len(numbers) > _MOST:
        return None
    return _stylesheet(_FORMAT.findall(styles), [one.group(1) if one else b"0" for one in numbers])


def are_named(sheet: bytes) -> bool:
    """Return whether a cell of a sheet names its format."""
    return _USED.search(sheet) is not None


def without_formats(sheets: Iterable[bytes]) -> bytes:
    """Return a stylesheet in which every format that the sheets name shows numbers as stored."""
    most = max((int(used) for sheet in sheets for used in _USED.findall(sheet)), default=0)
    return _stylesheet([], [b"0"] * (min(most, _MOST) + 1))


def _stylesheet(formats: list[bytes], numbers: list[bytes]) -> bytes:
    own = b"<numFmts>%s</numFmts>" % b"".join(map(_closed, formats)) if formats else b""
    cells = b"".join(b'<xf numFmtId="%s"/>' % number for number in numbers)
    return b"%s%s%s<cellXfs>%s</cellXfs></styleSheet>" % (_HEAD, own, _REST, cells)


def _closed(tag: bytes) -> bytes:
    return tag if tag.endswith(b"/>") else tag[:-1] + b"/>"
