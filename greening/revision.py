"""
A revised design of a site: what it keeps, moves, adds and leaves out of the one before.

Nothing is deleted: the plantings of the earlier design are taken out of it, by one edit that can be
taken back.
"""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

_MOVED_M = 5.0  # how far a planting of one species is taken for the same one, moved


@dataclass(frozen=True, slots=True)
class Revision:
    """
    An earlier design held against the one that replaces it.

    Attributes
    ----------
    same, moved, new, removed : int
        Plantings at the same place; elsewhere, known by number or by species; in the new design
        only; in the earlier one only. The new design has `same + moved + new`.
    replaced : tuple of str
        Ids of the plantings of the earlier design, which go.
    """

    same: int
    moved: int
    new: int
    removed: int
    replaced: tuple[str, ...]


def designs_of(plantings: gpd.GeoDataFrame) -> list[tuple[str, str]]:
    """Return the designs that plantings came in with as (source, date), the earliest first."""
    pairs = {(str(a), str(b)) for a, b in zip(*_source(plantings), strict=True)}
    return sorted(pairs, key=lambda pair: (pair[1], pair[0]))


def revision(
    plantings: gpd.GeoDataFrame,
    earlier: tuple[str, str],
    later: tuple[str, str],
    duplicate_m: float,
) -> Revision:
    """
    Hold one design of some plantings against another.

    Parameters
    ----------
    plantings : geopandas.GeoDataFrame
        Those of one site that are not taken out.
    earlier, later : tuple of str
        Source and date of the design that goes and of the one that stays.
    duplicate_m : float
        Plantings nearer to each other stand at the same place [m].
    """
    source, day = _source(plantings)
    old, new = (
        plantings[((source == name) & (day == date)).to_numpy(dtype=bool)]
        for name, date in (earlier, later)
    )
    same = _paired(old, new, duplicate_m, None)
    moved: set[tuple[int, int]] = set()
    for limit_m, column in ((np.inf, "number"), (_MOVED_M, "species_id")):
        done = same | moved
        rest_old = np.setdiff1d(np.arange(len(old)), [i for i, _ in done])
        rest_new = np.setdiff1d(np.arange(len(new)), [j for _, j in done])
        found = _paired(old.iloc[rest_old], new.iloc[rest_new], limit_m, column)
        moved |= {(int(rest_old[i]), int(rest_new[j])) for i, j in found}
    known = len(same) + len(moved)
    replaced = tuple(old["planting_id"])
    return Revision(len(same), len(moved), len(new) - known, len(old) - known, replaced)


def _source(plantings: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    return plantings["source"].fillna("—"), plantings["source_date"].fillna("")


def _paired(
    old: gpd.GeoDataFrame, new: gpd.GeoDataFrame, limit_m: float, column: str | None
) -> set[tuple[int, int]]:
    """Pair plantings within a distance that agree in a column, the nearest first, each once."""
    ours, theirs = (np.asarray(one.geometry.array, dtype=object) for one in (old, new))
    gaps = shapely.distance(ours[:, None], theirs[None, :])
    fitting = gaps <= limit_m
    if column is not None:
        keys = [one[column].fillna("").to_numpy(dtype=object) for one in (old, new)]
        fitting &= (keys[0][:, None] == keys[1][None, :]) & (keys[0] != "")[:, None]
    pairs: set[tuple[int, int]] = set()
    taken_old: set[int] = set()
    taken_new: set[int] = set()
    rows, columns = np.nonzero(fitting)
    for at in np.lexsort((columns, rows, gaps[fitting])):
        i, j = int(rows[at]), int(columns[at])
        if i not in taken_old and j not in taken_new:
            pairs.add((i, j))
            taken_old.add(i)
            taken_new.add(j)
    return pairs
