"""DGN drawings of version 7 for tests: GDAL writes the elements, levels and texts are put in."""

import struct
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import pyogrio
import shapely

_LINE, _LINES, _SHAPE, _TEXT = 3, 4, 6, 17
Element = tuple[shapely.Geometry, int, bytes | None]
"""Geometry, level, and what is written there if it is a text."""


def drawing(path: Path, elements: Sequence[Element], *, is_3d: bool = False) -> Path:
    """Write a drawing; points become lines without length, or texts."""
    frame = gpd.GeoDataFrame(geometry=[shape for shape, _, _ in elements], crs="EPSG:4544")
    options = {"3D": "YES"} if is_3d else {}
    pyogrio.write_dataframe(frame, path, driver="DGN", layer="elements", dataset_options=options)
    data = path.read_bytes()
    wanted = iter(elements)
    parts, at = [], 0
    while data[at : at + 2] != b"\xff\xff" and at < len(data):
        end = at + 4 + 2 * struct.unpack_from("<H", data, at + 2)[0]
        part = bytearray(data[at:end])
        if part[1] & 0x7F in (_LINE, _LINES, _SHAPE):
            _, level, text = next(wanted)
            part[0] = (part[0] & 0xC0) | level
            part = part if text is None else _as_text(part, text, is_3d=is_3d)
        parts.append(bytes(part))
        at = end
    path.write_bytes(b"".join(parts) + data[at:])
    return path


def _as_text(line: bytearray, text: bytes, *, is_3d: bool) -> bytearray:
    """Return a line without length as a text at its place."""
    origin, turned = (line[36:48], 16) if is_3d else (line[36:44], 4)
    body = bytes([1, 7, *[0] * 8, *[0] * turned]) + origin + bytes([len(text), 0]) + text
    part = line[:36] + body + b"\x00" * (len(body) % 2)
    part[1] = _TEXT
    struct.pack_into("<H", part, 2, (len(part) - 4) // 2)
    struct.pack_into("<H", part, 30, (len(part) - 32) // 2)
    return part
