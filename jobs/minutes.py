"""`litong minutes`: the opinions of the approval meeting and their answers, printed and written."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from rich.table import Table

from exports.minutes import (
    TEMPLATE,
    Minutes,
    minutes_document,
    minutes_docx,
    minutes_workbook,
    said_table,
)
from jobs.opening import store_at
from jobs.printing import console, plain, show
from programme.opinions import noted
from services.assessment import Workspace
from store.atomic import replacing, require_writable
from wording import Language, say

OUT_SUFFIXES = (".docx", ".xlsx", ".json")
_PRINTED = ("number", "estate_id", "words", "body", "due", "answer", "state")


def write_minutes(
    path: Path, as_of: date, outs: Sequence[Path], template: Path | None, language: Language
) -> None:
    """
    Print the opinions on a district and write them.

    Raises
    ------
    PlanningError
        If the district, the template or a target cannot be used.
    """
    for out in outs:
        require_writable(out)
    store = store_at(path, language)
    workspace = Workspace.opened(store)
    minutes = Minutes(workspace.district, workspace.book, noted(store), as_of)
    _print(minutes, language)
    for out in outs:
        written = _written(minutes, out, template or TEMPLATE, language)
        with replacing(out) as scratch:
            scratch.write_bytes(written)
        show("terminal.wrote", language, path=out)


def _written(minutes: Minutes, out: Path, template: Path, language: Language) -> bytes:
    if out.suffix.lower() == ".docx":
        return minutes_docx(minutes, language, template)
    if out.suffix.lower() == ".xlsx":
        return minutes_workbook(minutes, language)
    return json.dumps(minutes_document(minutes), ensure_ascii=False, indent=1).encode()


def _print(minutes: Minutes, language: Language) -> None:
    if not minutes.opinions:
        show("opinions.none", language)
        return
    table = Table(title=say("opinions.title", language))
    for name in _PRINTED:
        table.add_column(say(f"opinions.{name}", language))
    for row in said_table(minutes, language).to_dict("records"):
        table.add_row(*(plain(str(row[name]) or "—") for name in _PRINTED))
    console().print(table)
    console().print(plain(minutes.line(language)))
