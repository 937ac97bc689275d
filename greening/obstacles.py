"""
Obstacles: every object a planting must keep clear of, in one table with its required distances.

A building is its footprint, held to the distance of a blank wall, and the part of its outline that
was not surveyed as blank, held to the distance of a wall with windows. A road is its paving, or,
where no paving was surveyed, its centre line with half its width.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.clearance import ShapeArray
from greening.requirements import PLANT_KINDS, Match, Profile, Requirement, Requirements
from layers import fire_lanes, pipelines, poles
from layers.district import District

LAYERS = ("pipelines", "buildings", "paving", "poles", "overhead_lines", "fire_lanes")
"""Layers without which a planting cannot pass; `walls` only ever relaxes a distance."""

_WINDOWED, _BLANK, _KERB = "外墙有窗", "外墙无窗", "kerb"
_LOW_WALL, _HIGH_WALL, _RETAINING = "围墙<2m", "围墙>=2m", "挡土墙顶内和墙角外"
_HIGH_WALL_M = 2.0  # the height in the names of the two rows above
_ON_OUTLINE_M = 0.02  # a surveyed wall follows its building's outline to a centimetre or two


@dataclass(frozen=True)
class ObstacleClass:
    """What all obstacles of one kind have in common: its names, its rows, what was assumed."""

    what: tuple[str, str]
    match: Match
    notes: Sequence[tuple[str, str]] = ()
    is_unsure: bool = False

    def row(self) -> dict[str, object]:
        """Return the class as columns of the obstacle table."""
        notes = [(self.match.note_zh, self.match.note_en), *self.notes]
        columns: dict[str, object] = {
            "what_zh": self.what[0],
            "what_en": self.what[1],
            "note_zh": "；".join(zh for zh, _ in notes if zh),
            "note_en": "; ".join(en for _, en in notes if en),
            "is_unsure": self.is_unsure or self.match.is_unsure,
            "counts_crown": any(row.crown for row in self.match.rows),
            "vertical_m": max((r.vertical_m for r in self.match.rows), default=math.nan),
        }
        for kind in PLANT_KINDS:
            row = self.match.strictest(kind)
            columns |= {
                f"{kind}_m": row.metres(kind) if row else math.nan,
                f"{kind}_source": row.source if row else "",
                f"{kind}_clause": row.clause if row else "",
                f"{kind}_verified": row.verified if row else "",
            }
        return columns


_CLASS_COLUMNS = tuple(ObstacleClass(("", ""), Match(())).row())
_DTYPES = {
    name: "bool" if name in ("is_unsure", "counts_crown") else "float64"
    for name in (*_CLASS_COLUMNS, "half_width_m", "accuracy_m", "height_m")
    if name.endswith("_m") or name in ("is_unsure", "counts_crown")
}


def obstacles(
    district: District, requirements: Requirements, profile: Profile = Profile.STRICTER
) -> gpd.GeoDataFrame:
    """
    Gather every obstacle of a district.

    Parameters
    ----------
    district : District
        Its layers; the ones never surveyed contribute nothing (`lacking_layers` names them).
    requirements : Requirements
        The rulebook's distances.
    profile : Profile, default `STRICTER`
        Table of tree-to-pipe distances.

    Returns
    -------
    geopandas.GeoDataFrame
        One row an obstacle, in the working CRS: `layer`, `object_id`, `half_width_m`, `accuracy_m`
        (NaN unknown), `height_m` of a conductor (NaN unknown), and the columns of
        `ObstacleClass.row`; `surveyed` spells what the survey says of it, whatever the tables.
    """
    parts = [
        _pipes(district, requirements, profile),
        _footprints(district, requirements),
        _outlines(district, requirements),
        _free_walls(district, requirements),
        _roads(district, requirements),
        _poles(district, requirements),
        _overhead_lines(district, requirements),
        _overhead_cables(district, requirements),
        _fire_lanes(district, requirements),
    ]
    filled = [part for part in parts if len(part)] or parts[:1]
    every = pd.concat(filled, ignore_index=True).astype(_DTYPES)
    asked = every[[f"{kind}_m" for kind in PLANT_KINDS]].notna().any(axis=1)
    return gpd.GeoDataFrame(every[asked].reset_index(drop=True), crs=district.crs)


def lacking_layers(district: District) -> tuple[str, ...]:
    """Return the layers no planting can pass without that were never surveyed."""
    surveyed = set(district.surveyed)
    if "walkways" in surveyed:
        surveyed.add("paving")
    return tuple(name for name in LAYERS if name not in surveyed)


def _table(
    layer: str,
    frame: gpd.GeoDataFrame,
    traits: pd.DataFrame,
    describe: Callable[..., ObstacleClass],
) -> gpd.GeoDataFrame:
    """Return one layer's obstacles; each distinct row of `traits` is described once."""
    distinct = traits.drop_duplicates()
    described = [describe(*row).row() for row in distinct.itertuples(index=False, name=None)]
    spread = traits.groupby(list(traits), sort=False).ngroup().to_numpy()
    table = pd.DataFrame(described, columns=list(_CLASS_COLUMNS)).iloc[spread]
    said = np.array(["|".join(map(str, row)) for row in distinct.to_numpy(dtype=object)] or [""])
    table = table.reset_index(drop=True).assign(
        layer=layer,
        surveyed=said[spread],
        object_id=frame.iloc[:, 0].astype("str").to_numpy(),
        half_width_m=0.0,
        accuracy_m=0.0,
        height_m=math.nan,
    )
    return gpd.GeoDataFrame(table, geometry=frame.geometry.to_numpy(), crs=frame.crs)


def _texts(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.astype(object).where(frame.notna(), "")


def _pipes(district: District, requirements: Requirements, profile: Profile) -> gpd.GeoDataFrame:
    """
    All pipes but overhead power cables; half the outer diameter is the pipe's, not the distance's.

    The tables are for buried pipes; those overhead are held to them too, and have no depth. A
    diameter of 0 is one that nobody measured.
    """
    pipes = district["pipelines"]
    pipes = pipes[~_is_overhead_cable(pipes)]
    traits = _texts(pipes[["kind", "sub_kind", "laid", "pressure"]]).assign(
        depth_m=pipes["depth_m"].isna() & (pipes["laid"] != "overhead").fillna(value=True),
        accuracy_m=pipes["accuracy_m"].isna(),
        diameter_mm=~(pipes["diameter_mm"] > 0).fillna(value=False),
    )

    def describe(kind: str, sub: str, laid: str, pressure: str, *blank: bool) -> ObstacleClass:
        return _pipe_class(
            requirements.pipe(profile, kind, sub, laid, pressure),
            (
                pipelines.KINDS.get(kind),
                pipelines.SUB_KINDS.get(sub),
                pipelines.PRESSURES.get(pressure),
                pipelines.LAYING.get(laid),
            ),
            blank,
            _OVERHEAD if laid == "overhead" else (),
        )

    return _table("pipelines", pipes, traits, describe).assign(
        half_width_m=pipes["diameter_mm"].fillna(0.0).to_numpy() / 2000.0,
        accuracy_m=pipes["accuracy_m"].to_numpy(),
    )


_OVERHEAD = (("架空，按地下管线净距从严", "overhead: held to the table for buried pipes"),)


def _is_overhead_cable(pipes: gpd.GeoDataFrame) -> pd.Series:
    found = (pipes["laid"] == "overhead") & (pipes["kind"] == "DL")
    return found.fillna(value=False).astype(bool)


def _pipe_class(
    match: Match,
    names: Sequence[tuple[str, str] | None],
    blank: Sequence[bool],
    notes: Sequence[tuple[str, str]],
) -> ObstacleClass:
    """Name a pipe by its kind, pressure and laying; a blank in the survey makes it unsure."""
    known = [name for name in names if name]
    blanks = (
        ("埋深不明", "depth unknown"),
        ("探测精度不明", "accuracy unknown"),
        ("外径不明", "diameter unknown"),
    )
    missing = tuple(note for note, is_blank in zip(blanks, blank, strict=True) if is_blank)
    what = (" ".join(zh for zh, _ in known), " ".join(en for _, en in known))
    return ObstacleClass(what, match, (*notes, *missing), is_unsure=bool(missing))


def _overhead_cables(district: District, requirements: Requirements) -> gpd.GeoDataFrame:
    """Power cables that the pipe survey found overhead: voltage and height are not in it."""
    cables = district["pipelines"]
    cables = cables[_is_overhead_cable(cables)]
    what = ObstacleClass(
        ("架空电力线", "overhead power line"),
        Match(requirements.overhead, "电压不明，取较严", "voltage unknown: stricter"),
        (("导线高度不明", "height unknown"),),
        is_unsure=True,
    )
    return _table("pipelines", cables, cables[["kind"]], lambda _: what)


def _overhead_lines(district: District, requirements: Requirements) -> gpd.GeoDataFrame:
    lines = district["overhead_lines"]
    limits = sorted(float(row.code) for row in requirements.overhead)
    position = np.searchsorted(limits, lines["voltage_kv"].fillna(math.inf).to_numpy())
    traits = pd.DataFrame({"band": position, "unsure": lines["accuracy_m"].isna().to_numpy()})
    rows = sorted(requirements.overhead, key=lambda row: float(row.code))

    def describe(band: int, unsure: bool) -> ObstacleClass:  # noqa: FBT001 - a table's cell
        within = band < len(rows)
        match = (
            Match((rows[band],))
            if within
            else Match(
                tuple(rows), "电压不明或超出表列，取较严", "voltage unknown or beyond the table"
            )
        )
        return ObstacleClass(
            ("架空线", "overhead line"),
            match,
            _UNSURVEYED if unsure else (),
            is_unsure=unsure or not within,
        )

    return _table("overhead_lines", lines, traits, describe).assign(
        accuracy_m=lines["accuracy_m"].to_numpy(), height_m=lines["height_m"].to_numpy()
    )


_UNSURVEYED = (("探测精度不明", "accuracy unknown"),)


def _named(rows: Sequence[Requirement], code: str) -> Match:
    return Match(tuple(row for row in rows if row.code == code))


def _footprints(district: District, requirements: Requirements) -> gpd.GeoDataFrame:
    buildings = district["buildings"]
    what = ObstacleClass(("建筑外墙", "building"), _named(requirements.buildings, _BLANK))
    traits = pd.DataFrame({"kind": ["building"] * len(buildings)})
    return _table("buildings", buildings, traits, lambda _: what)


def _outlines(district: District, requirements: Requirements) -> gpd.GeoDataFrame:
    """Outlines less the walls surveyed as blank; what was not surveyed counts as windowed."""
    buildings, walls = district["buildings"], district["walls"]
    walls = walls[(walls["kind"] == "building") & walls["has_windows"].notna()]
    blank = _walls_of(walls[~walls["has_windows"].astype(bool)], buildings)
    seen = _walls_of(walls, buildings)
    outline = shapely.boundary(np.asarray(buildings.geometry.array, dtype=object))
    rest = shapely.difference(outline, shapely.buffer(blank, _ON_OUTLINE_M))
    unseen = shapely.difference(rest, shapely.buffer(seen, _ON_OUTLINE_M))
    assumed = shapely.length(unseen) > _ON_OUTLINE_M
    match = _named(requirements.buildings, _WINDOWED)
    note = (("窗户情况不明，按有窗从严", "windows unknown: taken as windowed"),)

    def describe(unknown: bool) -> ObstacleClass:  # noqa: FBT001 - a table's cell
        return ObstacleClass(("有窗外墙", "windowed wall"), match, note if unknown else ())

    frame = buildings.set_geometry(gpd.GeoSeries(rest, index=buildings.index, crs=buildings.crs))
    keep = shapely.length(rest) > 0
    return _table("buildings", frame[keep], pd.DataFrame({"unknown": assumed[keep]}), describe)


def _walls_of(walls: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame) -> ShapeArray:
    """Return each building's walls as one geometry, empty where none was surveyed."""
    found: ShapeArray = np.full(len(buildings), shapely.MultiLineString(), dtype=object)
    position = pd.Series(range(len(buildings)), index=buildings["building_id"])
    for building_id, own in walls.groupby("building_id"):
        if building_id in position.index:
            found[position[building_id]] = own.geometry.union_all()
    return found


def _free_walls(district: District, requirements: Requirements) -> gpd.GeoDataFrame:
    """Walls of no known building; an enclosure of unknown height counts as high."""
    walls = district["walls"]
    walls = walls[(walls["kind"] != "building") | walls["building_id"].isna()]
    high = (walls["height_m"] >= _HIGH_WALL_M) | walls["height_m"].isna()
    traits = pd.DataFrame(
        {
            "kind": walls["kind"],
            "windowed": walls["has_windows"].fillna(value=True).astype(bool),
            "high": high,
            "unknown": walls["height_m"].isna(),
        }
    )

    def describe(kind: str, windowed: bool, high: bool, unknown: bool) -> ObstacleClass:  # noqa: FBT001
        if kind == "building":
            code = _WINDOWED if windowed else _BLANK
            return ObstacleClass(
                ("建筑外墙", "building wall"), _named(requirements.buildings, code)
            )
        if kind == "retaining":
            return ObstacleClass(
                ("挡土墙", "retaining wall"), _named(requirements.buildings, _RETAINING)
            )
        match = _named(requirements.buildings, _HIGH_WALL if high else _LOW_WALL)
        note = (("墙高不明，按高墙从严", "height unknown: taken as high"),) if unknown else ()
        return ObstacleClass(("围墙", "enclosure wall"), match, note)

    return _table("walls", walls, traits, describe)


def _roads(district: District, requirements: Requirements) -> gpd.GeoDataFrame:
    """Carriageway edges: surveyed paving, else lanes with half their width."""
    match = _named(requirements.objects, _KERB)
    if district.has("paving"):
        roads = district["paving"]
        roads = roads[roads["kind"] == "road"]
        what = ObstacleClass(("道路边缘", "road edge"), match)
        return _table("paving", roads, roads[["kind"]], lambda _: what)
    lanes = district["walkways"]
    lanes = lanes[lanes["kind"] == "lane"]

    def describe(unknown: bool) -> ObstacleClass:  # noqa: FBT001 - a table's cell
        note = (("路宽不明", "width unknown"),) if unknown else ()
        return ObstacleClass(("道路边缘", "road edge"), match, note, is_unsure=unknown)

    traits = pd.DataFrame({"unknown": lanes["width_m"].isna()})
    return _table("walkways", lanes, traits, describe).assign(
        half_width_m=lanes["width_m"].fillna(0.0).to_numpy() / 2.0
    )


def _poles(district: District, requirements: Requirements) -> gpd.GeoDataFrame:
    standing = district["poles"]

    def describe(kind: str) -> ObstacleClass:
        if kind:
            return ObstacleClass(poles.KINDS[kind], _named(requirements.objects, kind))
        known = tuple(row for row in requirements.objects if row.code in poles.KINDS)
        match = Match(known, "杆柱类型不明，取较严", "kind of pole unknown: stricter")
        return ObstacleClass(("杆柱", "pole"), match)

    return _table("poles", standing, _texts(standing[["kind"]]), describe)


def _fire_lanes(district: District, requirements: Requirements) -> gpd.GeoDataFrame:
    lanes = district["fire_lanes"]

    def describe(kind: str) -> ObstacleClass:
        return ObstacleClass(fire_lanes.KINDS[kind], _named(requirements.fire, kind))

    return _table("fire_lanes", lanes, lanes[["kind"]], describe)
