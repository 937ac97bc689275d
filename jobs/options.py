"""Options that several commands take: a day of the calendar, a language, files by their suffix."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

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


AsOf = Annotated[
    date | None,
    typer.Option(parser=day, metavar=METAVAR, help="评估日期 date to assess at; default today"),
]
Lang = Annotated[Literal["zh", "en"], typer.Option("--lang", help="语言 language")]


def require_suffixes(outs: Sequence[Path], allowed: Sequence[str]) -> None:
    """Raise typer.BadParameter if a file of ``--out`` has none of the suffixes allowed."""
    for path in outs:
        if path.suffix.lower() not in allowed:
            raise typer.BadParameter(f"--out {path}：扩展名应为 expected {', '.join(allowed)}")
