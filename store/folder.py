"""
A district on the disk: a folder with district.toml and district.gpkg, or any GeoPackage that fits.

`read` tells what became of every row; `read_district` returns the district alone.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from pyproj import CRS

import layers
from geo.crs import STORAGE_CRS, to_crs
from geo.errors import CrsError, StoreError
from layers.district import District, kinds_present
from layers.standalone import buildings_as_estates
from plan.facts import load_plan
from store import geopackage, read_only
from store.atomic import beside, replacing
from store.district_file import (
    FILE_NAME,
    DistrictFile,
    TableMapping,
    district_toml,
    inside,
    read_district_file,
)
from store.geopackage import UNDATED, Stored, Table
from store.geopackage_tables import GeoPackageTables
from store.journal import built, facts_now, parsed
from store.journal_schema import last_record
from store.mapping import Reason, TableReport, Taken, apart, report, spec_of, take
from store.migrations import require_known_schema
from store.osm_tables import ALIKE, MAPPINGS
from store.working_crs import working_crs

FILE = "district.gpkg"
OWN_FILE = "store.gpkg"  # where district.gpkg is somebody else's


@dataclass(frozen=True)
class Reading:
    """
    A district as read, with the account of every table.

    Attributes
    ----------
    district : District
        The district; buildings stand for estates where it has none.
    tables : tuple of TableReport
        One for each table of the file.
    """

    district: District
    tables: tuple[TableReport, ...]


def read_district(path: Path) -> District:
    """
    Read the district in a folder, or in a single GeoPackage.

    See `read` for what is accepted and what raises.
    """
    return read(path).district


def read(path: Path) -> Reading:
    """
    Read a district and account for every row of its file.

    Parameters
    ----------
    path : pathlib.Path
        A folder with a district.toml; or a folder with one .gpkg; or a .gpkg. Tables with the
        columns of our layers are read as they are; others as district.toml maps them, or, without
        one, `walkways`, `facilities`, `buildings` of an OpenStreetMap-like extract as
        `store.osm_tables` does. Tables that nothing maps are reported.

    Raises
    ------
    StoreError
        If there is nothing to read, or the file is damaged, or holds no table that we know.
    DataError
        Naming every value of our own layers that breaks its spec.
    CrsError
        If a table has no CRS or not the one that district.toml promises.
    """
    content, file = find(path)
    with read_only.opened(file) as base:
        stored, newest = geopackage.tables_of(base), last_record(base)
        live = GeoPackageTables(base)
        require_known_schema(live)
        specs = live.specs() if newest else {}
    record = parsed(newest) if newest else None
    mappings = () if record else content.mapping if content else MAPPINGS
    if content:
        _require_fit(content, stored, mappings)
    takings = {
        name: _takings(table, [m for m in mappings if m.table.lower() == name.lower()])
        for name, table in stored.items()
    }
    frames = dict(_frames(takings))
    tables = tuple(report(stored[name], taken) for name, taken in takings.items())
    if not frames:
        raise _nothing(file, tables)
    if record:
        facts = facts_now(record, content.settings() if content else {})
        kept = {name: stored[name].frame for name in specs}
        return Reading(built(kept, facts, specs), tables)
    crs = content.working_crs() if content else working_crs(frames)
    facts = _facts(content) if content else _default_facts(file, frames)
    district = District.from_frames(frames, crs=crs, **facts)
    if content:
        _require_towns(district, content)
    if not len(district["estates"]) and len(district["buildings"]):
        district = buildings_as_estates(district)
    return Reading(district, tables)


def _nothing(file: Path, tables: tuple[TableReport, ...]) -> StoreError:
    """Return the error for a file none of whose rows any layer can take, with a reason a table."""
    empty = Reason("0 rows", "0 行")
    reasons = [(t.table, next(iter(t.set_aside), empty)) for t in tables]
    en = "; ".join(f"{table} ({why.en})" for table, why in reasons)
    zh = "；".join(f"{table}（{why.zh}）" for table, why in reasons)
    return StoreError(
        f"{file}: nothing that we know; found {en or 'no tables'}",
        f"{file}：没有可识别的数据；读到 {zh or '0 个数据表'}",
    )


def find(path: Path) -> tuple[DistrictFile | None, Path]:
    """Return the district.toml at `path`, if there is one, and the GeoPackage to read."""
    if path.is_file():
        return None, path
    if not path.exists():
        raise StoreError(
            f"{path}: there is no such file or folder", f"{path}：没有这个文件或文件夹"
        )
    if (path / FILE_NAME).is_file():
        content = read_district_file(path)
        return content, inside(path, content.file)
    packages = sorted(path.glob("*.gpkg"))
    if len(packages) != 1:
        raise StoreError(
            f"{path}: expected a {FILE_NAME} or one .gpkg file; found {len(packages)} .gpkg files",
            f"{path}：应有 {FILE_NAME} 或一个 .gpkg 文件；读到 {len(packages)} 个 .gpkg 文件",
        )
    return None, packages[0]


def _require_fit(
    content: DistrictFile, stored: Mapping[str, Stored], mappings: Sequence[TableMapping]
) -> None:
    """Refuse a district.toml that speaks of what is not there."""
    if content.storage_crs:
        _require_crs(stored, content.storage_crs)
    for mapping in mappings:
        _require_mapped(mapping, stored)
    if content.plan:
        load_plan(content.plan)


def _require_mapped(mapping: TableMapping, stored: Mapping[str, Stored]) -> None:
    """Refuse a mapping of what is not in the file, or of a table that is a layer already."""
    spec_of(mapping)
    tables = {name.lower(): table for name, table in stored.items()}
    table = tables.get(mapping.table.lower())
    if table is None:
        raise _no_such(mapping, mapping.table, [*stored])
    if _is_layer(table):
        raise StoreError(
            f"{FILE_NAME}: mapping of {mapping.table}: the table is a layer of ours; it needs none",
            f"{FILE_NAME}：数据表 {mapping.table} 的对照：该表已是本软件的图层，无需对照",
        )
    there = [str(name) for name in table.frame]
    for name in (*mapping.columns.values(), mapping.key):
        if name and name.lower() not in map(str.lower, there):
            raise _no_such(mapping, name, there)


def _no_such(mapping: TableMapping, name: str, there: list[str]) -> StoreError:
    return StoreError(
        f"{FILE_NAME}: mapping of {mapping.table}: no {name!r}; found {', '.join(there)}",
        f"{FILE_NAME}：数据表 {mapping.table} 的对照：没有 {name!r}；读到 {'、'.join(there)}",
    )


def _require_crs(stored: Mapping[str, Stored], epsg: int) -> None:
    promised = CRS.from_epsg(epsg)
    for name, table in stored.items():
        if table.frame.crs is not None and CRS(table.frame.crs) != promised:
            found = CRS(table.frame.crs).name
            raise CrsError(
                f"table {name} is in {found}; {FILE_NAME} says {promised.name}",
                f"数据表 {name} 的坐标系是 {found}，而 {FILE_NAME} 写的是 {promised.name}",
            )


def _takings(table: Stored, mappings: list[TableMapping]) -> dict[str, Taken]:
    """Return what each layer takes from a table: as a layer of our own, else by its mappings."""
    if _is_layer(table):
        return {table.name: Taken.whole(table)}
    return {mapping.layer: take(table, mapping) for mapping in mappings}


def _is_layer(table: Stored) -> bool:
    """Return whether a table is a layer of ours, by its name and columns."""
    spec = layers.ALL.get(table.name) if table.name in layers.SURVEYED else None
    return spec is not None and {spec.key, "provenance"} <= set(table.frame)


def _frames(
    takings: Mapping[str, Mapping[str, Taken]],
) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    """Yield each layer that was surveyed, with its rows from all tables."""
    for layer in layers.SURVEYED:
        found = [taken[layer] for taken in takings.values() if layer in taken]
        parts = [taken.frame for taken in found if taken.is_own or len(taken.frame)]
        if parts:
            yield layer, _joined(layer, parts)


def _joined(layer: str, parts: list[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    if len(parts) == 1:
        return parts[0]
    if parts[0].crs is None:
        raise CrsError(f"{layer}: no CRS is declared", f"{layer}：没有坐标系说明")
    alike = [to_crs(part, CRS(parts[0].crs), layer) for part in parts]
    frame = gpd.GeoDataFrame(pd.concat(alike, ignore_index=True), crs=parts[0].crs)
    key = layers.ALL[layer].key
    return frame.assign(**{key: apart(frame[key])})


def _facts(content: DistrictFile) -> dict[str, Any]:
    """Return the attributes of `District` that district.toml tells."""
    facts: dict[str, Any] = {
        "district_id": content.id,
        "name": content.name,
        "name_en": content.name_en or content.name,
        "overlays": content.overlays,
        "plan": content.plan,
    }
    if content.surveyed is not None:
        facts["surveyed"] = frozenset(content.surveyed)
    if content.surveyed_kinds is not None:
        facts["surveyed_kinds"] = frozenset(content.surveyed_kinds)
    return facts


def _default_facts(file: Path, frames: Mapping[str, gpd.GeoDataFrame]) -> dict[str, Any]:
    """Name a district after its file, or its folder; say which kinds were looked for."""
    name = file.resolve().parent.name if file.name == FILE else file.stem
    plain = re.sub(r"[^a-z0-9_-]+", "-", name.lower()).strip("-_")[:64]
    present = kinds_present(frames)
    alike = {kind for found in present for kind in ALIKE.get(found, ())}
    return {"district_id": plain or "district", "name": name, "surveyed_kinds": present | alike}


def _require_towns(district: District, content: DistrictFile) -> None:
    absent = sorted(set(content.towns) - set(district["towns"]["name"]))
    if absent:
        raise StoreError(
            f"{FILE_NAME} names the town {absent[0]}, which the towns layer does not have",
            f"{FILE_NAME} 写有 {absent[0]}，但乡镇图层中没有",
        )


def write_district(district: District, path: Path) -> None:
    """
    Write a district as a folder: district.toml, and district.gpkg in EPSG:4490.

    Parameters
    ----------
    district : District
        What to write; reading it back gives the same version.
    path : pathlib.Path
        The folder, made if need be. Each file is replaced in one step.

    Raises
    ------
    StoreError
        If the folder cannot be written to or holds a live store, or the working CRS has no EPSG
        code.
    """
    content = _content(district)
    _make_folder(path)
    _spare_live(path / FILE)
    _write_package(district, path / FILE)
    _write_text(path / FILE_NAME, district_toml(content))


@contextmanager
def new_folder(path: Path, district: District) -> Iterator[Path]:
    """Yield a scratch file that becomes the GeoPackage of a new folder for `district`."""
    content = _content(district)
    _make_folder(path)
    with replacing(path / FILE) as scratch:
        yield scratch
    if not (path / FILE_NAME).is_file():
        _write_text(path / FILE_NAME, district_toml(content))


def _spare_live(file: Path) -> None:
    """Refuse to write over a file whose journal would be lost."""
    if not file.is_file():
        return
    with read_only.opened(file) as base:
        if last_record(base) is not None:
            raise StoreError(
                f"{file}: holds a live store with its journal; choose another folder",
                f"{file}：是带变更记录的数据库，不能覆盖；请换一个文件夹",
            )


def _write_package(district: District, file: Path) -> None:
    tables = [
        Table.of_layer(layers.ALL[name], to_crs(frame, STORAGE_CRS, name))
        for name, frame in district.frames.items()
        if district.has(name) or len(frame)
    ]
    geopackage.write(file, tables, date=district.data_date or UNDATED)


def make_own(path: Path, is_own: Callable[[Path], bool]) -> Path:
    """
    Return the GeoPackage of a district in our own form, made beside a foreign one if need be.

    Raises
    ------
    StoreError
        If `path` is a single file of foreign form.
    """
    content, file = find(path)
    if is_own(file) and not (content and content.mapping):
        return file
    if path.is_file():
        raise StoreError(
            f"{path}: other software's tables are read, not written; "
            "put the file into a folder of its own and name the folder",
            f"{path}：其他软件的数据表只读不写；请放入单独的文件夹并指定该文件夹",
        )
    district = read_district(path)
    own = path / (FILE if file.name != FILE else OWN_FILE)
    with suppress(FileExistsError), beside(own) as scratch:  # else another process was first
        _write_package(district, scratch)
        os.link(scratch, own)
    towns = content.towns if content else ()
    mine = _content(district).model_copy(update={"file": own.name, "towns": towns})
    _write_text(path / FILE_NAME, district_toml(mine))
    return own


def _content(district: District) -> DistrictFile:
    epsg = district.crs.to_epsg(min_confidence=100)
    if epsg is None:
        raise StoreError(
            f"the working CRS {district.crs.name} has no EPSG code",
            f"工作坐标系 {district.crs.name} 没有 EPSG 代码",
        )
    return DistrictFile(
        id=district.district_id,
        name=district.name,
        name_en=district.name_en,
        crs=epsg,
        storage_crs=STORAGE_CRS.to_epsg(),
        towns=tuple(district["towns"]["name"]),
        plan=district.plan,
        overlays=district.overlays,
        surveyed=tuple(name for name in layers.SURVEYED if name in district.surveyed),
        surveyed_kinds=tuple(sorted(district.surveyed_kinds)),
    )


def _make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"{path}: cannot be made a folder ({error.strerror})",
            f"{path}：无法建立文件夹（{error.strerror}）",
        ) from error


def _write_text(path: Path, text: str) -> None:
    with replacing(path) as scratch:
        scratch.write_bytes(text.encode())
