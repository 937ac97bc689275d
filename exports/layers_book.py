"""
The layers of a district as a workbook that is read back as it was: one sheet a layer, typed cells.

Points are written as 经度, 纬度; outlines and lines as WKB in hexadecimal in the last columns,
hidden, so that a corrected sheet can be imported with its geometry. Every text is text for every
program; the only formulas are the sums below the counts.
"""

import io

import geopandas as gpd
import pandas as pd
import shapely
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from exports.fields import Shortfall
from exports.snapshot import surveyed, typed
from exports.table_sheet import write_table
from exports.xlsx import MOST_ROWS
from geo.crs import STORAGE_CRS, to_crs
from geo.errors import DataError
from layers.district import District
from layers.spec import Column, LayerSpec

CELL_LIMIT = 32_000
"""Characters of a cell; spreadsheets cut at 32,767."""
WKB_HEADING = "几何WKB"
_REFERENCE = Column("crs", "str", "坐标系", "CRS")
POSITION = (
    Column("lon", "float", "经度", "longitude", "°"),
    Column("lat", "float", "纬度", "latitude", "°"),
)
_COUNTED = {"户", "人", "m²", "元", "件", "处", "株", "个", "班"}  # units whose sum means something


def layers_workbook(district: District) -> tuple[bytes, tuple[Shortfall, ...]]:
    """
    Return every surveyed layer as the bytes of an .xlsx, and what its cells could not hold.

    Parameters
    ----------
    district : District
        What to hand over.

    Raises
    ------
    DataError
        If a layer has more rows than a worksheet.
    """
    book = Workbook(write_only=True)
    shortfalls: list[Shortfall] = []
    for name, rows in surveyed(district).items():
        spec, frame = typed(name, rows)
        if len(frame) >= MOST_ROWS:
            raise DataError(
                f"{name}: {len(frame):,} rows do not fit into a worksheet; write .gpkg",
                f"{spec.label_zh}：{len(frame):,} 行超过工作表上限；请导出 .gpkg",
            )
        shortfalls += _shortfalls(spec, frame)
        _write(book.create_sheet(spec.label_zh), spec, to_crs(frame, STORAGE_CRS, name))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), tuple(shortfalls)


def _write(sheet: Worksheet, spec: LayerSpec, frame: gpd.GeoDataFrame) -> None:
    place, columns = _placed(frame)
    every = (*spec.columns, *columns, _REFERENCE)
    code = f"EPSG:{STORAGE_CRS.to_epsg()}"
    table = pd.concat([pd.DataFrame(frame.drop(columns=frame.geometry.name)), place], axis=1)
    sums = [c.name for c in spec.columns if c.dtype in ("int", "float") and c.unit in _COUNTED]
    for at in range(len(spec.columns) + 1, len(every) + 1):
        sheet.column_dimensions[get_column_letter(at)].hidden = columns != POSITION
    write_table(sheet, table.assign(crs=code), every, language="zh", sums=sums)


def _placed(frame: gpd.GeoDataFrame) -> tuple[pd.DataFrame, tuple[Column, ...]]:
    """Return where the rows are, as cells: longitude and latitude, or pieces of WKB."""
    shapes = frame.geometry.to_numpy()
    if len(frame) and (shapely.get_type_id(shapes) == 0).all():
        x, y = shapely.get_coordinates(shapes).T
        return pd.DataFrame({"lon": x, "lat": y}, index=frame.index), POSITION
    texts = shapely.to_wkb(shapes, hex=True, byte_order=1)
    pieces = -(-max(map(len, texts), default=1) // CELL_LIMIT)
    columns = tuple(
        Column(f"wkb{at}", "str", WKB_HEADING + (str(at + 1) if at else ""), "WKB")
        for at in range(pieces)
    )
    cells = {
        c.name: [text[at * CELL_LIMIT : (at + 1) * CELL_LIMIT] or None for text in texts]
        for at, c in enumerate(columns)
    }
    return pd.DataFrame(cells, index=frame.index), columns


def _shortfalls(spec: LayerSpec, frame: gpd.GeoDataFrame) -> list[Shortfall]:
    """Count the texts that a cell cannot hold."""
    found = []
    for column in spec.columns:
        if column.dtype != "str" or column.codes:
            continue
        texts = frame[column.name].dropna()
        odd = texts.str.contains(ILLEGAL_CHARACTERS_RE) | (texts.str.len() > CELL_LIMIT)
        odd |= (texts != texts.str.strip()) | texts.str.contains("\r")
        if odd.any():
            why = ("changed: a cell cannot hold them", "单元格无法原样保存，已改动")
            found.append(
                Shortfall(
                    spec.name, spec.label_zh, column.name, column.label_zh, int(odd.sum()), *why
                )
            )
    return found
