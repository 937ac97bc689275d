"""A day on the command line: one that the calendar has, or one sentence."""

from datetime import date
from typing import Any

import typer

METAVAR = "YYYY-MM-DD"


def day(text: Any) -> date:  # noqa: ANN401 - typer hands over a default as it is
    """
    Return the day that `text` names.

    Raises
    ------
    typer.BadParameter
        If there is no such day.
    """
    if isinstance(text, date):
        return text
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(
            f"{text!r}：应为 2023-04-01 样式的日期 expected a date like 2023-04-01"
        ) from error
