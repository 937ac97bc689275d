"""
The options of `litong import`; the libraries are loaded only when it runs.

Exit codes as for every command, 3 when anything was quarantined or not read, and 4 when a question
is open: then nothing was written, `--yes` or not.
"""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from jobs.options import Lang
from jobs.printing import confirm, sentences
from wording import say


def import_command(  # noqa: PLR0913, PLR0917 - one option each
    folder: Annotated[Path, typer.Argument(help="区域文件夹 folder of the district")],
    files: Annotated[list[Path], typer.Argument(help="要导入的文件 files dropped together")],
    layer: Annotated[
        str, typer.Option(help="图层 layer, such as estates; default: what each table looks like")
    ] = "",
    table: Annotated[
        list[str] | None,
        typer.Option(help="只取此表 only this layer or sheet; may be given several times"),
    ] = None,
    crs: Annotated[
        str,
        typer.Option(
            help="坐标系 EPSG:4544, EPSG:4544/yx, GCJ-02, BD-09, CGCS2000:TM:106.25:500000"
        ),
    ] = "",
    encoding: Annotated[str, typer.Option(help="文字编码 utf-8, gb18030")] = "",
    column: Annotated[
        list[str] | None, typer.Option(help="列对应 households=总户数; may be given several times")
    ] = None,
    unit: Annotated[
        list[str] | None,
        typer.Option(help="单位 floor_area_m2=万平方米; may be given several times"),
    ] = None,
    value: Annotated[
        list[str] | None,
        typer.Option(
            help="确认可疑的值 households=take / quarantine / year; may be given several times"
        ),
    ] = None,
    position: Annotated[
        str, typer.Option(help='位置 "xy 经度 纬度", "pair 坐标", "match name 小区名称"')
    ] = "",
    key: Annotated[
        str, typer.Option(help="编号列，或 name、known、generate column of the keys, or how")
    ] = "",
    same: Annotated[
        list[str] | None,
        typer.Option(
            help="同一处 E10=东风小区; =东风小区: another place; or a file with a pair a line"
        ),
    ] = None,
    seven: Annotated[
        Path | None,
        typer.Option("--seven-parameters", help="七参数文件 .toml: used, stored nowhere"),
    ] = None,
    repair: Annotated[
        Literal["safe", "all", "none"], typer.Option(help="图形修复 repairs to accept")
    ] = "safe",
    outside: Annotated[
        Literal["quarantine", "keep"], typer.Option(help="范围之外的行 rows beyond the district")
    ] = "quarantine",
    title: Annotated[
        Literal["", "keep", "quarantine"],
        typer.Option(help="表题为改造前、拆除等的表 tables whose title says another state or part"),
    ] = "",
    merged: Annotated[
        Literal["", "apart", "each"],
        typer.Option(help="多行合并的数 numbers merged over rows: of all together, or of each"),
    ] = "",
    hidden: Annotated[
        Literal["", "keep", "quarantine"], typer.Option(help="隐藏的行 hidden rows of a sheet")
    ] = "",
    formats: Annotated[
        Literal["", "keep", "quarantine"],
        typer.Option(help="格式已损坏的数 numbers of a workbook that lost its cell formats"),
    ] = "",
    twice: Annotated[
        Literal["", "first", "both"],
        typer.Option(help="表中同一处两次 one place in two rows: take the first, or both"),
    ] = "",
    conflict: Annotated[
        Literal["", "key", "name", "quarantine"],
        typer.Option(help="编号与名称指向不同 key and name say two places: which is right"),
    ] = "",
    dated: Annotated[
        datetime | None,
        typer.Option("--date", formats=["%Y-%m-%d"], help="数据日期 date of the data; today"),
    ] = None,
    quarantine: Annotated[
        Path | None, typer.Option(help="隔离行工作簿 .xlsx for rows not accepted")
    ] = None,
    by: Annotated[str, typer.Option(help="操作人 who imports; default: the login name")] = "",
    yes: Annotated[  # noqa: FBT002
        bool,
        typer.Option("--yes", help="不再确认 write without confirming; questions stay questions"),
    ] = False,
    lang: Lang = "zh",
) -> None:
    """导入文件 Import files into a district, with an account of every row."""
    from intake.datum import read_parameters  # noqa: PLC0415 - see the module
    from intake.pairs import STEP, read_pairs  # noqa: PLC0415
    from intake.request import ImportRequest  # noqa: PLC0415
    from jobs.importing import import_files  # noqa: PLC0415
    from jobs.signing import signature  # noqa: PLC0415

    day = dated.date() if dated else date.today()  # noqa: DTZ011 - the planner's calendar
    choices = {"encoding": encoding, "position": position, "crs": crs}
    choices |= {"title": title, "merged": merged, "hidden": hidden, "formats": formats}
    choices |= {"twice": twice, "conflict": conflict}
    choices = {step: value for step, value in choices.items() if value}
    choices |= {"repair": repair, "outside": outside}
    choices |= _answers("column", column or ()) | _answers("unit", unit or ())
    choices |= _answers("value", value or ())
    choices |= {"key": key} if key else {}
    names = "、".join(file.name for file in files)
    with sentences(lang):
        parameters = read_parameters(seven) if seven else None
        for text in same or ():
            choices |= {f"{STEP}:{row}": known for row, known in read_pairs(text).items()}
        try:
            outcome = import_files(
                folder,
                files,
                ImportRequest(day.isoformat(), layer, tuple(table or ()), choices, parameters),
                entry=signature(by, f"litong import: {names} → {layer}"),
                confirm=lambda: yes or confirm("import.confirm", lang, folder=folder),
                rejects=quarantine,
                language=lang,
            )
        except KeyboardInterrupt:
            typer.echo(say("terminal.nothing_written", lang), err=True)
            raise
    if outcome:
        raise typer.Exit(outcome)


def _answers(kind: str, pairs: Iterable[str]) -> dict[str, str]:
    """Return the answers by step, from ``name=value``."""
    split = (pair.partition("=") for pair in pairs)
    return {f"{kind}:{name}": value for name, _, value in split}
