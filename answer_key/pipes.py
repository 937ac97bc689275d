"""
The pipelines layer: material, year, depth and hazard of every pipe, with the gaps of a real survey.

What the rules on ageing pipes and on cover must find at an estate is planted here, pipe by pipe.
"""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from answer_key.asked import asked
from answer_key.estates import Estates
from answer_key.grades import Case, Grade, Planted, deal, plant, spread
from demonstration.rows import CRS, blank, note
from demonstration.trenches import TRENCHES, Pipes
from geo.arrays import BoolArray, FloatArray, IntArray

COVER = Grade("drain.cover", (-0.4, -0.1), (0.1, 0.9), (0.01, -0.01))
AGED = {"JS": "pipe.water.age", "RQ": "pipe.gas.age", "RL": "pipe.heat.age", "PS": "pipe.drain.age"}
_BAD_MATERIAL = {"JS": "石棉管", "RQ": "灰口铸铁", "PS": "平口混凝土"}
# Years from the year of laying that is due in 2023: young enough, and too old, both on 1 April
# 2023 and in 2026.
_DUE_IN, _YOUNG_BY, _OLD_BY = 2023, 4, -1
_GOOD_YEARS = (2012, 2020)
_STREET_YEARS = (1996, 2021)


@dataclass(frozen=True)
class Ages:
    """What was planted for one kind of pipe: case, year, material (None: a common one), hazard."""

    kind: str
    cases: IntArray
    year: IntArray
    is_bad_material: BoolArray
    is_hazard: BoolArray

    @property
    def rule_id(self) -> str:
        """The rule on renewal of this kind of pipe."""
        return AGED[self.kind]


def pipelines_frame(
    rng: np.random.Generator, estates: Estates, pipes: Pipes
) -> tuple[gpd.GeoDataFrame, list[Ages], Planted]:
    """
    Return the pipelines layer, what was planted on ageing, and what on the cover of drains.

    Parameters
    ----------
    rng : numpy.random.Generator
        The stream of this part.
    estates : Estates
        The estates as drawn.
    pipes : Pipes
        Where the pipes lie.
    """
    count, total = len(estates.ids), len(pipes.lines)
    kind = np.array([t.kind for t in TRENCHES])[pipes.trench]
    draw = rng.random((5, total))
    table = _common(pipes, draw)
    ages = [_plant_ages(rng, kind_of, count) for kind_of in AGED]
    for each in ages:
        _age(table, each, pipes=pipes, of_kind=kind == each.kind)
    cover = plant(rng, COVER, count)
    drains = np.flatnonzero((kind == "PS") & (pipes.estate >= 0))
    drains = drains[np.argsort(pipes.estate[drains], kind="stable")]
    table["depth_m"][drains] = spread(rng, cover, pipes.estate[drains])
    ids = np.array([*estates.ids, None], dtype=object)
    columns = {
        "pipe_id": [f"P{number + 1:06d}" for number in range(total)],
        "kind": kind,
        "sub_kind": np.array([t.sub_kind for t in TRENCHES])[pipes.trench],
        "estate_id": ids[pipes.estate],
        **table,
        **note(),
    }
    shapes = shapely.linestrings(pipes.lines)
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS), ages, cover


def _common(pipes: Pipes, draw: FloatArray) -> dict[str, NDArray[np.generic]]:
    """Return what every pipe has by its trench, before anything is planted."""
    at, in_street = pipes.trench, pipes.estate < 0
    low, high = np.array([t.depth_m for t in TRENCHES])[at].T
    branch = np.array([t.branch_mm for t in TRENCHES])[at]
    house = np.array([t.house_mm for t in TRENCHES])[at]
    years = _STREET_YEARS[0] + (draw[0] * (_STREET_YEARS[1] - _STREET_YEARS[0])).astype(np.int64)
    is_pair = np.array([t.materials for t in TRENCHES])[at]
    material = np.where(years >= 2008, is_pair[:, 0], is_pair[:, 1]).astype(object)  # noqa: PLR2004
    accuracy = np.round(0.05 + 0.25 * draw[2], 2)
    return {
        "diameter_mm": np.where(pipes.is_house, house, branch * np.where(in_street, 2.0, 1.0)),
        "material": blank(material, in_street & (draw[3] < 0.15)),  # noqa: PLR2004
        "year": np.where(in_street & (draw[4] < 0.2), np.nan, years),  # noqa: PLR2004
        "depth_m": np.where(draw[3] < 0.12, np.nan, np.round(low + (high - low) * draw[1], 2)),  # noqa: PLR2004
        "accuracy_m": np.where(draw[2] < 0.2, np.nan, accuracy),  # noqa: PLR2004
        "pressure": np.array([t.pressure for t in TRENCHES], dtype=object)[at],
        "laid": np.array([t.laid for t in TRENCHES])[at],
        "is_hazard": np.full(len(at), None, dtype=object),
        "is_cross_connected": np.full(len(at), None, dtype=object),
    }


def _plant_ages(rng: np.random.Generator, kind: str, count: int) -> Ages:
    cases = deal(rng, count)
    good = rng.integers(*_GOOD_YEARS, count)
    due = _DUE_IN - int(asked(AGED[kind], "age_years"))
    met, failed = due + _YOUNG_BY, due + _OLD_BY
    by_material = (rng.random(count) < 0.6) & (kind in _BAD_MATERIAL)  # noqa: PLR2004
    old = np.where(by_material, good, failed - rng.integers(1, 8, count))
    year = np.choose(cases, [old, good, np.full(count, met), np.full(count, failed), good])
    hazard = np.isin(cases, [Case.JUST_MET, Case.JUST_FAILED, Case.BAD])
    return Ages(kind, cases, year, by_material & (cases == Case.BAD), hazard)


def _age(
    table: dict[str, NDArray[np.generic]],
    ages: Ages,
    *,
    pipes: Pipes,
    of_kind: BoolArray,
) -> None:
    """Give every pipe of the kind in an estate the planted year and state, in place."""
    at = np.flatnonzero(of_kind & (pipes.estate >= 0))
    estate = pipes.estate[at]
    trench = np.array([t.materials for t in TRENCHES])[pipes.trench[at]]
    is_unknown = ages.cases[estate] == Case.UNKNOWN
    year = ages.year[estate]
    common = np.where(year >= 2000, trench[:, 0], trench[:, 1])  # noqa: PLR2004
    bad = _BAD_MATERIAL.get(ages.kind, "")
    material = np.where(ages.is_bad_material[estate], bad, common)
    table["material"][at] = blank(material, is_unknown)
    table["year"][at] = np.where(is_unknown, np.nan, year)
    table["is_hazard"][at] = blank(ages.is_hazard[estate], is_unknown)
    table["is_cross_connected"][at] = blank(
        np.zeros(len(at), dtype=bool), is_unknown | (ages.kind != "PS")
    )
