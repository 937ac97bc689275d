"""
Archives without their directory: the entries found again by the header that precedes each of them.

The directory of a .zip is at its end, so a copy that was broken off lacks it. What can be unpacked
and agrees with its checksum is put into a sound archive; anything else is named.
"""

import mmap
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from intake.child.unzip import LOCAL_HEADER, MOST_BYTES, MOST_MEMBERS, is_bomb, name_of

_MAGIC, _DESCRIPTOR = b"PK\x03\x04", b"PK\x07\x08"
_FIELDS = struct.Struct("<4s5H3I2H")
_ENCRYPTED, _SIZES_BEHIND = 0x1, 0x8
_CHUNK = 2**16
_CUT_IS_READ = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
"""Entries of which the beginning is worth something: their reader says what they lack."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry: its header's fields, its name, and where its content begins."""

    flags: int
    method: int
    checksum: int
    packed: int
    name: str
    start: int


def is_headless(path: Path) -> bool:
    """Return whether a file begins like an archive and has no directory that can be read."""
    with path.open("rb") as stream:
        if stream.read(len(_MAGIC)) != _MAGIC:
            return False
    try:
        zipfile.ZipFile(path).close()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return True
    return False


def rebuild(path: Path, copy: Path, encoding: str = "") -> tuple[int, list[str]]:
    """
    Write the entries of an archive without directory into a sound one.

    Parameters
    ----------
    path : Path
        The archive.
    copy : Path
        Where the sound one is written; nothing is there yet.
    encoding : str, default ""
        Encoding of names without the UTF-8 flag.

    Returns
    -------
    int
        How many entries were found again.
    list of str
        Names of those that are damaged, encrypted, twice there or broken off.
    """
    found: set[str] = set()
    lost: list[str] = []
    left = MOST_BYTES
    with (
        path.open("rb") as stream,
        mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data,
        zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as out,
    ):
        for entry in _entries(data, encoding):
            content = None if entry.name in found else _content(data, entry, left)
            if content is None:
                lost.append(entry.name)
                continue
            left -= len(content)
            found.add(entry.name)
            out.writestr(zipfile.ZipInfo(entry.name), content)
            if len(found) + len(lost) >= MOST_MEMBERS:
                break
    return len(found), lost


def _entries(data: mmap.mmap, encoding: str) -> Iterator[_Entry]:
    """Yield the entries whose header is whole, folders left out."""
    at = data.find(_MAGIC)
    while 0 <= at <= len(data) - LOCAL_HEADER:
        _, _, flags, method, _, _, checksum, packed, _, name_size, extra = _FIELDS.unpack_from(
            data, at
        )
        start = at + LOCAL_HEADER + name_size + extra
        raw = data[at + LOCAL_HEADER : at + LOCAL_HEADER + name_size]
        info = zipfile.ZipInfo(raw.decode("utf-8" if flags & 0x800 else "cp437", "replace"))
        info.flag_bits = flags
        name = name_of(info, encoding)
        if name and not name.endswith("/"):
            yield _Entry(flags, method, checksum, packed, name, start)
        at = data.find(_MAGIC, start + packed)


def _content(data: mmap.mmap, entry: _Entry, most: int) -> bytes | None:
    """Return what an entry holds, None if that is not certain."""
    if entry.flags & _ENCRYPTED:
        return None
    if entry.method == zipfile.ZIP_STORED and not entry.flags & _SIZES_BEHIND:
        content = data[entry.start : entry.start + entry.packed]
        return content if zlib.crc32(content) == entry.checksum else None
    return _inflated(data, entry, most) if entry.method == zipfile.ZIP_DEFLATED else None


def _inflated(data: mmap.mmap, entry: _Entry, most: int) -> bytes | None:
    """Return the content of a deflated entry."""
    unpack = zlib.decompressobj(-zlib.MAX_WBITS)
    content = bytearray()
    at = entry.start
    try:
        while not unpack.eof and at < len(data):
            content += unpack.decompress(data[at : at + _CHUNK])
            at = min(at + _CHUNK, len(data))
            if len(content) > most or is_bomb(len(content), at - entry.start):
                return None
    except zlib.error:
        return None
    if not unpack.eof:
        return bytes(content) if _CUT_IS_READ.fullmatch(entry.name) else None
    end = at - len(unpack.unused_data)
    is_right = zlib.crc32(content) == _checksum(data, entry, end)
    return bytes(content) if is_right else None


def _checksum(data: mmap.mmap, entry: _Entry, end: int) -> int:
    """Return the checksum that the archive states, -1 where it was broken off."""
    if not entry.flags & _SIZES_BEHIND:
        return entry.checksum
    start = end + len(_DESCRIPTOR) * (data[end : end + len(_DESCRIPTOR)] == _DESCRIPTOR)
    stated = data[start : start + 4]
    return int.from_bytes(stated, "little") if len(stated) == 4 else -1  # noqa: PLR2004
