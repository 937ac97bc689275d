"""
The second method: a networkx graph explicitly split at the foot of every point.

It shares nothing with the program but shapely: every foot becomes a node of its own, every access
leg an edge, and parallel edges stay parallel.
"""

from itertools import pairwise

import networkx as nx
import numpy as np
import shapely


def brute_snap(lines, points):
    """Nearest line of every point by measuring all of them, offset and gap."""
    shapes = shapely.points(points)
    gaps = shapely.distance(np.asarray(lines, dtype=object)[:, None], shapes[None])
    return _located(lines, shapes, gaps.argmin(axis=0))


def indexed_snap(lines, points):
    """Nearest line of every point by a spatial index, offset and gap."""
    shapes = shapely.points(points)
    return _located(lines, shapes, shapely.STRtree(lines).nearest(shapes))


def _located(lines, shapes, edge):
    nearest = np.asarray(lines, dtype=object)[edge]
    leg = shapely.shortest_line(nearest, shapes)
    offset = shapely.line_locate_point(nearest, shapely.get_point(leg, 0))
    return edge, offset, shapely.length(leg)


def split_graph(lines, points, snap=brute_snap):
    """Return the graph of `lines` and `points`; point i is node ``("point", i)``."""
    graph = nx.MultiGraph()
    graph.add_nodes_from(("point", i) for i in range(len(points)))
    stops = [[] for _ in lines]
    for i, (edge, offset, gap) in enumerate(zip(*snap(lines, points), strict=True)):
        stops[edge].append((float(offset), ("foot", i)))
        graph.add_edge(("foot", i), ("point", i), weight=float(gap))
    for line, feet in zip(lines, stops, strict=True):
        chain = [(0.0, line.coords[0]), *sorted(feet), (line.length, line.coords[-1])]
        for (here, tail), (there, head) in pairwise(chain):
            graph.add_edge(tail, head, weight=max(there - here, 0.0))
    return graph


def nearest_by_networkx(lines, origins, facilities, snap=brute_snap):
    """Return the walk from every origin to its nearest facility, inf where there is none."""
    count = len(origins)
    graph = split_graph(lines, np.concatenate([origins, facilities]), snap)
    return walks(graph, range(count), range(count, count + len(facilities)))


def walks(graph, origins, facilities):
    """Return the walk from each of the points `origins` to the nearest of `facilities`."""
    sources = {("point", j) for j in facilities}
    walk = nx.multi_source_dijkstra_path_length(graph, sources) if sources else {}
    return np.array([walk.get(("point", i), np.inf) for i in origins])
