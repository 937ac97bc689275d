"""The options of `litong minutes`; what it runs is imported when it runs, so that help is quick."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from jobs.options import AsOf, Lang, require_suffixes
from jobs.printing import sentences


def minutes(
    district: Annotated[Path, typer.Argument(help="区域文件夹 folder of the district")],
    as_of: AsOf = None,
    out: Annotated[
        list[Path] | None, typer.Option(help="结果文件 .docx / .xlsx / .json; repeatable")
    ] = None,
    template: Annotated[
        Path | None, typer.Option(help="本单位的 .docx 模板 template of the office's own")
    ] = None,
    lang: Lang = "zh",
) -> None:
    """会议纪要 The opinions of the approval meeting and their answers."""
    from jobs.minutes import OUT_SUFFIXES, write_minutes  # noqa: PLC0415 - see the module

    outs = tuple(out or ())
    require_suffixes(outs, OUT_SUFFIXES)
    on = as_of or date.today()  # noqa: DTZ011  (the planner's own calendar)
    with sentences(lang):
        write_minutes(district, on, outs, template, lang)
