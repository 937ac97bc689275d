"""
District: one immutable state of every layer, with a digest of its content as its version.

All frames are in the district's working CRS, x easting and y northing [m], on a 0.1 mm grid.
Frames are shared, never copied and never written to: a change makes a new District.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from types import MappingProxyType

import geopandas as gpd
import pandas as pd
from pyproj import CRS

import layers
from geo.crs import require_working_crs, snap_to_grid, to_crs
from geo.errors import DataError
from geo.network import WalkNetwork
from layers import content
from layers.conforming import conforming, empty_layer
from layers.references import require_references
from layers.spec import LayerSpec, Provenance
from layers.unknown_codes import CodesByColumn, readable
from wording import Text


@dataclass(frozen=True, eq=False)
class District:
    """
    A district's layers as they were at one moment; compare two by their `version`.

    Attributes
    ----------
    district_id : str
        Short ASCII name, also the name of its overlay.
    name, name_en : str
        What people read; `label` has both.
    crs : pyproj.CRS
        Working CRS, projected, in metres.
    frames : mapping of str to geopandas.GeoDataFrame
        One frame for every layer of `layers.SURVEYED`, conforming to its spec.
    surveyed : frozenset of str
        Layers that were surveyed. An empty frame of a surveyed layer means "there is none"; of a
        layer not listed, "nobody has looked".
    surveyed_kinds : frozenset of str
        Kinds of facility and parking that were surveyed, in the same sense.
    overlays : tuple of str
        Rulebook overlays to apply, from the widest to the narrowest.
    plan : str
        Name of the renovation plan in data/plans, "" if none.
    unknown_frames : mapping of str to geopandas.GeoDataFrame
        Layers that a later build wrote and this one does not know, in the working CRS on the grid:
        part of the content, carried along and handed over, never looked into.
    unknown_codes : mapping of str to CodesByColumn
        Layer -> column -> codes that a later build wrote and this one does not know. `frames` has
        them, `district[layer]` shows them as unknown (`layers.unknown_codes`).
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
    unknown_frames: Mapping[str, gpd.GeoDataFrame] = field(default_factory=dict)
    unknown_codes: Mapping[str, CodesByColumn] = field(default_factory=dict)

    @classmethod
    def from_frames(  # noqa: PLR0913 - and what only another build knows
        cls,
        frames: Mapping[str, gpd.GeoDataFrame],
        *,
        crs: CRS,
        name: str,
        district_id: str = "district",
        extra: Mapping[str, Collection[str]] = MappingProxyType({}),
        unknown_frames: Mapping[str, gpd.GeoDataFrame] = MappingProxyType({}),
        unknown_codes: Mapping[str, CodesByColumn] = MappingProxyType({}),
        **more: object,
    ) -> "District":
        """
        Build a district from raw frames: checked, in the working CRS, on the grid.

        Parameters
        ----------
        frames : mapping of str to geopandas.GeoDataFrame
            Layers by name, in any CRS with an exact path to `crs`. Those left out are not surveyed.
        crs : pyproj.CRS
            Working CRS, projected, in metres.
        name : str
            What people read.
        district_id : str, default "district"
            Short ASCII name.
        extra : mapping of str to collection of str, optional
            Layer -> columns that its spec does not have and that are kept, unchecked, behind it.
        unknown_frames : mapping of str to geopandas.GeoDataFrame, optional
            Layers that this build does not know, in any CRS with an exact path to `crs`.
        unknown_codes : mapping of str to CodesByColumn, optional
            Layer -> column -> codes beyond its spec that are kept; any other is an error.
        **more
            Any other attribute of `District`. `surveyed` defaults to the layers given,
            `surveyed_kinds` to the kinds that occur.

        Raises
        ------
        DataError
            For an unknown layer, or naming every value that breaks its layer's spec.
        CrsError
            If a frame has no CRS or is far outside the area where `crs` is true, or `crs` cannot be
            measured in.
        """
        require_working_crs(crs, name)
        unknown = sorted(set(frames) - set(layers.SURVEYED))
        if unknown:
            raise DataError(
                f"unknown layer {unknown[0]}; expected one of {', '.join(layers.SURVEYED)}",
                f"未知图层 {unknown[0]}；应为 {'、'.join(layers.SURVEYED)} 之一",
            )
        given = {
            layer: conforming(spec, frame, crs, extra.get(layer, ()))
            for layer, frame in frames.items()
            for spec in [layers.ALL[layer].with_codes(unknown_codes.get(layer, {}))]
        }
        require_references(given)
        ready = {
            layer: given[layer] if layer in given else empty_layer(layer, crs)
            for layer in layers.SURVEYED
        }
        more.setdefault("surveyed", frozenset(frames))
        more.setdefault("surveyed_kinds", kinds_present(ready))
        return cls(
            district_id=district_id,
            name=name,
            name_en=str(more.pop("name_en", name)),
            crs=crs,
            frames=MappingProxyType(ready),
            unknown_frames={
                layer: snap_to_grid(to_crs(frame, crs, layer))
                for layer, frame in unknown_frames.items()
            },
            unknown_codes={layer: codes for layer, codes in unknown_codes.items() if codes},
            **more,  # type: ignore[arg-type]
        )

    @property
    def label(self) -> Text:
        """What people call the district."""
        return Text(self.name, self.name_en)

    def __getitem__(self, layer: str) -> gpd.GeoDataFrame:
        """Return the frame of `layer`, codes of another build as unknown; do not write to it."""
        return self._readable[layer]

    @cached_property
    def _readable(self) -> Mapping[str, gpd.GeoDataFrame]:
        return readable(self.frames, self.unknown_codes) if self.unknown_codes else self.frames

    def spec(self, layer: str) -> LayerSpec:
        """
        Return the spec of a layer with the codes of another build that this district has.

        Raises
        ------
        DataError
            If there is no such layer.
        """
        return layers.surveyed_spec(layer).with_codes(self.unknown_codes.get(layer, {}))

    def has(self, layer: str) -> bool:
        """Return whether `layer` was surveyed at all."""
        return layer in self.surveyed

    def has_kind(self, kind: str) -> bool:
        """Return whether facilities or parking of `kind` were surveyed at all."""
        return kind in self.surveyed_kinds

    def with_frames(self, *, assumed: bool = False, **changed: gpd.GeoDataFrame) -> "District":
        """
        Return a district in which `changed` layers replace theirs; the rest is shared.

        Parameters
        ----------
        assumed : bool, default False
            Whether the frames are no survey: then no layer and no kind counts as surveyed that did
            not before. Otherwise the layers given do, and kinds of which they have the first rows.
        **changed : geopandas.GeoDataFrame
            Layers in any CRS with an exact path to the working CRS. Columns beyond a layer's spec
            are kept where this district has them.
        """
        ready = {
            name: conforming(spec, frame, self.crs, spec.extra_columns(self.frames[name]))
            for name, frame in changed.items()
            for spec in [self.spec(name)]
        }
        require_references({**self.frames, **ready})
        first = kinds_present(ready) - kinds_present(self.frames)
        return self.sharing(
            ready,
            surveyed=self.surveyed if assumed else self.surveyed | ready.keys(),
            surveyed_kinds=self.surveyed_kinds if assumed else self.surveyed_kinds | first,
        )

    def sharing(
        self,
        frames: Mapping[str, gpd.GeoDataFrame],
        *,
        surveyed: frozenset[str],
        surveyed_kinds: frozenset[str],
        totals: Mapping[str, int] = MappingProxyType({}),
    ) -> "District":
        """
        Return a district that shares all layers but `frames`, and what was computed from them.

        Parameters
        ----------
        frames : mapping of str to geopandas.GeoDataFrame
            Layers as `conforming` returns them, their references resolved: nothing is checked.
        surveyed, surveyed_kinds : frozenset of str
            Of the district returned.
        totals : mapping of str to int, optional
            Totals of `frames`, where known.
        """
        after = replace(
            self,
            frames=MappingProxyType({**self.frames, **frames}),
            surveyed=surveyed,
            surveyed_kinds=surveyed_kinds,
        )
        if "network" in self.__dict__ and "walkways" not in frames:
            after.__dict__["network"] = self.network
        if "totals" in self.__dict__ and totals.keys() >= frames.keys():
            after.__dict__["totals"] = {**self.totals, **totals}
        return after

    @cached_property
    def network(self) -> WalkNetwork:
        """The walking network of the walkways layer."""
        return WalkNetwork.from_walkways(self["walkways"])

    @cached_property
    def version(self) -> str:
        """SHA-256 of the content, in hexadecimal: equal content, equal version, on any machine."""
        return self.version_with(self.digests)

    @cached_property
    def totals(self) -> Mapping[str, int]:
        """The sum over the rows of every layer; see `layers.content`."""
        every = {**self.frames, **self.unknown_frames}
        return {name: content.total(frame) for name, frame in every.items()}

    @cached_property
    def digests(self) -> Mapping[str, str]:
        """The digest of every layer, in hexadecimal; see `layers.content`."""
        return {name: content.digest(whole) for name, whole in self.totals.items()}

    def version_with(self, digests: Mapping[str, str]) -> str:
        """
        Return the version of this district if its layers had these `digests`.

        It is a digest of what is there: facts that are set, and layers that have rows or were
        surveyed. A build with more layers, columns or codes gives the same version.
        """
        facts: Mapping[str, object] = {
            "id": self.district_id,
            "crs": self.crs.to_epsg(min_confidence=100) or self.crs.to_wkt("WKT2_2019"),
            "surveyed": sorted(self.surveyed),
            "surveyed_kinds": sorted(self.surveyed_kinds),
            "overlays": list(self.overlays),
            "plan": self.plan,
            "layers": self.counted(digests),
        }
        given = {name: value for name, value in facts.items() if value}
        text = json.dumps(given, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def counted(self, digests: Mapping[str, str]) -> dict[str, str]:
        """Return those of the layers' `digests` that make the version: with rows, or surveyed."""
        return {
            name: digest
            for name, digest in digests.items()
            if digest != content.EMPTY or name in self.surveyed
        }

    @cached_property
    def is_synthetic(self) -> bool:
        """Whether any row of any layer is invented (演示数据 must then be shown)."""
        return any(
            (frame["provenance"] == Provenance.SYNTHETIC).any() for frame in self.frames.values()
        )

    @property
    def data_date(self) -> str:
        """The latest date of the data, ISO 8601, "" when there are no rows."""
        days = self._rows_of_days.index
        return str(days[-1]) if len(days) else ""

    def data_period(self, as_of: date) -> tuple[str, str]:
        """Return the oldest and the newest date of the data up to a day, "" when there is none."""
        days = self._rows_of_days.index
        days = days[days <= as_of.isoformat()]
        return (str(days[0]), str(days[-1])) if len(days) else ("", "")

    def dated_after(self, as_of: date) -> int:
        """Return how many rows say that they were surveyed after a day."""
        rows = self._rows_of_days
        return int(rows[rows.index > as_of.isoformat()].sum())

    @cached_property
    def _rows_of_days(self) -> pd.Series:
        """How many rows are dated on each day that occurs, ISO 8601, the oldest first."""
        dates: pd.Series = pd.concat([frame["source_date"] for frame in self.frames.values()])
        return dates.value_counts().sort_index()


def kinds_present(frames: Mapping[str, gpd.GeoDataFrame]) -> frozenset[str]:
    """
    Return the kinds of facility and parking that occur in raw or conforming frames.

    Parameters
    ----------
    frames : mapping of str to geopandas.GeoDataFrame
        Layers by name; those without kinds are passed over, missing kinds too.
    """
    return frozenset(
        str(kind)
        for layer in ("facilities", "parking")
        if layer in frames
        for kind in frames[layer]["kind"].dropna().unique()
    )
