"""
The facility gaps as a zipped shapefile, for programs that read nothing newer.

fiona writes it, because it keeps field widths and decimals as declared where other writers widen
them. Widths come from the LayerSpec; text longer than a .dbf field can hold is cut at a character
and stands in full in the CSV beside it. UTF-8 with .cpg; EPSG:4490 with .prj.
"""

import io
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import fiona
import geopandas as gpd
import pandas as pd

import layers
from exports.csv_table import csv_bytes
from geo.crs import STORAGE_CRS, to_crs
from layers.district import District
from layers.findings import facility_gaps
from layers.spec import Column
from store.geopackage import UNDATED

NAME = "facility_gaps"
_NAME_WIDTH = 10  # what the format allows a field name
_TEXT_BYTES = 254
_NUMBER_WIDTH = 14
_NUMBER_LIMIT = 1e9  # ten digits, point and three decimals leave room for a sign
_SPEC = layers.ALL[NAME]
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)  # equal content, equal bytes


def gaps_shapefile(findings: gpd.GeoDataFrame, district: District) -> bytes:
    """
    Return the facility gaps of `findings` as the bytes of a .zip.

    Parameters
    ----------
    findings : geopandas.GeoDataFrame
        Findings of `district`, columns `layers.findings.COLUMNS`.
    district : District
        Where the outlines come from.
    """
    gaps = to_crs(facility_gaps(findings, district), STORAGE_CRS, NAME)
    with tempfile.TemporaryDirectory() as folder:
        _write(gaps, Path(folder) / f"{NAME}.shp")
        (Path(folder) / f"{NAME}.csv").write_bytes(_in_full(gaps))
        (Path(folder) / "fields.csv").write_bytes(_legend())
        return _zipped(sorted(Path(folder).iterdir()))


def field_names() -> dict[str, str]:
    """Return the .dbf field of every column of the facility gaps, ten characters at most."""
    return {column.name: column.name[:_NAME_WIDTH] for column in _SPEC.columns}


def field_type(column: Column) -> str:
    """Return the exact .dbf type of a column, as its spec implies it: ``float:6.4``."""
    if column.dtype == "str":
        return f"str:{_TEXT_BYTES}"
    if column.dtype == "date":
        return "date"
    if column.dtype == "bool":
        return "int:1"
    if column.dtype == "int":
        return f"int:{9 if column.most is None else len(f'{column.most:.0f}')}"
    return "float:6.4" if column.most == 1 else f"float:{_NUMBER_WIDTH}.3"


def _write(gaps: gpd.GeoDataFrame, path: Path) -> None:
    names = field_names()
    fields = {names[column.name]: field_type(column) for column in _SPEC.columns}
    schema = {"geometry": _SPEC.geometry, "properties": fields}
    date = gaps["as_of"].max() if len(gaps) else UNDATED
    with fiona.open(
        path,
        "w",
        driver="ESRI Shapefile",
        schema=schema,
        crs_wkt=STORAGE_CRS.to_wkt("WKT1_ESRI"),
        encoding="UTF-8",
        DBF_DATE_LAST_UPDATE=date,  # not today's: equal content, equal bytes
    ) as file:
        file.writerecords(_records(gaps, names))


def _records(gaps: gpd.GeoDataFrame, names: dict[str, str]) -> Iterator[dict[str, object]]:
    cells = {names[column.name]: _cells(gaps[column.name], column) for column in _SPEC.columns}
    shapes = gaps.geometry.to_numpy()
    for row, shape in enumerate(shapes):
        properties = {name: values[row] for name, values in cells.items()}
        yield {"geometry": shape.__geo_interface__, "properties": properties}


def _cells(values: pd.Series, column: Column) -> list[object]:
    """Return cells that fit their field: fiona itself writes what does not fit without a word."""
    plain = values.astype(object).where(values.notna(), None)
    if column.dtype == "str":
        return [None if v is None else _cut(str(v)) for v in plain]
    if column.dtype == "float":
        return [None if v is None or not abs(v) < _NUMBER_LIMIT else float(v) for v in plain]
    return [None if v is None else v if column.dtype == "date" else int(v) for v in plain]


def _cut(text: str) -> str:
    """Return as many whole characters as a field holds."""
    return text.encode()[:_TEXT_BYTES].decode(errors="ignore")


def _in_full(gaps: gpd.GeoDataFrame) -> bytes:
    table = pd.DataFrame(gaps.drop(columns="geometry"))
    return csv_bytes([column.label_zh for column in _SPEC.columns], table)


def _legend() -> bytes:
    names = field_names()
    rows = [(names[c.name], c.label_zh, c.label_en, c.unit) for c in _SPEC.columns]
    return csv_bytes(["字段", "标签", "label", "单位"], pd.DataFrame(rows))


def _zipped(files: list[Path]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            entry = zipfile.ZipInfo(file.name, _ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.read_bytes())
    return out.getvalue()
