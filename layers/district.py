"""
District: one immutable state of every layer, with a digest of its content as its version.

All frames are in the district's working CRS, x easting and y northing [m], on a 0.1 mm grid.
Frames are shared, never copied and never written to: a change makes a new District.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

import layers
from geo.crs import require_working_crs, snap_to_grid, to_crs
from geo.errors import DataError
from geo.network import WalkNetwork
from layers.spec import Provenance


@dataclass(frozen=True)
class District:
    """
    A district's layers as they were at one moment.

    Attributes
    ----------
    district_id : str
        Short ASCII name, also the name of its overlay.
    name, name_en : str
        What people read.
    crs : pyproj.CRS
        Working CRS, projected, in metres.
    frames : mapping of str to geopandas.GeoDataFrame
        One frame for every layer of `layers.SURVEYED`, conforming to its spec.
    surveyed : frozenset of str
        Layers that were surveyed. An empty frame of a surveyed layer means "there is none"; an empty
        frame of a layer not listed means "nobody has looked".
    surveyed_kinds : frozenset of str
        Kinds of facility and parking that were surveyed, in the same sense.
    overlays : tuple of str
        Rulebook overlays to apply, from the widest to the narrowest.
    plan : str
        Name of the renovation plan in data/plans, "" if none.
    """

    district_id: str
    name: str
    name_en: str
    crs: CRS
    frames: Mapping[str, gpd.GeoDataFrame]
    surveyed: frozenset[str]
    surveyed_kinds: frozenset[str] = frozenset()
    overlays: tuple[str, ...] = ()
    plan: str = ""

    @classmethod
    def from_frames(
        cls,
        frames: Mapping[str, gpd.GeoDataFrame],
        *,
        crs: CRS,
        name: str,
        district_id: str = "district",
        **more: object,
    ) -> "District":
        """
        Build a district from raw frames: checked, in the working CRS, on the grid.

        Parameters
        ----------
        frames : mapping of str to geopandas.GeoDataFrame
            Layers by name, in any CRS with an exact path to `crs`; layers left out are not surveyed.
        crs : pyproj.CRS
            Working CRS, projected, in metres.
        name : str
            What people read.
        district_id : str, default "district"
            Short ASCII name.
        **more
            Any other attribute of `District`. `surveyed` defaults to the layers given,
            `surveyed_kinds` to the kinds that occur.

        Raises
        ------
        DataError
            For an unknown layer, or naming every value that breaks its layer's spec.
        CrsError
            If a frame has no CRS, or `crs` cannot be measured in.
        """
        require_working_crs(crs, name)
        unknown = sorted(set(frames) - set(layers.SURVEYED))
        if unknown:
            raise DataError(
                f"unknown layer {unknown[0]}; expected one of {', '.join(layers.SURVEYED)}",
                f"未知图层 {unknown[0]}；应为 {'、'.join(layers.SURVEYED)} 之一",
            )
        ready = {
            layer: snap_to_grid(to_crs(spec.conform(frames[layer]), crs, layer))
            if layer in frames
            else spec.empty(crs)
            for layer, spec in layers.ALL.items()
            if layer in layers.SURVEYED
        }
        more.setdefault("surveyed", frozenset(frames))
        more.setdefault("surveyed_kinds", _kinds_present(ready))
        return cls(
            district_id=district_id,
            name=name,
            name_en=str(more.pop("name_en", name)),
            crs=crs,
            frames=MappingProxyType(ready),
            **more,  # type: ignore[arg-type]
        )

    def __getitem__(self, layer: str) -> gpd.GeoDataFrame:
        """Return the frame of `layer`; do not write to it."""
        return self.frames[layer]

    def has(self, layer: str) -> bool:
        """Return whether `layer` was surveyed at all."""
        return layer in self.surveyed

    def has_kind(self, kind: str) -> bool:
        """Return whether facilities or parking of `kind` were surveyed at all."""
        return kind in self.surveyed_kinds

    def with_frames(self, **changed: gpd.GeoDataFrame) -> "District":
        """Return a district in which `changed` layers replace their namesakes; the rest is shared."""
        ready = {
            name: snap_to_grid(to_crs(layers.ALL[name].conform(frame), self.crs, name))
            for name, frame in changed.items()
        }
        return replace(
            self,
            frames=MappingProxyType({**self.frames, **ready}),
            surveyed=self.surveyed | ready.keys(),
            surveyed_kinds=self.surveyed_kinds | _kinds_present(ready),
        )

    @cached_property
    def network(self) -> WalkNetwork:
        """The walking network of the walkways layer."""
        return WalkNetwork.from_walkways(self["walkways"])

    @cached_property
    def version(self) -> str:
        """SHA-256 of the content, in hexadecimal: equal content, equal version, on any machine."""
        digest = hashlib.sha256()
        facts = (self.crs.to_wkt("WKT2_2019"), sorted(self.surveyed), sorted(self.surveyed_kinds))
        digest.update(repr((self.district_id, *facts, self.overlays, self.plan)).encode())
        for name, frame in self.frames.items():
            digest.update(name.encode())
            digest.update(frame_digest(frame))
        return digest.hexdigest()

    @cached_property
    def is_synthetic(self) -> bool:
        """Whether any row of any layer is invented (演示数据 must then be shown)."""
        return any(
            (frame["provenance"] == Provenance.SYNTHETIC).any() for frame in self.frames.values()
        )

    @cached_property
    def data_date(self) -> str:
        """The latest date of the data, ISO 8601, "" when there are no rows."""
        dates = pd.concat([frame["source_date"] for frame in self.frames.values()]).dropna()
        return str(dates.max()) if len(dates) else ""


def frame_digest(frame: gpd.GeoDataFrame) -> bytes:
    """
    Return the SHA-256 of a frame's columns, values and coordinates (in row order).

    Equal for equal content whatever the byte order of the machine or the version of a file format.
    """
    digest = hashlib.sha256()
    for name in frame.columns:
        if name == frame.geometry.name:
            continue
        digest.update(f"\x1e{name}".encode())
        values = frame[name].astype(object)
        texts = np.where(values.isna(), "\x00", [_text(value) for value in values])
        digest.update("\x1f".join(texts.tolist()).encode("utf-8", "surrogatepass"))
    shapes = shapely.to_wkb(np.asarray(frame.geometry.array, dtype=object), byte_order=1)
    for shape in shapes:
        digest.update(shape or b"")
    return digest.digest()


def _text(value: object) -> str:
    """One spelling for each value, whatever scalar type pandas hands out."""
    if isinstance(value, (bool, np.bool_)):
        return str(int(value))
    if isinstance(value, (float, np.floating)):
        return repr(float(value))
    return str(value)


def _kinds_present(frames: Mapping[str, gpd.GeoDataFrame]) -> frozenset[str]:
    return frozenset(
        str(kind)
        for layer in ("facilities", "parking")
        if layer in frames
        for kind in frames[layer]["kind"].unique()
    )
