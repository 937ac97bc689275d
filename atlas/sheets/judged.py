"""Judgements beside a map: what was measured, met or not, of some of an estate's rules."""

from collections.abc import Callable
from types import SimpleNamespace

from atlas import furniture
from atlas.canvas import Box, Canvas
from atlas.evidence import Evidence, found, measured, required
from atlas.ink import BLACK, TextStyle
from atlas.sheet import AtlasContext, PagePlan
from atlas.sheets.listing import plan_remaining, room_of
from atlas.symbols import GREEN, RED
from atlas.table import PageTable, TableCell, TableColumn, TableRow
from atlas.text import clean
from layers.findings import FAILING, Outcome
from rules.degree import degree_text
from rules.grammar import Walk
from wording import Language, numbered, say, say_parts

RELATED = ("pipelines", "trees", "green_space")
"""Layers of the sheet about pipes and green."""
_ROW_MM = 4.7
_WORTH_MM = 22.0


def walks(context: AtlasContext, estate_id: str) -> list[SimpleNamespace]:
    """Return the findings about walks to a facility, the longest against its limit first."""
    rules = {rule.id for rule in context.book.rules if isinstance(rule.measure, Walk)}
    rows = [row for row in context.findings_of(estate_id) if row.rule_id in rules]
    return sorted(rows, key=lambda row: -(row.value or 0.0) / (row.threshold or 1.0))


def about_pipes_and_green(context: AtlasContext, estate_id: str) -> list[SimpleNamespace]:
    """Return the findings of the works that some rule measures on pipes, trees or greens."""
    items = {
        rule.item for rule in context.book.rules if getattr(rule.measure, "layer", "") in RELATED
    }
    return [
        row
        for row in context.findings_of(estate_id)
        if row.item_id in items or row.witness_layer in RELATED or row.origin_layer in RELATED
    ]


def draw_judged(
    canvas: Canvas,
    context: AtlasContext,
    box: Box,
    listed: tuple[list[SimpleNamespace], float],
    words: tuple[str, str],
) -> float:
    """
    Draw a section with one line a judgement.

    Parameters
    ----------
    canvas : Canvas
        The page.
    context : AtlasContext
        District, findings, rulebook, plan and request of the booklet.
    box : Box
        Where it begins [mm].
    listed : tuple of list of SimpleNamespace and float
        Judgements, and the height for them [mm]: those beyond it are on the sheet `words` names.
    words : tuple of str
        Key of the heading, 图号 of the sheet with the rows that have no room (`plan_rest`).

    Returns
    -------
    float
        Where it ends [mm].
    """
    rows, room = listed
    shown, rest = _divided(context, rows, room)
    if not shown and not rest:
        return box.y
    language = context.language
    note = say("sheet.judged_note", language)
    if rest:
        note = say("sheet.further", language, n=len(rest), sheet=words[1])
    body = furniture.section(canvas, box, say(words[0], language), note)
    return _table(context, body.w).draw(canvas, body.x, body.y, shown) if shown else body.y


def plan_rest(
    context: AtlasContext,
    kind: str,
    number: str,
    title: str,
    listed: Callable[[str], tuple[list[SimpleNamespace], float]],
) -> list[PagePlan]:
    """
    Plan the pages of the judgements without room beside the maps, of all estates together.

    Parameters
    ----------
    context : AtlasContext
        District, findings, rulebook, plan and request of the booklet.
    kind, number : str
        Of `request.SHEETS`; 图号 of the first page.
    title : str
        Key of the heading beside the maps.
    listed : callable
        Returns the judgements of an estate and the height for them [mm], as `draw_judged` has it.
    """
    table = _table(context, room_of(context).w, of_several=True)
    return plan_remaining(
        context,
        kind,
        number,
        table,
        lambda key: _divided(context, *listed(key))[1],
        say(title, context.language),
    )


def _divided(
    context: AtlasContext, rows: list[SimpleNamespace], room: float
) -> tuple[list[TableRow], list[TableRow]]:
    """Return the lines with room beside a map and those without."""
    rows = [row for row in rows if row.outcome != Outcome.NOT_APPLICABLE]
    if not rows:
        return [], []
    numbers = {gap.finding_id: gap for gap in context.gaps.get(rows[0].estate_id, [])}
    lines = [_row(row, numbers.get(row.finding_id), context.language) for row in rows]
    table = _table(context, context.layout.panel_room.w)
    shown = table.fitting(lines, room - furniture.SECTION_MM) if room >= _WORTH_MM else []
    return shown, lines[len(shown) :]


def _table(context: AtlasContext, width: float, *, of_several: bool = False) -> PageTable:
    words, shares = say_parts("heads.judged", context.language), [38, 30, 22, 17, 13]
    if of_several:
        words, shares = [say("common.estate", context.language), *words], [30, *shares]
    columns = [
        TableColumn(word, share, "left" if n < len(words) - 3 else "centre", TextStyle(6.2))
        for n, (word, share) in enumerate(zip(words, shares, strict=True))
    ]
    return PageTable(context.fonts, columns, width, least=_ROW_MM)


def _row(row: SimpleNamespace, gap: Evidence | None, language: Language) -> TableRow:
    word = degree_text(row.degree, language, is_marginal=row.is_marginal)
    colour = RED if row.outcome in FAILING else GREEN if row.outcome == Outcome.MET else BLACK
    return TableRow(
        (
            clean(getattr(row, f"metric_{language}")),
            clean(numbered(row.witness_name or "—", language)),
            measured(row, language) or found(row, language),
            required(row, language),
            TableCell(
                f"{word} {gap.number}" if gap else word,
                TextStyle(6.2, "bold", colour),
                gap.destination if gap else "",
            ),
        )
    )
