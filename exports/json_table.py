"""A table as plain JSON values, a record a row."""

import math
from typing import Any

import pandas as pd


def records(table: pd.DataFrame, *, infinite: str | None = None) -> list[dict[str, Any]]:
    """
    Return the rows of a table as plain JSON values.

    Parameters
    ----------
    table : pandas.DataFrame, n rows
        Of texts, numbers, truth values and tuples of them.
    infinite : str, optional
        What stands for inf, which JSON has no word for; null by default, as for what is missing.
    """
    return [
        {str(name): json_value(value, infinite) for name, value in row.items()}
        for row in table.astype(object).to_dict("records")
    ]


def json_value(value: Any, infinite: str | None = None) -> Any:  # noqa: ANN401 - of any cell
    """Return a value as JSON has it, null for what is missing; `infinite` as for `records`."""
    if isinstance(value, tuple):
        return list(value)
    if pd.isna(value):
        return None
    if isinstance(value, float) and math.isinf(value):
        return infinite
    return value.item() if hasattr(value, "item") else value
