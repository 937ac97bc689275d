"""Records: several of one place are one row, entered at the points of all."""

from collections.abc import Sequence
from itertools import combinations

import networkx as nx
import shapely

from tests.second.logic import Row

WHERE = ("geometry", "estate")


def one_row_each(rows: Sequence[Row], key: str, walking: Row) -> list[Row]:
    """Return a row for every place, in the order of their first records."""
    same = nx.Graph()
    same.add_nodes_from(range(len(rows)))
    for (i, one), (k, other) in combinations(enumerate(rows), 2):
        if one["kind"] == other["kind"] and _is_same(one, other, walking):
            same.add_edge(i, k)
    groups = sorted(sorted(group) for group in nx.connected_components(same))
    return [_merged([rows[number] for number in group], key) for group in groups]


def _is_same(one: Row, other: Row, walking: Row) -> bool:
    """Return whether two records of a kind are of one spot, or near each other and of one name."""
    apart = one["geometry"].distance(other["geometry"])
    if one["name"] is None or other["name"] is None:
        return bool(apart <= walking["same_spot_m"])
    return bool(one["name"] == other["name"] and apart <= walking["same_name_m"])


def _merged(records: Sequence[Row], key: str) -> Row:
    """Return the first record with the points of all, and None where they contradict each other."""
    first, *others = records
    if not others:
        return first
    said = {
        name: {row[name] for row in records if row[name] is not None}
        for name in first
        if name not in (key, *WHERE)
    }
    agreed = {name: values.pop() if len(values) == 1 else None for name, values in said.items()}
    points = [point for row in records for point in shapely.get_coordinates(row["geometry"])]
    return {**first, **agreed, "geometry": shapely.MultiPoint(points)}
