"""
The commands about a district's past: `litong history`, `backup`, `restore` and `upgrade`.

The libraries are loaded only when they run.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jobs.options import Lang
from jobs.printing import confirm, console, plain, sentences, show
from wording import Language

if TYPE_CHECKING:
    from store import JournalEntry

_SHOWN = 12
Folder = Annotated[Path, typer.Argument(help="区域文件夹 folder of the district")]
By = Annotated[str, typer.Option(help="经办人 who acts; the login name")]


def history(
    folder: Folder,
    verify: Annotated[  # noqa: FBT002  (typer's option)
        bool, typer.Option("--verify", help="核对记录 check that no record was altered")
    ] = False,
    lang: Lang = "zh",
) -> None:
    """变更历史 Who changed what, when and from which file; the oldest first."""
    from jobs.opening import store_at  # noqa: PLC0415 - see the module

    with sentences(lang):
        store = store_at(folder, lang)
        changes = store.history()
        for change in changes:
            console().print(plain(_line(change, lang)))
        if not changes:
            show("history.empty", lang)
        elif verify:
            store.verify()
            show("history.sound", lang)


def backup(
    folder: Folder,
    file: Annotated[Path, typer.Argument(help="备份文件 .gpkg to write")],
    by: By = "",
    lang: Lang = "zh",
) -> None:
    """备份 Write the district with its whole history into one file, while others go on working."""
    from jobs.opening import store_at  # noqa: PLC0415 - see the module
    from jobs.signing import signature  # noqa: PLC0415 - see the module

    with sentences(lang):
        store_at(folder, lang).backup(file, entry=signature(by))
        show("terminal.wrote_bytes", lang, path=file, size=file.stat().st_size)


def restore(
    folder: Folder,
    file: Annotated[Path | None, typer.Argument(help="备份文件 a backup")] = None,
    version: Annotated[
        str, typer.Option(help="版本名称或摘要前几位 a version's name, or the digits of one")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", help="不再确认 write without asking")] = False,  # noqa: FBT002
    by: By = "",
    lang: Lang = "zh",
) -> None:
    """恢复 Bring a backup or a former version back: one more change; the history is kept."""
    from jobs.opening import store_at  # noqa: PLC0415 - see the module
    from jobs.signing import signature  # noqa: PLC0415 - see the module

    if (file is None) == (not version):
        raise typer.BadParameter("FILE or --version, one of the two 备份文件与 --version 只取其一")
    with sentences(lang):
        store = store_at(folder, lang)
        store.require_restorable(file or version)
        what = str(file or version)
        if not (yes or confirm("restore.confirm", lang, what=what, folder=folder)):
            show("terminal.nothing_written", lang)
            return
        if file is not None:
            change = store.restore_backup(file, entry=signature(by))
        else:
            change = store.restore(version, entry=signature(by))
        old = store.history()[-2].version
        show("restore.done", lang, old=old[:_SHOWN], new=change.version[:_SHOWN])


def upgrade(
    folders: Annotated[list[Path], typer.Argument(help="区域文件夹 folders of districts")],
    by: By = "",
    lang: Lang = "zh",
) -> None:
    """升级 Bring stores of an earlier build to this one's form and verify them; back up first."""
    from jobs.opening import store_at  # noqa: PLC0415 - see the module
    from jobs.signing import signature  # noqa: PLC0415 - see the module

    with sentences(lang):
        for folder in folders:
            forms = store_at(folder, lang).upgrade(entry=signature(by))
            if forms is None:
                show("upgrade.empty", lang, folder=folder)
            elif forms[0] == forms[1]:
                show("upgrade.current", lang, folder=folder, schema=forms[1])
            else:
                show("upgrade.done", lang, folder=folder, old=forms[0], new=forms[1])


def _line(entry: "JournalEntry", language: Language) -> str:
    """Return one entry as a line."""
    from greening.event_words import entry_words  # noqa: PLC0415 - see the module

    source = f"sha256:{entry.source[:_SHOWN]}" if entry.source else ""
    parts = (
        f"{entry.seq}",
        entry.at,
        entry.by,
        entry_words(entry, language),
        entry.version[:_SHOWN],
        entry.why,
        source,
    )
    return "  ".join(part for part in parts if part)
