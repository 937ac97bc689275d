"""
Shapefiles to hand over, zipped: every layer of a district, or the facility gaps.

Field widths and decimals are those of the LayerSpec. UTF-8 or GBK, said in the .cpg and in the
table itself; EPSG:4490 with .prj; a .qml beside each file lets QGIS open it styled, with Chinese
aliases; 字段对照.csv names every short field in full. Equal content, equal bytes.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd

import layers
from exports import gdal_child
from exports.archive import zipped
from exports.csv_table import csv_bytes
from exports.fields import Shortfall, dbf_type, fit_dbf, require_encodable
from exports.qml import qml
from exports.snapshot import Fit, date_of, snapshot, surveyed
from geo.crs import STORAGE_CRS
from layers.column import short_names
from layers.district import District
from layers.findings import facility_gaps
from layers.spec import LayerSpec
from store.scratch import private_folder
from store.stored_spec import spec_of_frame

GAPS = "facility_gaps"
LEGEND = "字段对照.csv"
_LANGUAGE = {"UTF-8": 0x00, "GBK": 0x4D}  # byte 29 of a .dbf
_LANGUAGE_AT = 29


def district_shapefiles(
    district: District, encoding: str = "UTF-8"
) -> tuple[bytes, tuple[Shortfall, ...]]:
    """
    Return every surveyed layer as the bytes of a .zip, and what a .dbf could not hold.

    Parameters
    ----------
    district : District
        What to hand over.
    encoding : {"UTF-8", "GBK"}, default "UTF-8"
        Of the attribute tables.

    Raises
    ------
    DataError
        If a text has characters that the encoding does not have.
    StoreError
        If the files cannot be written.
    """
    return _archive(surveyed(district), date_of(district), encoding)


def gaps_shapefile(findings: gpd.GeoDataFrame, district: District) -> bytes:
    """
    Return the facility gaps of `findings` as the bytes of a .zip, with their full text as a .csv.

    Parameters
    ----------
    findings : geopandas.GeoDataFrame
        Findings of `district`, columns `layers.findings.COLUMNS`.
    district : District
        Where the outlines come from.
    """
    gaps = facility_gaps(findings, district)
    heads = [column.label_zh for column in layers.ALL[GAPS].columns]
    full = csv_bytes(heads, pd.DataFrame(gaps.drop(columns="geometry")))
    date = gaps["as_of"].max() if len(gaps) else date_of(district)
    return _archive({GAPS: gaps}, date, "UTF-8", {f"{GAPS}.csv": full})[0]


def _archive(
    frames: Mapping[str, gpd.GeoDataFrame],
    date: str,
    encoding: str,
    more: Mapping[str, bytes] | None = None,
) -> tuple[bytes, tuple[Shortfall, ...]]:
    """Write the files in a private folder and pack them."""
    _require_encodable(frames, encoding)
    with private_folder("export") as folder:
        taken = snapshot(frames, _fit(encoding), folder / "source.gpkg", date)
        tables = [_table(spec, frame, folder, encoding) for spec, frame in taken.tables]
        gdal_child.write(
            {
                "source": str(folder / "source.gpkg"),
                "driver": "ESRI Shapefile",
                "options": {
                    "DBF_DATE_LAST_UPDATE": date
                },  # not today's: equal content, equal bytes
                "tables": tables,
            }
        )
        (folder / "source.gpkg").unlink()
        for spec, _ in taken.tables:
            _finish(spec, folder, encoding)
        files = {file.name: file.read_bytes() for file in sorted(folder.iterdir())}
        named = [(spec, short_names(spec.columns)) for spec, _ in taken.tables]
        return zipped({**files, **(more or {}), LEGEND: legend(named)}), taken.shortfalls


def _fit(encoding: str) -> Fit:
    return lambda values, column: fit_dbf(values, column, encoding)


def _require_encodable(frames: Mapping[str, gpd.GeoDataFrame], encoding: str) -> None:
    for name, frame in frames.items():
        spec = spec_of_frame(name, frame)
        labels = {c.name: f"{spec.label_zh}·{c.label_zh}" for c in spec.columns if c.dtype == "str"}
        require_encodable(frame, labels, encoding)


def _table(
    spec: LayerSpec, frame: gpd.GeoDataFrame, folder: Path, encoding: str
) -> dict[str, object]:
    names = short_names(spec.columns)
    multi = spec.geometry == "Point" and (frame.geom_type == "MultiPoint").any()
    return {
        "table": spec.name,
        "path": str(folder / f"{spec.name}.shp"),
        "layer": spec.name,
        "geometry": "MultiPoint" if multi else spec.geometry,
        "crs": STORAGE_CRS.to_wkt("WKT1_ESRI"),
        "encoding": encoding,
        "fields": {c.name: (names[c.name], dbf_type(c)) for c in spec.columns},
    }


def _finish(spec: LayerSpec, folder: Path, encoding: str) -> None:
    """Say the encoding in both places where programs look, and put the style beside."""
    (folder / f"{spec.name}.cpg").write_bytes(encoding.encode())
    with (folder / f"{spec.name}.dbf").open("rb+") as file:
        file.seek(_LANGUAGE_AT)
        file.write(bytes([_LANGUAGE[encoding]]))
    style = qml(spec, short_names(spec.columns))
    (folder / f"{spec.name}.qml").write_text(style, encoding="utf-8")


def legend(named: Sequence[tuple[LayerSpec, Mapping[str, str]]]) -> bytes:
    """Return a table of every field: layer, field, full name, label, unit and codes."""
    rows = [
        (
            spec.name,
            spec.label_zh,
            names[c.name],
            c.name,
            c.label_zh,
            c.label_en,
            c.unit,
            "；".join(f"{code}={label.zh}" for code, label in (c.codes or {}).items()),
        )
        for spec, names in named
        for c in spec.columns
    ]
    heads = ["图层", "图层名称", "字段", "全名", "标签", "label", "单位", "代码"]
    return csv_bytes(heads, pd.DataFrame(rows, columns=heads))
