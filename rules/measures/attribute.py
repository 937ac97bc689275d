"""Attribute and clearance: an estate's worst member by a column, or by the spacing of points."""

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from geo.arrays import BoolArray, FloatArray
from rules.context import EvaluationContext
from rules.grammar import Attribute
from rules.lacking import Lacking
from rules.measured import Measured, bounds
from rules.measures.members import members_read, select, when_applies
from rules.model import Book, Rule
from rules.reads import Reads
from rules.rows import Rows
from rules.selection import columns_of
from rules.verdict import MET, SHORT, UNKNOWN, MemberVerdicts, by_threshold, clause_holds


def reads(rule: Rule, book: Book) -> Reads:
    """Return what the members and their columns depend on."""
    spec = rule.measure
    assert isinstance(spec, Attribute)  # noqa: S101 - guaranteed by the MEASURES registry
    return members_read(spec, (*spec.columns, *columns_of(spec.also)), book)


def measure(context: EvaluationContext, rule: Rule) -> Measured:
    """Measure every member."""
    spec = rule.measure
    assert isinstance(spec, Attribute)  # noqa: S101 - guaranteed by the MEASURES registry
    lacking = Lacking(context)
    chosen = select(context, spec, lacking)
    rows = chosen.rows
    if spec.spacing:
        sure = chosen.applies.yes
        low, high = _spacing(rows, np.ones(len(rows), dtype=bool)), _spacing(rows, sure)
    else:
        low, high = _worst_column(rows, rule, spec.columns)
    fields = rows.table(columns_of(spec.when, spec.also))
    read = (*spec.columns, *columns_of(spec.where, spec.when, spec.also))
    lacking.columns(rows, read, chosen.applies.maybe)
    return Measured(
        fields=fields.assign(value_low=low, value_high=high, applies=chosen.applies.as_flags()),
        estate=rows.estate,
        empty=chosen.empty,
        lacking=lacking,
        households=rows.numbers("households") if "households" in rows.source else None,
        members=rows,
    )


def _worst_column(
    rows: Rows, rule: Rule, columns: tuple[str, ...]
) -> tuple[FloatArray, FloatArray]:
    """Return the least and the most that the worst of some columns can be."""
    table = np.array([rows.numbers(name) for name in columns])
    unknown = np.isnan(table).any(axis=0)
    if rule.op == ">=":
        known = np.fmin.reduce(np.nan_to_num(table, nan=np.inf))
        return np.where(unknown, -np.inf, known), known
    known = np.fmax.reduce(np.nan_to_num(table, nan=-np.inf))
    return known, np.where(unknown, np.inf, known)


def _spacing(rows: Rows, among: BoolArray) -> FloatArray:
    """Return each point's distance to the nearest other point of `among` [m], inf without any."""
    others = rows.points[among]
    if len(others) == 0:
        return np.full(len(rows), np.inf)
    tree = cKDTree(others)
    distance, place = (np.asarray(found) for found in tree.query(rows.points, k=2))
    # A point of `among` finds itself first, unless another stands on the very same place.
    itself = np.full(len(rows), -1)
    itself[among] = np.arange(len(others))
    nearest = np.where(place[:, 0] == itself, distance[:, 1], distance[:, 0])
    return np.asarray(nearest, dtype=np.float64)


def judge(rule: Rule, fields: pd.DataFrame) -> MemberVerdicts:
    """Hold values against the rule, then its further conditions, where it applies."""
    spec = rule.measure
    assert isinstance(spec, Attribute)  # noqa: S101 - guaranteed by the MEASURES registry
    applies = when_applies(fields, spec.when)
    verdict = by_threshold(rule, *bounds(fields, "value"), applies)
    code, severity = verdict.code.copy(), verdict.severity.copy()
    for clause in spec.also:
        if not set(clause.columns) <= set(fields.columns):
            continue
        holds = clause_holds(fields, clause)
        worse = holds.no & applies.yes & ((code == MET) | (code == UNKNOWN))
        code[worse], severity[worse] = SHORT, 1.0
        code[~holds.yes & (code == MET)] = UNKNOWN
    value = np.where(code == UNKNOWN, np.nan, verdict.value)
    return MemberVerdicts(code, value, np.where(code == UNKNOWN, np.nan, severity))
