"""
The commands about accounts: `litong user add | list | grant | disable | enable | reset`.

A password is asked for, or read from standard input where that is no terminal; never an argument,
which every process of the machine can read. The libraries are loaded only when a command runs.
"""

from pathlib import Path
from typing import Annotated

import typer

from jobs.options import Lang
from jobs.printing import sentences

users = typer.Typer(
    help="帐户 Accounts of a server: who may sign in, and in which role.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Name = Annotated[str, typer.Argument(help="帐户名 name of the account")]
Access = Annotated[Path, typer.Option(help="帐户设置文件 settings of access, .toml")]
Roles = Annotated[list[str] | None, typer.Option("--role", help="角色 role; several times")]
Towns = Annotated[list[str] | None, typer.Option("--town", help="本乡镇编号 id of its own town")]
Kinds = Annotated[
    list[str] | None,
    typer.Option("--pipe-kind", help="本单位管类代码 its own kind of pipe: JS, RQ"),
]
_SETTINGS = Path("access.toml")


@users.command()
def add(  # noqa: PLR0913, PLR0917 - one option each
    account: Name,
    name: Annotated[str, typer.Option(help="姓名 what people call the person")] = "",
    role: Roles = None,
    town: Towns = None,
    pipe_kind: Kinds = None,
    access: Access = _SETTINGS,
    lang: Lang = "zh",
) -> None:
    """新增帐户 Add an account; behind a proxy that signs people in it has no password."""
    from jobs import users as work  # noqa: PLC0415 - see the module

    with sentences(lang):
        own = work.rights_of(role or (), town or (), pipe_kind or ())
        work.add(access, account, name, own, lang)


@users.command()
def grant(
    account: Name,
    role: Roles = None,
    town: Towns = None,
    pipe_kind: Kinds = None,
    access: Access = _SETTINGS,
    lang: Lang = "zh",
) -> None:
    """授予角色 Give an account exactly these roles, towns and kinds of pipe."""
    from jobs import users as work  # noqa: PLC0415 - see the module

    with sentences(lang):
        own = work.rights_of(role or (), town or (), pipe_kind or ())
        work.grant(access, account, own, lang)


@users.command()
def disable(account: Name, access: Access = _SETTINGS, lang: Lang = "zh") -> None:
    """停用帐户 End the sessions of an account and let nobody sign in with it."""
    from jobs import users as work  # noqa: PLC0415 - see the module

    with sentences(lang):
        work.switch(access, account, lang, is_on=False)


@users.command()
def enable(account: Name, access: Access = _SETTINGS, lang: Lang = "zh") -> None:
    """启用帐户 Let an account sign in again."""
    from jobs import users as work  # noqa: PLC0415 - see the module

    with sentences(lang):
        work.switch(access, account, lang, is_on=True)


@users.command()
def reset(account: Name, access: Access = _SETTINGS, lang: Lang = "zh") -> None:
    """重设口令 Give an account another password and end its sessions."""
    from jobs import users as work  # noqa: PLC0415 - see the module

    with sentences(lang):
        work.reset(access, account, lang)


@users.command("list")
def list_(access: Access = _SETTINGS, lang: Lang = "zh") -> None:
    """列出帐户 Every account with its roles."""
    from jobs import users as work  # noqa: PLC0415 - see the module

    with sentences(lang):
        work.print_all(access, lang)
