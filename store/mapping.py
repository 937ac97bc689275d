"""
Foreign tables into layers: nothing lost silently, nothing invented.

Every row read is accepted by a layer or set aside with a reason; a cell that its layer cannot hold
becomes unknown, and is counted.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

import layers
from geo.errors import StoreError
from layers.checks import Violation
from layers.spec import LayerSpec
from store.district_file import TableMapping
from store.geopackage import UNDATED, Stored


class Reason(NamedTuple):
    """Why a row is set aside, in both languages."""

    en: str
    zh: str


NO_LAYER = Reason("no layer takes this table", "没有图层对应此表")

_PARTS_APART = "LineString"  # a walk needs the parts of a line one by one


@dataclass(frozen=True)
class TableReport:
    """
    What became of one table: `read` = accepted rows + rows set aside.

    Attributes
    ----------
    table : str
        Name in the file.
    read : int
        Rows in the file.
    accepted : mapping of str to int
        Layer -> rows of the file it took.
    set_aside : mapping of Reason to int
        Reason -> rows of the file that no layer took.
    made_unknown : mapping of str to int
        Layer column -> cells that it cannot hold.
    """

    table: str
    read: int
    accepted: Mapping[str, int]
    set_aside: Mapping[Reason, int]
    made_unknown: Mapping[str, int]


@dataclass(frozen=True)
class Taken:
    """
    What one mapping took from a table.

    Attributes
    ----------
    frame : geopandas.GeoDataFrame
        Rows for the layer, without faults; one row of the table may give several (parts of a line).
    accepted : ndarray of bool, shape (n,)
        Rows of the table that gave any.
    refused : mapping of int to Reason
        Row of the table -> why the layer cannot hold it.
    made_unknown : mapping of str to int
        Layer column -> cells that it cannot hold.
    is_own : bool
        Whether the table is one of our own layers; an empty one then says "there is none".
    """

    frame: gpd.GeoDataFrame
    accepted: NDArray[np.bool_]
    refused: Mapping[int, Reason]
    made_unknown: Mapping[str, int]
    is_own: bool = False

    @classmethod
    def whole(cls, stored: Stored) -> "Taken":
        """Return a table that is one of our own layers: all of it, to be checked by its spec."""
        every = np.ones(len(stored.frame), dtype=bool)
        return cls(stored.frame, every, {}, {}, is_own=True)


def take(stored: Stored, mapping: TableMapping) -> Taken:
    """
    Return the rows of a foreign table as rows of a layer.

    Lines fall into their parts, areas that stand for places become a point inside them, invalid
    areas are repaired, counts are rounded down, repeated keys are told apart by their row.

    Raises
    ------
    StoreError
        If `mapping` names a layer, or a layer's column, that does not exist.
    """
    spec = spec_of(mapping)
    shapes = pd.Series(_fitting(stored.frame.geometry.to_numpy(), spec.geometry), dtype=object)
    uncoded: dict[str, pd.Series] = {}
    cells = _cells(stored, mapping, spec, uncoded)
    frame = gpd.GeoDataFrame(cells, geometry=gpd.GeoSeries(shapes, crs=stored.frame.crs))
    if spec.geometry == _PARTS_APART:
        frame = _part_by_part(frame)
    frame[spec.key] = apart(frame[spec.key])
    return _sifted(frame, spec, uncoded, count=len(stored.frame))


def _sifted(
    frame: gpd.GeoDataFrame, spec: LayerSpec, uncoded: Mapping[str, pd.Series], *, count: int
) -> Taken:
    """Part rows that the layer can hold from those it cannot; forget cells that it cannot hold."""
    violations = spec.violations(frame)
    refused: dict[int, Reason] = {}
    good = np.ones(len(frame), dtype=bool)
    for violation in violations:
        if violation.column.required:
            good &= ~violation.rows
            refused |= _reasons(violation, frame.index, uncoded)
    made_unknown: Counter[str] = Counter()
    for violation in violations:
        if not violation.column.required:
            name = violation.column.name
            frame[name] = frame[name].astype(object).mask(violation.rows, None)
            made_unknown[name] += int((violation.rows & good).sum())
    kept = frame[good]
    accepted = np.isin(np.arange(count), kept.index)
    for name, values in uncoded.items():
        made_unknown[name] += int(accepted[values.index].sum())
    return Taken(kept.reset_index(drop=True), accepted, refused, +made_unknown)


def _reasons(
    violation: Violation, index: pd.Index, uncoded: Mapping[str, pd.Series]
) -> dict[int, Reason]:
    """Return why each row of `violation` is set aside: the value without a code if that is why."""
    name, rows = violation.column.name, index[violation.rows]
    expected = Reason(
        f"{name}: expected {violation.expected_en}", f"{name}：应为{violation.expected_zh}"
    )
    reasons = dict.fromkeys(rows.tolist(), expected)
    found = uncoded.get(name, pd.Series(dtype=object))
    found = found[found.index.isin(rows)]
    return reasons | {row: _no_code(name, value) for row, value in found.items()}


def _no_code(name: str, value: object) -> Reason:
    shown = repr(str(value)[:40])
    return Reason(f"{name}: no code for {shown}", f"{name}：没有与 {shown} 对应的代码")


def _part_by_part(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give every part of a multi-part shape a row of its own; others, also without shape, stay."""
    many = frame.geometry.geom_type.isin(["MultiLineString"])
    return pd.concat([frame[~many], frame[many].explode(index_parts=False)]).sort_index(
        kind="stable"
    )


def report(stored: Stored, takings: Mapping[str, Taken]) -> TableReport:
    """Return what became of every row of a table that the layers in `takings` read."""
    count = len(stored.frame)
    gone = np.ones(count, dtype=bool)
    unknown: Counter[str] = Counter()
    for taken in takings.values():
        gone &= ~taken.accepted
        unknown.update(taken.made_unknown)
    reasons = {row: why for taken in takings.values() for row, why in taken.refused.items()}
    return TableReport(
        stored.name,
        count,
        {layer: int(taken.accepted.sum()) for layer, taken in takings.items()},
        Counter(reasons.get(row, _unclaimed(stored)) for row in np.flatnonzero(gone).tolist()),
        unknown,
    )


def _unclaimed(stored: Stored) -> Reason:
    """Say why no layer takes a table; one named as a layer of ours wants its columns too."""
    spec = layers.ALL.get(stored.name) if stored.name in layers.SURVEYED else None
    absent = [] if spec is None else sorted({spec.key, "provenance"} - set(stored.frame))
    if not absent:
        return NO_LAYER
    names = ", ".join(absent)
    return Reason(
        f"it has the name of a layer but not its columns ({names}); litong import brings it in",
        f"表名是图层名，但缺少字段（{names}）；请用 litong import 导入",
    )


def spec_of(mapping: TableMapping) -> LayerSpec:
    """
    Return the spec of the layer that `mapping` fills.

    Raises
    ------
    StoreError
        If there is no such layer, or it lacks a column that the mapping names.
    """
    known = mapping.layer in layers.SURVEYED
    named = {*mapping.columns, *mapping.codes, *mapping.defaults}
    columns = {column.name for column in layers.ALL[mapping.layer].columns} if known else set()
    strange = ([] if known else [mapping.layer]) + sorted(named - columns)
    if strange:
        raise StoreError(
            f"mapping of {mapping.table}: {strange[0]} is no layer or column we know",
            f"数据表 {mapping.table} 的对照：没有图层或字段 {strange[0]}",
        )
    return layers.ALL[mapping.layer]


def _cells(
    stored: Stored, mapping: TableMapping, spec: LayerSpec, uncoded: dict[str, pd.Series]
) -> dict[str, pd.Series]:
    """Return the layer's columns, not yet checked; note in `uncoded` what has no code."""
    raw = pd.DataFrame(stored.frame.drop(columns="geometry")).rename(columns=str.lower)
    blank = pd.Series([None] * len(raw), dtype=object)
    number = pd.Series(range(1, len(raw) + 1), dtype=object).map(lambda row: f"{spec.name}-{row}")
    facts = {
        "provenance": mapping.provenance,
        "source": mapping.source or f"table {stored.name}",
        "source_date": mapping.date or stored.changed[:10] or UNDATED,
        **mapping.defaults,
    }
    cells = {name: pd.Series([value] * len(raw), dtype=object) for name, value in facts.items()}
    for name, source in mapping.columns.items():
        found = raw.get(source.lower(), blank)
        known = found
        if name in mapping.codes:
            known = found.map(lambda value, codes=mapping.codes[name]: codes.get(str(value)))
            uncoded[name] = found[found.notna() & known.isna()]
        whole = spec.column(name).dtype == "int"
        cells[name] = _whole(known) if whole else known.astype(object)
    keys = raw.get(mapping.key.lower(), blank)
    cells[spec.key] = keys.where(keys.notna(), number).astype(object).map(str)
    return cells


def _whole(values: pd.Series) -> pd.Series:
    """Round numbers down (3.5 storeys have 3 full ones); leave what is no number to the checks."""
    numbers = pd.to_numeric(values, errors="coerce").astype("float64")
    whole: pd.Series = (numbers // 1).astype(object).where(numbers.notna(), values)
    return whole


def apart(keys: pd.Series) -> pd.Series:
    """
    Put the row behind every key that was used before, until no two are alike.

    Parameters
    ----------
    keys : pandas.Series, shape (n,)
        Texts, none missing.

    Returns
    -------
    pandas.Series of str, shape (n,)
        ``K`` of the third row, used before, becomes ``K#3``.
    """
    texts = keys.to_numpy(dtype=object).copy()
    while (twice := pd.Series(texts).duplicated().to_numpy()).any():
        texts[twice] = [f"{texts[row]}#{row + 1}" for row in np.flatnonzero(twice)]
    return pd.Series(texts, index=keys.index, dtype=object)


def _fitting(shapes: NDArray[np.object_], geometry: str) -> NDArray[np.object_]:
    """Return the shapes in the layer's geometry where that needs no guess."""
    fitting = shapes.copy()
    if geometry == "Point":
        spread = ~shapely.is_missing(shapes) & (shapely.get_type_id(shapes) != 0)
        fitting[spread] = shapely.point_on_surface(shapes[spread])
    elif geometry == "Polygon":
        bent = ~shapely.is_missing(shapes) & ~shapely.is_valid(shapes)
        fitting[bent] = shapely.make_valid(shapes[bent], method="structure", keep_collapsed=False)
    return fitting
