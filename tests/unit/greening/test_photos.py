"""Photos: what is refused, what is dropped, what stays."""

import struct
import zlib

import pytest

from geo.errors import DataError
from greening.photos import MAX_BYTES, take_photo

GPS = b"GPSLatitude 38.0 106.2"


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def exif(turn: int, order: str = ">") -> bytes:
    mark = b"MM\0*" if order == ">" else b"II*\0"
    entry = struct.pack(f"{order}HHIHH", 0x0112, 3, 1, turn, 0)
    tiff = mark + struct.pack(f"{order}IH", 8, 1) + entry + struct.pack(f"{order}I", 0) + GPS
    return b"Exif\0\0" + tiff


QUANT, SCAN = segment(0xDB, b"table"), segment(0xDA, b"scan") + b"\x12\xff\x00\x34\xff\xd0\x56"


def jpeg(*middle: bytes, tail: bytes = b"") -> bytes:
    return b"\xff\xd8" + b"".join(middle) + QUANT + SCAN + b"\xff\xd9" + tail


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(*middle: bytes) -> bytes:
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", b"head")
        + b"".join(middle)
        + chunk(b"IDAT", b"pixels")
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("order", [">", "<"])
def test_a_stripped_jpeg_keeps_its_turn_and_loses_its_place(order: str) -> None:
    photo = take_photo(jpeg(segment(0xE1, exif(6, order))), strip=True)
    assert GPS not in photo.content
    assert b"Exif\0\0MM\0*" in photo.content
    assert struct.pack(">HHIHH", 0x0112, 3, 1, 6, 0) in photo.content
    assert photo.content.endswith(QUANT + SCAN + b"\xff\xd9")


def test_comments_and_other_metadata_go_but_the_colour_profile_stays() -> None:
    profile = segment(0xE2, b"ICC_PROFILE\0rgb")
    parts = (segment(0xFE, GPS), segment(0xED, GPS), segment(0xE1, b"http://ns.adobe.com" + GPS))
    photo = take_photo(jpeg(profile, segment(0xE2, b"MPF\0" + GPS), *parts), strip=True)
    assert photo.content == jpeg(profile)


def test_what_stands_after_the_picture_is_cut_off() -> None:
    assert take_photo(jpeg(tail=b"ftypmp42" + GPS), strip=True).content == jpeg()


def test_a_picture_of_several_scans_is_kept_whole() -> None:
    twice = b"\xff\xd8" + SCAN + QUANT + SCAN + b"\xff\xd9"
    assert take_photo(twice, strip=True).content == twice


def test_a_stripped_png_loses_text_time_and_exif() -> None:
    parts = [chunk(kind, GPS) for kind in (b"tEXt", b"iTXt", b"zTXt", b"eXIf", b"tIME")]
    assert take_photo(png(*parts), strip=True).content == png()


def test_without_the_request_nothing_is_changed() -> None:
    content = jpeg(segment(0xE1, exif(1)))
    assert take_photo(content, strip=False).content == content


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF89a....", b"<svg onload=alert(1)>", b"%PDF-1.7"],
)
def test_what_is_no_photo_is_refused(content: bytes) -> None:
    with pytest.raises(DataError, match="neither JPEG nor PNG"):
        take_photo(content, strip=False)


@pytest.mark.parametrize("whole", [jpeg(segment(0xE1, exif(3))), png(chunk(b"tEXt", b"x"))])
def test_a_photo_cut_short_anywhere_is_refused(whole: bytes) -> None:
    for end in range(8, len(whole)):
        with pytest.raises(DataError):
            take_photo(whole[:end], strip=True)


def test_an_exif_block_that_points_outside_itself_is_damaged() -> None:
    wild = b"Exif\0\0MM\0*" + struct.pack(">I", 4_000_000_000)
    with pytest.raises(DataError, match="damaged"):
        take_photo(jpeg(segment(0xE1, wild)), strip=True)


def test_a_photo_too_large_is_refused() -> None:
    with pytest.raises(DataError, match="at most"):
        take_photo(b"\xff\xd8\xff" + bytes(MAX_BYTES), strip=True)


def test_a_picture_of_an_apple_phone_is_told_what_to_set() -> None:
    heic = b"\x00\x00\x00\x18ftypheic" + bytes(40)
    with pytest.raises(DataError, match="HEIC"):
        take_photo(heic, strip=True)
