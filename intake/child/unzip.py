"""
Unzip: archives unpacked by our own rules, under numbers instead of their names.

Names are shown to people and group the files of a shapefile; they are never a path. What is
encrypted, linked, overlapping, nested, absurdly compressed or named to climb out is refused.
"""

import re
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from intake.child.fault_place import fault_place
from intake.child.member import Member
from intake.child.refused import Refused
from intake.reading import Refusal

MOST_MEMBERS = 5_000
MOST_BYTES = 2 * 2**30
_MOST_RATIO = 200  # times; drawings compress 20-fold, a bomb a thousandfold
_RATIO_FROM = 2**20  # bytes below which the ratio says nothing
LOCAL_HEADER = 30
_CHUNK = 2**20
_JUNK = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\._|~\$)", re.IGNORECASE)
_ARCHIVES = (".zip", ".kmz", ".ovkmz", ".rar", ".7z", ".gz")


@dataclass(frozen=True, slots=True)
class Unpacked:
    """Members of an archive, those refused, and those that carry no rows."""

    members: tuple[Member, ...]
    refused: tuple[Refusal, ...]
    ignored: tuple[Refusal, ...]


def unzip(archive: Member, folder: Path, encoding: str = "") -> Unpacked:
    """
    Unpack `archive` into `folder`.

    Parameters
    ----------
    archive : Member
        The archive.
    folder : Path
        A new private folder.
    encoding : str, default ""
        Encoding of names without the UTF-8 flag; "" tries UTF-8, then GB 18030.

    Raises
    ------
    Refused
        If the archive as a whole cannot be trusted: too many members, a bomb, overlapping entries.
    """
    folder.mkdir()
    try:
        with zipfile.ZipFile(archive.path) as opened:
            infos = [info for info in opened.infolist() if not info.is_dir()]
            _check_whole(infos, opened)
            return _unpack(opened, infos, archive, folder, encoding)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError) as error:
        raise Refused("refused.zip_broken", fault_place(error)) from error


def name_of(info: zipfile.ZipInfo, encoding: str = "") -> str:
    """Return an entry's name: by its UTF-8 flag, else the bytes behind cp437 decoded anew."""
    if info.flag_bits & 0x800:
        return info.filename
    raw = info.orig_filename.encode("cp437", "replace")
    for codec in (encoding,) if encoding else ("utf-8", "gb18030"):
        try:
            return raw.decode(codec).split("\x00", 1)[0]
        except (UnicodeDecodeError, LookupError):
            continue
    return info.filename


def is_bomb(size: int, packed: int) -> bool:
    """Return whether so many bytes from so many packed ones are more than any file gives."""
    return size > _RATIO_FROM and size > _MOST_RATIO * max(packed, 1)


def _check_whole(infos: list[zipfile.ZipInfo], opened: zipfile.ZipFile) -> None:
    if len(infos) > MOST_MEMBERS:
        raise Refused("zip.too_many", f"{len(infos)} > {MOST_MEMBERS}")
    total = sum(info.file_size for info in infos)
    if total > MOST_BYTES:
        raise Refused("zip.too_large", f"{total // 2**20} MB")
    ends = 0
    for info in sorted(infos, key=lambda entry: entry.header_offset):
        if info.header_offset < ends:
            raise Refused("zip.overlap", info.filename)
        ends = info.header_offset + LOCAL_HEADER + len(info.orig_filename) + info.compress_size
    if ends > opened.start_dir:
        raise Refused("zip.overlap", "…")


def _unpack(
    opened: zipfile.ZipFile,
    infos: list[zipfile.ZipInfo],
    archive: Member,
    folder: Path,
    encoding: str,
) -> Unpacked:
    members: list[Member] = []
    refused: list[Refusal] = []
    ignored: list[Refusal] = []
    seen: set[str] = set()
    left = MOST_BYTES
    for number, info in enumerate(infos):
        name = name_of(info, encoding)
        shown = f"{archive.name}/{name}"
        if _JUNK.search(name):
            ignored.append(Refusal(shown, "ignored.junk"))
            continue
        try:
            _check_entry(info, name, seen)
            copy = folder / f"{number}"
            left -= _extract(opened, info, copy, left)
            members.append(Member(name, copy))
        except Refused as answer:
            refused.append(Refusal(shown, answer.rule, answer.detail))
        except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, RuntimeError) as error:
            refused.append(Refusal(shown, "zip.member", fault_place(error)))
        except Exception as error:  # noqa: BLE001 - zlib.error, lzma.LZMAError: whatever a codec raises
            refused.append(Refusal(shown, "zip.member", fault_place(error)))
    return Unpacked(tuple(members), tuple(refused), tuple(ignored))


def _check_entry(info: zipfile.ZipInfo, name: str, seen: set[str]) -> None:
    kind = info.external_attr >> 16
    parts = PurePosixPath(name.replace("\\", "/")).parts
    climbs = ".." in parts or name.startswith(("/", "\\")) or bool(re.match(r"[A-Za-z]:", name))
    if climbs or any(ord(sign) < ord(" ") for sign in name):
        raise Refused("zip.climbs", name)
    if info.flag_bits & 0x1:
        raise Refused("zip.encrypted")
    if stat.S_IFMT(kind) and not stat.S_ISREG(kind):
        raise Refused("zip.link")
    if PurePosixPath(name.lower()).suffix in _ARCHIVES:
        raise Refused("zip.nested")
    if name.casefold() in seen:
        raise Refused("zip.twice")
    if is_bomb(info.file_size, info.compress_size):
        raise Refused("zip.bomb", f"{info.file_size // max(info.compress_size, 1)}×")
    seen.add(name.casefold())


def _extract(opened: zipfile.ZipFile, info: zipfile.ZipInfo, copy: Path, left: int) -> int:
    """Copy one entry, counting what really comes out; return the bytes written."""
    written = 0
    with opened.open(info) as source, copy.open("xb") as target:
        for chunk in _chunks(source):
            written += len(chunk)
            if written > min(left, info.file_size):
                raise Refused("zip.bomb", "header lies")
            target.write(chunk)
    return written


def _chunks(source: object) -> Iterator[bytes]:
    while chunk := source.read(_CHUNK):  # type: ignore[attr-defined]
        yield chunk
