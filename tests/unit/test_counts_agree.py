"""One number of gaps: page, tables, charts, maps, workbook, files, command and booklet agree."""

import json
import re
from datetime import date
from io import BytesIO, StringIO

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook
from rich.console import Console

from atlas.compose import context_of
from atlas.counts import count_estates
from atlas.evidence import CLASS_ORDER, all_evidence
from atlas.request import Request
from atlas.sheets import statements, summary
from exports.csv_table import findings_csv
from exports.xlsx import findings_workbook
from jobs import report
from layers.district import District
from layers.findings import (
    GAP_KINDS,
    NEVER_GAPS,
    OTHER_STATEMENTS,
    STATEMENT_LABELS,
    Statement,
    facility_gaps,
    fails_as,
    is_gap,
)
from programme.estates import candidates
from rules.book import Book, load_book
from rules.evaluate import evaluate
from rules.full_table import full_table, joined
from rules.ranking import in_order, ranking
from rules.summary import counts, estate_summary, tally
from views.choice import Choice
from views.dossier import dossier
from views.map.figures import EstateFigures, estate_figures
from views.map.standalone import gaps_script
from views.selection import JOINED, FilteredFindings, select
from views.table import estate_table


@pytest.fixture(scope="module")
def book(full_demo: District) -> Book:
    return load_book(full_demo.overlays)


@pytest.fixture(
    scope="module",
    params=[date(2023, 4, 1), pytest.param(date(2026, 11, 29), marks=pytest.mark.slow)],
    ids=str,
)
def findings(request: pytest.FixtureRequest, full_demo: District, book: Book) -> gpd.GeoDataFrame:
    return evaluate(full_demo, book, request.param)


@pytest.fixture(scope="module")
def table(findings: gpd.GeoDataFrame, full_demo: District, book: Book) -> gpd.GeoDataFrame:
    return full_table(findings, full_demo, book)


@pytest.fixture(scope="module")
def by_estate(findings: gpd.GeoDataFrame, full_demo: District) -> list[int]:
    """Return the number of gaps of every estate, counted in the plainest way."""
    rows = zip(
        findings["estate_id"],
        findings["statement"],
        findings["leads"],
        findings["outcome"],
        strict=True,
    )
    own = [e for e, kind, leads, o in rows if kind == "gap" and leads and o in ("short", "missing")]
    return [own.count(estate) for estate in full_demo["estates"]["estate_id"]]


@pytest.fixture(scope="module")
def ranks(findings: gpd.GeoDataFrame, full_demo: District, book: Book) -> list[tuple[str, int]]:
    """Return name and number of gaps of every estate that has one, in the order of the ranking."""
    estates = full_demo["estates"]
    ranked = ranking(joined(findings, full_demo, book, JOINED), list(estates["estate_id"]), book)
    order = [row for row in in_order(ranked) if ranked["gaps"].iloc[row]]
    return [(estates["name"].iloc[row], int(ranked["gaps"].iloc[row])) for row in order]


@pytest.fixture(scope="module")
def selection(findings: gpd.GeoDataFrame, full_demo: District, book: Book) -> FilteredFindings:
    return select(findings, full_demo, book, Choice(), {})


@pytest.fixture(scope="module")
def figures(selection: FilteredFindings) -> EstateFigures:
    return estate_figures(selection, "zh")


def test_the_page_counts_as_the_findings_do(
    selection: FilteredFindings, by_estate: list[int]
) -> None:
    assert selection.summary["gaps"].tolist() == by_estate
    assert len(selection.failing(Statement.GAP)) == sum(by_estate)
    charted = counts(selection.findings, by=("town", "gap_kind"))
    assert charted["gaps"].sum() == sum(by_estate)
    told = selection.summary
    failing = selection.findings["outcome"].isin(["short", "missing"])
    others = {kind: len(selection.failing(kind)) for kind in OTHER_STATEMENTS}
    assert others == {kind: told[f"{kind}s"].sum() for kind in OTHER_STATEMENTS}
    repeated = int((failing & ~selection.findings["leads"]).sum())
    assert failing.sum() == sum(by_estate) + sum(others.values()) + repeated


def test_map_and_table_show_one_order_and_one_count(
    selection: FilteredFindings,
    figures: EstateFigures,
    full_demo: District,
    by_estate: list[int],
    ranks: list[tuple[str, int]],
) -> None:
    everything = figures.views[""]
    assert everything.gaps == by_estate
    assert everything.total == sum(by_estate)
    assert sum(figures.views[kind].total for kind in GAP_KINDS) == sum(by_estate)
    assert sum(one.estates for one in everything.classes) == len(by_estate)
    names = full_demo["estates"]["name"]
    beside = [(names.iloc[one.row], everything.gaps[one.row]) for one in everything.listed]
    shown = estate_table(full_demo, selection, "zh")
    below = list(zip(shown["小区"], shown["短板"], strict=True))
    assert beside[: len(ranks)] == below[: len(ranks)] == ranks


@pytest.mark.parametrize("kind", GAP_KINDS)
def test_one_kind_has_one_count_on_switch_tab_table_and_list(
    kind: str,
    table: gpd.GeoDataFrame,
    selection: FilteredFindings,
    figures: EstateFigures,
    full_demo: District,
) -> None:
    about = selection.about(kind)
    view = figures.views[kind]
    shown = estate_table(full_demo, about, "zh")
    gaps = [view.total, sum(view.gaps), len(about.failing(Statement.GAP)), shown["短板"].sum()]
    own = int((is_gap(table) & (table["gap_kind"] == kind)).sum())
    assert gaps == [own] * 4
    assert about.shown.tolist() == selection.shown.tolist()


def test_what_the_filters_leave_out_is_still_told(
    findings: gpd.GeoDataFrame, full_demo: District, book: Book, by_estate: list[int]
) -> None:
    town = full_demo["estates"]["town_id"].iloc[0]
    selection = select(findings, full_demo, book, Choice(town=(town,)), {})
    assert selection.is_filtered
    assert selection.whole["gaps"].tolist() == by_estate
    figures = estate_figures(selection, "zh")
    tips = figures.tips
    left, all_gaps = len(selection.failing(Statement.GAP)), sum(by_estate)
    inside = len(selection.shown)
    assert figures.note == f"已筛选：小区 {inside} / 20 个，短板 {left} / {all_gaps} 项。"
    for row, (tip, gaps) in enumerate(zip(tips, by_estate, strict=True)):
        outside = row not in selection.shown
        assert tip == (f"不在筛选内，共有短板 {gaps} 项" if outside else f"短板 {gaps} 项")


@pytest.mark.slow
def test_dossiers_and_files_count_as_the_findings_do(
    table: gpd.GeoDataFrame, full_demo: District, book: Book, by_estate: list[int]
) -> None:
    for row, estate in enumerate(full_demo["estates"]["estate_id"]):
        told = dossier(full_demo, book, table[table["estate_id"] == estate], row, "en")
        assert [f["group"] for f in told["findings"]].count("gaps") == by_estate[row]
    assert len(facility_gaps(table, full_demo)) == sum(by_estate)
    listed = pd.read_csv(BytesIO(findings_csv(table, "zh")), encoding="utf-8-sig")
    counted = listed["性质"].eq("短板") & listed["本组结论"].eq("是")
    assert (counted & listed["结论"].isin(FAILING_WORDS)).sum() == sum(by_estate)


@pytest.mark.slow
def test_the_workbook_counts_as_the_findings_do(
    table: gpd.GeoDataFrame, full_demo: District, book: Book, ranks: list[tuple[str, int]]
) -> None:
    workbook = load_workbook(BytesIO(findings_workbook(table, full_demo, book)))
    heads, *rows = workbook["结论"].iter_rows(values_only=True)
    listed = pd.DataFrame(rows, columns=heads)
    sheets = {kind: workbook[STATEMENT_LABELS[kind].zh].max_row - 1 for kind in Statement}
    assert sheets == {kind: int(fails_as(table, kind).sum()) for kind in Statement}
    ranked = [(row[1], row[4]) for row in workbook["小区排序"].iter_rows(2, values_only=True)]
    assert [row for row in ranked if row[1]] == ranks
    for place, kind in enumerate(["电梯", "停车", "充电", "养老", "其他"], start=2):
        formula = workbook["汇总"][f"B{place}"].value
        # The formula asks for kind, statement, leads and outcome: the same in pandas.
        outcomes = re.findall(f'"({"|".join(FAILING_WORDS)})"', formula)
        asked = listed[listed["短板类型"].eq(kind) & listed["性质"].eq("短板")]
        asked = asked[asked["本组结论"].eq("是") & asked["结论"].isin(outcomes)]
        same = is_gap(table) & table["gap_kind"].map(dict(zip(KINDS, TITLES, strict=True))).eq(kind)
        assert len(asked) == same.sum()


FAILING_WORDS = ["不足", "不合格", "缺失", "超标", "覆盖不足", "超距", "应为 0", "不一致"]
KINDS = ["elevator", "parking", "charging", "elder_care", "other"]
TITLES = ["电梯", "停车", "充电", "养老", "其他"]


def test_the_command_prints_what_the_findings_say(
    findings: gpd.GeoDataFrame,
    full_demo: District,
    book: Book,
    by_estate: list[int],
    ranks: list[tuple[str, int]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    printed = StringIO()
    monkeypatch.setattr(report, "console", lambda: Console(file=printed, width=160))
    monkeypatch.setattr(report, "show", lambda *_, **__: None)
    day = date.fromisoformat(findings["as_of"].iloc[0])
    report.print_summary(joined(findings, full_demo, book, JOINED), full_demo, book, day, "zh")
    lines = [re.findall(rf"{title} +│ +(\d+)", printed.getvalue()) for title in TITLES]
    assert sum(int(found[0]) for found in lines) == sum(by_estate)
    listed = re.findall(r"│ +(?:并列 )?\d+ +│ (\S+) +│ +\d+ │ +(\d+) │", printed.getvalue())
    assert [(name, int(gaps)) for name, gaps in listed] == ranks[:10]
    assert tally(joined(findings, full_demo, book, JOINED))["gap"].sum() == sum(by_estate)


def test_the_booklet_counts_as_the_findings_do(
    table: gpd.GeoDataFrame, full_demo: District, by_estate: list[int]
) -> None:
    ids = full_demo["estates"]["estate_id"]
    numbered = all_evidence(table, "zh")
    assert [len(numbered.get(estate, [])) for estate in ids] == by_estate
    counted = count_estates(table, full_demo["estates"])
    assert counted["gaps"].reindex(ids).tolist() == by_estate
    assert estate_summary(table, full_demo)["gaps"].tolist() == by_estate


@pytest.mark.slow
def test_the_booklet_ranks_and_lists_as_the_findings_do(
    table: gpd.GeoDataFrame, full_demo: District, book: Book, ranks: list[tuple[str, int]]
) -> None:
    context = context_of(full_demo, table, book, None, Request("2026-11-29", "V1"))
    rows = [
        [getattr(cell, "text", cell) for cell in row.cells] for row in summary.listed_rows(context)
    ]
    gaps = 9 + len(CLASS_ORDER) + len(GAP_KINDS)
    assert [(row[2], int(row[gaps])) for row in rows[: len(ranks)]] == ranks
    total = dict(zip((*OTHER_STATEMENTS,), rows[-1][gaps + 5 :], strict=True))
    for kind in OTHER_STATEMENTS:
        failing = table[fails_as(table, kind)]
        listed = statements.listed_rows(context, failing)
        assert sum(int(str(row.cells[5])) for row in listed) == len(failing)
        assert total[kind] == f"{len(failing):,}"


@pytest.mark.slow
def test_batches_and_the_offline_map_of_a_city_count_as_the_findings_do(
    selection: FilteredFindings, full_demo: District, book: Book, by_estate: list[int]
) -> None:
    table = selection.findings
    assert candidates(table, full_demo, book, None)["gaps"].tolist() == by_estate
    script = gaps_script(full_demo, book, table, "zh")
    start = json.loads(re.findall(r'"start": ?(\[[\d, ]+\])', script.replace("\\", ""))[0])
    assert np.diff(start).tolist() == by_estate


def test_what_lacks_data_has_one_count_too(
    table: gpd.GeoDataFrame, selection: FilteredFindings, full_demo: District, book: Book
) -> None:
    rows = zip(table["estate_id"], table["leads"], table["outcome"], strict=True)
    unknown = [estate for estate, leads, outcome in rows if leads and outcome == "unknown"]
    ids = list(full_demo["estates"]["estate_id"])
    each = [unknown.count(estate) for estate in ids]
    assert sum(each) > 0
    assert selection.summary["unknown"].tolist() == each
    assert count_estates(table, full_demo["estates"])["unknown"].reindex(ids).tolist() == each
    assert tally(table)["unknown"].sum() == sum(each)
    for row, estate in enumerate(ids):
        told = dossier(full_demo, book, table[table["estate_id"] == estate], row, "en")
        assert [f["group"] for f in told["findings"]].count("unknown") == each[row]


def test_every_count_says_how_many_are_marginal(
    findings: gpd.GeoDataFrame,
    full_demo: District,
    book: Book,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    near = findings.assign(is_marginal=findings["statement"].isin(NEVER_GAPS))  # as if all were
    selection = select(near, full_demo, book, Choice(), {})
    table = full_table(near, full_demo, book)
    shown = {kind: f"{n:,}（其中临界 {n:,}）" for kind, n in selection.failing_counts.items()}
    # Tabs and table of the page, panel and offline map.
    assert {kind: selection.failing_text(kind, "zh") for kind in NEVER_GAPS} == {
        kind: shown[kind] for kind in NEVER_GAPS
    }
    assert selection.failing_text(Statement.GAP, "zh") == f"{selection.failing_counts['gap']:,}"
    estates = estate_table(full_demo, selection, "zh")
    own = table[table["estate_id"] == "E01"]
    counts_of_panel = dossier(full_demo, book, own, 0, "zh")["counts"]
    # The command, the workbook and the booklet.
    printed = StringIO()
    monkeypatch.setattr(report, "console", lambda: Console(file=printed, width=200))
    monkeypatch.setattr(report, "show", lambda *_, **__: None)
    day = date.fromisoformat(findings["as_of"].iloc[0])
    report.print_summary(joined(near, full_demo, book, JOINED), full_demo, book, day, "zh")
    tallied = tally(joined(near, full_demo, book, JOINED))
    workbook = load_workbook(BytesIO(findings_workbook(table, full_demo, book)))
    ranked = pd.DataFrame(workbook["小区排序"].values)
    ranked = ranked.iloc[1:].set_axis(ranked.iloc[0], axis=1)
    counted = count_estates(table, full_demo["estates"])
    context = context_of(full_demo, table, book, None, Request("2026-11-29", "V1"))
    for kind in NEVER_GAPS:
        label, n = STATEMENT_LABELS[kind].zh, selection.failing_counts[kind]
        assert (estates[f"{label}中临界"] == estates[label]).all()
        assert (ranked[f"{label}中临界"] == ranked[label]).all()
        failing = int(fails_as(own, kind).sum())
        assert counts_of_panel[kind] == f"{failing}（其中临界 {failing}）"
        assert f"{tallied[kind].max()}（其中临界 {tallied[kind].max()}）" in printed.getvalue()
        assert (counted[f"marginal_{kind}s"] == counted[f"{kind}s"]).all()
        assert f"{label} {n:,}" in summary.marginal_text(context)


def test_the_estates_of_the_demonstration_are_told_apart(by_estate: list[int]) -> None:
    assert len(set(by_estate)) >= 5
    assert max(by_estate) < 15
