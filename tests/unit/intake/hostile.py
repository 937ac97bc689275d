# ruff: noqa: E501, S608 - files are written out as they arrive
"""
Hostile files: each builder writes one into a folder and says what intake must answer.

`SECRET` stands in a file outside, `PORT` is a listening socket: no byte of the one may come back, no
connection may reach the other.
"""

import io
import json
import sqlite3
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import ezdxf
import shapely

from tests.unit.intake import delivery
from tests.unit.intake.delivery import estates, geopackage, shapefile, written, zipped

DATA = "data"
"""The file is read; what it holds stays data."""


@dataclass(frozen=True)
class Lure:
    """What a hostile file would reach for: a secret file, a local server."""

    secret: Path
    port: int

    @property
    def url(self) -> str:
        """Where the local server listens."""
        return f"http://127.0.0.1:{self.port}/x"


Builder = Callable[[Path, Lure], Path]
FILES: dict[str, tuple[Builder, str]] = {}


def hostile(name: str, rule: str) -> Callable[[Builder], Builder]:
    """Register a builder under a name with the rule expected, or DATA."""

    def keep(builder: Builder) -> Builder:
        assert name not in FILES
        FILES[name] = (builder, rule)
        return builder

    return keep


def text(name: str, rule: str, suffix: str, write: Callable[[Lure], str | bytes]) -> None:
    """Register a file whose content is one text."""

    def build(folder: Path, lure: Lure) -> Path:
        content = write(lure)
        path = folder / f"a{suffix}"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    hostile(name, rule)(build)


def vrt(lure: Lure) -> str:
    return f"<OGRVRTDataSource><OGRVRTLayer name='a'><SrcDataSource>CSV:{lure.secret}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"


def gdalg(lure: Lure) -> str:
    return json.dumps(
        {
            "type": "gdal_streamed_alg",
            "command_line": f"gdal vector pipeline ! read {lure.url} ! write /tmp/x",
        }
    )


for _suffix in (
    ".geojson",
    ".json",
    ".kml",
    ".ovkml",
    ".csv",
    ".shp",
    ".gpkg",
    ".dxf",
    ".fgb",
    ".xlsx",
    ".vrt",
    ".txt",
    ".dbf",
):
    text(f"vrt as {_suffix}", "refused.vrt", _suffix, vrt)
text(
    "vrt behind a comment", "refused.vrt", ".geojson", lambda lure: "<!-- GeoJSON -->\n" + vrt(lure)
)
text(
    "vrt behind a declaration",
    "refused.vrt",
    ".kml",
    lambda lure: "<?xml version='1.0'?>" + vrt(lure),
)
text(
    "vrt of a url",
    "refused.vrt",
    ".geojson",
    lambda lure: vrt(lure).replace("CSV:", f"/vsicurl/{lure.url}"),
)
for _suffix in (".geojson", ".json", ".gdalg.json"):
    text(f"gdalg as {_suffix}", "refused.gdalg", _suffix, gdalg)
for _kind, _start in (
    ("wfs", "WFS:"),
    ("oapif", "OAPIF:"),
    ("curl", "/vsicurl/"),
    ("url", ""),
    ("es", "ES:"),
):
    text(
        f"{_kind} pointer as .geojson",
        "refused.pointer",
        ".geojson",
        lambda lure, s=_start: s + lure.url,
    )
    text(f"{_kind} pointer as .csv", "refused.pointer", ".csv", lambda lure, s=_start: s + lure.url)
text(
    "postgres pointer",
    "refused.pointer",
    ".txt",
    lambda lure: f"PG:host=127.0.0.1 port={lure.port}",
)
text(
    "wfs document",
    "refused.pointer",
    ".kml",
    lambda lure: f"<OGRWFSDataSource><URL>{lure.url}</URL></OGRWFSDataSource>",
)
text(
    "wms document",
    "refused.pointer",
    ".geojson",
    lambda lure: f"<GDAL_WMS><Service><ServerUrl>{lure.url}</ServerUrl></Service></GDAL_WMS>",
)

KML = "<kml xmlns='http://www.opengis.net/kml/2.2'><Document><Placemark><name>{}</name><Point><coordinates>106.2,37.98</coordinates></Point></Placemark></Document></kml>"
text(
    "xxe file",
    "refused.dtd",
    ".kml",
    lambda lure: f"<!DOCTYPE kml [<!ENTITY x SYSTEM 'file://{lure.secret}'>]>" + KML.format("&x;"),
)
text(
    "xxe http",
    "refused.dtd",
    ".kml",
    lambda lure: f"<!DOCTYPE kml [<!ENTITY x SYSTEM '{lure.url}'>]>" + KML.format("&x;"),
)
text(
    "xxe parameter",
    "refused.dtd",
    ".kml",
    lambda lure: f"<!DOCTYPE kml [<!ENTITY % x SYSTEM '{lure.url}'> %x;]>" + KML.format("a"),
)
text(
    "xxe external dtd",
    "refused.dtd",
    ".kml",
    lambda lure: f"<!DOCTYPE kml SYSTEM '{lure.url}'>" + KML.format("a"),
)
text(
    "billion laughs",
    "refused.dtd",
    ".kml",
    lambda _: (
        "<!DOCTYPE kml [<!ENTITY a 'ha'>"
        + "".join(f"<!ENTITY {chr(98 + i)} '{('&' + chr(97 + i) + ';') * 10}'>" for i in range(9))
        + "]>"
        + KML.format("&j;")
    ),
)
text(
    "xxe in utf-16",
    "refused.dtd",
    ".kml",
    lambda lure: (
        f"<!DOCTYPE kml [<!ENTITY x SYSTEM 'file://{lure.secret}'>]>" + KML.format("&x;")
    ).encode("utf-16"),
)
text(
    "xinclude",
    DATA,
    ".kml",
    lambda lure: KML.format(
        f"<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='{lure.secret}' parse='text'/>"
    ),
)
text(
    "network link",
    DATA,
    ".kml",
    lambda lure: KML.format("a").replace(
        "</Document>", f"<NetworkLink><Link><href>{lure.url}</href></Link></NetworkLink></Document>"
    ),
)
text(
    "icon link",
    DATA,
    ".kml",
    lambda lure: KML.format("a").replace(
        "</Document>",
        f"<Style><IconStyle><Icon><href>{lure.url}</href></Icon></IconStyle></Style></Document>",
    ),
)
text(
    "kml folders too deep",
    "xml.deep",
    ".kml",
    lambda _: "<kml>" + "<Folder>" * 500 + "</Folder>" * 500 + "</kml>",
)
text("kml unclosed", "xml.broken", ".kml", lambda _: KML.format("a")[:-20])

POINT = '{"type":"Point","coordinates":[106.2,37.98]}'
text(
    "json too deep",
    "json.deep",
    ".geojson",
    lambda _: '{"type":"FeatureCollection","features":' + "[" * 200_000,
)
text(
    "geometry too deep",
    DATA,
    ".geojson",
    lambda _: (
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":'
        + "[" * 900
        + "]" * 900
        + "}}]}"
    ),
)
text(
    "json numbers",
    DATA,
    ".geojson",
    lambda _: (
        '{"type":"Feature","properties":{"a":1e999,"b":-Infinity,"c":NaN,"d":'
        + "9" * 400
        + '},"geometry":{"type":"Point","coordinates":[1e999,NaN]}}'
    ),
)
text(
    "json surrogate",
    DATA,
    ".geojson",
    lambda _: '{"type":"Feature","properties":{"name":"\\ud800"},"geometry":' + POINT + "}",
)
text(
    "json crs link",
    DATA,
    ".geojson",
    lambda lure: (
        '{"type":"FeatureCollection","crs":{"type":"link","properties":{"href":"'
        + lure.url
        + '"}},"features":[{"type":"Feature","properties":{},"geometry":'
        + POINT
        + "}]}"
    ),
)
text(
    "json crs proj",
    DATA,
    ".geojson",
    lambda lure: (
        '{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"+proj=longlat +nadgrids='
        + str(lure.secret)
        + '"}},"features":[{"type":"Feature","properties":{},"geometry":'
        + POINT
        + "}]}"
    ),
)
text(
    "json features not a list",
    "json.not_geojson",
    ".geojson",
    lambda _: '{"type":"FeatureCollection","features":{"length":1}}',
)
for _number, _words in enumerate(
    (
        "{{ cycler.__init__.__globals__.os.system('id') }}",
        "<img src=x onerror=alert(1)>",
        "'; DROP TABLE estates; --",
        "../../../../etc/passwd",
        "\u202egnp.exe",
        "=cmd|' /C calc'!A0",
        "${7*7}",
        "\x00\x07bell",
    )
):
    text(
        f"hostile name {_number}",
        DATA,
        ".geojson",
        lambda _, w=_words: json.dumps(
            {"type": "Feature", "properties": {w: w, "name": w}, "geometry": json.loads(POINT)}
        ),
    )
    text(
        f"hostile cell {_number}",
        DATA,
        ".csv",
        lambda _, w=_words: f'编号,名称,经度,纬度\n1,"{w}",106.2,37.98\n'.replace("\x00", ""),
    )
text("csv with zeros", "csv.binary", ".csv", lambda _: b"a,b" + b" " * 5000 + b"\n1,\x00\n")
text("csv of one endless cell", "csv.broken", ".csv", lambda _: 'a,b\n1,"' + "x" * 2_000_000)


def _members(folder: Path) -> dict[str, bytes]:
    path = shapefile(folder, estates(2))
    return {f"小区{e}": path.with_suffix(e).read_bytes() for e in (".shp", ".shx", ".dbf")}


for _number, _name in enumerate(
    (
        "../../x.geojson",
        "/etc/x.geojson",
        "..\\..\\x.geojson",
        "C:\\x.geojson",
        "a/../../x.geojson",
        "a\nb.geojson",
    )
):

    @hostile(f"zip climbs {_number}", "zip.climbs")
    def _climb(folder: Path, _: Lure, name: str = _name) -> Path:
        return zipped(folder / "a.zip", {name: b"{}", "ok.csv": "编号,名称\n1,甲\n".encode()})


@hostile("zip link", "zip.link")
def _link(folder: Path, lure: Lure) -> Path:
    info = zipfile.ZipInfo("a.geojson")
    info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        archive.writestr(info, str(lure.secret))
    return folder / "a.zip"


@hostile("zip device", "zip.link")
def _device(folder: Path, _: Lure) -> Path:
    info = zipfile.ZipInfo("a.geojson")
    info.create_system, info.external_attr = 3, (stat.S_IFCHR | 0o777) << 16
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        archive.writestr(info, "")
    return folder / "a.zip"


@hostile("zip bomb", "zip.bomb")
def _bomb(folder: Path, _: Lure) -> Path:
    return zipped(folder / "a.zip", {"a.geojson": b" " * 50_000_000})


@hostile("zip of zips", "zip.nested")
def _nested(folder: Path, _: Lure) -> Path:
    inner = zipped(folder / "b.zip", {"a.geojson": b"{}"}).read_bytes()
    return zipped(folder / "a.zip", {"inner.zip": inner})


@hostile("zip of too many", "zip.too_many")
def _many(folder: Path, _: Lure) -> Path:
    return zipped(folder / "a.zip", {f"{i}.txt": b"" for i in range(6000)})


@hostile("zip twice the same name", "zip.twice")
def _twice(folder: Path, _: Lure) -> Path:
    return zipped(folder / "a.zip", {"A.csv": "编号,名称\n1,甲\n".encode(), "a.csv": b"x"})


@hostile("zip overlapping", "zip.overlap")
def _overlap(folder: Path, _: Lure) -> Path:
    """Let every entry of the directory point at the same bytes."""
    path = zipped(folder / "a.zip", {f"{i}.csv": b"1,2\n" * 500 for i in range(20)})
    raw = bytearray(path.read_bytes())
    at = raw.find(b"PK\x01\x02")
    while at >= 0:
        struct.pack_into("<I", raw, at + 42, 0)
        at = raw.find(b"PK\x01\x02", at + 4)
    path.write_bytes(raw)
    return path


@hostile("zip whose size lies", "zip.member")
def _lying_size(folder: Path, _: Lure) -> Path:
    path = zipped(folder / "a.zip", {"a.csv": b"1,2\n" * 5000})
    raw = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", raw, raw.find(mark) + offset, 10)
    path.write_bytes(raw)
    return path


@hostile("zip encrypted", "zip.encrypted")
def _encrypted(folder: Path, _: Lure) -> Path:
    path = zipped(folder / "a.zip", {"a.csv": b"1,2\n"})
    raw = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.find(mark) + offset] |= 1
    path.write_bytes(raw)
    return path


@hostile("zip with Python modules", DATA)
def _modules(folder: Path, lure: Lure) -> Path:
    evil = f"open({str(lure.secret.parent / 'written')!r}, 'w').write('x')".encode()
    names = (
        "json.py",
        "shapely.py",
        "numpy/__init__.py",
        "sitecustomize.py",
        "intake/__init__.py",
        "pyogrio.py",
    )
    return zipped(folder / "a.zip", {**dict.fromkeys(names, evil), **_members(folder)})


@hostile("zip broken", "refused.zip_broken")
def _broken_zip(folder: Path, _: Lure) -> Path:
    path = zipped(folder / "a.zip", {"a.csv": b"1,2\n" * 5000})
    path.write_bytes(path.read_bytes()[:60])
    return path


@hostile("kmz with xxe", "refused.dtd")
def _kmz(folder: Path, lure: Lure) -> Path:
    evil = f"<!DOCTYPE kml [<!ENTITY x SYSTEM 'file://{lure.secret}'>]>" + KML.format("&x;")
    return zipped(folder / "a.kmz", {"doc.kml": evil.encode()})


def _package(folder: Path, *statements: str) -> Path:
    rows = estates(3)
    path = geopackage(folder / "a.gpkg", rows, written("EPSG:4490", rows))
    base = sqlite3.connect(path)
    for statement in statements:
        base.execute(statement)
    base.commit()
    base.close()
    return path


def _view(body: str) -> Builder:
    return lambda folder, lure: _package(
        folder,
        f"CREATE VIEW v AS {body.format(lure=lure)}",
        "INSERT INTO gpkg_contents VALUES ('v', 'features', 'v', 4490)",
    )


hostile("gpkg view", "gpkg.view")(_view("SELECT * FROM gpkg_contents"))
hostile("gpkg view load_extension", "gpkg.view")(
    _view("SELECT load_extension('{lure.secret}') AS a")
)
hostile("gpkg view readfile", "gpkg.view")(_view("SELECT readfile('{lure.secret}') AS a"))
hostile("gpkg view writefile", "gpkg.view")(_view("SELECT writefile('/tmp/x', 'a') AS a"))
hostile("gpkg view ogr_layer_Extent", "gpkg.view")(
    _view("SELECT ogr_datasource_load_layers('{lure.secret}') AS a")
)
hostile("gpkg view without end", "gpkg.view")(
    _view("WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c")
)


def _schema(name: str, sql: str) -> Builder:
    """Write a definition into the schema that sqlite itself would refuse to make."""

    def build(folder: Path, lure: Lure) -> Path:
        path = _package(
            folder, f"INSERT INTO gpkg_contents VALUES ('{name}', 'features', '{name}', 4490)"
        )
        base = sqlite3.connect(path)
        base.execute("PRAGMA writable_schema = ON")
        base.execute(
            "INSERT INTO sqlite_master VALUES ('table', ?, ?, 0, ?)",
            (name, name, sql.format(lure=lure)),
        )
        base.commit()
        base.close()
        return path

    return build


hostile("gpkg VirtualOGR", "gpkg.virtual")(
    _schema("o", "CREATE VIRTUAL TABLE o USING VirtualOGR('{lure.url}')")
)
hostile("gpkg VirtualShape", "gpkg.virtual")(
    _schema("s", "CREATE VIRTUAL TABLE s USING VirtualShape('{lure.secret}', 'UTF-8', 4326)")
)
hostile("gpkg virtual behind a comment", "gpkg.virtual")(
    _schema("c", "CREATE /* x( */ VIRTUAL TABLE c USING VirtualOGR('{lure.url}')")
)
hostile("gpkg trigger", DATA)(
    lambda folder, _: _package(
        folder, "CREATE TRIGGER t AFTER INSERT ON \"小区\" BEGIN SELECT load_extension('x'); END"
    )
)
hostile("gpkg generated column", DATA)(
    lambda folder, _: _package(
        folder,
        'ALTER TABLE "小区" ADD COLUMN g GENERATED ALWAYS AS (hex(zeroblob(900000000))) VIRTUAL',
    )
)
hostile("gpkg injection in a table name", "gpkg.no_table")(
    lambda folder, _: _package(
        folder,
        "INSERT INTO gpkg_contents VALUES ('x\"; DROP TABLE gpkg_contents; --', 'features', 'x', 4490)",
    )
)
hostile("gpkg lists its own schema", "gpkg.no_table")(
    lambda folder, _: _package(
        folder, "INSERT INTO gpkg_contents VALUES ('sqlite_master', 'attributes', 'x', 4490)"
    )
)
hostile("gpkg srs is a proj string", DATA)(
    lambda folder, lure: _package(
        folder,
        f"UPDATE gpkg_spatial_ref_sys SET organization = 'X', definition = '+init={lure.secret} +nadgrids={lure.secret}'",
    )
)
hostile("gpkg geometry is text", DATA)(
    lambda folder, _: _package(folder, "UPDATE \"小区\" SET geom = 'POLYGON((0 0,1 1,1 0,0 0))'")
)
hostile("gpkg geometry is short", DATA)(
    lambda folder, _: _package(folder, "UPDATE \"小区\" SET geom = x'4750'")
)
hostile("gpkg geometry counts lie", DATA)(
    lambda folder, _: _package(
        folder, "UPDATE \"小区\" SET geom = x'475000010000000001030000' || x'00ffffffffffffffff'"
    )
)
hostile("gpkg tiles", "refused.tiles")(
    lambda folder, _: _package(
        folder, "CREATE TABLE t (a)", "INSERT INTO gpkg_contents VALUES ('t', 'tiles', 't', 4490)"
    )
)


@hostile("gpkg of random pages", "gpkg.contents")
def _garbage_package(folder: Path, _: Lure) -> Path:
    path = folder / "a.gpkg"
    path.write_bytes(b"SQLite format 3\x00" + bytes(range(256)) * 64)
    return path


@hostile("gpkg with its log beside it", "refused.wal")
def _wal(folder: Path, _: Lure) -> Path:
    path = _package(folder)
    (folder / "a.gpkg-wal").write_bytes(b"\x37\x7f\x06\x82" + bytes(60))
    return path


@hostile("sqlite that is no gpkg", "refused.sqlite")
def _plain_sqlite(folder: Path, _: Lure) -> Path:
    base = sqlite3.connect(folder / "a.db")
    base.execute("CREATE TABLE a (b)")
    base.close()
    return (folder / "a.db").rename(folder / "a.geojson")


for _number, _prj in enumerate(
    (
        "+proj=longlat +nadgrids={lure.secret}",
        "+init={lure.secret}:x",
        "{lure.url}",
        'PROJCS["x",EXTENSION["PROJ4","+proj=tmerc +nadgrids={lure.secret}"]]',
        'GEOGCS["' + "(" * 5000,
        '{{"type":"Conversion"',
        "../../../etc/passwd",
    )
):

    @hostile(f"prj {_number}", DATA)
    def _write_prj(folder: Path, lure: Lure, prj: str = _prj) -> Path:
        return shapefile(folder, estates(3), prj=prj.format(lure=lure))


@hostile("cpg is a path", DATA)
def _cpg(folder: Path, lure: Lure) -> Path:
    return shapefile(folder, estates(3), cpg=str(lure.secret).encode("ascii", "replace").decode())


@hostile("prj is a link", DATA)
def _linked_prj(folder: Path, lure: Lure) -> Path:
    path = shapefile(folder, estates(3))
    path.with_suffix(".prj").symlink_to(lure.secret)
    return path


def _patched(offset: int, form: str, value: float, suffix: str = ".shp") -> Builder:
    def build(folder: Path, _: Lure) -> Path:
        path = shapefile(folder, estates(3))
        raw = bytearray(path.with_suffix(suffix).read_bytes())
        struct.pack_into(form, raw, offset, value)
        path.with_suffix(suffix).write_bytes(raw)
        return path

    return build


hostile("shp with two billion points", DATA)(_patched(148, "<i", 2**31 - 1))
hostile("shp with two billion parts", DATA)(_patched(144, "<i", 2**31 - 1))
hostile("shp with a negative part", DATA)(_patched(152, "<i", -5))
hostile("shp of an unknown type", "shp.header")(_patched(32, "<i", 77))
hostile("shp record of another type", DATA)(_patched(108, "<i", 31))
hostile("shp coordinates not a number", DATA)(_patched(156, "<d", float("nan")))
hostile("shp coordinates infinite", DATA)(_patched(156, "<d", float("inf")))
hostile("shx offsets beyond the end", DATA)(_patched(100, ">i", 2**31 - 1, ".shx"))
hostile("shx negative offsets", DATA)(_patched(100, ">i", -100, ".shx"))
hostile("dbf width lies", "dbf.header")(_patched(10, "<H", 7, ".dbf"))
hostile("dbf header beyond the end", "dbf.missing_row")(_patched(8, "<H", 65535, ".dbf"))
hostile("dbf column width lies", "dbf.header")(_patched(32 + 16, "<B", 255, ".dbf"))


def _workbook_with(member: str, old: bytes, new: Callable[[Lure], bytes]) -> Builder:
    def build(folder: Path, lure: Lure) -> Path:
        path = delivery.workbook(folder / "a.xlsx", [["编号", "名称"], ["1", "甲"]])
        with zipfile.ZipFile(path) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        members[member] = members[member].replace(old, new(lure), 1)
        return zipped(path, members)

    return build


_SHEET, _STRINGS = "xl/worksheets/sheet1.xml", "xl/styles.xml"
hostile("xlsx xxe in a sheet", "refused.dtd")(
    _workbook_with(
        _SHEET,
        b"<worksheet",
        lambda lure: f"<!DOCTYPE w [<!ENTITY x SYSTEM 'file://{lure.secret}'>]><worksheet".encode(),
    )
)
hostile("xlsx xxe in the styles", "refused.dtd")(
    _workbook_with(
        _STRINGS,
        b"<styleSheet",
        lambda lure: f"<!DOCTYPE w [<!ENTITY x SYSTEM '{lure.url}'>]><styleSheet".encode(),
    )
)
hostile("xlsx laughs", "refused.dtd")(
    _workbook_with(
        "xl/workbook.xml",
        b"<workbook",
        lambda _: b"<!DOCTYPE w [<!ENTITY a 'haha'><!ENTITY b '&a;&a;&a;'>]><workbook",
    )
)
hostile("xlsx bomb", "zip.bomb")(
    _workbook_with(_SHEET, b"<sheetData>", lambda _: b"<sheetData>" + b" " * 50_000_000)
)
hostile("xlsx with a cell at the far corner", "workbook.too_large")(
    _workbook_with(_SHEET, b'r="B2"', lambda _: b'r="XFD1048576"')
)
hostile("xlsx broken", "workbook.broken")(
    _workbook_with("xl/workbook.xml", b"<workbook", lambda _: b"<work")
)


@hostile("xlsx with macros", "refused.macros")
def _macros(folder: Path, _: Lure) -> Path:
    path = delivery.workbook(folder / "a.xlsx", [["编号", "名称"], ["1", "甲"]])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    return path


@hostile("xlsx links to another workbook", DATA)
def _external(folder: Path, lure: Lure) -> Path:
    path = delivery.workbook(
        folder / "a.xlsx", [["编号", "名称"], ["1", f"='[{lure.url}]x'!A1"], ["2", "甲"]]
    )
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(
            "xl/externalLinks/_rels/externalLink1.xml.rels",
            f"<Relationships><Relationship Target='{lure.url}' TargetMode='External'/></Relationships>",
        )
    return path


def _drawing(draw: Callable[[ezdxf.document.Drawing, Lure], None]) -> Builder:
    def build(folder: Path, lure: Lure) -> Path:
        document = ezdxf.new("R2010")
        document.modelspace().add_lwpolyline([(0, 0), (9, 0), (9, 9)], close=True)
        draw(document, lure)
        document.saveas(folder / "a.dxf")
        return folder / "a.dxf"

    return build


def _own_block(document: ezdxf.document.Drawing, _: Lure) -> None:
    block = document.blocks.new("SELF")
    block.add_blockref("SELF", (1, 1))
    document.modelspace().add_blockref("SELF", (0, 0))


def _block_tower(document: ezdxf.document.Drawing, _: Lure) -> None:
    document.blocks.new("B0").add_line((0, 0), (1, 1))
    for i in range(1, 8):
        block = document.blocks.new(f"B{i}")
        for _ in range(10):
            block.add_blockref(f"B{i - 1}", (0, 0))
    document.modelspace().add_blockref("B7", (0, 0))


def _array_block(document: ezdxf.document.Drawing, _: Lure) -> None:
    document.blocks.new("B").add_line((0, 0), (1, 1))
    document.modelspace().add_blockref(
        "B",
        (0, 0),
        dxfattribs={
            "row_count": 30000,
            "column_count": 30000,
            "row_spacing": 1,
            "column_spacing": 1,
        },
    )


def _xref(document: ezdxf.document.Drawing, lure: Lure) -> None:
    document.add_xref_def(str(lure.secret), "X")
    document.modelspace().add_blockref("X", (0, 0))
    image = document.add_image_def(str(lure.secret), (10, 10))
    document.modelspace().add_image(image, (0, 0), (1, 1))


hostile("dxf block in itself", DATA)(_drawing(_own_block))
hostile("dxf tower of blocks", "dxf.too_many")(_drawing(_block_tower))
hostile("dxf array of a billion", "dxf.too_many")(_drawing(_array_block))
hostile("dxf external reference", DATA)(_drawing(_xref))
text("dxf broken", "dxf.broken", ".dxf", lambda _: "0\nSECTION\n2\nENTITIES\n0\nLINE\nxx\nyy\n")


@hostile("dxf huge curve", DATA)
def _curve(folder: Path, _: Lure) -> Path:
    return _drawing(lambda document, _: document.modelspace().add_circle((0, 0), 1e12))(folder, _)


text(
    "flatgeobuf of noise",
    "flatgeobuf.unreadable",
    ".fgb",
    lambda _: b"fgb\x03fgb\x00" + bytes(range(256)) * 20,
)
text(
    "flatgeobuf header lies",
    "flatgeobuf.unreadable",
    ".fgb",
    lambda _: b"fgb\x03fgb\x00" + struct.pack("<I", 2**31 - 1) + bytes(500),
)
text("flatgeobuf empty", "flatgeobuf.unreadable", ".fgb", lambda _: b"fgb\x03fgb\x00")
hostile("geodatabase of noise", "filegdb.unreadable")(
    lambda folder, _: zipped(
        folder / "a.gdb.zip",
        {f"a.gdb/a0000000{i}.gdbtable": bytes(range(256)) * 9 for i in range(1, 9)},
    )
)
hostile("geodatabase that climbs", "zip.climbs")(
    lambda folder, _: zipped(
        folder / "a.gdb.zip",
        {"a.gdb/../../a00000001.gdbtable": b"x", "a.gdb/a00000001.gdbtable": b"x"},
    )
)

for _suffix, _magic, _rule in (
    (".dwg", b"AC1027", "dwg"), (".dxf", b"AC1015", "dwg"),
    (".ovobj", b"\x01\x02ovobj", "ovobj"), (".exe", b"MZ\x90", "program"),
    (".shp", b"\x7fELF", "program"), (".pdf", b"%PDF-1.7", "picture"),
    (".geojson", b"<html><body>404", "html"),
    (".mdb", b"\x00\x01\x00\x00Standard Jet DB", "mdb"), (".rar", b"Rar!\x1a\x07", "archive"),
    (".7z", b"7z\xbc\xaf\x27\x1c", "archive"),
    (".xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (".xyz", b"\x01\x02\x03", "unknown"), (".csv", b"", "empty"),
    (".geojson", b"PK\x03\x04" + bytes(40), "zip_broken"),
):  # fmt: skip
    text(f"{_rule} as {_suffix}", f"refused.{_rule}", _suffix, lambda _, m=_magic: m)
text("kml called geojson", "refused.mislabelled", ".geojson", lambda _: KML.format("a"))
text(
    "geojson called kml",
    "refused.mislabelled",
    ".kml",
    lambda _: '{"type":"FeatureCollection","features":[]}',
)


@hostile("gzip called geojson", "refused.archive")
def _gzip(folder: Path, _: Lure) -> Path:
    buffer = io.BytesIO(b"\x1f\x8b\x08" + zlib.compress(b" " * 10_000_000))
    (folder / "a.geojson").write_bytes(buffer.getvalue())
    return folder / "a.geojson"


@hostile("polygon of a star's crossings", DATA)
def _star(folder: Path, _: Lure) -> Path:
    points = [
        (106.2 + 1e-4 * (i % 2) + 1e-9 * i, 37.98 + 1e-4 * ((i * 7919) % 1000) / 1000)
        for i in range(600)
    ]
    shape = json.loads(shapely.to_geojson(shapely.Polygon(points)))
    (folder / "a.geojson").write_text(
        json.dumps({"type": "Feature", "properties": {}, "geometry": shape})
    )
    return folder / "a.geojson"
