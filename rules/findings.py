"""
Findings: one row for every estate and rule in force, as keys, numbers and outcome.

What a rule says to every estate alike (item, clause, unit, threshold, departments) stands in the
book under its `rule_id`, names stand in the district under their keys, and sentences are made where
they are shown: `rules.full_table` joins all three.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, cast

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from geopandas.array import GeometryArray

import layers
from geo.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from layers.district import District
from layers.findings import Outcome
from rules.gaps import STATEMENT_ORDER, apart, leaders, statements
from rules.model import Book

OUTCOME_ORDER = tuple(str(outcome) for outcome in Outcome)
LAYER_ORDER = layers.SURVEYED
"""Categories of outcomes and layers; a finding holds their positions."""

_CODED = MappingProxyType(
    {"outcome": OUTCOME_ORDER, "origin_layer": LAYER_ORDER, "witness_layer": LAYER_ORDER}
)
_KEYS = ("origin_id", "witness_id", "data_date", "lacking", "compared", "sharing", "failed")
_NUMBERS = MappingProxyType(
    {
        "value": np.float64,
        "severity": np.float64,
        "failing_members": np.int32,
        "unknown_members": np.int32,
        "members": np.int32,
        "exposed_households": np.float64,
        "leg_value": np.float64,
        "walked_m": np.float64,
        "column": np.int8,
        "reached": np.int32,
        "upper_households": np.float64,
        "upper_share": np.float64,
        "is_estimated": np.bool_,
        "is_marginal": np.bool_,
        "is_outdated": np.bool_,
    }
)

COLUMNS = (
    "estate_id",
    "rule_id",
    "outcome",
    "statement",
    "leads",
    "is_marginal",
    "value",
    "severity",
    "origin_layer",
    "origin_id",
    "witness_layer",
    "witness_id",
    "failing_members",
    "unknown_members",
    "members",
    "exposed_households",
    "leg_value",
    "walked_m",
    "column",
    "reached",
    "upper_households",
    "upper_share",
    "is_estimated",
    "data_date",
    "is_outdated",
    "lacking",
    "compared",
    "sharing",
    "failed",
    "as_of",
)
"""
Columns of the findings frame; a `geometry` column follows.

Whatever is no number or truth value is categorical. `statement` and `leads` say what kind of
statement each finding makes and whether it decides for its family (`rules.gaps`); `is_marginal`,
whether its verdict is open within the accuracy of the survey (`rules.margin`); `data_date` and
`is_outdated`, how old the data are that decided it (`rules.recency`).
"""


@dataclass(frozen=True, slots=True, eq=False)
class RuleFindings:
    """
    The findings of one rule in n estates.

    Attributes
    ----------
    rule_id : str
        The rule.
    outcome, origin_layer, witness_layer : ndarray of int8, shape (n,)
        Positions in `OUTCOME_ORDER` and `LAYER_ORDER`; -1 for none.
    value : ndarray of float64, shape (n,)
        In the rule's unit; NaN if unknown or without limit.
    severity : ndarray of float64, shape (n,)
        0 to 1; NaN if unknown, not applicable or waived.
    origin_id, witness_id : ndarray of object, shape (n,)
        Where the deciding walk begins, and the feature that decided; None for none.
    failing_members, unknown_members, members : ndarray of int, shape (n,)
        Members that fail, that are unknown, and to which the rule applies or may apply.
    exposed_households : ndarray of float64, shape (n,)
        Households behind failing members, NaN unknown.
    leg_value : ndarray of float64, shape (n,), or float
        What a further demand of the rule is compared with (`rules.criterion`): the amount in all of
        a ratio, the first further condition of an attribute; NaN where there is none.
    walked_m : ndarray of float64, shape (n,), or float
        The walk that will do instead [m], inf where there is none; NaN for other rules.
    column : ndarray of int8, shape (n,), or int
        Which of the rule's columns is the deciding member's worst, -1 where it has one at most.
    reached : ndarray of int, shape (n,), or int
        Places that an estate shares in.
    upper_households, upper_share : ndarray of float64, shape (n,), or float
        Households on upper floors of failing stair units, and their share of the estate's; NaN
        where nobody knows, and for other rules.
    is_estimated : ndarray of bool, shape (n,), or bool
        Whether the people that the value is divided by are estimated, not counted.
    is_outdated : ndarray of bool, shape (n,), or bool
        Whether a row that decided is older than it may be.
    is_marginal : ndarray of bool, shape (n,), or bool
        Whether the true values may give another outcome (`rules.margin`).
    data_date : ndarray of object, shape (n,)
        Of the oldest row that decided (`rules.recency`), ISO 8601; None where unknown.
    lacking : ndarray of object, shape (n,)
        What data are missing, as `rules.lacking` codes it; None where nothing is.
    compared : ndarray of object, shape (n,)
        The totals that layers state, as `rules.totals` reads them; None for other rules.
    sharing : ndarray of object, shape (n,)
        Who shares the place that gives an estate the most, as `rules.sharing` codes it; None else.
    failed : ndarray of object, shape (n,)
        Which conditions of the rule fail and at how many members, as `rules.criterion.failures`
        reads them; None where none is known to.
    geometry : ndarray of object, shape (n,)
        The evidence in the working CRS, None where nothing can be drawn.
    """

    rule_id: str
    outcome: npt.NDArray[np.int8]
    value: FloatArray
    severity: FloatArray
    origin_layer: npt.NDArray[np.int8]
    origin_id: ObjectArray
    witness_layer: npt.NDArray[np.int8]
    witness_id: ObjectArray
    failing_members: IntArray
    unknown_members: IntArray
    members: IntArray
    exposed_households: FloatArray
    data_date: ObjectArray
    lacking: ObjectArray
    compared: ObjectArray
    sharing: ObjectArray
    failed: ObjectArray
    geometry: ObjectArray
    leg_value: FloatArray | float = np.nan
    walked_m: FloatArray | float = np.nan
    column: npt.NDArray[np.int8] | int = -1
    reached: IntArray | int = 0
    upper_households: FloatArray | float = np.nan
    upper_share: FloatArray | float = np.nan
    is_estimated: BoolArray | bool = False
    is_marginal: BoolArray | bool = False
    is_outdated: BoolArray | bool = False


def findings_frame(
    found: Sequence[RuleFindings], district: District, book: Book, as_of: date
) -> gpd.GeoDataFrame:
    """
    Return the findings of several rules as one frame, by estate, then in the order given.

    Parameters
    ----------
    found : sequence of RuleFindings, each of n estates
        In the book's order.
    district : District
        Whose estates were judged, and when they were built.
    book : Book
        What they were held against.
    as_of : datetime.date
        The day of assessment.

    Returns
    -------
    geopandas.GeoDataFrame
        Columns `COLUMNS` and `geometry`, in the working CRS.
    """
    estates = district["estates"]
    size, rules = len(estates), len(found)
    table: dict[str, Any] = {
        "estate_id": pd.Categorical.from_codes(
            np.repeat(np.arange(size), rules), pd.Index(estates["estate_id"].to_numpy(dtype=object))
        ),
        "rule_id": pd.Categorical.from_codes(
            np.tile(np.arange(rules), size), pd.Index([one.rule_id for one in found], dtype=object)
        ),
        "as_of": pd.Categorical.from_codes(
            np.zeros(size * rules, dtype=np.int8), pd.Index([as_of.isoformat()], dtype=object)
        ),
    }
    for name, categories in _CODED.items():
        codes = _interleaved(found, name, size, np.int8)
        table[name] = pd.Categorical.from_codes(codes, pd.Index(categories, dtype=object))
    for name in _KEYS:
        codes, keys = pd.factorize(_interleaved(found, name, size, np.object_), sort=True)
        table[name] = pd.Categorical.from_codes(codes, pd.Index(keys, dtype=object))
    for name, number in _NUMBERS.items():
        table[name] = _interleaved(found, name, size, number)
    table["statement"], table["leads"] = _stated(
        table["outcome"],
        table["is_marginal"],
        [one.rule_id for one in found],
        district,
        book,
        as_of,
    )
    shapes = GeometryArray(_interleaved(found, "geometry", size, np.object_), crs=district.crs)
    frame = pd.DataFrame({name: table[name] for name in COLUMNS})
    return gpd.GeoDataFrame(frame, geometry=shapes)


def restated(
    findings: gpd.GeoDataFrame, district: District, book: Book, as_of: date
) -> gpd.GeoDataFrame:
    """
    Return findings with their statements as the outcomes and the estates' years are now.

    Parameters
    ----------
    findings : geopandas.GeoDataFrame
        All findings of n estates, as `findings_frame` or `patched` returned them.
    district : District
        Whose estates they are, and when they were built.
    book : Book
        What they were held against.
    as_of : datetime.date
        The day of assessment.
    """
    rules = list(findings["rule_id"].cat.categories)
    marginal = findings["is_marginal"].to_numpy()
    kinds, leads = _stated(findings["outcome"].array, marginal, rules, district, book, as_of)
    return findings.assign(statement=kinds, leads=leads)


def _stated(
    outcome: pd.Categorical,
    is_marginal: BoolArray,
    rules: Sequence[str],
    district: District,
    book: Book,
    as_of: date,
) -> tuple[pd.Categorical, BoolArray]:
    """Return the statement of every finding, and whether it decides for its family."""
    estates = district["estates"]
    years = estates["built_year"].to_numpy(dtype=np.float64, na_value=np.nan)
    kinds, levels = statements(book, rules, years, as_of)
    codes, near = outcome.codes.reshape(kinds.shape), is_marginal.reshape(kinds.shape)
    leads = leaders(book, rules, codes, levels, near, kinds)
    kinds = apart(kinds, codes, near)
    names = pd.Index(STATEMENT_ORDER, dtype=object)
    return pd.Categorical.from_codes(kinds.reshape(-1), names), leads.reshape(-1)


def _interleaved(
    found: Sequence[RuleFindings], name: str, size: int, dtype: npt.DTypeLike
) -> npt.NDArray[Any]:
    """Return one column of all rules, estate after estate."""
    column = np.empty((size, len(found)), dtype=dtype)
    for place, one in enumerate(found):
        column[:, place] = getattr(one, name)
    return column.reshape(-1)


def patched(findings: gpd.GeoDataFrame, found: Mapping[str, RuleFindings]) -> gpd.GeoDataFrame:
    """
    Return findings in which those of some rules are replaced.

    Parameters
    ----------
    findings : geopandas.GeoDataFrame
        All findings of n estates, as `findings_frame` returned them; it is not written to.
    found : mapping of str to RuleFindings, each of the same n estates
        By id of rules that `findings` has.
    """
    places = {rule: place for place, rule in enumerate(findings["rule_id"].cat.categories)}
    new = [(slice(places[rule], None, len(places)), one) for rule, one in found.items()]
    columns: dict[str, Any] = {}
    for name, categories in _CODED.items():
        codes = _replaced(findings[name].cat.codes.to_numpy(), name, new)
        columns[name] = pd.Categorical.from_codes(codes, pd.Index(categories, dtype=object))
    for name in _KEYS:
        columns[name] = _recoded(findings[name], [(here, getattr(one, name)) for here, one in new])
    for name in _NUMBERS:
        columns[name] = _replaced(findings[name].to_numpy(), name, new)
    shapes = np.asarray(findings.geometry.array, dtype=object)
    columns["geometry"] = GeometryArray(_replaced(shapes, "geometry", new), crs=findings.crs)
    return findings.assign(**columns)


def _replaced(
    column: npt.NDArray[Any], name: str, new: Sequence[tuple[slice, RuleFindings]]
) -> npt.NDArray[Any]:
    """Return a column with the rows of some rules replaced; the same one if nothing changes."""
    values = [(here, getattr(one, name)) for here, one in new]
    if column.dtype != object and all(_holds(column[here], one) for here, one in values):
        return column
    column = column.copy()
    for here, one in values:
        column[here] = one
    return column


def _holds(numbers: npt.NDArray[Any], values: npt.ArrayLike) -> bool:
    """Return whether numbers are, bit for bit, the values that are to replace them."""
    return numbers.tobytes() == np.full_like(numbers, values).tobytes()


def _recoded(column: pd.Series, new: Sequence[tuple[slice, ObjectArray]]) -> pd.Categorical:
    """Return keys with the rows of some rules replaced; keys are sorted, and none is unused."""
    old, codes = column.cat.categories, column.cat.codes.to_numpy()
    if all(np.array_equal(keys_of(column.iloc[here]), keys) for here, keys in new):
        return cast("pd.Categorical", column.array)
    codes = codes.astype(np.int32)
    for here, _ in new:
        codes[here] = -1
    values = pd.unique(np.concatenate([keys for _, keys in new]))
    values = values[values != None]  # noqa: E711 - asked of every element
    place = old.get_indexer(pd.Index(values, dtype=object))
    used = np.bincount(np.append(codes[codes >= 0], place[place >= 0]), minlength=len(old)) > 0
    keys, fresh = old, np.sort(values[place < 0])
    if len(fresh) or not used.all():
        kept = old[used].to_numpy(dtype=object)
        keys = pd.Index(np.insert(kept, np.searchsorted(kept, fresh), fresh), dtype=object)
        codes = np.append(keys.get_indexer(old), -1)[codes]
    for here, keys_here in new:
        codes[here] = keys.get_indexer(pd.Index(keys_here, dtype=object))
    return pd.Categorical.from_codes(codes, keys)


def keys_of(column: pd.Series) -> ObjectArray:
    """
    Return the values of a categorical column as objects, None for none.

    Parameters
    ----------
    column : pandas.Series, shape (n,)
        Categorical, such as a column of keys of the findings frame.

    Returns
    -------
    ndarray of object, shape (n,)
    """
    keys: ObjectArray = np.array([*column.cat.categories, None], dtype=object)
    return keys[column.cat.codes.to_numpy()]
