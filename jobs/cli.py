"""
The `litong` command.

Exit codes: 0 done; 1 the input cannot be used (one sentence says why); 2 the command was written
wrongly; 3 done, and `--fail-on` found what it was to look for, `import` set rows aside, `whatif`
left out steps that do not fit, or `site` has no answer.
"""

import io
import sys
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Literal, NoReturn

import typer

from clearances.requirements import STRICTER
from jobs.atlas_command import atlas
from jobs.export_command import export_command
from jobs.import_command import import_command
from jobs.lifts_command import lifts
from jobs.minutes_command import minutes
from jobs.options import METAVAR, AsOf, Lang, day, require_suffixes
from jobs.pipes_command import pipes
from jobs.printing import sentences
from jobs.serve_command import serve
from jobs.site_command import site
from jobs.trail_commands import backup, history, restore, upgrade
from jobs.user_commands import users

_OUT_SUFFIXES = (".gpkg", ".xlsx", ".csv", ".json", ".zip")

app = typer.Typer(
    name="litong",
    help="利通补短板一张图 Litong Gap Map: what each old housing estate lacks, and why.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


Size = Literal["tiny", "demo", "stress"]
_FAILING = {"missing": {"missing"}, "short": {"missing", "short"}}  # by --fail-on


def _version(wanted: bool) -> None:  # noqa: FBT001  (typer's callback)
    if wanted:
        typer.echo(f"litong {version('litong-gap-map')}")
        raise typer.Exit


@app.callback()
def _root(
    _: Annotated[  # noqa: FBT002  (typer's option)
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="版本 print the version"),
    ] = False,
) -> None:
    pass


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(help="写入的文件夹 folder to write")],
    size: Annotated[Size, typer.Option(help="2、20 或 2,000 个小区 estates")] = "demo",
    lang: Lang = "zh",
) -> None:
    """生成演示数据 Write the invented demonstration district."""
    from jobs.demonstration import write_demonstration

    with sentences(lang):
        write_demonstration(folder, size, lang)


@app.command()
def check(
    district: Annotated[Path, typer.Argument(help="区域文件夹或 .gpkg folder or GeoPackage")],
    as_of: AsOf = None,
    out: Annotated[
        list[Path] | None,
        typer.Option(
            help="结果文件 .gpkg / .xlsx / .csv, .zip (Shapefile), .json counts; repeatable"
        ),
    ] = None,
    map_: Annotated[
        Path | None, typer.Option("--map", help="离线地图 .html self-contained offline map")
    ] = None,
    fail_on: Annotated[
        Literal["missing", "short"] | None,
        typer.Option(help="有此类缺口时退出码为 3 exit with 3 if any"),
    ] = None,
    lang: Lang = "zh",
) -> None:
    """评估区域 Check a district against the rulebook and write what it lacks."""
    from jobs.checking import check_district

    outs = tuple(out or ())
    require_suffixes(outs, _OUT_SUFFIXES)
    if map_ is not None and map_.suffix.lower() not in {".html", ".htm"}:
        raise typer.BadParameter(f"--map {map_}：扩展名应为 expected .html")
    on = as_of or date.today()  # noqa: DTZ011  (the planner's own calendar)
    with sentences(lang):
        outcomes = check_district(district, on, outs, offline_map=map_, language=lang)
    if fail_on and _FAILING[fail_on] & outcomes:
        raise typer.Exit(3)


@app.command()
def green(  # noqa: PLR0913, PLR0917 - one option each
    district: Annotated[Path, typer.Argument(help="区域文件夹或 .gpkg folder or GeoPackage")],
    out: Annotated[
        list[Path] | None,
        typer.Option(help="结果文件 .xlsx / .gpkg / .csv / .pdf; may be given several times"),
    ] = None,
    as_of: Annotated[
        date | None,
        typer.Option(
            parser=day, metavar=METAVAR, help="评估日期 date of the indicators; default today"
        ),
    ] = None,
    profile: Annotated[
        str, typer.Option(help="净距标准 clearance profile of the rulebook")
    ] = STRICTER,
    paper: Annotated[
        Literal["A3", "A4"], typer.Option(help=".pdf 图幅 paper of the sheets")
    ] = "A3",
    fail_on: Annotated[  # noqa: FBT002  (typer's option)
        bool, typer.Option("--fail-on-conflict", help="有净距不足时退出码为 3 exit with 3 if any")
    ] = False,
    lang: Lang = "zh",
) -> None:
    """核查绿化补植 Check the greening design: clearances, suggestions, seedlings, survival."""
    from jobs.green import OUT_SUFFIXES, check_greening

    outs = tuple(out or ())
    require_suffixes(outs, OUT_SUFFIXES)
    on = as_of or date.today()  # noqa: DTZ011  (the planner's own calendar)
    with sentences(lang):
        verdicts = check_greening(district, on, outs, profile=profile, paper=paper, language=lang)
    if fail_on and "short" in verdicts:
        raise typer.Exit(3)


@app.command()
def whatif(
    district: Annotated[Path, typer.Argument(help="区域文件夹 folder of the district")],
    scenario: Annotated[
        Path,
        typer.Argument(exists=True, dir_okay=False, help="情景文件 .json of the scenario"),
    ],
    as_of: AsOf = None,
    out: Annotated[
        list[Path] | None,
        typer.Option(help="结果文件 .xlsx / .json; several times if wanted"),
    ] = None,
    lang: Lang = "zh",
) -> None:
    """情景对比 Try a scenario: what it closes and opens. The district is not changed."""
    from jobs.whatif import OUT_SUFFIXES, try_scenario

    outs = tuple(out or ())
    require_suffixes(outs, OUT_SUFFIXES)
    on = as_of or date.today()  # noqa: DTZ011  (the planner's own calendar)
    with sentences(lang):
        fits = try_scenario(district, scenario, on, outs, lang)
    if not fits:
        raise typer.Exit(3)


@app.command()
def batch(  # noqa: PLR0913, PLR0917 - one option each
    district: Annotated[Path, typer.Argument(help="区域文件夹 folder of the district")],
    budget: Annotated[
        list[int],
        typer.Option(min=0, help="年度资金（元），多年则写多次 yuan of a year; once for each year"),
    ],
    must: Annotated[
        list[str] | None, typer.Option(help="必须列入的小区 estate that must be taken, id or name")
    ] = None,
    never: Annotated[
        list[str] | None, typer.Option(help="不列入的小区 estate that must not be taken")
    ] = None,
    as_of: AsOf = None,
    out: Annotated[list[Path] | None, typer.Option(help="结果文件 .json")] = None,
    lang: Lang = "zh",
) -> None:
    """改造批次 Choose the estates that meet the most need under the year's money."""
    from jobs.batch import OUT_SUFFIXES, choose_batch

    outs, named = tuple(out or ()), {"must": tuple(must or ()), "never": tuple(never or ())}
    require_suffixes(outs, OUT_SUFFIXES)
    on = as_of or date.today()  # noqa: DTZ011  (the planner's own calendar)
    with sentences(lang):
        fits = choose_batch(district, budget, on, outs, **named, language=lang)
    if not fits:
        raise typer.Exit(3)


app.command()(serve)
app.command()(site)
app.command()(lifts)
app.command()(pipes)
app.command()(atlas)
app.command()(minutes)
app.command("import")(import_command)
app.command("export")(export_command)
app.command()(history)
app.command()(backup)
app.command()(restore)
app.command()(upgrade)
app.add_typer(users, name="user")


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command and leave with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A Chinese Windows console is GBK: what it cannot show is replaced, never an error.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    app(arguments, prog_name="litong")
    sys.exit(0)
