"""
Workbooks that openpyxl gives up: mended sign by sign, restyled, then read row by row.

Of a stylesheet that cannot be read the number formats are taken alone; where these are lost too,
the sheets say so. A sign that XML does not allow becomes a replacement sign, which costs the row
that has it. Of a sheet that still cannot be read the rows at fault are found by halving, and lost
with their text.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from intake.child import styles, xml_text
from intake.child.refused import Refused
from intake.child.sheet import Sheet
from intake.reading import RowFlaw

_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_ROW = re.compile(rb"<row\b[^>]*?/>|<row\b.*?</row>", re.DOTALL)
_NUMBER = re.compile(rb'^<row\b[^>]*?\br="(\d{1,7})"')
_DATA, _END = b"<sheetData", b"</sheetData>"
_EMPTY = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b"<sheetData/></worksheet>"
)
_MOST_BAD = 50  # rows of a sheet at fault beyond which the sheet is given up
_MOST_SHEETS = 50

Load = Callable[[bytes], list[Sheet]]


def read_part(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """
    Return a part of a workbook; of a damaged stylesheet nothing, which costs formats and no sheet.

    Raises
    ------
    zipfile.BadZipFile, zlib.error
        If another part is damaged.
    """
    try:
        return archive.read(info)
    except (zipfile.BadZipFile, zlib.error):
        if info.filename != styles.PART:
            raise
        return b""


def salvage(data: bytes, load: Load, failure: Refused) -> list[Sheet]:
    """
    Return the sheets of a workbook as far as they can be read.

    Parameters
    ----------
    data : bytes
        The .xlsx.
    load : callable
        Reads a sound workbook; raises `Refused` for another.
    failure : Refused
        What it said of this one.

    Raises
    ------
    Refused
        `failure`, if the workbook cannot be read even without its sheets.
    """
    mended = dict(_mended(data))
    names = [name for name in mended if _SHEET.fullmatch(name)][:_MOST_SHEETS]
    if any(styles.are_named(mended[name]) for name in names):
        mended.setdefault(styles.PART, b"")  # where it is missing, the formats are lost
    for styled in (dict, _restyled, _unstyled):
        parts = styled(mended)
        bare = {**parts, **dict.fromkeys(names, _EMPTY)}
        try:
            load(_packed(bare))
        except Refused:
            continue
        sheets = _sheets(parts, names, bare, load)
        return [replace(one, has_formats=styled is not _unstyled) for one in sheets]
    raise failure


def _sheets(
    parts: Mapping[str, bytes], names: Sequence[str], bare: Mapping[str, bytes], load: Load
) -> list[Sheet]:
    """Return the sheets of a workbook that can be read without them."""
    try:
        return load(_packed(parts))
    except Refused:
        return [_sheet(name, parts[name], bare, load) for name in names]


def _restyled(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return a workbook with the number formats of its stylesheet alone."""
    plain = styles.number_formats(parts.get(styles.PART, b""))
    return {**parts, styles.PART: plain} if plain else dict(parts)


def _unstyled(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return a workbook whose numbers are shown as they are stored."""
    sheets = (part for name, part in parts.items() if _SHEET.fullmatch(name))
    return {**parts, styles.PART: styles.without_formats(sheets)}


def _mended(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the parts of a workbook, those in XML without signs that XML does not allow."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            part = read_part(archive, info)
            if info.filename.lower().endswith((".xml", ".rels", ".vml")):
                text = part.decode("utf-8", "replace")
                part = xml_text.allowed(text).encode() if "\x00" not in text else part
            yield info.filename, part


def _packed(parts: Mapping[str, bytes]) -> bytes:
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as out:
        for name, content in parts.items():
            out.writestr(name, content)
    return copy.getvalue()


def _sheet(name: str, xml: bytes, bare: Mapping[str, bytes], load: Load) -> Sheet:
    """Return one sheet, without the rows at fault if need be."""
    start = xml.find(b">", xml.find(_DATA)) + 1
    rows = _ROW.findall(xml, start)
    head, tail = xml[:start], xml[xml.find(_END) :] if _END in xml else b""

    def loaded(some: Sequence[bytes], end: bytes) -> Sheet:
        found = load(_packed({**bare, name: head + b"".join(some) + end}))
        return next((one for one in found if one.grid != [[None]]), found[0])

    for end in filter(None, (tail, _END + b"</worksheet>")):
        try:
            loaded([], end)
            bad = list(_bad(rows, partial(_works, loaded, end)))
            sheet = loaded([row for row in rows if row not in bad], end)
        except Refused:
            continue
        else:
            return replace(sheet, lost=tuple(_lost(rows, bad, is_cut=not tail)))
    return Sheet(name.rpartition("/")[2], [], is_broken=True)


def _works(
    loaded: Callable[[Sequence[bytes], bytes], Sheet], end: bytes, rows: Sequence[bytes]
) -> bool:
    try:
        loaded(rows, end)
    except Refused:
        return False
    return True


def _bad(rows: Sequence[bytes], works: Callable[[Sequence[bytes]], bool]) -> Iterator[bytes]:
    """Yield the rows at fault, found by halving."""
    left = [list(rows)]
    found = 0
    while left:
        some = left.pop()
        if works(some):
            continue
        if len(some) == 1:
            found += 1
            if found > _MOST_BAD:
                raise Refused("workbook.broken", f"> {_MOST_BAD}")
            yield some[0]
        else:
            left += [some[: len(some) // 2], some[len(some) // 2 :]]


def _lost(rows: Sequence[bytes], bad: Sequence[bytes], *, is_cut: bool) -> Iterator[RowFlaw]:
    """Yield a flaw for each row at fault, and one for what a cut sheet ends with."""
    last = 0
    for row in rows:
        number = _NUMBER.match(row)
        last = int(number.group(1)) if number else last + 1
        if row in bad:
            yield RowFlaw(last, "workbook.row", "", row[:10_000])
    if is_cut:
        yield RowFlaw(last + 1, "layer.cut")
