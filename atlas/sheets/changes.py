"""变更一览: what this edition shows otherwise than the last one for the same readers."""

from dataclasses import replace

from atlas.ink import BLACK, TextStyle
from atlas.revision import PageChange, Revision
from atlas.sheet import AtlasContext, PagePlan, Title
from atlas.sheets.listing import plan_listing, room_of, sentence
from atlas.symbols import RED
from atlas.table import PageTable, TableCell, TableColumn, TableRow, digest_text
from wording import Language, listing, say, say_parts

_SHARES = ((8, "centre"), (14, "centre"), (64, "left"), (16, "centre"), (60, "left"))


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
                signed_before(context, change),
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
    if revision.unsigned:
        words += say("revision.unsigned", language, n=len(revision.unsigned))
    if revision.stage == request.stage:
        return words
    was, now = (_stage(stage, language) for stage in (revision.stage, request.stage))
    return words + say("revision.stage", language, was=was, now=now)


def signed_before(context: AtlasContext, change: PageChange) -> str:
    """Return who would have to sign a page again, each with the edition it signed, "—" if none."""
    language, departments = context.language, context.book.departments
    parts = [
        say("revision.signed", language, body=departments[body].label[language], edition=edition)
        for body, edition in change.unsigned
        if body in departments
    ]
    return listing(parts, language) or "—"


def _stage(stage: str, language: Language) -> str:
    return say(f"sheet.{stage}", language)


def _table(context: AtlasContext) -> PageTable:
    words = say_parts("heads.changes", context.language)
    styles = (
        TextStyle(7.5),
        TextStyle(7.5),
        TextStyle(7.5, "bold", BLACK),
        TextStyle(7.5, "bold", RED),
        TextStyle(7.5),
    )
    columns = [
        TableColumn(word, share, align, style)
        for word, (share, align), style in zip(words, _SHARES, styles, strict=True)
    ]
    return PageTable(context.fonts, columns, room_of(context).w)
