"""待确认、条件、对照清单: what fails without being a gap, a list for each kind of statement."""

from types import SimpleNamespace

import geopandas as gpd

from atlas.evidence import measured, named, records, required
from atlas.ink import BLACK, TextStyle
from atlas.sheet import AtlasContext, PagePlan, Title
from atlas.sheets.listing import plan_listing, room_of, sentence
from atlas.table import PageTable, TableColumn, TableRow
from atlas.text import clean
from layers.findings import NEVER_GAPS, Statement, cited, fails_as, fails_marginally
from rules.summary import count_text
from wording import Language, listing, say, say_parts


def plan(statement: Statement, context: AtlasContext, number: str) -> list[PagePlan]:
    """Plan the list of one kind of statement, a row a rule; no page where nothing of it fails."""
    rows = _failing(context, statement)
    if rows.empty:
        return []
    title = say(f"sheet_kind.{statement}", context.language)
    counted = _count(rows, statement, context.language)
    intro = sentence(context, say(f"sheet.{statement}_note", context.language, n=counted))
    table = (_table(context), listed_rows(context, rows))
    return plan_listing(context, str(statement), Title(title, number), table, intro)


def _count(rows: gpd.GeoDataFrame, statement: Statement, language: Language) -> str:
    """Return how many findings are listed, and how many of them are marginal."""
    near = fails_marginally(rows, statement).sum() if statement in NEVER_GAPS else 0
    return count_text(len(rows), int(near), language)


def _failing(context: AtlasContext, statement: Statement) -> gpd.GeoDataFrame:
    rows = context.concerned_findings
    return rows[fails_as(rows, statement)]


def _table(context: AtlasContext) -> PageTable:
    words = say_parts("heads.statements", context.language)
    shares = (8, 64, 24, 70, 120, 10, 40)
    columns = [
        TableColumn(
            word,
            share,
            "centre" if n in (0, 2, 5) else "left",
            TextStyle(6.8, "bold" if n == 1 else "sans", BLACK),
        )
        for n, (word, share) in enumerate(zip(words, shares, strict=True))
    ]
    return PageTable(context.fonts, columns, room_of(context).w, least=6.6)


def listed_rows(context: AtlasContext, findings: gpd.GeoDataFrame) -> list[TableRow]:
    """Return a row for each rule, in the order of the rulebook: where it is not met."""
    language, total = context.language, len(context.estates)
    places = {rule.id: place for place, rule in enumerate(context.book.rules)}
    by_rule = sorted(findings.groupby("rule_id"), key=lambda pair: places[str(pair[0])])
    listed = []
    for n, (_, group) in enumerate(by_rule, start=1):
        first = records(group.head(1))[0]
        names = listing((_named(row, language) for row in records(group)), language)
        everyone = say("sheet.all_estates", language, n=total)
        marginal = first.statement == Statement.MARGINAL  # each has a value to measure again
        item, metric = getattr(first, f"item_{language}"), getattr(first, f"metric_{language}")
        cells = (
            str(n),
            clean(say("sheet.item_and_metric", language, item=item, metric=metric)),
            required(first, language),
            clean(cited(first.source_title, first.clause)),
            everyone if len(group) == total > 1 and not marginal else names,
            str(len(group)),
            listing(
                dict.fromkeys(named(row, "department", language) for row in records(group)),
                language,
            ),
        )
        listed.append(TableRow(cells))
    return listed


def _named(row: SimpleNamespace, language: Language) -> str:
    """Return the name of a finding's estate, of a marginal one with the value to measure again."""
    name, value = clean(row.estate), measured(row, language)
    if row.statement != Statement.MARGINAL or not value:
        return name
    return say("common.with_detail", language, text=name, detail=value)
