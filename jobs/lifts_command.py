"""The options of `litong lifts`; what it runs is imported when it runs, so that help is quick."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from jobs.options import AsOf, Lang, require_suffixes
from jobs.printing import sentences


def lifts(
    district: Annotated[Path, typer.Argument(help="区域文件夹 folder of the district")],
    as_of: AsOf = None,
    out: Annotated[
        list[Path] | None, typer.Option(help="结果文件 .json / .xlsx / .gpkg; repeatable")
    ] = None,
    lang: Lang = "zh",
) -> None:
    """加装电梯 Where lifts fit beside the stair units, what has to give way, or why not."""
    from jobs.lifts import OUT_SUFFIXES, place_lifts  # noqa: PLC0415 - see the module

    outs = tuple(out or ())
    require_suffixes(outs, OUT_SUFFIXES)
    on = as_of or date.today()  # noqa: DTZ011  (the planner's own calendar)
    with sentences(lang):
        place_lifts(district, on, outs, lang)
