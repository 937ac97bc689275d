"""The child's job: unpack, recognise, read; each member ends as tables, a refusal or ignored."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from intake.child import local_headers, readers
from intake.child.answer import Answer
from intake.child.member import Member, Source
from intake.child.refused import Refused
from intake.child.sniff import sniff
from intake.child.unzip import unzip
from intake.gathering import COMPANIONS
from intake.reading import DeliveredTable

_UNREAD = {".gpkg": (".gpkg-shm",), ".tab": (".ind",)}
"""Companions that carry no rows, by the extension of the file that they belong to."""
_ORPHANS = {
    ".shx": "refused.orphan", ".prj": "refused.orphan", ".cpg": "refused.orphan",
    ".gpkg-wal": "refused.wal", ".gpkg-shm": "refused.wal", ".dbt": "refused.memo",
    ".fpt": "refused.memo", ".map": "refused.mapinfo", ".id": "refused.mapinfo",
    ".ind": "refused.mapinfo", ".mid": "refused.mapinfo",
}  # fmt: skip
_SILENT = (
    ".sbn", ".sbx", ".qix", ".qpj", ".qml", ".sld", ".xml", ".fix", ".atx", ".ain", ".aih",
    ".idx", ".cst", ".lyr", ".lyrx", ".mxd", ".qgs", ".qgz", ".tfw",
)  # fmt: skip
_GEODATABASE = "geodatabase"
"""What tables of a geodatabase are called that came without its folder."""
_LAYERS = (".shp", ".gdbtable", ".gpkg", ".tab", ".mif")
_DOCUMENTS = {
    "readme", "read me", "fields", "字段对照", "字段说明", "数据说明", "使用说明", "说明", "读我",
}  # fmt: skip


def run(job: Mapping[str, Any], stream: BinaryIO) -> None:
    """
    Read the members of a job and write everything found in them.

    Parameters
    ----------
    job : mapping
        Members, options, private folder, and the parts that are not read again.
    stream : binary file
        Takes the answer, a line a piece.
    """
    members = [Member(str(m["name"]), Path(m["path"])) for m in job["members"]]
    answer = Answer(stream, job["skipped"])
    work = Path(job["work"])
    work.mkdir()
    _read_all(members, work, job["options"], answer)
    answer.end()


def _read_all(
    members: Sequence[Member],
    scratch: Path,
    options: Mapping[str, Any],
    answer: Answer,
    archive: str = "",
) -> None:
    """Read geodatabases, then every other member by itself."""
    folders, rest = _geodatabases(members)
    for number, (folder, files) in enumerate(folders.items()):
        name = "/".join(part for part in (archive, folder) if part not in ("", ".")) or _GEODATABASE
        place = scratch / f"g{number}.gdb"
        answer.part(name, partial(_read_geodatabase, name, files, place, answer))
    families: dict[str, dict[str, Member]] = defaultdict(dict)
    for member in rest:
        families[member.family].setdefault(member.suffix, member)
    for number, member in enumerate(rest):
        source = Source(member, families[member.family], scratch / f"w{number}", options)
        if member.suffix in _SILENT:
            answer.ignore(member.name, "ignored.companion")
        elif not _is_companion(source):
            answer.part(member.name, partial(_read_one, source, answer))


def _is_companion(source: Source) -> bool:
    """Return whether the member is read together with another one."""
    member, family = source.member, source.family
    return any(
        member.suffix in (*parts, *_UNREAD.get(main, ()))
        and main in family
        and family[member.suffix] is member
        for main, parts in COMPANIONS.items()
    )


def _read_one(source: Source, answer: Answer) -> Iterable[DeliveredTable]:
    """Read one member by what it is."""
    suffix = source.member.suffix
    if suffix in _ORPHANS:
        raise Refused(_ORPHANS[suffix], suffix)
    if local_headers.is_headless(source.member.path):
        source = _with_directory(source, answer)
    kind = sniff(source.member)
    if kind in ("zip", "kmz"):
        return _read_archive(source, kind, answer)
    return readers.read(source, kind, answer)


def _with_directory(source: Source, answer: Answer) -> Source:
    """Return an archive whose directory is missing with one; what is lost of it is named."""
    name = source.member.name
    copy = source.scratch.with_suffix(".zip")
    count, lost = local_headers.rebuild(source.member.path, copy, source.encoding)
    if not count:
        raise Refused("refused.zip_broken")
    for entry in lost:
        answer.refuse(f"{name}/{entry}", "zip.member")
    answer.refuse(f"{name}/…", "zip.no_directory", str(count))
    return replace(source, member=Member(name, copy))


def _read_archive(source: Source, kind: str, answer: Answer) -> tuple[()]:
    """Read what is in an archive, each member a part of its own."""
    archive = source.member
    unpacked = unzip(archive, source.scratch, source.encoding)
    for refusal in unpacked.refused:
        answer.refuse(refusal.member, refusal.rule, refusal.detail)
    for junk in unpacked.ignored:
        answer.ignore(junk.member, junk.rule)
    rows, papers = _sorted_out(unpacked.members, kind)
    for paper, rule in papers:
        answer.ignore(f"{archive.name}/{paper.name}", rule)
    if not rows and not unpacked.refused:
        raise Refused("zip.empty")
    inner = source.scratch / "inner"
    inner.mkdir()
    _read_all(rows, inner, source.options, answer, archive.name)
    return ()


def _sorted_out(
    members: Sequence[Member], kind: str
) -> tuple[list[Member], list[tuple[Member, str]]]:
    """Return the members that may hold rows, and those that do not with the rule that says why."""
    has_layers = any(member.suffix in _LAYERS for member in members)
    papers = {}
    for member in members:
        if kind == "kmz" and member.suffix != ".kml":
            papers[member] = "ignored.companion"
        elif has_layers and member.stem.lower() in _DOCUMENTS and member.suffix not in _LAYERS:
            papers[member] = "ignored.document"
    return [member for member in members if member not in papers], list(papers.items())


def _geodatabases(
    members: Sequence[Member],
) -> tuple[dict[str, list[Member]], list[Member]]:
    """Return the files of every file geodatabase by its folder, and all other members."""
    tables = {member.folder for member in members if member.suffix == ".gdbtable"}
    folders = {
        folder: [member for member in members if member.folder == folder]
        for folder in sorted(tables)
    }
    return folders, [member for member in members if member.folder not in tables]


def _read_geodatabase(
    name: str, files: Sequence[Member], place: Path, answer: Answer
) -> Iterable[DeliveredTable]:
    from intake.child import geodatabase  # noqa: PLC0415 - readers are loaded when needed

    return geodatabase.read(name, files, place, answer)
