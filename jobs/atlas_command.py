"""The options of `litong atlas`; heavy modules are imported when the command runs."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

from jobs.options import METAVAR, AsOf, Lang, day, require_suffixes
from jobs.printing import sentences

FIELDS = (
    "project",
    "organisation",
    "leader",
    "drawn_by",
    "checked_by",
    "reviewed_by",
    "approved_by",
    "opens",
    "closes",
    "contact",
    "phone",
    "address",
)
"""Fields of the title block, then of the public notice, that ``--field`` sets."""


def atlas(  # noqa: PLR0913 - each is an option of the command
    district: Annotated[Path, typer.Argument(help="区域文件夹或 .gpkg folder or GeoPackage")],
    *,
    out: Annotated[Path, typer.Option(help="图册文件 .pdf the booklet")],
    as_of: AsOf = None,
    dated: Annotated[
        date | None,
        typer.Option(
            "--date", parser=day, metavar=METAVAR, help="图册日期 date printed; default as --as-of"
        ),
    ] = None,
    edition: Annotated[
        str, typer.Option(help="版本 edition printed; default the next not issued yet")
    ] = "",
    estates: Annotated[
        str, typer.Option(help="小区名称或编号，逗号分隔 names or ids, by commas; default all")
    ] = "",
    sheets: Annotated[str, typer.Option(help="图页种类，逗号分隔 kinds of sheet, by commas")] = "",
    volume: Annotated[
        Literal["short", "annex", "full"],
        typer.Option(help="分册：会审本 / 附册 / 全本 for the meeting, its evidence, or both"),
    ] = "short",
    order: Annotated[
        Literal["district", "town", "rank"],
        typer.Option(help="小区顺序：按数据 / 乡镇 / 排序 as in the data, by town, or by rank"),
    ] = "district",
    purpose: Annotated[
        Literal["internal", "public"], typer.Option(help="内部审议 / 社会公示")
    ] = "internal",
    formal: Annotated[
        bool, typer.Option("--formal", help="正式版；有问题则拒绝 refuse if there are problems")
    ] = False,
    department: Annotated[
        str, typer.Option(help="只出某责任单位会签的页 extract for a department id")
    ] = "",
    town: Annotated[str, typer.Option(help="只出某乡镇 extract for a town")] = "",
    paper: Annotated[Literal["A3", "A4"], typer.Option(help="图幅 paper")] = "A3",
    scale: Annotated[
        int, typer.Option(min=0, help="比例尺分母 denominator; 0: largest that fits")
    ] = 0,
    field: Annotated[
        list[str] | None,
        typer.Option(help=f"图签、公示 name=value, kept for the next time: {', '.join(FIELDS)}"),
    ] = None,
    review_number: Annotated[str, typer.Option(help="审图号 map review number")] = "",
    confirm: Annotated[
        str, typer.Option(help="已确认占位取值的规则 confirmed rule ids, by commas")
    ] = "",
    font: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="正文字体 .ttf body font")
    ] = None,
    style: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="样式文件 .toml style file")
    ] = None,
    lang: Lang = "zh",
) -> None:
    """会审图册 Print the approval booklet: one estate, one plan."""
    require_suffixes([out], [".pdf"])
    from atlas.request import Order, Purpose, Request, Stage, Volume  # noqa: PLC0415 - see the module
    from jobs.atlas import print_atlas  # noqa: PLC0415

    block = _fields(field or [])
    on = as_of or date.today()  # noqa: DTZ011 - the planner's own calendar
    request = Request(
        date=(dated or on).isoformat(),
        edition=edition,
        purpose=Purpose(purpose),
        stage=Stage.FORMAL if formal else Stage.DRAFT,
        estates=_listed(estates),
        sheets=_listed(sheets),
        volume=Volume(volume),
        order=Order(order),
        department=department,
        town=town,
        paper=paper,
        language=lang,
        scale=scale,
        review_number=review_number,
        confirmed=frozenset(_listed(confirm)),
        font=font,
        style=style,
    )
    with sentences(lang):
        print_atlas(district, out, on, request, block)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.replace("，", ",").split(",") if part.strip())


def _fields(pairs: list[str]) -> dict[str, str]:
    block = {}
    for pair in pairs:
        name, mark, value = pair.partition("=")
        if not mark or name not in FIELDS:
            raise typer.BadParameter(f"--field {pair}: expected name=value, name one of {FIELDS}")
        block[name] = value
    return block
