"""Strict Open XML: the same workbook under the names of ISO 29500, put under the usual ones."""

import io
import zipfile

_NAMES = (
    (
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
    (
        b"http://purl.oclc.org/ooxml/drawingml/",
        b"http://schemas.openxmlformats.org/drawingml/2006/",
    ),
)
_STRICT = _NAMES[0][0]
_MAIN = "xl/workbook.xml"


def as_usual(stream: io.BufferedIOBase) -> io.BufferedIOBase:
    """Return a workbook as it is, or a copy in memory under the usual names if it is strict."""
    with zipfile.ZipFile(stream) as archive:
        if _MAIN not in archive.namelist() or _STRICT not in archive.read(_MAIN):
            stream.seek(0)
            return stream
        copy = io.BytesIO()
        with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as out:
            for info in archive.infolist():
                data = archive.read(info)
                if info.filename.endswith((".xml", ".rels")):
                    for strict, usual in _NAMES:
                        data = data.replace(strict, usual)
                out.writestr(info.filename, data)
    copy.seek(0)
    return copy
