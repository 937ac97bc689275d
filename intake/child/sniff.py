"""
Sniff: what a file is by its content, and whether its name says the same.

Only a file whose content is recognised *and* whose extension agrees reaches a reader: a VRT called
``estates.geojson`` is named for what it is and refused.
"""

import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

from intake.child.delimited import is_wide
from intake.child.member import Member
from intake.child.refused import Refused

SEQUENCES = (".geojsonl", ".geojsons", ".geojsonseq", ".ndjson", ".jsonl")
"""Extensions of GeoJSON under which every line, or every record, is a feature of its own."""

FORMATS: dict[str, tuple[str, ...]] = {
    "shapefile": (".shp",),
    "dbf": (".dbf",),
    "geopackage": (".gpkg",),
    "geojson": (".geojson", ".json", *SEQUENCES),
    "flatgeobuf": (".fgb",),
    "kml": (".kml", ".ovkml"),
    "kmz": (".kmz", ".ovkmz"),
    "dxf": (".dxf",),
    "dgn": (".dgn",),
    "gml": (".gml",),
    "gpx": (".gpx",),
    "mapinfo": (".tab", ".mif"),
    "esrijson": (".json",),
    "topojson": (".topojson", ".json"),
    "parquet": (".parquet", ".geoparquet", ".pq"),
    "workbook": (".xlsx", ".xlsm", ".et"),
    "xls": (".xls", ".et"),
    "ods": (".ods",),
    "delimited": (".csv", ".txt", ".tsv"),
    "cass": (".dat",),
    "zip": (".zip", ".gdb.zip"),
}
"""What is read, and the extensions under which it may come."""

_BY_NAME = {
    ".dwg": "dwg", ".dwt": "dwg", ".ovobj": "ovobj", ".ovjsn": "ovobj", ".xls": "ole",
    ".et": "ole", ".wps": "document", ".mdb": "mdb", ".accdb": "mdb", ".rar": "archive",
    ".7z": "archive", ".gz": "archive", ".tgz": "archive", ".tab": "+mapinfo",
    ".mif": "+mapinfo", ".dat": "+cass", ".vrt": "vrt", ".gml": "gml", ".gpx": "gpx",
    ".pdf": "picture", ".png": "picture", ".jpg": "picture", ".jpeg": "picture",
    ".tif": "picture", ".tiff": "picture", ".docx": "document", ".doc": "document",
    ".pptx": "document", ".wl": "mapgis", ".wt": "mapgis", ".wp": "mapgis",
    ".dgn": "dgn", ".skp": "picture",
}  # fmt: skip
_MAGIC = (
    (b"AC10", "dwg"), (b"AC1.", "dwg"), (b"AC2.", "dwg"), (b"\xd0\xcf\x11\xe0", "+ole"),
    (b"Rar!", "archive"), (b"7z\xbc\xaf", "archive"), (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"), (b"\xfd7zXZ", "archive"), (b"%PDF", "picture"), (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"), (b"II*\x00", "picture"), (b"MM\x00*", "picture"),
    (b"\x89HDF", "picture"), (b"GIF8", "picture"), (b"\x7fELF", "program"), (b"MZ", "program"),
    (b"\x00\x01\x00\x00Stan", "mdb"), (b"PMTiles", "tiles"), (b"PAR1", "+parquet"),
    (b"ARROW1", "columnar"), (b"fgb\x03", "+flatgeobuf"), (b"\x00\x00\x27\x0a", "+shapefile"),
    (b"AutoCAD Binary DXF", "+dxf"), (b"SQLite format 3\x00", "+sqlite"),
    (b"\x08\x09\xfe\x02", "+dgn"), (b"\xc8\x09\xfe\x02", "+dgn"),
    (b"PK\x03\x04", "+zip"), (b"PK\x05\x06", "+zip"),
)  # fmt: skip
_ROOTS = {
    "kml": "+kml", "ogrvrtdatasource": "vrt", "vrtdataset": "vrt", "ogrwfsdatasource": "pointer",
    "gpx": "+gpx", "wfs_capabilities": "pointer", "featurecollection": "+gml", "html": "html",
    "svg": "picture", "osm": "osm", "gdal_wms": "pointer", "gdal_wcs": "pointer",
    "wms_capabilities": "pointer", "networklink": "pointer", "workbook": "xml_table",
}  # fmt: skip
_POINTER = re.compile(
    rb"(?i)(https?|ftp|file|wfs3?|oapif|ogcapi|pg|postgresql|mysql|mssql|oci|odbc|gltp|elastic|es|carto|plscenes"
    rb"|csw|ngw|amigocloud|eeda|sqlite|geojson|virtualogr|/vsi[a-z0-9_]+/?)\s*[:/]"
)
_STREAMS = (
    ("EncryptedPackage", "password"), ("WordDocument", "document"),
    ("PowerPoint Document", "document"), ("Workbook\x00", "+xls"), ("Book\x00", "+xls"),
)  # fmt: skip
"""Names in the folder of an old Office file, and what they say it is."""
_HEAD = 4096
_BLANKS = b" \t\r\n\x0b\x0c\x1e"  # the last precedes each record of a GeoJSON sequence
_SQLITE_IDS = (b"GPKG", b"GP10", b"GP11")


def sniff(member: Member) -> str:
    """
    Return the key of `FORMATS` for this file.

    Raises
    ------
    Refused
        If the content is not a format that is read, or is not what the extension says.
    """
    with member.path.open("rb") as stream:
        head = stream.read(_HEAD)
    found = _by_content(head, member)
    if found in ("html", "xml_table") and member.suffix in FORMATS["xls"]:
        found = "saved_as_web"
    if not found.startswith("+"):
        raise Refused(f"refused.{found}", member.suffix)
    found = found[1:]
    if member.suffix not in FORMATS[found]:
        raise Refused("refused.mislabelled", f"{found} ≠ {member.suffix or '—'}")
    return found


def _by_content(head: bytes, member: Member) -> str:
    """Return the kind of content; a plus sign precedes a kind that can be read."""
    if not head:
        return "empty"
    found = next((kind for magic, kind in _MAGIC if head.startswith(magic)), "")
    if found == "+zip":
        return _zip_kind(member.path)
    if found == "+sqlite":
        return "+geopackage" if _is_geopackage(head, member) else "sqlite"
    if found == "+ole":
        is_drawing = member.suffix == ".dgn"  # of version 8
        return "dgn" if is_drawing else _ole_kind(member.path.read_bytes())
    return found or _by_text(_start_of_text(head), member)


def _by_text(text: bytes, member: Member) -> str:
    """Return what a file without a signature is: by its first words, then by its name."""
    said = _xml_kind(text) or _json_kind(text, member) or _dxf_kind(text)
    if said or _POINTER.match(text):
        return said or "pointer"
    if member.suffix == ".dbf":
        return "+dbf"
    is_table = member.suffix in FORMATS["delimited"] and b"\x00" not in text
    return _BY_NAME.get(member.suffix, "+delimited" if is_table else "unknown")


def _start_of_text(head: bytes) -> bytes:
    """Return the head as single bytes, without UTF-16, byte order mark and blanks."""
    if codec := is_wide(head):
        head = head[: len(head) // 2 * 2].decode(codec, "replace").encode("utf-8")
    return head.removeprefix(b"\xef\xbb\xbf").lstrip(_BLANKS)


def _is_geopackage(head: bytes, member: Member) -> bool:
    return head[68:72] in _SQLITE_IDS or member.suffix == ".gpkg"


def _xml_kind(text: bytes) -> str:
    if not text.startswith(b"<"):
        return ""
    root = re.search(rb"<\s*(?:[\w.-]+:)?([A-Za-z_][\w.-]*)", re.sub(rb"<[?!][^>]*>", b"", text))
    name = root.group(1).decode("ascii").lower() if root else ""
    if not name and b"<!DOCTYPE" in text.upper():
        return "dtd"
    return _ROOTS.get(name, "xml")


def _json_kind(text: bytes, member: Member) -> str:
    if not text.startswith((b"{", b"[")):
        return ""
    if re.search(rb'"type"\s*:\s*"gdal_streamed_alg"|"gdal_command_line"|"command_line"', text):
        return "gdalg"
    if re.search(rb'"type"\s*:\s*"Topology"', text):
        return "+topojson"
    if b"esriGeometry" in text:
        return "+esrijson"
    if member.suffix in FORMATS["geojson"] or re.search(rb'"type"\s*:\s*"Feature', text):
        return "+geojson"
    return "json"


def _dxf_kind(text: bytes) -> str:
    return "+dxf" if re.match(rb"(999\r?\n[^\n]*\n\s*)*0\s*\r?\n\s*SECTION\b", text) else ""


def _ole_kind(data: bytes) -> str:
    """Tell an old workbook from other documents of Office by the names of its streams."""
    for stream, kind in _STREAMS:
        if stream.encode("utf-16-le") in data:
            return kind
    return "ole"


def _office_kind(names: Sequence[str], mime: bytes) -> str:
    """Tell a workbook from other documents of Office by the names inside, "" if it is none."""
    if "xl/workbook.bin" in names:
        return "ole"
    if any(name.startswith(("xl/workbook.xml", "xl/worksheets/")) for name in names):
        return "+workbook"
    if "content.xml" in names and b"opendocument.spreadsheet" in mime:
        return "+ods"
    is_document = {"word/document.xml", "ppt/presentation.xml", "content.xml"} & set(names)
    return "document" if is_document else ""


def _mime(archive: zipfile.ZipFile) -> bytes:
    """Return what an OpenDocument archive says it is, nothing if it is none or that is damaged."""
    try:
        with archive.open("mimetype") as stream:
            return stream.read(_HEAD)
    except Exception:  # noqa: BLE001 - KeyError, zlib.error, lzma.LZMAError: whatever a codec raises
        return b""


def _zip_kind(path: Path) -> str:
    """Tell a workbook and a KMZ from a plain archive by the names inside."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [info.filename.lower() for info in archive.infolist()]
            mime = _mime(archive)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return "zip_broken"
    if office := _office_kind(names, mime):
        return office
    drawings = [name for name in names if name.endswith(".kml")]
    if drawings and ("doc.kml" in drawings or len(names) == 1):
        return "+kmz"
    return "+zip"
