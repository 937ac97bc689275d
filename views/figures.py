"""How findings and figures are written: one way for panel, table and map."""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from layers.findings import FAILING, UNIT_LABELS
from wording import Language, Text, say

BAND_LABELS = {
    "met": Text("达标", "met"),
    "minor": Text("轻微", "minor"),
    "moderate": Text("中等", "moderate"),
    "serious": Text("严重", "serious"),
    "missing": Text("缺失", "missing"),
}
_SIGNS = {">=": "≥", "<=": "≤"}


def number(value: float, unit: str, language: Language) -> str:
    """Return a figure with its unit: metres whole, shares and ratios with three digits."""
    if math.isinf(value):
        return say("map.unreachable", language)
    shown = f"{value:,.0f}" if unit == "m" and abs(value) >= 10 else f"{value:,.3g}"  # noqa: PLR2004
    if "e" in shown:
        shown = f"{value:,.0f}"
    label = UNIT_LABELS.get(unit, Text(unit, unit))[language]
    return f"{shown} {label}".strip()


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
    shown = number(value, name, language) if pd.notna(value) else ""
    if pd.isna(threshold):
        return shown
    limit = f"{_SIGNS.get(str(op), '')} {number(threshold, name, language)}".strip()
    if not shown:
        return limit
    return say("common.with_detail", language, text=shown, detail=limit)
