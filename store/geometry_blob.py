"""The geometry blob of a GeoPackage: eight bytes of header, an envelope, then WKB."""

import struct
from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

_MAGIC = b"GP"
_HEADER_BYTES = 8
_LITTLE_ENDIAN, _WITH_ENVELOPE, _EMPTY, _EXTENDED = 0x01, 0x02, 0x10, 0x20
_ENVELOPE_BYTES = (0, 32, 48, 48, 64)  # by the envelope indicator, bits 1-3 of the flags


def encode(shapes: NDArray[np.object_], srs_id: int) -> list[bytes | None]:
    """
    Return the GeoPackage blob of every shape, None for None.

    Parameters
    ----------
    shapes : ndarray of shapely geometries or None, shape (n,)
        Two-dimensional.
    srs_id : int
        Key of their CRS in gpkg_spatial_ref_sys.
    """
    bodies = shapely.to_wkb(shapes, byte_order=1, output_dimension=2)
    empty = shapely.is_empty(shapes)
    boxed = ~empty & (shapely.get_dimensions(shapes) > 0)
    flags = _LITTLE_ENDIAN | np.where(boxed, _WITH_ENVELOPE, 0) | np.where(empty, _EMPTY, 0)
    heads = {flag: struct.pack("<2sBBi", _MAGIC, 0, flag, srs_id) for flag in set(flags.tolist())}
    # The header's envelope is minx, maxx, miny, maxy.
    boxes = np.ascontiguousarray(shapely.bounds(shapes)[:, [0, 2, 1, 3]], dtype="<f8")
    return [
        None if body is None else heads[flag] + (box.tobytes() if has_box else b"") + body
        for body, flag, box, has_box in zip(bodies, flags.tolist(), boxes, boxed, strict=True)
    ]


def decode(blobs: Sequence[object]) -> NDArray[np.object_]:
    """
    Return the shape of every blob, in two dimensions; None for NULL and for what cannot be read.

    Parameters
    ----------
    blobs : sequence of bytes or None, length n
        Whatever the geometry column holds, also from other writers: any envelope, ISO or EWKB.
    """
    bodies = np.empty(len(blobs), dtype=object)
    bodies[:] = [_body(blob) for blob in blobs]
    return shapely.force_2d(shapely.from_wkb(bodies, on_invalid="ignore"))


def box(blob: bytes) -> tuple[float, float, float, float] | None:
    """Return minx, maxx, miny, maxy of one blob, None where it is empty or cannot be read."""
    flags = blob[3] if len(blob) > _HEADER_BYTES else _EMPTY
    if flags & _EMPTY:
        return None
    if flags >> 1 & 0x07 and flags & _LITTLE_ENDIAN:
        west, east, south, north = struct.unpack_from("<4d", blob, _HEADER_BYTES)
        return west, east, south, north
    west, south, east, north = shapely.bounds(decode([blob])[0]).tolist()
    return None if np.isnan(west) else (west, east, south, north)


def _body(blob: object) -> bytes | None:
    """Return the WKB inside a blob, None where there is none that we can read."""
    if not isinstance(blob, bytes) or len(blob) <= _HEADER_BYTES or blob[:2] != _MAGIC:
        return None
    flags = blob[3]
    envelope = (flags >> 1) & 0x07
    if envelope >= len(_ENVELOPE_BYTES) or flags & _EXTENDED:
        return None
    return blob[_HEADER_BYTES + _ENVELOPE_BYTES[envelope] :]
