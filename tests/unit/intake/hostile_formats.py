# ruff: noqa: E501 - files are written out as they arrive
"""Hostile files of the rarer formats: what each would fetch, read elsewhere, unfold or loop in."""

import json
import struct
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio

from tests.unit.intake import delivery
from tests.unit.intake.delivery import estates
from tests.unit.intake.hostile import DATA, Lure, hostile, text

GML = (
    "<ogr:FeatureCollection xmlns:ogr='http://ogr.maptools.org/' xmlns:gml='http://www.opengis.net/gml'"
    " xmlns:xlink='http://www.w3.org/1999/xlink' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'{root}>"
    "<gml:featureMember><ogr:a><ogr:geometryProperty>{shape}</ogr:geometryProperty><ogr:name>{name}</ogr:name></ogr:a>"
    "</gml:featureMember></ogr:FeatureCollection>"
)
POINT = "<gml:Point{srs}><gml:coordinates>106.2,37.98</gml:coordinates></gml:Point>"


def gml(*, root: str = "", srs: str = "", name: str = "a", shape: str = POINT) -> str:
    return GML.format(root=root, shape=shape.replace("{srs}", srs), name=name)


GML_DTDS = {
    "xxe file": "<!DOCTYPE a [<!ENTITY x SYSTEM 'file://{lure.secret}'>]>",
    "xxe http": "<!DOCTYPE a [<!ENTITY x SYSTEM '{lure.url}'>]>",
    "xxe parameter": "<!DOCTYPE a [<!ENTITY % x SYSTEM '{lure.url}'> %x;]>",
    "external dtd": "<!DOCTYPE a SYSTEM '{lure.url}'>",
    "laughs": "<!DOCTYPE a [<!ENTITY x 'ha'><!ENTITY y '&x;&x;&x;&x;'>]>",
}
for _name, _dtd in GML_DTDS.items():
    text(
        f"gml {_name}",
        "refused.dtd",
        ".gml",
        lambda lure, d=_dtd: d.format(lure=lure) + gml(name="&x;"),
    )
text(
    "gml xxe in utf-16",
    "refused.dtd",
    ".gml",
    lambda lure: (GML_DTDS["xxe file"].format(lure=lure) + gml(name="&x;")).encode("utf-16"),
)
text(
    "gml doctype behind a comment",
    "refused.xml",
    ".gml",
    lambda lure: "<!-- " + "x" * 5000 + " -->" + GML_DTDS["xxe file"].format(lure=lure) + gml(),
)
text(
    "gml schema of a url",
    DATA,
    ".gml",
    lambda lure: gml(root=f" xsi:schemaLocation='http://ogr.maptools.org/ {lure.url}/a.xsd'"),
)
text(
    "gml schema of a file",
    DATA,
    ".gml",
    lambda lure: gml(root=f" xsi:schemaLocation='http://ogr.maptools.org/ {lure.secret}'"),
)
text("gml srs of a url", DATA, ".gml", lambda lure: gml(srs=f" srsName='{lure.url}'"))
text("gml srs of a file", DATA, ".gml", lambda lure: gml(srs=f" srsName='{lure.secret}'"))
text(
    "gml srs with grids",
    DATA,
    ".gml",
    lambda lure: gml(srs=f" srsName='+proj=longlat +nadgrids={lure.secret}'"),
)
text(
    "gml geometry elsewhere",
    DATA,
    ".gml",
    lambda lure: gml(shape=f"<gml:pointMember xlink:href='{lure.url}#a'/>"),
)
text(
    "gml geometry in a file",
    DATA,
    ".gml",
    lambda lure: gml(shape=f"<gml:pointMember xlink:href='{lure.secret}'/>"),
)
text(
    "gml with an include",
    DATA,
    ".gml",
    lambda lure: gml(
        name=f"<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='{lure.secret}' parse='text'/>"
    ),
)
text("gml too deep", "xml.deep", ".gml", lambda _: gml(name="<a>" * 5000 + "</a>" * 5000))
text(
    "gml of geometries in geometries",
    DATA,
    ".gml",
    lambda _: gml(shape="<gml:MultiGeometry><gml:geometryMember>" * 60 + POINT.replace("{srs}", "") + "</gml:geometryMember></gml:MultiGeometry>" * 60),
)  # fmt: skip
text("gml unclosed", "xml.broken", ".gml", lambda _: gml()[:300])
text("gml of no feature", "table.none", ".gml", lambda _: "<gml:FeatureCollection/>")
text(
    "vrt as .gml",
    "refused.vrt",
    ".gml",
    lambda lure: (
        f"<OGRVRTDataSource><OGRVRTLayer name='a'><SrcDataSource>{lure.secret}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
    ),
)
text("gml called json", "refused.mislabelled", ".geojson", lambda _: gml())


def _tab(content: str):
    """Write a .tab of our own with sound companions."""

    def build(folder: Path, lure: Lure) -> Path:
        path = delivery.by_gdal(folder / "a.tab", estates(3), "MapInfo File", ENCODING="CP936")
        path.write_text(content.replace("SECRET", str(lure.secret)).replace("URL", lure.url))
        return path

    return build


TAB = "!table\n!version 300\n!charset WindowsSimpChinese\n\nDefinition Table\n"
for _name, _body, _rule in (
    ("of a raster", '  File "SECRET"\n  Type "RASTER"\n', "mapinfo.linked"),
    ("of a database", '  Type LINKED Charset "Neutral"\n  Fields 1\n    a Integer ;\nbegin_metadata\n"\\DB\\" = "DSN=URL"\nend_metadata\n', "mapinfo.linked"),
    ("of a view", 'create view x as\nSelect a From Table "SECRET"\n', "mapinfo.linked"),
    ("of a dbf elsewhere", '  Type DBF Charset "Neutral"\n  File "SECRET"\n  Fields 1\n    a Char (9) ;\n', "mapinfo.linked"),
    ("that names another file", '  File "SECRET"\n  Type NATIVE Charset "Neutral"\n  Fields 4\n    a Char (254) ;\n    b Char (254) ;\n    c LargeInt ;\n    d Float ;\n', DATA),
    ("of a billion fields", '  Type NATIVE Charset "Neutral"\n  Fields 999999999\n    a Char (9) ;\n', "mapinfo.unreadable"),
    ("of other fields", '  Type NATIVE Charset "Neutral"\n  Fields 1\n    a Integer ;\n', DATA),
    ("of no fields", '  Type NATIVE Charset "Neutral"\n', "mapinfo.unreadable"),
):  # fmt: skip
    hostile(f"tab {_name}", _rule)(_tab(TAB + _body))


@hostile("seamless tab", DATA)
def _seamless(folder: Path, lure: Lure) -> Path:
    path = delivery.by_gdal(folder / "a.tab", estates(3), "MapInfo File", ENCODING="CP936")
    extra = f'begin_metadata\n"\\IsSeamless" = "TRUE"\n"\\DATA" = "{lure.secret}"\nend_metadata\n'
    path.write_bytes(path.read_bytes() + extra.encode())
    return path


def _part(suffix: str, content: bytes):
    """Write a MapInfo table with one companion replaced."""

    def build(folder: Path, _: Lure) -> Path:
        path = delivery.by_gdal(folder / "a.tab", estates(3), "MapInfo File", ENCODING="CP936")
        path.with_suffix(suffix).write_bytes(content)
        return path

    return build


for _suffix in (".map", ".id", ".dat"):
    hostile(f"tab with noise for {_suffix}", DATA)(
        _part(_suffix, np.random.default_rng(1).bytes(4096))
    )
    hostile(f"tab with an empty {_suffix}", DATA)(_part(_suffix, b""))


def _mif(change):
    """Write a .mif changed by `change`, with its .mid."""

    def build(folder: Path, lure: Lure) -> Path:
        path = delivery.by_gdal(folder / "a.mif", estates(3), "MapInfo File", FORMAT="MIF", ENCODING="CP936")  # fmt: skip
        path.write_bytes(change(path.read_bytes(), lure))
        return path

    return build


hostile("mif of a billion columns", "mapinfo.unreadable")(
    _mif(lambda raw, _: b"Version 300\nColumns 999999999\n" + raw[:10])
)
hostile("mif of a billion points", DATA)(
    _mif(lambda raw, _: raw.split(b"Data")[0] + b"Data\n\nRegion 1\n  999999999\n1 1\n2 2\n")
)
hostile("mif with a projection elsewhere", DATA)(
    _mif(lambda raw, lure: b"\n".join(b'CoordSys Earth Projection 0 "' + lure.url.encode() + b'"' if line.startswith(b"CoordSys") else line for line in raw.split(b"\n")))
)  # fmt: skip
hostile("mif without data", "mapinfo.unreadable")(_mif(lambda raw, _: raw.split(b"Data")[0]))


def esri(lure: Lure, **more: object) -> str:
    whole = {"geometryType": "esriGeometryPoint", "features": [{"attributes": {"a": 1}, "geometry": {"x": 106.2, "y": 37.98}}]}  # fmt: skip
    return json.dumps({**whole, **more}).replace("URL", lure.url).replace("SECRET", str(lure.secret))  # fmt: skip


for _name, _more in {
    "srs of a url": {"spatialReference": {"wkt": "URL"}},
    "srs with grids": {"spatialReference": {"wkt": "+proj=longlat +nadgrids=SECRET"}},
    "srs without end": {"spatialReference": {"wkid": 10**300}},
    "srs of a list": {"spatialReference": {"wkid": [1], "latestWkid": {}}},
    "features without values": {"features": [None, 1, "x", [], {}, {"geometry": []}, {"attributes": 7}]},
    "numbers of no size": {"features": [{"attributes": {"a": 10**400}, "geometry": {"x": 1e999, "y": float("nan")}}]},
    "another page": {"exceededTransferLimit": True, "next": "URL"},
}.items():  # fmt: skip
    text(f"esri json {_name}", DATA, ".json", lambda lure, m=_more: esri(lure, **m))
text(
    "esri json of an object",
    "esrijson.no_features",
    ".json",
    lambda lure: esri(lure, features={"length": 1}),
)
text(
    "esri json of rings too deep",
    DATA,
    ".json",
    lambda _: '{"geometryType":"esriGeometryPolygon","features":[{"attributes":{},"geometry":{"rings":'
    + "[" * 800 + "]" * 800 + "}}]}",
)  # fmt: skip


def topo(arcs: object, geometry: object, **more: object) -> str:
    return json.dumps({"type": "Topology", "arcs": arcs, "objects": {"a": geometry}, **more})


def collections(depth: int) -> dict[str, object]:
    inner: dict[str, object] = {"type": "Point", "coordinates": [1, 2]}
    for _ in range(depth):
        inner = {"type": "GeometryCollection", "geometries": [inner]}
    return {"type": "GeometryCollection", "geometries": [inner]}


SQUARE = [[[0, 0], [0, 1], [1, 1], [1, 0], [0, 0]]]
for _name, _text, _rule in (
    ("arcs that do not exist", topo(SQUARE, {"type": "Polygon", "arcs": [[7]]}), DATA),
    ("arcs far before the first", topo(SQUARE, {"type": "Polygon", "arcs": [[-(10**30)]]}), DATA),
    ("arcs of text", topo([["a", "b"]], {"type": "Polygon", "arcs": [[0]]}), "topojson.arcs"),
    ("arcs of nothing", topo([[None]], {"type": "Polygon", "arcs": [[0]]}), "topojson.arcs"),
    ("no arcs", topo(None, {"type": "Polygon", "arcs": [[0]]}), "topojson.arcs"),
    ("an arc used without end", topo([[[0, 0], [1, 1]] * 50_000], {"type": "GeometryCollection", "geometries": [{"type": "LineString", "arcs": [0] * 3000}]}), "topojson.too_large"),
    ("collections too deep", topo(SQUARE, collections(300)), DATA),
    ("a scale of text", topo(SQUARE, {"type": "Point", "coordinates": [1, 2]}, transform={"scale": "ab", "translate": [0, 0]}), "topojson.arcs"),
    ("a scale without end", topo(SQUARE, {"type": "Polygon", "arcs": [[0]]}, transform={"scale": [1e999, 1], "translate": [0, 0]}), DATA),
    ("objects of a list", json.dumps({"type": "Topology", "arcs": [], "objects": [1]}), "table.none"),
    ("an object of text", topo(SQUARE, "x"), DATA),
    ("geometries of text", topo(SQUARE, {"type": "GeometryCollection", "geometries": "x"}), "json.not_a_feature"),
):  # fmt: skip
    text(f"topojson with {_name}", _rule, ".topojson", lambda _, t=_text: t)


def _parquet(table: pa.Table, **how: object):
    def build(folder: Path, lure: Lure) -> Path:
        said = {k: v.replace(b"URL", lure.url.encode()).replace(b"SECRET", str(lure.secret).encode()) for k, v in (table.schema.metadata or {}).items()}  # fmt: skip
        pq.write_table(table.replace_schema_metadata(said), folder / "a.parquet", **how)
        return folder / "a.parquet"

    return build


def _geo(said: object, value: bytes = b"\x01\x01\x00\x00\x00" + bytes(16)) -> pa.Table:
    content = said if isinstance(said, bytes) else json.dumps(said).encode()
    return pa.table({"a": ["1"], "g": [value]}).replace_schema_metadata({b"geo": content})


def _column(**more: object) -> dict[str, object]:
    return {"primary_column": "g", "columns": {"g": {"encoding": "WKB", **more}}}


for _name, _said, _rule in (
    ("geometry elsewhere", _geo({"primary_column": "URL", "columns": {"URL": {"encoding": "WKB"}}}), DATA),
    ("a crs of a url", _geo(_column(crs={"id": {"authority": "URL", "code": 1}})), DATA),
    ("a crs with grids", _geo(_column(crs={"id": {"authority": "+proj=longlat +nadgrids=SECRET", "code": ""}})), DATA),
    ("a crs of text", _geo(_column(crs="URL")), DATA),
    ("another encoding", _geo(_column(encoding="pickle")), "parquet.encoding"),
    ("metadata that is no JSON", _geo(b"\x80\x04c"), "parquet.unreadable"),
    ("metadata too deep", _geo(b"[" * 100_000), "parquet.unreadable"),
    ("geometry that is none", _geo(_column(), b"\x01\xff\xff\xff\xff" + b"\xff" * 40), DATA),
    ("a pickled type", pa.table({"a": [1]}).replace_schema_metadata({b"ARROW:extension:name": b"arrow.py_extension_type", b"ARROW:extension:metadata": b"cos\nsystem\n(S'id'\ntR."}), DATA),
):  # fmt: skip
    hostile(f"parquet with {_name}", _rule)(_parquet(_said))


@hostile("parquet of sixty million cells", "parquet.too_large")
def _many_cells(folder: Path, lure: Lure) -> Path:
    table = pa.table({name: pa.nulls(30_000_000, pa.int8()) for name in "ab"})
    return _parquet(table, compression="zstd")(folder, lure)


@hostile("parquet of one text without end", "child.memory")
def _one_text(folder: Path, lure: Lure) -> Path:
    """Write a text of 100 kB two million times, which takes as many bytes as numbers."""
    numbers = pa.array(np.zeros(2_000_000, np.int8))
    texts = pa.DictionaryArray.from_arrays(numbers, pa.array(["x" * 100_000]))
    return _parquet(pa.table({"a": texts}), store_schema=False)(folder, lure)


text("mapinfo table alone", "mapinfo.part", ".tab", lambda _: "!table\n!version 300")
text("gml of one tag", "xml.broken", ".gml", lambda _: "<gml:FeatureCollection>")


@hostile("parquet whose footer lies", "parquet.unreadable")
def _footer(folder: Path, lure: Lure) -> Path:
    path = _parquet(pa.table({"a": [1, 2]}))(folder, lure)
    raw = bytearray(path.read_bytes())
    raw[-8:-4] = struct.pack("<I", 2**31 - 1)
    path.write_bytes(raw)
    return path


def _xls(change):
    """Write an .xls changed by `change`."""

    def build(folder: Path, lure: Lure) -> Path:
        grid = [["编号", "名称", "经度", "纬度"], ["1", "=cmd|' /C calc'!A0", 106.2, 37.98]]
        path = delivery.xls(folder / "a.xls", grid)
        path.write_bytes(change(bytearray(path.read_bytes()), lure))
        return path

    return build


def _sat_loop(raw: bytearray, _: Lure) -> bytes:
    """Let every sector of the file follow itself."""
    sector = 512 * (struct.unpack_from("<i", raw, 76)[0] + 1)
    for number in range(128):
        struct.pack_into("<i", raw, sector + 4 * number, number)
    return bytes(raw)


hostile("xls of a formula", DATA)(_xls(lambda raw, _: bytes(raw)))
hostile("xls whose sectors go round", "workbook.broken")(_xls(_sat_loop))
hostile("xls cut in the middle", "refused.ole")(_xls(lambda raw, _: bytes(raw[:1500])))
hostile("xls of a huge first sheet", DATA)(
    _xls(lambda raw, _: bytes(raw).replace(b"\x00\x02\x0e\x00", b"\x00\x02\x0e\x00\xff\xff\xff\xff"[:4]))
)  # fmt: skip

text("cass of one endless line", "cass.no_points", ".dat", lambda _: "1," * 5_000_000)
text("cass of pointers", "refused.pointer", ".dat", lambda lure: lure.url)
text("cass of a link", "cass.no_points", ".dat", lambda lure: f"1,,{lure.secret},2,3\n" * 5)
text("vrt as .dat", "refused.vrt", ".dat", lambda lure: f"<OGRVRTDataSource><SrcDataSource>{lure.secret}</SrcDataSource></OGRVRTDataSource>")  # fmt: skip


@hostile("folder that leads out", DATA)
def _folder(folder: Path, lure: Lure) -> Path:
    top = folder / "普查"
    top.mkdir()
    delivery.geojson(top / "a.geojson", estates(2))
    (top / "b.csv").symlink_to(lure.secret)
    (top / "c").symlink_to(lure.secret.parent, target_is_directory=True)
    return top


@hostile("geodatabase folder with a link", DATA)
def _gdb(folder: Path, lure: Lure) -> Path:
    path = folder / "a.gdb"
    pyogrio.write_dataframe(delivery.frame(estates(2))[["小区名称", "geometry"]], path, driver="OpenFileGDB")  # fmt: skip
    (path / "a00000099.gdbtable").symlink_to(lure.secret)
    return path
