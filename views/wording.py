"""How findings and figures are written: one way for panel, table and map."""

import pandas as pd

from layers.findings import BEARING_LABELS, OUTCOME_LABELS, STRENGTH_LABELS, UNIT_LABELS
from layers.findings import VERIFIED_LABELS as VERIFIED
from views.text import Words, plain

BAND_LABELS = {
    "met": ("达标", "met"),
    "minor": ("轻微", "minor"),
    "moderate": ("中等", "moderate"),
    "serious": ("严重", "serious"),
    "missing": ("缺失", "missing"),
}
_COLOURS = {"short": "orange", "missing": "red", "met": "green", "waived": "blue"}
_SIGNS = {">=": "≥", "<=": "≤"}


def number(value: float, unit: str, words: Words) -> str:
    """Return a figure with its unit: metres whole, shares and ratios with three digits."""
    shown = f"{value:,.0f}" if unit == "m" and abs(value) >= 10 else f"{value:,.3g}"  # noqa: PLR2004
    if "e" in shown:
        shown = f"{value:,.0f}"
    label = words.pick(UNIT_LABELS.get(unit, (unit, unit)))
    return f"{shown} {label}".strip()


def comparison(finding: pd.Series, words: Words) -> str:
    """Return "742 m（≤ 500 m）", as far as the finding has figures."""
    return figures(finding["value"], finding["op"], finding["threshold"], finding["unit"], words)


def figures(value: float, op: object, threshold: float, unit: object, words: Words) -> str:
    """Return a measured value and its threshold; missing (NaN, NA, None) parts are left out."""
    name = unit if isinstance(unit, str) else ""
    shown = number(value, name, words) if pd.notna(value) else ""
    if pd.isna(threshold):
        return shown
    limit = f"{_SIGNS.get(str(op), '')} {number(threshold, name, words)}".strip()
    if not shown:
        return limit
    return f"{shown}（{limit}）" if words.language == "zh" else f"{shown} ({limit})"


def outcome_badge(outcome: str, words: Words) -> str:
    """Return an outcome as a coloured Markdown badge."""
    return f":{_COLOURS.get(outcome, 'gray')}-badge[{words.pick(OUTCOME_LABELS[outcome])}]"


def standing(finding: pd.Series, words: Words) -> str:
    """Return strength, bearing and 待核 of a finding's clause as Markdown badges."""
    marks = [f":blue-badge[{words.pick(STRENGTH_LABELS[finding['strength']])}]"]
    if finding["bearing"] == "reference_only":
        marks.append(f":violet-badge[{words.pick(BEARING_LABELS['reference_only'])}]")
    if finding["verified"] == "recall":
        marks.append(f":orange-badge[{words.pick(VERIFIED['recall'])}]")
    if finding["safety"]:
        marks.append(f":red-badge[{words('safety')}]")
    return " ".join(marks)


def line(label: str, text: object) -> str:
    """Return one labelled line of Markdown; nothing for nothing to say."""
    if text is None or (isinstance(text, float) and pd.isna(text)) or text is pd.NA or text == "":
        return ""
    return f"{label}　{plain(text)}"
