"""The child's job: unpack, recognise, read; each member ends as tables, a refusal or ignored."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from intake.child.geometry_column import take_geometry
from intake.child.member import Member
from intake.child.refused import Refused
from intake.child.sniff import sniff
from intake.child.unzip import unzip
from intake.reading import DeliveredTable, DeliveryReading, Refusal

_COMPANIONS = (".shx", ".dbf", ".prj", ".cpg")
_SILENT = (
    ".sbn", ".sbx", ".qix", ".qpj", ".qml", ".sld", ".xml", ".fix", ".atx", ".ain", ".aih",
    ".idx", ".cst", ".lyr", ".lyrx", ".mxd", ".qgs", ".qgz", ".tfw",
)  # fmt: skip
_LAYERS = (".shp", ".gdbtable", ".gpkg")
_DOCUMENTS = {
    "readme", "read me", "fields", "字段对照", "字段说明", "数据说明", "使用说明", "说明", "读我",
}  # fmt: skip


@dataclass(slots=True)
class _Found:
    """What has come out so far."""

    tables: list[DeliveredTable] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    ignored: list[Refusal] = field(default_factory=list)


def run(job: Mapping[str, Any]) -> DeliveryReading:
    """Read the members of a job and return everything found in them."""
    members = [Member(str(m["name"]), Path(m["path"])) for m in job["members"]]
    found = _Found()
    _read_all(members, Path(job["scratch"]), job["options"], found)
    return DeliveryReading(
        "", tables=tuple(found.tables), refused=tuple(found.refused), ignored=tuple(found.ignored)
    )


def _read_all(
    members: list[Member], scratch: Path, options: Mapping[str, Any], found: _Found
) -> None:
    families: dict[str, dict[str, Member]] = defaultdict(dict)
    for member in members:
        families[member.family].setdefault(member.suffix, member)
    for number, member in enumerate(members):
        family = families[member.family]
        if _is_companion(member, family):
            continue
        if member.suffix in _SILENT:
            found.ignored.append(Refusal(member.name, "ignored.companion"))
            continue
        try:
            _read_one(member, family, scratch / f"w{number}", options, found)
        except Refused as answer:
            found.refused.append(Refusal(member.name, answer.rule, answer.detail))
        except MemoryError:
            found.refused.append(Refusal(member.name, "child.memory"))
        except Exception as error:  # noqa: BLE001 - a reader that fails refuses its file, not the rest
            detail = f"{type(error).__name__}: {error}"[:300]
            found.refused.append(Refusal(member.name, "file.unreadable", _printable(detail)))


def _printable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _is_companion(member: Member, family: Mapping[str, Member]) -> bool:
    """Return whether the member is read together with its .shp."""
    return member.suffix in _COMPANIONS and ".shp" in family and family[member.suffix] is member


def _read_one(
    member: Member,
    family: Mapping[str, Member],
    scratch: Path,
    options: Mapping[str, Any],
    found: _Found,
) -> None:
    """Read one member by what it is."""
    if member.suffix in (".shx", ".prj", ".cpg", ".gpkg-wal", ".gpkg-shm"):
        raise Refused("refused.wal" if "gpkg" in member.suffix else "refused.orphan", member.suffix)
    if member.suffix in (".dbt", ".fpt"):
        raise Refused("refused.memo", member.suffix)
    encoding = str(options["encoding"])
    kind = sniff(member)
    if kind in ("zip", "kmz", "filegdb"):
        _read_archive(member, kind, scratch, options, found)
    elif kind == "shapefile":
        from intake.child import shapefile  # noqa: PLC0415 - readers are loaded when needed

        scratch.mkdir()
        found.tables.append(shapefile.read(member, family, scratch))
    elif kind == "dbf":
        found.tables.append(_lone_dbf(member))
    elif kind == "geopackage":
        from intake.child import geopackage  # noqa: PLC0415

        tables, refused, ignored = geopackage.read(member)
        found.tables += tables
        found.refused += refused
        found.ignored += ignored
    elif kind == "workbook":
        from intake.child import workbook  # noqa: PLC0415

        sheets, empty = workbook.read(member)
        found.tables += [part for sheet in sheets for part in take_geometry(sheet)]
        found.ignored += empty
    else:
        found.tables += _read_plain(member, kind, scratch, encoding, options)


def _read_plain(
    member: Member, kind: str, scratch: Path, encoding: str, options: Mapping[str, Any]
) -> list[DeliveredTable]:
    """Read a format that is one file and answers with tables only."""
    if kind == "geojson":
        from intake.child import geojson  # noqa: PLC0415

        return [geojson.read(member, encoding)]
    if kind == "kml":
        from intake.child import kml  # noqa: PLC0415

        return kml.read(member, encoding)
    if kind == "dxf":
        from intake.child import dxf  # noqa: PLC0415

        return dxf.read(member, float(options["closing_m"]), float(options["flatten_m"]))
    if kind == "delimited":
        from intake.child import delimited  # noqa: PLC0415

        return take_geometry(delimited.read(member, encoding))
    from intake.child import gdal  # noqa: PLC0415

    scratch.mkdir()
    copy = scratch / "in.fgb"
    copy.write_bytes(member.path.read_bytes())
    return gdal.read(copy, member.name, member.stem, "flatgeobuf")


def _lone_dbf(member: Member) -> DeliveredTable:
    from intake.child.dbf import read_dbf  # noqa: PLC0415
    from intake.reading import RowFlaw  # noqa: PLC0415

    table = read_dbf(member.path.read_bytes())
    return DeliveredTable(
        member.name,
        member.stem,
        "dbf",
        list(range(1, table.count + 1)),
        table.fields,
        flaws=tuple(RowFlaw(at + 1, "dbf.deleted") for at in table.deleted),
        lost=table.lost,
        encoding=table.language,
    )


def _read_archive(
    member: Member, kind: str, scratch: Path, options: Mapping[str, Any], found: _Found
) -> None:
    unpacked = unzip(member, scratch, str(options["encoding"]))
    found.refused += unpacked.refused
    found.ignored += unpacked.ignored
    plain = list(unpacked.members)
    if kind == "kmz":
        for extra in [m for m in plain if m.suffix != ".kml"]:
            found.ignored.append(Refusal(f"{member.name}/{extra.name}", "ignored.companion"))
            plain.remove(extra)
    if any(member.suffix in _LAYERS for member in plain):
        for paper in [m for m in plain if m.stem.lower() in _DOCUMENTS and m.suffix not in _LAYERS]:
            found.ignored.append(Refusal(f"{member.name}/{paper.name}", "ignored.document"))
            plain.remove(paper)
    if kind == "filegdb":
        plain = _read_geodatabases(member, plain, scratch, found)
    if not plain and not unpacked.refused and kind != "filegdb":
        raise Refused("zip.empty")
    inner = scratch / "inner"
    inner.mkdir()
    _read_all(plain, inner, options, found)


def _read_geodatabases(
    archive: Member, members: list[Member], scratch: Path, found: _Found
) -> list[Member]:
    """Rebuild each .gdb folder under a name of ours and read it; return the other members."""
    folders: dict[str, list[Member]] = defaultdict(list)
    rest: list[Member] = []
    for member in members:
        parent = str(PurePosixPath(member.name).parent)
        tables = any(
            m.suffix == ".gdbtable" and str(PurePosixPath(m.name).parent) == parent for m in members
        )
        (folders[parent] if tables else rest).append(member)
    from intake.child import gdal  # noqa: PLC0415

    for number, (folder, files) in enumerate(folders.items()):
        place = scratch / f"g{number}.gdb"
        place.mkdir()
        for file in files:
            name = PurePosixPath(file.name).name
            if name.isascii() and name.replace(".", "").replace("_", "").isalnum():
                file.path.rename(place / name)
        shown = PurePosixPath(folder).name.removesuffix(".gdb") or archive.stem
        try:
            found.tables += gdal.read(place, f"{archive.name}/{folder}", shown, "filegdb")
        except Refused as answer:
            found.refused.append(Refusal(f"{archive.name}/{folder}", answer.rule, answer.detail))
    return rest
