"""The options of `litong pipes`; what it runs is imported when it runs, so that help is quick."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from jobs.options import AsOf, Lang, require_suffixes
from jobs.printing import sentences


def pipes(
    district: Annotated[Path, typer.Argument(help="区域文件夹 folder of the district")],
    as_of: AsOf = None,
    out: Annotated[
        list[Path] | None, typer.Option(help="结果文件 .json / .xlsx / .gpkg / .pdf; repeatable")
    ] = None,
    lang: Lang = "zh",
) -> None:
    """管线核查 What each pipe keeps, which are due, and who does what."""
    from jobs.pipes import OUT_SUFFIXES, check_pipes  # noqa: PLC0415 - see the module

    outs = tuple(out or ())
    require_suffixes(outs, OUT_SUFFIXES)
    on = as_of or date.today()  # noqa: DTZ011  (the planner's own calendar)
    with sentences(lang):
        check_pipes(district, on, outs, lang)
