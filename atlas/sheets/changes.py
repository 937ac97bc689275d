"""变更一览: what this edition shows otherwise than the last one for the same readers."""

from dataclasses import replace

from atlas.ink import BLACK, TextStyle
from atlas.revision import Revision
from atlas.sheet import AtlasContext, PagePlan, Title
from atlas.sheets.listing import plan_listing, room_of, sentence
from atlas.symbols import RED
from atlas.table import PageTable, TableCell, TableColumn, TableRow, digest_text
from wording import Language, say, say_parts


def plan(context: AtlasContext, number: str, revision: Revision) -> list[PagePlan]:
    """Plan the sheet: a row a page that was added, changed or removed."""
    title = Title(say("sheet_kind.changes", context.language), number)
    rows = [
        TableRow(
            (
                str(n),
                change.number or "—",
                TableCell(change.title, target=f"sheet:{change.number}" if change.number else ""),
                say(f"change.{change.kind}", context.language),
            )
        )
        for n, change in enumerate(revision.changes, start=1)
    ]
    intro = sentence(context, compared(context, revision))
    basis = digest_text(rows) + repr(revision)
    pages = plan_listing(context, "changes", title, (_table(context), rows), intro)
    return [replace(page, basis=basis) for page in pages]


def compared(context: AtlasContext, revision: Revision) -> str:
    """Return in a sentence with which edition this one is compared and how much changed."""
    language, request = context.language, context.request
    words = say(
        "revision.compared",
        language,
        edition=revision.edition,
        date=revision.date,
        n=len(revision.changes),
    )
    if revision.stage == request.stage:
        return words
    was, now = (_stage(stage, language) for stage in (revision.stage, request.stage))
    return words + say("revision.stage", language, was=was, now=now)


def _stage(stage: str, language: Language) -> str:
    return say(f"sheet.{stage}", language)


def _table(context: AtlasContext) -> PageTable:
    words = say_parts("heads.changes", context.language)
    styles = (
        TextStyle(7.5),
        TextStyle(7.5),
        TextStyle(7.5, "bold", BLACK),
        TextStyle(7.5, "bold", RED),
    )
    columns = [
        TableColumn(word, share, "left" if n == 2 else "centre", style)  # noqa: PLR2004 - the title
        for n, (word, share, style) in enumerate(zip(words, (8, 14, 80, 14), styles, strict=True))
    ]
    return PageTable(context.fonts, columns, room_of(context).w)
