"""
GeoPackage, read by sqlite3: tables only. A view is code, a virtual table is code of others.

The file is opened read-only and immutable, with no extension, no trusted schema and an authorizer
that lets nothing pass but reading. A log that came with it (NAME-wal) holds its newest changes:
both are read together, from a copy, or refused together.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from intake.child import shapes
from intake.child.answer import Answer
from intake.child.fault_place import fault_place
from intake.child.member import Member
from intake.child.refused import Refused
from intake.reading import Cell, DeliveredTable, Field, Note, RowFlaw

_SYSTEM = ("layer_styles", "qgis_projects")
_ENVELOPES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
_VERSIONS = slice(18, 20)  # bytes of the header: what may write and read the file; 2 with a log
_LARGEST_VALUE = 200_000_000  # bytes
_READING = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_PRAGMA,
    sqlite3.SQLITE_RECURSIVE,
}


class _Text(bytes):
    """The bytes of a text, distinguished from a blob."""

    __slots__ = ()


def read(member: Member, log: Member | None, scratch: Path, answer: Answer) -> tuple[()]:
    """
    Read what gpkg_contents lists, each layer a part of its own.

    Parameters
    ----------
    member : Member
        The .gpkg.
    log : Member or None
        The .gpkg-wal that came with it.
    scratch : pathlib.Path
        A folder to be made, if need be.
    answer : Answer
        Takes the tables, the layers refused, and those ignored.

    Raises
    ------
    Refused
        If there is no list of contents, or nothing in it, or the log is not that of the file.
    """
    notes: tuple[Note, ...] = ()
    if log is not None and log.path.stat().st_size:
        opening = _open_with_log(member.path, log.path, scratch)
    else:
        opening = _open(f"file:{member.path.as_posix()}?mode=ro&immutable=1")
        notes = (Note("gpkg.without_log"),) if _is_written_with_log(member.path) else ()
    with closing(opening) as connection:
        contents = _contents(connection)
        system = [name for name, kind in contents if kind == "attributes" and name in _SYSTEM]
        if len(system) == len(contents):
            raise Refused("table.none")
        for name, kind in contents:
            if name in system:
                answer.ignore(f"{member.name}/{name}", "ignored.system_table")
            else:
                layer = partial(_layer, connection, name, kind, member, notes)
                answer.part(f"{member.name}/{name}", layer)
    return ()


def _layer(
    connection: sqlite3.Connection,
    name: str,
    kind: str,
    member: Member,
    notes: tuple[Note, ...],
) -> tuple[DeliveredTable]:
    """Return a layer as its only table."""
    try:
        _require_table(connection, name)
        if kind not in ("features", "attributes"):
            raise Refused("refused.tiles", kind)
        table = _table(connection, name, member)
        return (replace(table, notes=(*notes, *table.notes)),)
    except sqlite3.Error as error:
        raise Refused("sqlite.broken", fault_place(error)) from error


def _is_written_with_log(path: Path) -> bool:
    """Return whether the header says that changes go into a log first."""
    with path.open("rb") as file:
        return file.read(_VERSIONS.stop)[_VERSIONS] == b"\2\2"


def _open_with_log(path: Path, log: Path, scratch: Path) -> sqlite3.Connection:
    """Open a copy of the file with its log, if the two make one sound database."""
    if not _is_written_with_log(path):
        raise Refused("refused.wal")
    scratch.mkdir()
    shutil.copyfile(path, scratch / "in.gpkg")
    shutil.copyfile(log, scratch / "in.gpkg-wal")
    connection = _open(f"file:{(scratch / 'in.gpkg').as_posix()}?mode=ro")
    try:
        found = _plain(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.Error:
        found = ""
    if found != "ok":
        connection.close()
        raise Refused("refused.wal")
    return connection


def _open(uri: str) -> sqlite3.Connection:
    connection = sqlite3.connect(uri, uri=True)
    connection.text_factory = _Text
    for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0"):
        connection.execute(f"PRAGMA {pragma}")
    connection.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, 100_000)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LARGEST_VALUE)
    connection.set_authorizer(_authorize)
    return connection


def _authorize(action: int, _: str | None, name: str | None, *__: object) -> int:
    """Let reading pass, and the one function our own queries call."""
    allowed = action in _READING or (action == sqlite3.SQLITE_FUNCTION and name == "lower")
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


def _contents(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    try:
        rows = connection.execute("SELECT table_name, data_type FROM gpkg_contents").fetchall()
    except sqlite3.DatabaseError as error:
        raise Refused("gpkg.contents", fault_place(error)) from error
    return [(_plain(name), _plain(kind)) for name, kind in rows]


def _require_table(connection: sqlite3.Connection, name: str) -> None:
    """Refuse a view, and a virtual table: the one kind of table without a page of its own."""
    query = "SELECT type, sql, rootpage FROM sqlite_master WHERE lower(name) = lower(?)"
    found = connection.execute(query, (name,)).fetchall()
    if not found:
        raise Refused("gpkg.no_table", name)
    for kind, sql, page in found:
        if _plain(kind) == "view":
            raise Refused("gpkg.view", _plain(sql))
        if _plain(kind) == "table" and not page:
            raise Refused("gpkg.virtual", _plain(sql))


def _table(connection: sqlite3.Connection, name: str, member: Member) -> DeliveredTable:
    quoted = '"' + name.replace('"', '""') + '"'
    headings = [_raw(row[1]) for row in connection.execute(f"PRAGMA table_info({quoted})")]
    geometry, srs = _geometry_column(connection, name)
    _require_text(headings)
    cells, is_broken = _rows(connection, quoted, len(headings))
    rows = list(range(1, len(cells) + 1))
    columns = list(zip(*cells, strict=True)) if cells else [()] * len(headings)
    fields, found = [], shapes.Shapes([])
    flaws: list[RowFlaw] = []
    for heading, column in zip(headings, columns, strict=True):
        if geometry and _plain(heading).lower() == geometry.lower():
            blobs, flaws = _unwrap(column)
            found = shapes.from_wkb(blobs)
        else:
            fields.append(Field(heading, [_cell(value) for value in column]))
    return DeliveredTable(
        member=member.name,
        name=name,
        format="geopackage",
        rows=rows,
        fields=tuple(fields),
        wkb=found.wkb,
        mended=found.mended,
        flaws=tuple(flaws) + found.flaws_at(rows),
        notes=found.notes,
        lost=tuple(_lost(connection, name, len(cells), is_broken=is_broken)),
        crs=srs,
    )


def _require_text(headings: list[bytes]) -> None:
    """Refuse a table whose headings sqlite3 can name to nobody, the authorizer included."""
    for heading in headings:
        try:
            heading.decode()
        except UnicodeDecodeError as error:
            raise Refused("gpkg.heading", _plain(heading)) from error


def _rows(
    connection: sqlite3.Connection, quoted: str, width: int
) -> tuple[list[tuple[Any, ...]], bool]:
    """Read rows until the table ends or breaks; return them and whether it broke."""
    found: list[tuple[Any, ...]] = []
    try:
        for row in connection.execute(f"SELECT * FROM {quoted}"):  # noqa: S608 - quoted identifier
            if len(row) != width:
                raise Refused("sqlite.broken", f"{len(row)} ≠ {width}")
            found.append(row)
    except (sqlite3.Error, OverflowError):
        return found, True
    return found, False


def _lost(
    connection: sqlite3.Connection, name: str, count: int, *, is_broken: bool
) -> Iterator[RowFlaw]:
    """Compare with the count that GDAL leaves in gpkg_ogr_contents, if any."""
    declared = 0
    try:
        query = "SELECT feature_count FROM gpkg_ogr_contents WHERE lower(table_name) = lower(?)"
        row = connection.execute(query, (name,)).fetchone()
        declared = int(row[0]) if row and isinstance(row[0], int) else 0
    except sqlite3.Error:
        pass
    if declared > count or is_broken:
        missing = max(declared - count, 1)
        found = f"{count} < {declared}" if declared > count else ""
        yield RowFlaw(count + 1, "layer.cut", found, count=missing)


def _geometry_column(connection: sqlite3.Connection, name: str) -> tuple[str, str]:
    """Return the geometry column and the declared CRS, "" where there is none."""
    query = (
        "SELECT column_name, srs_id FROM gpkg_geometry_columns WHERE lower(table_name) = lower(?)"
    )
    try:
        row = connection.execute(query, (name,)).fetchone()
    except sqlite3.Error:
        return "", ""
    if row is None:
        return "", ""
    query = (
        "SELECT organization, organization_coordsys_id, definition"
        " FROM gpkg_spatial_ref_sys WHERE srs_id = ?"
    )
    try:
        srs = connection.execute(query, (row[1],)).fetchone()
    except sqlite3.Error:
        srs = None
    if srs is None:
        return _plain(row[0]), ""
    if _plain(srs[0]).upper() == "EPSG":
        return _plain(row[0]), f"EPSG:{srs[1]}"
    return _plain(row[0]), _plain(srs[2])[:8192]


def _unwrap(column: tuple[Any, ...]) -> tuple[list[bytes | None], list[RowFlaw]]:
    """Take the GeoPackage header off each geometry."""
    blobs: list[bytes | None] = []
    flaws = []
    for at, blob in enumerate(column):
        wkb, fault = _wkb(blob)
        blobs.append(wkb)
        if fault:
            raw = bytes(blob) if isinstance(blob, bytes) else str(blob).encode()
            flaws.append(RowFlaw(at + 1, "geometry.unreadable", fault, raw))
    return blobs, flaws


def _wkb(blob: Any) -> tuple[bytes | None, str]:  # noqa: ANN401 - whatever the cell holds
    if blob is None:
        return None, ""
    if not isinstance(blob, bytes) or isinstance(blob, _Text) or blob[:2] != b"GP" or len(blob) < 8:  # noqa: PLR2004
        return None, "no GeoPackage header"
    envelope = _ENVELOPES.get(blob[3] >> 1 & 0b111)
    if envelope is None or blob[3] & 0b100000:
        return None, "unknown header"
    return blob[8 + envelope :], ""


def _cell(value: Any) -> Cell:  # noqa: ANN401 - whatever the cell holds
    if isinstance(value, _Text):
        return bytes(value) or None
    return "0x" + value.hex() if isinstance(value, bytes) else value


def _raw(text: Any) -> bytes:  # noqa: ANN401
    return bytes(text) if isinstance(text, bytes) else str(text).encode()


def _plain(text: Any) -> str:  # noqa: ANN401
    """Return a name as text, whatever it holds."""
    return text.decode("utf-8", "backslashreplace") if isinstance(text, bytes) else str(text or "")
