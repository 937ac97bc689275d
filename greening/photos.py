"""
Photos from the site: checked by their content and cut down to the picture.

Only JPEG and PNG are kept. Stripping drops every block that is not needed to draw the picture -
place, time, device, thumbnails, anything after its end - and keeps the camera's orientation.
Nothing is decoded: a picture is walked block by block.
"""

import hashlib
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from geo.errors import DataError

MAX_BYTES = 12 * 1024 * 1024
"""Largest photo taken in."""

_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_SOS, _EOI, _APP0, _APP1, _APP2, _APP14, _APP15, _COM = (
    0xDA,
    0xD9,
    0xE0,
    0xE1,
    0xE2,
    0xEE,
    0xEF,
    0xFE,
)
_ORIENTATION = 0x0112
_PNG_KEPT = frozenset(b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT".split())


@dataclass(frozen=True, slots=True)
class Photo:
    """
    A photo ready to be kept.

    Attributes
    ----------
    content : bytes
        The picture.
    suffix : {".jpg", ".png"}
        By its content, whatever its name said.
    """

    content: bytes
    suffix: str

    @property
    def name(self) -> str:
        """File name: the SHA-256 of the content."""
        return hashlib.sha256(self.content).hexdigest() + self.suffix


def take_photo(content: bytes, *, strip: bool) -> Photo:
    """
    Check an uploaded photo.

    Parameters
    ----------
    content : bytes
        As uploaded.
    strip : bool
        Whether to drop where, when and by what it was taken.

    Raises
    ------
    DataError
        If it is larger than `MAX_BYTES`, neither JPEG nor PNG, or cut short.
    """
    if len(content) > MAX_BYTES:
        raise DataError(
            f"photo of {len(content):,} bytes; at most {MAX_BYTES:,}",
            f"照片 {len(content) / 2**20:.1f} MB，不得超过 {MAX_BYTES // 2**20} MB",
        )
    readers = {_JPEG: (_jpeg_blocks, ".jpg"), _PNG: (_png_blocks, ".png")}
    for magic, (blocks, suffix) in readers.items():
        if content.startswith(magic):
            try:
                kept = b"".join(blocks(content))
            except (struct.error, IndexError, ValueError) as error:
                raise DataError(f"{suffix} photo is damaged", f"照片（{suffix}）已损坏") from error
            return Photo(kept if strip else content, suffix)
    if content[4:8] == b"ftyp":  # the box that HEIC and films begin with
        raise DataError(
            "photo is HEIC or a film; expected JPEG or PNG (camera setting: most compatible)",
            "照片是 HEIC 或视频格式，应为 JPEG 或 PNG；请在相机设置中选“兼容性最佳”后重拍",
        )
    raise DataError("photo is neither JPEG nor PNG", "照片不是 JPEG 或 PNG 格式")


def _jpeg_blocks(content: bytes) -> Iterator[bytes]:
    """Yield start, orientation, the blocks that draw, and the end; drop all others."""
    yield content[:2]
    at = 2
    while True:
        while content[at + 1] == 0xFF:  # noqa: PLR2004 - fill bytes before a marker
            at += 1
        marker = content[at + 1]
        if content[at] != 0xFF:  # noqa: PLR2004 - every block starts so
            raise ValueError(at)
        if marker == _EOI:
            yield content[at : at + 2]
            return
        (length,) = struct.unpack_from(">H", content, at + 2)
        block = content[at : at + 2 + length]
        if len(block) < 2 + length:
            raise ValueError(at)
        at += 2 + length
        if marker == _SOS:
            scan = _MARKER.search(content, at)
            if scan is None:
                raise ValueError(at)
            yield block + content[at : scan.start()]
            at = scan.start()
        else:
            yield _drawing(marker, block)


def _drawing(marker: int, block: bytes) -> bytes:
    """Return a JPEG block if the picture needs it, what it says of orientation, or nothing."""
    if marker == _APP1:
        turn = _orientation(block[4:])
        return _exif(turn) if turn else b""
    dropped = marker == _COM or (_APP1 <= marker <= _APP15 and marker != _APP14)
    is_profile = marker == _APP2 and block[4:].startswith(b"ICC_PROFILE\0")
    return b"" if dropped and not is_profile else block


def _orientation(exif: bytes) -> int:
    """Read the orientation from an Exif block, 0 where there is none."""
    if not exif.startswith(b"Exif\0\0"):
        return 0
    tiff = exif[6:]
    order = "<" if tiff[:2] == b"II" else ">"
    (start,) = struct.unpack_from(f"{order}I", tiff, 4)
    (entries,) = struct.unpack_from(f"{order}H", tiff, start)
    for entry in range(entries):
        tag, _, _, value = struct.unpack_from(f"{order}HHIH", tiff, start + 2 + 12 * entry)
        if tag == _ORIENTATION:
            return int(value) if 1 <= value <= 8 else 0  # noqa: PLR2004 - eight orientations
    return 0


def _exif(turn: int) -> bytes:
    """Return an Exif block that says the orientation and nothing else."""
    entry = struct.pack(">HHIHH", _ORIENTATION, 3, 1, turn, 0)
    tiff = b"MM\0*" + struct.pack(">IH", 8, 1) + entry + struct.pack(">I", 0)
    body = b"Exif\0\0" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _png_blocks(content: bytes) -> Iterator[bytes]:
    """Yield the signature and the chunks that draw, up to the end."""
    yield content[: len(_PNG)]
    at = len(_PNG)
    while True:
        (length,) = struct.unpack_from(">I", content, at)
        kind, chunk = content[at + 4 : at + 8], content[at : at + 12 + length]
        if len(chunk) < 12 + length:
            raise ValueError(at)
        if kind in _PNG_KEPT:
            yield chunk
        if kind == b"IEND":
            return
        at += 12 + length
