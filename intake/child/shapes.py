"""
Shapes: geometries of a file as WKB, with the repairs that are safe and the flaws that are not.

Works in the file's own coordinates: the repairs do not depend on the CRS. The structure method of
`make_valid` keeps area that the outlines enclose and drops what collapses; nothing else is changed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from intake.child import curves
from intake.reading import Note, OfferedRepair, RowFlaw

_CURVES = 7  # a GeometryCollection by its id of GEOS; those above are curves
Objects = NDArray[np.object_]


@dataclass(slots=True)
class Shapes:
    """WKB by row, repairs on offer and flaws by position, how many had arcs."""

    wkb: list[bytes | None]
    mended: dict[int, OfferedRepair] = field(default_factory=dict)
    flaws: list[tuple[int, str, str]] = field(default_factory=list)
    straightened: int = 0

    def flaws_at(self, rows: Sequence[int]) -> tuple[RowFlaw, ...]:
        """Return the flaws with the row numbers of the file."""
        return tuple(RowFlaw(int(rows[at]), rule, detail) for at, rule, detail in self.flaws)

    @property
    def notes(self) -> tuple[Note, ...]:
        """What to know of the geometries."""
        told = f"{self.straightened}, {curves.TOLERANCE_M:g} m"
        return (Note("geometry.straightened", told),) if self.straightened else ()


def as_objects(values: Iterable[Any]) -> Objects:
    """Return an array that holds each value as it is, whatever numpy would make of several."""
    return np.array([*values, None], dtype=object)[:-1]


def from_wkb(blobs: Sequence[bytes | None]) -> Shapes:
    """
    Examine WKB; arcs become straight pieces.

    What cannot be read is a flaw, closing an open ring is a repair on offer.
    """
    raw = as_objects(blobs)
    broken_arcs, straightened = _straighten(raw)
    shapes = _read(raw)
    shapes.straightened = straightened
    shapes.flaws += [(at, "geometry.unreadable", why) for at, why in broken_arcs.items()]
    return shapes


def _straighten(raw: Objects) -> tuple[dict[int, str], int]:
    """Replace the curves in `raw`, those that cannot be read by None; return these and a count."""
    heads = {head for head in {blob[:5] for blob in raw if blob} if curves.is_curved(head)}
    broken: dict[int, str] = {}
    count = 0
    for at in [i for i, blob in enumerate(raw) if blob and blob[:5] in heads]:
        try:
            flat, arcs = curves.straight(raw[at])
        except ValueError as error:
            broken[at], raw[at] = str(error)[:200], None
        else:
            count += arcs > 0
            raw[at] = flat
    return broken, count


def _read(raw: Objects) -> Shapes:
    """Examine WKB without curves."""
    read = shapely.from_wkb(raw, on_invalid="ignore")
    present = np.array([blob is not None for blob in raw], dtype=bool)
    broken = np.flatnonzero(shapely.is_missing(read) & present)
    shapes = examine(read)
    for at in broken:
        blob = raw[at]
        shapes.wkb[at] = blob
        closed = shapely.from_wkb(blob, on_invalid="fix")
        if closed is not None and _is_finite(closed):
            shapes.mended[int(at)] = OfferedRepair(
                "repair.ring_closed", "", shapely.to_wkb(_valid(closed))
            )
        else:
            shapes.flaws.append((int(at), "geometry.unreadable", ""))
    return shapes


def examine(geometries: Objects) -> Shapes:
    """Return geometries as WKB with repairs and flaws; None stays None."""
    geometries = np.array(geometries, dtype=object)
    sole = (shapely.get_type_id(geometries) == _CURVES) & (
        shapely.get_num_geometries(geometries) == 1
    )
    geometries[sole] = shapely.get_geometry(geometries[sole], 0)
    shapes = Shapes(list(shapely.to_wkb(geometries)))
    finite = _finite(geometries)
    for at in np.flatnonzero(~finite):
        shapes.flaws.append((int(at), "geometry.not_finite", ""))
    kinds = shapely.get_type_id(geometries)
    for at in np.flatnonzero(finite & (kinds >= _CURVES)):
        shapes.flaws.append((int(at), "geometry.collection", str(geometries[at].geom_type)))
    usable = finite & (kinds >= 0) & (kinds < _CURVES)
    there = np.flatnonzero(usable)
    bent = there[~np.asarray(shapely.is_valid(geometries[there]), dtype=bool)]
    reasons: list[str] = [str(one) for one in shapely.is_valid_reason(geometries[bent])]
    for at, reason in zip(bent, reasons, strict=True):
        whole = _valid(geometries[at])
        if not whole.is_empty and whole.geom_type.removeprefix("Multi") in str(
            geometries[at].geom_type
        ):
            shapes.mended[int(at)] = OfferedRepair(
                "repair.make_valid", reason, shapely.to_wkb(whole)
            )
    return shapes


def ring_closed(closed: Any, detail: str = "") -> OfferedRepair:  # noqa: ANN401 - a polygon
    """Return the offer of an outline whose rings were closed, made valid where that is safe."""
    found = examine(as_objects([closed]))
    wkb = found.mended[0].wkb if found.mended else found.wkb[0] or b""
    return OfferedRepair("repair.ring_closed", detail, wkb)


def _valid(geometry: Any) -> Any:  # noqa: ANN401 - any geometry
    if geometry.is_valid:
        return geometry
    return shapely.make_valid(geometry, method="structure", keep_collapsed=False)


def _is_finite(geometry: Any) -> bool:  # noqa: ANN401
    return bool(np.isfinite(shapely.get_coordinates(geometry)).all())


def _finite(geometries: Objects) -> NDArray[np.bool_]:
    """Return whether every coordinate of each geometry is a finite number."""
    xy, index = shapely.get_coordinates(geometries, return_index=True)
    good = np.ones(len(geometries), dtype=bool)
    good[index[~np.isfinite(xy).all(axis=1)]] = False
    return good
