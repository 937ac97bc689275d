"""
WalkNetwork: the lines people walk along, as arrays that a search can run over.

Lines meet where they share end points, to the last digit: coordinates come on a 0.1 mm grid. Where
two lines merely cross there is no way from one to the other. Everything is planar, in metres.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cached_property

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

from geo.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from geo.crs import require_working_crs
from geo.errors import DataError
from geo.runs import least_of_groups
from geo.vertices import Vertices

_SLACK_M = 1e-6  # more than two distances of one length can differ by rounding

Lines = gpd.GeoDataFrame | gpd.GeoSeries | ObjectArray


@dataclass(frozen=True, eq=False)
class Snap:
    """
    Points brought onto the network, each at the nearest place of its nearest edge.

    Attributes
    ----------
    edge : ndarray of int64, shape (k,)
        Index of the edge; of several equally near the one whose foot is farthest west, then south,
        however the walkways are divided into edges; -1 on an empty network.
    offset : ndarray of float64, shape (k,)
        Where on the edge, from its start [m].
    gap : ndarray of float64, shape (k,)
        Length of the straight access leg [m]; inf on an empty network.
    foot : ndarray of float64, shape (k, 2)
        Where the access leg meets the edge; NaN on an empty network.
    point : ndarray of float64, shape (k, 2)
        The points themselves.
    """

    edge: IntArray
    offset: FloatArray
    gap: FloatArray
    foot: FloatArray
    point: FloatArray

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self.edge)

    def ends(self) -> Iterator[tuple[int, float, float]]:
        """Yield edge, offset and access leg of every point: walks to equal ones are equal."""
        return zip(self.edge.tolist(), self.offset.tolist(), self.gap.tolist(), strict=True)

    @classmethod
    def joined(cls, parts: Sequence["Snap"]) -> "Snap":
        """Return the points of several, one after the other."""
        return cls(
            *(
                np.concatenate([getattr(part, field.name) for part in parts])
                for field in fields(cls)
            )
        )

    def take(self, places: IntArray) -> "Snap":
        """Return the points at the positions `places`."""
        return Snap(
            self.edge[places],
            self.offset[places],
            self.gap[places],
            self.foot[places],
            self.point[places],
        )


@dataclass(frozen=True, eq=False)
class WalkNetwork:
    """
    A walking network: nodes, the edges between them, and the same as a sparse matrix (CSR).

    Attributes
    ----------
    crs : pyproj.CRS
        Projected, in metres.
    nodes : ndarray of float64, shape (n, 2)
        Easting and northing [m], in ascending order.
    edges : ndarray of int64, shape (m, 2)
        Start and end node of every edge; equal for a closed loop.
    lines : ndarray of LineString, shape (m,)
        The edges' geometry, from start to end.
    lengths : ndarray of float64, shape (m,)
        Edge lengths [m], all above zero.
    rows : ndarray of int64, shape (m,)
        Position in the walkways of the line that each edge comes from.
    indptr, indices, weights : ndarray
        The symmetric CSR matrix of edge lengths: of parallel edges the shortest, no loops.
    entries : ndarray of int64, shape (len(weights),)
        The edge behind each entry of the matrix.
    component : ndarray of int64, shape (n,)
        Label of the connected part a node belongs to.
    components : int
        Number of connected parts; two places in different parts are unreachable from each other.
    """

    crs: CRS
    nodes: FloatArray
    edges: IntArray
    lines: ObjectArray
    lengths: FloatArray
    rows: IntArray
    indptr: npt.NDArray[np.int32]
    indices: npt.NDArray[np.int32]
    weights: FloatArray
    entries: IntArray
    component: IntArray
    components: int

    @classmethod
    def from_walkways(cls, walkways: Lines, crs: CRS | str | int | None = None) -> "WalkNetwork":
        """
        Build the network of `walkways`.

        Parameters
        ----------
        walkways : GeoDataFrame, GeoSeries or array of LineString or MultiLineString
            The lines; missing, empty and zero-length ones are passed over, heights are dropped.
        crs : pyproj.CRS, str or int, optional
            The reference system of a plain array, or its EPSG code; a frame brings its own.

        Returns
        -------
        WalkNetwork
            With one edge for every line or part of one; empty where there is none of any length.

        Raises
        ------
        CrsError
            If the lines are not in a projected CRS in metres.
        DataError
            If a row is not a line, or has coordinates that are not finite.
        """
        crs = require_working_crs(_declared_crs(walkways, crs), "walkways")
        lines, rows = _single_lines(walkways)
        lengths = shapely.length(lines)
        ends = shapely.get_coordinates(shapely.get_point(lines, [[0], [-1]]).T.ravel()) + 0.0
        # x + iy sorts and compares like the pair (x, y), at a fraction of the cost of unique rows
        places, node = np.unique(ends.view(np.complex128).ravel(), return_inverse=True)
        edges = node.reshape(-1, 2).astype(np.int64)
        indptr, indices, weights, entries = _compressed(len(places), edges, lengths)
        matrix = csr_array((weights, indices, indptr), shape=(len(places), len(places)))
        components, component = connected_components(matrix, directed=False)
        return cls(
            crs=crs,
            nodes=places.view(np.float64).reshape(-1, 2),
            edges=edges,
            lines=lines,
            lengths=lengths,
            rows=rows,
            indptr=indptr,
            indices=indices,
            weights=weights,
            entries=entries,
            component=component.astype(np.int64),
            components=int(components),
        )

    def snap(self, points: FloatArray, among: IntArray | None = None) -> Snap:
        """
        Bring points onto the nearest place of the nearest edge.

        Parameters
        ----------
        points : ndarray of float64, shape (k, 2)
            Easting and northing [m] in the network's CRS.
        among : ndarray of int64, shape (e,), optional
            The edges that may be taken, one at least, ascending; all if left out.

        Returns
        -------
        Snap
            Edge, offset along it, access leg and its foot, for every point.
        """
        points = np.asarray(points, dtype=np.float64).reshape(-1, 2)
        count = len(points)
        if len(self.lines) == 0:
            nowhere = np.full(count, -1, dtype=np.int64)
            return Snap(
                nowhere,
                np.zeros(count),
                np.full(count, np.inf),
                np.full((count, 2), np.nan),
                points,
            )
        shapes = np.asarray(shapely.points(points))
        if among is None:
            which, edge = self._nearest_edges(points, shapes)
        else:
            which, near = shapely.STRtree(self.lines[among]).query_nearest(shapes)
            edge = among[near]
        lines = self.lines[edge]
        offset = np.minimum(shapely.line_locate_point(lines, shapes[which]), self.lengths[edge])
        foot = shapely.get_coordinates(shapely.line_interpolate_point(lines, offset))
        best = least_of_groups(which, foot[:, 0], foot[:, 1], edge)
        gap = shapely.distance(lines[best], shapes)
        return Snap(edge[best], offset[best], gap, foot[best], points)

    def _nearest_edges(self, points: FloatArray, shapes: ObjectArray) -> tuple[IntArray, IntArray]:
        """Return every pair of a point and an edge that is as near to it as any."""
        # As `STRtree.query_nearest`, which searches point by point: here the nearest vertex is the
        # bound, and what few edges are within it are measured all at once.
        bound_m, _ = self._vertex_tree.query(points)
        which, edge = self._tree.query(shapes, "dwithin", bound_m + _SLACK_M)
        away_m = shapely.distance(self.lines[edge], shapes[which])
        least_m = np.full(len(points), np.inf)
        np.minimum.at(least_m, which, away_m)
        nearest = away_m == least_m[which]
        return which[nearest], edge[nearest]

    def edge_between(self, tail: IntArray, head: IntArray) -> IntArray:
        """
        Return the shortest edge between neighbouring nodes.

        Parameters
        ----------
        tail, head : ndarray of int64, shape (h,)
            Nodes, pairwise joined by at least one edge.

        Returns
        -------
        ndarray of int64, shape (h,)
            Positions of edges.
        """
        entry = np.searchsorted(self._entry_keys, tail * len(self.nodes) + head)
        return self.entries[entry]

    @cached_property
    def _vertex_tree(self) -> KDTree:
        return KDTree(self.vertices.xy)

    @cached_property
    def piece(self) -> IntArray:
        """The connected part of each edge, as `component` labels it, shape (m,)."""
        return self.component[self.edges[:, 0]]

    @cached_property
    def piece_m(self) -> FloatArray:
        """The length of each connected part [m], shape (components,)."""
        metres = np.bincount(self.piece, self.lengths, minlength=self.components)
        return metres.astype(np.float64)  # of nothing at all, bincount returns integers

    @cached_property
    def vertices(self) -> Vertices:
        """The vertices of all edges with their measures."""
        xy, edge = shapely.get_coordinates(self.lines, return_index=True)
        first = np.searchsorted(edge, np.arange(len(self.lines) + 1)).astype(np.int64)
        steps = np.hypot(*np.diff(xy, axis=0, prepend=xy[:1]).T)
        run = np.cumsum(np.where(np.isin(np.arange(len(xy)), first[:-1]), 0.0, steps))
        return Vertices(xy, run - run[first[:-1]][edge], first)

    def is_connected(self, snap: Snap, *, cut_off_m: float, access_leg_m: float) -> BoolArray:
        """
        Return which points are connected to the network.

        Parameters
        ----------
        snap : Snap, k points
            On this network.
        cut_off_m : float
            Connected edges that are shorter together are cut off, if there are others [m].
        access_leg_m : float
            Points with a longer access leg are not connected [m].

        Returns
        -------
        ndarray of bool, shape (k,)
        """
        if len(self.lines) == 0:
            return np.zeros(len(snap), dtype=np.bool_)
        cut_off = (self.piece_m < cut_off_m) & (self.components > 1)
        foot_leg = np.hypot(*(snap.foot - snap.point).T)
        is_cut_off = cut_off[self.piece[snap.edge]]
        return np.asarray(~is_cut_off & (foot_leg <= access_leg_m), dtype=np.bool_)

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.lines)

    @cached_property
    def _entry_keys(self) -> IntArray:
        tail = np.repeat(np.arange(len(self.nodes), dtype=np.int64), np.diff(self.indptr))
        return tail * len(self.nodes) + self.indices


def _declared_crs(walkways: Lines, crs: CRS | str | int | None) -> CRS | str | int | None:
    if isinstance(walkways, (gpd.GeoDataFrame, gpd.GeoSeries)):
        return walkways.crs
    return crs


def _single_lines(walkways: Lines) -> tuple[ObjectArray, IntArray]:
    """Return plain LineStrings of some length, and the row each comes from."""
    if isinstance(walkways, gpd.GeoDataFrame):
        walkways = walkways.geometry
    shapes = shapely.force_2d(np.asarray(walkways, dtype=object).ravel())
    kind = shapely.get_type_id(shapes)
    _refuse(~np.isin(kind, (-1, 1, 2, 5)) & ~shapely.is_empty(shapes), "a line", "线")
    lines, rows = shapely.get_parts(shapes, return_index=True)
    xy, part = shapely.get_coordinates(lines, return_index=True)
    broken = np.zeros(len(shapes), dtype=bool)
    broken[rows[part[~np.isfinite(xy).all(axis=1)]]] = True
    _refuse(broken, "finite coordinates", "有限坐标")
    keep = shapely.length(lines) > 0
    return lines[keep], rows[keep].astype(np.int64)


def _refuse(wrong: BoolArray, en: str, zh: str) -> None:
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise DataError(f"walkways, row {row}: expected {en}", f"步行道第 {row} 行：应为{zh}")


def _compressed(
    nodes: int, edges: IntArray, lengths: FloatArray
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], FloatArray, IntArray]:
    """
    Return indptr, indices, weights and edge of the symmetric CSR matrix.

    Of parallel edges the shortest alone is entered: scipy would add them up.
    """
    proper = np.flatnonzero(edges[:, 0] != edges[:, 1])
    edge = np.concatenate([proper, proper])
    tail = np.concatenate([edges[proper, 0], edges[proper, 1]])
    head = np.concatenate([edges[proper, 1], edges[proper, 0]])
    order = np.lexsort((edge, lengths[edge], head, tail))
    edge, tail, head = edge[order], tail[order], head[order]
    first = np.ones(len(edge), dtype=bool)
    first[1:] = (np.diff(tail) != 0) | (np.diff(head) != 0)
    edge, tail, head = edge[first], tail[first], head[first]
    indptr = np.searchsorted(tail, np.arange(nodes + 1)).astype(np.int32)
    return indptr, head.astype(np.int32), lengths[edge], edge
