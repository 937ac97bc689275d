"""Age: pipes due for renewal, by material at once, by years, by cross connection."""

import numpy as np
import pandas as pd

from geo.arrays import FloatArray
from rules.context import EvaluationContext
from rules.fold import Folded
from rules.grammar import Age
from rules.grouping import added
from rules.lacking import Lacking
from rules.measured import Measured, bounds
from rules.measures.members import members_read, select
from rules.model import Book, Rule
from rules.reads import Reads
from rules.truth import Truth
from rules.verdict import SHORT, MemberVerdicts, by_conditions

_COLUMNS = ("material", "is_hazard", "is_cross_connected")


def reads(rule: Rule, book: Book) -> Reads:
    """Return what the age of the pipes depends on."""
    assert isinstance(rule.measure, Age)  # noqa: S101 - guaranteed by the MEASURES registry
    return members_read(rule.measure, (*_COLUMNS, "year"), book)


def measure(context: EvaluationContext, rule: Rule) -> Measured:
    """Collect material, age, hazard and length of the estate's pipes of a kind."""
    spec = rule.measure
    assert isinstance(spec, Age)  # noqa: S101 - guaranteed by the MEASURES registry
    lacking = Lacking(context)
    chosen = select(context, spec, lacking)
    rows = chosen.rows
    fields = rows.table((*_COLUMNS, "length_m"))
    fields["age"] = context.as_of.year - rows.numbers("year")
    lacking.columns(rows, _columns_read(spec), _due(spec, fields).open)
    return Measured(
        fields=fields,
        estate=rows.estate,
        empty=chosen.empty,
        lacking=lacking,
        members=rows,
    )


def judge(rule: Rule, fields: pd.DataFrame) -> MemberVerdicts:
    """Ask of every pipe whether it is due."""
    assert isinstance(rule.measure, Age)  # noqa: S101 - guaranteed by the MEASURES registry
    return by_conditions([~_due(rule.measure, fields)], None, SHORT)


def value(measured: Measured, verdict: MemberVerdicts, folded: Folded) -> FloatArray:
    """Return the length of the estate's pipes that are due [m]."""
    due = verdict.code == SHORT
    length = added(
        measured.estate[due],
        measured.fields["length_m"].to_numpy(dtype=np.float64)[due],
        len(folded.code),
    )
    return np.where(np.isnan(folded.value), np.nan, length)


def _due(spec: Age, fields: pd.DataFrame) -> Truth:
    """Return whether each pipe is due for renewal."""
    low, high = bounds(fields, "age")
    due = Truth(low >= spec.age_years, high < spec.age_years)
    if spec.age_needs_hazard:
        due &= _flag(fields, "is_hazard")
    if spec.materials_always:
        due |= is_any_of(fields, spec.materials_always)
    if spec.cross_connected:
        due |= _flag(fields, "is_cross_connected")
    return due


def is_any_of(fields: pd.DataFrame, materials: tuple[str, ...]) -> Truth:
    """Return whether the material is one of some, whether written with 管 (pipe) or without."""
    if "material" not in fields:
        return Truth.unknown(len(fields))
    words = fields["material"].astype("str").str.strip().str.removesuffix("管")
    listed = words.isin([name.removesuffix("管") for name in materials]).to_numpy(dtype=bool)
    return Truth(listed, ~listed & words.notna().to_numpy(dtype=bool))


def _flag(fields: pd.DataFrame, name: str) -> Truth:
    return Truth.flags(fields[name]) if name in fields else Truth.unknown(len(fields))


def _columns_read(spec: Age) -> tuple[str, ...]:
    """Return the columns that the verdict on a pipe depends on."""
    return (
        "year",
        *(["material"] if spec.materials_always else []),
        *(["is_hazard"] if spec.age_needs_hazard else []),
        *(["is_cross_connected"] if spec.cross_connected else []),
    )
