"""
The command `litong serve`.

The libraries are loaded only when it runs.
"""

from pathlib import Path
from typing import Annotated, Any

import typer

from jobs.options import Lang
from jobs.printing import sentences
from jobs.serve_file import MOST_CACHE_MB, MOST_PORT, read_serve_file

DEMO_FOLDER = Path("demo-district")


def serve(  # noqa: PLR0913, PLR0917 - one option each
    context: typer.Context,
    district: Annotated[
        Path | None,
        typer.Argument(help="区域文件夹；不填则用演示数据 folder; default: the demonstration"),
    ] = None,
    port: Annotated[int, typer.Option(min=1, max=MOST_PORT, help="端口 port")] = 8501,
    host: Annotated[
        str, typer.Option(help="监听地址 address; 0.0.0.0 opens it to the intranet")
    ] = ("127.0.0.1"),
    allow_host: Annotated[
        list[str] | None,
        typer.Option(help="可用于访问的主机名 host name to answer to; may be given several times"),
    ] = None,
    base_path: Annotated[
        str, typer.Option(help="网址路径前缀 path that everything is below, such as /litong")
    ] = "",
    access: Annotated[
        Path | None,
        typer.Option(help="帐户设置文件 .toml accounts; without it nobody is asked who they are"),
    ] = None,
    log: Annotated[
        Path | None, typer.Option(help="运行日志文件 log, JSON lines; rotates, names nobody")
    ] = None,
    cache_mb: Annotated[
        int, typer.Option(min=1, max=MOST_CACHE_MB, help="共享缓存上限 MB of what sessions share")
    ] = 1000,
    config: Annotated[
        Path | None,
        typer.Option(help="设置文件 .toml with these options as keys; the command line wins"),
    ] = None,
    lang: Lang = "zh",
) -> None:
    """打开地图 Serve the map in the browser."""
    given: dict[str, Any] = {
        "district": district, "port": port, "host": host, "allow_host": allow_host,
        "base_path": base_path, "access": access, "log": log, "cache_mb": cache_mb, "lang": lang,
    }  # fmt: skip
    with sentences(lang):
        _serve(given | _told(context, config))


def _told(context: typer.Context, config: Path | None) -> dict[str, Any]:
    """Return what the file says and the command line does not."""
    told = read_serve_file(config) if config else {}
    return {key: value for key, value in told.items() if not _is_typed(context, key)}


def _is_typed(context: typer.Context, parameter: str) -> bool:
    source = context.get_parameter_source(parameter)
    return source is not None and source.name == "COMMANDLINE"


def _serve(options: dict[str, Any]) -> None:
    from jobs.demonstration import ensure_demonstration  # noqa: PLC0415 - see the module
    from jobs.serving import serve_district  # noqa: PLC0415 - see the module
    from views.server.settings import ServerSettings  # noqa: PLC0415 - see the module

    settings = ServerSettings(
        host=options["host"],
        port=options["port"],
        base_path=options["base_path"].strip("/"),
        names=tuple(options["allow_host"] or ()),
        cache_mb=options["cache_mb"],
        log=str(options["log"].resolve()) if options["log"] else "",
    )
    language = options["lang"]
    folder = options["district"] or ensure_demonstration(DEMO_FOLDER, language)
    serve_district(folder, settings, language, options["access"])
