"""The tables every GeoPackage 1.3 has, and the SQL that makes a feature table with its R-tree."""

from layers.spec import Column, DType, LayerSpec

APPLICATION_ID = 0x47504B47  # "GPKG"
USER_VERSION = 10300
GEOMETRY = "geom"
KEY = "fid"

SQL_TYPE: dict[DType, str] = {
    "str": "TEXT",
    "int": "INTEGER",
    "float": "REAL",
    "bool": "BOOLEAN",
    "date": "DATE",
}

CORE = """
CREATE TABLE gpkg_spatial_ref_sys (
    srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
    organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (
    table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
    description TEXT DEFAULT '',
    last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
    min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
    CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (
    table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
    srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
    CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
    CONSTRAINT uk_gc_table_name UNIQUE (table_name),
    CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
    CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE gpkg_extensions (
    table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
    scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
CREATE TABLE gpkg_data_columns (
    table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT,
    mime_type TEXT, constraint_name TEXT,
    CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
    CONSTRAINT gdc_tn UNIQUE (table_name, name));
CREATE TABLE gpkg_data_column_constraints (
    constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC,
    min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
    CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
INSERT INTO gpkg_spatial_ref_sys VALUES
    ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', NULL),
    ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', NULL);
INSERT INTO gpkg_extensions VALUES
    ('gpkg_data_columns', NULL, 'gpkg_schema',
     'http://www.geopackage.org/spec130/#extension_schema', 'read-write'),
    ('gpkg_data_column_constraints', NULL, 'gpkg_schema',
     'http://www.geopackage.org/spec130/#extension_schema', 'read-write');
"""
"""Metadata tables, before any layer is written."""

RTREE_DEFINITION = "http://www.geopackage.org/spec130/#extension_rtree"


def quoted(identifier: str) -> str:
    """Return `identifier` as SQL: data never becomes a statement, whatever it is called."""
    return '"' + identifier.replace('"', '""') + '"'


def feature_table(name: str, columns: tuple[Column, ...], geometry: str) -> str:
    """Return the statement that creates the feature table `name`."""
    own = [f"{quoted(c.name)} {SQL_TYPE[c.dtype]}" for c in columns]
    key = f"{KEY} INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL"
    return f"CREATE TABLE {quoted(name)} ({', '.join([key, f'{GEOMETRY} {geometry}', *own])})"


def insert(spec: LayerSpec) -> str:
    """Return the statement that adds a row: its columns ?1 and on, then its geometry."""
    names = [*(quoted(column.name) for column in spec.columns), GEOMETRY]
    marks = ", ".join(f"?{place}" for place in range(1, len(names) + 1))
    return f"INSERT INTO {quoted(spec.name)} ({', '.join(names)}) VALUES ({marks})"


def update(spec: LayerSpec) -> str:
    """Return the statement that changes a row: its columns ?1 and on, its geometry."""
    names = [*(quoted(column.name) for column in spec.columns), GEOMETRY]
    sets = ", ".join(f"{name} = ?{place}" for place, name in enumerate(names, start=1))
    return f"UPDATE {quoted(spec.name)} SET {sets} WHERE {quoted(spec.key)} = ?1"


def rtree_table(name: str) -> str:
    """Return the statement that creates the R-tree of the feature table `name`."""
    tree = quoted(f"rtree_{name}_{GEOMETRY}")
    return f"CREATE VIRTUAL TABLE {tree} USING rtree(id, minx, maxx, miny, maxy)"


def rtree_triggers(name: str) -> list[str]:
    """
    Return the statements that keep the R-tree of `name` right when another program edits the table.

    The ST_ functions come from that program: QGIS, GDAL and SpatiaLite have them.
    """
    table, tree = quoted(name), quoted(f"rtree_{name}_{GEOMETRY}")
    new, has_shape = (
        f"NEW.{GEOMETRY}",
        f"(NEW.{GEOMETRY} NOTNULL AND NOT ST_IsEmpty(NEW.{GEOMETRY}))",
    )
    put = (
        f"INSERT OR REPLACE INTO {tree} VALUES (NEW.{KEY}, ST_MinX({new}), ST_MaxX({new}), "
        f"ST_MinY({new}), ST_MaxY({new}));"
    )
    drop_old = f"DELETE FROM {tree} WHERE id = OLD.{KEY};"
    drop_both = f"DELETE FROM {tree} WHERE id IN (OLD.{KEY}, NEW.{KEY});"
    same = f"OLD.{KEY} = NEW.{KEY} AND"
    moved = f"OLD.{KEY} != NEW.{KEY} AND"
    of_shape = f"UPDATE OF {GEOMETRY}"
    rows = (
        ("insert", "INSERT", has_shape, put),
        ("update1", of_shape, f"{same} {has_shape}", put),
        ("update2", of_shape, f"{same} NOT {has_shape}", drop_old),
        ("update3", "UPDATE", f"{moved} {has_shape}", f"{drop_old} {put}"),
        ("update4", "UPDATE", f"{moved} NOT {has_shape}", drop_both),
        ("delete", "DELETE", f"OLD.{GEOMETRY} NOT NULL", drop_old),
    )
    return [
        f"CREATE TRIGGER {quoted(f'rtree_{name}_{GEOMETRY}_{suffix}')} AFTER {event} ON {table} "
        f"WHEN {when} BEGIN {body} END"
        for suffix, event, when, body in rows
    ]
