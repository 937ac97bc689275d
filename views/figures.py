"""How findings and figures are written: one way for panel, table and map."""

import math
from collections.abc import Mapping
from math import nan
from typing import Any

import pandas as pd

from layers.findings import FAILING
from rules.degree import demand_text
from rules.rounding import quantity
from wording import Language, Text, say

BAND_LABELS = {
    "met": Text("达标", "met"),
    "minor": Text("轻微", "minor"),
    "moderate": Text("中等", "moderate"),
    "serious": Text("严重", "serious"),
    "missing": Text("缺失", "missing"),
}


def comparison(finding: Mapping[Any, Any] | pd.Series, language: Language) -> str:
    """Return "742 m（≤ 500 m）", as far as the finding has figures."""
    value, unit = finding["value"], finding["unit"]
    if pd.isna(value) and finding["outcome"] in FAILING and unit == "m":
        value = math.inf  # unreachable
    return value_and_limit(value, finding["op"], finding["threshold"], unit, language)


def value_and_limit(
    value: float, op: object, threshold: float, unit: object, language: Language
) -> str:
    """Return a measured value and its threshold; missing (NaN, NA, None) parts are left out."""
    name = unit if isinstance(unit, str) else ""
    shown = _measured(value, name, language, threshold) if pd.notna(value) else ""
    if pd.isna(threshold):
        return shown
    required = demand_text(str(op), threshold, name, language)
    if not shown:
        return required
    return say("common.with_detail", language, text=shown, detail=required)


def _measured(value: float, unit: str, language: Language, threshold: float) -> str:
    """Return a measured value, in words where it is without limit."""
    if math.isinf(value):
        return say("map.unreachable", language)
    return quantity(value, unit, language, nan if pd.isna(threshold) else threshold)
