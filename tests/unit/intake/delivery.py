# ruff: noqa: E501 - files are written out as they arrive
"""
Deliveries written by hand, byte by byte where a library would be too polite to write them wrong.

The truth is a dozen invented estates in EPSG:4544; every writer puts the same rows into a format.
"""

import json
import sqlite3
import struct
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pyogrio
import shapely
import xlwt
from pyproj import CRS, Transformer

from geo import gcj02
from intake.place import PlacePrior
from intake.reading import Cell, DeliveredTable

CRS_4544 = CRS.from_epsg(4544)
PLACE = PlacePrior((105.9, 37.6, 106.6, 38.2), CRS_4544)
NAMES = (
    "利水南苑", "药材公司家属院", "财政局家属楼", "建行南苑", "朝阳小区", "裕民小区",
    "吴忠中学家属楼", "胜利花园", "金积镇供销社宿舍", "上桥社区一号院", "小", "镕基苑（东区）",
)  # fmt: skip
HEADINGS = ("estate_id", "小区名称", "户数", "建筑面积")


@dataclass(frozen=True)
class Estate:
    """One invented estate: its key, name, households, floor area and outline [m], EPSG:4544."""

    key: str
    name: str
    households: int
    area: float
    outline: shapely.Polygon


def estates(count: int = len(NAMES)) -> list[Estate]:
    """Return the truth: rectangles of about 100 x 80 m, 300 m apart."""
    found = []
    for i in range(count):
        x, y = 604_500.0 + 300 * (i % 4), 4_206_000.0 + 250 * (i // 4)
        outline = shapely.box(x, y, x + 101.25 + i, y + 78.5)
        found.append(
            Estate(
                f"LT-{i + 1:02d}", NAMES[i % len(NAMES)], 36 + 17 * i, 2994.5 + 1415 * i, outline
            )
        )
    return found


def coordinates(reference: str, xy: np.ndarray) -> np.ndarray:
    """Write positions of EPSG:4544 as the numbers of `reference`: pyproj and the public formulas."""
    base, swapped = reference.removesuffix("/yx"), reference.endswith("/yx")
    lon, lat = Transformer.from_crs(4544, 4490, always_xy=True).transform(xy[:, 0], xy[:, 1])
    if base.startswith("GCJ-02"):
        lon, lat = gcj02.wgs84_to_gcj02(lon, lat)
    elif base == "BD-09":
        lon, lat = gcj02.wgs84_to_bd09(lon, lat)
    epsg = {"GCJ-02": "", "BD-09": "", "GCJ-02@3857": "3857"}.get(base, base.removeprefix("EPSG:"))
    if epsg and epsg not in ("4490", "4326"):
        # CGCS2000 and WGS 84 are one here, so a WGS 84 projection takes 4326 as its geographic side.
        geographic = 4326 if epsg == "3857" or epsg.startswith("326") else 4490
        lon, lat = Transformer.from_crs(geographic, int(epsg), always_xy=True).transform(lon, lat)
    return np.column_stack([lat, lon] if swapped else [lon, lat])


def written(reference: str, rows: Sequence[Estate]) -> list[shapely.Geometry]:
    """Return the outlines in the numbers of `reference`."""
    shapes = np.array([row.outline for row in rows], dtype=object)
    return list(shapely.transform(shapes, lambda xy: coordinates(reference, xy)))


def dbf(
    rows: Sequence[Estate],
    *,
    encoding: str = "gb18030",
    language: int = 0,
    declared: int | None = None,
    headings: Sequence[str] = HEADINGS,
    deleted: Sequence[int] = (),
) -> bytes:
    """Write a .dbf: key, name, households, area; names cut at ten bytes as the format demands."""
    columns = (
        (headings[0], "C", 12, 0),
        (headings[1], "C", 100, 0),
        (headings[2], "N", 8, 0),
        (headings[3], "N", 14, 2),
    )
    width = 1 + sum(column[2] for column in columns)
    head = struct.pack(
        "<BBBBIHH",
        3,
        126,
        4,
        1,
        len(rows) if declared is None else declared,
        32 + 32 * 4 + 1,
        width,
    )
    head += bytes(17) + bytes([language]) + bytes(2)
    for name, kind, size, decimals in columns:
        head += (
            name.encode(encoding)[:10].ljust(11, b"\0")
            + kind.encode()
            + bytes(4)
            + bytes([size, decimals])
            + bytes(14)
        )
    body = b""
    for i, row in enumerate(rows):
        cells = (
            row.key.encode(),
            row.name.encode(encoding, "strict"),
            str(row.households).rjust(8).encode(),
            f"{row.area:.2f}".rjust(14).encode(),
        )
        body += (b"*" if i in deleted else b" ") + b"".join(
            c[:n].ljust(n) for c, (_, _, n, _) in zip(cells, columns, strict=True)
        )
    return head + b"\x0d" + body + b"\x1a"


def shp(shapes: Sequence[shapely.Geometry | None]) -> tuple[bytes, bytes]:
    """Write a polygon .shp and its .shx, outer rings clockwise."""
    records, index, offset = b"", b"", 50
    for number, shape in enumerate(shapes, 1):
        if shape is None:
            content = struct.pack("<i", 0)
        else:
            ring = np.asarray(shapely.orient_polygons(shape, exterior_cw=True).exterior.coords)[
                :, :2
            ]
            content = (
                struct.pack("<i4dii", 5, *shape.bounds, 1, len(ring))
                + struct.pack("<i", 0)
                + ring.astype("<f8").tobytes()
            )
        records += struct.pack(">ii", number, len(content) // 2) + content
        index += struct.pack(">ii", offset, len(content) // 2)
        offset += 4 + len(content) // 2
    box = shapely.total_bounds(np.array([s for s in shapes if s is not None], dtype=object))

    def head(size: int) -> bytes:
        return struct.pack(">i20xi", 9994, (100 + size) // 2) + struct.pack(
            "<ii8d", 1000, 5, *box, 0, 0, 0, 0
        )

    return head(len(records)) + records, head(len(index)) + index


def shapefile(
    folder: Path,
    rows: Sequence[Estate],
    *,
    stem: str = "小区",
    reference: str = "EPSG:4544",
    prj: str | None = None,
    cpg: str | None = None,
    **table: object,
) -> Path:
    """Write a shapefile with only the companions asked for; return its .shp."""
    outlines, index = shp(written(reference, rows))
    path = folder / f"{stem}.shp"
    path.write_bytes(outlines)
    path.with_suffix(".shx").write_bytes(index)
    path.with_suffix(".dbf").write_bytes(dbf(rows, **table))
    if prj is not None:
        path.with_suffix(".prj").write_text(prj, encoding="utf-8")
    if cpg is not None:
        path.with_suffix(".cpg").write_text(cpg, encoding="ascii")
    return path


def feature(row: Estate, geometry: object) -> dict[str, object]:
    """Return a GeoJSON feature."""
    values = dict(zip(HEADINGS, (row.key, row.name, row.households, row.area), strict=True))
    return {"type": "Feature", "properties": values, "geometry": geometry}


def geojson(
    path: Path, rows: Sequence[Estate], *, reference: str = "EPSG:4490", encoding: str = "utf-8"
) -> Path:
    """Write GeoJSON, whatever its numbers mean."""
    shapes = [json.loads(shapely.to_geojson(shape)) for shape in written(reference, rows)]
    whole = {
        "type": "FeatureCollection",
        "features": [feature(r, s) for r, s in zip(rows, shapes, strict=True)],
    }
    path.write_bytes(json.dumps(whole, ensure_ascii=False).encode(encoding))
    return path


def sequence(collection: bytes) -> bytes:
    """Return a GeoJSON collection as a feature a line."""
    features = json.loads(collection)["features"]
    return "\n".join(json.dumps(one, ensure_ascii=False) for one in features).encode()


def geopackage(
    path: Path,
    rows: Sequence[Estate],
    shapes: Sequence[shapely.Geometry | None],
    *,
    srs: int = 4490,
    declared: int | None = None,
) -> Path:
    """Write a GeoPackage with sqlite3: contents, geometry columns, one table."""
    base = sqlite3.connect(path)
    base.executescript(
        "PRAGMA application_id = 1196444487; PRAGMA user_version = 10300;"
        "CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT, identifier TEXT, srs_id INTEGER);"
        "CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT, srs_id INTEGER, z, m);"
        "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER, organization TEXT, organization_coordsys_id INTEGER, definition TEXT);"
        "CREATE TABLE gpkg_ogr_contents (table_name TEXT, feature_count INTEGER);"
        'CREATE TABLE "小区" (fid INTEGER PRIMARY KEY, geom BLOB, estate_id TEXT, "小区名称" TEXT, "户数" INTEGER, "建筑面积" REAL);'
    )
    base.execute("INSERT INTO gpkg_contents VALUES ('小区', 'features', '小区', ?)", (srs,))
    base.execute(
        "INSERT INTO gpkg_geometry_columns VALUES ('小区', 'geom', 'POLYGON', ?, 0, 0)", (srs,)
    )
    base.execute("INSERT INTO gpkg_spatial_ref_sys VALUES ('x', ?, 'EPSG', ?, '')", (srs, srs))
    base.execute(
        "INSERT INTO gpkg_ogr_contents VALUES ('小区', ?)",
        (len(rows) if declared is None else declared,),
    )
    for row, shape in zip(rows, shapes, strict=True):
        blob = (
            None
            if shape is None
            else b"GP\x00\x01" + struct.pack("<i", srs) + shapely.to_wkb(shape)
        )
        base.execute(
            'INSERT INTO "小区" (geom, estate_id, "小区名称", "户数", "建筑面积") VALUES (?, ?, ?, ?, ?)',
            (blob, row.key, row.name, row.households, row.area),
        )
    base.commit()
    base.close()
    return path


def kml(
    rows: Sequence[Estate],
    *,
    reference: str = "EPSG:4490",
    head: str = '<?xml version="1.0" encoding="UTF-8"?>',
) -> str:
    """Write KML with the estates in two folders."""
    folders: tuple[list[str], list[str]] = ([], [])
    for i, (row, shape) in enumerate(zip(rows, written(reference, rows), strict=True)):
        points = " ".join(f"{x!r},{y!r},0" for x, y in np.asarray(shape.exterior.coords).tolist())
        folders[i % 2].append(
            f"<Placemark><name>{row.name}</name><ExtendedData><Data name='estate_id'><value>{row.key}</value></Data>"
            f"<Data name='户数'><value>{row.households}</value></Data></ExtendedData><Polygon><outerBoundaryIs><LinearRing>"
            f"<coordinates>{points}</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
        )
    inner = "".join(
        f"<Folder><name>{n}</name>{''.join(f)}</Folder>"
        for n, f in zip(("金星镇", "胜利镇"), folders, strict=True)
    )
    return f'{head}<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{inner}</Document></kml>'


def workbook(path: Path, grid: Sequence[Sequence[object]], merges: Sequence[str] = ()) -> Path:
    """Write a workbook of one sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "普查表"
    for row in grid:
        sheet.append(list(row))
    for merge in merges:
        sheet.merge_cells(merge)
    book.save(path)
    return path


def zipped(
    path: Path, members: dict[str, bytes], *, codec: str = "utf-8", flag: bool = True
) -> Path:
    """Write an archive whose names are in `codec`, with or without the UTF-8 flag."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, data) in enumerate(members.items()):
            if flag:
                archive.writestr(name, data)
                continue
            # zipfile insists on the flag for names beyond ASCII: write a stand-in of equal length, patch later
            stand_in = f"{number:03d}".ljust(len(name.encode(codec)), "_")
            archive.writestr(stand_in, data)
    if not flag:
        raw = path.read_bytes()
        for number, name in enumerate(members):
            encoded = name.encode(codec)
            raw = raw.replace(f"{number:03d}".ljust(len(encoded), "_").encode(), encoded)
        path.write_bytes(raw)
    return path


def rewritten(
    path: Path, change: Callable[[bytes], bytes], part: str = "xl/worksheets/sheet1.xml"
) -> Path:
    """Change the bytes of one part of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert change(parts[part]) != parts[part]
    parts[part] = change(parts[part])
    return zipped(path, parts)


def columns(table: DeliveredTable) -> dict[str | bytes, list[Cell]]:
    """Return the cells of a table by their heading."""
    return {field.heading: list(field.cells) for field in table.fields}


def xls(
    path: Path,
    grid: Sequence[Sequence[object]],
    merges: Sequence[tuple[int, int, int, int]] = (),
    formats: dict[tuple[int, int], str] | None = None,
    *,
    from_1904: bool = False,
) -> Path:
    """Write a workbook of before 2007 of one sheet; merges are top, bottom, left, right from 0."""
    book = xlwt.Workbook(encoding="utf-8")
    book.dates_1904 = from_1904
    sheet = book.add_sheet("普查表", cell_overwrite_ok=True)
    for i, row in enumerate(grid):
        for j, value in enumerate(row):
            if value is not None:
                code = (formats or {}).get((i, j), "General")
                sheet.write(i, j, value, xlwt.easyxf(num_format_str=code))
    for top, bottom, left, right in merges:
        sheet.write_merge(top, bottom, left, right, grid[top][left])
    book.save(str(path))
    return path


def frame(rows: Sequence[Estate], reference: str = "EPSG:4544") -> gpd.GeoDataFrame:
    """Return the rows as a frame, for the formats that only a library writes."""
    columns = zip(*((r.key, r.name, r.households, r.area) for r in rows), strict=True)
    return gpd.GeoDataFrame(
        dict(zip(HEADINGS, map(list, columns), strict=True)),
        geometry=written(reference, rows),
        crs=reference,
    )


def by_gdal(path: Path, rows: Sequence[Estate], driver: str, **options: str) -> Path:
    """Write the rows with a driver of GDAL."""
    pyogrio.write_dataframe(frame(rows), path, driver=driver, **options)
    return path


def parquet(path: Path, rows: Sequence[Estate]) -> Path:
    """Write GeoParquet in row groups of four."""
    frame(rows).to_parquet(path, row_group_size=4)
    return path


def esri_json(path: Path, rows: Sequence[Estate], **more: object) -> Path:
    """Write the answer of an ArcGIS service, outer rings clockwise."""
    features = [
        {
            "attributes": dict(zip(HEADINGS, (r.key, r.name, r.households, r.area), strict=True)),
            "geometry": {"rings": [list(map(list, ring(r.outline)))]},
        }
        for r in rows
    ]
    whole = {
        "geometryType": "esriGeometryPolygon",
        "spatialReference": {"wkid": 4544},
        "features": features,
    }
    path.write_text(json.dumps({**whole, **more}, ensure_ascii=False), "utf-8")
    return path


def ring(outline: shapely.Polygon) -> list[tuple[float, float]]:
    """Return the outer ring of an outline, clockwise."""
    return list(shapely.orient_polygons(outline, exterior_cw=True).exterior.coords)


def topojson(path: Path, rows: Sequence[Estate], **more: object) -> Path:
    """Write a topology of millimetre steps, an arc an outline, every second one backwards."""
    arcs, geometries = [], []
    for number, row in enumerate(rows):
        steps = np.round((np.asarray(ring(row.outline)) - [604_000, 4_206_000]) * 1000).astype(int)
        steps = steps[::-1] if number % 2 else steps
        arcs.append(np.vstack([steps[:1], np.diff(steps, axis=0)]).tolist())
        values = (row.key, row.name, row.households, row.area)
        geometries.append(
            {
                "type": "Polygon",
                "arcs": [[~number if number % 2 else number]],
                "properties": dict(zip(HEADINGS, values, strict=True)),
            }
        )
    whole = {
        "type": "Topology",
        "transform": {"scale": [0.001, 0.001], "translate": [604_000, 4_206_000]},
        "objects": {"小区": {"type": "GeometryCollection", "geometries": geometries}},
        "arcs": arcs,
    }
    path.write_text(json.dumps({**whole, **more}, ensure_ascii=False), "utf-8")
    return path
