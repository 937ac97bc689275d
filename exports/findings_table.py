"""
The findings as a table for people: labels for codes, one language, the telling columns first.

Workbook, text table and screen print this one table. Values stay typed; nothing is rounded.
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from layers.findings import COLUMNS, UNIT_LABELS, named_column
from layers.spec import Column
from wording import LANGUAGES, Language, in_language, numbered, say

ORDER: Mapping[str, tuple[str, ...]] = {
    language: (
        named_column("town", language),
        "estate",
        "item_class",
        "gap_kind",
        f"item_{language}",
        f"metric_{language}",
        "degree",
        "statement",
        "is_marginal",
        "leads",
        "value",
        "op",
        "threshold",
        "unit",
        "severity",
        "safety",
        "failing_members",
        "members",
        "exposed_households",
        f"reason_{language}",
        "source_title",
        "clause",
        "strength",
        "bearing",
        "verified",
        named_column("department", language),
        named_column("assisting", language),
        "witness_name",
        f"lacking_{language}",
        named_column("supplier", language),
        "data_date",
        "is_outdated",
        "as_of",
        "finding_id",
        "estate_id",
        "rule_id",
        "witness_layer",
        "witness_id",
    )
    for language in LANGUAGES
}
"""Names of the columns that people get, by language, in order."""

_COLUMN = {column.name: column for column in COLUMNS}


def columns(language: Language) -> tuple[Column, ...]:
    """Return the columns that people get in `language`, ``"zh"`` or ``"en"``."""
    return tuple(_COLUMN[name] for name in ORDER[language])


def heading(column: Column, language: Language) -> str:
    """Return the heading of a column, with its unit: 涉及户数（户）."""
    # A table in one language need not say which.
    label, unit = column.label(language).removesuffix(" (English)"), column.unit_in(language)
    return say("cell.unit", language, label=label, unit=unit) if unit else label


def readable(findings: pd.DataFrame, language: Language) -> pd.DataFrame:
    """
    Return `findings` with the columns of `columns(language)` and codes replaced by their labels.

    Parameters
    ----------
    findings : pandas.DataFrame
        With `layers.findings.COLUMNS`.
    language : {"zh", "en"}
        Of the labels.
    """
    return pd.DataFrame(
        {c.name: _labelled(findings[c.name], c, language) for c in columns(language)}
    )


def _labelled(values: pd.Series, column: Column, language: Language) -> pd.Series:
    if column.dtype == "bool":
        return values.astype(object).map(
            {True: say("cell.yes", language), False: say("cell.no", language)}
        )
    if column.name == "witness_name":
        return values.map(lambda name: numbered(name, language), na_action="ignore")
    codes = UNIT_LABELS if column.name == "unit" else column.codes
    if codes is None:
        return values
    return values.map(in_language(codes, language)).fillna(values)


def headings(language: Language) -> Sequence[str]:
    """Return the heading of every column of `columns(language)`."""
    return [heading(column, language) for column in columns(language)]
