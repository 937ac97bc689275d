"""
The `litong export` command: a district in a form that other programs open.

The libraries are loaded only when it runs.
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from jobs.options import Lang
from jobs.printing import console, plain, sentences, show
from wording import Language


class Form(StrEnum):
    """The keys of `exports.handover.FORMATS`, which is loaded only when the command runs."""

    GPKG = "gpkg"
    GDB = "gdb"
    SHP = "shp"
    SHP_GBK = "shp-gbk"
    XLSX = "xlsx"
    TEMPLATE = "template"


def export_command(
    district: Annotated[Path, typer.Argument(help="区域文件夹或 .gpkg folder or GeoPackage")],
    to: Annotated[
        list[Form],
        typer.Option(help="格式 form; may be given several times: docs/handover.md"),
    ],
    out: Annotated[
        Path, typer.Option(help="文件，或已有的文件夹 a file, or a folder that exists")
    ] = Path(),
    lang: Lang = "zh",
) -> None:
    """导出区域 Hand a district over: GeoPackage, shapefile, geodatabase, workbook, template."""
    if len(to) > 1 and not out.is_dir():
        raise typer.BadParameter(f"--out {out}: several forms need a folder that exists")
    with sentences(lang):
        _export(district, to, out, lang)


def _export(folder: Path, forms: list[Form], out: Path, language: Language) -> None:
    from exports.handover import FORMATS, export_district  # noqa: PLC0415 - see the module
    from jobs.opening import district_at  # noqa: PLC0415

    district = district_at(folder, language)
    for form in forms:
        name = f"{district.district_id}-{district.version[:8]}{FORMATS[form].suffix}"
        path = out / name if out.is_dir() else out
        shortfalls = export_district(district, form, path)
        show("terminal.wrote_bytes", language, path=path, size=path.stat().st_size)
        if shortfalls:
            show("export.shortfalls", language, n=len(shortfalls))
        for shortfall in shortfalls:
            console().print(plain(f"    {shortfall.sentence(language)}"))
