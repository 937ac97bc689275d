"""会审意见及答复: what meetings said of the estates of this booklet, and what was decided."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from atlas.ink import BLACK, TextStyle
from atlas.sheet import AtlasContext, PagePlan, Title
from atlas.sheets.listing import plan_listing, room_of, sentence
from atlas.symbols import RED
from atlas.table import PageTable, TableCell, TableColumn, TableRow, digest_text
from programme.opinions import (
    ANSWERS,
    STATES,
    Noted,
    Opinion,
    State,
    body_label,
    counts,
    estate_label,
)
from wording import say, say_parts

_SHARES = (9, 28, 14, 86, 34, 22, 22, 18, 50, 16)
_WRAPPED = (1, 3, 4, 8)
_LATE = TextStyle(7.0, "bold", RED)


def plan(context: AtlasContext, number: str) -> list[PagePlan]:
    """Plan the sheet, a row an opinion; none where nothing was said."""
    own = list(_own(context))
    if not own:
        return []
    rows = [_row(context, one) for one in own]
    told = counts(own, _day(context))
    intro = sentence(context, say("opinions.line", context.language, **told))
    title = Title(say("sheet_kind.opinions", context.language), number)
    pages = plan_listing(context, "opinions", title, (_table(context), rows), intro)
    return [replace(page, basis=digest_text(rows)) for page in pages]


def _own(context: AtlasContext) -> Iterator[Noted]:
    """Yield the opinions on all and on this booklet's estates; of an extract, its body's own."""
    shown = {"", *context.estates["estate_id"]}
    department = context.request.department
    for one in context.opinions:
        if one.opinion.estate_id in shown and department in {"", one.opinion.body}:
            yield one


def _row(context: AtlasContext, noted: Noted) -> TableRow:
    opinion, language = noted.opinion, context.language
    state = opinion.state(_day(context))
    words = STATES[state][language]
    return TableRow(
        (
            str(noted.number),
            estate_label(context.district, opinion.estate_id, language),
            _pin(context, opinion),
            opinion.words,
            body_label(context.book, opinion.body, language),
            opinion.person or "—",
            opinion.due or "—",
            ANSWERS[opinion.answer][language],
            opinion.reason or "—",
            TableCell(words, _LATE) if state is State.LATE else words,
        )
    )


def _pin(context: AtlasContext, opinion: Opinion) -> str | TableCell:
    """Return 图号 and number of what an opinion is pinned on, linked to where this book has it."""
    evidence = context.gaps.get(opinion.estate_id, ())
    gap = next((item for item in evidence if item.finding_id == opinion.finding), None)
    number = say("opinions.gap", context.language, n=gap.number) if gap else ""
    words = f"{opinion.sheet} {number}".strip()
    if not words:
        return "—"
    return TableCell(words, target=gap.destination if gap else f"sheet:{opinion.sheet}")


def _day(context: AtlasContext) -> date:
    return date.fromisoformat(context.request.date)


def _table(context: AtlasContext) -> PageTable:
    words = say_parts("heads.opinions", context.language)
    columns = [
        TableColumn(
            word, share, "left" if n in _WRAPPED else "centre", TextStyle(7.0, "sans", BLACK)
        )
        for n, (word, share) in enumerate(zip(words, _SHARES, strict=True))
    ]
    return PageTable(context.fonts, columns, room_of(context).w)
