"""
GeoParquet, and Parquet without geometry, by pyarrow: a row group that is damaged costs its rows.

What the file says of its geometry column is JSON in its metadata; a CRS counts by its authority
code alone. The file is read from memory, in one thread, and no other file of a data set is opened.
"""

import datetime as dt
import json
import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from intake.child import shapes
from intake.child.fault_place import fault_place
from intake.child.geometry_column import take_geometry
from intake.child.member import Member
from intake.child.refused import Refused
from intake.reading import Cell, DeliveredTable, Field, RowFlaw

_MOST_CELLS = 50_000_000


def read(member: Member) -> list[DeliveredTable]:
    """
    Read a file.

    Parameters
    ----------
    member : Member
        The .parquet.

    Raises
    ------
    Refused
        If it is damaged as a whole, larger than allowed, or encrypted.
    """
    file, geo = _open(member)
    rows, lost, columns = _groups(file)
    name, crs = _geometry(geo)
    found = shapes.from_wkb([_blob(one) for one in columns.pop(name)]) if name in columns else None
    table = DeliveredTable(
        member=member.name,
        name=member.stem,
        format="parquet",
        rows=rows,
        fields=tuple(Field(head, list(map(_cell, cells))) for head, cells in columns.items()),
        wkb=found.wkb if found else (),
        mended=found.mended if found else {},
        flaws=found.flaws_at(rows) if found else (),
        lost=tuple(lost),
        notes=found.notes if found else (),
        crs=crs if found else "",
    )
    return take_geometry(table)


def _open(member: Member) -> tuple[Any, Mapping[str, Any]]:
    """Return the file, and what it says of its geometry."""
    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    try:
        file = pq.ParquetFile(pa.BufferReader(member.path.read_bytes()))
        said = json.loads((file.schema_arrow.metadata or {}).get(b"geo", b"{}"))
    except MemoryError:
        raise
    except Exception as error:
        raise Refused("parquet.unreadable", fault_place(error)) from error
    if file.metadata.num_rows * max(file.metadata.num_columns, 1) > _MOST_CELLS:
        raise Refused("parquet.too_large", f"{file.metadata.num_rows}")
    return file, said if isinstance(said, dict) else {}


def _groups(file: Any) -> tuple[list[int], list[RowFlaw], dict[str, list[Any]]]:  # noqa: ANN401
    """Return row numbers, rows lost and columns of every row group that can be read."""
    rows: list[int] = []
    lost: list[RowFlaw] = []
    columns: dict[str, list[Any]] = {name: [] for name in file.schema_arrow.names}
    if len(columns) != len(file.schema_arrow.names):
        raise Refused("parquet.unreadable", "two columns of one name")
    first = 1
    for number in range(file.num_row_groups):
        count = file.metadata.row_group(number).num_rows
        try:
            group = _cells_of(file.read_row_group(number, use_threads=False))
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - pyarrow gives up in many ways
            lost.append(RowFlaw(first, "layer.cut", fault_place(error), count=count))
        else:
            rows += range(first, first + count)
            for name, found in group.items():
                columns[name] += found
        first += count
    return rows, [flaw for flaw in lost if flaw.count], columns


def _cells_of(group: Any) -> dict[str, list[Any]]:  # noqa: ANN401 - a pyarrow table
    """Return the columns of a row group; moments with a time zone are in UTC, as they are kept."""
    found = {}
    for name, column in zip(group.column_names, group.columns, strict=True):
        zone = pa.types.is_timestamp(column.type) and column.type.tz
        plain = column.cast(pa.timestamp(column.type.unit)) if zone else column
        cells = plain.to_pylist()
        found[name] = [cell and cell.replace(tzinfo=dt.UTC) for cell in cells] if zone else cells
    return found


def _geometry(geo: Mapping[str, Any]) -> tuple[str, str]:
    """Return the column of WKB and the CRS it declares, "" where there is none."""
    name = str(geo.get("primary_column") or "")
    every = geo.get("columns")
    said = every.get(name) if isinstance(every, dict) else None
    if not isinstance(said, dict):
        return "", ""
    if said.get("encoding") != "WKB":
        raise Refused("parquet.encoding", str(said.get("encoding")))
    crs = said.get("crs", {"id": {"authority": "OGC", "code": "CRS84"}})
    code = crs.get("id") if isinstance(crs, dict) else None
    return name, f"{code.get('authority')}:{code.get('code')}" if isinstance(code, dict) else ""


def _blob(value: Any) -> bytes | None:  # noqa: ANN401 - whatever the column holds
    return value if isinstance(value, bytes) else None


def _cell(value: Any) -> Cell:  # noqa: ANN401 - whatever the column holds
    """Return a value as a cell: moments in ISO 8601, lists and structures as JSON."""
    if isinstance(value, float):
        return None if math.isnan(value) else value
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
