"""The options of `litong site`; what it runs is imported when it runs, so that help is quick."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

from jobs.options import AsOf, Lang, require_suffixes
from jobs.printing import sentences


def site(  # noqa: PLR0913, PLR0917 - one option each
    district: Annotated[Path, typer.Argument(help="区域文件夹 folder of the district")],
    kind: Annotated[str, typer.Option(help="设施类型，代码或名称 kind of facility, code or label")],
    count: Annotated[int | None, typer.Option(min=0, help="最多新建几处 new sites at most")] = None,
    budget: Annotated[float | None, typer.Option(min=0, help="资金（元） yuan")] = None,
    must: Annotated[
        list[str] | None, typer.Option(help="必选的候选用地 candidate site that must be chosen")
    ] = None,
    never: Annotated[
        list[str] | None, typer.Option(help="排除的候选用地 candidate site that must not be")
    ] = None,
    objective: Annotated[
        Literal["cover", "fewest", "median", "equity"],
        typer.Option(help="目标 most covered, fewest for all, least mean walk, worst off first"),
    ] = "cover",
    limit: Annotated[
        float | None, typer.Option(min=1, help="步行限距（米），默认按规则 limit [m]")
    ] = None,
    generate: Annotated[
        float | None, typer.Option(min=1, help="沿路网布点的间距（米） generate places every [m]")
    ] = None,
    price: Annotated[
        float | None, typer.Option(min=0, help="没有费用的位置每处费用（元） yuan where unknown")
    ] = None,
    capacity: Annotated[  # noqa: FBT002 - typer's option
        bool, typer.Option("--capacity", help="计入容量 count what one place can serve")
    ] = False,
    as_of: AsOf = None,
    out: Annotated[
        list[Path] | None, typer.Option(help="结果文件 .json / .xlsx / .gpkg; repeatable")
    ] = None,
    scenario: Annotated[
        Path | None,
        typer.Option(help="写成情景文件，情景名取文件名 write a scenario named like it"),
    ] = None,
    lang: Lang = "zh",
) -> None:
    """选址 Where new facilities should stand. The district is not changed."""
    from jobs.site import OUT_SUFFIXES, site_facilities  # noqa: PLC0415 - see the module
    from siting.posing import Wish  # noqa: PLC0415

    outs = tuple(out or ())
    require_suffixes(outs, OUT_SUFFIXES)
    wish = Wish(
        kind,
        count=count,
        budget_yuan=budget,
        must=tuple(must or ()),
        never=tuple(never or ()),
        objective=objective,
        limit_m=limit,
        spacing_m=generate,
        price_yuan=price,
        has_capacity=capacity,
    )
    target = scenario and scenario.with_name(scenario.name.removesuffix(".json") + ".json")
    on = as_of or date.today()  # noqa: DTZ011  (the planner's own calendar)
    with sentences(lang):
        is_answered = site_facilities(district, wish, on, outs, target, lang)
    if not is_answered:
        raise typer.Exit(3)
