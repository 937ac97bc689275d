"""Judgements beside a map: what was measured, met or not, of some of an estate's rules."""

from types import SimpleNamespace

from atlas import furniture
from atlas.canvas import Box, Canvas
from atlas.evidence import Evidence, found, measured, required
from atlas.ink import BLACK, TextStyle
from atlas.sheet import AtlasContext
from atlas.symbols import GREEN, RED
from atlas.table import PageTable, TableCell, TableColumn, TableRow
from atlas.text import clean
from layers.findings import FAILING, Outcome
from rules.degree import degree_text
from rules.grammar import Walk
from wording import Language, say, say_parts

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
    canvas: Canvas, context: AtlasContext, box: Box, rows: list[SimpleNamespace], title: str
) -> float:
    """
    Draw a section with one line a judgement, as many as `box` holds; none where it is too low.

    Returns
    -------
    float
        Where it ends [mm].
    """
    rows = [row for row in rows if row.outcome != Outcome.NOT_APPLICABLE]
    if not rows or box.h < _WORTH_MM:
        return box.y
    body = furniture.section(
        canvas, box, say(title, context.language), say("sheet.judged_note", context.language)
    )
    table = _table(context, body.w)
    numbers = {gap.finding_id: gap for gap in context.gaps.get(rows[0].estate_id, [])}
    lines = [_row(row, numbers.get(row.finding_id), context.language) for row in rows]
    shown = table.fitting(lines, body.h - 3.4)
    end = table.draw(canvas, body.x, body.y, shown)
    if len(shown) < len(rows):
        words = say("sheet.more_rows", context.language, n=len(rows) - len(shown))
        canvas.text(body.x + 1, end + 2.8, words, TextStyle(6.0, "sans", furniture.GREY))
        end += 3.4
    return end


def _table(context: AtlasContext, width: float) -> PageTable:
    words = say_parts("heads.judged", context.language)
    shares = (38, 30, 22, 17, 13)
    columns = [
        TableColumn(word, share, "left" if n < 2 else "centre", TextStyle(6.2))  # noqa: PLR2004
        for n, (word, share) in enumerate(zip(words, shares, strict=True))
    ]
    return PageTable(context.fonts, columns, width, least=_ROW_MM)


def _row(row: SimpleNamespace, gap: Evidence | None, language: Language) -> TableRow:
    word = degree_text(row.degree, language, is_marginal=row.is_marginal)
    colour = RED if row.outcome in FAILING else GREEN if row.outcome == Outcome.MET else BLACK
    return TableRow(
        (
            clean(getattr(row, f"metric_{language}")),
            clean(row.witness_name or "—"),
            measured(row, language) or found(row, language),
            required(row, language),
            TableCell(
                f"{word} {gap.number}" if gap else word,
                TextStyle(6.2, "bold", colour),
                gap.destination if gap else "",
            ),
        )
    )
